"""Remembers when a load was told to start and to stop, and what a stop was for (`delays`).

A stop is a command of 0 A for a load that ran. It begins a pause, unless a person wanted it, or the
load is being switched to another number of phases. A car that is plugged in without sun is told
0 A, too, but nothing ran: that is no stop. A stop for lack of sun also counts in the session: after
6 of them a charger rests until midnight, if its form says so.

Times are epoch s. Sources: docs/product.md section 5; docs/decisions/0013.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..measure.readings import LoadReading
from ..memory.load import LoadMemory
from ..memory.timers import Delays
from ..reason_table import Family
from ..reasons import Reason
from ..records import quick, replace
from ..site.model import Load
from ..units import TOLERANCE
from . import starts
from .delays import Grace, stop_as_text
from .starts import BRIDGED


@quick
@dataclass(frozen=True, slots=True)
class NewCommand:
    """What a load is told in this run, and what matters for its delays.

    - `told_a`: A per leg.
    - `why`: the reason of its allocation.
    - `grace`: it holds its minimum although it lacks sun; `None`: it does not.
    - `makes_way`: it lacks sun because a load that goes first starts.
    - `silent`: a meter above it has been silent for over 60 s, so its room is not known.
    - `changes`: it is being switched to another number of phases, or a person pauses it.
    """

    told_a: float
    why: Reason
    grace: Grace | None
    makes_way: bool
    silent: bool
    changes: bool = False

    @property
    def no_stop(self) -> bool:
        """Whether 0 A is no stop: it is switched, paused or off by a person. It needs no pause."""
        return self.changes or self.why.family is Family.WANTED

    @property
    def stopped_for(self) -> str:
        """What a stop is for, as `Delays.stopped_for` stores it."""
        if self.silent:
            return "silent"
        if self.makes_way:
            return "makes_way"
        return stop_as_text(self.why)  # "" if only the budget for cuts stops it

    @property
    def lacks_sun(self) -> bool:
        """Whether it is stopped by the weather, and not by a load that goes first."""
        return self.why.limits in BRIDGED and not self.makes_way


def settled(reading: LoadReading, known: Delays, told_a: float, grace: Grace | None = None) -> bool:
    """Whether a load goes on as it was with `told_a` (A per leg): no start, stop or grace."""
    if grace is not None:
        return False
    if told_a <= TOLERANCE:
        return not reading.command_a
    return bool(reading.command_a) and known.started_at is not None and known.short_at is None


def remembered(
    load: Load,
    reading: LoadReading,
    memory: LoadMemory,
    new: NewCommand,
    now: float,
    midnight: float,
) -> LoadMemory:
    """The load's memory with when it was told to start or stop, and since when it lacks sun.

    `new` is what it is told at `now`; `midnight` is when the day ends (both epoch s).
    """
    delays = _next(load, reading, memory.delays, new, now, midnight)
    return memory if delays is memory.delays else replace(memory, delays=delays)


def _next(
    load: Load, reading: LoadReading, known: Delays, new: NewCommand, now: float, midnight: float
) -> Delays:
    """What is to be remembered of starts and stops after a command; before it was `known`."""
    before_a, told_a = reading.command_a, new.told_a
    if new.grace is not None:
        known = known.short(new.grace.since)
    elif told_a > TOLERANCE:  # if a stop fails, no new grace begins
        known = known.enough(now)
    if told_a > TOLERANCE and (known.started_at is None or not before_a):
        return known.started(now)
    if told_a > TOLERANCE or not before_a:
        return known
    if new.no_stop:
        return known.ended()
    if starts.begins(reading, known):
        return known  # it held the minimum of a charger without a car: nothing ran
    stopped = known.stopped(now, new.stopped_for, now if new.silent else None)
    if not (new.lacks_sun and reading.drawing_a() > 1.0):
        return stopped
    most = load.patience.most_stops
    rests = 0 < most <= known.stops + 1 and not load.patience.then_holds
    return stopped.lacked_sun(midnight if rests else None)


def without_car(memory: LoadMemory) -> LoadMemory:
    """The memory of a load without a car: what one car did does not count for the next.

    Since when the sun would be enough for a car is not what a car did: that goes on.
    """
    delays, compliance = memory.delays.without_car(), memory.compliance.without_car()
    if (delays, compliance) == (memory.delays, memory.compliance):
        return memory
    return replace(memory, delays=delays, compliance=compliance)
