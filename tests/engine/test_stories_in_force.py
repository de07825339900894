"""Stories of chargers on which a command is not in force, and how they are told otherwise.

Product.md section 6, decision 32. Three phases, 230 V, 25 A, a car of 6 to 16 A in session 7,
unless said otherwise.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from loadjuggler.memory.timers import Compliance

from .house import state
from .stories import (
    Stage,
    calls,
    car,
    deafen,
    draws,
    garage,
    heal,
    household,
    nothing,
    profiles,
    says,
    settled,
    shows_power,
    status,
    story,
    together,
    told,
    under,
)

Profile = dict[str, Any]


def odd(quirk: Callable[[Any, Profile], Profile | None], **form: Any) -> Stage:
    """A car of 16 A whose charger makes of each profile what `quirk` says; `None`: it rejects it.

    Nobody hears of a rejection (docs/decisions/0032).
    """
    house = garage("ABC", **form)
    charger = house.cars["car"]
    take = charger.take

    def takes(profile: Any) -> None:
        found = quirk(charger, profile)
        if found is not None:
            take(found)

    charger.take = takes  # type: ignore[method-assign]
    charger.max_a = 16.0
    return house


def late_clock(_: Any, profile: Profile) -> Profile | None:
    """Its clock is two hours ahead: what runs out has run out already."""
    return profile | {"validTo": "1970-01-01T00:00:01Z"} if "validTo" in profile else profile


def no_absolute(_: Any, profile: Profile) -> Profile | None:
    return None if profile["chargingProfileKind"] == "Absolute" else profile


def level_0_only(_: Any, profile: Profile) -> Profile | None:
    return None if profile["stackLevel"] else profile


def one_profile_only(charger: Any, profile: Profile) -> Profile | None:
    charger.forget()
    return profile


def wrong_session(_: Any, profile: Profile) -> Profile | None:
    """It knows its session by another id than the one that its sensor shows."""
    return None if "transactionId" in profile else profile


def no_session_profiles(_: Any, profile: Profile) -> Profile | None:
    return None if profile["chargingProfilePurpose"] == "TxProfile" else profile


ODD = [
    pytest.param(late_clock, "is its clock right?", id="its clock is two hours ahead"),
    pytest.param(no_absolute, "is its clock right?", id="Absolute is rejected"),
    pytest.param(level_0_only, "only one profile", id="level 1 is rejected"),
    pytest.param(one_profile_only, "only one profile", id="it holds one profile"),
    pytest.param(wrong_session, "with the id of its session", id="the id of its session is wrong"),
    pytest.param(no_session_profiles, "told by its default", id="TxProfiles are rejected"),
]


@pytest.mark.parametrize(("quirk", "shows"), ODD)
def test_a_car_is_not_blamed_for_a_command_that_is_not_in_force(quirk: Any, shows: str) -> None:
    """It stays at the 6 A that its charger holds by itself, although it may have 16 A."""
    house = odd(quirk)
    story(
        "After a minute it is told in other ways, each for 15 s, until one holds, and the sentence "
        "says what that shows. A pause is reached. Found again in the next session it is kept, so "
        "the third one has 16 A at once.",
        house,
        (0, nothing),
        (20, nothing, draws(car=6)),
        (180, nothing, draws(car=16), told(car=16), says(car=shows), status(car="charging")),
        (181, household(22), told(car=0)),
        (200, nothing, draws(car=0), told(car=0), under(25)),
        (201, household(0)),
        (500, nothing, draws(car=16)),
        (501, car("car", status="Available", transaction=0)),
        (600, car("car", status="Charging", transaction=8)),
        (800, nothing, draws(car=16)),
        (801, car("car", status="Available", transaction=0)),
        (900, car("car", status="Charging", transaction=9)),
        (970, nothing, draws(car=16)),
    )


@pytest.mark.parametrize("quirk", [row.values[0] for row in ODD])
def test_a_pause_that_is_not_in_force_is_reached(quirk: Any) -> None:
    """6 A and 19 A of house fill 25 A. Then the house takes 21: 27 A, and the car must go."""
    story(
        "It draws just what its charger holds by itself, so it is told otherwise at once.",
        odd(quirk, house_a=19.0),
        (0, household(19)),
        (60, nothing, draws(car=6), under(25)),
        (61, household(21), told(car=0)),
        (85, nothing, status(car=NOT_FOLLOWING_OR_DONE)),
        (160, nothing, draws(car=0), told(car=0), under(25)),
    )


class _Either(str):
    """A status that may be this one, or that of a pause: some ways help at once."""

    def __eq__(self, other: object) -> bool:
        return other in ("not_following", "waiting", "paused")

    __hash__ = str.__hash__


NOT_FOLLOWING_OR_DONE = _Either("not_following")


def test_a_car_that_takes_6_a_by_itself_is_told_otherwise_once_and_then_believed() -> None:
    house = garage("ABC")
    house.cars["car"].max_a = 6.0
    story(
        "No way helps, so it is the car. It is told as before, with its fall-back, and not tried "
        "again for a day.",
        settled(house),
        (0, nothing),
        (30, nothing, says(car="may not be in force")),
        (200, nothing, says(car="it takes no more than 6 A"), status(car="charging")),
        (201, nothing, says(car="told in other ways, too, and took no more")),
        (3600, nothing, calls(car=56)),
    )
    last = [m for m in profiles(house) if "transactionId" in m][-1]
    assert "validTo" in last, "its fall-back is there again"
    assert house.memory.load("car").profiles.way == ""


def test_what_a_charger_says_that_it_offers_needs_no_minute() -> None:
    """Current.Offered is 6 A, 15 s after it was told 16 A."""
    house = odd(no_absolute)
    shown = "sensor.car_current_offered"

    def offers_now(stage: Stage) -> None:
        stage.extra[shown] = state(stage.offered("car"), "A", stage.now)

    story(
        "That is the evidence.",
        house,
        (0, offers_now),
        (16, offers_now, says(car="may not be in force")),
        (40, nothing, draws(car=16)),
    )


def test_a_limit_of_the_charger_itself_is_named() -> None:
    """An app, or another central system, holds it at 10 A: no way of telling changes that."""
    house = garage("ABC")
    house.cars["car"].max_a = 10.0
    house.extra["sensor.car_current_offered"] = state(10.0, "A", house.now + 1e6)
    settled(house)
    assert "Its charger says that it offers 10 A: it has a limit of its own" in house.sentence(
        "car"
    )
    assert house.memory.load("car").profiles.way == ""


# --- what shows it, where less is known ----------------------------------------------------------


def paused_at(house: Stage, seconds: int, show: Callable[[Stage], None], house_a: float) -> None:
    """The house takes so much, so the car is told 0 A; what it shows each second for a while."""
    household(house_a)(house)
    for _ in range(seconds):
        show(house)
        house.tick(1.0)
    assert house.told("car") == 0.0


@pytest.mark.parametrize("legs", [1, 2, 3])
@pytest.mark.parametrize("quirk", [row.values[0] for row in ODD])
def test_a_power_shows_it_too_on_however_many_legs_it_flows(quirk: Any, legs: int) -> None:
    """6 A on one of three legs are 1380 W, which is 2 A on each: just what it holds by itself."""
    house = odd(quirk)
    house.cars["car"].legs = legs
    shows_power(house)
    household(19.0)(house)
    for _ in range(20):
        shows_power(house)
        house.tick(1.0)
    assert max(house.draws(house.site.loads["car"]).values()) == 6.0
    paused_at(house, 100, shows_power, 21.0)
    assert not any(house.draws(house.site.loads["car"]).values()), house.sentence("car")


@pytest.mark.parametrize("quirk", [row.values[0] for row in ODD])
def test_a_car_that_is_nearly_full_takes_less_than_its_charger_holds_by_itself(quirk: Any) -> None:
    """A charger from 8 A on. Told 0 A, its car draws 6.6 A: it takes no more of the 8 A."""
    house = odd(quirk, house_a=17.0, min_current_a=8.0)
    house.pass_time(60)
    house.cars["car"].max_a = 6.6
    paused_at(house, 100, nothing, 19.0)
    assert not any(house.draws(house.site.loads["car"]).values()), house.sentence("car")
    assert not [call for call in house.calls if call.service == "clear_profile"]


@pytest.mark.parametrize("quirk", [row.values[0] for row in ODD])
def test_a_car_that_took_6_a_by_itself_is_told_otherwise_when_it_has_to_go(quirk: Any) -> None:
    """No way helped while it took 6 of 16 A, as it takes no more: that says nothing of a pause."""
    house = odd(quirk)
    house.cars["car"].max_a = 6.0
    house.pass_time(300)
    assert "told in other ways, too, and took no more" in house.sentence("car")
    paused_at(house, 100, nothing, 21.0)
    assert not any(house.draws(house.site.loads["car"]).values()), house.sentence("car")


def test_other_ways_are_tried_again_after_10_min_where_a_car_does_not_stop() -> None:
    """A charger ignores all it is told for 2 min, just while the other ways are tried."""
    story(
        "It draws its 6 A all the time, and 27 A of 25 A are on the breaker until it obeys.",
        odd(no_session_profiles, house_a=19.0),
        (0, household(19)),
        (60, nothing, draws(car=6), under(25)),
        (61, together(household(21), deafen("car")), told(car=0)),
        (200, heal("car"), draws(car=6), status(car="not_following")),
        (600, nothing, draws(car=6)),
        (900, nothing, draws(car=0), told(car=0), under(25)),
    )


def test_no_back_off_of_before_keeps_the_other_ways_waiting() -> None:
    """It was told 8 A again and again, and took 6; then it has to go, and is told 0 A."""
    house = odd(no_session_profiles, house_a=17.0)
    house.pass_time(30)
    told_often = Compliance(resends=6, resent_at=house.now)
    car_now = replace(house.memory.load("car"), compliance=told_often)
    house.memory = replace(house.memory, loads={"car": car_now})
    household(21.0)(house)
    house.pass_time(5 * 20)
    assert not any(house.draws(house.site.loads["car"]).values()), house.sentence("car")


def test_a_way_that_helps_is_not_given_up_for_a_current_that_is_older_than_the_status() -> None:
    """It obeys its default after 12 s: SuspendedEVSE, a current of 0 A, and 6 A left on its legs.

    For 10 s nobody knows whether these 6 A still flow, and just then the 15 s of that way are over.
    """
    house = odd(no_session_profiles)
    charger, entity = house.cars["car"], "sensor.car_current_import"
    stopped: list[float] = []

    def left(stage: Stage) -> None:
        offered_a = charger.offered_a(stage.now)
        if offered_a or stage.elapsed_s < 60:
            stopped.clear()
        elif not stopped:
            stopped.append(stage.now)
        waits = bool(stopped) and stage.now - stopped[0] >= 12.0
        charger.status = "SuspendedEVSE" if waits else "Charging"
        shown_a = 0.0 if waits else 6.0
        stage.extra[entity] = state(shown_a, "A", stage.now, L1=6.0, L2=6.0, L3=6.0)

    household(19.0)(house)
    for _ in range(20):
        left(house)
        house.tick(1.0)
        house.elapsed_s += 1.0
    household(21.0)(house)
    for _ in range(200):
        left(house)
        house.tick(1.0)
        house.elapsed_s += 1.0
    assert house.memory.load("car").profiles.way == "default", house.sentence("car")
    assert charger.status == "SuspendedEVSE"


# --- a way that helped, and is not needed any more ------------------------------------------------

DAY_S = 86400.0


def at_times(quirk: Callable[[Any, Profile], Profile | None]) -> tuple[Stage, list[bool]]:
    """A charger that has this quirk while the flag in the list is True."""
    flag = [True]
    house = odd(lambda charger, profile: quirk(charger, profile) if flag[0] else profile)
    return house, flag


def session(house: Stage, transaction: int, seconds: float = 300.0) -> str:
    """A car charges for a while and leaves again; the way in which its charger was told at last."""
    car("car", status="Charging", transaction=transaction)(house)
    house.pass_time(seconds)
    assert max(house.draws(house.site.loads["car"]).values()) == 16.0, house.sentence("car")
    way = house.memory.load("car").profiles.way
    car("car", status="Available", transaction=0)(house)
    house.pass_time(60)
    return way


@pytest.mark.parametrize("quirk", [late_clock, no_absolute])
def test_a_way_that_helped_while_a_clock_was_wrong_is_forgotten_where_it_is_right(
    quirk: Any,
) -> None:
    """The clock of Home Assistant is off in one session, right in the next, off in the third.

    In the second one the car draws the 16 A that its charger is told as the form says: that works.
    So the third is the first one again in which another way helps, and the fourth has its
    fall-back from its begin on.
    """
    house, wrong = at_times(quirk)
    assert session(house, 7) == "relative"
    wrong[0] = False
    assert session(house, 8) == ""
    wrong[0] = True
    assert session(house, 9) == "relative"
    wrong[0] = False
    assert session(house, 10) == ""
    assert "validTo" in [m for m in profiles(house) if "transactionId" in m][-1]


def test_a_car_that_draws_what_its_charger_holds_by_itself_proves_nothing() -> None:
    """10 A of house leave 15 A in the first session; 19 A leave 6 A in the second."""
    house, _ = at_times(no_absolute)
    assert session(house, 7) == "relative"
    household(19.0)(house)
    car("car", status="Charging", transaction=8)(house)
    house.pass_time(300)
    assert house.offered("car") == 6.0
    car("car", status="Available", transaction=0)(house)
    household(0.0)(house)
    house.pass_time(60)
    assert session(house, 9) == "relative"
    assert house.memory.load("car").profiles.way == "relative", "found again: it is kept"


@pytest.mark.parametrize(
    "quirk", [late_clock, no_absolute, level_0_only, wrong_session, no_session_profiles]
)
def test_a_way_that_is_kept_is_kept_for_a_week(quirk: Any) -> None:
    """Then the session begins as the form says. Here nothing has changed: 16 A soon again.

    A charger that holds one profile has its command each time that this is renewed alone.
    """
    house, _ = at_times(quirk)
    way = session(house, 7)
    assert session(house, 8) == way
    house.now += 6 * DAY_S
    assert session(house, 9, 60.0) == way, "16 A within a minute"
    house.now += DAY_S
    assert house.memory.load("car").profiles.way == way
    house.tick()
    assert house.memory.load("car").profiles.way == ""
    assert session(house, 10, 150.0) == way, "a minute, and 15 s: that way is the first one tried"
    house.now += 6 * DAY_S
    assert session(house, 11, 60.0) == way


def test_after_a_week_a_charger_that_was_put_right_has_its_fall_back_again() -> None:
    house, wrong = at_times(late_clock)
    assert [session(house, 7), session(house, 8)] == ["relative", "relative"]
    wrong[0] = False
    house.now += 7 * DAY_S
    house.tick()
    car("car", status="Charging", transaction=9)(house)
    house.pass_time(60)
    assert "is its clock right?" not in house.sentence("car")
    assert "does not fall back" not in house.sentence("car")
    house.now += 181.0  # Home Assistant has stopped
    assert house.offered("car") == 6.0


def test_after_the_session_of_a_charger_that_holds_one_profile_its_default_is_written_again() -> (
    None
):
    """The command has replaced it: without any, the next car would start with all that there is."""
    house = odd(one_profile_only)
    assert session(house, 7) == "single"
    assert house.offered("car") == 6.0
