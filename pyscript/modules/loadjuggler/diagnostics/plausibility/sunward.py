"""Which way the main meter moves when the sun does, as the solar sensor shows it.

Once a minute the move of the meter is compared with that of the sun, unless a managed load has
changed. The slope of the moves tells what the meter measures:

```
    the sun rises by 3 A on each phase     the meter moves by     slope
    a meter with a sign                        -3 A                -1
    without a sign, while feeding in           +3 A                 1
    the consumption of the house                0 A                 0
```

A meter that has been below 0 has a sign, so none of this is said of it. Clouds give much evidence,
a clear sky little. What the house does by itself is as often up as down.

A meter without a sign rises with the sun only while something is fed in. While something is taken
it falls, as every meter does. So the moves of these two times are summed apart:

```
    the sun gives    the house takes    the meter shows    sun >= meter    something
    16 A             2 A                14 A               yes             may be fed in
    3 A              12 A               9 A                no              is surely taken
```

What managed loads draw is added to what the meter shows: a house that feeds in has at least that
much sun. Over all such a meter may go up as often as down, where the sun is as often above what the
house takes as below.

A solar sensor may be late. Then the meter seems to move with the sun where one cloud follows the
other, so its moves are compared with those of the sun up to five minutes earlier, too. If it moves
against one of these more than with the sun of now, the sensor is late and the meter right.

Example: 30 moves of the sun by 2 A are a sum of squares of 120 A². The meter's moves on A, times
those of the sun, sum to 100 A²: a slope of 0.83. Their correlation is 0.9.
"""

from __future__ import annotations

import math

from ...memory.plausibility import Doubts, MovesWithSun, Sunward
from ...records import replace
from ...site.model import MAIN, Meter
from ...units import DAY_S, watts_to_amps
from .view import Evidence, View, towards, wired

SAMPLE_S = 60.0
"""The moves are those of a minute: the two sensors need not report at the same moment."""


GAP_S = 150.0
"""Samples further apart than this are not compared: what was in between is not known."""


LATE = 5
"""The solar sensor may be late by so many samples."""


STILL_A = 0.5
"""A managed load on a phase has changed if its draw differs by more than this."""


HALF_S = 7200.0
"""The evidence fades by half in this time of samples."""


LEAST_A2 = 35.0
"""Moves of the sun on each phase must sum to this many A² (squares): 9 of 2 A, 35 of 1 A."""


SLOPE = 0.45
"""The meter's move on a phase as a share of the sun's there, if that were spread evenly."""


CORRELATED = 0.6
"""The least correlation of the moves."""


FLAT = 0.25
"""Together the phases of a grid meter move by all of the sun, those of a house meter by none. It is
none if the slope is within this, with two standard errors."""


IMPORT_A = 2.5
"""A meter that shows less than this over all phases may be kept near 0, by a battery that no form
names, or by an inverter that may not feed in."""


UNSIGNED_S = 600.0


HOUSE_S = 1800.0
"""The doubts are told after this long."""


def check(view: View, doubts: Doubts) -> tuple[Doubts, list[Evidence]]:
    """Evidence of a meter without a sign, and of one that measures what the house takes."""
    site = view.site
    circuit, solar = site.circuits[MAIN], site.solar
    if solar is None or circuit.meter is None or site.off_grid:
        return replace(doubts, sunward=None), []
    wiring = f"{solar} {wired(circuit.meter)}"
    old = doubts.sunward if doubts.sunward and doubts.sunward.wiring == wiring else None
    known = _followed(view, old, wiring, circuit.meter)
    lacking = view.without_sign(circuit)
    unsigned = house = None if lacking else False
    phases: list[str] = []
    if known is not None and known.feeding.both and lacking and not circuit.meter.invert:
        phases = [
            phase for phase in lacking if _with_the_sun(known.feeding, site.phases.index(phase))
        ]
        unsigned = True if phases else None
        house = True if lacking == site.phases and _flat(view, known) else None
    on = "" if tuple(phases) == site.phases else ", ".join(phases)
    where: dict[str, float | str] = {"circuit": MAIN, "entity": solar}
    weight = None if lacking else DAY_S  # a sensor that has been below 0 ends it at once
    code, named = "setup_unsigned_sun", {**where, "phase": on}
    return replace(doubts, sunward=known), [
        Evidence(f"unsigned sun {wiring}", code, unsigned, UNSIGNED_S, named, weight),
        Evidence(f"house {wiring}", "setup_meter_house", house, HOUSE_S, where, weight),
    ]


def _followed(view: View, old: Sunward | None, wiring: str, meter: Meter) -> Sunward | None:
    """The evidence with this look, if a minute has passed; unchanged while a sensor is missing."""
    heard, sun_w = view.heard(view.site.circuits[MAIN]), view.readings.energy.solar_w
    now, phases = view.readings.at, view.site.phases
    if heard is None or sun_w is None or (old is not None and 0 <= now - old.at < SAMPLE_S):
        return old
    sign = -1.0 if meter.invert else 1.0
    meter_a = tuple(sign * (heard.amps[phase] or 0.0) for phase in phases)
    sun_a, ours_a = watts_to_amps(sun_w, view.site.voltage_v, len(phases)), _drawn(view)
    if old is None or not _whole(old, len(phases)) or not 0 < now - old.at <= GAP_S:
        if old is not None and _whole(old, len(phases)):
            return replace(old, at=now, sun_a=sun_a, meter_a=meter_a, ours_a=ours_a, moves_a=())
        return Sunward(wiring, now, sun_a, meter_a, ours_a, import_a=sum(meter_a))
    known = replace(
        old,
        at=now,
        sun_a=sun_a,
        meter_a=meter_a,
        ours_a=ours_a,
        moves_a=(sun_a - old.sun_a, *old.moves_a[:LATE]),
        import_a=towards(old.import_a, sum(meter_a), 1.0 - 0.5 ** (SAMPLE_S / 600.0)),
    )
    pairs = zip(old.ours_a, ours_a, strict=True)
    changed = any(abs(before - after) > STILL_A for before, after in pairs)
    return known if changed else _summed(known, old, 0.5 ** ((now - old.at) / HALF_S))


