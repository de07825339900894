"""Home Assistant's cards as plain data, and texts as Markdown cards want them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from ..picture.flows import NEAR

Card = dict[str, Any]


COLUMNS = 12
"""How many columns of cards a section has."""


OVER_A = 0.5
"""Full is not too much: red begins so far above the limit."""


ROW_PX, CHIP_PX, LETTER_PX = 336.0, 50.0, 7.0
"""A row of small buttons is so long on a phone of 390 px; a button with its gap, and a letter.

There a longer row is cut off at its end.
"""


_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~&$])")
"""What Markdown reads as more than itself."""


def sized(card: Card, columns: int | str, rows: int | str | None = None) -> Card:
    """The card at a size: columns of 12 in its section (or `full`) and rows."""
    options: Card = {"columns": columns}
    if rows is not None:
        options["rows"] = rows
    return {**card, "grid_options": options}


def heading(
    text: str, icon: str | None = None, badges: Sequence[Card] = (), *, small: bool
) -> Card:
    """A heading; `badges` stand at its right."""
    card: Card = {"type": "heading", "heading": text}
    if small:
        card["heading_style"] = "subtitle"
    if icon:
        card["icon"] = icon
    if badges:
        card["badges"] = list(badges)
    return card


def badge(entity: str, shown: str | None = None) -> Card:
    """An entity's state in a heading, or the attribute that is to be `shown` for it."""
    more = {"state_content": [shown]} if shown else {}
    return {"type": "entity", "entity": entity, **more}


def tile(entity: str, name: str, icon: str | None = None, **more: Any) -> Card:
    """A tile of an entity."""
    found: Card = {"type": "tile", "entity": entity, "name": name}
    if icon:
        found["icon"] = icon
    return {**found, **more}


def gauge(entity: str, name: str, limit_a: float) -> Card:
    """A gauge of a current in A: yellow near the limit, as in the picture, red above it."""
    return {
        "type": "gauge",
        "entity": entity,
        "name": name,
        "min": 0,
        "max": round(limit_a * 1.2, 1),
        "severity": {
            "green": 0,
            "yellow": round(limit_a * NEAR, 1),
            "red": round(limit_a + OVER_A, 1),
        },
    }


def bar(entity: str, name: str, most: float, icon: str) -> Card:
    """A tile with a bar from 0 to `most`; from Home Assistant 2025.12 on."""
    feature = {"type": "bar-gauge", "min": 0, "max": round(most, 1)}
    return tile(entity, name, icon, features=[feature], features_position="inline")


def markdown(content: str, *, bare: bool = False) -> Card:
    """A text; `bare`: without a card around it."""
    return {"type": "markdown", "content": content, **({"text_only": True} if bare else {})}


def history(title: str, entities: Sequence[Mapping[str, Any]], **more: Any) -> Card:
    """A graph of the last 24 hours."""
    return {
        "type": "history-graph",
        "title": title,
        "hours_to_show": 24,
        "entities": [dict(entity) for entity in entities],
        **more,
    }


def action(service: str, data: Mapping[str, Any], ask: str = "") -> Card:
    """What calls a service when something is tapped; `ask` is a question that comes before."""
    found: Card = {"action": "perform-action", "perform_action": service, "data": dict(data)}
    if ask:
        found["confirmation"] = {"text": ask}
    return found


def button(entity: str, name: str, icon: str, tapped: Card) -> Card:
    """A tile that does something when it is tapped.

    A tile stands for an entity: it shows none of it, but a long tap does.
    """
    return tile(
        entity,
        name,
        icon,
        hide_state=True,
        color="primary",
        tap_action=tapped,
        icon_tap_action=tapped,
    )


def chips(
    entity: str, shown: tuple[str, str, str], buttons: Sequence[tuple[str, str, Card]]
) -> Card:
    """A card with an attribute of an entity, and small buttons under it: name, icon, action.

    `shown` is the attribute, what it is called, and an icon.
    """
    attribute, name, icon = shown
    first = {"type": "attribute", "entity": entity, "attribute": attribute, "name": name}
    rows: list[list[Card]] = []
    room = 0.0
    for button_name, button_icon, tapped in buttons:
        wide = CHIP_PX + LETTER_PX * len(button_name)
        if wide > room:
            rows.append([])
            room = ROW_PX
        room -= wide
        rows[-1].append(_chip(entity, button_name, button_icon, tapped))
    below = [{"type": "buttons", "entities": row} for row in rows]
    return {"type": "entities", "entities": [{**first, "icon": icon}, *below]}


def _chip(entity: str, name: str, icon: str, tapped: Card) -> Card:
    return {"entity": entity, "name": name, "icon": icon, "show_name": True, "tap_action": tapped}


def words(text: str) -> str:
    """A text that somebody chose, for Markdown in a template: it shows as it is."""
    marked = _MARKS.sub(r"\\\1", " ".join(text.split()))
    if "{" not in marked and "}" not in marked:
        return marked
    # Jinja reads braces even behind a backslash; in a text of its own it does not.
    return "{{ " + json.dumps(marked, ensure_ascii=False) + " }}"


def units(expression: str) -> str:
    """A template of a text, in which no line ends between a number and its unit."""
    return f"{{{{ {expression} | regex_replace('(?<=[0-9]) (?=[a-zA-Z%])', '&nbsp;') }}}}"


def safe(expression: str) -> str:
    """An expression of a text that somebody chose, for Markdown: it shows as it is."""
    # What is in ASCII and neither letter, digit nor blank may be a mark; a backslash undoes it.
    return expression + r" | regex_replace('([!-/:-@[-`{-~])', '\\\\\\1')"
