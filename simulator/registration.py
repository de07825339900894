"""A scenario to the engine's Site, by the same forms that the blueprints send."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from loadjuggler import contract, wiring
from loadjuggler.fields import KINDS, NOT_WIRED
from loadjuggler.model import Site
from loadjuggler.modes import MODES
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
    errors = _not_yet(scenario)
    nodes = []
    for kind, name, form in () if errors else forms(scenario):
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


def _not_yet(scenario: Scenario) -> list[str]:
    """What the scenario asks for and the engine has not learned, by the engine's own tables."""
    unknown: dict[str, list[str]] = {}
    for load in scenario.loads:
        if load.mode not in MODES:
            unknown.setdefault(load.mode, []).append(load.id)
    errors = [
        f"{scenario.name}: mode: this version has no mode {mode} yet ({', '.join(loads)}); "
        f"it has {', '.join(MODES)}"
        for mode, loads in unknown.items()
    ]
    forbidden = scenario.battery is not None and not scenario.site.allow_grid_charging
    if forbidden and not _has_field("site", "allow_grid_charging"):
        errors.append(
            f"{scenario.name}: site.allow_grid_charging: this version can't forbid it yet"
        )
    errors += [
        f"{scenario.name}: loads.{load.id}.essential: this version has no essential {load.type}"
        for load in scenario.loads
        if load.essential and not _has_field(load.type, "essential")
    ]
    return errors


def _has_field(kind: str, name: str) -> bool:
    return any(field.name == name for field in KINDS[kind].fields)


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
    }
    return form | {f"grid_{phase.lower()}": names.grid(phase) for phase in site.phases}


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
        return form | {
            "devid": load.id,
            "connector": 1,
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
