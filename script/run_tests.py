"""Runs all tests in as many pytest processes as it takes, and adds up what they did.

script/test calls this, after it has made the environment. The jobs are: style and types; the tests
without Home Assistant, on all processors; those in Home Assistant without pyscript; those with
pyscript and from end to end, once for each version of it (each of these tests has a process of its
own, tests/isolation.py); and those in a browser.

Tests with pyscript mostly wait for something to happen, the other jobs calculate. So two lanes are
worked off side by side: what waits starts at once, all of it; what calculates runs one job after
the other at a lower priority, and takes the time that the waiting ones leave over.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path

from simulator.trial import clones

ROOT = Path(__file__).resolve().parent.parent
TESTS = ROOT / "tests"
HOME_ASSISTANT = [TESTS / "home_assistant", TESTS / "blueprints"]
END_TO_END = [TESTS / "end_to_end"]
BROWSER = [TESTS / "browser"]
NEED_HOME_ASSISTANT = [*HOME_ASSISTANT, *END_TO_END, *BROWSER]
PROCESSORS = os.cpu_count() or 1
# What a command begins with that leaves the processors to others while these need them.
LESS_URGENT = ["nice", "-n", "10"] if shutil.which("nice") else []
# Home Assistant's test plugin takes seconds to load and watches over each test; in a browser's
# tests it forbids what they need: sockets, and threads that stay.
WITHOUT_HOME_ASSISTANT = ["-p", "no:homeassistant"]
# What lets that plugin work with a newer Home Assistant than its own.
EARLY = ["-p", "tests.early"]
# How tests/conftest.py begins the reason of a skip for something that could not be had.
MISSING = "MISSING: "


@dataclass
class Totals:
    """What the tests of one pytest process, or of all of them, did."""

    passed: int = 0
    failed: int = 0
    skipped: Counter[str] = field(default_factory=Counter)

    @property
    def run(self) -> int:
        """How many tests there were."""
        return self.passed + self.failed + self.skipped.total()

    def add(self, other: Totals) -> None:
        """Add another process's tests to these."""
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped.total()} skipped"


def read_results(path: Path) -> Totals:
    """Count the tests in a JUnit file as pytest writes it. Raises OSError, ET.ParseError."""
    totals = Totals()
    for case in ET.parse(path).iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            totals.failed += 1
        elif (skipped := case.find("skipped")) is not None:
            reason = skipped.get("message") or "no reason given"
            expected = skipped.get("type") == "pytest.xfail"
            totals.skipped[f"expected to fail: {reason}" if expected else reason] += 1
        else:
            totals.passed += 1
    return totals


@dataclass(frozen=True)
class Job:
    """Tests that one pytest process runs, or the check of style and types."""

    name: str
    arguments: Sequence[str | Path] = ()
    pyscript: Path | None = None
    ocpp: Path | None = None
    waits: bool = False
    """Its tests mostly wait, and what they wait for should not come late."""
    lint: bool = False


@dataclass
class Done:
    """What came of a job: its tests, what it printed, and how long it took."""

    totals: Totals
    output: str
    seconds: float
    failed: bool


def run_job(job: Job, *, show: bool = False) -> Done:
    """Run a job; show: its output is printed as it comes, and not returned.

    A pytest process that crashes or leaves no results counts as one failed test.
    """
    started = time.monotonic()
    totals = Totals()
    with tempfile.TemporaryDirectory(prefix="loadjuggler-tests-") as folder:
        results = Path(folder) / "results.xml"
        pytest = [sys.executable, "-m", "pytest", *EARLY, "-q", f"--junitxml={results}"]
        command = [ROOT / "script" / "lint"] if job.lint else [*pytest, *job.arguments]
        done = subprocess.run(
            [*([] if job.waits else LESS_URGENT), *command],
            cwd=ROOT,
            env=environment_of(job),
            stdin=subprocess.DEVNULL,
            stdout=None if show else subprocess.PIPE,
            stderr=None if show else subprocess.STDOUT,
            text=True,
            check=False,
        )
        if not job.lint:
            with contextlib.suppress(OSError, ET.ParseError):
                totals = read_results(results)
    # pytest says 5 if there were no tests, which is for the caller to judge.
    failed = done.returncode not in ((0,) if job.lint else (0, 5))
    if failed and not job.lint and not totals.failed:
        totals.failed = 1
    return Done(totals, done.stdout or "", time.monotonic() - started, failed)


