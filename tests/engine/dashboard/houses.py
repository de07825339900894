"""Five houses whose dashboards are kept, and everything that their sensors say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from loadjuggler.runtime.controller import Keeper
from loadjuggler.snapshot import EntityState

from tests.engine.house import (
    BATTERY,
    START,
    SUN,
    charger_form,
    circuit_form,
    plug_form,
    site_form,
    state,
)

Form = dict[str, Any]
MODES = ["standard", "solar_priority", "solar_only", "excess", "boost", "off"]


def one_load() -> list[Form]:
    """A charger whose mode is set by buttons."""
    return [site_form(main_breaker_a=25), charger_form("car") | {"name": "Car"}]


def two_chargers() -> list[Form]:
    """Two chargers on one breaker, with modes and sharing that are chosen from entities."""
    return [
        site_form(main_breaker_a=25, distribution_entity="input_select.sharing"),
        circuit_form("Garage", 20),
        *(
            charger_form(side, circuit="Garage", mode_entity=f"input_select.{side}")
            | {"name": f"{side} car"}
            for side in ("left", "right")
        ),
    ]


def sun_and_battery() -> list[Form]:
    """Sun and a battery, a car and a boiler."""
    return [
        site_form(main_breaker_a=25, **SUN, **BATTERY),
        charger_form("car", mode="solar_only") | {"name": "Car"},
        plug_form("boiler", mode="solar_only", power_entity="sensor.boiler_power"),
    ]


def twelve_loads() -> list[Form]:
    """Twelve loads on four breakers, one of them below another."""
    names = ("North", "South", "East", "West")
    circuits = [circuit_form(name, 32, parent="North" if name == "West" else "") for name in names]
    loads = [
        (charger_form if number < 3 else plug_form)(f"{name}{number}".lower(), circuit=name)
        | {"name": f"{name} {number}"}
        for name in names
        for number in (1, 2, 3)
    ]
    return [site_form(main_breaker_a=63), *circuits, *loads]


def off_grid() -> list[Form]:
    """One phase off the grid, with names that YAML, Markdown and templates trip over."""
    site = site_form("A", inverter_a="sensor.inverter_a") | {"name": 'Čebelnjak "zgoraj": 1 # 2'}
    del site["grid_a"]
    return [
        site,
        charger_form("car", "A", mode_entity="sensor.mode")
        | {"name": "{{ car }} *'šotor'*: - 50 %"},
        plug_form("pump", mode_entity="input_text.pump") | {"name": "off"},
    ]


HOUSES = {
    house.__name__: house
    for house in (one_load, two_chargers, sun_and_battery, twelve_loads, off_grid)
}


def lived_in(forms: list[Form]) -> Keeper:
    """A keeper that has registered these forms and has run once with all sensors there."""
    keeper = Keeper()
    states: dict[str, EntityState] = {}
    for form in forms:
        data = {key: value for key, value in form.items() if key != "kind"}
        answer = keeper.register(form["kind"], data, START)
        assert answer["ok"], answer
        states |= _states(form)
    seen = {entity: value for entity, value in states.items() if entity in keeper.watched()}
    keeper.run(seen, START + 5)
    assert keeper.report.status != "error", keeper.report.sentence
    return keeper


def _states(form: Mapping[str, Any]) -> dict[str, EntityState]:
    """What the entities in a form say, each in its own unit."""
    found = {form["automation"]: EntityState("on")}
    for key, value in form.items():
        if key.startswith(("grid_", "inverter_", "meter_")):
            found[value] = state(1.0, "A")
        elif key.endswith("_entity"):
            found[value] = state(50.0, "%" if "soc" in key else "W")
    if form["kind"] == "charger":
        found[f"sensor.{form['devid']}_status_connector"] = state("Charging")
        found[f"sensor.{form['devid']}_current_import"] = state(0.0, "A")
    if form["kind"] == "plug":
        found[form["switch"]] = state("off")
    for key in ("mode_entity", "distribution_entity"):
        if key in form:
            text = "shared" if key == "distribution_entity" else "standard"
            text = "continuous" if form["kind"] == "plug" else text
            found[form[key]] = EntityState(text, {"options": MODES}, START)
    return found
