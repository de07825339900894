"""A house of a trial: household, sun, a battery that follows, loads, and its meters."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from loadjuggler.units import amps_to_watts

from ..metering import Metering
from ..physics import Amps, battery_power_w
from ..scenario import MAIN, Scenario
from .loads import TrialLoad

GRACE_S = 300.0
"""A solar load holds on for so long without sun, and ..."""
PAUSE_S = 180.0
"""... stays off for so long after a stop."""
RAISE_S = 15.0
RAMP_A = 7.5
"""A raise comes every 15 s at most, by 0.5 A for each of them."""
DEAD_A = 0.3


@dataclass(slots=True)
class TrialHouse:
    """Steps through time; `scenario` is what the forms say. `meters` is what its meters show.

    `sun` gives W at a time. The battery is `battery_lag_s` late (time constant). Sun and battery
    are on the phases `sun_on` and `battery_on`, and answer for all of them. What is told to
    loads follows the meters as the engine's rules have it, roughly: fast down, slow up, solar ones
    by what is left of the sun; where `script` has something for a load, that: (epoch s, A).
    """

    scenario: Scenario
    household: Callable[[float], Amps]
    sun: Callable[[float], float]
    loads: Sequence[TrialLoad]
    metering: Metering
    now: float
    battery_lag_s: float = 3.0
    battery_kwh: float = 10.0
    sun_on: str = "ABC"
    battery_on: str = "ABC"
    script: Mapping[str, Sequence[tuple[float, float]]] = field(default_factory=dict)
    meters: dict[str, Amps] = field(default_factory=dict)
    battery_w: float = 0.0
    soc_pct: float = 50.0
    _next: dict[str, int] = field(default_factory=dict)
    _short_at: dict[str, float] = field(default_factory=dict)
    _stopped_at: dict[str, float] = field(default_factory=dict)
    _paths: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Know the breakers above each load."""
        of, path = self.scenario.circuit_of, self.scenario.path
        self._paths = {load.id: (*path(of(load.id)), MAIN) for load in self.loads}
        self.step(self.now)

    def step(self, now: float) -> None:
        """Let time pass until `now`, and look at the meters then."""
        seconds, self.now = now - self.now, now
        for load in self.loads:
            load.step(now, seconds)
        draws = {load.id: load.draws() for load in self.loads}
        seen = self.metering.mistakes.metered(self._flows(seconds), draws)
        self.metering.note(now, seen)
        measured = [MAIN, *(c.id for c in self.scenario.circuits if c.measured)]
        self.meters = {circuit: self.metering.shown(circuit, now) for circuit in measured}
        self._control()

    def _flows(self, seconds: float) -> dict[str, Amps]:
        """What flows through each breaker, A by phase."""
        site = self.scenario.site
        used = dict(self.household(self.now))
        flows: dict[str, Amps] = {}
        behind = {c.id: dict.fromkeys(site.phases, 0.0) for c in self.scenario.circuits}
        for load in self.loads:
            for phase, amps in load.draws().items():
                used[phase] += amps
                for circuit in self._paths[load.id][:-1]:
                    behind[circuit][phase] += amps
        flows.update(behind)
        sun_w = self.sun(self.now)
        missing_w = amps_to_watts(sum(used.values()), site.voltage) - sun_w
        self._follow(missing_w, sun_w, seconds)
        for watts, phases in ((sun_w, self.sun_on), (self.battery_w, self.battery_on)):
            for phase in phases:
                used[phase] -= watts / site.voltage / len(phases)
        flows[MAIN] = used
        return flows

    def _follow(self, missing_w: float, sun_w: float, seconds: float) -> None:
        """The battery goes towards what is missing."""
        battery = self.scenario.battery
        if battery is None:
            return
        moved = self.battery_w * seconds / 3.6e6 / self.battery_kwh * 100
        self.soc_pct = min(max(self.soc_pct - moved, 0.0), 100.0)
        ideal_w = battery_power_w(battery, self.scenario.inverter, self.soc_pct, missing_w, sun_w)
        share = 1.0 - math.exp(-seconds / self.battery_lag_s) if self.battery_lag_s else 1.0
        self.battery_w += share * (ideal_w - self.battery_w)

    # --- what loads are told -------------------------------------------------------------------

    def _control(self) -> None:
        for load in self.loads:
            if load.id in self.script:
                orders, at = self.script[load.id], self._next.get(load.id, 0)
                while at < len(orders) and orders[at][0] <= self.now:
                    load.tell(orders[at][1], self.now)
                    at += 1
                self._next[load.id] = at
            elif load.is_there(self.now):
                self._command(load)
            else:
                load.tell(0.0, self.now)

    def _command(self, load: TrialLoad) -> None:
        room_a = self._room_a(load)
        wanted = min(load.most_a, room_a)
        if load.solar:
            wanted = min(wanted, self._by_sun_a(load, room_a))
        if wanted < load.least_a:
            wanted = 0.0
        elif load.least_a < load.most_a:  # else it is on or off
            wanted = math.floor(wanted / load.step_a + 1e-6) * load.step_a
        if wanted < load.command_a - (DEAD_A if room_a >= load.command_a else 0.0):
            load.tell(wanted, self.now)
        elif wanted > load.command_a + DEAD_A and self.now - load.raised_at >= RAISE_S:
            load.tell(min(wanted, max(load.command_a + RAMP_A, load.least_a)), self.now)

    def _room_a(self, load: TrialLoad) -> float:
        """What its breakers leave for it, by what is shown and told."""
        limits = {c.id: c.limit for c in self.scenario.circuits}
        limits[MAIN] = self.scenario.site.main_breaker
        room = float("inf")
        for circuit in self._paths[load.id]:
            for leg in load.legs_known(self.now):
                phase = load.told[leg]
                if circuit in self.meters:
                    own = load.draw_a if leg in load.uses else 0.0
                    room = min(room, limits[circuit] - self.meters[circuit][phase] + own)
        return room

    def _by_sun_a(self, load: TrialLoad, room_a: float) -> float:
        """What is left of the sun for it, A per leg, with its grace and its pause."""
        site, legs = self.scenario.site, load.legs_known(self.now)
        free_w = -amps_to_watts(sum(self.meters[MAIN].values()), site.voltage)
        own_a = load.draw_a * len(load.uses)
        battery = self.scenario.battery
        if battery and self.soc_pct < battery.soc_target:
            free_w = min(free_w, 0.0)
        else:
            free_w -= min(self.battery_w, 0.0)
        wanted = (free_w / site.voltage + own_a) / len(legs)
        if wanted >= load.least_a:
            self._short_at.pop(load.id, None)
            waits = self.now - self._stopped_at.get(load.id, float("-inf")) < PAUSE_S
            return 0.0 if waits and not load.command_a else wanted
        if not load.command_a:
            return 0.0
        if self.now - self._short_at.setdefault(load.id, self.now) < GRACE_S:
            return min(load.least_a, room_a)
        del self._short_at[load.id]
        self._stopped_at[load.id] = self.now
        return 0.0
