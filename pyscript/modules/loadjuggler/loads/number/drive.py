"""A charger that is set through a number or select entity, with a switch of its own or without.

To pause, its switch is turned off; without one it is set to 0 or to the option that pauses; and
where there is none of these, to its least value, with which it goes on. To start it, it is set
first, and switched on when that has gone through: it never starts with what it held before. Nothing
outside its range is ever sent. It has no fall-back: what it was told last holds without us.
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


def command(
    load: Load,
    control: NumberControl,
    reading: LoadReading,
    memory: LoadMemory,
    amps: float,
    again: bool = False,
) -> tuple[ServiceCall | None, LoadMemory]:
    """The next call on the way to `amps` per leg (0: pause), if one is needed, or `again`.

    What it can't be told, because its entity offers nothing so low, is not sent.
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
    # Without a car nothing is switched on but what we switched off.
    may_start = ("", "off") if reading.active else ("off",)
    starts = reading.on is False and memory.command.switched in may_start and through
    if starts or (again and reading.on is False):
        told = _switched(memory.told_default(told_a), "on")
        return _switch(load, control, "turn_on", told), told
    return None, memory


def _pause(
    load: Load, control: NumberControl, reading: LoadReading, memory: LoadMemory, again: bool
) -> tuple[ServiceCall | None, LoadMemory]:
    """The call that pauses it as far as it can be paused, if it was not told so already."""
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
    """The calls that leave it at its minimum, and switched on if we had switched it off."""
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
    """What its entity was told last, in the entity's unit; `None`: nothing."""
    held_a = memory.command.default_a
    return None if held_a is None else held_a * dial.spread * dial.per_a


def _switched(memory: LoadMemory, switched: str) -> LoadMemory:
    return replace(memory, command=memory.command.with_switch(switched))


def _set(
    load: Load, control: NumberControl, value: float, option: str, told: LoadMemory
) -> ServiceCall:
    domain = control.entity.split(".")[0]
    service, key = _SERVICES[domain]
    data = {"entity_id": control.entity, key: option or value}
    return ServiceCall(load.id, domain, service, data, told.command.held())


def _switch(load: Load, control: NumberControl, service: str, told: LoadMemory) -> ServiceCall:
    domain = str(control.switch).split(".")[0]
    return ServiceCall(load.id, domain, service, {"entity_id": control.switch}, told.command.held())
