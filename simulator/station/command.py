"""The command script/stations: virtual charging stations, as docs/station.md says."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import math
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..arguments import (
    REFUSED,
    Parser,
    above_zero,
    duration_s,
    folder,
    station_id,
    websocket,
    whole,
)
from . import report, show
from .cars import CARS, CarKind
from .clock import WallClock
from .keep import Store
from .kinds import STATIONS, StationKind, faults_of
from .life import Life
from .policy import Policy
from .settings import Settings
from .station import Station
from .visitors import Visitors

WIDTH = 120
MOST_STATIONS = 1000
"""One process runs up to so many stations."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit status: 0, or 2 for what was refused."""
    given = _parse(arguments)
    try:
        if given.show is not None:
            return _show(given)
        kind, cars = _kind(given), _cars(given)
        lives = _lives(given, kind, cars)
    except ValueError as error:
        print(f"script/stations: {error}", file=sys.stderr)
        return REFUSED
    # What these packages log is in the stations' own logs; a traceback for each fault is not.
    for name in ("ocpp", "websockets"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    started = time.monotonic()
    asyncio.run(_run(lives, given.seconds))
    data = report.data_of([life.station for life in lives], time.monotonic() - started)
    if given.report is not None:
        given.report.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    _print(report.tables(data), to_stderr=given.events)
    return 0


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = Parser("script/stations")
    add = parser.add_argument
    add("--url", type=websocket, default="ws://127.0.0.1:9000")
    add("--count", type=whole(1, MOST_STATIONS), default=1)
    add("--id", type=station_id, default="LJ")
    add("--connectors", type=whole(1, 16))
    add("--type", choices=sorted(STATIONS), default="default")
    add("--car", default="family")
    add("--reaction-s", type=float)
    add("--sample-interval-s", type=above_zero)
    add("--max-a", type=above_zero)
    add("--switches-phases", action="store_true")
    add("--remote-start", action="store_true")
    add("--state-dir", type=folder)
    add("--seed", type=whole(), default=1)
    add("--faults", default="")
    add("--speed", type=above_zero, default=1.0)
    add("--answer-s", type=above_zero, default=30.0)
    add("--seconds", type=duration_s)
    add("--cap-kwh", type=float)
    add("--price-limit", type=float)
    add("--prices", default="")
    add("--peak", action="append", default=[])
    add("--peak-share", type=float, default=0.0)
    add("--timezone", default="UTC")
    add("--events", action="store_true")
    add("--quiet", action="store_true")
    add("--report", type=Path)
    add("--show", type=Path)
    add("--hours", type=above_zero, default=24.0)
    add("--picture", type=Path)
    given = parser.parse_args(arguments)
    if given.reaction_s is not None and not 0.0 <= given.reaction_s < math.inf:
        parser.error(f"--reaction-s {given.reaction_s:g} must not be below 0")
    if given.picture is not None and given.show is None:
        parser.error("--picture goes with --show")
    return given


def _kind(given: argparse.Namespace) -> StationKind:
    """The kind of station with what the arguments change; raises ValueError for nonsense."""
    kind = STATIONS[given.type]
    changes: dict[str, Any] = {
        "faults": faults_of(given.faults, kind.faults),
        "policy": _policy(given),
        "switches_phases": given.switches_phases,
        "presents_tag": kind.presents_tag and not given.remote_start,
    }
    if given.connectors is not None:
        changes["connectors"] = given.connectors
    if given.max_a is not None:
        changes["max_a"] = given.max_a
    return replace(kind, **changes)


def _policy(given: argparse.Namespace) -> Policy:
    peaks = []
    for text in given.peak:
        start, dash, end = text.partition("-")
        if not (dash and start.isdigit() and end.isdigit()):
            raise ValueError(f"--peak {text} is not like 17-21")
        peaks.append((int(start), int(end)))
    prices = tuple(float(price) for price in given.prices.split(",") if price.strip())
    return Policy(
        given.cap_kwh, given.price_limit, prices, tuple(peaks), given.peak_share, given.timezone
    )


def _cars(given: argparse.Namespace) -> tuple[CarKind, ...]:
    """The kinds of cars that come; raises ValueError for one that is unknown."""
    names = list(CARS) if given.car == "any" else given.car.split(",")
    unknown = [name for name in names if name not in CARS]
    if unknown:
        raise ValueError(f"no car {unknown[0]!r}; there are: any, {', '.join(CARS)}")
    kinds = tuple(CARS[name] for name in names)
    if given.reaction_s is None:
        return kinds
    return tuple(replace(kind, reaction_s=given.reaction_s) for kind in kinds)


def _lives(given: argparse.Namespace, kind: StationKind, cars: tuple[CarKind, ...]) -> list[Life]:
    """The stations, with what a former run of them has left; raises ValueError if it is damaged."""
    clock = WallClock(given.speed)
    listener = _print_event if given.events else None
    made = []
    for number in range(1, given.count + 1):
        now = clock.now()
        station = Station(f"{given.id}{number}", kind, now, listener)
        if not given.events and not given.quiet and given.count == 1:
            station.record.reader = print
        visitors = Visitors(station, cars, given.seed, now)
        store = None
        if given.state_dir is not None:
            store = Store(given.state_dir, station.name)
            if store.load(station):
                station.resume(now)
                visitors.know(station)
        settings = Settings(station, given.sample_interval_s or kind.sample_s, kind.heartbeat_s)
        made.append(
            Life(station, given.url, settings, clock, visitors, store, given.seed, given.answer_s)
        )
    return made


async def _run(lives: list[Life], seconds: float | None) -> None:
    """Let the stations live until SIGTERM, SIGINT or `seconds` are over; SIGUSR1: cars come."""
    loop, over = asyncio.get_running_loop(), asyncio.Event()

    def invite() -> None:
        for life in lives:
            life.visitors.invite(life.station)

    for number in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):  # not on Windows
            loop.add_signal_handler(number, over.set)
    with suppress(NotImplementedError, AttributeError):
        loop.add_signal_handler(signal.SIGUSR1, invite)
    tasks = [asyncio.create_task(life.run()) for life in lives]
    waiting = asyncio.create_task(over.wait())
    with suppress(TimeoutError):
        done, _ = await asyncio.wait(
            [waiting, *tasks], timeout=seconds, return_when=asyncio.FIRST_COMPLETED
        )
        for task in done - {waiting}:
            task.result()
    for task in (waiting, *tasks):
        task.cancel()
    await asyncio.gather(waiting, *tasks, return_exceptions=True)


def _print_event(event: dict[str, Any]) -> None:
    print(json.dumps(event), flush=True)


def _show(given: argparse.Namespace) -> int:
    """Show the state in a file, without a station."""
    view = show.read_view(given.show)
    duration_s = given.hours * 3600.0
    _print(show.tables(view, view.saved_at, duration_s), to_stderr=False)
    if given.picture is not None:
        from .show_picture import draw

        given.picture.parent.mkdir(parents=True, exist_ok=True)
        draw(view, view.saved_at, duration_s, given.picture)
        print(given.picture)
    return 0


def _print(tables: list[Any], to_stderr: bool) -> None:
    from rich.console import Console

    # Into a file or a pipe it is not cut to a terminal's width.
    console = Console(stderr=to_stderr)
    if not console.is_terminal:
        console.width = WIDTH
    for table in tables:
        console.print(table)


if __name__ == "__main__":
    raise SystemExit(main())
