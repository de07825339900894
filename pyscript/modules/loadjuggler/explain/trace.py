"""The data that a run worked with, kept until the next run to explain any load on demand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..control.decide import Decision
from ..limits.headroom import Budget
from ..measure.readings import Readings
from ..memory.limits import BatteryMemory
from ..memory.memory import Memory
from ..options import Options
from ..records import quick
from ..sharing.utilisation import Usage
from ..site.model import Site


@quick
@dataclass(frozen=True, slots=True)
class Trace:
    """References to the data of a run; nothing is worked out for this.

    - `budget`: what was shared among loads, for raises, with the sun smoothed.
    - `marks`: the marks of the battery that held.
    - `usage`: what loads that take less than they may are left.
    - `free_a`: A per leg of each load that need no sun for now, because of its grace.
    - `stuck`: A per leg that loads keep whatever they are told.
    - `decisions`: by load. `memory`: after the run.
    """

    site: Site
    readings: Readings
    marks: BatteryMemory
    budget: Budget
    usage: Usage
    free_a: Mapping[str, float]
    stuck: Mapping[str, float]
    decisions: Mapping[str, Decision]
    memory: Memory
    options: Options
