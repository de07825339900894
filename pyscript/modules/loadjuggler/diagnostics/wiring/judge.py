"""What a clear change of a load says: which phases of a meter moved with it, and which way.

Everything but the load has to have been quiet: each phase either moved by what the load changed by
or stayed. On three phases all may have moved by the same amount beside that, as a battery, a cloud
or a heat pump does it.
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
"""A phase may differ from what is expected by so much, and by this share of the change."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Legs that changed, by `amps` each (mean, signed), the phases that moved, with their signs.

    `phases` is empty if none moved.
    """

    legs: tuple[str, ...]
    amps: float
    phases: tuple[tuple[str, int], ...]


def tolerance_a(change_a: float) -> float:
    """A by which a phase may differ from what is expected of it."""
    return NOISE_A + SHARE * abs(change_a)


def changed_legs(amps: ByLeg) -> tuple[tuple[str, ...], float] | None:
    """Legs that changed, and by how much each on average (signed, A).

    `None` where they did not change alike: then it can't be told which is which.
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
    """What a change by `amps` and a move of the meter by `move` say; `None`: nothing."""
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
    """The same where all of three phases moved alike beside what the load did.

    No more than what a battery adds to give back all of it, spread evenly.
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
