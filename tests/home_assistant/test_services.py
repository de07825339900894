"""The services in real pyscript: forms taken in and refused, answers, settings."""

from typing import Any

import pytest
from homeassistant.helpers.service import async_get_all_descriptions
from loadjuggler.runtime.requests import MOST_MINUTES
from loadjuggler.runtime.services import SERVICES
from loadjuggler.site.modes import MODES

from tests.home_assistant.harness import Call, Home
from tests.home_assistant.house import (
    QUICK,
    READY,
    charger_form,
    form,
    last_limits,
    limit,
    periods,
    register,
    set_charger,
    set_meters,
    set_options,
    site_form,
)

pytestmark = pytest.mark.pyscript

STATUS = "sensor.loadjuggler_status"
LEFT = "sensor.loadjuggler_left_status"


async def start(home: Home, **options: Any) -> None:
    """Start with two cars that are plugged in and draw nothing yet; the house takes 5 A."""
    set_options(home, **{**QUICK, **options})
    await home.start(*READY)
    set_meters(home, 5)
    set_charger(home, "left", status="Preparing")
    set_charger(home, "right", status="Preparing")


async def wire_garage(home: Home, **site: Any) -> None:
    """Wire two chargers to a garage of 20 A."""
    await register(home, "site", site_form(**site))
    await register(home, "circuit", form("Garage", limit_a=20))
    await register(home, "charger", charger_form("Left", circuit="Garage", priority=1))
    # Without a pause: one that had to stop for a moment may go on at once.
    right = {"circuit": "Garage", "priority": 2, "solar_pause_min": 0}
    await register(home, "charger", charger_form("Right", **right))


async def wire_garage_and_settle(home: Home) -> None:
    """Wire it, and let the cars report that they do not charge yet, since they were told."""
    await wire_garage(home)
    await home.wait_until(lambda: last_limits(home) == {"left": 14.0, "right": 6.0}, "they share")
    set_charger(home, "left", status="Preparing")
    set_charger(home, "right", status="Preparing")
    home.calls.clear()


async def test_a_good_form_is_taken_in(home: Home) -> None:
    await start(home)
    answer = await register(home, "site", site_form())
    assert answer == {
        "ok": True,
        "id": "home",
        "errors": [],
        "waiting": "",
        "message": "Home is wired.",
    }
    await home.wait_until(lambda: home.state(STATUS) == "ok", "the site runs")
    # And without asking for the answer.
    await home.call("pyscript.loadjuggler_register_charger", charger_form("Left"))
    await home.wait_until(lambda: last_limits(home) == {"left": 16.0}, "25 A - 5 A is enough")
    assert home.errors() == []


async def test_a_wrong_form_is_refused_with_all_errors_and_the_rest_goes_on(home: Home) -> None:
    await start(home)
    await wire_garage(home)
    await home.wait_until(
        lambda: last_limits(home) == {"left": 14.0, "right": 6.0}, "they share 20 A"
    )
    wrong = charger_form(
        "Right", circuit="Garage", min_current_a=10, max_current_a="a lot", leg_l1="D"
    )
    answer = await register(home, "charger", wrong)
    assert answer["ok"] is False
    assert [text.split(":")[0] for text in answer["errors"]] == ["Leg L1", "Maximum current"]
    assert answer["message"] == " ".join(answer["errors"])
    await home.wait_until(lambda: home.state(STATUS) == "problem", "the status tells")
    assert "a lot" in home.attributes(STATUS)["message"]
    await home.settle(0.5)
    assert last_limits(home) == {"left": 14.0, "right": 6.0}, "both go on by their last good forms"


async def test_a_form_that_names_no_breaker_yet_waits(home: Home) -> None:
    await start(home)
    await register(home, "site", site_form())
    answer = await register(home, "charger", charger_form("Left", circuit="Garage"))
    assert (answer["ok"], answer["waiting"]) == (True, "waiting for Garage")
    await home.wait_until(
        lambda: "no breaker of that name" in home.attributes(STATUS).get("message", ""),
        "after a while it is a complaint",
    )
    await register(home, "circuit", form("Garage", limit_a=10))
    await home.wait_until(lambda: last_limits(home) == {"left": 10.0}, "then it is wired")
    await home.wait_until(lambda: home.state(STATUS) == "ok", "and nothing is wrong")


