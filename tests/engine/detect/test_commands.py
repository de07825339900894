"""Commands that answer what the house does: what they look like must not be taken for a mistake.

A car on A, as its form says, at the limit of A. Something else changes, and the car is told to make
room for it or to take what has become free, in the same second.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest
from loadjuggler.diagnostics import wiring as detect
from loadjuggler.measure.readings import MeterReading, Readings
from loadjuggler.memory.memory import Memory
from loadjuggler.site.model import Site
from loadjuggler.units import PerPhase

from ..house import charger_form, site_form, wire_forms
from .test_times import every, reading

CAR, OTHER = "car", "other"
Amps = tuple[float, float, float]


@dataclass
class Told:
    """A site with two cars, told what sensors say, and what the engine told the cars."""

    site: Site
    memory: Memory = field(default_factory=Memory)

    def hears(
        self,
        now: float,
        meter: Amps,
        cars: dict[str, tuple[float, float]],
        told: dict[str, float | None],
        at: float | None = None,
    ) -> None:
        """The meter shows `meter` as of `at`; each car so much on L1 as of a time, told at one."""
        loads = {
            load: replace(reading(self.site, load, *cars[load]), commanded_at=told[load])
            for load in (CAR, OTHER)
        }
        meters = {"main": MeterReading(PerPhase(*meter), reported_at=now if at is None else at)}
        seen = Readings(now, meters, {"main": 25.0}, loads, "priority", None, 0.0)
        self.memory = detect.track(self.site, seen, self.memory, self.site)

    def shown(self) -> dict[str, float]:
        """The weight of each phase for the car's L1; "" is none."""
        score = self.memory.wiring.scores.get(("car", "main"))
        none = {"": score.none} if score and score.none else {}
        return {**(score.legs.get("L1", {}) if score else {}), **none}


@pytest.fixture
def house() -> Told:
    forms = (charger_form(CAR), charger_form(OTHER))
    site = wire_forms(site_form(), *forms).site
    assert site is not None
    return Told(site)


@pytest.mark.parametrize("meter_s", [1, 5])
@pytest.mark.parametrize("car_s", [1, 10, 30])
@pytest.mark.parametrize("on", [True, False])
def test_an_oven_on_two_phases(house: Told, meter_s: int, car_s: int, on: bool) -> None:
    """6.5 A more (or less) on A and B at 100 s; 2 s later the car takes 6.5 A less (or more).

    A is as it was and B has moved by as much as the car: nothing of that says that it is on B.
    """
    by = 6.5 if on else -6.5
    for now in range(30, 240):
        at = every(meter_s, now)
        oven, car = (by if at >= 100 else 0.0), (-by if at >= 102 else 0.0)
        said = every(car_s, now, 3)
        amps = 12.0 - (by if said >= 102 else 0.0)
        told = 100.0 if now >= 100 else None
        meter = (18.0 + oven + car, 8.0 + oven, 1.0)
        cars = {CAR: (amps, said), OTHER: (0.0, float(now))}
        house.hears(now, meter, cars, {CAR: told, OTHER: None}, at)
    assert "B" not in house.shown()
    assert not house.memory.wiring.signs.get(("main", "B"))


def test_a_command_by_itself_is_clear(house: Told) -> None:
    for now in range(30, 240):
        car = 4.0 if now >= 102 else 12.0
        told = 100.0 if now >= 100 else None
        cars = {CAR: (car, every(10, now, 3)), OTHER: (0.0, float(now))}
        house.hears(now, (6.0 + car, 1.0, 1.0), cars, {CAR: told, OTHER: None})
    assert house.shown() == {"A": pytest.approx(1.6)}  # 8 A / 5


def test_two_cars_that_exchange_their_current(house: Told) -> None:
    """On A both: what this one is given the other one loses, and reports only 48 s later."""
    for now in range(30, 240):
        said = every(60, now, 30)
        cars = {
            CAR: (14.0 if now >= 102 else 6.0, float(now)),
            OTHER: (6.0 if said >= 102 else 14.0, said),
        }
        told = 100.0 if now >= 100 else None
        house.hears(now, (20.0, 1.0, 1.0), cars, {CAR: told, OTHER: told})
    assert house.shown() == {}


def test_what_comes_after_the_next_command_is_of_that(house: Told) -> None:
    """8 A less at 100 s, a slow meter, 16 A more at 112 s: the meter is never seen between."""
    for now in range(30, 200):
        at = every(10, now)
        car = [12.0, 4.0, 20.0][(now >= 102) + (now >= 114)]
        seen = [12.0, 4.0, 20.0][(at >= 102) + (at >= 114)]
        told = 112.0 if now >= 112 else 100.0 if now >= 100 else None
        cars = {CAR: (car, float(now)), OTHER: (0.0, float(now))}
        house.hears(now, (seen, 1.0, 1.0), cars, {CAR: told, OTHER: None}, at)
    assert "-" not in house.memory.wiring.signs.get(("main", "A"), "")
