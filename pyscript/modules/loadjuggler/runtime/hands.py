"""What the host needs of Home Assistant: real functions in the shell, played ones in tests."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeVar

T = TypeVar("T")

Shown = tuple[str, Mapping[str, Any], float] | tuple[str, Mapping[str, Any], float, bool]
"""State, attributes, when it was last reported (epoch s), and whether a call of ours made it so.

The last may be missing: then nobody knows that of one."""


class Hands(Protocol):
    """What can be seen and done in Home Assistant; all of it only in the event loop's thread."""

    log: logging.Logger
    store_path: str
    """Path of the file for what must outlive a restart."""
    picture_path: str
    """Path of the picture's file; Home Assistant serves it at publish.picture.showing.ADDRESS."""
    lock: AbstractContextManager[Any]
    """Held while files are written, because pyscript may load the shell twice for a moment."""

    def now(self) -> float:
        """The time, epoch s. It may be set back."""

    def monotonic(self) -> float:
        """A clock in s that is never set back, for durations."""

    def utc_offset_s(self) -> float:
        """By how many s local time is ahead of UTC now."""

    def language(self) -> str:
        """The language of Home Assistant: "sl", "en-GB"."""

    def version(self) -> str:
        """The version of Home Assistant: "2025.4.4"."""

    def state(self, entity_id: str) -> Shown | None:
        """What an entity shows; `None`: there is no such entity."""

    def entity_ids(self) -> Collection[str]:
        """The ids of all entities."""

    def registered(self, integration: str) -> Collection[tuple[str, str, str, str]]:
        """The entities of an integration: (id, unique id, its entry, the name of its device)."""

    def answers(self, domain: str, service: str) -> str | None:
        """The entry of an integration whose object answers a service.

        "": the integration itself, for all its entries; `None`: not known.
        """

    def actions(self, domain: str) -> Collection[str]:
        """The names of the actions of a domain, without the domain."""

    def set_entity(self, entity_id: str, value: str, attributes: Mapping[str, Any]) -> None:
        """Set the state and all attributes of an entity, which need not exist before."""

    def remove_entity(self, entity_id: str) -> None:
        """Remove an entity, if it exists."""

    def fire(self, kind: str, data: Mapping[str, Any]) -> None:
        """Fire an event, without waiting for its listeners."""

    async def call(self, domain: str, service: str, data: Mapping[str, Any], asks: bool) -> Any:
        """Call a service and wait for its end; returns its response if the call `asks` for one.

        Raises whatever the service raises.
        """

    async def may(self, context: Any, right: str) -> bool:
        """Whether who made a call with this context has a right (`rights.Right`)."""

    async def serve_picture(self) -> None:
        """Have the picture's folder served, if Home Assistant does not serve it yet."""

    async def in_thread(self, work: Callable[..., T], *args: Any) -> T:
        """The result of `work`, run in a thread because it takes long or waits for the disk."""


def locked(lock: AbstractContextManager[Any], work: Callable[..., T], *args: Any) -> T:
    """The result of `work`, done while `lock` is held; for use in a thread."""
    with lock:
        return work(*args)
