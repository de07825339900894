"""The report of a run: numbers, codes and sentences for sensors, notifications and pictures.

`explain/build` makes it, `publish/` shows it. Currents are in A, powers in W, energies in Wh;
`None` means that something is not known.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

from .reasons import Reason
from .records import quick
from .units import PerPhase


class About(NamedTuple):
    """Identifies a problem for as long as it lasts, although the numbers in its sentence change.

    `code` is that of its reason; `where` joins load, breaker, phase, entity and leg with spaces.
    """

    code: str
    where: str


def coded(reason: Reason) -> dict[str, Any]:
    """A reason as attributes of an entity: `code`, and `numbers` (seconds whole, others to 0.1)."""
    return {
        "code": reason.code,
        "numbers": {
            key: value if isinstance(value, str) else round(value, 0 if key.endswith("_s") else 1)
            for key, value in reason.numbers.items()
        },
    }


@quick
@dataclass(frozen=True, slots=True)
class LoadReport:
    """One load after a run. Currents in A per leg.

    - `target_a`: what the allocation gives it.
    - `allocated_a`: what it is told now; `None`: it was never told anything.
    - `available_a`: its allocation while it is active, and no less than what it is told and can
      keep; for an idle load what it could get if a car came; `None`: not known.
    - `draw`: A per phase of the site, and `power_w` in total, as the load reports them.
    - `energy_today_wh`, `solar_share_today_pct`: at most a minute old; `None`: not known.
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
    """How long and by how much a phase of a breaker was over its limit today, by cause.

    `_s` fields are seconds, `_as` fields A·s above the limit (4 A too much for 3 s are 12 A·s).
    `known` is false if its current is not known and nothing was counted today. `worst_a` is the
    current that was furthest above its limit, `worst_times` as a multiple of the limit, `worst_at`
    the local time (ISO 8601); `None`: it was never over.
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
    """The same for the import limit: seconds, Wh above the limit, and the worst W."""

    known: bool = True
    managed_s: float = 0.0
    unmanaged_s: float = 0.0
    managed_wh: float = 0.0
    unmanaged_wh: float = 0.0
    worst_w: float | None = None
    worst_times: float | None = None
    worst_at: str | None = None


def plain(over: OverReport | ImportOverReport) -> dict[str, Any]:
    """Time over a limit for the response of a service: `time_s` and its parts, rounded to 0.01."""
    found = asdict(over)
    known = found.pop("known")
    found = {"time_s": over.managed_s + over.unmanaged_s, **found}
    return {
        key: (round(value, 2) if known else None) if isinstance(value, float) else value
        for key, value in found.items()
    }


@quick
@dataclass(frozen=True, slots=True)
class CircuitReport:
    """One breaker after a run. Amounts are A per phase; `None` is a phase that is not known.

    `draw` is its current, `unmanaged` the part of it that is not managed, `headroom` what all loads
    below it together may take. `over` is the time over its limit today, by phase.
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
    """A notification about something that needs a person; `message` is plain text.

    It is shown as long as it is in the report. A new text under the same `id` replaces the old one.
    """

    id: str
    kind: str
    title: str
    message: str


@quick
@dataclass(frozen=True, slots=True)
class CheckReport:
    """The last check of a load's wiring that somebody asked for.

    It began at `at` (epoch s). `status` is "running", "answered", "unclear" or "not_checked".
    """

    load: str
    at: float
    status: str
    sentence: str


@quick
@dataclass(frozen=True, slots=True)
class Report:
    """The house after a run.

    - `grid_available_w`: what could still be taken from the grid.
    - `surplus_w`: sun - house over all phases; negative where the house takes more.
    - `battery_help_w`: what the battery can give to solar loads beside the sun; `None`: there is no
      battery.
    - `import_over`: time over the import limit today; `None`: there is no import limit.
    - `solar_w`, `battery_w` (negative: it charges), `soc_pct`: as their sensors show them.
    - `problems`: the warnings by what they are about.
    - `hot`: the breakers that may trip, and the import limit if it is exceeded for long, as
      `About.where` of their warnings.
    - `check`: the last check of the wiring; `None`: nobody has asked for one.
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
    hot: Collection[str] = ()
    check: CheckReport | None = None


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
