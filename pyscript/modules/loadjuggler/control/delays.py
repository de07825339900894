"""Patience with the sun: who holds on for a while when it is not enough, and who waits to start.

Source: docs/product.md section 5. Before lack of sun stops a load it holds its minimum for its
grace, from wherever, as long as the limits let it; a plug at least for its shortest time on. After
a stop it stays off for its pause, a plug for its shortest time off, and until its minimum has been
free for as long. A limit that is exceeded stops it at once, and a change of mode acts at once. Some
cars give up when they are stopped often: after so many stops for lack of sun in a session a charger
holds its minimum, or stays off until the next day.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass

from ..measure.readings import LoadReading, Readings
from ..memory.load import LoadMemory
from ..memory.memory import Memory
from ..memory.timers import Delays
from ..reason_table import Family
from ..reasons import Numbers, Outcome, Reason, RowKind
from ..records import replace
from ..sharing.allocate import Allocation
from ..site.model import Load, Site
from ..site.modes import MODES
from ..units import TOLERANCE

Allocations = dict[str, Allocation]


BRIDGED = frozenset(
    (RowKind.SURPLUS, RowKind.BATTERY_FIRST, RowKind.EXCESS, RowKind.INVERTER),
)
"""Kinds of rows whose lack a load may bridge for its grace.

