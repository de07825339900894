"""From all registered forms to a `Site`: the tree of breakers, and which load is on which.

Forms arrive in any order; one that names an unknown breaker waits. A form that contradicts another
is refused. What happens to a refused form is decided in `registry`.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..discovery.charger import ChargerEntities
from ..forms.common import NOT_WIRED
from ..loads.kind import KindOfLoad, Wiring
from ..loads.kinds import KINDS_OF_LOADS
from ..site.model import MAIN, Circuit, Legs, Load, Patience, Setting, Site
from ..site.slug import slug
from ..units import LEGS
from . import energy, notify
from .kinds import KINDS
from .parse import Parsed, contradictions, fallback_a
from .parts import meter, phase_switch, setting, stray_meters, yes_or_no
from .uses import EntityUses

NOTHING_FOUND = ChargerEntities()

_LEGS = tuple((leg, f"leg_{leg.lower()}") for leg in LEGS)
_CURRENTS = tuple((leg, f"current_{leg.lower()}_entity") for leg in LEGS)
"""The fields that say on which phase a leg is, and by which sensor it is measured."""


@dataclass(frozen=True, slots=True)
class Node:
    """A registered form, and the id that its node got at the first registration."""

    form: Parsed
    id: str

    @property
    def of_load(self) -> KindOfLoad | None:
        """The kind of load of the form; `None`: it is the form of the site or of a breaker."""
        return KINDS_OF_LOADS.get(self.form.kind)


@dataclass(frozen=True, slots=True)
class Wired:
    """The site that the forms make (`None`: there is no form of it), and the forms that are out.

    `refused` has the errors by node, `waiting` says by node what a form waits for.
    """

    site: Site | None
    refused: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    waiting: Mapping[str, str] = field(default_factory=dict)


def new_id(name: str, taken: Iterable[str]) -> str:
    """A new id for a node called `name`: its slug, with _2, _3 and so on if that is `taken`."""
    used = set(taken) | {MAIN, "site", "grid_available", "surplus", "battery_available"}
    base = number = slug(name)
    count = 2
    while number in used:
        number, count = f"{base}_{count}", count + 1
    return number


def same_name(name: str | None) -> str:
    """The key of a circuit's name: trimmed, in small letters; "" means the main breaker."""
    return (name or "").strip().casefold()


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
    uses = EntityUses()
    errors = [
        *energy.contradictions(head.form, phases),
        *notify.contradictions(head.form),
        *contradictions(head.form.values),
        *uses.errors(head.form),
    ]
    if errors:
        refused[head.form.node] = tuple(errors)
        return Wired(None, refused)
    uses.add(head.form)
    circuits, ids = _tree(head, by_kind["circuit"], uses, refused, waiting)
    loads = _loads(head, by_kind, found or {}, ids, uses, refused, waiting)
    return Wired(_site(head, circuits, loads), refused, waiting)


def _loads(
    head: Node,
    by_kind: Mapping[str, list[Node]],
    found: Mapping[str, ChargerEntities],
    ids: Mapping[str, str],
    uses: EntityUses,
    refused: dict[str, tuple[str, ...]],
    waiting: dict[str, str],
) -> Mapping[str, Load]:
    """The loads by id; forms that are out are noted in `refused` and `waiting`."""
    phases = tuple(head.form.values["phases"])
    voltage_v = float(head.form.values["voltage_v"])
    hung: dict[str, Load] = {}
    claimed: dict[str, str] = {}
    for name, kind in KINDS_OF_LOADS.items():
        for node in by_kind[name]:
            of_load = found.get(node.form.node, NOTHING_FOUND)
            load = _hang(
                node, kind, of_load, ids, claimed, uses, phases, voltage_v, refused, waiting
            )
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


