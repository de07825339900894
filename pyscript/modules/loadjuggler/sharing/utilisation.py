"""Loads that do not take what they get: what they leave goes to others, and comes back.

A car that takes clearly less than it may for a minute is told a little more than it takes, and
that is what is reserved; when it takes that, it may grow again. One that takes nothing keeps its
minimum, because limits are checked on what was commanded, never on hopes; of the sun, though, it
leaves everything to others until it takes something: what it takes then is seen at once. And where
another could not even start beside it, it gives way and waits for room at the end of the queue: a
car that is full must not keep its neighbour empty all night.

A plug that is on and draws nothing, such as a boiler that is warm, or that somebody has switched
off by hand, leaves the sun in the same way, and keeps its place.

Source: docs/product.md section 2.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..limits.draws import leg_current_a
from ..measure.readings import LoadReading, Readings
from ..memory.memory import Memory
from ..memory.timers import Utilisation
from ..options import Options
from ..reasons import Reason
from ..records import replace
from ..site.model import Load, Site
from ..site.modes import MODES
from ..units import TOLERANCE, amps_to_watts, floor_to_step

IDLE_W = 10.0
"""A plug that takes less has nothing to do."""


@dataclass(frozen=True, slots=True)
class Taking:
    """What loads are left: A per leg at most (`cap_a`), and which of them take nothing (`idle`).

    The one of which the wiring is being `checked` is left what it had before: it may take more.
    """

    cap_a: Mapping[str, float]
    idle: frozenset[str]
    checked: str = ""

    def reason(self, load: str, reading: LoadReading, amps: float) -> Reason | None:
        """Why a load that is told `amps` (A per leg) gets no more, if it is for this."""
        if load in self.idle and amps > TOLERANCE:
            off = reading.on is False
            if off:
                return Reason("switched_off", {"max_a": amps})
            return Reason("takes_nothing", {"max_a": reading.max_a})
        cap_a = None if load == self.checked else self.cap_a.get(load)
        if cap_a is None or amps < cap_a - TOLERANCE or reading.draw is None:
            return None
        drawn_a = round(leg_current_a(reading, reading.draw), 1)
        return Reason("takes_less", {"max_a": reading.max_a, "draw_a": drawn_a})


def look(site: Site, readings: Readings, memory: Memory, options: Options) -> tuple[Taking, Memory]:
    """What each load takes of what it may; and the memory with since when."""
    cap_a: dict[str, float] = {}
    idle: set[str] = set()
    loads = dict(memory.loads)
    for load in site.loads.values():
        reading, old = readings.loads[load.id], memory.load(load.id)
        known = _seen(load, reading, old.utilisation, readings.at, site.voltage_v, options)
        if known != old.utilisation:
            loads[load.id] = replace(old, utilisation=known)
        if known.cap_a is not None:
            cap_a[load.id] = known.cap_a
        if known.idle_at is not None and readings.at - known.idle_at >= options.spare_s:
            idle.add(load.id)
    return Taking(cap_a, frozenset(idle)), replace(memory, loads=loads)


def _seen(
    load: Load,
    reading: LoadReading,
    known: Utilisation,
    now: float,
    voltage_v: float,
    options: Options,
) -> Utilisation:
    """What is remembered of a load's taking after this run; before it was `known`."""
    if reading.lost or (reading.active and reading.command_a is None):
        return known  # what is not known changes nothing
    told_a = reading.command_a if reading.active and reading.connected else None
    if not MODES[reading.mode].takes:
        return Utilisation()
    if not told_a:
        gave_way = told_a is not None and reading.drawing_a() <= options.idle_leg_a
        return Utilisation(idle_at=known.idle_at if gave_way else None)
    if reading.draw is None or reading.draw_at is None:
        return known
    if not load.kind.adjustable:
        drawn_w = amps_to_watts(reading.draw.total(), voltage_v)
        nothing = not reading.on or (bool(load.sensors.power) and drawn_w < IDLE_W)
        return Utilisation(idle_at=_since(known.idle_at, now, nothing))
    return _car(load, reading, known, told_a, now, options)


def _car(
    load: Load,
    reading: LoadReading,
    known: Utilisation,
    told_a: float,
    now: float,
    options: Options,
) -> Utilisation:
    """The same of a charger that was told `told_a` (A per leg)."""
    assert reading.draw is not None
    drawn_a = leg_current_a(reading, reading.draw)
    idle_at = _since(known.idle_at, now, drawn_a <= options.idle_leg_a)
    least_a, offered_a = reading.min_a, _offered_a(reading, told_a, options)
    spares = offered_a > least_a and drawn_a + options.spare_a < offered_a - TOLERANCE
    spare_at = _since(known.spare_at, now, spares)
    cap_a = known.cap_a
    if spare_at is not None and now - spare_at >= options.spare_s:
        cap_a = max(least_a, floor_to_step(drawn_a + options.spare_a, load.step_a))
    elif cap_a is not None and drawn_a >= min(cap_a, told_a) - options.overdraw_a:
        cap_a = None
    return Utilisation(spare_at, cap_a, idle_at)


def _since(before: float | None, now: float, holds: bool) -> float | None:
    """Since when something `holds`, if it does."""
    if not holds:
        return None
    return now if before is None else min(before, now)


def _offered_a(reading: LoadReading, told_a: float, options: Options) -> float:
    """The least A per leg that the load was told while it did what its report says."""
    at = reading.draw_at or 0.0
    told = [amps for amps, until in reading.earlier if until > at - options.follow_s]
    if reading.commanded_at is None or reading.commanded_at <= at or not told:
        told.append(told_a)
    return min(told)
