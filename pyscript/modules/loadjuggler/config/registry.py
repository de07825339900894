"""The registered forms, from the first announcement of a blueprint to the end of its automation.

The life of a form:

```
              announced
                  │
      errors      ▼        names an unknown breaker
    ┌────────── parse, ────────────────┐
    ▼           wire                   ▼
 refused          │ good            waiting ──── the breaker is announced ──┐
    │             ▼                                                         ▼
    │         in force ◀── what it contradicted has changed ── refused ─────┘
    │          │     ▲
    │ off      ▼     │ on again
    │         asleep ┘                       a breaker does not sleep: it goes on protecting
    ▼
 gone for 30 s (`Options.gone_s`): forgotten, or, while loads hang on it, kept
```

A form that is refused, or has to wait, changes nothing: the last good form of its node stays in
force (docs/decisions/0039). A load that is asleep, or forgotten, is `leaving`: `runtime/release`
puts it on its safe level. When a conflict ends, or an automation goes missing, all blueprints are
asked to announce themselves again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import Any

from ..discovery.charger import ChargerEntities
from ..options import Options
from ..site.model import Site
from ..snapshot import Snapshot
from . import stored
from .automations import Automations, Look
from .build import Wired, wire
from .complaints import Told, Trouble, troubles
from .departed import DepartedLoads
from .finding import Finding, entities_of
from .node import Node
from .parse import Parsed, Refused, envelope, name_in, parse
from .trial import House, Trial, further_errors, objections, tried

STAYS = " The form before it stays in force."
"""What the answer adds where an earlier form of a node is in force."""


class Registry:
    """Keeps the forms in the order of their first registration.

    - `nodes`: the last good form of each node. `refused`: errors by node. `asleep`: nodes whose
      automation is switched off.
    - `wired`: the site that the forms make.
    - `found`: entities of loads that are searched for, by node.
    - `leaving`: loads that have left the plan, by id, with the site that they were part of;
      `taken_over`: by the id of one that was deleted, that of the new one which controls its
      device. The controller takes both from here.
    - `departed`: loads that were deleted lately.
    """

    def __init__(self, options: Options) -> None:
        """Start with nothing registered."""
        self.options = options
        self.nodes: dict[str, Node] = {}
        self.refused: dict[str, tuple[str, ...]] = {}
        self.asleep: frozenset[str] = frozenset()
        self.wired: Wired = wire(())
        self.leaving: dict[str, Site] = {}
        self._finding = Finding()
        self._pending: dict[str, Parsed] = {}
        self._called: dict[str, tuple[str, str]] = {}
        self._automations = Automations(options.gone_s)
        self._announced_at: float | None = None
        self.departed = DepartedLoads()
        self.taken_over: dict[str, str] = {}
        self._orphaned: set[str] = set()
        self._seen = Look()
        self._ask_again = False

    # --- a form arrives -------------------------------------------------------------------------

    def register(self, kind: str, data: Mapping[str, Any], now: float) -> dict[str, Any]:
        """Take in a form (its fields by name); answers `ok`, `id`, `message`, `errors`, `waiting`.

        A form that contradicts others is refused, even if it was there first (docs/decisions/0005).
        One that is refused, or waits, leaves the last good form of its node in force (0039).
        """
        self._announced_at = now
        key, automation = envelope(data)
        self._automations.note(key, automation)
        self._forget_trouble(key)
        self._called[key] = (kind, name_in(data))
        try:
            form = parse(kind, data)
        except Refused as refusal:
            rest = further_errors(self._house(), refusal.rest) if refusal.rest else ()
            return self._refuse(key, kind, (*refusal.errors, *rest))
        trial = tried(self._house(), {key: form})
        errors, waiting = objections(self._house(), trial), trial.wired.waiting.get(key, "")
        if errors or (waiting and (trial.heirs or self._house().in_force(key))):
            self._pending[key] = form
            self._take_in_pending()
        else:
            self._ask_again |= bool(self.refused) and self.nodes.get(key) != trial.nodes[key]
            self._accept(trial)
        if key in self.refused:
            return self._refuse(key, kind, self.refused[key])
        node = self.nodes.get(key, trial.nodes[key])
        message, site = f"{form.values['name']} is wired.", self.wired.site
        if waiting:
            there = ", ".join(one.name for one in site.circuits.values()) if site else ""
            message = f"{waiting}; breakers in force: {there}." if there else waiting
            message += STAYS if key in self._pending else ""
        return {"ok": True, "id": node.id, "errors": [], "waiting": waiting, "message": message}

    def _house(self) -> House:
        """What is in force, for a trial."""
        any_action, lost = self.options.notify_any > 0, self._seen.lost
        now = (self.nodes, self.asleep, lost, self.found, self.wired)
        return House(*now, any_action, self.departed)

    def _accept(self, trial: Trial) -> None:
        """Put the forms of a trial in force, and then those that could not be before."""
        for key, form in trial.forms.items():
            new, old = trial.nodes[key], self.nodes.get(key)
            heir_of = trial.heirs.get(key)
            if heir_of is not None:
                self._forget(heir_of)
            elif old is None and (before := self.departed.came_back(new)):
                self.taken_over[before] = new.id
            if old is None or old.form.values != form.values:
                self.found.pop(key, None)
            self.nodes[key] = new
            self._forget_trouble(key)
            self.refused.pop(_nameless(form.kind), None)
            for other, node in self.nodes.items():
                if other != key and (node.of_load is None) == (new.of_load is None):
                    self.nodes[other] = node.without(new.key)
        self._rewire()
        self._take_in_pending()

    def _take_in_pending(self) -> None:
        """Take in forms that could not be in force before, as far as they can be now.

        Each is tried by itself, with one other (they may exchange something), and all together.
        What still can't be is told with the errors of now.
        """
        waiting = list(self._pending)
        groups = [*((key,) for key in waiting), *combinations(waiting, 2), tuple(waiting)]
        for keys in groups if waiting else ():
            trial = tried(self._house(), {key: self._pending[key] for key in keys})
            errors = objections(self._house(), trial)
            if not errors and not any(key in trial.wired.waiting for key in keys):
                self._accept(trial)
                return
            if len(keys) == 1:
                self.refused.pop(keys[0], None)
                if errors:
                    self.refused[keys[0]] = errors

    def _forget_trouble(self, key: str) -> None:
        for kept in (self.refused, self._pending, self._automations.gone_since):
            kept.pop(key, None)
        self._orphaned.discard(key)

    def _refuse(self, key: str, kind: str, errors: tuple[str, ...]) -> dict[str, Any]:
        """Note a refusal; what was in force of this node stays in force."""
        errors = tuple(dict.fromkeys(errors))
        self.refused[key or _nameless(kind)] = errors
        message = " ".join(errors)
        return {"ok": False, "id": "", "errors": list(errors), "waiting": "", "message": message}

    def _awake(self) -> list[Node]:
        """The nodes without those that are asleep."""
        return [node for key, node in self.nodes.items() if key not in self.asleep]

    def _rewire(self) -> None:
        """Wire all forms again; loads that dropped out, or have a new control now, are leaving."""
        before = self.wired.site
        self.wired = wire(self._awake(), self.found)
        after = self.wired.site.loads if self.wired.site else {}
        if before is not None:
            for load, old in before.loads.items():
                if load not in after or after[load].control != old.control:
                    self.leaving[load] = before
        for load, new in after.items():
            left = self.leaving.get(load)
            if left is not None and left.loads[load].control == new.control:
                del self.leaving[load]

    # --- what becomes of automations ------------------------------------------------------------

    def sweep(self, snapshot: Snapshot, now: float) -> bool:
        """Look at all automations; answers whether to ask all blueprints to announce themselves.

        The load of an automation that is off falls asleep. A form whose automation has been gone
        for `Options.gone_s` is forgotten; that of a breaker, or of the site, only when nothing
        hangs on it any more. Blueprints are asked when an automation goes missing, as it may have
        been renamed, and when a form that a refused one contradicted has changed.
        """
        discover, self._ask_again = self._ask_again, False
        nodes = dict.fromkeys((*self.nodes, *self.refused, *self._pending))
        seen = self._automations.look(nodes, snapshot, now)
        newly_lost, self._seen = seen.lost - self._seen.lost, seen
        self._orphaned &= set(seen.gone)
        asleep = frozenset(key for key in seen.off if key in self.nodes and self.nodes[key].of_load)
        forgotten = self._forget_gone(seen.gone, now)
        if asleep != self.asleep or forgotten:
            self._woken(self.asleep - asleep)
            self.asleep = asleep
            self._rewire()
        if forgotten or newly_lost:
            self._take_in_pending()
        return discover or seen.missing or (forgotten and bool(self.refused))

    def _forget_gone(self, gone: Iterable[str], now: float) -> bool:
        """Forget what has lost its automation (`gone`); answers whether anything was forgotten.

        Loads go first, then what nothing hangs on any more. The others are told of.
        """
        loads = [key for key in gone if key not in self.nodes or self.nodes[key].of_load]
        for key in loads:
            if key in self.nodes:
                self.departed.add(self.nodes[key], now)
            self._forget(key)
        self._orphaned = {key for key in gone if key not in loads}
        for key in [key for key in self._orphaned if not self._needed_by(key)]:
            loads.append(key)
            self._forget(key)
        return bool(loads)

    def _needed_by(self, key: str) -> list[str]:
        """The names of the loads that hang on the breaker, or the site, of this node."""
        site, node = wire(self.nodes.values(), self.found).site, self.nodes[key]
        if site is None or node not in self._awake():
            return []
        whole = node.form.kind == "site"
        return [
            load.name for load in site.loads.values() if whole or node.id in site.path(load.circuit)
        ]

    def _woken(self, keys: frozenset[str]) -> None:
        """Put these nodes, which sleep no more, behind those in force that they contradict."""
        now = wire([one for key, one in self.nodes.items() if key not in self.asleep - keys])
        if any(self._house().in_force(key) and key not in keys for key in now.refused):
            for key in [key for key in self.nodes if key in keys]:
                self.nodes[key] = self.nodes.pop(key)

    def _forget(self, key: str) -> None:
        self._forget_trouble(key)
        self._automations.forget(key)
        for kept in (self.nodes, self._called, self.found):
            kept.pop(key, None)

    # --- entities that are searched for ---------------------------------------------------------

    @property
    def found(self) -> dict[str, ChargerEntities]:
        """Entities of loads that are searched for, by node."""
        return self._finding.found

    def unsearched(self) -> bool:
        """Whether a load that is searched for was never searched for, as after a restart."""
        return self._finding.unsearched(self.nodes)

    def answered(self, entry: str | None) -> None:
        """Note which entry of the OCPP integration gets calls now.

        "": that of the charger that a call names; `None`: not known.
        """
        if self._finding.answered(entry):
            self._rewire()

    def look(self, states: Snapshot) -> None:
        """Search the `states` of all entities for those of loads that are searched for."""
        if self._finding.look(self.nodes, states):
            self._rewire()

    def identify(self, snapshot: Snapshot) -> None:
        """Note the identity of charge points as soon as one of their sensors shows it."""
        if self._finding.identify(self.nodes, snapshot):
            self._rewire()

    def entities_of(self, kind: str, data: Mapping[str, Any], states: Snapshot) -> dict[str, Any]:
        """The entities of a form for the answer to its registration: `found`, `why`, `missing`.

        `states` are those of all entities. Entities that are found are used from now on. A form
        that can't be read has none.
        """
        return entities_of(kind, data, states, self.look)

    # --- what is there --------------------------------------------------------------------------

    def ids(self) -> set[str]:
        """The ids of all nodes that are registered, asleep or not."""
        return {node.id for node in self.nodes.values()}

    def automations(self) -> set[str]:
        """Entity ids of the automations that the forms came from."""
        return self._automations.ids()

    def formerly(self, name: str) -> str | None:
        """The id of the load that had this name (its key) before; `None`: none had."""
        loads = (node for node in self.nodes.values() if node.of_load)
        return next((node.id for node in loads if name in node.earlier), None)

    def troubles(self, now: float) -> list[Trouble]:
        """What people must know of the forms.

        Who waits for a breaker is told of only `Options.settle_s` after the last announcement:
        forms come in any order. Forms that are switched off are nobody's trouble.
        """
        settled = self._announced_at is None or now - self._announced_at > self.options.settle_s
        orphaned = {key: self._needed_by(key) for key in self._orphaned}
        told = Told(self._called, self.refused, self._pending, orphaned, settled)
        return [one for one in troubles(self._house(), told) if one.node not in self._seen.off]

    def complaints(self, now: float, language: str = "en") -> list[str]:
        """The `troubles` as sentences."""
        return [trouble.text(language) for trouble in self.troubles(now)]

    # --- storage --------------------------------------------------------------------------------

    def dump(self) -> list[dict[str, Any]]:
        """The forms as plain data."""
        return [stored.plain(node) for node in self.nodes.values()]

    def load(self, data: Any) -> list[str]:
        """Take over the forms that `dump` gave; answers a warning for each that can't be used."""
        if not isinstance(data, list):
            return ["The stored registrations can't be read and are not used."]
        nodes, warnings = stored.nodes_of(data)
        for node in nodes:
            self.nodes[node.form.node] = node
            self._automations.note(node.form.node, node.form.automation)
        self._rewire()
        return warnings


def _nameless(kind: str) -> str:
    """What stands for the node of a form that names none."""
    return f"a {kind} without a name"
