"""What real Home Assistant is given to record: with the settings of a user who has set nothing."""

import asyncio
import random

import pytest

from tests.home_assistant.harness import Home
from tests.home_assistant.house import (
    READY,
    charger_form,
    register,
    set_charger,
    set_meters,
    set_options,
    site_form,
)

pytestmark = pytest.mark.pyscript

OURS = "sensor.loadjuggler"
CURRENT, STATUS = f"{OURS}_main_current_a", f"{OURS}_status"


async def idle(home: Home) -> list[tuple[str, str]]:
    """Start a house with a charger without a car; answers what is recorded from now on."""
    set_options(home, picture_s=0)

    def boot() -> None:
        set_meters(home, 3.0)
        set_charger(home, "left", 0.0, status="Available")

    await home.start(*READY, boot=boot)
    await register(home, "site", site_form())
    await register(home, "charger", charger_form("left"))
    await home.wait_until(lambda: home.state(STATUS) == "ok", "the status is ok")
    rows: list[tuple[str, str]] = []

    def note(event: object) -> None:
        state = event.data["new_state"]  # type: ignore[attr-defined]
        if state is not None and state.entity_id.startswith(OURS):
            rows.append((state.entity_id, state.state))

    home.hass.bus.async_listen("state_changed", note)
    return rows


async def test_a_meter_that_flickers_is_seldom_recorded_and_an_overload_at_once(
    home: Home,
) -> None:
    """Fifteen readings within 15 s; each phase of the meter and what hangs on it: one row."""
    rows, chance = await idle(home), random.Random(1)
    await asyncio.sleep(10.5)
    rows.clear()
    for _ in range(15):
        set_meters(home, *(round(3.0 + chance.gauss(0, 0.1), 2) for _ in "abc"))
        await asyncio.sleep(1.0)
    by_entity = {entity: sum(one == entity for one, _ in rows) for entity, _ in rows}
    assert max(by_entity.values(), default=0) <= 2, by_entity
    rows.clear()
    set_meters(home, 27.0, 3.0, 3.0)
    await home.wait_until(lambda: home.state(STATUS) == "problem", "the status is problem")
    shown = lambda: (CURRENT, "27.0") in rows
    await home.wait_until(shown, "what is too much is shown with it")
    assert home.errors() == []


async def test_a_meter_that_blinks_for_a_second_is_no_event(home: Home) -> None:
    rows = await idle(home)
    problems: list[object] = []
    home.hass.bus.async_listen("loadjuggler_problem", problems.append)
    rows.clear()
    for _ in range(3):
        home.set_state("sensor.grid_b", "unavailable")
        await asyncio.sleep(1.0)
        set_meters(home, 3.0)
        await asyncio.sleep(1.0)
    assert [row for row in rows if row[0] == STATUS] == []
    assert problems == []
    home.set_state("sensor.grid_b", "unavailable")
    await home.wait_until(lambda: home.state(STATUS) == "blind", "the status is blind")
    assert home.errors() == []
