"""The kind "charger": a charger in Home Assistant's OCPP integration."""

from __future__ import annotations

from ...calls import ServiceCall
from ...measure.readings import LoadReading
from ...memory.load import LoadMemory
from ...options import Options
from ...reasons import Numbers, Reason
from ...site.capabilities import Capabilities
from ...site.controls import OcppControl
from ...site.model import Load
from ..kind import CHARGING_STATION, Account, Calls, Discovery, Driver, KindOfLoad
from . import ask, drive, make, ways
from .cures import cures
from .form import CHARGER
from .read import read_charger
from .remedy import remedy
from .telling import CHOICES
from .wire import finder, identities, wire, with_neighbours


def _control(load: Load) -> OcppControl:
    """The control of a load of this kind, with its type."""
    assert isinstance(load.control, OcppControl)
    return load.control


def _command(
    load: Load,
    reading: LoadReading,
    memory: LoadMemory,
    amps: float,
    now: float,
    options: Options,
    again: bool,
) -> tuple[Calls, LoadMemory]:
    control = drive.as_known(_control(load), memory)
    return drive.command(load, control, reading, memory, amps, now, options, again)


def _safe_level(
    load: Load, reading: LoadReading, memory: LoadMemory
) -> tuple[ServiceCall | None, LoadMemory]:
    return drive.safe_level(load, drive.as_known(_control(load), memory), reading, memory)


def _release(load: Load, reading: LoadReading, memory: LoadMemory) -> Calls:
    return drive.release(load, drive.as_known(_control(load), memory), reading, memory)


def _remedy(
    load: Load, reading: LoadReading, memory: LoadMemory, step: str
) -> tuple[Calls, LoadMemory]:
    return remedy(load, drive.as_known(_control(load), memory), reading, memory, step)


def _takes_over(load: Load, reading: LoadReading, memory: LoadMemory) -> bool:
    if not reading.connected or memory.profiles.taken_over:
        return False
    telling = _control(load).telling
    return telling.clear_first and telling.alone


def _ask(
    load: Load, reading: LoadReading, memory: LoadMemory, now: float, options: Options
) -> tuple[Calls, LoadMemory]:
    return ask.ask(load, _control(load), reading, memory, now, options)


def _own_levels_a(load: Load, reading: LoadReading) -> tuple[float, ...]:
    if not ways.has_ways(_control(load).telling):
        return ()
    safe_a = make.safe_current_a(load.fallback_a, reading.min_a, reading.max_a, load.step_a)
    return (safe_a, reading.min_a)


def _otherwise(load: Load, memory: LoadMemory, over: bool, now: float) -> LoadMemory:
    return ways.otherwise(_control(load).telling, memory, over, now)


def _cures(load: Load, memory: LoadMemory) -> tuple[Reason, ...]:
    return cures(_control(load), memory)


def _unreached(load: Load, memory: LoadMemory) -> Reason | None:
    speaks = memory.profiles.speaks
    if not speaks or speaks == (says := _control(load).telling.version):
        return None
    return Reason("wrong_version", {"says": says, "speaks": speaks, "choice": CHOICES[speaks]})


def _paused_by(load: Load, reading: LoadReading, text: str) -> Reason | None:
    kept_a = reading.session.least_a
    if not kept_a or not reading.session.runs:
        return None
    numbers: Numbers = {"before": text, "kept_a": kept_a}
    by_choice = _control(load).telling.pause == "minimum"
    return Reason("paused_at_minimum" if by_choice else "paused_no_switch", numbers)


def _falls_back(load: Load, memory: LoadMemory) -> bool:
    return drive.as_known(_control(load), memory).telling.falls_back


OCPP_KIND = KindOfLoad(
    form=CHARGER,
    capabilities=Capabilities(
        name=CHARGER.name,
        adjustable=True,
        has_car=True,
        has_shortest_times=False,
        idles_in_place=False,
        measured=True,
        switched_by_hand=False,
        checkable=True,
        searched_for=True,
    ),
    look=CHARGING_STATION,
    wire=wire,
    read=read_charger,
    driver=Driver(
        command=_command,
        safe_level=_safe_level,
        release=_release,
        remedy=_remedy,
        takes_over=_takes_over,
        ask=_ask,
        own_levels_a=_own_levels_a,
        otherwise=_otherwise,
        falls_back=_falls_back,
    ),
    account=Account(paused_by=_paused_by, unreached=_unreached, cures=_cures),
    discovery=Discovery(finder, identities),
    neighbours=with_neighbours,
)
