"""A house to try the engine in: forms as blueprints send them, and the physics behind the meters.

    house = House(site_form(main_breaker_a=25), charger_form("left"), plug_form("boiler"))
    house.household["main"]["A"] = 4.0
    house.cars["left"].max_a = 11.0
    house.tick()             # one run: states in, calls out, calls obeyed
    house.offered("left")    # A per leg that the charger was told
    house.power.sun_w = 6900   # spread evenly; a battery keeps the flow to the grid at 0

Nothing here is the engine's: a charger obeys the profile that OCPP 1.6 says is in force, a car
draws what it is offered up to what it can, and a meter shows what flows.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple

from loadjuggler import flow
from loadjuggler.calls import SWITCH, ServiceCall
from loadjuggler.config.build import Node, Wired, new_id, wire
from loadjuggler.config.parse import CONTRACT, parse
from loadjuggler.memory.memory import Memory
from loadjuggler.options import Options
from loadjuggler.site.controls import OcppControl, SwitchControl
from loadjuggler.site.model import Load, Site
from loadjuggler.site.slug import slug
from loadjuggler.snapshot import EntityState

VOLTAGE_V = 230.0
START = 1_000_000.0


# --- forms ---------------------------------------------------------------------------------------


def form(kind: str, node: str, **values: Any) -> dict[str, Any]:
    """A form as a blueprint sends it, of `kind`; `kind` itself is taken out by the user."""
    return {
        "kind": kind,
        "contract": CONTRACT,
        "node": node,
        "automation": f"automation.{slug(node)}",
        **values,
    }


def site_form(phases: str = "ABC", **values: Any) -> dict[str, Any]:
    """A site with a meter on each phase."""
    meters = {f"grid_{phase.lower()}": f"sensor.grid_{phase.lower()}" for phase in phases}
    return form("site", "site", **{"name": "Home", "phases": phases, **meters, **values})


SUN = {"solar_entity": "sensor.solar"}
BATTERY = {"battery_soc_entity": "sensor.soc", "battery_power_entity": "sensor.battery"}
OUTPUTS = {f"inverter_{phase}": f"sensor.inverter_{phase}" for phase in "abc"}


def circuit_form(name: str, limit_a: float, metered: str = "", **values: Any) -> dict[str, Any]:
    """A breaker, with a meter on each phase in `metered`."""
    meters = {f"meter_{phase.lower()}": f"sensor.{name}_{phase.lower()}" for phase in metered}
    return form("circuit", name, **{"name": name, "limit_a": limit_a, **meters, **values})


NEW = {"rate_unit": "A", "layers": "2", "clear_first": False}
"""A charger that is known, and that nobody told anything before: so it is told what it gets."""


def charger_form(name: str, legs: str = "ABC", **values: Any) -> dict[str, Any]:
    """An OCPP charger with a charge point of its own name; `legs` are the phases of L1, L2, L3."""
    wired = {
        f"leg_l{number}": legs[number - 1] if number <= len(legs) else "none"
        for number in (1, 2, 3)
    }
    known = NEW | ({"layers": "preset"} if "preset" in values else {})
    return form("charger", name, **{"name": name, "devid": name, **wired, **known, **values})


def plug_form(name: str, legs: str = "A", power_w: float = 2300, **values: Any) -> dict[str, Any]:
    """A plug behind a switch of its own name."""
    wired = {
        f"leg_l{number}": legs[number - 1] if number <= len(legs) else "none"
        for number in (1, 2, 3)
    }
    switch = f"switch.{name}"
    return form(
        "plug", name, **{"name": name, "switch": switch, "power_w": power_w, **wired, **values}
    )


def wire_forms(*forms: Mapping[str, Any]) -> Wired:
    """What the forms make, ids as at first registration in this order."""
    nodes: list[Node] = []
    for data in forms:
        values = {key: value for key, value in data.items() if key != "kind"}
        parsed = parse(data["kind"], values)
        nodes.append(Node(parsed, new_id(parsed.values["name"], [node.id for node in nodes])))
    return wire(nodes)


# --- physics -------------------------------------------------------------------------------------


class TxLimit(NamedTuple):
    """A TxProfile: A per leg, in which transaction, and until when (epoch s)."""

    amps: float
    transaction: int
    until: float


@dataclass
class Car:
    """What is plugged into a charger, and what the charger was told: TxProfiles by stack level.

    `default_periods` are what its default says after a while: (s from the begin of a session, A).
    """

    status: str = "Charging"
    max_a: float = 32.0
    legs: int = 3
    transaction: int = 0
    tx_limits: dict[int, TxLimit] = field(default_factory=dict)
    default_limit_a: float | None = None
    default_periods: tuple[tuple[float, float], ...] = ()
    session: tuple[float, bool, int] = (0.0, False, 0)
    reported_at: float | None = None
    sessions: int = 0

    def offered_a(self, now: float) -> float:
        """A per leg by the profile in force (OCPP 1.6, 3.13.1 and 3.13.2).

        A TxProfile of the running transaction overrules; the highest one that is valid wins.
        """
        for _, limit in sorted(self.tx_limits.items(), reverse=True):
            if self.transaction == limit.transaction and now < limit.until:
                return limit.amps
        later = [amps for at_s, amps in self.default_periods if at_s <= self.session_s(now)]
        if later:
            return later[-1]
        return 32.0 if self.default_limit_a is None else self.default_limit_a

    def session_s(self, now: float) -> float:
        """How long its session has run, s; 0: none runs."""
        runs = self.status in ("Charging", "SuspendedEVSE", "SuspendedEV")
        if self.session[1:] != (runs, self.transaction):
            self.session = (now, runs, self.transaction)
        return now - self.session[0] if runs else 0.0

    def draw_a(self, now: float) -> float:
        """A on each leg that the car uses; below 6 A it pauses (IEC 61851)."""
        if self.status not in ("Charging", "SuspendedEVSE", "Preparing"):
            return 0.0
        amps = min(self.offered_a(now), self.max_a)
        return amps if amps >= 6.0 else 0.0

    def take(self, profile: Mapping[str, Any]) -> None:
        """Take in a profile; one for another transaction is discarded (5.16.4)."""
        period = profile["chargingSchedule"]["chargingSchedulePeriod"][0]
        limit = period["limit"]
        if profile["chargingSchedule"]["chargingRateUnit"] == "W":  # of three phases (e3.69)
            limit = limit / (VOLTAGE_V * period.get("numberPhases", 3))
        elif "numberPhases" in period:  # it can switch, and does
            self.legs = period["numberPhases"]
        if profile["chargingProfilePurpose"] == "TxDefaultProfile":
            self.default_limit_a = limit
            rows = profile["chargingSchedule"]["chargingSchedulePeriod"][1:]
            self.default_periods = tuple((row["startPeriod"], row["limit"]) for row in rows)
        elif self.transaction and profile.get("transactionId", self.transaction) == (
            self.transaction
        ):
            until = profile.get("validTo")
            ends = math.inf if until is None else datetime.fromisoformat(until).timestamp()
            self.tx_limits[profile["stackLevel"]] = TxLimit(limit, self.transaction, ends)

    def switch(self, *, on: bool) -> None:
        """A session is ended from remote, or begun (5.11, 5.12): a new one, with a new id."""
        self.status = "Charging" if on else "Finishing"
        self.sessions += 1
        self.transaction = 100 + self.sessions if on else 0

    def forget(self) -> None:
        """Forget all profiles."""
        self.tx_limits = {}
        self.default_limit_a, self.default_periods = None, ()


@dataclass
class Outlet:
    """A plug: on or off, and what it takes when it is on (a thermostat may take nothing)."""

    power_w: float
    on: bool = False
    switched_at: float = START


@dataclass
class Power:
    """Sun and battery behind the meter: the sun spread evenly, the battery answers the total.

    The battery is there if the site has one. It gives what is missing while its charge is above
    `soc_min_pct`, as far as the inverter has it beside the sun (`rating_w`), and takes what is
    left over below 97 %. `stubborn_w` is what it does whatever the house needs.
    """

    sun_w: float = 0.0
    soc_pct: float = 50.0
    soc_min_pct: float = 20.0
    most_w: float = 5000.0
    rating_w: float | None = None
    stubborn_w: float | None = None

    def battery_w(self, missing_w: float) -> float:
        """W that the battery gives (negative: takes) when `missing_w` is needed beside the sun."""
        if self.stubborn_w is not None:
            return self.stubborn_w
        if missing_w > 0 and self.soc_pct > self.soc_min_pct:
            left_w = missing_w if self.rating_w is None else max(self.rating_w - self.sun_w, 0.0)
            return min(missing_w, self.most_w, left_w)
        if missing_w < 0 and self.soc_pct < 97.0:
            return max(missing_w, -self.most_w)
        return 0.0


@dataclass(repr=False)
class House:
    """Site, physics and clock in one. `extra` states are added to each snapshot as they are."""

    site: Site
    options: Options = field(default_factory=Options)
    now: float = START
    memory: Memory = field(default_factory=Memory)
    household: dict[str, dict[str, float]] = field(default_factory=dict)
    cars: dict[str, Car] = field(default_factory=dict)
    outlets: dict[str, Outlet] = field(default_factory=dict)
    extra: dict[str, EntityState] = field(default_factory=dict)
    lost: dict[str, EntityState | None] = field(default_factory=dict)
    calls: list[ServiceCall] = field(default_factory=list)
    outcome: flow.RunResult | None = None
    power: Power = field(default_factory=Power)
    forms: tuple[Mapping[str, Any], ...] = ()
    utc_offset_s: float = 0.0

    def __repr__(self) -> str:
        """What was wired and what is in it, short enough to read in a failed test."""
        skipped = ("kind", "contract", "node", "automation")
        lines = [
            f"{data['kind']}: "
            + ", ".join(f"{key}={value!r}" for key, value in data.items() if key not in skipped)
            for data in self.forms
        ]
        lines += [f"household {self.household}", *(f"{k}: {v}" for k, v in self.cars.items())]
        lines += [f"{key}: {value}" for key, value in self.outlets.items()]
        lines += [str(self.power)]
        return "House(\n  " + "\n  ".join(lines) + f"\n  extra {self.extra}, lost {self.lost})"

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        """What hypothesis prints."""
        printer.text(repr(self))

    @classmethod
    def of(cls, *forms: Mapping[str, Any], options: Options | None = None) -> House:
        """A house of forms; every circuit idle, every charger with a car that charges."""
        wired = wire_forms(*forms)
        assert wired.site is not None, wired.refused
        assert not wired.refused, wired.refused
        assert not wired.waiting, wired.waiting
        house = cls(wired.site, options or Options(), forms=forms)
        for circuit in house.site.circuits:
            house.household[circuit] = dict.fromkeys(house.site.phases, 0.0)
        for load in house.site.loads.values():
            if load.kind.has_car:
                house.cars[load.id] = Car(legs=len(load.legs))
            else:
                house.outlets[load.id] = Outlet(float(load.power_w.value or 0.0))
        return house

    # what flows

    def draws(self, load: Load) -> dict[str, float]:
        """A by leg of one load."""
        if load.id in self.cars:
            car = self.cars[load.id]
            return {
                leg: car.draw_a(self.now) if number < car.legs else 0.0
                for number, (leg, _) in enumerate(load.legs)
            }
        outlet = self.outlets[load.id]
        amps = outlet.power_w / VOLTAGE_V / len(load.legs) if outlet.on else 0.0
        return {leg: amps for leg, _ in load.legs}

    def flows(self, circuit: str, ours: bool = True) -> dict[str, float]:
        """A by phase through a breaker, with or without what we may cut.

        Sun and battery come in behind the main one, except where they are all there is.
        """
        used = self.used(circuit, ours)
        if circuit != "main" or self.site.off_grid:
            return used
        each = (self.power.sun_w + self.battery_w(used)) / VOLTAGE_V / len(used)
        return {phase: amps - each for phase, amps in used.items()}

    def battery_w(self, used: Mapping[str, float]) -> float:
        """W that the battery gives when the house uses `used` A by phase; 0 without one."""
        if self.site.battery is None:
            return 0.0
        return self.power.battery_w(sum(used.values()) * VOLTAGE_V - self.power.sun_w)

    def used(self, circuit: str, ours: bool = True) -> dict[str, float]:
        """A by phase that is used behind a breaker, with or without what we may cut."""
        total = dict.fromkeys(self.site.phases, 0.0)
        for at, used in self.household.items():
            if circuit in self.site.path(at):
                for phase, amps in used.items():
                    total[phase] += amps
        for load in self.site.loads.values():
            if circuit in self.site.path(load.circuit) and (ours or load.essential):
                phases = self.connected(load)
                for leg, amps in self.draws(load).items():
                    total[phases[leg]] += amps
        return total

    def connected(self, load: Load) -> dict[str, str]:
        """The phase that each leg of a load is really connected to."""
        return dict(load.legs)

    def metered(self, circuit: str) -> dict[str, float]:
        """A by phase that the meter of a breaker measures."""
        return self.flows(circuit)

    def overloads(self) -> list[str]:
        """Breakers that carry more than they may and would not without us, as people say it."""
        wrong = []
        for circuit in self.site.circuits.values():
            said = self.extra.get(circuit.limit.entity or "")
            limit = float(said.value if said else circuit.limit.value or 0.0)
            given = self.flows(circuit.id, ours=False)
            for phase, amps in self.flows(circuit.id).items():
                if amps > max(limit, given[phase]) + 1e-6:
                    wrong.append(f"{circuit.id} {phase}: {amps:.2f} > {limit:g} A")
        return wrong

    # what is seen

    def snapshot(self) -> dict[str, EntityState]:
        """The states of everything, each reported just now unless said otherwise."""
        states: dict[str, EntityState] = {}
        for circuit in self.site.circuits.values():
            if circuit.meter:
                flows = self.metered(circuit.id)
                sign = -1.0 if circuit.meter.invert else 1.0
                for phase, entity in circuit.meter.entities:
                    states[entity] = state(sign * flows[phase], "A", self.now)
        for load in self.site.loads.values():
            states |= self._charger(load) if load.id in self.cars else self._plug(load)
        states |= self._sources()
        states |= self.extra
        for entity, replacement in self.lost.items():
            if replacement is None:
                states.pop(entity, None)
            else:
                states[entity] = replacement
        return states

    def _sources(self) -> dict[str, EntityState]:
        """Sun, battery and inverter, as far as the site has sensors of them."""
        used = self.used("main")
        battery_w = self.battery_w(used)
        states = {}
        if self.site.solar:
            states[self.site.solar] = state(self.power.sun_w / 1000, "kW", self.now)
        if self.site.battery:
            states[self.site.battery.soc] = state(self.power.soc_pct, "%", self.now)
            if self.site.battery.power:
                sign = -1.0 if self.site.battery.invert else 1.0
                states[self.site.battery.power] = state(sign * battery_w, "W", self.now)
        outputs = self.site.inverter.outputs
        for phase, entity in outputs.entities if outputs else ():
            sun_a = self.power.sun_w / VOLTAGE_V / len(self.site.phases)
            states[entity] = state(
                used[phase] if self.site.inverter.series else sun_a, "A", self.now
            )
        return states

    def _charger(self, load: Load) -> dict[str, EntityState]:
        car, draws = self.cars[load.id], self.draws(load)
        assert isinstance(load.control, OcppControl)
        devid = load.control.devid
        at = self.now if car.reported_at is None else car.reported_at
        mean = max(draws.values(), default=0.0)
        return {
            f"sensor.{devid}_status": state("Available", None, self.now),
            f"sensor.{devid}_status_connector": state(car.status, None, self.now),
            f"sensor.{devid}_current_import": state(mean, "A", at, **draws),
            f"sensor.{devid}_transaction_id": state(str(car.transaction), None, self.now),
        }

    def _plug(self, load: Load) -> dict[str, EntityState]:
        outlet = self.outlets[load.id]
        assert isinstance(load.control, SwitchControl)
        states = {
            load.control.entity: state("on" if outlet.on else "off", None, outlet.switched_at)
        }
        for entity in load.sensors.power:
            states[entity] = state(outlet.power_w if outlet.on else 0.0, "W", self.now)
        return states

    # what happens

    def run(self) -> flow.RunResult:
        """One run now; its calls are made but not yet obeyed."""
        outcome = flow.run(
            self.site,
            self.memory,
            self.snapshot(),
            self.now,
            self.options,
            utc_offset_s=self.utc_offset_s,
        )
        self.memory, self.outcome = outcome.memory, outcome
        self.calls += outcome.commands
        return outcome

    def tick(self, seconds: float = 5.0) -> flow.RunResult:
        """One run, its calls obeyed at once, and `seconds` pass."""
        outcome = self.run()
        self.obey(outcome.commands)
        self.now += seconds
        return outcome

    def pass_time(self, seconds: float, each: float = 5.0) -> None:
        """Runs at a tick of `each` for `seconds`."""
        end = self.now + seconds
        while self.now < end:
            self.tick(each)

    def obey(self, calls: Iterable[ServiceCall]) -> None:
        """Do what the calls say, as charger and switch would; they go through."""
        for call in calls:
            if call.tells and call.load_id in self.memory.loads:
                through = self.memory.load(call.load_id).delivered(call.delivers)
                loads = {**self.memory.loads, call.load_id: through}
                self.memory = replace(self.memory, loads=loads)
            if call.service in ("trigger_custom_message", "get_configuration"):
                continue  # its report comes at its own time
            if call.service == "clear_profile" or call.domain == "button":
                for load in self.site.loads.values():
                    if load.id == call.load_id:
                        self.cars[load.id].forget()
            elif call.domain == "ocpp":
                for load in self.site.loads.values():
                    if load.control == OcppControl(call.data["devid"], call.data["conn_id"]):
                        self.cars[load.id].take(call.data["custom_profile"])
            elif call.slot == "phases":
                self.switch_phases(call)
            else:
                if call.slot == SWITCH:
                    self.cars[call.load_id].switch(on=call.service == "turn_on")
                for load in self.site.loads.values():
                    if load.control == SwitchControl(call.data["entity_id"]):
                        self.outlets[load.id].on = call.service == "turn_on"
                        self.outlets[load.id].switched_at = self.now

    def switch_phases(self, call: ServiceCall) -> None:
        """Let a charger's contactor connect one phase, or three; a car may draw on fewer."""
        entity, state_now = call.data["entity_id"], call.data.get("option")
        text = state_now or call.service.removeprefix("turn_")
        self.extra[entity] = state(text, None, self.now)
        self.cars[call.load_id].legs = 1 if text == "off" or text.startswith("1") else 3

    # what is asked in tests

    def offered(self, load: str) -> float:
        """A per leg that a charger may draw now by what it was told."""
        return self.cars[load].offered_a(self.now)

    def told(self, load: str) -> float | None:
        """A per leg that the last report says the load is told."""
        assert self.outcome is not None
        return self.outcome.report.loads[load].allocated_a

    def sentence(self, load: str) -> str:
        """The reason of a load after the last run."""
        assert self.outcome is not None
        return self.outcome.report.loads[load].sentence


def state(
    value: float | str, unit: str | None = None, at: float = START, **attributes: Any
) -> EntityState:
    """A state as Home Assistant has it."""
    if unit is not None:
        attributes["unit_of_measurement"] = unit
    text = value if isinstance(value, str) else f"{value:.6g}"
    return EntityState(text, attributes, at)
