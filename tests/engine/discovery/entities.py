"""Recorded lists of entities (tests/data/entities), as the engine sees them."""

from __future__ import annotations

from pathlib import Path

import yaml
from loadjuggler.snapshot import EntityState

FOLDER = Path(__file__).parent.parent.parent / "data" / "entities"


def recorded(*names: str) -> dict[str, EntityState]:
    """The states of the entities in these files, all in one house."""
    found: dict[str, EntityState] = {}
    for name in names:
        content = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
        for entity, given in content["entities"].items():
            state, unit, kind, friendly, more = (*given, *[None] * (5 - len(given)))
            said = {
                "unit_of_measurement": unit,
                "device_class": kind,
                "friendly_name": friendly,
                **(more or {}),
            }
            attributes = {key: value for key, value in said.items() if value is not None}
            found[entity] = EntityState(str(state), attributes, 0.0)
    return found
