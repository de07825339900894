"""What people are told in real pyscript: their language, what was told when, and the account."""

from typing import Any

import pytest

from tests.home_assistant.harness import Home
from tests.home_assistant.house import (
    QUICK,
    READY,
    charger_form,
    last_limits,
    register,
    set_charger,
    set_meters,
    set_options,
    site_form,
)

pytestmark = [pytest.mark.pyscript, pytest.mark.any_pyscript]

STATUS = "sensor.loadjuggler_status"
REASON = "sensor.loadjuggler_left_reason"


async def start(home: Home, house_a: float) -> None:
    """Start with one car that is plugged in; the house takes `house_a` on each phase of 25 A."""
    set_options(home, **QUICK)
    await home.start(*READY, "pyscript.loadjuggler_history")
    set_meters(home, house_a)
    set_charger(home, "left", status="Preparing")
    await register(home, "site", site_form())
    await register(home, "charger", charger_form("Left"))


async def answer_of(home: Home, service: str, **data: Any) -> dict[str, Any]:
    """What a service of Load Juggler answers."""
    found = await home.call(f"pyscript.loadjuggler_{service}", data, response=True)
    assert isinstance(found, dict)
    return found


async def test_a_house_in_slovenia_is_told_in_slovenian(home: Home) -> None:
    """25 A less 21 A of household leave 4 A, and the car needs 6 A."""
    await start(home, 21)
    await home.wait_until(
        lambda: (home.state(REASON) or "").startswith("Waits: needs 6 A"), "in English"
    )
    home.hass.config.language = "sl"
    await home.wait_until(
        lambda: (home.state(REASON) or "").startswith(
            "Čaka: potrebuje 6 A, glavni odklopnik (25 A) pa ima na fazi A prostih 4 A."
        ),
        "in Slovenian",
    )
    assert home.attributes(STATUS)["message"] == "Vse je v redu."
    assert home.errors() == []


async def test_what_was_told_and_why_is_answered(home: Home) -> None:
    """25 A less 5 A are enough for its 16 A; with 15 A of household it gets 10 A."""
    await start(home, 5)
    await home.wait_until(lambda: last_limits(home) == {"left": 16.0}, "it starts")
    set_charger(home, "left", 16, status="Charging")
    set_meters(home, 31)
    await home.wait_until(lambda: last_limits(home) == {"left": 10.0}, "it makes room")
    answer = await answer_of(home, "history", load="Left", count=3)
    assert answer["ok"]
    newest = next(one for one in answer["changes"] if one["told_a"] == 10.0)
    assert newest["told_before_a"] == 16.0
    assert newest["reason"].startswith("10 A of 16 A: the main breaker (25 A) is full on phase A.")
    assert newest["at"][10] == "T"
    assert len(answer["changes"]) <= 3
    assert not (await answer_of(home, "history", load="Richard"))["ok"]
    assert home.errors() == []


async def test_the_account_of_a_load_is_answered(home: Home) -> None:
    """25 A - 15 A of household leave 10 A of its 16 A."""
    await start(home, 15)
    await home.wait_until(lambda: last_limits(home) == {"left": 10.0}, "it is told")
    answer = await answer_of(home, "explain", load="left")
    assert answer["ok"]
    (place,) = answer["binds"]
    assert answer["limits"][place]["left_a"] == 10.0
    assert "| Main breaker, on phase A | 25 A | 15 A | 0 A | 10 A | 10 A |" in answer["text"]
    assert not (await answer_of(home, "explain", load="Richard"))["ok"]
    assert home.errors() == []
