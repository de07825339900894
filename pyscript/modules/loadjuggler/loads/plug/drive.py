"""A load behind a switch: on at its fixed current, or off."""

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
    """The call that switches the plug on (`amps` above 0) or off, if it was not told so already.

    Or, `again`, even if it was. A plug that is found as it should be is adopted without a call; one
    that somebody switched by hand after our command is left so.
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
