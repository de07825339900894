"""When a new picture is made: not more often than every so many seconds, and when it changed."""

from __future__ import annotations

import math

from ...report import Report
from ...site.model import Site
from .tree import wiring_svg

ADDRESS = "/local/loadjuggler/wiring.svg"
"""Where Home Assistant serves <config>/www/loadjuggler/wiring.svg."""


class Showing:
    """Keeps which picture is shown, and decides when the next one is to be written."""

    def __init__(self, every_s: float) -> None:
        """A picture every `every_s` at most; 0: none at all."""
        self._every_s = every_s
        self._shown: str | None = None
        self._drawn: str | None = None
        self._looked_at = self._look_at = -math.inf
        self._number = 0

    def due(self, now: float) -> bool:
        """Whether to look at `now` (epoch s) for a `next` picture."""
        waits = self._looked_at <= now < self._look_at  # a clock that was set back holds nothing up
        return self._every_s > 0 and not waits

    def next(self, site: Site | None, report: Report, now: float, language: str) -> str | None:
        """The picture to write at `now` (epoch s), `None`: none now.

        One that could not be written, or drawn, comes again after the same time; while nothing
        changes it is looked for more often, so that the next change is soon seen.
        """
        if site is None:
            self._shown = None
            return None
        if not self.due(now):
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

        It is numbered by its time, so that no browser takes an old one of the same number for it,
        after a restart either.
        """
        self._shown = self._drawn
        self._number = max(self._number + 1, int(self._looked_at))

    @property
    def address(self) -> str | None:
        """Where the picture is; with a number that changes with it. `None`: there is none yet."""
        return f"{ADDRESS}?v={self._number}" if self._shown else None
