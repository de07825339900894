"""One real Home Assistant as script/home-assistant starts it, and one Chromium, for all tests."""

from __future__ import annotations

import importlib.util
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from simulator.trial import start
from tests.browser.trial import House
from tests.browser.window import CHROMIUM, chromium
from tests.patience import patient_s

PROJECT = Path(__file__).parent.parent.parent
START_S = 120.0
END_S = 180
"""Home Assistant gives its parts up to two minutes to end, and a busy machine needs them (s)."""


def missing() -> str | None:
    """What a browser test needs and is not here; `None`: nothing."""
    if importlib.util.find_spec("playwright") is None:
        return "playwright is not installed (script/setup-browser says why)"
    if CHROMIUM is None:
        return "there is no Chromium (LOADJUGGLER_CHROMIUM names one)"
    try:
        start.integrations()
    except start.Failed as failed:
        return str(failed)
    return None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip them where there is no browser."""
    reason = missing()
    for item in items:
        if reason and Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.skip(reason=f"MISSING: {reason}"))


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


@contextmanager
def running(folder: Path, *more: str) -> Iterator[House]:
    """The house to try, started afresh in a folder (with `more` arguments), and ended."""
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "simulator.trial.start", "--folder", str(folder / "config")]
    ports = ["--port", str(free_port()), "--ocpp-port", str(free_port())]
    said = folder / "said"
    with said.open("wb") as output:
        process = subprocess.Popen(
            [*command, *ports, "--fresh", *more],
            cwd=PROJECT,
            env={**os.environ, "PYTHONPATH": f"{PROJECT}:{PROJECT / 'pyscript' / 'modules'}"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        began = time.monotonic()
        while "Ctrl-C ends it all." not in said.read_text(encoding="utf-8"):
            assert process.poll() is None, said.read_text(encoding="utf-8")
            assert time.monotonic() - began < patient_s(START_S), said.read_text(encoding="utf-8")
            time.sleep(0.2)
        found = re.search(r"(http://127.0.0.1:\d+)/load-juggler", said.read_text(encoding="utf-8"))
        assert found
        yield House(found[1], folder)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(END_S)


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The house to try, running."""
    with running(tmp_path_factory.mktemp("trial")) as started:
        yield started


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium, headless."""
    with chromium() as started:
        yield started
