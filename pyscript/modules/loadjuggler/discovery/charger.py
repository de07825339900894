"""Finds the entities of an OCPP charger from its id or name, and says what is missing.

What an entity is, and of which charger, is known from the registry, where the OCPP integration has
named it for good; without that from its id or friendly name, in the integration's own words.
Source: docs/product.md section 8, docs/decisions/0022.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from ..site.slug import loosely, slug
from ..snapshot import Snapshot
from ..units import LEGS
from . import roles, similar
from .charge_points import Candidate, ChargePoint, charge_points, matching, spellings
from .roles import ROLES, Role, checked, objection

EACH = ""
"""Stands for the central system that gets calls where each call goes to the charger's own one."""


_NO_OFFER = "Current offered: {there}; nothing depends on it."


@dataclass(frozen=True, slots=True)
class ChargerEntities:
    """The entities of a charger by the name of their role, and `why` each was taken.

    - `name`: the beginning of its entities' ids; `None`: no charge point fits.
    - `identity`: its name in the OCPP integration; `None`: not known yet.
    - `missing`: sentences about what was not found.
    - `rejected`: entities whose names fit, but which can't be used.
    - `others`: what the integration calls the other charge points of its central system.
    - `entry`: the entry of the OCPP integration, that is the central system, to which the charger
      belongs; "": not known. `strangers`: charge points of other central systems.
    - `answered_by`: the entry whose central system gets calls now; `EACH`: that of the charger
      that a call names; `None`: not known.
    - `called`: what its user calls it in the integration, letter for letter; `None`: not known.
    """

    name: str | None = None
    identity: str | None = None
    entities: Mapping[str, str] = field(default_factory=dict)
    why: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    rejected: frozenset[str] = frozenset()
    others: tuple[str, ...] = ()
    entry: str = ""
    strangers: tuple[str, ...] = ()
    answered_by: str | None = None
    called: str | None = None

    @property
    def astray(self) -> bool:
        """Whether calls go to another central system, which would give them to its own chargers.

        The OCPP integration has one set of services, which the central system that was set up last
        takes over (up to v0.11.1). Where there are several and it can't be told which, that is so,
        too. From v0.11.2 on each call goes to the central system of the charger that it names.
        """
        if not self.entry or self.answered_by in (self.entry, EACH):
            return False
        return self.answered_by is not None or bool(self.strangers)

    @property
    def mistaken_for(self) -> str:
        """Another charge point that a call for this one might reach; "": none.

        The OCPP integration takes a name in a call first for what it calls a charger, which is how
        the ids of its entities begin, then for the charger's own id (`identity`). It gives a call
        for a name that it does not know to the first charger that there is (up to v0.11.1).
        """
        if self.in_calls != self.identity:
            return ""
        if self.identity is None:
            return self.others[0] if self.others else ""
        name = slug(self.identity, "")
        return name if name in self.others else ""

    @property
    def in_calls(self) -> str | None:
        """Its name in calls; `None`: not known.

        From v0.11.2 on a charger's own id may be that of another one in another central system, and
        such a call is refused. What users call their chargers is different for each, and it is
        looked for first.
        """
        return self.called if self.answered_by == EACH and self.called else self.identity

    def of(self, role: Role) -> tuple[str, ...]:
        """The entity found for a role, if there is one."""
        return (self.entities[role.name],) if role.name in self.entities else ()

    def legs(self, wired: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
        """(leg, entity) of each wired leg; empty if a leg has none, or one entity has all legs."""
        found = tuple((leg, self.entities.get(roles.OF_LEGS[leg].name)) for leg in wired)
        good = tuple((leg, entity) for leg, entity in found if entity)
        return good if len(good) == len(wired) else ()


def find_charger(
    states: Snapshot,
    devid: str,
    connector: int,
    legs: tuple[str, ...] = LEGS,
    chosen: Mapping[str, str] | None = None,
    points: list[ChargePoint] | None = None,
) -> ChargerEntities:
    """The entities of connector `connector` of the charger `devid`.

    - `states`: of all entities in Home Assistant.
    - `devid`: charge point id or name, as the user typed it.
    - `legs`: those that are wired. `chosen`: entities that the form names, by role.
    - `points`: the charge points among the states, if they are known already.
    """
    chosen = chosen or {}
    why = dict.fromkeys(chosen, "The form names it.")
    objections = _objections(states, chosen)
    points = charge_points(states) if points is None else points
    fitting = matching(points, devid)
    if len(fitting) != 1:
        lost = (_no_one(states, devid, points, fitting, chosen), *objections)
        return ChargerEntities(None, None, chosen, why, lost)
    point = fitting[0]
    others = tuple(p.name for p in points if p is not point and _together(p, point))
    strangers = tuple(p.name for p in points if not _together(p, point))
    found = partial(
        ChargerEntities,
        *(point.name, point.identity),
        others=others,
        entry=point.entry,
        strangers=strangers,
        called=point.called,
    )
    wrong = _wrong_connector(point, connector)
    if wrong:
        return found(entities=chosen, why=why, missing=(wrong, *objections))
    taken: dict[str, Candidate] = {}
    rejected: dict[str, str] = {}
    for role in ROLES:
        if role.name not in chosen:
            _look_for(point, role, connector, taken, rejected)
    _one_or_each(taken, legs)
    entities = {role: one.entity for role, one in taken.items()} | dict(chosen)
    return found(
        entities=entities,
        why={role: _why(one) for role, one in taken.items()} | why,
        missing=(
            *_missing(entities, legs, _questions(states, point, points, entities)),
            *objections,
            *rejected.values(),
            *_unsure(point, devid, others),
        ),
        rejected=frozenset(rejected) - set(entities.values()),
    )


def _together(one: ChargePoint, two: ChargePoint) -> bool:
    """Whether two charge points may belong to one central system."""
    return not one.entry or not two.entry or one.entry == two.entry


def _objections(states: Snapshot, chosen: Mapping[str, str]) -> list[str]:
    """Errors of the entities that the form names, a sentence each."""
    found = []
    for name, entity in chosen.items():
        role = next(role for role in ROLES if role.name == name)
        state = states.get(entity)
        if state is None:
            found.append(f"{entity}, which the form names for the {role.what}, is not there.")
        elif reason := objection(role, entity, state):
            found.append(reason)
    return found


def _unsure(point: ChargePoint, devid: str, others: tuple[str, ...]) -> list[str]:
    """The sentence that the charge point's name in calls is not certain, if that is so."""
    if others and not point.identity:
        return [
            f"Charge point id: {point.name} does not say what it is called in the OCPP "
            f"integration, so a call for it might reach {others[0]}. Nothing is sent until it does."
        ]
    if point.identity or devid.strip() == point.name:
        return []
    return [
        f"Charge point id: {point.name} does not say what it is called in the OCPP integration; "
        f"until it does, it is called '{devid.strip()}', as the form says."
    ]


def _look_for(
    point: ChargePoint,
    role: Role,
    connector: int,
    taken: dict[str, Candidate],
    rejected: dict[str, str],
) -> None:
    """Put the best entity for a role into `taken`, and unusable ones into `rejected`."""
    places: tuple[int | None, ...] = (None,)
    if role.per_connector:
        # An entity without a connector in its name belongs to the first one.
        places = (connector, None) if connector == 1 else (connector,)
    for place in places:
        for candidate in point.of(role, place):
            reason = objection(role, candidate.entity, candidate.state)
            if reason:
                rejected[candidate.entity] = reason
        best = point.usable(role, place)
        if best:
            taken[role.name] = best
            return


def _one_or_each(taken: dict[str, Candidate], wired: tuple[str, ...]) -> None:
    """Keep one current entity with all legs as attributes, or one entity for each leg.

    An entity without such attributes has only the mean, so entities of legs are better.
    """
    whole = taken.get(roles.CURRENT_IMPORT.name)
    each = [roles.OF_LEGS[leg].name for leg in LEGS]
    complete = all(roles.OF_LEGS[leg].name in taken for leg in wired)
    shown = whole.state.attributes if whole is not None else {}
    by_attribute = any(leg in shown or f"{leg}-N" in shown for leg in LEGS)
    if by_attribute or not complete:
        for name in each:
            taken.pop(name, None)
    elif whole is not None:
        del taken[roles.CURRENT_IMPORT.name]


def _why(found: Candidate) -> str:
    """The sentence why an entity was taken."""
    role = found.named.role
    if found.state.known is not None:
        named = f"The OCPP integration has made it as {role.keys[0]}"
    elif found.by_id:
        end = next(key for key in role.keys if key in found.entity)
        named = f"Its id ends in {end}"
    else:
        named = f"It is called '{found.state.attributes.get('friendly_name')}'"
    return f"{named} ({checked(role, found.state)})."


def _questions(
    states: Snapshot, point: ChargePoint, points: list[ChargePoint], entities: Mapping[str, str]
) -> Callable[[Role], str]:
    """For a role that is missing: which entities look like it, and are not used otherwise."""
    of_points = {one.entity for other in points for one in other.candidates}
    taken = of_points | set(entities.values())
    return lambda role: similar.question(states, role, spellings(point), taken)


def _missing(
    entities: Mapping[str, str], legs: tuple[str, ...], asked: Callable[[Role], str]
) -> list[str]:
    """Sentences about what was not found, what is used instead, and what may be `asked`."""
    found = []
    if roles.STATUS.name not in entities:
        found.append(
            "Status: the status of the connector was not found; a car counts as there only while "
            f"it draws current.{asked(roles.STATUS)}"
        )
    measured = [roles.CURRENT_IMPORT.name, *(roles.OF_LEGS[leg].name for leg in legs)]
    power = entities.get(roles.POWER_IMPORT.name)
    if not any(name in entities for name in measured):
        found.append(
            (
                f"Current import: not found; it is worked out from the power ({power}), the "
                "voltage and the legs in use."
                if power
                else "Current import: not found, and no power import either; what the charger "
                "takes can't be told from the house."
            )
            + asked(roles.CURRENT_IMPORT)
        )
    if roles.TRANSACTION.name not in entities:
        found.append(
            "Transaction id: not found; limits are not for the session, but for all sessions."
            + asked(roles.TRANSACTION)
        )
    if roles.CURRENT_OFFERED.name not in entities:
        offered = entities.get(roles.POWER_OFFERED.name)
        there = f"not found, {offered} tells it as power" if offered else "not found"
        found.append(_NO_OFFER.format(there=there))
    return found


def _wrong_connector(point: ChargePoint, connector: int) -> str | None:
    """The error if the charge point does not have this connector; `None`: it has."""
    known = point.connectors or (1,)
    alone = connector == 1 and any(found.named.connector is None for found in point.candidates)
    if connector in known or alone:
        return None
    shown = ", ".join(str(one) for one in known)
    return (
        f"Connector: {point.name} has no connector {connector}, only {shown}. After a change in "
        "the OCPP integration its entry must be reloaded."
    )


def _no_one(
    states: Snapshot,
    devid: str,
    points: list[ChargePoint],
    fitting: list[ChargePoint],
    chosen: Mapping[str, str],
) -> str:
    """Why no charge point was taken, and what may be meant."""
    if fitting:
        names = ", ".join(point.name for point in fitting)
        return f"Charge point id: '{devid}' fits more than one charge point: {names}."
    if not points:
        asks = roles.STATUS.name not in chosen
        names_of = (loosely(devid),)
        there = (
            similar.question(states, roles.STATUS, names_of, tuple(chosen.values())) if asks else ""
        )
        return (
            f"Charge point id: nothing of '{devid}' was found, nor of any other charge point; has "
            f"it ever connected to the OCPP integration?{there}"
        )
    names = ", ".join(point.name for point in points)
    meant = similar.meant(devid, points)
    return f"Charge point id: no charge point fits '{devid}'.{meant} There are: {names}."
