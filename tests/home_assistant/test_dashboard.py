"""loadjuggler_dashboard in real pyscript: an answer for this Home Assistant, in its language."""

from __future__ import annotations

import pytest
from homeassistant.const import MAJOR_VERSION, MINOR_VERSION

from tests.home_assistant.harness import Home
from tests.home_assistant.house import (
    QUICK,
    READY,
    charger_form,
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
