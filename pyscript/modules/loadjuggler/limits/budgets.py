"""The two budgets of a run: `up` for raises, and `down` for cuts.

A raise must not count on room that may not be there, and a cut must not cut a car that is still
obeying once more. So each has its own view of what loads draw (`limits.draws`), and with it its own
headrooms. The two are one and the same budget where the draws agree, which is nearly always.

Example: a breaker of 25 A, its meter shows 24 A. A car that drew 16 A was told 10 A 2 s ago.

    budget    the car counts with    not managed     headroom
    up        10 A                   24 - 10 = 14    25 - 14 = 11 A
    down      16 A                   24 - 16 =  8    25 -  8 = 17 A

By `down` nothing has to be cut: the breaker carries 17 A, the car is told 10 A. By `up` no more
than 1 A may be added, until the meter shows that the car has obeyed.

After that `limits.unmanaged` takes `down` back where the house has risen meanwhile. Last, what the
sun leaves over is smoothed (`limits.smoothing`).

Sources: docs/product.md section 1; docs/decisions/0001, 0011 and 0012.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..measure.legs import sum_by_phase
from ..measure.readings import Readings
from ..memory.limits import BatteryMemory, Seen, Spot
from ..memory.memory import Memory
from ..options import Options
from ..records import replace
from ..site.model import MAIN, Site
from ..units import PerPhase, amps_to_watts
from . import battery, surplus, unmanaged
from .draws import draws, same_on_each_leg
from .fallback import highest_unmanaged
from .headroom import Budget, budget
from .smoothing import smoothed_supply
from .supply import supply_of_net
from .uses import row_uses


def smoothed(
    site: Site, raw: Budgets, memory: Memory, now: float, options: Options
) -> tuple[Budgets, Memory]:
    """Both budgets with the surplus smoothed, and the memory of the smoothed values.

    Off the grid nothing is smoothed: there the sun is a limit (docs/decisions/0013).
    """
    if site.off_grid:
        return raw, memory
    supply, smooth_raise = smoothed_supply(raw.up.supply, memory.smooth_raise, now, options)
    same = raw.up is raw.down and memory.smooth_raise == memory.smooth_cut
    up = down = raw.up.supplied(supply)
    smooth_cut = smooth_raise
    if not same:
        supply, smooth_cut = smoothed_supply(raw.down.supply, memory.smooth_cut, now, options)
        down = raw.down.supplied(supply)
    memory = replace(memory, smooth_raise=smooth_raise, smooth_cut=smooth_cut)
    return Budgets(up, down, raw.seen, raw.sun), memory


def learn_battery(
    site: Site,
    readings: Readings,
    marks: BatteryMemory,
    up: Budget,
    now: float,
    options: Options,
) -> BatteryMemory:
    """The memory of the battery with whether it gives what the budget `up` counts on.

    See `battery.learn`. `marks` is the memory before, `now` is epoch s.
    """
    meter = up.circuits[MAIN].draw
    measured = not site.off_grid and all(meter[phase] is not None for phase in site.phases)
    import_w = amps_to_watts(meter.total(), site.voltage_v) if measured else None
    for_all = readings.max_import_w is not None or not surplus.grid_allowed(site, readings)
    counted_w = max(up.supply.help_w, up.supply.reserve_help_w if for_all else 0.0)
    return battery.learn(marks, readings.energy, import_w, up.supply.sun_w, counted_w, now, options)


def _draws(
    site: Site, readings: Readings, memory: Memory, managed: set[str], options: Options
) -> tuple[dict[str, PerPhase], dict[str, PerPhase]]:
    """The draws of the loads in `managed` for a raise, and for a cut: A per phase by load id.

    A load that can't be reached may draw up to what is kept for it (`kept_a`), so a cut counts with
    all of that. A raise counts with its last report, up to `kept_a`; a plug, which is either on or
    off, with all of `kept_a`.
    """
    for_raise, for_cut, read_at = {}, {}, _read_at(site, readings, memory, options)
    for load in managed:
        reading = readings.loads[load]
        if reading.lost:
            for_raise[load] = for_cut[load] = same_on_each_leg(reading.legs, reading.kept_a)
            if site.loads[load].kind.adjustable:
                drawn = dict(memory.load(load).draws.by_leg or ())
                low = {leg: min(drawn.get(leg, 0.0), reading.kept_a) for leg, _ in reading.legs}
                for_raise[load] = sum_by_phase(low, reading.legs)
            continue
        at = read_at[site.loads[load].circuit]
        for_raise[load], for_cut[load] = draws(reading, readings.at, options, at)
    return for_raise, for_cut


@dataclass(frozen=True, slots=True)
class Budgets:
    """The two budgets of a run, and what is to be remembered of the meters.

    - `up`, `down`: the budget for raises, and the one for cuts.
    - `seen`: what each meter showed, by (circuit id, phase).
    - `sun`: house - sun of the site, by phase; empty off the grid.
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
    """The two budgets, not smoothed yet; `up` is `down` where the views agree.

    `managed` are the ids of the loads whose draws are subtracted from the meters; `marks` is the
    memory of the battery with the marks that hold now.
    """
    for_raise, for_cut = _draws(site, readings, memory, managed, options)
    peaks = highest_unmanaged(memory) if any(m.stale for m in readings.meters.values()) else {}
    uses = row_uses(site, readings)
    up = down = budget(site, readings, for_raise, battery=marks, peaks=peaks, uses=uses)
    if for_cut != for_raise:
        down = budget(site, readings, for_cut, False, marks, peaks=peaks, uses=uses)
    view = unmanaged.View(site, readings, memory, up, down, options)
    least, seen = unmanaged.estimate(view)
    if any(not down.carries(circuit, amps) for circuit, amps in least.items()):
        down = budget(site, readings, for_cut, False, marks, least, peaks, uses)
    if site.off_grid:
        return Budgets(up, down, seen, {})
    sun = unmanaged.estimate_net(view)
    if down is not up and len(sun) == len(site.phases):
        net = PerPhase.of({phase: one.unmanaged_a for phase, one in sun.items()})
        down = down.supplied(supply_of_net(site, readings, net, marks))
    return Budgets(up, down, seen, sun)


def _read_at(
    site: Site, readings: Readings, memory: Memory, options: Options
) -> dict[str, float | None]:
    """When the slowest meter at or above each circuit was read, by circuit id (epoch s).

    `None`: now. A meter counts with the time of its last report, unless that is longer ago than the
    gap between its reports usually is (at least 5 s, `follow_s`). Then its value is taken as of
    now: a meter that reports changes only has seen none.
    """
    found: dict[str, float | None] = {}
    for circuit in site.circuits.values():
        above = None if circuit.parent is None else found[circuit.parent]
        meter = readings.meters.get(circuit.id)
        at = None if meter is None else meter.reported_at
        if at is not None and readings.at - at > options.follow_s:
            known = [memory.seen.get((circuit.id, phase)) for phase in site.phases]
            usual_s = max((seen.every_s for seen in known if seen), default=0.0)
            if not usual_s:  # it has spoken only once
                usual_s = (circuit.meter.interval_s if circuit.meter else None) or options.hold_s
            if readings.at - at > usual_s:
                at = None
        found[circuit.id] = above if at is None else at if above is None else min(at, above)
    return found
