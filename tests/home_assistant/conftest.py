"""Fixtures for tests in real Home Assistant."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.home_assistant.harness import Home

# The services that Load Juggler commands loads with, and asks chargers with.
COMMANDS = (
    "ocpp.set_charge_rate",
    "ocpp.clear_profile",
    "ocpp.configure",
    "ocpp.get_configuration",
    "ocpp.trigger_custom_message",
    "switch.turn_on",
    "switch.turn_off",
    "persistent_notification.create",
    "persistent_notification.dismiss",
)


@pytest.fixture
def expected_lingering_tasks() -> bool:
    """Pyscript's tasks outlive Home Assistant's stop by a moment; that is not ours to judge."""
    return True


@pytest.fixture
def expected_lingering_timers() -> bool:
    """Allow its timers, for the same reason."""
    return True


@pytest.fixture
async def home(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> AsyncIterator[Home]:
    """Make a Home Assistant, not started yet, with the project's files and recorded commands."""
    house = Home(tmp_path / "config", caplog)
    house.write_configuration()
    for service in COMMANDS:
        house.record(service)
    yield house
    await house.stop()
