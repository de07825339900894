"""The cars that come to a virtual station: how much they take, and how full they are."""

from __future__ import annotations

from dataclasses import dataclass

from loadjuggler.units import amps_to_watts


@dataclass(frozen=True, slots=True)
class CarKind:
    """A car, as data.

    `battery_kwh` holds what is charged, after losses (`efficiency`). It takes at most `max_a` A per
    phase on `phases` phases; from `taper_from_pct` on less and less, down to `taper_a` when it is
    full. A battery colder than `cold_c` takes less in proportion, at `frozen_c` nothing.
    `reaction_s` passes between an offer and the current that follows it.
    """

    name: str
    battery_kwh: float
    phases: int
    max_a: float
    taper_from_pct: float = 90.0
    taper_a: float = 6.0
    efficiency: float = 0.9
    temperature_c: float = 20.0
    cold_c: float = 5.0
    frozen_c: float = -25.0
    reaction_s: float = 2.0
    arrives_pct: tuple[float, float] = (20.0, 60.0)


CARS = {
    kind.name: kind
    for kind in (
        CarKind("family", battery_kwh=58.0, phases=3, max_a=16.0),
        CarKind("small", battery_kwh=22.0, phases=1, max_a=32.0, taper_from_pct=85.0),
        CarKind("two-phase", battery_kwh=36.0, phases=2, max_a=16.0),
        CarKind("large", battery_kwh=95.0, phases=3, max_a=32.0, taper_from_pct=94.0),
        CarKind("hybrid", battery_kwh=11.0, phases=1, max_a=16.0, taper_from_pct=95.0),
        CarKind("winter", battery_kwh=58.0, phases=3, max_a=16.0, temperature_c=-10.0),
        CarKind("slow", battery_kwh=58.0, phases=3, max_a=16.0, reaction_s=8.0),
    )
}
"""Every kind of car by its name."""


@dataclass(slots=True)
class Car:
    """A car at a connector: its kind, its charge in %, and when it leaves (s, `None`: it stays)."""

    kind: CarKind
    soc_pct: float
    leaves_at: float | None = None

    @property
    def full(self) -> bool:
        """It takes nothing more."""
        return self.soc_pct >= 100.0

    def wants_a(self) -> float:
        """What it would take if nothing held it back, in A per phase; 0 when it is full."""
        kind = self.kind
        if self.full:
            return 0.0
        wants_a = kind.max_a
        if self.soc_pct > kind.taper_from_pct:
            left = (100.0 - self.soc_pct) / (100.0 - kind.taper_from_pct)
            wants_a = kind.taper_a + (kind.max_a - kind.taper_a) * left
        if kind.temperature_c < kind.cold_c:
            warm = (kind.temperature_c - kind.frozen_c) / (kind.cold_c - kind.frozen_c)
            wants_a *= min(max(warm, 0.0), 1.0)
        return wants_a

    def fill(self, energy_wh: float) -> None:
        """Take `energy_wh` from the station, of which `efficiency` arrives in the battery."""
        gained = energy_wh * self.kind.efficiency / (self.kind.battery_kwh * 1000.0) * 100.0
        self.soc_pct = min(self.soc_pct + gained, 100.0)


def energy_wh(draw_a: tuple[float, ...], voltage_v: float, seconds: float) -> float:
    """Energy of `draw_a` (A per phase) over `seconds`, in Wh."""
    return amps_to_watts(sum(draw_a), voltage_v) * seconds / 3600.0