def environment_of(job: Job) -> dict[str, str]:
    """The environment variables of a job's process."""
    environment = dict(os.environ)
    # Without compiled files each of the processes would compile Home Assistant again, for 15 s.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    environment["LOADJUGGLER_AT_ONCE"] = str(PROCESSORS)
    if job.pyscript is not None:
        environment["LOADJUGGLER_PYSCRIPT_DIR"] = str(job.pyscript)
    if job.ocpp is not None:
        environment["LOADJUGGLER_OCPP_DIR"] = str(job.ocpp)
    return environment


def run_jobs(jobs: Sequence[Job]) -> Iterator[tuple[Job, Done]]:
    """Run jobs; print and yield what came of each, in the order in which they end."""
    if len(jobs) == 1:
        yield jobs[0], run_job(jobs[0], show=True)
        return
    with ThreadPoolExecutor(len(jobs)) as waiting, ThreadPoolExecutor(1) as working:
        futures = {(waiting if job.waits else working).submit(run_job, job): job for job in jobs}
        for future in as_completed(futures):
            job, done = futures[future], future.result()
            if done.failed:
                print(f"--- {job.name}:\n{done.output}")
            result = ("failed" if done.failed else "all right") if job.lint else done.totals
            if job.lint or done.totals.run:
                print(f"{job.name}: {result} in {done.seconds:.0f} s", flush=True)
            yield job, done


def jobs_of(arguments: argparse.Namespace, *, real: bool) -> list[Job]:
    """The jobs that run what was asked for; real: those that need Home Assistant, too."""
    # Paths are the caller's, who may stand in another folder.
    paths = [os.path.abspath(path) for path in arguments.paths]
    chosen = ["-k", arguments.k] if arguments.k else []

    def among(folders: Sequence[Path]) -> list[str]:
        """Which of the paths lie in these folders; no path at all: the folders."""
        if not paths:
            return [str(folder) for folder in folders if folder.exists()]
        return [path for path in paths if lies_in(path, folders)]

    inside = [*among(END_TO_END), *among(HOME_ASSISTANT)]  # first what waits longest
    seen = among(BROWSER)
    others = [path for path in paths if path not in (*inside, *seen)]
    jobs = []
    if not paths and not chosen:
        jobs.append(Job("Style and types", lint=True))
    if inside and real:
        pyscripts = clones.pyscripts(clones.CACHE, clones.home_assistant())
        for pair in (pairs := pairs_of(pyscripts, clones.ocpps(clones.CACHE))):
            options = ["-m", marks_of(pair, pairs[-1], long=arguments.long), *chosen, *inside]
            name = " and ".join(folder.name for folder in pair)
            jobs.append(Job(f"Tests with {name}", options, *pair, waits=True))
    if seen and real:
        options = [*WITHOUT_HOME_ASSISTANT, *chosen, *seen]
        jobs.append(Job("Tests in a browser", options, waits=True))
    if inside and real:
        options = ["-m", "not pyscript", *chosen, *inside]
        jobs.append(Job("Tests in Home Assistant without pyscript", options))
    if others or not paths:
        options = [*WITHOUT_HOME_ASSISTANT, "-n", str(PROCESSORS), *chosen, *others]
        options += [f"--ignore={folder}" for folder in NEED_HOME_ASSISTANT]
        if arguments.fast:
            options += ["-m", "not slow"]
        jobs.append(Job("Tests without Home Assistant", options))
    return jobs


