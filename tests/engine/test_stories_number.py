"""Stories of chargers that are set through a number or select entity.

Product.md sections 2 and 6. 230 V; cars of 6 to 16 A; a 25 A main breaker, unless said otherwise.
"""

from __future__ import annotations

from itertools import pairwise

import pytest
from loadjuggler.snapshot import EntityState

from .house import charger_form, site_form
from .numbers import Box, NumberStage, box, is_set, number_form
from .stories import (
    called,
    car,
    deafen,
    fail,
    heal,
    household,
    lose,
    nothing,
    reads,
    resent,
    says,
    settled,
    site,
    status,
    story,
    sun,
    together,
    told,
    under,
)


def alone(one: Box, **values: object) -> NumberStage:
    """One charger on phase A that has run for a minute beside 9 A of the house."""
    house = NumberStage.with_boxes(site_form("A"), number_form("car", "A", **values), car=one)
    household(9.0)(house)
    return settled(house)


# --- how it is set, and how it pauses ------------------------------------------------------------


def test_an_overload_cuts_it_and_0_pauses_it() -> None:
    story(
        "25 A - 13.4 A leave 11.6 A, whole amperes: 11; 25 A - 20 A = 5 A is less than 6 A",
        alone(Box()),
        (0, nothing, told(car=16), is_set("car", setting=16)),
        (5, household(13.4), told(car=11), is_set("car", setting=11), under(25)),
        (
            10,
            household(20.0),
            told(car=0),
            is_set("car", setting=0),
            status(car="waiting"),
            says(car="Paused by setting number.car to 0."),
        ),
        (300, household(9.0)),
        (600, nothing, told(car=16), is_set("car", setting=16)),
    )


def test_a_switch_pauses_it_and_it_is_set_before_it_is_switched_on() -> None:
    house = alone(Box(low=6.0), switch_entity="switch.car")
    story(
        "It held 16 A when it was switched off; on again, it may have 10 A: set first, then on",
        house,
        (0, nothing, told(car=16), is_set("car", setting=16, on=True)),
        (
            5,
            household(20.0),
            told(car=0),
            is_set("car", on=False),
            says(car="Paused by switching switch.car off."),
        ),
        (10, household(15.0), told(car=0)),
        (600, nothing, told(car=10), is_set("car", setting=10, on=True), under(25)),
    )
    names = [call.service for call in house.calls]
    assert names[names.index("turn_off") :][:3] == ["turn_off", "set_value", "turn_on"]


def test_it_is_not_switched_on_while_setting_it_fails() -> None:
    story(
        "Switched on with the 16 A that it holds, it would overload the breaker: 15 + 16 > 25 A",
        alone(Box(low=6.0), switch_entity="switch.car"),
        (5, household(20.0), is_set("car", on=False)),
        (10, together(household(15.0), fail("car")), told(car=0)),
        (600, nothing, is_set("car", setting=16, on=False)),
        (605, heal("car")),
        (1200, nothing, is_set("car", setting=10, on=True)),
    )


def test_a_pause_that_did_not_go_through_leaves_no_trace() -> None:
    story(
        "20 A + 16 A are too much, but switching off fails; then there is room again",
        alone(Box(low=6.0), switch_entity="switch.car"),
        (5, together(household(20.0), fail("car")), is_set("car", on=True)),
        (10, together(household(9.0), heal("car"))),
        (600, nothing, told(car=16), is_set("car", setting=16, on=True), status(car="charging")),
        (900, nothing, resent(car=[]), site("ok")),
    )


def test_switching_on_that_fails_is_tried_again() -> None:
    story(
        "Paused for an overload; when there is room, switching on fails at first",
        alone(Box(low=6.0), switch_entity="switch.car"),
        (5, household(20.0), is_set("car", on=False)),
        (10, household(9.0)),
        (365, fail("car")),
        (366, nothing),
        (460, heal("car")),
        (1200, nothing, told(car=16), is_set("car", setting=16, on=True)),
    )


def test_what_cannot_be_paused_goes_on_at_its_least_and_others_make_room() -> None:
    house = NumberStage.with_boxes(
        site_form("A"),
        charger_form("other", "A", priority=1),
        number_form("car", "A", priority=9),
        car=Box(low=6.0),
    )
    story(
        "25 A - 8 A leave 17 A, 5 A short of both minimums by strictness of the first: it may have "
        "11 A, for the second goes on with 6 A whatever it is told",
        settled(house),
        (0, household(8.0), told(other=11, car=6), under(25)),
        (
            5,
            household(14.0),
            told(other=0, car=6),
            is_set("car", setting=6),
            under(25),
        ),
        (
            10,
            household(20.0),
            told(other=0, car=6),
            says(
                car="number.car can't be set to 0 and there is no switch, so it goes on with 6 A."
            ),
        ),
        (15, household(0.0)),
        (600, nothing, told(other=16, car=9), under(25)),
    )


