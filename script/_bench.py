"""Times the engine on houses of 2 to 1,000 loads; script/bench calls this."""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "pyscript" / "modules")]

from loadjuggler import flow  # noqa
from loadjuggler.limits.constraints import Ask, Row  # noqa
from loadjuggler.sharing.allocate import allocate  # noqa
from loadjuggler.config.parse import CONTRACT, parse  # noqa
from loadjuggler.memory.memory import Memory  # noqa
from loadjuggler.reasons import RowKind  # noqa
from loadjuggler.site.model import MAIN, Setting, Site  # noqa
from loadjuggler.site.modes import DISTRIBUTIONS  # noqa
from loadjuggler.snapshot import EntityState  # noqa
from loadjuggler.runtime.controller import Keeper  # noqa
from loadjuggler.config.build import Node, wire  # noqa

SIZES = (2, 10, 100, 1000)
PER_CIRCUIT = 5
RUN_MODES = ("standard", "solar_priority", "solar_only", "excess")
NOW = 1_000_000.0
AIMS_MS = {"allocation": 0.15, "run": 1.0}
"""For 10 loads."""
AIM_RATIOS = {"allocation": 15.0, "run": 12.0}
"""At most so many times the time of 100 loads for 1,000."""
AIM_RUN_TO_ALLOCATION = 12.0
"""A run of 10 loads that changes something: at most so many allocations by priority of 10."""
BIG = (100, 40)
"""Loads and circuits of the house whose whole runs are timed, entities and all."""
AIMS_BIG_MS = {"median": 30.0, "worst": 100.0}
BIG_RUNS = 60
PYSCRIPT_AIM_MS = 50.0
PYSCRIPT_TIMEOUT_S = 300
AMPERES = {"unit_of_measurement": "A"}
BUDGET_S = 1.5
"""So long is each case repeated, but at least five times."""


def parent_of(circuit: int) -> int | None:
    """The circuit that feeds `circuit`; `None`: the main breaker. Every third one is nested."""
    return circuit - 1 if circuit % 3 == 2 else None


