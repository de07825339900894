"""Stories of chargers of which only the power is known, and cars on fewer legs than are wired.

Product.md section 2, decision 30. Three phases, 230 V, a main breaker of 25 A, the house takes 1 A
on each phase, a car of 6 to 16 A in standard, unless said otherwise.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pytest
from loadjuggler.memory.codec import from_json, to_json
from loadjuggler.site.model import Load

from .house import SUN, VOLTAGE_V, charger_form, site_form, state
from .numbers import Box, NumberStage, number_form
from .stories import (
    Stage,
    car,
    household,
    nothing,
    says,
    shows_power,
    status,
    story,
    sun,
    told,
)


@dataclass(repr=False)
class Measured(NumberStage):
    """A house of chargers whose power is reported each `report_s`, cars that follow `late_s` later.

    `noise_a` is by how much the house flickers on each phase, from run to run.
    """

    report_s: float = 1.0
    late_s: float = 0.0
    noise_a: float = 0.0
    dice: random.Random = field(default_factory=lambda: random.Random(4711))
    shown: dict[str, Any] = field(default_factory=dict)
    orders: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    base_a: float = 1.0
    oven_a: float = 0.0

    def draws(self, load: Load) -> dict[str, float]:
        """What the car takes of what it was offered `late_s` ago."""
        now = super().draws(load)
        orders = self.orders.setdefault(load.id, [])
        most = max(now.values(), default=0.0)
        if not orders or orders[-1][1] != most:
            orders.append((self.now, most))
        held = [amps for at, amps in orders if at <= self.now - self.late_s]
        taken = held[-1] if held else 0.0
        return {leg: taken if amps or most == 0.0 else 0.0 for leg, amps in now.items()} | {
            leg: taken
            for number, (leg, _) in enumerate(load.legs)
            if number < self.cars[load.id].legs
        }

    def snapshot(self) -> dict[str, Any]:
        for phase in self.site.phases:
            flicker = self.dice.uniform(-self.noise_a, self.noise_a)
            oven_a = self.oven_a if phase == "B" else 0.0
            self.household["main"][phase] = self.base_a + flicker + oven_a
        states = super().snapshot()
        for load in self.site.loads.values():
            for entity in load.sensors.power:
                if entity not in states and load.id not in self.boxes:
                    continue
                old = self.shown.get(entity)
                if old is None or self.now - old.reported_at >= self.report_s - 0.01:
                    watts = sum(self.draws(load).values()) * VOLTAGE_V
                    self.shown[entity] = state(watts, "W", self.now)
                states[entity] = self.shown[entity]
        return states


def by_number(legs: int, mode: str = "standard", most_a: float = 16.0, **site: Any) -> Measured:
    """A number charger on three legs, of which its car uses the first few."""
    form = number_form("car", "ABC", mode=mode, switch_entity="switch.car")
    box = Box(setting=6.0, low=6.0, high=32.0, on=False)
    house = Measured.with_boxes(site_form(**SUN, **site), form, car=box)
    assert isinstance(house, Measured)
    house.cars["car"].legs, house.cars["car"].max_a = legs, most_a
    return house


def run(house: Stage, seconds: float, look: Callable[[Stage], None] | None = None) -> None:
    for _ in range(int(seconds)):
        house.tick(1.0)
        if look:
            look(house)


@pytest.mark.parametrize("legs", [1, 2, 3])
@pytest.mark.parametrize(
    ("report_s", "late_s", "noise_a"), [(1, 0, 0), (1, 4, 0.3), (10, 2, 0.2), (30, 6, 0.1)]
)
def test_a_car_gets_its_maximum_on_however_many_legs_it_charges(
    legs: int, report_s: float, late_s: float, noise_a: float
) -> None:
    """25 A, 1 A of house: 16 A fit on any number of legs. It is never stopped on its way."""
    house = by_number(legs)
    house.report_s, house.late_s, house.noise_a = report_s, late_s, noise_a
    stops = []

    def look(now: Stage) -> None:
        stops.append(now.told("car") == 0.0)

    run(house, 20.0)
    run(house, 400.0, look)
    assert house.told("car") == 16.0, house.sentence("car")
    assert not any(stops)


def found_charging(legs: int, amps: float, most_a: float = 32.0) -> Measured:
    """A car that charges with `amps` on so many legs when Load Juggler starts."""
    form = number_form("car", "ABC", max_current_a=most_a)
    box = Box(setting=amps, low=6.0, high=32.0, step=0.1)
    house = Measured.with_boxes(site_form(), form, car=box)
    assert isinstance(house, Measured)
    house.cars["car"].legs = legs
    return house


@pytest.mark.parametrize("legs", [1, 2])
@pytest.mark.parametrize(
    ("report_s", "late_s", "noise_a"), [(1, 0, 0), (1, 1, 0.2), (1, 2, 0.1), (10, 2, 0.3)]
)
def test_a_car_that_is_raised_as_soon_as_it_is_found_shows_its_legs(
    legs: int, report_s: float, late_s: float, noise_a: float
) -> None:
    """It charges with 6 A when the first run sees it, and is raised by that run: 24 A are left.

    Without that, flicker took its room step by step: 18 A, and 12 A after 25 min.
    """
    house = found_charging(legs, 6.0)
    house.report_s, house.late_s, house.noise_a = report_s, late_s, noise_a
    run(house, 120.0)
    least_a = []
    run(house, 600.0, lambda now: least_a.append(now.told("car") or 0.0))
    assert min(least_a) >= 24.0 - 2 * noise_a - 0.2, house.sentence("car")


@pytest.mark.parametrize("legs", [1, 3])
@pytest.mark.parametrize(("report_s", "late_s", "noise_a"), [(120, 4, 0.25), (300, 2, 0.3)])
def test_a_power_that_is_reported_every_few_minutes_is_no_house_by_flicker(
    legs: int, report_s: float, late_s: float, noise_a: float
) -> None:
    """12 A of sun on each phase, 1 A of house: 11 A are left over for a car that lives from it.

    Its legs may never become known, as the meter's trail is shorter than a report is old. Then each
    leg counts with all of it, so a car on one leg gets less than 11 A; but it is never stopped, and
    the house does not grow with each flicker. 300 s is longer than the 60 s that a report counts.
    """
    house = by_number(legs, mode="solar_only")
    house.report_s, house.late_s, house.noise_a = report_s, late_s, noise_a
    house.power.sun_w = 3 * 12.0 * VOLTAGE_V
    told_a: list[float] = []
    run(house, 400.0)
    run(house, 1200.0, lambda now: told_a.append(now.told("car") or 0.0))
    assert min(told_a) >= 6.0, house.sentence("car")
    if legs == 3:
        assert sum(told_a) / len(told_a) >= 9.0, house.sentence("car")


def test_a_one_phase_car_that_is_found_charging_is_not_stopped_because_its_legs_are_not_known() -> (
    None
):
    """25 A, 8 A of house: it takes 16 A on A. That may be 5.3 A on each leg, and 18.7 A of house.

    Then 6 A fit; that it takes less than its minimum on a leg is no reason to stop it.
    """
    house = found_charging(1, 16.0, most_a=16.0)
    house.base_a, house.noise_a = 8.0, 0.2
    told_a = []
    run(house, 60.0, lambda now: told_a.append(now.told("car")))
    assert min(told_a) == 6.0
    assert told_a[-1] == 16.0, house.sentence("car")
    assert "Waits" not in house.sentence("car")


@pytest.mark.parametrize("legs", [1, 2])
def test_once_its_legs_are_known_the_other_phases_are_for_others(legs: int) -> None:
    """A second car hangs on C, which the first does not use: both have 16 A of 25 A."""
    forms = [
        number_form("car", "ABC", priority=1, switch_entity="switch.car"),
        number_form("other", "C", priority=2, switch_entity="switch.other"),
    ]
    house = Measured.with_boxes(
        site_form(**SUN),
        *forms,
        car=Box(setting=6.0, low=6.0, on=False),
        other=Box(setting=6.0, low=6.0, on=False),
    )
    assert isinstance(house, Measured)
    house.cars["car"].legs = legs
    house.cars["other"].max_a = 0.0
    run(house, 120.0)
    assert house.told("car") == 16.0
    car("other", max_a=32.0)(house)
    run(house, 240.0)
    assert house.told("other") == 16.0, house.sentence("other")
    assert house.told("car") == 16.0, house.sentence("car")


@pytest.mark.parametrize("legs", [1, 2, 3])
def test_no_breaker_is_over_while_the_legs_are_not_known(legs: int) -> None:
    """The house takes 17 A on A: 8 A are left there, and 24 A on B and C. Whatever legs it uses."""
    house = by_number(legs)
    house.base_a = 17.0

    def look(now: Stage) -> None:
        assert max(now.flows("main").values()) <= 25.0 + 0.01

    run(house, 300.0, look)
    assert house.told("car") == 8.0, house.sentence("car")


def test_a_one_phase_car_near_a_full_breaker_does_not_stop_and_start() -> None:
    """18.5 A of house leave 6.5 A: it starts once with 6 A, and goes on."""
    house = by_number(1)
    house.base_a, house.noise_a = 18.5, 0.2
    told_a = []
    run(house, 1200.0, lambda now: told_a.append(now.told("car")))
    starts = sum(a == 0.0 and b == 6.0 for a, b in pairwise(told_a))
    assert starts <= 1
    assert told_a[-1] == 6.0
    assert max(house.flows("main").values()) <= 25.0


def test_a_one_phase_car_follows_the_sun_of_its_phase() -> None:
    story(
        "12 A of sun, 1 A of house: 11 A are left over on A, which it takes on one leg.",
        by_number(1, "solar_only"),
        (0, sun(12.0)),
        (90, nothing, told(car=11), status(car="charging")),
        (95, sun(9.0)),
        (110, nothing, told(car=8)),
        every_s=1.0,
    )


def test_a_car_that_takes_less_by_itself_is_seen_by_its_power() -> None:
    """Two legs, 10 A at most: it is left 12 A, and not raised and cut again and again."""
    house = by_number(2, most_a=10.0)
    changes, last = 0, None
    run(house, 200.0)
    for _ in range(600):
        house.tick(1.0)
        changes, last = changes + (house.told("car") != last), house.told("car")
    assert last == 12.0
    assert changes == 1


@pytest.mark.parametrize(("first", "next_"), [(3, 1), (1, 2), (2, 3)])
def test_another_car_is_learned_anew_where_no_status_says_that_the_first_has_left(
    first: int, next_: int
) -> None:
    """The form has no status: only the power shows that one car has ended and another begun."""
    house = by_number(first)
    run(house, 120.0)
    assert house.told("car") == 16.0
    house.cars["car"].max_a = 0.0
    run(house, 90.0)
    house.cars["car"].legs, house.cars["car"].max_a = next_, 16.0
    run(house, 240.0)
    assert house.told("car") == 16.0, house.sentence("car")
    draw = house.run().report.loads["car"].draw
    assert draw is not None
    assert draw.values() == pytest.approx([16.0] * next_, abs=0.1)


def test_what_was_learned_of_its_legs_outlives_a_restart() -> None:
    house = by_number(1)
    run(house, 120.0)
    house.memory = from_json(to_json(house.memory))
    run(house, 5.0)
    draw = house.run().report.loads["car"].draw
    assert draw is not None
    assert draw.values() == pytest.approx([16.0], abs=0.1)


def test_an_oven_on_another_phase_does_not_teach_wrong_legs() -> None:
    """10 A on B in the second in which the car starts on A: no choice of legs explains that."""
    house = by_number(1)
    house.cars["car"].max_a = 0.0
    run(house, 30.0)
    house.cars["car"].max_a, house.oven_a = 16.0, 10.0
    run(house, 60.0)
    known = house.memory.load("car").draws
    assert (known.legs, known.proven) in ((None, False), (("L1",), True))


# --- an OCPP charger -----------------------------------------------------------------------------


def power_only(legs: int, **values: Any) -> Stage:
    house = Stage.of(site_form(**SUN), charger_form("car", "ABC", **values))
    assert isinstance(house, Stage)
    house.cars["car"].legs, house.cars["car"].transaction = legs, 7
    household(1.0)(house)
    return house


@pytest.mark.parametrize("legs", [1, 2, 3])
def test_an_ocpp_charger_that_measures_power_only_is_raised_too(legs: int) -> None:
    house = power_only(legs)
    for _ in range(60):
        shows_power(house)
        house.tick(5.0)
    assert house.told("car") == 16.0, house.sentence("car")
    draw = house.run().report.loads["car"].draw
    assert draw is not None
    assert draw.values() == pytest.approx([16.0] * legs, abs=0.1)


def test_a_house_that_moves_with_a_cut_does_not_make_one_leg_of_two() -> None:
    """Its 20 A flow on two legs: one carries 10 A at most.

    It is cut to 12 A in all, just when the house takes 4 A more on A and 4 A less on B: the meter
    moves by 0 and by -8 A, as if it were one leg.
    """
    house = Stage.of(site_form("AB"), charger_form("car", "AB", max_current_a=10.0))
    house.cars["car"].legs, house.cars["car"].transaction = 2, 7
    household(8.0)(house)
    for _ in range(120):
        shows_power(house)
        house.tick(1.0)
    assert house.told("car") == 10.0
    draws = house.memory.load("car").draws
    assert draws.proven
    assert draws.legs is None
    house.deaf.add("car")  # what holds on it by itself is its minimum
    house.cars["car"].tx_limits.clear()
    house.cars["car"].default_limit_a = 6.0
    house.household["main"] = {"A": 12.0, "B": 4.0}
    for _ in range(40):
        shows_power(house)
        house.tick(1.0)
        assert house.memory.load("car").draws.legs is None


def test_a_charger_that_takes_more_than_it_may_on_one_leg_is_found_out() -> None:
    """Told 16 A, it takes that on one leg; told 8 A, it goes on: 16 A on A, not 5.3 A on each."""
    house = power_only(1)
    for _ in range(30):
        shows_power(house)
        house.tick(5.0)
    house.deaf.add("car")
    for limit in house.cars["car"].tx_limits.items():
        house.cars["car"].tx_limits[limit[0]] = limit[1]._replace(until=float("inf"))
    household(16.0)(house)
    for _ in range(12):
        shows_power(house)
        house.tick(5.0)
    assert says(car="Draws 16 A although it was told")(house) == []
