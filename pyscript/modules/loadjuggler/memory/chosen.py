"""What a person chose for a load: its mode, a boost, a pause. Changed only by its own methods."""

from __future__ import annotations

from dataclasses import dataclass

from ..records import replace
from .times import At


@dataclass(frozen=True, slots=True)
class Chosen:
    """The mode of a load, and what a person asked for on top of it.

    - `mode`: the mode that it ran in last; `None`: it never ran.
    - `boost_at`: when the boost on top of that mode began.
    - `paused_at`, `pause_s`: when a person asked it to rest, whatever its mode is, and for how long
      (s).
    """

    mode: str | None = None
    boost_at: At | None = None
    paused_at: At | None = None
    pause_s: float = 0.0

    def running_in(self, mode: str) -> Chosen:
        """It runs in `mode`, without a boost."""
        return replace(self, mode=mode, boost_at=None)

    def boosted(self, now: float) -> Chosen:
        """A boost begins, and ends a pause: who boosts a load wants it to run now."""
        return replace(self, boost_at=now, paused_at=None)

    def without_boost(self) -> Chosen:
        """The boost is forgotten, so the next one begins anew."""
        return replace(self, boost_at=None)

    def paused(self, now: float, length_s: float) -> Chosen:
        """A person asked for a pause."""
        return replace(self, paused_at=now, pause_s=length_s)

    def resumed(self) -> Chosen:
        """The pause is over, or a person ended it."""
        return replace(self, paused_at=None, pause_s=0.0)