def house(loads: int) -> tuple[Site, dict[str, EntityState]]:
    """A three-phase house with sun and battery, cars in all modes, all charging at 8 A."""
    forms: list[tuple[str, dict[str, Any]]] = [
        (
            "site",
            {
                "name": "Home",
                **{f"grid_{phase}": f"sensor.grid_{phase}" for phase in "abc"},
                "solar_entity": "sensor.solar",
                "battery_soc_entity": "sensor.battery_soc",
                "battery_power_entity": "sensor.battery",
                "inverter_max_w": 12000,
                "max_import_w": 1_000_000,
            },
        )
    ]
    for circuit in range(-(-loads // PER_CIRCUIT)):
        above = parent_of(circuit)
        parent = "" if above is None else f"c{above}"
        forms.append(("circuit", {"name": f"c{circuit}", "limit_a": 40, "parent": parent}))
    forms += [
        (
            "charger",
            {
                "name": f"load{number}",
                "devid": f"cp{number}",
                "circuit": f"c{number // PER_CIRCUIT}",
                "priority": 1 + number % 10,
                "mode": RUN_MODES[number % len(RUN_MODES)],
            },
        )
        for number in range(loads)
    ]
    nodes = []
    for kind, values in forms:
        data = {"contract": CONTRACT, "node": values["name"], **values}
        nodes.append(Node(parse(kind, data), values["name"]))
    site = wire(nodes).site
    if site is None:
        raise RuntimeError("the benchmark's own house is not accepted")
    # More than a form may say, so that a thousand cars charge and are not all switched off.
    main = site.circuits[MAIN]
    grown = replace(main, limit=Setting(25.0 + loads * 9.0, unit="A"))
    return replace(site, circuits={**site.circuits, MAIN: grown}), states(loads, 8.0, NOW)


def states(loads: int, amps: float, at: float) -> dict[str, EntityState]:
    """What the sensors say while each of `loads` cars draws `amps` on three phases."""
    sun_w = loads * 4000.0
    given_a = (sun_w + 1200.0) / 690.0  # on each phase
    found = {
        f"sensor.grid_{phase}": EntityState(
            str(3.0 + amps * loads - given_a), {"unit_of_measurement": "A"}, at
        )
        for phase in "abc"
    }
    watts = {"unit_of_measurement": "W"}
    found["sensor.solar"] = EntityState(str(sun_w), watts, at)
    found["sensor.battery"] = EntityState("1200", watts, at)
    found["sensor.battery_soc"] = EntityState("85", {"unit_of_measurement": "%"}, at)
    legs = {"unit_of_measurement": "A", "L1": amps, "L2": amps, "L3": amps}
    for number in range(loads):
        name = f"sensor.cp{number}"
        found[f"{name}_status"] = EntityState("Available", {}, at)
        found[f"{name}_status_connector"] = EntityState("Charging", {}, at)
        found[f"{name}_current_import"] = EntityState(str(amps), legs, at)
        found[f"{name}_transaction_id"] = EntityState(str(number + 1), {}, at)
    return found


def shared_rows(loads: int) -> tuple[list[Ask], list[Row]]:
    """The sharing problem of the same house alone: asks, and a row per breaker and phase."""
    asks = [Ask(f"load{n}", 6.0, 16.0, 0.1, (0.0, 1.0 + n % 10, f"load{n}")) for n in range(loads)]
    below: dict[int, list[str]] = {}
    for number in range(loads):
        circuit: int | None = number // PER_CIRCUIT
        while circuit is not None:
            below.setdefault(circuit, []).append(f"load{number}")
            circuit = parent_of(circuit)
    every = [ask.id for ask in asks]
    rows = []
    for phase, less in (("A", 0.0), ("B", 2.5), ("C", 5.0)):
        rows.append(
            Row(RowKind.CIRCUIT, loads * 9.0 - less, dict.fromkeys(every, 1.0), "main", phase)
        )
        rows += [
            Row(RowKind.CIRCUIT, 40.0 - less, dict.fromkeys(ids, 1.0), f"c{circuit}", phase)
            for circuit, ids in below.items()
        ]
    return asks, rows


def time_ms(work: Callable[[], object]) -> float:
    """Median time of `work` in ms of CPU, warmed up and with the garbage collector off.

    Time of the CPU, so that what else the machine does counts as little as possible.
    """
    work()
    times: list[float] = []
    gc.collect()
    gc.disable()
    try:
        end = time.perf_counter() + BUDGET_S
        while len(times) < 5 or (time.perf_counter() < end and len(times) < 2000):
            start = time.process_time()
            work()
            times.append(time.process_time() - start)
    finally:
        gc.enable()
    return median(times) * 1000.0


def settled(loads: int) -> tuple[Site, dict[str, EntityState], Memory, float]:
    """A house after four runs 20 s apart, in which every call went through; and the next time."""
    site, seen = house(loads)
    memory, now = Memory(), NOW
    for _ in range(4):
        memory = run_through(site, memory, seen, now)
        now += 20.0
    return site, seen, memory, now


def run_through(site: Site, memory: Memory, seen: dict[str, EntityState], now: float) -> Memory:
    """The memory after a run at `now` (epoch s), and after all its calls have gone through."""
    return all_delivered(flow.run(site, memory, seen, now))


def all_delivered(outcome: flow.RunResult) -> Memory:
    """The memory of a run after all its calls have gone through."""
    loads = dict(outcome.memory.loads)
    for call in outcome.commands:
        if call.tells:
            loads[call.load_id] = loads[call.load_id].delivered(call.delivers)
    return replace(outcome.memory, loads=loads)


def time_runs(loads: int, quiet: bool = False) -> tuple[float, float]:
    """Median times in ms of a run, and of an allocation by priority, measured in turn.

    Runs come 1 s apart, as in a house: in each the meter shows something else on phase A, unless it
    is `quiet`. In turn, because code that has just been run alone is quicker than between others.
    """
    site, seen, memory, now = settled(loads)
    asks, rows = shared_rows(loads)
    runs: list[float] = []
    allocations: list[float] = []
    gc.collect()
    gc.disable()
    try:
        end = time.perf_counter() + 2.0 * BUDGET_S
        while len(runs) < 8 or (time.perf_counter() < end and len(runs) < 2000):
            now += 1.0
            states = seen
            if not quiet:
                amps = EntityState(f"{30 + len(runs) % 7 * 0.3:.1f}", AMPERES, now)
                states = {**seen, "sensor.grid_a": amps}
            start = time.process_time()
            outcome = flow.run(site, memory, states, now)
            between = time.process_time()
            allocate(asks, rows, "priority")
            allocations.append(time.process_time() - between)
            runs.append(between - start)
            memory = all_delivered(outcome)
    finally:
        gc.enable()
    return median(runs) * 1000.0, median(allocations) * 1000.0


def big_house(loads: int, circuits: int) -> Keeper:
    """A keeper with the forms of a house with `circuits` breakers; a third of them is nested."""
    keeper = Keeper()
    phases = {f"grid_{phase}": f"sensor.grid_{phase}" for phase in "abc"}
    forms: list[tuple[str, dict[str, Any]]] = [
        ("site", {"name": "Home", "main_breaker_a": 250, "solar_entity": "sensor.solar", **phases})
    ]
    for circuit in range(circuits):
        above = parent_of(circuit)
        parent = "" if above is None else f"c{above}"
        forms.append(("circuit", {"name": f"c{circuit}", "limit_a": 32, "parent": parent}))
    for number in range(loads):
        mode, circuit = RUN_MODES[number % len(RUN_MODES)], number * circuits // loads
        names = {"name": f"load{number}", "devid": f"cp{number}", "circuit": f"c{circuit}"}
        forms.append(("charger", {**names, "priority": 1 + number % 10, "mode": mode}))
    for kind, values in forms:
        answer = keeper.register(
            kind, {"contract": CONTRACT, "node": values["name"], **values}, NOW
        )
        if not answer["ok"]:
            raise RuntimeError(f"the benchmark's own form is not accepted: {answer['message']}")
    return keeper


def time_big(loads: int, circuits: int) -> dict[str, float]:
    """Times in ms of all that a run does but wait for Home Assistant: `median` and `worst`.

    The meter says something else in each run, and every call goes through at once.
    """
    keeper, seen, times = big_house(loads, circuits), states(loads, 8.0, NOW), []
    unit = {"unit_of_measurement": "A"}
    gc.collect()
    gc.disable()
    try:
        for number in range(BIG_RUNS):
            now = NOW + 2.0 * number
            house_a = 60.0 + number * 37 % 60  # 60 to 119 A on each phase, never twice in a row
            meters = {f"sensor.grid_{p}": EntityState(str(house_a), unit, now) for p in "abc"}
            start = time.process_time()
            turn = keeper.run({**seen, **meters}, now)
            times.append((time.process_time() - start) * 1000.0)
            for call in turn.calls:
                keeper.succeeded(call)
    finally:
        gc.enable()
    settled = times[5:]  # the first runs tell every load for the first time
    return {"median": median(settled), "worst": max(settled)}


def measure(tell: Callable[[str], None]) -> dict[str, Any]:
    """All plain-Python figures, in ms by number of loads."""
    allocation: dict[str, dict[str, float]] = {}
    for distribution in DISTRIBUTIONS:
        tell(f"allocation, {distribution} ...")
        allocation[distribution] = {}
        for loads in SIZES:
            asks, rows = shared_rows(loads)
            allocation[distribution][str(loads)] = time_ms(
                lambda asks=asks, rows=rows, way=distribution: allocate(asks, rows, way)  # type: ignore[misc]
            )
    tell("whole runs ...")
    timed = {str(loads): time_runs(loads) for loads in SIZES}
    runs = {loads: run_ms for loads, (run_ms, _) in timed.items()}
    tell(f"{BIG[0]} loads with {BIG[1]} circuits ...")
    return {
        "allocation_ms": allocation,
        "run_ms": runs,
        "run_to_allocation": timed["10"][0] / timed["10"][1],
        "quiet_run_ms": time_runs(10, quiet=True)[0],
        "big_run_ms": time_big(*BIG),
    }


def ratio(times: Mapping[str, float]) -> float:
    """How many times longer 1,000 loads take than 100."""
    return times["1000"] / times["100"]


def measure_pyscript(tell: Callable[[str], None]) -> dict[str, Any]:
    """What the test with real pyscript measures, or a line that says why it can't."""
    script = ROOT / "tests" / "home_assistant" / "bench_pyscript.py"
    python = Path(os.environ.get("LOADJUGGLER_FULL_PYTHON") or sys.executable)
    if not script.exists():
        return {"skipped": f"there is no {script.relative_to(ROOT)} in this checkout"}
    if not python.exists():
        return {"skipped": "Home Assistant is not set up here: run script/setup first"}
    tell("real pyscript in real Home Assistant ...")
    try:
        done = subprocess.run(
            [str(python), str(script), "--json"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=PYSCRIPT_TIMEOUT_S,
            check=False,
        )
        if done.returncode:
            lines = (done.stderr or done.stdout).strip().splitlines()
            return {"skipped": lines[-1] if lines else f"it ended with status {done.returncode}"}
        found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    except subprocess.TimeoutExpired:
        return {"skipped": f"it did not end within {PYSCRIPT_TIMEOUT_S} s"}
    except (OSError, ValueError, IndexError) as error:
        return {"skipped": f"its answer can't be read: {error}"}
    return found


def show(result: Mapping[str, Any]) -> None:
    """The table for people."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title="Load Juggler: median time in ms", caption=f"Python {result['python']}")
    table.add_column("loads")
    for loads in SIZES:
        table.add_column(f"{loads:,}", justify="right")
    table.add_column("1,000 / 100", justify="right")
    rows = {f"allocation, {way}": times for way, times in result["allocation_ms"].items()}
    rows["a whole run"] = result["run_ms"]
    for name, times in rows.items():
        kind = "run" if name == "a whole run" else "allocation"
        aim_ms, aim_ratio = AIMS_MS[kind], AIM_RATIOS[kind]
        cells = [f"{times[str(loads)]:.3f}" for loads in SIZES]
        cells[SIZES.index(10)] = mark(cells[SIZES.index(10)], times["10"] <= aim_ms)
        table.add_row(name, *cells, mark(f"{ratio(times):.1f}", ratio(times) <= aim_ratio))
    console = Console()
    console.print(table)
    console.print(
        f"Aims: 10 loads {AIMS_MS['allocation']:g} ms for an allocation and {AIMS_MS['run']:g} ms "
        f"for a run; 1,000 loads at most {AIM_RATIOS['allocation']:g} times 100 for an allocation "
        f"and {AIM_RATIOS['run']:g} times for a run."
    )
    show_runs(console, result)
    found = result["pyscript"]
    if "skipped" in found:
        console.print(f"Real pyscript was not measured: {found['skipped']}.", soft_wrap=True)
    else:
        for version, facts in found.items():
            show_pyscript(console, version, facts)


def show_runs(console: Console, result: Mapping[str, Any]) -> None:
    """What runs take beside others: an allocation, a run that changes nothing, a big house."""
    times, run_ms = result["run_to_allocation"], result["run_ms"]["10"]
    quiet, big = result["quiet_run_ms"] / run_ms, result["big_run_ms"]
    good = {key: big[key] <= aim for key, aim in AIMS_BIG_MS.items()}
    console.print(
        f"A run of 10 loads takes {mark(f'{times:.1f}', times <= AIM_RUN_TO_ALLOCATION)} "
        f"allocations by priority, aim {AIM_RUN_TO_ALLOCATION:g}; one in which nothing has changed "
        f"{quiet:.2f} of that: each run is a whole one (docs/decisions/0026).",
        f"{BIG[0]} loads with {BIG[1]} circuits, entities and all: median "
        f"{mark(format(big['median'], '.1f'), good['median'])} and worst "
        f"{mark(format(big['worst'], '.1f'), good['worst'])} ms; aims {AIMS_BIG_MS['median']:g} "
        f"and {AIMS_BIG_MS['worst']:g} ms.",
        sep="\n",
        soft_wrap=True,
        highlight=False,
    )


def show_pyscript(console: Console, version: str, facts: Mapping[str, Any]) -> None:
    """The line of one pyscript."""
    first, last = facts["overload_to_first_cut_ms"], facts["overload_to_last_cut_ms"]
    good = last["median"] <= PYSCRIPT_AIM_MS
    console.print(
        f"Overload step to command in real {version}, {facts['loads']} loads, median and worst of "
        f"{facts['steps']}: first cut {first['median']:g} and {first['worst']:g} ms, last "
        f"{mark(format(last['median'], 'g'), good)} and {last['worst']:g} ms; aim "
        f"{PYSCRIPT_AIM_MS:g} ms.",
        soft_wrap=True,
        highlight=False,
    )


def mark(text: str, good: bool) -> str:
    """Green where an aim is met, red and with an exclamation mark where not."""
    return f"[green]{text}[/]" if good else f"[red]{text} ![/]"


def main() -> None:
    """Measure and show."""
    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    arguments = parser.parse_args()
    tell = lambda text: print(text, file=sys.stderr)
    result: dict[str, Any] = {"python": platform.python_version(), **measure(tell)}
    result["ratio_1000_to_100"] = {
        **{way: ratio(times) for way, times in result["allocation_ms"].items()},
        "run": ratio(result["run_ms"]),
    }
    result["pyscript"] = measure_pyscript(tell)
    if arguments.json:
        print(json.dumps(result))
    else:
        show(result)


if __name__ == "__main__":
    main()
