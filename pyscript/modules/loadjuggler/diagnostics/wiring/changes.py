"""Changes of a load's draw: steps from one level to another, by the load's own reports.

A step is complete when the load has reported the new level, and no other, for 4 s. It happened at
some time between the last report of the old level and the first of the new one:

```
    reports    16.0    16.1            10.1    10.0        A
               ├───────┼───────────────┼───────┼─────▶
               0 s     10 s            20 s    25 s
                       since           until   complete: a change of -6 A between 10 and 20 s
```
"""

from __future__ import annotations

from collections.abc import Mapping

from ...measure.readings import LoadReading, Readings
from ...memory.drawn import ByLeg
from ...memory.wiring import DrawChange, Plateau
from ...records import replace
from ...site.model import Load, Site

SAME_A = 0.3
"""Reports that differ by at most 0.3 A on every leg are of the same level."""


LEAST_A = 0.5
"""Smaller changes do not count (docs/product.md section 8)."""


SETTLED_S = 4.0
"""A new level must have stood for this long, without a report of another one."""


REPORT_S = 65.0
"""If the last report of the old level is older, the change may have happened at any time since."""


TAKES_S = 10.0
"""A load changes at most this long after a command."""


SWITCHED_S = 3.0
"""A plug that is not measured changed at most this long before its switch showed it."""


def track_loads(
    site: Site, readings: Readings, plateaus: Mapping[str, Plateau]
) -> tuple[Mapping[str, Plateau], list[DrawChange]]:
    """(the level of each load by id, changes that are complete with this run)."""
    found: dict[str, Plateau] = {}
    changes = []
    same = True
    for load in site.loads.values():
        reading, old = readings.loads[load.id], plateaus.get(load.id)
        if reading.draw is None or reading.draw_at is None or load.id in readings.apart:
            continue  # it starts from nothing: its draw in between is not known
        new, change = _followed(load, reading, reading.draw_at, old, readings.at)
        found[load.id] = new = _with_commands(new, reading)
        same = same and new is old
        if change:
            changes.append(change)
    return (plateaus if same and len(found) == len(plateaus) else found), changes


def _followed(
    load: Load, reading: LoadReading, said_at: float, old: Plateau | None, now: float
) -> tuple[Plateau, DrawChange | None]:
    """The level of a load with its report made at `said_at`, and its change if that is complete."""
    if old is not None and said_at == max(old.base_at, old.new_at):  # no new report
        if old.new is None or now - old.new_at < SETTLED_S:
            return old, None
        return _completed(load, old, old.new_at)
    amps = by_leg(load, reading)
    if old is None:
        return Plateau(amps, said_at), None
    if _same(amps, old.base):
        return replace(old, base_at=said_at, new=None, new_at=0.0), None
    if old.new is None or not _same(amps, old.new):
        return replace(old, new=amps, new_at=said_at), None
    return (old, None) if now - old.new_at < SETTLED_S else _completed(load, old, said_at)


def _with_commands(plateau: Plateau, reading: LoadReading) -> Plateau:
    """`plateau` with the times of commands that the load may still be obeying."""
    last, changed = reading.commanded_at, plateau.changed_at
    told = plateau.told
    if last is not None and (not told or last > told[-1]):
        told = (*told, last)
    first = max(plateau.base_at - TAKES_S, -1.0 if changed is None else changed)
    if min(told, default=first + 1.0) <= first:
        told = tuple(at for at in told if at > first)
    return plateau if told == plateau.told else replace(plateau, told=told)


def _completed(load: Load, old: Plateau, said_at: float) -> tuple[Plateau, DrawChange | None]:
    """The new level, last reported at `said_at`, is the level now; with the change it makes."""
    if old.new is None:
        return old, None
    before = dict(old.base)
    amps = tuple((leg, value - before.get(leg, 0.0)) for leg, value in old.new)
    plateau = Plateau(old.new, said_at, None, 0.0, old.new_at, old.told)
    if max(abs(value) for _, value in amps) < LEAST_A:
        return replace(plateau, changed_at=old.changed_at), None
    quick = load.draws_as_rated
    since = old.new_at - (SWITCHED_S if quick else REPORT_S)
    change = DrawChange(
        load.id,
        amps,
        since=max(old.base_at, since),
        until=old.new_at,
        sure=quick or old.base_at >= since,
        told_at=next((at for at in old.told if at < old.new_at), None),
        steady_since=old.changed_at,
    )
    return plateau, change


def by_leg(load: Load, reading: LoadReading) -> ByLeg:
    """A of each wired leg, as the load reports them; 0 A for a leg that its car does not use."""
    used = dict(reading.legs)
    draw = reading.draw
    return tuple(
        (leg, (draw[phase] or 0.0) if draw and leg in used else 0.0) for leg, phase in load.legs
    )


def _same(one: ByLeg, two: ByLeg) -> bool:
    pairs = zip(one, two, strict=False)
    return len(one) == len(two) and all(a == b and abs(x - y) <= SAME_A for (a, x), (b, y) in pairs)
