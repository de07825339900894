"""From all registered forms to a `Site`: the tree of breakers, and which load is on which.

Forms arrive in any order; one that names an unknown breaker waits. A form that contradicts another
is refused. What happens to a refused form is decided in `registry`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..discovery.charger import ChargerEntities
from ..forms.common import NOT_WIRED
from ..loads.kind import KindOfLoad, Wiring
from ..loads.kinds import KINDS_OF_LOADS
from ..site.model import Circuit, Legs, Load, Patience, Setting, Site
from ..units import LEGS
from . import energy, notify
from .kinds import KINDS
from .node import Node, earlier_names, new_id, same_name
from .parse import Parsed, contradictions, fallback_a
from .parts import phase_switch, setting, yes_or_no
from .tree import MAIN_NAME, tree, unknown
from .uses import EntityUses

__all__ = ["NOTHING_FOUND", "Node", "Wired", "new_id", "same_name", "wire"]

NOTHING_FOUND = ChargerEntities()

_LEGS = tuple((leg, f"leg_{leg.lower()}") for leg in LEGS)
_CURRENTS = tuple((leg, f"current_{leg.lower()}_entity") for leg in LEGS)
"""The fields that say on which phase a leg is, and by which sensor it is measured."""


@dataclass(frozen=True, slots=True)
class Wired:
    """The site that the forms make (`None`: there is no form of it), and the forms that are out.

    `refused` has the errors by node, `waiting` says by node what a form waits for.
    """

    site: Site | None
    refused: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    waiting: Mapping[str, str] = field(default_factory=dict)


def wire(nodes: Iterable[Node], found: Mapping[str, ChargerEntities] | None = None) -> Wired:
    """The site that `nodes` make. Where two contradict, the later one is refused.

    `found` are, by node, the entities of loads that are searched for instead of named in the form.
    """
    by_kind: dict[str, list[Node]] = {kind: [] for kind in KINDS}
    for node in nodes:
        by_kind[node.form.kind].append(node)
    refused: dict[str, tuple[str, ...]] = {}
    waiting: dict[str, str] = {}
    for node in by_kind["site"][1:]:
        first = by_kind["site"][0].form.values["name"]
        refused[node.form.node] = (f"There is a site already: '{first}'. Only one is possible.",)
    if not by_kind["site"]:
        return Wired(
            None,
            refused,
            {n.form.node: "waiting for the site" for ns in by_kind.values() for n in ns},
        )
    head = by_kind["site"][0]
    phases = tuple(head.form.values["phases"])
    uses = EntityUses(earlier_names(by_kind["circuit"]))
    errors = [
        *energy.contradictions(head.form, phases),
        *notify.contradictions(head.form),
        *contradictions(head.form.sure),
        *uses.errors(head.form),
    ]
    if errors:
        refused[head.form.node] = tuple(errors)
        return Wired(None, refused)
    uses.add(head.form)
    circuits, ids = tree(head, by_kind["circuit"], uses, refused, waiting)
    names = (MAIN_NAME, *(node.name for node in by_kind["circuit"]))
    voltage_v = float(head.form.values["voltage_v"])
    around = _Around(phases, voltage_v, ids, names, uses, refused, waiting)
    return Wired(_site(head, circuits, _loads(by_kind, found or {}, around)), refused, waiting)


@dataclass(frozen=True, slots=True)
class _Around:
    """What the form of a load is compared with.

    - `phases`, `voltage_v`: of the site.
    - `ids`: of circuits in force by the keys of their names; `names`: of all that have forms.
    - `uses`: what each entity is used for. `claimed`: the form's name for each connector in use.
    - `refused`, `waiting`: where forms that are out are noted.
    """

    phases: tuple[str, ...]
    voltage_v: float
    ids: Mapping[str, str]
    names: tuple[str, ...]
    uses: EntityUses
    refused: dict[str, tuple[str, ...]]
    waiting: dict[str, str]
    claimed: dict[str, str] = field(default_factory=dict)

    def unknown(self, circuit: str | None) -> bool:
        """Whether there is not even a form of this circuit."""
        key = same_name(circuit)
        return key not in self.ids and key not in map(same_name, self.names)


def _loads(
    by_kind: Mapping[str, list[Node]], found: Mapping[str, ChargerEntities], around: _Around
) -> Mapping[str, Load]:
    """The loads by id; forms that are out are noted in `around`."""
    hung: dict[str, Load] = {}
    for name, kind in KINDS_OF_LOADS.items():
        for node in by_kind[name]:
            load = _hang(node, kind, found.get(node.form.node, NOTHING_FOUND), around)
            if load:
                hung[load.id] = load
    loads: Mapping[str, Load] = hung
    for kind in KINDS_OF_LOADS.values():
        loads = kind.neighbours(loads)
    return loads


def _site(head: Node, circuits: Mapping[str, Circuit], loads: Mapping[str, Load]) -> Site:
    """The site by its form `head`, with its circuits and loads."""
    values, phases = head.form.values, tuple(head.form.values["phases"])
    return Site(
        name=values["name"],
        phases=phases,
        voltage_v=float(values["voltage_v"]),
        circuits=circuits,
        loads=loads,
        distribution=setting(head.form, "distribution", "distribution_entity"),
        max_import_w=setting(head.form, "max_import_w", "max_import_entity"),
        power_buffer_w=setting(head.form, "power_buffer_w", "power_buffer_entity"),
        excess_threshold_w=setting(head.form, "excess_threshold_w", "excess_threshold_entity"),
        allow_grid_charging=yes_or_no(
            head.form, "allow_grid_charging", "allow_grid_charging_entity"
        ),
        solar=values["solar_entity"],
        grid_total=values["grid_total_entity"],
        battery=energy.battery(head.form),
        inverter=energy.inverter(head.form, phases),
        off_grid=energy.off_grid(head.form),
        nets=energy.nets(head.form),
        notify=notify.notify(head.form),
    )


def _hang(node: Node, kind: KindOfLoad, found: ChargerEntities, around: _Around) -> Load | None:
    """The load of a form; `None`: it is out, as noted in `around`."""
    values, key = node.form.values, node.form.node
    errors = contradictions(node.form.sure)
    legs = tuple((leg, values[name]) for leg, name in _LEGS if values[name] != NOT_WIRED)
    if not legs:
        errors.append("Leg L1: no leg is connected to a phase.")
    there = ", ".join(around.phases)
    errors += [
        f"Leg {leg}: it is wired to phase {phase}, and the site has only {there}."
        for leg, phase in legs
        if phase not in around.phases
    ]
    measured = {leg for leg, name in _CURRENTS if values.get(name)}
    if measured:
        errors += [
            f"Current {leg}: it is needed, other legs have a sensor of their own."
            for leg, _ in legs
            if leg not in measured
        ]
    wiring = kind.wire(values, found, around.voltage_v)
    errors += [*wiring.errors, *around.uses.errors(node.form)]
    claimed = around.claimed
    for names in wiring.claims:
        twice = [f"{one} is used by '{claimed[one]}' already." for one in names if one in claimed]
        errors += twice[:1]  # these are names of one device: one error is enough
    circuit = around.ids.get(same_name(values["circuit"]))
    if errors:
        if around.unknown(values["circuit"]):
            errors.append(unknown("Breaker", values["circuit"], around.names))
        around.refused[key] = tuple(errors)
        return None
    if circuit is None:
        around.waiting[key] = f"waiting for {values['circuit']}"
        return None
    around.uses.add(node.form)
    for names in wiring.claims:
        claimed.update(dict.fromkeys(names, values["name"]))
    return _load(node, kind, wiring, circuit, legs)


def _load(node: Node, kind: KindOfLoad, wiring: Wiring, circuit: str, legs: Legs) -> Load:
    values = node.form.values
    return Load(
        id=node.id,
        name=values["name"],
        kind=kind.capabilities,
        circuit=circuit,
        legs=legs,
        mode=setting(node.form, "mode", "mode_entity"),
        priority=setting(node.form, "priority", "priority_entity"),
        min_a=_asked(node.form, "min_current_a", "min_current_entity"),
        max_a=_asked(node.form, "max_current_a", "max_current_entity"),
        step_a=wiring.step_a,
        power_w=_asked(node.form, "power_w"),
        sensors=wiring.sensors,
        control=wiring.control,
        essential=bool(values.get("essential")),
        patience=_patience(values),
        excess_threshold_w=values["excess_threshold_w"],
        fallback_a=fallback_a(values),
        reset_button=wiring.reset_button,
        phase_switch=phase_switch(values),
        allow_remap=bool(values.get("allow_remap")),
    )


def _asked(form: Parsed, name: str, entity: str = "") -> Setting:
    """The setting of field `name`; an empty one if the form has no such field."""
    return setting(form, name, entity) if name in form.values else Setting(None)


def _patience(values: Mapping[str, Any]) -> Patience:
    def seconds(name: str) -> float:
        return 60.0 * float(values.get(name) or 0.0)

    return Patience(
        grace_s=seconds("solar_grace_min"),
        pause_s=seconds("solar_pause_min"),
        min_on_s=seconds("min_on_min"),
        min_off_s=seconds("min_off_min"),
        boost_s=seconds("boost_min"),
        most_stops=int(values.get("solar_stops") or 0),
        then_holds=values.get("after_stops") == "hold",
    )
