"""Loads that draw less than they may: others get the rest, until they draw more again.

**Draws less.** If a car draws over 2 A (`spare_a`) less than it may for 60 s (`spare_s`), it is
capped at its draw + 2 A, but never below its minimum. It is told that cap, and no more is reserved
for it. When it draws the cap, less 1 A (`overdraw_a`), the cap is lifted.

A report that is older than the command judges nothing: a car whose sensor speaks each 5 min is not
taken for idle because it drew nothing before it was started.

    time, s      0     60    300
    draws, A     8      8      9
    cap, A       -     10      -     8 + 2 = 10; lifted, because 9 >= 10 - 1
    share, A    16     10     16     what others do not get

**Draws nothing.** A car that draws 1 A (`idle_leg_a`) or less for 60 s is idle. It keeps its
minimum, which stays reserved under all limits, because limits are checked on commands. Of a source
it leaves everything to others. If another load could not even start beside it, the idle car is told
0 A and goes to the end of the queue (`sharing.participants`).

**Plugs.** A plug that is on and draws less than 10 W is idle in the same way, but keeps its place
in the queue: a warm boiler that is switched off could never ask again.

Sources: docs/product.md section 2; docs/decisions/0014.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..limits.draws import RISE_S
from ..limits.leg_currents import leg_current_a
from ..measure.readings import LoadReading, Readings
from ..memory.load import LoadMemory
from ..memory.memory import Memory
from ..memory.timers import Utilisation
from ..options import Options
from ..reasons import Reason
from ..records import quick, replace
from ..site.model import Load, Site
from ..site.modes import MODES
from ..units import TOLERANCE, amps_to_watts, floor_to_step

IDLE_W = 10.0
"""A plug that draws less than this is idle, W."""


@quick
@dataclass(frozen=True, slots=True)
class Usage:
    """How loads use what they may have.

    - `cap_a`: A per leg by load id that a load is left at most, because it draws less.
    - `idle`: ids of the loads that have drawn nothing for 60 s.
    - `checked`: id of the load of which the wiring is being checked ("": none). Its cap is what it
      had before the check, and says nothing about its use.
    """

    cap_a: Mapping[str, float]
    idle: frozenset[str]
    checked: str = ""

    def reason(self, load: str, reading: LoadReading, amps: float) -> Reason | None:
        """Why a load that is told `amps` (A per leg) gets no more; `None`: not for its use."""
        if load in self.idle and amps > TOLERANCE:
            return Reason("takes_nothing", {"max_a": reading.max_a})
        cap_a = None if load == self.checked else self.cap_a.get(load)
        if cap_a is None or amps < cap_a - TOLERANCE or reading.draw is None:
            return None
        drawn_a = round(leg_current_a(reading, reading.draw), 1)
        return Reason("takes_less", {"max_a": reading.max_a, "draw_a": drawn_a})


def observe(
    site: Site, readings: Readings, memory: Memory, options: Options
) -> tuple[Usage, Memory]:
    """How each load uses what it may have, and the memory with since when."""
    cap_a: dict[str, float] = {}
    idle: set[str] = set()
    changed: dict[str, LoadMemory] = {}
    for load in site.loads.values():
        reading, old = readings.loads[load.id], memory.load(load.id)
        known = _seen(load, reading, old, readings.at, site.voltage_v, options)
        if known is not old.utilisation:
            changed[load.id] = replace(old, utilisation=known)
        if known.cap_a is not None:
            cap_a[load.id] = known.cap_a
        long = known.idle_at is not None and readings.at - known.idle_at >= options.spare_s
        if long and _tells(load, reading, old):
            idle.add(load.id)
    if changed:
        memory = replace(memory, loads={**memory.loads, **changed})
    return Usage(cap_a, frozenset(idle)), memory


def _seen(
    load: Load,
    reading: LoadReading,
    memory: LoadMemory,
    now: float,
    voltage_v: float,
    options: Options,
) -> Utilisation:
    """What is to be remembered of a load's use after this run; before it was that of `memory`.

    Nothing changes while it can't be reached, or was never told anything. A car that was told 0 A
    and draws nothing stays idle: it may have given way to another.
    """
    known = memory.utilisation
    if reading.lost or (reading.active and reading.command_a is None):
        return known  # what is not known changes nothing
    told_a = reading.command_a if reading.active and reading.connected else None
    if not MODES[reading.mode].takes:
        return _next(known, None, None, None)
    if not told_a:
        gave_way = told_a is not None and reading.drawing_a() <= options.idle_leg_a
        return _next(known, None, None, known.idle_at if gave_way else None)
    if reading.draw is None or reading.draw_at is None:
        return known
    if not load.kind.adjustable:
        drawn_w = amps_to_watts(reading.draw.total(), voltage_v)
        nothing = not reading.on or (bool(load.sensors.power) and drawn_w < IDLE_W)
        return _next(known, None, None, _since(known.idle_at, now, nothing))
    return _car(load, reading, memory, told_a, now, options)


def _tells(load: Load, reading: LoadReading, memory: LoadMemory) -> bool:
    """Whether the last report was made late enough after the start to say what a car takes.

    Before that it says nothing, however long ago it was made. A charger that says SuspendedEV says
    of now that its car takes nothing, and many measure nothing any more from then on.
    """
    started_at = memory.delays.started_at
    if started_at is None or reading.draw_at is None or not load.kind.adjustable:
        return True
    if (reading.status or "").lower() == "suspendedev":
        return True
    return reading.draw_at >= started_at + RISE_S


def _car(
    load: Load,
    reading: LoadReading,
    memory: LoadMemory,
    told_a: float,
    now: float,
    options: Options,
) -> Utilisation:
    """What is to be remembered of a charger that was told `told_a` (A per leg) and reports."""
    assert reading.draw is not None
    known = memory.utilisation
    drawn_a = leg_current_a(reading, reading.draw)
    idle_at = _since(known.idle_at, now, drawn_a <= options.idle_leg_a)
    least_a, offered_a = reading.min_a, _offered_a(reading, told_a, options)
    if offered_a is None:
        return _next(known, None, known.cap_a, idle_at)
    spares = offered_a > least_a and drawn_a + options.spare_a < offered_a - TOLERANCE
    spare_at = _since(known.spare_at, now, spares)
    cap_a = known.cap_a
    long = spare_at is not None and now - spare_at >= options.spare_s
    if long and _tells(load, reading, memory):
        dial = reading.setpoint.dial  # a cap between its levels would be told again and again
        step_a = dial.step_a if dial and not dial.levels_a else load.step_a
        cap_a = max(least_a, floor_to_step(drawn_a + options.spare_a, step_a))
    elif cap_a is not None and drawn_a >= min(cap_a, told_a) - options.overdraw_a:
        cap_a = None
    return _next(known, spare_at, cap_a, idle_at)


def _next(
    known: Utilisation, spare_at: float | None, cap_a: float | None, idle_at: float | None
) -> Utilisation:
    """What is remembered with these values; `known` itself if it has them."""
    if spare_at == known.spare_at and cap_a == known.cap_a and idle_at == known.idle_at:
        return known
    return Utilisation(spare_at, cap_a, idle_at)


def _since(before: float | None, now: float, holds: bool) -> float | None:
    """Since when something holds (epoch s); `None`: it does not hold."""
    if not holds:
        return None
    return now if before is None else min(before, now)


def _offered_a(reading: LoadReading, told_a: float, options: Options) -> float | None:
    """The smallest command, A per leg, that held when the load reported, or up to 5 s before.

    `None`: the report is older than the command, and what held before is not known any more. A car
    that was raised less than 5 s (`follow_s`) before its report can't have taken that yet.
    """
    at = reading.draw_at or 0.0
    since = reading.commanded_at is None or reading.commanded_at <= at
    if not reading.earlier:
        return told_a if since else None
    told = [amps for amps, until in reading.earlier if until > at - options.follow_s]
    if since:
        told.append(told_a)
    return min(told, default=None)
