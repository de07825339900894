"""Whether what a charger was told is in force on it, and what to try if it is not.

A charger that does not take a profile goes on with what it holds beside it: its fallback current,
or its minimum. Nobody hears of that, and it looks like a car that takes little. What shows it:

- It draws more than it was told, and no more than one of these two. A car may take less than that.
- It was told more, and for a minute draws just one of these two. A car may do that by itself, so
  this is a guess. It is tried: if the car takes more when its charger is told in another way, it
  was no guess, and that way is kept.
- Its charger says that it offers just one of these two (Current.Offered).

Example: the clock of a charger is two hours ahead, so a command is over before it begins. Its
fallback current is 6 A.

    time, s      0             60               75                    from then on
    is told, A   16            8                8, without a clock    16
    draws, A     6             6                8                     16
    people see   takes less    not in force: told in another way      its clock is wrong?

Each other way has 15 s (`not_following_s`), and until a report is there. If none helps, it is told
as before, and the ways are not tried for a day.

Currents are A per leg, times epoch s. Source: docs/decisions/0032.
"""

from __future__ import annotations

import math

from ..calls import ASK, OTHERWISE
from ..limits.leg_currents import leg_current_a
from ..loads.kinds import KINDS_OF_LOADS
from ..measure.readings import LoadReading
from ..memory.load import LoadMemory
from ..options import Options
from ..reasons import Reason
from ..records import replace
from ..site.model import Load

BELOW_A, ABOVE_A = 0.7, 0.3
"""A draw from 0.7 A below a level up to 0.3 A above it is of that level."""


def level_a(
    load: Load,
    reading: LoadReading,
    memory: LoadMemory,
    over_told: bool,
    now: float,
    options: Options,
) -> float | None:
    """The current that seems to be in force instead of the command; `None`: the command is.

    `over_told`: it draws more than it was told.
    """
    told_a, less = reading.command_a, memory.utilisation.cap_a is not None
    if not over_told and not less and reading.session.offered_a is None:
        return None  # nothing shows that it goes by a level of its own
    if told_a is None or reading.draw is None or not reading.session.transaction:
        return None
    drawn_a = _leg_currents_a(reading, memory)
    if min([abs(amps - told_a) for amps in drawn_a], default=math.inf) <= options.overdraw_a:
        return None
    if not _arrived(reading, memory, options):
        return None
    for level in KINDS_OF_LOADS[load.kind.name].driver.own_levels_a(load, reading):
        if abs(level - told_a) <= options.overdraw_a:
            continue
        if memory.profiles.lately_in_vain(now, over=level > told_a):
            continue
        if over_told and level > told_a and any(amps <= level + ABOVE_A for amps in drawn_a):
            return level
        drawn = less and any(level - BELOW_A <= amps <= level + ABOVE_A for amps in drawn_a)
        if level < told_a and (drawn or _offers(level, min(drawn_a), reading, options)):
            return level
    return None


def _leg_currents_a(reading: LoadReading, memory: LoadMemory) -> tuple[float, ...]:
    """The current of a leg, A; each that it may be, of a car of which only the power is known.

    Example: 3680 W at 230 V on three wired legs may be 16 A on one, 8 A on two, 5.3 A on three.
    """
    if reading.draw is None:
        return (0.0,)
    if memory.draws.apart is None:
        return (leg_current_a(reading, reading.draw),)
    total_a = sum(reading.draw.values())
    return tuple([total_a / legs for legs in range(1, len(reading.legs) + 1)])


def _arrived(reading: LoadReading, memory: LoadMemory, options: Options) -> bool:
    """Whether its calls go through, and have done so for 15 s before its last report.

    While they fail its command runs out, and it is right to do what it holds by itself.
    """
    if memory.calls.failures or reading.draw_at is None:
        return False
    mended_at = memory.calls.mended_at
    return mended_at is None or reading.draw_at - mended_at >= options.not_following_s


def _offers(level: float, drawn_a: float, reading: LoadReading, options: Options) -> bool:
    """Whether a charger says, 15 s or more after its command, that it offers just `level`."""
    offered_a = reading.offered_a(options.not_following_s)
    if offered_a is None:
        return False
    return abs(offered_a - level) <= ABOVE_A and drawn_a <= level + ABOVE_A


def reason(
    load: Load,
    reading: LoadReading,
    memory: LoadMemory,
    over_told: bool,
    now: float,
    options: Options,
) -> Reason | None:
    """That something else is in force on a charger than it was told, for people; or `None`."""
    level = level_a(load, reading, memory, over_told, now, options)
    if level is None or reading.command_a is None or reading.draw is None:
        return None
    numbers: dict[str, float | str] = {"told_a": reading.command_a, "level_a": level}
    if level < reading.command_a:
        return Reason("not_in_force", numbers)
    drawn_a = round(leg_current_a(reading, reading.draw), 1)
    return Reason("other_in_force", {**numbers, "draw_a": drawn_a})


def step(
    load: Load,
    reading: LoadReading,
    memory: LoadMemory,
    level: float,
    waits: bool,
    now: float,
    options: Options,
) -> tuple[str, LoadMemory]:
    """The step with a charger on which `level` (A per leg) is in force, and the memory of it.

    `waits`: it is too early for the next step.
    """
    if waits:
        return "", memory
    known = memory.compliance
    if known.resent_at is not None and not _heard(reading, known.resent_at, options):
        if known.asked_at is not None and known.asked_at > known.resent_at:
            return "", memory
        return ASK, replace(memory, compliance=known.asked(now))
    over = level > (reading.command_a or 0.0)
    other = KINDS_OF_LOADS[load.kind.name].driver.otherwise(load, memory, over, now)
    return OTHERWISE, replace(other, compliance=known.tried(now))


def without_chance(
    load: Load, reading: LoadReading, memory: LoadMemory, options: Options
) -> LoadMemory:
    """The memory without a way that helped in a session before, if it is not needed any more.

    That is shown by a car that draws what its charger was told as its form says, and clearly more
    than what the charger holds by itself. Such a way may have been found while the clock of Home
    Assistant was wrong, or while the charger did nothing for a minute.
    """
    profiles, told_at = memory.profiles, reading.commanded_at
    if profiles.way or not profiles.way_before or not reading.session.transaction:
        return memory
    if told_at is None or not reading.command_a or not _heard(reading, told_at, options):
        return memory
    levels = KINDS_OF_LOADS[load.kind.name].driver.own_levels_a(load, reading)
    drawn_a, most_a = _leg_currents_a(reading, memory), reading.command_a + options.overdraw_a
    if max(levels, default=0.0) + options.overdraw_a < min(drawn_a) and max(drawn_a) <= most_a:
        return replace(memory, profiles=profiles.as_formed())
    return memory


def _heard(reading: LoadReading, at: float, options: Options) -> bool:
    """Whether the last report is 15 s (`not_following_s`) or more younger than `at`."""
    return reading.draw_at is not None and reading.draw_at - at >= options.not_following_s
