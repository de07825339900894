"""The houses of the experiments."""

from __future__ import annotations

from collections.abc import Mapping

from ..scenario import Battery, CircuitSpec, Inverter, LoadSpec, Scenario, SiteSpec, Solar

THREE = {"L1": "A", "L2": "B", "L3": "C"}
ROTATED = {"L1": "B", "L2": "C", "L3": "A"}
ONE = {"L1": "A"}


def car(
    name: str = "car",
    legs: Mapping[str, str] = THREE,
    mode: str = "standard",
    priority: float = 5.0,
    most_a: float = 16.0,
) -> LoadSpec:
    """A charger from 6 A to `most_a`."""
    return LoadSpec(name, "charger", mode, legs, "Charging", priority, max_current=most_a)


def with_cars(*cars: LoadSpec, distribution: str = "priority") -> Scenario:
    """A three-phase house with 25 A and `cars`."""
    return Scenario("house", SiteSpec(distribution=distribution), cars)


def solar_house(three_phase: bool, battery: bool) -> Scenario:
    """A house with sun and a solar-only car: on one phase, or on three with a balancing inverter.

    The battery is at its target: the sun goes to the car, and the battery only balances.
    """
    return Scenario(
        "solar house",
        SiteSpec(phases="ABC" if three_phase else "A", main_breaker=32.0),
        (car(legs=THREE if three_phase else ONE, mode="solar_only"),),
        solar=Solar(measured=True),
        inverter=Inverter(asymmetric=three_phase),
        battery=Battery(soc=80.0, soc_target=80.0) if battery else None,
    )


LEGS_OF_TEN = (THREE, {"L1": "A"}, ROTATED, {"L1": "B"}, THREE, {"L1": "A"}, ROTATED, {"L1": "C"})


def ten_loads() -> Scenario:
    """Eight cars and two plugs on five breakers of 25 A, two loads on each, below 63 A."""
    cars = [
        car(f"car{number}", legs, priority=float(number))
        for number, legs in enumerate(LEGS_OF_TEN, start=1)
    ]
    plugs = [
        LoadSpec(f"boiler{phase}", "plug", "standard", {"L1": phase}, "Charging", power=2000.0)
        for phase in "AB"
    ]
    loads = (*cars, *plugs)
    circuits = tuple(
        CircuitSpec(f"row{number + 1}", 25.0, loads=tuple(x.id for x in loads[2 * number :][:2]))
        for number in range(5)
    )
    site = SiteSpec(main_breaker=63.0, distribution="shared")
    return Scenario("ten loads", site, loads, circuits=circuits)
