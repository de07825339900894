"""Sun, battery and inverter of the site's form, and the contradictions among their sensors."""

from __future__ import annotations

from ..site.model import Battery, Inverter, Meter
from ..units import PHASES
from .parse import Parsed
from .parts import meter, setting, stray_meters


def off_grid(form: Parsed) -> bool:
    """Whether the site has no grid connection: no meter of it, but outputs of the inverter."""
    return not _phases_with(form, "grid") and bool(_phases_with(form, "inverter"))


def main_meter(form: Parsed, phases: tuple[str, ...]) -> Meter | None:
    """The meter of the main breaker; off the grid it is the inverter's output."""
    if off_grid(form):
        return meter(form, "inverter", phases, invert=False, interval="grid_interval_s")
    return meter(form, "grid", phases, interval="grid_interval_s")


def battery(form: Parsed) -> Battery | None:
    """The home battery; `None` without a sensor of its state of charge."""
    values = form.values
    if not values["battery_soc_entity"]:
        return None
    return Battery(
        soc=values["battery_soc_entity"],
        power=values["battery_power_entity"],
        invert=bool(values["battery_invert"]),
        soc_min_pct=setting(form, "battery_soc_min_pct", "battery_soc_min_entity"),
        soc_target_pct=setting(form, "battery_soc_target_pct", "battery_soc_target_entity"),
        hysteresis_pct=float(values["battery_hysteresis_pct"]),
        max_charge_w=float(values["battery_max_charge_w"]),
        max_discharge_w=float(values["battery_max_discharge_w"]),
        follows_load=bool(values["battery_follows_load"]),
        phases=_battery_phases(form),
    )


def _battery_phases(form: Parsed) -> tuple[str, ...] | None:
    """The phases on which the form says that the battery is; `None`: all, or it is found out."""
    chosen = form.values["battery_phases"]
    return None if chosen == "all" else (chosen,)


def nets(form: Parsed) -> bool | None:
    """Whether the meter nets the phases by the form; `None`: it is to be found out."""
    return {"yes": True, "no": False}.get(form.values["grid_nets"])


def inverter(form: Parsed, phases: tuple[str, ...]) -> Inverter:
    """The inverter; off the grid its output feeds the whole house, whatever the form says."""
    values = form.values
    return Inverter(
        outputs=meter(form, "inverter", phases, invert=False),
        max_w=_rating(values["inverter_max_w"]),
        max_phase_w=_rating(values["inverter_max_phase_w"]),
        asymmetric=bool(values["inverter_asymmetric"]),
        series=values["inverter_topology"] == "series" or off_grid(form),
    )


def contradictions(form: Parsed, phases: tuple[str, ...]) -> list[str]:
    """Errors of the site's sensors, a sentence each: one that is missing, or one too many."""
    values = form.values
    errors = stray_meters(form, "grid", phases) + stray_meters(form, "inverter", phases)
    measured, given = _phases_with(form, "grid"), _phases_with(form, "inverter")
    if not off_grid(form):
        for phase in phases:
            if phase not in measured:
                errors.append(f"Meter, phase {phase}: it is needed, the site has a phase {phase}.")
    if given:
        for phase in phases:
            if phase not in given:
                errors.append(f"Output, phase {phase}: it is needed, other phases have theirs.")
    if values["battery_power_entity"] and not values["battery_soc_entity"]:
        errors.append("State of charge: it is needed, the power of a battery is given.")
    on = values["battery_phases"]
    if values["battery_soc_entity"] and on in PHASES and on not in phases:
        errors.append(f"Phases of the battery: the site has only {', '.join(phases)}.")
    low, high = (form.sure[f"battery_soc_{end}_pct"] for end in ("min", "target"))
    if values["battery_soc_entity"] and low is not None and high is not None and low > high:
        errors.append(f"Reserve of the battery: {low:g} % is more than its target of {high:g} %.")
    return errors


def _phases_with(form: Parsed, prefix: str) -> list[str]:
    return [phase for phase in "ABC" if form.values[f"{prefix}_{phase.lower()}"]]


def _rating(value: float | None) -> float | None:
    """A rating in W; 0 in the form means that it is not known (`None`)."""
    return float(value) if value else None
