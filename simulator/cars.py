"""Cars of a simulated house: what they take, and when they are there."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Visit:
    """A car is there from `arrives_s` to `leaves_s` (s, simulated time), first at `soc_pct`."""

    arrives_s: float
    leaves_s: float
    soc_pct: float


@dataclass(frozen=True, slots=True)
class Car:
    """A car: battery in kWh, most current in A per leg, the legs it uses, and when it is there.

    From `taper_from_pct` on it takes less and less, down to `taper_a` when it is full. IEC 61851
    knows no current below 6 A: `least_a`. It takes `reaction_s` from a command to the new current;
    `None`: as long as its charger's habit says. It takes up to `wanders_a` less than it might, each
    second another current, in steps of 0.1 A.
    """

    visits: tuple[Visit, ...]
    capacity_kwh: float = 60.0
    most_a: float = 16.0
    least_a: float = 6.0
    legs: tuple[str, ...] = ("L1", "L2", "L3")
    efficiency: float = 0.9
    taper_from_pct: float = 97.0
    taper_a: float = 6.0
    reaction_s: float | None = None
    wanders_a: float = 0.0

    def at(self, now: float) -> Visit | None:
        """The visit that is going on, if the car is there."""
        return next((v for v in self.visits if v.arrives_s <= now < v.leaves_s), None)

    def takes_a(self, soc_pct: float) -> float:
        """The most it takes at `soc_pct`, in A per leg."""
        if soc_pct <= self.taper_from_pct:
            return self.most_a
        left = (100.0 - soc_pct) / (100.0 - self.taper_from_pct)
        return self.taper_a + (self.most_a - self.taper_a) * max(left, 0.0)

    def less_a(self, now: float) -> float:
        """How much less than it might it takes at `now`, A per leg."""
        if not self.wanders_a:
            return 0.0
        chance = Random(f"{self.capacity_kwh} {int(now)}")
        return round(chance.uniform(0.0, self.wanders_a), 1)
