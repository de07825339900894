"""A scenario to the engine's Site, by the same forms that the blueprints send."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from loadjuggler.config import build as wiring
from loadjuggler.config import parse as contract
from loadjuggler.forms.common import NOT_WIRED
from loadjuggler.site.model import Site
from loadjuggler.units import LEGS

from . import names
from .scenario import MAIN, CircuitSpec, LoadSpec, Scenario


class Unfit(Exception):
    """A scenario that the engine, as it is, can't run; `errors` has a line for each reason."""

    def __init__(self, errors: list[str]) -> None:
        """Keep all lines; the message joins them."""
        super().__init__("\n".join(errors))
        self.errors = errors


def site_of(scenario: Scenario) -> Site:
    """The engine's view of the wiring. Raises Unfit with everything that it can't have."""
    errors: list[str] = []
    nodes = []
    for kind, name, form in forms(scenario):
        data = {"contract": contract.CONTRACT, "node": f"{kind} {name}", **form}
        try:
            nodes.append(wiring.Node(contract.parse(kind, data), name))
        except contract.Refused as refused:
            errors += [f"{scenario.name}: {kind} {name}: {error}" for error in refused.errors]
    if errors:
        raise Unfit(errors)
    wired = wiring.wire(nodes)
    for node, sentences in wired.refused.items():
        errors += [f"{scenario.name}: {node}: {sentence}" for sentence in sentences]
    errors += [f"{scenario.name}: {node}: {text}" for node, text in wired.waiting.items()]
    if wired.site is None or errors:
        raise Unfit(errors)
    return wired.site


def forms(scenario: Scenario) -> list[tuple[str, str, dict[str, Any]]]:
    """What a user would fill in: (kind, id, fields by name) of the site, breakers and loads."""
    return [
        ("site", "site", _site_form(scenario)),
        *(("circuit", spec.id, _circuit_form(spec, scenario)) for spec in scenario.circuits),
        *(
            (load.type, load.id, _load_form(load, scenario.circuit_of(load.id)))
            for load in scenario.loads
        ),
    ]


def _site_form(scenario: Scenario) -> dict[str, Any]:
    site = scenario.site
    form: dict[str, Any] = {
        "name": "Home",
        "phases": site.phases,
        "voltage_v": site.voltage,
        "main_breaker_a": site.main_breaker,
        "max_import_w": site.max_import_power,
        "power_buffer_w": site.power_buffer,
        "distribution": site.distribution,
        "excess_threshold_w": site.excess_threshold,
        "notify_not_following": True,
    }
    form |= {f"grid_{phase.lower()}": names.grid(phase) for phase in site.phases}
    if scenario.solar.measured:
        form["solar_entity"] = names.SOLAR
    return form | _battery_form(scenario) | _inverter_form(scenario)


def _battery_form(scenario: Scenario) -> dict[str, Any]:
    battery, site = scenario.battery, scenario.site
    if battery is None:
        return {}
    return {
        "battery_soc_entity": names.BATTERY_SOC,
        "battery_power_entity": names.BATTERY_POWER,
        "battery_soc_min_pct": battery.soc_min,
        "battery_soc_target_pct": battery.soc_target,
        "battery_hysteresis_pct": battery.soc_hysteresis,
        "battery_max_charge_w": battery.max_charge_power,
        "battery_max_discharge_w": battery.max_discharge_power,
        "battery_phases": battery.phase or "all",
        "battery_follows_load": site.battery_follows_load,
        "allow_grid_charging": site.allow_grid_charging,
    }


def _inverter_form(scenario: Scenario) -> dict[str, Any]:
    inverter = scenario.inverter
    form: dict[str, Any] = {
        "inverter_asymmetric": inverter.asymmetric,
        "inverter_topology": inverter.topology,
        "inverter_max_w": inverter.max_power,
        "inverter_max_phase_w": inverter.max_power_per_phase,
    }
    if inverter.output_measured:
        for phase in scenario.site.phases:
            form[f"inverter_{phase.lower()}"] = names.inverter(phase)
    return form


def _circuit_form(circuit: CircuitSpec, scenario: Scenario) -> dict[str, Any]:
    form: dict[str, Any] = {"name": circuit.id, "limit_a": circuit.limit}
    if circuit.parent != MAIN:
        form["parent"] = circuit.parent
    if circuit.measured:
        for phase in scenario.site.phases:
            form[f"meter_{phase.lower()}"] = names.circuit(circuit.id, phase)
    return form


def _load_form(load: LoadSpec, circuit: str) -> dict[str, Any]:
    form: dict[str, Any] = {
        "name": load.id,
        "circuit": "" if circuit == MAIN else circuit,
        "mode": load.mode,
        "priority": load.priority,
        **_legs(load.phases),
    }
    if load.type == "charger":
        if load.allow_remap:
            form["allow_remap"] = True
        return form | {
            "devid": load.id,
            "connector": 1,
            "rate_unit": "A",  # and nobody told it anything before
            "layers": "2",
            "clear_first": False,
            "min_current_a": load.min_current,
            "max_current_a": load.max_current,
        }
    return form | {
        "switch": names.switch(load.id),
        "power_w": load.power,
        "power_entity": names.plug_power(load.id),
        "essential": load.essential,
    }


def _legs(wired: Mapping[str, str]) -> dict[str, str]:
    return {f"leg_{leg.lower()}": wired.get(leg, NOT_WIRED) for leg in LEGS}
