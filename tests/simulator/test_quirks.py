"""Odd devices of simulated houses, and the random houses that have them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from simulator import names
from simulator.cars import Car, Visit
from simulator.chaos.chance import episode
from simulator.chaos.moves import START
from simulator.devices import TAKES, Habits
from simulator.house import House, Life
from simulator.quirks import PLAIN, Late, Quirks
from simulator.scenario import MAIN, Battery, Solar
from simulator.scenario_file import read_all

THREE = {"L1": "A", "L2": "B", "L3": "C"}


def house(quirks: Quirks = PLAIN, measures: str = "legs", leaves_s: float = 100.0) -> House:
    """A house with a car that comes at 0 s, is offered 16 A, and leaves."""
    data = {
        "name": "test",
        "site": {"main_breaker": 25},
        "loads": [{"id": "car", "type": "charger", "phases": THREE, "status": "Charging"}],
    }
    scenario = replace(read_all([data])[0], solar=Solar(measured=True))
    life = Life(
        cars={"car": Car((Visit(0.0, leaves_s, 30.0),))},
        habits=Habits(untold_a=16.0, report_s=5.0, measures=measures),
        sun=lambda now: 100.0 * now,
        quirks=quirks,
    )
    return House(scenario, life)


def seen(made: House, now: float) -> dict[str, Any]:
    made.advance(now)
    return made.snapshot()


def test_a_charger_with_power_only_shows_no_current() -> None:
    """3 x 16 A at 230 V are 11.04 kW."""
    states = seen(house(measures="power"), 50.0)
    assert names.charger("car", "current_import") not in states
    assert float(states[names.charger("car", "power_active_import")].value) == pytest.approx(11.04)


@pytest.mark.parametrize(("measures", "leg_a"), [("legs", 0.0), ("left", 16.0)])
def test_legs_that_are_kept_after_the_car_has_left(measures: str, leg_a: float) -> None:
    made = house(measures=measures)
    current = names.charger("car", "current_import")
    assert seen(made, 50.0)[current].attributes["L2"] == 16.0
    after = seen(made, 150.0)[current]
    assert float(after.value) == 0.0
    assert after.attributes["L2"] == leg_a


def test_a_late_logger_shows_what_was_as_often_as_it_speaks() -> None:
    """The sun rises by 100 W each second. At 35 s it shows that of 10 s."""
    made = house(Quirks(late_s=20.0, every_s=10.0))
    shown = {now: float(seen(made, float(now))[names.SOLAR].value) for now in range(0, 46, 5)}
    assert shown == {0: 0, 5: 0, 10: 0, 15: 0, 20: 0, 25: 0, 30: 1000, 35: 1000, 40: 2000, 45: 2000}


def test_a_logger_that_is_not_late_shows_what_is() -> None:
    late = Late(0.0, 0.0)
    assert [late.due(now, {"sun": now}) for now in (0.0, 1.0, 2.0)] == [
        {"sun": 0.0},
        {"sun": 1.0},
        {"sun": 2.0},
    ]


@pytest.mark.parametrize(
    ("sleeps", "silent"),
    [
        ("", set()),
        ("sun", {names.SOLAR}),
        ("hybrid", {names.SOLAR, names.BATTERY_POWER, names.BATTERY_SOC}),
    ],
)
def test_an_inverter_sleeps_without_sun(sleeps: str, silent: set[str]) -> None:
    """The car takes 16 A on three phases; a hybrid's battery gives its 5 kW only while it is up."""
    made = house(Quirks(sleeps=sleeps))
    battery = Battery(soc=90.0)
    scenario = replace(made.scenario, battery=battery)
    life = replace(made.life, sun=lambda now: 100.0 if now < 50.0 else 0.0)
    made = House(scenario, life)
    sensors = {names.SOLAR, names.BATTERY_POWER, names.BATTERY_SOC}
    by_day, at_night = seen(made, 20.0), seen(made, 60.0)
    assert not any(by_day[entity].value == "unavailable" for entity in sensors)
    assert {entity for entity in sensors if at_night[entity].value == "unavailable"} == silent
    assert made.flows.battery_w == (0.0 if sleeps == "hybrid" else 5000.0)


SCHEDULE = {
    "chargingRateUnit": "A",
    "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 8.0}],
}
TEN_AMPERES = {"chargingSchedulePeriod": [{"startPeriod": 0, "limit": 10.0}]}


