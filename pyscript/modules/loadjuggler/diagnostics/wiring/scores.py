"""Evidence: verdicts add up to points for each leg on each phase.

A change of so many A weighs min(|change|, 15) / 5 points. A phase is believed with 6 points and 70
% of all points of the leg. Points above 10 that decide nothing are halved, those above 20 cut to
20.

Example, L1 of a car that the form says is on A, by one meter:

```
    change            weight      L1 on A   L1 on B   no phase   share of B
     6 A, seen on B   6/5 = 1.2      0        1.2       0           100 %
     6 A, seen on B         1.2      0        2.4       0           100 %
     6 A, nowhere           1.2      0        2.4       1.2          67 %
    16 A, seen on B  15/5 = 3.0      0        5.4       1.2          82 %
     6 A, seen on B         1.2      0        6.6       1.2          85 %   believed: told
```

At 15 points the load is counted on B, if its form allows it. Source: docs/product.md section 8,
docs/decisions/0020.
"""

from __future__ import annotations

from collections.abc import Mapping

from ...memory.wiring import Key, Score
from ...records import replace
from ...site.model import Load
from ...units import LEGS
from .judge import Verdict

BELIEVED = 6.0
"""Points from which a phase is believed and told."""


KEPT = 4.0
"""A finding that was told stays until it has fewer points than this."""


REMAPPED = 15.0
"""Points from which a load is counted on another phase, if its form allows it."""


SHARE = 0.7
"""A phase needs this share of all points of the leg to be believed."""


DOUBTFUL = 10.0
"""Points of a leg are halved from here on while no phase has `SHARE` of them."""


MOST = 20.0
"""A leg keeps at most this many points, so that old ones do not outweigh what an electrician has
changed since."""


GUESSED = 0.5
"""Changes of a plug that is not measured count half: it may be on and take nothing."""


NOTHING = 0.9
"""A load is taken not to be behind a meter if 90 % of the weight of its changes moved no phase."""


SIGN_A = 1.0
"""Smaller changes say nothing of the sign of a meter."""


SIGNS = 15
"""The last 15 signs of a phase are kept."""


AGAINST = 10
"""With 10 of these against the draw the phase is inverted."""


def weight(amps: float) -> float:
    """The points for a change by `amps`: 0.5 A -> 0.1, 6 A -> 1.2, 15 A and more -> 3."""
    return min(abs(amps), 15.0) / 5.0


def tells_legs(load: Load, phases: tuple[str, ...]) -> bool:
    """Whether changes of a load can show its phases: not if two of its legs are on one phase."""
    wired = [phase for _, phase in load.legs]
    return len(phases) > 1 and len(set(wired)) == len(wired)


def expected(load: Load, phases: tuple[str, ...]) -> dict[str, str]:
    """The phase of each leg L1, L2, L3 as wired; legs that a load lacks get the free phases."""
    legs = dict(load.legs)
    free = [phase for phase in phases if phase not in legs.values()]
    missing = [leg for leg in LEGS if leg not in legs]
    return legs | dict(zip(missing, free, strict=False))


def added(score: Score, verdict: Verdict, load: Load, phases: tuple[str, ...]) -> Score:
    """`score` with the points of a clear change."""
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
    }  # a phase has only one leg: the same weight speaks against the others
    of_leg = legs.get(leg, {})
    legs[leg] = {**of_leg, phase: of_leg.get(phase, 0.0) + heavy}
    return _bounded(replace(score, legs=legs))


def _leg_and_phase(
    verdict: Verdict, load: Load, phases: tuple[str, ...]
) -> tuple[str | None, str | None]:
    """The leg and its phase that a verdict shows.

    Of one leg that changed it is the phase that moved; of two legs it is the third leg, on the
    phase that stayed. Three legs that change alike show nothing: (`None`, `None`).
    """
    moved = [phase for phase, _ in verdict.phases]
    if len(verdict.legs) == 1:
        return verdict.legs[0], moved[0]
    idle_legs = [leg for leg in expected(load, phases) if leg not in verdict.legs]
    idle_phases = [phase for phase in phases if phase not in moved]
    if len(idle_legs) == 1 and len(idle_phases) == 1:
        return idle_legs[0], idle_phases[0]
    return None, None


def _bounded(score: Score) -> Score:
    """`score` with points that decide nothing halved, and none above `MOST`."""
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
    """Whether a meter never moves with a load, so that the load is not behind it."""
    return score.none >= REMAPPED and score.moved <= (1 - NOTHING) * (score.moved + score.none)


def concluded(score: Score, least: float = BELIEVED) -> dict[str, str]:
    """The phase of each leg that has at least `least` points and `SHARE` of all of the leg."""
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
    """`signs` by (circuit, phase) with those of a verdict: "+" with the draw, "-" against it."""
    if abs(verdict.amps) < SIGN_A:
        return dict(signs)
    found = dict(signs)
    for phase, sign in verdict.phases:
        key = (circuit, phase)
        found[key] = (found.get(key, "") + ("+" if sign > 0 else "-"))[-SIGNS:]
    return found


def against(signs: Mapping[Key, str], circuit: str, phases: tuple[str, ...]) -> list[str]:
    """The phases on which a meter moves against the draw."""
    return [p for p in phases if signs.get((circuit, p), "").count("-") >= AGAINST]
