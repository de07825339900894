"""The script blueprints in real Home Assistant with real pyscript."""

import pytest
import yaml
from homeassistant.setup import async_setup_component

from tests.home_assistant.harness import PROJECT, Home
from tests.home_assistant.test_asking import REASON, charging

pytestmark = pytest.mark.pyscript


async def make(home: Home, **inputs: dict[str, object]) -> None:
    """Make scripts as the form of the blueprint of each name does, with what is filled in."""
    scripts = {
        name: {"use_blueprint": {"path": f"loadjuggler/{name}.yaml", "input": values}}
        for name, values in inputs.items()
    }
    assert await async_setup_component(home.hass, "script", {"script": scripts})
    await home.hass.async_block_till_done()


async def test_pause_and_boost_are_buttons_of_one_load(home: Home) -> None:
    living = await charging(home)
    await make(home, pause={"load": "Left", "minutes": 20}, boost={"load": "Left"})
    await home.call("script.pause", {})
    await living.reaches("it rests", left=0.0)
    assert home.state(REASON).startswith("Paused by you for 20 min.")
    await home.call("script.boost", {})
    await living.reaches("it is boosted", left=16.0)
    assert home.attributes("sensor.loadjuggler_left_status")["mode"] == "boost"


async def test_a_wrong_name_is_told_to_who_pressed_the_button(home: Home) -> None:
    await charging(home)
    await make(home, pause={"load": "Bike"})
    await home.call("script.pause", {})
    messages = [call.data["message"] for call in home.calls_of("persistent_notification.create")]
    told = [text for text in messages if "that no form names" not in text]  # it was there first
    assert told == ["There is no load called 'Bike': Left."]


@pytest.mark.parametrize("name", ["boost", "pause"])
def test_a_script_blueprint_names_no_place_that_it_came_from(name: str) -> None:
    """With one, importing it anew would write over what a user's own copy says."""
    text = (PROJECT / f"blueprints/script/loadjuggler/{name}.yaml").read_text(encoding="utf-8")
    loader = type("Loader", (yaml.SafeLoader,), {})
    loader.add_constructor("!input", lambda _loader, node: node.value)
    found = yaml.load(text, Loader=loader)
    assert found["blueprint"]["domain"] == "script"
    assert "source_url" not in found["blueprint"]
