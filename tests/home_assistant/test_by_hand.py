"""Plugs that people switch themselves, and plugs that a power cut has switched, in real pyscript.

25 A; the boiler takes 13.0 A (2,990 W) on phase A, the house 1 A, and a car of 6 to 16 A the rest.
"""

import asyncio
from typing import Any

import pytest
from homeassistant.core import Context

from tests.home_assistant.harness import Call, Home
from tests.home_assistant.house import (
    READY,
    Living,
    charger_form,
    plug_form,
    register,
    set_options,
    site_form,
)

pytestmark = pytest.mark.pyscript

BOILER = "switch.boiler"
STATUS = "sensor.loadjuggler_boiler_status"
REASON = "sensor.loadjuggler_boiler_reason"
ALLOCATED = "sensor.loadjuggler_boiler_allocated_current"


def boiler_form(**fields: Any) -> dict[str, Any]:
    """A boiler that is always on, and need not wait after a stop."""
    return plug_form(
        "Boiler", power_w=2990, mode="continuous", min_on_min=0, min_off_min=0, **fields
    )


async def heating(home: Home, **options: Any) -> Living:
    """The house with its boiler on, and a car that has the 11 A that are left."""
    living = Living(home, draws={"left": 0.0}, plugs={BOILER: 13.0})
    await living.start(**options)
    await register(home, "site", site_form())
    await register(home, "plug", boiler_form(priority=1))
    await register(home, "charger", charger_form("Left", priority=2))
    await living.reaches("both run", **{BOILER: 13.0, "left": 11.0})
    home.calls.clear()
    return living


def by_hand(living: Living, on: bool) -> None:
    """Somebody presses the button of the boiler's plug."""
    living.draws[BOILER] = living.plugs[BOILER] if on else 0.0
    living.show()


def shown(home: Home) -> tuple[str | None, str | None]:
    """The status of the boiler, and what is shown as allocated."""
    return home.state(STATUS), home.state(ALLOCATED)


def switch_calls(home: Home) -> list[str]:
    return [call.service for call in home.calls if call.service.startswith("switch.")]


async def test_a_plug_that_is_switched_off_by_hand_is_off_and_keeps_nothing(home: Home) -> None:
    living = await heating(home)
    by_hand(living, on=False)
    await home.wait_until(lambda: shown(home) == ("off", "0.0"), "it is shown as off, with 0 A")
    assert "turned off by hand" in str(home.state(REASON))
    await living.reaches("the car has what the boiler leaves", left=16.0)
    by_hand(living, on=True)
    await living.reaches("on by hand again, it has its share", **{BOILER: 13.0, "left": 11.0})
    await home.wait_until(lambda: home.state(STATUS) == "on", "it is shown as on")
    assert switch_calls(home) == []
    assert home.errors() == []


async def test_a_boost_ends_what_was_done_by_hand(home: Home) -> None:
    living = await heating(home)
    by_hand(living, on=False)
    await home.wait_until(lambda: shown(home) == ("off", "0.0"), "it is off")
    await home.call("pyscript.loadjuggler_boost", {"load": "Boiler", "minutes": 30})
    await living.reaches("whoever boosts it wants it on", **{BOILER: 13.0})
    assert switch_calls(home) == ["switch.turn_on"]


async def test_a_form_that_is_saved_again_does_not_turn_it_on(home: Home) -> None:
    living = await heating(home)
    by_hand(living, on=False)
    await home.wait_until(lambda: shown(home) == ("off", "0.0"), "it is off")
    await register(home, "plug", boiler_form(priority=3))
    await home.settle(1.0)
    assert shown(home) == ("off", "0.0")
    assert switch_calls(home) == []


async def test_a_plug_that_comes_back_off_from_a_power_cut_is_switched_on_again(
    home: Home,
) -> None:
    living = await heating(home)
    living.draws[BOILER] = 0.0
    home.set_state(BOILER, "unavailable")
    await home.wait_until(lambda: home.state(STATUS) == "unreachable", "it is gone")
    living.show()
    await living.reaches("it is on again", **{BOILER: 13.0})
    assert switch_calls(home) == ["switch.turn_on"]
    assert home.state(STATUS) == "on"


