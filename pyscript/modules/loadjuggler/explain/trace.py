"""What a run worked its report out from, kept until the next run to explain any load on demand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..control.decide import Decision
from ..limits.headroom import Budget
from ..measure.readings import Readings
from ..memory.limits import BatteryMemory
from ..memory.memory import Memory
from ..options import Options
from ..sharing.utilisation import Usage
from ..site.model import Site


@dataclass(frozen=True, slots=True)
class Trace:
    """The house as a run saw it: nothing is worked out for this, it is only not thrown away.

    `budget` is what was shared, as a raise sees it, with the sun smoothed; `marks` are those of the
    battery that held; `usage` is what loads are left as they take no more; `free_a` (A per leg)
    needs no sun for now; `stuck` (A per leg) is what loads keep whatever they are told;
    `decisions` are by load; `memory` is what is remembered after the run.
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
