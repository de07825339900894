"""How long each load takes to obey: learned from the meter above it, at every clear cut.

Example: a car that draws 16 A is told 10 A at 100 s, and the meter above it falls by 6 A at 105 s.
It took 4 to 5 s. From then on 5 s are usual. After three such cuts it is given 7 s, not 10 s,
before it is stopped for what it still draws (`obeys_s`).

Only cuts count that nothing else could explain: of 2 A or more, with no other load below the meter
that is still moving. The delay is told to a meter's report, so with a meter of 5 s it may be up to
5 s too long.

Source: docs/decisions/0025.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise
from statistics import median

from ..measure.readings import LoadReading, Readings
from ..memory.limits import Seen, Spot
from ..memory.load import LoadMemory
from ..memory.memory import Memory
from ..options import Options
from ..records import replace
from ..site.model import Site
from .leg_currents import leg_current_a

CLEAR_A = 2.0
"""A cut by less than this, A per leg, teaches nothing: the house moves by as much."""


LONGEST_S = 15.0
"""What has not happened 15 s after a command has not happened because of it: a report made then
shows a charger that does not follow (`Options.not_following_s`)."""


PRECISE_S = 6.0
"""A meter that reports less often than every 6 s does not show when a load obeyed."""


SURE_OF = 3
"""So many times a load must have been seen to obey before that says how long it takes at most."""


def obeys_s(delays_s: tuple[tuple[float, float], ...], options: Options, usual: bool) -> float:
    """How long a load takes to obey, s: usually, or (`usual` is false) at most.

    `delays_s` are the last ones that were seen: (later than, by), s. Usually it is half a second
    more than the median of their middles, at most 2 s more than the end of the longest, and 4 s
    at least. Without any, careful values count (`Options`); for the longest with fewer than three,
    too: one of them may have been the house.
    """
    if not delays_s:
        return options.obeys_s if usual else options.obeys_most_s
    if usual:
        return median((after_s + by_s) / 2.0 for after_s, by_s in delays_s) + 0.5
    longest_s = max(max(by_s for _, by_s in delays_s) + 2.0, 4.0)
    return longest_s if len(delays_s) >= SURE_OF else max(longest_s, options.obeys_most_s)


def learned(
    site: Site, readings: Readings, memory: Memory, seen: Mapping[Spot, Seen]
) -> dict[str, LoadMemory]:
    """The memories of the loads that were seen to obey a cut in this run, by load id."""
    found = {}
    for load in site.loads.values():
        reading, known = readings.loads[load.id], memory.load(load.id)
        told_at = reading.commanded_at
        if told_at is None or readings.at - told_at > LONGEST_S or not reading.active:
            continue
        learned_at = known.draws.learned_at or 0.0
        cuts = [cut for cut in _cuts(reading) if cut[0] > learned_at]
        fell = _fell(site, readings, memory, seen, load.id) if cuts else None
        if fell is None:
            continue
        was_at, at, fell_a = fell  # A on its first leg's phase, where it may have several legs
        if at - was_at > PRECISE_S:
            continue
        fitting = [
            sent_at
            for sent_at, cut_a, told_a in cuts
            if sent_at < at <= sent_at + LONGEST_S + (at - was_at)
            and _fits(fell_a, cut_a * _legs_alike(reading))
            and not _shown(reading, sent_at, told_a, was_at)
        ]
        if fitting:  # of two alike the older one is obeyed first
            sent_at = fitting[0]
            draws = known.draws.obeyed(sent_at, max(was_at - sent_at, 0.0), at - sent_at)
            found[load.id] = replace(known, draws=draws)
    return found


def _legs_alike(reading: LoadReading) -> int:
    """How many legs the load has on the phase of its first leg."""
    phases = [phase for _, phase in reading.legs]
    return phases.count(phases[0])


def _cuts(reading: LoadReading) -> list[tuple[float, float, float]]:
    """The clear cuts of the last minute, oldest first: when they were sent, by how much, to what.

    Both are A per leg. What was cut is what the load drew while it held the command before, if it
    reported then, else that command. A car that takes 16 A shows nothing when it is told 17 A in
    place of 19 A.
    """
    if reading.draw is None or reading.draw_at is None:
        return []
    reports = [*reading.drew, (reading.draw_at, reading.draw)]
    told = [*reading.earlier, (reading.command_a or 0.0, math.inf)]
    cuts, begun = [], -math.inf
    for (held_a, sent_at), (now_a, _) in pairwise(told):
        drawn = [leg_current_a(reading, draw) for at, draw in reports if begun < at < sent_at]
        cut_a = min([held_a, *drawn[-1:]]) - now_a
        if cut_a >= CLEAR_A:
            cuts.append((sent_at, cut_a, now_a))
        begun = sent_at
    return cuts


def _shown(reading: LoadReading, sent_at: float, told_a: float, was_at: float) -> bool:
    """Whether a report shows that the cut to `told_a` had been obeyed by `was_at` (epoch s)."""
    if reading.draw is None or reading.draw_at is None or not sent_at < reading.draw_at <= was_at:
        return False
    return leg_current_a(reading, reading.draw) <= told_a + CLEAR_A / 2.0


def _fits(fell_a: float, cut_a: float) -> bool:
    """Whether a meter that fell by `fell_a` shows a cut by `cut_a`, both A."""
    return abs(fell_a - cut_a) <= 0.25 * cut_a + 0.3


def _fell(
    site: Site, readings: Readings, memory: Memory, seen: Mapping[Spot, Seen], load: str
) -> tuple[float, float, float] | None:
    """When the nearest meter above `load` was read before and now, and by how much it fell, A.

    `None`: there is none, or another load below it was told something lately.
    """
    circuit = next((c for c in site.path(site.loads[load].circuit) if c in readings.meters), None)
    if circuit is None:
        return None
    others = (readings.loads[one.id] for one in site.below(circuit) if one.id != load)
    if any(readings.at - (one.commanded_at or 0.0) < LONGEST_S for one in others):
        return None
    _, phase = readings.loads[load].legs[0]
    old, new = memory.seen.get((circuit, phase)), seen.get((circuit, phase))
    if old is None or new is None or new.at <= old.at:
        return None
    return old.at, new.at, old.measured_a - new.measured_a
