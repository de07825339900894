"""Roles of an OCPP charger's entities: their names, and the units that they must have.

The OCPP integration names its entities after OCPP's own words, with underscores for dots:
`sensor.<id>_<key>`, with more than one connector `sensor.<id>_connector_<n>_<key>`. Example:
`Current.Import` of connector 2 is `sensor.garage_connector_2_current_import`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from ..measure.lookup import NO_VALUE
from ..measure.numbers import number
from ..snapshot import EntityState
from ..units import LEGS

CURRENT = ("A", "mA")


POWER = ("W", "kW", "MW")


VOLTAGE = ("V", "kV", "mV")


ENERGY = ("Wh", "kWh", "MWh", "GWh", "J", "kJ", "MJ", "GJ", "varh", "kvarh", "VAh", "kVAh")


NOT_OF_CLASS = {"A": "current", "mA": "current", **dict.fromkeys(POWER, "power")}
"""The device class that an entity with this unit must have, if it has one."""


@dataclass(frozen=True, slots=True)
class Role:
    """What an entity is for; `what` is that in words.

    - `keys`: ends of its id or name, the usual one first.
    - `units`: it must have one of these; empty: it must have none.
    - `per_connector`: a station with several connectors has one for each.
    """

    name: str
    what: str
    keys: tuple[str, ...]
    units: tuple[str, ...] = ()
    domain: str = "sensor"
    per_connector: bool = True


def _of_leg(leg: str) -> Role:
    small = leg.lower()
    keys = (f"current_import_{small}", f"current_import_phase_{small[1]}", f"current_{small}")
    return Role(f"current_import_{small}", f"current import of {leg}", keys, CURRENT)


STATUS = Role("status", "status of the connector", ("status_connector",))


CURRENT_IMPORT = Role("current_import", "current import", ("current_import",), CURRENT)


OF_LEGS = {leg: _of_leg(leg) for leg in LEGS}


CURRENT_OFFERED = Role("current_offered", "current offered", ("current_offered",), CURRENT)


POWER_IMPORT = Role("power_import", "power import", ("power_active_import",), POWER)


POWER_OFFERED = Role("power_offered", "power offered", ("power_offered",), POWER)


VOLTS = Role("voltage", "voltage", ("voltage",), VOLTAGE)


TAKEN = Role("energy", "energy", ("energy_active_import_register",), ENERGY)


SESSION_ENERGY = Role("energy_session", "energy of the session", ("energy_session",), ENERGY)
"""The integration (0.11) shows the energy here only if a session's meter begins with 0."""


TRANSACTION = Role("transaction", "transaction id", ("transaction_id",))


SESSION_LIMIT = Role(
    "session_limit", "session current limit", ("session_current_limit",), CURRENT, "number"
)
"""A number by which a user limits the session that runs (from v0.12 of the integration on)."""


CHARGE_CONTROL = Role("charge_control", "switch for charging", ("charge_control",), (), "switch")


AVAILABILITY = Role(
    "availability",
    "switch for availability",
    # The integration itself spells the first one so.
    ("connnector_availability", "connector_availability", "availability"),
    (),
    "switch",
)


RESET = Role("reset", "button for a reset", ("reset",), (), "button", per_connector=False)


HEARTBEAT = Role("heartbeat", "heartbeat", ("heartbeat",), per_connector=False)


LATENCY = Role(
    "latency", "latency of its connection", ("latency_ping",), ("ms", "s"), per_connector=False
)


IDENTITY = Role("identity", "identity of the charge point", ("id",), per_connector=False)


ROLES = (
    STATUS,
    CURRENT_IMPORT,
    *OF_LEGS.values(),
    CURRENT_OFFERED,
    POWER_IMPORT,
    POWER_OFFERED,
    VOLTS,
    TAKEN,
    SESSION_ENERGY,
    TRANSACTION,
    SESSION_LIMIT,
    CHARGE_CONTROL,
    AVAILABILITY,
    RESET,
    HEARTBEAT,
    LATENCY,
    IDENTITY,
)


TELLING = (STATUS, TRANSACTION)
"""Roles that every charge point has, whatever it measures, and that nothing else has."""


_ENDS = tuple(f"_{key}" for role in ROLES for key in role.keys)


DOMAINS = tuple(dict.fromkeys(role.domain for role in ROLES))


@dataclass(frozen=True, slots=True)
class Named:
    """A name taken apart: role, owner, and connector (`None`: there is none in the name).

    `again` is the number that Home Assistant adds to a name that is taken; 1: there is none.
    """

    role: Role
    owner: str
    connector: int | None
    again: int = 1


@cache
def _patterns(domain: str) -> tuple[tuple[Role, re.Pattern[str]], ...]:
    """The roles of a domain with their patterns, the longest keys first."""
    ends = [(key, role) for role in ROLES if role.domain == domain for key in role.keys]
    ends.sort(key=lambda end: -len(end[0]))
    return tuple(
        (role, re.compile(rf"(.+?)(?:_connector_(\d+))?_{key}(?:_(\d))?")) for key, role in ends
    )


def read_name(domain: str, name: str) -> Named | None:
    """A name (small letters, underscores) taken apart; `None`: it is of no role."""
    if not (name.endswith(_ENDS) or name[:-2].endswith(_ENDS)):
        return None  # this is so for most names, and faster than the patterns
    for role, pattern in _patterns(domain):
        found = pattern.fullmatch(name)
        if found:
            connector = int(found[2]) if found[2] else None
            return Named(role, found[1], connector, int(found[3] or 1))
    return None


def objection(role: Role, entity: str, state: EntityState) -> str | None:
    """The sentence why an entity with a fitting name can't be used for `role`; `None`: it can."""
    unit = state.attributes.get("unit_of_measurement")
    if not role.units:
        if unit:
            return f"{entity} is not used as {role.what}: it measures something, in {unit}."
        return None
    wanted = " or ".join(role.units[:2])
    if unit not in role.units:
        if unit is None and (state.value.lower() in NO_VALUE or number(state.value) is None):
            return None  # nothing was ever measured, so it has no unit yet
        shown = f"it is in {unit}" if unit else "it has no unit"
        return f"{entity} is not used as {role.what}: {shown}, and {wanted} is needed."
    kind = state.attributes.get("device_class")
    if kind is not None and kind != NOT_OF_CLASS.get(unit, kind):
        return f"{entity} is not used as {role.what}: its device class is {kind}."
    return None


def checked(role: Role, state: EntityState) -> str:
    """The unit and device class of an entity, for the sentence why it was taken."""
    attributes: Mapping[str, Any] = state.attributes
    found = [attributes.get("unit_of_measurement"), attributes.get("device_class")]
    said = ", ".join(str(one) for one in found if one)
    if not role.units:
        return "no unit, as it should be"
    return said or "no unit yet: nothing was measured so far"
