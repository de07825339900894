"""What a user can write into the forms, made from the field table."""

from __future__ import annotations

from typing import Any

from loadjuggler.config.kinds import KINDS
from loadjuggler.config.parse import CONTRACT
from loadjuggler.forms.field import Field, Kind

# Signs that mean something to YAML, to templates or to Python must arrive as they were typed.
TYPED = """Omi's "süd" {1: 2}, 100 % #5\\n"""


def minimal(kind: Kind) -> dict[str, Any]:
    """What is filled in where only the needed fields are."""
    return {field.name: _other_than_default(field) for field in kind.fields if field.required}


def complete(kind: Kind) -> dict[str, Any]:
    """What is filled in where every field is, with something else than its default."""
    return {field.name: _other_than_default(field) for field in kind.fields}


def announced(kind: Kind, filled_in: dict[str, Any], node: str, automation: str) -> dict[str, Any]:
    """What the engine must be told of a form."""
    defaults = {f.name: "" if f.default is None else f.default for f in kind.fields}
    envelope = {"contract": CONTRACT, "node": node, "automation": automation}
    return {**defaults, **filled_in, **envelope}


def house() -> dict[str, dict[str, Any]]:
    """One form of each kind that together make a house, by kind."""
    meters = {f"grid_{phase}": f"sensor.grid_{phase}" for phase in "abc"}
    return {
        "plug": {
            **minimal(KINDS["plug"]),
            "name": "Boiler",
            "circuit": "Garage",
            "switch": "switch.boiler",
        },
        "charger": {"name": "Left car", "devid": "left", "circuit": "garage "},
        "circuit": {"name": "Garage", "limit_a": 20},
        "site": {"name": "Home", **meters},
    }


def _other_than_default(field: Field) -> Any:
    if field.type == "number":
        number = 20 if field.default is None else round(field.default + field.step, 3)
        return int(number) if number == int(number) else number
    if field.type == "choice":
        return next(value for value, _ in field.choices if value != field.default)
    if field.type == "flag":
        return not field.default
    if field.type == "entity":
        return f"{field.domains[-1]}.{field.name}_7"
    return f"{TYPED} {field.name}"
