"""From an amount to a service call: one file for each way of controlling a load."""

from __future__ import annotations

from typing import Any

from ..calls import LEVELS, UNIT, ServiceCall
from ..measure.readings import LoadReading
from ..memory.load import LoadMemory
from ..options import Options
from ..site.controls import NumberControl, OcppControl
from ..site.model import Load
from .number import drive as number_charger
from .ocpp import drive as ocpp_charger
from .plug import drive as switch_plug

__all__ = ["command", "phases", "release", "remedy", "safe_level"]


Calls = tuple[ServiceCall, ...]


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
    if isinstance(load.control, OcppControl):
        moment = ocpp_charger.Moment(now, options, again)
        control = ocpp_charger.as_known(load.control, memory)
        return ocpp_charger.command(load, control, reading, memory, amps, moment)
    if isinstance(load.control, NumberControl):
        call, told = number_charger.command(load, load.control, reading, memory, amps, again)
    else:
        call, told = switch_plug.command(load, load.control, reading, memory, amps, again)
    return (() if call is None else (call,)), told


def remedy(
    load: Load, reading: LoadReading, memory: LoadMemory, step: str
) -> tuple[Calls, LoadMemory]:
    """The calls of a `step` of `following` that go before the command, and the memory then."""
    if isinstance(load.control, OcppControl):
        return ocpp_charger.remedy(load, load.control, reading, memory, step)
    return (), memory


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
    if (
        not isinstance(load.control, OcppControl)
        or not reading.connected
        or memory.profiles.taken_over
    ):
        return False
    return load.control.telling.clear_first and load.control.telling.alone


def ask(
    load: Load, reading: LoadReading, memory: LoadMemory, now: float, options: Options
) -> tuple[Calls, LoadMemory]:
    """The calls that ask a load what has to be known of it, and the memory of having asked."""
    if not isinstance(load.control, OcppControl):
        return (), memory
    return ocpp_charger.ask(load, load.control, reading, memory, now, options)


def answered(memory: LoadMemory, call: ServiceCall, response: Any) -> LoadMemory:
    """Memory of the response to a call that asked."""
    if call.slot == LEVELS:
        return ocpp_charger.answered_levels(memory, response)
    return ocpp_charger.answered(memory, response) if call.slot == UNIT else memory


def safe_level(
    load: Load, reading: LoadReading, memory: LoadMemory
) -> tuple[ServiceCall | None, LoadMemory]:
    """The call that leaves `load` safe without us (docs/product.md section 2), if one is needed."""
    if isinstance(load.control, OcppControl):
        return ocpp_charger.safe_level(load, load.control, reading, memory)
    if isinstance(load.control, NumberControl) and reading.min_a <= reading.max_a:
        return number_charger.command(load, load.control, reading, memory, reading.min_a)
    return None, memory


def release(load: Load, reading: LoadReading, memory: LoadMemory) -> Calls:
    """The calls that let go of a load which leaves the plan: safe for as long as nobody counts it.

    A charger keeps its minimum, in the running transaction and for the next one; a plug stays as
    it is.
    """
    if isinstance(load.control, NumberControl):
        return number_charger.release(load, load.control, reading, memory)
    if not isinstance(load.control, OcppControl):
        return ()
    control = ocpp_charger.as_known(load.control, memory)
    return ocpp_charger.release(load, control, reading, memory)
