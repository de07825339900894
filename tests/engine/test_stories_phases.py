"""Stories of chargers that can be switched between one phase and three.

Three phases, 230 V: 6 A on three are 4,140 W, on one 1,380 W. A solar car of 6 to 16 A, a breaker
of 63 A, an inverter that gives each phase what it needs, so that all of the sun is for one phase,
unless said otherwise. "5 A of sun" are 5 A on each phase, 3,450 W.
"""

from __future__ import annotations

from typing import Any

import pytest

from .house import charger_form, site_form, state
from .stories import (
    Stage,
    at_least,
    calls,
    clock,
    deafen,
    draws,
    household,
    nothing,
    reads,
    says,
    settled,
    site,
    status,
    story,
    sun,
    told,
    under,
)

SWITCH = "switch.phases"


def solar(sun_a: float, phases: str = "on", entity: str = SWITCH, **charger: Any) -> Stage:
    """A car in the sun on a charger that can be switched; it has been on `phases` for long."""
    values = {"mode": "solar_only", "phase_switch_entity": entity, **charger}
    house = Stage.of(
        site_form(main_breaker_a=63, inverter_asymmetric=True), charger_form("car", **values)
    )
    house.extra[entity] = state(phases)
    house.cars["car"].legs = 3 if phases in ("on", "3") else 1
    sun(sun_a)(house)
    return settled(house)


def on_phases(number: int) -> Any:
    """How many phases the charger is switched to."""

    def claim(house: Stage) -> list[str]:
        found = house.cars["car"].legs
        return [] if found == number else [f"the car is on {found} phases: {house.sentence('car')}"]

    return claim


def test_little_sun_charges_on_one_phase() -> None:
    story(
        "10 A of sun on each phase, then 3.5: 2,415 W are too little for three phases, 10.5 A for "
        "one. After two minutes the car is paused, switched, and goes on with 10 A.",
        solar(10),
        (0, nothing, told(car=10), on_phases(3)),
        (5, sun(3.5)),
        (120, nothing, told(car=6), on_phases(3)),
        (
            130,
            nothing,
            told(car=0),
            status(car="changing_phases"),
            says(car="Changes to one phase"),
        ),
        (140, nothing, on_phases(1), told(car=0)),
        (200, nothing, at_least(car=10), on_phases(1)),
        (1200, nothing, on_phases(1)),
    )


def test_much_sun_charges_on_three_phases() -> None:
    story(
        "On one phase 16 A are its maximum. The sun gives 10 A on each phase: more than 1.1 times "
        "the 6 A that three phases need.",
        solar(3.5, "off"),
        (0, nothing, told(car=10.5), on_phases(1)),
        (5, sun(10)),
        (100, nothing, on_phases(1), told(car=16)),
        (130, nothing, says(car="Changes to three phases")),
        (150, nothing, on_phases(3)),
        (200, nothing, at_least(car=9), on_phases(3)),
    )


def test_it_is_not_switched_under_load_nor_before_the_car_has_stopped() -> None:
    story(
        "A charger that goes on drawing is not switched: given up after two minutes, and told.",
        solar(10),
        (0, sun(3.5), told(car=6)),
        (115, deafen("car")),
        (260, nothing, on_phases(3), site("problem", "did not change the number of phases")),
    )


def test_clouds_do_not_switch_it() -> None:
    clouds = [step for n in range(10) for step in ((200 * n, sun(3.5)), (200 * n + 60, sun(10)))]
    story(
        "A minute of cloud, two of sun: too little has not stood for two minutes.",
        solar(10),
        *clouds,
        (2000, nothing, on_phases(3)),
    )


def test_between_two_switches_there_are_ten_minutes() -> None:
    story(
        "Switched to one phase at 140 s; from 200 s on the sun is enough for three: 740 s.",
        solar(10),
        (0, sun(3.5)),
        (150, nothing, on_phases(1)),
        (200, sun(10)),
        (720, nothing, on_phases(1)),
        (780, nothing, on_phases(3)),
    )


def test_at_the_edge_it_stays_where_it_is() -> None:
    story(
        "6.3 A on each phase carry three phases (6 A), and are no reason to leave one for them "
        "(1.1 x 6 = 6.6 A).",
        solar(6.3),
        (1200, nothing, on_phases(3), told(car=6.3)),
    )
    story("The same from one phase.", solar(6.3, "off"), (1200, nothing, on_phases(1)))


def test_without_sun_nothing_is_gained_by_a_switch() -> None:
    story(
        "No sun at all: neither one phase nor three would run; it stops, and stays on three.",
        solar(10),
        (5, sun(0)),
        (1200, nothing, told(car=0), on_phases(3)),
    )


def test_a_load_that_may_take_from_the_grid_uses_all_phases() -> None:
    story(
        "Its owner sets standard: as fast as the wires allow.",
        solar(3.5, "off", mode_entity="input_select.mode"),
        (0, reads("input_select.mode", "solar_only")),
        (5, reads("input_select.mode", "standard")),
        (180, nothing, on_phases(3)),
        (240, nothing, told(car=16)),
    )


def test_solar_priority_takes_little_from_the_grid_on_one_phase() -> None:
    story(
        "2 A of sun on each phase, 1,380 W: on one phase the minimum is just that.",
        solar(10, mode="solar_priority"),
        (0, sun(2)),
        (200, nothing, on_phases(1), told(car=6)),
    )


def test_a_limit_counts_the_phases_that_are_used() -> None:
    story(
        "On one phase the others are not reserved: 60 A of house on phase B leave the car alone.",
        solar(3.5, "off"),
        (0, household(0)),
        (5, household(55, phases="B")),
        (30, nothing, under(63)),
    )


