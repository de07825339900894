"""What a person chose for a load: its mode, a boost, a pause (docs/decisions/0023)."""

from __future__ import annotations

from dataclasses import dataclass

from ..records import replace
from .times import At


@dataclass(frozen=True, slots=True)
class Chosen:
    """The mode of a load, and what a person asked for on top of it.

    - `mode`: the mode in which it ran last, other than boost; `None`: it never ran.
    - `boost_at`: when a boost began; after the boost `mode` holds again. `None`: there is none.
    - `paused_at`, `pause_s`: when a pause began, and for how long, in s, it holds whatever the
      mode.

    Changed only by its own methods.
    """

    mode: str | None = None
    boost_at: At | None = None
    paused_at: At | None = None
    pause_s: float = 0.0

    def running_in(self, mode: str) -> Chosen:
        """The load runs in `mode`, without a boost."""
        return replace(self, mode=mode, boost_at=None)

    def boosted(self, now: float) -> Chosen:
        """A boost begins, and ends a pause: whoever boosts a load wants it to run now."""
        return replace(self, boost_at=now, paused_at=None)

    def without_boost(self) -> Chosen:
        """The boost is forgotten, so the next one has its full length."""
        return replace(self, boost_at=None)

    def paused(self, now: float, length_s: float) -> Chosen:
        """A pause of `length_s` begins."""
        return replace(self, paused_at=now, pause_s=length_s)

    def resumed(self) -> Chosen:
        """The pause has ended, by itself or by a person."""
        return replace(self, paused_at=None, pause_s=0.0)