def test_without_sun_one_that_cannot_be_paused_holds_its_minimum_and_is_not_stopped() -> None:
    house = NumberStage.with_boxes(
        site_form("A"), number_form("car", "A", mode="solar_only"), car=Box(low=6.0)
    )
    sun(10.0)(house)
    story(
        "10 A of sun; then none: it can't have less than 6 A, and pretending to stop it helps none",
        settled(house),
        (0, nothing, told(car=10)),
        (30, sun(0.0)),
        (3600, nothing, told(car=6), is_set("car", setting=6)),
        (7200, sun(12.0)),
        (7300, nothing, told(car=12)),
    )


@pytest.mark.parametrize(
    ("house_a", "option", "told_a"),
    [(9.0, "16 A", 16), (9.1, "13 A", 13), (14.9, "10 A", 10), (15.1, "6 A", 6), (19.1, "off", 0)],
)
def test_a_list_is_set_to_the_next_lower_option(house_a: float, option: str, told_a: float) -> None:
    options = ("off", "6 A", "10 A", "13 A", "16 A", "20 A", "auto")
    chosen = Box("6 A", None, options=options)
    form = number_form("car", "A", setting_entity="select.car", max_current_a=20)
    house = NumberStage.with_boxes(site_form("A", main_breaker_a=25), form, car=chosen)
    household(house_a)(house)
    story(
        f"25 A - {house_a} A, floored to what the list offers",
        settled(house, 120),
        (0, nothing, told(car=told_a), is_set("car", setting=option)),
    )


def test_options_that_lie_close_together_are_told_apart() -> None:
    form = number_form("car", "A", setting_entity="select.car")
    chosen = Box("6", None, options=("0", "6", "6.5", "7"))
    house = NumberStage.with_boxes(site_form("A"), form, car=chosen)
    household(19.0)(house)
    story(
        "25 A - 19 A = 6 A, then 6.5 A, then 7 A",
        settled(house),
        (0, nothing, is_set("car", setting="6")),
        (5, household(18.5)),
        (120, nothing, is_set("car", setting="6.5")),
        (125, household(18.0)),
        (240, nothing, is_set("car", setting="7")),
    )


def test_a_list_grows_over_a_gap_that_is_wider_than_the_ramp() -> None:
    form = number_form("car", "A", setting_entity="input_select.car", max_current_a=32)
    chosen = Box("6", None, options=("0", "6", "32"))
    house = NumberStage.with_boxes(site_form("A", main_breaker_a=40), form, car=chosen)
    household(20.0)(house)
    story(
        "20 A are left: 6 A; then 38 A: 32 A, though the ramp is 0.5 A/s",
        settled(house),
        (0, nothing, told(car=6), is_set("car", setting="6")),
        (5, household(2.0)),
        (120, nothing, told(car=32), is_set("car", setting="32")),
    )


def test_watts_are_floored_and_count_the_legs_that_are_used() -> None:
    chosen = Box(0.0, "W", 0.0, 11000.0, 10.0)
    form = number_form("car", "ABC", phases_entity="sensor.phases")
    house = NumberStage.with_boxes(site_form(), form, car=chosen)
    house.cars["car"].max_a = 16.0
    house.extra["sensor.phases"] = phases("3")
    household(14.95)(house)
    story(
        "25 A - 14.95 A = 10.05 A: x 690 V = 6934 W, in tens 6930 W. On one phase x 230 V = 2311 W",
        settled(house),
        (0, nothing, is_set("car", setting=6930.0), under(25)),
        (5, together(one_phase, nothing), under(25)),
        (100, nothing, is_set("car", setting=2310.0), under(25)),
    )


def phases(count: str) -> object:
    """The state of a sensor that says how many phases the car uses."""
    from .house import state

    return state(count)


def one_phase(house: object) -> None:
    """The charger switches to one phase, and says so."""
    house.cars["car"].legs = 1  # type: ignore[attr-defined]
    house.extra["sensor.phases"] = phases("1")  # type: ignore[attr-defined]


# --- what is not taken ---------------------------------------------------------------------------


