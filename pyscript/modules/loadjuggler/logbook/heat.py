"""How warm each breaker is, and whether people must be told: it trips by warmth, not at once.

A breaker carries a little too much for hours and much too much for seconds. IEC 60898-1, table 7,
in multiples of the rating (In): 1.13 for an hour without tripping, cold; 1.45 right after that must
trip within the hour; 2.55 trips in 1 to 60 s, cold. So its warmth is followed as that of a body
which takes up the square of the current, with a time constant of `Options.heat_s` (60 s):

```
    warmth     0 cold     1 as after hours at its limit     1.28 = 1.13², as after hours at 1.13 In
    told                                                    from here on, until it is below 1
```

| current | told after, cold | after hours at 0.8 In | after hours at 1.13 In |
|---|---|---|---|
| 1.08 In (27 A of 25 A) | never | never | never |
| 1.45 In | 56 s | 34 s | at once |
| 2.55 In | 13 s | 7 s | at once |

The import limit is a contract, which knows no 1.13: what is imported is smoothed in the same way,
and told while that is more than the limit (`Options.over_a` on each phase), until it is 5 % below.

Source: docs/decisions/0043.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from ..limits.headroom import Budget
from ..measure.readings import Readings
from ..memory.limits import Spot
from ..memory.logbook import Heat
from ..options import Options
from ..site.model import MAIN, Site
from ..units import watts_to_amps
from .overload import IMPORT

TRIPS = 1.13**2
"""From this warmth on a breaker may trip."""


AT_LIMIT = 1.0
"""So warm is a breaker that has carried its limit for hours; below this a warning ends."""


IMPORT_ENDS = 0.95**2
"""A warning about the import limit ends below this."""


MOST = 10.0
"""No larger multiple of a limit counts: at 5 times a breaker of type B trips at once."""


def updated(
    site: Site,
    readings: Readings,
    before: Mapping[Spot, Heat],
    budget: Budget,
    options: Options,
) -> dict[Spot, Heat]:
    """The warmth of every breaker at this run, by (circuit, phase), from that at the run `before`.

    `budget` has the currents as measured. Where one is not known, warmth stays as it was.
    """
    found = {}
    for spot, times, over in _carried(site, readings, budget, options):
        old = before.get(spot)
        if times is None:
            if old is not None:
                found[spot] = Heat(readings.at, old.heat, old.times, old.hot)
            continue
        heat = _heat(old, times, readings.at, options)
        tells, ends = (TRIPS, AT_LIMIT) if spot != IMPORT else (over**2, IMPORT_ENDS)
        hot = heat >= tells or (old is not None and old.hot and heat >= ends)
        found[spot] = Heat(readings.at, heat, times, hot)
    return found


def hot(warmth: Mapping[Spot, Heat]) -> frozenset[str]:
    """The limits that people must be told of, as `report.About.where` of their warnings."""
    places = (spot if spot != IMPORT else ("", "") for spot, one in warmth.items() if one.hot)
    return frozenset(" ".join(("", *place, "", "")) for place in places)


def _carried(
    site: Site, readings: Readings, budget: Budget, options: Options
) -> Iterator[tuple[Spot, float | None, float]]:
    """(spot, what it carries, where its limit counts as exceeded), both as multiples of the limit.

    `None`: what it carries is not known.
    """
    for circuit, state in budget.circuits.items():
        limit_a = max(readings.limits_a[circuit], 1.0)
        for phase in site.phases:
            draw_a = state.draw[phase]
            times = None if draw_a is None else min(abs(draw_a) / limit_a, MOST)
            yield (circuit, phase), times, 1.0 + options.over_a / limit_a
    if readings.max_import_w is not None and not site.off_grid:
        draw = budget.circuits[MAIN].draw
        limit_a = max(watts_to_amps(readings.max_import_w, site.voltage_v), 1.0)
        total_a = max(draw.total(), 0.0) if draw.covers(site.phases) else None
        times = None if total_a is None else min(total_a / limit_a, MOST)
        yield IMPORT, times, 1.0 + options.over_a * len(site.phases) / limit_a


def _heat(old: Heat | None, times: float, now: float, options: Options) -> float:
    """The warmth at `now` (epoch s), after what was carried since the run before.

    A breaker of which nothing is known has carried what it carries now for long, but no more than
    its limit. Of a longer time without a run (a restart) only `Options.hold_s` count.
    """
    if old is None:
        return min(times**2, AT_LIMIT)
    passed_s = min(max(now - old.at, 0.0), options.hold_s)
    share = 1.0 - math.exp(-passed_s / options.heat_s) if options.heat_s > 0 else 1.0
    return old.heat + (old.times**2 - old.heat) * share
