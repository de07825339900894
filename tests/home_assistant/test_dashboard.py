"""loadjuggler_dashboard in real pyscript: an answer for this Home Assistant, in its language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from homeassistant.const import MAJOR_VERSION, MINOR_VERSION
from homeassistant.helpers.template import Template
from markdown_it import MarkdownIt

from tests.home_assistant.harness import Home
from tests.home_assistant.house import (
    QUICK,
    READY,
    charger_form,
    form,
    register,
    set_charger,
    set_meters,
    set_options,
    site_form,
)

pytestmark = [pytest.mark.pyscript, pytest.mark.any_pyscript]


async def test_it_is_made_for_this_home_assistant_in_its_language(home: Home) -> None:
    set_options(home, **QUICK)
    await home.start(*READY, "pyscript.loadjuggler_dashboard")
    set_meters(home, 5)
    set_charger(home, "left", status="Preparing")
    empty = await home.call("pyscript.loadjuggler_dashboard", response=True)
    assert not empty["ok"]

    await register(home, "site", site_form())
    await register(home, "charger", charger_form("Left"))
    told = "sensor.loadjuggler_left_allocated_current"
    await home.wait_until(lambda: home.state(told), "the car is there")
    answer = await home.call("pyscript.loadjuggler_dashboard", response=True)
    assert answer["ok"]
    assert "Raw configuration editor" in answer["note"]
    (view,) = answer["views"]
    assert view["type"] == "sections"
    assert told in str(view)
    # Tiles have bars with a range of their own from 2025.12 on.
    assert ("bar-gauge" in str(view)) == ((MAJOR_VERSION, MINOR_VERSION) >= (2025, 12))

    home.hass.config.language = "sl"
    answer = await home.call("pyscript.loadjuggler_dashboard", response=True)
    assert "Glavni odklopnik" in str(answer["views"])
    assert home.errors() == []


EVIL = "</ha-alert><img src=http://evil.example/p.png>[pay here](http://evil.example)"


def contents(part: Any) -> Iterator[str]:
    """The templates of all Markdown cards."""
    if isinstance(part, dict):
        if part.get("type") == "markdown":
            yield part["content"]
        for value in part.values():
            yield from contents(value)
    elif isinstance(part, list):
        for value in part:
            yield from contents(value)


async def test_names_and_states_of_others_are_text_and_nothing_else(home: Home) -> None:
    """A status sensor and the names in two forms hold HTML, a picture and a link."""
    set_options(home, **QUICK)
    home.record("number.set_value")
    await home.start(*READY, "pyscript.loadjuggler_dashboard")
    set_meters(home, 5)
    home.set_state("number.box", "6", unit_of_measurement="A", min=0, max=32, step=1)
    home.set_state("sensor.box_current", "6", unit_of_measurement=EVIL[:40])
    home.set_state("sensor.box_status", EVIL)
    set_charger(home, "left", 6, transaction=1)
    await register(home, "site", site_form())
    await register(home, "charger", {**charger_form("left"), "name": f"{EVIL} *Left* car_1_"})
    sensors = {"current_entity": "sensor.box_current", "status_entity": "sensor.box_status"}
    box = {**form("box"), "setting_entity": "number.box", **sensors}
    assert (await register(home, "number_charger", box))["ok"]
    warned = lambda: EVIL[:20] in str(home.attributes("sensor.loadjuggler_status"))
    await home.wait_until(warned, "the odd unit is told")
    views = (await home.call("pyscript.loadjuggler_dashboard", response=True))["views"]
    texts = [Template(one, home.hass).async_render(parse_result=False) for one in contents(views)]
    texts += [c.data["message"] for c in home.calls_of("persistent_notification.create")]
    for load in (f"{EVIL} *Left* car_1_", "box"):
        answer = await home.call("pyscript.loadjuggler_explain", {"load": load}, response=True)
        texts.append(answer["text"])
    reader = MarkdownIt("gfm-like", {"html": True, "linkify": False})
    shown = [reader.render(text) for text in texts]
    assert any("evil.example" in text for text in shown)
    for text in shown:
        own = '<img src="/local/loadjuggler/'  # the picture of the wiring
        assert re.findall(r"<(?:img|a)\b", text.replace(own, "")) == []
        assert text.count("<ha-alert") == text.count("</ha-alert>") <= 1
