"""Sun, battery and inverter: power, state of charge, outputs, and the settings beside them."""

from __future__ import annotations

from .lookup import Sensing, percent, watts
from .meters import read_meter
from .readings import EnergyReading
from .settings import resolve


def read_energy(at: Sensing) -> EnergyReading:
    """The reading of sun, battery and inverter.

    A battery of which one sensor gives nothing is `unsure`: it is not counted on.
    """
    site = at.site
    solar_w = watts(at, site.solar) if site.solar else None
    outputs = read_meter(at, site.inverter.outputs).amps if site.inverter.outputs else None
    if outputs is not None and not outputs.covers(site.phases):
        outputs = None
    soc_pct = battery_w = None
    unsure = False
    soc_min_pct, soc_target_pct = 0.0, 100.0
    reported_at = None
    if site.battery:
        soc_pct = percent(at, site.battery.soc)
        if site.battery.power:
            given_w = watts(at, site.battery.power)
            battery_w = -given_w if given_w is not None and site.battery.invert else given_w
            state = at.snapshot.get(site.battery.power)
            reported_at = state.reported_at if state else None
        unsure = soc_pct is None or (battery_w is None and site.battery.power is not None)
        soc_min_pct = float(resolve(at, site.battery.soc_min_pct) or 0.0)
        soc_target_pct = float(resolve(at, site.battery.soc_target_pct) or 0.0)
    return EnergyReading(
        solar_w=None if solar_w is None else max(solar_w, 0.0),
        soc_pct=soc_pct,
        battery_w=battery_w,
        outputs=outputs,
        unsure=unsure,
        unheard=(
            unsure
            or (solar_w is None and site.solar is not None)
            or (outputs is None and site.inverter.outputs is not None)
        ),
        reported_at=reported_at,
        soc_min_pct=soc_min_pct,
        soc_target_pct=soc_target_pct,
        excess_threshold_w=float(resolve(at, site.excess_threshold_w) or 0.0),
        allow_grid=resolve(at, site.allow_grid_charging) != "no",
        battery_on=_battery_on(at),
        nets=_nets(at),
    )


def _battery_on(at: Sensing) -> tuple[str, ...]:
    """The phases that share the battery's power, by the form or by what moved; (): all of them."""
    battery, moves = at.site.battery, at.memory.checks.battery
    if battery is None:
        return ()
    if battery.phases is not None:
        return battery.phases
    on = moves.on if moves is not None and moves.wiring == battery.mark else ""
    return (on,) if on in at.site.phases else ()


def _nets(at: Sensing) -> bool:
    """Whether the meter nets the phases, by the form or by the sensor of the total power."""
    site, seen = at.site, at.memory.checks.netting
    if site.nets is not None or site.off_grid:
        return bool(site.nets)
    return seen is not None and seen.nets and seen.total == site.grid_total
