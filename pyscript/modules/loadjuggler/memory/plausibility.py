"""What `diagnostics/plausibility` remembers. Times are epoch seconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .times import At


@dataclass(frozen=True, slots=True)
class Doubt:
    """A doubt about a form, e.g. that a meter's sign is wrong, and whether people were `told`.

    `score` grows with evidence for it and shrinks with evidence against it. It is in s for a doubt
    that has to last, else in the unit of its check. `code` and `numbers` are those of its sentence.
    """

    code: str
    score: float
    told: bool = False
    numbers: Mapping[str, float | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Charge:
    """A stretch of the battery's charge: W·s given and taken since its charge was `from_pct`.

    `last_pct` is its charge at the last look.
    """

    from_pct: float
    last_pct: float
    given_ws: float = 0.0
    taken_ws: float = 0.0


@dataclass(frozen=True, slots=True)
class Sum:
    """The phases and the total power of the grid connection, smoothed, in W.

    `agreed`: they have agreed while the site imported. `wiring` names the sensors; with others it
    starts from nothing.
    """

    phases_w: tuple[float, ...]
    total_w: float
    agreed: bool = False
    wiring: str = ""


@dataclass(frozen=True, slots=True)
class Doubts:
    """All doubts by key, as of the last look at `looked_at`, and what the checks need from it.

    - `dark_at`: since when the solar sensor shows at most 30 W; `None`: it shows more.
    - `charge`, `sum`: see there; `None`: nothing was seen yet.
    - `room_w`: what the import limit leaves, smoothed.
    """

    by_key: Mapping[str, Doubt] = field(default_factory=dict)
    looked_at: At | None = None
    dark_at: At | None = None
    charge: Charge | None = None
    sum: Sum | None = None
    room_w: float | None = None


NO_DOUBTS = Doubts()
