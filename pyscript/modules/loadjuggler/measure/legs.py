"""What a charger draws by its own sensors (A by leg), and which of its legs the car uses.

A leg is a wire of the charger (L1, L2, L3), a phase is one of the site (A, B, C). Example: legs
(("L1", "B"), ("L2", "C")) with 10 A on L1 and 8 A on L2 draw 10 A on phase B and 8 A on phase C.
"""

from __future__ import annotations

import math
from functools import lru_cache

from ..memory.drawn import ByLeg
from ..memory.load import LoadMemory
from ..records import replace
from ..site.model import Legs, Load
from ..units import PerPhase
from .lookup import Sensing


def held_report(at: Sensing, memory: LoadMemory) -> ByLeg | None:
    """A by leg as last reported; `None` if that was seen over 60 s (`hold_s`) ago."""
    seen_at, by_leg = memory.draws.seen_at, memory.draws.by_leg
    if by_leg is None or seen_at is None or at.now - seen_at > at.options.hold_s:
        return None
    return by_leg


def last_draw_a(memory: LoadMemory) -> float:
    """The most that a leg may have drawn in the last report, A, however old; 0 without a report."""
    draws = memory.draws
    shown = draws.by_leg if draws.apart is None else draws.apart[1]
    return max((value for _, value in shown or ()), default=0.0)


def learn_legs(
    at: Sensing,
    load: Load,
    memory: LoadMemory,
    draws: dict[str, float] | None,
    active: bool,
) -> LoadMemory:
    """The memory with the legs that the car uses, by its `draws` (A by leg).

    A leg is used if it draws over 1 A (`idle_leg_a`), or is not measured. If the car draws on
    another leg than known, all wired legs count at once. Fewer legs count after 60 s (`legs_s`); at
    once if the charger is told in W and a leg draws the share of the others, too. Without a car
    (`active` is false) the legs are forgotten.
    """
    if not active:
        return using(memory, None)
    if memory.draws.apart is not None:
        return _on_fewer(memory, None)  # it is not known on which legs it draws
    known_draws = draws or {}
    least_a = min(known_draws.values(), default=math.inf)
    if memory.draws.legs is None and least_a > at.options.idle_leg_a:
        # All legs count, and none is idle.
        return memory if memory.draws.fewer_at is None else _on_fewer(memory, None)
    drawing = {leg for leg, a in known_draws.items() if a > at.options.idle_leg_a}
    if drawing:  # a leg that is not measured may be used, too
        drawing |= {leg for leg, _ in load.legs if leg not in known_draws}
    if not drawing:
        return _on_fewer(memory, None)
    known = set(memory.draws.legs or ()) or {leg for leg, _ in load.legs}
    if drawing == known:
        return _on_fewer(memory, None)
    if not drawing <= known:
        return using(memory, None)
    since = memory.draws.fewer_at if memory.draws.fewer_at is not None else at.now
    # A charger that is told in W shares them among the legs in use. A leg that draws more than
    # its command has the share of legs that are not used.
    told_a = memory.command_a(memory.command.tx) or 0.0
    most_a = max(known_draws.values(), default=0.0)
    shared = memory.profiles.watt_legs > len(drawing) and most_a > told_a + at.options.overdraw_a
    if shared or at.now - since >= at.options.legs_s:
        return using(memory, tuple(sorted(drawing)))
    return _on_fewer(memory, since)


def in_use(memory: LoadMemory, wired: Legs) -> Legs:
    """Those of the legs `wired` that the car uses, as far as known."""
    known = memory.draws.legs
    return wired if known is None else tuple(pair for pair in wired if pair[0] in known)


def using(memory: LoadMemory, legs: tuple[str, ...] | None) -> LoadMemory:
    """The load's memory with the legs that its car uses; `None`: all wired legs."""
    draws = memory.draws
    if draws.legs == legs and draws.fewer_at is None and not draws.proven:
        return memory
    return replace(memory, draws=draws.on_legs(legs))


def _on_fewer(memory: LoadMemory, since: float | None) -> LoadMemory:
    """The load's memory with since when (epoch s) it draws on fewer legs; `None`: it does not."""
    draws = memory.draws
    return memory if draws.fewer_at == since else replace(memory, draws=draws.on_fewer(since))


def sum_by_phase(draws: dict[str, float], legs: Legs) -> PerPhase:
    """Currents by leg (A) as currents by site phase; legs on the same phase add up."""
    totals: dict[str, float] = {}
    for leg, phase in legs:
        totals[phase] = totals.get(phase, 0.0) + draws.get(leg, 0.0)
    return PerPhase.of(totals)


@lru_cache(maxsize=4096)
def report_by_phase(by_leg: ByLeg, legs: Legs) -> PerPhase:
    """As `sum_by_phase`, for a report as it is remembered."""
    return sum_by_phase(dict(by_leg), legs)
