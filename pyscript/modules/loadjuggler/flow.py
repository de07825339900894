"""The whole brain, in order: sense, budget, allocate, pace, drive, report.

Frozen values in, frozen values out: no clock, no logging, no Home Assistant, nothing changed in
place. The same `run` serves Home Assistant, the simulator and every test.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

from . import battery, drivers, overtime, patience, sharing, sources, tell
from .allocate import Allocation
from .budget import Budget, leg_current_a, overdraws
from .memory import BatteryMemory, LoadMemory, Memory
from .model import MAIN, Load, LoadReading, Readings, ServiceCall, Site, Snapshot
from .modes import MODES
from .options import DEFAULTS, Options
from .pace import Decision, Paced, pace
from .reasons import Reason
from .report import Report
from .sense import sense
from .units import TOLERANCE, amps_to_watts


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run gives: memory for the next run, calls to make in order, and what to tell."""

    memory: Memory
    commands: tuple[ServiceCall, ...]
    report: Report


def run(
    site: Site,
    memory: Memory,
    snapshot: Snapshot,
    now: float,
    options: Options = DEFAULTS,
    *,
    utc_offset_s: float = 0.0,
) -> Outcome:
    """One run over the house at `now` (epoch s); never raises for anything a sensor can say.

    `utc_offset_s` is how far local time is ahead of UTC now: it says when a day begins.
    """
    memory = memory if memory.woke_at is not None else replace(memory, woke_at=now)
    readings, memory = sense(site, memory, snapshot, now, options)
    marks = battery.judge(memory.battery, site, readings.energy)
    fixed = sharing.served_first(site, readings)
    managed = sharing.taking_part(site, readings) | set(fixed)
    up, down, seen = sharing.budgets(site, readings, memory, managed, marks, options)
    pauses = patience.pausing(site, readings, memory, now)
    asks = sharing.asks(site, readings, fixed, up.blind, pauses)
    active = sharing.taking_part(site, readings) - set(fixed)
    stuck = sharing.stuck(readings, memory, active, options)

    def share(
        budget: Budget, patient: frozenset[str], without: frozenset[str]
    ) -> dict[str, Allocation]:
        rows = [*budget.limits, *sources.rows(site, readings, budget.supply, marks, patient)]
        wanting = [ask for ask in asks if ask.id not in without]
        return sharing.share(wanting, rows, readings.distribution, fixed, stuck)

    lowered, holds = patience.hold(site, readings, memory, partial(share, down), now)
    raised = lowered if up is down else share(up, frozenset(holds), frozenset())
    paced = pace(
        [ask for ask in asks if ask.active],
        raised,
        lowered,
        up.limits,
        readings.loads,
        sharing.reserved(readings, active, fixed, stuck, options),
        {load: memory.load(load).raised_at for load in active},
        up.blind,
        now,
        options,
    )
    paced |= _waiting(paced, pauses, holds)
    paced |= _not_following(site, readings, paced, options)
    decisions = {
        load.id: _decide(
            load, readings.loads[load.id], raised.get(load.id), paced.get(load.id), fixed, up.blind
        )
        for load in site.loads.values()
    }
    memory, commands = _command(site, readings, memory, decisions, holds, options)
    learnt = _learn(site, readings, marks, up, now, options)
    over, told = overtime.follow(
        site, readings, memory.over, managed, (up, down), seen, utc_offset_s, options
    )
    memory = replace(memory, battery=learnt, seen=seen, over=over)
    report = tell.report(site, readings, memory, up, decisions, told, now)
    return Outcome(memory, commands, report)


def _waiting(
    paced: Mapping[str, Paced], pauses: Mapping[str, float], holds: Mapping[str, patience.Grace]
) -> dict[str, Paced]:
    """Loads that stay off for a while, and those that hold on for a while, told so."""
    found = {load: Paced(0.0, Reason("pause", {"wait_s": s})) for load, s in pauses.items()}
    for load, grace in holds.items():
        if load in paced and (paced[load].amps or 0.0) > TOLERANCE:
            found[load] = Paced(paced[load].amps, grace.told())
    return found


