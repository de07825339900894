"""Watches what OCPP chargers do with their commands, so that what would help can be named.

    seen                                              what would help (`loads.ocpp.cures`)
    its session ends within 2 min of 0 A, the car     another way of pausing
      still there
    after 0 A it is told more for 150 s, and draws    another way of pausing
      nothing
    within 15 s of a call its draw falls to what it   fewer calls
      holds by itself, and comes back
    its car wants nothing, and goes on by itself      look into car and app: it was not full

Once may be chance: a driver who ends his session just then, a car that is full. Twice is told.

Times are epoch s. Source: docs/decisions/0032.
"""

from __future__ import annotations

from ..limits.leg_currents import leg_current_a
from ..measure.readings import LoadReading, Readings
from ..memory.habits import Habits
from ..memory.load import LoadMemory
from ..memory.memory import Memory
from ..options import Options
from ..records import replace
from ..site.model import Load, Site

ENDS_S = 120.0
"""A session that ends so soon after 0 A has ended because of that, s."""


LATE = 2.5
"""A car that has drawn nothing for so many times `spare_s` (60 s) after it was let on is stuck."""


CLEAR_A = 2.0
"""A drop, and the way back, are of at least this many A."""


BACK_S = 60.0
"""A draw that is down for longer has not dropped because of a call."""


def observe(site: Site, readings: Readings, memory: Memory, options: Options) -> Memory:
    """The memory with what the chargers of this run were seen to do."""
    changed: dict[str, LoadMemory] = {}
    for load in site.loads.values():
        reading = readings.loads[load.id]
        if load.control.charge_point is None or not reading.connected or reading.lost:
            continue
        old = memory.load(load.id)
        known = _seen(load, reading, old, readings.at, options)
        if known is not old.habits:
            changed[load.id] = replace(old, habits=known)
    return replace(memory, loads={**memory.loads, **changed}) if changed else memory


def _seen(
    load: Load, reading: LoadReading, memory: LoadMemory, now: float, options: Options
) -> Habits:
    """What is to be remembered of a charger after this run."""
    known, transaction = memory.habits, reading.session.transaction
    if transaction != known.session:
        if known.zero_at is not None and not transaction:
            return _without_session(reading, memory, now)
        return known.in_session(transaction)
    if not transaction or reading.draw is None:
        return known
    drawn_a = leg_current_a(reading, reading.draw)
    draws = drawn_a > options.idle_leg_a
    known = _after_zero(reading, memory, known, draws, now, options)
    known = _suspensions(reading, known, draws, now, options)
    return _drops(load, reading, memory, known, drawn_a, now, options)


def _without_session(reading: LoadReading, memory: LoadMemory, now: float) -> Habits:
    """What is known of a charger whose session has ended after it was told 0 A.

    It is waited for its status: Available means that its car has left.
    """
    known, status = memory.habits, (reading.status or "").lower()
    soon = known.zero_at is not None and 0 <= now - known.zero_at <= ENDS_S
    if not soon or memory.command.off or status == "available":
        return known.in_session(0)
    return known.ended_by_zero() if status in ("finishing", "preparing") else known


def _after_zero(
    reading: LoadReading,
    memory: LoadMemory,
    known: Habits,
    draws: bool,
    now: float,
    options: Options,
) -> Habits:
    """Whether it was told 0 A, and whether its car went on when it was let on again."""
    told_a, told_at = reading.command_a, reading.commanded_at
    if told_a is None or told_at is None:
        return known
    if known.zero_at is None:
        pauses = told_a == 0.0 and not memory.command.off and _drew(reading, told_at, options)
        return known.told_zero(told_at) if pauses else known
    if told_a < reading.min_a:
        return known
    if draws:
        return known.went_on()
    return known.did_not_go_on() if now - told_at >= LATE * options.spare_s else known


def _drew(reading: LoadReading, told_at: float, options: Options) -> bool:
    """Whether it was let on before `told_at`, and its last report before that shows a draw."""
    if not reading.earlier or reading.earlier[-1][0] <= 0.0 or reading.draw is None:
        return False
    if reading.draw_at is not None and reading.draw_at <= told_at:
        return leg_current_a(reading, reading.draw) > options.idle_leg_a
    before = [draw for at, draw in reading.drew if at <= told_at]
    return bool(before) and leg_current_a(reading, before[-1]) > options.idle_leg_a


def _suspensions(
    reading: LoadReading, known: Habits, draws: bool, now: float, options: Options
) -> Habits:
    """Whether its car wants nothing, and whether it went on by itself after that."""
    wants_none = (reading.status or "").lower() == "suspendedev" and not draws
    may = bool(reading.command_a)
    if wants_none and may:
        return known.suspended(now) if known.suspended_at is None else known
    if known.suspended_at is None:
        return known
    if draws and may:
        long = now - known.suspended_at >= options.spare_s
        return known.went_on_by_itself() if long else known.suspended(None)
    return known if may else known.suspended(None)


def _drops(
    load: Load,
    reading: LoadReading,
    memory: LoadMemory,
    known: Habits,
    drawn_a: float,
    now: float,
    options: Options,
) -> Habits:
    """Whether its draw falls with a call to what it holds by itself, and comes back."""
    level_a = max(reading.min_a, load.fallback_a)
    if known.falls and known.dropped_at is not None:
        if drawn_a >= level_a + CLEAR_A:
            return known.came_back()
        return known.stayed_down() if now - known.dropped_at > BACK_S else known
    call_at, draw_at, told_a = memory.calls.called_at, reading.draw_at, reading.command_a
    if call_at is None or draw_at is None or told_a is None or known.dropped_at == call_at:
        return known
    if not 0 < draw_at - call_at <= options.not_following_s or drawn_a > level_a + 0.5:
        return known
    before_a = [leg_current_a(reading, draw) for at, draw in reading.drew if at <= call_at]
    told = [told_a, *(amps for amps, until in reading.earlier if until >= call_at)]
    fell = bool(before_a) and before_a[-1] >= level_a + CLEAR_A and drawn_a > options.idle_leg_a
    return known.dropping(call_at) if fell and min(told) >= level_a + CLEAR_A else known
