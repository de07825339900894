"""script/home-assistant as a process, and somebody who visits the house that it starts."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from tests.conftest import PYSCRIPT_DIR
from tests.end_to_end.house import free_port
from tests.home_assistant.harness import PROJECT


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


@asynccontextmanager
async def trial(tmp_path: Path) -> AsyncIterator[tuple[subprocess.Popen[str], str]]:
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
