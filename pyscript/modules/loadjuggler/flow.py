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
    plausible,
    sharing,
    silence,
    sources,
    tally,
    tell,
)
from .basis import Basis
from .budget import Budget
from .calls import ServiceCall
from .decide import decide
from .memory import BatteryMemory, Memory
from .model import MAIN, Site
from .options import DEFAULTS, Options
from .plain import not_after
from .readings import Readings
from .report import Report
from .send import send
from .sense import sense
from .settle import Known, settle
from .sharing import Budgets
from .smoothing import smoothed
from .snapshot import Snapshot
from .taking import look
from .units import DAY_S, amps_to_watts


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
    calm, memory = _smoothed(site, raw, memory, now, options)
    known = Known(site, readings, calm, marks, fixed, silent, taking, options)
    stuck = sharing.stuck(readings, memory, managed - set(fixed), options)
    memory, found = settle(known, memory)
    decisions = decide(site, readings, memory, found, options)
    midnight = ((now + utc_offset_s) // DAY_S + 1) * DAY_S - utc_offset_s
    memory, commands = send(
        site, readings, memory, decisions, found, calm.up.limits, midnight, options
    )
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
        site, readings, marks, calm.up, taking, found.free_a, stuck, decisions, memory, options
    )
    report = replace(report, basis=basis)
    memory = replace(memory, history=history.follow(memory.history, report.loads, now))
    return Outcome(memory, commands, report)


def _smoothed(
    site: Site, raw: Budgets, memory: Memory, now: float, options: Options
) -> tuple[Budgets, Memory]:
    """Both budgets with what the sun leaves over smoothed, and the memory of it.

    Off the grid it is a limit of its own: nothing else is there to give what it does not.
    """
    if site.off_grid:
        return raw, memory
    supply, smooth_raise = smoothed(raw.up.supply, memory.smooth_raise, now, options)
    same = raw.up is raw.down and memory.smooth_raise == memory.smooth_cut
    up = down = replace(raw.up, supply=supply)
    smooth_cut = smooth_raise
    if not same:
        supply, smooth_cut = smoothed(raw.down.supply, memory.smooth_cut, now, options)
        down = replace(raw.down, supply=supply)
    memory = replace(memory, smooth_raise=smooth_raise, smooth_cut=smooth_cut)
    return replace(raw, up=up, down=down), memory


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
