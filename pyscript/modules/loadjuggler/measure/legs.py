"""What a charger draws by its own sensors (A by leg), and which of its legs the car uses.

A leg is a wire of the charger (L1, L2, L3), a phase is one of the site (A, B, C). Example: legs
(("L1", "B"), ("L2", "C")) with 10 A on L1 and 8 A on L2 draw 10 A on phase B and 8 A on phase C.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from ..memory.drawn import ByLeg
from ..memory.load import LoadMemory
from ..records import replace
from ..site.model import Legs, Load
from ..units import PerPhase
from .lookup import MOST_A, NO_VALUE, Sensing, amps, measured, number

Drawn = tuple[dict[str, float], float]
"""A by leg, and when that was reported (epoch s)."""


def leg_currents(at: Sensing, load: Load, used: Legs) -> Drawn | None:
    """What a charger reports: A by wired leg, and when; `None`, and noted, if no sensor says it.

    It is taken from the first of these that there is:

    1. One sensor for each leg.
    2. A current with attributes L1, L2 and L3.
    3. A current as one number, which flows on each leg that is `used`.
    4. A power, spread evenly over the legs that are `used`.
    """
    if load.sensors.current_by_leg:
        return _by_leg(at, load)
    current = at.first(load.sensors.current)
    if current:
        good = _of_attributes(at, load, current[1].attributes)
        if good:
            return good, current[1].reported_at
    for found in (current, at.first(load.sensors.power)):
        if found and found[1].value.lower() not in NO_VALUE:
            whole = measured(at, found[0], load.id, len(used))
            if whole is None:
                return None
            each = {leg: 0.0 for leg, _ in load.legs} | {leg: whole for leg, _ in used}
            return each, found[1].reported_at
    missing = current[0] if current else (*load.sensors.current, *load.sensors.power)[0]
    at.miss("draw_unknown", missing, load.id)
    return None


def _of_attributes(at: Sensing, load: Load, attributes: Mapping[str, Any]) -> dict[str, float]:
    """A by leg, as far as a current has usable attributes L1, L2 and L3."""
    unit, voltage_v, found = attributes.get("unit_of_measurement", "A"), at.site.voltage_v, {}
    for leg, _ in load.legs:
        shown = attributes.get(leg)
        if type(shown) is float and unit == "A" and -MOST_A <= shown <= MOST_A:  # as most do
            found[leg] = shown
            continue
        value = number(shown)
        if value is not None and (current := amps(value, unit, voltage_v)) is not None:
            found[leg] = current
    return found


def _by_leg(at: Sensing, load: Load) -> Drawn | None:
    """The draw by one sensor for each leg; `None` if one of them gives nothing."""
    legs = [leg for leg, _ in load.legs]
    found = {leg: at.snapshot.get(entity) for leg, entity in load.sensors.current_by_leg}
    values = {leg: measured(at, entity, load.id) for leg, entity in load.sensors.current_by_leg}
    good = {leg: value for leg, value in values.items() if value is not None and leg in legs}
    reported = [state.reported_at for state in found.values() if state]
    return (good, max(reported)) if len(good) == len(values) and good else None


def remember_draw(at: Sensing, memory: LoadMemory, found: Drawn | None) -> LoadMemory:
    """The load's memory with its report `found` now; unchanged if it is `None`."""
    if found is None:
        return memory
    by_leg, reported_at = found
    draws = sorted([(leg, 0.0 if value < 0.0 else value) for leg, value in by_leg.items()])
    return memory.reported(tuple(draws), reported_at, at.now)


def held_report(at: Sensing, memory: LoadMemory) -> ByLeg | None:
    """A by leg as last reported; `None` if that was seen over 60 s (`hold_s`) ago."""
    seen_at, by_leg = memory.draws.seen_at, memory.draws.by_leg
    if by_leg is None or seen_at is None or at.now - seen_at > at.options.hold_s:
        return None
    return by_leg


def last_draw_a(memory: LoadMemory) -> float:
    """The largest current of a leg in the last report, A, however old; 0 without a report."""
    return max((value for _, value in memory.draws.by_leg or ()), default=0.0)


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
    if draws.legs == legs and draws.fewer_at is None:
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