async def test_recalculate_runs_now_and_answers(home: Home) -> None:
    await start(home, tick_s=60)
    await wire_garage_and_settle(home)
    home.set_state("sensor.grid_a", 15, unit_of_measurement="A")
    answer = await home.call("pyscript.loadjuggler_recalculate", response=True)
    # 25 A - 15 A on phase A: the first gets all of it, the other less than its minimum.
    assert {load: item["target_a"] for load, item in answer["loads"].items()} == {
        "left": 10.0,
        "right": 0.0,
    }
    assert "main breaker" in answer["loads"]["left"]["reason"]
    assert answer["circuits"]["main"]["headroom_a"] == {"A": 10.0, "B": 20.0, "C": 20.0}
    assert answer["ok"] is True
    sent = {"left": 10.0, "right": 0.0}
    await home.wait_until(lambda: last_limits(home) == sent, "and it is sent")
    # Right is in no session: one that begins has 0 A for a minute, and its minimum after that.
    right = [
        call for call in home.calls_of("ocpp.set_charge_rate") if call.data["devid"] == "right"
    ]
    assert periods(right[-1]) == [(0, 0.0), (60, 6.0)]


async def test_recalculate_works_without_a_response_and_from_an_automation(home: Home) -> None:
    await start(home, tick_s=60)
    await wire_garage(home)
    await home.wait_until(lambda: len(last_limits(home)) == 2, "both are told")
    await home.call("pyscript.loadjuggler_recalculate")
    home.set_automations(
        [
            {
                "id": "1",
                "alias": "Ask",
                "triggers": [{"trigger": "event", "event_type": "ask"}],
                "actions": [
                    {
                        "action": "pyscript.loadjuggler_recalculate",
                        "response_variable": "answer",
                    },
                    {
                        "action": "switch.turn_on",
                        "data": {"left": "{{ answer.loads.left.target_a }}"},
                    },
                ],
            }
        ]
    )
    await home.reload_automations()
    home.fire("ask")
    await home.wait_until(lambda: home.calls_of("switch.turn_on"), "the automation has its answer")
    assert home.calls_of("switch.turn_on")[0].data == {"left": 14.0}


async def test_set_mode_holds_until_it_is_set_again(home: Home) -> None:
    await start(home)
    await wire_garage(home)
    await home.wait_until(lambda: last_limits(home) == {"left": 14.0, "right": 6.0}, "they share")
    answer = await home.call(
        "pyscript.loadjuggler_set_mode", {"load": "Left", "mode": "off"}, response=True
    )
    assert answer["ok"] is True
    await home.wait_until(lambda: last_limits(home)["left"] == 0.0, "it is off")
    await home.wait_until(lambda: last_limits(home)["right"] == 16.0, "and the other has it all")
    # The same form again changes nothing, and by its id it can be named, too.
    await register(home, "charger", charger_form("Left", circuit="Garage", priority=1))
    await home.settle()
    assert last_limits(home)["left"] == 0.0
    await home.call("pyscript.loadjuggler_set_mode", {"load": "left", "mode": "standard"})
    await home.wait_until(lambda: last_limits(home) == {"left": 14.0, "right": 6.0}, "it is on")


async def test_set_mode_says_what_is_wrong(home: Home) -> None:
    await start(home)
    await wire_garage(home)
    for data, words in (
        ({"load": "attic", "mode": "off"}, ("attic", "Left, Right")),
        ({"load": "left", "mode": "fast"}, ("fast", "standard")),
        ({}, ("None",)),
    ):
        answer = await home.call("pyscript.loadjuggler_set_mode", data, response=True)
        assert answer["ok"] is False
        assert all(word in answer["message"] for word in words), answer
        assert answer["message"] in home.log.messages


async def test_a_boost_lasts_its_minutes_and_then_the_mode_before_holds(home: Home) -> None:
    await start(home)
    await register(home, "site", site_form())
    await register(home, "charger", charger_form("Left"))
    await home.wait_until(lambda: last_limits(home) == {"left": 16.0}, "25 A - 5 A is enough")
    set_mode, mode = "pyscript.loadjuggler_set_mode", lambda: home.attributes(LEFT).get("mode")
    await home.call(set_mode, {"load": "left", "mode": "off"})
    await home.wait_until(lambda: last_limits(home) == {"left": 0.0}, "it is off")
    home.calls.clear()
    boost = {"load": "left", "mode": "boost", "minutes": 0.01}
    assert (await home.call(set_mode, boost, response=True))["ok"] is True
    # Not the mode of the form, but what was set before the boost.
    await home.wait_until(lambda: len(home.calls) == 2, "it is boosted, and off again")
    assert [limit(call) for call in home.calls] == [16.0, 0.0]
    await home.wait_until(lambda: mode() == "off", "which is shown")
    # Without minutes it lasts as long as the form says, and any other mode ends it.
    await home.call(set_mode, {"load": "left", "mode": "boost"})
    await home.wait_until(lambda: mode() == "boost", "it is boosted")
    await home.call(set_mode, {"load": "left", "mode": "standard"})
    await home.wait_until(lambda: mode() == "standard", "and is not any more")
    assert last_limits(home) == {"left": 16.0}
    assert home.errors() == []


