"""Records of what was read: the house at one moment, in the units of `site.model`.

Everything is frozen. Currents are A per phase, powers W over all phases, times epoch s.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..reasons import Reason
from ..records import quick
from ..site.model import Legs
from ..site.setpoint import Dial
from ..units import TOLERANCE, PerPhase, floor_to_step


@quick
@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is wrong, and the id of the load it concerns; `None`: it concerns no load."""

    reason: Reason
    load_id: str | None = None


@quick
@dataclass(frozen=True, slots=True)
class MeterReading:
    """The meter of a breaker.

    - `amps`: A per phase, export negative. A phase is `None` if it was never read, or gives nothing
      and its last value is older than 60 s (`hold_s`).
    - `missing`: entities that give nothing now, even if a held value stands in for them.
    - `reported_at`: the newest report of any of its phases, epoch s; `None`: there is none.
    - `silent_s`: for how long one of its entities has given nothing, s.
    - `stale`: that is longer than 60 s.
    - `hides`: it is known to hide what flows, so nothing of it is believed (`limits.distrust`).
    """

    amps: PerPhase
    missing: tuple[str, ...] = ()
    reported_at: float | None = None
    silent_s: float = 0.0
    stale: bool = False
    hides: bool = False


@quick
@dataclass(frozen=True, slots=True)
class SessionLimit:
    """What a user limits a session to by a number of the OCPP integration (from v0.12 on).

    - `amps`: A per leg; `None`: it is not set for this session. `entity`: the number.
    - `most_a`: what the load could take without it, A per leg.
    - `holds`: the charger obeys it whatever it is told; else a command can be lower.
    """

    amps: float | None = None
    entity: str = ""
    most_a: float = 0.0
    holds: bool = False

    @property
    def lowers(self) -> bool:
        """Whether the load may take less because of it."""
        return self.amps is not None and self.amps < self.most_a - TOLERANCE

    def most_within(self, most_a: float, step_a: float) -> float:
        """The most that a load may take which could take `most_a`, A per leg in whole steps."""
        return most_a if self.amps is None else min(floor_to_step(self.amps, step_a), most_a)


NO_LIMIT = SessionLimit()
"""No session is limited by a user."""


@quick
@dataclass(frozen=True, slots=True)
class SessionReading:
    """How an OCPP charger stands with its session, and how it can be paused.

    - `transaction`: the id of the charging session; 0: there is none.
    - `phases`: what its switch for phases shows, 1 or 3; `None`: it has none, or it says nothing.
    - `least_a`: what it takes when it is told to pause and can only be told its minimum, A per leg.
    - `pause_switch`: the entity of the switch that pauses it; `None`: profiles do.
    - `bare`: its profiles were cleared, and no command has gone through since.
    - `runs`: a session runs, although its id may not be known.
    - `crowded`: the limits have no room for its minimum now; `control.send` finds that out.
    - `offered_a`, `offered_at`: what the charger says that it offers, A per leg, and when it said
      that; `None`: it does not.
    - `limit`: what a user limits this session to beside Load Juggler.
    """

    transaction: int = 0
    phases: int | None = None
    least_a: float = 0.0
    pause_switch: str | None = None
    bare: bool = False
    runs: bool = False
    offered_a: float | None = None
    offered_at: float | None = None
    crowded: bool = False
    limit: SessionLimit = NO_LIMIT


@quick
@dataclass(frozen=True, slots=True)
class SetpointReading:
    """What a number charger can be set to, and what its entity shows.

    - `dial`: the levels of its entity, and what one of its units is in A.
    - `shown`: what it is set to, in the unit of the dial.
    - `refused`: it has long shown something else than it was told.
    """

    dial: Dial | None = None
    shown: float | None = None
    refused: bool = False


NO_SESSION = SessionReading()
"""A load that has no sessions."""


NO_SETPOINT = SetpointReading()
"""A load that is not set by a number."""


