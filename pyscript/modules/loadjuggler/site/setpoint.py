"""The values that a number or select entity can be set to, and what each means in A per leg.

A dial has a unit: A per leg, or W over all legs that the car uses. Currents are rounded down to a
value of the entity, and stay within its range.

Example: a number from 1380 to 11 000 W in steps of 100 W, for a car on three legs at 230 V. 1 A on
each leg is 690 W, so `per_a` is 690. 10 A are 6 900 W; 10.1 A are 6 969 W, set as 6 900 W.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from ..units import POWER_UNITS, TOLERANCE, ceil_to_step, floor_to_step

LEAST_STEP_A = 0.1
"""The finest step in A per leg; no charger follows a finer one."""


ROUNDING_A = 2e-6
"""A current may be this much too small by rounding; the next larger value is meant then."""


_SAME = 0.1
"""Two values of an entity are the same if they differ by less than this part of its step."""


@dataclass(frozen=True, slots=True)
class Dial:
    """The range of an entity in its own unit.

    - `low`, `high`, `step`: its values are multiples of `step` (counted from 0) from `low` to
      `high`.
    - `options`: of a select instead: (value, text), the smallest first.
    - `per_a`: so much of its unit makes 1 A on each leg that is used.
    - `spread`: wired legs for each leg that is used, where all legs share a value (W).
    - `zero`: the value that pauses, as (0.0, text); `None`: it has none.
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
        """Whether a value is for all legs together, that is in W."""
        return self.unit in POWER_UNITS

    @property
    def step_a(self) -> float:
        """The step in A per leg: the entity's, multiplied up to `LEAST_STEP_A` at least."""
        one_a = self.step / self.per_a
        return one_a * max(math.ceil(LEAST_STEP_A / one_a - TOLERANCE), 1)

    @property
    def levels_a(self) -> tuple[float, ...]:
        """The levels of a select above 0, in A per leg; empty for a number."""
        return tuple(value / self.per_a for value, _ in self.options)

    def range_a(self, min_a: float, max_a: float) -> tuple[float, float]:
        """(least, most) A per leg between `min_a` and `max_a` that it can be set to.

        The least is larger than the most if no value lies between.
        """
        if self.options:
            fitting = [a for a in self.levels_a if min_a - TOLERANCE <= a <= max_a + TOLERANCE]
            return (fitting[0], fitting[-1]) if fitting else (min_a, 0.0)
        step = self.step_a
        least = max(min_a, self.low / self.per_a)
        most = min(max_a, self.high / self.per_a)
        return ceil_to_step(least, step), floor_to_step(most, step)

    def at_most(self, amps: float) -> tuple[float, str] | None:
        """The largest value above 0 for at most `amps` per leg, with its text (select).

        `None`: even its least value gives more.
        """
        wanted = (amps + ROUNDING_A) * self.per_a
        if self.options:
            fitting = [option for option in self.options if option[0] <= wanted]
            return fitting[-1] if fitting else None
        value = floor_to_step(min(wanted, self.high), self.step)
        return (value, "") if value > 0 and value >= self.low - _SAME * self.step else None

    def lowest(self) -> tuple[float, str]:
        """The value for a pause, with its text: `zero`, without one its least value."""
        if self.zero is not None:
            return self.zero
        if self.options:
            return self.options[0]
        return ceil_to_step(self.low, self.step), ""

    def amps(self, value: float) -> float:
        """A per leg that `value` gives."""
        return value / self.per_a

    def same(self, one: float | None, two: float) -> bool:
        """Whether two of its values are the same, within `_SAME` of its step."""
        return one is not None and abs(one - two) < _SAME * self.step
