"""Home Assistant's cards as plain data, and texts prepared for Markdown cards."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from ...texts.markdown import plain
from ..picture.flows import NEAR

Card = dict[str, Any]


COLUMNS = 12
"""The number of columns in a section."""


OVER_A = 0.5
"""The red of a gauge begins so far above the limit, because a full breaker is not overloaded."""


ROW_PX, CHIP_PX, LETTER_PX = 336.0, 50.0, 7.0
"""Widths on a phone of 390 px: a row of small buttons, a button with its gap, and a letter.

A longer row would be cut off there.
"""


def sized(card: Card, columns: int | str, rows: int | str | None = None) -> Card:
    """The card with a size: columns (of 12, or "full") and rows."""
    options: Card = {"columns": columns}
    if rows is not None:
        options["rows"] = rows
    return {**card, "grid_options": options}


def heading(text: str, icon: str | None = None, *, small: bool) -> Card:
    """A heading. It has no badges: on a narrow screen they would be cut off."""
    card: Card = {"type": "heading", "heading": text}
    if small:
        card["heading_style"] = "subtitle"
    if icon:
        card["icon"] = icon
    return card


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


def markdown(content: str, *, bare: bool = False, empty: bool = True) -> Card:
    """A Markdown text; `bare`: without a frame; not `empty`: hidden while there is no text."""
    looks = {"text_only": True} if bare else {}
    return {
        "type": "markdown",
        "content": content,
        **looks,
        **({} if empty else {"show_empty": False}),
    }


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
    """An action that calls a service; `ask` is a question that must be confirmed before."""
    found: Card = {"action": "perform-action", "perform_action": service, "data": dict(data)}
    if ask:
        found["confirmation"] = {"text": ask}
    return found


def button(entity: str, name: str, icon: str, tapped: Card) -> Card:
    """A tile that is a button: a tap does `tapped`, a long tap shows the entity."""
    return tile(
        entity,
        name,
        icon,
        hide_state=True,
        color="primary",
        tap_action=tapped,
        icon_tap_action=tapped,
    )


def chips(entity: str, buttons: Sequence[tuple[str, str, Card]]) -> Card:
    """A card with rows of small buttons: (name, icon, action) of each. They are of `entity`."""
    rows: list[list[Card]] = []
    room = 0.0
    for name, icon, tapped in buttons:
        wide = CHIP_PX + LETTER_PX * len(name)
        if wide > room:
            rows.append([])
            room = ROW_PX
        room -= wide
        shown = {"name": name, "icon": icon, "show_name": True, "tap_action": tapped}
        rows[-1].append({"entity": entity, **shown})
    return {"type": "entities", "entities": [{"type": "buttons", "entities": row} for row in rows]}


def only_while(card: Card, entity: str, **state: str) -> Card:
    """The card, shown only while an entity is in a state (`state`), or is not (`state_not`)."""
    return {**card, "visibility": [{"condition": "state", "entity": entity, **state}]}


def words(text: str) -> str:
    """A user's text for Markdown within a template, escaped so that it shows as it is."""
    marked = plain(text)
    if "{" not in marked and "}" not in marked:
        return marked
    # Jinja reads braces even behind a backslash; in a text of its own it does not.
    return "{{ " + json.dumps(marked, ensure_ascii=False) + " }}"


def units(expression: str) -> str:
    """A template of a text with non-breaking spaces between numbers and units."""
    return f"{{{{ {expression} | regex_replace('(?<=[0-9]) (?=[a-zA-Z%])', '&nbsp;') }}}}"


def safe(expression: str) -> str:
    """A template expression of a user's text, escaped for Markdown so that it shows as it is."""
    # Any ASCII character other than letters, digits and blanks may be markup: escape it.
    return expression + r" | regex_replace('([!-/:-@[-`{-~])', '\\\\\\1')"
