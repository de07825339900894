"""Numbers as devices and people write them."""

from __future__ import annotations

from typing import Any

import pytest
from loadjuggler.config.parse import Refused, parse
from loadjuggler.measure.numbers import ambiguous, number

from .house import House, charger_form, site_form, state


@pytest.mark.parametrize(
    ("written", "is_"),
    [
        ("6.3", 6.3),
        ("1e3", 1000.0),
        ("6,3", 6.3),
        (" -6,30 ", -6.3),
        ("\u22126,3", -6.3),
        ("0,125", 0.125),  # no thousands begin with 0
        ("1234,567", 1234.567),  # thousands would have a mark after the 1
        ("1.234,5", 1234.5),
        ("1.234,567", 1234.567),
        ("1 234,5", 1234.5),
        ("1\u00a0234,5", 1234.5),
        ("1'234.5", 1234.5),
        ("1,234.5", 1234.5),
        ("1,234,567", 1234567.0),
        ("1.234.567", 1234567.0),
    ],
)
def test_what_can_be_read_in_one_way_is_read(written: str, is_: float) -> None:
    assert number(written) == pytest.approx(is_)
    assert not ambiguous(written)


@pytest.mark.parametrize("written", ["6,345", "-16,000", "123,456"])
def test_what_can_be_read_in_two_ways_is_no_number(written: str) -> None:
    assert number(written) is None
    assert ambiguous(written)


@pytest.mark.parametrize(
    "written",
    ["6,3 A", "L1,5", "1,2,3", "12,34,5", "1,23.4", "1.23.456", ",5", "5,", "on", "", "-"],
)
def test_other_texts_are_no_numbers(written: str) -> None:
    assert number(written) is None
    assert not ambiguous(written)


@pytest.mark.parametrize(
    ("shows", "left_a"),
    [
        ("14,5", 10.5),
        ("0,5", 24.5),
        ("-1.234,5", 1259.5),  # nonsense as an amount, but it is what the meter says
    ],
)
def test_a_meter_with_decimal_commas_is_read(shows: str, left_a: float) -> None:
    """25 A, and the meter is the only thing that takes something."""
    house = House.of(site_form("A", grid_a="sensor.grid_a"))
    house.lost["sensor.grid_a"] = state(shows, "A")
    house.tick()
    assert house.outcome is not None
    assert house.outcome.report.circuits["main"].headroom["A"] == pytest.approx(left_a)
    assert house.outcome.report.status == "ok"


def test_a_meter_that_may_mean_two_numbers_is_told_and_holds_its_last_value() -> None:
    """Held for 60 s as any reading that is missing; then nothing is raised."""
    house = House.of(site_form("A", grid_a="sensor.grid_a"), charger_form("car", "A"))
    house.household["main"]["A"] = 4.0
    house.pass_time(60)
    house.lost["sensor.grid_a"] = state("16,345", "A")
    house.tick()
    assert house.outcome is not None
    said = " ".join(house.outcome.report.warnings)
    assert "sensor.grid_a shows 16,345, which may be two numbers" in said
    house.pass_time(70)
    assert house.outcome.report.loads["car"].status == "stale_meter"


def test_a_form_is_read_in_the_same_way() -> None:
    def limit(given: Any) -> float:
        data = {"contract": 1, "node": "c", "name": "c", "limit_a": given}
        return float(parse("circuit", data).values["limit_a"])

    assert limit("12,5") == 12.5
    with pytest.raises(Refused, match="'12,500' may be two numbers"):
        limit("12,500")