def test_a_setting_that_is_not_taken_is_told_again_later_each_time() -> None:
    story(
        "It shows 16 A and was set to 8 A at 5 s, and to 0 A when it drew on: told again, later "
        "each time. 25 A - 17 A = 8 A when it listens again, after a pause",
        alone(Box()),
        (4, deafen("car")),
        (5, household(17.0), told(car=8)),
        (30, nothing, status(car="not_following")),
        (200, nothing, resent_later()),
        (205, heal("car")),
        (1200, nothing, told(car=8), is_set("car", setting=8), status(car="charging"), under(25)),
    )


def resent_later() -> object:
    """More than one call, each later than the last; never two at once."""

    def claim(house: NumberStage) -> list[str]:
        times = [at for at, call in house.step_calls if call.load_id == "car"]
        gaps = [later - earlier for earlier, later in pairwise(times)]
        good = len(times) >= 3 and gaps == sorted(gaps) and gaps[0] >= 15
        return [] if good else [f"calls at {times}"]

    return claim


def test_a_value_that_somebody_else_sets_is_put_right() -> None:
    story(
        "Told 8 A; an app sets 16 A: 17 + 16 A would be 33 A on a 25 A breaker",
        alone(Box()),
        (0, household(17.0), told(car=8)),
        (60, box("car", setting=16.0)),
        (80, nothing, under(25)),
        (600, nothing, is_set("car", setting=8), under(25)),
    )


def test_one_that_is_switched_off_by_hand_is_left_off() -> None:
    story(
        "It had been seen on; a person's hand beats the program",
        alone(Box(low=6.0), switch_entity="switch.car"),
        (0, nothing, is_set("car", on=True)),
        (60, box("car", on=False)),
        (400, nothing, is_set("car", on=False), called("car", turn_on=0)),
        (405, box("car", on=True)),
        (700, nothing, told(car=16), is_set("car", on=True)),
    )


def test_a_boost_ends_what_was_done_at_its_switch_by_hand() -> None:
    story(
        "Whoever boosts it wants it on",
        alone(Box(low=6.0), switch_entity="switch.car", mode_entity="input_select.mode"),
        (0, reads("input_select.mode", "standard"), is_set("car", on=True)),
        (60, box("car", on=False)),
        (90, nothing, is_set("car", on=False)),
        (95, reads("input_select.mode", "boost")),
        (130, nothing, is_set("car", on=True), told(car=16)),
    )


def test_one_that_a_power_cut_has_switched_off_is_switched_on_again() -> None:
    gone = EntityState("unavailable")
    story(
        "The power fails with the car there, and the switch comes back off: nobody did that",
        alone(Box(low=6.0), switch_entity="switch.car"),
        (0, nothing, is_set("car", on=True)),
        (60, lambda house: house.lost.__setitem__("switch.car", gone)),
        (70, box("car", on=False)),
        (75, lambda house: house.lost.clear()),
        (90, nothing, is_set("car", on=True)),
        (400, nothing, told(car=16), is_set("car", on=True)),
    )


def test_a_switch_that_goes_off_with_the_car_is_switched_on_for_the_next() -> None:
    gone = EntityState("unavailable")
    house = with_status("Charging", switch_entity="switch.car")
    story(
        "Many switches turn themselves off, or are not there at all, when the car leaves. "
        "Nobody did that by hand; the next car finds it off, and may have 25 A - 9 A = 16 A",
        house,
        (0, nothing, told(car=16), is_set("car", on=True)),
        (5, together(car("car", status="Disconnected"), box("car", on=False))),
        (300, nothing, status(car="idle"), is_set("car", on=False), site("ok")),
        (305, lambda house: house.lost.__setitem__("switch.car", gone)),
        (310, nothing, status(car="idle"), site("ok")),
        (600, lambda house: house.lost.clear()),
        (605, car("car", status="Charging")),
        (700, nothing, told(car=16), is_set("car", on=True, setting=16)),
    )


def test_one_that_is_switched_on_by_hand_while_paused_is_switched_off() -> None:
    story(
        "20 A of the house and 16 A of the car are too much for 25 A",
        alone(Box(low=6.0), switch_entity="switch.car"),
        (5, household(20.0), is_set("car", on=False)),
        (60, box("car", on=True)),
        (90, nothing, is_set("car", on=False), under(25)),
    )


def test_in_mode_off_it_is_kept_paused() -> None:
    house = alone(Box(low=6.0), switch_entity="switch.car", mode_entity="input_select.mode")
    story(
        "Off for a charger: paused and kept so",
        house,
        (5, reads("input_select.mode", "off"), told(car=0), is_set("car", on=False)),
        (60, box("car", on=True, setting=12.0)),
        (300, nothing, is_set("car", on=False), status(car="off")),
        (305, reads("input_select.mode", "standard")),
        (400, nothing, told(car=16), is_set("car", on=True, setting=16)),
    )


