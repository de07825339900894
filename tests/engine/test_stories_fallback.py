"""Stories of chargers that nobody tells anything any more: they fall back by themselves.

Product.md section 6. One phase, 230 V, 25 A, a car of 6 to 16 A in session 7.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from .house import charger_form, site_form
from .stories import (
    SAME_A,
    Change,
    Claim,
    Stage,
    called,
    calls,
    car,
    fail,
    heal,
    household,
    lose,
    nothing,
    offers,
    resent,
    settled,
    status,
    story,
    together,
    told,
    under,
)


def garage(house_a: float = 0.0, **form: Any) -> Stage:
    """A car in a session, settled."""
    house = Stage.of(site_form("A"), charger_form("car", "A", **form))
    house.cars["car"].transaction = 7
    household(house_a)(house)
    return settled(house)


def stops(seconds: float) -> Change:
    """Home Assistant stops, and nobody says anything for so long."""

    def change(house: Stage) -> None:
        house.now += seconds

    return change


def test_when_home_assistant_stops_the_charger_falls_back_within_three_minutes() -> None:
    house = garage()
    assert house.offered("car") == 16.0
    house.now += 119.0
    assert house.offered("car") == 16.0, "renewed at most 60 s ago, valid for 180 s"
    house.now += 62.0
    assert house.offered("car") == 6.0
    house.now += 7 * 86400.0
    assert house.offered("car") == 6.0, "the safe current has no end"


def test_a_paused_charger_falls_back_too() -> None:
    """It is nobody's any more: what its form says is what it takes."""
    house = garage(house_a=25.0)
    assert house.offered("car") == 0.0
    house.now += 181.0
    assert house.offered("car") == 6.0


def test_the_next_car_starts_with_the_minimum_whatever_the_last_one_had() -> None:
    house = garage()
    house.now += 3600.0
    house.cars["car"].transaction = 8
    assert house.offered("car") == 6.0


def test_a_command_is_renewed_and_nothing_else_happens() -> None:
    story(
        "A third of 180 s: every 60 s, for hours; no raise, no cut, no report asked for.",
        garage(),
        (0, nothing, told(car=16)),
        (3600, nothing, told(car=16), calls(car=60), called("car", set_charge_rate=60)),
        (3601, household(19), told(car=6), offers(car=6)),
    )


def test_a_renewal_is_no_new_command() -> None:
    """Cuts wait for a car to obey for 5 s after a command; a renewal does not begin that anew."""
    house = garage()
    at = house.memory.load("car").calls.commanded_at
    house.pass_time(600)
    memory = house.memory.load("car")
    assert memory.calls.commanded_at == at
    assert memory.pacing.raised_at is not None
    assert memory.pacing.raised_at <= house.now - 600
    assert memory.calls.replaced == house.memory.load("car").calls.replaced


def test_a_charger_that_comes_back_late_is_told_again_what_it_had() -> None:
    story(
        "An hour without Home Assistant, the charger at its 6 A. The house still takes nothing.",
        garage(),
        (0, stops(3600), told(car=16), offers(car=16), calls(car=1)),
    )


def test_what_the_house_took_meanwhile_is_not_given_back() -> None:
    story(
        "An hour without Home Assistant; the house takes 15 A now. 25 - 15 = 10 A, at once.",
        garage(),
        (0, together(stops(3600), household(15)), told(car=10), offers(car=10), under(25)),
    )


def test_calls_that_fail_let_it_fall_back_and_are_made_again_ever_later() -> None:
    story(
        "Nothing goes through for ten minutes; after three the charger is at its fallback current "
        "by itself. The calls come 5, 10, 20 ... s after each other, not at every run. Then it is "
        "told what it had, and both layers are there.",
        garage(),
        (0, nothing, offers(car=16)),
        (1, fail("car")),
        (185, nothing, offers(car=6)),
        (600, nothing, offers(car=6)),
        (601, heal("car")),
        (920, nothing, offers(car=16), told(car=16)),
        (1220, nothing, calls(car=5)),
    )


