"""The house that runs: its devices through time, its entities, and the calls it carries out.

`House` is to the simulator what Home Assistant is to the real engine: `snapshot()` gives states
of entities, `call()` takes service calls, `advance()` lets time pass.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from loadjuggler.calls import ServiceCall
from loadjuggler.snapshot import EntityState
from loadjuggler.units import LEGS, PHASES, amps_to_watts

from . import names
from .cars import Car
from .devices import PROMPT, Charger, Habits, Plug, Water
from .metering import Metering
from .mistakes import NONE, Mistakes
from .physics import Amps, Flows, Overload, Wires, flows, overload
from .quirks import PLAIN, Late, Quirks
from .scenario import MAIN, Scenario

AMPS = {"unit_of_measurement": "A"}
WATTS = {"unit_of_measurement": "W"}
ASLEEP = "unavailable"
"""The state of a sensor of an inverter that sleeps."""


@dataclass(frozen=True, slots=True)
class Life:
    """How a house moves. The default is a scenario's: it answers at once and stays as it is.

    `household` (A by phase) and `sun` (W) at a time in s; `None`: the scenario's. `behind` is what
    of the household is behind breakers below the main one (A by breaker and phase, what hangs
    further down included). `cars` and `water` by load. The meters speak every `meter_s` in
    steps of `meter_step_a` (0: always and exactly), `meter_lag_s` late, of the mean of
    `meter_mean_s`, off by `meter_noise_a` (standard deviation). `mistakes` are what is connected
    otherwise than the scenario says, `quirks` what devices show oddly. `battery_kwh` makes the
    battery's SOC move (`None`: it stays).
    """

    household: Callable[[float], Mapping[str, float]] | None = None
    behind: Callable[[float], Mapping[str, Amps]] | None = None
    sun: Callable[[float], float] | None = None
    cars: Mapping[str, Car] = field(default_factory=dict)
    water: Mapping[str, Water] = field(default_factory=dict)
    habits: Habits = PROMPT
    meter_s: float = 0.0
    meter_step_a: float = 0.0
    meter_lag_s: float = 0.0
    meter_mean_s: float = 0.0
    meter_noise_a: float = 0.0
    mistakes: Mistakes = NONE
    quirks: Quirks = PLAIN
    battery_kwh: float | None = None

    @property
    def slowest_s(self) -> float:
        """How long the slowest car takes to obey, s."""
        own = [car.reaction_s for car in self.cars.values()]
        return max(self.habits.reaction_s if one is None else one for one in [None, *own])


STILL = Life()


class Undelivered(ValueError):
    """A call that did not go through because a device failed: Home Assistant would raise too."""


class House:
    """A scenario, alive. Times are epoch seconds, currents A.

    `told` is the scenario as it was given, which is what the engine is told; `scenario` is how the
    house is really connected.
    """

    def __init__(self, scenario: Scenario, life: Life = STILL, now: float = 0.0) -> None:
        """Build the house as it is at `now`: nothing has been told to any load."""
        self.told, self.life, self.now = scenario, life, now
        self.scenario = scenario = life.mistakes.really(scenario)
        self.metering = Metering(
            life.meter_step_a,
            life.meter_lag_s,
            life.meter_mean_s,
            life.meter_noise_a,
            life.mistakes,
        )
        self.wires = Wires.of(scenario)
        voltage = scenario.site.voltage
        self.chargers = {
            spec.id: Charger(spec, voltage, life.habits, life.cars.get(spec.id))
            for spec in scenario.loads
            if spec.type == "charger"
        }
        self.plugs = {
            spec.id: Plug(spec, voltage, life.water.get(spec.id))
            for spec in scenario.loads
            if spec.type == "plug"
        }
        self.soc_pct = scenario.battery.soc if scenario.battery else 0.0
        self.news = False
        """Whether a state has changed since somebody set this to False."""
        self._states: dict[str, EntityState] = {}
        self._by_switch = {names.switch(plug): plug for plug in self.plugs}
        self._metered_at = self._reported_at = float("-inf")
        self._asked: set[str] = set()
        self._said: dict[str, tuple[float, float]] = {}
        self._late = Late(life.quirks.late_s, life.quirks.every_s)
        self.household: Amps
        self.draws: dict[str, dict[str, float]]
        self.flows: Flows
        self._settle(0.0)

    # --- time ---------------------------------------------------------------------------------

    @property
    def clock(self) -> float:
        """Epoch s as Home Assistant's clock has it; `now` is the time of the physics."""
        return self.now

    @property
    def asleep(self) -> bool:
        """Whether the inverter sleeps, because there is no sun."""
        return bool(self.life.quirks.sleeps) and self.sun_w <= 0.0

    def advance(self, now: float) -> None:
        """Let time pass until `now`, in one step: take steps as short as the house is quick."""
        seconds, self.now = now - self.now, now
        battery = self.scenario.battery
        if self.life.battery_kwh and battery:
            pct = self.flows.battery_w * seconds / 3.6e6 / self.life.battery_kwh * 100
            self.soc_pct = min(max(self.soc_pct - pct, 0.0), 100.0)
        self._settle(seconds)

    def _settle(self, seconds: float) -> None:
        """Bring all devices to `self.now` and work out what flows then."""
        life, scenario = self.life, self.scenario
        self.household = life.household(self.now) if life.household else scenario.household
        self._behind = life.behind(self.now) if life.behind else self.wires.behind
        self.sun_w = life.sun(self.now) if life.sun else scenario.solar.power
        self.draws = {}
        devices: list[Charger | Plug] = [*self.chargers.values(), *self.plugs.values()]
        for device in devices:
            device.step(self.now, seconds)
            self.draws[device.spec.id] = by_phase(device.spec.phases, device.draw)
        self.flows = self._flows(self.draws)
        seen = life.mistakes.metered(self.flows.meters, self.draws)
        self.metering.note(self.now, seen)

    def _flows(self, draws: Mapping[str, Amps]) -> Flows:
        hybrid = self.asleep and self.life.quirks.sleeps == "hybrid"
        soc_pct = 0.0 if hybrid else self.soc_pct  # such a battery gives nothing at night
        return flows(self.wires, self.household, self.sun_w, soc_pct, draws, self._behind)

    def flows_with(self, draws: Mapping[str, Amps]) -> Flows:
        """What would flow now if only these loads drew something (A by phase)."""
        return self._flows(draws)

    def overload(self) -> Overload:
        """How far any breaker is over its limit now."""
        return overload(self.wires, self.flows, self._flows({}), self.draws)

    def overload_with(self, draws: Mapping[str, Amps]) -> Overload:
        """How far any breaker would be over its limit if loads drew `draws` (A by phase)."""
        return overload(self.wires, self._flows(draws), self._flows({}), draws)

    # --- Home Assistant's side -------------------------------------------------------------------

    def call(self, call: ServiceCall) -> None:
        """Carry out a service call; raises ValueError for one that would do harm or nothing."""
        if (call.domain, call.service) == ("ocpp", "set_charge_rate"):
            charger = self.chargers.get(call.data["devid"])
            if charger is None or call.data["conn_id"] != 1:
                raise ValueError(f"no such charger: {call.data['devid']}/{call.data['conn_id']}")
            charger.set_profile(call.data["custom_profile"], self.now)
        elif call.domain == "switch" and call.service in ("turn_on", "turn_off"):
            plug = self.plugs[self._by_switch[call.data["entity_id"]]]
            if not plug.available:
                raise ValueError(f"{call.data['entity_id']} is unavailable")
            plug.on = call.service == "turn_on"
        elif call.service in ("trigger_custom_message", "clear_profile", "press"):
            self._aside(call)
        else:
            raise ValueError(f"there is no service {call.domain}.{call.service} here")
        self._settle(0.0)

    def _aside(self, call: ServiceCall) -> None:
        """A call that tells a charger no current: to report, to forget its profiles, to restart."""
        charger = self.chargers[call.load_id]
        if call.service == "trigger_custom_message":
            self._asked.add(call.load_id)
            return
        if call.service == "press":
            charger.crash()
            charger.start_again(self.now)
        else:
            charger.forget(self.now)

    def snapshot(self) -> dict[str, EntityState]:
        """States of all entities, as they were last reported."""
        if self.now - self._metered_at >= self.life.meter_s:
            self._metered_at = self.now
            self._report_meters()
        due = self.now - self._reported_at >= self.life.habits.report_s
        if due:
            self._reported_at = self.now
        for load, charger in self.chargers.items():
            self._report_charger(load, charger, due or load in self._asked or self._says(load))
        self._asked.clear()
        for load, plug in self.plugs.items():
            state = ("on" if plug.on else "off") if plug.available else "unavailable"
            self._put(names.switch(load), state, {}, due)
            power = repr(plug.power_w) if plug.available else "unavailable"
            self._put(names.plug_power(load), power, WATTS, due)
        states = dict(self._states)
        self.life.mistakes.copy(states)
        return states

    def _says(self, load: str) -> bool:
        """Whether a charger reports now that its current has changed a while ago."""
        after_s = self.life.habits.says_s
        if after_s is None:
            return False
        now_a = max(self.chargers[load].draw.values(), default=0.0)
        said_a, since = self._said.get(load, (now_a, self.now))
        if abs(now_a - said_a) < 1.0:
            self._said[load] = said_a, self.now
            return False
        if self.now - since < after_s:
            return False
        self._said[load] = now_a, self.now
        return True

    def _report_meters(self) -> None:
        scenario = self.scenario
        for phase, amps in self.metering.shown(MAIN, self.now).items():
            self._put(names.grid(phase), repr(amps), AMPS)
            if scenario.inverter.output_measured:
                given = repr(self.metering.rounded(self.flows.inverter[phase]))
                asleep = names.inverter(phase) in self.sleeping()
                self._put(names.inverter(phase), ASLEEP if asleep else given, AMPS)
        for circuit in scenario.circuits:
            if circuit.measured:
                for phase, amps in self.metering.shown(circuit.id, self.now).items():
                    self._put(names.circuit(circuit.id, phase), repr(amps), AMPS)
        found = {names.SOLAR: self.flows.sun_w} if scenario.solar.measured else {}
        if scenario.battery:
            found[names.BATTERY_POWER] = self.flows.battery_w
        sleeping = self.sleeping()
        for entity, watts in (self._late.due(self.now, found) or {}).items():
            self._put(entity, ASLEEP if entity in sleeping else repr(watts), WATTS)
        if scenario.battery:
            soc = ASLEEP if names.BATTERY_SOC in sleeping else repr(self.soc_pct)
            self._put(names.BATTERY_SOC, soc, {"unit_of_measurement": "%"})

    def sleeping(self) -> tuple[str, ...]:
        """The sensors of sun, inverter and battery that give nothing, as their inverter sleeps."""
        if not self.asleep:
            return ()
        outputs = tuple(names.inverter(phase) for phase in PHASES)
        hybrid = self.life.quirks.sleeps == "hybrid"
        battery = (names.BATTERY_POWER, names.BATTERY_SOC) if hybrid else ()
        return (names.SOLAR, *outputs, *battery)

    def _report_charger(self, load: str, charger: Charger, due: bool) -> None:
        status = names.charger(load, "status_connector")
        old = self._states.get(status)
        news = old is None or old.value != charger.status
        transaction = str(charger.transaction or "unknown")
        self._put(status, charger.status, {}, due)
        self._put(names.charger(load, "transaction_id"), transaction, {}, due)
        if due or news:
            legs = {leg: charger.draw.get(leg, 0.0) for leg in LEGS if leg in charger.spec.phases}
            self._report_current(load, charger, legs)
            power_w = amps_to_watts(sum(legs.values()), self.scenario.site.voltage)
            self._put(
                names.charger(load, "power_active_import"),
                repr(power_w / 1000),
                {"unit_of_measurement": "kW"},
            )

    def _report_current(self, load: str, charger: Charger, legs: Mapping[str, float]) -> None:
        """Report the current of each of its legs, as far as it measures that."""
        measures, current = self.life.habits.measures, names.charger(load, "current_import")
        if measures == "power":
            return
        flowing = [amps for amps in legs.values() if amps]
        mean = sum(flowing) / len(flowing) if flowing else 0.0
        old = self._states.get(current)
        if measures == "left" and charger.status != "Charging" and old is not None:
            mean, legs = 0.0, {leg: old.attributes[leg] for leg in legs}
        self._put(current, repr(mean), {**AMPS, **legs})

    def _put(
        self, entity: str, value: str, attributes: Mapping[str, Any], again: bool = True
    ) -> None:
        """Report a state; without `again` only if it is a new one."""
        old = self._states.get(entity)
        changed = old is None or old.value != value or old.attributes != attributes
        self.news |= changed
        if again or changed:
            self._states[entity] = EntityState(value, attributes, self.clock)


def by_phase(legs: Mapping[str, str], draw: Mapping[str, float]) -> dict[str, float]:
    """A by site phase of a draw by leg; legs on the same phase add up."""
    amps: dict[str, float] = {}
    for leg, phase in legs.items():
        amps[phase] = amps.get(phase, 0.0) + draw.get(leg, 0.0)
    return amps
