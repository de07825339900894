"""Who shares: what loads ask for, what is served or kept before, and the two budgets."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, replace

from . import rising, sources
from .budget import (
    Budget,
    budget,
    draw_for_cut,
    draw_for_raise,
    leg_current_a,
    on_legs,
    overdraws,
)
from .memory import BatteryMemory, Memory, Seen
from .model import Site
from .modes import GRID, MODES
from .options import Options
from .readings import LoadReading, Readings
from .rows import Ask
from .sense.drawn import on_legs as by_phase
from .silence import goes_on_with_a, highest
from .sources import grid_allowed
from .taking import Taking
from .units import PerPhase


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
    taking: Taking,
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
        if active and load.id in taking.cap_a:
            high = max(min(high, taking.cap_a[load.id]), low)
        if active and load.id in silent:
            charges = load.id not in taking.idle
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

    Essential loads that are on, plugs that stay as they are below a `silent` meter, and loads of
    which nothing is heard any more: what they were told or drew, the larger (docs/product.md
    section 6).
    """
    served = {}
    for load in site.loads.values():
        reading = readings.loads[load.id]
        stays = load.kind == "plug" and load.id in silent and not MODES[reading.mode].solar
        stays = stays and not reading.paused_s and _may_run(reading)
        if reading.on and (load.essential or stays):
            served[load.id] = reading.max_a
        elif reading.lost:
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
    raised = [at for load in living if (at := memory.load(load).raised_at) is not None]
    newest = max(raised, default=None)
    usual_s = min(2.0 * memory.battery.every_s, options.hold_s)
    if newest is None or readings.at - newest > max(usual_s, options.follow_s):
        return frozenset()
    return living if reported_at <= newest + options.follow_s else frozenset()


def _draws(
    site: Site, readings: Readings, memory: Memory, managed: set[str], options: Options
) -> tuple[dict[str, PerPhase], dict[str, PerPhase]]:
    """A per phase of each of `managed`, as a raise and as a cut take it to draw.

    A load of which nothing is heard may have taken up what is kept for it, or not.
    """
    for_raise, for_cut = {}, {}
    for load in managed:
        reading = readings.loads[load]
        if reading.lost:
            for_raise[load] = for_cut[load] = on_legs(reading.legs, reading.kept_a)
            if site.loads[load].kind == "charger":
                drawn = dict(memory.load(load).draw_a or ())
                low = {leg: min(drawn.get(leg, 0.0), reading.kept_a) for leg, _ in reading.legs}
                for_raise[load] = by_phase(low, reading.legs)
            continue
        at = _read_at(site, readings, memory, load, options)
        for_raise[load] = draw_for_raise(reading, at)
        for_cut[load] = draw_for_cut(reading, readings.at, options, at)
    return for_raise, for_cut


@dataclass(frozen=True, slots=True)
class Budgets:
    """The budget as a raise sees it (`up`) and as a cut does (`down`).

    And what is to be remembered of meters (`seen`, by "circuit phase") and `sun` (by phase).
    """

    up: Budget
    down: Budget
    seen: Mapping[str, Seen]
    sun: Mapping[str, Seen]


def budgets(
    site: Site,
    readings: Readings,
    memory: Memory,
    managed: set[str],
    marks: BatteryMemory,
    options: Options,
) -> Budgets:
    """The budget as a raise sees it, and as a cut does; the same one where they agree."""
    for_raise, for_cut = _draws(site, readings, memory, managed, options)
    peaks = highest(memory) if any(m.stale for m in readings.meters.values()) else {}
    up = down = budget(site, readings, for_raise, battery=marks, peaks=peaks)
    if for_cut != for_raise:
        down = budget(site, readings, for_cut, raising=False, battery=marks, peaks=peaks)
    drawing = down
    least, seen = rising.follow(site, readings, memory, up, drawing, options)
    if any(not down.carries(circuit, amps) for circuit, amps in least.items()):
        down = budget(
            site, readings, for_cut, raising=False, battery=marks, least=least, peaks=peaks
        )
    if site.off_grid:
        return Budgets(up, down, seen, {})
    sun = rising.follow_sun(site, readings, memory, up, drawing, options)
    if down is not up and len(sun) == len(site.phases):
        net = PerPhase.of({phase: one.unmanaged_a for phase, one in sun.items()})
        down = replace(down, supply=sources.supply_of_net(site, readings, net, marks))
    return Budgets(up, down, seen, sun)


def _read_at(
    site: Site, readings: Readings, memory: Memory, load: str, options: Options
) -> float | None:
    """When the slowest of the meters above a load was read (epoch s); `None`: now.

    One that has said nothing for longer than usual has nothing new to say: it is as of now.
    """
    times = []
    for circuit in site.path(site.loads[load].circuit):
        meter = readings.meters.get(circuit)
        if meter is None or meter.reported_at is None:
            continue
        known = [memory.seen.get(f"{circuit} {phase}") for phase in site.phases]
        usual_s = max((seen.every_s for seen in known if seen), default=0.0)
        if not usual_s:  # it has spoken only once
            wired = site.circuits[circuit].meter
            usual_s = (wired.interval_s if wired else None) or options.hold_s
        if readings.at - meter.reported_at <= max(usual_s, options.follow_s):
            times.append(meter.reported_at)
    return min(times, default=None)


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
        if memory.load(load).failures:
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
