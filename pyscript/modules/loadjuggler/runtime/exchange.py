"""What a run of the Keeper is given, and what the host has to do after it."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..calls import ServiceCall
from ..publish.entity import Entity
from ..publish.events import Event
from ..snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Given:
    """What a run is given: states, the time (epoch s), and how many s local time is ahead of UTC.

    `language` is that of sentences ("en", "sl").
    """

    snapshot: Snapshot = field(default_factory=dict)
    now: float = 0.0
    utc_offset_s: float = 0.0
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Actions:
    """What the host has to do after a run.

    Make `calls` in order, set `entities` (those that changed), remove the entity ids in `removed`,
    log the errors in `log`, fire `events`; `discover`: ask all blueprints to announce themselves.
    """

    calls: tuple[ServiceCall, ...] = ()
    entities: tuple[Entity, ...] = ()
    removed: tuple[str, ...] = ()
    discover: bool = False
    log: tuple[str, ...] = ()
    events: tuple[Event, ...] = ()
