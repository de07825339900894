"""What the logbook remembers: overloads, energy, changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .times import At, Until


@dataclass(frozen=True, slots=True)
class Overload:
    """A limit that was exceeded when it was last looked `at`: A, and epoch s.

    It is over without a break since `since`; what was read stands until `until`. `alone`: what is
    not managed is over the limit by itself.
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
    """Time over a limit on local day `day` (days since 1970): s, and A·s above the limit, by cause.

    `worst_a` is the current that was furthest above its limit, then `worst_limit_a`, at epoch s
    `worst_at`. `going` is the overload that is not over yet.
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


@dataclass(frozen=True, slots=True)
class Tally:
    """Energy of a load on local day `day` (days since 1970), counted up to epoch s `at`: Wh.

    `known_wh` is what of it flowed while the share of the sun was known, `sun_wh` what the sun
    gave of that. Since then it draws `power_w` with `share` (0 to 1) of the sun (`None`: not
    known). At `told_at` people were told `told_wh` and `told_pct`.
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


@dataclass(frozen=True, slots=True)
class Change:
    """What a load is told from `at` (epoch s) on, and what before; `None`: nothing yet.

    `code` is that of the reason, `sentence` what was said.
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
