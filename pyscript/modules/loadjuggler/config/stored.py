"""Forms as plain data for the file, and back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..memory.serialise import shown
from .node import Node, is_id, same_name
from .parse import CONTRACT, Refused, parse


def plain(node: Node) -> dict[str, Any]:
    """A node as plain data."""
    form = node.form
    data = {
        "kind": form.kind,
        "id": node.id,
        "data": {
            "contract": CONTRACT,
            "node": form.node,
            "automation": form.automation or "",
            **{key: value for key, value in form.values.items() if value is not None},
        },
    }
    return {**data, "earlier": list(node.earlier)} if node.earlier else data


def node_of(item: Any) -> Node:
    """The node that `plain` gave; raises an error of those that `words` knows if it is damaged."""
    form, ident = parse(item["kind"], item["data"]), item["id"]
    if not is_id(ident):
        raise ValueError(f"{shown(ident)} is no id.")
    return Node(form, ident, _names(item.get("earlier", [])))


def _names(given: Any) -> tuple[str, ...]:
    """The keys of earlier names; raises ValueError for what is no list of names."""
    names = given if isinstance(given, list) else [None]
    if not all(isinstance(name, str) and name and same_name(name) == name for name in names):
        raise ValueError(f"{shown(given)} are no names.")
    return tuple(names)


def nodes_of(data: Iterable[Any]) -> tuple[list[Node], list[str]]:
    """(the nodes of a list of what `plain` gave, a warning for each that can't be used)."""
    found: list[Node] = []
    warnings = []
    for item in data:
        try:
            node = node_of(item)
            if any(node.id == other.id or node.form.node == other.form.node for other in found):
                raise ValueError(f"'{node.id}' is there twice.")
            found.append(node)
        except (Refused, KeyError, TypeError, AttributeError, ValueError) as error:
            warnings.append(f"A stored registration can't be used: {_words(error)}")
    return found, warnings


def _words(error: Exception) -> str:
    """An error as part of a sentence; that of other exceptions would be a bare name."""
    return str(error) if isinstance(error, Refused | ValueError) else f"{error!r}."
