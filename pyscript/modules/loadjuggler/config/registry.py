"""The registered forms: taken in, refused, put to sleep, forgotten, and wired into a site."""

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
from .build import NOTHING_FOUND, Node, Wired, new_id, wire
from .parse import CONTRACT, Refused, parse

_GONE = ("unavailable", "unknown")


class Registry:
    """Keeps the forms in the order of their first registration; `wired` is what they make.

    `leaving` holds loads that dropped out since they were last taken from it, with the site that
    they were part of.
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

    def register(self, kind: str, data: Mapping[str, Any], now: float) -> dict[str, Any]:
        """Take in a form; answers `ok`, `id`, `message`, `errors`, `waiting`.

        A form that contradicts others is refused, whoever was there first. A refused load leaves
        the plan. A refused breaker or site keeps its last good form (docs/decisions/0002).
        """
        self._announced_at = now
        key = str(data.get("node") or data.get("automation") or "").strip()
        if data.get("automation"):
            self._automation_of[key] = str(data["automation"]).strip()
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
        """The id that a node has had since its first registration, or a new one."""
        old = self.nodes.get(key)
        if key in self._ids and (old is None or old.form.kind == kind):
            return self._ids[key]
        return new_id(name, (ident for other, ident in self._ids.items() if other != key))

    def _objections(self, key: str, old: Node | None, wired: Wired) -> tuple[str, ...]:
        """Why a form can't be taken in.

        What is wrong with it; whom it would throw out of force; a breaker in force that would
        hang on one that is not there.
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
        """Note a refusal; a load is taken out of the plan, anything else stays as it was."""
        self.refused[key or f"a {kind} without a name"] = errors
        node = self.nodes.get(key)
        if node is not None and node.of_load:
            del self.nodes[key]
            self._rewire()
        message = " ".join(errors)
        return {"ok": False, "id": "", "errors": list(errors), "waiting": "", "message": message}

    def _awake(self, nodes: Mapping[str, Node]) -> list[Node]:
        """Nodes that count: loads whose automation is switched off do not."""
        return [node for key, node in nodes.items() if key not in self.asleep]

    def _rewire(self) -> None:
        """Wire anew; loads that drop out, or are controlled by something else now, are leaving."""
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
        """Take out what was switched off or deleted; answers whether to ask who is still there.

        An automation whose entity is off sleeps (loads only: a breaker protects all the same).
        One that is gone for `gone_s` is forgotten. When one goes missing all are asked to
        announce themselves, so one that was renamed is found again; and so they are when what a
        refused form was in conflict with has changed.
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

    def look(self, states: Snapshot) -> None:
        """Find the entities of loads that are searched for among the `states` of all entities.

        What was found stays while nothing fits: a charger's entities may be gone for a moment.
        """
        before, kinds = dict(self.found), KINDS_OF_LOADS.items()
        finders = {name: kind.finding.finder(states) for name, kind in kinds if kind.finding}
        for key, node in self.nodes.items():
            if find := finders.get(node.form.kind):
                old, new = before.get(key, NOTHING_FOUND), find(node.form.values)
                if new.name is not None or key not in before:
                    self.found[key] = replace(new, identity=new.identity or old.identity)
        if self.found != before:
            self._rewire()

    def identify(self, snapshot: Snapshot) -> None:
        """Take in what charge points call themselves, as soon as they say it."""
        before = dict(self.found)
        for key, node in self.nodes.items():
            if node.of_load is None or node.of_load.finding is None:
                continue
            found = before.get(key, NOTHING_FOUND)
            for entity in node.of_load.finding.identities(node.form.values, found):
                state = snapshot.get(entity)
                if state and state.value.lower() not in NO_VALUE:
                    self.found[key] = replace(found, identity=state.value.strip())
                    break
        if self.found != before:
            self._rewire()

    def entities_of(self, kind: str, data: Mapping[str, Any], states: Snapshot) -> dict[str, Any]:
        """What is told about the entities of a form, in force or not; nothing if it is unreadable.

        What is found of one that is searched for is used from now on.
        """
        if kind not in KINDS_OF_LOADS:
            return {}
        try:
            form = parse(kind, data)
        except Refused:
            return {"found": {}, "why": {}, "missing": []}
        found, finding = None, KINDS_OF_LOADS[kind].finding
        if finding is not None:
            self.look(states)
            found = finding.finder(states)(form.values)
        return found_and_missing(form.values, found, states)

    def ids(self) -> set[str]:
        """Ids that are taken: of all nodes that are registered, asleep or refused."""
        return set(self._ids.values())

    def automations(self) -> set[str]:
        """Entity ids of the automations that the forms came from."""
        return set(self._automation_of.values())

    def complaints(self, now: float) -> list[str]:
        """Sentences about forms that are refused, or that wait too long for their breaker."""
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
        """Take over what `dump` gave; answers warnings about what could not be used."""
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
        """Take over one stored node; raises an error of some kind if it is damaged."""
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
    """An error as a part of a sentence; that of a missing key is its bare name."""
    return str(error) if isinstance(error, Refused | ValueError) else f"{error!r}."
