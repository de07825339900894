"""What could be wired: an option for a part of the site, how sure it is, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SIGNED_A, SIGNED_W, TOTAL_W, UNSIGNED = 4, 3, 2, 1
"""How good the sensors of a meter are: the current with its sign is best."""


@dataclass(frozen=True, slots=True)
class Option:
    """One way to fill fields of the site's form; `confidence` is 0 to 1, `reason` a sentence.

    `rank` is how good the sensors are for what they are to be, beside how sure it is.
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
        """Best first: sensors that are good enough, then sure ones, then more phases."""
        sure = round(self.confidence, 1)
        return (-self.rank, -len(self.entities), -int(sure * 10), min(self.entities, default=""))


def best_first(options: list[Option]) -> list[Option]:
    """Options in order, each set of entities once."""
    found: list[Option] = []
    for option in sorted(options, key=lambda option: option.order):
        if all(option.entities != other.entities for other in found):
            found.append(option)
    return found


def plain(options: list[Option]) -> dict[str, Any]:
    """The best option and the others, as an answer."""
    best, *others = options
    return {**_one(best), "alternatives": [_one(other) for other in others[:4]]}


def _one(option: Option) -> dict[str, Any]:
    return {
        "fields": dict(option.values),
        "confidence": round(option.confidence, 2),
        "reason": option.reason,
    }
