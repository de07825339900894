"""Random houses in the sun: one to three phases, with and without a battery, loads in all modes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from loadjuggler.options import Options

from tests.engine.house import (
    BATTERY,
    OUTPUTS,
    SUN,
    House,
    Power,
    charger_form,
    plug_form,
    site_form,
)

from .grids import DISTRIBUTIONS, one_in, tenths

MODES = ("standard", "solar_priority", "solar_only", "excess")
SOLAR = ("solar_only",)
TARGET_PCT = 80.0

NO_TRIALS = Options(check_stage_s=3600.0)
"""These houses must come to rest. No load is lowered meanwhile to see whether the meter moves with
it (docs/decisions/0027): that would begin after six stages of a check, which are 6 h here."""


@st.composite
def sun_houses(draw: st.DrawFn, modes: tuple[str, ...] = MODES, plugs: bool = True) -> House:
    """A house with wide breakers, so that sun, battery and inverter are what limits."""
    phases = "ABC"[: draw(st.sampled_from([1, 3, 3, 2]))]
    asymmetric = draw(st.booleans())
    site: dict[str, Any] = {
        "main_breaker_a": 1000,
        "distribution": draw(st.sampled_from(DISTRIBUTIONS)),
        "inverter_asymmetric": asymmetric,
        "excess_threshold_w": draw(st.sampled_from([500, 3000, 9000])),
    }
    power = Power(sun_w=draw(st.integers(0, 180)) * 100.0, most_w=draw(st.integers(1, 60)) * 100.0)
    if draw(st.booleans()):
        rating = draw(st.none() | st.integers(30, 200))
        site |= BATTERY | {
            "battery_max_charge_w": power.most_w,
            "battery_max_discharge_w": power.most_w,
            "inverter_max_w": rating and rating * 100,
        }
        power.rating_w = rating and rating * 100.0
        power.sun_w = min(power.sun_w, power.rating_w or power.sun_w)
        power.soc_pct = draw(st.sampled_from([10.0, 50.0, TARGET_PCT, 85.0, 99.0]))
    if draw(st.booleans()):
        site |= SUN
    elif draw(one_in(3)):
        site |= {name: entity for name, entity in OUTPUTS.items() if name[-1].upper() in phases}
        site["inverter_topology"] = draw(st.sampled_from(["parallel", "series"]))
    forms = [site_form(phases, **site)]
    forms += [draw(loads(f"load{n}", phases, modes, plugs)) for n in range(draw(st.integers(1, 4)))]
    house = House.of(*forms, options=NO_TRIALS)
    house.power = power
    for phase in phases:
        house.household["main"][phase] = draw(tenths(0, 15))
    for car in house.cars.values():
        car.default_limit_a = 0.0  # nothing charges before it is told to
    return house


@st.composite
def loads(
    draw: st.DrawFn, name: str, phases: str, modes: tuple[str, ...], plugs: bool
) -> dict[str, Any]:
    """A charger or a plug on any legs, each on a phase of its own; without long pauses."""
    mode = draw(st.sampled_from(modes))
    legs = "".join(draw(st.permutations(phases)))[: draw(st.integers(1, len(phases)))]
    shared: dict[str, Any] = {
        "legs": legs,
        "priority": draw(st.integers(1, 3)),
        "solar_grace_min": 0.5,
    }
    if plugs and draw(one_in(4)):
        return plug_form(
            name,
            mode="continuous" if mode in ("standard", "solar_priority") else mode,
            power_w=draw(st.integers(2, 40)) * 100,
            min_on_min=0.5,
            min_off_min=0.5,
            **shared,
        )
    return charger_form(
        name, mode=mode, max_current_a=6 + draw(st.integers(0, 26)), solar_pause_min=0.5, **shared
    )


def renamed(house: House, names: dict[str, str]) -> House:
    """The same house with its phases called otherwise."""
    forms = []
    for form in house.forms:
        legs = {
            key: names.get(value, value) for key, value in form.items() if key.startswith("leg_")
        }
        forms.append({**form, **legs})
    other = House.of(*forms, options=NO_TRIALS)
    other.power = replace(house.power)
    for phase, amps in house.household["main"].items():
        other.household["main"][names[phase]] = amps
    for car in other.cars.values():
        car.default_limit_a = 0.0
    return other
