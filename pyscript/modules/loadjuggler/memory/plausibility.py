"""What the set-up check remembers: plain data, a part of the memory. Times are epoch seconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .times import At


@dataclass(frozen=True, slots=True)
class Doubt:
    """A doubt about the wiring: how much speaks for it, and whether it was `told`.

    `score` grows with what speaks for it and shrinks with what speaks against it: s for what has
    to last, else what the check counts. `code` and `numbers` are those of its sentence.
    """

    code: str
    score: float
    told: bool = False
    numbers: Mapping[str, float | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Charge:
    """A stretch of the battery's life: W s given and taken since its charge was `from_pct`.

    `last_pct` is its charge at the last look.
    """

    from_pct: float
    last_pct: float
    given_ws: float = 0.0
    taken_ws: float = 0.0


@dataclass(frozen=True, slots=True)
class Sum:
    """What the phases and the total show, smoothed, in W: each phase, and the total.

    `agreed`: while something was taken from the grid, they have agreed. It is all of one `wiring`.
    """

    phases_w: tuple[float, ...]
    total_w: float
    agreed: bool = False
    wiring: str = ""


@dataclass(frozen=True, slots=True)
class Doubts:
    """What is remembered of all checks: by key, with what they have seen until `looked_at`.

    Since `dark_at` the solar sensor shows about nothing. `room_w` is what the import limit leaves,
    smoothed.
    """

    by_key: Mapping[str, Doubt] = field(default_factory=dict)
    looked_at: At | None = None
    dark_at: At | None = None
    charge: Charge | None = None
    sum: Sum | None = None
    room_w: float | None = None


NO_DOUBTS = Doubts()
