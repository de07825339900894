"""What is not managed below a meter, seen at once while cuts are under way, and ahead on ramps.

A cut counts a car with what it drew before, until 5 s after the command, so that it is not cut
twice (`limits.draws`). Without more this would hide what comes on in these 5 s. Three rules:

**1. A rise is not managed.** Loads that are being cut draw less and less. So what a meter rises
by from run to run is not managed, unless a load was raised. It is at most what would be left if
every load had obeyed by now.

Example, 25 A: the house takes 9 A, a car 16 A. At 0 s an oven (5 A) comes on, the car is told 11 A.
It obeys at 2 s, but its next report comes at 10 s. At 3 s a kettle (8 A) comes on.

    time, s                                     0     1     2     3
    the house takes, A                         14    14    14    22
    the car draws, A                           16    16    11    11
    the meter shows, A                         30    30    25    33
    meter - report (16 A)                      14    14     9    17    hides 5 A of the house
    meter - command (11 A)                     19    19    14    22    the most that is possible
    rises added up, at most the line above     14    14    14    22    what counts

**2. A ramp goes on.** When the sun goes behind a cloud, the import rises for many seconds, and cars
obey some seconds after they are told. If what is not managed has risen by 0.15 A/s
(`rising_a_s`) or more in most of the last 3 runs, it is expected to rise on for 5 s (`follow_s`).
A kettle is no ramp, because it rises once. Example: 0.4 A in each of the last seconds are 2 A more.

**3. What cuts do not cure is cut further.** If a breaker is more than 0.2 A (`over_a`) over its
limit for 2 s (`again_s`) although loads are being cut, 1 A (`again_a`) more counts as not managed.

Sources: docs/product.md section 5 (a limit that is exceeded, or about to be); docs/decisions/0011
and 0012.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ..measure.readings import LoadReading, MeterReading, Readings
from ..memory.limits import Seen, Spot
from ..memory.memory import Memory
from ..options import Options
from ..reasons import RowKind
from ..records import replace
from ..site.model import MAIN, Site
from ..units import TOLERANCE, PerPhase, watts_to_amps
from .constraints import Row, Rows
from .draws import APART_S
from .headroom import Budget

MOST_AHEAD_A = 5.0
"""A ramp is expected to add no more than this, A."""


SAME_TIME_S = 0.1
"""A load's report up to 0.1 s after a meter's report counts as made at the same time."""


SAME_A = 0.5
"""Tolerance for a rise that is explained by raised loads, A.

