"""Sockets to this machine only, also where Home Assistant's test package closes them all."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator

import pytest

from tests.simulator.station.central import Central, central_system


@pytest.fixture(autouse=True)
def local_sockets() -> None:
    try:
        import pytest_socket
    except ImportError:
        return
    pytest_socket.enable_socket()
    pytest_socket.socket_allow_hosts(["127.0.0.1"])


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """A failing test shows what was heard, not every message of both ends."""
    levels = {name: logging.getLogger(name).level for name in ("ocpp", "websockets")}
    for name in levels:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    yield
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


@pytest.fixture
async def central() -> AsyncIterator[Central]:
    async with central_system() as made:
        yield made