async def test_a_plug_that_comes_back_on_from_a_power_cut_is_switched_off_again(
    home: Home,
) -> None:
    """It was paused; many plugs go on when their power comes back."""
    living = await heating(home)
    await home.call("pyscript.loadjuggler_pause", {"load": "Boiler", "minutes": 30})
    await living.reaches("it is paused", **{BOILER: 0.0})
    await asyncio.sleep(0.5)
    home.calls.clear()
    home.set_state(BOILER, "unavailable")
    await home.wait_until(lambda: home.state(STATUS) == "unreachable", "it is gone")
    by_hand(living, on=True)
    await living.reaches("it is off again", **{BOILER: 0.0})
    assert switch_calls(home) == ["switch.turn_off"]


@pytest.mark.parametrize("person", [True, False], ids=["by hand", "by a power cut"])
async def test_what_was_done_by_hand_outlives_a_restart_and_a_power_cut_does_not(
    home: Home, person: bool
) -> None:
    living = await heating(home)
    if person:
        by_hand(living, on=False)
        await home.wait_until(lambda: shown(home) == ("off", "0.0"), "it is off")
    await home.stop()
    living.draws[BOILER] = 0.0
    home.calls.clear()
    await home.restart(*READY, boot=living.show)
    await home.wait_until(lambda: home.state("sensor.loadjuggler_status") == "ok", "it runs")
    if person:
        await home.settle(1.0)
        assert shown(home) == ("off", "0.0")
        assert switch_calls(home) == []
    else:
        await living.reaches("it is on again", **{BOILER: 13.0})


@pytest.mark.parametrize("ours", [True, False], ids=["our own call", "a person"])
async def test_the_late_echo_of_our_own_call_is_no_person(home: Home, ours: bool) -> None:
    """A plug that reports late: off, with the context of a call that was made long before."""
    living = await heating(home, not_following_s=0.2)
    await home.call("pyscript.loadjuggler_pause", {"load": "Boiler", "minutes": 30})
    await living.reaches("it is paused", **{BOILER: 0.0})
    (call,) = home.calls_of("switch.turn_off")
    await home.call("pyscript.loadjuggler_resume", {"load": "Boiler"})
    await living.reaches("it is on", **{BOILER: 13.0})
    await asyncio.sleep(0.5)
    home.calls.clear()
    context = call.context if ours else Context(user_id="somebody")
    living.draws[BOILER] = 0.0
    home.hass.states.async_set(BOILER, "off", {}, context=context)
    living.show()
    if ours:
        await living.reaches("it is on again", **{BOILER: 13.0})
        assert switch_calls(home) == ["switch.turn_on"]
    else:
        await home.wait_until(lambda: shown(home) == ("off", "0.0"), "it is off by hand")
        await home.settle(0.5)
        assert switch_calls(home) == []


async def test_the_first_form_of_a_plug_says_that_it_is_switched_on(home: Home) -> None:
    living = Living(home, plugs={BOILER: 13.0})
    await living.start()
    await register(home, "site", site_form())
    answer = await register(home, "plug", boiler_form())
    assert answer["message"].startswith("Boiler is wired. It is off: in mode continuous it is ")
    await living.reaches("it is on", **{BOILER: 13.0})
    answer = await register(home, "plug", boiler_form(priority=3))
    assert answer["message"] == "Boiler is wired."


async def test_a_real_helper_that_is_switched_by_a_person(home: Home) -> None:
    """An input_boolean has the contexts that Home Assistant gives it, ours and the person's."""
    set_options(home, tick_s=0.2, join_s=0.05, not_following_s=0.2)
    configuration = home.config / "configuration.yaml"
    text = configuration.read_text(encoding="utf-8")
    configuration.write_text(f"{text}input_boolean:\n  boiler:\n    initial: false\n", "utf-8")

    def boot() -> None:
        for phase in "abc":
            home.set_state(f"sensor.grid_{phase}", 1, unit_of_measurement="A")

    def called(_call: Call) -> None:
        raise AssertionError("the helper's own service is used")

    home.record("switch.turn_on", called)
    await home.start(*READY, boot=boot)
    await register(home, "site", site_form())
    await register(home, "plug", boiler_form(switch="input_boolean.boiler"))
    await home.wait_until(lambda: home.state("input_boolean.boiler") == "on", "it is switched on")
    await home.settle(0.5)
    await home.call("input_boolean.turn_off", {"entity_id": "input_boolean.boiler"})
    await home.wait_until(lambda: shown(home) == ("off", "0.0"), "it is off by hand")
    await home.settle(1.0)
    assert home.state("input_boolean.boiler") == "off"
    await home.call("input_boolean.turn_on", {"entity_id": "input_boolean.boiler"})
    await home.wait_until(lambda: home.state(STATUS) == "on", "it is on by hand")
    assert home.errors() == []
