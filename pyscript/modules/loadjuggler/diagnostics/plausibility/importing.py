"""An import limit that the house alone exceeds for a whole day, so that no load can ever run."""

from __future__ import annotations

import math

from ...memory.plausibility import Doubts
from ...reasons import RowKind
from ...records import replace
from ...units import DAY_S
from .view import MOST_W, Evidence, View, towards

SMOOTH_S = 300.0
"""Time constant by which the room below the limit is smoothed."""


def check(view: View, doubts: Doubts) -> tuple[Doubts, list[Evidence]]:
    """Evidence of an import limit that leaves nothing; it is told after a whole day of that.

    One look with room ends the doubt. A limit of 0 means to take nothing from the grid, which is no
    mistake.
    """
    readings, rows = view.readings, view.budget.limits
    limit_w = readings.max_import_w
    if limit_w is None or limit_w <= 0 or view.site.off_grid:
        return replace(doubts, room_w=None), []
    row = next((row for row in reversed(rows) if row.kind == RowKind.IMPORT), None)
    speaks: bool | None = None
    numbers: dict[str, float | str] = {}
    room_w = doubts.room_w
    if row is not None:
        share = 1.0 if view.gap else 1.0 - math.exp(-view.seconds / SMOOTH_S)
        room_w = towards(room_w, row.room, share)
        speaks = room_w < 0
        left_w = limit_w - readings.power_buffer_w
        old = doubts.by_key.get("import")
        low_w = old.numbers.get("house_w") if old else None
        house_w = left_w - room_w
        if isinstance(low_w, float | int) and old and not old.told:
            house_w = min(house_w, low_w)
        buffer_w = readings.power_buffer_w
        numbers = {
            "limit_w": limit_w,
            "buffer_w": buffer_w,
            "house_w": float(round(house_w)),
        }
    weight = MOST_W if speaks is False else None
    return replace(doubts, room_w=room_w), [
        Evidence("import", "setup_import_low", speaks, DAY_S, numbers, weight)
    ]
