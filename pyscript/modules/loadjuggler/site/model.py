"""What is wired: a Site with its circuits and loads, and the entities of each.

Everything is frozen. Currents are A per phase, powers W over all phases.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ..records import quick
from .capabilities import Capabilities
from .controls import Control, PhaseSwitch

MAIN = "main"
"""Id of the main breaker, the root of the tree of circuits."""


Legs = tuple[tuple[str, str], ...]
"""Wiring of a load: (leg, phase) pairs, e.g. (("L1", "B"), ("L2", "C"))."""


@quick
@dataclass(frozen=True, slots=True)
class Setting:
    """A value of a form, and optionally an entity that overrides it at run time.

    - `unit`: "A", "W" or "", that of `value`; values of the entity are converted to it.
    - `low`, `high`: the range of the entity's values. `choices`, `aliases`: the texts that it may
      have, and other names for them.
    - `safer`: while the entity gives nothing, the "low"er or the "high"er of its last value and the
      form's counts.
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
    """Entities that measure the current (A) or power (W) of a breaker: (phase, entity) pairs.

    `invert`: they show export as positive. At least one of them reports every `interval_s` (`None`:
    not known).
    """

    entities: tuple[tuple[str, str], ...]
    invert: bool = False
    interval_s: float | None = None


@dataclass(frozen=True, slots=True)
class Circuit:
    """A breaker: its limit (A per phase), the id of its `parent`, its meter, and its reserve.

    `reserve_a` (A per phase) is never handed out. The main breaker has no parent.
    """

    id: str
    name: str
    limit: Setting
    parent: str | None
    meter: Meter | None = None
    reserve_a: float = 0.0


@dataclass(frozen=True, slots=True)
class Battery:
    """A home battery: its sensors, its marks in %, and its largest powers in W.

    `follows_load`: it gives what the house needs, so what it could give is room below the import
    limit. `phases`: where it is connected; `None`: found out by what moves with it, else all
    phases.
    """

    soc: str
    power: str | None
    invert: bool
    soc_min_pct: Setting
    soc_target_pct: Setting
    hysteresis_pct: float
    max_charge_w: float
    max_discharge_w: float
    follows_load: bool = True
    phases: tuple[str, ...] | None = None

    @property
    def mark(self) -> str:
        """What changes when its sensors do: then what was learned of it does not count."""
        return f"{self.soc} {'-' if self.invert else '+'}{self.power}"


@dataclass(frozen=True, slots=True)
class Inverter:
    """The inverter between sun, battery and house; ratings in W, `None`: not known.

    `outputs` are its sensors by phase. `asymmetric`: it gives each phase what that needs; otherwise
    all phases the same. `series`: its output feeds the whole house; otherwise it is what the panels
    give.
    """

    outputs: Meter | None = None
    max_w: float | None = None
    max_phase_w: float | None = None
    asymmetric: bool = False
    series: bool = False


@quick
@dataclass(frozen=True, slots=True)
class LoadSensors:
    """The sensors of a load. Of each list of entity ids the first that exists is used."""

    status: tuple[str, ...] = ()
    current: tuple[str, ...] = ()
    current_by_leg: tuple[tuple[str, str], ...] = ()
    power: tuple[str, ...] = ()
    transaction: tuple[str, ...] = ()
    presence: tuple[str, ...] = ()
    phases: tuple[str, ...] = ()
    latency: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    energy: tuple[str, ...] = ()
    session_limit: tuple[str, ...] = ()

    def all(self) -> tuple[str, ...]:
        """Every entity id named here."""
        legs = tuple(entity for _, entity in self.current_by_leg)
        others = self.power + self.energy + self.transaction + self.presence + self.phases
        found = self.status + self.current + legs + others + self.latency + self.signs
        return found + self.offered + self.session_limit


@quick
@dataclass(frozen=True, slots=True)
class Patience:
    """Delays of a load by its form, in s.

    - `grace_s`: how long it holds its minimum when the sun is not enough. `pause_s`: how long it
      stays off after a stop.
    - `most_stops`: after so many stops for lack of sun in a session (0: no limit) it holds its
      minimum if `then_holds`; otherwise it stays off until the next day.
    - `min_on_s`, `min_off_s`: shortest times of a plug. `boost_s`: how long a boost lasts.
    """

    grace_s: float = 300.0
    pause_s: float = 180.0
    most_stops: int = 0
    then_holds: bool = False
    min_on_s: float = 0.0
    min_off_s: float = 0.0
    boost_s: float = 3600.0


