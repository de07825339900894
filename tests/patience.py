"""How long tests wait for something that happens in real time."""

from __future__ import annotations

import os


def patient_s(limit_s: float) -> float:
    """The limit (s) that is right on an idle machine, made longer where others use it, too.

    With three processes for each processor everything takes three times as long. That is looked at
    while somebody waits, so it counts from when it is so. A wait ends as soon as what it is for has
    happened: only a test that fails takes longer.
    """
    waiting = os.getloadavg()[0] / (os.cpu_count() or 1)
    return limit_s * max(1.0, waiting)
