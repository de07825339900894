"""What would help a charger that was seen to do something twice: the field of its form, in words.

Source: docs/decisions/0032; what is watched is in `diagnostics.habits`.
"""

from __future__ import annotations

from ...memory.load import LoadMemory
from ...reasons import Reason
from ...site.controls import OcppControl
from .drive import as_known

TWICE = 2
"""Once may be chance."""


def cures(control: OcppControl, memory: LoadMemory) -> tuple[Reason, ...]:
    """What people should change for a charger with this `control`; mostly nothing."""
    habits, found = memory.habits, []
    if max(habits.ended, habits.stuck, habits.drops) < TWICE:
        return ()
    telling = as_known(control, memory).telling
    if telling.pause == "zero":
        if habits.ended >= TWICE:
            found.append(Reason("cure_ends", {"times": float(habits.ended)}))
        if habits.stuck >= TWICE:
            found.append(Reason("cure_stuck", {"times": float(habits.stuck)}))
    if habits.drops >= TWICE and telling.falls_back:
        found.append(Reason("cure_drops"))
    return tuple(found)
