"""Stories of loads that can't be told, are lost, or can't help: what they have stays reserved.

Product.md section 6. One phase, 230 V, 25 A, cars of 6 to 16 A, unless said otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from loadjuggler.calls import ServiceCall
from loadjuggler.snapshot import EntityState

from .house import charger_form, plug_form, site_form
from .stories import (
    Change,
    Stage,
    back,
    called,
    calls,
    car,
    draws,
    fail,
    heal,
    household,
    lose,
    nothing,
    on,
    resent,
    says,
    settled,
    site,
    status,
    story,
    together,
    told,
    under,
)
from .test_stories_following import comes, pair

SENSORS = ("status", "status_connector", "current_import", "transaction_id")


# --- calls that fail -----------------------------------------------------------------------------


def test_a_call_that_fails_is_made_again_after_5_10_20_s_and_so_on() -> None:
    house = settled(Stage.of(site_form("A"), charger_form("car", "A")))
    story(
        "The cut to 9 A fails: 5 s, then each time twice as long. The sentence counts down.",
        house,
        (0, together(fail("car"), household(16))),
        (
            1,
            nothing,
            says(
                car="The last command did not go through (no answer): it should have 9 A and keeps "
                "16 A as far as is known; it is tried again in 4 s."
            ),
        ),
        (3, nothing, says(car="tried again in 2 s.")),
        (80, nothing, resent(car=[5, 15, 35, 75])),
        (81, heal("car"), says(car="tried again in 1 min 14 s.")),
        (154, nothing, calls(car=0)),
        (160, nothing, told(car=9), says(car="9 A of 16 A"), under(25)),
        every_s=1,
    )


def test_calls_that_fail_for_long_are_made_every_five_minutes() -> None:
    house = settled(Stage.of(site_form("A"), charger_form("car", "A")))
    story(
        "5, 10, 20 ... 160 s make 315 s; then each 300 s.",
        house,
        (0, together(fail("car"), household(16))),
        (400, nothing, resent(car=[5, 15, 35, 75, 155, 315])),
        (1300, nothing, resent(car=[615, 915, 1215])),
        every_s=1,
    )


def test_a_charger_that_can_not_be_told_keeps_what_it_has_and_others_make_room() -> None:
    """The first has 16 A, the second 9. With 5 A of house: 14 and 6; but the first isn't cut."""
    house = Stage.of(
        site_form("A"),
        charger_form("first", "A", priority=1),
        charger_form("second", "A", priority=2),
    )
    story(
        "25 - 5 - 16 = 4 A are no minimum: the second stops until the first is reached.",
        settled(house),
        (0, together(fail("first"), household(5))),
        (1, nothing, told(second=0), under(25)),
        (100, nothing, told(second=0), under(25)),
        (101, heal("first")),
        (500, nothing, told(first=14, second=6), under(25)),
        every_s=1,
    )


def test_a_plug_that_can_not_be_switched_off_keeps_its_current_and_a_car_makes_room() -> None:
    house = Stage.of(
        site_form("A"), plug_form("boiler", priority=9), charger_form("car", "A", priority=1)
    )
    story(
        "25 A: boiler 10, car 15. With 12 A of house the boiler must go; it can't be switched, so "
        "25 - 12 - 10 = 3 A are left, no minimum.",
        settled(house),
        (0, nothing, on(boiler=True), told(car=15)),
        (10, together(fail("boiler"), household(12))),
        (15, nothing, on(boiler=True), told(car=0), under(25)),
        (100, nothing, on(boiler=True), told(car=0), under(25)),
        (101, heal("boiler")),
        (500, nothing, on(boiler=False), told(car=13), under(25)),
    )


# --- what people are told of it ------------------------------------------------------------------


def two(**first: Any) -> Stage:
    """Two cars on 25 A, the first of which goes first; both in a session."""
    house = Stage.of(
        site_form("A"),
        charger_form("first", "A", priority=1, **first),
        charger_form("second", "A", priority=2),
    )
    house.cars["first"].transaction, house.cars["second"].transaction = 7, 8
    return house


def test_a_charger_that_can_not_be_told_is_as_grave_as_one_that_does_not_follow() -> None:
    story(
        "The cut to 10 A fails. Once may happen; from 15 s on charger and site say so, and what is "
        "shown as allocated is what it holds, not what it was to have.",
        settled(Stage.of(site_form("A"), charger_form("car", "A"))),
        (0, together(fail("car", "Rejected: no"), household(15))),
        (5, nothing, status(car="charging"), told(car=16)),
        (
            16,
            nothing,
            status(car="not_following"),
            told(car=16),
            says(car="Can't be told for 16 s (Rejected: no): it keeps 16 A"),
            site("problem", "car can't be told what it may take (Rejected: no)"),
        ),
        (20, heal("car")),
        (60, nothing, status(car="charging"), told(car=10), site("ok"), under(25)),
        every_s=1,
    )


