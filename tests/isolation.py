"""Runs each test marked "pyscript" in a process of its own.

pyscript keeps functions, triggers and modules for the life of a process, so one test with it would
disturb the next. The process is forked after everything is imported: a new one would spend five
seconds on importing Home Assistant for a test of half a second.
"""

from __future__ import annotations

import os
import pickle
import select
import signal
import sys
import time
import traceback

import pytest
from _pytest.reports import TestReport
from _pytest.runner import runtestprotocol

TIMEOUT_S = 120.0


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> bool | None:
    """Run a test in a forked process and report here; leave all other tests to pytest."""
    # A skipped test needs no process, and a debugger needs this one for its terminal.
    skipped = item.get_closest_marker("skip")
    if not item.get_closest_marker("pyscript") or skipped or item.config.getoption("usepdb"):
        return None
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    for report in run_forked(item):
        item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


def run_forked(item: pytest.Item) -> list[TestReport]:
    """Run a test in a child process and return its reports; a crash or a hang is a failure."""
    # Made here once, or each child would leave a folder of its own behind.
    item.config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined]
    sys.stdout.flush()
    sys.stderr.flush()
    reading, writing = os.pipe()
    started = time.time()
    child = os.fork()
    if child == 0:
        os.close(reading)
        run_child(item, writing)
    os.close(writing)
    sent, in_time = read_all(reading, TIMEOUT_S)
    if not in_time:
        os.kill(child, signal.SIGKILL)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    try:
        told = pickle.loads(sent)
    except (EOFError, pickle.UnpicklingError):
        how = f"ended with status {status}" if in_time else f"did not end in {TIMEOUT_S:g} s"
        told = f"the test's process {how}"
    if isinstance(told, str):
        return [
            TestReport(
                nodeid=item.nodeid,
                location=item.location,
                keywords={},
                outcome="failed",
                longrepr=told,
                when="call",
                duration=time.time() - started,
                start=started,
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


def read_all(pipe: int, timeout_s: float) -> tuple[bytes, bool]:
    """Read a pipe to its end; return what came, and whether the end came in time."""
    end = time.monotonic() + timeout_s
    chunks = []
    with os.fdopen(pipe, "rb") as stream:
        while select.select([stream], [], [], max(0.0, end - time.monotonic()))[0]:
            if not (chunk := os.read(stream.fileno(), 65536)):
                return b"".join(chunks), True
            chunks.append(chunk)
    return b"".join(chunks), False
