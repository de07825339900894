"""Dashboards of five houses: what is on them; two are kept as files, whole.

What those two look like is judged by eye: one has sun, a battery, a car and a plug, the other two
chargers below a breaker of their own. After a change that is meant:

    LOADJUGGLER_RENEW=1 script/test tests/engine/dashboard

writes the files anew; look at what changed before it is committed.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from loadjuggler.publish import entities as publish
from loadjuggler.publish.dashboard.words import WORDS
from loadjuggler.publish.entity import CHECK
from loadjuggler.runtime.api import Desk
from loadjuggler.runtime.controller import Keeper
from loadjuggler.runtime.services import SERVICES
from loadjuggler.site.modes import ADJUSTABLE, ON_OFF

from .houses import HOUSES, lived_in

GOLDEN = Path(__file__).parent / "golden"
OLD, NEW = "2025.4.4", "2026.2.3"
VERSIONS = pytest.mark.parametrize("version", [OLD, NEW])
ALL = pytest.mark.parametrize("house", HOUSES)


def cards(part: Any) -> Iterator[dict[str, Any]]:
    """Everything in a dashboard that has a type, at any depth."""
    if isinstance(part, dict):
        if "type" in part:
            yield part
        for value in part.values():
            yield from cards(value)
    elif isinstance(part, list):
        for value in part:
            yield from cards(value)


def entities(part: Any) -> Iterator[str]:
    """Every entity id that a dashboard names: in cards, conditions, and templates."""
    if isinstance(part, dict):
        for key, value in part.items():
            if key in ("entity", "entity_id") and isinstance(value, str):
                yield value
            else:
                yield from entities(value)
    elif isinstance(part, list):
        for value in part:
            yield from entities(value)
    elif isinstance(part, str):
        yield from re.findall(r"(?:states|state_attr)\('([^']+)'", part)


def modes_set(part: Any) -> Iterator[dict[str, str]]:
    """What the buttons of a dashboard tell the service that sets modes."""
    if isinstance(part, dict):
        if part.get("perform_action") == "pyscript.loadjuggler_set_mode":
            yield part["data"]
        else:  # an icon does what its tile does
            for key, value in part.items():
                if key != "icon_tap_action":
                    yield from modes_set(value)
    elif isinstance(part, list):
        for value in part:
            yield from modes_set(value)


def of(house: str, version: str = OLD, language: str = "en") -> tuple[Keeper, dict[str, Any]]:
    """A house's keeper, and its dashboard as Home Assistant reads it."""
    keeper = lived_in(HOUSES[house]())
    answer = Desk(keeper).dashboard(version, language)
    assert answer["ok"]
    return keeper, answer


