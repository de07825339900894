"""Why a load has what it has: what limits it, with what outcome, and the numbers of it.

The module that decides makes the reason, `control/decide` chooses the one that is told, and `texts`
makes the sentence. Automations see a reason by its `code`, one text for each sentence:

    Reason(limits=RowKind.CIRCUIT, outcome=Outcome.TOO_SMALL, numbers={"left_a": 3.5, ...})
        code "circuit_too_small": the breaker leaves less than the minimum
    Reason("off")
        code "off": no row of the sharing limits it, so the code stands for itself

What a code means (its family, what comes next, the load's status) is in `reason_table`. No other
module looks into the text of a code: it compares whole codes, or asks for a property of the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from .reason_table import MEANINGS, Family, Next
from .records import quick

Numbers = Mapping[str, float | str]


_NONE: Numbers = MappingProxyType({})


class RowKind(StrEnum):
    """The kinds of rows that the sharing knows (`limits.constraints.Row`), each of which can limit.

    The first two are limits and bind every load; the others are sources and bind the loads that
    live from them.
    """

    CIRCUIT = "circuit"
    """A breaker, on one phase."""
    IMPORT = "import"
    """What the site may import from the grid."""
    SURPLUS = "surplus"
    """What the sun leaves over."""
    BATTERY_FIRST = "battery_first"
    """Nothing, while the battery is below its target and goes first."""
    EXCESS = "excess"
    """What would be exported above a threshold."""
    OWN = "own"
    """What sun and battery give, where nothing may come from the grid."""
    INVERTER = "inverter"
    """What the inverter can give beside the house, by its rating."""


class Outcome(StrEnum):
    """What a load gets of the row that limits it."""

    FULL = "full"
    """Something, and no more because the row is full."""
    MINIMUM = "minimum"
    """Its minimum, which comes from elsewhere; this source adds nothing."""
    TOO_SMALL = "too_small"
    """Nothing, because the row has less left than its minimum."""
    GAVE_WAY = "gave_way"
    """Nothing, and it takes nothing: it has made way for others until the row has room."""
    GRACE = "grace"
    """Its minimum for a while yet, although the source has less left than that."""


_CODES: Mapping[tuple[RowKind, Outcome], str] = {
    **{(kind, outcome): f"{kind}_{outcome}" for kind in RowKind for outcome in Outcome},
    (RowKind.SURPLUS, Outcome.GRACE): "grace",
    (RowKind.INVERTER, Outcome.GRACE): "grace",
    (RowKind.EXCESS, Outcome.GRACE): "grace_excess",
    (RowKind.BATTERY_FIRST, Outcome.GRACE): "grace_battery",
}
"""The codes of reasons that a row makes. Those of a grace are older than the others' pattern."""


_OF_ROWS = frozenset(_CODES.values())


@quick
@dataclass(frozen=True, slots=True)
class Reason:
    """Why a load has what it has, or what is wrong with the house.

    Either a row `limits` with an `outcome`, or there is a `plain_code`; ValueError for both, for
    neither, and for a plain code that a row has. `numbers` holds amounts with the unit in the key
    (`left_a`, `limit_w`, `wait_s`), the ids of circuits and loads (`circuit`, `other`), and phases.
    """

    plain_code: str = ""
    numbers: Numbers = field(default_factory=lambda: _NONE)
    limits: RowKind | None = None
    outcome: Outcome | None = None

    def __post_init__(self) -> None:
        """Refuse a reason that says what it is twice, or not at all."""
        of_row = self.limits is not None and self.outcome is not None
        if of_row is bool(self.plain_code) or self.plain_code in _OF_ROWS:
            raise ValueError(f"{self.plain_code!r}, {self.limits} {self.outcome}: say it once")

    @property
    def code(self) -> str:
        """What automations and catalogues know it by."""
        if self.limits is None or self.outcome is None:
            return self.plain_code
        return _CODES[self.limits, self.outcome]

    @property
    def family(self) -> Family:
        """What it is about; KeyError for a code that is in no table."""
        return MEANINGS[self.code].family

    @property
    def next(self) -> Next:
        """What comes next for the load; KeyError for a code that is in no table."""
        return MEANINGS[self.code].next

    @property
    def status(self) -> str:
        """The load's status if it says that ("": what the load does says it)."""
        return MEANINGS[self.code].status
