"""The content of the stored file, and what of a stored file can be used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ..config.registry import Registry
from ..memory.codec import recovered, to_json
from ..memory.memory import Memory, Override, Owned
from ..memory.restart import without_strangers, woken
from ..memory.serialise import shown
from ..memory.wiring import Remap
from ..publish.entity import Entity
from ..publish.kept import restored

VERSION = 1
"""Version of the file; `memory.codec.VERSION` is that of the memory in it."""


@dataclass(frozen=True, slots=True)
class SetByPeople:
    """What must be stored at once when it changes, because people set it or were told of it.

    Forms, settings by service, remaps, and by load its boost and its pause: when they began, and
    how long the pause lasts.
    """

    forms: Mapping[str, Any]
    overrides: Mapping[Owned, Override]
    remaps: Mapping[str, Remap]
    chosen: Mapping[str, tuple[float | None, float | None, float]]


def set_by_people(registry: Registry, memory: Memory) -> SetByPeople:
    """What people have set until now."""
    chosen = {
        key: (load.chosen.boost_at, load.chosen.paused_at, load.chosen.pause_s)
        for key, load in memory.loads.items()
        if load.chosen.boost_at is not None or load.chosen.paused_at is not None
    }
    forms = {**registry.nodes, "": registry.departed.ids()}
    return SetByPeople(forms, memory.overrides, memory.wiring.remaps, chosen)


def content(registry: Registry, memory: Memory, shown: list[list[Any]]) -> dict[str, Any]:
    """The content of the file as plain data; `shown` are the entities (`publish.kept`)."""
    return {
        "version": VERSION,
        "nodes": registry.dump(),
        "departed": registry.departed.dump(),
        "memory": to_json(replace(memory, wiring=memory.wiring.lasting())),
        "shown": shown,
    }


@dataclass(frozen=True, slots=True)
class Stored:
    """What a stored file holds: the memory (`None`: not usable), entities by id, and warnings.

    With `warnings` the file must be copied before it is written again.
    """

    memory: Memory | None = None
    entities: Mapping[str, Entity] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


def read(data: Any, registry: Registry) -> Stored:
    """What of `data` (the content of a file) can be used; its forms go into `registry`.

    Forms can be used without the memory. The memory can't be used without the forms, because their
    ids say which load it belongs to. Of both, damaged parts are left out one by one; whatever the
    file holds, this raises nothing, because a start must not end here.
    """
    version = data.get("version") if isinstance(data, dict) else None
    if isinstance(version, bool) or version != VERSION:
        there = f"version {shown(version)}" if isinstance(data, dict) else "nothing known"
        text = f"What was stored has {there}, this reads {VERSION}; starting from nothing."
        return Stored(warnings=(text,))
    warnings = registry.load(data.get("nodes"))
    registry.departed.load(data.get("departed"))
    memory = None
    try:
        whole, damaged = recovered(data.get("memory"))
        ours = without_strangers(whole, registry.ids(), registry.departed.ids())
        memory = woken(ours, registry.wired.site)
        warnings += [
            f"Stored memory is damaged: {text}; that part is left out." for text in damaged
        ]
    except Exception as error:  # whatever it is, a start must not end here
        warnings.append(f"Stored {_words(error)}; starting without it.")
    entities = {one.id: one for one in restored(data.get("shown"))}
    return Stored(memory, entities, tuple(warnings))


def _words(error: Exception) -> str:
    """Why the memory can't be used, as part of a sentence."""
    return str(error) if isinstance(error, ValueError) else f"memory is damaged: {error!r}"