async def test_minutes_that_are_no_minutes_change_nothing(home: Home) -> None:
    await start(home)
    await wire_garage(home)
    for minutes in (0, -5, 1441, "a while", True):
        data = {"load": "left", "mode": "boost", "minutes": minutes}
        answer = await home.call("pyscript.loadjuggler_set_mode", data, response=True)
        assert answer["ok"] is False
        assert str(minutes) in answer["message"]
        assert answer["message"] in home.log.messages
    answer = await home.call("pyscript.loadjuggler_recalculate", response=True)
    assert answer["loads"]["left"]["mode"] == "standard"


async def test_set_distribution_changes_the_shares(home: Home) -> None:
    await start(home)
    await wire_garage(home)
    await home.wait_until(lambda: last_limits(home) == {"left": 14.0, "right": 6.0}, "14/6")
    await home.call("pyscript.loadjuggler_set_distribution", {"distribution": "shared"})
    await home.wait_until(lambda: last_limits(home) == {"left": 10.0, "right": 10.0}, "10/10")
    await home.call("pyscript.loadjuggler_set_distribution", {"distribution": "strict"})
    await home.wait_until(lambda: last_limits(home) == {"left": 16.0, "right": 0.0}, "16/0")


async def test_wired_entities_win_and_are_written(home: Home) -> None:
    def select(call: Call) -> None:
        home.set_state(call.data["entity_id"], call.data["option"])

    home.record("input_select.select_option", select)
    await start(home)
    home.set_state("input_select.sharing", "shared")
    home.set_state("input_select.left_mode", "standard")
    await wire_garage(home, distribution_entity="input_select.sharing")
    wired = {"circuit": "Garage", "priority": 1, "mode_entity": "input_select.left_mode"}
    await register(home, "charger", charger_form("Left", **wired))
    await home.wait_until(lambda: last_limits(home) == {"left": 10.0, "right": 10.0}, "10/10")
    await home.call("pyscript.loadjuggler_set_mode", {"load": "left", "mode": "off"})
    assert home.state("input_select.left_mode") == "off"
    await home.wait_until(lambda: last_limits(home) == {"left": 0.0, "right": 16.0}, "left is off")
    # Not before: strict leaves 4 A for right beside left, which would pause it for minutes.
    await home.call("pyscript.loadjuggler_set_distribution", {"distribution": "strict"})
    assert home.state("input_select.sharing") == "strict"
    home.set_state("input_select.left_mode", "standard")
    await home.wait_until(lambda: last_limits(home) == {"left": 16.0, "right": 0.0}, "by hand")


async def test_services_have_descriptions_with_fields(home: Home) -> None:
    await start(home)
    found = (await async_get_all_descriptions(home.hass))["pyscript"]
    ours = {name for name in found if name.startswith("loadjuggler_")}
    assert ours == {f"loadjuggler_{name}" for name in SERVICES}
    only = {"loadjuggler_suggest", "loadjuggler_dashboard"}
    for name in ours:
        assert found[name]["name"].startswith("Load Juggler, ")
        assert found[name]["response"] == {"optional": name not in only}
    fields = found["loadjuggler_set_mode"]["fields"]
    assert fields["mode"]["selector"]["select"]["options"] == list(MODES)
    assert fields["minutes"]["selector"]["number"]["max"] == MOST_MINUTES


async def test_wrong_settings_are_told_and_the_good_ones_used(home: Home) -> None:
    set_options(home, **QUICK, hold_s="long", bounce_s=3, legs_s=-1)
    await home.start(*READY)
    await home.wait_until(lambda: home.state(STATUS), "the status is there")
    warnings = home.attributes(STATUS)["warnings"]
    assert len(warnings) == 3
    for words in (("hold_s", "long"), ("bounce_s", "tick_s"), ("legs_s", "-1")):
        told = [text for text in warnings if all(word in text for word in words)]
        assert len(told) == 1
        assert told[0] in home.log.messages