def _tree(
    head: Node,
    nodes: list[Node],
    uses: EntityUses,
    refused: dict[str, tuple[str, ...]],
    waiting: dict[str, str],
) -> tuple[dict[str, Circuit], dict[str, str]]:
    """(circuits by id, parents before children; ids of circuits by the keys of their names)."""
    phases = tuple(head.form.values["phases"])
    main = Circuit(
        MAIN,
        "main breaker",
        setting(head.form, "main_breaker_a", "main_breaker_entity"),
        None,
        energy.main_meter(head.form, phases),
        float(head.form.values["reserve_a"]),
    )
    circuits, ids = {MAIN: main}, {"": MAIN, "main": MAIN, "main breaker": MAIN}
    left = _named(nodes, ids, uses, refused, phases)
    while left:
        ready = [name for name, node in left.items() if same_name(_parent(node)) in ids]
        if not ready:
            break
        for name in ready:
            node = left.pop(name)
            values = node.form.values
            circuits[node.id] = Circuit(
                node.id,
                values["name"],
                setting(node.form, "limit_a", "limit_entity"),
                ids[same_name(_parent(node))],
                meter(node.form, "meter", phases, interval="meter_interval_s"),
                float(values["reserve_a"]),
            )
            ids[name] = node.id
    for name, node in left.items():
        circle = _circle(name, left)
        if circle:
            refused[node.form.node] = (f"Breaker above: a circle of breakers: {circle}.",)
        else:
            waiting[node.form.node] = f"waiting for {_parent(node)}"
    return circuits, ids


def _named(
    nodes: list[Node],
    taken: Container[str],
    uses: EntityUses,
    refused: dict[str, tuple[str, ...]],
    phases: tuple[str, ...],
) -> dict[str, Node]:
    """Circuit forms by name; those with a name that is `taken`, or meters too many, are refused."""
    named: dict[str, Node] = {}
    for node in nodes:
        name = node.form.values["name"]
        errors = stray_meters(node.form, "meter", phases)
        errors += [*contradictions(node.form.values), *uses.errors(node.form)]
        if same_name(name) in taken or same_name(name) in named:
            errors.append(f"Name: there is a circuit called '{name}' already.")
        if errors:
            refused[node.form.node] = tuple(errors)
        else:
            uses.add(node.form)
            named[same_name(name)] = node
    return named


def _parent(node: Node) -> str:
    return str(node.form.values["parent"] or "")


def _circle(start: str, nodes: Mapping[str, Node]) -> str | None:
    """The circle of parents that `start` leads to, as names with arrows; `None`: there is none."""
    way, at = [start], start
    while True:
        at = same_name(_parent(nodes[at]))
        if at not in nodes:
            return None
        if at in way:
            return " → ".join(nodes[name].form.values["name"] for name in [*way, at])
        way.append(at)


def _hang(
    node: Node,
    kind: KindOfLoad,
    found: ChargerEntities,
    ids: Mapping[str, str],
    claimed: dict[str, str],
    uses: EntityUses,
    phases: tuple[str, ...],
    voltage_v: float,
    refused: dict[str, tuple[str, ...]],
    waiting: dict[str, str],
) -> Load | None:
    """The load of a form; `None`: it is out, as noted in `refused` or `waiting`.

    `claimed` has the form's name for each connector that is in use, `uses` what each entity is
    used for.
    """
    values, key = node.form.values, node.form.node
    errors = contradictions(values)
    legs = tuple((leg, values[name]) for leg, name in _LEGS if values[name] != NOT_WIRED)
    if not legs:
        errors.append("Leg L1: no leg is connected to a phase.")
    errors += [
        f"Leg {leg}: it is wired to phase {phase}, and the site has only {', '.join(phases)}."
        for leg, phase in legs
        if phase not in phases
    ]
    measured = {leg for leg, name in _CURRENTS if values.get(name)}
    if measured:
        errors += [
            f"Current {leg}: it is needed, other legs have a sensor of their own."
            for leg, _ in legs
            if leg not in measured
        ]
    wiring = kind.wire(values, found, voltage_v)
    errors += [*wiring.errors, *uses.errors(node.form)]
    for names in wiring.claims:
        twice = [f"{one} is used by '{claimed[one]}' already." for one in names if one in claimed]
        errors += twice[:1]  # these are names of one device: one error is enough
    if errors:
        refused[key] = tuple(errors)
        return None
    circuit = ids.get(same_name(values["circuit"]))
    if circuit is None:
        waiting[key] = f"waiting for {values['circuit']}"
        return None
    uses.add(node.form)
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
