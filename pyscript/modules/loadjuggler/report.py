"""What a run has to say: numbers, codes and sentences for sensors, notifications and pictures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .reasons import Reason
from .units import PerPhase


@dataclass(frozen=True, slots=True)
class LoadReport:
    """One load after a run. Currents in A per leg.

    `target_a` is what the allocation gives it, `allocated_a` what it is told now (`None`: it was
    never told anything), `available_a` what it could get if it is idle
    (`None`: not known). `draw` is A per site
    phase and `power_w` the total, as the load reports them.
    """

    id: str
    name: str
    kind: str
    circuit: str
    mode: str
    status: str
    target_a: float
    allocated_a: float | None
    available_a: float | None
    draw: PerPhase | None
    power_w: float | None
    reason: Reason
    sentence: str


@dataclass(frozen=True, slots=True)
class CircuitReport:
    """One breaker after a run: A per phase, `None` where it is not known."""

    id: str
    name: str
    parent: str | None
    limit_a: float
    draw: PerPhase
    unmanaged: PerPhase
    headroom: PerPhase


@dataclass(frozen=True, slots=True)
class Report:
    """The house after a run.

    `surplus_w` is sun - house over all phases (negative: the house takes more than the sun gives),
    `battery_help_w` what the battery can give to solar loads beside it; `None`: no sun, no
    battery, or not known.
    """

    at: float
    status: str
    sentence: str
    warnings: tuple[str, ...] = ()
    loads: Mapping[str, LoadReport] = field(default_factory=dict)
    circuits: Mapping[str, CircuitReport] = field(default_factory=dict)
    distribution: str = ""
    grid_available_w: float | None = None
    surplus_w: float | None = None
    battery_help_w: float | None = None