def test_failed_renewals_are_made_again_ever_later() -> None:
    story(
        "A renewal is due in the first minute. It fails; the next are 5, 10, 20, 40, 80 ... s "
        "later, up to five minutes. Command and safe layer fail together: that is once.",
        garage(),
        (0, nothing),
        (1, fail("car")),
        (1800, nothing, apart("car", 5, 10, 20, 40, 80, 160, 300, 300, 300, 300)),
        every_s=1,
    )


def apart(load: str, *gaps_s: float) -> Claim:
    """The distances between calls to a load since the last step."""

    def claim(house: Stage) -> list[str]:
        times_s = sorted({at for at, call in house.step_calls if call.load_id == load})
        found = tuple(later - at for at, later in pairwise(times_s))
        return [] if found == gaps_s else [f"{load} got calls {found} s apart"]

    return claim


def test_what_it_falls_back_on_is_reserved_when_it_can_not_be_reached() -> None:
    """25 A, the house takes 20: the car is at 0. It is lost, and takes 6 A when that runs out."""
    house = Stage.of(
        site_form("A"), charger_form("car", "A", priority=1), charger_form("other", "A", priority=9)
    )
    house.cars["car"].transaction, house.cars["other"].transaction = 7, 8
    household(8)(house)
    house.cars["car"].max_a = 0.0
    story(
        "25 - 8 = 17 A. The car is full and makes way; then it is offline. Its safe 6 A stay free "
        "for it: 11 A for the other.",
        settled(house, 300),
        (0, household(10), told(car=6)),
        (
            5,
            together(lose(*[f"sensor.car_{key}" for key in SENSORS]), household(13)),
            status(car="unreachable"),
        ),
        (300, car("car", max_a=32.0), told(other=6), under(25)),
    )


SENSORS = ("status", "status_connector", "current_import", "transaction_id")


@pytest.mark.parametrize(
    ("form", "after"),
    [
        pytest.param({"layers": "1"}, 16.0, id="one layer: it keeps what it was told"),
        pytest.param({"profile_kind": "Relative"}, 16.0, id="Relative: nothing runs out"),
        pytest.param({"preset": "abb"}, 16.0, id="a make that has one level"),
        pytest.param({"preset": "abb", "layers": "2"}, 6.0, id="but the form says two"),
        pytest.param({"profile_kind": "Absolute"}, 6.0, id="all by the clock"),
        pytest.param({"stack_level": 4}, 6.0, id="levels 4 and 5"),
        pytest.param({"fallback_current_a": 0}, 0.0, id="a fallback of 0: it pauses"),
        pytest.param({"fallback_current_a": 10}, 10.0, id="a fallback of 10 A"),
    ],
)
def test_what_holds_a_day_later(form: dict[str, Any], after: float) -> None:
    house = garage(**form)
    assert house.offered("car") == 16.0
    house.now += 86400.0
    assert house.offered("car") == after


@pytest.mark.parametrize("form", [{"layers": "1"}, {"profile_kind": "Relative"}])
def test_a_charger_without_a_fall_back_is_named_and_told_once(form: dict[str, Any]) -> None:
    story(
        "Nothing runs out, so nothing is renewed; and its sentence says what that means.",
        garage(**form),
        (0, nothing, told(car=16)),
        (3600, nothing, calls(car=0), resent(car=[]), says_no_fallback()),
    )


def says_no_fallback() -> Claim:
    """The sentence of the car warns that it keeps what it was told."""

    def claim(house: Stage) -> list[str]:
        said = house.sentence("car")
        return [] if "if Load Juggler stops" in said else [said]

    return claim


def test_layers_never_let_more_through_than_the_command() -> None:
    """At every moment of a long session what the charger may draw is what it is told."""
    house = garage(house_a=3.0)
    for minute in range(60):
        household(float(minute * 7 % 20))(house)
        for _ in range(12):
            house.tick(0.0)
            assert abs(house.offered("car") - (house.told("car") or 0.0)) <= SAME_A
            house.now += 5.0
