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
from ...memory.load import LoadMemory
from ...records import replace
from ...site.model import Load
from ...units import PerPhase, watts_to_amps
from ..mode import read_mode

SAMPLE_FLOOR_W = 10.0
"""Readings of at most this much, W, do not count in the usual power of a plug."""


def read_plug(at: Sensing, load: Load, memory: LoadMemory) -> tuple[LoadReading, LoadMemory]:
    """The reading of a plug, and its memory with what was seen."""
    found = at.first(load.sensors.status)
    on = {"on": True, "off": False}.get(found[1].value) if found else None
    switch = load.sensors.status[0]
    if on is None:
        shown = found[1].value if found else "not there"
        at.miss("sensor_missing", switch, load.id, state=shown)
    else:
        at.keep(switch, "on" if on else "off")
    lost = on is None and (at.last_value(switch) == "on" or bool(memory.command.default_a))
    memory, power_w = _power(at, load, memory)
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
    reading = LoadReading(
        status=None if on is None else ("on" if on else "off"),
        active=on is not None,
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
