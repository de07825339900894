"""Drives a load behind a switch: it is on, with the power that it takes, or off."""

from __future__ import annotations

from ...calls import ServiceCall
from ...measure.readings import LoadReading
from ...memory.load import LoadMemory
from ...records import replace
from ...site.controls import SwitchControl
from ...site.model import Load


def command(
    load: Load,
    control: SwitchControl,
    reading: LoadReading,
    memory: LoadMemory,
    amps: float,
    again: bool = False,
) -> tuple[ServiceCall | None, LoadMemory]:
    """The call that switches the plug on (`amps` above 0, A per leg) or off, and the memory.

    `None` if it was told so already and is not to be told `again`, even if a person has switched it
    since. A plug that was never told anything and is found as it should be needs no call either.
    """
    if not reading.connected:
        return None, memory
    turn_on = amps > 0
    told_a = memory.command.default_a
    told_on = None if told_a is None else told_a > 0
    done = told_on == turn_on or (told_on is None and reading.on == turn_on)
    if done and not again:
        return None, replace(memory, command=memory.command.adopted(amps))
    service = "turn_on" if turn_on else "turn_off"
    domain = control.entity.split(".")[0]
    told = memory.told_default(amps)
    data = {"entity_id": control.entity}
    return ServiceCall(load.id, domain, service, data, told.command.held()), told
