"""What rises below a meter: seen at once even while cuts are under way, and ahead of time on ramps.

A car that is being cut is counted with what it drew, until it has had time to obey, so that it is
not cut twice. But when it has obeyed already and an oven comes on, the meter shows both at once,
and the oven would hide behind the car. A car that is being cut draws less and less: so what the
meter rises by from run to run, beyond what a raise may still add, is not managed. It is never
taken to be more than what is left if every car had obeyed by now.

When the sun goes behind a cloud, what is not managed rises for many seconds, and cars obey some
seconds after they are told. If it has risen steadily in the last runs, it is expected to go on for
as long as a car needs to obey. A step (a kettle) is no ramp: it rises once. And where a breaker
stays over its limit although cars are being cut, they are cut a little more than they should need.

Source: docs/product.md section 5, danger: a limit that is exceeded, or about to be.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from statistics import fmean, median

from ..measure.readings import LoadReading, Readings
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
"""More is not expected of any ramp."""


SAME_TIME_S = 0.1
"""A report so soon after a meter's belongs to the same moment."""


SAME_A = 0.5
"""A load takes what it was given up to so much; a rise by less is not what it was given."""


FORGETS = 0.8
"""A gap between reports counts for so much of itself at the next report."""


RUNS = 3
"""A ramp is what most of so many runs in a row show."""


def follow(
    site: Site,
    readings: Readings,
    memory: Memory,
    obeyed: Budget,
    drawing: Budget,
    options: Options,
) -> tuple[dict[str, PerPhase], dict[Spot, Seen]]:
    """What metered circuits carry unmanaged, at least, or soon will; and what to remember of it.

    `obeyed` is the budget in which every load draws the smaller of report and command, `drawing`
    the one in which it still draws what it did. The first result is A per phase by circuit.
    What was not seen a short while ago counts as `drawing` has it.
    """
    cutting = _cutting(site, readings, options)
    least: dict[str, PerPhase] = {}
    # How often a meter speaks is not forgotten while it is silent.
    seen = {key: old for key, old in memory.seen.items() if _silent(key, readings)}
    for circuit, meter in readings.meters.items():
        at = readings.at if meter.reported_at is None else min(meter.reported_at, readings.at)
        found: dict[str, float | None] = {}
        for phase, measured_a in meter.amps.items():
            low = drawing.circuits[circuit].unmanaged[phase]
            most = obeyed.circuits[circuit].unmanaged[phase]
            key = (circuit, phase)
            old = before = memory.seen.get(key)
            if low is None or most is None:
                continue
            if before and (meter.missing or readings.at - before.at > options.hold_s):
                before = None
            if before:
                rose_a = measured_a - before.measured_a
                rose_a -= min(max(rose_a, 0.0), _kept_a(site, readings, circuit))
                due_a = _due_a(site, readings, memory, circuit, before.at, options)
                if due_a - SAME_A <= rose_a <= due_a + options.over_a:
                    rose_a -= due_a  # what loads were just given, and no more
                low = max(low, before.unmanaged_a + max(rose_a, 0.0))
            over = measured_a > readings.limits_a[circuit] + options.over_a
            now_seen = _next(before, at, measured_a, min(low, most), over)
            if old and not before:
                now_seen = replace(now_seen, every_s=old.every_s)
            seen[key] = replace(now_seen, lately=_lately(before, now_seen, readings.at, options))
            ahead_a = _ahead_a(seen[key], circuit in cutting, options)
            found[phase] = seen[key].unmanaged_a + ahead_a
        least[circuit] = PerPhase.of(found)
    return least, seen


def _silent(key: Spot, readings: Readings) -> bool:
    meter = readings.meters.get(key[0])
    return meter is not None and bool(meter.missing)


def follow_sun(
    site: Site,
    readings: Readings,
    memory: Memory,
    obeyed: Budget,
    drawing: Budget,
    options: Options,
) -> dict[str, Seen]:
    """What house less sun and battery are, as a cut may take them to be, by phase.

    In the same way: a car that has obeyed its last cut already must not be taken for more sun, or
    the next cut would come too late. A battery that answers is taken off first.
    """
    meter = readings.meters[MAIN]
    each_a = watts_to_amps(readings.energy.battery_w or 0.0, site.voltage_v, len(site.phases))
    seen = {}
    for phase, measured_a in meter.amps.items():
        low = drawing.circuits[MAIN].unmanaged[phase]
        most = obeyed.circuits[MAIN].unmanaged[phase]
        if low is None or most is None:
            continue
        before = memory.sun.get(phase)
        if before and (meter.missing or readings.at - before.at > options.hold_s):
            before = None
        low += each_a
        if before:
            rose_a = measured_a + each_a - before.measured_a
            due_a = _due_a(site, readings, memory, MAIN, before.at, options)
            low = max(low, before.unmanaged_a + max(rose_a - due_a, 0.0))
        at = readings.at if meter.reported_at is None else min(meter.reported_at, readings.at)
        seen[phase] = _next(before, at, measured_a + each_a, min(low, most + each_a), over=False)
    return seen


