"""Boost, pause, resume, priority and limits as services in real pyscript."""

import json
from typing import Any

import pytest
from homeassistant.helpers.service import async_get_all_descriptions

from tests.home_assistant.harness import Call, Home
from tests.home_assistant.house import Living, charger_form, register, site_form

pytestmark = pytest.mark.pyscript

REASON = "sensor.loadjuggler_left_reason"
NEW = ("boost", "pause", "resume", "set_priority", "set_limits")


async def charging(
    home: Home,
    *,
    hold_s: float = 60.0,
    calm_s: float = 600.0,
    save_s: float = 60.0,
    join_s: float = 0.05,
    show_s: float = 10.0,
    **fields: object,
) -> Living:
    """A car that takes its 16 A from the grid; problems are told after `hold_s`.

    They are over after `calm_s`. What must outlive a restart is stored every `save_s`. Between two
    runs there are `join_s` at least. What changes too often is shown every `show_s`.
    """
    living = Living(home)
    living.draws["left"] = 0.0
    await living.start(hold_s=hold_s, calm_s=calm_s, save_s=save_s, join_s=join_s, show_s=show_s)
    await register(home, "site", site_form())
    await register(home, "charger", charger_form("Left", **fields))
    await living.reaches("it charges", left=16.0)
    return living


async def test_a_pause_and_its_end(home: Home) -> None:
    living = await charging(home)
    asked = {"load": "Left", "minutes": 52}
    answer = await home.call("pyscript.loadjuggler_pause", asked, response=True)
    assert answer == {"ok": True, "message": "Left: paused for 52 min."}
    await living.reaches("it rests", left=0.0)
    assert home.state(REASON).startswith("Paused by you for 52 min.")
    answer = await home.call("pyscript.loadjuggler_resume", {"load": "left"}, response=True)
    assert answer == {"ok": True, "message": "Left: goes on."}
    await living.reaches("it goes on", left=16.0)
    assert home.errors() == []


async def test_a_pause_ends_by_itself_and_by_a_boost(home: Home) -> None:
    living = await charging(home)
    await home.call("pyscript.loadjuggler_pause", {"load": "left", "minutes": 0.02})
    await living.reaches("it rests", left=0.0)
    await living.reaches("it goes on by itself", left=16.0)
    await home.call("pyscript.loadjuggler_pause", {"load": "left"})
    await living.reaches("it rests", left=0.0)
    await home.call("pyscript.loadjuggler_boost", {"load": "left", "minutes": 30})
    await living.reaches("it is boosted", left=16.0)
    assert home.attributes("sensor.loadjuggler_left_status")["mode"] == "boost"


async def test_limits_are_remembered_or_written(home: Home) -> None:
    written = []

    def take(call: Call) -> None:
        written.append(dict(call.data))
        home.set_state("input_number.max", call.data["value"], unit_of_measurement="A")

    home.record("input_number.set_value", take)
    living = await charging(home)
    asked = {"load": "left", "min_current_a": 7, "max_current_a": 10}
    answer = await home.call("pyscript.loadjuggler_set_limits", asked, response=True)
    assert answer == {"ok": True, "message": "Left: minimum 7 A, maximum 10 A."}
    await living.reaches("its new maximum", left=10.0)
    home.set_state("input_number.max", 16, unit_of_measurement="A")
    form = charger_form("Left", max_current_entity="input_number.max")
    await register(home, "charger", form)
    await living.reaches("the entity wins", left=16.0)
    asked = {"load": "left", "max_current_a": 12}
    await home.call("pyscript.loadjuggler_set_limits", asked)
    await living.reaches("what was written to it", left=12.0)
    assert written == [{"entity_id": "input_number.max", "value": 12}]


async def test_what_can_not_be_is_answered_in_words(home: Home) -> None:
    await charging(home)
    asked = {"load": "left", "priority": 99}
    answer = await home.call("pyscript.loadjuggler_set_priority", asked, response=True)
    assert answer == {"ok": False, "message": "'99' is no priority for Left: 1 to 10 is."}


