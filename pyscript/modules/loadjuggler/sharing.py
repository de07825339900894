"""Who shares with whom: what loads ask for, what is served or kept before, and the two budgets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from . import rising
from .allocate import Allocation, allocate
from .budget import Budget, budget, draw_for_cut, draw_for_raise, leg_current_a, overdraws
from .memory import BatteryMemory, Memory, Seen
from .model import LoadReading, Readings, Site
from .modes import MODES
from .options import Options
from .rows import Ask, Row
from .units import TOLERANCE


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
    pauses: Mapping[str, float],
) -> list[Ask]:
    """What each load could take; loads that are off, or served before the sharing, do not ask.

    A load whose meters give nothing asks for no more than it holds, one that pauses for nothing.
    """
    found = []
    sharing = taking_part(site, readings)
    for load in site.loads.values():
        reading = readings.loads[load.id]
        if load.id in fixed or not _may_run(reading):
            continue
        low, high, active = reading.min_a, reading.max_a, load.id in sharing
        if active and load.id in blind:
            held = reading.drawing_a() if reading.command_a is None else reading.command_a
            high = min(high, held)
            low = min(low, high)
        rank = (float(MODES[reading.mode].urgency), reading.priority, load.id)
        active = active and load.id not in pauses
        found.append(Ask(load.id, low, high, load.step_a, rank, active))
    return found


def served_first(site: Site, readings: Readings) -> dict[str, float]:
    """A per leg reserved before the sharing.

    Essential loads that are on, and loads of which nothing is heard any more: what they were
    told or drew, the larger (docs/product.md section 6).
    """
    served = {}
    for load in site.loads.values():
        reading = readings.loads[load.id]
        if load.essential and reading.on:
            served[load.id] = reading.max_a
        elif reading.lost:
            served[load.id] = reading.kept_a
    return served


def budgets(
    site: Site,
    readings: Readings,
    memory: Memory,
    managed: set[str],
    marks: BatteryMemory,
    options: Options,
) -> tuple[Budget, Budget, Mapping[str, Seen]]:
    """The budget as a raise sees it, and as a cut does; the same one where they agree.

    And what is to be remembered of the meters.
    """
    loads = readings.loads
    read_at = {load: _read_at(site, readings, memory, load, options) for load in managed}
    for_raise = {load: draw_for_raise(loads[load], options, read_at[load]) for load in managed}
    for_cut = {
        load: draw_for_cut(loads[load], readings.at, options, read_at[load]) for load in managed
    }
    up = down = budget(site, readings, for_raise, battery=marks)
    if for_cut != for_raise:
        down = budget(site, readings, for_cut, raising=False, battery=marks)
    least, seen = rising.follow(site, readings, memory, up, down, options)
    if any(not down.carries(circuit, amps) for circuit, amps in least.items()):
        down = budget(site, readings, for_cut, raising=False, battery=marks, least=least)
    return up, down, seen


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
        if readings.at - meter.reported_at <= max(usual_s, options.follow_s):
            times.append(meter.reported_at)
    return min(times, default=None)


def stuck(
    readings: Readings, memory: Memory, active: set[str], options: Options
) -> dict[str, float]:
    """A per leg that loads keep whatever they are told now.

    After a failed call command or draw, the larger. Of a load that draws more than it was told the
    command: what is above it is counted as not managed already.
    """
    stuck = {}
    for load in active:
        reading = readings.loads[load]
        if memory.load(load).failures:
            stuck[load] = max(reading.command_a or 0.0, reading.drawing_a())
        elif overdraws(reading, options):
            stuck[load] = reading.command_a or 0.0
    return stuck


def reserved(
    readings: Readings,
    active: set[str],
    fixed: Mapping[str, float],
    stuck: Mapping[str, float],
    options: Options,
) -> dict[str, float]:
    """A per leg that each load is counted with at least beside a raise of another.

    What is subtracted from a meter as managed is reserved in the same rows: a load that is cut
    now draws on until it follows.
    """
    loads = readings.loads
    drawing = {
        load: leg_current_a(loads[load], draw_for_raise(loads[load], options)) for load in active
    }
    return {**drawing, **fixed, **stuck}


def share(
    asks: Sequence[Ask],
    rows: Sequence[Row],
    distribution: str,
    fixed: Mapping[str, float],
    stuck: Mapping[str, float],
) -> dict[str, Allocation]:
    """The allocation; where loads are stuck above their share, the others share what is left."""
    shares = allocate(asks, rows, distribution, fixed)
    above = {load: amps for load, amps in stuck.items() if amps > _given(shares, load) + TOLERANCE}
    if above:
        others = [ask for ask in asks if ask.id not in above]
        shares |= allocate(others, rows, distribution, {**fixed, **above})
    return shares


def _given(shares: Mapping[str, Allocation], load: str) -> float:
    return shares[load].amps if load in shares else 0.0
