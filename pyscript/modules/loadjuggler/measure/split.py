"""On which legs a charger draws of which only the total is known: a power, or a current on N.

`total` is the power over the voltage: A over all legs. As long as it is not known which legs the
car uses, each wired leg may carry the whole total; that is what limits count with. What is likely
is taken from the command: a car that takes 16 A in all when it may take 16 A on each leg most
likely uses one leg, not a third of each.

    told, A per leg    16          16             16            16
    total, A           16          20.6           48            2
    likely, A          16, 0, 0    10.3, 10.3, 0  16, 16, 16    0.7 on each
    at most, A         16 on each  20.6 on each   16 on each    0.7 on each
    known?             no          no             yes           idle

48 A are known to flow on three legs, because two would carry 24 A each. It becomes known

- by the total: more than what fewer legs can carry at the charger's maximum;
- by the meter: a change of the total by 2 A or more moves each phase by its share, and no other
  choice of legs explains it half as well (`seen_legs`). Not by fewer legs than could have carried
  the larger of the two totals at the charger's maximum: then the house has moved.

It is forgotten when the car leaves, and when the total rises above what the known legs may carry.

Source: docs/decisions/0030.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

from ..memory.drawn import Draws, Level
from ..memory.load import LoadMemory
from ..site.model import Legs, Load, Site
from ..units import PHASES
from .lookup import Sensing

OVER = 1.12
"""A power may be 12 % above the nominal voltage times the current."""


OVER_A = 0.7
"""And a charger may let its car take 0.7 A more than it was told."""


OBEYS_S = 15.0
"""A command that was replaced up to 15 s ago may be what the car still follows."""


CLEAR_A = 2.0
"""A change of the total by less than 2 A shows no legs: the house moves by as much."""


SAME_A = 1.0
"""Totals that differ by no more than 1 A, or 5 %, are of the same level."""


STOOD_S = 4.0
"""A level counts if no other one was reported for 4 s: the steps of a car that begins are less."""


NONE_A = 0.3
"""Less than this is no current: a level that no car passes on its way."""


AFTER_S = 2.0
"""The meter is compared 2 s after a level has begun, and for 30 s at most (`TRIED_S`). Times of the
load and the meter may be wrong by 1 s (`LAG_S`)."""


LAG_S = 1.0


TRIED_S = 30.0


BEFORE_S = 2.0
"""What the meter showed before is the mean of the last 2 s of the level before, or the last reading
in it, or before it: a command is often an answer to the house, which moved shortly before."""


MISSED = 0.2
"""A choice of legs explains a change if each phase is within 20 % of its share, and 0.4 A."""


MISSED_A = 0.4


BETTER = 2.0
"""And no other choice may come within twice of that, or within 0.5 A (`BETTER_A`)."""


BETTER_A = 0.5


Reading = tuple[float, float, float, float]
"""Of a meter: epoch s, and A on phases A, B and C."""


PLUG_V = 230.0
"""What a plug remembers is its power, in W under the leg ""."""


Bounds = tuple[dict[str, float], dict[str, float]]
"""At least, at most: A by leg."""


def told_most_a(memory: LoadMemory, transaction: int | None, now: float) -> float:
    """The largest command that a load may be following, A per leg; 0: it was told none above 0."""
    told = [amps for amps, until in memory.calls.replaced if now - until <= OBEYS_S]
    return max([memory.command_a(transaction) or 0.0, *told])


def split(
    total_a: float, legs: Legs, wired: Legs, told_a: float, before: int, *, same: bool
) -> tuple[dict[str, float], Bounds | None]:
    """What a load likely draws by wired leg, A, and its bounds; `None`: it is known.

    `legs` are those that may be in use; with one there is nothing to find out. `told_a` is the most
    that it may be following, A per leg. `before` is how many legs were likely last (0: none). That
    holds while it is told nothing, and is never exceeded while the total is the `same`: a car that
    is cut and goes on does not use more legs.
    """
    zeros = {leg: 0.0 for leg, _ in wired}
    total_a = max(total_a, 0.0)
    if len(legs) < 2:
        return zeros | {leg: total_a for leg, _ in legs}, None
    count = needs(total_a, told_a, len(legs)) if told_a > 0 else before or len(legs)
    if same and before:
        count = min(count, before)
    each_a = total_a / count
    likely = zeros | {leg: each_a for leg, _ in legs[:count]}
    most = zeros | {leg: total_a for leg, _ in legs}
    return likely, (zeros, most)


def needs(total_a: float, told_a: float, legs: int) -> int:
    """On how many legs a car draws at least, if none takes more than its command (A per leg)."""
    for count in range(1, legs):
        if total_a <= count * (OVER * told_a + OVER_A):
            return count
    return legs


def on_all(total_a: float, legs: int, told_a: float, most_a: float) -> bool:
    """Whether one leg less could not carry the total at `most_a`, the charger's maximum.

    Only of a charger that is within its command `told_a`: one that is not may exceed both.
    """
    within = 0 < total_a <= legs * (OVER * told_a + OVER_A)
    return within and not can_carry(total_a, legs - 1, most_a)


def can_carry(total_a: float, legs: int, most_a: float) -> bool:
    """Whether so many legs can carry a total, A, at `most_a`, the charger's maximum (A per leg)."""
    return total_a <= legs * (1.1 * most_a + 1.0)


