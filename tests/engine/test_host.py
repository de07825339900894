"""The host with played hands: what a run does and in what order, calls, what services ask."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Mapping
from typing import Any

import pytest
from loadjuggler import flow
from loadjuggler.calls import ServiceCall
from loadjuggler.runtime.answers import ANSWERS, answer
from loadjuggler.runtime.host import DISCOVER
from loadjuggler.runtime.services import ONLY, SERVICES

from .discovery.test_registered import RENAMED
from .house import charger_form, site_form
from .played import Played, register, told, until

STATUS = "sensor.loadjuggler_status"
BOILER = "sensor.loadjuggler_boiler_status"


# --- a run ----------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.version_info < (3, 12), reason="before 3.12 no task starts at once")
async def test_a_run_calls_first_then_shows_then_tells(played: Played) -> None:
    host = await played.wired()
    host.run()
    kinds = [kind for kind, _, _ in played.done]
    assert played.calls() == ["switch.turn_on"]
    assert kinds[0] == "call"
    assert "set" in kinds
    played.done.clear()
    played.show("switch.boiler", "on")
    played.show("sensor.grid_a", 30.0, unit_of_measurement="A")  # 5 A above its 25 A
    host.run()
    kinds = [kind for kind, _, _ in played.done]
    assert played.calls() == ["switch.turn_off"]
    assert kinds[0] == "call"
    assert "fire" in kinds
    assert "set" not in kinds[kinds.index("fire") :]


NOTICE = "persistent_notification.create"


def shown(played: Played) -> tuple[str, str]:
    """The status of the site, and what it says."""
    state, attributes, _ = played.states[STATUS]
    return state, str(attributes.get("message", ""))


async def test_a_sensor_that_can_not_be_read_hides_no_other(
    played: Played, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The meter of A shows 30 A, 5 A above its breaker, so the boiler goes off whatever C does."""
    host = await played.wired()
    host.cycle()
    await until(played.calls)
    played.show("switch.boiler", "on")
    played.show("sensor.grid_a", 30.0, unit_of_measurement="A")
    read = played.state

    def crooked(entity_id: str) -> Any:
        if entity_id == "automation.site":
            raise KeyError("crooked")
        return read(entity_id)

    with monkeypatch.context() as patched:
        patched.setattr(played, "state", crooked)
        host.cycle()
        await until(lambda: "switch.turn_off" in played.calls())
        host.cycle()
        assert shown(played)[0] == "error"
        assert "KeyError: 'crooked'" in shown(played)[1]
    await until(lambda: played.calls().count(NOTICE) == 1)
    assert len(told(caplog, "This should not happen")) == 1
    host.cycle()
    assert shown(played)[0] == "error", "the cycle before it failed"
    host.cycle()
    assert shown(played)[0] != "error"
    await until(lambda: "persistent_notification.dismiss" in played.calls())


async def test_what_fails_in_the_shell_is_told_by_the_next_cycle(played: Played) -> None:
    """The shell makes the triggers after each cycle. While it can't, the ticks go on."""
    host = await played.wired()
    for _ in range(3):
        host.cycle()
        host.complain_once(RuntimeError("no trigger"))
        assert host.wake.is_set() or shown(played)[0] == "error"
    assert "RuntimeError: no trigger" in shown(played)[1]
    await until(lambda: played.calls().count(NOTICE) == 1)
    host.cycle()
    host.cycle()
    assert shown(played)[0] == "ok"