def _whole(old: Sunward, phases: int) -> bool:
    """Whether a remembered record is of so many phases, and nothing is missing in it."""
    if not len(old.meter_a) == len(old.ours_a) == phases:
        return False
    for moves in (old.feeding, old.taking):
        rows = (moves.count, moves.sun2, moves.meter2, *moves.both)
        empty = moves == MovesWithSun()
        if not empty and (
            {len(row) for row in rows} != {phases + 1} or len(moves.both) != LATE + 1
        ):
            return False
    return True


def _summed(known: Sunward, old: Sunward, fades: float) -> Sunward:
    """`known` with its last moves in the sums; what was there before `fades` (0 to 1)."""
    moves = [new - before for before, new in zip(old.meter_a, known.meter_a, strict=True)]
    moves.append(sum(moves))
    feeds = [
        before if before == after else None
        for before, after in zip(_may_feed_in(old), _may_feed_in(known), strict=True)
    ]
    lags = (*known.moves_a, *[0.0] * LATE)[: LATE + 1]
    return replace(
        known,
        feeding=_with(old.feeding, [feed is True for feed in feeds], moves, lags, fades),
        taking=_with(old.taking, [feed is False for feed in feeds], moves, lags, fades),
    )


def _may_feed_in(sample: Sunward) -> list[bool]:
    """Whether something may be fed in on each phase, and on all of them together at last."""
    ours = zip(sample.meter_a, sample.ours_a, strict=True)
    least_a = [meter_a + ours_a for meter_a, ours_a in ours]
    sun_a = [sample.sun_a] * len(least_a)
    return [
        sun >= least
        for sun, least in zip([*sun_a, sum(sun_a)], [*least_a, sum(least_a)], strict=True)
    ]


def _with(
    old: MovesWithSun,
    counts: list[bool],
    moves_a: list[float],
    lags_a: tuple[float, ...],
    fades: float,
) -> MovesWithSun:
    """The sums with the meter's `moves_a`, where they count; what was there before `fades`.

    `lags_a` is by how much the sun moved in this minute and those before.
    """
    none = (0.0,) * len(moves_a)
    now = [moved if counted else 0.0 for counted, moved in zip(counts, moves_a, strict=True)]
    rows = zip(old.both or (none,) * len(lags_a), lags_a, strict=True)
    return MovesWithSun(
        _added(old.count or none, [float(counted) for counted in counts], fades),
        _added(old.sun2 or none, [lags_a[0] ** 2 if counted else 0.0 for counted in counts], fades),
        _added(old.meter2 or none, [move**2 for move in now], fades),
        tuple(_added(row, [lag * move for move in now], fades) for row, lag in rows),
    )


def _added(before: tuple[float, ...], new: list[float], fades: float) -> tuple[float, ...]:
    return tuple(fades * was + now for was, now in zip(before, new, strict=True))


def _drawn(view: View) -> tuple[float, ...]:
    """A per phase that managed loads draw by their reports."""
    totals = dict.fromkeys(view.site.phases, 0.0)
    for load in view.readings.loads.values():
        for phase, amps in load.draw.items() if load.draw else ():
            if phase in totals:
                totals[phase] += amps
    return tuple(totals.values())


def _with_the_sun(moves: MovesWithSun, at: int) -> bool:
    """Whether the meter moves with the sun on the phase in place `at`."""
    both, sun2 = [row[at] for row in moves.both], moves.sun2[at]
    if sun2 < LEAST_A2 or both[0] < SLOPE * sun2 or -min(both) >= both[0]:
        return False
    return both[0] >= CORRELATED * math.sqrt(sun2 * moves.meter2[at])


def _flat(view: View, known: Sunward) -> bool:
    """Whether all phases together do not move with the sun, though much is taken."""
    if view.site.battery or known.import_a < IMPORT_A:
        return False
    phases = len(view.site.phases)
    enough = [
        moves
        for moves in (known.feeding, known.taking)
        if moves.both and moves.sun2[-1] >= 3 * LEAST_A2
    ]
    return bool(enough) and all(_stays(moves, phases) for moves in enough)


def _stays(moves: MovesWithSun, phases: int) -> bool:
    """Whether the meter stays as it is when the sun moves, on all `phases` together."""
    sun2 = moves.sun2[-1]
    slopes = [row[-1] / sun2 / phases for row in moves.both]
    rest = max(moves.meter2[-1] - slopes[0] * phases * moves.both[0][-1], 0.0)
    error = math.sqrt(rest / max(moves.count[-1] - 1.0, 1.0) / sun2) / phases
    return all(abs(slope) + 2.0 * error <= FLAT for slope in slopes)
