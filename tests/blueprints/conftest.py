"""A real Home Assistant with the blueprints copied into it and stand-ins for the engine's services.

Needs no pyscript: what the blueprints tell the engine is recorded, and a test says what is
answered.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml
from homeassistant.core import Event, HomeAssistant, ServiceCall, SupportsResponse
from homeassistant.setup import async_setup_component
from loadjuggler.config.kinds import KINDS
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

PROJECT = Path(__file__).parent.parent.parent
OK = {"ok": True, "id": "garage", "errors": [], "waiting": "", "message": "Garage is wired."}


@dataclass
class Announcements:
    """Home Assistant, and what its Load Juggler automations told the engine: (kind, data) pairs."""

    hass: HomeAssistant
    connect: WebSocketGenerator
    heard: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    answer: Callable[[str, dict[str, Any]], dict[str, Any]] = lambda _kind, _data: OK
    answers_after_s: float = 0.0

    @property
    def config(self) -> Path:
        """The configuration folder."""
        return Path(self.hass.config.config_dir)

    def write(self, automations: Iterable[Mapping[str, Any]]) -> None:
        """Write automations.yaml, as the form editor or a user does."""
        text = yaml.safe_dump(list(automations), sort_keys=False, allow_unicode=True)
        (self.config / "automations.yaml").write_text(text, encoding="utf-8")

    async def start(self, *automations: Mapping[str, Any]) -> None:
        """Set these automations up."""
        self.write(automations)
        for kind in KINDS:
            self._provide(kind)
        config = {"automation": list(automations)}
        assert await async_setup_component(self.hass, "automation", config)
        await self.hass.async_block_till_done()

    async def reload(self) -> None:
        """Make automations.yaml count, as saving a form does."""
        await self.hass.services.async_call("automation", "reload", blocking=True)
        await self.hass.async_block_till_done()

    async def discover(self) -> list[tuple[str, dict[str, Any]]]:
        """Ask who is there, as the engine does; returns what was announced."""
        before = len(self.heard)
        self.hass.bus.async_fire("loadjuggler_discover")
        await self.hass.async_block_till_done()
        return self.heard[before:]

    def discover_on_reload(self) -> None:
        """Ask whenever automations were reloaded, as the engine does."""

        async def ask(_event: Event) -> None:
            self.hass.bus.async_fire("loadjuggler_discover")

        self.hass.bus.async_listen("automation_reloaded", ask)

    async def trace(self, automation_id: str) -> dict[str, Any]:
        """The last trace of an automation, as its page shows it."""
        client = await self.connect(self.hass)
        where = {"domain": "automation", "item_id": automation_id}
        await client.send_json_auto_id({"type": "trace/list", **where})
        runs = (await client.receive_json())["result"]
        where["run_id"] = runs[-1]["run_id"]
        await client.send_json_auto_id({"type": "trace/get", **where})
        return (await client.receive_json())["result"]

    def _provide(self, kind: str) -> None:
        async def register(call: ServiceCall) -> dict[str, Any]:
            await asyncio.sleep(self.answers_after_s)
            data = dict(call.data)
            self.heard.append((kind, data))
            return self.answer(kind, data)

        self.hass.services.async_register(
            "pyscript",
            f"loadjuggler_register_{kind}",
            register,
            supports_response=SupportsResponse.OPTIONAL,
        )


@pytest.fixture
def announcements(
    hass: HomeAssistant, hass_ws_client: WebSocketGenerator, tmp_path: Path
) -> Announcements:
    """Make a configuration folder with the blueprints, as a user copies them."""
    shutil.copytree(PROJECT / "blueprints", tmp_path / "blueprints")
    text = "automation: !include automations.yaml\n"
    (tmp_path / "configuration.yaml").write_text(text, encoding="utf-8")
    hass.config.config_dir = str(tmp_path)
    return Announcements(hass, hass_ws_client)