A limit (CIRCUIT, IMPORT) stops it at once, and so does OWN: there nothing may come from the grid.
"""


LONGEST_DAY_S = 25 * 3600.0


TRIES_AFTER = 20
"""After so many pauses (an hour of 3 min) a load is tried as soon as it has room."""


@dataclass(frozen=True, slots=True)
class Grace:
    """A load that goes on at its minimum: since when (epoch s), for how long yet, and why."""

    since: float
    left_s: float
    reason: Reason

    def told(self) -> Reason:
        """What people are told: what it lacks, and when it stops."""
        numbers = {**self.reason.numbers, "wait_s": self.left_s}
        return replace(self.reason, outcome=Outcome.GRACE, numbers=numbers)


@dataclass(frozen=True, slots=True)
class Pause:
    """Why a load stays off for a while: in words, and how long yet in s.

    `None`: as long as there is no room for its minimum.
    """

    left_s: float | None
    reason: Reason


def pausing(site: Site, readings: Readings, memory: Memory, now: float) -> dict[str, Pause]:
    """Loads that were stopped and stay off yet.

    For their pause at least, and until their minimum has been free for as long: what stops a load
    again as soon as it runs must not start it. But what comes and goes all day does not keep it
    off all day: once in a long while it is tried at the first moment that has room.
    """
    found = {}
    for load in site.loads.values():
        reading, known = readings.loads[load.id], memory.load(load.id).delays
        if reading.paused_s > 0 and reading.active:
            found[load.id] = by_person(reading)
            continue
        if reading.command_a or not reading.active:
            continue
        solar = MODES[reading.mode].solar
        if solar and known.rest_until is not None and _rests(known.rest_until, now):
            numbers = {"stops": float(known.stops)}
            found[load.id] = Pause(known.rest_until - now, Reason("rests", numbers))
            continue
        if known.stopped_at is None:
            continue
        length_s = load.stays_off_s
        left_s = _left_s(known.stopped_at, length_s, now)
        if length_s and known.free_at is None:
            found[load.id] = Pause(None, _stopped(known, length_s))
            continue
        tried_s = _left_s(known.stopped_at, TRIES_AFTER * length_s, now)
        free_s = min(_left_s(known.free_at or now, length_s, now), tried_s)
        if (longest_s := max(left_s, free_s)) > 0:
            found[load.id] = Pause(longest_s, _stopped(known, longest_s))
    return found


def _stopped(known: Delays, wait_s: float) -> Reason:
    """A pause for so long, in s, with what the load was stopped for."""
    return Reason("pause", {"wait_s": wait_s, **stop_from_text(known.stopped_for)})


def stop_as_text(reason: Reason) -> str:
    """What a stop with this reason of the allocation is remembered to be for.

    As `Delays.stopped_for` is stored: "circuit garage", "surplus"; "" if no row stopped it.
    """
    if reason.limits is None:
        return ""
    return f"{reason.limits} {reason.numbers.get('circuit', '')}".strip()


def stop_from_text(text: str) -> Numbers:
    """The numbers of a pause for such a text: `stopped_for`, and the `circuit` if it was one."""
    kind, _, circuit = text.partition(" ")
    return {"stopped_for": kind, "circuit": circuit} if circuit else {"stopped_for": kind}


def by_person(reading: LoadReading) -> Pause:
    """The pause that a person asked for; told in whole minutes, as it may last for hours."""
    left_min = float(math.ceil(reading.paused_s / 60.0))
    return Pause(reading.paused_s, Reason("paused_by_you", {"left_min": left_min}))


def _rests(until: float, now: float) -> bool:
    """Whether a rest goes on; one that would last longer than a day is of another clock."""
    return now < until <= now + LONGEST_DAY_S


def _left_s(since: float, length_s: float, now: float) -> float:
    return min(since + length_s - now, length_s)


def freed(
    memory: Memory,
    pauses: Mapping[str, Pause],
    wished: Allocations,
    silent: Container[str],
    now: float,
) -> dict[str, LoadMemory]:
    """What is remembered of room for loads that pause: `wished` is what they would get now.

    Below a `silent` meter nobody can say.
    """
    found = {}
    for load in pauses:
        if load in silent:
            continue
        old = memory.load(load)
        known = old.delays
        free = load in wished and wished[load].amps > TOLERANCE
        free_at = (now if known.free_at is None else known.free_at) if free else None
        if free_at != known.free_at:
            found[load] = replace(old, delays=known.freed(free_at))
    return found


def hold(
    site: Site,
    readings: Readings,
    memory: Memory,
    share: Callable[[Mapping[str, float], frozenset[str]], Allocations],
    now: float,
) -> tuple[Allocations, dict[str, Grace], frozenset[str]]:
    """The allocation in which loads that lack sun hold their minimum, those that do, who makes way.

    `share` allocates with the first amperes of some loads (A per leg) taken from anywhere, and
    without some others.
    One that holds on uses up what there is, so another may come to lack it, and holds on, too. One
    that lacks it only because another starts, which goes first, makes way at once.
    """
    holds: dict[str, Grace] = {}
    shares = share({}, frozenset())
    if not (more := _short(site, readings, memory, shares, holds, now, frozenset())):
        return shares, holds, frozenset()
    starting = frozenset(
        load
        for load, given in shares.items()
        if given.amps > TOLERANCE and memory.load(load).delays.started_at is None
    )
    before = share({}, starting) if starting else shares
    makes_way = frozenset(x for x in more if before[x].amps > TOLERANCE)
    while more := _short(site, readings, memory, shares, holds, now, makes_way):
        holds |= more
        shares = share(minimums(readings, holds), frozenset())
    return shares, holds, makes_way - holds.keys()


def minimums(readings: Readings, loads: Iterable[str]) -> dict[str, float]:
    """The minimum of each of `loads`, A per leg."""
    return {load: readings.loads[load].min_a for load in loads}


def _short(
    site: Site,
    readings: Readings,
    memory: Memory,
    shares: Allocations,
    holds: Mapping[str, Grace],
    now: float,
    makes_way: frozenset[str],
) -> dict[str, Grace]:
    """Loads that run, would be stopped, and have some patience left.

    Those in `makes_way` have none but the shortest time that a plug stays on.
    """
    found = {}
    for load, given in shares.items():
        known, patience = memory.load(load).delays, site.loads[load].patience
        if load in holds or given.amps > TOLERANCE or given.reason.limits not in BRIDGED:
            continue
        if not _runs(readings.loads[load], known):
            continue
        since = now if known.short_at is None else min(known.short_at, now)
        until = since + (0.0 if load in makes_way else patience.grace_s)
        if known.started_at is not None:
            until = max(until, min(known.started_at, now) + patience.min_on_s)
        if until > now:
            found[load] = Grace(since, until - now, given.reason)
    return found


def _runs(reading: LoadReading, known: Delays) -> bool:
    """Whether a load that may lack sun runs: it was told to start, or was found doing so.

    A charger that waits for a car holds its minimum and was never told to start.
    """
    if not (MODES[reading.mode].solar and reading.active):
        return False
    if reading.command_a is None:
        return reading.drawing_a() > 1.0
    return reading.command_a > 0 and known.started_at is not None


def keeps_minimum(site: Site, readings: Readings, memory: Memory) -> dict[str, float]:
    """Loads that go on at their minimum (A), sun or no sun.

    They were stopped too often, or can't be told less.
    """
    return minimums(
        readings,
        (
            load.id
            for load in site.loads.values()
            if (
                _stopped_too_often(load, memory.load(load.id).delays)
                and _runs(readings.loads[load.id], memory.load(load.id).delays)
            )
            or _cannot_stop(readings.loads[load.id])
        ),
    )


def _cannot_stop(reading: LoadReading) -> bool:
    """Whether it goes on whatever it is told: its least setting is above 0."""
    if not reading.active or reading.lost or reading.setpoint.refused or reading.kept_a <= 0:
        return False
    return MODES[reading.mode].solar


def _stopped_too_often(load: Load, known: Delays) -> bool:
    return load.patience.then_holds and 0 < load.patience.most_stops <= known.stops


@dataclass(frozen=True, slots=True)
class NewCommand:
    """What a load is told, A per leg, and what matters for its patience.

    `why` is the reason of its allocation. `makes_way`: another that goes first has started;
    `silent`: a meter above it says nothing, so whether there is room is not known. `changes`: it
    is being switched to another number of phases.
    """

    told_a: float
    why: Reason
    grace: Grace | None
    makes_way: bool
    silent: bool
    changes: bool = False

    @property
    def no_stop(self) -> bool:
        """Whether nothing keeps the load off after this: it is switched, or a person set it so."""
        return self.changes or self.why.family is Family.WANTED

    @property
    def stopped_for(self) -> str:
        """What a stop is remembered to be for, as in `Delays`."""
        if self.silent:
            return "silent"
        if self.makes_way:
            return "makes_way"
        return stop_as_text(self.why)  # "": a raise sees more room than a cut

    @property
    def lacks_sun(self) -> bool:
        """Whether nothing but the weather stops it."""
        return self.why.limits in BRIDGED and not self.makes_way


def remembered(
    load: Load,
    reading: LoadReading,
    memory: LoadMemory,
    new: NewCommand,
    now: float,
    midnight: float,
) -> LoadMemory:
    """The load's memory with when it was told to start or stop, and since when it lacks sun.

    `midnight` (epoch s) is when the day ends.
    """
    delays = _next(load, reading, memory.delays, new, now, midnight)
    return memory if delays is memory.delays else replace(memory, delays=delays)


def _next(
    load: Load, reading: LoadReading, known: Delays, new: NewCommand, now: float, midnight: float
) -> Delays:
    """What is remembered of its starts and stops after this command; before it was `known`."""
    before_a, told_a = reading.command_a, new.told_a
    short_at = new.grace.since if new.grace else None
    if told_a <= TOLERANCE:
        short_at = short_at or known.short_at  # no new grace if it does not stop
    known = known.short(short_at)
    if told_a > TOLERANCE and (known.started_at is None or not before_a):
        return known.started(now)
    if told_a > TOLERANCE or not before_a:
        return known
    if new.no_stop:
        return known.ended()
    stopped = known.stopped(now, new.stopped_for, now if new.silent else None)
    if not (new.lacks_sun and reading.drawing_a() > 1.0):
        return stopped
    most = load.patience.most_stops
    rests = 0 < most <= known.stops + 1 and not load.patience.then_holds
    return stopped.lacked_sun(midnight if rests else None)


def without_car(memory: LoadMemory) -> LoadMemory:
    """Memory of a load that does not take part: what its car did does not count for the next."""
    delays, compliance = Delays(), memory.compliance.without_car()
    if (delays, compliance) == (memory.delays, memory.compliance):
        return memory
    return replace(memory, delays=delays, compliance=compliance)
