"""Evidence: what the verdicts add up to.

Source: docs/product.md section 8. A change weighs min(|change|, 15) / 5. A phase with at least 70 %
of the score is believed from 6 on; scores above 10 that say nothing are halved.
"""

from __future__ import annotations

from collections.abc import Mapping

from ...memory.wiring import Key, Score
from ...records import replace
from ...site.model import Load
from ...units import LEGS
from .judge import Verdict

BELIEVED = 6.0


KEPT = 4.0
"""What was told is told until less than this speaks for it."""


REMAPPED = 15.0


SHARE = 0.7


DOUBTFUL = 10.0


MOST = 20.0
"""Evidence of long ago must not outweigh what an electrician has changed since."""


GUESSED = 0.5
"""What a plug that is not measured says counts less: it may be on and take nothing."""


NOTHING = 0.9
"""This share of the changes must not have moved a meter that is taken to be another one's."""


SIGN_A = 1.0
"""A smaller change does not say which way a meter goes."""


SIGNS = 15


AGAINST = 10
"""So many of the last ones must be against the draw."""


def weight(amps: float) -> float:
    """What a change by so many A is worth."""
    return min(abs(amps), 15.0) / 5.0


def tells_legs(load: Load, phases: tuple[str, ...]) -> bool:
    """Whether its changes can say anything of its legs: no two of them on one phase."""
    wired = [phase for _, phase in load.legs]
    return len(phases) > 1 and len(set(wired)) == len(wired)


def expected(load: Load, phases: tuple[str, ...]) -> dict[str, str]:
    """Phase of each leg as it is wired; legs that a load lacks stand for phases without it."""
    legs = dict(load.legs)
    free = [phase for phase in phases if phase not in legs.values()]
    missing = [leg for leg in LEGS if leg not in legs]
    return legs | dict(zip(missing, free, strict=False))


def added(score: Score, verdict: Verdict, load: Load, phases: tuple[str, ...]) -> Score:
    """`score` with what a clear change says of a leg, if it does."""
    heavy = weight(verdict.amps) * (GUESSED if load.draws_as_rated else 1.0)
    score = replace(score, changes=score.changes + 1)
    if not verdict.phases:
        return _bounded(replace(score, none=score.none + heavy))
    score = replace(score, moved=score.moved + heavy)
    leg, phase = _leg_and_phase(verdict, load, phases)
    if leg is None or phase is None:
        return _bounded(score)
    legs = {
        name: {p: max(w - heavy * (p == phase and name != leg), 0.0) for p, w in weights.items()}
        for name, weights in score.legs.items()
    }  # no other leg can be there
    of_leg = legs.get(leg, {})
    legs[leg] = {**of_leg, phase: of_leg.get(phase, 0.0) + heavy}
    return _bounded(replace(score, legs=legs))


def _leg_and_phase(
    verdict: Verdict, load: Load, phases: tuple[str, ...]
) -> tuple[str | None, str | None]:
    """The leg of which a verdict says the phase: the one that changed, or the one that did not."""
    moved = [phase for phase, _ in verdict.phases]
    if len(verdict.legs) == 1:
        return verdict.legs[0], moved[0]
    idle_legs = [leg for leg in expected(load, phases) if leg not in verdict.legs]
    idle_phases = [phase for phase in phases if phase not in moved]
    if len(idle_legs) == 1 and len(idle_phases) == 1:
        return idle_legs[0], idle_phases[0]
    return None, None


def _bounded(score: Score) -> Score:
    """Scores that say nothing halved, and none larger than it has to be."""
    legs, doubtful = {}, False
    for leg, weights in score.legs.items():
        most, total = max(weights.values(), default=0.0), sum(weights.values())
        if total <= 0.0:
            continue
        doubt = total + score.none > DOUBTFUL and most < SHARE * (total + score.none)
        factor = 0.5 if doubt else min(1.0, MOST / total)
        legs[leg] = {phase: value * factor for phase, value in weights.items()}
        doubtful |= doubt
    factor = 0.5 if doubtful else min(1.0, MOST / max(score.moved + score.none, MOST))
    return replace(score, legs=legs, moved=score.moved * factor, none=score.none * factor)


def elsewhere(score: Score) -> bool:
    """Whether a meter does not move with a load at all, so that it is not behind it."""
    return score.none >= REMAPPED and score.moved <= (1 - NOTHING) * (score.moved + score.none)


def concluded(score: Score, least: float = BELIEVED) -> dict[str, str]:
    """The legs of which the phase is believed, with at least `least` for it."""
    found = {}
    for leg, weights in score.legs.items():
        if not weights:
            continue
        phase, most = max(weights.items(), key=lambda pair: (pair[1], pair[0]))
        total = sum(weights.values()) + score.none
        if most >= least and most >= SHARE * total:
            found[leg] = phase
    return found


def signed(signs: Mapping[Key, str], circuit: str, verdict: Verdict) -> dict[Key, str]:
    """The last signs of a meter's phases with those of a verdict."""
    if abs(verdict.amps) < SIGN_A:
        return dict(signs)
    found = dict(signs)
    for phase, sign in verdict.phases:
        key = (circuit, phase)
        found[key] = (found.get(key, "") + ("+" if sign > 0 else "-"))[-SIGNS:]
    return found


def against(signs: Mapping[Key, str], circuit: str, phases: tuple[str, ...]) -> list[str]:
    """Phases of a meter that move against the draw."""
    return [p for p in phases if signs.get((circuit, p), "").count("-") >= AGAINST]
