"""One virtual charging station as a process of its own, which tells its events on stdout."""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
from dataclasses import replace
from pathlib import Path

from simulator.station.cars import CARS
from simulator.station.clock import WallClock
from simulator.station.keep import Store
from simulator.station.kinds import STATIONS, faults_of
from simulator.station.life import Life
from simulator.station.settings import Settings
from simulator.station.station import Station
from simulator.station.visitors import Visitors


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--url", required=True)
    parser.add_argument("--id", required=True)
    parser.add_argument("--connectors", type=int, default=1)
    parser.add_argument("--car", default="family")
    parser.add_argument("--faults", default="")
    parser.add_argument("--state-dir", type=Path)
    return parser.parse_args()


async def live(arguments: argparse.Namespace) -> None:
    default = STATIONS["default"]
    kind = replace(
        default,
        connectors=arguments.connectors,
        away_s=(0.5, 0.5),  # its cars come at once
        faults=faults_of(arguments.faults, default.faults),
    )
    clock = WallClock()
    station = Station(
        arguments.id,
        kind,
        clock.now(),
        lambda event: print(json.dumps(event), flush=True),  # noqa: T201
    )
    store = Store(arguments.state_dir, arguments.id) if arguments.state_dir else None
    visitors = Visitors(station, (CARS[arguments.car],), 1, clock.now())
    if store is not None and store.load(station):
        station.resume(clock.now())
        visitors.know(station)
    settings = Settings(station, 1.0, kind.heartbeat_s)
    life = Life(station, arguments.url, settings, clock, visitors, store)
    task = asyncio.create_task(life.run())
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    await asyncio.wait({task})


asyncio.run(live(parse_arguments()))
