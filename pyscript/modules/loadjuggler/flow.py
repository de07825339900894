"""The whole brain, in order: sense, budget, allocate, pace, drive, report.

Frozen values in, frozen values out: no clock, no logging, no Home Assistant, nothing changed in
place. The same `run` serves Home Assistant, the simulator and every test.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from . import drivers, tell
from .allocate import Allocation, Ask, Row, allocate
from .budget import Budget, budget, draw_for_cut, draw_for_raise, leg_current_a
from .memory import LoadMemory, Memory
from .model import LoadReading, Readings, ServiceCall, Site, Snapshot
from .modes import MODES
from .options import Options
from .pace import Decision, Paced, pace
from .reasons import Reason
from .report import Report
from .sense import sense
from .units import TOLERANCE

DEFAULTS = Options()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run gives: memory for the next run, calls to make in order, and what to tell."""

    memory: Memory
    commands: tuple[ServiceCall, ...]
    report: Report


def run(
    site: Site, memory: Memory, snapshot: Snapshot, now: float, options: Options = DEFAULTS
) -> Outcome:
    """One run over the house at `now` (epoch s); never raises for anything a sensor can say."""
    readings, memory = sense(site, memory, snapshot, now, options)
    asks = _asks(site, readings)
    active = {ask.id for ask in asks if ask.active}
    fixed = _served_first(site, readings)
    up, down = _budgets(site, readings, active | set(fixed), options)
    stuck = _stuck(readings, memory, active)
    raised = _share(asks, up.rows, readings.distribution, fixed, stuck)
    lowered = raised if down is up else _share(asks, down.rows, readings.distribution, fixed, stuck)
    paced = pace(
        [ask for ask in asks if ask.active],
        raised,
        lowered,
        up.rows,
        readings.loads,
        _reserved(readings, active, fixed, stuck),
        {load: memory.load(load).raised_at for load in active},
        up.blind,
        now,
        options,
    )
    decisions = {
        load: _decide(readings.loads[load], raised.get(load), paced.get(load), fixed.get(load))
        for load in site.loads
    }
    memory, commands = _command(site, readings, memory, decisions, now)
    report = tell.report(site, readings, memory, up, decisions, now)
    return Outcome(memory, commands, report)


def _asks(site: Site, readings: Readings) -> list[Ask]:
    """What each load could take; loads that are off or essential and on do not ask."""
    asks = []
    for load in site.loads.values():
        reading = readings.loads[load.id]
        mode = MODES[reading.mode]
        if not mode.takes or reading.max_a < reading.min_a or (load.essential and reading.on):
            continue
        rank = (float(mode.urgency), reading.priority, load.id)
        taking = reading.active and reading.connected
        asks.append(Ask(load.id, reading.min_a, reading.max_a, load.step_a, rank, taking))
    return asks


def _served_first(site: Site, readings: Readings) -> dict[str, float]:
    """A per leg of essential loads that are on: reserved before everything else."""
    return {
        load.id: readings.loads[load.id].max_a
        for load in site.loads.values()
        if load.essential and readings.loads[load.id].on
    }


def _budgets(
    site: Site, readings: Readings, managed: set[str], options: Options
) -> tuple[Budget, Budget]:
    """The budget as a raise sees it, and as a cut does; the same one where they agree."""
    loads = readings.loads
    for_raise = {load: draw_for_raise(loads[load]) for load in managed}
    for_cut = {load: draw_for_cut(loads[load], readings.at, options) for load in managed}
    up = budget(site, readings, for_raise, site.loads)
    return up, up if for_cut == for_raise else budget(site, readings, for_cut, site.loads)


def _stuck(readings: Readings, memory: Memory, active: set[str]) -> dict[str, float]:
    """A per leg of loads whose last call failed: command or draw, the larger, stays reserved."""
    return {
        load: max(readings.loads[load].command_a or 0.0, readings.loads[load].drawing_a())
        for load in active
        if memory.load(load).failures
    }


def _reserved(
    readings: Readings, active: set[str], fixed: Mapping[str, float], stuck: Mapping[str, float]
) -> dict[str, float]:
    """A per leg that each load is counted with at least beside a raise of another.

    What is subtracted from a meter as managed is reserved in the same rows: a load that is cut
    now draws on until it follows.
    """
    drawing = {load: leg_current_a(readings.loads[load]) for load in active}
    return {**drawing, **fixed, **stuck}


def _share(
    asks: Sequence[Ask],
    rows: Sequence[Row],
    distribution: str,
    fixed: Mapping[str, float],
    stuck: Mapping[str, float],
) -> dict[str, Allocation]:
    """The allocation; where loads are stuck, the others share what these leave."""
    shares = allocate(asks, rows, distribution, fixed)
    if stuck:
        others = [ask for ask in asks if ask.id not in stuck]
        shares |= allocate(others, rows, distribution, {**fixed, **stuck})
    return shares


def _decide(
    reading: LoadReading,
    allocation: Allocation | None,
    paced: Paced | None,
    served_a: float | None,
) -> Decision:
    """Put together what a load gets; loads that do not share get 0 and are told why."""
    if served_a is not None:
        reason = Reason("essential")
        return Decision(Allocation("", served_a, served_a, reason), Paced(served_a))
    if allocation is None:
        takes = MODES[reading.mode].takes
        limits = {"max_a": reading.max_a, "min_a": reading.min_a}
        reason = Reason("maximum_below_minimum", limits) if takes else Reason("off")
        return Decision(Allocation("", 0.0, 0.0, reason), Paced(0.0))
    return Decision(allocation, paced or Paced(None))


def _command(
    site: Site,
    readings: Readings,
    memory: Memory,
    decisions: Mapping[str, Decision],
    now: float,
) -> tuple[Memory, tuple[ServiceCall, ...]]:
    """The calls, cuts before raises, and the memory of having made them."""
    loads: dict[str, LoadMemory] = dict(memory.loads)
    calls: list[tuple[float, ServiceCall]] = []
    for load in site.loads.values():
        reading, old = readings.loads[load.id], memory.load(load.id)
        amps = decisions[load.id].paced.amps
        if not reading.active:
            call, told = drivers.safe_level(load, reading, old)
            change = 0.0
        elif amps is not None:
            call, told = drivers.command(load, reading, old, amps)
            change = amps - (reading.command_a or 0.0)
        else:
            continue
        if call is not None:
            told = replace(told, commanded_at=now)
            if change > TOLERANCE:
                told = replace(told, raised_at=now)
            calls.append((change, call))
        loads[load.id] = told
    calls.sort(key=lambda pair: pair[0])
    return replace(memory, loads=loads), tuple(call for _, call in calls)
