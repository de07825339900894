"""Stories of sources beside full breakers: which of them people are told, and who gives way.

Three phases, 230 V. The house flickers, because no real house stands still.
"""

from __future__ import annotations

import random

import pytest
from loadjuggler.limits.constraints import Ask, Row
from loadjuggler.reasons import RowKind
from loadjuggler.sharing.allocate import allocate
from loadjuggler.snapshot import EntityState

from .house import SUN, charger_form, circuit_form, plug_form, site_form, state
from .stories import (
    Change,
    Stage,
    at_least,
    household,
    nothing,
    on,
    says,
    settled,
    status,
    story,
    sun,
    together,
    told,
)

WAYS = ["priority", "shared", "strict", "optimized"]


def mode(name: str, house: Stage) -> EntityState:
    """The state of an entity that chooses the mode."""
    return state(name, None, house.now)


def leaves(load: str) -> Change:
    """A car is unplugged."""
    return lambda house: setattr(house.cars[load], "status", "Available")


def night(way: str, limit_a: float = 25) -> Stage:
    """A solar-only car, a standard car and a boiler of 8.7 A that fill the breaker; no sun."""
    house = Stage.of(
        site_form(main_breaker_a=limit_a, distribution=way, **SUN),
        circuit_form("garage", 20),
        charger_form("solar", circuit="garage", mode="solar_only"),
        charger_form("fast", circuit="garage"),
        plug_form("boiler", legs="C", power_w=2000),
    )
    household(1.0)(house)
    return settled(house, 900)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("seed", range(3))
def test_at_night_the_sun_is_what_a_solar_car_lacks_however_full_the_breaker(
    way: str, seed: int
) -> None:
    """What the house takes is anywhere within 0.4 A, so the breaker is full by a few mA or not."""
    house, chance = night(way), random.Random(seed)
    for _ in range(60):
        household(round(1.0 + chance.uniform(0.0, 0.4), 4))(house)
        house.tick(1.0)
        assert "Not enough sun: 0 A" in house.sentence("solar"), house.sentence("solar")
        assert "fast has" not in house.sentence("solar")


def test_a_car_that_is_told_to_live_from_the_sun_at_night_is_stopped_by_the_sun() -> None:
    """The current at which the breaker had 4 mA less left than the sun: it was the reason then."""
    house = Stage.of(
        site_form(main_breaker_a=25, distribution="shared", **SUN),
        circuit_form("garage", 20),
        charger_form("solar", circuit="garage", mode_entity="input_select.mode"),
        charger_form("fast", circuit="garage"),
        plug_form("boiler", legs="C", power_w=2000),
    )
    household(1.0043)(house)
    house.extra["input_select.mode"] = mode("standard", house)
    settled(house, 300)
    house.extra["input_select.mode"] = mode("solar_only", house)
    story(
        "There is no sun. The breaker is full, too, but room under it would start nothing.",
        house,
        (0, nothing, told(solar=0), says(solar="Not enough sun: 0 A")),
    )


def test_who_used_up_the_sun_is_named_only_where_there_was_enough() -> None:
    """Sun 10 A less 1 A of house: 9 A a phase. A standard car takes 16, so 0 of 9 are left."""
    house = Stage.of(
        site_form(main_breaker_a=63, distribution="strict", **SUN),
        charger_form("solar", mode="solar_only"),
        charger_form("fast"),
    )
    together(household(1.0), sun(10))(house)
    story(
        "9 - 16 < 0: the standard car is in the way. With 3 A of sun it is not: 2 A are too few.",
        settled(house),
        (0, nothing, told(solar=0, fast=16)),
        (0, nothing, says(solar="Not enough sun: 0 A of 9 A on phase A, needs 6 A")),
        (0, nothing, says(solar="fast has 16 A")),
        (10, sun(3)),
        (30, nothing, says(solar="Not enough sun: 2 A on phase A, needs 6 A")),
        (30, nothing, says(solar="from the grid. Starts when there is enough.")),
    )


def test_a_breaker_is_the_reason_where_there_is_sun_enough() -> None:
    story(
        "40 A of sun; the rest in the garage takes 16 of its 20 A, and 4 A are less than 6.",
        settled(with_garage(16.0)),
        (0, nothing, told(solar=0), says(solar="the garage breaker (20 A) has 4 A left")),
    )


