"""From the form of an OCPP charger to how it is told, and to the entities that it is read by.

How it is told is what the form says, else what its make says (`presets`). An entity is the one that
the form names, else the one that was found, else the one that the integration usually makes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from ...discovery import charge_points, roles
from ...discovery.charger import ChargerEntities
from ...discovery.forms import find_for_form
from ...forms.common import NOT_WIRED
from ...site.controls import OcppControl, Telling
from ...site.model import Load, LoadSensors
from ...site.slug import slug
from ...snapshot import Snapshot
from ...units import LEGS
from ..kind import Values, Wiring
from .presets import BY_KEY, Value
from .telling import AS_PRESET

_SWITCHES = {
    "switch": (roles.CHARGE_CONTROL, ("charge_control",)),
    # The integration spells it with three n.
    "availability": (roles.AVAILABILITY, ("connnector_availability", "availability")),
}
"""By the way of pausing: the role of the switch that it needs, and its usual names."""

_PRESENCE = (roles.STATUS, roles.CURRENT_IMPORT, roles.TRANSACTION, roles.POWER_IMPORT)
"""The sensors that show whether a charger is there."""

_ENERGIES = (roles.TAKEN, roles.SESSION_ENERGY)


_CURRENTS = tuple((leg, f"current_{leg.lower()}_entity") for leg in LEGS)
"""The fields of the current of each leg."""


def wire(values: Values, found: ChargerEntities, voltage_v: float) -> Wiring:
    """How a charger is told and read.

    A charge point has two names, and one of them may be the other name of another charge point. So
    what no other form may have is told by the beginning of its entities' ids, once it is found.
    """
    told = telling(values, pausing_switches(values, found), voltage_v)
    control = OcppControl(
        *(values["devid"], int(values["connector"]), told, found.in_calls),
        mistaken_for=found.mistaken_for,
        astray=found.astray,
    )
    name = found.name or slug(values["devid"])
    return Wiring(
        control=control,
        sensors=charger_sensors(values, found),
        step_a=step_a(values),
        claims=((f"Charge point id: connector {control.connector} of {name}",),),
        reset_button=reset_button(values, found),
    )


def finder(states: Snapshot) -> Callable[[Values], ChargerEntities]:
    """A function from a form's values to what is found of its entities in `states`."""
    points = charge_points(states)
    return lambda values: find_for_form(states, values, points)


def _chosen(values: Mapping[str, Any], name: str) -> Value:
    """The value of a field: what the form says, else what the preset says."""
    given: Value | None = values[name]
    return BY_KEY[values["preset"]].value(name) if given in (None, AS_PRESET) else given


def step_a(values: Mapping[str, Any]) -> float:
    """A charger is told multiples of this, A."""
    return float(_chosen(values, "step_a"))


def _owners(values: Mapping[str, Any], found: ChargerEntities) -> tuple[str, ...]:
    """The charge point in ids of entities: as its entities have it, and as the form says it."""
    return tuple(dict.fromkeys(filter(None, (found.name, slug(values["devid"])))))


def _stems(values: Mapping[str, Any], owners: tuple[str, ...]) -> tuple[str, ...]:
    """How the ids of a connector's entities may begin after their domain, likeliest first.

    With several connectors the integration calls them `<domain>.<id>_connector_<n>_<key>`, with one
    `<domain>.<id>_<key>`. Example: `sensor.charger_connector_2_status`.
    """
    connector = int(values["connector"])
    stems = []
    for name in owners:
        stems.append(f"{name}_connector_{connector}_")
        if connector == 1:
            stems.append(f"{name}_")
    return tuple(stems)


def _best(of: tuple[str, ...], ids: Iterable[str], found: ChargerEntities) -> tuple[str, ...]:
    """Candidates in order: what was found, then the usual `ids`; what was rejected comes last."""
    ordered = tuple(dict.fromkeys((*of, *ids)))
    if not found.rejected:
        return ordered
    return tuple(sorted(ordered, key=lambda entity: entity in found.rejected))


def pausing_switches(values: Mapping[str, Any], found: ChargerEntities) -> tuple[str, ...]:
    """Candidates for the switch that pauses a charger; the first that exists is used.

    None if it is paused by its profile.
    """
    pause = str(_chosen(values, "pause_by"))
    if values["pause_entity"]:
        return (values["pause_entity"],)
    if pause not in _SWITCHES:
        return ()
    role, keys = _SWITCHES[pause]
    stems = _stems(values, _owners(values, found))
    ids = [f"switch.{stem}{key}" for key in keys for stem in stems]
    return _best(found.of(role), ids, found)


def reset_button(values: Mapping[str, Any], found: ChargerEntities) -> str | None:
    """The button that restarts a charger; `None` if the form does not allow that."""
    if not values["allow_reset"]:
        return None
    return (*found.of(roles.RESET), f"button.{found.name or slug(values['devid'])}_reset")[0]


