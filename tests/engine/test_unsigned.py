"""Meters without a sign: they show how much flows, not which way. They can't be turned round.

25 A (or 40 A), sun and household in A per phase. A sensor with a sign falls when the sun rises; one
without a sign rises with it while something is fed in.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from loadjuggler.diagnostics import wiring as detect
from loadjuggler.explain.diagnosis import checked
from loadjuggler.memory.codec import from_json, to_json

from .crooked import Crooked, found, swing
from .house import BATTERY, SUN, VOLTAGE_V, charger_form, site_form, state
from .stories import Stage

NOON_S = 11 * 86400.0 + 12 * 3600.0
NO_SIGN = "shows no sign"
SWITCH = "Turn the sign round"
HOUSE = "seems to measure what the house takes"

Weather = Callable[[random.Random], float]


def clouds(amps: float) -> Weather:
    """Sun of about `amps` on each phase, a new value each minute."""
    return lambda chance: amps * chance.uniform(0.7, 1.1)


def home(*forms: Any, unsigned: str = "ABC", phases: str = "ABC", **site: Any) -> Crooked:
    house = Crooked.of(site_form(phases, **{**SUN, **site}), *forms)
    assert isinstance(house, Crooked)
    house.now = NOON_S
    house.unsigned["main"] = unsigned
    for car in house.cars.values():
        car.transaction = 1
    return house


def lives(
    house: Crooked,
    seconds: float,
    weather: Weather,
    house_a: float = 2.0,
    seed: int = 7,
    each: Callable[[Crooked], None] | None = None,
) -> list[str]:
    """Let the house live, with a household that flickers; everything it was warned of, once."""
    chance, said, end = random.Random(seed), {}, house.now + seconds
    steady = dict.fromkeys(house.site.phases, house_a)
    next_s = house.now
    while house.now < end:
        if house.now >= next_s:
            house.power.sun_w = weather(chance) * VOLTAGE_V * len(house.site.phases)
            if chance.random() < 0.1:
                steady = {p: house_a + chance.uniform(0.0, 1.5) for p in steady}
            next_s += 60.0
        for phase, amps in steady.items():
            house.household["main"][phase] = amps + chance.uniform(-0.2, 0.2)
        if each:
            each(house)
        house.tick(5.0)
        assert house.outcome is not None
        said |= dict.fromkeys(house.outcome.report.warnings)
    return list(said)


# --- what the sun shows --------------------------------------------------------------------------


@pytest.mark.parametrize("step_a", [0.0, 1.0])
@pytest.mark.parametrize("mode", ["solar_only", "solar_priority", "standard"])
def test_a_meter_that_rises_with_the_sun_has_no_sign(mode: str, step_a: float) -> None:
    """12 A of sun and 2 A of house: 10 A are fed in, and shown as 10 A."""
    house = home(charger_form("car", mode=mode, max_current_a=6))
    house.step_a = step_a
    said = lives(house, 3600, clouds(14.0))
    assert [NO_SIGN in text for text in said] == [True]
    assert "more whenever sensor.solar (Solar power) shows more" in said[0]
    assert "the power of each phase" in said[0]
    assert SWITCH not in said[0]


def broken(chance: random.Random) -> float:
    """Broken clouds: each minute all of the sun, none, or any part of it, A on each phase."""
    return chance.choice([0.0, 16.0, chance.uniform(0.0, 16.0)])


@pytest.mark.parametrize("seed", [21, 22, 23, 24])
@pytest.mark.parametrize("house_a", [4.0, 8.0])
def test_a_meter_that_falls_as_often_as_it_rises_with_the_sun(house_a: float, seed: int) -> None:
    """Up to 16 A of sun, 4 or 8 A of house: with much sun it rises with it, with little it falls.

    Over all it does not move with the sun, but it is no sensor of what the house takes.
    """
    said = lives(home(), 5 * 3600, broken, house_a, seed)
    assert [NO_SIGN in text for text in said] == [True]


@pytest.mark.parametrize("seed", [21, 22, 23])
def test_a_sensor_of_what_the_house_takes_below_broken_clouds(seed: int) -> None:
    def consumption(house: Crooked) -> None:
        for phase, amps in house.used("main").items():
            house.extra[f"sensor.grid_{phase.lower()}"] = state(amps, "A", house.now)

    said = lives(home(unsigned=""), 5 * 3600, broken, 6.0, seed, consumption)
    assert [HOUSE in text for text in said] == [True]


@pytest.mark.parametrize("seed", [21, 22, 23])
def test_a_meter_that_has_never_fed_in_below_broken_clouds_is_fine(seed: int) -> None:
    """Up to 16 A of sun, 18 A of house: it always falls when the sun rises."""
    assert lives(home(unsigned="", main_breaker_a=40), 5 * 3600, broken, 18.0, seed) == []


def test_a_site_of_one_phase() -> None:
    house = home(phases="A", unsigned="A")
    said = lives(house, 3600, clouds(14.0))
    assert [NO_SIGN in text for text in said] == [True]
    assert "on one phase the total power" in said[0]


def test_one_phase_without_a_sign_is_named() -> None:
    """An inverter on three phases; the sensor of B alone has no sign."""
    said = lives(home(unsigned="B"), 3600, clouds(14.0))
    assert len(said) == 1
    assert "shows no sign on phase B" in said[0]


def test_it_is_told_on_through_the_night_and_a_restart_until_the_sensor_shows_a_sign() -> None:
    house = home()
    lives(house, 3600, clouds(14.0))
    house.memory = replace(from_json(json.loads(json.dumps(to_json(house.memory)))), woke_at=None)
    said = lives(house, 6 * 3600, lambda _: 0.0)
    assert [NO_SIGN in text for text in said] == [True]
    house.unsigned.clear()
    lives(house, 600, clouds(14.0))
    assert house.outcome is not None
    assert house.outcome.report.warnings == ()


def test_a_sensor_of_what_the_house_takes() -> None:
    """It shows 6 A on each phase whatever the sun does, so it is no meter of the connection."""

    def consumption(house: Crooked) -> None:
        for phase, amps in house.used("main").items():
            house.extra[f"sensor.grid_{phase.lower()}"] = state(amps, "A", house.now)

    said = lives(home(unsigned=""), 3 * 3600, clouds(12.0), 6.0, each=consumption)
    assert [HOUSE in text for text in said] == [True]
    assert SWITCH not in said[0]


# --- what is normal ------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_little_sun_on_a_house_that_takes_much_is_fine(seed: int) -> None:
    """2 A of sun, 9 A of house: a meter with a sign never shows less than 0 A either."""
    assert lives(home(unsigned=""), 4 * 3600, clouds(3.0), 9.0, seed) == []


@pytest.mark.parametrize(
    ("weather", "house_a"),
    [
        pytest.param(clouds(4.0), 9.0, id="a little sun"),
        pytest.param(broken, 18.0, id="broken clouds"),
    ],
)
@pytest.mark.parametrize("late_s", [30.0, 120.0, 300.0])
def test_a_solar_sensor_that_is_late_is_fine(
    late_s: float, weather: Weather, house_a: float
) -> None:
    """A late sensor shows what the sun did minutes ago, so its moves and the meter's don't fit."""
    house, seen = home(unsigned=""), [(0.0, 0.0)]

    def late(house: Crooked) -> None:
        seen.append((house.now, house.power.sun_w))
        old = [watts for at, watts in seen if at <= house.now - late_s]
        house.extra["sensor.solar"] = state(old[-1], "W", house.now)

    assert lives(house, 4 * 3600, weather, house_a, each=late) == []


def test_an_inverter_that_may_not_feed_in_is_fine() -> None:
    """Its sun follows the house, and the meter stays a little above 0 A."""
    house = home(unsigned="")

    def throttled(house: Crooked) -> None:
        house.power.sun_w = (sum(house.used("main").values()) - 0.6) * VOLTAGE_V

    assert lives(house, 4 * 3600, lambda _: 0.0, 3.0, each=throttled) == []


def test_a_battery_that_no_form_names_and_that_takes_all_sun_is_fine() -> None:
    """The meter stays at 0.1 A on each phase, whatever sun and house do."""
    house = home(unsigned="")

    def near_nothing(house: Crooked) -> None:
        for phase in "abc":
            house.extra[f"sensor.grid_{phase}"] = state(0.1, "A", house.now)

    assert lives(house, 4 * 3600, clouds(12.0), each=near_nothing) == []


def test_a_battery_that_follows_is_fine() -> None:
    house = home(charger_form("car", mode="solar_only"), unsigned="", **BATTERY)
    assert lives(house, 4 * 3600, clouds(9.0)) == []


def test_a_form_that_rightly_turns_its_sensors_is_fine() -> None:
    """It shows what is fed in as positive, and so far nothing else was: it rises with the sun."""
    house = home(unsigned="", invert=True)
    assert lives(house, 4 * 3600, clouds(14.0)) == []


# --- what loads show -----------------------------------------------------------------------------


def feeding_in(*forms: Any, unsigned: str = "ABC", **site: Any) -> Crooked:
    """40 A, 30 A of sun on each phase: a car that takes more makes the meter show less."""
    house = home(*forms, unsigned=unsigned, main_breaker_a=40, **site)
    house.power.sun_w = 30.0 * VOLTAGE_V * len(house.site.phases)
    for car in house.cars.values():
        car.max_a = 16.0
    house.pass_time(60, each=1.0)
    return house


def test_a_meter_that_goes_the_wrong_way_and_was_never_below_0_has_no_sign() -> None:
    house = feeding_in(charger_form("car"))
    swing(house, "car", 12)
    assert found(house) == {"sign:main": "meter_unsigned"}
    assert house.outcome is not None
    text = house.outcome.report.sentence
    assert NO_SIGN in text
    assert SWITCH not in text
    assert [notice.id for notice in house.outcome.report.notices] == ["loadjuggler_sign_main"]
    # At night it goes the right way, and still has no sign.
    house.power.sun_w = 0.0
    swing(house, "car", 14)
    assert found(house) == {"sign:main": "meter_unsigned"}
    house.unsigned.clear()
    house.power.sun_w = 30.0 * 690
    house.pass_time(30, each=1.0)
    assert found(house) == {}


def test_one_phase_that_goes_the_wrong_way_without_a_sign_is_no_clamp_turned_round() -> None:
    house = feeding_in(charger_form("car"), unsigned="B")
    swing(house, "car", 12)
    assert house.outcome is not None
    assert "shows no sign on phase B" in house.outcome.report.sentence
    assert "clamp" not in house.outcome.report.sentence


def test_a_check_on_demand_does_not_say_to_turn_it_round() -> None:
    house = feeding_in(charger_form("car"))
    house.pass_time(130, each=1.0)
    wiring = replace(house.memory.wiring, check=detect.begun("car", house.now))
    house.memory = replace(house.memory, wiring=wiring)
    house.pass_time(90, each=1.0)
    answer = checked(house.memory.wiring.check, house.site)
    assert (answer["ok"], answer["code"]) == (True, "check_unsigned")
    assert SWITCH not in answer["message"]


def test_a_meter_that_is_inverted_has_been_below_0_and_is_told_as_that() -> None:
    house = home(charger_form("car"), unsigned="", main_breaker_a=40)
    house.turned["main"] = "ABC"
    house.household["main"] = dict.fromkeys("ABC", 5.0)
    house.cars["car"].max_a = 16.0
    house.pass_time(60, each=1.0)
    swing(house, "car", 12)
    assert found(house) == {"sign:main": "meter_inverted"}


# --- the switch that is on already ---------------------------------------------------------------


def dusk(house: Stage) -> None:
    house.now = NOON_S + 6 * 3600.0
    house.power.sun_w = 0.0
    house.household["main"] = dict.fromkeys(house.site.phases, 4.0)


def test_a_form_that_turns_a_sensor_without_a_sign() -> None:
    """18:00, no sun for half an hour, and 4 A on each phase are shown as fed in."""
    house = home(invert=True)
    lives(house, 1800, clouds(14.0))
    dusk(house)
    house.pass_time(1800 + 400, each=10.0)
    assert house.outcome is not None
    (text,) = house.outcome.report.warnings
    assert "shows 2 760 W fed in, and nothing can give that" in text
    assert "switch Turn the sign round off" in text


def test_a_form_that_rightly_turns_its_sensors_is_fine_at_dusk() -> None:
    house = home(unsigned="", invert=True)
    lives(house, 1800, clouds(14.0))
    dusk(house)
    house.pass_time(3 * 3600, each=10.0)
    assert house.outcome is not None
    assert house.outcome.report.warnings == ()
