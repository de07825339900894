"""What the host asks of Home Assistant. The shell does it with the real one, tests play it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeVar

T = TypeVar("T")


class Hands(Protocol):
    """What can be seen and done in Home Assistant. Nothing here may be used from a thread."""

    log: logging.Logger
    store_path: str
    """The file of what must outlive a restart."""
    picture_path: str
    """The file that Home Assistant serves as publish.picture.showing.ADDRESS."""
    lock: AbstractContextManager[Any]
    """Held while files are written: this file of pyscript may be loaded twice for a moment."""

    def now(self) -> float:
        """The time, epoch s. It may be set back."""

    def monotonic(self) -> float:
        """A time in s that only grows, for durations."""

    def utc_offset_s(self) -> float:
        """How far local time is ahead of UTC now, in s."""

    def language(self) -> str:
        """The language of Home Assistant: "sl", "en-GB"."""

    def version(self) -> str:
        """The version of Home Assistant: "2025.4.4"."""

    def state(self, entity_id: str) -> tuple[str, Mapping[str, Any], float] | None:
        """State, attributes, and when it was last reported (epoch s); `None`: no such entity."""

    def entity_ids(self) -> Collection[str]:
        """The ids of all entities."""

    def set_entity(self, entity_id: str, value: str, attributes: Mapping[str, Any]) -> None:
        """Set a state and all its attributes; the entity need not be there before."""

    def remove_entity(self, entity_id: str) -> None:
        """Take an entity away, if it is there."""

    def fire(self, kind: str, data: Mapping[str, Any]) -> None:
        """Fire an event, without waiting for anybody who listens."""

    async def call(self, domain: str, service: str, data: Mapping[str, Any], asks: bool) -> Any:
        """Call a service and wait until it is done; its response if it `asks` for that.

        Raises whatever the service raises.
        """

    async def serve_picture(self) -> None:
        """See that the folder of the picture is served."""

    async def in_thread(self, work: Callable[..., T], *args: Any) -> T:
        """The result of `work`, which may take long or wait for a disk, done beside the loop."""


def locked(lock: AbstractContextManager[Any], work: Callable[..., T], *args: Any) -> T:
    """The result of `work`, done while `lock` is held; for use in a thread."""
    with lock:
        return work(*args)