@quick
@dataclass(frozen=True, slots=True)
class LoadReading:
    """What is known of a load now.

    What it is and may take:

    - `status`: its status in the words of OCPP; `None`: not known.
    - `active`: its state lets it take part in the sharing.
    - `connected`: calls reach it; true for a charger without a car, too.
    - `lost`: it took part when it was last heard of, and can't be reached now.
    - `mode`, `priority`, `min_a`, `max_a`: as resolved now; A per leg.
    - `legs`: the legs that count: those that the car uses, as far as known.
    - `on`: whether a plug, or the switch of a charger, is on; `None`: it has none, or not known.
    - `paused_s`: a person pauses it for this many s more.

    What it draws, by its own reports:

    - `draw`, `draw_at`: the last report, A per site phase, and when it was made; `None`: none.
    - `drew`: the reports before, oldest first: (epoch s, A per site phase).

    What it was told:

    - `command_a`, `commanded_at`: the command that it holds, A per leg, and when it was sent.
      `None`: it was never told anything.
    - `earlier`: commands that were replaced lately, oldest first: (A per leg, until epoch s).
    - `kept_a`: A per leg that stay reserved whatever it is told: of a lost load, or of a charger
      that can't be told less.
    - `session`: how an OCPP charger stands with its session; `setpoint`: what a number charger can
      be set to, and shows.
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
    on: bool | None = None
    lost: bool = False
    kept_a: float = 0.0
    paused_s: float = 0.0
    session: SessionReading = NO_SESSION
    setpoint: SetpointReading = NO_SETPOINT

    def drawing_a(self) -> float:
        """The largest current on one phase that the load reports, A; 0 without a report."""
        return 0.0 if self.draw is None else max(self.draw.values(), default=0.0)

    def offered_a(self, after_s: float) -> float | None:
        """What a charger said `after_s` or more after its command that it offers, A per leg.

        `None`: it has not said that yet, or was never told anything.
        """
        at = self.session.offered_at
        if at is None or self.commanded_at is None or at - self.commanded_at < after_s:
            return None
        return self.session.offered_a

    def unlimited_a(self) -> float:
        """The most that it may take once nothing limits its session, A per leg."""
        return max(self.max_a, self.session.limit.most_a)

    def waits_for_start(self) -> bool:
        """Whether a car waits for its session to be started, and a switch might do that."""
        waits = (self.status or "").lower() == "preparing" and not self.session.transaction
        return waits and self.session.pause_switch is not None


@quick
@dataclass(frozen=True, slots=True)
class EnergyReading:
    """Sun, battery and inverter now, and the settings that go with them.

    A value is `None` if there is no sensor for it, or it has given nothing for over 60 s.

    - `solar_w`: W of the sun.
    - `soc_pct`: state of charge of the battery.
    - `battery_w`: W of the battery, discharging positive.
    - `outputs`: A per phase that the inverter gives.
    - `unsure`: a sensor of the battery gives nothing, so the battery is not counted on.
    - `unheard`: a wired sensor of all these gives nothing, and no value of it is held.
    - `reported_at`: when the battery's power was last reported, epoch s.
    - `soc_min_pct`, `soc_target_pct`: its reserve and its target.
    - `excess_threshold_w`: W of export above which mode excess begins.
    - `allow_grid`: whether loads may take from the grid.
    - `battery_on`: the phases that share the battery's power; (): all of them.
    - `nets`: whether the meter of the site nets the phases.
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
    battery_on: tuple[str, ...] = ()
    nets: bool = False


@quick
@dataclass(frozen=True, slots=True)
class Readings:
    """The house at one moment, all units converted, all settings resolved.

    - `at`: epoch s.
    - `meters`, `limits_a`: by circuit id; limits in A per phase.
    - `loads`: by load id.
    - `apart`: the least and the most that a load may draw, A per phase, by the ids of those whose
      sensors leave that open. `LoadReading.draw` is what is likely then.
    - `distribution`: the sharing, one of `site.modes.DISTRIBUTIONS`.
    - `max_import_w`: the import limit, W; `None`: there is none, or it is not known.
    - `power_buffer_w`: W that are kept free below it.
    - `import_unknown`: an entity should say the import limit, and never did.
    - `grid_total_w`: W from the grid by a sensor of its own, export negative. It is only compared
      with the meter.
    - `problems`: what can't be read.
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
    apart: Mapping[str, tuple[PerPhase, PerPhase]] = field(default_factory=dict)
