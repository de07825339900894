"""A connection on which messages get lost or mangled, as often as a station's faults say."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from .kinds import Faults


class Faulty:
    """A websocket with faults; `struck` is told the name of each one that happens."""

    def __init__(
        self, socket: Any, faults: Faults, chance: random.Random, struck: Callable[[str], None]
    ) -> None:
        self._socket = socket
        self._faults = faults
        self._chance = chance
        self._struck = struck

    async def recv(self) -> str:
        """The next message; some are mangled, and calls of the central system may vanish."""
        while True:
            message = await self._socket.recv()
            text = message if isinstance(message, str) else message.decode(errors="replace")
            if text.replace(" ", "").startswith("[2") and self._happens(
                self._faults.timeout, "timeout"
            ):
                continue
            return self._mangled(text)

    async def send(self, text: str) -> None:
        """Send a message, unless it is lost; some are mangled."""
        if not self._happens(self._faults.drop, "drop"):
            await self._socket.send(self._mangled(text))

    def _mangled(self, text: str) -> str:
        if not self._happens(self._faults.corrupt, "corrupt"):
            return text
        cut = self._chance.randrange(len(text) or 1)
        return text[:cut] + "\ufffd" + text[cut + 2 :]

    def _happens(self, share: float, name: str) -> bool:
        if share <= 0.0 or self._chance.random() >= share:
            return False
        self._struck(name)
        return True
