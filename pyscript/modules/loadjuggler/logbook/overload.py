"""Time over a limit today: for how long and by how much each breaker carried too much, and why.

**What counts.** A limit is exceeded if the current is more than `Options.over_a` (0.2 A) above it;
less is the resolution of meters. Then all current above the limit counts. A reserve lies below the
limit and never counts. A reading of a meter counts until the next run, at most `Options.hold_s`
after the meter's last report. While a meter is missing nothing is counted.

**Whose it is.** The cause is *not managed* as far as the limit would be exceeded without the
managed loads, and *managed* for the rest. A car that is still obeying a cut, or does not follow it,
is managed. A second counts as not managed if the limit would be exceeded without the managed loads.

Example, 25 A breaker, one phase:

```
                        above      in 10 s    managed    not managed
    house 14, car 14    28: 3 A     30 A·s     30 A·s         0 A·s   10 s managed
    house 27, car 16    43: 18 A   180 A·s    160 A·s        20 A·s   10 s not managed
```

The import limit is one more limit, in A over all phases together.

Source: docs/product.md section 7. How much a breaker stands, and how long: IEC 60898-1, table 7.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from ..limits.draws import least_draw
from ..limits.headroom import Budget
from ..measure.readings import Problem, Readings
from ..memory.limits import Seen, Spot
from ..memory.logbook import Overload, OverTime
from ..options import Options
from ..reasons import Reason
from ..records import replace
from ..report import ImportOverReport, OverReport
from ..site.model import MAIN, Site
from ..units import DAY_S, TOLERANCE, PerPhase, amps_to_watts, watts_to_amps

IMPORT = (MAIN, "")
"""Key of the import limit, which is for all phases together. Breakers have (circuit, phase)."""

MOST_A = 1e6
"""No wire in a house carries more. A larger reading counts as this much."""

NEVER = OverReport()

NEVER_KNOWN = OverReport(known=False)

IMPORT_NEVER = ImportOverReport(known=True)

IMPORT_NEVER_KNOWN = ImportOverReport(known=False)


@dataclass(frozen=True, slots=True)
class OverloadReports:
    """Time over limits for the report: by circuit and phase, of the import limit, and warnings.

    `hot`: the limits that people must be told of (`heat.hot`).
    """

    circuits: Mapping[str, Mapping[str, OverReport]]
    site: ImportOverReport | None
    problems: tuple[Problem, ...] = ()
    hot: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class _Clock:
    """Now (epoch s), the local day (days since 1970), and when that day began (epoch s)."""

    now: float
    day: int
    midnight: float


def updated(
    site: Site,
    readings: Readings,
    before: Mapping[Spot, OverTime],
    managed: Collection[str],
    budgets: tuple[Budget, Budget],
    seen: Mapping[Spot, Seen],
    utc_offset_s: float,
    options: Options,
) -> tuple[dict[Spot, OverTime], OverloadReports]:
    """Count the time over limits up to this run: (what to remember, what to report).

    - `before`: what was remembered, by (circuit, phase).
    - `managed`: ids of the loads that are managed now.
    - `budgets`: the one for raises, which has the currents as measured, and the one for cuts.
    - `seen`: what was not managed at the meters.

    The day is that of `readings.at` + `utc_offset_s`. It never goes back by one, so a clock that is
    set back over midnight does not begin it twice.
    """
    day = math.floor((readings.at + utc_offset_s) / DAY_S)
    clock = _Clock(readings.at, day, day * DAY_S - utc_offset_s)
    looks = dict(_overloads(site, readings, managed, budgets, seen, options))
    over: dict[Spot, OverTime] = {}
    for key in (*before, *(key for key in looks if key not in before)):
        look = looks.get(key)
        known = look is not None and look.until >= clock.now
        found = _next(before.get(key), look if known else None, clock)
        if found is not None and _exists(key, site, readings):
            over[key] = found
    return over, _reports(site, readings, budgets[0], looks, over, utc_offset_s)


def _exists(key: Spot, site: Site, readings: Readings) -> bool:
    if key == IMPORT:
        return readings.max_import_w is not None
    circuit, phase = key
    return circuit in site.circuits and phase in site.phases


# --- what is over its limit now ------------------------------------------------------------------


def _overloads(
    site: Site,
    readings: Readings,
    managed: Collection[str],
    budgets: tuple[Budget, Budget],
    seen: Mapping[Spot, Seen],
    options: Options,
) -> Iterator[tuple[Spot, Overload]]:
    """Every limit that is exceeded now, by key.

    `until` is 0 where a meter is missing: the reading is an old one and counts no more.
    """
    now = readings.at
    reported: dict[str, PerPhase] = {}  # by circuit, of those over their limit

    def not_ours_a(circuit: str, phase: str, draw_a: float) -> float:
        if circuit not in reported:
            reported[circuit] = _reported(site, readings, managed, circuit)
        estimate_a = _unmanaged_a(circuit, phase, budgets, seen)
        rest_a = draw_a - (reported[circuit][phase] or 0.0)
        return max(-MOST_A, min(estimate_a, rest_a, MOST_A))

    for circuit, state in budgets[0].circuits.items():
        limit_a = readings.limits_a[circuit]
        most_a = limit_a + options.over_a + TOLERANCE
        for phase, draw_a in state.draw.items():
            if draw_a > most_a:
                rest_a = not_ours_a(circuit, phase, draw_a)
                until = _stands_until(site, readings, circuit, phase, options) or 0.0
                seen_a = min(draw_a, MOST_A)
                found = Overload(now, now, until, seen_a, rest_a, limit_a, rest_a > most_a)
                yield (circuit, phase), found
    draw = budgets[0].circuits[MAIN].draw
    if readings.max_import_w is None or site.off_grid:
        return
    limit_a = watts_to_amps(readings.max_import_w, site.voltage_v)
    most_a = limit_a + options.over_a * len(site.phases) + TOLERANCE
    if draw.total() > most_a and draw.covers(site.phases):
        rest_a = sum(not_ours_a(MAIN, phase, amps) for phase, amps in draw.items())
        ends = [_stands_until(site, readings, MAIN, phase, options) for phase in site.phases]
        until = min(end or 0.0 for end in ends)
        total_a = min(draw.total(), MOST_A)
        yield IMPORT, Overload(now, now, until, total_a, rest_a, limit_a, rest_a > most_a)


def _unmanaged_a(
    circuit: str, phase: str, budgets: tuple[Budget, Budget], seen: Mapping[Spot, Seen]
) -> float:
    """A that are not managed, without the current of a car that is still obeying a cut."""
    known = seen.get((circuit, phase))
    if known is not None:
        return known.unmanaged_a
    amounts = [budget.circuits[circuit].unmanaged[phase] for budget in budgets]
    return min((a for a in amounts if a is not None), default=0.0)


def _reported(site: Site, readings: Readings, managed: Collection[str], circuit: str) -> PerPhase:
    """A per phase that managed loads draw by their reports, whatever they were told.

    A report that is older than the command counts as for a raise: the smaller of the two.
    """
    a = b = c = 0.0
    for load in site.below(circuit):
        reading = readings.loads[load.id]
        if load.id not in managed or reading.draw is None or reading.draw_at is None:
            continue
        told_at = reading.commanded_at
        since = told_at is None or reading.draw_at >= told_at
        counted = reading.draw if since else least_draw(reading)
        a += counted.a or 0.0
        b += counted.b or 0.0
        c += counted.c or 0.0
    return PerPhase(a, b, c)


def _stands_until(
    site: Site, readings: Readings, circuit: str, phase: str, options: Options
) -> float | None:
    """Until when (epoch s) the reading of a circuit counts; `None`: a meter is missing.

    A breaker without a meter has the readings of the meters below it; the draws of its loads count
    until the next run.
    """
    wired, meter = site.circuits[circuit].meter, readings.meters.get(circuit)
    entity = dict(wired.entities).get(phase) if wired else None
    if entity is not None and meter is not None:
        if entity in meter.missing or meter.reported_at is None:
            return None
        return min(meter.reported_at, readings.at) + options.hold_s
    below = site.next_below(circuit)
    ends = [_stands_until(site, readings, one, phase, options) for one in below]
    known = [end for end in ends if end is not None]
    if len(known) < len(ends):
        return None
    return min(known, default=readings.at + options.hold_s)


# --- what is remembered of it --------------------------------------------------------------------


def _next(before: OverTime | None, look: Overload | None, clock: _Clock) -> OverTime | None:
    """What is remembered after a `look` (`None`: not exceeded, or not known); `None`: nothing."""
    counted = _counted(before, clock)
    if look is None:
        return replace(counted, going=None) if counted and counted.going else counted
    last = before.going if before else None
    if last and last.until >= clock.now:  # otherwise the time in between is not known
        look = replace(look, since=min(last.since, clock.now))
    return replace(_with_worst(counted or OverTime(clock.day), look, look.at), going=look)


def _counted(before: OverTime | None, clock: _Clock) -> OverTime | None:
    """`before` with the time from its last look to now; time before midnight is not counted."""
    if before is None:
        return None
    going = before.going
    start = going.at if going else 0.0
    if clock.day > before.day or clock.day < before.day - 1:
        if going is None or not going.at <= clock.now or going.until <= clock.midnight:
            return None
        start = max(start, clock.midnight)
        before = _with_worst(OverTime(clock.day, going=going), going, start)
    seconds = max(min(clock.now, going.until) - start, 0.0) if going else 0.0
    if going is None or not seconds:
        return before
    above_a = going.draw_a - going.limit_a
    not_ours_a = min(max(going.unmanaged_a - going.limit_a, 0.0), above_a)
    return replace(
        before,
        managed_s=before.managed_s + (0.0 if going.alone else seconds),
        unmanaged_s=before.unmanaged_s + (seconds if going.alone else 0.0),
        managed_as=before.managed_as + (above_a - not_ours_a) * seconds,
        unmanaged_as=before.unmanaged_as + not_ours_a * seconds,
    )


def _with_worst(over: OverTime, look: Overload, at: float) -> OverTime:
    if look.draw_a - look.limit_a <= over.worst_a - over.worst_limit_a:
        return over
    return replace(over, worst_a=look.draw_a, worst_limit_a=look.limit_a, worst_at=at)


# --- what is told of it --------------------------------------------------------------------------


def _reports(
    site: Site,
    readings: Readings,
    budget: Budget,
    looks: Mapping[Spot, Overload],
    over: Mapping[Spot, OverTime],
    utc_offset_s: float,
) -> OverloadReports:
    circuits: dict[str, dict[str, OverReport]] = {}
    for circuit, state in budget.circuits.items():
        known = dict(state.draw.items())
        circuits[circuit] = {p: NEVER if p in known else NEVER_KNOWN for p in site.phases}
    for (circuit, phase), counted in over.items():
        if circuit in circuits and phase in site.phases:
            circuits[circuit][phase] = _of_breaker(counted, utc_offset_s)
    of_site = None
    if readings.max_import_w is not None and not site.off_grid:
        draw = budget.circuits[MAIN].draw
        whole = draw.covers(site.phases)
        of_site = _of_import(over.get(IMPORT), whole, site.voltage_v, utc_offset_s)
    problems = [_problem(key, look, over.get(key), site) for key, look in looks.items()]
    return OverloadReports(circuits, of_site, tuple(problems))


def _of_breaker(over: OverTime, utc_offset_s: float) -> OverReport:
    return OverReport(
        managed_s=over.managed_s,
        unmanaged_s=over.unmanaged_s,
        managed_as=over.managed_as,
        unmanaged_as=over.unmanaged_as,
        worst_a=over.worst_a,
        worst_times=_times(over.worst_a, over.worst_limit_a),
        worst_at=_local(over.worst_at, utc_offset_s),
    )


def _of_import(
    over: OverTime | None, known: bool, voltage_v: float, utc_offset_s: float
) -> ImportOverReport:
    if over is None:
        return IMPORT_NEVER if known else IMPORT_NEVER_KNOWN
    return ImportOverReport(
        managed_s=over.managed_s,
        unmanaged_s=over.unmanaged_s,
        managed_wh=amps_to_watts(over.managed_as, voltage_v) / 3600,
        unmanaged_wh=amps_to_watts(over.unmanaged_as, voltage_v) / 3600,
        worst_w=amps_to_watts(over.worst_a, voltage_v),
        worst_times=_times(over.worst_a, over.worst_limit_a),
        worst_at=_local(over.worst_at, utc_offset_s),
    )


def _times(draw_a: float, limit_a: float) -> float | None:
    return draw_a / limit_a if limit_a > 0 else None


def _local(at: float, utc_offset_s: float) -> str:
    """Epoch s as local time, ISO 8601."""
    zone = timezone(timedelta(seconds=utc_offset_s)) if utc_offset_s else UTC
    return datetime.fromtimestamp(at, zone).isoformat(timespec="seconds")


def _problem(key: Spot, look: Overload, over: OverTime | None, site: Site) -> Problem:
    """The warning about a limit that is exceeded, with the numbers of its sentence."""
    going = over.going if over else None
    for_s = min(look.at, going.until) - going.since if going else 0.0
    amounts = {
        "draw": look.draw_a,
        "above": look.draw_a - look.limit_a,
        "limit": look.limit_a,
        "unmanaged": look.unmanaged_a,
    }
    numbers: dict[str, float | str] = {"for_s": for_s}
    if key == IMPORT:
        watts = {f"{k}_w": amps_to_watts(a, site.voltage_v) for k, a in amounts.items()}
        numbers |= {name: round(value) for name, value in watts.items()}
        return Problem(Reason("import_over_unmanaged" if look.alone else "import_over", numbers))
    circuit, phase = key
    numbers |= {f"{name}_a": round(amps, 1) for name, amps in amounts.items()}
    numbers |= {"circuit": circuit, "phase": phase}
    return Problem(Reason("overload_unmanaged" if look.alone else "overload", numbers))