def identities(values: Mapping[str, Any], found: ChargerEntities) -> tuple[str, ...]:
    """Candidates for the entity that shows the id by which the integration knows the charger."""
    owners = _owners(values, found)
    return (*found.of(roles.IDENTITY), *[f"sensor.{name}_id" for name in owners])


def charger_sensors(values: Mapping[str, Any], found: ChargerEntities) -> LoadSensors:
    """The sensors of a charger: those of the form, else those found, else those of usual names."""
    owners = _owners(values, found)
    stems = _stems(values, owners)
    candidates: dict[str, tuple[str, ...]] = {}
    presence: list[str] = []
    for role in _PRESENCE:
        of, usual = found.of(role), [f"sensor.{stem}{role.keys[0]}" for stem in stems]
        candidates[role.name] = _best(of, usual, found)
        presence += [*of, *usual]

    def chosen(field_name: str, role: roles.Role) -> tuple[str, ...]:
        return (values[field_name],) if values[field_name] else candidates[role.name]

    by_leg = tuple((leg, values[name]) for leg, name in _CURRENTS if values[name])
    if not by_leg and not values["current_entity"] and found.entities:
        wired = tuple(leg for leg in LEGS if values[f"leg_{leg.lower()}"] != NOT_WIRED)
        by_leg = found.legs(wired)
    current = chosen("current_entity", roles.CURRENT_IMPORT)
    if found.of(roles.POWER_IMPORT):
        # A rejected current would be tried before the power, which can be used.
        current = tuple(entity for entity in current if entity not in found.rejected)
    return LoadSensors(
        status=chosen("status_entity", roles.STATUS),
        current=current,
        current_by_leg=by_leg,
        power=chosen("power_entity", roles.POWER_IMPORT),
        transaction=chosen("transaction_entity", roles.TRANSACTION),
        presence=tuple(presence),
        offered=(
            *found.of(roles.CURRENT_OFFERED),
            *[f"sensor.{stem}{roles.CURRENT_OFFERED.keys[0]}" for stem in stems],
            *found.of(roles.POWER_OFFERED),
        ),
        energy=(
            *[entity for role in _ENERGIES for entity in found.of(role)],
            *[f"sensor.{stem}{role.keys[0]}" for role in _ENERGIES for stem in stems],
        ),
        session_limit=(
            *found.of(roles.SESSION_LIMIT),
            *[f"number.{stem}{roles.SESSION_LIMIT.keys[0]}" for stem in stems],
        ),
        latency=(*found.of(roles.LATENCY), *[f"sensor.{name}_latency_ping" for name in owners]),
        signs=(
            *found.of(roles.HEARTBEAT),
            *identities(values, found),
            *[f"sensor.{name}_{key}" for name in owners for key in ("heartbeat", "status")],
        ),
    )


def telling(values: Mapping[str, Any], switches: tuple[str, ...], voltage_v: float) -> Telling:
    """How a charger is told, by its form; `voltage_v` is the nominal voltage of the site.

    By OCPP 2.0.1 a session has a name instead of a number, and the integration can neither clear
    profiles of sessions nor ask for units. So there it is one TxDefaultProfile without end, in A
    unless the form says W (docs/decisions/0017).
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
        asks_levels=False,
        clear_first=False,
    )


def _by_1_6(values: Mapping[str, Any], switches: tuple[str, ...], voltage_v: float) -> Telling:
    """How a charger is told by OCPP 1.6."""
    pause = str(_chosen(values, "pause_by"))
    return Telling(
        unit=str(_chosen(values, "rate_unit")),
        kind=str(_chosen(values, "profile_kind")),
        purpose=str(_chosen(values, "profile_purpose")),
        stack_level=int(_chosen(values, "stack_level")),
        layers=1 if _chosen(values, "layers") == "1" else 2,
        asks_levels=_chosen(values, "layers") == "auto",
        pause=pause,
        switches=switches,
        never_zero=values["pause_by"] == AS_PRESET and pause in _SWITCHES,
        voltage_v=voltage_v,
        count_phases=_chosen(values, "number_phases") == "auto",
        report_s=values["report_interval_s"],
        offline_s=values["offline_s"],
        clear_first=bool(values["clear_first"]),
    )


def with_neighbours(loads: Mapping[str, Load]) -> dict[str, Load]:
    """The loads by id; a charger whose station has another connector in use is not `alone`."""
    controls = [load.control for load in loads.values()]
    stations = [control.called for control in controls if isinstance(control, OcppControl)]
    found = dict(loads)
    for key, load in loads.items():
        control = load.control
        if isinstance(control, OcppControl) and stations.count(control.called) > 1:
            control = replace(control, telling=replace(control.telling, alone=False))
            found[key] = replace(load, control=control)
    return found
