"""The meters of breakers: A per phase, import positive, and for how long one has been silent."""

from __future__ import annotations

from ..records import replace
from ..site.model import Meter
from ..units import PerPhase
from .lookup import Sensing, measured
from .readings import MeterReading


def read_meter(at: Sensing, meter: Meter) -> MeterReading:
    """The reading of a meter; a phase that gives nothing has its last good value for 60 s.

    A meter with a known interval gives nothing if its newest report is older than 2 intervals
    (`late_reports`), whatever it shows. The newest report of any phase counts, because a phase at
    0.0 A does not change.
    """
    states = [at.snapshot.get(entity) for _, entity in meter.entities]
    reported_at = max([state.reported_at for state in states if state], default=None)
    late = (
        meter.interval_s is not None
        and reported_at is not None
        and at.now - reported_at > at.options.late_reports * meter.interval_s
    )
    values: dict[str, float | None] = {}
    missing = []
    for phase, entity in meter.entities:
        current = None if late else measured(at, entity)
        if current is None:
            missing.append(entity)
            held = at.held_value(entity)
            values[phase] = held if isinstance(held, float) else None
        else:
            values[phase] = shown = -current if meter.invert else current
            at.keep(entity, shown or 0.0)
    if late:
        at.miss("meter_late", meter.entities[0][1], interval_s=meter.interval_s)
    return MeterReading(PerPhase.of(values), tuple(missing), reported_at)


def read_circuit_meter(at: Sensing, circuit: str, meter: Meter) -> MeterReading:
    """The reading of the meter of a breaker, with for how long one of its phases gave nothing.

    A meter that has not been read since the start has been silent since the start.
    """
    reading = read_meter(at, meter)
    if not reading.missing:
        return reading
    since = min(at.memory.silent.get(circuit, at.now), at.now)
    at.silent[circuit] = since
    silent_s = at.now - since
    return replace(reading, silent_s=silent_s, stale=silent_s > at.options.hold_s)
