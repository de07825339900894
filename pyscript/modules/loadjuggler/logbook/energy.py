"""Energy of each load today, and how much of it the sun gave.

What a load was last seen to draw counts until the next run, at nominal voltage; a gap longer than
the last good value of a sensor is held counts nothing. Of what loads and house use at a moment the
sun covers sun / use, at most all of it, and everyone has the same share: the wires do not tell
whose it is. What a battery gives is not the sun's, as nobody knows where it came from. Where
the sun is not measured it counts with what it leaves over beside the house, so the share is too low
rather than too high. What is told is renewed once a minute, for the database's sake.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from ..limits.supply import Supply
from ..measure.readings import Readings
from ..memory.logbook import Tally
from ..options import Options
from ..records import replace
from ..site.model import Site
from ..units import DAY_S, amps_to_watts

TELL_S = 60.0
"""Between two amounts that are told."""


def follow(
    site: Site,
    readings: Readings,
    tallies: Mapping[str, Tally],
    managed: Collection[str],
    supply: Supply,
    utc_offset_s: float,
    options: Options,
) -> dict[str, Tally]:
    """The tallies of all loads, brought up to this run.

    `managed` are the loads whose draw `supply` does not count as the house's.
    """
    share = solar_share(site, readings, managed, supply)
    found = {}
    for load in site.loads:
        draw = readings.loads[load].draw
        power_w = None if draw is None else max(amps_to_watts(draw.total(), site.voltage_v), 0.0)
        old, known = tallies.get(load), (power_w, share)
        found[load] = _published(
            _counted(old, known, readings.at, utc_offset_s, options), readings.at
        )
    return found


def solar_share(
    site: Site, readings: Readings, managed: Collection[str], supply: Supply
) -> float | None:
    """Share (0 to 1) of all that is used now which the sun covers; `None`: not known."""
    surplus_a = supply.total_a()
    if surplus_a is None:
        return None
    draws = [readings.loads[load].draw for load in managed]
    ours_a = sum(draw.total() for draw in draws if draw is not None)
    house_w = max(supply.sun_w - amps_to_watts(surplus_a, site.voltage_v), 0.0)
    use_w = house_w + max(amps_to_watts(ours_a, site.voltage_v), 0.0)
    return min(max(supply.sun_w, 0.0) / use_w, 1.0) if use_w > 0 else None


def _counted(
    before: Tally | None,
    now_known: tuple[float | None, float | None],
    now: float,
    utc_offset_s: float,
    options: Options,
) -> Tally:
    """A tally with what flowed since the last run; a new day begins at 0.

    `now_known` is what the load draws from now on in W, and the share of the sun (0 to 1).
    """
    day = int((now + utc_offset_s) // DAY_S)
    began_at = day * DAY_S - utc_offset_s
    power_w, share = now_known
    if before is None:
        return Tally(day, now, power_w=power_w, share=share)
    used_wh = known_wh = 0.0
    if before.power_w is not None and 0 <= now - before.at <= options.hold_s:
        used_wh = before.power_w * (now - max(before.at, began_at)) / 3600.0
        known_wh = 0.0 if before.share is None else used_wh
    old = before if before.day == day else Tally(day, before.at)
    return Tally(
        day,
        now,
        old.wh + used_wh,
        old.known_wh + known_wh,
        old.sun_wh + known_wh * (before.share or 0.0),
        power_w,
        share,
        old.told_at,
        old.told_wh,
        old.told_pct,
    )


def _published(tally: Tally, now: float) -> Tally:
    """A tally with what is told renewed, if that is a minute old or of another day."""
    told_at = tally.told_at
    if told_at is not None and 0 <= now - told_at < TELL_S:
        return tally
    share = 100.0 * tally.sun_wh / tally.known_wh if tally.known_wh > 0 else None
    return replace(tally, told_at=now, told_wh=tally.wh, told_pct=share)
