"""The tables "field | fill in" of a recipe, as forms of the engine house.

A table belongs to the form named in bold above it. Fields and choices are written as the form
shows them; of a value in `backticks` only that counts, and an explanation may follow a colon.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from loadjuggler.config.kinds import KINDS
from loadjuggler.forms.field import Field, Kind

from ..house import form

RECIPES = Path(__file__).resolve().parents[3] / "docs" / "recipes"
TITLES = {kind.title: kind for kind in KINDS.values()}
TABLE = re.compile(
    r"^\*\*(?P<title>[^*\n]+)\*\*[^\n]*\n\n\| field \| fill in \|\n\|---\|---\|\n"
    r"(?P<rows>(?:\|.*\|\n)+)",
    re.MULTILINE,
)


def forms_in(text: str) -> list[dict[str, Any]]:
    """The forms that a page tells to fill in. Raises KeyError for what no form has."""
    found = []
    for number, match in enumerate(TABLE.finditer(text)):
        kind = TITLES[match["title"]]
        cells = [line.strip("|").split("|") for line in match["rows"].splitlines()]
        values = dict(_filled_in(kind, label.strip(), said.strip()) for label, said in cells)
        found.append(form(kind.name, f"form{number}", **values))
    return found


def _filled_in(kind: Kind, label: str, said: str) -> tuple[str, Any]:
    """Name and value of one row. Raises KeyError for what the form does not have."""
    fields = [field for field in kind.fields if field.label == label]
    if len(fields) != 1:
        raise KeyError(f"{kind.title} has no field '{label}'")
    return fields[0].name, _value(fields[0], said)


def _value(field: Field, said: str) -> Any:
    quoted = re.search(r"`([^`]+)`", said)
    shown = quoted[1] if quoted else said.partition(":")[0]
    if field.type == "number":
        return float(shown.removesuffix(field.unit).strip())
    if field.type == "flag":
        return {"on": True, "off": False}[shown]
    if field.type == "choice":
        return {label.partition(":")[0]: value for value, label in field.choices}[shown]
    return shown
