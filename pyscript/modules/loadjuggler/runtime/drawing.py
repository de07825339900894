"""The picture of the wiring: draws it in a thread, writes its file, and shows its address."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress

from ..publish.entity import Entity
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
        self._gone = False  # there may be one of before a restart

    def start(self) -> None:
        """Draw in the background, if it is time and no picture is being drawn.

        Where none is wanted, the one that is there is removed: everybody who can reach Home
        Assistant could see it, without a login.
        """
        if self._task is not None and not self._task.done():
            return
        showing, wanted = self._keeper.showing, self._wanted()
        if wanted and showing.due(self._hands.now()):
            self._task = asyncio.create_task(self._draw())  # asyncio keeps none
        elif not wanted and not self._gone:
            self._task = asyncio.create_task(self.remove())

    async def remove(self) -> None:
        """Remove the picture. Never raises. Of several errors in a row the first is logged."""
        hands, keeper = self._hands, self._keeper
        try:
            await hands.in_thread(file.remove, hands.picture_path)
            keeper.showing.removed()
            self._gone, self._fails = True, False
        except Exception as error:  # whatever it is, the house must go on
            self._failed("removed", error)

    def _wanted(self) -> bool:
        return self._keeper.showing.wanted(self._keeper.site)

    async def _draw(self) -> None:
        """Draw the picture; if it has changed, write it, have it served, and show its address.

        Never raises. Of several errors in a row the first is logged. One that is not wanted any
        more when it has been written is removed.
        """
        hands, keeper = self._hands, self._keeper
        try:
            keeper.showing.begins()
            picture = await hands.in_thread(keeper.picture, hands.now(), hands.language())
            if picture is not None:
                self._gone = False
                await hands.in_thread(file.write_text, hands.picture_path, picture)
            if not self._wanted():
                await self.remove()
            if picture is None or self._gone:
                return
            await hands.serve_picture()
            keeper.showing.written()
            self._show(keeper.picture_told())
            self._fails = False
        except Exception as error:  # whatever it is, the house must go on
            self._failed("made", error)

    def _failed(self, what: str, error: Exception) -> None:
        """Log that the picture can't be made, or removed: once, not every ten seconds."""
        if not self._fails:
            self._hands.log.error("The picture of the wiring can't be %s: %s", what, error)
        self._fails = True

    def go_on_from(self, old: Drawing) -> None:
        """Do not draw before `old` has done its last picture."""
        self._task, self._fails = old._task, old._fails

    async def end(self) -> None:
        """Wait for a picture that is being drawn, and remove it.

        Not in a thread: when Home Assistant stops it may have none left.
        """
        if self._task is not None:
            await asyncio.wait([self._task])
        with suppress(OSError):
            file.remove(self._hands.picture_path)
