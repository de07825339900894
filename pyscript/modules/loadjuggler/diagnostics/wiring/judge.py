"""The verdict on a change: which phases of a meter moved with the load, and which way.

Each phase must either have moved by as much as the load changed, or have stayed (each +/- 20 % and
0.15 A). On three phases all may have moved by the same amount beside that, as by a battery, a cloud
or a heat pump.

Example, a car that is cut by 6 A on L1 (tolerance 0.15 + 0.2 * 6 = 1.35 A):

```
    meter moved on A, B, C     verdict
     0.1   -5.8    0.0         L1 is on B, the meter moves with the draw
     0.1    5.8    0.0         L1 is on B, the meter moves against it
     2.0   -4.0    2.0         L1 is on B: all moved by +2 beside it, a battery that gives less
    -3.0   -5.8    0.0         none: A neither stayed nor moved by 6 A
     0.1    0.2   -0.1         no phase moved: counts as a doubt
```
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import fmean

from ...memory.drawn import ByLeg
from .changes import LEAST_A
from .trail import Moved

NOISE_A = 0.15


SHARE = 0.2
"""A phase may differ from what is expected by 0.15 A and 20 % of the change."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Legs that changed, by `amps` each (mean, signed), and the phases that moved with them.

    `phases` are (phase, sign): 1 where the meter moved with the draw, -1 where against it. It is
    empty if no phase moved.
    """

    legs: tuple[str, ...]
    amps: float
    phases: tuple[tuple[str, int], ...]


def tolerance_a(change_a: float) -> float:
    """A by which a phase may differ from what is expected, for a change by `change_a`."""
    return NOISE_A + SHARE * abs(change_a)


def changed_legs(amps: ByLeg) -> tuple[tuple[str, ...], float] | None:
    """(legs that changed, their mean change in A, signed).

    `None` if they did not change by the same amount: then phases can't be told apart by it.
    """
    most = max(abs(value) for _, value in amps)
    legs = {leg: value for leg, value in amps if abs(value) >= max(LEAST_A, 0.3 * most)}
    if not legs:
        return None
    mean = fmean(legs.values())
    unlike = any(abs(value - mean) > tolerance_a(mean) for value in legs.values())
    still = sum(abs(value) for leg, value in amps if leg not in legs)
    return None if unlike or still > tolerance_a(mean) else (tuple(sorted(legs)), mean)


def judge(amps: ByLeg, move: Moved, phases: Sequence[str]) -> Verdict | None:
    """The verdict on a change by `amps` and a `move` of the meter (A by phase); `None`: none."""
    found = changed_legs(amps)
    if found is None:
        return None
    legs, mean = found
    values = dict(zip(phases, move, strict=False))
    within = tolerance_a(mean)
    if all(abs(value) <= within for value in values.values()):
        return Verdict(legs, mean, ())
    moved = {
        phase: 1 if value * mean > 0 else -1
        for phase, value in values.items()
        if abs(abs(value) - abs(mean)) <= within
    }
    quiet = all(abs(value) <= within for phase, value in values.items() if phase not in moved)
    if quiet and len(moved) == len(legs):
        return Verdict(legs, mean, tuple(sorted(moved.items())))
    return _beside_all(legs, mean, values)


def _beside_all(legs: tuple[str, ...], mean: float, move: dict[str, float]) -> Verdict | None:
    """The verdict if all three phases moved by the same amount beside the load.

    That amount is at most what a battery would add, spread evenly, to give back the whole change:
    6 A on one leg are 2 A on each phase. `None`: no phases fit, or several do.
    """
    if len(move) != 3 or len(legs) == 3:
        return None
    most = len(legs) / 3 * abs(mean) + tolerance_a(mean)
    fitting = []
    for sign in (1, -1):
        for phases in combinations(move, len(legs)):
            rest = {p: value - sign * mean * (p in phases) for p, value in move.items()}
            common = fmean(rest.values())
            if abs(common) > most:
                continue
            if all(abs(value - common) <= 0.7 * tolerance_a(mean) for value in rest.values()):
                fitting.append(Verdict(legs, mean, tuple((p, sign) for p in phases)))
    return fitting[0] if len(fitting) == 1 else None
