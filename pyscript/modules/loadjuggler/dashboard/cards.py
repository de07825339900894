"""Home Assistant's cards as plain data, and texts as Markdown cards want them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

Card = dict[str, Any]
COLUMNS = 12
"""How many columns of cards a section has."""
OVER_A = 0.5
"""Full is not too much: red begins so far above the limit."""
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


def badge(entity: str, icon: str | None = None) -> Card:
    """An entity's state in a heading."""
    return {"type": "entity", "entity": entity, **({"icon": icon} if icon else {})}


def tile(entity: str, name: str, icon: str | None = None, **more: Any) -> Card:
    """A tile of an entity."""
    found: Card = {"type": "tile", "entity": entity, "name": name}
    if icon:
        found["icon"] = icon
    return {**found, **more}


def gauge(entity: str, name: str, limit_a: float) -> Card:
    """A gauge of a current in A: yellow from nine tenths of the limit on, red above the limit."""
    return {
        "type": "gauge",
        "entity": entity,
        "name": name,
        "min": 0,
        "max": round(limit_a * 1.2, 1),
        "severity": {
            "green": 0,
            "yellow": round(limit_a * 0.9, 1),
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


def button(
    entity: str, name: str, icon: str, service: str, data: Mapping[str, Any], ask: str = ""
) -> Card:
    """A tile that calls a service when it is tapped; `ask` is a question that comes before.

    A tile stands for an entity: it shows none of it, but a long tap does.
    """
    action: Card = {"action": "perform-action", "perform_action": service, "data": dict(data)}
    if ask:
        action["confirmation"] = {"text": ask}
    return tile(
        entity,
        name,
        icon,
        hide_state=True,
        color="primary",
        tap_action=action,
        icon_tap_action=action,
    )


def words(text: str) -> str:
    """A text that somebody chose, for Markdown in a template: it shows as it is."""
    marked = _MARKS.sub(r"\\\1", " ".join(text.split()))
    if "{" not in marked and "}" not in marked:
        return marked
    # Jinja reads braces even behind a backslash; in a text of its own it does not.
    return "{{ " + json.dumps(marked, ensure_ascii=False) + " }}"
