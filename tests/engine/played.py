"""A played Home Assistant behind the host: states by hand, and what it was asked to do, in order.

played = Played(tmp_path)
host = await played.wired()
played.show("sensor.grid_a", 4.0, unit_of_measurement="A")
host.run()
played.done      # ("call", "switch.turn_on", {...}), ("set", "sensor.loadjuggler_status", "ok")
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable, Collection, Mapping
from pathlib import Path
from typing import Any, TypeVar

import pytest
from loadjuggler.runtime.host import Host

from .house import START, plug_form, site_form

T = TypeVar("T")
Behaviour = Callable[[str, Mapping[str, Any]], Awaitable[Any]]
LOGGER = "loadjuggler.played"


class Played:
    """Hands that do what a test says. Time stands still unless it is moved."""

    def __init__(self, folder: Path) -> None:
        """With files in `folder`, which is empty."""
        self.log = logging.getLogger(LOGGER)
        self.store_path = str(folder / "store" / "loadjuggler")
        self.picture_path = str(folder / "www" / "wiring.svg")
        self.lock = threading.Lock()
        self.time = START
        self.states: dict[str, tuple[str, Mapping[str, Any], float]] = {}
        self.registry: list[tuple[str, str, str, str]] = []
        """What the registry has of the OCPP integration: id, unique id, entry, device."""
        self.answering: str | None = None
        """The entry of the OCPP integration that gets calls."""
        self.notify: list[str] = []
        """The names of the notify actions that there are."""
        self.done: list[tuple[str, str, Any]] = []
        self.behaviour: Behaviour | None = None
        """What a service does: is given "domain.service" and data, may wait, raise and answer."""
        self.loop_thread = threading.get_ident()
        self.beside: list[str] = []
        """Names of what was done beside the loop."""
        self.asked: set[str] = set()
        """Services that were asked for a response."""

    # --- what a test does with it ---------------------------------------------------------------

    async def open(self, **options: Any) -> Host:
        """A host that goes on from what is stored in the folder."""
        return await Host.opened(self, options or None)

    async def wired(self, **options: Any) -> Host:
        """The same with a site and a plug `boiler`, 10 A on phase A, that fits under its 25 A."""
        host = await self.open(**options)
        for phase in "abc":
            self.show(f"sensor.grid_{phase}", 4.0, unit_of_measurement="A")
        self.show("switch.boiler", "off")
        assert register(host, site_form(main_breaker_a=25))["ok"]
        assert register(host, plug_form("boiler", min_on_min=0, min_off_min=0))["ok"]
        for name in ("site", "boiler"):
            self.show(f"automation.{name}", "on")
        return host

    def show(self, entity_id: str, value: object, **attributes: Any) -> None:
        """Set a state as a device would."""
        self.states[entity_id] = (str(value), attributes, self.time)

    def calls(self) -> list[str]:
        """The services that were called, in order."""
        return [what for kind, what, _ in self.done if kind == "call"]

    async def close(self) -> None:
        """End what is still going on."""
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    # --- Hands ----------------------------------------------------------------------------------

    def now(self) -> float:
        return self.time

    def monotonic(self) -> float:
        return self.time

    def utc_offset_s(self) -> float:
        return 3600.0

    def language(self) -> str:
        return "en"

    def version(self) -> str:
        return "2026.11.0"

    def state(self, entity_id: str) -> tuple[str, Mapping[str, Any], float] | None:
        return self.states.get(entity_id)

    def entity_ids(self) -> Collection[str]:
        return list(self.states)

    def registered(self, integration: str) -> Collection[tuple[str, str, str, str]]:
        return [row for row in self.registry if integration == "ocpp"]

    def answers(self, _domain: str, _service: str) -> str | None:
        return self.answering

    def actions(self, domain: str) -> Collection[str]:
        return list(self.notify) if domain == "notify" else []

    def set_entity(self, entity_id: str, value: str, attributes: Mapping[str, Any]) -> None:
        self.done.append(("set", entity_id, value))
        self.states[entity_id] = (value, attributes, self.time)

    def remove_entity(self, entity_id: str) -> None:
        self.done.append(("remove", entity_id, None))
        self.states.pop(entity_id, None)

    def fire(self, kind: str, data: Mapping[str, Any]) -> None:
        self.done.append(("fire", kind, data))

    async def call(self, domain: str, service: str, data: Mapping[str, Any], asks: bool) -> Any:
        self.asked |= {f"{domain}.{service}"} if asks else set()
        self.done.append(("call", f"{domain}.{service}", data))
        if self.behaviour is not None:
            return await self.behaviour(f"{domain}.{service}", data)
        return None

    async def may(self, context: Any, right: str) -> bool:
        return context is None or right in context

    async def serve_picture(self) -> None:
        self.done.append(("serve", self.picture_path, None))

    async def in_thread(self, work: Callable[..., T], *args: Any) -> T:
        def beside() -> T:
            assert threading.get_ident() != self.loop_thread
            self.beside.append(getattr(work, "__name__", ""))
            return work(*args)

        return await asyncio.get_running_loop().run_in_executor(None, beside)


def register(host: Host, data: Mapping[str, Any]) -> dict[str, Any]:
    """Send a form of tests.engine.house as its blueprint does."""
    return host.register(data["kind"], {key: data[key] for key in data if key != "kind"})


async def until(true: Callable[[], Any]) -> None:
    """Let others go on until something is true; a test that waits for ever fails by its limit."""
    async with asyncio.timeout(30):
        while not true():
            await asyncio.sleep(0.001)


def told(caplog: pytest.LogCaptureFixture, words: str) -> list[str]:
    """What was logged with these words in it."""
    return [entry.getMessage() for entry in caplog.records if words in entry.getMessage()]