def test_what_a_raise_that_fails_was_to_take_is_left_to_others() -> None:
    """The first holds 9 A beside 16 A of house. The house goes: 16 A for it, 9 for the other."""
    house = two()
    household(16)(house)
    settled(house)
    story(
        "Its raise fails, so it keeps 9 A, and 25 - 9 = 16 A are there for the second, whose "
        "sentence names what the first holds. A call that goes through gives it back its turn.",
        house,
        (0, nothing, told(first=9, second=0)),
        (1, together(fail("first"), household(0))),
        (300, nothing, told(first=9, second=16), status(first="not_following"), under(25)),
        (301, household(3), told(second=13)),
        (302, nothing, says(second="first can't be told and keeps 9 A")),
        (303, heal("first")),
        (900, nothing, told(first=16, second=6), status(first="charging"), under(25)),
    )


def test_a_charger_that_was_never_told_anything_is_said_to_have_no_limit_but_its_own() -> None:
    house = Stage.of(site_form("A"), charger_form("car", "A"))
    house.cars["car"].max_a = 14.0
    story(
        "No call has ever gone through. It draws 14 A by its own setting; nothing is allocated.",
        house,
        (0, fail("car")),
        (30, nothing, status(car="not_following"), told(car=None), says(car="It draws 14 A")),
    )


def test_a_charger_without_a_car_that_can_not_be_told_is_named_before_one_comes() -> None:
    house = Stage.of(site_form("A"), charger_form("car", "A"))
    car("car", status="Available")(house)
    story(
        "Its next car would start with whatever its own setting is.",
        house,
        (0, fail("car")),
        (30, nothing, status(car="not_following"), site("problem", "car can't be told")),
        (31, heal("car")),
        (120, nothing, status(car="idle"), site("ok")),
    )


def test_a_plug_that_can_not_be_switched_is_named() -> None:
    house = Stage.of(site_form("A"), plug_form("boiler", priority=9))
    story(
        "16 A of house and 10 A of boiler are too much for 25 A, and it can't be switched off.",
        settled(house),
        (0, nothing, on(boiler=True)),
        (10, together(fail("boiler"), household(16))),
        (60, nothing, status(boiler="not_following"), site("problem", "boiler can't be told")),
        (61, heal("boiler")),
        (200, nothing, on(boiler=False), status(boiler="waiting")),
    )


def test_a_paused_charger_that_can_not_be_told_is_counted_before_it_falls_back() -> None:
    """Its command of 0 A runs out after 180 s, and its fallback current of 6 A holds.

    The second has 20 - 0 = 16 A of the main breaker of 20 A, its maximum. From 90 s on, when one
    renewal has been missed, only 20 - 6 = 14 A.
    """
    house = Stage.of(
        site_form("A", main_breaker_a=20, solar_entity="sensor.solar"),
        charger_form("first", "A", mode="solar_only", solar_grace_min=0),
        charger_form("second", "A"),
    )
    house.cars["first"].transaction, house.cars["second"].transaction = 7, 8
    story(
        "Nobody may have to notice the 6 A at the meter first.",
        settled(house),
        (0, fail("first"), told(first=0, second=16)),
        (120, nothing, told(second=14), draws(first=0), under(20)),
        (300, nothing, told(second=14), draws(first=6), under(20)),
    )


@pytest.mark.parametrize(
    ("form", "session", "error", "speaks"),
    [
        pytest.param("1.6", "a1b2-c3", "", "2.0.1", id="a session with a name"),
        pytest.param("1.6", "0", "not valid: {'evseId': 1}", "2.0.1", id="an error of 2.0.1"),
        pytest.param("2.0.1", "0", "not valid: csChargingProfiles", "1.6", id="an error of 1.6"),
    ],
)
def test_the_other_version_is_named_with_the_field_to_change(
    form: str, session: str, error: str, speaks: str
) -> None:
    house = Stage.of(site_form("A"), charger_form("car", "A", ocpp_version=form))
    shown = EntityState(session)
    changes = [lambda stage: stage.lost.__setitem__("sensor.car_transaction_id", shown)]
    if error:
        changes.append(fail("car", error))
    story(
        "Nothing that it is told arrives, so nothing is shown as allocated.",
        house,
        (0, together(*changes)),
        (10, nothing, status(car="not_following"), told(car=None), says(car=f"OCPP {speaks}")),
        (
            11,
            nothing,
            says(car="under OCPP version in"),
            site("problem", f"OCPP {speaks}"),
        ),
    )


