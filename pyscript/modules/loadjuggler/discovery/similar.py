"""What may be meant where nothing fits: names alike, and entities that look like those missing.

Nothing of this is used by itself: a sentence names it, with the field of the form that takes it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches

from ..site.slug import loosely
from ..snapshot import EntityState, Registered, Snapshot
from . import roles
from .charge_points import ChargePoint, spellings
from .roles import Role, objection

ALIKE = 0.7
"""Names are alike if 70 % of their letters are the same, in the same order (difflib's ratio)."""


MOST = 3
"""So many entities are named at most."""


STATUSES = frozenset(
    (
        *("available", "preparing", "charging", "suspendedevse", "suspendedev"),
        *("finishing", "reserved", "unavailable", "faulted"),
    )
)
"""What the status of a connector says (OCPP 1.6, 7.7)."""


FIELDS: Mapping[Role, str] = {
    roles.STATUS: "Status",
    roles.CURRENT_IMPORT: "Current",
    roles.TRANSACTION: "Transaction id",
}
"""The field of the form that takes what is missing of a role."""


_WORDS: Mapping[Role, tuple[str, ...]] = {
    roles.CURRENT_IMPORT: ("current", "strom", "tok", "ampere"),
    roles.TRANSACTION: ("transaction", "transaktion", "transakcij", "session", "sitzung", "seja"),
}
"""Words of names, in English, German and Slovenian, as `loosely` has them."""


def with_registered(
    states: Snapshot, rows: Iterable[tuple[str, str, str, str]]
) -> dict[str, EntityState]:
    """`states`, with what the registry has of some entities: (id, unique id, entry, device)."""
    found = dict(states)
    for entity, unique_id, entry, device in rows:
        if state := states.get(entity):
            known = Registered(unique_id, entry, device)
            found[entity] = EntityState(state.value, state.attributes, state.reported_at, known)
    return found


def meant(typed: str, points: Iterable[ChargePoint]) -> str:
    """Ask for the charge point whose name is most like `typed`, as a sentence; "": none is."""
    by_spelling = {name: point.name for point in points for name in sorted(spellings(point))}
    close = get_close_matches(loosely(typed), by_spelling, 1, ALIKE)
    return f" Is {by_spelling[close[0]]} meant?" if close else ""


def looks_like(
    states: Snapshot, role: Role, names: Collection[str], taken: Collection[str]
) -> tuple[str, ...]:
    """Up to three entities that may be what is missing of a charger for `role`.

    `names` are its names, as `loosely` has them; `taken` are entities that are used already, of any
    charger. Words that name a current, say, count only beside the charger's own name; what has the
    value of a status needs no name, but those with the name come first.
    """
    found = []
    for entity, state in states.items():
        domain, _, rest = entity.partition(".")
        if domain != role.domain or entity in taken or objection(role, entity, state):
            continue
        called = loosely(f"{rest} {state.attributes.get('friendly_name', '')}")
        named = any(name in called for name in names)
        if role is roles.STATUS:
            # Home Assistant writes "unavailable" for no state; the charger begins with a capital.
            fits = state.value.lower() in STATUSES and state.value[:1].isupper()
        else:
            fits = named and any(word in called for word in _WORDS.get(role, ()))
            fits &= bool(role.units) or state.value.strip().isdigit()
        if fits:
            found.append((not named, entity))
    return tuple([entity for _, entity in sorted(found)][:MOST])


def question(states: Snapshot, role: Role, names: Collection[str], taken: Collection[str]) -> str:
    """Ask for entities that may be a missing role, as sentences; "": there are none."""
    field = FIELDS.get(role)
    alike = looks_like(states, role, names, taken) if field else ()
    if not alike:
        return ""
    there = " or ".join(f"{entity} ({states[entity].value})" for entity in alike)
    return f" There is {there}: is it meant? Choose it under {field} in the form."
