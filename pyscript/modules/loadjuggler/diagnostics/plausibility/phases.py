"""The sum of the phases against the total power of the grid connection, if there is a sensor of it.

Both are smoothed by 5 min, so that a total that is reported later, or more seldom, does not differ.
Phases in A know neither voltage nor power factor, so 400 W and 30 % are allowed for.

```
    sum of phases     total        evidence for
    3 000 W           5 000 W      a difference: another meter, a phase that is missing
   -3 000 W           3 000 W      the phases' sign
    3 000 W          -3 000 W      phases without a sign, if they have agreed on import before
```
"""

from __future__ import annotations

import math

from ...memory.plausibility import Doubts, Sum
from ...records import replace
from ...site.model import MAIN
from ...units import amps_to_watts
from .view import Evidence, View, towards, wired

SMOOTH_S = 300.0
"""Time constant by which phases and total are smoothed."""


DIFFERS_W = 400.0


DIFFERS = 0.3
"""Sum and total may differ by 400 W and 30 % of the larger."""


IDLE_W = 2500.0
"""Phases in A may show up to this much reactive power, which a total in W leaves out: filters of
inverters, idling motors."""


CLEAR_W = 600.0
"""From here on it is clear whether the site imports or exports."""


LASTS_S = 900.0
"""A doubt is told after this long."""


def check(view: View, doubts: Doubts) -> tuple[Doubts, list[Evidence]]:
    """Evidence of a sum that differs, of phases with the other sign, and of phases without one."""
    site, total_w = view.site, view.readings.grid_total_w
    meter = site.circuits[MAIN].meter
    if site.grid_total is None or meter is None or site.off_grid:
        return replace(doubts, sum=None), []
    heard = view.heard(site.circuits[MAIN])
    wiring = f"{site.grid_total} {wired(meter)}"
    known = doubts.sum if doubts.sum and doubts.sum.wiring == wiring else None
    states: dict[str, bool | None] = dict.fromkeys(("more", "less", "sign", "unsigned"))
    if heard is not None and total_w is not None:
        shown = [amps_to_watts(a, site.voltage_v) for _, a in heard.amps.items()]
        share = 1.0 if view.gap else 1.0 - math.exp(-view.seconds / SMOOTH_S)
        known, states = _judged(_smoothed(known, shown, total_w, share, wiring))
    lacking = view.without_sign(site.circuits[MAIN]) == site.phases
    if states["unsigned"] and not lacking:
        states["unsigned"] = None  # it has been below 0, so it has a sign
    numbers = _numbers(known, site.grid_total, site.voltage_v)
    codes = {"more": "setup_sum", "less": "setup_sum", "sign": "setup_sum_sign"}
    if meter.invert and lacking:
        codes["sign"] = "setup_meter_turned"
    return replace(doubts, sum=known), [
        Evidence(f"{what} {wiring}", codes.get(what, "setup_unsigned"), speaks, LASTS_S, numbers)
        for what, speaks in states.items()
    ]


def _smoothed(
    before: Sum | None, shown: list[float], total_w: float, share: float, wiring: str
) -> Sum:
    """`before`, moved by `share` (0 to 1) towards the W by phase that are `shown` and the total."""
    if before is None or len(before.phases_w) != len(shown):
        return Sum(tuple(shown), total_w, wiring=wiring)
    pairs = zip(before.phases_w, shown, strict=True)
    phases = tuple(towards(was, now, share) for was, now in pairs)
    return replace(before, phases_w=phases, total_w=towards(before.total_w, total_w, share))


def _judged(known: Sum) -> tuple[Sum, dict[str, bool | None]]:
    """Evidence for each doubt: "more", "less" (than the total), "sign" (turned), "unsigned".

    True is for it, False against it, `None` neither. Also notes whether sum and total have agreed.
    """
    phases = known.phases_w
    sum_w, total_w = sum(phases), known.total_w
    gross_w = sum(abs(w) for w in phases)
    slack_w = DIFFERS_W + DIFFERS * max(gross_w, abs(total_w))
    if abs(sum_w - total_w) <= slack_w:
        agreed = known.agreed or (total_w > CLEAR_W and sum_w > CLEAR_W)
        right = False if abs(total_w) > CLEAR_W else None
        has_sign = False if total_w < -CLEAR_W else None
        states = {"more": right, "less": right, "sign": right, "unsigned": has_sign}
        return replace(known, agreed=agreed), states
    mirrored = abs(sum_w + total_w) <= slack_w and abs(total_w) > CLEAR_W
    no_sign = total_w < -CLEAR_W and all(w > -CLEAR_W / 6 for w in phases)
    other_sign = mirrored and total_w > CLEAR_W
    reactive = abs(total_w) < gross_w < IDLE_W
    differs = not mirrored and not no_sign and not reactive
    return known, {
        "more": (sum_w > total_w) if differs else None,
        "less": (sum_w < total_w) if differs else None,
        "sign": other_sign or None,
        "unsigned": (no_sign and known.agreed) or None,
    }


def _numbers(known: Sum | None, entity: str, voltage_v: float) -> dict[str, float | str]:
    if known is None:
        return {}
    sum_w = sum(known.phases_w)
    return {
        "phases_w": round(sum_w),
        "total_w": round(known.total_w),
        "fed_w": round(abs(known.total_w)),
        "circuit": MAIN,
        "form": MAIN,
        "shown_a": round(sum_w / voltage_v, 1),
        "entity": entity,
    }
