"""A wallbox that an input_number sets, wired by its blueprint, in real pyscript."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
import yaml
from homeassistant.core import Event
from homeassistant.helpers import issue_registry

from tests.home_assistant.harness import Home
from tests.home_assistant.house import QUICK, READY, set_meters
from tests.home_assistant.test_with_blueprints import filled_in

pytestmark = [pytest.mark.pyscript, pytest.mark.any_pyscript]

AMPS, SWITCH = "input_number.wallbox", "input_boolean.wallbox"
HELPERS = {
    "input_number": {
        "wallbox": {"min": 6, "max": 16, "step": 1, "initial": 16, "unit_of_measurement": "A"}
    },
    "input_boolean": {"wallbox": {"initial": True}},
    "input_select": {"wallbox": {"options": ["off", "6 A", "10 A", "16 A"], "initial": "16 A"}},
}


@dataclass
class Wallbox:
    """A three-phase wallbox that does what Home Assistant's helpers say, and a meter above it."""

    home: Home
    setting: str = AMPS
    house_a: float = 5.0

    def amps(self) -> float:
        """What the car takes on each phase: all that it may."""
        if self.home.state(SWITCH) != "on":
            return 0.0
        shown = str(self.home.state(self.setting)).removesuffix(" A")
        return 0.0 if shown == "off" else float(shown)

    def show(self, _event: Event | None = None) -> None:
        """Set its power, and what the meter shows then."""
        power = self.amps() * 690
        self.home.set_state("sensor.wallbox_power", power, unit_of_measurement="W")
        set_meters(self.home, self.house_a + self.amps())

    def takes(self, house_a: float) -> None:
        """The house takes so much on each phase from now on."""
        self.house_a = house_a
        self.show()


async def start(home: Home, **inputs: Any) -> Wallbox:
    """Home Assistant with a 25 A house and such a wallbox, wired by blueprints."""
    text = (home.config / "configuration.yaml").read_text(encoding="utf-8")
    made = yaml.safe_dump({**HELPERS, "pyscript": {"global": {"loadjuggler": QUICK}}})
    kept = text.partition("automation:")[1] + text.partition("automation:")[2]
    (home.config / "configuration.yaml").write_text(f"{made}{kept}", encoding="utf-8")
    meters = {f"grid_{phase}": f"sensor.grid_{phase}" for phase in "abc"}
    wallbox = {
        "name": "Wallbox",
        "setting_entity": AMPS,
        "power_entity": "sensor.wallbox_power",
        "solar_pause_min": 0,
    }
    home.set_automations(
        [
            filled_in("1700000000001", "site", name="Home", main_breaker_a=25, **meters),
            filled_in("1700000000002", "number_charger", **{**wallbox, **inputs}),
        ]
    )
    box = Wallbox(home, inputs.get("setting_entity", AMPS))
    await home.start(*READY, "pyscript.loadjuggler_register_number_charger", boot=box.show)
    home.hass.bus.async_listen("state_changed", lambda event: _moved(box, event))
    box.show()
    return box


def _moved(box: Wallbox, event: Event) -> None:
    if event.data["entity_id"] in (box.setting, SWITCH):
        box.home.hass.loop.call_soon_threadsafe(box.show)


async def test_an_overload_cuts_it_pauses_it_and_it_comes_back(home: Home) -> None:
    box = await start(home, switch_entity=SWITCH)
    reason = "sensor.loadjuggler_wallbox_reason"
    await home.wait_until(lambda: home.state(reason), "it is wired")
    # 25 A - 15.4 A leave 9.6 A: whole amperes, never rounded up.
    box.takes(15.4)
    await home.wait_until(lambda: home.state(AMPS) == "9.0", "it is cut to 9 A")
    assert home.state(SWITCH) == "on"
    # 25 A - 20 A leave 5 A, less than a car can take.
    box.takes(20)
    await home.wait_until(lambda: home.state(SWITCH) == "off", "it is switched off")
    told = home.attributes(reason)["text"]
    assert f"Paused by switching {SWITCH} off." in told
    box.takes(12)
    await home.wait_until(lambda: home.state(SWITCH) == "on", "it is back")
    await home.wait_until(lambda: home.state(AMPS) == "13.0", "with 25 A - 12 A")
    assert home.errors() == []
    assert not issue_registry.async_get(home.hass).issues


async def test_a_list_is_set_to_the_next_lower_option_and_to_off(home: Home) -> None:
    box = await start(home, setting_entity="input_select.wallbox")
    # 25 A - 11 A leave 14 A: the list has 10 A below that; 25 A - 20 A leave less than 6 A.
    box.takes(11)
    await home.wait_until(lambda: home.state(box.setting) == "10 A", "it is cut to 10 A")
    box.takes(20)
    await home.wait_until(lambda: home.state(box.setting) == "off", "it is paused")
    box.takes(5)
    await home.wait_until(lambda: home.state(box.setting) == "16 A", "it is back")
    assert home.errors() == []


async def test_when_its_automation_is_switched_off_it_is_left_at_its_minimum(home: Home) -> None:
    box = await start(home, switch_entity=SWITCH)
    box.takes(20)
    await home.wait_until(lambda: home.state(SWITCH) == "off", "it is paused")
    await home.call("automation.turn_off", {"entity_id": "automation.wallbox"})
    await home.wait_until(
        lambda: (home.state(AMPS), home.state(SWITCH)) == ("6.0", "on"), "it is let go"
    )
    assert home.errors() == []


async def test_a_form_without_a_measured_draw_is_refused_in_words(home: Home) -> None:
    await start(home, power_entity="")
    status = "sensor.loadjuggler_status"
    await home.wait_until(
        lambda: "Current: it is needed, or Power" in str(home.attributes(status).get("message")),
        "people are told",
    )
