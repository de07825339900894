"""What is stored of the house for the next start, and what of that can be used again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ..config.registry import Registry
from ..memory.codec import from_json, to_json
from ..memory.memory import Memory, Override, Owned
from ..memory.restart import without_strangers, woken
from ..memory.serialise import shown
from ..memory.wiring import Remap
from ..publish.entities import Entity, restored, stored

VERSION = 1
"""Version of what `content` gives."""


@dataclass(frozen=True, slots=True)
class SetByPeople:
    """What must be stored as soon as it changes, as people set it or were told of it.

    Forms, choices and amounts by service, on which phases loads are counted, and when pauses
    began (epoch s, by load).
    """

    forms: Mapping[str, Any]
    overrides: Mapping[Owned, Override]
    remaps: Mapping[str, Remap]
    pauses: Mapping[str, float]


def set_by_people(registry: Registry, memory: Memory) -> SetByPeople:
    """What people have set by now."""
    pauses = {
        key: load.chosen.paused_at
        for key, load in memory.loads.items()
        if load.chosen.paused_at is not None
    }
    return SetByPeople(dict(registry.nodes), memory.overrides, memory.wiring.remaps, pauses)


def content(registry: Registry, memory: Memory, entities: Iterable[Entity]) -> dict[str, Any]:
    """Everything that must outlive a restart, as plain data; `entities` are those shown now."""
    return {
        "version": VERSION,
        "nodes": registry.dump(),
        "memory": to_json(replace(memory, wiring=memory.wiring.lasting())),
        "shown": stored(entities),
    }


@dataclass(frozen=True, slots=True)
class Stored:
    """What was found stored: the memory (`None`: none of use), entities by id, and what is wrong.

    With `warnings` the file must be set aside before it is written over.
    """

    memory: Memory | None = None
    entities: Mapping[str, Entity] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


def read(data: Any, registry: Registry) -> Stored:
    """What of `data` (as `content` gave it) can be used; its forms go into `registry`.

    Forms are of use without the memory; the memory is not without the forms, as their ids say
    whose it is.
    """
    version = data.get("version") if isinstance(data, dict) else None
    if isinstance(version, bool) or version != VERSION:
        there = f"version {shown(version)}" if isinstance(data, dict) else "nothing known"
        text = f"What was stored has {there}, this reads {VERSION}; starting from nothing."
        return Stored(warnings=(text,))
    warnings = registry.load(data.get("nodes"))
    try:
        memory = without_strangers(from_json(data.get("memory")), registry.ids())
    except ValueError as error:
        return Stored(warnings=(*warnings, f"Stored {error}; starting without it."))
    entities = {one.id: one for one in restored(data.get("shown"))}
    return Stored(woken(memory, registry.wired.site), entities, tuple(warnings))
