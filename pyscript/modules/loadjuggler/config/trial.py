"""What would be if some forms were taken in: tried before anything in force is changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from ..discovery.charger import ChargerEntities
from ..loads.kinds import KINDS_OF_LOADS
from . import notify
from .build import Wired, wire
from .departed import DepartedLoads, device
from .kinds import KINDS
from .node import Node, new_id, same_name
from .parse import Parsed
from .tree import MAIN_NAME, unknown


@dataclass(frozen=True, slots=True)
class House:
    """What is in force: the nodes, those that are asleep, those whose automation is lost.

    `found` are the entities of loads that are searched for, `wired` is what all this makes;
    `any_action`: notifications may go to other actions than those of Home Assistant's notify;
    `departed`: loads that were deleted lately.
    """

    nodes: Mapping[str, Node]
    asleep: Collection[str]
    lost: Collection[str]
    found: Mapping[str, ChargerEntities]
    wired: Wired
    any_action: bool
    departed: DepartedLoads

    def in_force(self, key: str) -> bool:
        """Whether a form of this node is in force, or is asleep and was."""
        out = self.wired.refused.keys() | self.wired.waiting.keys()
        return key in self.nodes and key not in out


@dataclass(frozen=True, slots=True)
class Trial:
    """The house with some new `forms` (by node): its nodes, and what they make.

    `heirs` has, by node, the node whose automation is lost and whose place it takes.
    """

    forms: Mapping[str, Parsed]
    nodes: Mapping[str, Node]
    wired: Wired
    heirs: Mapping[str, str]


def tried(house: House, forms: Mapping[str, Parsed]) -> Trial:
    """The house with `forms` instead of those that are in force of these nodes.

    The new ones come last: where two contradict, the later one is refused.
    """
    nodes, heirs, found = dict(house.nodes), {}, dict(house.found)
    for key, form in forms.items():
        heir_of = None if key in nodes else _replaced_by(house, form)
        if heir_of is not None:
            heirs[key] = heir_of
        old = nodes.pop(heir_of or key, None)
        if old is None or old.form.values != form.values:
            found.pop(key, None)
        nodes[key] = _node(house, old, form, [node.id for node in nodes.values()])
    asleep = set(house.asleep) - forms.keys()  # who speaks is not asleep
    wired = wire([node for key, node in nodes.items() if key not in asleep], found)
    return Trial(forms, nodes, wired, heirs)


def _node(house: House, old: Node | None, form: Parsed, taken: list[str]) -> Node:
    """The node of `form`, with the id that its node got at its first registration."""
    if old is not None and old.form.kind == form.kind:
        return old.changed(form, old.id)
    name = str(form.values["name"])
    of_load = form.kind in KINDS_OF_LOADS
    known = house.departed.id_for(name, taken) if of_load else None
    return Node(form, known or new_id(name, taken))


def _replaced_by(house: House, form: Parsed) -> str | None:
    """The node whose automation is lost and whose place a new `form` takes; `None`: none.

    It was deleted and made again: it has the same name, and controls the same device, or there can
    be only one.
    """
    new = Node(form, "")
    for key in house.lost:
        node = house.nodes.get(key)
        if node is None or node.form.kind != form.kind:
            continue
        if form.kind == "site" or (node.key == new.key and device(node) == device(new)):
            return key
    return None


def objections(house: House, trial: Trial) -> tuple[str, ...]:
    """Why the forms of a trial can't be taken in; empty: they can, or they wait.

    They have errors of their own, or they would put another form out of force.
    """
    refused, waiting = trial.wired.refused, trial.wired.waiting
    own = [text for key in trial.forms for text in refused.get(key, ())]
    for form in trial.forms.values():
        own += notify.forbidden(form, house.any_action)
    if own or any(key in waiting for key in trial.forms):
        return tuple(own)
    others = [key for key in trial.nodes if key not in trial.forms and house.in_force(key)]
    return tuple(
        f"{trial.nodes[key].title} could not stay: {text}"
        for key in others
        for text in refused.get(key, (f"{waiting[key]}.",) if key in waiting else ())
    )


def further_errors(house: House, rest: Parsed) -> list[str]:
    """What is wrong with the fields of a refused form that could be read, a sentence each.

    An error that names a field which could not be read may come from what stands in for it.
    """
    fields = KINDS[rest.kind].by_name()
    labels = [fields[name].label.casefold() for name in rest.wrong]
    wired = tried(house, {rest.node: rest}).wired
    found = [*wired.refused.get(rest.node, ()), *notify.forbidden(rest, house.any_action)]
    if rest.node in wired.waiting and wired.site is not None:
        found += _without_breaker(house, rest)
    return [text for text in found if not any(one in text.casefold() for one in labels)]


def _without_breaker(house: House, form: Parsed) -> list[str]:
    """The error that no form has the name of the breaker that `form` names; none: one has."""
    field = KINDS[form.kind].field("parent" if form.kind == "circuit" else "circuit")
    circuits = [node for node in house.nodes.values() if node.form.kind == "circuit"]
    if any(node.key == same_name(form.values[field.name]) for node in circuits):
        return []
    return [unknown(field.label, form.values[field.name], [MAIN_NAME, *(c.name for c in circuits)])]
