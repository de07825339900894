"""The entities of loads that are searched for instead of named in their forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from ..discovery.charger import ChargerEntities
from ..discovery.forms import found_and_missing
from ..loads.kinds import KINDS_OF_LOADS
from ..measure.lookup import NO_VALUE
from ..snapshot import Snapshot
from .build import NOTHING_FOUND
from .node import Node
from .parse import Refused, parse

Nodes = Mapping[str, Node]
"""The nodes by what names their automation."""


class Finding:
    """Keeps what was found: `found`, by node. Methods answer whether that has changed."""

    def __init__(self) -> None:
        """Start with nothing found."""
        self.found: dict[str, ChargerEntities] = {}
        self._answered_by: str | None = None

    def unsearched(self, nodes: Nodes) -> bool:
        """Whether a load that is searched for was never searched for, as after a restart."""
        return any(
            node.of_load and node.of_load.discovery and key not in self.found
            for key, node in nodes.items()
        )

    def answered(self, entry: str | None) -> bool:
        """Note which entry of the OCPP integration gets calls now; `None`: not known."""
        if entry == self._answered_by:
            return False
        self._answered_by = entry
        self.found = {key: replace(one, answered_by=entry) for key, one in self.found.items()}
        return True

    def look(self, nodes: Nodes, states: Snapshot) -> bool:
        """Search the `states` of all entities for those of loads that are searched for.

        Entities that were found stay while nothing fits: they may be missing for a moment only.
        """
        before, kinds = dict(self.found), KINDS_OF_LOADS.items()
        finders = {name: kind.discovery.finder(states) for name, kind in kinds if kind.discovery}
        for key, node in nodes.items():
            if find := finders.get(node.form.kind):
                old, new = before.get(key, NOTHING_FOUND), find(node.form.values)
                if new.name is not None or key not in before:
                    identity = new.identity or old.identity
                    answered_by = self._answered_by
                    self.found[key] = replace(new, identity=identity, answered_by=answered_by)
        return self.found != before

    def identify(self, nodes: Nodes, snapshot: Snapshot) -> bool:
        """Note the identity of charge points as soon as one of their sensors shows it."""
        before = dict(self.found)
        for key, node in nodes.items():
            if node.of_load is None or node.of_load.discovery is None:
                continue
            found = before.get(key, NOTHING_FOUND)
            for entity in node.of_load.discovery.identities(node.form.values, found):
                state = snapshot.get(entity)
                if state and state.value.lower() not in NO_VALUE:
                    self.found[key] = replace(found, identity=state.value.strip())
                    break
        return self.found != before


def entities_of(
    kind: str, data: Mapping[str, Any], states: Snapshot, look: Callable[[Snapshot], None]
) -> dict[str, Any]:
    """The entities of a form for the answer to its registration: `found`, `why`, `missing`.

    `states` are those of all entities, among which `look` searches for those of all forms. A form
    that can't be read has no entities.
    """
    if kind not in KINDS_OF_LOADS:
        return {}
    try:
        form = parse(kind, data)
    except Refused:
        return {"found": {}, "why": {}, "missing": []}
    found, discovery = None, KINDS_OF_LOADS[kind].discovery
    if discovery is not None:
        look(states)
        found = discovery.finder(states)(form.values)
    return found_and_missing(form.values, found, states)
