"""Reads a plug: whether it is on, and its power if that is measured.

Its current is fixed: the mean of its last 5 measured readings above 10 W, else the power of the
form, spread evenly over its legs. Source: docs/product.md section 2.
"""

from __future__ import annotations

from statistics import fmean

from ...measure.legs import sum_by_phase
from ...measure.lookup import Sensing, measured
from ...measure.readings import LoadReading
from ...measure.settings import amount, resolve
from ...memory.hand import BY_HAND, Hand
from ...memory.load import LoadMemory
from ...records import replace
from ...site.model import Load
from ...site.modes import MODES
from ...units import DAY_S, PerPhase, watts_to_amps
from ..hand import by_whom, told_on
from ..mode import read_mode

SAMPLE_FLOOR_W = 10.0
"""Readings of at most this much, W, do not count in the usual power of a plug."""


def read_plug(at: Sensing, load: Load, memory: LoadMemory) -> tuple[LoadReading, LoadMemory]:
    """The reading of a plug, and its memory with what was seen."""
    found, switch = at.first(load.sensors.status), load.sensors.status[0]
    on = _is_on(at, load, found[1].value if found else None)
    lost = on is None and (at.last_value(switch) == "on" or bool(memory.command.default_a))
    memory, power_w = _power(at, load, memory)
    before, memory = memory.hand, by_whom(at, switch, on, told_on(memory), memory)
    nominal_w = float(resolve(at, load.power_w) or 0.0)
    usual_w = fmean(memory.draws.samples_w) if memory.draws.samples_w else nominal_w
    legs = len(load.legs)
    level_a = watts_to_amps(usual_w, at.site.voltage_v, legs)
    draw_w, draw_at = power_w, memory.draws.at
    if not load.sensors.power:
        draw_w, draw_at = (usual_w if on else 0.0), found[1].reported_at if found else None
    draws = None
    if on is not None and draw_w is not None:
        each_a = watts_to_amps(draw_w, at.site.voltage_v, legs)
        draws = {leg: each_a for leg, _ in load.legs}
    mode, memory = read_mode(at, load, memory)
    memory = _as_left(at, mode, before, level_a, memory)
    off_by_hand = memory.hand.off_by_hand and MODES[mode].takes
    reading = LoadReading(
        status=None if on is None else ("on" if on else "off"),
        active=on is not None and not off_by_hand,
        connected=on is not None,
        mode=mode,
        priority=amount(at, load.id, "priority", load.priority),
        min_a=level_a,
        max_a=level_a,
        legs=load.legs,
        draw=None if draws is None else sum_by_phase(draws, load.legs),
        draw_at=draw_at,
        drew=tuple(
            [
                (when, _each(dict(by_leg).get("", 0.0), at, load))
                for when, by_leg in memory.draws.earlier
            ]
        ),
        on=on,
        lost=lost,
        kept_a=level_a if lost else 0.0,
        command_a=memory.command.default_a,
        commanded_at=memory.calls.commanded_at,
        earlier=memory.calls.replaced,
    )
    return reading, memory


def _is_on(at: Sensing, load: Load, shown: str | None) -> bool | None:
    """Whether the switch of a plug, which shows `shown`, is on; `None`: it gives nothing."""
    on, switch = {"on": True, "off": False}.get(shown or ""), load.sensors.status[0]
    if on is None:
        at.miss("sensor_missing", switch, load.id, state=shown or "not there")
    else:
        at.keep(switch, "on" if on else "off")
    return on


def _as_left(
    at: Sensing, mode: str, before: Hand, level_a: float, memory: LoadMemory
) -> LoadMemory:
    """The memory of a plug, with the command that fits what a person did at its switch.

    Off by hand: it holds nothing, so nothing is reserved. That ends at midnight for a plug that
    lives from the sun, as it would be switched off at night anyway. On again by hand: it holds
    `level_a` (A per leg) as before, unless it lives from the sun, of which there may be none.
    """
    hand = memory.hand
    if hand.off_by_hand:
        offset_s = at.memory.utc_offset_s or 0.0
        days = [int((time + offset_s) // DAY_S) for time in (hand.hand_at or at.now, at.now)]
        if MODES[mode].solar and days[0] != days[1]:
            return replace(memory, hand=hand.over())
        if memory.command.default_a:
            return replace(memory, command=memory.command.adopted(0.0))
    elif hand.on and hand.how == BY_HAND and before.off_by_hand and not MODES[mode].solar:
        return replace(memory, command=memory.command.adopted(level_a))
    return memory


def _each(power_w: float, at: Sensing, load: Load) -> PerPhase:
    """`power_w` (W over all legs) as A per phase, spread evenly over the legs."""
    each_a = watts_to_amps(power_w, at.site.voltage_v, len(load.legs))
    return sum_by_phase(dict.fromkeys((leg for leg, _ in load.legs), each_a), load.legs)


def _power(at: Sensing, load: Load, memory: LoadMemory) -> tuple[LoadMemory, float | None]:
    """The memory, and the power (W) of the plug's own sensor.

    Without a reading it is the last one for 60 s (`hold_s`), then `None`.
    """
    power = at.first(load.sensors.power)
    current = measured(at, load.sensors.power[0], load.id) if load.sensors.power else None
    if power and current is not None:
        power_w = max(current, 0.0) * at.site.voltage_v
        if power[1].reported_at != memory.draws.at and power_w > SAMPLE_FLOOR_W:
            memory = replace(memory, draws=memory.draws.sampled(power_w))
        return memory.reported((("", power_w),), power[1].reported_at, at.now), power_w
    seen = memory.draws.seen_at
    if memory.draws.by_leg and seen is not None and at.now - seen <= at.options.hold_s:
        return memory, memory.draws.by_leg[0][1]
    return memory, None
