"""Suggestions for the site's form: options for each part, with confidence and reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SIGNED_A, SIGNED_W, TOTAL_W, UNSIGNED = 4, 3, 2, 1
"""Ranks of a meter's sensors, the best first: currents with a sign, powers with a sign, one power
for all phases, currents without a sign."""


@dataclass(frozen=True, slots=True)
class Option:
    """One way to fill fields of the site's form (`values` by field).

    `confidence` is 0 to 1, `reason` a sentence, `rank` how suitable the sensors are.
    """

    values: Mapping[str, Any]
    confidence: float
    reason: str
    rank: int = 0
    brand: str = ""
    notes: tuple[str, ...] = field(default=())

    @property
    def entities(self) -> frozenset[str]:
        """The entities of the option."""
        return frozenset(value for value in self.values.values() if isinstance(value, str))

    @property
    def order(self) -> tuple[float, int, int, str]:
        """Sort key, the best first: by rank, number of sensors, and confidence."""
        sure = round(self.confidence, 1)
        return (-self.rank, -len(self.entities), -int(sure * 10), min(self.entities, default=""))


def best_first(options: list[Option]) -> list[Option]:
    """Options with the best first, each set of entities once."""
    found: list[Option] = []
    for option in sorted(options, key=lambda option: option.order):
        if all(option.entities != other.entities for other in found):
            found.append(option)
    return found


def plain(options: list[Option]) -> dict[str, Any]:
    """The best option as plain data, with up to four others as alternatives."""
    best, *others = options
    return {**_one(best), "alternatives": [_one(other) for other in others[:4]]}


def _one(option: Option) -> dict[str, Any]:
    return {
        "fields": dict(option.values),
        "confidence": round(option.confidence, 2),
        "reason": option.reason,
    }
