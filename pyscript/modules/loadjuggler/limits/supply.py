"""What the sun leaves over on each phase, and what the battery can give.

    surplus = sun - house = - what is not managed at the main meter - battery power

The meter counts import as positive, the battery discharging. The battery's power is spread evenly
over the phases that it is connected to: all of them, or one.

Example, one phase: the sun gives 20 A, the house takes 3 A, a car draws 12 A, and a battery charges
with 5 A. The meter shows 3 + 12 + 5 - 20 = 0 A, so -12 A are not managed, and the surplus is
-(-12) - (-5) = 17 A = 20 - 3.

Sources: docs/product.md section 3; docs/decisions/0008.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..measure.readings import Readings
from ..memory.limits import BatteryMemory
from ..records import quick
from ..site.model import MAIN, Site
from ..units import PerPhase, amps_to_watts, watts_to_amps
from .battery import can_give_w


@quick
@dataclass(frozen=True, slots=True)
class Supply:
    """What sun and battery do now.

    - `surplus`: sun - house in A per phase, without the battery. A phase is `None` if not known.
    - `house`: A per phase that the house takes, as far as it is known.
    - `sun_w`: W that the sun gives, measured or worked out.
    - `help_w`: W that the battery can give to loads that live from the sun (above its target).
    - `reserve_help_w`: W that it can give to all loads (above its reserve).
    """

    surplus: PerPhase
    house: PerPhase
    sun_w: float
    help_w: float = 0.0
    reserve_help_w: float = 0.0

    def total_a(self) -> float | None:
        """The sum of the surplus over all phases, A; `None` if one phase is not known."""
        known = self.surplus.values()
        return sum(known) if len(known) == len(self.house.values()) and known else None


def supply(site: Site, readings: Readings, background: PerPhase, memory: BatteryMemory) -> Supply:
    """What sun and battery do, from what is not managed at the main breaker (A per phase).

    Off the grid the `background` is the house; on the grid it is house - sun - battery.
    """
    energy, battery_w = readings.energy, _battery_w(readings)
    if site.off_grid:
        surplus, sun_w = _off_grid(site, readings, background, battery_w)
    else:
        given_a = battery_amps(site, readings, battery_w)
        surplus = PerPhase.of({p: -amps - given_a[p] for p, amps in background.items()})
        if energy.unsure and energy.solar_w is not None:
            surplus = _no_more_than(site, surplus, energy.solar_w)
        sun_w = _sun_w(site, readings, surplus, battery_w)
    house = background if site.off_grid else _house(site, readings, surplus, sun_w)
    reserve_help_w = 0.0 if memory.reserve else can_give_w(memory, site, energy, sun_w)
    help_w = reserve_help_w if memory.above_target else 0.0
    return Supply(surplus, house, sun_w, help_w, reserve_help_w)


def supply_of_net(site: Site, readings: Readings, net: PerPhase, memory: BatteryMemory) -> Supply:
    """What sun and battery do, from `net` = house - sun in A per phase. On the grid only.

    `net` is what is not managed at the main meter, plus the battery's power.
    """
    given_a = battery_amps(site, readings, readings.energy.battery_w or 0.0)
    at_meter = PerPhase.of({phase: amps - given_a[phase] for phase, amps in net.items()})
    return supply(site, readings, at_meter, memory)


def battery_amps(site: Site, readings: Readings, power_w: float) -> Mapping[str, float]:
    """`power_w` (W) of the battery as A on each phase of the site: evenly on those that it is on.

    Example: 2,070 W on three phases are 3 A on each; on C only they are 9 A there and 0 A on A, B.
    """
    on = readings.energy.battery_on or site.phases
    each_a = watts_to_amps(power_w, site.voltage_v, len(on))
    return {phase: each_a if phase in on else 0.0 for phase in site.phases}


def _no_more_than(site: Site, surplus: PerPhase, sun_w: float) -> PerPhase:
    """`surplus` (A per phase) as far as the sun gives it: `sun_w` in all, and on each phase.

    The rest comes from a battery that is not heard: at night that is no sun.
    """
    sun_a = max(watts_to_amps(sun_w, site.voltage_v), 0.0)
    most = {phase: min(amps, sun_a) for phase, amps in surplus.items()}
    over_a = max(sum(most.values()) - sun_a, 0.0) / max(len(most), 1)
    return PerPhase.of({phase: amps - over_a for phase, amps in most.items()})


def _battery_w(readings: Readings) -> float:
    """Battery power in W that counts in the surplus, discharging positive.

    If the state of charge is not known, charging power is left to the battery and does not count as
    surplus (docs/decisions/0008).
    """
    given_w = readings.energy.battery_w or 0.0
    return max(given_w, 0.0) if readings.energy.soc_pct is None else given_w


def _off_grid(
    site: Site, readings: Readings, house: PerPhase, battery_w: float
) -> tuple[PerPhase, float]:
    """Surplus (A per phase) and sun (W) where there is no grid.

    The inverter's outputs are all that flows into the `house` (A per phase). Without a solar
    sensor the sun is the outputs less the battery's power. If the battery's sensors give nothing
    either, nothing is left over.
    """
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
    """Solar production in W: of its sensor, else of the inverter's outputs, else the surplus.

    The surplus, as far as it is positive, is less than the sun by what the house takes, and does
    not depend on what the loads draw (docs/decisions/0008).
    """
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


def _house(site: Site, readings: Readings, surplus: PerPhase, sun_w: float) -> PerPhase:
    """A per phase that the house takes: sun - surplus, by the outputs or the solar sensor.

    Without both only the part that would be imported without managed loads is known.
    """
    energy, each_a = readings.energy, 0.0
    if energy.solar_w is not None or energy.outputs is not None:
        each_a = watts_to_amps(sun_w, site.voltage_v, len(site.phases))
    sun = PerPhase(each_a, each_a, each_a)
    if energy.outputs is not None and not site.inverter.series:
        sun = energy.outputs
    return PerPhase.of({p: max((sun[p] or 0.0) - (surplus[p] or 0.0), 0.0) for p in site.phases})
