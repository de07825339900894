"""Stories of chargers of which it is true, and useless, what is said of them at first.

What such a charger does is seen twice, and then the field of its form is named that helps. One
phase, 230 V, 25 A, a car of 6 to 16 A in session 7, no pauses, unless said otherwise.
"""

from __future__ import annotations

from typing import Any

import pytest
from loadjuggler.calls import ServiceCall

from .house import charger_form, site_form, state
from .stories import (
    Change,
    Claim,
    Stage,
    called,
    car,
    deafen,
    draws,
    household,
    nothing,
    says,
    settled,
    site,
    status,
    story,
    together,
    told,
)

PAUSED_BY = "under Paused by in its form"


def garage(**form: Any) -> Stage:
    """A car in a session."""
    house = Stage.of(site_form("A"), charger_form("car", "A", solar_pause_min=0, **form))
    house.cars["car"].transaction = 7
    return settled(house)


def says_not(**texts: str) -> Claim:
    """What the sentence of a load does not contain."""

    def claim(house: Stage) -> list[str]:
        said = {load: house.sentence(load) for load in texts}
        return [f"{load} says {said[load]}" for load, text in texts.items() if text in said[load]]

    return claim


def pauses(at_s: float, ends: dict[str, Any], goes_on: dict[str, Any]) -> list[Any]:
    """Steps of a pause from `at_s` on: the charger `ends` in it, and `goes_on` after it."""
    return [
        (at_s, household(22), told(car=0)),
        (at_s + 10, car("car", **ends)),
        (at_s + 60, household(0)),
        (at_s + 120, car("car", **goes_on)),
        (at_s + 180, nothing),
    ]


def test_a_charger_that_ends_its_session_at_0_a_is_told_what_helps() -> None:
    """Charging is over, and 16 A would be available: true, and useless."""
    house = garage()
    over = {"status": "Finishing", "transaction": 0}
    story(
        "Once may be a driver who ended it just then. Twice is told, and stays told.",
        house,
        *pauses(1, over, {"status": "Charging", "transaction": 8}),
        (200, nothing, says_not(car=PAUSED_BY), site("ok")),
        (201, household(22), told(car=0)),
        (210, car("car", **over)),
        (215, nothing, says(car="It ends its session when it is told 0 A (2 times so far)")),
        (216, nothing, says(car=PAUSED_BY), status(car="idle"), site("problem", PAUSED_BY)),
        (300, car("car", status="Available")),
        (4000, nothing, site("problem", PAUSED_BY)),
    )


def test_a_session_that_a_driver_ends_later_is_no_habit() -> None:
    """More than 2 min after 0 A, or with a car that leaves."""
    house = garage()
    steps: list[Any] = []
    for at_s in (0, 1000, 2000):
        steps += [
            (at_s + 1, household(22), told(car=0)),
            (at_s + 300, car("car", status="Finishing", transaction=0)),
            (at_s + 400, household(0)),
            (at_s + 500, car("car", status="Charging", transaction=int(at_s) + 8)),
            (at_s + 700, household(22)),
            (at_s + 710, car("car", status="Available", transaction=0)),
            (at_s + 800, household(0)),
            (at_s + 810, car("car", status="Charging", transaction=int(at_s) + 9)),
        ]
    story("Nothing is said.", house, *steps, (4000, nothing, says_not(car=PAUSED_BY), site("ok")))


@pytest.mark.parametrize("shown", ["SuspendedEVSE", "SuspendedEV", "Preparing"])
def test_a_car_that_does_not_go_on_after_0_a_is_told_what_helps(shown: str) -> None:
    house = garage()
    asleep = {"status": shown, "max_a": 0.0}
    awake = {"status": "Charging", "max_a": 32.0}
    story(
        "It draws nothing for 2.5 min although it may have 16 A, until somebody plugs it anew.",
        house,
        (1, household(22), told(car=0)),
        (2, car("car", **asleep)),
        (60, household(0)),
        (300, nothing, says_not(car=PAUSED_BY)),
        (301, car("car", **awake)),
        (400, household(22), told(car=0)),
        (402, car("car", **asleep)),
        (460, household(0)),
        (700, nothing, says(car="does not go on after it was told 0 A (2 times in a row)")),
        (701, nothing, says(car=PAUSED_BY), site("problem", PAUSED_BY)),
    )


def test_a_car_that_goes_on_after_0_a_is_forgiven() -> None:
    house = garage()
    asleep = {"status": "SuspendedEVSE", "max_a": 0.0}
    awake = {"status": "Charging", "max_a": 32.0}
    steps: list[Any] = []
    for at_s in (0, 2000):
        steps += [
            (at_s + 1, household(22)),
            (at_s + 2, car("car", **asleep)),
            (at_s + 60, household(0)),
            (at_s + 400, car("car", **awake)),
            (at_s + 500, household(22)),
            (at_s + 560, household(0)),
            (at_s + 700, nothing, draws(car=16)),
        ]
    story(
        "It was asleep once, went on after the next pause, and slept once more: never twice in a "
        "row.",
        house,
        *steps,
        (3000, nothing, says_not(car=PAUSED_BY), site("ok")),
    )


