"""What the sun leaves over, smoothed, so that flicker does not cause a command each second.

The surplus and the power that the battery can give are smoothed with a time constant of 2 s
(`smooth_s`), as long as they move by no more than the meters flicker. What moves by more is a step
of the sun or the house: it counts at once and in full, because waiting would teach nothing new.
Limits are never smoothed. Meters are not smoothed either: beside a smoothed meter a car's own rise,
which its report shows at once, would look like less house load.

Within the flicker, after `t` s the smoothed value has gone the share 1 - exp(-t / 2 s) of the way:
runs may come at any distance in time.

Example: the surplus flickers by 0.1 A around 8 A, and a cloud takes 5 A of it. The flicker is
smoothed; the 3 A that are left count in the run in which they are seen.

Sources: docs/product.md section 5; docs/decisions/0013 and 0025.
"""

from __future__ import annotations

import math

from ..memory.limits import Amps, Smooth
from ..options import Options
from ..units import PerPhase
from .supply import Supply


def smoothed_supply(
    now: Supply, before: Smooth | None, at: float, noise_a: float, options: Options
) -> tuple[Supply, Smooth]:
    """The smoothed supply, and what to remember of it.

    `before` is what the last run remembered, `at` is now (epoch s). The supply `now` is used as it
    is in the first run, after a gap of over 60 s (`hold_s`), on a phase where before or now is not
    known, and if the surplus of a phase has moved by more than `noise_a` (A).
    """
    seconds = at - before.at if before else -1.0
    fresh = before is None or not 0 <= seconds <= options.hold_s or options.smooth_s <= 0
    if before is None or fresh or _moved(before.surplus, now.surplus, noise_a):
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


def _moved(before: Amps, now: PerPhase, noise_a: float) -> bool:
    """Whether the surplus of a phase has moved by more than `noise_a`."""
    pairs = zip(before, _plain(now), strict=True)
    return any(x is not None and b is not None and abs(x - b) > noise_a for b, x in pairs)


def _towards(before: Amps, now: PerPhase, share: float) -> PerPhase:
    """From `before` a `share` of the way to `now`, phase by phase."""
    pairs = zip(before, _plain(now), strict=True)
    return PerPhase(*[x if x is None or b is None else b + share * (x - b) for b, x in pairs])


def _plain(amps: PerPhase) -> Amps:
    """`amps` as a tuple of A, B and C."""
    return (amps.a, amps.b, amps.c)
