"""What the switch of a load showed last, and whether a person made it so (docs/decisions/0041).

Changed only by its own methods. Times are epoch s.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..records import replace
from .times import At

BY_HAND = "hand"
"""It was changed while everything was available, and not by us."""


UNSEEN = "unseen"
"""It was changed while it could not be seen: by a power cut, or while Home Assistant was off."""


@dataclass(frozen=True, slots=True)
class Hand:
    """The switch of a plug, or of a number charger.

    - `on`: what it showed last; `None`: it was never seen.
    - `there`: it was available in the last run.
    - `how`: how it came to show something else than it was told: BY_HAND or UNSEEN. "": it does
      not.
    - `hand_at`: since when.
    """

    on: bool | None = None
    there: bool = False
    how: str = ""
    hand_at: At | None = None

    def shows(self, on: bool | None, told_on: bool | None, by_us: bool, now: float) -> Hand:
        """It shows `on` now (`None`: nothing); it was told `told_on` (`None`: nothing).

        `by_us`: if it has changed, our own call may have done that, or what took its power away.
        """
        if on is None:
            return replace(self, there=False) if self.there else self
        if on == self.on:
            settled = on and told_on and bool(self.how)
            kept = replace(self, how="", hand_at=None) if settled else self
            return kept if kept.there else replace(kept, there=True)
        if told_on is None or on == told_on:
            return Hand(on, True)
        seen = self.there or self.on is None  # of what was never seen nobody knows of a gap
        return Hand(on, True, BY_HAND if seen and not by_us else UNSEEN, now)

    @property
    def off_by_hand(self) -> bool:
        """Whether a person has switched it off."""
        return self.on is False and self.how == BY_HAND

    def unseen(self) -> Hand:
        """Nobody looked at it for a while: what has changed meanwhile was not seen."""
        return replace(self, there=False) if self.there else self

    def over(self) -> Hand:
        """What a person did at the switch counts no more: something else was asked for since."""
        return replace(self, how="", hand_at=None) if self.how else self
