"""Both budgets of a run: as a raise sees the house, and as a cut does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..measure.legs import on_legs as by_phase
from ..measure.readings import Readings
from ..memory.limits import BatteryMemory, Seen, Spot
from ..memory.memory import Memory
from ..options import Options
from ..records import replace
from ..site.model import MAIN, Site
from ..units import PerPhase, amps_to_watts
from . import battery
from . import surplus as sources
from . import unmanaged as rising
from .draws import draw_for_cut, draw_for_raise, on_legs
from .fallback import highest
from .headroom import Budget, budget, row_uses
from .smoothing import smoothed
from .supply import supply_of_net


def _smoothed(
    site: Site, raw: Budgets, memory: Memory, now: float, options: Options
) -> tuple[Budgets, Memory]:
    """Both budgets with what the sun leaves over smoothed, and the memory of it.

    Off the grid it is a limit of its own: nothing else is there to give what it does not.
    """
    if site.off_grid:
        return raw, memory
    supply, smooth_raise = smoothed(raw.up.supply, memory.smooth_raise, now, options)
    same = raw.up is raw.down and memory.smooth_raise == memory.smooth_cut
    up = down = replace(raw.up, supply=supply)
    smooth_cut = smooth_raise
    if not same:
        supply, smooth_cut = smoothed(raw.down.supply, memory.smooth_cut, now, options)
        down = replace(raw.down, supply=supply)
    memory = replace(memory, smooth_raise=smooth_raise, smooth_cut=smooth_cut)
    return replace(raw, up=up, down=down), memory


def _learn(
    site: Site,
    readings: Readings,
    marks: BatteryMemory,
    up: Budget,
    now: float,
    options: Options,
) -> BatteryMemory:
    """What this run shows of the battery: whether it gives what is counted on."""
    meter = up.circuits[MAIN].draw
    measured = not site.off_grid and all(meter[phase] is not None for phase in site.phases)
    import_w = amps_to_watts(meter.total(), site.voltage_v) if measured else None
    for_all = readings.max_import_w is not None or not sources.grid_allowed(site, readings)
    counted_w = max(up.supply.help_w, up.supply.reserve_help_w if for_all else 0.0)
    return battery.learn(marks, readings.energy, import_w, up.supply.sun_w, counted_w, now, options)


def _draws(
    site: Site, readings: Readings, memory: Memory, managed: set[str], options: Options
) -> tuple[dict[str, PerPhase], dict[str, PerPhase]]:
    """A per phase of each of `managed`, as a raise and as a cut take it to draw.

    A load of which nothing is heard may have taken up what is kept for it, or not; one that is on
    or off takes all of that.
    """
    for_raise, for_cut = {}, {}
    for load in managed:
        reading = readings.loads[load]
        if reading.lost:
            for_raise[load] = for_cut[load] = on_legs(reading.legs, reading.kept_a)
            if site.loads[load].kind.adjustable:
                drawn = dict(memory.load(load).draws.by_leg or ())
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
    seen: Mapping[Spot, Seen]
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
    uses = row_uses(site, readings)
    up = down = budget(site, readings, for_raise, battery=marks, peaks=peaks, uses=uses)
    if for_cut != for_raise:
        down = budget(site, readings, for_cut, False, marks, peaks=peaks, uses=uses)
    drawing = down
    least, seen = rising.follow(site, readings, memory, up, drawing, options)
    if any(not down.carries(circuit, amps) for circuit, amps in least.items()):
        down = budget(site, readings, for_cut, False, marks, least, peaks, uses)
    down.limits.like(up.limits)
    if site.off_grid:
        return Budgets(up, down, seen, {})
    sun = rising.follow_sun(site, readings, memory, up, drawing, options)
    if down is not up and len(sun) == len(site.phases):
        net = PerPhase.of({phase: one.unmanaged_a for phase, one in sun.items()})
        down = replace(down, supply=supply_of_net(site, readings, net, marks))
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
        known = [memory.seen.get((circuit, phase)) for phase in site.phases]
        usual_s = max((seen.every_s for seen in known if seen), default=0.0)
        if not usual_s:  # it has spoken only once
            wired = site.circuits[circuit].meter
            usual_s = (wired.interval_s if wired else None) or options.hold_s
        if readings.at - meter.reported_at <= max(usual_s, options.follow_s):
            times.append(meter.reported_at)
    return min(times, default=None)
