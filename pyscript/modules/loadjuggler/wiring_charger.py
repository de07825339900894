"""How an OCPP charger is told, from its form: what it says, else what is known of its make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from .fields.presets import BY_KEY, Value
from .fields.telling import AS_PRESET
from .model import Load, OcppControl, Telling

_SWITCHES = {"switch": ("charge_control",), "availability": ("connnector_availability",)}
"""Keys of the integration's switches by connector; the second is spelt so there."""


def _chosen(values: Mapping[str, Any], name: str) -> Value:
    """The value of a field that a preset may set."""
    given: Value | None = values[name]
    return BY_KEY[values["preset"]].value(name) if given in (None, AS_PRESET) else given


def step_a(values: Mapping[str, Any]) -> float:
    """The steps in which a charger is told, A."""
    return float(_chosen(values, "step_a"))


def pausing_switches(devid: str, values: Mapping[str, Any]) -> tuple[str, ...]:
    """The switches by which a charger may be paused, the first there is to be used.

    `devid` is the charge point id as entity ids have it. With one connector they are
    `switch.<id>_<key>`, with more `switch.<id>_connector_<n>_<key>`.
    """
    pause, connector = str(_chosen(values, "pause_by")), int(values["connector"])
    if values["pause_entity"]:
        return (values["pause_entity"],)
    if pause not in _SWITCHES:
        return ()
    found = [f"switch.{devid}_connector_{connector}_{key}" for key in _SWITCHES[pause]]
    alone = {"switch": "charge_control", "availability": "availability"}[pause]
    return (*found, f"switch.{devid}_{alone}") if connector == 1 else tuple(found)


def telling(values: Mapping[str, Any], switches: tuple[str, ...], voltage_v: float) -> Telling:
    """How a charger is told; `voltage_v` is the site's nominal one.

    By OCPP 2.0.1 sessions have names, not numbers, and the integration can neither clear what is
    for them nor ask for units: there it is one profile for all sessions, in A unless it is set
    otherwise.
    """
    told = _by_1_6(values, switches, voltage_v)
    if values["ocpp_version"] == "1.6":
        return told
    return replace(
        told,
        version=values["ocpp_version"],
        unit="A" if told.unit == "auto" else told.unit,
        purpose="TxDefaultProfile" if told.purpose == "auto" else told.purpose,
        layers=1,
        clear_first=False,
    )


def _by_1_6(values: Mapping[str, Any], switches: tuple[str, ...], voltage_v: float) -> Telling:
    """How it is told by OCPP 1.6."""
    return Telling(
        unit=str(_chosen(values, "rate_unit")),
        kind=str(_chosen(values, "profile_kind")),
        purpose=str(_chosen(values, "profile_purpose")),
        stack_level=int(_chosen(values, "stack_level")),
        layers=int(_chosen(values, "layers")),
        pause=str(_chosen(values, "pause_by")),
        switches=switches,
        voltage_v=voltage_v,
        count_phases=_chosen(values, "number_phases") == "auto",
        report_s=values["report_interval_s"],
        offline_s=values["offline_s"],
        clear_first=bool(values["clear_first"]),
    )


def with_neighbours(loads: Mapping[str, Load]) -> dict[str, Load]:
    """Loads that know whether their charger has more than one connector in use."""
    controls = [load.control for load in loads.values()]
    stations = [control.devid for control in controls if isinstance(control, OcppControl)]
    found = dict(loads)
    for key, load in loads.items():
        control = load.control
        if isinstance(control, OcppControl) and stations.count(control.devid) > 1:
            control = replace(control, telling=replace(control.telling, alone=False))
            found[key] = replace(load, control=control)
    return found
