"""What `limits/` remembers of meters, sun and battery. Times are epoch s."""

from __future__ import annotations

from dataclasses import dataclass

from ..records import quick, replace
from .times import CLOCK_SLACK_S, At


@dataclass(frozen=True, slots=True)
class BatteryMemory:
    """The marks that the battery's state of charge has passed, and what it was found to give.

    - `at_target`, `above_target`, `reserve`, `full`: the marks that hold, each with hysteresis
      (docs/decisions/0010).
    - `counted_w`: what the last run counted on.
    - `short_at`: since when the site imports although the battery gives less than that.
    - `cap_w`, `gave_w`, `cap_at`: since `cap_at` sun and battery together count for `cap_w` at
      most,
      and the battery alone for `gave_w` (docs/decisions/0008).
    - `reported_at`, `every_s`: when its power was last reported, and how often it is reported.
    - `gaps_s`: the last gaps between its reports, the newest last.
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
    gaps_s: tuple[float, ...] = ()


NOTHING_PASSED = BatteryMemory()
"""The battery at the first start: it has passed no mark."""


Spot = tuple[str, str]
"""A phase of a circuit: (circuit id, phase)."""


@quick
@dataclass(frozen=True, slots=True)
class Seen:
    """What a phase of a meter showed in the last run, and how much of it was not managed, in A.

    - `measured_a`: what it showed.
    - `trail`: the last amounts that were not managed, as (epoch s, A), the newest last.
    - `every_s`: the time between its reports.
    - `lately`: the peaks of what was not managed in the last 10 s (`lasting_s`), as (epoch s, A),
      each higher than all after it. Example: 5, 9, 7, 8 A leave 9, 8.
    - `moves_a`: by how much it moved at each of its last reports, A; down is negative.
    - `less_a`: A that loads may draw less than they are taken to, so that more is not managed.
    """

    measured_a: float
    trail: tuple[tuple[float, float], ...]
    every_s: float = 0.0
    lately: tuple[tuple[float, float], ...] = ()
    moves_a: tuple[float, ...] = ()
    less_a: float = 0.0

    def not_after(self, now: float) -> Seen:
        """The same after a clock was set back: what was seen in the future counts as seen now."""
        if self.at <= now + CLOCK_SLACK_S:
            return self
        return replace(self, trail=((now, self.unmanaged_a),), lately=())

    @property
    def at(self) -> float:
        """When the meter was last read, epoch s."""
        return self.trail[-1][0]

    @property
    def unmanaged_a(self) -> float:
        """A that were not managed then."""
        return self.trail[-1][1]


Amps = tuple[float | None, float | None, float | None]
"""A on phases A, B and C; `None`: there is no such phase, or its current is not known."""


@quick
@dataclass(frozen=True, slots=True)
class Smooth:
    """Smoothed values of sun, house and battery at epoch s `at` (docs/decisions/0013).

    `surplus` and `house` are A per phase. `watts` are three powers: of the sun, and what the
    battery can give above its target and above its reserve.
    """

    at: At
    surplus: Amps
    house: Amps
    watts: tuple[float, float, float]
