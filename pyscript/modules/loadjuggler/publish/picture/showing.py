"""When a new picture is drawn: at most every `Options.picture_s`, and only if it changed."""

from __future__ import annotations

import math

from ...report import Report
from ...site.model import Site
from ..weight import Weight
from .tree import wiring_svg

ADDRESS = "/local/loadjuggler/wiring.svg"
"""The address at which Home Assistant serves <config>/www/loadjuggler/wiring.svg."""


RESTS = {Weight.GRAVE: 0, Weight.CLEAR: 6, Weight.SLIGHT: 30, Weight.NOTHING: 30}
"""So many times `every_s` must have passed for a new picture, by what has changed: it is a file of
several kB, and the numbers in it are those of the sensors."""


class Showing:
    """Keeps the picture that is shown, and decides when the next one is drawn and written."""

    def __init__(self, every_s: float) -> None:
        """Draw at most every `every_s`; 0: never."""
        self._every_s = every_s
        self._shown: str | None = None
        self._drawn: str | None = None
        self._looked_at = self._look_at = -math.inf
        self._number = 0
        self._moved = Weight.GRAVE

    def noted(self, weight: Weight) -> None:
        """Note that what is shown has changed by so much since the last picture."""
        self._moved = max(self._moved, weight)

    def begins(self) -> None:
        """Note that the next picture is being drawn: what changes from now on is not in it."""
        self._moved = Weight.NOTHING

    def wanted(self, site: Site | None) -> bool:
        """Whether there is to be a picture: something is wired, and it is not switched off."""
        return self._every_s > 0 and site is not None

    def removed(self) -> None:
        """Note that the picture is gone: the next one is drawn at once."""
        self._shown, self._look_at = None, -math.inf

    def due(self, now: float) -> bool:
        """Whether it is time at `now` (epoch s) to ask for the `next` picture."""
        unwritten = self._drawn is not self._shown
        rests_s = 0.0 if unwritten else RESTS[self._moved] * self._every_s
        return not self._waits(now, self._looked_at + rests_s)

    def _waits(self, now: float, until: float = -math.inf) -> bool:
        """Whether it is too early; false after a clock was set back."""
        return self._every_s <= 0 or self._looked_at <= now < max(self._look_at, until)

    def next(self, site: Site | None, report: Report, now: float, language: str) -> str | None:
        """The picture to write at `now` (epoch s); `None`: it is not time, or nothing has changed.

        A picture that could not be written is drawn again after `every_s`. While nothing changes,
        it is drawn every tenth of that, so that the next change is shown soon.
        """
        if site is None:
            self._shown = None
            return None
        if self._waits(now):
            return None
        self._looked_at, self._look_at = now, now + self._every_s
        picture = wiring_svg(site, report, language)
        if picture == self._shown:
            self._look_at = now + self._every_s / 10
            return None
        self._drawn = picture
        return picture

    def written(self) -> None:
        """Note that the last picture is in its file.

        Its number is its time in s, so that it is never one that a browser has in its cache, also
        after a restart.
        """
        self._shown = self._drawn
        self._number = max(self._number + 1, int(self._looked_at))

    @property
    def address(self) -> str | None:
        """The address of the picture, with a number that changes with it; `None`: there is none."""
        return f"{ADDRESS}?v={self._number}" if self._shown else None
