"""The kind "plug": a load behind a switch."""

from __future__ import annotations

from ...measure.readings import LoadReading
from ...memory.load import LoadMemory
from ...options import Options
from ...site.capabilities import Capabilities
from ...site.controls import SwitchControl
from ...site.model import Load
from ..kind import Calls, Driver, KindOfLoad, Look
from . import drive
from .form import PLUG
from .read import read_plug
from .wire import wire


def _command(
    load: Load,
    reading: LoadReading,
    memory: LoadMemory,
    amps: float,
    _now: float,
    _options: Options,
    again: bool,
) -> tuple[Calls, LoadMemory]:
    assert isinstance(load.control, SwitchControl)
    call, told = drive.command(load, load.control, reading, memory, amps, again)
    return (() if call is None else (call,)), told


PLUG_KIND = KindOfLoad(
    form=PLUG,
    capabilities=Capabilities(
        name=PLUG.name,
        adjustable=False,
        has_car=False,
        has_shortest_times=True,
        idles_in_place=True,
        measured=False,
        switched_by_hand=True,
        checkable=False,
    ),
    look=Look(
        icon="mdi:power-socket",
        heading="mdi:power-plug",
        drawing="M5.5 1v4M10.5 1v4M3.5 5h9v3a4.5 4.5 0 0 1-9 0zM8 12.5V15.5",
    ),
    wire=wire,
    read=read_plug,
    driver=Driver(_command),
)
