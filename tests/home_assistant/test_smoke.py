"""The harness itself: real pyscript loads a script, reacts, calls services, reloads, restarts."""

import os
from types import SimpleNamespace

import pytest
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import frame

from tests.home_assistant import harness
from tests.home_assistant.harness import Home

PROBE = """
@service("pyscript.probe_add", supports_response="optional")
def probe_add(a=0, b=0):
    \"\"\"yaml
name: Add
description: Adds two numbers.
\"\"\"
    return {"sum": a + b, "version": VERSION}


@state_trigger("sensor.grid_a")
def changed(value=None, **kwargs):
    if value not in ("unknown", "unavailable") and float(value) > 25:
        try:
            service.call("ocpp", "set_charge_rate", devid="left", blocking=True)
        except Exception as error:
            state.set("pyscript.probe_error", str(error))
"""


def write_probe(home: Home, version: int) -> None:
    for project_file in (home.config / "pyscript").glob("*.py"):
        project_file.unlink()
    home.write_script(f"VERSION = {version}\n{PROBE}")


@pytest.mark.pyscript
async def test_a_script_reacts_answers_and_reloads(home: Home) -> None:
    write_probe(home, version=1)
    await home.start("pyscript.probe_add")
    answer = await home.call("pyscript.probe_add", {"a": 2, "b": 3}, response=True)
    assert answer == {"sum": 5, "version": 1}

    home.set_state("sensor.grid_a", 20, unit_of_measurement="A")
    home.set_state("sensor.grid_a", 26, unit_of_measurement="A")
    await home.wait_until(lambda: home.calls, "the overload made a call")
    assert [(call.service, call.data) for call in home.calls] == [
        ("ocpp.set_charge_rate", {"devid": "left"})
    ]

    write_probe(home, version=2)
    await home.reload_pyscript()
    answer = await home.call("pyscript.probe_add", {"a": 2, "b": 3}, response=True)
    assert answer == {"sum": 5, "version": 2}
    assert home.errors() == []


@pytest.mark.pyscript
async def test_a_failing_service_can_be_caught(home: Home) -> None:
    def refuse(_call: object) -> None:
        raise HomeAssistantError("charger left is unavailable")

    write_probe(home, version=1)
    home.record("ocpp.set_charge_rate", refuse)
    await home.start("pyscript.probe_add")
    home.set_state("sensor.grid_a", 26)
    await home.wait_until(lambda: home.state("pyscript.probe_error"), "the error was caught")
    assert home.state("pyscript.probe_error") == "charger left is unavailable"


@pytest.mark.pyscript
async def test_automations_call_services_and_are_reloaded(home: Home) -> None:
    write_probe(home, version=1)
    automation = {
        "id": "1001",
        "alias": "Adds",
        "triggers": [{"trigger": "event", "event_type": "add_now"}],
        "actions": [
            {
                "action": "pyscript.probe_add",
                "data": {"a": 4, "b": 5},
                "response_variable": "answer",
            },
            {"action": "switch.turn_on", "data": {"sum": "{{ answer.sum }}"}},
        ],
    }
    await home.start("pyscript.probe_add")
    home.set_automations([automation])
    await home.reload_automations()
    await home.wait_until(lambda: home.state("automation.adds") == "on", "the automation is on")
    home.fire("add_now")
    await home.wait_until(lambda: home.calls_of("switch.turn_on"), "the automation has run")
    assert home.calls[0].data == {"sum": 9}


@pytest.mark.pyscript
async def test_restart_loads_everything_afresh(home: Home) -> None:
    write_probe(home, version=1)
    await home.start("pyscript.probe_add")
    home.set_state("sensor.grid_a", 20)
    write_probe(home, version=2)
    await home.restart("pyscript.probe_add")
    assert home.state("sensor.grid_a") is None
    answer = await home.call("pyscript.probe_add", response=True)
    assert answer == {"sum": 0, "version": 2}
    home.set_state("sensor.grid_a", 26)
    await home.wait_until(lambda: home.calls, "the overload made a call after the restart")
    assert len(home.calls) == 1


@pytest.mark.any_pyscript
@pytest.mark.pyscript
async def test_what_is_outdated_in_an_integration_is_logged_and_done(home: Home) -> None:
    write_probe(home, version=1)
    await home.start("pyscript.probe_add")
    await home.restart("pyscript.probe_add")
    frame.report_usage("passes an outdated parameter", integration_domain="pyscript")
    messages = [entry.getMessage() for entry in home.log.records]
    assert any("'pyscript' passes an outdated parameter" in message for message in messages)


@pytest.mark.parametrize(("processes", "comes_in_time"), [(2.0, False), (8.0, True)])
async def test_what_comes_late_on_a_busy_machine_is_waited_for(
    home: Home, monkeypatch: pytest.MonkeyPatch, processes: float, comes_in_time: bool
) -> None:
    """It comes after 60 s of a clock that is played; on an idle machine 30 s are enough."""
    monkeypatch.setattr(os, "getloadavg", lambda: (processes, 0.0, 0.0))
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    passed_s = [0.0]
    monkeypatch.setattr(harness, "time", SimpleNamespace(monotonic=lambda: passed_s[0]))

    def comes() -> bool:
        passed_s[0] += 1.0
        return passed_s[0] >= 60.0

    if comes_in_time:
        assert await home.wait_until(comes)
    else:
        with pytest.raises(AssertionError, match="after 30 s still not true"):
            await home.wait_until(comes)


@pytest.mark.ocpp
async def test_the_ocpp_integration_is_found(home: Home) -> None:
    await home.start()
    from homeassistant.loader import async_get_integration

    integration = await async_get_integration(home.hass, "ocpp")
    assert integration.documentation.startswith("https://github.com/lbbrhzn/ocpp")
