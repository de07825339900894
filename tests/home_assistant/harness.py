"""Real Home Assistant with real pyscript, for tests.

A test asks for the fixture `home`, prepares it, starts it and looks at what happens:

    @pytest.mark.pyscript
    async def test_plug_goes_off(home: Home) -> None:
        home.set_automations([...])
        await home.start()
        home.set_state("sensor.grid_a", 26, unit_of_measurement="A")
        await home.wait_until(lambda: home.calls_of("switch.turn_off"), "the plug is switched off")

Each such test runs in a process of its own (script/run_tests.py), because pyscript keeps what it
loaded for the life of a process.
"""

from __future__ import annotations

import asyncio
import compileall
import importlib
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from inspect import isawaitable
from logging import ERROR, INFO
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import patch

import pytest
import yaml
from homeassistant import loader
from homeassistant.config import async_hass_config_yaml
from homeassistant.core import Context, CoreState, HomeAssistant, ServiceCall, SupportsResponse
from homeassistant.helpers import frame
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import async_test_home_assistant

from simulator.trial import newest
from tests.conftest import OCPP_DIR, PYSCRIPT_DIR
from tests.patience import patient_s

PROJECT = Path(__file__).parent.parent.parent

CONFIGURATION = """\
pyscript:
  allow_all_imports: false
  hass_is_global: false
automation: !include automations.yaml
"""


STARTS_AT_H = 10
"""The local hour at which each test starts, so that none depends on the hour of day it is run at.

By day a silent solar sensor is a fault and at night it is asleep, and energies begin anew at
midnight. From 10:00 to 10:59 at the start, no test comes near to another rule.
"""


def morning_zone(now: datetime) -> str:
    """The time zone in which it is 10 o'clock and some minutes at `now`.

    The zones "Etc/GMT-14" to "Etc/GMT+12" are 14 h ahead of UTC to 12 h behind it.
    """
    ahead_h = (STARTS_AT_H - now.astimezone(UTC).hour + 12) % 24 - 12
    return f"Etc/GMT{-ahead_h:+d}"


def use_custom_components() -> None:
    """Let Home Assistant find pyscript and the OCPP integration where script/setup cloned them.

    It looks in the package custom_components, and would import the test package's own one.
    """
    package = ModuleType("custom_components")
    package.__path__ = [str(folder / "custom_components") for folder in (PYSCRIPT_DIR, OCPP_DIR)]
    sys.modules["custom_components"] = package


def import_once() -> None:
    """Import what every start needs, a second's work, for all tests.

    Each test with pyscript is a fork of this process (tests/isolation.py). What it imports itself
    is only the engine from its own configuration folder, which is compiled here.
    """
    for name in ("hassio", "homeassistant", "homeassistant.triggers.event", "mqtt"):
        importlib.import_module(f"homeassistant.components.{name}")
    for folder in (PYSCRIPT_DIR / "custom_components", OCPP_DIR / "custom_components"):
        for path in folder.rglob("*.py"):
            importlib.import_module(".".join(path.relative_to(folder.parent).with_suffix("").parts))
    compileall.compile_dir(PROJECT / "pyscript" / "modules", quiet=1)


use_custom_components()
newest.support()
import_once()


def forget_modules(*prefixes: str) -> None:
    """Make the next import of these packages start afresh, as it would in a new process."""
    for name in list(sys.modules):
        if any(name == prefix or name.startswith(f"{prefix}.") for prefix in prefixes):
            del sys.modules[name]


@dataclass(frozen=True)
class Call:
    """A recorded service call: "domain.service", its data, and time.monotonic() of its arrival."""

    service: str
    data: dict[str, Any]
    at_s: float
    context: Context


