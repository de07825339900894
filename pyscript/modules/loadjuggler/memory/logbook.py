"""What `logbook/` remembers: time over limits, energies, changes. Times are epoch s."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..records import quick, replace
from .times import At, Until


@dataclass(frozen=True, slots=True)
class Overload:
    """A limit that was exceeded at the last look, at `at`. Currents are A.

    It has been exceeded without a break since `since`; the reading counts until `until`. `alone`:
    what is not managed exceeds the limit by itself.
    """

    since: At
    at: At
    until: Until
    draw_a: float
    unmanaged_a: float
    limit_a: float
    alone: bool


@dataclass(frozen=True, slots=True)
class OverTime:
    """Time over a limit on local day `day` (days since 1970), by cause.

    `_s` are seconds, `_as` A·s above the limit. At `worst_at` the current `worst_a` was furthest
    above the limit, which was `worst_limit_a` then. `going` is an overload that has not ended.
    """

    day: int
    managed_s: float = 0.0
    unmanaged_s: float = 0.0
    managed_as: float = 0.0
    unmanaged_as: float = 0.0
    worst_a: float = 0.0
    worst_limit_a: float = 0.0
    worst_at: At = 0.0
    going: Overload | None = None


@quick
@dataclass(frozen=True, slots=True)
class Heat:
    """How warm a phase of a breaker was at `at`: 1 is as after hours at its limit.

    `times`: the multiple of its limit that it has carried since; `hot`: people are told.
    """

    at: At
    heat: float
    times: float
    hot: bool


@quick
@dataclass(frozen=True, slots=True)
class Tally:
    """Energy of a load on local day `day` (days since 1970), counted up to `at`.

    - `wh`: all of it.
    - `known_wh`: the part that flowed while the sun's share was known; `sun_wh`: the sun's part of
      it.
    - `power_w`, `share`: what it has drawn since `at`, and the sun's share (0 to 1); `None`:
      unknown.
    - `told_at`, `told_wh`, `told_pct`: what its sensors show, and since when.
    """

    day: int
    at: At
    wh: float = 0.0
    known_wh: float = 0.0
    sun_wh: float = 0.0
    power_w: float | None = None
    share: float | None = None
    told_at: At | None = None
    told_wh: float = 0.0
    told_pct: float | None = None

    def resting(self) -> Tally:
        """The load is not managed for a while: what it draws is not counted until it is back."""
        return replace(self, power_w=None, share=None)


@quick
@dataclass(frozen=True, slots=True)
class Change:
    """From `at` on a load is told `told_a` instead of `before_a` (A per leg; `None`: nothing yet).

    `code` is that of its reason, `sentence` the sentence that was shown then.
    """

    at: At
    before_a: float | None
    told_a: float | None
    mode: str
    status: str
    code: str
    sentence: str


History = Mapping[str, tuple[Change, ...]]
"""The changes of each load by id, the oldest first."""
