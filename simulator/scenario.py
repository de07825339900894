"""The records of a scenario: a house at one moment, as docs/scenario-format.md describes it.

Currents are A per phase, powers W over all phases, SOC in %. Everything is frozen.
`simulator.scenario_file` reads them from YAML.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

MAIN = "main"
"""What `parent` calls the main breaker."""


@dataclass(frozen=True, slots=True)
class SiteSpec:
    """The grid connection. `max_import_power` is `None` where there is no such limit."""

    voltage: float = 230.0
    phases: str = "ABC"
    main_breaker: float = 25.0
    max_import_power: float | None = None
    power_buffer: float = 0.0
    distribution: str = "priority"
    allow_grid_charging: bool = True
    excess_threshold: float = 13000.0
    battery_follows_load: bool = True


@dataclass(frozen=True, slots=True)
class Solar:
    """Sun in W over all phases; `measured`: a sensor tells the engine."""

    power: float = 0.0
    measured: bool = False


@dataclass(frozen=True, slots=True)
class Inverter:
    """The inverter between sun, battery and house; ratings in W, `None`: not limited."""

    max_power: float | None = None
    max_power_per_phase: float | None = None
    asymmetric: bool = False
    topology: str = "parallel"
    output_measured: bool = False


@dataclass(frozen=True, slots=True)
class Battery:
    """A home battery: SOC and its marks in %, powers in W; on `phase`, or on all alike (`None`)."""

    soc: float
    soc_min: float = 20.0
    soc_target: float = 80.0
    soc_hysteresis: float = 3.0
    max_charge_power: float = 5000.0
    max_discharge_power: float = 5000.0
    phase: str | None = None


@dataclass(frozen=True, slots=True)
class CircuitSpec:
    """A breaker below the main one.

    `household` is the unmanaged draw behind it in A by phase, what hangs on breakers further
    down included.
    """

    id: str
    limit: float
    parent: str = MAIN
    loads: tuple[str, ...] = ()
    household: Mapping[str, float] = field(default_factory=dict)
    measured: bool = False


@dataclass(frozen=True, slots=True)
class LoadSpec:
    """A charger (with `min_current`, `max_current` in A) or a plug (with `power` in W).

    `phases` wires legs to site phases: {"L1": "B"}. `status` is the OCPP connector status; for
    a plug it says in the same words whether it takes part. `allow_remap`: a wrong wiring that the
    engine has found may be put right by itself.
    """

    id: str
    type: str
    mode: str
    phases: Mapping[str, str]
    status: str
    priority: float = 5.0
    min_current: float = 6.0
    max_current: float = 16.0
    power: float = 0.0
    essential: bool = False
    allow_remap: bool = False


@dataclass(frozen=True, slots=True)
class Expected:
    """What a load should get, in A per leg; `None`: not said."""

    allocated: float | None = None
    available: float | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """A house at one moment: what draws, what the sun gives, which loads want current."""

    name: str
    site: SiteSpec
    loads: tuple[LoadSpec, ...]
    household: Mapping[str, float] = field(default_factory=dict)
    solar: Solar = Solar()
    inverter: Inverter = Inverter()
    battery: Battery | None = None
    circuits: tuple[CircuitSpec, ...] = ()
    expected: Mapping[str, Expected] = field(default_factory=dict)
    group: str = ""
    verified: bool = False
    because: str = ""

    def path(self, circuit: str) -> tuple[str, ...]:
        """Ids of the breakers from `circuit` up to the one below the main breaker."""
        parents = {spec.id: spec.parent for spec in self.circuits}
        path = []
        while circuit != MAIN:
            path.append(circuit)
            circuit = parents[circuit]
        return tuple(path)

    def circuit_of(self, load: str) -> str:
        """Id of the breaker that `load` hangs on; "main" if no circuit names it."""
        return next((spec.id for spec in self.circuits if load in spec.loads), MAIN)
