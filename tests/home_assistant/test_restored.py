"""After a restart sensors are there at once, as they were, until the first run."""

from typing import Any

import pytest

from tests.home_assistant.harness import Home
from tests.home_assistant.house import READY
from tests.home_assistant.test_asking import charging

pytestmark = pytest.mark.pyscript

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