async def test_the_services_are_described(home: Home) -> None:
    await charging(home)
    found = (await async_get_all_descriptions(home.hass))["pyscript"]
    for name in NEW:
        described = found[f"loadjuggler_{name}"]
        assert described["name"].startswith("Load Juggler, ")
        for field, one in described["fields"].items():
            assert {"name", "description", "example", "selector"} <= one.keys(), field


# --- one after the other, without a run in between ------------------------------------------------


async def asked_at_once(home: Home, *services: str) -> None:
    """Call these services, "name" or "name mode", for the left car; each must be answered with ok.

    They follow a run, and the next one comes `join_s` after that: no run comes in between.
    """
    await home.call("pyscript.loadjuggler_recalculate")
    shown = home.attributes("sensor.loadjuggler_left_status")
    for service in services:
        name, _, mode = service.partition(" ")
        data = {"load": "left", **({"mode": mode} if mode else {})}
        answer = await home.call(f"pyscript.loadjuggler_{name}", data, response=True)
        assert answer["ok"], answer
    assert home.attributes("sensor.loadjuggler_left_status") == shown, "a run came in between"


def left(home: Home) -> tuple[str, str | None]:
    """The mode of the left car, and its status."""
    status = "sensor.loadjuggler_left_status"
    return str(home.attributes(status)["mode"]), home.state(status)


async def becomes(home: Home, living: Living, mode: str, draws_a: float) -> None:
    await home.wait_until(lambda: left(home)[0] == mode, f"it is in mode {mode}")
    await living.reaches(f"in mode {mode}", left=draws_a)


@pytest.mark.parametrize("wired", [False, True], ids=["by service", "by an input_select"])
async def test_what_was_answered_is_so_though_no_run_came_in_between(
    home: Home, wired: bool
) -> None:
    def select(call: Call) -> None:
        home.set_state(call.data["entity_id"], call.data["option"])

    home.record("input_select.select_option", select)
    fields = {"mode_entity": "input_select.mode"} if wired else {}
    living = await charging(home, join_s=3.0, **fields)
    if wired:
        home.set_state("input_select.mode", "standard")
    await asked_at_once(home, "set_mode off", "boost")
    await becomes(home, living, "boost", 16.0)
    await asked_at_once(home, "resume")
    await becomes(home, living, "off", 0.0)
    await asked_at_once(home, "set_mode standard", "boost", "pause")
    await becomes(home, living, "boost", 0.0)
    assert left(home)[1] == "paused"
    await asked_at_once(home, "boost", "resume")
    await becomes(home, living, "standard", 16.0)
    await asked_at_once(home, "pause", "boost")
    await becomes(home, living, "boost", 16.0)
    assert home.errors() == []


async def test_what_was_answered_is_in_the_file_in_order(home: Home) -> None:
    """The power may fail in the moment of the answer, before any run."""

    def stored() -> Any:
        return json.loads((home.config / ".storage" / "loadjuggler").read_text(encoding="utf-8"))

    await charging(home, join_s=3.0)
    await asked_at_once(home, "set_mode solar_only", "boost", "pause")
    memory = stored()["memory"]
    assert memory["overrides"]["left mode"]["value"] == "boost"
    chosen = memory["loads"]["left"]["chosen"]
    assert chosen["mode"] == "solar_only"
    assert chosen["paused_at"] is not None
    assert chosen["boost_at"] is not None, "or the boost would begin anew, and end the pause"


async def test_each_of_many_modes_is_seen_at_once(home: Home) -> None:
    """Who tries one after the other sees each; that it changes so often is no flapping."""
    await charging(home, show_s=600.0)
    for mode in ("solar_only", "standard", "excess", "solar_priority", "off") * 2:
        await home.call("pyscript.loadjuggler_set_mode", {"load": "left", "mode": mode})
        await home.wait_until(lambda mode=mode: left(home)[0] == mode, f"it shows {mode}")
        await home.call("pyscript.loadjuggler_boost", {"load": "left"})
        await home.wait_until(lambda: left(home)[0] == "boost", "it shows the boost")
