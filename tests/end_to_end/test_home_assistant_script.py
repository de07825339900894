"""script/home-assistant: it starts, lets its user in, shows what is so, and ends."""

from __future__ import annotations

import asyncio
import re
import signal
import subprocess
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.end_to_end.trial import Visitor, trial
from tests.patience import patient_s

pytestmark = [pytest.mark.pyscript, pytest.mark.ocpp]


@pytest.fixture
async def started(
    tmp_path: Path,
    socket_enabled: None,  # noqa: ARG001  (to 127.0.0.1 only)
) -> AsyncIterator[tuple[subprocess.Popen[str], str]]:
    """Start it on free ports; end it hard if the test did not."""
    async with trial(tmp_path) as running:
        yield running


async def until(visitor: Visitor, what: str, true: Any) -> dict[str, str]:
    """Wait until something is true of the states, and return them."""
    began = time.monotonic()
    while time.monotonic() - began < patient_s(60.0):
        states = await visitor.states()
        if true(states):
            return states
        await asyncio.sleep(0.5)
    ours = {name: value for name, value in states.items() if "loadjuggler" in name}
    raise AssertionError(f"it never happened that {what}: {ours}")


def amps(states: dict[str, str], entity: str) -> float:
    """A state as a number; -1 if it is none."""
    try:
        return float(states[entity])
    except (KeyError, ValueError):
        return -1.0


async def shows_its_dashboard(visitor: Visitor) -> None:
    """Home Assistant takes the dashboard that is made, and shows it as the start page."""
    answer = await visitor.ask(
        "call_service",
        domain="pyscript",
        service="loadjuggler_dashboard",
        service_data={},
        return_response=True,
    )
    made = answer["response"]  # as somebody pastes it: all of the answer
    new = {"url_path": "made-here", "title": "Made here", "mode": "storage"}
    await visitor.ask("lovelace/dashboards/create", **new)
    await visitor.ask("lovelace/config/save", url_path="made-here", config=made)
    assert await visitor.ask("lovelace/config", url_path="made-here") == made
    shown = await visitor.ask("lovelace/config", url_path="load-juggler")
    sliders, *rest, _ = shown["views"][0]["sections"]
    assert rest == made["views"][0]["sections"]
    assert "input_number.household_a" in str(sliders)
    names = {card["heading"] for section in rest for card in section["cards"] if "heading" in card}
    assert {"Left car", "Right car", "Boiler", "Garage · 20 A"} <= names


async def test_it_starts_lets_in_shows_two_cars_sharing_and_ends(
    started: tuple[subprocess.Popen[str], str],
) -> None:
    process, said = started
    found = re.search(r"(http://127.0.0.1:\d+)/load-juggler\nUser +(\w+)\nPassword (\w+)", said)
    assert found, said
    async with aiohttp.ClientSession() as web:
        visitor = Visitor(web, found[1])
        await visitor.log_in(found[2], found[3])
        left = "sensor.loadjuggler_left_car_allocated_current"
        right = "sensor.loadjuggler_right_car_allocated_current"
        # The house takes 1 A and the boiler 8.7 A (2 kW) of 25 A on C: 15.3 A for two cars, in
        # steps of 0.1 A.
        await until(
            visitor,
            "both cars are told, and take, half of 15.3 A",
            lambda states: (
                sorted((amps(states, left), amps(states, right))) == [7.6, 7.7]
                and amps(states, "sensor.grid_c") == pytest.approx(25.0, abs=0.05)
            ),
        )
        # 15 A of the household leave 10 A of the main breaker's 25 A on A: not 6 A for each.
        slider = {"entity_id": "input_number.household_a", "value": 15}
        await visitor.ask(
            "call_service", domain="input_number", service="set_value", service_data=slider
        )
        states = await until(
            visitor,
            "one car makes room",
            lambda states: (
                sorted((amps(states, left), amps(states, right))) == [0.0, 10.0]
                and amps(states, "sensor.grid_a") == pytest.approx(25.0, abs=0.05)
            ),
        )
        assert states["sensor.loadjuggler_status"] == "ok"
        await shows_its_dashboard(visitor)
    process.send_signal(signal.SIGINT)
    assert await asyncio.to_thread(process.wait, 60) == 0
