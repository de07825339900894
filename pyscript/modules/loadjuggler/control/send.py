"""From decisions to calls: who is told what, anew or again, cuts before raises.

A load whose last call failed, or that does not follow, is told again after a while (`following`);
one that does not take part is left at its safe level.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
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
    for load in site.loads.values():
        reading, old = readings.loads[load.id], memory.load(load.id)
        decision = decisions[load.id]
        amps = decision.paced.amps
        stays_off = reading.paused_s > 0 or not MODES[reading.mode].takes
        if amps is not None and (reading.active or stays_off):
            turn = _turn(load.id, reading, amps, decision, found)
            old = patience.remembered(load, reading, old, turn, readings.at, midnight)
            old = following.remembered(load, reading, old, options)
            old = pace.remembered(old, decision.paced, readings.at)
            fits = partial(_fits, load, reading, decisions, limits)
            over = load.id in found.over
            made, told = _command(load, reading, old, amps, fits, over, readings.at, options)
            told = _tried(old, told, decision)
            if load.phase_switch and phase_switch.due(reading, told, options):
                made = [*made, *((0.0, call) for call in drivers.phases(load, told))]
                told = phase_switch.called(load.phase_switch, told, readings.at)
        elif not reading.active and reading.status is not None:
            old = patience.without_car(old)
            made, told = _rest(load, reading, old, readings.at, options)
        elif reading.lost and reading.transaction and reading.command_a is not None:
            made, told = _held(load, reading, old, reading.command_a, readings.at, options)
        else:
            continue  # nothing is known of it, or of the meters above it: leave it as it is
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
    told = replace(told, called_at=now)
    if reading.command_a is not None and abs(change) <= TOLERANCE:
        return made, told  # it is no new one: it is still not followed, or only renewed
    told = replace(told, commanded_at=now, earlier=_replaced(reading, now, options))
    if change > TOLERANCE:
        told = replace(told, raised_at=now)
    return made, told


def _held(
    load: Load, reading: LoadReading, old: LoadMemory, amps: float, now: float, options: Options
) -> tuple[Calls, LoadMemory]:
    """What keeps a load at what it holds, of which nothing is heard: nothing must run out."""
    if not following.may_call(old, now, options):
        return [], old
    calls, told = drivers.command(load, reading, old, amps, now, options)
    return [(0.0, call) for call in calls], replace(told, called_at=now) if calls else told


def _rest(
    load: Load, reading: LoadReading, old: LoadMemory, now: float, options: Options
) -> tuple[Calls, LoadMemory]:
    """What leaves a load safe that does not take part, and the memory of it."""
    if not following.may_call(old, now, options):
        return [], old
    calls: tuple[ServiceCall, ...] = ()
    if drivers.takes_over(load, reading, old):
        calls, old = drivers.remedy(load, reading, old, CLEAR)
    call, told = drivers.safe_level(load, reading, old)
    calls = calls if call is None else (*calls, call)
    if not calls:
        return [], _nothing_left(old, told)
    told = replace(told, commanded_at=now, called_at=now)
    return [(0.0, one) for one in calls], replace(told, earlier=_replaced(reading, now, options))


def _nothing_left(old: LoadMemory, told: LoadMemory) -> LoadMemory:
    """Memory of a load that needs no call: what failed before does not matter any more."""
    if (old.failures or old.error) and told.before is None:
        return replace(told, failures=0, error="")
    return told


def _tried(old: LoadMemory, told: LoadMemory, decision: Decision) -> LoadMemory:
    """Memory of a load that waits to be raised: why that failed last is still told."""
    waits = decision.reason.family is Family.TIMER
    return replace(told, error=old.error) if waits and old.error and not told.error else told


def _fits(
    load: Load,
    reading: LoadReading,
    decisions: Mapping[str, Decision],
    limits: Sequence[Row],
) -> bool:
    """Whether the limits carry the most that a charger may take, beside what others are told."""
    room = Room(limits)
    for other, decision in decisions.items():
        if other != load.id:
            room.take(other, decision.paced.amps or 0.0)
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
