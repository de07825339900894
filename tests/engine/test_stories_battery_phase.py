"""Stories of a battery on one phase, and of a meter that nets the phases.

Three phases, 230 V, 8 A of sun on each, the house takes 1 A on each. A battery of 2.2 kW (9.6 A) on
phase C answers the total of the meter.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

import pytest

from .house import BATTERY, SUN, charger_form, plug_form, site_form, state, wire_forms
from .stories import (
    Stage,
    at_least,
    available,
    household,
    nothing,
    settled,
    site,
    story,
    sun,
    together,
    told,
)


@dataclass(repr=False)
class OnePhase(Stage):
    """A house whose battery is on one phase ("": on all), and whose meter has a total."""

    battery_on: str = "C"
    total_nets: bool = True

    def flows(self, circuit: str, ours: bool = True) -> dict[str, float]:
        """A by phase through a breaker; the battery comes in on its own phase."""
        if circuit != "main" or not self.battery_on:
            return super().flows(circuit, ours)
        used = self.used(circuit, ours)
        battery_a, sun_a = self.battery_w(used) / 230.0, self.power.sun_w / 230.0 / len(used)
        return {
            phase: amps - sun_a - (battery_a if phase == self.battery_on else 0.0)
            for phase, amps in used.items()
        }

    def snapshot(self) -> dict[str, Any]:
        """With the total power: netted, or what is taken on all phases."""
        flows = self.flows("main")
        taken = sum(flows.values()) if self.total_nets else sum(max(a, 0) for a in flows.values())
        return {**super().snapshot(), "sensor.total": state(taken * 230.0, "W", self.now)}


def house(
    *loads: dict[str, Any], on: str = "C", soc_pct: float = 90, sun_a: float = 8, **form: Any
) -> OnePhase:
    """A house with a battery of 2.2 kW on phase C, above its target of 80 %."""
    power = {"battery_max_charge_w": 2200, "battery_max_discharge_w": 2200}
    found = OnePhase.of(site_form(**{**SUN, **BATTERY, **power, **form}), *loads)
    assert isinstance(found, OnePhase)
    found.battery_on = on
    found.power.most_w, found.power.soc_pct = 2200.0, soc_pct
    for one in found.cars.values():
        one.default_limit_a = 0.0
    together(sun(sun_a), household(1.0))(found)
    return found


def car(legs: str) -> dict[str, Any]:
    return charger_form("car", legs, mode="solar_only")


ELSEWHERE = "The other phases feed in more than it lacks"


@pytest.mark.parametrize("legs", ["C", "ABC"])
def test_a_car_that_waits_beside_what_other_phases_feed_in_says_which_fields_may_cure_it(
    legs: str,
) -> None:
    """The battery has stood at its limit on C since the start: nothing shows its phase.

    The meter shows -7, -7 and 2.6 A. Spread over all phases, the battery leaves 3.8 A on C.
    """
    found = house(car(legs))
    for _ in range(60):
        found.tick(5.0)
        assert found.told("car") == 0.0
        assert ELSEWHERE in found.sentence("car"), found.sentence("car")


@pytest.mark.parametrize("nets", ["yes", "no"])
def test_nothing_is_said_of_other_phases_once_the_form_says_how_they_count(nets: str) -> None:
    found = settled(house(car("C"), grid_nets=nets))
    assert ELSEWHERE not in found.sentence("car")


def test_nothing_is_said_of_other_phases_where_they_feed_in_too_little() -> None:
    """1.5 A of sun, 1 A of house: 0.5 A is left on each phase, and a third of the battery's 9.6 A.

    The car has 3.7 A and lacks 2.3 A, and no more than 1.5 A are fed in.
    """
    found = settled(house(car("A"), on="", soc_pct=98, sun_a=1.5))
    assert found.told("car") == 0.0
    assert ELSEWHERE not in found.sentence("car")


@pytest.mark.parametrize(
    ("legs", "right_a", "because"),
    [
        ("C", 16.0, "8 - 1 = 7 A of sun and 9.6 A of the battery are there on C: its maximum"),
        ("A", 7.0, "7 A of sun on A; the battery can't give anything there"),
        ("ABC", 7.0, "A and B have 7 A each"),
    ],
)
def test_a_battery_gives_on_its_own_phase(legs: str, right_a: float, because: str) -> None:
    story(
        because,
        settled(house(car(legs), battery_phases="C"), 120),
        (0, nothing, told(car=right_a)),
    )


def test_what_it_charges_with_is_sun_on_its_own_phase() -> None:
    """At its target it idles, so what it takes on C is for the car there: 7 A, not 0.6."""
    story(
        "The meter shows 1 - 8 + 9.6 = 2.6 A on C while the battery charges with 9.6 A: 7 A.",
        house(car("C"), soc_pct=80, battery_phases="C"),
        (0, nothing, at_least(car=6.9)),
        (120, nothing, at_least(car=6.9)),
    )


def test_a_sentence_names_the_battery_only_where_it_gives() -> None:
    found = settled(house(car("A"), battery_phases="C"), 120)
    assert "from the battery" not in found.sentence("car")


def test_a_battery_on_a_phase_that_the_site_does_not_have_is_refused() -> None:
    wired = wire_forms(site_form("A", **BATTERY, battery_phases="C"))
    (errors,) = wired.refused.values()
    assert errors == ("Phases of the battery: the site has only A.",)


# --- a meter that nets the phases ----------------------------------------------------------------


def test_where_the_meter_nets_the_sun_is_one_pool_for_all_phases() -> None:
    """21 A of sun and 9.6 A of the battery: 16 A on C, whatever is fed in and taken by phase."""
    story(
        "What A and B feed in pays for what C takes; the battery gets the rest.",
        settled(house(car("C"), grid_nets="yes", on="", battery_phases="all"), 120),
        (0, nothing, told(car=16)),
    )


def test_without_netting_a_phase_stands_for_itself() -> None:
    story(
        "A third of the battery, 3.2 A, is there on each phase: 10.2 A.",
        settled(house(car("C"), grid_nets="no", on="", battery_phases="all"), 120),
        (0, nothing, told(car=10.1)),
    )


@pytest.mark.parametrize(("total_nets", "right_a"), [(True, 16.0), (False, 7.0)])
@pytest.mark.parametrize("seed", [3, 4])
def test_a_total_sensor_shows_whether_the_meter_nets(
    total_nets: bool, right_a: float, seed: int
) -> None:
    """An oven takes 12 A on A, while B and C feed in 7 A each: +5, -7 and -7 A are -9 A, or +5 A.

    Then the oven is off, and a car on B may have all of the sun, 21 A, or that of B, 7 A.
    """
    found = OnePhase.of(
        site_form(main_breaker_a=40, grid_total_entity="sensor.total", **SUN),
        charger_form("car", "B", mode="solar_only"),
    )
    assert isinstance(found, OnePhase)
    found.total_nets, chance = total_nets, random.Random(seed)
    found.cars["car"].status = "Available"
    sun(8)(found)
    for _ in range(200):
        for phase, amps in (("A", 13.0), ("B", 1.0), ("C", 1.0)):
            household(amps + chance.uniform(-0.2, 0.2), phases=phase)(found)
        found.tick(5.0)
    household(1.0)(found)
    found.pass_time(60)
    story("Found out.", found, (0, nothing, available(car=right_a)))


# --- what moves with it --------------------------------------------------------------------------


def live(found: OnePhase, seed: int, seconds: float = 3 * 3600.0) -> None:
    """Three hours of a house: oven, kettle, clouds and noise, and the battery follows them."""
    chance = random.Random(seed)
    loads = {"A": 0.0, "B": 0.0, "C": 0.0}
    sun_a, end = 3.0, found.now + seconds
    while found.now < end:
        if chance.random() < 0.03:
            loads[chance.choice("ABC")] = chance.choice([0.0, 4.0, 9.0])
        sun_a = min(max(sun_a + chance.uniform(-0.3, 0.3), 0.0), 6.0)
        sun(sun_a)(found)
        for phase, amps in loads.items():
            household(1.0 + amps + chance.uniform(-0.2, 0.2), phases=phase)(found)
        found.tick(5.0)


@pytest.mark.parametrize("on", ["A", "C", ""])
@pytest.mark.parametrize("seed", [31, 32])
def test_the_phases_of_a_battery_are_found_by_what_moves(on: str, seed: int) -> None:
    """Left open in the form: three hours of kettles and clouds says where the battery is."""
    found = house(plug_form("pump", "B", 300, mode="continuous"), on=on, soc_pct=60)
    live(found, seed)
    moves = found.memory.checks.battery
    assert moves is not None
    assert moves.on == (on or "all")


def test_the_car_on_its_phase_charges_when_the_phase_was_found() -> None:
    """The given case, after three hours in which something moved: 16 A instead of nothing."""
    found = house(car("C"), soc_pct=60)
    live(found, 5)
    found.power.soc_pct = 90
    together(sun(8), household(1.0))(found)
    found.pass_time(300)
    story("7 + 9.6 A on C.", found, (0, nothing, told(car=16), site("ok")))


@pytest.mark.parametrize("seed", [41, 42])
def test_a_form_that_names_the_wrong_phase_is_doubted(seed: int) -> None:
    found = house(on="C", soc_pct=60, battery_phases="A")
    live(found, seed)
    story(
        "The battery is on C, its form says A.",
        found,
        (0, nothing, site("problem", "phase C of the meter moves with it", "choose phase C")),
    )


@pytest.mark.parametrize(("on", "form"), [("C", "C"), ("", "all"), ("C", "all")])
def test_a_form_that_is_right_is_not_doubted(on: str, form: str) -> None:
    found = house(on=on, soc_pct=60, battery_phases=form)
    live(found, 51)
    story("Nothing to say.", found, (0, nothing, site("ok")))


def test_a_form_that_names_a_phase_is_doubted_where_it_is_all() -> None:
    found = house(car("A"), on="", soc_pct=60, battery_phases="B")
    live(found, 61)
    story("On all.", found, (0, nothing, site("problem", "all phases of the meter move with it")))
