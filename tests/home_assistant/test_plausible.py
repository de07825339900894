"""What can't be right about the wiring, in real pyscript: told among the warnings, and taken back.

What needs minutes is made short by `check_times`.
"""

from __future__ import annotations

import pytest

from tests.home_assistant.harness import Home
from tests.home_assistant.house import QUICK, READY, register, set_meters, set_options, site_form

pytestmark = [pytest.mark.pyscript, pytest.mark.any_pyscript]

STATUS = "sensor.loadjuggler_status"


async def test_volts_that_are_labelled_amperes_are_told_until_the_form_is_right(
    home: Home,
) -> None:
    """231 A are nine times the breaker: for 300 s, here 3 s."""

    def boot() -> None:
        set_meters(home, 2.0)
        home.set_state("sensor.volts", 231, unit_of_measurement="A")
        home.set_state("sensor.total", 1380, unit_of_measurement="W")

    set_options(home, **{**QUICK, "check_times": 0.01})
    await home.start(*READY, boot=boot)
    wrong = site_form(grid_b="sensor.volts", grid_total_entity="sensor.total")
    assert (await register(home, "site", wrong))["ok"]
    told = (
        "sensor.volts (Meter, phase B, in the form of the site) shows 231 A for minutes: a breaker "
        "of 25 A would have tripped. Choose a sensor whose unit is right: volts or W may be "
        "labelled A, or W labelled kW."
    )
    await home.wait_until(
        lambda: told in home.attributes(STATUS).get("warnings", []), "the warning is there"
    )
    assert home.state(STATUS) == "problem"
    right = site_form(grid_total_entity="sensor.total")
    assert (await register(home, "site", right))["ok"]
    await home.wait_until(lambda: home.state(STATUS) == "ok", "the form is right")
    assert home.attributes(STATUS)["warnings"] == []
    assert home.errors() == []
