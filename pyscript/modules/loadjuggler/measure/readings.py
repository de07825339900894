"""What was read: the house at one moment, in the units and by the names of the model.

Everything is frozen. Currents are A per phase, powers W over all phases, times epoch seconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..reasons import Reason
from ..site.model import Legs
from ..site.setpoint import Dial
from ..units import PerPhase


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong that a person should know: a reason, and the load it concerns, if one."""

    reason: Reason
    load_id: str | None = None


@dataclass(frozen=True, slots=True)
class MeterReading:
    """Current of a metered breaker, A per phase, export negative.

    A phase is `None` while it has never been read, or not for longer than it is held.
    `missing` names the entities that give nothing now, whether a held value stands in or not;
    it has been so for `silent_s`. `stale`: longer than anything is held. `reported_at` is the
    newest report of any of its phases (epoch s; `None`: none).
    """

    amps: PerPhase
    missing: tuple[str, ...] = ()
    reported_at: float | None = None
    silent_s: float = 0.0
    stale: bool = False


@dataclass(frozen=True, slots=True)
class LoadReading:
    """What is known of a load now.

    `active`: its state lets it take part in the sharing; `connected`: there is something to command
    (an idle charger, too). `draw` is A per site phase as the load itself reports it (`None`: no
    report), made at `draw_at`; `drew` are its reports before that: (epoch s, A per
    phase). `legs` are those that
    count: the ones the car really uses. `command_a` (A per leg) is what it was last told and still
    holds, at `commanded_at`; `earlier` are those that it replaced a short while ago: (A per leg,
    until epoch s). `transaction` is the id of the charging session (0: none); `on` the state of a
    plug or of a charger's switch. `lost`: it took part when last heard of, and can't be reached
    now; `kept_a` (A per leg) stays reserved, and that of a charger which can't be told less.

    `dial` is what a number charger can be set to, `shown` what its entity shows in the dial's unit;
    `refused`: it has long been told something else. `phases` is what a charger's switch for phases
    shows, 1 or 3 (`None`: it has none, or that says nothing). For `paused_s` yet a person lets it
    rest. `least_a` (A per leg) is what an OCPP
    charger takes that is told to pause and can't; one that is paused by a switch has
    `pause_switch`.
    """

    status: str | None
    active: bool
    connected: bool
    mode: str
    priority: float
    min_a: float
    max_a: float
    legs: Legs
    draw: PerPhase | None = None
    draw_at: float | None = None
    drew: tuple[tuple[float, PerPhase], ...] = ()
    command_a: float | None = None
    commanded_at: float | None = None
    earlier: tuple[tuple[float, float], ...] = ()
    transaction: int = 0
    on: bool | None = None
    lost: bool = False
    kept_a: float = 0.0
    phases: int | None = None
    dial: Dial | None = None
    shown: float | None = None
    refused: bool = False
    least_a: float = 0.0
    pause_switch: str | None = None
    paused_s: float = 0.0

    def drawing_a(self) -> float:
        """The largest current on one phase that the load reports, in A; 0 without a report."""
        return max(self.draw.values(), default=0.0) if self.draw else 0.0


@dataclass(frozen=True, slots=True)
class EnergyReading:
    """Sun, battery and inverter now, and the settings that go with them.

    `battery_w` is positive while discharging, `outputs` are A by phase. `None`: there is no such
    sensor, or it has given nothing for longer than it is held. `unsure`: one of the battery's
    gives nothing, so it is not counted on. `unheard`: one of all these gives nothing, and no value
    of it is held. `reported_at` is the last report of the battery's power (epoch s).
    """

    solar_w: float | None = None
    soc_pct: float | None = None
    battery_w: float | None = None
    outputs: PerPhase | None = None
    unsure: bool = False
    unheard: bool = False
    reported_at: float | None = None
    soc_min_pct: float = 0.0
    soc_target_pct: float = 100.0
    excess_threshold_w: float = 0.0
    allow_grid: bool = True


@dataclass(frozen=True, slots=True)
class Readings:
    """The house at one moment, all units converted, all settings resolved.

    `import_unknown`: an entity should say the import limit, and never did. `grid_total_w` is what
    is taken from the grid by a sensor of its own, negative when fed in; it is only checked.
    """

    at: float
    meters: Mapping[str, MeterReading]
    limits_a: Mapping[str, float]
    loads: Mapping[str, LoadReading]
    distribution: str
    max_import_w: float | None
    power_buffer_w: float
    import_unknown: bool = False
    energy: EnergyReading = EnergyReading()
    grid_total_w: float | None = None
    problems: tuple[Problem, ...] = ()
