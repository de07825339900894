"""A scenario through the engine: one look at it, or half an hour of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from loadjuggler import flow
from loadjuggler.memory.memory import Memory
from loadjuggler.options import DEFAULTS, Options
from loadjuggler.report import LoadReport, Report

from .house import House, by_phase
from .physics import Overload
from .registration import site_of
from .scenario import Scenario

LENGTH_S = 1800.0
"""Simulated time of a closed loop."""
JUDGED_S = 60.0
"""The last part of it, in which nothing should move and no breaker be overloaded."""
MOVED_A = 0.5
"""An allocation that moves by no more than this is stable."""
START = 1_700_049_600.0
"""Epoch s at which scenarios begin: noon, because many of them have sun."""


@dataclass(frozen=True, slots=True)
class LoadResult:
    """What a load got, and could get, in A per leg, and the engine's sentence about it."""

    allocated: float
    available: float
    status: str
    reason: str


@dataclass(frozen=True, slots=True)
class Result:
    """How a scenario ended.

    `worst` are the largest overloads of the last minute; of one look, those that would come of it.
    """

    scenario: Scenario
    loads: Mapping[str, LoadResult]
    stable: bool
    worst: Overload
    report: Report


def once(scenario: Scenario) -> Result:
    """What the engine would allocate now, every managed load being at 0 A, without pacing.

    Raises Unfit if the engine can't have the scenario.
    """
    site = site_of(scenario)
    house = House(scenario, now=START)
    report = flow.run(site, Memory(), house.snapshot(), START).report
    loads = _loads(report, lambda r: r.target_a)
    draws = {
        spec.id: by_phase(spec.phases, dict.fromkeys(spec.phases, loads[spec.id].allocated))
        for spec in scenario.loads
    }
    return Result(scenario, loads, True, house.overload_with(draws), report)


def closed_loop(scenario: Scenario, options: Options = DEFAULTS) -> Result:
    """Half an hour from a cold start; what is commanded at its end.

    Raises Unfit if the engine can't have the scenario.
    """
    site, memory = site_of(scenario), Memory()
    house = House(scenario, now=START)
    now, end = START, START + LENGTH_S
    worst_a = household_a = 0.0
    seen: dict[str, list[float]] = {load.id: [] for load in scenario.loads}
    while True:
        house.advance(now)
        outcome = flow.run(site, memory, house.snapshot(), now, options)
        memory = outcome.memory
        known = dict(memory.loads)
        for call in outcome.commands:
            house.call(call)
            if call.tells:
                known[call.load_id] = known[call.load_id].delivered(call.delivers)
        memory = replace(memory, loads=known)
        if now >= end - JUDGED_S:
            over = house.overload()
            worst_a = max(worst_a, over.worst_a)
            household_a = max(household_a, over.household_a)
            for load, report in outcome.report.loads.items():
                seen[load].append(report.allocated_a or 0.0)
        if now >= end:
            break
        now += options.tick_s
    stable = all(max(amps) - min(amps) <= MOVED_A for amps in seen.values())
    loads = _loads(outcome.report, lambda r: r.allocated_a or 0.0)
    return Result(scenario, loads, stable, Overload(worst_a, household_a), outcome.report)


def _loads(report: Report, amps: Callable[[LoadReport], float]) -> dict[str, LoadResult]:
    return {
        load: LoadResult(amps(told), told.available_a or 0.0, told.status, told.sentence)
        for load, told in report.loads.items()
    }
