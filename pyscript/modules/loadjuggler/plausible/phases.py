"""The phases against the total of the grid connection, where the site has a sensor of it.

Both are smoothed first, so that a total which comes later or more seldom is no other. Phases in A
know neither voltage nor power factor: a part of what flows is let pass.
"""

from __future__ import annotations

import math
from dataclasses import replace

from ..doubts import Doubts, Sum
from ..model import MAIN
from ..units import PHASES, amps_to_watts
from .evidence import Evidence, View, towards, wired

SMOOTH_S = 300.0
DIFFERS_W = 400.0
DIFFERS = 0.3
CLEAR_W = 600.0
"""So much is clearly taken from the grid, or fed in."""
LASTS_S = 900.0


def check(view: View, doubts: Doubts) -> tuple[Doubts, list[Evidence]]:
    """Sums that differ, a total with the other sign, phases without a sign."""
    site, total_w = view.site, view.readings.grid_total_w
    meter = site.circuits[MAIN].meter
    if site.grid_total is None or meter is None or site.off_grid:
        return replace(doubts, sum=None), []
    heard = view.heard(site.circuits[MAIN])
    states: dict[str, bool | None] = dict.fromkeys(("more", "less", "sign", "unsigned"))
    known = doubts.sum
    if heard is not None and total_w is not None:
        shown = [
            None if a is None else amps_to_watts(a, site.voltage_v)
            for a in map(heard.amps.__getitem__, PHASES)
        ]
        known = _smoothed(None if not view.seconds else known, shown, total_w, view.seconds)
        known, states = _judged(known)
    numbers = _numbers(known, site.grid_total, site.voltage_v)
    codes = {"more": "setup_sum", "less": "setup_sum", "sign": "setup_sum_sign"}
    key = f"{site.grid_total} {wired(meter)}"
    return replace(doubts, sum=known), [
        Evidence(f"{what} {key}", codes.get(what, "setup_unsigned"), speaks, LASTS_S, numbers)
        for what, speaks in states.items()
    ]


def _smoothed(before: Sum | None, shown: list[float | None], total_w: float, seconds: float) -> Sum:
    share = 1.0 - math.exp(-seconds / SMOOTH_S)
    old = before.phases_w if before else (None, None, None)
    phases = [None if w is None else towards(o, w, share) for o, w in zip(old, shown, strict=True)]
    agreed = before.agreed if before else False
    return Sum(
        (phases[0], phases[1], phases[2]),
        towards(before.total_w if before else None, total_w, share),
        agreed,
    )


def _judged(known: Sum) -> tuple[Sum, dict[str, bool | None]]:
    """What speaks for each doubt: sum above or below the total, the other sign, no sign."""
    phases = [w for w in known.phases_w if w is not None]
    sum_w, total_w = sum(phases), known.total_w
    slack_w = DIFFERS_W + DIFFERS * max(sum(abs(w) for w in phases), abs(total_w))
    if abs(sum_w - total_w) <= slack_w:
        agreed = known.agreed or (total_w > CLEAR_W and sum_w > CLEAR_W)
        states = dict.fromkeys(("more", "less", "sign", "unsigned"), False)
        clear = abs(total_w) > CLEAR_W
        return replace(known, agreed=agreed), dict(states) if clear else dict.fromkeys(states)
    mirrored = abs(sum_w + total_w) <= slack_w and abs(total_w) > CLEAR_W
    no_sign = total_w < -CLEAR_W and all(w > -CLEAR_W / 6 for w in phases)
    other_sign = mirrored and total_w > CLEAR_W
    differs = not mirrored and not no_sign
    return known, {
        "more": (sum_w > total_w) if differs else None,
        "less": (sum_w < total_w) if differs else None,
        "sign": other_sign or None,
        "unsigned": (no_sign and known.agreed) or None,
    }


def _numbers(known: Sum | None, entity: str, voltage_v: float) -> dict[str, float | str]:
    if known is None:
        return {}
    sum_w = sum(w for w in known.phases_w if w is not None)
    return {
        "phases_w": round(sum_w),
        "total_w": round(known.total_w),
        "fed_w": round(-known.total_w),
        "shown_a": round(sum_w / voltage_v, 1),
        "entity": entity,
    }
