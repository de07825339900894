"""The registered forms, from the first announcement of a blueprint to the end of its automation.

The life of a form (of a load; breakers and the site differ where it says so):

```
              announced
                  │
      errors      ▼      names an unknown breaker
    ┌────────── parse, ──────────────┐
    ▼           wire                 ▼
 refused          │ good          waiting ──── the breaker is announced ───┐
    │             ▼                                                        ▼
    │         in force ◀───────────────────────────────────────────────────┘
    │          │     ▲
    │ off      ▼     │ on again
    │         asleep ┘                       a breaker does not sleep: it goes on protecting
    ▼
 gone for 30 s (`Options.gone_s`): forgotten, with its id
```

A load that was in force and is refused, or asleep, or forgotten, is `leaving`: `runtime/release`
puts it on its safe level. A refused breaker or site keeps its last good form (docs/decisions/0002).
When a conflict ends, or an automation goes missing, all blueprints are asked to announce themselves
again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..discovery.charger import ChargerEntities
from ..discovery.forms import found_and_missing
from ..loads.kinds import KINDS_OF_LOADS
from ..measure.lookup import NO_VALUE
from ..memory.serialise import shown
from ..options import Options
from ..site.model import Site
from ..snapshot import Snapshot
from . import notify
from .build import NOTHING_FOUND, Node, Wired, new_id, wire
from .parse import CONTRACT, Refused, envelope, parse

_GONE = ("unavailable", "unknown")


class Registry:
    """Keeps the forms in the order of their first registration.

    - `nodes`: the last good form of each node. `refused`: errors by node. `asleep`: nodes whose
      automation is switched off.
    - `wired`: the site that the forms make.
    - `found`: entities of loads that are searched for, by node.
    - `leaving`: loads that have left the plan, by id, with the site that they were part of. The
      controller takes them from here.
    """

    def __init__(self, options: Options) -> None:
        """Start with nothing registered."""
        self.options = options
        self.nodes: dict[str, Node] = {}
        self.refused: dict[str, tuple[str, ...]] = {}
        self.asleep: frozenset[str] = frozenset()
        self.wired: Wired = wire(())
        self.leaving: dict[str, Site] = {}
        self.found: dict[str, ChargerEntities] = {}
        self._ids: dict[str, str] = {}
        self._automation_of: dict[str, str] = {}
        self._announced_at: float | None = None
        self._gone_since: dict[str, float] = {}
        self._ask_again = False
        self._answered_by: str | None = None

    def register(self, kind: str, data: Mapping[str, Any], now: float) -> dict[str, Any]:
        """Take in a form (its fields by name); answers `ok`, `id`, `message`, `errors`, `waiting`.

        A form that contradicts others is refused, even if it was there first (docs/decisions/0005).
        A refused load leaves the plan; a refused breaker or site keeps its last good form (0002).
        """
        self._announced_at = now
        key, automation = envelope(data)
        if automation is not None:
            self._automation_of[key] = automation
        try:
            form = parse(kind, data)
        except Refused as refusal:
            return self._refuse(key, kind, tuple(refusal.errors))
        old = self.nodes.get(key)
        node = Node(form, self._id_for(key, kind, form.values["name"]))
        others = {other: kept for other, kept in self.nodes.items() if other != key}
        if old is None or old.form.values != form.values:
            self.found.pop(key, None)
        wired = wire(self._awake({**others, key: node}), self.found)
        errors = self._objections(key, old, wired)
        errors += tuple(notify.forbidden(form, self.options.notify_any > 0))
        if errors:
            return self._refuse(key, kind, errors)
        self._ask_again |= bool(self.refused.keys() - {key}) and (old is None or old != node)
        self.nodes[key], self._ids[key] = node, node.id
        self.refused.pop(key, None)
        self._gone_since.pop(key, None)
        self._rewire()
        waiting = wired.waiting.get(key)
        return {
            "ok": True,
            "id": node.id,
            "errors": [],
            "waiting": waiting or "",
            "message": waiting or f"{form.values['name']} is wired.",
        }

    def _id_for(self, key: str, kind: str, name: str) -> str:
        """The id that the node got at its first registration, or a new one."""
        old = self.nodes.get(key)
        if key in self._ids and (old is None or old.form.kind == kind):
            return self._ids[key]
        return new_id(name, (ident for other, ident in self._ids.items() if other != key))

    def _objections(self, key: str, old: Node | None, wired: Wired) -> tuple[str, ...]:
        """Why a form can't be taken in; empty: it can.

        It has errors of its own, it would put another form out of force, or it is a breaker in
        force whose new parent does not exist.
        """
        if key in wired.refused:
            return wired.refused[key]
        out_already = self.wired.refused.keys() | self.wired.waiting.keys()
        harmed = [other for other in wired.refused if other not in out_already]
        if harmed:
            return tuple(f"{self._name(k)} could not stay: {wired.refused[k][0]}" for k in harmed)
        in_force = old is not None and key not in self.wired.waiting
        if in_force and old and not old.of_load and key in wired.waiting:
            return (f"Breaker above: it would be {wired.waiting[key]}, which is not there.",)
        return ()

    def _refuse(self, key: str, kind: str, errors: tuple[str, ...]) -> dict[str, Any]:
        """Note a refusal: a load leaves the plan, a breaker or the site stays as it was."""
        self.refused[key or f"a {kind} without a name"] = errors
        node = self.nodes.get(key)
        if node is not None and node.of_load:
            del self.nodes[key]
            self._rewire()
        message = " ".join(errors)
        return {"ok": False, "id": "", "errors": list(errors), "waiting": "", "message": message}

    def _awake(self, nodes: Mapping[str, Node]) -> list[Node]:
        """The nodes without those that are asleep."""
        return [node for key, node in nodes.items() if key not in self.asleep]

    def _rewire(self) -> None:
        """Wire all forms again; loads that dropped out, or have a new control now, are leaving."""
        before = self.wired.site
        self.wired = wire(self._awake(self.nodes), self.found)
        after = self.wired.site.loads if self.wired.site else {}
        if before is not None:
            for load, old in before.loads.items():
                if load not in after or after[load].control != old.control:
                    self.leaving[load] = before
        for load, new in after.items():
            left = self.leaving.get(load)
            if left is not None and left.loads[load].control == new.control:
                del self.leaving[load]

    def sweep(self, snapshot: Snapshot, now: float) -> bool:
        """Look at all automations; answers whether to ask all blueprints to announce themselves.

        The load of an automation that is off falls asleep. A form whose automation has been gone
        for `Options.gone_s` is forgotten. Blueprints are asked when an automation goes missing, as
        it may have been renamed, and when a form that a refused one contradicted has changed.
        """
        discover, self._ask_again = self._ask_again, False
        asleep, forgotten = set(), False
        for key in [*self.nodes, *(key for key in self.refused if key not in self.nodes)]:
            automation = self._automation_of.get(key)
            if automation is None:
                continue
            state = snapshot.get(automation)
            if state is None or state.value in _GONE:
                discover |= key not in self._gone_since
                if now - self._gone_since.setdefault(key, now) >= self.options.gone_s:
                    self._forget(key)
                    forgotten = True
                continue
            self._gone_since.pop(key, None)
            node = self.nodes.get(key)
            if state.value == "off" and node and node.of_load:
                asleep.add(key)
        if frozenset(asleep) != self.asleep or forgotten:
            self.asleep = frozenset(asleep)
            self._rewire()
        return discover or (forgotten and bool(self.refused))

    def _forget(self, key: str) -> None:
        for kept in (self.nodes, self.refused, self._ids, self._automation_of, self._gone_since):
            kept.pop(key, None)
        self.found.pop(key, None)

    def unsearched(self) -> bool:
        """Whether a load that is searched for was never searched for, as after a restart."""
        return any(
            node.of_load and node.of_load.discovery and key not in self.found
            for key, node in self.nodes.items()
        )

    def answered(self, entry: str | None) -> None:
        """Note which entry of the OCPP integration gets calls now; `None`: not known."""
        if entry == self._answered_by:
            return
        self._answered_by = entry
        self.found = {key: replace(one, answered_by=entry) for key, one in self.found.items()}
        self._rewire()

    def look(self, states: Snapshot) -> None:
        """Search the `states` of all entities for those of loads that are searched for.

        Entities that were found stay while nothing fits: they may be missing for a moment only.
        """
        before, kinds = dict(self.found), KINDS_OF_LOADS.items()
        finders = {name: kind.discovery.finder(states) for name, kind in kinds if kind.discovery}
        for key, node in self.nodes.items():
            if find := finders.get(node.form.kind):
                old, new = before.get(key, NOTHING_FOUND), find(node.form.values)
                if new.name is not None or key not in before:
                    identity = new.identity or old.identity
                    answered_by = self._answered_by
                    self.found[key] = replace(new, identity=identity, answered_by=answered_by)
        if self.found != before:
            self._rewire()

    def identify(self, snapshot: Snapshot) -> None:
        """Note the identity of charge points as soon as one of their sensors shows it."""
        before = dict(self.found)
        for key, node in self.nodes.items():
            if node.of_load is None or node.of_load.discovery is None:
                continue
            found = before.get(key, NOTHING_FOUND)
            for entity in node.of_load.discovery.identities(node.form.values, found):
                state = snapshot.get(entity)
                if state and state.value.lower() not in NO_VALUE:
                    self.found[key] = replace(found, identity=state.value.strip())
                    break
        if self.found != before:
            self._rewire()

    def entities_of(self, kind: str, data: Mapping[str, Any], states: Snapshot) -> dict[str, Any]:
        """The entities of a form for the answer to its registration: `found`, `why`, `missing`.

        `states` are those of all entities. Entities that are found are used from now on. A form
        that can't be read has none.
        """
        if kind not in KINDS_OF_LOADS:
            return {}
        try:
            form = parse(kind, data)
        except Refused:
            return {"found": {}, "why": {}, "missing": []}
        found, discovery = None, KINDS_OF_LOADS[kind].discovery
        if discovery is not None:
            self.look(states)
            found = discovery.finder(states)(form.values)
        return found_and_missing(form.values, found, states)

    def ids(self) -> set[str]:
        """The ids of all nodes that are registered, asleep or refused."""
        return set(self._ids.values())

    def automations(self) -> set[str]:
        """Entity ids of the automations that the forms came from."""
        return set(self._automation_of.values())

    def complaints(self, now: float) -> list[str]:
        """Sentences about forms that are refused, or that wait for an unknown breaker.

        The latter only `Options.settle_s` after the last announcement: forms come in any order.
        """
        settled = self._announced_at is None or now - self._announced_at > self.options.settle_s
        found = [f"{self._name(key)}: {' '.join(errors)}" for key, errors in self.refused.items()]
        found += [f"{self._name(k)}: {' '.join(e)}" for k, e in self.wired.refused.items()]
        if settled:
            found += [
                f"{self._name(key)}: it is {text}, and no breaker of that name is in force."
                for key, text in self.wired.waiting.items()
                if self.wired.site is not None
            ]
        return found

    def _name(self, key: str) -> str:
        node = self.nodes.get(key)
        return f"{node.form.kind} '{node.form.values['name']}'" if node else f"automation {key}"

    def dump(self) -> list[dict[str, Any]]:
        """The forms as plain data."""
        return [
            {
                "kind": node.form.kind,
                "id": node.id,
                "data": {
                    "contract": CONTRACT,
                    "node": node.form.node,
                    "automation": node.form.automation or "",
                    **{key: value for key, value in node.form.values.items() if value is not None},
                },
            }
            for node in self.nodes.values()
        ]

    def load(self, data: Any) -> list[str]:
        """Take over the forms that `dump` gave; answers a warning for each that can't be used."""
        if not isinstance(data, list):
            return ["The stored registrations can't be read and are not used."]
        warnings = []
        for item in data:
            try:
                self._take_back(item)
            except (Refused, KeyError, TypeError, AttributeError, ValueError) as error:
                warnings.append(f"A stored registration can't be used: {_words(error)}")
        self._rewire()
        return warnings

    def _take_back(self, item: Any) -> None:
        """Take over one stored node; raises an error that `load` catches if it is damaged."""
        form, ident = parse(item["kind"], item["data"]), item["id"]
        if not isinstance(ident, str) or new_id(ident, ()) != ident:
            raise ValueError(f"{shown(ident)} is no id.")
        if form.node in self.nodes or ident in self._ids.values():
            raise ValueError(f"'{ident}' is there twice.")
        self.nodes[form.node] = Node(form, ident)
        self._ids[form.node] = ident
        if form.automation:
            self._automation_of[form.node] = form.automation


def _words(error: Exception) -> str:
    """An error as part of a sentence; that of other exceptions would be a bare name."""
    return str(error) if isinstance(error, Refused | ValueError) else f"{error!r}."
