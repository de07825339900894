"""Runs all tests in as many pytest processes as it takes, and adds up what they did.

script/test calls this, after it has made the environment. There are: the tests without Home
Assistant, those in Home Assistant without pyscript, those with pyscript, once for each version of
it, the same for each file of those from end to end, and those in a browser. (Each test with
pyscript has a process of its own: tests/isolation.py.)
"""

from __future__ import annotations

import argparse
import ast
import importlib.util
import os
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME_ASSISTANT = [ROOT / "tests" / "home_assistant", ROOT / "tests" / "blueprints"]
END_TO_END = [ROOT / "tests" / "end_to_end"]
BROWSER = [ROOT / "tests" / "browser"]
PYSCRIPTS = [ROOT / ".cache" / "pyscript-1.7.0", ROOT / ".cache" / "pyscript-a51b95b"]
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


def run_pytest(
    arguments: Sequence[str | Path], *, pyscript: Path | None = None, show: bool = False
) -> tuple[Totals, str]:
    """Run one pytest process; return what its tests did, and its output (show: printed instead).

    A process that crashes or leaves no results counts as one failed test.
    """
    environment = dict(os.environ)
    if pyscript is not None:
        environment["LOADJUGGLER_PYSCRIPT_DIR"] = str(pyscript)
    with tempfile.TemporaryDirectory(prefix="loadjuggler-tests-") as folder:
        results = Path(folder) / "results.xml"
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", f"--junitxml={results}", *map(str, arguments)],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=None if show else subprocess.PIPE,
            stderr=None if show else subprocess.STDOUT,
            text=True,
            check=False,
        )
        try:
            totals = read_results(results)
        except (OSError, ET.ParseError):
            totals = Totals()
    # 0: all passed, 1: some failed, 5: there were none, which is for the caller to judge.
    if done.returncode not in (0, 5) and not totals.failed:
        totals.failed = 1
    return totals, done.stdout or ""


def run_plain(paths: Sequence[str], chosen: Sequence[str], *, fast: bool) -> Totals:
    """Run the tests without Home Assistant, on all processors; if `fast`, not the slow ones."""
    leave_out = [f"--ignore={folder}" for folder in (*HOME_ASSISTANT, *END_TO_END, *BROWSER)]
    # Home Assistant's test plugin takes seconds to load and watches over each test.
    options = ["-p", "no:homeassistant", "-n", str(os.cpu_count() or 1)]
    if fast:
        options += ["-m", "not slow"]
    return run_pytest([*options, *leave_out, *chosen, *paths], show=True)[0]


# What of the tests in Home Assistant one process runs: name, marker, pyscript, paths.
Job = tuple[str, str, Path | None, Sequence[str | Path]]


def home_assistant_jobs(paths: Sequence[str | Path]) -> list[Job]:
    """The jobs of the tests in Home Assistant under the paths."""
    jobs: list[Job] = [
        (f"with {pyscript.name}", "pyscript", pyscript, paths) for pyscript in PYSCRIPTS
    ]
    return [*jobs, ("with no pyscript", "not pyscript", None, paths)]


def end_to_end_jobs(paths: Sequence[str | Path]) -> list[Job]:
    """The same of the tests from end to end: one for each file, because they mostly wait."""
    files = [
        file
        for path in map(Path, paths)
        for file in (sorted(path.glob("test_*.py")) if path.is_dir() else [path])
    ]
    return [
        (f"{file.name} with {pyscript.name}", "pyscript", pyscript, [file])
        for file in files
        for pyscript in PYSCRIPTS
    ]


def run_browser(paths: Sequence[str | Path], chosen: Sequence[str]) -> Totals:
    """Run the tests in a browser, which start a Home Assistant of their own."""
    print("Tests in a browser:", flush=True)
    # Home Assistant's test plugin forbids what a browser needs: sockets, and threads that stay.
    return run_pytest(["-p", "no:homeassistant", *chosen, *paths], show=True)[0]


def run_jobs(jobs: Sequence[Job], chosen: Sequence[str], at_once: int) -> Totals:
    """Run jobs, so many processes at a time."""

    def run(job: Job) -> tuple[Totals, str, float]:
        started = time.monotonic()
        _, marker, pyscript, paths = job
        result, output = run_pytest(["-m", marker, *chosen, *paths], pyscript=pyscript)
        return result, output, time.monotonic() - started

    totals = Totals()
    with ThreadPoolExecutor(at_once) as pool:
        for (name, *_), (result, output, seconds) in zip(jobs, pool.map(run, jobs), strict=True):
            if result.failed:
                print(f"--- {name}:\n{output}")
            if result.run or not chosen:
                print(
                    f"{name}: {result.passed} passed, {result.failed} failed, "
                    f"{result.skipped.total()} skipped in {seconds:.0f} s",
                    flush=True,
                )
            totals.add(result)
    return totals


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
    parser.add_argument("--fast", action="store_true")
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
    skipped = totals.skipped.total()
    print(f"{totals.passed} passed, {totals.failed} failed, {skipped} skipped", flush=True)


def main() -> int:
    """Run what was asked for; return the exit status."""
    arguments = parse_arguments()
    everything = not arguments.paths and not arguments.k
    chosen = ["-k", arguments.k] if arguments.k else []
    started = time.monotonic()
    totals, problems = Totals(), list[str]()
    os.environ.setdefault("LOADJUGGLER_HYPOTHESIS", "fast" if arguments.fast else "full")

    if everything and subprocess.run([ROOT / "script" / "lint"], check=False).returncode:
        problems.append("lint or types, see above")

    # Paths are the caller's, who may stand in another folder.
    paths = [os.path.abspath(path) for path in arguments.paths]
    inside = [path for path in paths if lies_in(path, HOME_ASSISTANT)]
    whole = [path for path in paths if lies_in(path, END_TO_END)]
    seen = [path for path in paths if lies_in(path, BROWSER)]
    plain = [path for path in paths if path not in (*inside, *whole, *seen)]
    if plain or not arguments.paths:
        totals.add(run_plain(plain, chosen, fast=arguments.fast))
        if everything and not totals.run:
            problems.append("there are no tests without Home Assistant")

    if not arguments.paths:
        inside = [str(folder) for folder in HOME_ASSISTANT if folder.exists()]
        whole = [str(folder) for folder in END_TO_END]
        seen = [str(folder) for folder in BROWSER]
    if arguments.fast:
        print("Left out (--fast): the tests in Home Assistant, and whole simulated days.")
    elif (inside or whole or seen) and importlib.util.find_spec("homeassistant") is None:
        reason = f"{MISSING}Home Assistant is not installed (script/setup says why)"
        totals.skipped[reason] += count_tests([*HOME_ASSISTANT, *END_TO_END, *BROWSER])
    else:
        for name, jobs, at_once in (
            ("in Home Assistant", home_assistant_jobs(inside) if inside else [], 2),
            ("from end to end", end_to_end_jobs(whole), 4),
        ):
            if jobs:
                print(f"Tests {name}:", flush=True)
                result = run_jobs(jobs, chosen, at_once)
                totals.add(result)
                if everything and not result.run:
                    problems.append(f"there are no tests {name}")
        if seen:
            totals.add(run_browser(seen, chosen))

    if not totals.run:
        problems.append("no test was found")
    report(totals, problems, time.monotonic() - started)
    return 1 if totals.failed or problems else 0


if __name__ == "__main__":
    sys.exit(main())
