"""Boosts in real pyscript: how they end, by service and by the entity of a mode.

The sun never shines here, so a car in mode solar_only takes nothing and a boosted one all it can.
"""

import sys
from typing import Any

import pytest
from homeassistant.exceptions import HomeAssistantError

from tests.home_assistant.harness import Call, Home
from tests.home_assistant.house import (
    READY,
    Living,
    charger_form,
    impatient,
    register,
    site_form,
)

pytestmark = pytest.mark.pyscript

STATUS = "sensor.loadjuggler_status"


def choose(home: Home, mode: str) -> None:
    """Choose in the input_select that tells a car's mode; it spells them in its own way."""
    options = ["Solar_only", "Standard", "Boost"]
    home.set_state("input_select.mode", mode, options=options)


async def start_with_a_mode_entity(home: Home, living: Living, **fields: Any) -> list[str]:
    """Start with a car whose mode an input_select tells; returns the modes written to that."""
    written = []

    def select(call: Call) -> None:
        written.append(call.data["option"])
        choose(home, call.data["option"])

    home.record("input_select.select_option", select)
    living.draws["left"] = 0.0
    await living.start()
    choose(home, "Solar_only")
    await register(home, "site", site_form(solar_entity="sensor.solar"))
    car = charger_form("Left", mode_entity="input_select.mode", **impatient(**fields))
    await register(home, "charger", car)
    await living.reaches("no sun", left=0.0)
    return written


async def test_the_entity_of_a_mode_is_set_back_after_a_boost(home: Home) -> None:
    living = Living(home)
    written = await start_with_a_mode_entity(home, living, boost_min=0.01)
    boost = {"load": "left", "mode": "boost", "minutes": 0.01}
    await home.call("pyscript.loadjuggler_set_mode", boost)
    await home.wait_until(lambda: living.draws["left"] == 16.0, "it takes from the grid")
    await living.reaches("the mode before holds again", left=0.0)
    assert written == ["Boost", "Solar_only"]
    assert home.state("input_select.mode") == "Solar_only"
    # By hand, from another mode, and as long as the form says.
    choose(home, "Standard")
    await living.reaches("it takes from the grid", left=16.0)
    written.clear()
    choose(home, "Boost")
    await home.wait_until(lambda: written, "the boost is over")
    await living.reaches("the mode before holds again", left=16.0)
    assert written == ["Standard"]
    assert home.errors() == []


async def test_a_boost_ends_even_if_the_entity_of_the_mode_cannot_be_set_back(home: Home) -> None:
    living = Living(home)
    await start_with_a_mode_entity(home, living)  # 60 min by the form

    def refuse(call: Call) -> None:
        if call.data["option"] != "Boost":
            raise HomeAssistantError("the entity is unavailable")
        choose(home, call.data["option"])

    home.record("input_select.select_option", refuse)
    boost = {"load": "left", "mode": "boost", "minutes": 0.01}
    await home.call("pyscript.loadjuggler_set_mode", boost)
    await home.wait_until(lambda: living.draws["left"] == 16.0, "it takes from the grid")
    await home.wait_until(
        lambda: [text for text in home.log.messages if "entity is unavailable" in text],
        "it is told why the entity still says boost",
    )
    await living.reaches("the boost is over all the same", left=0.0)
    await home.settle(0.5)
    assert living.draws == {"left": 0.0}


async def test_minutes_count_for_the_boost_they_were_given_with(home: Home) -> None:
    living = Living(home)
    await start_with_a_mode_entity(home, living)  # 60 min by the form
    for mode in ("boost", "solar_only"):  # a boost that is ended at once, and no boost at all
        asked = {"load": "left", "mode": mode, "minutes": 0.01}
        await home.call("pyscript.loadjuggler_set_mode", asked)
    await living.reaches("no sun, no boost", left=0.0)
    choose(home, "Boost")
    await living.reaches("it is boosted by hand", left=16.0)
    await home.settle(1.0)
    assert living.draws == {"left": 16.0}


