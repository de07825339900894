"""What a judge finds: violations, each with where, when, and its numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

SAME_S = 10.0
"""What is wrong again so soon is one violation that goes on."""


@dataclass(slots=True)
class Violation:
    """A rule that was broken from `at_s` on (s since the start), for so many `seconds` in all.

    `place` is a breaker and phase, or a load. `worst` is what `unit` says, `text` what was found
    when it was worst.
    """

    rule: str
    place: str
    at_s: float
    text: str
    worst: float = 0.0
    unit: str = "A"
    seconds: int = 1
    last_s: float = 0.0


@dataclass(slots=True)
class Findings:
    """Violations so far; one that goes on is one."""

    start: float
    violations: list[Violation] = field(default_factory=list)
    _latest: dict[tuple[str, str], Violation] = field(default_factory=dict)

    def add(
        self, rule: str, place: Iterable[str], now: float, worst: float, text: str, unit: str = "A"
    ) -> None:
        """Note that `rule` is broken at epoch s `now`."""
        at_s, where = now - self.start, " ".join(filter(None, place))
        old = self._latest.get((rule, where))
        if old is None or at_s - old.last_s > SAME_S:
            old = Violation(rule, where, at_s, text, worst, unit, 0)
            self._latest[rule, where] = old
            self.violations.append(old)
        old.seconds += 1
        old.last_s = at_s
        if worst > old.worst:
            old.worst, old.text = worst, text
