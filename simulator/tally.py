"""Counts where the energy of a living house went, second by second.

Without netting over the phases (a symmetric inverter without a battery) each phase is counted by
itself. With a battery, which follows the total, or an inverter that balances the phases, the house
is counted as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from loadjuggler.units import amps_to_watts

from .house import House
from .physics import Amps, Flows
from .scenario import MAIN, LoadSpec

SOLAR_ONLY = ("solar_only", "excess")
"""Modes of loads that should never cause an import."""
SOLAR = ("solar_priority", *SOLAR_ONLY)
"""Modes of loads that should soak up what would be exported."""
LEAST_MORE_A = 0.05
WHAT = (
    "sun", "house", "managed", "imported", "exported", "charged", "discharged", "managed_by_sun",
    "managed_by_battery", "solar_only", "solar_only_import", "solar_only_battery", "missed",
    "missed_below_target",
)  # fmt: skip
"""What is counted."""


@dataclass(slots=True)
class Tally:
    """Energies in Wh since the house's start; call `second` after each.

    - `sun`, `house`, `managed`, `imported`, `exported`, `charged`, `discharged`: what flowed.
    - `managed_by_sun`, `managed_by_battery`: of the managed loads' energy. Sun serves the house
      first, what it leaves serves the loads; the battery gives to the house first, too. The rest
      of `managed` is from the grid.
    - `solar_only`: what loads in the modes of SOLAR_ONLY took. `solar_only_import`: how much less
      would have been imported in each second without their draws, everything else being as it is,
      the battery answering at once; `solar_only_battery` how much less the battery would have
      given.
    - `missed`: what was exported, or went into a battery at its target or above, while a load in a
      mode of SOLAR could have taken more of it by its maximum, minimum and breakers, and by its
      thermostat or car: also in the pause after a stop, which is deliberate. Excess loads could
      take only what is above the threshold. `missed_below_target`: exported while the battery was
      below its target, when solar loads must wait and the battery could not take more.
    """

    house: House
    wh: dict[str, float] = field(default_factory=lambda: dict.fromkeys(WHAT, 0.0))
    _netted: bool = True

    def __post_init__(self) -> None:
        """Know how the house's phases count."""
        scenario = self.house.scenario
        self._netted = scenario.battery is not None or scenario.inverter.asymmetric

    def second(self) -> None:
        """Count the second that has passed."""
        house = self.house
        voltage = house.scenario.site.voltage
        drawn_w = sum(amps_to_watts(sum(draw.values()), voltage) for draw in house.draws.values())
        flows = house.flows
        self._add("sun", flows.sun_w)
        self._add("house", amps_to_watts(sum(house.household.values()), voltage))
        self._add("managed", drawn_w)
        self._add("imported", self._import_w(flows))
        self._add("exported", self._export_w(flows))
        self._add("discharged", max(flows.battery_w, 0.0))
        self._add("charged", max(-flows.battery_w, 0.0))
        if drawn_w:
            self._share()
            self._solar_only()
        self._missed()

    def _add(self, what: str, watts: float) -> None:
        self.wh[what] += watts / 3600

    def _rooms(self, amps: Amps) -> list[float]:
        """A of each phase, or of all together where they are netted."""
        by_phase = [amps.get(phase, 0.0) for phase in self.house.scenario.site.phases]
        return [sum(by_phase)] if self._netted else by_phase

    def _import_w(self, flows: Flows) -> float:
        amps = sum(max(a, 0.0) for a in self._rooms(flows.meters[MAIN]))
        return amps_to_watts(amps, self.house.scenario.site.voltage)

    def _export_w(self, flows: Flows) -> float:
        amps = sum(max(-a, 0.0) for a in self._rooms(flows.meters[MAIN]))
        return amps_to_watts(amps, self.house.scenario.site.voltage)

    def _share(self) -> None:
        """What the loads took from sun and battery."""
        house = self.house
        voltage, phases = house.scenario.site.voltage, house.scenario.site.phases
        drawn = dict.fromkeys(phases, 0.0)
        for draw in house.draws.values():
            for phase, amps in draw.items():
                drawn[phase] += amps
        parts = 1 if self._netted else len(phases)
        battery_w = max(house.flows.battery_w, 0.0) / parts
        for mine_a, house_a in zip(self._rooms(drawn), self._rooms(house.household), strict=True):
            mine_w, house_w = amps_to_watts(mine_a, voltage), amps_to_watts(house_a, voltage)
            sun_w = min(max(house.flows.sun_w / parts - house_w, 0.0), mine_w)
            left_w = max(battery_w - max(house_w - house.flows.sun_w / parts, 0.0), 0.0)
            self._add("managed_by_sun", sun_w)
            self._add("managed_by_battery", min(left_w, mine_w - sun_w))

    def _solar_only(self) -> None:
        """What loads that should run on sun cause otherwise."""
        house = self.house
        draws, others, voltage = house.draws, {}, house.scenario.site.voltage
        drawn_w = 0.0
        for spec in house.scenario.loads:
            if spec.mode in SOLAR_ONLY:
                drawn_w += amps_to_watts(sum(draws[spec.id].values()), voltage)
            else:
                others[spec.id] = draws[spec.id]
        if not drawn_w:
            return
        self._add("solar_only", drawn_w)
        without = house.flows_with(others)
        caused_w = self._import_w(house.flows) - self._import_w(without)
        self._add("solar_only_import", max(caused_w, 0.0))
        given_w = max(house.flows.battery_w, 0.0) - max(without.battery_w, 0.0)
        self._add("solar_only_battery", max(given_w, 0.0))

    # --- export missed ----------------------------------------------------------------------------

    def _missed(self) -> None:
        house = self.house
        battery = house.scenario.battery
        exported_w = self._export_w(house.flows)
        at_target = battery is None or house.soc_pct >= battery.soc_target
        charging_w = max(-house.flows.battery_w, 0.0) if battery and at_target else 0.0
        if exported_w + charging_w < 1.0:
            return
        spare = {
            phase: -amps
            + charging_w / house.scenario.site.voltage / len(house.scenario.site.phases)
            for phase, amps in house.flows.meters[MAIN].items()
        }
        what = "missed" if at_target else "missed_below_target"
        self._add(what, self._could_take_w(spare))

    def _could_take_w(self, spare: dict[str, float]) -> float:
        """W that loads could take of `spare` (A by phase), which becomes less."""
        house, found_w = self.house, 0.0
        voltage = house.scenario.site.voltage
        taken: dict[tuple[str, str], float] = {}
        for spec, phases, least_a, most_a in self._wanting():
            count = sum(phases.values())
            free_a = sum(spare.values())
            if spec.mode == "excess":
                free_a -= house.scenario.site.excess_threshold / voltage
            amps = [most_a, free_a / count]
            if not self._netted:
                amps += (spare[phase] / legs for phase, legs in phases.items())
            for circuit in house.wires.paths[spec.id]:
                for phase, legs in phases.items():
                    used = house.flows.meters[circuit][phase] + taken.get((circuit, phase), 0.0)
                    amps.append((house.wires.limits[circuit] - used) / legs)
            more_a = min(amps)
            if more_a < max(least_a, LEAST_MORE_A):
                continue
            found_w += amps_to_watts(more_a * count, voltage)
            for phase, legs in phases.items():
                spare[phase] -= more_a * legs
                for circuit in house.wires.paths[spec.id]:
                    key = (circuit, phase)
                    taken[key] = taken.get(key, 0.0) + more_a * legs
        return found_w

    def _wanting(self) -> Iterator[tuple[LoadSpec, Mapping[str, int], float, float]]:
        """Solar loads that want more: legs by phase, least and most A per leg beside their draw."""
        house = self.house
        for spec in house.scenario.loads:
            if spec.mode not in SOLAR:
                continue
            if spec.type == "charger":
                legs, most_a, least_a = house.chargers[spec.id].wants()
            else:
                legs, most_a, least_a = house.plugs[spec.id].wants()
            drawn_a = max(house.draws[spec.id].values(), default=0.0)
            if legs and most_a > drawn_a:
                phases: dict[str, int] = {}
                for leg in legs:
                    phases[spec.phases[leg]] = phases.get(spec.phases[leg], 0) + 1
                each_a = drawn_a / max(phases.values())
                yield spec, phases, 0.0 if drawn_a else least_a, most_a - each_a