@dataclass
class Home:
    """A Home Assistant with its configuration folder, and what it was asked to do."""

    config: Path
    log: pytest.LogCaptureFixture
    calls: list[Call] = field(default_factory=list)
    _hass: HomeAssistant | None = None
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    _recorders: dict[str, Callable[[Call], Any] | None] = field(default_factory=dict)

    # ---- before the start ----

    def write_configuration(self) -> None:
        """Write what a user would have: the project's pyscript/ and blueprints/, copied.

        The engine's compiled files come along: compiling it takes half a second at each start.
        """
        # What a test compiles itself is not kept: of two edits of the engine in one second, with
        # as many characters, the second would not be seen.
        sys.dont_write_bytecode = True
        self.config.mkdir(parents=True, exist_ok=True)
        (self.config / "configuration.yaml").write_text(CONFIGURATION, encoding="utf-8")
        (self.config / "automations.yaml").write_text("[]\n", encoding="utf-8")
        for name in ("pyscript", "blueprints"):
            target = self.config / name
            target.mkdir(exist_ok=True)
            if (PROJECT / name).exists():
                shutil.copytree(PROJECT / name, target, dirs_exist_ok=True)

    def write_script(self, text: str, name: str = "pyscript/probe.py") -> Path:
        """Write a file into the configuration folder, by default a script for pyscript."""
        path = self.config / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def set_automations(self, automations: Iterable[Mapping[str, Any]]) -> None:
        """Write automations.yaml. Once running, reload_automations() makes it count."""
        text = yaml.safe_dump([dict(automation) for automation in automations], sort_keys=False)
        (self.config / "automations.yaml").write_text(text, encoding="utf-8")

    def record(self, service: str, effect: Callable[[Call], Any] | None = None) -> None:
        """Provide "domain.service" and record its calls in `calls`.

        effect is called with each call: it may set states, raise, or return the response; or be
        async, and take its time.
        """
        self._recorders[service] = effect
        if self._hass is not None:
            self._provide(service)

    # ---- start and stop ----

    @property
    def hass(self) -> HomeAssistant:
        """The running Home Assistant. Raises RuntimeError before start() and after stop()."""
        if self._hass is None:
            raise RuntimeError("Home Assistant is not running: await home.start() first")
        return self._hass

    async def start(self, *ready: str, boot: Callable[[], None] | None = None) -> None:
        """Boot as Home Assistant does: set up all integrations, then fire start and started.

        Returns when pyscript has loaded its scripts and the services named in ready exist. boot is
        called before the integrations are set up, to set the states that others have by then.
        """
        self._hass = await self._stack.enter_async_context(
            async_test_home_assistant(
                config_dir=str(self.config), initial_state=CoreState.not_running
            )
        )
        await self.hass.config.async_set_time_zone(morning_zone(datetime.now(UTC)))
        # Without this, Home Assistant raises where an integration does something outdated, instead
        # of logging it. On 2026.10 the OCPP integration's set-up would end at its first charger.
        frame.async_setup(self.hass)
        # The test package turns on asyncio's debug mode and all debug messages, which makes
        # everything several times slower.
        self.hass.loop.set_debug(False)
        self.log.set_level(INFO)
        self.hass.data.pop(loader.DATA_CUSTOM_COMPONENTS)
        for service in self._recorders:
            self._provide(service)
        if boot is not None:
            boot()
        # Without pyscript's watchdog, which would reload an edited script at a time of its own.
        self._stack.enter_context(patch("watchdog.observers.Observer", return_value=None))
        config = await async_hass_config_yaml(self.hass)
        for domain in ("homeassistant", *config):
            assert await async_setup_component(self.hass, domain, config), domain
        await self.hass.async_block_till_done()
        await self.hass.async_start()
        await self.wait_until(
            lambda: all(self.has_service(service) for service in ("pyscript.reload", *ready)),
            f"the services {', '.join(('pyscript.reload', *ready))} are there",
        )
        await self._triggers_are_set()

    async def stop(self) -> None:
        """Shut down in order; what is stored in the configuration folder stays."""
        if self._hass is not None:
            await self._hass.async_stop(force=True)
            self._hass = None
        await self._stack.aclose()
        self._stack = AsyncExitStack()

    async def restart(self, *ready: str, boot: Callable[[], None] | None = None) -> None:
        """Stop and start again, with pyscript and the engine imported afresh; states are gone."""
        await self.stop()
        forget_modules("custom_components.pyscript", "loadjuggler")
        await self.start(*ready, boot=boot)

    # ---- while it runs ----

    def has_service(self, service: str) -> bool:
        """Say whether "domain.service" exists."""
        return self.hass.services.has_service(*service.split(".", 1))

    def set_state(self, entity: str, value: object, **attributes: Any) -> None:
        """Set an entity's state, as text, and its attributes."""
        self.hass.states.async_set(entity, str(value), attributes)

    def remove_state(self, entity: str) -> None:
        """Make an entity disappear."""
        self.hass.states.async_remove(entity)

    def state(self, entity: str) -> str | None:
        """Return an entity's state; None if it does not exist."""
        found = self.hass.states.get(entity)
        return None if found is None else found.state

    def attributes(self, entity: str) -> dict[str, Any]:
        """Return an entity's attributes; empty if it does not exist."""
        found = self.hass.states.get(entity)
        return {} if found is None else dict(found.attributes)

    async def call(
        self, service: str, data: Mapping[str, Any] | None = None, *, response: bool = False
    ) -> Any:
        """Call "domain.service" and wait for it; with response, return what it answers."""
        domain, name = service.split(".", 1)
        return await self.hass.services.async_call(
            domain, name, dict(data or {}), blocking=True, return_response=response
        )

    def fire(self, event: str, data: Mapping[str, Any] | None = None) -> None:
        """Fire an event."""
        self.hass.bus.async_fire(event, dict(data or {}))

    async def reload_automations(self) -> None:
        """Make an edited automations.yaml count; fires automation_reloaded, as the editor does."""
        await self.call("automation.reload")

    async def reload_pyscript(self) -> None:
        """Make edited scripts count, as the service does."""
        await self.call("pyscript.reload")
        await self._triggers_are_set()

    def calls_of(self, service: str) -> list[Call]:
        """Return the recorded calls of "domain.service", oldest first."""
        return [call for call in self.calls if call.service == service]

    def errors(self) -> list[str]:
        """Return what was logged as an error since the start, pyscript's own errors included."""
        return [entry.getMessage() for entry in self.log.records if entry.levelno >= ERROR]

    async def wait_until(
        self, predicate: Callable[[], Any], what: str = "the condition", timeout_s: float = 30.0
    ) -> Any:
        """Wait until predicate() is true and return its value; fail after timeout_s.

        On a busy machine that is longer (`patient_s`). pyscript's tasks are not Home Assistant's,
        so async_block_till_done() doesn't wait for them.
        """
        began = time.monotonic()
        while not (value := predicate()):
            if time.monotonic() - began > patient_s(timeout_s):
                raise AssertionError(f"after {timeout_s:g} s still not true: {what}")
            await asyncio.sleep(0.01)
        return value

    async def settle(self, seconds: float = 0.3) -> None:
        """Let things happen for a while, before asserting that something did not."""
        await asyncio.sleep(seconds)
        await self.hass.async_block_till_done()

    async def _triggers_are_set(self) -> None:
        # pyscript's services are there a moment before its triggers (1.7.0: each sets itself in a
        # task of its own, which nothing can wait for); what changes in between goes unnoticed.
        await self.settle(0.1)

    def _provide(self, service: str) -> None:
        effect = self._recorders[service]

        async def receive(call: ServiceCall) -> Any:
            received = Call(service, dict(call.data), time.monotonic(), call.context)
            self.calls.append(received)
            answer = None if effect is None else effect(received)
            if isawaitable(answer):
                answer = await answer
            return answer if call.return_response else None

        domain, name = service.split(".", 1)
        self.hass.services.async_register(
            domain, name, receive, supports_response=SupportsResponse.OPTIONAL
        )
