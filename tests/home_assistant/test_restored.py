"""After a restart sensors are there at once, as they were, until the first run."""

import shutil
from itertools import pairwise
from typing import Any

import pytest

from tests.home_assistant.harness import Home
from tests.home_assistant.house import READY
from tests.home_assistant.test_asking import charging

pytestmark = pytest.mark.pyscript

OVER = "sensor.loadjuggler_main_over_limit_ampere_seconds_a"
POWER = "sensor.loadjuggler_left_power"


async def test_sensors_are_restored_and_then_set_by_the_first_run(home: Home) -> None:
    living = await charging(home)
    await home.wait_until(lambda: home.state(POWER) == "11040", "3 x 230 V x 16 A")
    await home.stop()
    seen: list[tuple[str, Any]] = []

    def listen() -> None:
        def note(event: Any) -> None:
            if event.data["entity_id"] == POWER and event.data["new_state"]:
                state = event.data["new_state"]
                seen.append((state.state, state.attributes.get("restored")))

        home.hass.bus.async_listen("state_changed", note)
        living.show()

    await home.restart(*READY, boot=listen)
    await home.wait_until(lambda: len(seen) > 1, "it is shown, and then set")
    assert seen[0] == ("11040", True)
    assert seen[-1][1] is None


async def test_a_total_does_not_fall_when_home_assistant_is_killed(home: Home) -> None:
    """The file of some moment is all that there is after it; what was shown then is in it."""
    living = await charging(home, save_s=1.0)
    file = home.config / ".storage" / "loadjuggler"
    copy = home.config / "as-it-was"
    seen: list[float] = []

    def watch() -> None:
        def note(event: Any) -> None:
            if event.data["entity_id"] == OVER and event.data["new_state"]:
                seen.append(float(event.data["new_state"].state))

        home.hass.bus.async_listen("state_changed", note)
        living.show()

    watch()
    living.set(house_a=30.0)
    # A total is shown 10 s after it began, and then every 30 s.
    await home.wait_until(lambda: len(seen) >= 3, "something is counted, and shown", 90.0)
    await home.settle(0.5)  # meanwhile more is counted than the file has
    shutil.copyfile(file, copy)
    killed, known = len(seen), seen[-1]
    await home.stop()
    shutil.copyfile(copy, file)
    del seen[killed:]
    await home.restart(*READY, boot=watch)
    await home.wait_until(lambda: seen[-1] > known, "it is counted on", 90.0)
    assert all(one <= two for one, two in pairwise(seen)), seen
