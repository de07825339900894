"""Amperes per phase, watts, and rounding down to the step of a charger."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from .records import quick

PHASES = ("A", "B", "C")
"""The phases of the house."""


LEGS = ("L1", "L2", "L3")
"""The terminals of a load; a form says which phase of the house each is wired to."""


POWER_UNITS = {"W": 1.0, "kW": 1000.0, "MW": 1_000_000.0, "VA": 1.0, "kVA": 1000.0}
"""By unit of a power: the factor to W. VA are amperes times volts: they give the current exactly;
where active power is asked for, they are more by the power factor."""


TOLERANCE = 1e-6
"""Differences below 1e-6 A or W are floating-point noise, not electricity."""


DIGITS = 9
"""Levels are rounded to 9 digits. With fewer, a level of an odd step (a third of 10 W) would be
floored to the next lower one."""


DAY_S = 86400.0


@quick
@dataclass(frozen=True, slots=True)
class PerPhase:
    """One number for each phase that exists.

    `None` means that the phase does not exist (or its value is not known); `0.0` means that
    it exists and is idle. Arithmetic keeps `None`: what is unknown stays unknown.
    """

    a: float | None = None
    b: float | None = None
    c: float | None = None

    @classmethod
    def of(cls, values: Mapping[str, float | None]) -> PerPhase:
        """Make one from `{"A": 1.0, "C": 2.0}`; phases that are not named do not exist."""
        return cls(values.get("A"), values.get("B"), values.get("C"))

    @classmethod
    def idle(cls, phases: tuple[str, ...]) -> PerPhase:
        """0.0 on each of `phases`, `None` elsewhere."""
        return cls(*(0.0 if phase in phases else None for phase in PHASES))

    def __getitem__(self, phase: str) -> float | None:
        """Return the value of phase "A", "B" or "C"."""
        if phase == "A":
            return self.a
        if phase == "B":
            return self.b
        if phase == "C":
            return self.c
        raise KeyError(phase)

    def items(self) -> list[tuple[str, float]]:
        """(phase, value) of the phases that have a value, in the order A, B, C."""
        a, b, c = self.a, self.b, self.c
        if a is not None and b is not None and c is not None:
            return [("A", a), ("B", b), ("C", c)]
        found = [("A", a)] if a is not None else []
        if b is not None:
            found.append(("B", b))
        if c is not None:
            found.append(("C", c))
        return found

    def values(self) -> list[float]:
        """The values of the phases that have one, in the order A, B, C."""
        a, b, c = self.a, self.b, self.c
        if a is not None and b is not None and c is not None:
            return [a, b, c]
        return [value for value in (a, b, c) if value is not None]

    def covers(self, phases: Iterable[str]) -> bool:
        """Whether each of `phases` has a value."""
        if self.a is not None and self.b is not None and self.c is not None:
            return True
        return all(self[phase] is not None for phase in phases)

    def with_phase(self, phase: str, value: float | None) -> PerPhase:
        """Return a copy in which `phase` has `value`."""
        return PerPhase(*(value if p == phase else self[p] for p in PHASES))

    def total(self) -> float:
        """Sum over the phases that have a value."""
        a, b, c = self.a, self.b, self.c
        if a is None or b is None or c is None:
            return sum(self.values())
        return sum((a, b, c))

    def _joined(self, other: PerPhase, rule: Callable[[float, float], float]) -> PerPhase:
        pairs = zip((self.a, self.b, self.c), (other.a, other.b, other.c), strict=True)
        return PerPhase(*(None if x is None or y is None else rule(x, y) for x, y in pairs))

    def __add__(self, other: PerPhase) -> PerPhase:
        """Add phase by phase."""
        return self._joined(other, lambda x, y: x + y)

    def __sub__(self, other: PerPhase) -> PerPhase:
        """Subtract phase by phase."""
        return self._joined(other, lambda x, y: x - y)


def lower_of(one: PerPhase, two: PerPhase) -> PerPhase:
    """The lower of `one` and `two` on each phase of `one`; one of them if it is that on all.

    A phase that `two` does not have counts as 0 there.
    """
    a, b, c = one.a, one.b, one.c
    x, y, z = two.a or 0.0, two.b or 0.0, two.c or 0.0
    if (a is None or a <= x) and (b is None or b <= y) and (c is None or c <= z):
        return one
    if a is None or b is None or c is None or None in (two.a, two.b, two.c):
        return PerPhase(
            None if a is None else min(a, x),
            None if b is None else min(b, y),
            None if c is None else min(c, z),
        )
    return two if x < a and y < b and z < c else PerPhase(min(a, x), min(b, y), min(c, z))


def higher_of(one: PerPhase, two: PerPhase) -> PerPhase:
    """The higher of `one` and `two` on each phase of `one`; as for `lower_of`."""
    a, b, c = one.a, one.b, one.c
    return PerPhase(
        None if a is None else max(a, two.a or 0.0),
        None if b is None else max(b, two.b or 0.0),
        None if c is None else max(c, two.c or 0.0),
    )


@lru_cache(maxsize=256, typed=True)
def _steps_in_one(step: float) -> int:
    """How many steps make 1, if every multiple of `step` has at most 9 digits; else 0.

    Example: 0.1 -> 10, so 79 steps are 79 / 10. That is what rounding to 9 digits gives, in a
    fifth of the time.
    """
    if not (isinstance(step, float) and TOLERANCE <= step <= 1.0):
        return 0
    steps = round(1 / step)
    return steps if steps * step == 1.0 and 10**DIGITS % steps == 0 else 0


def floor_to_step(value: float, step: float) -> float:
    """Round `value` down to a multiple of `step`, both in the same unit: 7.97 by 0.1 -> 7.9."""
    count, steps = math.floor(value / step + TOLERANCE), _steps_in_one(step)
    return count / steps if steps else round(count * step, DIGITS)


def ceil_to_step(value: float, step: float) -> float:
    """Round `value` up to a multiple of `step`, both in the same unit: 7.92 by 0.1 -> 8.0."""
    count, steps = math.ceil(value / step - TOLERANCE), _steps_in_one(step)
    return count / steps if steps else round(count * step, DIGITS)


def roughly_s(seconds: float, exact_s: float = 0.0) -> float:
    """A time that goes on, for people, who may look at it for hours: it changes seldom.

    Whole minutes up to 10 min, tens of minutes up to an hour, then whole hours: 75 -> 60,
    1 500 -> 1 200, 9 000 -> 7 200. Below `exact_s` it stays as it is.
    """
    if seconds < exact_s:
        return seconds
    step_s = 60.0 if seconds < 600 else 600.0 if seconds < 3600 else 3600.0
    return math.floor(seconds / step_s) * step_s


def watts_to_amps(power_w: float, voltage_v: float, legs: int = 1) -> float:
    """Current in A on each of `legs` phases for `power_w` in all: 6 900 W on 3 at 230 V -> 10 A."""
    return power_w / (voltage_v * legs)


def amps_to_watts(current_a: float, voltage_v: float, legs: int = 1) -> float:
    """Total power in W of `current_a` on each of `legs` phases at `voltage_v`."""
    return current_a * voltage_v * legs
