"""Whether the meter nets the phases: what the total power shows while phases feed in and take.

```
    phases, W                 netted     each by itself
    +1 500, -2 000, -500      -1 000     +1 500 (what is taken)
```

While all phases go the same way both are alike, and nothing is learned. Phases and total are the
smoothed ones of `phases.check`, so a total that is reported late does not matter. It is believed
after two minutes, and given up after two minutes of the opposite.
"""

from __future__ import annotations

from ...memory.plausibility import Doubts, Netting
from ...records import replace
from .view import Evidence, View

APART_W = 600.0
"""Taken and fed in, each, from which on the two sums differ clearly."""


CLOSER = 0.5
"""The total counts for a sum if it is at most half as far from it as from the other one."""


LASTS_S = 120.0
"""It is believed after this long."""


def check(view: View, doubts: Doubts) -> tuple[Doubts, list[Evidence]]:
    """The doubts with what the total power shows; there is no evidence for a doubt in it."""
    site, total = view.site, view.site.grid_total
    if site.nets is not None or site.off_grid or total is None or len(site.phases) == 1:
        return replace(doubts, netting=None) if doubts.netting else doubts, []
    known = doubts.netting
    if known is None or known.total != total:
        known = Netting(total)
    shown = doubts.sum
    if shown is not None and shown.wiring.startswith(f"{total} "):
        nets = _nets(shown.phases_w, shown.total_w)
        if nets is not None:
            step_s = view.seconds if nets else -view.seconds
            score = max(-LASTS_S, min(known.score + step_s, LASTS_S))
            sure = abs(score) >= LASTS_S
            known = replace(known, score=score, nets=score > 0 if sure else known.nets)
    return replace(doubts, netting=known), []


def _nets(phases_w: tuple[float, ...], total_w: float) -> bool | None:
    """Whether the total is that of the phases netted; `None`: it can't be told."""
    taken_w = sum(max(power_w, 0.0) for power_w in phases_w)
    fed_w = sum(max(-power_w, 0.0) for power_w in phases_w)
    if min(taken_w, fed_w) < APART_W:
        return None
    netted, apart = abs(total_w - (taken_w - fed_w)), abs(total_w - taken_w)
    if netted <= CLOSER * apart:
        return True
    return False if apart <= CLOSER * netted else None
