"""What a run has to say: numbers, codes and sentences for sensors, notifications and pictures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

from .reasons import Reason
from .units import PerPhase


class About(NamedTuple):
    """What a problem is about, the same while it lasts: the code of its reason, and where it is.

    `where` is of the load, the breaker, the phase, the entity and the leg that it names, with a
    space between them.
    """

    code: str
    where: str


def coded(reason: Reason) -> dict[str, Any]:
    """A reason for automations: its `code`, and its `numbers` (seconds whole, others to 0.1)."""
    return {
        "code": reason.code,
        "numbers": {
            key: value if isinstance(value, str) else round(value, 0 if key.endswith("_s") else 1)
            for key, value in reason.numbers.items()
        },
    }


@dataclass(frozen=True, slots=True)
class LoadReport:
    """One load after a run. Currents in A per leg.

    `target_a` is what the allocation gives it, `allocated_a` what it is told now (`None`: it was
    never told anything), `available_a` what it could get if it is idle
    (`None`: not known). `draw` is A per site
    phase and `power_w` the total, as the load reports them. `energy_today_wh` and what the sun gave
    of it are a minute old at most (`None`: not known).
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
    energy_today_wh: float | None = None
    solar_share_today_pct: float | None = None


@dataclass(frozen=True, slots=True)
class OverReport:
    """What was seen over the limit of a breaker's phase today: s, A·s above the limit, by cause.

    `known`: what it carries now is known, or something was counted today. `worst_a` is the current
    that was furthest above its limit, `worst_times` as a multiple of the limit, `worst_at` local
    time (ISO 8601); `None`: it was never over.
    """

    known: bool = True
    managed_s: float = 0.0
    unmanaged_s: float = 0.0
    managed_as: float = 0.0
    unmanaged_as: float = 0.0
    worst_a: float | None = None
    worst_times: float | None = None
    worst_at: str | None = None


@dataclass(frozen=True, slots=True)
class ImportOverReport:
    """What was seen over the import limit today, as OverReport: s, Wh above it, the worst W."""

    known: bool = True
    managed_s: float = 0.0
    unmanaged_s: float = 0.0
    managed_wh: float = 0.0
    unmanaged_wh: float = 0.0
    worst_w: float | None = None
    worst_times: float | None = None
    worst_at: str | None = None


def plain(over: OverReport | ImportOverReport) -> dict[str, Any]:
    """Time over a limit as plain data: `time_s` and its parts; `None` where it is not known."""
    found = asdict(over)
    known = found.pop("known")
    found = {"time_s": over.managed_s + over.unmanaged_s, **found}
    return {
        key: (round(value, 2) if known else None) if isinstance(value, float) else value
        for key, value in found.items()
    }


@dataclass(frozen=True, slots=True)
class CircuitReport:
    """One breaker after a run: A per phase, `None` where it is not known.

    `over` is the time over its limit today, by phase of the site.
    """

    id: str
    name: str
    parent: str | None
    limit_a: float
    draw: PerPhase
    unmanaged: PerPhase
    headroom: PerPhase
    over: Mapping[str, OverReport] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Notice:
    """A notification for what needs a person: `kind` of trouble, and Markdown for it.

    It is shown as long as it is there; another text replaces it.
    """

    id: str
    kind: str
    title: str
    message: str


@dataclass(frozen=True, slots=True)
class Report:
    """The house after a run.

    `surplus_w` is sun - house over all phases (negative: the house takes more than the sun gives),
    `battery_help_w` what the battery can give to solar loads beside it; `None`: no sun, no
    battery, or not known. `import_over` is the time over the import limit today, if there is one.
    `solar_w` is what the sun gives, `battery_w` what the battery gives (negative: takes), `soc_pct`
    its charge, as their sensors say it.
    `problems` are the warnings by what they are about: that stays while their numbers change.
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
    import_over: ImportOverReport | None = None
    notices: tuple[Notice, ...] = ()
    solar_w: float | None = None
    battery_w: float | None = None
    soc_pct: float | None = None
    problems: Mapping[About, str] = field(default_factory=dict)


def as_data(report: Report) -> dict[str, Any]:
    """The report as plain data, for the response of a service."""
    return {
        "ok": report.status not in ("error", "no_site"),
        "status": report.status,
        "message": report.sentence,
        "warnings": list(report.warnings),
        "distribution": report.distribution,
        "grid_available_w": report.grid_available_w,
        "surplus_w": report.surplus_w,
        "battery_help_w": report.battery_help_w,
        "import_over_limit_today": plain(report.import_over) if report.import_over else None,
        "loads": {load.id: _load_data(load) for load in report.loads.values()},
        "circuits": {
            circuit.id: {
                "name": circuit.name,
                "limit_a": circuit.limit_a,
                "current_a": dict(circuit.draw.items()),
                "headroom_a": dict(circuit.headroom.items()),
                "over_limit_today": {phase: plain(over) for phase, over in circuit.over.items()},
            }
            for circuit in report.circuits.values()
        },
    }


def _load_data(load: LoadReport) -> dict[str, Any]:
    return {
        "name": load.name,
        "mode": load.mode,
        "status": load.status,
        "allocated_a": load.allocated_a,
        "target_a": load.target_a,
        "available_a": load.available_a,
        "power_w": load.power_w,
        "reason": load.sentence,
        **coded(load.reason),
    }
