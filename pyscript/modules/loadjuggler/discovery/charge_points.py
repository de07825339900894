"""The charge points in Home Assistant, by the ids and friendly names of their entities."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..measure.lookup import NO_VALUE
from ..site.slug import loosely, slug
from ..snapshot import EntityState, Registered, Snapshot
from .roles import DOMAINS, IDENTITY, TELLING, Named, Role, objection, read_name


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entity whose role is known from the registry or its id (`by_id`), or its friendly name."""

    entity: str
    state: EntityState
    named: Named
    by_id: bool

    @property
    def rank(self) -> tuple[bool, bool, int, int, str]:
        """Sort key, the best first: in use, known by its id, with the usual name."""
        left_over = bool(self.state.attributes.get("restored"))
        key = self.named.role.keys
        end = next((n for n, k in enumerate(key) if f"_{k}" in f"_{self.entity}"), len(key))
        return (left_over, not self.by_id, end, self.named.again, self.entity)


@dataclass
class ChargePoint:
    """A charge point: the beginning of its entities' ids (`name`), and these entities."""

    name: str
    candidates: list[Candidate] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    """Beginnings of the friendly names of its entities, as slugs."""

    @property
    def identity(self) -> str | None:
        """Its name in the OCPP integration, by the sensor that shows it; `None`: not known."""
        for found in self.of(IDENTITY, None):
            if found.state.value.lower() not in NO_VALUE:
                return found.state.value.strip() or None
        return None

    @property
    def called(self) -> str | None:
        """What its user calls it in the OCPP integration, letter for letter; `None`: not known.

        The unique ids of its entities begin with that: `ocpp.<name>.id.sensor`.
        """
        for found in self.of(IDENTITY, None):
            if found.state.known is not None:
                return _unique(found.entity, found.state.known).rpartition(".")[0] or None
        return None

    @property
    def entry(self) -> str:
        """The entry of the OCPP integration (its central system) that it belongs to; "": unknown.

        Entities that are made of others, as by a template, belong to none.
        """
        known = (found.state.known for found in self.candidates)
        return next((one.entry for one in known if one is not None), "")

    @property
    def connectors(self) -> tuple[int, ...]:
        """The connectors in the names of its entities; empty if it has only one."""
        named = {found.named.connector for found in self.candidates}
        return tuple(sorted(connector for connector in named if connector is not None))

    def of(self, role: Role, connector: int | None) -> list[Candidate]:
        """Entities for `role` of a connector (`None`: of the whole charge point), best first."""
        fitting = [
            found
            for found in self.candidates
            if found.named.role == role and found.named.connector == connector
        ]
        return sorted(fitting, key=lambda found: found.rank)

    def usable(self, role: Role, connector: int | None) -> Candidate | None:
        """The best entity for `role` without an objection; `None`: there is none."""
        return next(
            (f for f in self.of(role, connector) if not objection(role, f.entity, f.state)), None
        )


def charge_points(states: Snapshot) -> list[ChargePoint]:
    """All charge points among the states of all entities, in the order of their names."""
    found: dict[str, ChargePoint] = {}
    by_name: list[Candidate] = []
    for entity, state in states.items():
        domain, _, rest = entity.partition(".")
        if domain not in DOMAINS:
            continue
        if state.known is not None:
            _add_known(found, entity, state, state.known)
            continue
        by_id, by_friendly = read_name(domain, rest), _friendly(domain, state)
        if by_id:
            point = found.setdefault(by_id.owner, ChargePoint(by_id.owner))
            point.candidates.append(Candidate(entity, state, by_id, True))
            if by_friendly and by_friendly.role == by_id.role:
                point.names.add(by_friendly.owner)
        if by_friendly and not (by_id and by_id.role == by_friendly.role):
            by_name.append(Candidate(entity, state, by_friendly, False))
    _add_renamed(found, by_name)
    real = [p for p in found.values() if any(c.named.role in TELLING for c in p.candidates)]
    return sorted(real, key=lambda point: point.name)


_CONNECTOR = re.compile(r"\.conn(\d+)\.")
"""A connector in the unique id of an entity of the OCPP integration."""


def _add_known(
    found: dict[str, ChargePoint], entity: str, state: EntityState, known: Registered
) -> None:
    """Add an entity of which the registry says what it is, whatever its id is now.

    Its unique id is `ocpp.<name>.conn2.<key>.sensor`, and begins with the domain for others than
    sensors. Without a role it belongs to no list, whatever its id looks like.
    """
    domain, _, rest = entity.partition(".")
    unique = _CONNECTOR.sub(r"_connector_\1_", _unique(entity, known))
    named = read_name(domain, slug(unique, ""))
    if named is None:
        return
    point = found.setdefault(named.owner, ChargePoint(named.owner))
    point.candidates.append(Candidate(entity, state, named, True))
    renamed = read_name(domain, rest)
    names = {known.device, renamed.owner if renamed else ""}
    point.names |= {slug(name, "") for name in names if name}


def _unique(entity: str, known: Registered) -> str:
    """The unique id without what all have alike: `<name>.conn2.<key>`."""
    domain = entity.partition(".")[0]
    return known.unique_id.removeprefix(f"{domain}.").removeprefix("ocpp.").removesuffix(".sensor")


def _friendly(domain: str, state: EntityState) -> Named | None:
    """Role and owner by the friendly name of an entity; `None`: the name is of no role."""
    name = state.attributes.get("friendly_name")
    return read_name(domain, slug(name, "")) if isinstance(name, str) else None


def _add_renamed(found: dict[str, ChargePoint], by_name: list[Candidate]) -> None:
    """Add entities that are known only by their friendly names to the charge point in these."""
    known = {name: point for point in found.values() for name in point.names}
    known |= found
    for candidate in by_name:
        owner = candidate.named.owner
        point = known.setdefault(owner, ChargePoint(owner))
        found.setdefault(point.name, point)
        point.candidates.append(candidate)
        point.names.add(owner)


def matching(points: list[ChargePoint], typed: str) -> list[ChargePoint]:
    """The charge points that a user means by `typed`, in any spelling.

    By the ids of their entities; without a match by their identity; then by their friendly names
    and devices; then by all of these, spelled loosely.
    """
    wanted = slug(typed, "")
    kinds: tuple[Mapping[str, set[str]], ...] = (
        {point.name: {point.name} for point in points},
        {point.name: {slug(point.identity or "", "")} for point in points},
        {point.name: point.names for point in points},
    )
    for kind in kinds:
        fitting = [point for point in points if wanted and wanted in kind[point.name]]
        if fitting:
            return fitting
    wanted = loosely(typed)
    return [point for point in points if wanted and wanted in spellings(point)]


def spellings(point: ChargePoint) -> set[str]:
    """The names of a charge point, as `loosely` has them."""
    names = {point.name, point.identity or "", *point.names}
    return {loosely(name) for name in names if name}