def too_much(levels: tuple[Level, ...], legs: int, told_a: float) -> bool:
    """Whether a total has risen to more than so many legs may carry, by over 1 A and 12 %.

    One that is above that because its command was lowered does not follow.
    """
    if len(levels) < 2 or told_a <= 0:
        return False
    (was_a, _, _), (now_a, _, _) = levels
    return now_a > max(was_a, legs * (OVER * told_a + 1.0))


# --- the meter -----------------------------------------------------------------------------------


def followed(levels: tuple[Level, ...], total_a: float, at: float) -> tuple[Level, ...]:
    """The last two levels of a total, with a report made `at`: (A, first, last), oldest first.

    The first one that is known counts however short it was seen: it was there before that.
    """
    if not levels:
        return ((total_a, at, at),)
    amps, first, last = levels[-1]
    if at <= last:
        return levels
    if abs(total_a - amps) <= max(SAME_A, 0.05 * abs(amps)):
        return (*levels[:-1], (amps, first, at))
    stood = at - first >= STOOD_S or abs(amps) <= NONE_A
    kept = levels[-1:] if stood or len(levels) == 1 else levels[:-1]
    return (*kept, (total_a, at, at))


def seen_legs(at: Sensing, load: Load, levels: tuple[Level, ...], wired: Legs) -> Legs | None:
    """The legs that a meter shows a load to use, by its last change; `None`: it does not show.

    Not if another load below the meter may have changed at that time.
    """
    if len(levels) < 2:
        return None
    (was_a, first, until), (now_a, since, _) = levels
    if not AFTER_S <= at.now - since <= TRIED_S or abs(now_a - was_a) < CLEAR_A:
        return None
    trails = at.memory.wiring.trails
    circuit = next((c for c in at.site.path(load.circuit) if c in trails), None)
    if circuit is None or _others(at, circuit, load, until):
        return None
    trail, sure = trails[circuit], until - LAG_S
    before = (
        _mean(trail, max(first, sure - BEFORE_S), sure)
        or _mean(trail, first, until)
        or _mean([one for one in trail if sure - TRIED_S <= one[0] <= sure][-1:], 0.0, sure)
    )
    after = _mean(trail, since + LAG_S, at.now)
    if before is None or after is None:
        return None
    moved = {p: after[i] - before[i] for i, p in enumerate(PHASES)}
    return _explained(now_a - was_a, moved, wired, at.site)


def _others(at: Sensing, circuit: str, load: Load, since: float) -> bool:
    """Whether another load below the meter may have changed since then.

    It has if its reports differ, or if it was told something and has not reported since.
    """
    since -= OBEYS_S
    for other in at.site.below(circuit):
        known = at.memory.load(other.id)
        if other.id == load.id:
            continue
        told_at, said_at = known.calls.commanded_at, known.draws.at
        told = told_at is not None and told_at > since
        if told and (said_at is None or said_at < (told_at or 0.0) + AFTER_S):
            return True
        if said_at is not None and _differs(known.draws, since):
            return True
    return False


def _differs(draws: Draws, since: float) -> bool:
    """Whether the reports of a load since then, or the last one before, differ by over 0.5 A."""
    earlier, now = draws.earlier, dict(draws.by_leg or ())
    before = [by_leg for when, by_leg in earlier if when <= since][-1:]
    shown = [dict(one) for one in (*before, *(by for when, by in earlier if when > since))]
    most = {leg: BETTER_A if leg else BETTER_A * PLUG_V for leg in now}
    return any(abs(one.get(leg, 0.0) - now[leg]) > most[leg] for one in shown for leg in now)


def _mean(trail: Sequence[Reading], first: float, last: float) -> tuple[float, ...] | None:
    """The mean of the readings from `first` to `last` (epoch s), A on A, B, C; `None`: none."""
    within = [one for one in trail if first <= one[0] <= last]
    if not within:
        return None
    return tuple(sum(one[phase] for one in within) / len(within) for phase in (1, 2, 3))


def _explained(change_a: float, moved: Mapping[str, float], wired: Legs, site: Site) -> Legs | None:
    """The legs among `wired` on which a change of the total explains what a meter moved by.

    `None`: no choice does, or two do. Legs on one phase can't be told apart.
    """
    if len({phase for _, phase in wired}) < len(wired):
        return None
    found: list[tuple[float, Legs]] = []
    for count in range(1, len(wired) + 1):
        for chosen in combinations(wired, count):
            share = dict.fromkeys([phase for _, phase in chosen], change_a / count)
            missed = [abs(moved[p] - share.get(p, 0.0)) for p in site.phases]
            found.append((max(missed), chosen))
    found.sort(key=lambda one: one[0])
    missed_a, chosen = found[0]
    if missed_a > MISSED * abs(change_a) / len(chosen) + MISSED_A:
        return None
    if len(found) > 1 and found[1][0] < max(BETTER * missed_a, missed_a + BETTER_A):
        return None
    return chosen
