"""The registered forms: taken in, refused, put to sleep, forgotten, and wired into a site."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .contract import CONTRACT, Refused, parse
from .model import Site, Snapshot
from .options import Options
from .wiring import Node, Wired, new_id, wire

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
        self._announced_at: float | None = None
        self._gone_since: dict[str, float] = {}

    def register(self, kind: str, data: Mapping[str, Any], now: float) -> dict[str, Any]:
        """Take in a form; answers `ok`, `id`, `message`, `errors`, `waiting`.

        A form that contradicts others is refused, whoever was there first. A refused load leaves
        the plan. A refused breaker or site keeps its last good form.
        """
        self._announced_at = now
        key = str(data.get("node") or data.get("automation") or "").strip()
        try:
            form = parse(kind, data)
        except Refused as refusal:
            return self._refuse(key, kind, tuple(refusal.errors))
        old = self.nodes.get(form.node)
        taken = [node.id for node in self.nodes.values()]
        keeps = old is not None and old.form.kind == kind
        ident = old.id if old is not None and keeps else new_id(form.values["name"], taken)
        others = {key: node for key, node in self.nodes.items() if key != form.node}
        wired = wire(self._awake({**others, form.node: Node(form, ident)}))
        if form.node in wired.refused:
            return self._refuse(form.node, kind, wired.refused[form.node])
        harmed = [key for key in wired.refused if key not in self.wired.refused]
        if harmed:
            told = (f"{self._name(key)} could not stay: {wired.refused[key][0]}" for key in harmed)
            return self._refuse(form.node, kind, tuple(told))
        self.nodes[form.node] = Node(form, ident)
        self.refused.pop(form.node, None)
        self._gone_since.pop(form.node, None)
        self._rewire()
        waiting = wired.waiting.get(form.node)
        return {
            "ok": True,
            "id": ident,
            "errors": [],
            "waiting": waiting or "",
            "message": waiting or f"{form.values['name']} is wired.",
        }

    def _refuse(self, key: str, kind: str, errors: tuple[str, ...]) -> dict[str, Any]:
        """Note a refusal; a load is taken out of the plan, anything else stays as it was."""
        self.refused[key or f"a {kind} without a name"] = errors
        node = self.nodes.get(key)
        if node is not None and node.form.kind not in ("site", "circuit"):
            del self.nodes[key]
            self._rewire()
        message = " ".join(errors)
        return {"ok": False, "id": "", "errors": list(errors), "waiting": "", "message": message}

    def _awake(self, nodes: Mapping[str, Node]) -> list[Node]:
        """Nodes that count: loads whose automation is switched off do not."""
        return [node for key, node in nodes.items() if key not in self.asleep]

    def _rewire(self) -> None:
        before = self.wired.site
        self.wired = wire(self._awake(self.nodes))
        after = self.wired.site
        if before is not None:
            for load in before.loads:
                if after is None or load not in after.loads:
                    self.leaving[load] = before
        for load in after.loads if after else ():
            self.leaving.pop(load, None)

    def sweep(self, snapshot: Snapshot, now: float) -> bool:
        """Take out what was switched off or deleted; answers whether to ask who is still there.

        An automation whose entity is off sleeps (loads only: a breaker protects all the same).
        One that is gone for `gone_s` is forgotten. When one goes missing all are asked to
        announce themselves, so one that was renamed is found again.
        """
        asleep, discover, forgotten = set(), False, False
        for key, node in list(self.nodes.items()):
            if node.form.automation is None:
                continue
            state = snapshot.get(node.form.automation)
            if state is None or state.value in _GONE:
                discover |= key not in self._gone_since
                if now - self._gone_since.setdefault(key, now) >= self.options.gone_s:
                    del self.nodes[key], self._gone_since[key]
                    self.refused.pop(key, None)
                    forgotten = True
                continue
            self._gone_since.pop(key, None)
            if state.value == "off" and node.form.kind not in ("site", "circuit"):
                asleep.add(key)
        if frozenset(asleep) != self.asleep or forgotten:
            self.asleep = frozenset(asleep)
            self._rewire()
        return discover

    def automations(self) -> set[str]:
        """Entity ids of the automations that the forms came from."""
        return {node.form.automation for node in self.nodes.values() if node.form.automation}

    def complaints(self, now: float) -> list[str]:
        """Sentences about forms that are refused, or that wait too long for their breaker."""
        settled = self._announced_at is None or now - self._announced_at > self.options.settle_s
        found = [f"{self._name(key)}: {' '.join(errors)}" for key, errors in self.refused.items()]
        found += [f"{self._name(k)}: {' '.join(e)}" for k, e in self.wired.refused.items()]
        if settled:
            found += [
                f"{self._name(key)}: it is {text}, and there is no breaker of that name."
                for key, text in self.wired.waiting.items()
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
                form = parse(item["kind"], item["data"])
                self.nodes[form.node] = Node(form, str(item["id"]))
            except (Refused, KeyError, TypeError, AttributeError) as error:
                warnings.append(f"A stored registration can't be used: {error}")
        self._rewire()
        return warnings
