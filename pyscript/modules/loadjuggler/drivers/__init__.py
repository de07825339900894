"""From an amount to a service call: one file for each way of controlling a load."""

from __future__ import annotations

from typing import Any

from ..memory import LoadMemory
from ..model import UNIT, Load, LoadReading, OcppControl, ServiceCall
from ..options import Options
from . import ocpp_charger, switch_plug

__all__ = ["command", "release", "remedy", "safe_level"]


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
        return ocpp_charger.command(load, load.control, reading, memory, amps, moment)
    call, told = switch_plug.command(load, load.control, reading, memory, amps, again)
    return (() if call is None else (call,)), told


def remedy(
    load: Load, reading: LoadReading, memory: LoadMemory, step: str
) -> tuple[Calls, LoadMemory]:
    """The calls of a `step` of `following` that go before the command, and the memory then."""
    if isinstance(load.control, OcppControl):
        return ocpp_charger.remedy(load, load.control, reading, memory, step)
    return (), memory


def takes_over(load: Load, reading: LoadReading, memory: LoadMemory) -> bool:
    """Whether what others left on a load has yet to be cleared."""
    if not isinstance(load.control, OcppControl) or not reading.connected or memory.taken:
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
    return ocpp_charger.answered(memory, response) if call.slot == UNIT else memory


def safe_level(
    load: Load, reading: LoadReading, memory: LoadMemory
) -> tuple[ServiceCall | None, LoadMemory]:
    """The call that leaves `load` safe without us (docs/product.md section 2), if one is needed."""
    if isinstance(load.control, OcppControl):
        return ocpp_charger.safe_level(load, load.control, reading, memory)
    return None, memory


def release(load: Load, reading: LoadReading, memory: LoadMemory) -> Calls:
    """The calls that let go of a load which leaves the plan: safe for as long as nobody counts it.

    A charger keeps its minimum, in the running transaction and for the next one; a plug stays as
    it is.
    """
    if not isinstance(load.control, OcppControl):
        return ()
    return ocpp_charger.release(load, load.control, reading, memory)
