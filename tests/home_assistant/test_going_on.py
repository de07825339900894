"""What is done to the automation of a car while it is boosted, in real pyscript: all goes on."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.home_assistant.harness import Home
from tests.home_assistant.house import automation, charger_form
from tests.home_assistant.test_lifecycle import garage, start_with_garage

pytestmark = pytest.mark.pyscript

LEFT = charger_form("Left", circuit="Garage")
STATUS = "sensor.loadjuggler_left_status"


def stored(home: Home) -> Mapping[str, Any]:
    """The memory in the file."""
    path = home.config / ".storage" / "loadjuggler"
    found: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))["memory"]
    return found


def boost_at(home: Home) -> float | None:
    found: float | None = stored(home)["loads"].get("left", {}).get("chosen", {}).get("boost_at")
    return found


def energy_wh(home: Home) -> float:
    return float(stored(home)["tallies"].get("left", {}).get("wh", 0.0))


async def reloaded(home: Home, automations: list[dict[str, Any]]) -> None:
    home.set_automations(automations)
    await home.reload_automations()


async def refused(home: Home) -> None:
    wrong = automation("charger", {**LEFT, "priority": "first"})
    await reloaded(home, [wrong, *garage()[1:]])
    await home.settle(0.5)
    await reloaded(home, garage())


async def off_and_on(home: Home) -> None:
    await home.call("automation.turn_off", {"entity_id": "automation.left"})
    await home.wait_until(lambda: home.state(STATUS) is None, "it is off")
    await home.call("automation.turn_on", {"entity_id": "automation.left"})


async def renamed(home: Home) -> None:
    blue = automation("charger", {**LEFT, "name": "Blue car"})
    await reloaded(home, [blue, *garage()[1:]])


async def made_again(home: Home) -> None:
    await reloaded(home, garage()[1:])
    await home.wait_until(lambda: home.state(STATUS) is None, "it is gone")
    await home.settle(0.5)
    await reloaded(home, [automation("charger", {**LEFT, "node": "another"}), *garage()[1:]])


@pytest.mark.parametrize("way", [refused, off_and_on, renamed, made_again])
async def test_a_boost_goes_on_and_so_does_the_energy(home: Home, way: Callable[..., Any]) -> None:
    await start_with_garage(home, save_s=0.2)
    data = {"load": "Left", "minutes": 30}
    answer = await home.call("pyscript.loadjuggler_boost", data, response=True)
    assert answer["ok"], answer
    await home.wait_until(lambda: boost_at(home) and energy_wh(home) > 2.0, "it is boosted")
    began, before = boost_at(home), energy_wh(home)
    await way(home)
    await home.wait_until(
        lambda: home.attributes(STATUS).get("mode") == "boost", "it is boosted again"
    )
    after = energy_wh(home)
    assert after >= before
    await home.wait_until(lambda: energy_wh(home) > after + 1.0, "its energy is counted on")
    assert boost_at(home) == began, "it did not begin anew"
    assert home.state("sensor.loadjuggler_left_2_status") is None
