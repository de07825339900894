"""What the house takes at each meter: all that Load Juggler does not control, tracked in time.

    what the house takes = what the meter shows - what the managed loads draw

What loads draw at a moment is only known within bounds (`limits.draws.Span`): a car that was cut
may have obeyed or not, a car that was raised may have taken it or not. The rule is that **the house
stays as it was, unless the loads can't explain what the meter shows**:

1. What a meter moves by since its last report is the loads', as far as one of them may have moved
   that way: down if one was cut, up if one was raised lately. The rest is the house's, and so is
   every movement that is not larger than the flicker of that meter. A house that has been rising
   steadily is taken to rise on: what the meter falls short of that is the loads'.
2. What the loads draw is then brought within their bounds: at least the sum of all `least`, at most
   the sum of all `most`. But a car that was cut may take less than it was told, by itself. If the
   meter falls by over 1 A more than its cut explains, no raise counts on that before the car has
   reported what it takes (`limits.less`).
3. Loads that use several phases obey on all of them at once (`together.Loads.drawn`).

Example, 25 A, one car that obeys after 2 s and is given 10 s. An oven (5 A) comes on at 0 s, and a
kettle (8 A) at 3 s.

    time, s                     -1     0     1     2     3     5
    the meter shows, A          25    30    30    25    33    22
    the car was told, A         16    11    11    11     0     0
    the car draws, A, at least  16    11    11    11     0     0
                      at most   16    16    16    16    16    16
    the meter moved by, A             +5     0    -5    +8   -11
    that is                        house        car  house   car
    the house takes, A           9    14    14    14    22    22

Nothing is hidden by a car that still obeys, and a car that obeys late is not taken for the house
before its time is over.

**Noise.** The flicker of a meter's phase is a robust figure of its last 40 movements
(`together.flicker_a`).

**A ramp goes on.** When the sun goes behind a cloud, the import rises for many seconds, and cars
obey some seconds after they are told. If what the house takes has risen by 0.15 A/s (`rising_a_s`)
or more in most of the last 3 reports, it is expected to rise on for 5 s (`follow_s`).

**To be sure.** While a breaker is over its limit although loads were cut, each of these counts with
what it draws if it obeys in its usual time. Neither this nor the ramp is ever told as what the
house takes, and neither costs a load its minimum (`Estimate.more_a`).

Sources: docs/product.md section 1 and 5; docs/decisions/0025.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..measure.readings import MeterReading, Readings
from ..memory.limits import Seen, Spot
from ..memory.memory import Memory
from ..options import Options
from ..reasons import RowKind
from ..records import quick, replace
from ..site.model import MAIN, Site
from ..units import TOLERANCE, PerPhase, watts_to_amps
from . import late
from .constraints import Row, Rows
from .headroom import Budget
from .less import less_a
from .supply import battery_amps
from .timeline import APART_S
from .together import RUNS, Loads, SpansAt, Together, ramp_a_s, rest_a

IMPORT: Spot = (MAIN, "")
"""The import limit, which is for all phases together."""


MOST_AHEAD_A = 5.0
"""A ramp is expected to add no more than this, A."""


GAP_DECAY = 0.8
"""The usual gap between two reports is the largest lately: it shrinks by 20 % at each report."""


MOVES = 40
"""The flicker of a meter is judged by its last 40 movements: with 20 it varies by half of it."""


@quick
@dataclass(frozen=True, slots=True)
class Estimate:
    """What the house takes, by (circuit id, phase), in A.

    - `seen`: what it most likely takes, with what is to be remembered.
    - `most_a`: what it may take at most: with the least that every load may draw, while one of them
      may be moving, or nothing was seen before. A raise counts with this.
    - `more_a`: what counts on top of the likely value, to be sure, above the minimums of loads;
      under `IMPORT` for the import limit, over all phases together.
    - `on_main`: what the loads may draw together, at the time of the main meter.
    """

    seen: Mapping[Spot, Seen]
    most_a: Mapping[Spot, float]
    more_a: Mapping[Spot, float]
    on_main: Loads


def estimate(
    site: Site, readings: Readings, memory: Memory, spans: SpansAt, options: Options
) -> Estimate:
    """What the house takes at each meter that is read.

    A meter that was not read in the last 60 s (`hold_s`) starts anew.
    """
    # What is known of a meter, such as its usual gap, is kept while it gives nothing.
    seen = {key: old for key, old in memory.seen.items() if _silent(key, readings)}
    most_a: dict[Spot, float] = {}
    more_a: dict[Spot, float] = {}
    on_main: Loads | None = None
    for circuit, meter in readings.meters.items():
        at = moment(site, readings, memory, circuit, options)
        olds = {phase: memory.seen.get((circuit, phase)) for phase, _ in meter.amps.items()}
        befores = {phase: _before(old, meter, readings, options) for phase, old in olds.items()}
        before_at = max([seen.trail[-1][0] for seen in befores.values() if seen], default=None)
        loads = Loads(site, circuit, spans, at, before_at=before_at)
        if circuit == MAIN:
            on_main = loads
        drawn = loads.drawn(befores, meter.amps, _read_at(meter, readings), options)
        less = less_a(loads, befores, meter.amps, drawn)
        for phase, measured_a in meter.amps.items():
            key, together = (circuit, phase), loads.on(phase)
            house_a = measured_a - drawn[phase]
            seen[key] = now = _seen(
                olds[phase], befores[phase], meter, measured_a, house_a, readings, options
            )
            most_a[key] = _most_a(befores[phase], measured_a, house_a, together)
            if less[phase]:
                seen[key] = replace(now, less_a=less[phase])
                most_a[key] = max(most_a[key], house_a + less[phase])
            rate = ramp_a_s(now, befores.values(), options)
            left_a = rest_a(befores[phase], measured_a, together, drawn[phase])
            more_a[key] = max(min(rate * options.follow_s, MOST_AHEAD_A), left_a)
            if together.falls and measured_a > readings.limits_a[circuit] + options.over_a:
                late_a = max(measured_a - house_a - loads.usual().on(phase).most_a, 0.0)
                more_a[key] = max(more_a[key], late_a)
        if circuit == MAIN and readings.max_import_w is not None:
            more_a[IMPORT] = sum(more_a.get((MAIN, phase), 0.0) for phase in drawn)
            limit_a = watts_to_amps(readings.max_import_w, site.voltage_v)
            if meter.amps.total() > limit_a + options.over_a * len(site.phases):
                late_a = sum(
                    max(drawn_a - loads.usual().on(phase).most_a, 0.0)
                    for phase, drawn_a in drawn.items()
                    if loads.on(phase).falls
                )
                more_a[IMPORT] = max(more_a[IMPORT], late_a)
    return Estimate(seen, most_a, more_a, on_main or Loads(site, MAIN, spans, None))


def _most_a(before: Seen | None, measured_a: float, likely_a: float, together: Together) -> float:
    """A that the house takes at most on a phase: likely `likely_a`, if nothing is moving there."""
    if before is not None and not together.moving:
        return likely_a
    return max(likely_a, measured_a - together.least_a)


def estimate_net(
    site: Site, readings: Readings, memory: Memory, loads: Loads, options: Options
) -> tuple[dict[str, Seen], dict[str, float]]:
    """House - sun of the site by phase: likely, with what is to be remembered; and at most, in A.

    `loads` is what they may draw together at the time of the main meter.

    The battery's power is added to the meter first, so that a battery which answers a change does
    not hide it.
    """
    meter = readings.meters[MAIN]
    given_a = battery_amps(site, readings, readings.energy.battery_w or 0.0)
    befores = {
        phase: _before(memory.sun.get(phase), meter, readings, options)
        for phase, _ in meter.amps.items()
    }
    measured = PerPhase.of({phase: amps + given_a[phase] for phase, amps in meter.amps.items()})
    drawn = loads.drawn(befores, measured, _read_at(meter, readings), options)
    less = less_a(loads, befores, measured, drawn)
    seen: dict[str, Seen] = {}
    most_a: dict[str, float] = {}
    kept = late.kept_net(site, readings, memory, befores, loads, options)
    for phase, measured_a in measured.items():
        old = befores[phase]
        if kept and old is not None:
            most_a[phase] = kept[phase]
            seen[phase] = _seen(old, old, meter, measured_a, kept[phase], readings, options)
            continue
        net_a = measured_a - drawn[phase]
        seen[phase] = _seen(old, old, meter, measured_a, net_a, readings, options)
        most_a[phase] = _most_a(old, measured_a, net_a, loads.on(phase))
        if less[phase]:
            seen[phase] = replace(seen[phase], less_a=less[phase])
            most_a[phase] = max(most_a[phase], net_a + less[phase])
    return seen, most_a


def moment(
    site: Site, readings: Readings, memory: Memory, circuit: str, options: Options
) -> float | None:
    """When the meter of `circuit` was read (epoch s); `None`: now, or there is no meter.

    That is its last report, unless that is longer ago than the gap between its reports usually is
    (at least 5 s, `follow_s`). Then its value is taken as of now: a meter that reports changes only
    has seen none.
    """
    meter = readings.meters.get(circuit)
    if meter is None or meter.reported_at is None:
        return None
    known = [memory.seen.get((circuit, phase)) for phase in site.phases]
    usual_s = max([seen.every_s for seen in known if seen], default=0.0)
    if not usual_s:  # it has spoken only once
        wired = site.circuits[circuit].meter
        usual_s = (wired.interval_s if wired else None) or options.hold_s
    late = readings.at - meter.reported_at > max(usual_s, options.follow_s)
    return None if late else meter.reported_at


def _read_at(meter: MeterReading, readings: Readings) -> float:
    """When a meter was read, epoch s."""
    return readings.at if meter.reported_at is None else min(meter.reported_at, readings.at)


def _silent(key: Spot, readings: Readings) -> bool:
    """Whether the meter of the circuit in `key` gives nothing now."""
    meter = readings.meters.get(key[0])
    return meter is not None and bool(meter.missing)


def _before(
    old: Seen | None, meter: MeterReading, readings: Readings, options: Options
) -> Seen | None:
    """What was seen of a phase; `None` if that is too old, or the meter gives nothing now."""
    if old and (meter.missing or readings.at - old.at > options.hold_s):
        return None
    return old


def _seen(
    old: Seen | None,
    before: Seen | None,
    meter: MeterReading,
    measured_a: float,
    house_a: float,
    readings: Readings,
    options: Options,
) -> Seen:
    """What is to be remembered of a phase of a meter that shows `measured_a` now.

    `old` is what was remembered of it, `before` the same if that still counts.
    """
    lately, read_at = _lately(before, house_a, readings.at, options), _read_at(meter, readings)
    if before is None:
        return Seen(measured_a, ((read_at, house_a),), old.every_s if old else 0.0, lately)
    return _next(before, read_at, measured_a, house_a, lately)


def _lately(
    before: Seen | None, house_a: float, at: float, options: Options
) -> tuple[tuple[float, float], ...]:
    """The unmanaged amounts of the last 10 s (`lasting_s`) that no later one exceeds.

    As (epoch s, A), the oldest and highest first; the last is `house_a` of this run, at `at`.
    Example: 5, 9, 7, 3 and 6 A in the last runs leave 9, 7 and 6 A.
    """
    old = before.lately if before else ()
    lasts_s = min(options.lasting_s, options.raise_interval_s)
    kept = [pair for pair in old if 0 <= at - pair[0] <= lasts_s and pair[1] > house_a]
    return (*kept, (at, house_a))


def lasting(limits: Sequence[Row], up: Budget, seen: Mapping[Spot, Seen]) -> Sequence[Row]:
    """The rows `limits` of the budget `up`, less the room that has not been there for 10 s.

    The 10 s are `lasting_s`. A car that is raised into each dip of the house would be cut
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
    before: Seen,
    at: float,
    measured_a: float,
    unmanaged_a: float,
    lately: tuple[tuple[float, float], ...],
) -> Seen:
    """What is to be remembered of a meter that was read at `at` (epoch s).

    Entries of the trail that are less than 0.9 s apart count as one.
    """
    trail = [pair for pair in before.trail if pair[0] <= at - APART_S]
    gap_s = max(at - before.trail[-1][0], 0.0)
    every_s = max(gap_s, GAP_DECAY * before.every_s) if gap_s else before.every_s
    trail_now = (*trail, (at, unmanaged_a))[-RUNS - 1 :]
    moves_a = before.moves_a
    if gap_s:
        moves_a = (*moves_a[1 - MOVES :], round(measured_a - before.measured_a, 3))
    return Seen(measured_a, trail_now, every_s, lately, moves_a)
