#!/usr/bin/env python3
"""Measures, in real pyscript, the time from an overload step of a meter to the commands.

    python tests/home_assistant/bench_pyscript.py [--json]

Ten cars charge with 16 A each; then the house takes so much that the main breaker is overloaded and
all of them must be cut. That is repeated twenty times, with each pyscript in .cache in a process of
its own. Printed is the time in ms from the change of the meter's state to the first recorded cut
and to the last of the ten: median and worst of twenty.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
LOADS = 10
STEPS = 20
BREAKER_A = 200
# What the house takes: next to nothing, or so much that 10 A are left for each car.
LITTLE_A, MUCH_A = 10, BREAKER_A - 10 * LOADS
OPTIONS = {"tick_s": 60, "join_s": 0.1, "raise_interval_s": 0}
QUIET_S = 0.3  # longer than join_s: only the first change after a quiet moment is measured


def main() -> None:
    """Print the figures of each pyscript that is there; without any, say so and exit with 1."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.here:
        sys.stdout.write(json.dumps(asyncio.run(measure())))
        return
    folders = sorted((ROOT / ".cache").glob("pyscript-*/"))
    if (
        not folders
        or subprocess.run(
            [sys.executable, "-c", "import homeassistant"], capture_output=True, check=False
        ).returncode
    ):
        sys.exit("MISSING: Home Assistant or pyscript is not installed: run script/setup first.")
    found = {folder.name: run_with(folder) for folder in folders}
    sys.stdout.write(f"{json.dumps(found) if arguments.json else table(found)}\n")


def run_with(folder: Path) -> dict[str, Any]:
    """Measure with one pyscript, in a new process; end with its last words if it fails."""
    command = [sys.executable, __file__, "--here"]
    environment = {**os.environ, "LOADJUGGLER_PYSCRIPT_DIR": str(folder)}
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"Measuring with {folder.name} failed:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def table(found: dict[str, dict[str, Any]]) -> str:
    """Format the figures for reading."""
    lines = [f"Overload step to command, {LOADS} loads, median and worst of {STEPS}, in ms:"]
    for name, figures in found.items():
        first, last = figures["overload_to_first_cut_ms"], figures["overload_to_last_cut_ms"]
        lines.append(
            f"  {name:18}  first cut {first['median']:5.1f} (worst {first['worst']:.1f}), "
            f"last {last['median']:5.1f} (worst {last['worst']:.1f})"
        )
    return "\n".join(lines)


async def measure() -> dict[str, Any]:
    """Measure in this process."""
    sys.path[:0] = [str(ROOT)]
    from tests.home_assistant.harness import Home
    from tests.home_assistant.house import READY, set_options

    logging.disable(logging.CRITICAL)
    first, last = [], []
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder) / "config", Unlogged())  # type: ignore[arg-type]
        home.write_configuration()
        home.record("ocpp.set_charge_rate")
        set_options(home, **OPTIONS)
        await home.start(*READY)
        await wire(home)
        for _ in range(STEPS):
            cuts, started = await cut_all(home)
            first.append(cuts[0].at_s - started)
            last.append(cuts[-1].at_s - started)
        await home.stop()
    return {
        "loads": LOADS,
        "steps": STEPS,
        "overload_to_first_cut_ms": summary(first),
        "overload_to_last_cut_ms": summary(last),
    }


async def wire(home: Any) -> None:
    """Register the house: two garages with five cars each."""
    from tests.home_assistant.house import charger_form, form, register, site_form

    await register(home, "site", site_form(main_breaker_a=BREAKER_A, distribution="shared"))
    for garage in (0, 1):
        await register(home, "circuit", form(f"Garage{garage}", limit_a=LOADS // 2 * 16))
    for number in range(LOADS):
        data = charger_form(f"car{number}", circuit=f"Garage{number % 2}")
        await register(home, "charger", data)


async def cut_all(home: Any) -> tuple[list[Any], float]:
    """Let all cars charge with 16 A, then overload the breaker; the cuts, and when it was."""
    from tests.home_assistant.house import last_limits, set_meters

    draw(home, 10, LITTLE_A)
    await home.wait_until(lambda: set(last_limits(home).values()) == {16.0}, "all may take 16 A")
    draw(home, 16, LITTLE_A)
    await home.settle(QUIET_S)
    home.calls.clear()
    started = time.monotonic()
    set_meters(home, 16 * LOADS + MUCH_A)
    await home.wait_until(lambda: len(home.calls) >= LOADS, "all are cut")
    assert set(last_limits(home).values()) == {10.0}
    calls = list(home.calls)
    await home.settle(QUIET_S)
    return calls, started


def draw(home: Any, car_a: float, house_a: float) -> None:
    """Let each car take `car_a`, and the meters show it."""
    from tests.home_assistant.house import set_charger, set_meters

    for number in range(LOADS):
        set_charger(home, f"car{number}", car_a, transaction=number + 1)
    set_meters(home, LOADS * car_a + house_a)


def summary(seconds: list[float]) -> dict[str, float]:
    """Median and worst, in ms."""
    return {
        "median": round(statistics.median(seconds) * 1000, 2),
        "worst": round(max(seconds) * 1000, 2),
    }


class Unlogged:
    """Stands in for pytest's log capture, which the harness would set up."""

    records: tuple[()] = ()

    def set_level(self, level: int) -> None:
        """Do nothing: logging is off."""


if __name__ == "__main__":
    main()