@quick
@dataclass(frozen=True, slots=True)
class Load:
    """Something that Load Juggler controls, on exactly one circuit; `kind` has its properties.

    - `legs`: which of its terminals is on which phase. `step_a`: its currents are multiples of it.
    - `min_a`, `max_a`: A per leg. `power_w`: of a plug, W in all.
    - `essential`: it is never switched off, and reserved before all others.
    - `excess_threshold_w`: its own export threshold in mode excess; `None`: the site's.
    - `fallback_a`: the most it takes while a meter is silent. `allow_remap`: it may be counted on
      other phases than wired.
    """

    id: str
    name: str
    kind: Capabilities
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

    @property
    def draws_as_rated(self) -> bool:
        """Whether its draw is not measured, so that its rated power counts while it is on.

        Then its draw changes at once when its switch does.
        """
        return not (self.kind.measured or self.sensors.power)

    @property
    def stays_off_s(self) -> float:
        """How long it stays off after a stop, s: its pause, or its shortest time off."""
        patience = self.patience
        return patience.min_off_s if self.kind.has_shortest_times else patience.pause_s


NOTIFY = "notify"
"""The domain of Home Assistant's actions and entities that tell people something."""


def is_notify(target: str) -> bool:
    """Whether an action or an entity is one that tells people something."""
    return target.startswith(f"{NOTIFY}.")


@dataclass(frozen=True, slots=True)
class Notify:
    """The kinds of notifications that people want, and an action or entity as another target."""

    kinds: frozenset[str] = frozenset()
    target: str | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    """What has been worked out of a site once, by circuit, load or legs."""

    paths: dict[str, tuple[str, ...]] = field(default_factory=dict)
    below: dict[str, tuple[Load, ...]] = field(default_factory=dict)
    next_below: dict[str, tuple[str, ...]] = field(default_factory=dict)
    marks: dict[str, str] = field(default_factory=dict)
    with_legs: dict[frozenset[tuple[str, Legs]], Site] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Site:
    """One grid connection: its phases, its breakers (parents before children) and its loads.

    `nets`: its meter counts what all phases take or feed in together, so that export on one phase
    pays for import on another; `None`: found out by the sensor of the total power.
    """

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
    nets: bool | None = None
    notify: Notify = Notify()
    _found: _Found = field(default_factory=_Found, init=False, repr=False, compare=False)

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
        if circuit_id not in self._found.paths:
            path = []
            at: str | None = circuit_id
            while at is not None:
                path.append(at)
                at = self.circuits[at].parent
            self._found.paths[circuit_id] = tuple(path)
        return self._found.paths[circuit_id]

    def below(self, circuit_id: str) -> tuple[Load, ...]:
        """The loads on a circuit and on those below it."""
        if not self._found.below:
            found: dict[str, list[Load]] = {circuit: [] for circuit in self.circuits}
            for load in self.loads.values():
                for circuit in self.path(load.circuit):
                    found[circuit].append(load)
            self._found.below.update({circuit: tuple(loads) for circuit, loads in found.items()})
        return self._found.below[circuit_id]

    def next_below(self, circuit_id: str) -> tuple[str, ...]:
        """Ids of the circuits that a circuit feeds directly."""
        if not self._found.next_below:
            found: dict[str, list[str]] = {circuit: [] for circuit in self.circuits}
            for circuit in self.circuits.values():
                if circuit.parent is not None:
                    found[circuit.parent].append(circuit.id)
            self._found.next_below.update({above: tuple(ids) for above, ids in found.items()})
        return self._found.next_below[circuit_id]

    def with_legs(self, legs: Mapping[str, Legs]) -> Site:
        """The same site with other legs of some loads, by id; the last result is cached."""
        key = frozenset(legs.items())
        if key not in self._found.with_legs:
            loads = {
                load.id: replace(load, legs=legs[load.id]) if load.id in legs else load
                for load in self.loads.values()
            }
            self._found.with_legs.clear()
            self._found.with_legs[key] = replace(self, loads=loads)
        return self._found.with_legs[key]

    def marks(self) -> Mapping[str, str]:
        """By circuit and load a text that changes with its meter, or its breaker and charger."""
        if not self._found.marks:
            for circuit in self.circuits.values():
                self._found.marks[circuit.id] = f"{circuit.meter}"
            for load in self.loads.values():
                self._found.marks[load.id] = f"{load.circuit} {load.control.mark}"
        return self._found.marks

    def entities(self) -> frozenset[str]:
        """Every entity id that a snapshot for this site must contain."""
        found = set(self.sources())
        found |= {self.grid_total} if self.grid_total else set()
        target = self.notify.target or ""
        found |= {target} if is_notify(target) else set()  # it may be an entity
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
            found.update(load.control.entities)
            if load.phase_switch and load.phase_switch.entity:
                found.add(load.phase_switch.entity)
        found.update(setting.entity for setting in settings if setting.entity)
        return frozenset(found)
