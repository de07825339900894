"""The order of a run: sense, budgets, sharing, pacing, decisions, calls, report.

    states    -> sense               readings: A, W, what is missing
              -> limits.budgets      rows: what each breaker and the sun leave, for raises and cuts
              -> control.dispatch    what each load gets by the rules, and what it is told now
              -> control.decide      what each load is told, and why
              -> control.send        service calls, cuts first
              -> explain.build       the report for people

Frozen values go in and come out. There is no clock, no logging and no Home Assistant here, and
nothing is changed in place. The same `run` serves Home Assistant, the simulator and every test.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from .calls import ServiceCall
from .control.decide import decide
from .control.dispatch import DispatchInputs, dispatch
from .control.send import send
from .diagnostics import habits, plausibility, wiring
from .explain import build
from .explain.trace import Trace
from .limits import battery, budgets, distrust, fallback, obeying, reaction
from .logbook import energy, heat, history, overload
from .measure import night
from .measure.readings import Readings
from .memory.limits import BatteryMemory
from .memory.memory import Memory
from .memory.serialise import not_after
from .options import DEFAULTS, Options
from .records import quick, replace
from .report import Report
from .sense import sense
from .sharing import demand, utilisation
from .site.model import Site
from .snapshot import Snapshot
from .units import DAY_S


@quick
@dataclass(frozen=True, slots=True)
class RunResult:
    """The result of a run.

    - `memory`: for the next run.
    - `commands`: service calls, in the order in which they are to be made.
    - `report`: what people are told.
    - `trace`: what the report was worked out from; the full account of a load is made from it.
    """

    memory: Memory
    commands: tuple[ServiceCall, ...]
    report: Report
    trace: Trace


def run(
    site: Site,
    memory: Memory,
    snapshot: Snapshot,
    now: float,
    options: Options = DEFAULTS,
    *,
    utc_offset_s: float = 0.0,
    language: str = "en",
) -> RunResult:
    """One run over the house at `now` (epoch s).

    Local time is `utc_offset_s` ahead of UTC, which says when a day begins. People are told in
    `language`, "en" or "sl". No state of an entity makes it raise an error.
    """
    memory = _at_work(memory, now, utc_offset_s)
    form, site = site, wiring.applied(site, memory.wiring.remaps)
    readings, memory = sense(site, memory, snapshot, now, options)
    readings = night.asleep(site, readings, memory, utc_offset_s)
    memory = wiring.track(site, readings, memory, form)
    memory = habits.observe(site, readings, memory, options)
    shown = readings
    readings, memory = distrust.believed(site, readings, memory, options)
    usage, taken = utilisation.observe(site, readings, memory, options)
    usage, memory = wiring.held(usage, memory, taken)
    marks = battery.judge(memory.battery, site, readings.energy)
    silent = fallback.silent_above(site, readings)
    fixed = demand.served_first(site, readings, silent)
    managed = demand.taking_part(site, readings) | set(fixed)
    raw = budgets.budgets(site, readings, memory, managed, marks, options)
    memory = _seen(site, readings, memory, raw, marks, now, options)
    calm, memory = budgets.smoothed(site, raw, memory, now, options)
    active = managed - fixed.keys()
    over_told = obeying.exceeding(readings, options, memory.woke_at)
    stuck = demand.stuck(readings, memory, active, over_told)
    inputs = DispatchInputs(
        site, readings, calm, marks, fixed, active, stuck, over_told, silent, usage, options
    )
    memory, dispatched = dispatch(inputs, memory)
    decisions = decide(site, readings, memory, dispatched, options)
    midnight = ((now + utc_offset_s) // DAY_S + 1) * DAY_S - utc_offset_s
    memory, commands = send(
        site, readings, memory, decisions, dispatched, calm.up.limits, midnight, options
    )
    memory, told = _logged(site, readings, shown, memory, managed, raw, utc_offset_s, options)
    report = build.report(
        site, readings, memory, raw, decisions, stuck, told, now, options, language
    )
    trace = Trace(
        site, readings, marks, calm.up, usage, dispatched.free_a, stuck, decisions, memory, options
    )
    changes = history.updated(memory.history, report.loads, now, options.show_s)
    if changes is not memory.history:
        memory = replace(memory, history=changes)
    return RunResult(memory, commands, report, trace)


def _seen(
    site: Site,
    readings: Readings,
    memory: Memory,
    raw: budgets.Budgets,
    marks: BatteryMemory,
    now: float,
    options: Options,
) -> Memory:
    """The memory with what meters, sun and battery showed, and how long loads took to obey."""
    learned = reaction.learned(site, readings, memory, raw.seen)
    reported = battery.heard(marks, readings.energy)
    return replace(
        memory,
        loads={**memory.loads, **learned} if learned else memory.loads,
        battery=budgets.learn_battery(site, readings, reported, raw.down, now, options),
        seen=raw.seen,
        sun=raw.sun,
        peaks=fallback.remember_peaks(memory, readings, raw.seen, options),
    )


def _at_work(memory: Memory, now: float, utc_offset_s: float) -> Memory:
    """The memory at the begin of a run at `now` (epoch s), as the clocks go now.

    Times of a clock that was set back are taken away, and what ends at midnight ends at that of the
    local time of now, `utc_offset_s` ahead of UTC: summer time may have begun or ended.
    """
    if memory.ran_at is None or now < memory.ran_at:
        memory = not_after(memory, now)
    before_s = memory.utc_offset_s
    if before_s is not None and before_s != utc_offset_s:
        by_s = utc_offset_s - before_s
        changed = {
            load: replace(known, delays=known.delays.clocks_changed(by_s))
            for load, known in memory.loads.items()
        }
        memory = replace(memory, loads=changed)
    woke_at = now if memory.woke_at is None else memory.woke_at
    return replace(memory, woke_at=woke_at, ran_at=now, utc_offset_s=utc_offset_s)


def _logged(
    site: Site,
    readings: Readings,
    shown: Readings,
    memory: Memory,
    managed: Collection[str],
    raw: budgets.Budgets,
    utc_offset_s: float,
    options: Options,
) -> tuple[Memory, overload.OverloadReports]:
    """The memory with time over limits, doubts about forms and energies; and what to tell of it.

    `shown` are the readings with what is not believed, too, as only that can end a doubt.
    """
    seen_by = (raw.up, raw.down)
    over, told = overload.updated(
        site, readings, memory.over, managed, seen_by, raw.seen, utc_offset_s, options
    )
    checks, doubts = plausibility.look(site, shown, memory, raw.up, utc_offset_s, options)
    tallies = energy.updated(
        site, readings, memory.tallies, managed, raw.up.supply, utc_offset_s, options
    )
    warmth = heat.updated(site, readings, memory.heat, raw.up, options)
    told = replace(told, problems=(*told.problems, *doubts), hot=heat.hot(warmth))
    return replace(memory, over=over, heat=warmth, checks=checks, tallies=tallies), told
