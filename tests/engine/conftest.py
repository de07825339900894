"""What tests of the engine share."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from .played import Played


@pytest.fixture
async def played(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> AsyncIterator[Played]:
    caplog.set_level(logging.INFO)
    house = Played(tmp_path)
    yield house
    await house.close()
