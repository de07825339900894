"""Types for remembered times, so that they can be corrected when the clock is set back.

A time is a `float` of epoch seconds. Its annotation, not its name, says what kind of time it is:

- `At`: something happened then. If the clock is set back, such a time lies in the future. It is
  then taken to be now.
- `Until`: something holds until then. It is limited to a day from now, because nothing that is
  remembered is meant to hold for longer.

`serialise.not_after` finds these annotations in the fields of a record, in tuples and mappings,
too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from ..units import DAY_S

CLOCK_SLACK_S = 1.0
"""Clocks are corrected by less than 1 s all the time; that is not taken for a clock set back."""


@dataclass(frozen=True, slots=True)
class Latest:
    """How far ahead of now a time may be, in s, before it is taken to be wrong."""

    ahead_s: float

    def limited(self, time: float, now: float) -> float:
        """`time` (epoch s), or `now` if it is too far ahead.

        Example: at 1 000 s an `At` of 1 000.8 s stays (within the slack of 1 s), one of 5 000 s
        becomes 1 000 s; an `Until` of 5 000 s stays, one of 90 000 s becomes 1 000 s.
        """
        return now if time > now + self.ahead_s + CLOCK_SLACK_S else time


At = Annotated[float, Latest(0.0)]
"""When something happened, epoch s."""

Until = Annotated[float, Latest(DAY_S)]
"""Until when something holds, epoch s."""
