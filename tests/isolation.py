"""Runs each test marked "pyscript" in a process of its own, several at a time.

pyscript keeps functions, triggers and modules for the life of a process, so one test with it would
disturb the next. The process is forked after everything is imported: a new one would spend five
seconds on importing Home Assistant for a test of half a second.

Most of a test's time is waiting. So up to LOADJUGGLER_AT_ONCE (1 if not set) of these processes run
side by side: pytest's loop comes to a test, starts it here and goes on to the next one; when all
places are taken it waits for one to end. Reports come in the order in which the tests end.
"""

from __future__ import annotations

import gc
import os
import pickle
import select
import signal
import sys
import time
import traceback
from collections.abc import Generator
from dataclasses import dataclass, field

import pytest
from _pytest.reports import TestReport
from _pytest.runner import runtestprotocol

from tests.patience import patient_s

TIMEOUT_S = 300.0
"""What a test may take on an idle machine, in s."""
LONG_TIMEOUT_S = 1800.0
"""What a test marked "long" may take, in s."""
AT_ONCE = int(os.environ.get("LOADJUGGLER_AT_ONCE", "1"))


@dataclass
class Child:
    """A test that runs in a process of its own, and what that has sent so far."""

    item: pytest.Item
    pid: int
    pipe: int
    started: float = field(default_factory=time.time)
    sent: bytearray = field(default_factory=bytearray)

    def left_s(self) -> float:
        """How long it may still take."""
        return max(0.0, self.started + self.timeout_s - time.time())

    @property
    def timeout_s(self) -> float:
        """How long it may take in all."""
        return patient_s(LONG_TIMEOUT_S if self.item.get_closest_marker("long") else TIMEOUT_S)


_running: list[Child] = []


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> bool | None:
    """Start a test in a forked process; leave all other tests to pytest."""
    # A skipped test needs no process, and a debugger needs this one for its terminal.
    skipped = item.get_closest_marker("skip")
    if not item.get_closest_marker("pyscript") or skipped or item.config.getoption("usepdb"):
        return None
    _running.append(start(item))
    leave_running(AT_ONCE - 1)
    return True


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop() -> Generator[None, object, object]:
    """Wait for the last ones; if the loop is broken off (-x, Ctrl-C), end them."""
    try:
        result = yield
        leave_running(0)
    finally:
        for child in _running:
            os.kill(child.pid, signal.SIGKILL)
            os.waitpid(child.pid, 0)
        _running.clear()
    return result


def start(item: pytest.Item) -> Child:
    """Start a test in a child process."""
    # Made here once, or each child would leave a folder of its own behind.
    item.config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined]
    # The child's garbage collector leaves alone what is there now: most of Home Assistant.
    gc.freeze()
    sys.stdout.flush()
    sys.stderr.flush()
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        run_child(item, writing)
    os.close(writing)
    return Child(item, pid, reading)


def leave_running(most: int) -> None:
    """Report tests that end, or take too long, until at most so many are left."""
    while len(_running) > most:
        wait_s = min(child.left_s() for child in _running)
        ready = select.select([child.pipe for child in _running], [], [], wait_s)[0]
        for child in list(_running):
            if child.pipe in ready:
                sent = os.read(child.pipe, 65536)
                child.sent += sent
                if not sent:
                    finish(child, in_time=True)
            elif not child.left_s():
                os.kill(child.pid, signal.SIGKILL)
                finish(child, in_time=False)


def finish(child: Child, *, in_time: bool) -> None:
    """Tell pytest how a test went; a crash or a hang is a failure."""
    _running.remove(child)
    os.close(child.pipe)
    status = os.waitstatus_to_exitcode(os.waitpid(child.pid, 0)[1])
    item = child.item
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    for report in reports_of(child, status, in_time=in_time):
        item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)


def reports_of(child: Child, status: int, *, in_time: bool) -> list[TestReport]:
    """Return what a test's process sent, or one failure that says why it sent nothing."""
    try:
        told = pickle.loads(child.sent)
    except (EOFError, pickle.UnpicklingError):
        how = f"ended with status {status}" if in_time else f"did not end in {child.timeout_s:g} s"
        told = f"the test's process {how}"
    if isinstance(told, str):
        return [
            TestReport(
                nodeid=child.item.nodeid,
                location=child.item.location,
                keywords={},
                outcome="failed",
                longrepr=told,
                when="call",
                duration=time.time() - child.started,
                start=child.started,
                stop=time.time(),
            )
        ]
    return [TestReport._from_json(report) for report in told]


def run_child(item: pytest.Item, writing: int) -> None:
    """Run a test, send its reports or what broke them, and end without the parent's cleaning up."""
    try:
        # No next test: so all fixtures end here, those of the session too.
        reports = runtestprotocol(item, nextitem=None, log=False)
        # Not as JSON, which would make lists of the tuples that pytest looks for.
        to_send = pickle.dumps([report._to_json() for report in reports])
    except BaseException:  # pytest.exit() and the like: the parent tells.
        to_send = pickle.dumps(traceback.format_exc())
    with os.fdopen(writing, "wb") as pipe:
        pipe.write(to_send)
    os._exit(0)