def _lately(
    before: Seen | None, now: Seen, at: float, options: Options
) -> tuple[tuple[float, float], ...]:
    """The highest amounts of the last raise interval, each higher than those after it."""
    old = before.lately if before else ()
    kept = [
        pair
        for pair in old
        if 0 <= at - pair[0] <= options.raise_interval_s and pair[1] > now.unmanaged_a
    ]
    return (*kept, (at, now.unmanaged_a))


def lasting(limits: Sequence[Row], up: Budget, seen: Mapping[Spot, Seen]) -> Sequence[Row]:
    """The `limits` of `up` without room that was not there all the last raise interval.

    Who is raised into each dip of the house is cut again at the next moment.
    """
    found = []
    for row in limits:
        one = seen.get((row.circuit, row.phase)) if row.kind == RowKind.CIRCUIT else None
        known_a = up.circuits[row.circuit].unmanaged[row.phase] if one else None
        more_a = one.lately[0][1] - known_a if one and known_a is not None else 0.0
        found.append(replace(row, room=row.room - more_a) if more_a > TOLERANCE else row)
    return Rows(found).like(up.limits) if found != list(limits) else limits


def _next(
    before: Seen | None, at: float, measured_a: float, unmanaged_a: float, over: bool
) -> Seen:
    """What is remembered of a meter, on top of what was known `before`."""
    if before is None:
        return Seen(measured_a, ((at, unmanaged_a),), at if over else None)
    trail = [pair for pair in before.trail if pair[0] <= at - APART_S]
    since = at if before.over_at is None else before.over_at
    gap_s = max(at - before.at, 0.0)
    every_s = max(gap_s, FORGETS * before.every_s) if gap_s else before.every_s
    trail_now = (*trail, (at, unmanaged_a))[-RUNS - 1 :]
    return Seen(measured_a, trail_now, since if over else None, every_s)


def _ahead_a(seen: Seen, cutting: bool, options: Options) -> float:
    """A by which more is to be expected than what is there: on a ramp, or where cuts do not do."""
    rate = _rising_a_s(seen.trail)
    ahead_a = min(rate * options.follow_s, MOST_AHEAD_A) if rate >= options.rising_a_s else 0.0
    if cutting and seen.over_at is not None and seen.at - seen.over_at >= options.again_s:
        ahead_a = max(ahead_a, options.again_a)
    return ahead_a


def _cutting(site: Site, readings: Readings, options: Options) -> set[str]:
    """Circuits below which a load was cut so short a while ago that it may still be obeying."""
    found: set[str] = set()
    for load in site.loads.values():
        reading = readings.loads[load.id]
        recent = [a for a, until in reading.earlier if readings.at - until <= options.follow_s]
        if max(recent, default=0.0) > (reading.command_a or 0.0) + TOLERANCE:
            found.update(site.path(load.circuit))
    return found


def _rising_a_s(trail: tuple[tuple[float, float], ...]) -> float:
    """A per second by which `trail` (epoch s, A) has risen in most of its runs.

    And on the whole, but for the largest rise: that may have been a step.
    """
    if len(trail) <= RUNS:
        return 0.0
    rates = sorted((amps - was) / (later - at) for (at, was), (later, amps) in pairwise(trail))
    return min(median(rates), fmean(rates[:-1]))


def _due_a(
    site: Site, readings: Readings, memory: Memory, circuit: str, since: float, options: Options
) -> float:
    """A by which a meter may have risen since epoch s `since` because loads below it took more.

    What was raised a short while ago, and reports that the meter had not seen then.
    """
    due_a = 0.0
    for load in site.below(circuit):
        reading = readings.loads[load.id]
        if reading.lost or reading.draw is None or reading.draw_at is None:
            continue
        most_a = reading.drawing_a()
        raised_at = memory.load(load.id).pacing.raised_at
        waits = raised_at is not None and readings.at - raised_at <= options.hold_s
        if waits and reading.draw_at - (raised_at or 0.0) <= options.follow_s:
            most_a = max(most_a, reading.command_a or 0.0)
        due_a += max(most_a - _drew_a(reading, since + SAME_TIME_S), 0.0)
    return due_a


def _kept_a(site: Site, readings: Readings, circuit: str) -> float:
    """A that loads of which nothing is heard may take up: reserved, and taken off as managed."""
    return sum(
        readings.loads[load.id].kept_a
        for load in site.below(circuit)
        if readings.loads[load.id].lost
    )


def _drew_a(reading: LoadReading, at: float) -> float:
    """The largest current on one phase that a load had reported by `at`, in A."""
    if reading.draw_at is None or reading.draw_at <= at or not reading.drew:
        return reading.drawing_a()
    known = [drawn for when, drawn in reading.drew if when <= at]
    drawn = known[-1] if known else reading.drew[0][1]
    return max((amps for _, amps in drawn.items()), default=0.0)
