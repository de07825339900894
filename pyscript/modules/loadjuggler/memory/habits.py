"""What a charger was seen to do with its commands, so that what would help can be named.

Changed only by its own methods. Times are epoch s.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..records import replace
from .times import At


@dataclass(frozen=True, slots=True)
class Habits:
    """What a charger was seen to do (`diagnostics.habits`), and what is being watched.

    - `session`: the session that is watched.
    - `zero_at`: when it was told 0 A in that session while its car drew; `None`: it was not, or
      what it made of that is known.
    - `ended`: how often its session ended because it was told 0 A.
    - `stuck`: how often in a row its car did not go on after 0 A.
    - `suspended_at`: since when its car wants nothing (SuspendedEV).
    - `gone_on`: how often its car went on by itself after that, in this session.
    - `dropped_at`: the call after which its draw fell to what it holds by itself; `falls`: it has
      not come back yet.
    - `drops`: how often it fell, and came back.
    """

    session: int = 0
    zero_at: At | None = None
    ended: int = 0
    stuck: int = 0
    suspended_at: At | None = None
    gone_on: int = 0
    dropped_at: At | None = None
    falls: bool = False
    drops: int = 0

    def in_session(self, session: int) -> Habits:
        """Another session has begun, or the last one has ended (0)."""
        return replace(self, session=session, zero_at=None, suspended_at=None, gone_on=0)

    def told_zero(self, at: float) -> Habits:
        """It was told 0 A while its car drew."""
        return replace(self, zero_at=at)

    def ended_by_zero(self) -> Habits:
        """Its session has ended because of that."""
        return replace(self, session=0, zero_at=None, ended=self.ended + 1)

    def went_on(self) -> Habits:
        """Its car went on after it."""
        return replace(self, zero_at=None, stuck=0)

    def did_not_go_on(self) -> Habits:
        """Its car did not go on, although it was told to for long."""
        return replace(self, zero_at=None, stuck=self.stuck + 1)

    def suspended(self, since: float | None) -> Habits:
        """Its car wants nothing since then; `None`: it does."""
        return replace(self, suspended_at=since)

    def went_on_by_itself(self) -> Habits:
        """Its car wanted nothing for a while, and has gone on."""
        return replace(self, suspended_at=None, gone_on=self.gone_on + 1)

    def dropping(self, call_at: float) -> Habits:
        """Its draw fell after the call of `call_at`."""
        return replace(self, dropped_at=call_at, falls=True)

    def came_back(self) -> Habits:
        """Its draw is back where it was."""
        return replace(self, falls=False, drops=self.drops + 1)

    def stayed_down(self) -> Habits:
        """Its draw stayed where it fell: that was no drop."""
        return replace(self, falls=False)
