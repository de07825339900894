"""Delays: a load holds on before lack of sun stops it, and pauses before it starts again.

- **Grace** (5 min; the form says it): before lack of sun stops a load, it holds its minimum from
  anywhere, as long as the limits let it. Sun that is enough again gives back as much of the grace
  as it lasts (`memory.lasting`). A plug stays on for its shortest time on, too.
- **Pause** (3 min; a plug: its shortest time off): after a stop a load stays off, and starts only
  when there has been room for its minimum, and sun if it lives from that, for as long (`starts`).
- **Rest**: some cars give up when they are stopped often. After 6 stops for lack of sun in a
  session a charger stays off until midnight, or holds its minimum, as the form says.

A limit that is exceeded stops a load at once, and a new mode acts at once.

Example: a solar-only car with a minimum of 6 A. The sun gives 10 A, 3 A from 10 s on, and 8 A again
from 370 s on.

    time, s        0       10             310              370             490
    the sun, A     10       3              3                8               8
    is told, A     10       6              0                0               7.5, soon 8
                   |        |--- grace ----|---------- pause ---------------|
                   runs     lacks sun      stops            has sun         starts

If the sun were back from 200 s on, the car would go on without a stop, and would have all of its
grace again at 390 s. If it were back from 200 s to 210 s only, the car would stop at 330 s. If an
oven filled the breaker from 300 s to 400 s, the pause would last until the minimum has been free
for 180 s: to 580 s.

Times are epoch s. Sources: docs/product.md section 5; docs/decisions/0009, 0013 and 0014.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from ..measure.readings import LoadReading, Readings
from ..memory.memory import Memory
from ..memory.timers import Delays
from ..options import DEFAULTS
from ..reasons import Numbers, Outcome, Reason
from ..records import quick, replace
from ..sharing.allocate import Shares
from ..site.model import Load, Site
from ..site.modes import MODES
from ..units import TOLERANCE
from . import starts
from .starts import BRIDGED, LACKED

LONGEST_DAY_S = 25 * 3600.0
"""The day on which clocks are set back to winter time has 25 hours."""


@quick
@dataclass(frozen=True, slots=True)
class Grace:
    """A load that holds its minimum although it lacks sun.

    - `since`: since when it lacks sun, epoch s; sun that came between is taken away.
    - `left_s`: after this many s it stops.
    - `reason`: why its allocation is 0 A.
    """

    since: float
    left_s: float
    reason: Reason

    def told(self) -> Reason:
        """The reason that people are told: what the load lacks, and when it stops."""
        numbers = {**self.reason.numbers, "wait_s": self.left_s}
        return replace(self.reason, outcome=Outcome.GRACE, numbers=numbers)


@quick
@dataclass(frozen=True, slots=True)
class Pause:
    """A load that stays off for a while.

    - `left_s`: it stays off for this many s more. `None`: until the limits have room for its
      minimum.
    - `reason`: why it stays off.
    """

    left_s: float | None
    reason: Reason


def pausing(
    site: Site, readings: Readings, memory: Memory, now: float, start_s: float = DEFAULTS.start_s
) -> dict[str, Pause]:
    """By load id: the pause of each load that stays off at `now` (epoch s).

    After a stop it lasts for the load's pause, and until there has been room for its minimum for as
    long. A load that lives from the sun and has yet to begin waits for sun that has lasted for
    `start_s` (s). Pauses of a person, and rests after too many stops, are among them. See `starts`.
    """
    found = {}
    for load in site.loads.values():
        reading, known = readings.loads[load.id], memory.load(load.id).delays
        if not reading.active:
            continue
        if reading.paused_s > 0:
            found[load.id] = by_person(reading)
            continue
        begins = starts.begins(reading, known)
        if reading.command_a and not begins:
            continue
        solar = MODES[reading.mode].solar
        if solar and known.rest_until is not None and _rests(known.rest_until, now):
            numbers = {"stops": float(known.stops)}
            found[load.id] = Pause(known.rest_until - now, Reason("rests", numbers))
        elif known.stopped_at is not None or begins:
            lasts_s = starts.lasts_s(load, reading, known, now, start_s)
            waits = _after_stop(known, load.stays_off_s, lasts_s, now)
            if begins:
                waits = _first_start(known, reading.min_a, lasts_s, now)
            if waits is not None:
                found[load.id] = waits
    return found


def _first_start(known: Delays, min_a: float, lasts_s: float, now: float) -> Pause | None:
    """The wait of a load that has yet to begin, until the sun has lasted for `lasts_s` (s)."""
    left_s = lasts_s - known.free_s(now)
    if left_s <= 0:
        return None
    numbers = {"to_a": min_a, "wait_s": math.ceil(left_s / 5) * 5.0}
    there = known.free_at is not None and known.gone_at is None
    return Pause(left_s if there else None, Reason("start_waits", numbers))


def _after_stop(known: Delays, length_s: float, lasts_s: float, now: float) -> Pause | None:
    """The pause of `length_s` (s) after a stop, until there has been room for `lasts_s` (s)."""
    left_s = _left_s(known.stopped_at or now, length_s, now)
    there = known.free_at is not None and known.gone_at is None
    if not there and (length_s or lasts_s):
        if left_s > 0 and known.stopped_for in LACKED:
            return Pause(left_s, _stopped(known, left_s))
        return Pause(None, _stopped(known, max(length_s, lasts_s)))
    longest_s = max(left_s, lasts_s - known.free_s(now))
    return Pause(longest_s, _stopped(known, longest_s)) if longest_s > 0 else None


def _stopped(known: Delays, wait_s: float) -> Reason:
    """The reason of a pause of `wait_s` (s), with what the load was stopped for."""
    return Reason("pause", {"wait_s": wait_s, **stop_from_text(known.stopped_for)})


def stop_as_text(reason: Reason) -> str:
    """What stopped a load, as `Delays.stopped_for` stores it; `reason` is that of its allocation.

    Examples: "circuit garage", "surplus"; "" if no row stopped it.
    """
    if reason.limits is None:
        return ""
    return f"{reason.limits} {reason.numbers.get('circuit', '')}".strip()


def stop_from_text(text: str) -> Numbers:
    """The reverse: `stopped_for` as the numbers of a reason, with the `circuit` if it was one."""
    kind, _, circuit = text.partition(" ")
    return {"stopped_for": kind, "circuit": circuit} if circuit else {"stopped_for": kind}


def by_person(reading: LoadReading) -> Pause:
    """The pause that a person asked for. Its reason is in whole minutes: it may last for hours."""
    left_min = float(math.ceil(reading.paused_s / 60.0))
    return Pause(reading.paused_s, Reason("paused_by_you", {"left_min": left_min}))


def _rests(until: float, now: float) -> bool:
    """Whether a rest until `until` (epoch s) goes on.

    One of more than 25 h was set before the clock was set back, so it is over.
    """
    return now < until <= now + LONGEST_DAY_S


def _left_s(since: float, length_s: float, now: float) -> float:
    """What is left of `length_s` (s) since `since` (epoch s); negative if it is over."""
    return min(since + length_s - now, length_s)


def hold(
    site: Site,
    readings: Readings,
    memory: Memory,
    share: Callable[[Mapping[str, float], frozenset[str]], Shares],
    now: float,
) -> tuple[Shares, dict[str, Grace], frozenset[str]]:
    """The allocation in which loads that lack sun hold their minimum for their grace.

    `share` allocates: its first argument is the A per leg by load id that need not come from a
    source, its second the ids of the loads that are left out.

    Returns the allocation, the loads that hold their minimum, and the ids of the loads that make
    way: they lack sun only because a load that goes first starts now, so they have no grace
    (docs/decisions/0009). A load that holds its minimum uses up the sun, so another one may come to
    lack sun and hold its minimum, too; that is repeated until no load is added.
    """
    holds: dict[str, Grace] = {}
    shares = share({}, frozenset())
    if not (more := _short(site, readings, memory, shares, holds, now, frozenset())):
        return shares, holds, frozenset()
    starting = frozenset(
        load
        for load, amps in shares.amps.items()
        if amps > TOLERANCE and memory.load(load).delays.started_at is None
    )
    before = share({}, starting) if starting else shares
    makes_way = frozenset([x for x in more if before.amps[x] > TOLERANCE])
    if makes_way:
        more = _short(site, readings, memory, shares, holds, now, makes_way)
    while more:
        holds |= more
        shares = share(minimums(readings, holds), frozenset())
        more = _short(site, readings, memory, shares, holds, now, makes_way)
    return shares, holds, makes_way - holds.keys()


def minimums(readings: Readings, loads: Iterable[str]) -> dict[str, float]:
    """The minimum of each of `loads`, A per leg by load id."""
    return {load: readings.loads[load].min_a for load in loads}


def _short(
    site: Site,
    readings: Readings,
    memory: Memory,
    shares: Shares,
    holds: Mapping[str, Grace],
    now: float,
    makes_way: frozenset[str],
) -> dict[str, Grace]:
    """By load id: loads that run, get 0 A in `shares` for lack of sun, and have grace left.

    Loads in `holds` are left out: they hold their minimum already. Loads in `makes_way` have no
    grace, but a plug among them stays on for its shortest time.
    """
    found = {}
    for load, amps in shares.amps.items():
        if amps > TOLERANCE or load in holds:
            continue
        known, patience = memory.load(load).delays, site.loads[load].patience
        if not _runs(readings.loads[load], known):
            continue
        since = now - known.short_s(now)
        until = since + (0.0 if load in makes_way else patience.grace_s)
        if known.started_at is not None:
            until = max(until, min(known.started_at, now) + patience.min_on_s)
        if until > now and (reason := shares[load].reason).limits in BRIDGED:
            found[load] = Grace(since, until - now, reason)
    return found


def _runs(reading: LoadReading, known: Delays) -> bool:
    """Whether a load that lives from the sun runs: it was told to start, or was found drawing.

    A charger that waits for a car was told its minimum, but not to start: it has no grace.
    """
    if not (MODES[reading.mode].solar and reading.active):
        return False
    if reading.command_a is None:
        return reading.drawing_a() > 1.0
    return reading.command_a > 0 and known.started_at is not None


def keeps_minimum(site: Site, readings: Readings, memory: Memory) -> dict[str, float]:
    """The minimum, A per leg by load id, of loads that hold it whether there is sun or not.

    They were stopped too often for lack of sun and hold their minimum by their form, or they can't
    be told less than that.
    """
    found = {}
    for load in site.loads.values():
        reading, holds = readings.loads[load.id], False
        if load.patience.then_holds:
            known = memory.load(load.id).delays
            holds = _stopped_too_often(load, known) and _runs(reading, known)
        if holds or _cannot_stop(reading):
            found[load.id] = reading.min_a
    return found


def _cannot_stop(reading: LoadReading) -> bool:
    """Whether a load that lives from the sun can't be told 0 A: its least setting is above 0."""
    if reading.kept_a <= 0 or not reading.active or reading.lost or reading.setpoint.refused:
        return False
    return MODES[reading.mode].solar


def _stopped_too_often(load: Load, known: Delays) -> bool:
    """Whether a load holds its minimum because of its stops for lack of sun in this session."""
    return load.patience.then_holds and 0 < load.patience.most_stops <= known.stops