@pytest.mark.parametrize("house", ["sun_and_battery", "two_chargers"])
def test_it_is_as_it_was_looked_at(house: str) -> None:
    made = {"views": Desk(lived_in(HOUSES[house]())).dashboard(NEW)["views"]}
    text = yaml.safe_dump(made, sort_keys=False, allow_unicode=True, width=100)
    path = GOLDEN / f"{house}.yaml"
    if os.environ.get("LOADJUGGLER_RENEW"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8"), f"see how {__file__} renews {path.name}"


@VERSIONS
@ALL
def test_every_entity_is_published_or_wired(house: str, version: str) -> None:
    keeper, made = of(house, version)
    site = keeper.registry.wired.site
    assert site is not None
    there = {entity.id for entity in publish.entities(keeper.report)} | site.entities()
    there.add(CHECK)  # it is there once somebody has asked for a check; until then nothing is shown
    named = set(entities(made))
    assert named - there == set()
    # Of each load there is what it is told, how it is and why.
    for load in site.loads:
        for end in ("allocated_current", "status", "reason", "power"):
            assert f"sensor.loadjuggler_{load}_{end}" in named
    for circuit in site.circuits:
        for phase in site.phases:
            assert f"sensor.loadjuggler_{circuit}_headroom_{phase.lower()}" in named


@VERSIONS
@ALL
def test_only_cards_that_home_assistant_brings_with_it(house: str, version: str) -> None:
    _, made = of(house, version)
    own = {"grid", "sections", "heading", "tile", "gauge", "markdown", "history-graph", "entity"}
    own |= {"entities", "attribute", "buttons", "select-options"} | (
        {"bar-gauge"} if version == NEW else set()
    )
    assert {card["type"] for card in cards(made)} <= own


def test_bars_only_where_home_assistant_has_them() -> None:
    """Tiles have had bars with a range of their own since 2025.12."""
    keeper = lived_in(HOUSES["one_load"]())
    found = {
        version: "bar-gauge" in str(Desk(keeper).dashboard(version))
        for version in ("", "what", "2025.4.4", "2025.11.3", "2025.12.0", "2026.2.3", "2027.1.0b0")
    }
    assert [version for version, bars in found.items() if bars] == [
        "2025.12.0",
        "2026.2.3",
        "2027.1.0b0",
    ]


@VERSIONS
@ALL
def test_a_charger_has_a_bar_up_to_its_maximum_or_a_tile_beside(house: str, version: str) -> None:
    """The bar takes the whole width; without it the status is a tile beside what is allocated."""
    keeper, made = of(house, version)
    assert keeper.registry.wired.site is not None
    tiles = [card for card in cards(made) if card["type"] == "tile"]
    for load in keeper.registry.wired.site.loads.values():
        mine = {tile["name"]: tile for tile in tiles if f"_{load.id}_" in tile.get("entity", "")}
        (told,) = [
            tile
            for tile in tiles
            if tile["entity"] == f"sensor.loadjuggler_{load.id}_allocated_current"
        ]
        if load.kind.has_car and version == NEW:
            assert told["features"] == [{"type": "bar-gauge", "min": 0, "max": load.max_a.value}]
            assert told["grid_options"] == {"columns": "full"}
        else:
            assert "features" not in told
            assert told["grid_options"] == mine["Status"]["grid_options"] == {"columns": 6}


def test_gauges_are_red_only_above_the_limit() -> None:
    """A breaker of 25 A that carries 25 A is full, not overloaded."""
    _, made = of("two_chargers")
    limits = {"main": 25, "garage": 20}
    gauges = [card for card in cards(made) if card["type"] == "gauge"]
    assert len(gauges) == 6
    for card in gauges:
        limit = limits[card["entity"].split("_")[1]]
        assert card["severity"]["yellow"] < limit < card["severity"]["red"] <= limit + 1
        assert card["max"] > card["severity"]["red"]


@ALL
def test_the_limit_of_a_breaker_is_a_line_below_the_top_of_its_graph(house: str) -> None:
    _, made = of(house)
    graphs = [card for card in cards(made) if card["type"] == "history-graph"]
    for card in graphs[:-1]:  # the last one is what the loads take
        drawn = [entity["entity"] for entity in card["entities"]]
        breaker = drawn[0].split("_current_")[0]
        assert drawn[-1] == f"{breaker}_limit"
        limit_a = float(re.findall(r"limit ([0-9.]+) A", card["title"])[0])
        assert limit_a < card["max_y_axis"] <= limit_a * 1.1 + 5
    assert len(graphs) > 1


def test_a_mode_is_chosen_where_it_is_wired_and_by_buttons_where_it_is_not() -> None:
    _, wired = of("two_chargers")
    chosen = {card["entity"] for card in cards(wired) if card.get("features")}
    assert chosen == {"input_select.left", "input_select.right", "input_select.sharing"}
    _, free = of("sun_and_battery")
    asked = Counter((data["load"], data["mode"]) for data in modes_set(free))
    expected = [
        (load, mode)
        for load, modes in (("car", ADJUSTABLE), ("boiler", ON_OFF))
        for mode in modes
        if mode != "boost"
    ]
    assert asked == dict.fromkeys(expected, 2), "marked while it is set, and plain"


@ALL
def test_the_mode_that_is_set_is_marked_and_nothing_moves_by_choosing(
    house: str,
) -> None:
    _, made = of(house)
    for section in made["views"][0]["sections"]:
        buttons = [card for card in section["cards"] if list(modes_set(card))]
        for marked, plain in zip(buttons[::2], buttons[1::2], strict=True):
            (mode,) = {data["mode"] for data in modes_set([marked, plain])}
            (shown,), (hidden,) = marked["visibility"], plain["visibility"]
            assert shown == {"condition": "state", "entity": shown["entity"], "state": mode}
            assert hidden == {"condition": "state", "entity": shown["entity"], "state_not": mode}
            assert marked["grid_options"] == plain["grid_options"]
            assert (marked["icon"], marked["color"]) != (plain["icon"], plain["color"])


@ALL
def test_what_is_pressed_stands_above_the_sentences_which_grow(house: str) -> None:
    _, made = of(house)
    for section in made["views"][0]["sections"]:
        pressed = [n for n, card in enumerate(section["cards"]) if "'tap_action'" in str(card)]
        grows = [n for n, card in enumerate(section["cards"]) if card["type"] == "markdown"]
        if pressed:
            assert max(pressed) < min(grows)


def test_a_boost_has_three_lengths() -> None:
    _, made = of("sun_and_battery")
    rows = [card["entities"] for card in cards(made) if card["type"] == "buttons"]
    pressed = [button["tap_action"] for row in rows for button in row]
    boosts = [one["data"] for one in pressed if one["perform_action"].endswith("_boost")]
    assert [(one["load"], one["minutes"]) for one in boosts] == [
        (load, minutes) for load in ("car", "boiler") for minutes in (30, 60, 120)
    ]


def test_a_mode_that_a_sensor_says_has_no_buttons() -> None:
    """Nobody can write a sensor; a text helper is written by the service."""
    _, made = of("off_grid")
    assert {data["load"] for data in modes_set(made)} == {"off"}
    shown = [card for card in cards(made) if card.get("name") == WORDS["en"]["mode"]]
    assert [card["state_content"] for card in shown] == [["text"]]


def test_names_stay_as_they_are() -> None:
    """Quotes, colons, braces, and a name that YAML reads as a truth."""
    _, made = of("off_grid")
    headings = [card["heading"] for card in cards(made) if card["type"] == "heading"]
    assert 'Čebelnjak "zgoraj": 1 # 2' in headings
    assert "{{ car }} *'šotor'*: - 50 %" in headings
    assert "off" in headings


def test_what_the_picture_shows_stands_as_a_list_until_there_is_one() -> None:
    _, made = of("twelve_loads")
    (text,) = [card["content"] for card in cards(made) if "picture" in str(card.get("content", ""))]
    lines = [line for line in text.splitlines() if line.strip().startswith("- ")]
    assert lines[0] == "- Main breaker · 63 A"
    # West is fed by North, and so stands two steps in; its loads three.
    assert "        - West · 32 A" in lines
    assert "            - **West 1** (L1: A, L2: B, L3: C)" in lines
    assert len(lines) == 1 + 4 + 12


def test_without_a_site_it_says_so() -> None:
    answer = Desk(Keeper()).dashboard()
    assert not answer["ok"]
    (section,) = answer["views"][0]["sections"]
    assert section["cards"][0]["content"] == WORDS["en"]["no_loads"]


def test_it_says_which_copy_of_the_answer_is_the_dashboard() -> None:
    """Home Assistant has two buttons; what "as template" copies is no dashboard."""
    made = {key: of("two_chargers", language=key)[1]["note"] for key in ("en", "sl")}
    assert "Copy to clipboard, not: as template" in made["en"]
    assert "ne kot predlogo" in made["sl"]
    # Each section has three dots of its own while it is edited.
    assert "three dots at the top right" in made["en"]
    assert "tri pike zgoraj desno" in made["sl"]


def test_the_service_says_that_all_of_its_answer_is_copied() -> None:
    """It named a part of the answer, yaml, that there is not."""
    told = str(SERVICES["dashboard"].text)
    assert "yaml" not in told
    assert "all of the answer" in told


def test_it_speaks_slovenian() -> None:
    _, made = of("two_chargers", language="sl")
    headings = [card["heading"] for card in cards(made) if card["type"] == "heading"]
    assert "Glavni odklopnik · 25 A" in headings
    assert WORDS["en"].keys() == WORDS["sl"].keys()
    for key, text in WORDS["en"].items():
        assert set(re.findall(r"{(\w+)}", text)) == set(re.findall(r"{(\w+)}", WORDS["sl"][key]))
