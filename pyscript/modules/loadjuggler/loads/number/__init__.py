"""The kind "number_charger": a charger that a number or a select entity sets."""

from __future__ import annotations

from ...calls import ServiceCall
from ...measure.readings import LoadReading
from ...memory.load import LoadMemory
from ...options import Options
from ...site.capabilities import Capabilities
from ...site.controls import NumberControl
from ...site.model import Load
from ..kind import CHARGING_STATION, Account, Calls, Driver, KindOfLoad
from . import account, drive
from .form import NUMBER_CHARGER
from .read import read_number_charger
from .wire import wire


def _control(load: Load) -> NumberControl:
    """The control of a load of this kind, with its type."""
    assert isinstance(load.control, NumberControl)
    return load.control


def _command(
    load: Load,
    reading: LoadReading,
    memory: LoadMemory,
    amps: float,
    _now: float,
    _options: Options,
    again: bool,
) -> tuple[Calls, LoadMemory]:
    call, told = drive.command(load, _control(load), reading, memory, amps, again)
    return (() if call is None else (call,)), told


def _safe_level(
    load: Load, reading: LoadReading, memory: LoadMemory
) -> tuple[ServiceCall | None, LoadMemory]:
    if reading.min_a > reading.max_a:
        return None, memory
    return drive.command(load, _control(load), reading, memory, reading.min_a)


def _release(load: Load, reading: LoadReading, memory: LoadMemory) -> Calls:
    return drive.release(load, _control(load), reading, memory)


NUMBER_KIND = KindOfLoad(
    form=NUMBER_CHARGER,
    capabilities=Capabilities(
        name=NUMBER_CHARGER.name,
        adjustable=True,
        has_car=True,
        has_shortest_times=False,
        idles_in_place=False,
        measured=True,
        switched_by_hand=False,
        checkable=True,
    ),
    look=CHARGING_STATION,
    wire=wire,
    read=read_number_charger,
    driver=Driver(_command, safe_level=_safe_level, release=_release),
    account=Account(account.differs, account.not_taken, account.paused_by),
)
