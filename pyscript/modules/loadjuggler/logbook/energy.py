"""Energy of each load today, and the sun's share of it.

The draw of a load at one run counts until the next run, at nominal voltage. A gap longer than
`Options.hold_s` counts nothing. At each moment the sun's share is sun / (house + loads), at most 1,
and the same for all loads, because the wires do not tell whose the sun is. Battery power is no sun,
because nobody knows where it came from (docs/decisions/0023). Where the sun is not measured, it is
taken to be what it leaves over beside the house, so the share is rather too low than too high. The
sensors are renewed once a minute, to write less into the database.

Example: a car draws 16 A for 30 min (1 840 Wh). The sun gives 4 600 W, car and house use
3 680 + 1 320 W, so the share is 0.92 and 1 693 Wh of the car's energy came from the sun.
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
"""The sensors get new values at most this often."""


def updated(
    site: Site,
    readings: Readings,
    tallies: Mapping[str, Tally],
    managed: Collection[str],
    supply: Supply,
    utc_offset_s: float,
    options: Options,
) -> dict[str, Tally]:
    """The tallies of all loads, by id, counted up to this run; of those that are off, as they were.

    `tallies` are those of the run before, `managed` the loads whose draw `supply` does not count as
    the house's. A day begins when `utc_offset_s` s ahead of UTC it is midnight.
    """
    now = readings.at
    amps = {
        load: reading.draw.total()
        for load, reading in readings.loads.items()
        if reading.draw is not None
    }
    ours_a = sum([amps[load] for load in managed if load in amps])
    share = solar_share(site, ours_a, supply)
    day = int((now + utc_offset_s) // DAY_S)
    began_at = day * DAY_S - utc_offset_s
    found = {key: tally.resting() for key, tally in tallies.items() if key not in site.loads}
    for load in site.loads:
        power_w = max(amps_to_watts(amps[load], site.voltage_v), 0.0) if load in amps else None
        tally = _counted(tallies.get(load), power_w, share, now, day, began_at, options)
        told_at = tally.told_at
        fresh = told_at is not None and 0 <= now - told_at < TELL_S
        found[load] = tally if fresh else _published(tally, now)
    return found


def solar_share(site: Site, ours_a: float, supply: Supply) -> float | None:
    """The sun's share (0 to 1) of all that loads and house use now; `None`: not known.

    `ours_a` (A over all phases) is what the managed loads draw.
    """
    surplus_a = supply.total_a()
    if surplus_a is None:
        return None
    house_w = max(supply.sun_w - amps_to_watts(surplus_a, site.voltage_v), 0.0)
    use_w = house_w + max(amps_to_watts(ours_a, site.voltage_v), 0.0)
    return min(max(supply.sun_w, 0.0) / use_w, 1.0) if use_w > 0 else None


def _counted(
    before: Tally | None,
    power_w: float | None,
    share: float | None,
    now: float,
    day: int,
    began_at: float,
    options: Options,
) -> Tally:
    """A tally with the energy since the last run; a new `day`, begun at `began_at`, has 0 Wh.

    The sensors show all of the day that has ended before they show the new one. `power_w` is what
    the load draws from now on, and `share` that of the sun in it (0 to 1).
    """
    if before is None:
        return Tally(day, now, power_w=power_w, share=share)
    counts = 0 <= now - before.at <= options.hold_s
    old, since = before, before.at
    if before.day != day:
        ended = _more(before, began_at - before.at) if counts and before.day < day else before
        new = Tally(day, before.at, power_w=before.power_w, share=before.share)
        old, since = _published(new, now, ended), max(before.at, began_at)
    return _more(old, now - since if counts else 0.0, at=now, power_w=power_w, share=share)


def _more(tally: Tally, seconds: float, **then: float | None) -> Tally:
    """A tally with what its load draws in `seconds` (s; less than 0: nothing) more.

    `then` are other fields that it has from there.
    """
    used_wh = (tally.power_w or 0.0) * max(seconds, 0.0) / 3600.0
    known_wh = 0.0 if tally.share is None else used_wh
    return replace(
        tally,
        wh=tally.wh + used_wh,
        known_wh=tally.known_wh + known_wh,
        sun_wh=tally.sun_wh + known_wh * (tally.share or 0.0),
        **then,  # type: ignore[arg-type]  # its names are those of numbers
    )


def _published(tally: Tally, now: float, counted: Tally | None = None) -> Tally:
    """A tally with new values for its sensors, as `counted` there (`None`: as it has them)."""
    shown = counted or tally
    share = 100.0 * shown.sun_wh / shown.known_wh if shown.known_wh > 0 else None
    return replace(tally, told_at=now, told_wh=shown.wh, told_pct=share)
