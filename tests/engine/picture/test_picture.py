"""The picture of the wiring: what is in it, and that it can be read."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from loadjuggler.publish.picture.showing import Showing
from loadjuggler.publish.picture.tree import wiring_svg
from loadjuggler.publish.picture.words import WORDS
from loadjuggler.publish.weight import Weight
from loadjuggler.report import Report
from loadjuggler.site.model import Site
from loadjuggler.site.modes import MODES
from loadjuggler.units import PerPhase

from tests.engine.house import charger_form, circuit_form, site_form
from tests.engine.picture.drawing import SVG, Box, Drawing
from tests.engine.picture.houses import (
    HOUSES,
    circuit,
    load,
    named,
    off_grid,
    one_load,
    report,
    sun_and_battery,
    twelve_loads,
    two_chargers,
    wired,
)

NAMES = (
    "Left car",
    "W" * 120,
    "a name of many short words that goes on and on and on",
    "<script>alert('&\"]]>')</script>",
    "Škoda \x00\x08\ud800\u202egnp.exe",
    "車庫の充電器(二階建て駐車場の奥の左側)",
    "🚗" * 30,
    "Z̸̢̛" * 30,
    "",
)


def drawn(house: tuple[Site, Report], language: str = "en") -> Drawing:
    return Drawing(wiring_svg(*house, language))


def renamed(name: str) -> tuple[Site, Report]:
    """Two chargers on one breaker, where all have this name."""
    site, made = two_chargers()
    site = named(site, dict.fromkeys((*site.circuits, *site.loads), name))
    site = replace(site, name=name)
    loads = {key: replace(one, name=name) for key, one in made.loads.items()}
    return site, replace(made, loads=loads, warnings=(name * 5,), sentence=name)


def deep(levels: int) -> tuple[Site, Report]:
    """A breaker below a breaker below a breaker, and a car below the last one."""
    places = [f"level_{number}" for number in range(levels)]
    site = wired(
        site_form(),
        *(
            circuit_form(place, 32, **({"parent": places[number - 1]} if number else {}))
            for number, place in enumerate(places)
        ),
        charger_form("car", circuit=places[-1]),
    )
    none = (None, None, None)
    circuits = [circuit(site, which, 125.5, (-100.5,) * 3, none, none) for which in site.circuits]
    car = load(site, "car", "changing_phases", 31.9, (31.9,) * 3, 22011.0, "solar_priority")
    return site, report(*circuits, car)


# The codes that docs/entities.md lists.
ENTITIES = Path(__file__).parents[3] / "docs" / "entities.md"
TABLE = ENTITIES.read_text("utf-8").split("Status codes:")[1].split("## For each circuit")[0]
STATUSES = re.findall(r"^\| `(\w+)` \|", TABLE, re.MULTILINE)

PICTURES = {
    **{name: make() for name, make in HOUSES.items()},
    **{f"name {number}": renamed(name) for number, name in enumerate(NAMES)},
    "deep": deep(12),
}


@pytest.mark.parametrize("language", ["en", "sl"])
@pytest.mark.parametrize("name", PICTURES)
def test_every_text_is_on_a_card_and_none_lies_on_another(name: str, language: str) -> None:
    drawing = drawn(PICTURES[name], language)
    texts = [text for text in drawing.texts() if text.words.strip()]
    assert texts
    for text in texts:
        assert on_a_card(text, drawing), text
        assert text.size >= 12, text  # 360 units wide: on a screen of 390 px 13 px
    for number, text in enumerate(texts):
        assert [other for other in texts[number + 1 :] if text.meets(other)] == [], text


def on_a_card(text: Box, drawing: Drawing) -> bool:
    inside = text.left >= 0 and text.right <= drawing.wide and text.bottom <= drawing.high
    return inside and any(
        left <= text.left and text.right <= right and top <= text.top and text.bottom <= bottom
        for left, top, right, bottom in drawing.cards()
    )


@pytest.mark.parametrize("name", PICTURES)
def test_cards_are_apart_and_inside(name: str) -> None:
    drawing = drawn(PICTURES[name])
    cards = drawing.cards()
    for number, (left, top, right, bottom) in enumerate(cards):
        assert 0 <= left < right <= drawing.wide
        assert 0 <= top < bottom <= drawing.high
        for other in cards[number + 1 :]:
            apart = right <= other[0] or other[2] <= left or bottom <= other[1] or other[3] <= top
            assert apart, (cards[number], other)


def test_a_bar_is_as_long_as_its_share_of_the_limit_and_full_above_it() -> None:
    drawing = drawn(two_chargers())
    # 22, 18 and 17 A of 25 A: 88 % is near (from 85 % on), 72 % and 68 % are not.
    main = drawing.bars("Main breaker")
    assert [share for share, _ in main] == pytest.approx([0.88, 0.72, 0.68], abs=0.002)
    assert [colour for _, colour in main] == ["near", "calm", "calm"]
    # 19 A of 16 A is over; 16 A of 16 A is full and not over; 13.5 / 16 = 84 %.
    garage = drawing.bars("Garage")
    assert [share for share, _ in garage] == pytest.approx([1.0, 1.0, 0.844], abs=0.002)
    assert [colour for _, colour in garage] == ["over", "near", "calm"]


def test_what_is_over_its_limit_is_said_in_words_too() -> None:
    drawing = drawn(two_chargers())
    assert "A 19.0 A of 16 A, over its limit; B 16.0 A of 16 A;" in (
        drawing.group("Garage").findtext(f"{SVG}title") or ""
    )
    outlines = [part for part in drawing.root.iter(f"{SVG}rect") if part.get("class") == "l-over"]
    assert len(outlines) == 1  # around that breaker, and no other
    assert drawing.texts()[1].words == "● problem"


def test_what_is_fed_in_loads_a_breaker_as_well() -> None:
    site, made = sun_and_battery()
    main = replace(made.circuits["main"], draw=PerPhase(-26.0, -22.0, -2.5))
    drawing = drawn((site, replace(made, circuits={"main": main})))
    # 26 A is more than 25 A whichever way it flows.
    found = drawing.bars("Main breaker")
    assert [share for share, _ in found] == pytest.approx([1.0, 0.88, 0.1], abs=0.002)
    assert [colour for _, colour in found] == ["over", "near", "give"]


def test_what_is_shown_decides_the_colour() -> None:
    site, made = one_load()
    main = replace(made.circuits["main"], draw=PerPhase(25.04, 25.06, 21.2))
    drawing = drawn((site, replace(made, circuits={"main": main})))
    # Shown are 25.0, 25.1 and 21.2 A; 85 % of 25 A are 21.25 A.
    assert [colour for _, colour in drawing.bars("Main breaker")] == ["near", "over", "calm"]


def test_what_is_not_known_is_a_question_mark_and_no_bar() -> None:
    drawing = drawn(twelve_loads())
    assert drawing.bars("Second row") == []
    said = drawing.said("Second row")
    assert said.count("?") == 3
    assert "For the loads: A ? · B ? · C ?" in said
    assert drawing.said("Škoda")[1:] == ["?", "no car · standard", "?"]


def test_a_house_of_which_nothing_is_known_yet_is_drawn() -> None:
    site, _ = sun_and_battery()
    drawing = drawn((site, Report(at=0.0, status="error", sentence="It failed.")))
    words = [text.words for text in drawing.texts()]
    assert "0.0 A" not in words
    assert "0 W" not in words
    assert "? %" in words


def test_sources_say_what_they_give_and_take() -> None:
    drawing = drawn(sun_and_battery())
    # 3 A fed in at 230 V are 690 W; what is left of 7200 W for the house is 870 W.
    assert drawing.said("Grid") == ["Grid", "690 W", "to the grid"]
    assert drawing.said("Sun") == ["Sun", "7.2 kW", "produced"]
    assert drawing.said("Battery") == ["Battery", "62 %", "takes 1.5 kW"]
    words = [text.words for text in drawing.texts()]
    assert words[words.index("Rest of the house") + 1] == "870 W"


@pytest.mark.parametrize("name", HOUSES)
def test_every_line_goes_on_to_a_card_or_a_line(name: str) -> None:
    drawing = drawn(PICTURES[name])
    lines = [
        [tuple(float(part) for part in point.split(",")) for point in line.attrib["points"].split()]
        for line in drawing.root.iter(f"{SVG}polyline")
    ]
    assert lines
    for number, line in enumerate(lines):
        others = lines[:number] + lines[number + 1 :]
        for x, y in (line[0], line[-1]):
            on_card = any(
                left <= x <= right and top <= y <= bottom
                for left, top, right, bottom in drawing.cards()
            )
            on_line = any(
                min(a, c) - 2 <= x <= max(a, c) + 2 and min(b, d) - 2 <= y <= max(b, d) + 2
                for other in others
                for (a, b), (c, d) in pairwise(other)
            )
            assert on_card or on_line, (line, x, y)


def test_sun_and_battery_come_in_behind_the_main_breaker() -> None:
    drawing = drawn(sun_and_battery())
    lines = {
        line.attrib["class"]: [point.split(",") for point in line.attrib["points"].split()]
        for line in drawing.root.iter(f"{SVG}polyline")
        if line.attrib["class"] in ("l-sun", "l-grid")
    }
    tiles = drawing.cards()[1:4]
    main = drawing.cards()[4]
    # The grid's line ends at its top, the sun's passes by at its right and ends below it.
    assert float(lines["l-grid"][-1][1]) == main[1]
    assert float(lines["l-sun"][0][1]) == tiles[1][3]
    assert float(lines["l-sun"][-1][0]) > main[2]
    assert float(lines["l-sun"][-1][1]) > main[3]


def test_off_the_grid_there_is_no_grid_and_one_phase() -> None:
    drawing = drawn(off_grid())
    words = [text.words for text in drawing.texts()]
    assert "Grid" not in words
    assert drawing.bars("Main breaker") == [(pytest.approx(0.5, abs=0.002), "calm")]
    # 1.84 kW + 460 W less 920 W of the pump
    assert words[words.index("Rest of the house") + 1] == "1.4 kW"


def test_a_load_says_what_it_is_told_does_and_takes() -> None:
    drawing = drawn(two_chargers())
    assert drawing.said("Left car") == ["Left car", "10.0 A", "charging · standard", "6.9 kW"]
    assert drawing.said("Right car")[2] == "not following · solar priority"
    colours = [text.kind.split()[0] for text in drawing.texts() if "standard" in text.words]
    assert colours == ["calm"]


def test_slovenian_has_a_decimal_comma() -> None:
    said = drawn(two_chargers(), "sl").said("Left car")
    assert said == ["Left car", "10,0 A", "polni · standardno", "6,9 kW"]


@pytest.mark.parametrize("language", ["en", "sl"])
def test_every_mode_and_status_has_a_word(language: str) -> None:
    assert STATUSES
    for code in (*(f"mode_{mode}" for mode in MODES), *STATUSES):
        assert code in WORDS[language], code


def test_both_languages_have_the_same_words() -> None:
    assert WORDS["en"].keys() == WORDS["sl"].keys()


def test_it_holds_nothing_from_outside_and_no_script() -> None:
    for house in PICTURES.values():
        svg = wiring_svg(*house)
        tags = {element.tag.removeprefix(SVG) for element in Drawing(svg).root.iter()}
        shapes = {"rect", "polyline", "polygon", "path", "text", "tspan"}
        assert tags <= {"svg", "title", "desc", "style", "g", *shapes}
        assert "url(" not in svg
        assert "@import" not in svg


def test_it_can_be_read_aloud() -> None:
    root = drawn(two_chargers()).root
    assert root.get("role") == "img"
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert desc is not None
    assert root.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
    assert title.text == "Home: wiring and currents"
    assert "Left car: charging, 10.0 A." in (desc.text or "")


def test_the_same_house_is_drawn_the_same() -> None:
    site, made = twelve_loads()
    assert wiring_svg(site, made) == wiring_svg(site, replace(made, at=2_000_000.0))


def test_a_new_picture_is_made_after_its_time_and_only_when_it_changed() -> None:
    site, made = one_load()
    more = replace(made, status="problem")
    showing = Showing(10.0)
    assert showing.address is None
    first = showing.next(site, made, 100.0, "en")
    assert first
    showing.written()
    assert showing.address == "/local/loadjuggler/wiring.svg?v=100"
    assert showing.next(site, more, 109.0, "en") is None  # too early
    assert not showing.due(109.9)
    assert showing.due(110.0)
    assert showing.next(site, made, 110.0, "en") is None  # nothing has changed
    assert showing.due(111.0)  # so it is looked for again before another 10 s are over
    second = showing.next(site, more, 111.0, "en")
    assert second not in (None, first)
    showing.written()
    assert showing.address == "/local/loadjuggler/wiring.svg?v=111"
    assert showing.next(site, made, 120.9, "en") is None  # 10 s after the last that was written
    assert showing.next(site, made, 121.0, "en") == first


def test_a_picture_that_could_not_be_written_comes_again_in_its_time() -> None:
    showing = Showing(10.0)
    first = showing.next(*one_load(), 100.0, "en")
    assert showing.next(*one_load(), 105.0, "en") is None
    assert showing.address is None
    assert showing.next(*one_load(), 110.0, "en") == first


@pytest.mark.parametrize(
    ("weight", "after_s"),
    [
        pytest.param(Weight.GRAVE, 10, id="a status"),
        pytest.param(Weight.CLEAR, 60, id="a kettle"),
        pytest.param(Weight.SLIGHT, 300, id="0.1 A"),
    ],
)
def test_how_soon_a_new_picture_is_drawn_depends_on_what_has_changed(
    weight: Weight, after_s: float
) -> None:
    showing = Showing(10.0)
    showing.begins()
    showing.next(*one_load(), 100.0, "en")
    showing.written()
    showing.noted(weight)
    assert not showing.due(100.0 + after_s - 1)
    assert showing.due(100.0 + after_s)
    site, made = one_load()
    showing.begins()
    assert showing.next(site, replace(made, status="problem"), 100.0 + after_s, "en")


def test_what_changes_while_a_picture_is_drawn_is_in_the_next_one() -> None:
    showing = Showing(10.0)
    showing.begins()
    showing.next(*one_load(), 100.0, "en")
    showing.noted(Weight.GRAVE)
    showing.written()
    assert showing.due(110.0)


def test_one_that_could_not_be_written_waits_for_no_change() -> None:
    showing = Showing(10.0)
    showing.begins()
    assert showing.next(*one_load(), 100.0, "en")
    assert showing.due(110.0)


def test_a_clock_that_is_set_back_stops_no_picture() -> None:
    site, made = one_load()
    showing = Showing(10.0)
    showing.next(site, made, 1000.0, "en")
    showing.written()
    assert showing.next(site, replace(made, status="problem"), 50.0, "en")
    showing.written()
    assert showing.address == "/local/loadjuggler/wiring.svg?v=1001"  # never one that was shown


def test_no_site_and_no_wish_for_a_picture_make_none() -> None:
    site, made = one_load()
    assert Showing(10.0).next(None, made, 100.0, "en") is None
    assert Showing(0.0).next(site, made, 100.0, "en") is None
    assert not Showing(0.0).due(100.0)
