"""What can't be right about the wiring, in real pyscript: told among the warnings, and taken back.

What needs minutes is made short by `check_times`.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.home_assistant.harness import Home
from tests.home_assistant.house import (
    QUICK,
    READY,
    charger_form,
    form,
    register,
    set_meters,
    set_options,
    site_form,
)

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


async def test_what_is_unlikely_in_forms_is_asked_until_they_are_changed(home: Home) -> None:
    """Two chargers that hold 12 A each by themselves are behind a breaker of 16 A."""
    set_options(home, **QUICK, check_times=0.01)
    await home.start(*READY, boot=lambda: set_meters(home, 2.0))
    assert (await register(home, "site", site_form()))["ok"]
    assert (await register(home, "circuit", form("Garage", limit_a=16)))["ok"]
    for name in ("Left", "Right"):
        car = charger_form(name, circuit="Garage", layers="2", fallback_current_a=12)
        assert (await register(home, "charger", car))["ok"], "it is not refused"
    told = "If Load Juggler stops, Left, Right hold 24 A together on phase A of the Garage breaker"

    def asked() -> bool:
        return any(told in text for text in home.attributes(STATUS).get("warnings", []))

    await home.wait_until(asked, "it is asked")
    right = charger_form("Right", circuit="Garage", layers="2", fallback_current_a=0)
    assert (await register(home, "charger", right))["ok"]
    await home.wait_until(lambda: not asked(), "the form was changed")
    assert home.errors() == []


async def test_a_meter_with_commas_is_read_or_told(home: Home) -> None:
    """As REST and AppDaemon set it: 16,3 A is a current, 16,345 A may be two."""
    set_options(home, **QUICK)
    await home.start(*READY, boot=lambda: set_meters(home, 2.0))
    assert (await register(home, "site", site_form()))["ok"]
    home.set_state("sensor.grid_b", "16,3", unit_of_measurement="A")
    current = "sensor.loadjuggler_main_current_b"
    await home.wait_until(lambda: home.state(current) == "16.3", "it is read")
    home.set_state("sensor.grid_b", "16,345", unit_of_measurement="A")
    told = "sensor.grid_b shows 16,345, which may be two numbers"
    await home.wait_until(
        lambda: any(told in text for text in home.attributes(STATUS)["warnings"]), "it is told"
    )
    assert home.state(current) == "16.3", "the last value counts for a while"
    home.set_state("sensor.grid_b", "1.016,5", unit_of_measurement="mA")
    await home.wait_until(lambda: home.state(current) == "1.0", "1016.5 mA")
    assert home.errors() == []


async def test_a_session_whose_number_is_rounded_is_not_named(home: Home) -> None:
    """A template has made 1.7e9 of 1700000123."""
    set_options(home, **QUICK)

    def boot() -> None:
        set_meters(home, 2.0)
        home.set_state("sensor.left_id", "CP-1")
        home.set_state("sensor.left_status_connector", "Charging")
        home.set_state("sensor.left_transaction_id", "1.7e9")
        home.set_state("sensor.left_current_import", 6.0, unit_of_measurement="A")

    await home.start(*READY, boot=boot)
    assert (await register(home, "site", site_form()))["ok"]
    assert (await register(home, "charger", charger_form("Left", layers="2")))["ok"]

    def profiles() -> list[Any]:
        return [
            call.data["custom_profile"]
            for call in home.calls_of("ocpp.set_charge_rate")
            if "custom_profile" in call.data
        ]

    await home.wait_until(profiles, "it is told something")
    await home.settle(1.0)
    assert all("transactionId" not in profile for profile in profiles())
    told = "sensor.left_transaction_id shows 1.7e9, which is not the exact number of its session"
    assert any(told in text for text in home.attributes(STATUS)["warnings"])
    home.set_state("sensor.left_transaction_id", "1700000123.0")
    await home.wait_until(
        lambda: profiles()[-1].get("transactionId") == 1700000123, "now it is exact"
    )
    assert home.errors() == []
