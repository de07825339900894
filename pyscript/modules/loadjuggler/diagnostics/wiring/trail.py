"""The last 90 s of readings of a meter, and by how much it moved while a load changed.

```
    meter on B   16.0  16.1  16.0        10.1  10.0  10.1     A
                 └── level before ─┘     └─ level after ─┘
    load                     since ───── until
```

Before and after the change the meter must be flat for 3 s; the move is the difference of the two
levels, here -6 A.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...measure.readings import Readings
from ...memory.wiring import DrawChange
from ...site.model import Site

KEPT_S = 90.0
"""Readings are kept for this long, and the two before these."""


APART_S = 0.8
"""Readings that follow each other faster are taken as one: phases may report one after the
other."""


FLAT_S = 3.0
"""A level needs readings that agree and are at least so far apart, ..."""


LOOK_S = 12.0
"""... and at most so far, unless the meter reports more seldom."""


LAG_S = 1.0
"""Times of load and meter may be wrong by this much."""


SILENT_S = 10.0
"""If a meter reports nothing for this long after a change, its last reading counts as the level
after."""


Reading = tuple[float, float, float, float]
"""Epoch s, A on phases A, B and C (0 where there is no such phase)."""


Moved = tuple[float, float, float]


def track_meters(
    site: Site, readings: Readings, trails: Mapping[str, tuple[Reading, ...]]
) -> Mapping[str, tuple[Reading, ...]]:
    """The trails by circuit with the readings of now; a missing meter loses its trail."""
    found: dict[str, tuple[Reading, ...]] = {}
    for circuit, meter in readings.meters.items():
        known = [meter.amps[phase] for phase in site.phases]
        if meter.missing or meter.reported_at is None or None in known:
            continue
        trail = trails.get(circuit, ())
        a, b, c = meter.amps.a or 0.0, meter.amps.b or 0.0, meter.amps.c or 0.0
        if trail and meter.reported_at < trail[-1][0] + APART_S:
            # Its phases report one after the other: the newest values, at the time of the first.
            newest = (trail[-1][0], a, b, c)
            found[circuit] = trail if newest == trail[-1] else (*trail[:-1], newest)
            continue
        oldest = meter.reported_at - KEPT_S
        first = next((i for i, one in enumerate(trail) if one[0] >= oldest), len(trail))
        found[circuit] = (*trail[max(first - 2, 0) :], (meter.reported_at, a, b, c))
    same = len(found) == len(trails) and all(trails.get(k) is t for k, t in found.items())
    return trails if same else found


LATE_S = 20.0
"""A meter that has not moved with a change may be this much later than the load, ..."""


EARLY_S = 10.0
"""... or this much earlier."""


STEADY_S = 60.0
"""A meter may be that late, or early, only for a load that was steady for this long before."""


def steady(change: DrawChange) -> bool:
    """Whether the load was steady before, so that a late reading can't be of an earlier change."""
    return change.steady_since is None or change.since - change.steady_since >= STEADY_S


def moves(
    trail: Sequence[Reading], change: DrawChange, bound: float, flat_a: float, now: float
) -> list[Moved] | None:
    """By how much a meter moved while a load changed: A on phases A, B and C.

    A list, the likeliest move first. The others are for a load that reported too early or too late:
    the move until now, and the move since a little before. An empty list: the readings do not
    suffice yet. `None`: this change can't be judged by this meter.

    A level is flat within `flat_a`. Readings after `bound` (epoch s) are of something else.

    A change can't be judged

    - if the meter moved shortly before the command. A command is often an answer to the house: an
      oven takes 8 A on A and B, A is over its limit, the car on A is cut by 8 A, and only B is seen
      to move.
    - if the meter moved twice, before the load's report and after it: that is a late report, and a
      battery that has answered since.
    """
    since, until = change.since, change.until
    trail = [one for one in trail if one[0] <= bound]
    if not trail:
        return []
    if change.told_at is not None:
        earlier = [one for one in reversed(trail) if one[0] <= change.told_at]
        before = long_before = _level(earlier, flat_a)
    else:
        earlier = [one for one in reversed(trail) if one[0] <= since - LAG_S]
        before = _first_level(earlier, flat_a, since - EARLY_S)
        long_before = _level([one for one in earlier if one[0] <= since - EARLY_S], flat_a)
    later = [one for one in trail if one[0] >= until + LAG_S]
    after = _first_level(later, flat_a, until + LATE_S)
    newest = _level(later[::-1], flat_a)
    last = trail[-1]
    if after is None and last[0] > since and now - max(last[0], until) >= SILENT_S:
        after = last[1:]
    if before is None or long_before is None or after is None:
        return []
    earlier_move, move = _less(before, long_before), _less(after, before)
    if _above(earlier_move, flat_a) and (_above(move, flat_a) or not steady(change)):
        return None
    found = [move]
    if newest is not None and steady(change):
        found.append(_less(newest, before))
    return [*found, _less(after, long_before)]


def _above(move: Moved, flat_a: float) -> bool:
    return any(abs(amps) > flat_a for amps in move)


def _less(after: Moved, before: Moved) -> Moved:
    return after[0] - before[0], after[1] - before[1], after[2] - before[2]


def _first_level(readings: Sequence[Reading], flat_a: float, last: float) -> Moved | None:
    """The first level among `readings`, if it begins before `last` (epoch s)."""
    for start, one in enumerate(readings[:-1]):
        if start and abs(one[0] - readings[0][0]) > abs(last - readings[0][0]):
            return None
        found = _level(readings[start:], flat_a)
        if found is not None:
            return found
    return None


def _level(readings: Sequence[Reading], flat_a: float) -> Moved | None:
    """The mean of the first readings, if they span 3 s and agree within `flat_a`; else `None`."""
    if len(readings) < 2:
        return None
    first, few = readings[0][0], 2
    while few < len(readings) and abs(readings[few - 1][0] - first) < FLAT_S:
        few += 1
    span = abs(readings[few - 1][0] - first)
    if span < FLAT_S or (span > LOOK_S and few > 2):
        return None
    amps = []
    for phase in (1, 2, 3):
        values = [one[phase] for one in readings[:few]]
        if max(values) - min(values) > flat_a:
            return None
        amps.append(sum(values) / few)
    return amps[0], amps[1], amps[2]
