"""What the limits remember: meters, sun and battery."""

from __future__ import annotations

from dataclasses import dataclass

from ..records import replace
from .times import CLOCK_SLACK_S, At


@dataclass(frozen=True, slots=True)
class BatteryMemory:
    """What the battery's state of charge has passed, and what it was found to give.

    `at_target`, `above_target`, `reserve` and `full` are the marks that hold, with hysteresis.
    `counted_w` is what was counted on in the last run; since `short_at` the site imports while
    the battery gives less. Since `cap_at` sun and battery together count for `cap_w` at most, and
    the battery alone for `gave_w`. Its power was last reported at `reported_at`, and lately every
    `every_s`.
    """

    at_target: bool = False
    above_target: bool = False
    reserve: bool = False
    full: bool = False
    counted_w: float = 0.0
    short_at: At | None = None
    cap_w: float | None = None
    gave_w: float = 0.0
    cap_at: At = 0.0
    reported_at: At | None = None
    every_s: float = 0.0


NOTHING_PASSED = BatteryMemory()
"""At the first start no mark of the battery's charge has been passed."""


Spot = tuple[str, str]
"""A phase of a circuit: (circuit id, phase)."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a meter showed in a run, and how much of it was taken to be unmanaged, in A.

    `trail` are the last amounts that were unmanaged: (epoch s, A), the newest last. `over_at` is
    since when it is clearly over the limit (`None`: it is not). `every_s` is how far apart its
    reports have been lately. `lately` are the highest amounts that were unmanaged a short while
    ago: (epoch s, A), each higher than those after it.
    """

    measured_a: float
    trail: tuple[tuple[float, float], ...]
    over_at: At | None = None
    every_s: float = 0.0
    lately: tuple[tuple[float, float], ...] = ()

    def not_after(self, now: float) -> Seen:
        """What was seen, as of now if that is still to come: a clock was set back."""
        if self.at <= now + CLOCK_SLACK_S:
            return self
        return replace(self, trail=((now, self.unmanaged_a),), over_at=None, lately=())

    @property
    def at(self) -> float:
        """When it was seen, epoch s."""
        return self.trail[-1][0]

    @property
    def unmanaged_a(self) -> float:
        """A that were taken to be unmanaged then."""
        return self.trail[-1][1]


Amps = tuple[float | None, float | None, float | None]
"""A on phases A, B and C; `None`: there is no such phase, or it is not known."""


@dataclass(frozen=True, slots=True)
class Smooth:
    """What sun, house and battery were, smoothed until epoch s `at`: A per phase, and W.

    `watts` are those of the sun, and what the battery can give above its target and its reserve.
    """

    at: At
    surplus: Amps
    house: Amps
    watts: tuple[float, float, float]
