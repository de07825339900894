"""Drives a charger that a number or a select entity sets, with a switch of its own or without.

    to do      first of these that it has
    pause      its switch is turned off
               its entity is set to 0, or to an option that means off
               its entity is set to its least value; the charger goes on with that
    start      its entity is set; when that has gone through, its switch is turned on

So it never starts with what it held before. Nothing outside the entity's range is ever sent. It has
no fall-back: without us it goes on with what it was told last.

Source: docs/decisions/0018.
"""

from __future__ import annotations

from ...calls import ServiceCall
from ...measure.readings import LoadReading
from ...memory.load import LoadMemory
from ...records import replace
from ...site.controls import NumberControl
from ...site.model import Load
from ...site.setpoint import Dial

_SERVICES = {
    "number": ("set_value", "value"),
    "input_number": ("set_value", "value"),
    "select": ("select_option", "option"),
    "input_select": ("select_option", "option"),
}
"""By domain of the entity: the service that sets it, and the name of the value in its data."""


def command(
    load: Load,
    control: NumberControl,
    reading: LoadReading,
    memory: LoadMemory,
    amps: float,
    again: bool = False,
) -> tuple[ServiceCall | None, LoadMemory]:
    """The next call on the way to `amps` (A per leg; 0: pause), and the memory of it.

    `None` if the charger holds that already, and is not to be told `again`. If its entity can't be
    set so low, it is paused.
    """
    dial = reading.setpoint.dial
    if dial is None or not reading.connected:
        return None, memory
    if amps <= 0:
        return _pause(load, control, reading, memory, again)
    wanted = dial.at_most(amps)
    if wanted is None:
        return _pause(load, control, reading, memory, again)
    value, option = wanted
    told_a = dial.amps(value) / dial.spread
    held = _held(memory, dial)
    settled = dial.same(held, value)
    if not settled or (again and not dial.same(reading.setpoint.shown, value)):
        told = memory.told_default(told_a)
        return _set(load, control, value, option, told), told
    through = memory.command.before is None or dial.same(reading.setpoint.shown, value)
    # Without a car only a switch that we have turned off is turned on.
    may_start = ("", "off") if reading.active else ("off",)
    starts = reading.on is False and memory.command.switched in may_start and through
    if starts or (again and reading.on is False):
        told = _switched(memory.told_default(told_a), "on")
        return _switch(load, control, "turn_on", told), told
    return None, memory


def _pause(
    load: Load, control: NumberControl, reading: LoadReading, memory: LoadMemory, again: bool
) -> tuple[ServiceCall | None, LoadMemory]:
    """The call that pauses the charger as far as it can be paused, and the memory of it."""
    dial = reading.setpoint.dial
    assert dial is not None
    if control.switch is not None:
        done = memory.command.default_a == 0.0 and memory.command.switched == "off"
        if done and not again:
            return None, memory
        told = _switched(memory.told_default(0.0), "off")
        return _switch(load, control, "turn_off", told), told
    value, option = dial.lowest()
    told_a = dial.amps(value) / dial.spread
    held = _held(memory, dial)
    if dial.same(held, value) and not again:
        return None, memory
    told = memory.told_default(told_a)
    return _set(load, control, value, option, told), told


def release(
    load: Load, control: NumberControl, reading: LoadReading, memory: LoadMemory
) -> tuple[ServiceCall, ...]:
    """The calls for a charger that is not managed any more.

    It is set to its minimum, and its switch is turned on if we had turned it off.
    """
    dial = reading.setpoint.dial
    if dial is None or not reading.connected or reading.min_a > reading.max_a:
        return ()
    wanted = dial.at_most(reading.min_a)
    if wanted is None:
        return ()
    told = memory.told_default(dial.amps(wanted[0]) / dial.spread)
    calls = [_set(load, control, *wanted, told)]
    if control.switch is not None and memory.command.switched == "off":
        calls.append(_switch(load, control, "turn_on", told))
    return tuple(calls)


def _held(memory: LoadMemory, dial: Dial) -> float | None:
    """What the entity was told last, in the entity's unit; `None`: nothing."""
    held_a = memory.command.default_a
    return None if held_a is None else held_a * dial.spread * dial.per_a


def _switched(memory: LoadMemory, switched: str) -> LoadMemory:
    """The memory after the charger's switch was told "on" or "off"."""
    return replace(memory, command=memory.command.with_switch(switched))


def _set(
    load: Load, control: NumberControl, value: float, option: str, told: LoadMemory
) -> ServiceCall:
    """The call that sets the entity to `value`, or selects `option` if there is one."""
    domain = control.entity.split(".")[0]
    service, key = _SERVICES[domain]
    data = {"entity_id": control.entity, key: option or value}
    return ServiceCall(load.id, domain, service, data, told.command.held())


def _switch(load: Load, control: NumberControl, service: str, told: LoadMemory) -> ServiceCall:
    """The call of `service` (turn_on, turn_off) on the charger's switch."""
    domain = str(control.switch).split(".")[0]
    return ServiceCall(load.id, domain, service, {"entity_id": control.switch}, told.command.held())