@pytest.mark.parametrize(("says_s", "shown_at"), [(None, 31), (0.0, 21), (2.0, 22)])
def test_a_charger_may_report_when_its_current_has_changed(
    says_s: float | None, shown_at: int
) -> None:
    """Its car takes 16 A, and 8 A from 20 s on, which a look at 21 s sees; it reports each 30 s."""
    made = house(leaves_s=1e6)
    habits = replace(made.life.habits, report_s=30.0, says_s=says_s)
    made = House(made.scenario, replace(made.life, habits=habits))
    entity, shown = names.charger("car", "current_import"), {}
    told = {key: value for key, value in TX.items() if key != "validTo"}
    for now in range(1, 40):
        made.advance(float(now))
        shown[now] = float(made.snapshot()[entity].value)
        if now == 20:
            made.chargers["car"].set_profile(told | {"chargingProfileKind": "Relative"}, 20.0)
    assert min(now for now, amps in shown.items() if amps == 8.0) == shown_at


TX: dict[str, Any] = {
    "chargingProfileId": 1,
    "stackLevel": 1,
    "chargingProfilePurpose": "TxProfile",
    "chargingProfileKind": "Absolute",
    "validTo": "1970-01-01T00:10:00Z",
    "chargingSchedule": SCHEDULE,
}
WAYS_OF_TELLING = {
    "as it is": {},
    "Relative without end": {"chargingProfileKind": "Relative", "validTo": None},
    "at level 0": {"stackLevel": 0},
    "as the default": {"chargingProfilePurpose": "TxDefaultProfile", "stackLevel": 1},
}


@pytest.mark.parametrize(
    ("takes", "works"),
    [
        ("all", set(WAYS_OF_TELLING)),
        ("no Absolute", {"Relative without end"}),
        ("clock ahead", {"Relative without end"}),
        ("level 0", {"at level 0"}),
        ("no TxProfile", {"as the default"}),
    ],
)
def test_a_charger_takes_only_some_profiles_and_tells_nobody(takes: str, works: set[str]) -> None:
    """It may charge for 10 min with 8 A; without a profile it takes 16 A."""
    helped = set()
    for way, changes in WAYS_OF_TELLING.items():
        made = house(leaves_s=1e6)
        life = replace(made.life, habits=replace(made.life.habits, takes=takes))
        made = House(made.scenario, life)
        made.advance(10.0)
        told = {key: value for key, value in (TX | changes).items() if value is not None}
        made.chargers["car"].set_profile(told, 10.0)
        made.advance(20.0)
        helped |= {way} if made.chargers["car"].draw["L1"] == 8.0 else set()
    assert helped == works


def test_a_charger_of_one_profile_keeps_the_first() -> None:
    made = house(leaves_s=1e6)
    life = replace(made.life, habits=replace(made.life.habits, takes="one profile"))
    made = House(made.scenario, life)
    made.advance(10.0)
    default = TX | {"chargingProfilePurpose": "TxDefaultProfile", "chargingProfileId": 2}
    del default["validTo"]
    for told in (default | {"chargingProfileKind": "Relative"}, TX):
        made.chargers["car"].set_profile(told, 10.0)
    made.advance(20.0)
    assert made.chargers["car"].draw["L1"] == 8.0
    made.chargers["car"].set_profile(TX | {"chargingSchedule": SCHEDULE | TEN_AMPERES}, 20.0)
    made.advance(30.0)
    assert made.chargers["car"].draw["L1"] == 8.0, "there was no room for another one"


def test_half_of_the_random_houses_are_odd_and_each_kind_is_among_them() -> None:
    lives = [episode(5, number).life for number in range(120)]
    plain = [life for life in lives if life.quirks == Quirks() and not life.mistakes]
    assert 40 <= len(plain) <= 90  # those with flashes of sun look plain here
    assert {life.habits.measures for life in lives} == {"legs", "power", "left"}
    assert any(life.quirks.late_s and life.quirks.every_s for life in lives)
    meters = [life.mistakes.meters[MAIN] for life in lives if life.mistakes.meters]
    assert any(meter.unsigned for meter in meters)
    assert any(meter.without for meter in meters)


def test_half_of_the_random_houses_have_an_odd_device_and_each_kind_is_among_them() -> None:
    """One in two, but not each house can have each kind. A dusk comes before the end."""
    made = [episode(5, number) for number in range(120)]
    refusing = {one.life.habits.takes for one in made}
    sleeping = [one for one in made if one.life.quirks.sleeps]
    named = [one for one in made if one.scenario.battery and one.scenario.battery.phase]
    unnamed = [one for one in made if one.life.mistakes.battery]
    assert refusing == {*TAKES}
    assert {one.life.habits.says_s for one in made} == {None, 0.0, 1.0, 2.0}
    assert {one.life.quirks.sleeps for one in sleeping} == {"sun", "hybrid"}
    assert named
    assert unnamed
    for one in sleeping:
        assert one.life.sun is not None
        assert one.life.sun(START + one.length_s) == 0.0