def test_a_car_that_draws_on_three_is_counted_on_three_whatever_the_switch_shows() -> None:
    """The switch says one phase, the contactor sticks: 25 A, the house takes 10 A on B."""
    house = solar(0, "off", mode="standard", max_current_a=32)
    house.cars["car"].legs = 3
    story(
        "55 A of house on B leave 8 A there. The car draws on B although the switch says one.",
        house,
        (0, household(55, phases="B")),
        (30, nothing, under(63), told(car=8)),
    )


def test_where_phases_are_not_netted_one_phase_has_no_more_sun_than_three() -> None:
    house = Stage.of(
        site_form(main_breaker_a=63),
        charger_form("car", mode="solar_only", phase_switch_entity=SWITCH),
    )
    house.extra[SWITCH] = state("on")
    sun(10)(house)
    story(
        "A symmetric inverter: 3.5 A on phase A carry neither.",
        settled(house),
        (0, sun(3.5)),
        (1200, nothing, on_phases(3), told(car=0)),
    )


def test_all_legs_are_reserved_before_a_car_starts_on_three() -> None:
    """It has charged on L1 for long, so that its other legs are known to be idle."""
    house = solar(3.5, "off", mode_entity="input_select.mode")
    reads("input_select.mode", "solar_only")(house)
    house.pass_time(300)
    story(
        "63 A, 55 of house on B: on three phases 8 A are left, from its first second on.",
        house,
        (0, household(55, phases="B")),
        (5, reads("input_select.mode", "standard")),
        *((second, nothing, under(63)) for second in range(10, 240)),
        (240, nothing, on_phases(3), told(car=8 + 3.5)),
        every_s=1,
    )


@pytest.mark.parametrize(("one", "three"), [("1", "3"), ("1 phase", "3 phases")])
def test_a_select_is_set_to_its_options(one: str, three: str) -> None:
    house = solar(10, three, "select.phases", phase_one_option=one, phase_three_option=three)
    house.cars["car"].legs = 3
    found: list[Any] = []
    switch = house.switch_phases
    house.switch_phases = lambda call: (found.append(dict(call.data)), switch(call))  # type: ignore[assignment,func-returns-value]
    story("As its form says.", house, (0, sun(3.5)), (200, nothing, status(car="charging")))
    assert found == [{"entity_id": "select.phases", "option": one}]


def test_a_switch_that_says_nothing_is_told_and_left_alone() -> None:
    story(
        "Unknown is not one: all legs count, and nothing is switched.",
        solar(10),
        (0, sun(3.5)),
        (1, reads(SWITCH, "unavailable"), site("problem", SWITCH)),
        (1000, nothing, on_phases(3), calls(car=1)),  # off, after its grace
    )


def test_a_car_of_one_phase_needs_no_switch() -> None:
    house = solar(10)
    house.cars["car"].legs = 1
    story(
        "It draws on L1 only, which is known after a minute: three phases cost it nothing.",
        house,
        (100, sun(3.5)),
        (1000, nothing, on_phases(1)),
    )
    assert house.extra[SWITCH].value == "on"


def test_a_charger_that_its_profiles_switch_is_paused_for_it_just_so() -> None:
    house = Stage.of(
        site_form(main_breaker_a=63, inverter_asymmetric=True),
        charger_form("car", mode="solar_only", phase_by_profile=True),
    )
    house.cars["car"].transaction = 7
    sun(10)(house)
    story(
        "3.5 A of sun on each phase, 10.5 A for one; later 10 A for three. It is on another number "
        "of phases only when it has been told 0 before, and takes nothing.",
        settled(house),
        (0, sun(3.5), told(car=6), on_phases(3)),
        (125, nothing, told(car=0), on_phases(3), draws(car=0)),
        (160, nothing, on_phases(1)),
        (220, nothing, told(car=10.5), on_phases(1)),
        (700, sun(10)),
        (825, nothing, told(car=0), draws(car=0), on_phases(1)),
        (900, nothing, at_least(car=9), on_phases(3)),
    )


def test_a_maximum_below_the_minimum_is_no_reason_to_switch() -> None:
    story(
        "Somebody sets 5 A, below the minimum of 6: it is paused, and the house goes on.",
        solar(10, max_current_entity="input_number.most"),
        (0, reads("input_number.most", 16), told(car=10)),
        (5, reads("input_number.most", 5), told(car=0)),
        (300, nothing, told(car=0), on_phases(3)),
        (305, reads("input_number.most", 16)),
        (340, nothing, at_least(car=6)),
    )


@pytest.mark.parametrize("jump_s", [3600.0, -3600.0, -86400.0])
@pytest.mark.parametrize("at_s", [125, 135, 142, 150])
def test_a_clock_that_is_set_while_phases_are_switched_does_not_hold_it_up(
    at_s: int, jump_s: float
) -> None:
    """One phase is wished for 120 s, then the car is told 0 A, switched, and goes on 20 s later.

    A jump of the clock costs at most one of these waits once more.
    """
    house = solar(10)
    sun(3.5)(house)
    house.pass_time(at_s)
    clock(jump_s)(house)
    told = []
    for _ in range(300):
        house.pass_time(1)
        told += [call for _, call in house.step_calls if call.domain == "switch"]
        house.step_calls.clear()
    assert len(told) <= 2, "it is told once, and once more where the first is not sure"
    assert house.cars["car"].legs == 1
    assert house.outcome is not None
    assert (house.outcome.report.loads["car"].allocated_a or 0.0) >= 6
