"""Sockets to this machine only, also where Home Assistant's test package closes them all."""

from __future__ import annotations

from collections.abc import AsyncIterator

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


@pytest.fixture
async def central() -> AsyncIterator[Central]:
    async with central_system() as made:
        yield made
