"""What the sun leaves over, smoothed: clouds and kettles are not worth a command each second.

Only what loads that live from the sun are compared with is smoothed, never a limit. It is the
surplus that is smoothed, which is worked out from meter and draws of the same moment, never the
meter: a smoothed meter beside draws as they are now would take a car's own rise for the house's.
What the battery can give goes with it, because one may take the place of the other at once. The
time constant is one of time, not of runs, because these come irregularly.

Source: docs/product.md section 5.
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
    """`now` as it is to be used, and what to remember of it; `before` is what was remembered.

    After a gap longer than anything is held, and where something was not known, it is as it is.
    """
    seconds = at - before.at if before else -1.0
    if before is None or not 0 <= seconds <= options.hold_s or options.smooth_s <= 0:
        kept = now
    else:
        share = 1.0 - math.exp(-seconds / options.smooth_s)
        new = zip(before.watts, _watts(now), strict=True)
        sun_w, help_w, reserve_help_w = (was + share * (is_ - was) for was, is_ in new)
        kept = Supply(
            _towards(before.surplus, now.surplus, share),
            _towards(before.house, now.house, share),
            sun_w,
            help_w,
            reserve_help_w,
        )
    return kept, Smooth(at, _plain(kept.surplus), _plain(kept.house), _watts(kept))


def _towards(before: Amps, now: PerPhase, share: float) -> PerPhase:
    """From `before` a `share` of the way to `now`, phase by phase."""
    pairs = zip(before, _plain(now), strict=True)
    return PerPhase(*(x if x is None or b is None else b + share * (x - b) for b, x in pairs))


def _watts(supply: Supply) -> tuple[float, float, float]:
    return (supply.sun_w, supply.help_w, supply.reserve_help_w)


def _plain(amps: PerPhase) -> Amps:
    return (amps.a, amps.b, amps.c)
