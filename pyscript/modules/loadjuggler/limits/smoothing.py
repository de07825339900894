"""What the sun leaves over, smoothed, so that a small cloud does not cause a command each second.

The surplus and the power that the battery can give are smoothed with a time constant of 2 s
(`smooth_s`). Limits are never smoothed. Meters are not smoothed either: beside a smoothed meter a
car's own rise, which its report shows at once, would look like less house load.

After `t` s the smoothed value has gone the share 1 - exp(-t / 2 s) of the way: runs may come at any
distance in time. Example: a step of 5 A is within 1 A of its end after 3.2 s.

Sources: docs/product.md section 5; docs/decisions/0013.
"""

from __future__ import annotations

import math

from ..memory.limits import Amps, Smooth
from ..options import Options
from ..units import PerPhase
from .supply import Supply


def smoothed_supply(
    now: Supply, before: Smooth | None, at: float, options: Options
) -> tuple[Supply, Smooth]:
    """The smoothed supply, and what to remember of it.

    `before` is what the last run remembered, `at` is now (epoch s). The supply `now` is used as it
    is in the first run, after a gap of over 60 s (`hold_s`), and on a phase where before or now
    is not known.
    """
    seconds = at - before.at if before else -1.0
    if before is None or not 0 <= seconds <= options.hold_s or options.smooth_s <= 0:
        kept = now
    else:
        share = 1.0 - math.exp(-seconds / options.smooth_s)
        sun_w, help_w, reserve_help_w = before.watts
        kept = Supply(
            _towards(before.surplus, now.surplus, share),
            _towards(before.house, now.house, share),
            sun_w + share * (now.sun_w - sun_w),
            help_w + share * (now.help_w - help_w),
            reserve_help_w + share * (now.reserve_help_w - reserve_help_w),
        )
    watts = (kept.sun_w, kept.help_w, kept.reserve_help_w)
    return kept, Smooth(at, _plain(kept.surplus), _plain(kept.house), watts)


def _towards(before: Amps, now: PerPhase, share: float) -> PerPhase:
    """From `before` a `share` of the way to `now`, phase by phase."""
    pairs = zip(before, _plain(now), strict=True)
    return PerPhase(*[x if x is None or b is None else b + share * (x - b) for b, x in pairs])


def _plain(amps: PerPhase) -> Amps:
    """`amps` as a tuple of A, B and C."""
    return (amps.a, amps.b, amps.c)
