"""The events for automations, fired by real pyscript."""

import pytest

from tests.home_assistant.harness import Home
from tests.home_assistant.test_asking import charging

pytestmark = pytest.mark.pyscript


async def test_a_change_and_a_problem_are_told_as_events(home: Home) -> None:
    living = await charging(home, hold_s=1.0, calm_s=2.0)
    changes, problems = [], []
    home.hass.bus.async_listen("loadjuggler_changed", lambda event: changes.append(event.data))
    home.hass.bus.async_listen("loadjuggler_problem", lambda event: problems.append(event.data))
    await home.call("pyscript.loadjuggler_pause", {"load": "left"})
    await home.wait_until(lambda: changes, "the change is told")
    left = changes[0]["loads"]["left"]
    assert (left["old"]["allocated_a"], left["new"]["allocated_a"]) == (16.0, 0.0)
    assert left["new"]["status"] == "paused"
    living.set(gone={"sensor.grid_b"})
    await home.wait_until(lambda: problems, "the problem is told")
    assert problems[0]["new"][0]["text"].startswith("sensor.grid_b gives no reading")
    living.set(gone=set())
    await home.wait_until(lambda: len(problems) > 1, "it is told that it is over")
    assert problems[1]["gone"][0]["since"] == problems[0]["new"][0]["since"]
    assert home.errors() == []