def test_a_form_of_2_0_1_asks_a_charger_for_a_key_that_only_one_of_1_6_answers() -> None:
    """Its integration drops a profile of 2.0.1 for a charger of 1.6 without a word."""
    house = Stage.of(site_form("A"), charger_form("car", "A", ocpp_version="2.0.1"))
    house.deaf.add("car")
    house.answers["car"] = "Current"
    story(
        "It answers, so it speaks 1.6.",
        house,
        (0, nothing),
        (5, nothing, status(car="not_following"), says(car="Choose 1.6 under OCPP version")),
    )


def test_a_charger_of_2_0_1_is_asked_until_that_is_sure_and_no_longer() -> None:
    house = Stage.of(site_form("A"), charger_form("car", "A", ocpp_version="2.0.1"))
    house.deaf.add("car")  # it is asked all the same
    house.cars["car"].max_a = 16.0
    story(
        "Asked every 5 min; the integration refuses the key only for a charger of 2.0.1.",
        house,
        (0, nothing),
        (700, nothing, called("car", get_configuration=2)),
        (701, refuse_keys(house)),
        (2000, nothing, called("car", get_configuration=1), status(car="charging"), site("ok")),
    )


def refuse_keys(house: Stage) -> Change:
    """Calls that ask for a key of the configuration fail, as they do for a charger of 2.0.1."""
    made = house.obey

    def obey(calls: Iterable[ServiceCall]) -> None:
        for call in calls:
            house.failing = {"car": "Invalid OCPP key"} if call.asks else {}
            made([call])

    def change(stage: Stage) -> None:
        stage.obey = obey  # type: ignore[method-assign]

    return change


# --- a charger that is lost ----------------------------------------------------------------------


def lost_first(first_a: float = 32.0) -> Stage:
    """Two cars, the first of which goes first and takes at most `first_a`."""
    house = Stage.of(
        site_form("A"),
        charger_form("first", "A", priority=1),
        charger_form("second", "A", priority=2),
    )
    house.cars["first"].max_a = first_a
    return settled(house, 200)


@pytest.mark.parametrize("shows", [None, "unavailable", "unknown"])
def test_a_charger_that_is_lost_keeps_its_command_reserved(shows: str | None) -> None:
    """Told 12 A (it takes 10), so it may take 12 at any time: 13 A for the second."""
    sensors = [f"sensor.first_{name}" for name in SENSORS]
    story(
        "For as long as nothing is heard of it, and then it goes on.",
        lost_first(10),
        (0, nothing, told(first=12, second=13)),
        (1, lose(*sensors, shows=shows), told(second=13)),
        (120, nothing, status(first="unreachable"), told(second=13), under(25)),
        (3600, nothing, told(second=13), calls(first=0), under(25)),
        (3601, together(car("first", max_a=32), back(*sensors))),
        (3690, nothing, told(first=16, second=9), status(first="charging"), under(25)),
    )


def test_what_is_reserved_for_a_lost_charger_is_not_taken_from_the_others_twice() -> None:
    story(
        "12 A are reserved for the first, of which it took 10. When it takes all 12, the breaker "
        "carries 12 + 13 = 25 A: nobody has to give way. (Section 1: nothing is counted twice.)",
        lost_first(10),
        (0, nothing, told(first=12, second=13)),
        (1, lose(*(f"sensor.first_{name}" for name in SENSORS))),
        (120, nothing, told(second=13)),
        (125, car("first", max_a=32), told(second=13), under(25)),
        (600, nothing, told(second=13), under(25)),
    )


def test_a_car_that_charges_beside_a_lost_charger_is_not_said_to_wait() -> None:
    story(
        "It has 13 A and draws them; its sentence must not say that it waits for 6.",
        lost_first(10),
        (0, lose(*(f"sensor.first_{name}" for name in SENSORS))),
        (120, nothing, told(second=13), status(second="charging"), says(second="13 A")),
    )


def test_a_charger_that_is_lost_while_it_overdraws_keeps_its_draw_reserved() -> None:
    sensors = [f"sensor.bad_{name}" for name in SENSORS]
    story(
        "It draws 16 A against its command, then nothing more is heard of it: 16 A, the larger, "
        "stay reserved, and 25 - 16 = 9 A for the other, which may go on with what it has.",
        pair(),
        (0, comes()),
        (1000, nothing, status(bad="not_following"), told(good=9)),
        (1001, lose(*sensors), told(good=9), under(25)),
        (1600, nothing, told(good=9), under(25)),
    )


# --- more than the breaker carries ---------------------------------------------------------------


def test_a_house_that_is_too_much_by_itself_is_told() -> None:
    story(
        "30 A of house on 25 A: nothing that is switched would help; the car stops, people are "
        "told by how much it is too much.",
        settled(Stage.of(site_form("A"), charger_form("car", "A"))),
        (0, household(30), told(car=0)),
        (
            30,
            nothing,
            site("problem", "main breaker (25 A) carries 30 A on phase A, 5 A too much"),
        ),
        (40, household(4), site("ok")),
        (300, nothing, told(car=16)),
    )
