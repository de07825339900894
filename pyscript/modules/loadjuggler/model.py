"""The nouns: what is wired (Site, Circuit, Load), what was read (Readings), what was decided.

Everything is frozen. Currents are A per phase, powers W over all phases, times epoch seconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .dial import Dial
from .reasons import Reason
from .units import PerPhase

MAIN = "main"
"""Id of the main breaker, the root of the tree of circuits."""

Legs = tuple[tuple[str, str], ...]
"""Wiring of a load: (leg, phase) pairs, e.g. (("L1", "B"), ("L2", "C"))."""


# --- what comes from and goes to Home Assistant --------------------------------------------


@dataclass(frozen=True, slots=True)
class EntityState:
    """A state as Home Assistant has it: text, attributes, and when it was last reported."""

    value: str
    attributes: Mapping[str, Any] = field(default_factory=dict)
    reported_at: float = 0.0


Snapshot = Mapping[str, EntityState]
"""States of the wired entities by entity id; an entity that does not exist is not in it."""


SAFE = "safe"
"""Slot of calls that lay the safe current below the command (section 6 of docs/product.md)."""
SWITCH = "switch"
"""Slot of calls that pause a charger by a switch, or let it go on."""
UNIT, LEVELS = "unit", "levels"
"""Slots of calls that ask a charger for its unit, and for the stack levels that it knows: their
response is handed back."""
CLEAR = "clear"
"""Slot of calls that clear all profiles of a charger."""
NOTED = (SAFE, SWITCH, CLEAR)
"""Slots of calls that tell no amount; that one of them failed has to be known all the same."""
ASIDES = ("mode", "ask", "reset", "phases", UNIT, LEVELS, *NOTED)
"""Slots of calls that tell a load no amount: they write a mode, ask for something, clear profiles,
restart a charger, switch its phases, pause it by a switch, or lay what it falls back on."""


NOTICE = "notice"
"""Beginning of the slots of calls that show a notification, or take it away; they are of no load.
"""


@dataclass(frozen=True, slots=True)
class ServiceCall:
    """A call that moves a load: `domain.service` with `data`, made for load `load_id`.

    `delivers` is what the load has been told once the call has gone through, for the memory. A
    newer call replaces one that waits only if it has the same `slot`.
    """

    load_id: str
    domain: str
    service: str
    data: Mapping[str, Any]
    delivers: tuple[float | None, int, float | None] = (None, 0, None)
    slot: str = ""

    @property
    def tells(self) -> bool:
        """Whether the call tells the load how much to take; others stand beside that."""
        return self.slot not in ASIDES and not self.slot.startswith(NOTICE)

    @property
    def asks(self) -> bool:
        """Whether the service must be asked for a response, to be handed back."""
        return self.slot in (UNIT, LEVELS)


# --- what is wired ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Setting:
    """A value that the form fixes and, optionally, an entity that overrides it at run time.

    `unit` ("A", "W" or "") is the unit of `value` and what the entity is converted to; `low` and
    `high` bound what the entity may say; `safer` is the side ("low" or "high") that can do no
    harm when the entity gives nothing; `choices` does so for texts, old names by `aliases`.
    """

    value: float | str | None
    entity: str | None = None
    unit: str = ""
    low: float | None = None
    high: float | None = None
    safer: str = ""
    choices: tuple[str, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Meter:
    """Entities that measure the current (A) or power (W) of a breaker, one for each phase.

    At least one of them reports every `interval_s` (`None`: not known).
    """

    entities: tuple[tuple[str, str], ...]
    invert: bool = False
    interval_s: float | None = None


@dataclass(frozen=True, slots=True)
class Circuit:
    """A breaker: its limit in A per phase, what hangs above it, and its meter where it has one."""

    id: str
    name: str
    limit: Setting
    parent: str | None
    meter: Meter | None = None
    reserve_a: float = 0.0


@dataclass(frozen=True, slots=True)
class Battery:
    """A home battery: its sensors, its marks in % of charge, and the most it takes and gives."""

    soc: str
    power: str | None
    invert: bool
    soc_min_pct: Setting
    soc_target_pct: Setting
    hysteresis_pct: float
    max_charge_w: float
    max_discharge_w: float
    follows_load: bool = True


@dataclass(frozen=True, slots=True)
class Inverter:
    """What stands between sun, battery and house; ratings in W, `None`: not known.

    `outputs` are the sensors of what it gives by phase. `asymmetric`: it gives each phase what
    it needs. `series`: its output feeds all of the house, else it is what the panels give.
    """

    outputs: Meter | None = None
    max_w: float | None = None
    max_phase_w: float | None = None
    asymmetric: bool = False
    series: bool = False


@dataclass(frozen=True, slots=True)
class Telling:
    """How a charger wants to be told: what the standard leaves open, and firmware does otherwise.

    `version` is that of OCPP, "1.6" or "2.0.1". `unit` is "A", "W" or "auto": what it says that it
    knows. `kind` is "Absolute", "Relative" or "auto": what runs out by itself by the clock, all
    else from the start of the session, so that no safe limit depends on a clock. `purpose` is
    "auto", "TxDefaultProfile" or "ChargePointMaxProfile". `stack_level` is that of the safe layer,
    or of the only one; with 2 `layers` commands are one level above it, unless it says that it has
    none (`asks_levels`). It is paused by "zero", "minimum", "switch" or "availability", the last
    two through `switches`, of which the first there is used. W count with `voltage_v`;
    `count_phases`: profiles in W say how many phases the car uses. It is asked for a report every
    `report_s`, and is offline `offline_s` after its last sign of life (`None`: not).
    `clear_first`: what others left on it is cleared once; not where a station has more connectors
    than this one (`alone`), as the integration clears those of all of them.
    """

    version: str = "1.6"
    unit: str = "A"
    kind: str = "auto"
    purpose: str = "auto"
    stack_level: int = 0
    layers: int = 2
    asks_levels: bool = False
    pause: str = "zero"
    switches: tuple[str, ...] = ()
    voltage_v: float = 230.0
    count_phases: bool = True
    report_s: float | None = None
    offline_s: float | None = None
    clear_first: bool = True
    alone: bool = True

    @property
    def falls_back(self) -> bool:
        """Whether a command runs out by itself, and the safe current below it then holds."""
        return self.layers > 1 and self.kind != "Relative" and self.purpose == "auto"


@dataclass(frozen=True, slots=True)
class OcppControl:
    """A charger behind Home Assistant's OCPP integration: charge point id and connector.

    These two say which one it is; how it is told makes it no other, nor does what the integration
    knows it by for certain (`identity`, `None` until it was found).
    """

    devid: str
    connector: int
    telling: Telling = field(default=Telling(), compare=False)
    identity: str | None = field(default=None, compare=False)

    @property
    def called(self) -> str:
        """What calls name it by: the integration gives what it does not know to another one."""
        return self.identity or self.devid


@dataclass(frozen=True, slots=True)
class SwitchControl:
    """A load behind a `switch` entity."""

    entity: str


@dataclass(frozen=True, slots=True)
class NumberControl:
    """A charger whose current or power is set by a number or select entity; that names it.

    `unit` is "A", "W" or "" (the entity's own), `step` what its values are multiples of, in that
    unit (`None`: the entity's own). `switch` turns it on and off, where there is one. `words` are
    the texts of its status and what they mean. `always`: without a status it always takes part.
    """

    entity: str
    switch: str | None = field(default=None, compare=False)
    unit: str = field(default="", compare=False)
    step: float | None = field(default=None, compare=False)
    words: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    always: bool = field(default=True, compare=False)


Control = OcppControl | SwitchControl | NumberControl
"""The ways of controlling a load."""


@dataclass(frozen=True, slots=True)
class LoadSensors:
    """Entities that tell what a load does; each is a list of candidates, the first there wins."""

    status: tuple[str, ...] = ()
    current: tuple[str, ...] = ()
    current_by_leg: tuple[tuple[str, str], ...] = ()
    power: tuple[str, ...] = ()
    transaction: tuple[str, ...] = ()
    presence: tuple[str, ...] = ()
    phases: tuple[str, ...] = ()
    latency: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()

    def all(self) -> tuple[str, ...]:
        """Every entity id named here."""
        legs = tuple(entity for _, entity in self.current_by_leg)
        others = self.power + self.transaction + self.presence + self.phases
        return self.status + self.current + legs + others + self.latency + self.signs


@dataclass(frozen=True, slots=True)
class Patience:
    """How long, in s, a load holds on when the sun is not enough, and stays off after a stop.

    `min_on_s` and `min_off_s` are a plug's own; `boost_s` is how long a boost lasts. After
    `most_stops` in a session (0: as many as it takes) it holds its minimum if `then_holds`, else
    it stays off until the next day.
    """

    grace_s: float = 300.0
    pause_s: float = 180.0
    most_stops: int = 0
    then_holds: bool = False
    min_on_s: float = 0.0
    min_off_s: float = 0.0
    boost_s: float = 3600.0


@dataclass(frozen=True, slots=True)
class PhaseSwitch:
    """What switches a charger between one phase and three: an entity, or its profiles (`None`).

    `one` and `three` are the states, in small letters, that mean so; an option of a select is
    written as `one_option` and `three_option`. Between two switches there are `apart_s` at least.
    """

    entity: str | None
    one_option: str = "off"
    three_option: str = "on"
    apart_s: float = 600.0

    @property
    def one(self) -> str:
        """The state that means one phase."""
        return self.one_option.lower()

    @property
    def three(self) -> str:
        """The state that means three phases."""
        return self.three_option.lower()


@dataclass(frozen=True, slots=True)
class Load:
    """Something that Load Juggler controls: a charger or a plug, on exactly one circuit."""

    id: str
    name: str
    kind: str
    circuit: str
    legs: Legs
    mode: Setting
    priority: Setting
    min_a: Setting
    max_a: Setting
    step_a: float
    power_w: Setting
    sensors: LoadSensors
    control: Control
    essential: bool = False
    patience: Patience = Patience()
    excess_threshold_w: float | None = None
    fallback_a: float = 6.0
    reset_button: str | None = None
    phase_switch: PhaseSwitch | None = None
    allow_remap: bool = False


@dataclass(frozen=True, slots=True)
class Notify:
    """Which kinds of notifications people want, and where they go, too: an action or an entity."""

    kinds: frozenset[str] = frozenset()
    target: str | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """One grid connection: its phases, its breakers (parents before children) and its loads."""

    name: str
    phases: tuple[str, ...]
    voltage_v: float
    circuits: Mapping[str, Circuit]
    loads: Mapping[str, Load]
    distribution: Setting
    max_import_w: Setting
    power_buffer_w: Setting
    excess_threshold_w: Setting = Setting(13000.0, unit="W")
    allow_grid_charging: Setting = Setting("yes")
    solar: str | None = None
    grid_total: str | None = None
    battery: Battery | None = None
    inverter: Inverter = Inverter()
    off_grid: bool = False
    notify: Notify = Notify()
    _paths: dict[str, tuple[str, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _below: dict[str, tuple[Load, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _marks: dict[str, str] = field(default_factory=dict, init=False, repr=False, compare=False)
    _with_legs: dict[frozenset[tuple[str, Legs]], Site] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def sources(self) -> frozenset[str]:
        """Entity ids that tell what sun, battery and inverter do."""
        found = {self.solar} if self.solar else set()
        if self.battery:
            found |= {self.battery.soc, *([self.battery.power] if self.battery.power else [])}
        if self.inverter.outputs:
            found.update(entity for _, entity in self.inverter.outputs.entities)
        return frozenset(found)

    def path(self, circuit_id: str) -> tuple[str, ...]:
        """Ids of the circuits from `circuit_id` up to the main breaker, both included."""
        if circuit_id not in self._paths:
            path = []
            at: str | None = circuit_id
            while at is not None:
                path.append(at)
                at = self.circuits[at].parent
            self._paths[circuit_id] = tuple(path)
        return self._paths[circuit_id]

    def below(self, circuit_id: str) -> tuple[Load, ...]:
        """The loads on a circuit and on those below it."""
        if not self._below:
            found: dict[str, list[Load]] = {circuit: [] for circuit in self.circuits}
            for load in self.loads.values():
                for circuit in self.path(load.circuit):
                    found[circuit].append(load)
            self._below.update({circuit: tuple(loads) for circuit, loads in found.items()})
        return self._below[circuit_id]

    def with_legs(self, legs: Mapping[str, Legs]) -> Site:
        """The same site with other legs of some loads, by load; the last one is remembered."""
        key = frozenset(legs.items())
        if key not in self._with_legs:
            loads = {
                load.id: replace(load, legs=legs[load.id]) if load.id in legs else load
                for load in self.loads.values()
            }
            self._with_legs.clear()
            self._with_legs[key] = replace(self, loads=loads)
        return self._with_legs[key]

    def marks(self) -> Mapping[str, str]:
        """What says for each circuit and load whether it is still the same: meter, charger."""
        if not self._marks:
            for circuit in self.circuits.values():
                self._marks[circuit.id] = f"{circuit.meter}"
            for load in self.loads.values():
                control = load.control
                if isinstance(control, OcppControl):
                    what = f"{control.devid} {control.connector}"
                else:
                    what = control.entity
                self._marks[load.id] = f"{load.circuit} {what}"
        return self._marks

    def entities(self) -> frozenset[str]:
        """Every entity id that a snapshot of this site should hold."""
        found = set(self.sources())
        found |= {self.grid_total} if self.grid_total else set()
        target = self.notify.target or ""
        found |= {target} if target.startswith("notify.") else set()  # it may be an entity
        settings = [self.distribution, self.max_import_w, self.power_buffer_w]
        settings += [self.excess_threshold_w, self.allow_grid_charging]
        if self.battery:
            settings += [self.battery.soc_min_pct, self.battery.soc_target_pct]
        for circuit in self.circuits.values():
            settings.append(circuit.limit)
            if circuit.meter:
                found.update(entity for _, entity in circuit.meter.entities)
        for load in self.loads.values():
            settings += [load.mode, load.priority, load.min_a, load.max_a, load.power_w]
            found.update(load.sensors.all())
            if isinstance(load.control, SwitchControl | NumberControl):
                found.add(load.control.entity)
            if isinstance(load.control, OcppControl):
                found.update(load.control.telling.switches)
            if load.phase_switch and load.phase_switch.entity:
                found.add(load.phase_switch.entity)
            if isinstance(load.control, NumberControl) and load.control.switch:
                found.add(load.control.switch)
        found.update(setting.entity for setting in settings if setting.entity)
        return frozenset(found)


# --- what was read -----------------------------------------------------------------------------


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
        return max((amps for _, amps in self.draw.items()), default=0.0) if self.draw else 0.0


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
