"""script/home-assistant: it starts, lets its user in, shows what is so, and ends."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.conftest import PYSCRIPT_DIR
from tests.end_to_end.house import free_port
from tests.home_assistant.harness import PROJECT

pytestmark = [pytest.mark.pyscript, pytest.mark.ocpp]


class Visitor:
    """Somebody who logs in as the user interface does, and looks at states."""

    def __init__(self, web: aiohttp.ClientSession, address: str) -> None:
        self._web, self._address = web, address
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._number = 0

    async def log_in(self, user: str, password: str) -> None:
        client = f"{self._address}/"
        handler = {"client_id": client, "handler": ["homeassistant", None], "redirect_uri": client}
        flow = await self._post("/auth/login_flow", json=handler)
        form = {"client_id": client, "username": user, "password": password}
        done = await self._post(f"/auth/login_flow/{flow['flow_id']}", json=form)
        grant = {"grant_type": "authorization_code", "code": done["result"], "client_id": client}
        token = await self._post("/auth/token", data=grant)
        self._socket = await self._web.ws_connect(f"{self._address}/api/websocket")
        assert (await self._socket.receive_json())["type"] == "auth_required"
        await self._socket.send_json({"type": "auth", "access_token": token["access_token"]})
        assert (await self._socket.receive_json())["type"] == "auth_ok"

    async def ask(self, kind: str, **what: Any) -> Any:
        assert self._socket is not None
        self._number += 1
        await self._socket.send_json({"id": self._number, "type": kind, **what})
        while True:
            answer = await self._socket.receive_json()
            if answer["id"] == self._number:
                assert answer["success"], answer
                return answer["result"]

    async def states(self) -> dict[str, str]:
        return {state["entity_id"]: state["state"] for state in await self.ask("get_states")}

    async def _post(self, path: str, **content: Any) -> Any:
        async with self._web.post(f"{self._address}{path}", **content) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()


@pytest.fixture
async def started(
    tmp_path: Path,
    socket_enabled: None,  # noqa: ARG001  (to 127.0.0.1 only)
) -> AsyncIterator[tuple[subprocess.Popen[str], str]]:
    """Start it on free ports; end it hard if the test did not."""
    paths = f"{PROJECT}:{PROJECT / 'pyscript' / 'modules'}"
    places = ["--folder", str(tmp_path / "trial"), "--port", str(free_port())]
    process = subprocess.Popen(
        [sys.executable, "-m", "simulator.trial.start", *places, "--ocpp-port", str(free_port())],
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": paths, "LOADJUGGLER_PYSCRIPT_DIR": str(PYSCRIPT_DIR)},
        stdin=subprocess.DEVNULL,
        stdout=(tmp_path / "said").open("wb"),
        stderr=subprocess.STDOUT,
        text=True,
    )
    said = tmp_path / "said"
    try:
        while "Ctrl-C ends it all." not in said.read_text(encoding="utf-8"):
            assert process.poll() is None, said.read_text(encoding="utf-8")
            await asyncio.sleep(0.2)
        yield process, said.read_text(encoding="utf-8")
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


async def until(visitor: Visitor, what: str, true: Any) -> dict[str, str]:
    """Wait until something is true of the states, and return them."""
    for _ in range(120):
        states = await visitor.states()
        if true(states):
            return states
        await asyncio.sleep(0.5)
    ours = {name: value for name, value in states.items() if "loadjuggler" in name}
    raise AssertionError(f"it never happened that {what}: {ours}")


def amps(states: dict[str, str], entity: str) -> float:
    """A state as a number; -1 if it is none."""
    try:
        return float(states[entity])
    except (KeyError, ValueError):
        return -1.0


async def test_it_starts_lets_in_shows_two_cars_sharing_and_ends(
    started: tuple[subprocess.Popen[str], str],
) -> None:
    process, said = started
    found = re.search(r"(http://127.0.0.1:\d+)/load-juggler\nUser +(\w+)\nPassword (\w+)", said)
    assert found, said
    async with aiohttp.ClientSession() as web:
        visitor = Visitor(web, found[1])
        await visitor.log_in(found[2], found[3])
        left = "sensor.loadjuggler_left_car_allocated_current"
        right = "sensor.loadjuggler_right_car_allocated_current"
        # The house takes 1 A and the boiler 8.7 A (2 kW) of 25 A on C: 15.3 A for two cars, in
        # steps of 0.1 A.
        await until(
            visitor,
            "both cars are told, and take, half of 15.3 A",
            lambda states: (
                sorted((amps(states, left), amps(states, right))) == [7.6, 7.7]
                and amps(states, "sensor.grid_c") == pytest.approx(25.0, abs=0.05)
            ),
        )
        # 15 A of the household leave 10 A of the main breaker's 25 A on A: not 6 A for each.
        slider = {"entity_id": "input_number.household_a", "value": 15}
        await visitor.ask(
            "call_service", domain="input_number", service="set_value", service_data=slider
        )
        states = await until(
            visitor,
            "one car makes room",
            lambda states: (
                sorted((amps(states, left), amps(states, right))) == [0.0, 10.0]
                and amps(states, "sensor.grid_a") == pytest.approx(25.0, abs=0.05)
            ),
        )
        assert states["sensor.loadjuggler_status"] == "ok"
    process.send_signal(signal.SIGINT)
    assert await asyncio.to_thread(process.wait, 60) == 0
