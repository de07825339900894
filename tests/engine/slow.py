"""A house with chargers that obey some seconds late and report seldom, and a meter that flickers.

house = Slow.of(site_form(), charger_form("car"))
house.obeys_s, house.reports_s, house.flicker_a = 3.0, 60.0, 0.2
house.tick(60.0)     # a run each second
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field

from loadjuggler.calls import ServiceCall
from loadjuggler.flow import RunResult
from loadjuggler.site.model import Load
from loadjuggler.snapshot import EntityState

from .house import House
from .stories import Stage


@dataclass(repr=False)
class Slow(Stage):
    """Cars obey `obeys_s` after each command, and are reported each `reports_s` (0: always).

    Each phase of each meter is off by up to `flicker_a`, by chance. `commands` is how many currents
    were told.
    """

    obeys_s: float = 3.0
    reports_s: float = 0.0
    flicker_a: float = 0.0
    chance: random.Random = field(default_factory=lambda: random.Random(8))
    orders: list[tuple[float, ServiceCall]] = field(default_factory=list)
    said: dict[str, tuple[float, dict[str, EntityState]]] = field(default_factory=dict)
    commands: int = 0

    def tick(self, seconds: float = 5.0) -> RunResult:
        """Runs a second apart."""
        for _ in range(int(seconds)):
            outcome = self.run()
            self.obey(outcome.commands)
            self.now += 1.0
            due = [call for at, call in self.orders if at <= self.now]
            self.orders = self.orders[len(due) :]
            House.obey(self, due)
        return outcome

    def obey(self, calls: Iterable[ServiceCall]) -> None:
        """They go through at once; the car does what they say later."""
        for call in calls:
            self._remember(call.load_id, self._ended(call, None))
            self.orders.append((self.now + self.obeys_s, call))
            self.commands += call.tells

    def metered(self, circuit: str) -> dict[str, float]:
        """What flows, and flicker."""
        by = self.flicker_a
        flows = super().metered(circuit).items()
        return {phase: amps + self.chance.uniform(-by, by) for phase, amps in flows}

    def _charger(self, load: Load) -> dict[str, EntityState]:
        """What it shows, its current as it was last reported."""
        shown = super()._charger(load)
        if load.id not in self.said or self.now - self.said[load.id][0] >= self.reports_s:
            self.said[load.id] = (self.now, {k: v for k, v in shown.items() if "current" in k})
        return shown | self.said[load.id][1]
