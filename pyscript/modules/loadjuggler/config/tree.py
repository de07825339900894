"""The tree of breakers: which circuit hangs on which, by the names that their forms say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..site.model import MAIN, Circuit
from ..texts.wording import echoed
from . import energy
from .node import Node, earlier_names, same_name
from .parse import contradictions
from .parts import meter, setting, stray_meters
from .uses import EntityUses

MAIN_NAME = "main breaker"


def tree(
    head: Node,
    nodes: list[Node],
    uses: EntityUses,
    refused: dict[str, tuple[str, ...]],
    waiting: dict[str, str],
) -> tuple[dict[str, Circuit], dict[str, str]]:
    """(circuits by id, parents before children; ids of circuits by the keys of their names).

    The names that circuits had before are among the keys. Forms that are out are noted in `refused`
    and `waiting`.
    """
    phases = tuple(head.form.values["phases"])
    main = Circuit(
        MAIN,
        MAIN_NAME,
        setting(head.form, "main_breaker_a", "main_breaker_entity"),
        None,
        energy.main_meter(head.form, phases),
        float(head.form.values["reserve_a"]),
    )
    circuits, ids = {MAIN: main}, {"": MAIN, "main": MAIN, MAIN_NAME: MAIN}
    left, now = _named(nodes, ids, uses, refused, phases), earlier_names(nodes)
    above = {name: _called(node, now) for name, node in left.items()}
    while left:
        ready = [name for name in left if above[name] in ids]
        if not ready:
            break
        for name in ready:
            node = left.pop(name)
            values = node.form.values
            circuits[node.id] = Circuit(
                node.id,
                values["name"],
                setting(node.form, "limit_a", "limit_entity"),
                ids[above[name]],
                meter(node.form, "meter", phases, interval="meter_interval_s"),
                float(values["reserve_a"]),
            )
            ids[name] = node.id
    for name, node in left.items():
        circle = _circle(name, left, above)
        if circle:
            refused[node.form.node] = (f"Breaker above: a circle of breakers: {circle}.",)
        else:
            waiting[node.form.node] = f"waiting for {_parent(node)}"
    ids |= {name: ids[other] for name, other in now.items() if other in ids and name not in ids}
    return circuits, ids


def _named(
    nodes: list[Node],
    ids: Mapping[str, str],
    uses: EntityUses,
    refused: dict[str, tuple[str, ...]],
    phases: tuple[str, ...],
) -> dict[str, Node]:
    """Circuit forms by name; those with a name among `ids`, or meters too many, are refused."""
    named: dict[str, Node] = {}
    earlier = earlier_names(nodes)
    for node in nodes:
        name = node.form.values["name"]
        errors = stray_meters(node.form, "meter", phases)
        errors += [*contradictions(node.form.sure), *uses.errors(node.form)]
        if same_name(name) in ids or same_name(name) in named:
            errors.append(f"Name: there is a circuit called '{name}' already.")
        if errors:
            names = [MAIN_NAME, *(other.name for other in nodes if other is not node)]
            if same_name(_parent(node)) not in {*ids, *map(same_name, names), *earlier}:
                errors.append(unknown("Breaker above", _parent(node), names))
            refused[node.form.node] = tuple(errors)
        else:
            uses.add(node.form)
            named[same_name(name)] = node
    return named


def _parent(node: Node) -> str:
    return str(node.form.values["parent"] or "")


def _called(node: Node, now: Mapping[str, str]) -> str:
    """The key of the name that the breaker above a circuit has `now` (by its earlier names)."""
    name = same_name(_parent(node))
    return now.get(name, name)


def _circle(start: str, nodes: Mapping[str, Node], above: Mapping[str, str]) -> str | None:
    """The circle of parents that `start` leads to, as names with arrows; `None`: there is none.

    `above` has the key of the breaker above each of `nodes`.
    """
    way, at = [start], start
    while True:
        at = above[at]
        if at not in nodes:
            return None
        if at in way:
            return " → ".join(nodes[name].name for name in [*way, at])
        way.append(at)


def unknown(label: str, name: str, names: Iterable[str]) -> str:
    """The sentence that `names` are breakers, and `name`, which the field `label` says, is none."""
    there = list(names)
    verb = "is" if len(there) == 1 else "are"
    return f"{label}: '{echoed(name)}' is no breaker: {', '.join(there)} {verb}."
