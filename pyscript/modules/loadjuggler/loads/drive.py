"""From an amount to service calls, for any load: each function here asks the driver of its kind.

Every function returns calls and the memory of having made them. They are only made by the caller:
nothing is sent here. Currents are A per leg, times epoch s.
"""

from __future__ import annotations

from typing import Any

from ..calls import LEVELS, NOTED, UNIT, ServiceCall
from ..measure.readings import LoadReading
from ..memory.load import LoadMemory
from ..options import Options
from ..records import replace
from ..site.model import Load
from .kind import Calls
from .kinds import KINDS_OF_LOADS
from .ocpp.ask import answered_levels, answered_unit
from .ocpp.version import by_error, by_profile

__all__ = ["command", "phases", "release", "remedy", "safe_level"]


def command(
    load: Load,
    reading: LoadReading,
    memory: LoadMemory,
    amps: float,
    now: float,
    options: Options,
    again: bool = False,
) -> tuple[Calls, LoadMemory]:
    """The calls that make `load` take `amps` (A per leg; 0 pauses it), in order, and the memory.

    There are none if the load was told so already, unless it is to be told `again`.
    """
    driver = KINDS_OF_LOADS[load.kind.name].driver
    return driver.command(load, reading, memory, amps, now, options, again)


def remedy(
    load: Load, reading: LoadReading, memory: LoadMemory, step: str
) -> tuple[Calls, LoadMemory]:
    """The calls of a `step` of `control.compliance` that go before the command, and the memory."""
    return KINDS_OF_LOADS[load.kind.name].driver.remedy(load, reading, memory, step)


def phases(load: Load, memory: LoadMemory) -> Calls:
    """The call that switches `load` to the number of phases in `memory.phases.to`.

    There is none if no switch is under way, or if the charger's profiles switch it.
    """
    switch = load.phase_switch
    if switch is None or switch.entity is None or memory.phases.to is None:
        return ()
    option = switch.one_option if memory.phases.to == 1 else switch.three_option
    domain = switch.entity.split(".")[0]
    data = {"entity_id": switch.entity}
    if domain in ("select", "input_select"):
        data["option"] = option
        return (ServiceCall(load.id, domain, "select_option", data, slot="phases"),)
    return (ServiceCall(load.id, domain, f"turn_{option}", data, slot="phases"),)


def takes_over(load: Load, reading: LoadReading, memory: LoadMemory) -> bool:
    """Whether profiles that others left on a load have yet to be cleared."""
    return KINDS_OF_LOADS[load.kind.name].driver.takes_over(load, reading, memory)


def ask(
    load: Load, reading: LoadReading, memory: LoadMemory, now: float, options: Options
) -> tuple[Calls, LoadMemory]:
    """The calls that ask a load for what has to be known of it, and the memory."""
    return KINDS_OF_LOADS[load.kind.name].driver.ask(load, reading, memory, now, options)


def answered(memory: LoadMemory, call: ServiceCall, response: Any) -> LoadMemory:
    """The memory after the response to a call that asked; unchanged for other calls."""
    if call.slot == LEVELS:
        return answered_levels(memory, response)
    return answered_unit(memory, response) if call.slot == UNIT else memory


def failed(memory: LoadMemory, call: ServiceCall, error: str) -> LoadMemory:
    """The memory after `call` failed with `error`, and with what the error says of the load."""
    version = by_error(error) if call.domain == "ocpp" else ""
    if version:
        memory = replace(memory, profiles=memory.profiles.found_to_speak(version))
    if call.slot in NOTED:
        return memory.aside_failed(call.slot, error)
    return memory.not_delivered(call.delivers, error) if call.tells else memory


def succeeded(memory: LoadMemory, call: ServiceCall, response: Any = None) -> LoadMemory:
    """The memory after `call` went through; `response` is what it answered, if it asked."""
    if call.asks:
        return answered(memory, call, response)
    version = by_profile(call.data)
    if version:
        memory = replace(memory, profiles=memory.profiles.found_to_speak(version))
    if call.slot in NOTED:
        return memory.aside_delivered()
    return memory.delivered(call.delivers) if call.tells else memory


def safe_level(
    load: Load, reading: LoadReading, memory: LoadMemory
) -> tuple[ServiceCall | None, LoadMemory]:
    """The call that leaves a load without a car at its safe level, and the memory.

    `None` if the load holds that level already. Source: docs/product.md section 2.
    """
    return KINDS_OF_LOADS[load.kind.name].driver.safe_level(load, reading, memory)


def release(load: Load, reading: LoadReading, memory: LoadMemory) -> Calls:
    """The calls for a load that is not managed any more, for example because its form is deleted.

    A charger keeps its minimum, in the running transaction and for the next one; a plug stays as
    it is.
    """
    return KINDS_OF_LOADS[load.kind.name].driver.release(load, reading, memory)