def _learn(
    site: Site,
    readings: Readings,
    marks: BatteryMemory,
    up: Budget,
    now: float,
    options: Options,
) -> BatteryMemory:
    """What this run shows of the battery: whether it gives what is counted on."""
    meter = up.circuits[MAIN].draw
    measured = not site.off_grid and all(meter[phase] is not None for phase in site.phases)
    import_w = amps_to_watts(meter.total(), site.voltage_v) if measured else None
    for_all = readings.max_import_w is not None or not sources.grid_allowed(site, readings)
    counted_w = max(up.supply.help_w, up.supply.reserve_help_w if for_all else 0.0)
    return battery.learn(marks, readings.energy, import_w, up.supply.sun_w, counted_w, now, options)


def _not_following(
    site: Site, readings: Readings, paced: Mapping[str, Paced], options: Options
) -> dict[str, Paced]:
    """Chargers that draw more than they were told, with that as their reason."""
    found = {}
    for load, told in paced.items():
        reading = readings.loads[load]
        if site.loads[load].kind == "charger" and overdraws(reading, options) and reading.draw:
            draw_a = leg_current_a(reading, reading.draw)
            numbers = {"draw_a": round(draw_a, 1), "told_a": reading.command_a or 0.0}
            found[load] = Paced(told.amps, Reason("not_following", numbers))
    return found


def _decide(
    load: Load,
    reading: LoadReading,
    allocation: Allocation | None,
    paced: Paced | None,
    fixed: Mapping[str, float],
    blind: frozenset[str],
) -> Decision:
    """Put together what a load gets; loads that do not share are told why."""
    if load.id in fixed:
        served_a = fixed[load.id]
        reason = Reason("lost", {"kept_a": served_a}) if reading.lost else Reason("essential")
        told = Paced(None if reading.lost else served_a)
        return Decision(Allocation(load.id, served_a, served_a, reason), told)
    if allocation is None:
        limits = {"max_a": reading.max_a, "min_a": reading.min_a}
        takes = MODES[reading.mode].takes
        reason = Reason("maximum_below_minimum", limits) if takes else Reason("off")
        return Decision(Allocation(load.id, 0.0, 0.0, reason), Paced(0.0))
    if paced is None and load.id in blind:
        allocation = replace(allocation, available_a=None)  # what there is can't be told
    return Decision(allocation, paced or Paced(None))


def _command(
    site: Site,
    readings: Readings,
    memory: Memory,
    decisions: Mapping[str, Decision],
    holds: Mapping[str, patience.Grace],
    options: Options,
) -> tuple[Memory, tuple[ServiceCall, ...]]:
    """The calls, cuts before raises, and the memory of having made them."""
    now = readings.at
    loads: dict[str, LoadMemory] = dict(memory.loads)
    calls: list[tuple[float, ServiceCall]] = []
    for load in site.loads.values():
        reading, old = readings.loads[load.id], memory.load(load.id)
        amps = decisions[load.id].paced.amps
        if amps is not None and (reading.active or not MODES[reading.mode].takes):
            old = patience.remembered(old, reading.command_a, amps, holds.get(load.id), now)
            call, told = drivers.command(load, reading, old, amps)
            change = amps - (reading.command_a or 0.0)
        elif not reading.active and reading.status is not None:
            if old.started_at is not None or old.short_at is not None:
                old = replace(old, started_at=None, short_at=None)
            call, told = drivers.safe_level(load, reading, old)
            change = 0.0
        else:
            continue  # nothing is known of it, or of the meters above it: leave it as it is
        if call is None and old.failures and told.before is None:
            told = replace(told, failures=0, error="")  # nothing is left to be sent
        elif call is not None:
            told = replace(told, commanded_at=now, earlier=_replaced(reading, now, options))
            if change > TOLERANCE:
                told = replace(told, raised_at=now)
            calls.append((change, call))
        loads[load.id] = told
    calls.sort(key=lambda pair: pair[0])
    return replace(memory, loads=loads), tuple(call for _, call in calls)


KEPT = 20
"""So many replaced commands are remembered."""


def _replaced(
    reading: LoadReading, now: float, options: Options
) -> tuple[tuple[float, float], ...]:
    """Commands that a load may still be obeying when it gets a new one now."""
    recent = [pair for pair in reading.earlier if now - pair[1] <= options.hold_s][-KEPT:]
    if reading.command_a is not None:
        recent.append((reading.command_a, now))
    return tuple(recent)
