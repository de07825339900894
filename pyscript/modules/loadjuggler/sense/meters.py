"""The meters of breakers: current per phase, import positive."""

from __future__ import annotations

from ..model import Meter, MeterReading
from ..units import PerPhase
from .lookup import Sensing, measured


def read_meter(at: Sensing, meter: Meter) -> MeterReading:
    """Read a meter; a phase that gives nothing holds its last good value for a while."""
    values: dict[str, float | None] = {}
    missing = []
    for phase, entity in meter.entities:
        current = measured(at, entity)
        if current is None:
            missing.append(entity)
            held = at.held_value(entity)
            values[phase] = held if isinstance(held, float) else None
        else:
            values[phase] = -current if meter.invert else current
            at.keep(entity, float(values[phase] or 0.0))
    states = [at.snapshot[entity] for _, entity in meter.entities if entity in at.snapshot]
    reported_at = max((state.reported_at for state in states), default=None)
    return MeterReading(PerPhase.of(values), tuple(missing), reported_at)
