"""Breakers on the dashboard: gauges, headroom, graphs, and the tree of the wiring."""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil
from typing import Any

from ...report import Report
from ...site.model import MAIN, Circuit, Site
from ..entity import PREFIX
from .cards import COLUMNS, Card, gauge, heading, history, markdown, sized, tile
from .cards import words as escaped
from .looks import Looks

STATUS = f"{PREFIX}_status"


ABOVE, STEP_A = 1.1, 5
"""A graph goes to 1.1 times the limit, rounded up to 5 A, so that the line of the limit is seen."""


def limit_a_of(circuit: Circuit, report: Report) -> float | None:
    """The limit of a breaker now, in A per phase; `None`: not known."""
    if circuit.id in report.circuits:
        return report.circuits[circuit.id].limit_a
    return float(circuit.limit.value) if circuit.limit.value is not None else None


def shown_a(amps: float | None) -> str:
    """A limit as text: 25, 12.5."""
    return "?" if amps is None else f"{amps:g}"


def title(circuit: Circuit, looks: Looks) -> str:
    """The name of a breaker on the dashboard."""
    return looks.word("main") if circuit.id == MAIN else circuit.name


def phases(circuit: Circuit, what: str, looks: Looks) -> list[tuple[str, str]]:
    """(phase, entity) for the phases of a breaker whose `what` (current, headroom) exists."""
    ids = [(phase, f"{PREFIX}_{circuit.id}_{what}_{phase.lower()}") for phase in "ABC"]
    return [(phase, entity) for phase, entity in ids if looks.has(entity)]


def of(circuit: Circuit, report: Report, looks: Looks) -> Iterable[Card]:
    """The cards of a breaker: a gauge for each phase, and a line of what is free."""
    limit = limit_a_of(circuit, report)
    name = looks.word("breaker", name=title(circuit, looks), limit=shown_a(limit))
    yield heading(name, "mdi:fuse", small=circuit.id == MAIN)
    found = phases(circuit, "current", looks)
    for phase, entity in found:
        card = (
            tile(entity, looks.word("phase", phase=phase))
            if limit is None
            else gauge(entity, looks.word("phase", phase=phase), limit)
        )
        yield sized(card, min(COLUMNS // len(found), COLUMNS // 2))
    free = phases(circuit, "headroom", looks)
    if free:
        amounts = " · ".join(f"{phase}&nbsp;{looks.state(entity)}" for phase, entity in free)
        yield sized(markdown(f"{looks.word('for_loads')}: {amounts}", bare=True), "full")


def graph(circuit: Circuit, report: Report, looks: Looks) -> Iterable[Card]:
    """A graph of a breaker's last 24 h, with its limit as a line."""
    limit_a, limit = limit_a_of(circuit, report), f"{PREFIX}_{circuit.id}_limit"
    found = phases(circuit, "current", looks)
    entities = [
        {"entity": entity, "name": looks.word("phase", phase=phase)} for phase, entity in found
    ]
    if entities and looks.has(limit):
        entities.append({"entity": limit, "name": looks.word("limit")})
    if entities:
        more: dict[str, Any] = {}
        if limit_a is not None:
            more = {
                "min_y_axis": 0,
                "max_y_axis": ceil(limit_a * ABOVE / STEP_A) * STEP_A,
                "fit_y_data": True,
            }
        name = looks.word("graph", name=title(circuit, looks), limit=shown_a(limit_a))
        yield sized(history(name, entities, **more), COLUMNS)


def wiring(site: Site, looks: Looks) -> str:
    """A template of the picture of the wiring; without a picture it is a list."""
    picture = f"state_attr('{STATUS}', 'picture')"
    drawn = f"![{looks.word('wiring')}]({{{{ {picture} }}}})"
    text = "\n".join(_branch(site, MAIN, 0, looks))
    return f"{{% if {picture} %}}\n\n{drawn}\n\n{{% else %}}\n\n{text}\n\n{{% endif %}}"


def _branch(site: Site, circuit_id: str, depth: int, looks: Looks) -> Iterable[str]:
    """A breaker, its loads, and the breakers below it, as lines of a Markdown list."""
    circuit = site.circuits[circuit_id]
    limit = circuit.limit.value
    shown = shown_a(float(limit) if limit is not None else None)
    name = looks.word("breaker", name=escaped(title(circuit, looks)), limit=shown)
    yield f"{'    ' * depth}- {name}"
    for load in site.loads.values():
        if load.circuit == circuit_id:
            legs = ", ".join(f"{leg}: {phase}" for leg, phase in load.legs)
            yield f"{'    ' * (depth + 1)}- **{escaped(load.name)}** ({legs})"
    for other in site.circuits.values():
        if other.parent == circuit_id:
            yield from _branch(site, other.id, depth + 1, looks)
