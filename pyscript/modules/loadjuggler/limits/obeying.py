"""Whether a load obeys: what it may yet come to obey, and whether it draws more than it was told.

Currents are A per leg, times epoch s. Sources: docs/product.md section 6; docs/decisions/0006 and
0025.
"""

from __future__ import annotations

import math

from ..measure.readings import LoadReading, Readings
from ..options import Options
from .leg_currents import leg_current_a


def coming_a(reading: LoadReading, now: float, within_s: float) -> float:
    """The largest command that a load may yet come to obey, A per leg; 0: there is none.

    It obeys its commands in order, each within `within_s` (s). So those count that it was told no
    longer ago than that, also if they have been replaced since, or are now. Example: a car that
    obeys after 6 s is told 14 A, and 6 A a second later. It draws 14 A for a second, in 6 s.
    """
    most_a, begun = 0.0, math.inf
    for amps, until in (*reading.earlier, (reading.command_a or 0.0, math.inf)):
        if now - within_s < begun <= now:
            most_a = max(most_a, amps)
        begun = until
    return most_a


def exceeding(readings: Readings, options: Options, woke_at: float | None = None) -> frozenset[str]:
    """Ids of the loads that draw more than they were told.

    `woke_at` is the first run since the start (epoch s). After a power cut a load may hold a newer
    command than what was stored. So for 15 s (`not_following_s`) no command of before counts.
    """
    found = [load for load, reading in readings.loads.items() if overdraws(reading, options)]
    if found and woke_at is not None and readings.at - woke_at < options.not_following_s:
        found = [load for load in found if readings.loads[load].commanded_at is None]
    return frozenset(found)


def overdraws(reading: LoadReading, options: Options) -> bool:
    """Whether a load draws over 1 A (`overdraw_a`) more than all it was told in the last 15 s.

    Those are the 15 s (`not_following_s`) before its last report. A newer command does not begin
    them anew: a charger that is told 8 A, and 0 A 10 s later, and draws 16 A 20 s after the first
    of them follows neither. All its reports of these 15 s must show that: some chargers give all
    that they have for a second or two whenever a profile is renewed.
    """
    if reading.command_a is None or reading.draw_at is None or reading.draw is None:
        return False
    draw, most_a = reading.draw, reading.command_a + options.overdraw_a
    if (draw.a or 0.0) <= most_a and (draw.b or 0.0) <= most_a and (draw.c or 0.0) <= most_a:
        return False  # as nearly always; no leg has more than its phase
    since = reading.draw_at - options.not_following_s
    told_at = reading.commanded_at  # None: it held that already when it was found
    if told_at is not None and told_at > since and not reading.earlier:
        return False  # its first command is too young
    told = [amps for amps, until in reading.earlier if until > since]
    may_a = max(reading.command_a, reading.session.least_a, *told)
    lately = [draw, *[earlier for at, earlier in reading.drew if at > since]]
    return all(leg_current_a(reading, one) > may_a + options.overdraw_a for one in lately)
