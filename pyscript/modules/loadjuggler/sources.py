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
from dataclasses import dataclass, replace

from .battery import can_give_w, rated_w
from .memory import BatteryMemory
from .model import MAIN, Site
from .modes import EXCESS, MODES, SURPLUS
from .readings import Readings
from .rows import Row
from .units import PerPhase, amps_to_watts, watts_to_amps


@dataclass(frozen=True, slots=True)
class Supply:
    """What sun and battery do now.

    `surplus` is sun - house in A per phase, without the battery (`None`: not known); `house` is
    what the house takes there, as far as it is known. `sun_w` is what the sun gives, known or
    worked out. `help_w` is what the battery can give to solar loads (above its target),
    `reserve_help_w` to all (above its reserve).
    """

    surplus: PerPhase
    house: PerPhase
    sun_w: float
    help_w: float = 0.0
    reserve_help_w: float = 0.0

    def total_a(self) -> float | None:
        """Surplus in A over all phases; `None` if one of them is not known."""
        values = [self.surplus.a, self.surplus.b, self.surplus.c]
        known = [value for value in values if value is not None]
        return sum(known) if len(known) == len(list(self.house.items())) and known else None


def supply(site: Site, readings: Readings, background: PerPhase, memory: BatteryMemory) -> Supply:
    """What sun and battery do, from what is not managed at the main breaker (A per phase).

    Off the grid that is the house; on the grid it is house - sun - battery.
    """
    energy, count, voltage = readings.energy, len(site.phases), site.voltage_v
    battery_w = _battery_w(readings)
    battery_a = watts_to_amps(battery_w, voltage, count)
    if site.off_grid:
        surplus, sun_w = _off_grid(site, readings, background, battery_w)
    else:
        surplus = PerPhase.of({p: -amps - battery_a for p, amps in background.items()})
        sun_w = _sun_w(site, readings, surplus, battery_w)
    house = _house(site, readings, surplus, background)
    give_w = can_give_w(memory, site, energy, sun_w)
    return Supply(
        surplus,
        house,
        sun_w,
        help_w=give_w if memory.above_target and not memory.reserve else 0.0,
        reserve_help_w=0.0 if memory.reserve else give_w,
    )


def supply_of_net(site: Site, readings: Readings, net: PerPhase, memory: BatteryMemory) -> Supply:
    """What sun and battery do, from house less sun and battery at the main breaker (A per phase).

    That is the meter's share that is not managed, and the battery's power. On the grid only.
    """
    battery_a = watts_to_amps(readings.energy.battery_w or 0.0, site.voltage_v, len(site.phases))
    at_meter = PerPhase.of({phase: amps - battery_a for phase, amps in net.items()})
    return supply(site, readings, at_meter, memory)


def _battery_w(readings: Readings) -> float:
    """Power of the battery that is not sun; without a known charge, charging counts as its own."""
    given_w = readings.energy.battery_w or 0.0
    return max(given_w, 0.0) if readings.energy.soc_pct is None else given_w


def _off_grid(
    site: Site, readings: Readings, house: PerPhase, battery_w: float
) -> tuple[PerPhase, float]:
    """Surplus and sun where the inverter's outputs are all that flows into the house."""
    energy, voltage = readings.energy, site.voltage_v
    outputs = energy.outputs
    sun_w = energy.solar_w
    if sun_w is None and energy.unsure:
        return PerPhase.of({p: min(-amps, 0.0) for p, amps in house.items()}), 0.0
    if sun_w is None:
        given_w = amps_to_watts(outputs.total(), voltage) if outputs else 0.0
        sun_w = max(given_w - battery_w, 0.0)
    each_a = watts_to_amps(sun_w, voltage, len(site.phases))
    return PerPhase.of({p: each_a - amps for p, amps in house.items()}), sun_w


def _sun_w(site: Site, readings: Readings, surplus: PerPhase, battery_w: float) -> float:
    """Solar production in W: measured, or by the inverter's outputs, or at least the surplus."""
    energy, voltage = readings.energy, site.voltage_v
    if energy.solar_w is not None:
        return energy.solar_w
    meter = readings.meters[MAIN].amps
    if energy.outputs is not None:
        given_w = amps_to_watts(energy.outputs.total(), voltage)
        if site.inverter.series:
            given_w -= battery_w + amps_to_watts(meter.total(), voltage)
        return max(given_w, 0.0)
    return max(amps_to_watts(surplus.total(), voltage), 0.0)


def _house(site: Site, readings: Readings, surplus: PerPhase, background: PerPhase) -> PerPhase:
    """A per phase that the house takes, from the outputs or a solar sensor.

    Otherwise only as far as a phase would import by itself.
    """
    energy = readings.energy
    if site.off_grid:
        return background
    sun: PerPhase | None = None
    if energy.outputs is not None and not site.inverter.series:
        sun = energy.outputs
    elif energy.solar_w is not None or energy.outputs is not None:
        sun_w = _sun_w(site, readings, surplus, _battery_w(readings))
        each_a = watts_to_amps(sun_w, site.voltage_v, len(site.phases))
        sun = PerPhase.of(dict.fromkeys(site.phases, each_a))
    known = PerPhase.idle(site.phases) if sun is None else sun
    return PerPhase.of({p: max((known[p] or 0.0) - (surplus[p] or 0.0), 0.0) for p in site.phases})


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
) -> list[Row]:
    """The sources as rows for all loads.

    Those in `free_a` have so many A per leg from elsewhere; those in `unused` take nothing now, so
    they leave what they find to others.
    """
    surplus, first, excess = _bound(site, readings, memory)
    uses = _uses(site, readings)
    found = []
    numbers: dict[str, float | str] = {"help_w": round(now.help_w)}
    if first:
        marks = {"soc_pct": readings.energy.soc_pct or 0.0}
        marks["target_pct"] = readings.energy.soc_target_pct
        found.append(Row("battery_first", 0.0, uses[""], binds=first, numbers=marks))
    found += _source(site, uses, now, "surplus", surplus, now.help_w, numbers)
    for threshold_w, binds in excess.items():
        found.append(_excess(site, uses[""], now, memory, threshold_w, binds))
    found = [_relaxed(row, free_a) for row in found]
    if not grid_allowed(site, readings):
        everyone = dict.fromkeys(site.loads, 0.0)
        found += _source(site, uses, now, "own", everyone, now.reserve_help_w, {})
    return [replace(row, unused=unused) for row in found] if unused else found


def _bound(
    site: Site, readings: Readings, memory: BatteryMemory
) -> tuple[Binds, Binds, Mapping[float, Binds]]:
    """What binds whom from how many A on: surplus, a battery that comes first, and excess.

    Excess by threshold in W: a load may have one of its own.
    """
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
    return surplus, first, excess


def _source(
    site: Site,
    uses: Uses,
    now: Supply,
    kind: str,
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
    return Row(
        "inverter", room, uses[phase], phase=phase, limit=rating_w, binds=binds, numbers=numbers
    )


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
    return Row("excess", room_w, uses, binds=binds, opens=frozenset(binds), numbers=numbers)


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
