"""What sun and battery leave over for loads, as rows that bind the loads which live from it.

Surplus of a phase = sun - house there, that is managed draws - meter - battery power, the battery
spread evenly; and, while its charge is above the target, what it can give. Three sources:

  surplus   for loads in modes that live from it; a battery below its target comes first
  excess    the surplus of the whole site without battery, less the export threshold
  own       where nothing may be taken from the grid: sun - house, and the battery above its reserve

With an asymmetric inverter a source is one pool, net over the phases, and each phase carries what
the inverter can give there; else each phase stands for itself, and with a battery the net total
counts, too, because the battery answers the total. Source: docs/product.md section 3.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..measure.readings import Readings
from ..memory.limits import BatteryMemory
from ..reasons import RowKind
from ..records import replace
from ..site.model import Site
from ..site.modes import EXCESS, MODES, SURPLUS
from ..units import amps_to_watts, watts_to_amps
from .battery import rated_w
from .constraints import Row
from .supply import Supply

# --- rows -----------------------------------------------------------------------------------------

Binds = Mapping[str, float]


Uses = Mapping[str, Mapping[str, float]]
"""Legs of each load by phase, and in all under ""."""


def grid_allowed(site: Site, readings: Readings) -> bool:
    """Whether loads may take from the grid: there is one, and it is not forbidden."""
    return not (site.off_grid or (site.battery and not readings.energy.allow_grid))


def rows(
    site: Site,
    readings: Readings,
    now: Supply,
    memory: BatteryMemory,
    free_a: Mapping[str, float],
    unused: frozenset[str] = frozenset(),
    living: Living | None = None,
) -> list[Row]:
    """The sources as rows for all loads.

    Those in `free_a` have so many A per leg from elsewhere; those in `unused` take nothing now, so
    they leave what they find to others. `living` is who lives from what, if that is known already.
    """
    living = living_from(site, readings, memory) if living is None else living
    uses, surplus, first, excess = living.uses, living.surplus, living.first, living.excess
    found = []
    numbers: dict[str, float | str] = {"help_w": round(now.help_w)}
    if first:
        marks = {"soc_pct": readings.energy.soc_pct or 0.0}
        marks["target_pct"] = readings.energy.soc_target_pct
        found.append(Row(RowKind.BATTERY_FIRST, 0.0, uses[""], binds=first, numbers=marks))
    found += _source(site, uses, now, RowKind.SURPLUS, surplus, now.help_w, numbers)
    for threshold_w, binds in excess.items():
        found.append(_excess(site, uses[""], now, memory, threshold_w, binds))
    if free_a:
        found = [_relaxed(row, free_a) for row in found]
    if not grid_allowed(site, readings):
        everyone = dict.fromkeys(site.loads, 0.0)
        found += _source(site, uses, now, RowKind.OWN, everyone, now.reserve_help_w, {})
    return [replace(row, unused=unused) for row in found] if unused else found


@dataclass(frozen=True, slots=True)
class Living:
    """Who lives from what, whatever there is of it: legs by phase, and from how many A on each.

    `first`: those that a battery which comes first binds. `excess` is by threshold in W: a load may
    have one of its own.
    """

    uses: Uses
    surplus: Binds
    first: Binds
    excess: Mapping[float, Binds]


def living_from(site: Site, readings: Readings, memory: BatteryMemory) -> Living:
    """What binds whom from how many A on: surplus, a battery that comes first, and excess."""
    surplus: dict[str, float] = {}
    first: dict[str, float] = {}
    excess: dict[float, dict[str, float]] = {}
    filling = site.battery is not None and readings.energy.soc_pct is not None
    filling = filling and not memory.at_target
    for load in site.loads.values():
        mode, reading = MODES[readings.loads[load.id].mode], readings.loads[load.id]
        if mode.more_from == EXCESS:
            surplus[load.id] = 0.0
            if site.battery and memory.full:
                if filling:
                    first[load.id] = 0.0
            else:
                own_w = load.excess_threshold_w
                threshold_w = readings.energy.excess_threshold_w if own_w is None else own_w
                excess.setdefault(threshold_w, {})[load.id] = reading.min_a
        elif mode.more_from == SURPLUS:
            surplus[load.id] = 0.0 if mode.minimum_from == SURPLUS else reading.min_a
            if filling:
                first[load.id] = surplus[load.id]
    return Living(_uses(site, readings), surplus, first, excess)


def _source(
    site: Site,
    uses: Uses,
    now: Supply,
    kind: RowKind,
    binds: Binds,
    help_w: float,
    numbers: Mapping[str, float | str],
) -> list[Row]:
    """One source, by phase and in total, as the inverter and the battery have it."""
    if not binds:
        return []
    inverter, voltage = site.inverter, site.voltage_v
    help_a = watts_to_amps(help_w, voltage)
    found = []
    if inverter.asymmetric or site.battery:
        total_a = now.total_a()
        room = 0.0 if total_a is None else total_a + help_a
        found.append(Row(kind, room, uses[""], binds=binds, numbers=numbers))
    for phase in site.phases:
        here_a = now.surplus[phase]
        if not inverter.asymmetric:
            room = 0.0 if here_a is None else here_a + help_a / len(site.phases)
            found.append(Row(kind, room, uses[phase], phase=phase, binds=binds, numbers=numbers))
        elif inverter.max_phase_w is not None:
            room = watts_to_amps(inverter.max_phase_w, voltage) - (now.house[phase] or 0.0)
            found.append(_rating(inverter.max_phase_w, room, uses, phase, binds))
    rating_w = rated_w(inverter, len(site.phases))
    if rating_w is not None:
        room = watts_to_amps(rating_w, voltage) - now.house.total()
        found.append(_rating(rating_w, room, uses, "", binds))
    return [row for row in found if not binds.keys().isdisjoint(row.uses)]


def _rating(rating_w: float, room: float, uses: Uses, phase: str, binds: Binds) -> Row:
    """What the inverter can give beside the house, on one phase or in all."""
    numbers = {"rating_w": rating_w}
    kind, legs = RowKind.INVERTER, uses[phase]
    return Row(kind, room, legs, phase=phase, limit=rating_w, binds=binds, numbers=numbers)


def _excess(
    site: Site,
    legs: Mapping[str, float],
    now: Supply,
    memory: BatteryMemory,
    threshold_w: float,
    binds: Binds,
) -> Row:
    """The excess in W: only while there is any may a load start, at its minimum."""
    needed_w = threshold_w
    if site.battery and not memory.at_target:
        needed_w += site.battery.max_charge_w
    total_a = now.total_a()
    room_w = 0.0 if total_a is None else amps_to_watts(total_a, site.voltage_v) - needed_w
    uses = {load: amps_to_watts(count, site.voltage_v) for load, count in legs.items()}
    numbers: dict[str, float | str] = {"threshold_w": needed_w}
    kind, opens = RowKind.EXCESS, frozenset(binds)
    return Row(kind, room_w, uses, binds=binds, opens=opens, numbers=numbers)


def _relaxed(row: Row, free_a: Mapping[str, float]) -> Row:
    """The row with the first amperes of some loads free: they are taken from the grid for a while.

    It still stops a load that it gives more.
    """
    binds = row.binds or {}
    held = {load: max(amps, binds[load]) for load, amps in free_a.items() if load in binds}
    if not held:
        return row
    return replace(row, binds={**binds, **held}, opens=row.opens - held.keys())


def _uses(site: Site, readings: Readings) -> dict[str, dict[str, float]]:
    uses: dict[str, dict[str, float]] = {phase: {} for phase in ("", *site.phases)}
    for load in site.loads:
        for _, phase in readings.loads[load].legs:
            for key in ("", phase):
                uses[key][load] = uses[key].get(load, 0.0) + 1.0
    return uses
