"""From decisions to calls: who is told what, anew or again, cuts before raises.

A load whose last call failed, or that does not follow, is told again after a while (`following`);
one that does not take part is left at its safe level.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from ..calls import ASK, CLEAR, ServiceCall
from ..limits.constraints import Room, Row
from ..limits.draws import leg_current_a
from ..loads import drive as drivers
from ..measure.readings import LoadReading, Readings
from ..memory.load import LoadMemory
from ..memory.memory import Memory
from ..options import Options
from ..reason_table import Family
from ..records import replace
from ..site.model import Load, Site
from ..site.modes import MODES
from ..units import TOLERANCE
from . import compliance as following
from . import delays as patience
from . import pace
from . import phases as phase_switch
from .decide import Decision, Found
from .delays import Turn

KEPT = 20
"""So many replaced commands are remembered."""


Calls = list[tuple[float, ServiceCall]]
"""Calls, each with the change in A per leg that it makes."""


def send(
    site: Site,
    readings: Readings,
    memory: Memory,
    decisions: Mapping[str, Decision],
    found: Found,
    limits: Sequence[Row],
    midnight: float,
    options: Options,
) -> tuple[Memory, tuple[ServiceCall, ...]]:
    """The calls, cuts before raises, and the memory of having made them.

    `limits` are the rows as a raise sees them; `midnight` (epoch s) is when the day ends.
    """
    loads: dict[str, LoadMemory] = dict(memory.loads)
    calls: Calls = []
    cleared: dict[str, float] = {}
    for load in site.loads.values():
        reading, old = readings.loads[load.id], memory.load(load.id)
        decision = decisions[load.id]
        amps = decision.paced.amps
        fits = partial(_fits, load, reading, readings, decisions, cleared, limits)
        stays_off = reading.paused_s > 0 or not MODES[reading.mode].takes
        if amps is not None and (reading.active or stays_off):
            turn = _turn(load.id, reading, amps, decision, found)
            old = patience.remembered(load, reading, old, turn, readings.at, midnight)
            old = following.remembered(load, reading, old, options)
            old = pace.remembered(old, decision.paced, readings.at)
            over = load.id in found.over
            made, told = _command(load, reading, old, amps, fits, over, readings.at, options)
            told = _tried(old, told, decision)
            if load.phase_switch and phase_switch.due(reading, told, options):
                made = [*made, *((0.0, call) for call in drivers.phases(load, told))]
                told = phase_switch.called(load.phase_switch, told, readings.at)
        elif not reading.active and reading.status is not None:
            old = patience.without_car(old)
            made, told = _rest(load, reading, old, fits, readings.at, options)
        elif reading.lost and reading.transaction and reading.command_a is not None:
            made, told = _held(load, reading, old, reading.command_a, readings.at, options)
        else:
            continue  # nothing is known of it, or of the meters above it: leave it as it is
        if told.command.bare:
            cleared[load.id] = reading.max_a
        asked, told = drivers.ask(load, reading, told, readings.at, options)
        calls += made
        calls += [(0.0, call) for call in asked]
        loads[load.id] = told
    calls.sort(key=lambda pair: pair[0])
    return replace(memory, loads=loads), tuple(call for _, call in calls)


def _turn(load: str, reading: LoadReading, amps: float, decision: Decision, found: Found) -> Turn:
    """What a load is told, as its patience has to know it."""
    grace, makes_way = found.holds.get(load), load in found.makes_way
    silent, changes = load in found.silent, load in found.changing or reading.paused_s > 0
    return Turn(amps, decision.allocation.reason, grace, makes_way, silent, changes)


def _command(
    load: Load,
    reading: LoadReading,
    old: LoadMemory,
    amps: float,
    clear_fits: Callable[[], bool],
    over: bool,
    now: float,
    options: Options,
) -> tuple[Calls, LoadMemory]:
    """What makes a load take `amps` (A per leg), and the memory of it."""
    if not following.may_call(old, now, options):
        return [], old
    step, old = following.next_step(load, reading, old, clear_fits, over, now, options)
    fresh = reading.command_a is None and drivers.takes_over(load, reading, old)
    if fresh and not step and clear_fits():  # later it is done when there is no car
        step = CLEAR
    before, told = drivers.remedy(load, reading, old, step) if step else ((), old)
    again = step not in ("", ASK)
    calls, told = drivers.command(load, reading, told, amps, now, options, again)
    change = amps - (reading.command_a or 0.0)
    made = [(change, one) for one in (*before, *calls)]
    if not calls:
        return made, _nothing_left(old, told)
    if reading.command_a is not None and abs(change) <= TOLERANCE:
        return made, _called(told, now)  # no new one: it is still not followed, or only renewed
    sent = told.calls.commanded(now, _replaced(reading, now, options))
    pacing = told.pacing.raised(now) if change > TOLERANCE else told.pacing
    return made, replace(told, calls=sent, pacing=pacing)


def _held(
    load: Load, reading: LoadReading, old: LoadMemory, amps: float, now: float, options: Options
) -> tuple[Calls, LoadMemory]:
    """What keeps a load at what it holds, of which nothing is heard: nothing must run out."""
    if not following.may_call(old, now, options):
        return [], old
    calls, told = drivers.command(load, reading, old, amps, now, options)
    return [(0.0, call) for call in calls], _called(told, now) if calls else told


def _called(told: LoadMemory, now: float) -> LoadMemory:
    return replace(told, calls=told.calls.called(now))


def _rest(
    load: Load,
    reading: LoadReading,
    old: LoadMemory,
    clear_fits: Callable[[], bool],
    now: float,
    options: Options,
) -> tuple[Calls, LoadMemory]:
    """What leaves a load safe that does not take part, and the memory of it.

    Its profiles are cleared only while the wires carry its maximum: a car may come just then.
    """
    if not following.may_call(old, now, options):
        return [], old
    calls: tuple[ServiceCall, ...] = ()
    if drivers.takes_over(load, reading, old) and clear_fits():
        calls, old = drivers.remedy(load, reading, old, CLEAR)
    call, told = drivers.safe_level(load, reading, old)
    calls = calls if call is None else (*calls, call)
    if not calls:
        return [], _nothing_left(old, told)
    told = replace(told, calls=told.calls.commanded(now, _replaced(reading, now, options)))
    return [(0.0, one) for one in calls], told


def _nothing_left(old: LoadMemory, told: LoadMemory) -> LoadMemory:
    """Memory of a load that needs no call: what failed before does not matter any more."""
    if (old.calls.failures or old.calls.error) and told.command.before is None:
        return replace(told, calls=told.calls.went_through())
    return told


def _tried(old: LoadMemory, told: LoadMemory, decision: Decision) -> LoadMemory:
    """Memory of a load that waits to be raised: why that failed last is still told."""
    waits = decision.reason.family is Family.TIMER
    if waits and old.calls.error and not told.calls.error:
        return replace(told, calls=told.calls.still_failing(old.calls.error))
    return told


def _fits(
    load: Load,
    reading: LoadReading,
    readings: Readings,
    decisions: Mapping[str, Decision],
    cleared: Mapping[str, float],
    limits: Sequence[Row],
) -> bool:
    """Whether the limits carry the most that a charger may take, beside all others.

    These count with what they are told, with what they keep whatever they are told, without a car
    with the minimum at which one starts, or, where they are `cleared` in this very run, with their
    maximum (A per leg).

    Example: two chargers of 6 to 16 A on 25 A, both without a car. One may be cleared, as 16 + 6 A
    fit; the other one waits until the first holds 6 A again. On 20 A neither is ever cleared.
    """
    room = Room(limits)
    for other, decision in decisions.items():
        if other != load.id:
            beside = readings.loads[other]
            told_a = decision.paced.amps or 0.0
            starts_a = beside.min_a if beside.connected and not beside.active else 0.0
            room.take(other, max(told_a, starts_a, beside.kept_a, cleared.get(other, 0.0)))
    beyond_a = 0.0  # what it takes above its command is there already
    if reading.draw is not None and reading.command_a is not None:
        beyond_a = max(leg_current_a(reading, reading.draw) - reading.command_a, 0.0)
    more_a = reading.max_a - beyond_a
    rows = room.rows_of.get(load.id, ())
    return all(room.left[row] >= more_a * use - TOLERANCE for row, use in rows)


def _replaced(
    reading: LoadReading, now: float, options: Options
) -> tuple[tuple[float, float], ...]:
    """Commands that a load may still be obeying when it gets a new one now."""
    recent = [pair for pair in reading.earlier if now - pair[1] <= options.hold_s][-KEPT:]
    if reading.command_a is not None:
        recent.append((reading.command_a, now))
    return tuple(recent)
