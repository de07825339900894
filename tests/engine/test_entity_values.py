"""The numbers that entities show."""

from __future__ import annotations

import pytest
from loadjuggler.publish.entities import entities

from .house import House, circuit_form, site_form


@pytest.mark.parametrize("grid_a", [-0.004, -0.0499])
def test_almost_nothing_that_is_fed_in_is_no_minus_zero(grid_a: float) -> None:
    """The meter shows less than half of the last digit: it is 0.0 A."""
    house = House.of(site_form(), circuit_form("yard", 16, "ABC"))
    for phase in "ABC":
        house.household["yard"][phase] = grid_a
    shown = {one.id: one.value for one in entities(house.run().report)}
    assert shown["sensor.loadjuggler_yard_current_a"] == "0.0"
    assert [key for key in shown if shown[key] in ("-0", "-0.0", "-0.00")] == []
