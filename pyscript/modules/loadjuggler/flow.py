"""The whole brain, in order: sense, budget, allocate, pace, drive, report.

Frozen values in, frozen values out: no clock, no logging, no Home Assistant, nothing changed in
place. The same `run` serves Home Assistant, the simulator and every test.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from . import battery, drivers, patience, rising, sources, tell
from .allocate import Allocation, allocate
from .budget import Budget, budget, draw_for_cut, draw_for_raise, leg_current_a, overdraws
from .memory import BatteryMemory, LoadMemory, Memory, Seen
from .model import MAIN, Load, LoadReading, Readings, ServiceCall, Site, Snapshot
from .modes import MODES
from .options import DEFAULTS, Options
from .pace import Decision, Paced, pace
from .reasons import Reason
from .report import Report
from .rows import Ask, Row
from .sense import sense
from .units import TOLERANCE, amps_to_watts


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
    marks = battery.judge(memory.battery, site, readings.energy)
    fixed = _served_first(site, readings)
    managed = _taking_part(site, readings) | set(fixed)
    up, down, seen = _budgets(site, readings, memory, managed, marks, options)
    pauses = patience.pausing(site, readings, memory, now)
    asks = _asks(site, readings, fixed, up.blind, pauses)
    active = _taking_part(site, readings) - set(fixed)
    stuck = _stuck(readings, memory, active, options)

    def share(
        budget: Budget, patient: frozenset[str], without: frozenset[str]
    ) -> dict[str, Allocation]:
        rows = [*budget.limits, *sources.rows(site, readings, budget.supply, marks, patient)]
        wanting = [ask for ask in asks if ask.id not in without]
        return _share(wanting, rows, readings.distribution, fixed, stuck)

    lowered, holds = patience.hold(site, readings, memory, partial(share, down), now)
    raised = lowered if up is down else share(up, frozenset(holds), frozenset())
    paced = pace(
        [ask for ask in asks if ask.active],
        raised,
        lowered,
        up.limits,
        readings.loads,
        _reserved(readings, active, fixed, stuck, options),
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
    memory = replace(memory, battery=learnt, seen=seen)
    report = tell.report(site, readings, memory, up, decisions, now)
    return Outcome(memory, commands, report)


def _may_run(reading: LoadReading) -> bool:
    """Whether mode and limits let a load run at all."""
    return MODES[reading.mode].takes and reading.max_a >= reading.min_a


def _taking_part(site: Site, readings: Readings) -> set[str]:
    """Loads that share: their state lets them, they can be reached, and their mode takes."""
    return {
        load
        for load in site.loads
        if (reading := readings.loads[load]).active and reading.connected and _may_run(reading)
    }


def _asks(
    site: Site,
    readings: Readings,
    fixed: Mapping[str, float],
    blind: frozenset[str],
    pauses: Mapping[str, float],
) -> list[Ask]:
    """What each load could take; loads that are off, or served before the sharing, do not ask.

    A load whose meters give nothing asks for no more than it holds, one that pauses for nothing.
    """
    asks = []
    taking_part = _taking_part(site, readings)
    for load in site.loads.values():
        reading = readings.loads[load.id]
        if load.id in fixed or not _may_run(reading):
            continue
        low, high, active = reading.min_a, reading.max_a, load.id in taking_part
        if active and load.id in blind:
            held = reading.drawing_a() if reading.command_a is None else reading.command_a
            high = min(high, held)
            low = min(low, high)
        rank = (float(MODES[reading.mode].urgency), reading.priority, load.id)
        active = active and load.id not in pauses
        asks.append(Ask(load.id, low, high, load.step_a, rank, active))
    return asks


def _served_first(site: Site, readings: Readings) -> dict[str, float]:
    """A per leg reserved before the sharing.

    Essential loads that are on, and loads of which nothing is heard any more: what they were
    told or drew, the larger (docs/product.md section 6).
    """
    served = {}
    for load in site.loads.values():
        reading = readings.loads[load.id]
        if load.essential and reading.on:
            served[load.id] = reading.max_a
        elif reading.lost:
            served[load.id] = reading.kept_a
    return served


def _budgets(
    site: Site,
    readings: Readings,
    memory: Memory,
    managed: set[str],
    marks: BatteryMemory,
    options: Options,
) -> tuple[Budget, Budget, Mapping[str, Seen]]:
    """The budget as a raise sees it, and as a cut does; the same one where they agree.

    And what is to be remembered of the meters.
    """
    loads = readings.loads
    read_at = {load: _read_at(site, readings, load) for load in managed}
    for_raise = {load: draw_for_raise(loads[load], options, read_at[load]) for load in managed}
    for_cut = {
        load: draw_for_cut(loads[load], readings.at, options, read_at[load]) for load in managed
    }
    up = down = budget(site, readings, for_raise, battery=marks)
    if for_cut != for_raise:
        down = budget(site, readings, for_cut, raising=False, battery=marks)
    least, seen = rising.follow(site, readings, memory, up, down, options)
    if any(not down.carries(circuit, amps) for circuit, amps in least.items()):
        down = budget(site, readings, for_cut, raising=False, battery=marks, least=least)
    return up, down, seen


def _read_at(site: Site, readings: Readings, load: str) -> float | None:
    """When the slowest of the meters above a load was read (epoch s)."""
    meters = [readings.meters.get(circuit) for circuit in site.path(site.loads[load].circuit)]
    times = [meter.reported_at for meter in meters if meter and meter.reported_at is not None]
    return min(times, default=None)


def _stuck(
    readings: Readings, memory: Memory, active: set[str], options: Options
) -> dict[str, float]:
    """A per leg that loads keep whatever they are told now.

    After a failed call command or draw, the larger. Of a load that draws more than it was told the
    command: what is above it is counted as not managed already.
    """
    stuck = {}
    for load in active:
        reading = readings.loads[load]
        if memory.load(load).failures:
            stuck[load] = max(reading.command_a or 0.0, reading.drawing_a())
        elif overdraws(reading, options):
            stuck[load] = reading.command_a or 0.0
    return stuck


def _reserved(
    readings: Readings,
    active: set[str],
    fixed: Mapping[str, float],
    stuck: Mapping[str, float],
    options: Options,
) -> dict[str, float]:
    """A per leg that each load is counted with at least beside a raise of another.

    What is subtracted from a meter as managed is reserved in the same rows: a load that is cut
    now draws on until it follows.
    """
    loads = readings.loads
    drawing = {
        load: leg_current_a(loads[load], draw_for_raise(loads[load], options)) for load in active
    }
    return {**drawing, **fixed, **stuck}


def _share(
    asks: Sequence[Ask],
    rows: Sequence[Row],
    distribution: str,
    fixed: Mapping[str, float],
    stuck: Mapping[str, float],
) -> dict[str, Allocation]:
    """The allocation; where loads are stuck above their share, the others share what is left."""
    shares = allocate(asks, rows, distribution, fixed)
    above = {load: amps for load, amps in stuck.items() if amps > _given(shares, load) + TOLERANCE}
    if above:
        others = [ask for ask in asks if ask.id not in above]
        shares |= allocate(others, rows, distribution, {**fixed, **above})
    return shares


def _given(shares: Mapping[str, Allocation], load: str) -> float:
    return shares[load].amps if load in shares else 0.0


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
    for_all = readings.max_import_w is not None or not readings.energy.allow_grid
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
