"""The picture of the wiring: written, served, told of, and not too often."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import yaml

from tests.home_assistant.harness import Home
from tests.home_assistant.house import (
    QUICK,
    READY,
    charger_form,
    register,
    set_charger,
    set_meters,
    set_options,
    site_form,
)

pytestmark = pytest.mark.pyscript


@pytest.fixture(autouse=True)
def disable_http_server() -> None:
    """Let Home Assistant serve its pages: from 2026 on its test plugin prevents that, by this name.

    Where a test wants pages they are served on a free port of 127.0.0.1 only.
    """


def file_of(home: Home) -> Path:
    return home.config / "www" / "loadjuggler" / "wiring.svg"


def address(home: Home) -> str:
    return str(home.attributes("sensor.loadjuggler_status").get("picture", ""))


def shown(home: Home) -> str:
    return file_of(home).read_text(encoding="utf-8") if file_of(home).exists() else ""


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


async def start(home: Home, *, port: int = 0, **options: Any) -> None:
    """Start with a car that is told 16 A; Home Assistant serves its pages at `port`, if given."""
    set_options(home, **{**QUICK, **options})
    if port:
        file = home.config / "configuration.yaml"
        more = {"http": {"server_host": "127.0.0.1", "server_port": port}, "frontend": {}}
        file.write_text(f"{file.read_text(encoding='utf-8')}{yaml.safe_dump(more)}", "utf-8")
    await home.start(*READY)
    set_meters(home, 12)
    set_charger(home, "left", 10, transaction=42)
    assert (await register(home, "site", site_form()))["ok"]
    assert (await register(home, "charger", charger_form("Left")))["ok"]


async def test_the_picture_is_written_and_follows_the_allocation(home: Home) -> None:
    await start(home, picture_s=0.05)
    await home.wait_until(lambda: "16.0 A</text>" in shown(home), "the car is told 16 A")
    await home.wait_until(lambda: address(home), "it is told where the picture is")
    first = address(home)
    assert first.startswith("/local/loadjuggler/wiring.svg?v=")
    # An oven: 15 A beside the car's 10 A. 25 - 15 = 10 A are left for it.
    await home.settle(0.5)  # no oven comes on in the very moment of a command
    set_meters(home, 25)
    set_charger(home, "left", 10, transaction=42)
    await home.wait_until(lambda: ">10.0 A</text>" in shown(home), "the car is told 10 A")
    await home.wait_until(lambda: address(home) != first, "browsers are told of it")
    assert not file_of(home).with_suffix(".svg.new").exists()
    assert home.errors() == []


async def test_it_is_not_written_before_its_time(home: Home) -> None:
    await start(home, picture_s=3600)
    await home.wait_until(lambda: address(home), "there is a first picture")
    written = file_of(home).stat().st_mtime_ns
    before = home.state("sensor.loadjuggler_left_allocated_current")
    set_meters(home, 25)
    set_charger(home, "left", 10, transaction=42)
    await home.wait_until(
        lambda: home.state("sensor.loadjuggler_left_allocated_current") not in (before, "16.0"),
        "the allocation has changed",
    )
    await home.settle(0.5)
    assert file_of(home).stat().st_mtime_ns == written


async def test_it_is_not_written_while_nothing_changes(home: Home) -> None:
    await start(home, picture_s=0.05)
    await home.wait_until(lambda: "16.0 A</text>" in shown(home), "the car is told 16 A")
    await home.settle(1.0)
    written, told = file_of(home).stat().st_mtime_ns, address(home)
    await home.settle(1.0)
    assert (file_of(home).stat().st_mtime_ns, address(home)) == (written, told)


async def test_who_wants_no_picture_gets_none(home: Home) -> None:
    await start(home, picture_s=0)
    await home.wait_until(
        lambda: home.state("sensor.loadjuggler_left_allocated_current") == "16.0", "it runs"
    )
    await home.settle(0.5)
    assert not (home.config / "www").exists()
    assert address(home) == ""


@pytest.mark.parametrize("www", [True, False])
@pytest.mark.usefixtures("socket_enabled")
async def test_home_assistant_serves_it_whether_or_not_www_was_there(home: Home, www: bool) -> None:
    if www:
        (home.config / "www").mkdir(parents=True)
    port = free_port()
    await start(home, port=port, picture_s=0.05)
    await home.wait_until(lambda: address(home), "there is a picture")
    await home.settle()
    page = f"http://127.0.0.1:{port}{address(home)}"
    async with aiohttp.ClientSession() as browser, browser.get(page) as answer:
        assert answer.status == 200
        assert answer.content_type == "image/svg+xml"
        assert "Left" in await answer.text()


async def test_a_folder_that_cannot_be_written_is_told_once(home: Home) -> None:
    (home.config / "www").write_text("not a folder", encoding="utf-8")
    await start(home, picture_s=0.05)
    await home.wait_until(
        lambda: [text for text in home.errors() if "picture" in text], "it is told"
    )
    await asyncio.sleep(0.5)
    assert len(home.errors()) == 1
    assert address(home) == ""
    # and the house goes on
    assert home.state("sensor.loadjuggler_left_allocated_current") == "16.0"
