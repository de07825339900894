"""Fixtures for tests of the whole chain, from the forms to the charging stations."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.end_to_end.house import House
from tests.home_assistant.harness import Home


@pytest.fixture
def expected_lingering_tasks() -> bool:
    """Pyscript's and the OCPP integration's tasks outlive Home Assistant's stop by a moment."""
    return True


@pytest.fixture
def expected_lingering_timers() -> bool:
    """Allow their timers, for the same reason."""
    return True


@pytest.fixture
async def house(
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    socket_enabled: None,  # noqa: ARG001  (to 127.0.0.1 only: the test package sees to that)
) -> AsyncIterator[House]:
    """Make a house, not started yet, with real stations; end them all when the test ends."""
    home = Home(tmp_path / "config", caplog)
    home.write_configuration()
    built = House(home, tmp_path)
    yield built
    await built.end()
