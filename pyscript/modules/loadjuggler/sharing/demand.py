"""Who shares: what loads ask for, what is served or kept before, and the two budgets."""

from __future__ import annotations

from collections.abc import Container, Mapping

from ..limits.constraints import Ask
from ..limits.draws import draw_for_raise, leg_current_a, overdraws
from ..limits.fallback import goes_on_with_a
from ..limits.surplus import grid_allowed
from ..measure.readings import LoadReading, Readings
from ..memory.memory import Memory
from ..options import Options
from ..site.model import Site
from ..site.modes import GRID, MODES
from .utilisation import Usage


def _may_run(reading: LoadReading) -> bool:
    """Whether mode and limits let a load run at all."""
    return MODES[reading.mode].takes and reading.max_a >= reading.min_a


def taking_part(site: Site, readings: Readings) -> set[str]:
    """Loads that share: their state lets them, they can be reached, and their mode takes."""
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
) -> list[Ask]:
    """What each load could take; loads that are off, or served before the sharing, do not ask.

    A load whose meters give nothing asks for no more than it holds; one that has to wait, or to
    stop because a meter above it has been `silent` for too long, for nothing; one that does not
    take what it gets for what it is left.
    """
    found = []
    sharing = taking_part(site, readings)
    for load in site.loads.values():
        reading = readings.loads[load.id]
        if load.id in fixed or not _may_run(reading):
            continue
        low, high, active = reading.min_a, reading.max_a, load.id in sharing
        if active and load.id in usage.cap_a:
            high = max(min(high, usage.cap_a[load.id]), low)
        if active and load.id in silent:
            charges = load.id not in usage.idle
            high = min(high, goes_on_with_a(site, readings, load.id)) if charges else 0.0
            active = high >= low
        elif active and load.id in blind:
            high = min(high, _held_a(reading))
            low = min(low, high)
        rank = (float(MODES[reading.mode].urgency), reading.priority, load.id)
        active = active and load.id not in waiting
        step_a = reading.dial.step_a if reading.dial else load.step_a
        levels = reading.dial.levels_a if reading.dial else ()
        found.append(Ask(load.id, low, max(low, high), step_a, rank, active, levels))
    return found


def served_first(site: Site, readings: Readings, silent: Container[str]) -> dict[str, float]:
    """A per leg reserved before the sharing.

    Essential loads that are on, those on or off that stay as they are below a `silent` meter, and
    loads of which nothing is heard any more: what they were told or drew, the larger
    (docs/product.md section 6). And a charger without a car that nothing limits at this moment,
    because its profiles were cleared: a car may come.
    """
    served = {}
    for load in site.loads.values():
        reading = readings.loads[load.id]
        stays = not load.kind.adjustable and load.id in silent and not MODES[reading.mode].solar
        stays = stays and not reading.paused_s and _may_run(reading)
        if reading.on and (load.essential or stays):
            served[load.id] = reading.max_a
        elif reading.lost or (reading.kept_a and not reading.active):
            served[load.id] = reading.kept_a
    return served


def waking(site: Site, readings: Readings, memory: Memory, options: Options) -> dict[str, float]:
    """A per leg that loads living from the sun go on with until all of its sensors have spoken.

    For a while after the start: what is not there yet is not lost.
    """
    awake_s = readings.at - (memory.woke_at or readings.at)
    if not (readings.energy.unheard and 0 <= awake_s <= options.hold_s):
        return {}
    return {load: _held_a(readings.loads[load]) for load in _living(site, readings)}


def _held_a(reading: LoadReading) -> float:
    """A per leg that a load was told, or was found to take."""
    return reading.drawing_a() if reading.command_a is None else reading.command_a


def _living(site: Site, readings: Readings) -> frozenset[str]:
    """Loads that live from the sun, or from what sun and battery give, as far as they grow."""
    everyone = not grid_allowed(site, readings)
    return frozenset(
        load
        for load in site.loads
        if everyone or MODES[readings.loads[load].mode].more_from != GRID
    )


def unsettled(site: Site, readings: Readings, memory: Memory, options: Options) -> frozenset[str]:
    """Loads that live from the sun, while the battery has not been read since one was raised.

    What it gave before would be handed out twice. One that has said nothing for twice as long as
    it usually does has nothing new to say.
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
    readings: Readings, memory: Memory, active: set[str], options: Options
) -> dict[str, float]:
    """A per leg that loads keep whatever they are told now.

    After a failed call command or draw, the larger. Of a load that draws more than it was told the
    command: what is above it is counted as not managed already. And what a charger goes on with
    because it can't be told less.
    """
    stuck = {}
    for load in active:
        reading = readings.loads[load]
        if memory.load(load).calls.failures:
            stuck[load] = max(reading.command_a or 0.0, reading.drawing_a())
        elif overdraws(reading, options):
            stuck[load] = reading.command_a or 0.0
        if reading.kept_a:
            stuck[load] = max(stuck.get(load, 0.0), reading.kept_a)
    return stuck


def reserved(
    readings: Readings,
    active: set[str],
    fixed: Mapping[str, float],
    stuck: Mapping[str, float],
) -> dict[str, float]:
    """A per leg that each load is counted with at least beside a raise of another.

    What is subtracted from a meter as managed is reserved in the same rows: a load that is cut
    now draws on until it follows.
    """
    loads = readings.loads
    drawing = {load: leg_current_a(loads[load], draw_for_raise(loads[load])) for load in active}
    return {**drawing, **fixed, **stuck}