async def test_minutes_of_a_boost_that_was_ended_by_hand_do_not_count_for_the_next(
    home: Home,
) -> None:
    living = Living(home)
    await start_with_a_mode_entity(home, living)  # 60 min by the form
    boost = {"load": "left", "mode": "boost", "minutes": 0.02}
    await home.call("pyscript.loadjuggler_set_mode", boost)
    await home.wait_until(lambda: living.draws["left"] == 16.0, "it takes from the grid")
    choose(home, "Solar_only")
    await living.reaches("ended by hand", left=0.0)
    choose(home, "Boost")
    await living.reaches("begun by hand", left=16.0)
    await home.settle(1.5)
    assert living.draws == {"left": 16.0}


async def test_a_boost_and_the_mode_before_survive_a_restart(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    living = Living(home, draws={"left": 0.0})
    await living.start()
    await register(home, "site", site_form(solar_entity="sensor.solar"))
    await register(home, "charger", charger_form("Left", **impatient()))
    await living.reaches("standard", left=16.0)
    set_mode = "pyscript.loadjuggler_set_mode"
    await home.call(set_mode, {"load": "left", "mode": "solar_only"})
    await living.reaches("no sun", left=0.0)
    await home.call(set_mode, {"load": "left", "mode": "boost", "minutes": 90})
    await living.reaches("it is boosted", left=16.0)
    home.calls.clear()
    await home.restart(*READY, boot=living.show)
    await home.wait_until(lambda: home.state(STATUS) == "ok", "it runs again")
    await living.reaches("it still is", left=16.0)
    assert home.calls == []
    # An hour later, and two.
    flow = sys.modules["loadjuggler.flow"]
    run = flow.run
    for later_s, left_a in ((3600, 16.0), (7200, 0.0)):

        def later(*args: Any, later_s: float = later_s, **named: Any) -> Any:
            site, memory, snapshot, now, options = args
            return run(site, memory, snapshot, now + later_s, options, **named)

        monkeypatch.setattr(flow, "run", later)
        await living.reaches("90 minutes, then what was set before", left=left_a)
    assert home.attributes("sensor.loadjuggler_left_status")["mode"] == "solar_only"
    assert home.errors() == []


WAYS = ("shared", "priority", "strict", "optimized")


async def two_cars_of_24_a(home: Home) -> Living:
    """Two standard cars of 6 to 16 A, for which a breaker has 24 A; the left one goes first."""
    living = Living(home, house_a=1.0, draws={"left": 0.0, "right": 0.0})
    await living.start()
    await register(home, "site", site_form(distribution="shared"))
    for node, priority in (("Left", 1), ("Right", 2)):
        await register(home, "charger", charger_form(node, priority=priority))
    await living.reaches("they share", left=12.0, right=12.0)
    return living


@pytest.mark.parametrize("way", WAYS)
async def test_a_boosted_car_is_filled_before_one_in_mode_standard(home: Home, way: str) -> None:
    """24 A, two cars of 6 to 16 A, one boosted: 16 and 8 in every way of sharing."""
    living = await two_cars_of_24_a(home)
    usual = {"shared": (12.0, 12.0)}.get(way, (16.0, 8.0))
    await home.call("pyscript.loadjuggler_set_distribution", {"distribution": way})
    await living.reaches("they share as usual", left=usual[0], right=usual[1])
    answer = await home.call("pyscript.loadjuggler_boost", {"load": "right"}, response=True)
    assert answer["ok"]
    await living.reaches("the right one is boosted", left=8.0, right=16.0)
    await home.call("pyscript.loadjuggler_resume", {"load": "right"})
    await living.reaches("the boost is over", left=usual[0], right=usual[1])
    assert home.errors() == []


async def test_a_boosted_car_runs_where_only_one_can(home: Home) -> None:
    """The house takes 14 A of 25: 11 A are one minimum, and it is that of the boosted car."""
    living = await two_cars_of_24_a(home)
    living.set(house_a=14.0)
    await living.reaches("the left one goes first", left=11.0, right=0.0)
    await home.call("pyscript.loadjuggler_boost", {"load": "right"})
    await living.reaches("the boosted one goes first", left=0.0, right=11.0)
    assert home.errors() == []
