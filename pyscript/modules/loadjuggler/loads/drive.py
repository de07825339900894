"""From an amount to a service call, for any load: each kind has a driver of its own."""

from __future__ import annotations

from typing import Any

from ..calls import LEVELS, UNIT, ServiceCall
from ..measure.readings import LoadReading
from ..memory.load import LoadMemory
from ..options import Options
from ..site.model import Load
from .kind import Calls
from .kinds import KINDS_OF_LOADS
from .ocpp.questions import answered_levels, answered_unit

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
    """The calls that make `load` take `amps` (A per leg; 0 pauses), as far as any are needed.

    Returns the calls in order (none: it has been told so already, and not to be told `again`) and
    the memory of having made them at `now` (epoch s).
    """
    driver = KINDS_OF_LOADS[load.kind.name].driver
    return driver.command(load, reading, memory, amps, now, options, again)


def remedy(
    load: Load, reading: LoadReading, memory: LoadMemory, step: str
) -> tuple[Calls, LoadMemory]:
    """The calls of a `step` of `following` that go before the command, and the memory then."""
    return KINDS_OF_LOADS[load.kind.name].driver.remedy(load, reading, memory, step)


def phases(load: Load, memory: LoadMemory) -> Calls:
    """The call that switches `load` to as many phases as it is to be switched to.

    None where its profiles do that.
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
    """Whether what others left on a load has yet to be cleared."""
    return KINDS_OF_LOADS[load.kind.name].driver.takes_over(load, reading, memory)


def ask(
    load: Load, reading: LoadReading, memory: LoadMemory, now: float, options: Options
) -> tuple[Calls, LoadMemory]:
    """The calls that ask a load what has to be known of it, and the memory of having asked."""
    return KINDS_OF_LOADS[load.kind.name].driver.ask(load, reading, memory, now, options)


def answered(memory: LoadMemory, call: ServiceCall, response: Any) -> LoadMemory:
    """Memory of the response to a call that asked."""
    if call.slot == LEVELS:
        return answered_levels(memory, response)
    return answered_unit(memory, response) if call.slot == UNIT else memory


def safe_level(
    load: Load, reading: LoadReading, memory: LoadMemory
) -> tuple[ServiceCall | None, LoadMemory]:
    """The call that leaves `load` safe without us (docs/product.md section 2), if one is needed."""
    return KINDS_OF_LOADS[load.kind.name].driver.safe_level(load, reading, memory)


def release(load: Load, reading: LoadReading, memory: LoadMemory) -> Calls:
    """The calls that let go of a load which leaves the plan: safe for as long as nobody counts it.

    A charger keeps its minimum, in the running transaction and for the next one; a plug stays as
    it is.
    """
    return KINDS_OF_LOADS[load.kind.name].driver.release(load, reading, memory)
