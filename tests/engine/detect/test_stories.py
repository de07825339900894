"""Mistakes of the installation in a house that runs: found, told, and put right.

40 A, three phases, meter and chargers every second; a car that takes now 16, now 8 A: 8 A weigh
1.6, so the 4th clear change makes 6.4 and is told, and the 10th makes 16 and may be acted on.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from loadjuggler.diagnostics import wiring as detect

from ..crooked import Crooked, finding, finds, found, legs, remap, swing
from ..house import charger_form, circuit_form, plug_form, site_form
from ..stories import plug, sun


def home(*forms: Any, **site: Any) -> Crooked:
    """A house of 40 A that has run for a minute."""
    house = Crooked.of(site_form(main_breaker_a=40, **site), *forms)
    assert isinstance(house, Crooked)
    for car in house.cars.values():
        car.max_a = 16.0
    return house


def started(house: Crooked) -> Crooked:
    house.pass_time(60, each=1.0)
    return house


def one_phase(house: Crooked, really: str, load: str = "car") -> Crooked:
    """The car uses L1 only, and the charger's legs are really on `really`."""
    house.cars[load].legs = 1
    house.really[load] = legs(really)
    return started(house)


def holds(house: Crooked, claim: Any) -> None:
    wrong = claim(house)
    assert not wrong, wrong


def test_a_crossed_leg_is_told_at_six_and_not_before() -> None:
    house = one_phase(home(charger_form("car")), "BAC")
    swing(house, "car", 3)
    assert not found(house)
    swing(house, "car", 1)
    holds(house, finds(load_car="wrong_phase"))
    assert finding(house, "load:car").numbers["legs"] == "L1: B, L2: A"
    assert house.outcome is not None
    report = house.outcome.report
    assert report.status == "problem"
    assert "car: leg L1 is on phase B, not on A as its form says" in report.sentence
    assert "its L1 moves phase B of the meter, not A" in house.sentence("car")
    assert [notice.id for notice in report.notices] == ["loadjuggler_load_car"]
    assert "Choose L1: B, L2: A in its form" in report.notices[0].message


def test_it_is_not_counted_otherwise_unless_the_form_allows_it() -> None:
    house = one_phase(home(charger_form("car")), "BAC")
    swing(house, "car", 20)
    holds(house, finds(load_car="wrong_phase"))
    assert remap(house, "car") is None


def test_it_is_counted_on_the_phase_it_is_on_if_the_form_allows_it() -> None:
    """Its form says B, it is on A: only when that is known does it make room for the house there.

    30 A of household on A leave 10 A of 40.
    """
    house = home(charger_form("car", "BCA", allow_remap=True))
    house = one_phase(house, "ABC")
    house.household["main"] = {"A": 14.0, "B": 0.0, "C": 0.0}
    swing(house, "car", 9)
    assert remap(house, "car") is None
    swing(house, "car", 2)
    assert dict(remap(house, "car").legs) == {"L1": "A", "L2": "C", "L3": "B"}  # type: ignore
    assert not found(house)
    assert house.outcome is not None
    assert house.outcome.report.status == "ok"
    assert "Counted with L1: A, L3: B" in house.sentence("car")
    house.cars["car"].max_a = 32.0
    house.household["main"]["A"] = 30.0
    house.pass_time(30)
    assert house.told("car") == pytest.approx(10.0)  # 40 - 30 on the phase it is really on


def test_undone_it_stays_so_until_the_form_changes() -> None:
    house = one_phase(home(charger_form("car", allow_remap=True)), "BAC")
    swing(house, "car", 10)
    assert remap(house, "car") is not None
    house.memory = _with(house, detect.undone(house.memory.wiring, "car"))
    swing(house, "car", 20)
    kept = remap(house, "car")
    assert kept is not None
    assert kept.undone
    holds(house, finds(load_car="wrong_phase"))  # it is told all the same
    assert "Counted with" not in house.sentence("car")
    house.site = wired_as(house, "BAC")
    swing(house, "car", 2)
    assert remap(house, "car") is None
    assert not found(house)


def test_a_form_that_was_put_right_ends_the_remap() -> None:
    house = one_phase(home(charger_form("car", allow_remap=True)), "BAC")
    swing(house, "car", 10)
    house.site = wired_as(house, "BAC")
    swing(house, "car", 2)
    assert remap(house, "car") is None
    assert not found(house)
    assert not house.outcome.report.notices  # type: ignore[union-attr]


def test_rewired_by_an_electrician_it_is_counted_as_its_form_says_again() -> None:
    house = one_phase(home(charger_form("car", allow_remap=True)), "BAC")
    swing(house, "car", 12)
    assert remap(house, "car") is not None
    house.really = {}
    swing(house, "car", 40)
    assert remap(house, "car") is None
    assert not found(house)


@pytest.mark.parametrize("really", ["ACB", "BAC", "BCA", "CAB", "CBA"])
def test_each_exchange_of_a_one_phase_car_is_found(really: str) -> None:
    house = one_phase(home(charger_form("car")), really)
    swing(house, "car", 4)
    wrong = really[0] != "A"  # L2 and L3 are not used: nobody can know
    holds(house, finds(**({"load_car": "wrong_phase"} if wrong else {})))


