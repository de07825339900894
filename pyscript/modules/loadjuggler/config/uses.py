"""One entity in two places of the forms: refused where that can't be.

Each form is compared with itself and with those before it: the site, then circuits, then loads.

    an entity        and again                          why that can't be
    measures         measures something else            one sensor on two phases hides one of them,
                                                        and 11 A too much may flow there
    acts             acts                               two loads would switch each other
    acts             measures, or sets a value          a setting shows what it was told, not what
                                                        flows; a load would be its own limit
    is one of ours   anything                           we would believe what we have said ourselves

What can be is left alone: a helper that sets the maximum of two chargers; on a site of one phase
the total power as the meter of that phase, and the inverter's output as the sun; the meter of a
load as the meter of the breaker that feeds nothing else; and the current and power of one load by
one sensor, as only one of them is read. Source: docs/decisions/0036.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ..forms.field import Field
from ..records import quick
from .kinds import KINDS
from .node import same_name
from .parse import Parsed

OURS = "sensor.loadjuggler_"
"""The ids of all entities of ours begin with this."""


_ONE_PHASE = (frozenset(("grid_a", "grid_total_entity")), frozenset(("inverter_a", "solar_entity")))
"""Fields of the site that are the same amount where there is one phase only."""


_ONE_READ = frozenset(("current_entity", "power_entity"))
"""Fields of a load of which only one is read."""


@quick
@dataclass(frozen=True, slots=True)
class _Use:
    """One place in which an entity is used: a field of a form."""

    form: Parsed
    spec: Field

    def clashes(self, other: _Use, now: Mapping[str, str]) -> bool:
        """Whether the entity can't be used in both places, as the table above says.

        `now` has, by earlier names of circuits, the names that they have now (keys).
        """
        uses = {self.spec.use, other.spec.use}
        if "" in uses or uses == {"sets"}:
            return False
        if uses == {"measures"} and self._may_be(other, now):
            return False
        return not (uses == {"acts"} and self._same_station(other))

    def _may_be(self, other: _Use, now: Mapping[str, str]) -> bool:
        """Whether both places may be measured by the same sensor."""
        names = frozenset((self.spec.name, other.spec.name))
        if self.form is other.form:
            alone = len(self.form.values.get("phases") or "ABC") == 1
            return names == _ONE_READ or (alone and names in _ONE_PHASE)
        kinds = {self.form.kind, other.form.kind}
        if "site" in kinds or "circuit" not in kinds or len(kinds) == 1:
            return False
        circuit, load = (self, other) if self.form.kind == "circuit" else (other, self)
        fed_by = same_name(load.form.values.get("circuit"))
        return now.get(fed_by, fed_by) == same_name(circuit.form.values["name"])

    def _same_station(self, other: _Use) -> bool:
        """Whether both are connectors of one charging station, which may share a switch."""
        station = self.form.values.get("devid")
        return bool(station) and station == other.form.values.get("devid")


@dataclass(slots=True)
class EntityUses:
    """Which entities the forms that were added use, and for what.

    `now` has, by earlier names of circuits, the names that they have now (keys).
    """

    now: Mapping[str, str] = field(default_factory=dict)
    _by_entity: dict[str, list[_Use]] = field(default_factory=dict)

    def errors(self, form: Parsed) -> list[str]:
        """What is wrong with the entities of `form`, a sentence each, in the order of the form."""
        found, own = [], EntityUses(self.now)
        for entity, use in _uses(form):
            if entity.startswith(OURS):
                found.append(f"{use.spec.label}: {entity} is made by Load Juggler itself.")
            known = [*own._by_entity.get(entity, ()), *self._by_entity.get(entity, ())]
            clash = next((one for one in known if use.clashes(one, self.now)), None)
            if clash is not None:
                found.append(_sentence(entity, use, clash))
            own._by_entity.setdefault(entity, []).append(use)
        return found

    def add(self, form: Parsed) -> None:
        """Note the entities of a form that is in force."""
        for entity, use in _uses(form):
            self._by_entity.setdefault(entity, []).append(use)


_ENTITIES = {
    kind.name: [spec for spec in kind.fields if spec.type == "entity"] for kind in KINDS.values()
}
"""By kind of form its fields that name an entity."""


def _uses(form: Parsed) -> Iterator[tuple[str, _Use]]:
    """The entities that a form names, and where."""
    for spec in _ENTITIES[form.kind]:
        if form.values[spec.name]:
            yield form.values[spec.name], _Use(form, spec)


def _sentence(entity: str, use: _Use, clash: _Use) -> str:
    """Why `entity` can't be used there, in the words of the forms."""
    label, other = use.spec.label, clash.spec.label
    if use.form is clash.form:
        text = f"{label}: {entity} is used as '{other}' already."
        legs = use.spec.name.startswith("current_l") and clash.spec.name.startswith("current_l")
        return f"{text} One sensor for all legs goes into 'Current'." if legs else text
    text = f"{label}: {entity} is used by '{clash.form.values['name']}' already"
    return f"{text}." if label == other else f"{text}, as '{other}'."
