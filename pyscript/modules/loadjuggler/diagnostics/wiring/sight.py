"""Whether the main meter sees a load at all: a car's start must move it.

A meter that measures the house without the car, or something else, stays as it is. So does one
where a battery gives at once what the car takes. The difference: a battery that hides a car keeps
the meter near 0. Such a change counts as not seen only if

- something was taken from the grid before and after it, by the meter itself (`TAKEN_A`);
- the battery of the form, if there is one, does nothing;
- the meter and the sun together show less than the chargers draw by their reports (`LACKS`): a
  charger that reports late is behind a meter that shows it already;
- the meter has not moved by as much at any time of the last 90 s.

Example: a three-phase car starts with 16 A, and the meter shows 2, 1 and 3 A all the time. That is
a weight of 3 on each leg, 9 in all, and told from 6 on. A later change of 8 A that does move the
meter weighs 1.6 on each leg, twice: 9.6 less.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import product

from ...measure.readings import Readings
from ...memory.wiring import DrawChange, WiringMemory
from ...site.model import MAIN, Load, Site
from ...units import watts_to_amps
from .judge import Verdict
from .scores import weight
from .signs import without_sign
from .trail import LAG_S, Reading

TOLD = 6.0
"""The weight from which it is told that a load is not seen, ..."""


ENDS = 2.0
"""... and below which it is told no more."""


MOST = 10.0


LEAST = -4.0
"""The weight stays within these."""


CLEAR_A = 3.0
"""A smaller change says nothing: 20 % of it are less than what meters err by."""


TAKEN_A = 1.3
"""300 W. A meter that shows less over all phases may be kept near 0."""


IDLE_W = 200.0
"""A battery that gives or takes no more than this does nothing."""


LACKS = 0.3
"""A meter that shows this part of the load's draw less than all chargers draw does not see it."""


def sighted(
    site: Site, readings: Readings, wiring: WiringMemory, change: DrawChange, verdict: Verdict
) -> Mapping[str, float]:
    """The weights by load id (`WiringMemory.unseen`) after a change, by the main meter."""
    load, before = site.loads[change.load], wiring.unseen
    if not load.kind.measured or abs(verdict.amps) < CLEAR_A:
        return before
    heavy, old = weight(verdict.amps) * len(verdict.legs), before.get(load.id, 0.0)
    if verdict.phases:
        follows = all(sign > 0 for _, sign in verdict.phases)
        new = max(old - 2.0 * heavy, LEAST) if follows else old
    elif _should_have_moved(site, readings, wiring, load, change, verdict):
        new = min(old + heavy, MOST)
    else:
        new = old
    return before if new == old else {**before, load.id: new}


def not_seen(site: Site, wiring: WiringMemory) -> list[str]:
    """Ids of the loads that the main meter is believed not to see."""
    known = [(load, wiring.unseen[load]) for load in site.loads if load in wiring.unseen]
    return [
        load
        for load, points in known
        if points >= (ENDS if ("sight", load) in wiring.findings else TOLD)
    ]


def _should_have_moved(
    site: Site,
    readings: Readings,
    wiring: WiringMemory,
    load: Load,
    change: DrawChange,
    verdict: Verdict,
) -> bool:
    """Whether nothing but a meter that does not see the load explains that it stayed."""
    trail, energy = wiring.trails[MAIN], readings.energy
    before = [one for one in trail if one[0] <= change.since - LAG_S]
    if not before:
        return False
    if site.battery and (energy.unsure or abs(energy.battery_w or 0.0) > IDLE_W):
        return False
    unsigned = without_sign(site.circuits[MAIN].meter, site.phases, wiring.least_a)
    now = trail[-1]
    if min(taken_a(site, one, unsigned) for one in (before[-1], now)) < TAKEN_A:
        return False
    shown_a = sum(now[1:]) + watts_to_amps(energy.solar_w or 0.0, site.voltage_v)
    draw = readings.loads[load.id].draw
    drawn_a = sum(charging_by_phase(site, readings, MAIN).values())
    if drawn_a - shown_a < LACKS * max(draw.total() if draw else 0.0, CLEAR_A):
        return False
    wired = dict(load.legs)
    phases = {wired[leg] for leg in verdict.legs if leg in wired}
    return not any(_moved(site, one, now, phases, verdict.amps) for one in trail)


def taken_a(site: Site, shown: Reading, unsigned: Collection[str]) -> float:
    """A over all phases that are taken from the grid at least, as a meter shows it.

    A phase in `unsigned` has never been below 0: what it shows may be fed in as well.
    """
    values = dict(zip(site.phases, shown[1:], strict=False))
    ways = [((a, -a) if phase in unsigned else (a,)) for phase, a in values.items()]
    sums = [sum(way) for way in product(*ways)]
    return min((abs(one) for one in sums), default=0.0) if unsigned else min(sums, default=0.0)


def charging_by_phase(
    site: Site, readings: Readings, circuit: str, fresh_s: float = 120.0
) -> dict[str, float]:
    """A by phase that chargers below `circuit` draw, by reports no older than `fresh_s`.

    What is reported of a car that has paused by itself does not count.
    """
    found = dict.fromkeys(site.phases, 0.0)
    for load in site.below(circuit):
        one = readings.loads[load.id]
        fresh = one.draw_at is not None and readings.at - one.draw_at <= fresh_s
        paused = (one.status or "").lower().startswith("suspended")
        if load.kind.measured and one.active and one.draw and fresh and not paused:
            for phase, amps in one.draw.items():
                found[phase] = found.get(phase, 0.0) + amps
    return found


def _moved(site: Site, one: Reading, now: Reading, phases: Collection[str], by_a: float) -> bool:
    """Whether the meter differs between `one` and `now` by half of `by_a` on each of `phases`."""
    pairs = zip(site.phases, one[1:], now[1:], strict=False)
    moves = {phase: after - before for phase, before, after in pairs}
    return all(moves.get(phase, 0.0) * by_a >= 0.5 * by_a * by_a for phase in phases)