@pytest.mark.parametrize("really", ["ACB", "BAC", "BCA", "CAB", "CBA"])
def test_of_a_two_phase_car_the_phase_that_stays_is_that_of_the_third_leg(really: str) -> None:
    house = home(charger_form("car"))
    house.cars["car"].legs = 2
    house.really["car"] = legs(really)
    started(house)
    swing(house, "car", 4)
    wrong = really[2] != "C"
    holds(house, finds(**({"load_car": "wrong_phase"} if wrong else {})))
    if wrong:
        assert finding(house, "load:car").numbers["leg"] == "L3"
        assert finding(house, "load:car").numbers["to_phase"] == really[2]


def test_a_three_phase_car_shows_no_exchange_and_no_harm_comes_of_it() -> None:
    house = home(charger_form("car"))
    house.really["car"] = legs("BCA")
    started(house)
    swing(house, "car", 20)
    assert not found(house)


def test_a_plug_on_another_phase() -> None:
    """2,300 W are 10 A, which weigh 2: three times switched make 6."""
    house = home(plug_form("boiler", "A", power_entity="sensor.boiler"))
    house.really["boiler"] = {"L1": "C"}
    started(house)
    for number in range(3):
        plug("boiler", power_w=2300.0 if number % 2 else 0.0)(house)
        house.pass_time(30, each=1.0)
    holds(house, finds(load_boiler="wrong_phase"))
    assert finding(house, "load:boiler").numbers["legs"] == "L1: C"


def test_a_station_of_two_cars_with_one_of_them_crossed() -> None:
    """The right one is rotated on purpose, and then exchanged by mistake."""
    house = home(
        circuit_form("station", 32),
        charger_form("left", circuit="station"),
        charger_form("right", "BCA", circuit="station"),
    )
    for name in ("left", "right"):
        house.cars[name].legs = 1
    house.really["right"] = legs("ACB")
    started(house)
    swing(house, "left", 6)
    swing(house, "right", 6)
    holds(house, finds(load_right="wrong_phase"))
    assert finding(house, "load:right").numbers["to_phase"] == "A"


@pytest.mark.parametrize("cars_legs", [1, 2, 3])
def test_a_meter_turned_round_is_told_after_ten_of_fifteen(cars_legs: int) -> None:
    house = home(charger_form("car"))
    house.turned = {"main": "ABC"}
    house.cars["car"].legs = cars_legs
    started(house)
    swing(house, "car", 9)
    assert not found(house)
    swing(house, "car", 3)
    code = "clamp_inverted" if cars_legs == 1 else "meter_inverted"  # the others have not moved
    holds(house, finds(sign_main=code))


def test_one_clamp_turned_round() -> None:
    house = home(charger_form("car"))
    house.turned = {"main": "B"}
    started(house)
    swing(house, "car", 12)
    holds(house, finds(sign_main="clamp_inverted"))
    assert finding(house, "sign:main").numbers["phase"] == "B"
    assert "on phase B" in house.outcome.report.sentence  # type: ignore[union-attr]


def test_it_is_over_when_the_form_turns_the_sign_round() -> None:
    house = home(charger_form("car"))
    house.turned = {"main": "ABC"}
    started(house)
    swing(house, "car", 12)
    house.turned = {}
    house.site = wired_as(house, "ABC", invert=True)
    house.turned = {"main": ""}
    swing(house, "car", 1)
    assert not found(house)


def test_all_that_is_behind_a_meter_shows_its_phases_exchanged() -> None:
    """The clamps of A and B are exchanged: a car on A and a plug on B both show it."""
    house = home(
        charger_form("car"), plug_form("boiler", "B", power_entity="sensor.boiler", power_w=2300)
    )
    house.clamps = {"main": {"A": "B", "B": "A"}}
    house.cars["car"].legs = 1
    started(house)
    swing(house, "car", 6)
    holds(house, finds(load_car="wrong_phase"))
    for number in range(6):
        plug("boiler", power_w=2300.0 if number % 2 else 0.0)(house)
        house.pass_time(30, each=1.0)
    holds(house, finds(meter_main="meter_crossed"))
    assert finding(house, "meter:main").numbers["phase"] == "A"
    assert finding(house, "meter:main").numbers["to_phase"] == "B"


def test_a_load_that_the_nearer_meter_sees_right_is_wired_right() -> None:
    """The garage's meter says A, the main one B: it is the main one that is mounted wrong."""
    house = home(circuit_form("garage", 25, "ABC"), charger_form("car", circuit="garage"))
    house.cars["car"].legs = 1
    house.clamps = {"main": {"A": "B", "B": "A"}}
    started(house)
    swing(house, "car", 8)
    holds(house, finds(meter_main="meter_crossed"))


def test_two_meters_that_agree_show_the_load() -> None:
    house = home(circuit_form("garage", 25, "ABC"), charger_form("car", circuit="garage"))
    house = one_phase(house, "BAC")
    swing(house, "car", 8)
    holds(house, finds(load_car="wrong_phase"))


