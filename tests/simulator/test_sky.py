"""Sun and clouds: against geometry, against pvlib, and against what clouds can do."""

from __future__ import annotations

import math
from datetime import date
from itertools import pairwise

import pytest

from simulator.clock import DAY, HOUR, midnight, time_of_day
from simulator.sky import PERFORMANCE, Panels, Place, clear_w, irradiance, sun_at
from simulator.weather import WEATHERS, clouds

HERE = Place(46.1)
SUMMER, WINTER = midnight(date(2025, 6, 21)), midnight(date(2025, 12, 21))


@pytest.mark.parametrize(("start", "declination"), [(SUMMER, 23.45), (WINTER, -23.45)])
def test_noon_is_as_high_as_the_latitude_says(start: float, declination: float) -> None:
    noon = sun_at(HERE, start + 12 * HOUR)
    assert math.degrees(noon.elevation) == pytest.approx(90 - 46.1 + declination, abs=0.1)
    assert math.degrees(noon.azimuth) == pytest.approx(180, abs=0.1)


def test_the_sun_comes_from_the_east_and_noon_is_when_the_place_says() -> None:
    assert math.degrees(sun_at(HERE, SUMMER + 8 * HOUR).azimuth) < 180
    assert math.degrees(sun_at(HERE, SUMMER + 16 * HOUR).azimuth) > 180
    late = sun_at(Place(46.1, noon_h=13.0), SUMMER + 13 * HOUR)
    assert late.elevation == pytest.approx(sun_at(HERE, SUMMER + 12 * HOUR).elevation)


def test_no_sun_at_night() -> None:
    assert clear_w(Panels(10000), HERE, SUMMER) == 0.0
    assert irradiance(sun_at(HERE, WINTER + 20 * HOUR)) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("day", "kwh"),
    # pvlib 0.16.1: 46.1 N, 15 E, 300 m; Ineichen's clear sky, isotropic, 35 degrees to the south
    [
        (date(2025, 4, 15), 6.855),
        (date(2025, 6, 21), 7.084),
        (date(2025, 9, 22), 5.522),
        (date(2025, 12, 21), 3.571),
    ],
)
def test_energy_of_a_clear_day_is_near_that_of_pvlib(day: date, kwh: float) -> None:
    panels = Panels(1000 / PERFORMANCE)
    start = midnight(day)
    found = sum(clear_w(panels, HERE, start + 60 * minute) for minute in range(1440)) / 60000
    # It has no haze of the month: up to a fifth more in summer, a little less in winter.
    assert 0.93 * kwh < found < 1.22 * kwh


def test_panels_to_the_east_have_their_sun_in_the_morning() -> None:
    east = Panels(10000, facing_deg=90)
    assert clear_w(east, HERE, SUMMER + 8 * HOUR) > 2 * clear_w(east, HERE, SUMMER + 16 * HOUR)


def test_the_clock_goes_past_midnight() -> None:
    assert time_of_day(SUMMER + DAY + 90) == "00:01:30"


@pytest.mark.parametrize("weather", WEATHERS)
def test_the_same_seed_is_the_same_sky(weather: str) -> None:
    first = clouds(weather, 3, 8.0, 1800)
    assert first == clouds(weather, 3, 8.0, 1800)
    assert first != clouds(weather, 4, 8.0, 1800)
    assert len(first) == 1800


@pytest.mark.parametrize(
    ("weather", "low", "high"),
    [("clear", 0.96, 1.0), ("broken", 0.6, 0.95), ("overcast", 0.15, 0.4), ("winter", 0.3, 0.7)],
)
def test_what_a_sky_leaves_on_average(weather: str, low: float, high: float) -> None:
    for seed in range(3):
        shares = clouds(weather, seed, 8.0, 8 * 3600)
        assert low < sum(shares) / len(shares) < high
        assert min(shares) > 0.0
        assert max(shares) < 1.45  # two edges at their brightest


def test_broken_clouds_have_shadow_and_sun_and_edges_of_seconds() -> None:
    shares = clouds("broken", 1, 8.0, 8 * 3600)
    assert sum(share < 0.65 for share in shares) > 0.15 * len(shares)
    assert sum(share > 0.95 for share in shares) > 0.4 * len(shares)
    assert max(shares) > 1.1  # more than a clear sky beside an edge
    assert 0.05 < max(abs(b - a) for a, b in pairwise(shares)) < 0.5


def test_a_clear_sky_does_not_jump() -> None:
    shares = clouds("clear", 1, 8.0, 3600)
    assert max(abs(b - a) for a, b in pairwise(shares)) < 0.001