If loads may have added 6 A, a rise of the meter by 5.5 A to 6.2 A (`over_a`) is theirs. Any other
rise counts as the house's in full: one cut too much is better than a breaker that is too warm.
"""


GAP_DECAY = 0.8
"""The usual gap between two reports is the largest lately: it shrinks by 20 % at each report."""


RUNS = 3
"""A ramp is a rise in most of the last 3 runs."""


@dataclass(frozen=True, slots=True)
class View:
    """What the estimates of a run are worked out from.

    - `obeyed`: the budget in which every load draws the least that it may (for raises).
    - `drawing`: the budget in which every load draws the most that it may (for cuts).
    - `_due_a`: the results of `_due_a` in this run, by (circuit id, since). The phases of a meter
      have mostly been read at the same time.
    """

    site: Site
    readings: Readings
    memory: Memory
    obeyed: Budget
    drawing: Budget
    options: Options
    _due_a: dict[tuple[str, float], float] = field(default_factory=dict, init=False)

    def due_a(self, circuit: str, since: float) -> float:
        """A by which a meter may have risen since `since` because loads below it took more."""
        key = (circuit, since)
        if key not in self._due_a:
            self._due_a[key] = _due_a(self, circuit, since)
        return self._due_a[key]


def estimate(view: View) -> tuple[dict[str, PerPhase], dict[Spot, Seen]]:
    """The least that is not managed on metered circuits, or soon will be; and what to remember.

    Returns A per phase by circuit id, for cuts, and by (circuit id, phase) what was seen. A meter
    that was not read in the last 60 s (`hold_s`) starts anew from what `drawing` has.
    """
    readings, memory, options = view.readings, view.memory, view.options
    least: dict[str, PerPhase] = {}
    # What is known of a meter, such as its usual gap, is kept while it gives nothing.
    silent = {circuit for circuit, meter in readings.meters.items() if meter.missing}
    seen = {key: old for key, old in memory.seen.items() if key[0] in silent} if silent else {}
    for circuit, meter in readings.meters.items():
        found: dict[str, float | None] = {}
        at, limit_a = _read_at(meter, readings), readings.limits_a[circuit]
        drawing = view.drawing.circuits[circuit].unmanaged
        obeyed = view.obeyed.circuits[circuit].unmanaged
        for phase, measured_a in meter.amps.items():
            low, most = drawing[phase], obeyed[phase]
            key = (circuit, phase)
            old = before = memory.seen.get(key)
            if low is None or most is None:
                continue
            if before and (meter.missing or readings.at - before.at > options.hold_s):
                before = None
            if before:
                rose_a = _risen_a(view, circuit, before, measured_a)
                low = max(low, before.unmanaged_a + max(rose_a, 0.0))
            over = measured_a > limit_a + options.over_a
            now_a = min(low, most)
            lately = _lately(before, now_a, readings.at, options)
            seen[key] = one = _next(before, at, measured_a, now_a, over, lately)
            if old and not before:
                seen[key] = one = replace(one, every_s=old.every_s)
            found[phase] = now_a + _ahead_a(view, circuit, one)
        least[circuit] = PerPhase.of(found)
    return least, seen


def _read_at(meter: MeterReading, readings: Readings) -> float:
    """When a meter was read, epoch s."""
    return readings.at if meter.reported_at is None else min(meter.reported_at, readings.at)


def _risen_a(view: View, circuit: str, before: Seen, measured_a: float) -> float:
    """A by which a meter rose since it was seen `before`, without what managed loads explain."""
    rose_a = measured_a - before.measured_a
    if rose_a > 0:
        rose_a -= min(rose_a, _kept_a(view.site, view.readings, circuit))
    due_a = view.due_a(circuit, before.at)
    explained = due_a - SAME_A <= rose_a <= due_a + view.options.over_a
    return rose_a - due_a if explained else rose_a


def estimate_net(view: View) -> dict[str, Seen]:
    """House - sun of the site for cuts, by phase, worked out like what is not managed.

    A car that has obeyed its last cut must not be taken for more sun, or the next cut would come
    too late. The battery's power is added to the meter first, so that a battery which answers a
    change does not hide it. What was seen is also what is to be remembered.
    """
    site, readings, options = view.site, view.readings, view.options
    meter = readings.meters[MAIN]
    each_a = watts_to_amps(readings.energy.battery_w or 0.0, site.voltage_v, len(site.phases))
    at, seen = _read_at(meter, readings), {}
    for phase, measured_a in meter.amps.items():
        low = view.drawing.circuits[MAIN].unmanaged[phase]
        most = view.obeyed.circuits[MAIN].unmanaged[phase]
        if low is None or most is None:
            continue
        before = view.memory.sun.get(phase)
        if before and (meter.missing or readings.at - before.at > options.hold_s):
            before = None
        low += each_a
        if before:
            rose_a = measured_a + each_a - before.measured_a
            due_a = view.due_a(MAIN, before.at)
            low = max(low, before.unmanaged_a + max(rose_a - due_a, 0.0))
        seen[phase] = _next(before, at, measured_a + each_a, min(low, most + each_a), over=False)
    return seen


def _lately(
    before: Seen | None, unmanaged_a: float, at: float, options: Options
) -> tuple[tuple[float, float], ...]:
    """The unmanaged amounts of the last 15 s (`raise_interval_s`) that no later one exceeds.

    As (epoch s, A), the oldest and highest first; the last is `unmanaged_a` of this run, at `at`.
    Example: 5, 9, 7, 3 and 6 A in the last runs leave 9, 7 and 6 A.
    """
    old = before.lately if before else ()
    kept = [
        pair
        for pair in old
        if 0 <= at - pair[0] <= options.raise_interval_s and pair[1] > unmanaged_a
    ]
    return (*kept, (at, unmanaged_a))


def lasting(limits: Sequence[Row], up: Budget, seen: Mapping[Spot, Seen]) -> Sequence[Row]:
    """The rows `limits` of the budget `up`, less the room that has not been there for 15 s.

    The 15 s are `raise_interval_s`. A car that is raised into each dip of the house would be cut
    again a second later (docs/decisions/0013). Rows of other kinds than circuits stay as they are;
    if none changes, the same sequence is returned.
    """
    found = []
    for row in limits:
        one = seen.get((row.circuit, row.phase)) if row.kind == RowKind.CIRCUIT else None
        known_a = up.circuits[row.circuit].unmanaged[row.phase] if one else None
        more_a = one.lately[0][1] - known_a if one and known_a is not None else 0.0
        found.append(replace(row, room=row.room - more_a) if more_a > TOLERANCE else row)
    return Rows(found).like(up.limits) if found != list(limits) else limits


def _next(
    before: Seen | None,
    at: float,
    measured_a: float,
    unmanaged_a: float,
    over: bool = False,
    lately: tuple[tuple[float, float], ...] = (),
) -> Seen:
    """What is to be remembered of a meter that was read at `at` (epoch s).

    `over`: it is clearly over its limit. `lately`: the peaks by `_lately`. Entries of the trail
    that are less than 0.9 s apart count as one.
    """
    now = (at, unmanaged_a)
    if before is None:
        return Seen(measured_a, (now,), at if over else None, 0.0, lately)
    trail = [pair for pair in before.trail if pair[0] <= at - APART_S]
    since = at if before.over_at is None else before.over_at
    gap_s = max(at - before.at, 0.0)
    every_s = max(gap_s, GAP_DECAY * before.every_s) if gap_s else before.every_s
    trail_now = (*trail, now)[-RUNS - 1 :]
    return Seen(measured_a, trail_now, since if over else None, every_s, lately)


def _ahead_a(view: View, circuit: str, seen: Seen) -> float:
    """A to be added to what is not managed: rules 2 and 3 above, the larger."""
    options, rate = view.options, _rising_a_s(seen.trail)
    ahead_a = min(rate * options.follow_s, MOST_AHEAD_A) if rate >= options.rising_a_s else 0.0
    still_over = seen.over_at is not None and seen.at - seen.over_at >= options.again_s
    if still_over and _is_cut(view, circuit):
        ahead_a = max(ahead_a, options.again_a)
    return ahead_a


def _is_cut(view: View, circuit: str) -> bool:
    """Whether a load on `circuit` or below it was cut in the last 5 s (`follow_s`)."""
    for load in view.site.below(circuit):
        reading, now = view.readings.loads[load.id], view.readings.at
        recent = [a for a, until in reading.earlier if now - until <= view.options.follow_s]
        if max(recent, default=0.0) > (reading.command_a or 0.0) + TOLERANCE:
            return True
    return False


def _rising_a_s(trail: tuple[tuple[float, float], ...]) -> float:
    """A per second by which `trail` (epoch s, A) has risen; 0 with fewer than 4 entries.

    It is the mean of the two smaller ones of the last 3 rates: the largest may have been a step.
    Example: rates of 0.2, 0.3 and 8 A/s are 0.25 A/s.
    """
    if len(trail) <= RUNS:
        return 0.0
    rates = sorted([(amps - was) / (later - at) for (at, was), (later, amps) in pairwise(trail)])
    return (rates[0] + rates[1]) / 2.0


def _due_a(view: View, circuit: str, since: float) -> float:
    """A by which a meter may have risen since `since` (epoch s) because loads below it took more.

    For each load it is the rise from the report that the meter showed at `since` to its last
    report, or to its command if it was raised in the last 60 s (`hold_s`) and has not reported 5 s
    after that raise.
    """
    now, options, due_a = view.readings.at, view.options, 0.0
    for load in view.site.below(circuit):
        reading = view.readings.loads[load.id]
        if reading.lost or reading.draw is None or reading.draw_at is None:
            continue
        raised_at = view.memory.load(load.id).pacing.raised_at
        waits = (
            raised_at is not None
            and now - raised_at <= options.hold_s
            and reading.draw_at - raised_at <= options.follow_s
        )
        if not waits and reading.draw_at <= since + SAME_TIME_S:
            continue  # the meter showed its last report already
        most_a = reading.drawing_a()
        if waits:
            most_a = max(most_a, reading.command_a or 0.0)
        due_a += max(most_a - _drew_a(reading, since + SAME_TIME_S), 0.0)
    return due_a


def _kept_a(site: Site, readings: Readings, circuit: str) -> float:
    """A that loads which can't be reached may take up: it is reserved, so it counts as managed."""
    return sum(
        readings.loads[load.id].kept_a
        for load in site.below(circuit)
        if readings.loads[load.id].lost
    )


def _drew_a(reading: LoadReading, at: float) -> float:
    """The largest current on one phase that a load had reported by `at` (epoch s), A."""
    if reading.draw_at is None or reading.draw_at <= at or not reading.drew:
        return reading.drawing_a()
    known = [drawn for when, drawn in reading.drew if when <= at]
    drawn = known[-1] if known else reading.drew[0][1]
    return max((amps for _, amps in drawn.items()), default=0.0)