def test_a_load_that_is_not_behind_the_breaker_of_its_form() -> None:
    """Its form says garage, and it hangs on the main breaker: the garage's meter never moves.

    8 A weigh 1.6, and 15 points are needed: ten changes.
    """
    house = home(circuit_form("garage", 25, "ABC"), charger_form("car", circuit="garage"))
    house.elsewhere = {"car"}
    started(house)
    swing(house, "car", 9, each_s=70)
    assert not found(house)
    swing(house, "car", 2, each_s=70)
    holds(house, finds(place_car="not_behind"))
    assert "the meter of the garage breaker does not move with it" in (
        house.outcome.report.sentence  # type: ignore[union-attr]
    )


def test_a_battery_behind_the_same_breaker_hides_a_car_and_that_is_no_mistake() -> None:
    """No meter moves, the one above neither: it may be a battery that nobody has told of."""
    house = home(circuit_form("garage", 25, "ABC"), charger_form("car", circuit="garage"))
    house.elsewhere = {"car"}
    house.clamps = {"main": {"A": "A", "B": "B", "C": "C"}}
    house.hidden = {"car"}
    started(house)
    swing(house, "car", 14, each_s=70)
    assert not found(house)


def test_a_site_that_loses_phases_goes_on() -> None:
    """A car that was counted on B, and then a site with A only."""
    house = home(charger_form("car", "A", allow_remap=True))
    house.really["car"] = {"L1": "B"}
    started(house)
    swing(house, "car", 12)
    assert dict(remap(house, "car").legs) == {"L1": "B"}  # type: ignore[union-attr]
    small = Crooked.of(site_form("A", main_breaker_a=40), charger_form("car", "A"))
    small.memory, small.now = house.memory, house.now
    small.pass_time(30)
    assert remap(small, "car") is None
    assert small.told("car")


def test_leave_that_is_taken_back_ends_the_remap() -> None:
    house = one_phase(home(charger_form("car", allow_remap=True)), "BAC")
    swing(house, "car", 12)
    assert remap(house, "car") is not None
    house.site = wired_as(house, "ABC", car_form={"allow_remap": False})
    house.pass_time(10)
    assert remap(house, "car") is None
    holds(house, finds(load_car="wrong_phase"))


def test_legs_that_were_exchanged_after_a_remap_are_followed_and_it_does_not_swing() -> None:
    """First L1 was on B; then an electrician makes it ACB, and only two-phase cars come."""
    house = one_phase(home(charger_form("car", allow_remap=True)), "BAC")
    swing(house, "car", 14)
    house.really["car"] = legs("ACB")
    house.cars["car"].legs = 2
    seen = set()
    for _ in range(40):
        swing(house, "car", 1)
        seen.add(remap(house, "car"))
    assert len(seen) <= 3
    assert dict(remap(house, "car").legs)["L3"] == "B"  # type: ignore[union-attr]


def test_a_meter_that_is_blamed_takes_the_notice_of_the_remap_with_it() -> None:
    """The clamps of A and B are exchanged; putting them right puts the car right, too."""
    plug_b = plug_form("boiler", "B", power_entity="sensor.boiler", power_w=2300)
    house = home(charger_form("car", allow_remap=True), plug_b)
    house.clamps = {"main": {"A": "B", "B": "A"}}
    house.cars["car"].legs = 1
    started(house)
    swing(house, "car", 12)
    for number in range(6):
        plug("boiler", power_w=2300.0 if number % 2 else 0.0)(house)
        house.pass_time(30, each=1.0)
    holds(house, finds(meter_main="meter_crossed"))
    notices = house.outcome.report.notices  # type: ignore[union-attr]
    assert [notice.id for notice in notices] == ["loadjuggler_meter_main"]


def test_a_battery_that_follows_hides_nothing_of_a_one_phase_car() -> None:
    """It gives back what the car takes, spread evenly; the phases differ all the same."""
    battery = {"battery_soc_entity": "sensor.soc", "battery_power_entity": "sensor.battery"}
    house = one_phase(home(charger_form("car"), **battery), "CBA")
    house.power.soc_pct = 90.0
    swing(house, "car", 6)
    holds(house, finds(load_car="wrong_phase"))


def test_clouds_at_the_same_time_say_nothing_or_the_right_thing() -> None:
    """The sun changes with the car each time, by as much as 5 A on each phase."""
    house = home(charger_form("car"), solar_entity="sensor.solar")
    house.cars["car"].legs = 1
    started(house)
    for number in range(30):
        sun(5.0 * (number % 3))(house)
        swing(house, "car", 1, (9.0, 7.0 + 3.0 * (number % 4)))
    assert not found(house)


def _with(house: Crooked, wiring: Any) -> Any:
    return replace(house.memory, wiring=wiring)


def wired_as(
    house: Crooked, car: str, *, car_form: dict[str, Any] | None = None, **site: Any
) -> Any:
    """The site with other legs in the form of the car."""
    legs_now = {f"leg_l{n}": car[n - 1] for n in (1, 2, 3)}
    changed = {"site": site, "car": {**legs_now, **(car_form or {})}}
    return Crooked.of(*({**data, **changed.get(data["node"], {})} for data in house.forms)).site
