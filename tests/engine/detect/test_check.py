"""A check on demand: 20 s less, 20 s as before, 20 s less, and what the meters answer to it.

40 A, three phases. A car with 16 A goes down by 4 A to 12; one with 9 A down to its minimum of 6.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from loadjuggler.diagnostics import wiring as detect
from loadjuggler.explain.diagnosis import checked
from loadjuggler.publish.entities import entities

from ..crooked import Crooked, legs, swing
from ..house import charger_form, circuit_form, plug_form, site_form
from ..stories import household, lose


def home(*forms: Any, car_legs: int = 1, max_a: float = 16.0, **site: Any) -> Crooked:
    house = Crooked.of(site_form(main_breaker_a=40, **site), *forms)
    assert isinstance(house, Crooked)
    for car in house.cars.values():
        car.max_a, car.legs = max_a, car_legs
    return house


def begin(house: Crooked, load: str = "car") -> None:
    house.pass_time(
        300, each=1.0
    )  # a car that the meter may not see was lowered, and has its share
    wiring = replace(house.memory.wiring, check=detect.begun(load, house.now))
    house.memory = replace(house.memory, wiring=wiring)


def check(house: Crooked, load: str = "car") -> dict[str, Any]:
    """What comes of a check; nothing is ever over its limit meanwhile, nor the load told more."""
    begin(house, load)
    before = house.told(load) or 0.0
    for _ in range(85):
        house.tick(1.0)
        assert not house.overloads()
        assert (house.told(load) or 0.0) <= before
        assert house.memory.wiring.check is not None
        if house.memory.wiring.check.code:
            break
    found = checked(house.memory.wiring.check, house.site)
    house.pass_time(45)
    assert house.told(load) == pytest.approx(before)  # it has back what it had
    return found


def test_a_car_that_is_wired_right() -> None:
    house = home(charger_form("car"))
    found = check(house)
    assert (found["ok"], found["code"]) == (True, "check_right")
    leg = {"phase": "A", "wired": "A", "sign": 1, "confidence_pct": 100}
    assert found["legs"] == {"L1": leg}


def test_while_it_goes_on_the_reason_says_so() -> None:
    house = home(charger_form("car"))
    begin(house)
    house.pass_time(3, each=1.0)
    assert house.told("car") == pytest.approx(12.0)  # 16 - 4
    assert "its wiring is being checked, for another 58 s" in house.sentence("car")
    house.pass_time(20, each=1.0)
    assert house.told("car") == pytest.approx(16.0)


def test_a_crossed_leg() -> None:
    house = home(charger_form("car"))
    house.really["car"] = legs("CBA")
    found = check(house)
    assert found["code"] == "check_wrong"
    assert found["legs"]["L1"] == {"phase": "C", "wired": "A", "sign": 1, "confidence_pct": 100}
    assert "leg L1 is on phase C, not on A as its form says" in found["message"]


def test_the_idle_leg_of_a_two_phase_car() -> None:
    house = home(charger_form("car"), car_legs=2)
    house.really["car"] = legs("CBA")
    found = check(house)
    assert found["code"] == "check_wrong"
    assert found["legs"]["L3"]["phase"] == "A"
    assert found["legs"]["L1"]["phase"] is None  # on B or on C


def test_three_legs_that_change_alike_can_not_be_told_apart() -> None:
    house = home(charger_form("car"), car_legs=3)
    house.really["car"] = legs("CBA")
    found = check(house)
    assert found["code"] == "check_alike"
    assert {leg["phase"] for leg in found["legs"].values()} == {None}
    assert {leg["sign"] for leg in found["legs"].values()} == {1}


def test_a_clamp_turned_round() -> None:
    house = home(charger_form("car"), car_legs=3)
    house.turned = {"main": "B"}
    found = check(house)
    assert found["code"] == "check_against"
    assert found["legs"]["L2"]["sign"] == -1
    assert "on phase B" in found["message"]


def test_a_load_that_the_meter_does_not_see() -> None:
    house = home(charger_form("car"))
    house.clamps = {"main": {"A": "B", "B": "B", "C": "C"}}  # nothing measures A
    assert check(house)["code"] == "check_nothing"


def test_too_near_to_its_minimum() -> None:
    """7 A, at least 6: 1 A is too little."""
    house = home(charger_form("car"), max_a=7.0)
    found = check(house)
    assert (found["ok"], found["code"]) == (False, "check_no_room")
    assert "draws 7 A, and its minimum is 6 A" in found["message"]


@pytest.mark.parametrize("status", ["Available", "Faulted"])
def test_a_car_that_does_not_charge(status: str) -> None:
    house = home(charger_form("car"))
    house.cars["car"].status = status
    begin(house)
    house.tick()
    assert checked(house.memory.wiring.check, house.site)["code"] == "check_not_charging"


def test_a_plug() -> None:
    house = home(plug_form("boiler"))
    begin(house, "boiler")
    house.tick()
    assert checked(house.memory.wiring.check, house.site)["code"] == "check_plug"


def test_never_while_blind() -> None:
    house = home(charger_form("car"))
    lose("sensor.grid_b")(house)
    begin(house)
    house.tick()
    assert checked(house.memory.wiring.check, house.site)["code"] == "check_blind"


def test_a_meter_lost_in_between_ends_it() -> None:
    house = home(charger_form("car"))
    begin(house)
    house.pass_time(10, each=1.0)
    assert house.told("car") == pytest.approx(12.0)
    lose("sensor.grid_b")(house)
    house.pass_time(2, each=1.0)
    assert checked(house.memory.wiring.check, house.site)["code"] == "check_blind"


def test_an_overload_ends_it() -> None:
    """30 A more of household and a car of 12 A are 42 A of 40."""
    house = home(charger_form("car"))
    begin(house)
    house.pass_time(10, each=1.0)
    household(30.0)(house)
    house.pass_time(2, each=1.0)
    assert checked(house.memory.wiring.check, house.site)["code"] == "check_overload"
    assert not house.overloads()


def test_what_becomes_free_meanwhile_is_for_nobody_else() -> None:
    """Two cars on 20 A in priority: 14 and 6. While the first has 10, the other stays at 6."""
    house = home(
        circuit_form("garage", 20),
        charger_form("car", circuit="garage", priority=1),
        charger_form("other", circuit="garage", priority=2),
    )
    begin(house)
    for _ in range(58):
        house.tick(1.0)
        assert house.told("other") == pytest.approx(6.0)


def test_a_kettle_in_between_makes_no_wrong_answer() -> None:
    house = home(charger_form("car"))
    begin(house)
    for second in range(85):
        household(9.0 if 25 <= second < 45 else 0.0, phases="B")(house)
        house.tick(1.0)
    found = checked(house.memory.wiring.check, house.site)
    assert found["code"] == "check_unclear"


@pytest.mark.parametrize("late_s", [5, 10, 15, 20])
def test_a_meter_that_is_late_is_waited_for(late_s: int) -> None:
    """It answers as the car went, only later: never that it goes the wrong way."""
    house = home(charger_form("car"))
    begin(house)
    shown: list[dict[str, Any]] = []
    for _ in range(85):
        now = house.snapshot()
        shown.append({key: now[key] for key in now if key.startswith("sensor.grid")})
        past = shown[max(len(shown) - 1 - late_s, 0)]
        house.lost = {key: replace(old, reported_at=house.now) for key, old in past.items()}
        house.tick(1.0)
        house.lost = {}
    assert checked(house.memory.wiring.check, house.site)["code"] == "check_right"


@pytest.mark.parametrize("sharing", ["priority", "shared", "strict", "optimized"])
def test_nobody_loses_anything_by_it(sharing: str) -> None:
    """20 A: one car draws 10 A of the 12 that it is told, the other has 8. It stays so.

    The one takes all that it is told while it is checked; that is no wish for more.
    """
    house = home(
        circuit_form("garage", 20),
        charger_form("car", circuit="garage", priority=1),
        charger_form("other", circuit="garage", priority=2),
        distribution=sharing,
    )
    house.cars["car"].max_a = 10.0
    house.pass_time(120)
    begin(house)
    before = house.told("car"), house.told("other")
    for _ in range(85):
        house.tick(1.0)
        assert house.told("other") == pytest.approx(before[1])
    house.pass_time(60)
    assert (house.told("car"), house.told("other")) == pytest.approx(before)


def test_a_remapped_car_is_compared_with_its_form() -> None:
    house = home(charger_form("car", allow_remap=True))
    house.really["car"] = legs("BAC")
    house.pass_time(60, each=1.0)
    swing(house, "car", 12)
    assert house.memory.wiring.remaps
    found = check(house)
    assert found["code"] == "check_wrong"
    assert found["legs"]["L1"]["phase"] == "B"
    assert "not on A as its form says" in found["message"]


def test_two_legs_on_one_phase_can_not_be_told_apart() -> None:
    house = home(charger_form("car", "AAC"), car_legs=2)
    begin(house)
    house.tick()
    assert checked(house.memory.wiring.check, house.site)["code"] == "check_legs"


def test_readings_that_come_twice_a_second_are_told_apart() -> None:
    """A reading just after a command is of the next level, not of the last."""
    house = home(charger_form("car"))
    house.really["car"] = legs("BAC")
    begin(house)
    for _ in range(130):
        house.tick(0.5)
    found = checked(house.memory.wiring.check, house.site)
    assert (found["code"], found["legs"]["L1"]["confidence_pct"]) == ("check_wrong", 100)


def test_a_check_waits_for_a_load_that_is_lowered_already() -> None:
    """The meter does not move with the leg of A that is on C, so the car is lowered after 120 s."""
    house = home(charger_form("car"))
    house.really["car"] = legs("CBA")
    house.pass_time(125, each=1.0)
    assert house.told("car") == 6.0
    wiring = replace(house.memory.wiring, check=detect.begun("car", house.now))
    house.memory = replace(house.memory, wiring=wiring)
    house.pass_time(200, each=1.0)
    done = house.memory.wiring.check
    assert done is not None
    assert done.code == "check_wrong"


# --- who is told of it ----------------------------------------------------------------------------


def shown(house: Crooked) -> dict[str, Any]:
    """The entity of the check: its state and attributes."""
    found = {one.id: one for one in entities(house.run().report)}
    one = found["sensor.loadjuggler_wiring_check"]
    return {"state": one.value, **one.attributes}


def told(house: Crooked) -> list[str]:
    return [n.message for n in house.run().report.notices if n.id == "loadjuggler_check_car"]


def test_whoever_presses_the_button_is_told_by_an_entity_and_a_notification() -> None:
    house = home(charger_form("car"))
    assert "sensor.loadjuggler_wiring_check" not in {one.id for one in entities(house.run().report)}
    begin(house)
    house.pass_time(3, each=1.0)
    assert (shown(house)["state"], told(house)) == ("running", [])
    found = check(house)
    result = shown(house)
    assert (result["state"], result["load"], result["text"]) == (
        "answered",
        "car",
        found["message"],
    )
    assert told(house) == [found["message"]]
    house.pass_time(3700)  # after an hour it is no news any more; the entity keeps it
    assert (told(house), shown(house)["text"]) == ([], found["message"])


def test_why_nothing_could_be_checked_is_told_too() -> None:
    house = home(charger_form("car"), plug_form("boiler"))
    begin(house, "boiler")
    house.tick(1.0)
    assert shown(house)["state"] == "not_checked"
    assert "only chargers can be checked" in shown(house)["text"]
