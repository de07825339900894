"""Loads that leave the plan go to their safe level, however long that takes; and modes go back."""

from __future__ import annotations

import pytest
from loadjuggler.calls import ServiceCall
from loadjuggler.options import Options
from loadjuggler.runtime.release import Tries
from loadjuggler.snapshot import EntityState

from .house import charger_form, plug_form, site_form, state
from .test_keeper import Home, limit_of


def purposes(calls: tuple[ServiceCall, ...]) -> dict[str, float]:
    """Limits in A by the purpose of the profile."""
    return {
        str(call.data["custom_profile"]["chargingProfilePurpose"]): limit_of(call) for call in calls
    }


def leaving_home() -> Home:
    """A house with a car that charges in session 42; its automation has just been switched off."""
    home = Home(site_form(), charger_form("car"))
    home.states["sensor.car_transaction_id"] = state("42")
    for call in home.run().calls:
        home.keeper.succeeded(call)
    home.states["automation.car"] = EntityState("off")
    return home


SAFE = {"TxDefaultProfile": 6.0, "TxProfile": 6.0}


def test_a_load_that_went_to_its_safe_level_is_told_nothing_more() -> None:
    home = leaving_home()
    calls = home.run().calls
    assert purposes(calls) == SAFE
    for call in calls:
        home.keeper.succeeded(call)
    assert [call for _ in range(100) for call in home.run().calls] == []
    assert not [entity for entity in home.keeper.watched() if "car_status" in entity]


def test_a_charger_that_is_offline_is_let_go_when_it_is_back() -> None:
    home = leaving_home()
    there = {k: v for k, v in home.states.items() if k.startswith("sensor.car_")}
    for entity in there:
        home.states[entity] = EntityState("unavailable")
    assert [call for _ in range(100) for call in home.run().calls] == []
    home.states |= there
    assert purposes(home.run().calls) == SAFE


def test_one_that_is_offline_for_a_day_is_let_go_as_it_is() -> None:
    home = leaving_home()
    for entity in [entity for entity in home.states if entity.startswith("sensor.car_")]:
        home.states[entity] = EntityState("unavailable")
    home.run()
    home.run(86401.0)
    home.states["sensor.car_status_connector"] = state("Charging")
    assert [call for _ in range(10) for call in home.run().calls] == []


def test_a_release_that_fails_is_made_again_later_each_time_and_told_once() -> None:
    home = leaving_home()
    told, made_at = [], []
    for _ in range(1300):
        for call in home.run(1.0).calls:
            made_at.append(home.now)
            told.append(home.keeper.failed(call, "offline"))
    assert told == [True] + [False] * (len(told) - 1)
    waits = [later - at for at, later in zip(made_at[1::2], made_at[2::2], strict=False)]
    # 5 s, doubled each time, up to 300 s; both profiles each time.
    assert waits == [5.0, 10.0, 20.0, 40.0, 80.0, 160.0, 300.0, 300.0, 300.0]
    calls = ()
    while not calls:
        calls = home.run(1.0).calls
    assert purposes(calls) == SAFE
    for call in calls:
        home.keeper.succeeded(call)
    assert [call for _ in range(400) for call in home.run(1.0).calls] == []


def test_one_of_two_calls_that_failed_makes_both_again() -> None:
    home = leaving_home()
    first, second = home.run().calls
    assert home.keeper.failed(first, "offline")
    home.keeper.succeeded(second)
    assert purposes(home.run(5.0).calls) == SAFE


def test_a_load_that_comes_back_is_not_let_go_any_more() -> None:
    home = leaving_home()
    for call in home.run().calls:
        home.keeper.failed(call, "offline")
    home.states["automation.car"] = EntityState("on")
    home.run()
    assert home.loads() == {"car"}
    commands = [call for _ in range(10) for call in home.run().calls if call.tells]
    assert 6.0 not in [limit_of(call) for call in commands]


def test_a_failed_release_of_the_charger_before_says_nothing_of_the_one_now() -> None:
    """A form is given another charge point: the old one is let go, and can't be reached."""
    home = leaving_home()
    home.states["automation.car"] = EntityState("on")
    home.run()
    form = {**charger_form("car"), "devid": "other"}
    home.register(form)
    turn = home.run()
    for call in turn.calls:
        if call.data["devid"] == "car":
            home.keeper.failed(call, "offline")
        else:
            home.keeper.succeeded(call)
    assert home.keeper.memory.load("car").calls.failures == 0
    assert "offline" not in home.keeper.report.loads["car"].sentence
    again = tuple(call for call in home.run().calls if call.tells)
    assert {call.data["devid"] for call in again} == {"car"}
    assert purposes(again) == {"TxProfile": 6.0}, "the next car's 6 A are there already"


def test_a_plug_that_leaves_stays_as_it_is() -> None:
    home = Home(site_form(), plug_form("boiler"))
    home.run()
    home.states["automation.boiler"] = EntityState("off")
    assert [call for _ in range(10) for call in home.run().calls] == []


@pytest.mark.parametrize(
    ("now", "due"),
    [
        pytest.param(104.0, False, id="too early"),
        pytest.param(105.0, True, id="after retry_s"),
        pytest.param(-86400.0, True, id="a clock that was set back does not make it wait"),
    ],
)
def test_a_second_try_is_due_after_a_while(now: float, due: bool) -> None:
    assert Tries().failed(100.0, Options()).due(now, Options()) is due


# --- modes that go back after a boost ------------------------------------------------------------


def boosted() -> Home:
    """A car whose boost, set in its entity, ends in the next run."""
    home = Home(site_form(), charger_form("car", mode_entity="input_select.mode", boost_min=1))
    home.states["input_select.mode"] = state("standard")
    home.run()
    home.states["input_select.mode"] = state("boost")
    home.run()
    home.now += 60.0
    return home


def written(calls: tuple[ServiceCall, ...]) -> list[str]:
    """Modes that are written to the entity."""
    return [str(call.data["option"]) for call in calls if call.domain == "input_select"]


def test_a_mode_entity_is_set_back_once() -> None:
    home = boosted()
    calls = home.run().calls
    assert written(calls) == ["standard"]
    for call in calls:
        home.keeper.succeeded(call)
    assert [mode for _ in range(20) for mode in written(home.run().calls)] == []


def test_a_mode_entity_that_is_unavailable_is_set_back_when_it_is_there() -> None:
    home = boosted()
    home.states["input_select.mode"] = EntityState("unavailable")
    assert [mode for _ in range(5) for mode in written(home.run().calls)] == []
    home.states["input_select.mode"] = state("boost")
    assert written(home.run().calls) == ["standard"]


def test_a_mode_that_can_not_be_written_is_tried_again_later_and_told_once() -> None:
    home = boosted()
    told, made_at = [], []
    for _ in range(60):
        for call in home.run(1.0).calls:
            if call.domain == "input_select":
                made_at.append(home.now)
                told.append(home.keeper.failed(call, "no such option"))
    assert told == [True, False, False, False]
    assert [later - made_at[0] for later in made_at] == [0.0, 5.0, 15.0, 35.0]
    assert home.keeper.memory.load("car").calls.failures == 0, "the charger is not to blame"
