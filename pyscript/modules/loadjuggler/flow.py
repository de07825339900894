"""The whole brain, in order: sense, budget, allocate, pace, decide, send, report.

Frozen values in, frozen values out: no clock, no logging, no Home Assistant, nothing changed in
place. The same `run` serves Home Assistant, the simulator and every test.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from . import (
    battery,
    detect,
    history,
    overtime,
    patience,
    phase_switch,
    plausible,
    rising,
    sharing,
    silence,
    sources,
    tally,
    tell,
)
from .allocate import Allocation
from .basis import Basis
from .budget import Budget
from .decide import Found, decide
from .memory import BatteryMemory, Memory
from .model import MAIN, Readings, ServiceCall, Site, Snapshot
from .options import DEFAULTS, Options
from .pace import Moment, pace
from .plain import not_after
from .report import Report
from .send import send
from .sense import sense
from .smoothing import smoothed
from .taking import Taking, look
from .units import DAY_S, TOLERANCE, amps_to_watts


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
    language: str = "en",
) -> Outcome:
    """One run over the house at `now` (epoch s); never raises for anything a sensor can say.

    Local time is `utc_offset_s` ahead of UTC: it says when a day begins. What people are
    told is in `language` ("en", "sl").
    """
    if memory.ran_at is None or now < memory.ran_at:
        memory = not_after(memory, now)  # a clock was set back
    woke_at = now if memory.woke_at is None else memory.woke_at
    memory = replace(memory, woke_at=woke_at, ran_at=now)
    form, site = site, detect.applied(site, memory.wiring.remaps)
    readings, memory = sense(site, memory, snapshot, now, options)
    memory = detect.follow(site, readings, memory, form)
    taking, taken = look(site, readings, memory, options)
    taking, memory = detect.held(taking, memory, taken)
    marks = battery.judge(memory.battery, site, readings.energy)
    silent = silence.below(site, readings)
    fixed = sharing.served_first(site, readings, silent)
    managed = sharing.taking_part(site, readings) | set(fixed)
    raw = sharing.budgets(site, readings, memory, managed, marks, options)
    memory = replace(
        memory,
        battery=_learn(site, readings, battery.heard(marks, readings.energy), raw.up, now, options),
        seen=raw.seen,
        sun=raw.sun,
        peaks=silence.remember(memory, readings, raw.seen, options),
    )
    up, down, memory = _smoothed(site, raw.up, raw.down, memory, now, options)
    memory, found = _share(site, readings, memory, up, down, marks, fixed, silent, taking, options)
    decisions = decide(site, readings, memory, found, options)
    midnight = ((now + utc_offset_s) // DAY_S + 1) * DAY_S - utc_offset_s
    memory, commands = send(site, readings, memory, decisions, found, up.limits, midnight, options)
    over, told = overtime.follow(
        site, readings, memory.over, managed, (raw.up, raw.down), raw.seen, utc_offset_s, options
    )
    checks, doubts = plausible.look(site, readings, memory, raw.up, utc_offset_s, options)
    tallies = tally.follow(
        site, readings, memory.tallies, managed, raw.up.supply, utc_offset_s, options
    )
    memory = replace(memory, over=over, checks=checks, tallies=tallies)
    told = replace(told, problems=(*told.problems, *doubts))
    report = tell.report(site, readings, memory, raw, decisions, told, now, options, language)
    basis = Basis(
        site, readings, marks, up, found.taking.idle, found.free_a, decisions, memory, options
    )
    report = replace(report, basis=basis)
    memory = replace(memory, history=history.follow(memory.history, report.loads, now))
    return Outcome(memory, commands, report)


def _share(
    site: Site,
    readings: Readings,
    memory: Memory,
    up: Budget,
    down: Budget,
    marks: BatteryMemory,
    fixed: dict[str, float],
    silent: dict[str, str],
    taking: Taking,
    options: Options,
) -> tuple[Memory, Found]:
    """What each load gets by the rules and what it is told of that now, `up` and `down`."""
    now = readings.at
    changing = phase_switch.changing(readings, memory)
    pauses = {**patience.pausing(site, readings, memory, now), **changing}
    active = sharing.taking_part(site, readings) - set(fixed)
    waking = sharing.waking(site, readings, memory, options)
    table = sharing.Table(
        site,
        readings,
        marks,
        sharing.asks(site, readings, fixed, up.blind, pauses, silent, taking),
        fixed,
        sharing.stuck(readings, memory, active, options),
        taking.idle,
        {**patience.keeps_minimum(site, readings, memory), **waking},
    )
    lowered, holds, makes_way = patience.hold(
        site, readings, memory, lambda free_a, without: table.share(down, free_a, without), now
    )
    shares = lowered
    if up is not down:
        shares = table.share(up, patience.minimums(readings, holds))
    danger = detect.Danger(up.blind | silent.keys(), _overloaded(site, readings, down, options))
    stage_s = options.check_stage_s
    wiring = detect.follow_check(site, readings, memory.wiring, danger, stage_s)
    memory = replace(memory, wiring=wiring)
    lowered = detect.capped(wiring.check, lowered, now, stage_s)
    shares = detect.capped(wiring.check, shares, now, stage_s)
    wished: dict[str, Allocation] = {}
    memory = phase_switch.follow(
        site, readings, memory, lambda load, legs: sharing.could(table, up, load, legs), options
    )
    if pauses:
        wished = table.share(up, patience.minimums(readings, pauses), also=pauses)
        freed = patience.freed(memory, pauses, wished, silent, now)
        memory = replace(memory, loads={**memory.loads, **freed})
    moment = Moment(
        now=now,
        up_rows=up.limits,
        lasting_rows=rising.lasting(up.limits, up, memory.seen),
        down_rows=down.limits,
        loads=readings.loads,
        memories=memory.loads,
        reserved_a=sharing.reserved(readings, active, fixed, table.stuck),
        blind=up.blind,
        silent=silent.keys(),
        unsettled=sharing.unsettled(site, readings, memory, options) | waking.keys(),
        options=options,
    )
    paced = pace([ask for ask in table.asks if ask.active], shares, lowered, moment)
    over = frozenset(load for row in down.limits if row.room < -TOLERANCE for load in row.uses)
    found = Found(
        shares,
        paced,
        fixed,
        pauses,
        wished,
        holds,
        makes_way,
        frozenset(changing),
        over,
        silent,
        taking,
        up.blind,
        {**table.free_a, **patience.minimums(readings, holds)},
    )
    return memory, found


def _overloaded(site: Site, readings: Readings, now: Budget, options: Options) -> bool:
    """Whether a breaker carries clearly more than its limit."""
    return any(
        amps > readings.limits_a[circuit] + options.over_a
        for circuit in site.circuits
        for _, amps in now.circuits[circuit].draw.items()
    )


def _smoothed(
    site: Site, up: Budget, down: Budget, memory: Memory, now: float, options: Options
) -> tuple[Budget, Budget, Memory]:
    """Both budgets with what the sun leaves over smoothed, and the memory of it.

    Off the grid it is a limit of its own: nothing else is there to give what it does not.
    """
    if site.off_grid:
        return up, down, memory
    supply, smooth_raise = smoothed(up.supply, memory.smooth_raise, now, options)
    same = up is down and memory.smooth_raise == memory.smooth_cut
    calm = replace(up, supply=supply)
    if same:
        return calm, calm, replace(memory, smooth_raise=smooth_raise, smooth_cut=smooth_raise)
    supply, smooth_cut = smoothed(down.supply, memory.smooth_cut, now, options)
    memory = replace(memory, smooth_raise=smooth_raise, smooth_cut=smooth_cut)
    return calm, replace(down, supply=supply), memory


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
