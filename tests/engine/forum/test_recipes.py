"""Recipes can be filled in as they are written, and do what they promise.

230 V; the numbers are the recipes' own, and are worked out beside each house.
"""

from __future__ import annotations

import pytest

from ..numbers import NumberStage, box, is_set
from ..stations import StationStage
from ..stories import Claim, Stage, car, household, nothing, on, says, story, sun, told
from .cases import cloud
from .recipes import RECIPES, TABLE, forms_in

FILLED_IN = sorted(
    page.stem for page in RECIPES.glob("*.md") if TABLE.search(page.read_text(encoding="utf-8"))
)


def recipe(name: str, **site: object) -> Stage:
    """The house of a recipe, a car at each charger; `site` changes fields of the site's form."""
    forms = forms_in((RECIPES / f"{name}.md").read_text(encoding="utf-8"))
    forms[0] |= site
    house = (StationStage if name == "two-plug-station" else NumberStage).of(*forms)
    assert isinstance(house, Stage)
    return house


def settled(house: Stage, *changes: object, seconds: float = 900.0) -> Stage:
    for change in changes:
        assert callable(change)
        change(house)
    house.pass_time(seconds)
    return house


def is_shown(name: str, load: str) -> Claim:
    """The recipe shows what the load says, word for word."""

    def claim(house: Stage) -> list[str]:
        said = house.sentence(load)
        page = (RECIPES / f"{name}.md").read_text(encoding="utf-8")
        return [] if f"*{said}*" in " ".join(page.split()) else [f"{name}.md lacks {said!r}"]

    return claim


def readme() -> str:
    """The README as one line."""
    return " ".join((RECIPES.parents[1] / "README.md").read_text(encoding="utf-8").split())


def no_breaker_over() -> Claim:
    return Stage.overloads


def test_the_recipes_by_hardware_are_there() -> None:
    assert set(FILLED_IN) >= {
        "one-charger",
        "two-chargers",
        "solar-without-battery",
        "solar-with-battery",
        "number-charger",
        "boiler",
    }


@pytest.mark.parametrize("name", FILLED_IN)
def test_a_recipe_can_be_filled_in_as_it_is_and_overloads_nothing(name: str) -> None:
    house = recipe(name)
    for amps in (1.0, 20.0, 1.0):
        settled(house, household(amps), seconds=120)
        assert house.overloads() == []


def test_one_charger() -> None:
    story(
        "25 A: 24, 10 and 5 A are left, and a car needs 6.",
        settled(recipe("one-charger"), household(1)),
        (0, nothing, told(left_car=16), is_shown("one-charger", "left_car")),
        (1, household(15, phases="B"), told(left_car=10)),
        (2, household(20, phases="B"), told(left_car=0), says(left_car="5 A left on phase B")),
    )


@pytest.mark.parametrize(
    ("distribution", "left", "right"), [("priority", 14.0, 6.0), ("shared", 10.0, 10.0)]
)
def test_two_chargers(distribution: str, left: float, right: float) -> None:
    house = settled(recipe("two-chargers", distribution=distribution))
    assert (house.told("left_car"), house.told("right_car")) == (left, right)


def test_a_boiler_beside_a_car() -> None:
    """16 A + 2,000 W / 230 V = 24.7 A of 25; with 5 A of house it no longer fits."""
    story(
        "sharing strict: the car first, the boiler in what is left",
        settled(recipe("boiler")),
        (0, nothing, told(left_car=16), on(boiler=True)),
        (1, household(5, phases="A"), told(left_car=16), on(boiler=False)),
    )


def test_a_boiler_that_matters_more_than_the_last_amperes() -> None:
    """5 A of house, 8.7 A of boiler: 11.3 A are left for the car."""
    house = settled(recipe("boiler", distribution="priority"), household(5, phases="A"))
    assert house.outlets["boiler"].on
    assert house.told("left_car") == pytest.approx(25 - 5 - 2000 / 230, abs=0.1)


def test_sun_without_a_battery() -> None:
    """A: 13 - 1 = 12 A are two minimums. B: 12 A are 6 A of the car and 800 W = 3.5 A."""
    story(
        "Two minimums fit on phase A; at night only who takes his minimum from anywhere goes on.",
        settled(recipe("solar-without-battery"), household(1), sun(13)),
        (0, nothing, told(left_car=6, right_car=6), on(pool_pump=True)),
        (1, sun(0)),
        (900, nothing, told(left_car=6, right_car=0), on(pool_pump=False)),
    )


def test_sun_with_a_battery() -> None:
    """1 + 16 + 6 = 23 of 25 A; the battery is below its target."""
    house = recipe("solar-with-battery")
    house.power.soc_pct = 50.0
    story(
        "Only who may take from anywhere runs by night.",
        settled(house, household(1)),
        (0, nothing, told(left_car=16, right_car=6), on(pool_heater=False)),
    )


def test_a_station_with_two_plugs() -> None:
    """20 A for two cars are 14 and 6; one alone has its maximum."""
    story(
        "both minimums, the rest to the first",
        settled(recipe("two-plug-station")),
        (0, nothing, told(left=14, right=6)),
        (1, car("left", status="Available")),
        (300, nothing, told(right=16)),
    )


@pytest.mark.parametrize(
    ("left_over_w", "amps"),
    [
        pytest.param(12900, 0.0, id="below the threshold"),
        pytest.param(13340, 6.0, id="340 W above it: the minimum"),
        pytest.param(18000, 7.2, id="5,000 W / 690 V = 7.25 A, in steps of 0.1 A"),
    ],
)
def test_a_large_plant(left_over_w: float, amps: float) -> None:
    """1 A of house on each phase is 690 W; a car that was charging has used up its grace."""
    house = recipe("large-plant")
    house.power.sun_w = left_over_w + 690
    assert settled(house, household(1), seconds=1200).told("left_car") == pytest.approx(amps)


def test_a_number_charger() -> None:
    story(
        "25 - 15 = 10 A are what its number is set to; 25 - 20 = 5 A are too few.",
        settled(recipe("number-charger"), box("right_car", setting=16.0)),
        (0, household(15), told(right_car=10), is_set("right_car", setting=10, on=True)),
        (1, household(20), told(right_car=0), is_set("right_car", on=False)),
        (5, nothing, no_breaker_over()),
    )


def test_the_readme_shows_sentences_as_they_are() -> None:
    """20 A for two cars are 14 and 6; 110 s of 5 min of grace are gone; no car, an idle house."""
    shared = settled(recipe("two-chargers"))
    empty = recipe("one-charger")
    empty.cars["left_car"].status = "Available"
    for said in (
        shared.sentence("left_car"),
        cloud(115).sentence("car"),
        settled(empty).sentence("left_car"),
    ):
        assert f"*{said}*" in readme()
