"""When a new picture is made: not more often than every so many seconds, and when it changed."""

from __future__ import annotations

from ..model import Site
from ..report import Report
from .tree import wiring_svg

ADDRESS = "/local/loadjuggler/wiring.svg"
"""Where Home Assistant serves <config>/www/loadjuggler/wiring.svg."""


class Showing:
    """Keeps which picture is shown, and decides when the next one is to be written."""

    def __init__(self, every_s: float) -> None:
        """A picture every `every_s` at most; 0: none at all."""
        self._every_s = every_s
        self._shown: str | None = None
        self._written: str | None = None
        self._at: float | None = None
        self._number = 0

    def next(self, site: Site | None, report: Report, now: float, language: str) -> str | None:
        """The picture to write at `now` (epoch s), `None`: none now.

        One that could not be written, or drawn, comes again after the same time.
        """
        if site is None:
            self._shown = None
        if not self._every_s or site is None:
            return None
        if self._at is not None and 0 <= now - self._at < self._every_s:
            return None
        before, self._at = self._at, now
        picture = wiring_svg(site, report, language)
        if picture == self._shown:
            self._at = before  # nothing was written: the next change need not wait
            return None
        self._written = picture
        return picture

    def written(self) -> None:
        """Note that the last picture is in its file.

        It is numbered by its time, so that no browser takes an old one of the same number for it,
        after a restart either.
        """
        self._shown = self._written
        self._number = max(self._number + 1, int(self._at or 0.0))

    @property
    def address(self) -> str | None:
        """Where the picture is; with a number that changes with it. `None`: there is none yet."""
        return f"{ADDRESS}?v={self._number}" if self._shown else None
