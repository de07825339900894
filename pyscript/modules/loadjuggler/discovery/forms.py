"""Finds and checks the entities of a load's form, for the answer to its registration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..forms.common import NOT_WIRED
from ..measure.lookup import NO_VALUE, UNITS
from ..measure.numbers import number
from ..snapshot import EntityState, Snapshot
from ..units import LEGS
from . import roles
from .charge_points import ChargePoint
from .charger import ChargerEntities, find_charger

_CHOSEN = {
    "status_entity": roles.STATUS,
    "current_entity": roles.CURRENT_IMPORT,
    "current_l1_entity": roles.OF_LEGS["L1"],
    "current_l2_entity": roles.OF_LEGS["L2"],
    "current_l3_entity": roles.OF_LEGS["L3"],
    "power_entity": roles.POWER_IMPORT,
    "transaction_entity": roles.TRANSACTION,
}
"""Fields of an OCPP charger's form that name an entity, and the role of that."""


_A_OR_W = tuple(UNITS)


_MEASURES = {
    "setting_entity": ("setting", _A_OR_W),
    "current_entity": ("current", _A_OR_W),
    "current_l1_entity": ("current of L1", _A_OR_W),
    "current_l2_entity": ("current of L2", _A_OR_W),
    "current_l3_entity": ("current of L3", _A_OR_W),
    "power_entity": ("power", _A_OR_W),
}
"""Fields of other loads that name an entity with a unit: what it is, and the units allowed."""


_OTHERS = {"switch": "switch", "switch_entity": "switch", "status_entity": "status"}


def find_for_form(
    states: Snapshot, values: Mapping[str, Any], points: list[ChargePoint]
) -> ChargerEntities:
    """The entities that the form of an OCPP charger needs, among the states of all entities.

    `points` are the charge points among them.
    """
    wired = tuple(leg for leg in LEGS if values[f"leg_{leg.lower()}"] != NOT_WIRED)
    chosen = {role.name: values[name] for name, role in _CHOSEN.items() if values[name]}
    return find_charger(states, values["devid"], int(values["connector"]), wired, chosen, points)


def found_and_missing(
    values: Mapping[str, Any], found: ChargerEntities | None, states: Snapshot
) -> dict[str, Any]:
    """The entities of a load for the answer: `found` by role, `why`, and `missing` as sentences.

    `found` are the entities of a load that is searched for; `None`: the form names them all.
    """
    if found is not None:
        entities, why, missing = dict(found.entities), dict(found.why), list(found.missing)
        return {"found": entities, "why": why, "missing": missing}
    entities, missing = {}, []
    given = {field: values.get(field) for field in (*_MEASURES, *_OTHERS)}
    for field, entity in given.items():
        if not entity:
            continue
        role = field.removesuffix("_entity")
        state = states.get(entity)
        what = _MEASURES[field][0] if field in _MEASURES else _OTHERS[field]
        if state is None:
            missing.append(f"{entity}, which the form names for the {what}, is not there.")
            continue
        entities[role] = entity
        if field in _MEASURES:
            missing += _wrong_unit(what, entity, state, _allowed(field, values))
    return {
        "found": entities,
        "why": dict.fromkeys(entities, "The form names it."),
        "missing": missing,
    }


def _allowed(field: str, values: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The units that an entity may have; `None`: the form, or its options, say the unit."""
    if field == "setting_entity":
        says = values["setting_unit"] != "auto" or "select." in values[field]
        return None if says else _MEASURES[field][1]
    return _MEASURES[field][1]


def _wrong_unit(
    what: str, entity: str, state: EntityState, allowed: tuple[str, ...] | None
) -> list[str]:
    """The error if an entity has no unit that is `allowed`, as a list with one sentence or none."""
    unit = state.attributes.get("unit_of_measurement")
    if allowed is None or unit in allowed:
        return []
    if unit is None and (state.value.lower() in NO_VALUE or number(state.value) is None):
        return []
    shown = f"it is in {unit}" if unit else "it has no unit"
    return [f"{entity} can't be used as {what}: {shown}, and A, W or kW is needed."]