@pytest.mark.parametrize("name", ["sensor.a b", "sensor", "a.b.c.d", "", "sensor.a\n"])
async def test_a_name_that_can_not_be_followed_is_left_out_and_told(
    name: str, played: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = await played.wired()
    good = host.followed()
    every = [one for group in good.values() for one in group]
    monkeypatch.setattr(host.keeper, "triggers", lambda: (name, *every))
    assert host.followed() == good
    host.cycle()
    assert shown(played)[0] == "error"
    assert "can't be followed" in shown(played)[1]


async def test_an_entity_that_can_not_be_set_stops_no_other(
    played: Played, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = await played.wired()
    put = played.set_entity

    def choosy(entity_id: str, value: str, attributes: Mapping[str, Any]) -> None:
        if entity_id == BOILER:
            raise ValueError("no such id")
        put(entity_id, value, attributes)

    monkeypatch.setattr(played, "set_entity", choosy)
    host.cycle()
    assert BOILER not in played.states
    assert "sensor.loadjuggler_boiler_reason" in played.states
    assert shown(played)[0] == "ok"
    host.cycle()
    assert shown(played)[0] == "error"
    assert len(told(caplog, "This should not happen")) == 1


async def test_calls_go_out_although_no_entity_can_be_set(
    played: Played, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = await played.wired()

    def refuse(*_: Any) -> None:
        raise ValueError("no such state")

    monkeypatch.setattr(played, "set_entity", refuse)
    host.run()
    await until(played.calls)
    assert played.calls() == ["switch.turn_on"]
    assert len(told(caplog, "This should not happen")) == 1


async def test_what_should_not_happen_is_told_once_and_the_next_run_works(
    played: Played, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = await played.wired()

    def broken(*_: Any) -> float:
        raise ValueError("no time zone")

    with monkeypatch.context() as patched:
        patched.setattr(played, "utc_offset_s", broken)
        for _ in range(3):
            host.run()
    await until(lambda: played.calls() == [NOTICE])
    state, message = shown(played)
    assert state == "error"
    assert "ValueError: no time zone" in message
    [logged] = [entry for entry in caplog.records if "This should not happen" in entry.getMessage()]
    assert logged.exc_info
    host.run()
    await until(lambda: "switch.turn_on" in played.calls())
    assert shown(played)[0] == "ok"


async def test_an_error_in_the_engine_is_told_with_the_run(
    played: Played, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = await played.wired()

    def broken(*_: Any, **_named: Any) -> Any:
        raise RuntimeError("a mistake in the engine")

    monkeypatch.setattr(flow, "run", broken)
    host.run()
    assert len(told(caplog, "a mistake in the engine")) == 1
    assert played.states[STATUS][0] == "error"


async def test_entities_of_a_load_that_is_gone_are_removed(played: Played) -> None:
    host = await played.wired()
    host.run()
    assert played.states[BOILER][0]
    played.show("automation.boiler", "off")
    host.run()
    assert BOILER not in played.states
    assert ("remove", BOILER, None) in played.done


async def test_a_run_is_given_the_time_and_the_language_that_there_are_now(
    played: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = await played.wired()
    played.time += 60
    monkeypatch.setattr(played, "language", lambda: "sl")
    host.run()
    given = host.keeper.given
    assert (given.now, given.utc_offset_s, given.language) == (played.time, 3600.0, "sl")


async def test_only_what_is_watched_is_read(played: Played) -> None:
    host = await played.wired()
    asked: set[str] = set()

    def state(entity_id: str) -> Any:
        asked.add(entity_id)
        return played.states.get(entity_id)

    played.state = state  # type: ignore[method-assign]
    host.run()
    assert asked == host.keeper.watched()


async def test_blueprints_are_asked_at_first_and_when_it_is_wanted(played: Played) -> None:
    host = await played.wired()
    asked = lambda: [what for kind, what, _ in played.done if what == DISCOVER]
    host.cycle()
    host.cycle()
    assert len(asked()) == 1
    host.discover = True
    host.cycle()
    assert len(asked()) == 2


async def test_the_next_run_waits_for_a_change(played: Played) -> None:
    host = await played.wired(tick_s=3600, join_s=0)
    host.run()
    waiting = asyncio.create_task(host.next_run())
    await asyncio.sleep(0.01)
    assert not waiting.done()
    host.wake.set()
    await waiting


async def test_the_next_run_comes_with_the_tick_although_nothing_changes(played: Played) -> None:
    host = await played.wired(tick_s=5, join_s=0)
    host.run()
    played.time += 5
    await host.next_run()
    assert not host.wake.is_set()


async def test_changes_just_after_a_run_are_joined_into_the_next(
    played: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = await played.wired(tick_s=5, join_s=0.5)
    host.run()
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    played.time += 0.2
    host.wake.set()
    await host.next_run()
    assert slept == [pytest.approx(0.3)]


async def test_no_trigger_follows_two_names_of_an_entity(played: Played) -> None:
    host = await played.wired()
    assert register(host, charger_form("left"))["ok"]
    current = {"unit_of_measurement": "A", "L1": 0, "L2": 0, "L3": 0}
    played.show("sensor.left_current_import", 0, **current)
    played.show("sensor.left_status_connector", "Available")
    host.run()
    groups = host.followed()
    assert {"", "L1", "L2", "L3"} == set(groups)
    for names in groups.values():
        entities = [".".join(name.split(".")[:2]) for name in names]
        assert len(entities) == len(set(entities))


async def test_what_is_missing_of_a_charger_is_looked_for_among_all_states(
    played: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = await played.wired()
    assert register(host, charger_form("left"))["missing"]
    looked: list[set[str]] = []
    host.cycle()
    assert host.keeper.search.due(played.time)
    monkeypatch.setattr(host.keeper.registry, "look", lambda states: looked.append(set(states)))
    host.cycle()
    assert looked == [set(played.states)]
    host.cycle()  # just looked, and nothing has changed
    assert len(looked) == 1


async def test_a_charger_that_no_form_names_is_seen_if_somebody_wants_to_know(
    played: Played,
) -> None:
    host = await played.wired()
    assert register(host, site_form(notify_new_charger=True))["ok"]
    for name, value in (("status_connector", "Available"), ("current_import", "0")):
        played.show(f"sensor.garage_{name}", value)
    host.cycle()
    assert host.keeper.newcomers.names == ("garage",)


# --- calls ----------------------------------------------------------------------------------------


async def test_a_call_that_fails_is_told_once_and_followed_by_a_run(
    played: Played, caplog: pytest.LogCaptureFixture
) -> None:
    async def refuse(*_: Any) -> None:
        raise ValueError("the switch is gone")

    host = await played.wired()
    played.behaviour = refuse
    host.run()
    await until(host.wake.is_set)
    for _ in range(5):
        played.time += 300
        host.run()
        await asyncio.sleep(0.01)
    assert len(played.calls()) > 1
    assert len(told(caplog, "the switch is gone")) == 1
    played.behaviour = None
    played.time += 300
    host.run()
    await until(lambda: host.keeper.memory.load("boiler").calls.failures == 0)


async def test_a_call_without_an_answer_is_given_up(
    played: Played, caplog: pytest.LogCaptureFixture
) -> None:
    async def hang(*_: Any) -> None:
        await asyncio.Event().wait()

    host = await played.wired(call_timeout_s=0.01)
    played.behaviour = hang
    host.run()
    await until(host.wake.is_set)
    assert told(caplog, "A call for boiler failed: no answer in 0.01 s")


async def test_what_a_call_asks_for_is_handed_back(played: Played) -> None:
    async def in_watts(service: str, _data: Mapping[str, Any]) -> Any:
        return {"value": "Power"} if service == "ocpp.get_configuration" else None

    host = await played.wired()
    played.behaviour = in_watts
    assert register(host, charger_form("left", rate_unit="auto"))["ok"]
    played.show("automation.left", "on")
    played.show("sensor.left_status_connector", "Preparing")
    host.run()
    await until(lambda: host.keeper.memory.load("left").profiles.unit == "W")
    assert played.asked == {"ocpp.get_configuration"}


# --- services -------------------------------------------------------------------------------------


def test_each_service_that_is_described_does_something() -> None:
    assert set(ANSWERS) == set(SERVICES)
    assert {one.name for one in SERVICES.values() if one.response == ONLY} == {
        "suggest",
        "dashboard",
    }


@pytest.mark.parametrize("name", [name for name in SERVICES if name != "check_wiring"])
async def test_each_service_answers_whatever_it_is_sent(played: Played, name: str) -> None:
    host = await played.wired()
    host.run()
    for data in ({}, {"load": "boiler"}, {"load": None, "minutes": "x", "mode": []}):
        said = await answer(host, name, data)
        assert isinstance(said, dict)
        json.dumps(said)


async def test_an_entity_that_is_wired_is_written_and_a_failure_is_the_answer(
    played: Played, caplog: pytest.LogCaptureFixture
) -> None:
    host = await played.wired()
    played.show("input_number.order", 2)
    form = {**charger_form("left"), "priority_entity": "input_number.order"}
    assert register(host, form)["ok"]
    played.show("automation.left", "on")
    host.run()
    played.done.clear()
    wanted = {"load": "left", "priority": 1}
    assert (await answer(host, "set_priority", wanted))["ok"]
    data = {"entity_id": "input_number.order", "value": 1.0}
    assert ("call", "input_number.set_value", data) in played.done

    async def refuse(service: str, _data: Mapping[str, Any]) -> None:
        raise ValueError(f"{service} is not possible")

    played.behaviour = refuse
    said = await answer(host, "set_priority", wanted)
    assert said == {"ok": False, "message": "input_number.set_value is not possible"}
    assert told(caplog, "input_number.set_value is not possible")


async def test_a_mode_is_written_to_the_entity_that_is_wired_for_it(played: Played) -> None:
    host = await played.wired()
    played.show("input_select.mode", "standard", options=["standard", "off"])
    wired = charger_form("left", mode_entity="input_select.mode")
    assert register(host, wired)["ok"]
    host.run()
    assert (await answer(host, "set_mode", {"load": "left", "mode": "off"}))["ok"]
    data = {"entity_id": "input_select.mode", "option": "off"}
    assert ("call", "input_select.select_option", data) in played.done


async def test_a_form_wakes_the_run_and_its_entities_are_found(played: Played) -> None:
    host = await played.wired()
    host.wake.clear()
    played.show("sensor.left_status_connector", "Available")
    assert "sensor.left_status_connector" in register(host, charger_form("left"))["found"].values()
    assert host.wake.is_set()


async def test_a_check_of_what_can_not_be_checked_is_answered_at_once(played: Played) -> None:
    host = await played.wired()
    said = await answer(host, "check_wiring", {"load": "attic"})
    assert not said["ok"]
    assert "attic" in said["message"]


async def test_the_registry_finds_a_renamed_charger_and_says_who_gets_calls(played: Played) -> None:
    """Nothing is sent before a charger was looked for, nor while another entry gets the calls."""
    host = await played.open()
    for phase in "abc":
        played.show(f"sensor.grid_{phase}", 4.0, unit_of_measurement="A")
    for key, (entity, value) in RENAMED.items():
        played.show(entity, value, **({"unit_of_measurement": "A"} if value == "7.0" else {}))
        played.registry.append((entity, f"ocpp.charger.{key}.sensor", "one", ""))
    played.answering = "two"
    for form in (site_form(), charger_form("car", devid="charger")):
        assert register(host, form)["ok"]
        played.show(f"automation.{'site' if form['kind'] == 'site' else 'car'}", "on")
    for _ in range(3):
        played.time += 5.0
        host.cycle()
        await asyncio.sleep(0)
    assert "ocpp.set_charge_rate" not in played.calls()
    played.answering = "one"
    for _ in range(3):
        played.time += 5.0
        host.cycle()
        await asyncio.sleep(0)
    told = [data for _, what, data in played.done if what == "ocpp.set_charge_rate"]
    assert {data["devid"] for data in told} == {"CP-1"}


async def test_calls_that_fail_each_other_time_are_logged_once_in_ten_minutes(
    played: Played, caplog: pytest.LogCaptureFixture
) -> None:
    host = await played.wired(picture_s=0)
    host.run()
    call = ServiceCall("boiler", "switch", "turn_on", {}, delivers=(10.0, 0, None))
    for number in range(200):
        played.time += 5
        host._call_ended(call, "no luck" if number % 2 else None, None)
    assert len(told(caplog, "A call for boiler failed: no luck")) == 2, "1000 s"