Pair = tuple[Path, Path]
"""The folders of a pyscript and of an OCPP integration that are tested together."""


def pairs_of(pyscripts: Sequence[Path], ocpps: Sequence[Path]) -> list[Pair]:
    """Pairs in which each of them is; the newest ones are the last pair."""
    backwards = range(max(len(pyscripts), len(ocpps)), 0, -1)
    return [
        (pyscripts[max(len(pyscripts) - back, 0)], ocpps[max(len(ocpps) - back, 0)])
        for back in backwards
    ]


def marks_of(pair: Pair, last: Pair, *, long: bool) -> str:
    """Which tests are run with a pair, by their marks; with the `last` one all of them.

    With the same pyscript, what has nothing to do with the OCPP integration is not run again.
    """
    if long or pair == last:
        return "pyscript"
    same = pair[0] == last[0]
    return "pyscript and ocpp" if same else "pyscript and not any_pyscript"


def count_tests(folders: Iterable[Path]) -> int:
    """Count test functions by reading the files, where they can't be imported."""
    return sum(
        isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
        for folder in folders
        for file in folder.rglob("test_*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
    )


def lies_in(path: str, folders: Iterable[Path]) -> bool:
    """Say whether a path (or test id) lies in one of the folders."""
    file = Path(path.partition("::")[0]).resolve()
    return any(file.is_relative_to(folder) for folder in folders)


def parse_arguments() -> argparse.Namespace:
    """Read the command line, as script/test --help explains it."""
    parser = argparse.ArgumentParser(prog="script/test", add_help=False)
    effort = parser.add_mutually_exclusive_group()
    effort.add_argument("--fast", action="store_true")
    effort.add_argument("--long", action="store_true")
    parser.add_argument("-k", default="")
    parser.add_argument("paths", nargs="*")
    return parser.parse_args()


def report(totals: Totals, problems: Sequence[str], seconds: float) -> None:
    """Print what was done, and what was not and why."""
    print(f"\n{totals.run} tests in {seconds:.0f} s")
    missing = {reason: n for reason, n in totals.skipped.items() if reason.startswith(MISSING)}
    for reason, count in totals.skipped.most_common():
        if reason not in missing:
            print(f"{count} skipped: {reason}")
    if missing:
        reasons = "; ".join(reason.removeprefix(MISSING) for reason in missing)
        print(f"!!! NOT TESTED: {sum(missing.values())} tests, because {reasons} !!!")
    for problem in problems:
        print(f"FAILED: {problem}")
    print(totals, flush=True)


def main() -> int:
    """Run what was asked for; return the exit status."""
    arguments = parse_arguments()
    paths = arguments.paths
    everything = not paths and not arguments.k
    started = time.monotonic()
    totals, problems = Totals(), list[str]()
    if arguments.fast or arguments.long:
        os.environ["LOADJUGGLER_EFFORT"] = "fast" if arguments.fast else "long"

    there = importlib.util.find_spec("homeassistant") is not None
    if arguments.fast:
        print("Left out (--fast): the tests in Home Assistant, and whole simulated days.")
    elif not there and (not paths or any(lies_in(path, NEED_HOME_ASSISTANT) for path in paths)):
        reason = f"{MISSING}Home Assistant is not installed (script/setup says why)"
        totals.skipped[reason] += count_tests(NEED_HOME_ASSISTANT)
    for job, done in run_jobs(jobs_of(arguments, real=there and not arguments.fast)):
        totals.add(done.totals)
        if job.lint and done.failed:
            problems.append("style or types, see above")
        elif everything and not job.lint and not done.totals.run:
            problems.append(f"there are none of the {job.name[0].lower()}{job.name[1:]}")

    if not totals.run:
        problems.append("no test was found")
    report(totals, problems, time.monotonic() - started)
    return 1 if totals.failed or problems else 0


if __name__ == "__main__":
    sys.exit(main())
