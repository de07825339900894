"""Who shares: what each load asks for, and what is reserved before or beside the sharing.

Currents are A per leg by load id, times epoch s.
"""

from __future__ import annotations

from collections.abc import Container, Mapping

from ..limits.constraints import Ask
from ..limits.draws import leg_for_raise_a
from ..limits.fallback import below_hidden_only, goes_on_with_a
from ..limits.obeying import coming_a
from ..limits.reaction import obeys_s
from ..limits.surplus import grid_allowed
from ..measure.readings import LoadReading, Readings
from ..memory.memory import Memory
from ..options import Options
from ..site.model import Site
from ..site.modes import GRID, MODES
from .utilisation import Usage

_NOTHING: Mapping[str, float] = {}


IDLE_A = 1.0
"""A load that draws no more than this draws nothing, A."""


def _may_run(reading: LoadReading) -> bool:
    """Whether a load's mode is not off, and its maximum is not below its minimum."""
    return MODES[reading.mode].takes and reading.max_a >= reading.min_a


def taking_part(site: Site, readings: Readings) -> set[str]:
    """Ids of the loads that share: active, connected, and with a mode that takes something."""
    return {
        load
        for load in site.loads
        if (reading := readings.loads[load]).active and reading.connected and _may_run(reading)
    }


def asks(
    site: Site,
    readings: Readings,
    fixed: Mapping[str, float],
    blind: frozenset[str],
    waiting: Container[str],
    silent: Container[str],
    usage: Usage,
    untold: Mapping[str, float] = _NOTHING,
) -> list[Ask]:
    """What each load could take. Loads that are off, or `fixed` before the sharing, do not ask.

    - A load in `blind` (a meter above it gives nothing) asks for no more than it was told.
    - A load in `silent` (that meter has been silent for over 60 s) asks for its fallback current at
      most; if it is idle, or must stop, for nothing. Where the meter is read, but hides what flows,
      an idle load asks for its fallback current, too: that may last for days.
    - A load in `waiting` (it pauses) is not active: it gets nothing now.
    - A load that draws less than it may asks for its cap in `usage`.
    - A load that can't be told asks for no more than it holds (`untold`), or its minimum.
    """
    found = []
    for load in site.loads.values():
        reading = readings.loads[load.id]
        if load.id in fixed or not _may_run(reading):
            continue
        low, high, active = reading.min_a, reading.max_a, reading.active and reading.connected
        most_a = untold.get(load.id, usage.cap_a.get(load.id)) if active else None
        if most_a is not None:
            high = max(min(high, most_a), low)
        if active and load.id in silent:
            charges = load.id not in usage.idle or below_hidden_only(site, readings, load.id)
            high = min(high, goes_on_with_a(site, readings, load.id)) if charges else 0.0
            active = high >= low
        elif active and load.id in blind:
            high = min(high, _held_a(reading))
            low = min(low, high)
        rank = (float(MODES[reading.mode].urgency), reading.priority, load.id)
        active = active and load.id not in waiting
        dial = reading.setpoint.dial
        step_a, levels = (dial.step_a, dial.levels_a) if dial else (load.step_a, ())
        found.append(Ask(load.id, low, max(low, high), step_a, rank, active, levels))
    return found


def served_first(site: Site, readings: Readings, silent: Container[str]) -> dict[str, float]:
    """A per leg by load id that are reserved before the sharing (docs/product.md section 6).

    - An essential load that is on: all that it takes.
    - A plug that is on below a `silent` meter, unless it lives from the sun: all that it takes. Not
      while another meter above it, which is read, shows that its breaker is over its limit.
    - A load that can't be reached any more: what it may take without us (`kept_a`).
    - A charger without a car whose profiles were just cleared: its maximum, because nothing limits
      a car that comes now (docs/decisions/0017).
    """
    served = {}
    for load in site.loads.values():
        reading = readings.loads[load.id]
        stays = not load.kind.adjustable and load.id in silent and not MODES[reading.mode].solar
        stays = stays and not reading.paused_s and _may_run(reading)
        stays = stays and not _over_above(site, readings, load.id)
        if reading.on and (load.essential or stays):
            served[load.id] = reading.max_a
        elif reading.lost or (reading.kept_a and not reading.active):
            served[load.id] = reading.kept_a
    return served


