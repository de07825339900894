"""The numbers that entities show."""

from __future__ import annotations

import pytest
from loadjuggler.publish.entities import entities

from .house import House, charger_form, site_form


@pytest.mark.parametrize("grid_a", [-0.0, -0.004, -0.0499])
def test_almost_nothing_that_is_fed_in_is_no_minus_zero(grid_a: float) -> None:
    """The car draws nothing and the meter shows less than half of the last digit: it is 0.0 A."""
    house = House.of(site_form(), charger_form("car", mode="off"))
    for phase in "ABC":
        house.household["main"][phase] = grid_a
    shown = {one.id: one.value for one in entities(house.run().report)}
    assert shown["sensor.loadjuggler_main_current_a"] == "0.0"
    assert [key for key in shown if shown[key] in ("-0", "-0.0", "-0.00")] == []
