"""The dashboard in a real browser: every card is there, and what is tapped is done.

The house: 25 A, on each phase 1 A of the household, a boiler of 2 kW (8.7 A) on C, and two cars on
three phases in a garage of 20 A. So the cars share 25 - 1 - 8.7 = 15.3 A.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.browser.trial import House
from tests.browser.window import Window, window

PICTURES = Path(__file__).parent.parent.parent / "out" / "screenshots"
LEFT = "sensor.loadjuggler_left_car_allocated_current"
RIGHT = "sensor.loadjuggler_right_car_allocated_current"


@pytest.fixture
def shared(house: House) -> House:
    """The house, with both cars charging, as at the start."""
    for car in ("left", "right"):
        house.call(
            "input_select/select_option", entity_id=f"input_select.{car}_mode", option="standard"
        )
    house.call("pyscript/loadjuggler_set_mode", load="boiler", mode="continuous")
    house.until(
        lambda: sorted((house.amps(LEFT), house.amps(RIGHT))) == [7.6, 7.7],
        "both cars have half of 15.3 A",
        90.0,
    )
    return house


@pytest.mark.parametrize(
    ("name", "how"),
    [("desktop", {}), ("phone", {"phone": True}), ("dark", {"dark": True})],
)
def test_every_card_is_there(shared: House, browser: Any, name: str, how: dict[str, bool]) -> None:
    with window(browser, shared.address, shared.keys, **how) as shown:
        shown.open("load-juggler")
        shown.shoot(PICTURES / f"{name}.png")
        assert shown.errors() == []
        text = shown.text()
        for words in ("Left car", "Right car", "Boiler", "Garage · 20 A", "Main breaker · 25 A"):
            assert words in text
        # The reasons are there as sentences, not as templates.
        assert "the main breaker (25 A) is full on phase C" in text
        # What has changed is told with its time, in words.
        assert re.search(r"\d\d:\d\d (Left|Right) car", text)
        assert re.search(r"(?<!\d)7\.[67] A · charging", text.replace("\xa0", " "))
        assert "{{" not in text
        assert "undefined" not in text
        # Nothing is wider than the window.
        wide = shown.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0


def test_a_card_that_fails_would_be_noticed(shared: House, browser: Any) -> None:
    """The other tests rely on it: of an unknown card, and of an entity that is not there."""
    bad = [{"type": "no-such-card"}, {"type": "tile", "entity": "sensor.not_there"}]
    good = {"type": "heading", "heading": "Good"}
    view = {"type": "sections", "sections": [{"type": "grid", "cards": [good, *bad]}]}
    new = {"type": "lovelace/dashboards/create", "url_path": "bad-cards", "title": "Bad cards"}
    save = {"type": "lovelace/config/save", "url_path": "bad-cards", "config": {"views": [view]}}
    ask = "what => document.querySelector('home-assistant').hass.callWS(what)"
    with window(browser, shared.address, shared.keys) as shown:
        shown.open("load-juggler")
        shown.page.evaluate(ask, {**new, "mode": "storage"})
        shown.page.evaluate(ask, save)
        shown.open("bad-cards")
        assert len(shown.errors()) >= len(bad)


def test_the_picture_of_the_wiring_loads(shared: House, browser: Any) -> None:
    """It is drawn within seconds, and stands where its list would be."""

    def picture() -> str:
        attributes = shared.states()["sensor.loadjuggler_status"]["attributes"]
        return str(attributes.get("picture") or "")

    shared.until(lambda: "wiring.svg" in picture(), "there is a picture")
    assert shared.status(picture()) == 200
    with window(browser, shared.address, shared.keys) as shown:
        shown.open("load-juggler")

        def found() -> list[bool]:
            return [there for source, there in shown.images() if "wiring.svg" in source]

        shared.until(lambda: found() == [True], "it is on the page", 20.0)
        assert "Left car (L1: A, L2: B, L3: C)" not in shown.text()
        shown.shoot(PICTURES / "wiring.png")


def test_a_mode_that_is_chosen_changes_who_gets_what(shared: House, browser: Any) -> None:
    with window(browser, shared.address, shared.keys) as shown:
        shown.open("load-juggler")
        choose(shown, "input_select.right_mode", "off")
        shared.until(lambda: shared.amps(RIGHT) == 0.0, "the right car is told 0 A")
        shared.until(lambda: shared.amps(LEFT) > 7.7, "the left car gets more than its half")
        shown.page.wait_for_timeout(1000)
        assert shown.errors() == []


def test_a_button_sets_a_mode(shared: House, browser: Any) -> None:
    with window(browser, shared.address, shared.keys) as shown:
        shown.open("load-juggler")
        tile(shown, "sensor.loadjuggler_boiler_mode", "Off").click()
        shared.until(
            lambda: shared.states()["input_boolean.boiler"]["state"] == "off", "the boiler is off"
        )


def tile(shown: Window, entity: str, name: str) -> Any:
    """The tile of an entity that is called so."""
    order = shown.page.locator("hui-tile-card").evaluate_all(
        "tiles => tiles.map(tile => [tile._config.entity, tile._config.name])"
    )
    return shown.page.locator("hui-tile-card").nth(order.index([entity, name]))


def choose(shown: Window, entity: str, option: str) -> None:
    """Choose an option in the tile of an entity, as a user does."""
    found = tile(shown, entity, "Mode")
    found.locator("ha-control-select-menu, ha-dropdown, ha-select").first.click()
    found.get_by_text(option, exact=True).last.click()
