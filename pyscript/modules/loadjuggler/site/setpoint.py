"""What a number or select entity can be set to, and what each value means in A per leg.

A dial has a unit of its own: A per leg, or W over all legs that the car uses. Values are floored to
what the entity offers, never rounded up, and never leave its range.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from ..units import TOLERANCE, ceil_to_step, floor_to_step

LEAST_STEP_A = 0.1
"""Nothing finer is set: no charger follows it."""


ROUNDING_A = 2e-6
"""Amounts are rounded to 1e-6 A: what is less by so little is meant."""


_SAME = 0.1
"""Values of an entity that differ by less than this part of its step are the same."""


@dataclass(frozen=True, slots=True)
class Dial:
    """The range of an entity in its own unit; `per_a` of it make 1 A on each leg that is used.

    `low` and `high` are the least and the most that it can be set to, `step` is what its values
    are multiples of (counted from 0). A select has `options` instead: (value, its text), the
    smallest first. `zero` is what pauses: (0.0, its text), `None`: it can't be set so low.
    `spread` is how many legs are wired for each that is used, where a value is shared by all (W).
    """

    unit: str
    low: float
    high: float
    step: float
    per_a: float = 1.0
    spread: float = 1.0
    options: tuple[tuple[float, str], ...] = ()
    zero: tuple[float, str] | None = None

    @property
    def shared(self) -> bool:
        """Whether a value goes to all legs together."""
        return self.unit in ("W", "kW", "MW")

    @property
    def step_a(self) -> float:
        """The step in A per leg: whole steps of the entity, none finer than `LEAST_STEP_A`."""
        one_a = self.step / self.per_a
        return one_a * max(math.ceil(LEAST_STEP_A / one_a - TOLERANCE), 1)

    @property
    def levels_a(self) -> tuple[float, ...]:
        """The levels of a select above 0, in A per leg; empty for a number."""
        return tuple(value / self.per_a for value, _ in self.options)

    def range_a(self, min_a: float, max_a: float) -> tuple[float, float]:
        """The least and the most A per leg within `min_a` to `max_a` that it can be set to.

        The least is above the most if there is nothing within.
        """
        if self.options:
            fitting = [a for a in self.levels_a if min_a - TOLERANCE <= a <= max_a + TOLERANCE]
            return (fitting[0], fitting[-1]) if fitting else (min_a, 0.0)
        step = self.step_a
        least = max(min_a, self.low / self.per_a)
        most = min(max_a, self.high / self.per_a)
        return ceil_to_step(least, step), floor_to_step(most, step)

    def at_most(self, amps: float) -> tuple[float, str] | None:
        """The largest value that gives no more than `amps` per leg, and its text (select).

        `None` if its least one gives more. One above 0: what pauses is `zero`.
        """
        wanted = (amps + ROUNDING_A) * self.per_a
        if self.options:
            fitting = [option for option in self.options if option[0] <= wanted]
            return fitting[-1] if fitting else None
        value = floor_to_step(min(wanted, self.high), self.step)
        return (value, "") if value > 0 and value >= self.low - _SAME * self.step else None

    def lowest(self) -> tuple[float, str]:
        """What it is set to for a pause: `zero`, else its least value."""
        if self.zero is not None:
            return self.zero
        if self.options:
            return self.options[0]
        return ceil_to_step(self.low, self.step), ""

    def amps(self, value: float) -> float:
        """A per leg that `value` gives."""
        return value / self.per_a

    def same(self, one: float | None, two: float) -> bool:
        """Whether two values of it are one."""
        return one is not None and abs(one - two) < _SAME * self.step