def test_watts_follow_a_car_that_turns_out_to_use_one_leg() -> None:
    sensors = {f"current_l{n}_entity": f"sensor.car_l{n}" for n in (1, 2, 3)}
    form = number_form("car", "ABC", power_entity="", **sensors)
    house = NumberStage.with_boxes(site_form(), form, car=Box(4140.0, "W", 0, 11040, 10))
    household(12.0)(house)
    house.cars["car"].max_a = 16.0
    house.cars["car"].legs = 1
    story(
        "25 A - 12 A = 13 A on three legs, about 8970 W, let one leg have its 16 A. A leg that "
        "takes 16 A of 13 A has the share of others: 13 A x 230 V = 2990 W, in steps of 30 W (10 W "
        "is less than 0.1 A): 2970 W at once",
        house,
        (0, nothing),
        (1, nothing, is_set("car", setting=2970.0), under(25)),
        (400, nothing, is_set("car", setting=2970.0), told(car=2970 / 230), under(25)),
    )


def test_while_its_entity_is_gone_its_current_stays_reserved() -> None:
    house = NumberStage.with_boxes(
        site_form("A"), number_form("car", "A"), number_form("other", "A", priority=9)
    )
    story(
        "The car holds 16 A of 25 A: the other, at 9 A, can have no more while nothing is heard",
        settled(house, 120),
        (0, nothing, told(car=16, other=9)),
        (5, lose("number.car"), status(car="unreachable"), told(other=9)),
        (300, nothing, told(other=9), site("problem", "number.car, which sets it, is not there")),
    )


# --- its status ----------------------------------------------------------------------------------


def with_status(shown: str, **values: object) -> NumberStage:
    """A charger with a status, whose car draws as it may if the text says that it charges."""
    form = number_form("car", "A", status_entity="sensor.car_status", **values)
    house = NumberStage.with_boxes(site_form("A"), form, car=Box())
    household(9.0)(house)
    car("car", status=shown)(house)
    return settled(house)


@pytest.mark.parametrize(
    "shown", ["Charging", "charging", "connected_waiting", "Wait for car", "Preparing", "B", "C2"]
)
def test_with_a_car_it_takes_part(shown: str) -> None:
    story("25 A - 9 A", with_status(shown), (0, nothing, told(car=16)))


@pytest.mark.parametrize("shown", ["Disconnected", "not_connected", "idle", "Available", "A"])
def test_without_a_car_it_waits_at_its_minimum(shown: str) -> None:
    story(
        "Nobody is there; the next car starts with 6 A, which any breaker that is not full carries",
        with_status(shown),
        (0, nothing, status(car="idle"), is_set("car", setting=6), says(car="16 A would be")),
    )


@pytest.mark.parametrize("shown", ["Error", "faulted"])
def test_with_a_fault_it_takes_no_part(shown: str) -> None:
    story("A fault is no car", with_status(shown), (0, nothing, status(car="idle")))


def test_an_unknown_status_is_told_and_no_go() -> None:
    story(
        "Nobody knows what it means: not raised above what it has, and people are told",
        with_status("Blubb"),
        (0, nothing, status(car="idle"), is_set("car", setting=16), site("problem", "'Blubb'")),
    )


def test_words_of_the_form_come_first() -> None:
    house = with_status("Frei", status_idle="frei, Leer", status_charging="Charging, Lädt")
    story(
        "Frei is no car, Lädt is one",
        house,
        (0, nothing, status(car="idle"), site("ok")),
        (5, car("car", status="Lädt"), site("ok")),
        (60, nothing, told(car=16)),
    )


def test_without_a_status_it_may_take_part_only_while_it_draws() -> None:
    form = number_form("car", "A", without_status="drawing")
    house = NumberStage.with_boxes(site_form("A"), form, car=Box())
    household(9.0)(house)
    car("car", status="Available")(house)
    story(
        "Nothing drawn: no part, at its minimum. Drawing: a share. Cut to 0: it stays in the queue",
        settled(house),
        (0, nothing, status(car="idle"), is_set("car", setting=6)),
        (5, car("car", status="Charging")),
        (60, nothing, told(car=16)),
        (65, household(20.0), told(car=0)),
        (70, household(9.0), told(car=0)),
        (400, nothing, told(car=16), status(car="charging")),
        (405, car("car", status="Available"), status(car="idle")),
        (500, nothing, status(car="idle"), is_set("car", setting=6)),
    )


def test_a_silent_step_sends_no_call_twice() -> None:
    story(
        "Nothing changes, so nothing is sent",
        alone(Box()),
        (0, nothing, told(car=16)),
        (600, nothing, resent(car=[])),
    )
