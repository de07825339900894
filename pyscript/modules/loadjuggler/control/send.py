"""From decisions to service calls, cuts before raises, and the memory of having made them.

Each load is in one of these cases:

- It takes part, or is off or paused by a person: it is told what was decided. If its last call
  failed, or it does not follow, it is told again at the distances of `compliance`.
- It has no car: it is left at its safe level.
- It is lost in a session: it is told again what it holds, so that this does not run out.
- Nothing is known of it, or of the meters above it: it is left alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from ..calls import ASK, CLEAR, ServiceCall
from ..limits.constraints import Room, Row
from ..limits.leg_currents import leg_current_a
from ..loads import drive
from ..measure.readings import LoadReading, Readings
from ..memory.load import LoadMemory
from ..memory.memory import Memory
from ..options import Options
from ..reason_table import Family
from ..records import quick, replace
from ..site.model import Load, Site
from ..site.modes import MODES
from ..units import TOLERANCE
from . import compliance, pace, phases, stops, undelivered
from .decide import Decision
from .dispatched import DispatchResult
from .stops import NewCommand

KEPT = 20
"""A load remembers at most this many replaced commands."""


RankedCalls = list[tuple[float, ServiceCall]]
"""Service calls, each with the change in A per leg that it makes: the smallest goes first."""


@quick
@dataclass(frozen=True, slots=True)
class _Wires:
    """What says whether the limits carry more of a charger.

    - `decisions`: what each load is told now, by load id.
    - `counted`: A per leg by load id of those that take it whatever they are told. A charger whose
      profiles are cleared in this run is added by `clears`.
    - `limits`: the rows of the budget for raises.
    """

    readings: Readings
    decisions: Mapping[str, Decision]
    counted: dict[str, float]
    limits: Sequence[Row]

    def clears(self, reading: LoadReading, load_id: str) -> None:
        """Count a charger from now on with its maximum: its profiles are cleared."""
        self.counted[load_id] = max(reading.unlimited_a(), self.counted.get(load_id, 0.0))

    def carry(self, load: Load, reading: LoadReading, amps: float) -> bool:
        """Whether the limits carry `amps` (A per leg) of a charger beside all other loads.

        Each other load counts with the largest of: what it is told, what it keeps whatever it is
        told, the minimum at which a car would start there, and what is `counted`: what one takes
        that can't be told, and the maximum of one whose profiles are cleared. What a load draws
        above that is house load already (docs/decisions/0006).

        Example: two chargers of 6 to 16 A on 25 A, both without a car. One may be cleared, because
        16 + 6 A fit; the other one waits until the first holds 6 A again. On 20 A neither is ever
        cleared (docs/decisions/0017).
        """
        room = Room(self.limits)
        for other, decision in self.decisions.items():
            if other != load.id:
                beside = self.readings.loads[other]
                told_a = decision.paced.amps or 0.0
                starts_a = beside.min_a if beside.connected and not beside.active else 0.0
                counted_a = self.counted.get(other, 0.0)
                room.take(other, max(told_a, starts_a, beside.kept_a, counted_a))
        beyond_a = 0.0  # A that it draws above its command: house load already
        if reading.draw is not None and reading.command_a is not None:
            beyond_a = max(leg_current_a(reading, reading.draw) - reading.command_a, 0.0)
        more_a = amps - beyond_a
        rows = room.rows_of.get(load.id, ())
        return all(room.left[row] >= more_a * use - TOLERANCE for row, use in rows)


def send(
    site: Site,
    readings: Readings,
    memory: Memory,
    decisions: Mapping[str, Decision],
    dispatched: DispatchResult,
    limits: Sequence[Row],
    midnight: float,
    options: Options,
) -> tuple[Memory, tuple[ServiceCall, ...]]:
    """The memory, and the calls of this run with cuts before raises.

    `limits` are the rows of the budget for raises; `midnight` (epoch s) is when the day ends.
    """
    loads: dict[str, LoadMemory] = dict(memory.loads)
    calls: RankedCalls = []
    wires = _Wires(readings, decisions, taken_anyway(readings, dispatched), limits)
    for load in site.loads.values():
        reading, old = readings.loads[load.id], memory.load(load.id)
        decision = decisions[load.id]
        amps = decision.paced.amps
        if amps is not None and (reading.active or _stays_off(reading)):
            if not stops.settled(reading, old.delays, amps, dispatched.holds.get(load.id)):
                new = _new_command(load.id, reading, amps, decision, dispatched)
                old = stops.remembered(load, reading, old, new, readings.at, midnight)
            over_told = load.id in dispatched.over_told
            old = compliance.remembered(load, reading, old, over_told, options)
            old = pace.remembered(old, decision.paced, readings.at)
            made, told = _command(load, reading, old, amps, wires, dispatched, readings.at, options)
            told = _tried(old, told, decision)
            if load.phase_switch and phases.due(reading, told, options):
                made = [*made, *((0.0, call) for call in drive.phases(load, told))]
                told = phases.called(load.phase_switch, told, readings.at)
        elif not reading.active and reading.status is not None:
            old = stops.without_car(old)
            made, told = _rest(load, reading, old, wires, readings.at, options)
        elif reading.lost and reading.session.transaction and reading.command_a is not None:
            made, told = _held(load, reading, old, reading.command_a, readings.at, options)
        else:
            continue  # nothing is known of it, or of the meters above it: it is left alone
        if told.command.bare:
            wires.clears(reading, load.id)
        asked, told = drive.ask(load, reading, told, readings.at, options)
        calls += [*made, *((0.0, call) for call in asked)] if asked else made
        loads[load.id] = told
    calls.sort(key=lambda pair: pair[0])
    return replace(memory, loads=loads), tuple(call for _, call in calls)


def _stays_off(reading: LoadReading) -> bool:
    """Whether a load is off or paused by a person, whether it takes part or not."""
    return reading.paused_s > 0 or not MODES[reading.mode].takes


def _new_command(
    load: str, reading: LoadReading, amps: float, decision: Decision, dispatched: DispatchResult
) -> NewCommand:
    """What a load is told (`amps`, A per leg), as its delays have to know it."""
    grace, makes_way = dispatched.holds.get(load), load in dispatched.makes_way
    silent, changes = load in dispatched.silent, load in dispatched.changing or reading.paused_s > 0
    return NewCommand(amps, decision.allocation.reason, grace, makes_way, silent, changes)


def _command(
    load: Load,
    reading: LoadReading,
    old: LoadMemory,
    amps: float,
    wires: _Wires,
    dispatched: DispatchResult,
    now: float,
    options: Options,
) -> tuple[RankedCalls, LoadMemory]:
    """The calls that make a load take `amps` (A per leg), and the memory of them.

    If the `wires` carry its maximum, its profiles may be cleared; if they do not carry its minimum,
    its next session must not begin.
    """
    if not compliance.may_call(old, now, options):
        return [], old
    if amps <= TOLERANCE and not reading.session.runs and load.control.charge_point is not None:
        crowded = not wires.carry(load, reading, reading.min_a)
        reading = replace(reading, session=replace(reading.session, crowded=crowded))
    clear_fits = partial(wires.carry, load, reading, reading.unlimited_a())
    over, over_told = load.id in dispatched.over, load.id in dispatched.over_told
    step, old = compliance.next_step(load, reading, old, clear_fits, over, over_told, now, options)
    fresh = reading.command_a is None and drive.takes_over(load, reading, old)
    if fresh and not step and clear_fits():  # else it is tried again without a car
        step = CLEAR
    before, told = drive.remedy(load, reading, old, step) if step else ((), old)
    untold = old.calls.failures and undelivered.untold(load, reading, old, now, options)
    again = step not in ("", ASK) or bool(untold)
    calls, told = drive.command(load, reading, told, amps, now, options, again)
    if not (before or calls):
        return [], _nothing_left(old, told)
    change = amps - (reading.command_a or 0.0)
    made = [(change, one) for one in (*before, *calls)]
    if not calls:
        return made, _nothing_left(old, told)
    if reading.command_a is not None and abs(change) <= TOLERANCE:
        return made, _called(told, now)  # it is no new command: it is renewed, or told again
    sent = told.calls.commanded(now, _replaced(reading, old, now, options))
    pacing = told.pacing.raised(now) if change > TOLERANCE else told.pacing
    return made, replace(told, calls=sent, pacing=pacing)


def _held(
    load: Load, reading: LoadReading, old: LoadMemory, amps: float, now: float, options: Options
) -> tuple[RankedCalls, LoadMemory]:
    """The calls that renew `amps` (A per leg), what a lost load holds, before it runs out."""
    if not compliance.may_call(old, now, options):
        return [], old
    calls, told = drive.command(load, reading, old, amps, now, options)
    return [(0.0, call) for call in calls], _called(told, now) if calls else told


def _called(told: LoadMemory, now: float) -> LoadMemory:
    """The memory of a call at `now` (epoch s) that is no new command."""
    return replace(told, calls=told.calls.called(now))


def _rest(
    load: Load,
    reading: LoadReading,
    old: LoadMemory,
    wires: _Wires,
    now: float,
    options: Options,
) -> tuple[RankedCalls, LoadMemory]:
    """The calls that leave a load without a car at its safe level, and the memory of them.

    What others left on a charger is cleared only while the `wires` carry its maximum: a car may
    come just then.
    """
    if not compliance.may_call(old, now, options):
        return [], old
    calls: tuple[ServiceCall, ...] = ()
    if drive.takes_over(load, reading, old) and wires.carry(load, reading, reading.unlimited_a()):
        calls, old = drive.remedy(load, reading, old, CLEAR)
    call, told = drive.safe_level(load, reading, old)
    calls = calls if call is None else (*calls, call)
    if not calls:
        return [], _nothing_left(old, told)
    told = replace(told, calls=told.calls.commanded(now, _replaced(reading, old, now, options)))
    return [(0.0, one) for one in calls], told


def _nothing_left(old: LoadMemory, told: LoadMemory) -> LoadMemory:
    """The memory of a load that needs no call: a failure from before does not matter any more.

    Unless a call is still under way.
    """
    if (old.calls.failures or old.calls.error) and told.command.before is None:
        return replace(told, calls=told.calls.went_through())
    return told


def _tried(old: LoadMemory, told: LoadMemory, decision: Decision) -> LoadMemory:
    """The memory of a load that waits to be raised: the error of its last call is still told."""
    unsaid = old.calls.error and not told.calls.error
    if unsaid and decision.reason.family is Family.TIMER:
        return replace(told, calls=told.calls.still_failing(old.calls.error))
    return told


def taken_anyway(readings: Readings, dispatched: DispatchResult) -> dict[str, float]:
    """A per leg that loads take whatever they are told now, by load id.

    That is what is reserved for them before the sharing, and what those hold that can't be told.
    """
    found = dict(dispatched.fixed)
    for load, held_a in undelivered.held_a(readings, dispatched.untold).items():
        found[load] = max(found.get(load, 0.0), held_a)
    return found


def _replaced(
    reading: LoadReading, memory: LoadMemory, now: float, options: Options
) -> tuple[tuple[float, float], ...]:
    """The replaced commands of a load that gets a new one now: (A per leg, until epoch s).

    Those of the last 60 s (`hold_s`), the oldest first, and the one that is replaced now. If that
    is its first one, nothing that is known limited the load before: then what it drew counts as
    held until then, because it goes on with that until it obeys.

    Example: a car that draws 32 A is told 8 A, its first command, and 7.7 A a second later. It
    obeys 5 s after the first one: 32 A in between are its own, and not what the house takes.
    """
    recent = [pair for pair in reading.earlier if now - pair[1] <= options.hold_s][-KEPT:]
    if reading.command_a is None:
        return tuple(recent)
    if not reading.earlier and reading.commanded_at is not None:
        drew_a = _drew_before_a(reading, memory, reading.commanded_at)
        if drew_a > reading.command_a and now - reading.commanded_at <= options.hold_s:
            recent.append((drew_a, reading.commanded_at))
    recent.append((reading.command_a, now))
    return tuple(recent)


def _drew_before_a(reading: LoadReading, memory: LoadMemory, at: float) -> float:
    """What a load drew at most by its last report of `at` (epoch s) or before, A per leg.

    If its reports are all younger, it is the first of them; 0: none is known. Where it is not known
    on which legs it draws, one of them may carry all of it.
    """
    if reading.draw is None or reading.draw_at is None:
        return 0.0
    reports = [*reading.drew, (reading.draw_at, reading.draw)]
    before = [draw for when, draw in reports if when <= at]
    most_a = max([amps for _, amps in memory.draws.apart[1]]) if memory.draws.apart else 0.0
    return max(most_a, leg_current_a(reading, before[-1] if before else reports[0][1]))
