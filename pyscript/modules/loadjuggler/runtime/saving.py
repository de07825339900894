"""When what must outlive a restart is written to its file."""

from __future__ import annotations

import asyncio
import math
from typing import Any

from . import file
from .controller import Keeper
from .hands import Hands, locked


class Saving:
    """Writes what the keeper dumps: once a minute if it has changed, at once what people set.

    `stored` is what the file holds now (`None`: that is not known).
    """

    def __init__(self, hands: Hands, keeper: Keeper, stored: Any) -> None:
        """Start with a file that holds `stored`."""
        self.stored = stored
        self._hands = hands
        self._keeper = keeper
        self._tried_at = hands.monotonic()
        self._one = asyncio.Lock()  # or an older content could be written over a newer one
        self._task: asyncio.Task[None] | None = None
        self._fails = False

    def start(self) -> None:
        """Save in the background, if somebody set something or the last time was long ago."""
        waited_s = self._hands.monotonic() - self._tried_at
        due = waited_s >= self._keeper.options.save_s or self._keeper.must_store()
        if due and (self._task is None or self._task.done()):
            self._task = asyncio.create_task(self.save())  # kept, or it may vanish

    def soon(self) -> None:
        """Save with the next run, however short ago the last time was."""
        self._tried_at = -math.inf

    async def save(self) -> None:
        """Save what has changed, after what is being saved now.

        Never raises: what goes wrong is logged, the first time in a row. If this is cancelled while
        it writes, `stored` stays as it was, so it is written again.
        """
        async with self._one:
            self._tried_at = self._hands.monotonic()
            try:
                content = self._keeper.dump()
                if content != self.stored:
                    path = self._hands.store_path
                    await self._hands.in_thread(locked, self._hands.lock, file.write, path, content)
                    self.stored = content
                self._fails = False
            except Exception as error:  # whatever it is, the house must go on
                if not self._fails:  # a full disk is told once, not every minute
                    self._hands.log.error("Registrations can't be stored: %s", error)
                self._fails = True

    def go_on_from(self, old: Saving) -> None:
        """Save with the next run, after what `old` is saving now."""
        self._one, self._fails = old._one, old._fails
        self.soon()
