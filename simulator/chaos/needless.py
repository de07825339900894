"""Judges stops: a car that was charging is told 0 A although all minimums had fitted all along.

A stop costs a car three minutes. It was needless if, by hindsight, at every second of the last
`BEFORE_S` every breaker above it (and the import limit) carried what the house took, together with
the minimums of all loads that take part. Then no sharing that admits loads by their minimums has a
reason to stop one, however slow cars, reports and meters are.

Judged are chargers in modes that may take from the grid, where the sharing admits loads
(*priority*, *shared*), while no fault hides anything there (`blame.Blame`), in houses where every
charger has sensors of its own: what one draws whose sensors are those of another one is in the rest
of the house, so it counts twice beside its minimum.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

from loadjuggler.units import amps_to_watts, watts_to_amps

from ..devices import Charger, Plug
from ..faults import FaultyHouse
from ..house import by_phase
from ..physics import Amps
from ..scenario import MAIN
from .blame import IMPORT, Blame
from .copies import hidden
from .limits import NEVER
from .verdict import Findings

BEFORE_S = 30
"""So long the minimums must have fitted: the slowest meter, car and report of a meter in a row."""
SPARE_A = 1.0
"""By so much: the flicker of a house, and a step of its meter."""
LEGS_S = 60.0
"""A leg counts as used until it has been idle for so long while the car charged (product.md)."""
SURE_S = 90.0
"""Nothing is judged so soon after the start, or after a fault of anything: plans begin anew."""


class Needless:
    """Judges a house; call `second` after each."""

    def __init__(self, house: FaultyHouse, blame: Blame, findings: Findings) -> None:
        """Know the house, and what is not the engine's doing in it."""
        self.house, self.blame, self.findings = house, blame, findings
        site = house.scenario.site
        self.judged = site.distribution in ("priority", "shared")
        self.judged &= not hidden(house.told, house.life.mistakes.copies)[1]
        grid = site.allow_grid_charging and bool(site.phases)
        modes = ("standard", "solar_priority") if grid else ()
        self.loads = [x.id for x in house.scenario.loads if x.type == "charger" and x.mode in modes]
        self._past: deque[dict[tuple[str, str], float]] = deque(maxlen=BEFORE_S + 1)
        self._told: dict[str, float] = {}
        self._charges_since: dict[str, float] = {}
        self._calm_since = house.now

    def second(self, held: Mapping[str, float]) -> None:
        """Judge the second that has passed; `held` is what loads are told, A per leg."""
        house = self.house
        if not self.judged or not self.loads:
            return
        if any(fault.active(house.now) for fault in house.faults):
            self._calm_since = house.now
        self._past.append(self._spare())
        for load in self.loads:
            was_a, now_a = self._told.get(load, NEVER), held.get(load, NEVER)
            self._told[load] = now_a
            charging = house.chargers[load].status in ("Charging", "SuspendedEVSE")
            if charging and 0 < was_a < NEVER and now_a == 0.0:
                self._judge(load, was_a)

    def _spare(self) -> dict[tuple[str, str], float]:
        """A that are left on each breaker and phase if every load had its minimum.

        Where an inverter serves the phases unevenly, its share of each depends on the loads, so the
        currents are those of the physics with the minimums. The import limit: A over all phases. A
        battery that does not follow the load relieves it by nothing, because nobody can know for
        how long it gives (docs/product.md, section 1).
        """
        house = self.house
        devices: list[Charger | Plug] = [*house.chargers.values(), *house.plugs.values()]
        flows = house.flows_with({one.spec.id: self._minimum(one) for one in devices})
        carried = flows.meters
        spare = {
            (circuit, phase): house.wires.limits[circuit] - amps
            for circuit, by_phase in carried.items()
            for phase, amps in by_phase.items()
        }
        most_w = house.scenario.site.max_import_power
        if most_w is not None:
            voltage = house.scenario.site.voltage
            taken_w = amps_to_watts(sum(carried[MAIN].values()), voltage)
            if not house.scenario.site.battery_follows_load:
                taken_w += max(flows.battery_w, 0.0)
            most_w -= house.scenario.site.power_buffer
            spare[IMPORT, ""] = (most_w - taken_w) / voltage
        return spare

    def _minimum(self, device: Charger | Plug) -> Amps:
        """A by phase of a load with its minimum; of one that takes no part, what it draws.

        A car that has just come, or is full, takes part: its charger holds its minimum. So does a
        plug that is on while what it feeds is warm: it may take its power again at any moment.
        """
        if isinstance(device, Plug) and device.on:
            amps = watts_to_amps(device.spec.power, device.voltage, len(device.spec.phases))
            return by_phase(device.spec.phases, dict.fromkeys(device.spec.phases, amps))
        legs, _, least_a = device.wants()
        if isinstance(device, Charger) and device.status in ("Preparing", "SuspendedEV"):
            least_a = device.spec.min_current
            return by_phase(device.spec.phases, dict.fromkeys(device.spec.phases, least_a))
        drawn_a = max(device.draw.values(), default=0.0)
        known = self._knows_legs(device.spec.id, drawn_a)
        if not legs:
            return by_phase(device.spec.phases, dict.fromkeys(device.spec.phases, drawn_a))
        if not known:
            legs = tuple(device.spec.phases)
        return by_phase(device.spec.phases, dict.fromkeys(legs, least_a))

    def _knows_legs(self, load: str, drawn_a: float) -> bool:
        """Whether a load that draws `drawn_a` now has charged for so long that its legs are known.

        Its reports must have shown it, and what was planned before holds for `BEFORE_S`.
        """
        house = self.house
        if drawn_a <= 0.0:
            self._charges_since.pop(load, None)
            return False
        if house.life.habits.measures == "power":
            return False  # the meter may show its legs or not
        since = self._charges_since.setdefault(load, house.now)
        return house.now - since > LEGS_S + house.life.habits.report_s + BEFORE_S

    def _judge(self, load: str, was_a: float) -> None:
        """Note a stop of `load`, which had `was_a`, if everything had fitted all along."""
        house, now = self.house, self.house.now
        if len(self._past) <= BEFORE_S or now - self._calm_since < SURE_S:
            return
        places = [
            (circuit, phase)
            for circuit in house.wires.paths[load]
            for phase in house.scenario.site.phases
        ]
        if house.scenario.site.max_import_power is not None:
            places.append((IMPORT, ""))
        if any(self.blame.is_unseen(place, now) for place in places):
            return
        if any(self.blame.is_loose(one, now) for one in house.chargers):
            return
        spare_a = min(spare_a[place] for spare_a in self._past for place in places)
        if spare_a >= SPARE_A:
            text = f"told 0 A after {was_a:g} A; for {BEFORE_S} s all minimums fitted, with "
            text += f"{spare_a:.1f} A to spare"
            self.findings.add("needless stop", (load,), now, spare_a, text)