def _over_above(site: Site, readings: Readings, load: str) -> bool:
    """Whether a meter above a load shows more than its breaker's limit on a phase of the load."""
    phases = {phase for _, phase in readings.loads[load].legs}
    for circuit in site.path(site.loads[load].circuit):
        meter = readings.meters.get(circuit)
        if meter is None or meter.stale:
            continue
        limit_a = readings.limits_a[circuit]
        if any((meter.amps[phase] or 0.0) > limit_a for phase in phases):
            return True
    return False


def waking(site: Site, readings: Readings, memory: Memory, options: Options) -> dict[str, float]:
    """A per leg that loads living from the sun hold after a start.

    For 60 s (`hold_s`) after the start they are neither cut for lack of sun nor raised, until each
    sensor of sun and battery has reported once (docs/decisions/0014). Empty after that.
    """
    awake_s = readings.at - (memory.woke_at or readings.at)
    if not (readings.energy.unheard and 0 <= awake_s <= options.hold_s):
        return {}
    return {load: _held_a(readings.loads[load]) for load in _living(site, readings)}


def _held_a(reading: LoadReading) -> float:
    """A per leg that a load was told; if it was never told anything, what it draws."""
    return reading.drawing_a() if reading.command_a is None else reading.command_a


def _living(site: Site, readings: Readings) -> frozenset[str]:
    """Ids of the loads that take more than their minimum from sun and battery only.

    Where loads may not take from the grid, that is all of them.
    """
    everyone = not grid_allowed(site, readings)
    return frozenset(
        load
        for load in site.loads
        if everyone or MODES[readings.loads[load].mode].more_from != GRID
    )


def unused(site: Site, readings: Readings) -> frozenset[str]:
    """Ids of the loads that draw nothing, where only the inverter's outputs are known.

    Off the grid, without sensors of sun and battery, what there is for the loads is what they draw:
    it is known of those that run. A load that draws nothing would take its minimum from them.
    """
    energy = readings.energy
    if not site.off_grid or energy.solar_w is not None or energy.battery_w is not None:
        return frozenset()
    return frozenset(
        load for load, reading in readings.loads.items() if reading.drawing_a() <= IDLE_A
    )


def unsettled(site: Site, readings: Readings, memory: Memory, options: Options) -> frozenset[str]:
    """Ids of the loads that live from the sun, while the battery has not reported since a raise.

    Until it has, its old power would be handed out a second time. It is waited for until it has
    reported 5 s (`follow_s`) after the raise, or for twice its usual gap between reports (at least
    5 s, at most 60 s). Source: docs/decisions/0013.
    """
    reported_at = readings.energy.reported_at
    if site.battery is None or reported_at is None:
        return frozenset()
    living = _living(site, readings)
    raised = [at for load in living if (at := memory.load(load).pacing.raised_at) is not None]
    newest = max(raised, default=None)
    usual_s = min(2.0 * memory.battery.every_s, options.hold_s)
    if newest is None or readings.at - newest > max(usual_s, options.follow_s):
        return frozenset()
    return living if reported_at <= newest + options.follow_s else frozenset()


def stuck(
    readings: Readings, memory: Memory, active: set[str], over_told: Container[str]
) -> dict[str, float]:
    """A per leg by load id that loads keep whatever they are told now.

    - If it draws more than it was told (`over_told`): its command. What is above that is house
      load already (docs/decisions/0006).
    - After a failed call: its command or its draw, the larger.
    - If it can't be told less (`kept_a`): that.
    """
    stuck = {}
    for load in active:
        reading = readings.loads[load]
        if load in over_told:
            stuck[load] = reading.command_a or 0.0
        elif memory.load(load).calls.failures:
            stuck[load] = max(reading.command_a or 0.0, reading.drawing_a())
        if reading.kept_a:
            stuck[load] = max(stuck.get(load, 0.0), reading.kept_a)
    return stuck


def reserved(
    readings: Readings,
    memory: Memory,
    options: Options,
    active: set[str],
    fixed: Mapping[str, float],
    stuck: Mapping[str, float],
) -> dict[str, float]:
    """A per leg by load id with which a load counts at least when another one is raised.

    What was subtracted from a meter as managed is reserved in the same rows: a load that is cut now
    draws on until it obeys. So is what it may yet draw because it was raised before that cut, and
    has not had its longest time for that. Loads in `fixed` and `stuck` count with that.
    """
    drawing = {}
    for load in active:
        reading = readings.loads[load]
        drawing[load] = leg_for_raise_a(reading)
        if reading.earlier:
            within_s = obeys_s(memory.load(load).draws.delays_s, options, usual=False)
            drawing[load] = max(drawing[load], coming_a(reading, readings.at, within_s))
    return {**drawing, **fixed, **stuck}
