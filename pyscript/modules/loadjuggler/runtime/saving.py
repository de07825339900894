"""Writes the file of what must outlive a restart: every 5 min, and at once what people set."""

from __future__ import annotations

import asyncio
import math
from typing import Any

from ..texts import WORDS
from . import file
from .controller import Keeper
from .hands import Hands, locked

SOON_S = 60.0
"""What could not be written is tried again after this time, in s, if `Options.save_s` is more."""


class Saving:
    """Writes the Keeper's dump every `Options.save_s` if it changed, and at once after a setting.

    `stored` is the content of the file (`None`: not known).
    """

    def __init__(self, hands: Hands, keeper: Keeper, stored: Any) -> None:
        """Start with a file that holds `stored`."""
        self.stored = stored
        self._hands = hands
        self._keeper = keeper
        self._tried_at = hands.monotonic()
        self._one = asyncio.Lock()  # so that an older content never overwrites a newer one
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Save in the background, if people have set something or `save_s` have passed.

        A day that has ended is saved at once, so that all of it is shown before the next one
        begins; and the next one after it, so that everybody sees that it begins again.
        """
        waited_s, wait_s = self._hands.monotonic() - self._tried_at, self._keeper.options.save_s
        if self._keeper.unstored:
            wait_s = min(wait_s, SOON_S)
        elif self._keeper.screen.totals.day_ended:
            wait_s = 0.0
        due = waited_s >= wait_s or self._keeper.must_store()
        if due and (self._task is None or self._task.done()):
            self._task = asyncio.create_task(self.save())  # asyncio keeps no reference

    async def settled(self, answer: dict[str, Any]) -> dict[str, Any]:
        """The `answer` of a service after what people have set is in the file.

        If that can't be written, the answer says so: `stored` is false. A write that is under way
        may have it already, and is waited for.
        """
        if self._keeper.must_store():
            await self.save()
        async with self._one:
            error, words = self._keeper.unstored, WORDS[self._keeper.given.language]
        if not error or not answer.get("ok"):
            return answer
        message = f"{answer['message']} {words['not_kept'].format(error=error)}"
        return {**answer, "message": message, "stored": False}

    def soon(self) -> None:
        """Save with the next run, however recently it was saved."""
        self._tried_at = -math.inf

    async def save(self) -> None:
        """Save if the dump has changed, after any write that is under way.

        Never raises; of several errors in a row the first is logged. If it is cancelled during the
        write, `stored` stays as it was, so the content is written again.
        """
        async with self._one:
            self._tried_at = self._hands.monotonic()
            try:
                content = self._keeper.dump()
                if content != self.stored:
                    path = self._hands.store_path
                    await self._hands.in_thread(locked, self._hands.lock, file.write, path, content)
                    self.stored = content
                self._keeper.written(content)
                self._keeper.unstored = ""
            except Exception as error:  # whatever it is, the house must go on
                self._keeper.written(None)
                if not self._keeper.unstored:  # a full disk is logged once, not every minute
                    self._hands.log.error("Registrations can't be stored: %s", error)
                self._keeper.unstored = str(error) or type(error).__name__

    def go_on_from(self, old: Saving) -> None:
        """Save with the next run, after any write of `old` that is under way."""
        self._one, self._keeper.unstored = old._one, old._keeper.unstored
        self.soon()
