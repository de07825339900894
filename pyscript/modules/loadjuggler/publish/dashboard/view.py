"""The dashboard as a whole: its sections and their order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ...report import Report
from ...site.model import MAIN, Site
from ..entity import CHANGES, PREFIX
from . import breakers, loads
from .breakers import STATUS
from .cards import COLUMNS, Card, heading, history, markdown, safe, sized, tile, units
from .looks import Looks

WIDE = 3
"""At most this many sections stand side by side."""


BASE_PX, LOAD_PX, BREAKER_PX, ROW_PX = 240, 54, 110, 300
"""Heights: of the picture without loads and breakers, of each of these, and of a row of
sections."""


MOST_ROWS = 4
"""The picture of the wiring has at most this many rows."""


AT_ONCE = 6
"""This many of the last changes are shown; on a phone each takes about four lines."""


def made(
    site: Site | None,
    report: Report,
    published: Iterable[str],
    version: str = "",
    language: str = "en",
) -> dict[str, Any]:
    """The response of the service: `ok`, the dashboard (`views`), and how to paste it (`note`).

    Home Assistant takes all of the answer as a dashboard: it reads `views` and leaves the rest. So
    a person copies and pastes once. `published` are the ids of the entities that exist, `version`
    is that of Home Assistant.
    """
    looks = Looks.of(published, version, language)
    return {
        "ok": site is not None,
        "note": looks.word("note"),
        **dashboard(site, report, looks),
    }


def dashboard(site: Site | None, report: Report, looks: Looks) -> dict[str, Any]:
    """A dashboard with one view of sections; without a site it says that nothing is wired."""
    sections = [] if site is None else list(_sections(site, report, looks))
    if site is None or not site.loads:
        sections.append(_section(markdown(looks.word("no_loads"))))
    view = {
        "title": looks.word("title"),
        "path": "loadjuggler",
        "icon": "mdi:scale-balance",
        "type": "sections",
        "max_columns": WIDE,
        "dense_section_placement": True,
        "sections": sections,
    }
    return {"views": [view]}


def _section(*cards: Card) -> Card:
    return {"type": "grid", "cards": list(cards)}


def _sections(site: Site, report: Report, looks: Looks) -> Iterable[Card]:
    yield _section(*_overview(site, report, looks))
    for load in site.loads.values():
        yield _section(*loads.of(load, looks))
    picture = _section(
        heading(looks.word("wiring"), "mdi:sitemap", small=False),
        markdown(breakers.wiring(site, looks)),
    )
    yield {**picture, "row_span": _rows(site)}
    if looks.has(CHANGES):
        yield _section(*_changes(looks))
    below = [circuit for circuit in site.circuits.values() if circuit.id != MAIN]
    others = [card for one in below for card in breakers.of(one, report, looks)]
    energy = _energy(site, looks)
    if energy:
        others += [heading(looks.word("energy"), "mdi:solar-power", small=False), *energy]
    if others:
        yield _section(*others)
    yield {**_section(*_graphs(site, report, looks)), "column_span": WIDE}


def _rows(site: Site) -> int:
    """The height of the picture of the wiring in rows of sections, so that no row is left empty."""
    high = BASE_PX + LOAD_PX * len(site.loads) + BREAKER_PX * len(site.circuits)
    return min(max(round(high / ROW_PX), 1), MOST_ROWS)


def _overview(site: Site, report: Report, looks: Looks) -> Iterable[Card]:
    """The overview: warnings, the main breaker, and the choice of sharing."""
    yield heading(site.name, "mdi:home-lightning-bolt", small=False)
    yield {
        **markdown(
            f'<ha-alert alert-type="warning" title="{looks.word("problem")}">\n\n'
            f"{{% for one in state_attr('{STATUS}', 'warnings') or "
            f"[state_attr('{STATUS}', 'message')] %}}\n"
            f"{units(safe('one'))}\n\n{{% endfor %}}\n\n</ha-alert>",
            bare=True,
        ),
        "visibility": [{"condition": "state", "entity": STATUS, "state_not": "ok"}],
    }
    yield from breakers.of(site.circuits[MAIN], report, looks)
    if site.distribution.entity:
        yield looks.select(site.distribution.entity, looks.word("sharing"), "mdi:call-split")


def _changes(looks: Looks) -> Iterable[Card]:
    """The last changes of all loads, with the reason of each."""
    yield heading(looks.word("changes"), "mdi:history", small=False)
    day, change, reason = looks.word("day"), units(safe("one.change")), units(safe("one.reason"))
    yield markdown(
        f"{{% for one in (state_attr('{CHANGES}', 'lately') or [])[:{AT_ONCE}] %}}\n"
        "{% set at = one.at | as_datetime | as_local %}\n"
        f"{{% set time = '%H:%M' if at.date() == now().date() else '{day}' %}}\n"
        f"**{{{{ at.strftime(time) }}}} {{{{ {safe('one.name')} }}}}** {change}<br>{reason}\n\n"
        f"{{% else %}}\n{looks.word('no_change')}\n{{% endfor %}}"
    )


def _energy(site: Site, looks: Looks) -> list[Card]:
    """Tiles of sun, battery and surplus, if they are wired."""
    found = []
    if site.solar:
        found.append(tile(site.solar, looks.word("sun"), "mdi:white-balance-sunny", color="amber"))
    if site.battery:
        found.append(tile(site.battery.soc, looks.word("battery"), color="green"))
        if site.battery.power:
            name = looks.word("battery_power")
            found.append(tile(site.battery.power, name, "mdi:battery-charging"))
    if found and looks.has(f"{PREFIX}_surplus_power"):
        name = looks.word("surplus")
        found.append(tile(f"{PREFIX}_surplus_power", name, "mdi:transmission-tower-export"))
    return [sized(card, 6) for card in found]


def _graphs(site: Site, report: Report, looks: Looks) -> Iterable[Card]:
    """Graphs of the last 24 h: each breaker with its limit, and the power of the loads."""
    yield heading(looks.word("today"), "mdi:chart-line", small=False)
    for circuit in site.circuits.values():
        yield from breakers.graph(circuit, report, looks)
    powers = [
        {"entity": f"{PREFIX}_{load.id}_power", "name": load.name}
        for load in site.loads.values()
        if looks.has(f"{PREFIX}_{load.id}_power")
    ]
    if powers:
        yield sized(history(looks.word("powers"), powers), COLUMNS)
