"""What a charger draws by its own sensors: A by leg, held for a while, and the legs in use."""

from __future__ import annotations

from ..memory.load import LoadMemory
from ..records import replace
from ..site.model import Legs, Load
from ..units import PHASES, PerPhase
from .lookup import NO_VALUE, Sensing, amps, measured, number

Drawn = tuple[dict[str, float], float]
"""A by leg, and when it was reported (epoch s)."""


def leg_currents(at: Sensing, load: Load, used: Legs) -> Drawn | None:
    """What a charger reports: A by wired leg, and when; `None` if nothing is there.

    One sensor for each leg, else current with attributes L1, L2, L3, else current as one number
    (the same on every leg), else power over all legs. Of these two, legs that are not `used` have
    no part.
    """
    legs = [leg for leg, _ in load.legs]
    if load.sensors.current_by_leg:
        return _by_leg(at, load, legs)
    current = at.first(load.sensors.current)
    if current:
        state = current[1]
        unit = state.attributes.get("unit_of_measurement", "A")
        given = {leg: number(state.attributes.get(leg)) for leg in legs}
        good = {
            leg: converted
            for leg, value in given.items()
            if value is not None and (converted := amps(value, unit, at.site.voltage_v)) is not None
        }
        if good:
            return good, state.reported_at
    for found in (current, at.first(load.sensors.power)):
        if found and found[1].value.lower() not in NO_VALUE:
            whole = measured(at, found[0], load.id, len(used))
            if whole is None:
                return None
            each = dict.fromkeys(legs, 0.0) | {leg: whole for leg, _ in used}
            return each, found[1].reported_at
    missing = current[0] if current else (*load.sensors.current, *load.sensors.power)[0]
    at.miss("draw_unknown", missing, load.id)
    return None


def _by_leg(at: Sensing, load: Load, legs: list[str]) -> Drawn | None:
    """The same by one sensor for each leg: all of them, or nothing."""
    found = {leg: at.snapshot.get(entity) for leg, entity in load.sensors.current_by_leg}
    values = {leg: measured(at, entity, load.id) for leg, entity in load.sensors.current_by_leg}
    good = {leg: value for leg, value in values.items() if value is not None and leg in legs}
    reported = [state.reported_at for state in found.values() if state]
    return (good, max(reported)) if len(good) == len(values) and good else None


def remember_draw(at: Sensing, memory: LoadMemory, found: Drawn | None) -> LoadMemory:
    """The load's memory with what it reports now."""
    if found is None:
        return memory
    draws = tuple(sorted((leg, max(value, 0.0)) for leg, value in found[0].items()))
    return memory.reported(draws, found[1], at.now)


def held_draw(at: Sensing, memory: LoadMemory) -> dict[str, float] | None:
    """A by leg as last reported, unless that is too long ago."""
    seen_at = memory.draws.seen_at
    if memory.draws.by_leg is None or seen_at is None or at.now - seen_at > at.options.hold_s:
        return None
    return dict(memory.draws.by_leg)


def last_draw_a(memory: LoadMemory) -> float:
    """The largest current of a leg that was ever reported last, in A."""
    return max((value for _, value in memory.draws.by_leg or ()), default=0.0)


def learn_legs(
    at: Sensing,
    load: Load,
    memory: LoadMemory,
    draws: dict[str, float] | None,
    active: bool,
) -> LoadMemory:
    """Which legs the car uses: widened at once, narrowed after `legs_s`, forgotten with the car."""
    if not active:
        return using(memory, None)
    known_draws = draws or {}
    drawing = {leg for leg, a in known_draws.items() if a > at.options.idle_leg_a}
    if drawing:  # a leg that is not measured may well be used
        drawing |= {leg for leg, _ in load.legs if leg not in known_draws}
    if not drawing:
        return _on_fewer(memory, None)
    known = set(memory.draws.legs or (leg for leg, _ in load.legs))
    if drawing == known:
        return _on_fewer(memory, None)
    if not drawing <= known:
        return using(memory, None)
    since = memory.draws.fewer_at if memory.draws.fewer_at is not None else at.now
    # Told in W, a leg that takes more than its share has that of the others.
    told_a = memory.command_a(memory.command.tx) or 0.0
    most_a = max(known_draws.values(), default=0.0)
    shared = memory.profiles.watt_legs > len(drawing) and most_a > told_a + at.options.overdraw_a
    if shared or at.now - since >= at.options.legs_s:
        return using(memory, tuple(sorted(drawing)))
    return _on_fewer(memory, since)


def using(memory: LoadMemory, legs: tuple[str, ...] | None) -> LoadMemory:
    """The load's memory with the legs that its car uses; `None`: all that are wired."""
    draws = memory.draws
    if draws.legs == legs and draws.fewer_at is None:
        return memory
    return replace(memory, draws=draws.on_legs(legs))


def _on_fewer(memory: LoadMemory, since: float | None) -> LoadMemory:
    draws = memory.draws
    return memory if draws.fewer_at == since else replace(memory, draws=draws.on_fewer(since))


def on_legs(draws: dict[str, float], legs: Legs) -> PerPhase:
    """Currents by leg as currents by site phase; legs on the same phase add up."""
    totals: dict[str, float | None] = dict.fromkeys(PHASES)
    for leg, phase in legs:
        totals[phase] = (totals[phase] or 0.0) + draws.get(leg, 0.0)
    return PerPhase.of(totals)


def on_phases(draws: dict[str, float] | None, legs: Legs) -> PerPhase | None:
    """The same; `None` is not known."""
    return None if draws is None else on_legs(draws, legs)
