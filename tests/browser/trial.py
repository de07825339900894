"""The house of script/home-assistant, as its REST API shows it."""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.browser.window import tokens
from tests.patience import patient_s


class House:
    """A running Home Assistant, and a user who is logged in."""

    def __init__(self, address: str, folder: Path) -> None:
        self.address, self.folder = address, folder
        self.keys = tokens(address, "juggler", "juggler")

    def states(self) -> dict[str, dict[str, Any]]:
        """All states by entity id."""
        headers = {"Authorization": f"Bearer {self.keys['access_token']}"}
        request = urllib.request.Request(f"{self.address}/api/states", headers=headers)
        with urllib.request.urlopen(request, timeout=20) as answer:
            return {state["entity_id"]: state for state in json.load(answer)}

    def amps(self, entity: str) -> float:
        """A state as a number; -1 if it is none."""
        try:
            return float(self.states()[entity]["state"])
        except (KeyError, ValueError):
            return -1.0

    def call(self, service: str, **data: Any) -> None:
        """Call a service."""
        self._post(f"/api/services/{service}", data)

    def set_state(self, entity: str, value: str, attributes: dict[str, Any]) -> None:
        """Set a state, until who owns it sets it again."""
        self._post(f"/api/states/{entity}", {"state": value, "attributes": attributes})

    def _post(self, path: str, data: dict[str, Any]) -> None:
        headers = {
            "Authorization": f"Bearer {self.keys['access_token']}",
            "Content-Type": "application/json",
        }
        request = urllib.request.Request(self.address + path, json.dumps(data).encode(), headers)
        urllib.request.urlopen(request, timeout=20).close()

    def status(self, path: str) -> int:
        """What the web server answers to somebody who asks for a path."""
        with urllib.request.urlopen(f"{self.address}{path}", timeout=20) as answer:
            return int(answer.status)

    def until(self, true: Callable[[], bool], what: str, most_s: float = 40.0) -> None:
        """Wait until something is true."""
        began = time.monotonic()
        while not true():
            assert time.monotonic() - began < patient_s(most_s), f"it never happened that {what}"
            time.sleep(0.3)