def test_what_was_chosen_is_not_proposed_again() -> None:
    """Its form names another way of pausing: nothing is left to be told."""
    house = garage(pause_by="minimum")
    over = {"status": "Finishing", "transaction": 0}
    story(
        "Whatever it does.",
        house,
        (1, household(22)),
        (10, car("car", **over)),
        (60, car("car", status="Charging", transaction=8)),
        (90, car("car", **over)),
        (120, nothing, says_not(car=PAUSED_BY), site("ok")),
    )


# --- a session that has to be started ------------------------------------------------------------

SWITCH = "switch.car_charge_control"


def test_a_car_whose_session_was_not_started_is_said_to_wait_for_that() -> None:
    house = garage()
    waits = car("car", status="Preparing", transaction=0, max_a=0.0)
    story(
        "It takes nothing because nobody has started it: that is what helps.",
        house,
        (0, waits),
        (90, nothing, says(car="its session has not been started (Preparing)")),
        (91, nothing, says(car="Paused by in its form"), status(car="ready")),
    )


def test_a_form_that_lets_the_switch_end_sessions_lets_it_start_them() -> None:
    house = Stage.of(site_form("A"), charger_form("car", "A", pause_by="switch"))
    house.extra[SWITCH] = state("on")
    waits = car("car", status="Preparing", transaction=0, max_a=0.0)
    story(
        "After a minute its switch is turned on, three times at most; the charger takes the third.",
        house,
        (0, together(waits, starts(house, after=3))),
        (55, nothing, called("car", turn_on=0)),
        (300, nothing, draws(car=16), status(car="charging")),
        (2000, nothing, called("car", turn_on=0)),
    )
    assert [call.service for call in house.calls].count("turn_on") == 3


def starts(house: Stage, after: int) -> Change:
    """Its session starts with the third call of its switch."""
    heard: list[bool] = []
    switch = house.cars["car"].switch

    def listen(*, on: bool) -> None:
        heard.append(on)
        if heard.count(True) >= after:
            house.cars["car"].max_a = 32.0
            switch(on=on)

    def change(_: Stage) -> None:
        house.cars["car"].switch = listen  # type: ignore[method-assign]

    return change


# --- a car that is paused elsewhere --------------------------------------------------------------


def test_a_car_that_wants_none_may_be_paused_in_an_app() -> None:
    house = garage()
    stops = car("car", status="SuspendedEV", max_a=0.0)
    goes_on = car("car", status="Charging", max_a=32.0)
    story(
        "Once it may be full. When it has gone on by itself twice, it was not.",
        house,
        (0, stops),
        (90, nothing, says(car="or was paused in the car or in an app"), status(car="full")),
        (200, goes_on),
        (300, stops),
        (500, goes_on),
        (600, stops),
        (700, nothing, says(car="it has gone on by itself 2 times"), status(car="ready")),
    )


# --- a charger that drops with each call ---------------------------------------------------------


def test_a_charger_that_drops_with_each_profile_is_told_what_helps() -> None:
    """Its command is renewed each minute, and each time it is at 6 A for a few seconds."""
    house = garage()
    charger, made = house.cars["car"], house.obey

    def obey(calls: Any) -> None:
        kept: list[ServiceCall] = list(calls)
        made(kept)
        if any(call.slot == "TxProfile" for call in kept):
            charger.max_a = 6.0
        elif charger.max_a == 6.0:
            charger.max_a = 32.0

    house.obey = obey  # type: ignore[method-assign]
    story(
        "Renewed each minute: two drops are seen in two to three minutes.",
        house,
        (0, nothing, says_not(car="under Layers in its form")),
        (240, nothing, says(car="choose one under Layers in its form"), site("problem")),
    )


def test_a_cut_to_6_a_is_no_drop() -> None:
    house = garage()
    steps: list[Any] = []
    for at_s in range(0, 1000, 100):
        steps += [(at_s + 1, household(19)), (at_s + 50, household(0))]
    story(
        "It was told so.", house, *steps, (1001, nothing, says_not(car="under Layers"), site("ok"))
    )


def test_a_charger_that_can_not_be_told_has_as_much_available_as_allocated() -> None:
    """It holds 16 A, its car takes 8, and no call goes through: 16 A stay reserved for it."""
    house = garage()
    house.cars["car"].max_a = 8.0
    house.failing["car"] = "no answer"
    deafen("car")(house)
    house.pass_time(300)
    assert house.outcome is not None
    report = house.outcome.report.loads["car"]
    assert (report.allocated_a, report.available_a) == (16.0, 16.0)