def with_garage(rest_a: float) -> Stage:
    """A solar-only car behind a metered garage breaker of 20 A, in the sun."""
    house = Stage.of(
        site_form(main_breaker_a=63, **SUN),
        circuit_form("garage", 20, "ABC"),
        charger_form("solar", circuit="garage", mode="solar_only"),
    )
    household(rest_a, "garage")(house)
    sun(40)(house)
    return house


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("noise_a", [-0.004, -1e-12, 0.0, 1e-12, 0.004])
def test_noise_does_not_decide_between_a_breaker_and_the_sun(way: str, noise_a: float) -> None:
    """Both end the share at 8 A, but for noise. The load lives from the sun, so that is named."""
    asks = [Ask("a", 6.0, 16.0, 0.1, (2.0, 5.0, "a"))]
    rows = [
        Row(RowKind.CIRCUIT, 8.05 + noise_a, {"a": 1.0}, "main", "A", 25.0),
        Row(RowKind.SURPLUS, 8.05, {"a": 1.0}, phase="A", binds={"a": 0.0}),
    ]
    share = allocate(asks, rows, way)["a"]
    assert share.amps == pytest.approx(8.0)
    assert share.reason.code == "surplus_full"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("noise_a", [-1e-12, 0.0, 1e-12])
def test_noise_does_not_decide_between_two_breakers(way: str, noise_a: float) -> None:
    """Main and garage both end the share at 8 A: it is the first of them, whatever the noise."""
    asks = [Ask("a", 6.0, 16.0, 0.1, (0.0, 5.0, "a"))]
    rows = [
        Row(RowKind.CIRCUIT, 8.05, {"a": 1.0}, "main", "A", 25.0),
        Row(RowKind.CIRCUIT, 8.05 + noise_a, {"a": 1.0}, "garage", "A", 20.0),
    ]
    assert allocate(asks, rows, way)["a"].reason.numbers["circuit"] == "main"


def test_a_boost_says_what_comes_after_it_and_never_that_it_changes_nothing() -> None:
    """It is more urgent than any other mode, standard included: a car that comes later waits."""
    boosted = Stage.of(
        site_form("A"),
        charger_form("car", "A", mode_entity="input_select.mode"),
        charger_form("sunny", "A", mode="solar_only", mode_entity="input_select.mode"),
    )
    boosted.extra["input_select.mode"] = mode("boost", boosted)
    settled(boosted)
    assert boosted.sentence("car").endswith("then standard.")
    assert "changes nothing" not in boosted.sentence("car")
    assert boosted.sentence("sunny").endswith("then solar only.")


# --- for whom nothing is kept --------------------------------------------------------------------


def test_a_plug_on_excess_does_not_hold_a_car_back_that_may_take_from_the_grid() -> None:
    """30 A of sun a phase, a threshold of 6 kW, a plug of 1,150 W, a car of 6 to 32 A.

    To open the threshold, 6 kW would have to be exported: 8.7 A a phase, so the car had 21.3 A.
    """
    house = Stage.of(
        site_form(main_breaker_a=40, distribution="optimized", excess_threshold_w=6000, **SUN),
        charger_form("fast", max_current_a=32),
        plug_form("pump", mode="excess", power_w=1150),
    )
    sun(30)(house)
    story(
        "The car takes its 32 A, 2 A a phase of them from the grid, and the plug waits. When the "
        "car has left, 20.7 kW are over: more than 6 kW, and the plug runs.",
        settled(house, 120),
        (0, nothing, told(fast=32), on(pump=False)),
        (10, leaves("fast")),
        (400, nothing, on(pump=True)),
    )


def test_a_solar_car_still_keeps_room_for_the_next_one() -> None:
    """18 A of sun for two that live from it: the first leaves the next one its 6 A."""
    house = Stage.of(
        site_form(main_breaker_a=63, distribution="optimized", **SUN),
        charger_form("first", mode="solar_only", priority=1),
        charger_form("second", mode="solar_only", priority=2),
    )
    sun(18)(house)
    story(
        "18 - 6 = 12 A.",
        settled(house, 120),
        (0, nothing, at_least(first=11.7, second=6), status(second="charging")),
    )
