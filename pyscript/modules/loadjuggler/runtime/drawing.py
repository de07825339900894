"""The picture of the wiring: draws it in a thread, writes its file, and shows its address."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

from ..publish.entities import Entity
from . import file
from .controller import Keeper
from .hands import Hands


class Drawing:
    """Draws the picture when the keeper says that it is time.

    `show` sets the entities that have the address of the picture.
    """

    def __init__(
        self, hands: Hands, keeper: Keeper, show: Callable[[Iterable[Entity]], None]
    ) -> None:
        """Start without a picture."""
        self._hands = hands
        self._keeper = keeper
        self._show = show
        self._task: asyncio.Task[None] | None = None
        self._fails = False

    def start(self) -> None:
        """Draw in the background, if it is time and no picture is being drawn."""
        if self._task is not None and not self._task.done():
            return
        if self._keeper.picture_due(self._hands.now()):
            self._task = asyncio.create_task(self._draw())  # asyncio keeps none

    async def _draw(self) -> None:
        """Draw the picture; if it has changed, write it, have it served, and show its address.

        Never raises. Of several errors in a row the first is logged.
        """
        hands, keeper = self._hands, self._keeper
        try:
            picture = await hands.in_thread(keeper.picture, hands.now(), hands.language())
            if picture is None:
                return
            await hands.in_thread(file.write_text, hands.picture_path, picture)
            await hands.serve_picture()
            self._show(keeper.picture_written())
            self._fails = False
        except Exception as error:  # whatever it is, the house must go on
            if not self._fails:  # logged once, not every ten seconds
                hands.log.error("The picture of the wiring can't be made: %s", error)
            self._fails = True

    def go_on_from(self, old: Drawing) -> None:
        """Do not draw before `old` has done its last picture."""
        self._task, self._fails = old._task, old._fails
