"""The whole brain, in order: sense, budget, allocate, pace, decide, send, report.

Frozen values in, frozen values out: no clock, no logging, no Home Assistant, nothing changed in
place. The same `run` serves Home Assistant, the simulator and every test.
"""

from __future__ import annotations

from dataclasses import dataclass

from .calls import ServiceCall
from .control.decide import decide
from .control.dispatch import Known, settle
from .control.send import send
from .diagnostics import plausibility as plausible
from .diagnostics import wiring as detect
from .explain import build as tell
from .explain.trace import Trace
from .limits import battery
from .limits import fallback as silence
from .limits.budgets import _learn, _smoothed, budgets
from .logbook import energy as tally
from .logbook import history
from .logbook import overload as overtime
from .memory.memory import Memory
from .memory.serialise import not_after
from .options import DEFAULTS, Options
from .records import replace
from .report import Report
from .sense import sense
from .sharing import demand as sharing
from .sharing.utilisation import look
from .site.model import Site
from .snapshot import Snapshot
from .units import DAY_S


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run gives: memory for the next run, calls to make in order, and what to tell.

    `trace` is what the report was worked out from, for who wants the account of a load.
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
    raw = budgets(site, readings, memory, managed, marks, options)
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
    trace = Trace(
        site, readings, marks, calm.up, taking, found.free_a, stuck, decisions, memory, options
    )
    memory = replace(memory, history=history.follow(memory.history, report.loads, now))
    return Outcome(memory, commands, report, trace)
