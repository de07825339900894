"""The command script/simulate: scenarios through the engine, as docs/scenario-format.md says."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from .arguments import Parser, whole
from .registration import Unfit
from .runs import Result, closed_loop, once
from .scenario import Scenario
from .scenario_file import Refused, read_file
from .side_by_side import side_by_side

TOLERANCE_A = 0.15
"""How far a current may be from what is expected."""
FAILED, REFUSED = 1, 2
MANY_LOOKS, MANY_LOOPS = 100, 4
"""From so many scenarios on, several processes are quicker: a look takes a thousandth of a second,
and a closed loop some hundred times as long."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit status: 0, 1 (a check failed) or 2 (refused)."""
    given = _parse(arguments)
    try:
        return _simulate(given)
    except BrokenPipeError:
        # Somebody piped us into head. Python would complain once more at its exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = Parser("script/simulate")
    parser.add_argument("--once", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--filter", default="")
    parser.add_argument("--day", action="store_true")
    parser.add_argument("--steps", action="store_true")
    parser.add_argument("--replay", action="store_true")
    parser.add_argument("--sweep", action="store_true")
    parser.add_argument("--share", type=whole(1), default=10)
    parser.add_argument("--seed", type=whole(), default=1)
    parser.add_argument("--picture", type=Path)
    parser.add_argument("files", nargs="*")
    given = parser.parse_args(arguments)
    if wrong := _wrong_together(given):
        parser.error(wrong)
    return given


def _wrong_together(given: argparse.Namespace) -> str:
    """Why these arguments do not go together; empty if they do."""
    if given.day + given.steps + given.replay + given.sweep > 1:
        return "only one of --day, --steps, --sweep and --replay can be run"
    if given.sweep and (given.once or given.check or given.filter or given.files):
        return "--sweep goes with --json, --share and --seed only"
    if given.day and (given.once or given.check or given.filter):
        return "--day goes with --json and --picture only"
    if given.steps and (given.once or given.check or given.files):
        return "--steps goes with --json, --picture and --filter only"
    if given.replay and (given.once or given.check or given.filter):
        return "--replay goes with --json only"
    if given.picture and not (given.day or given.steps):
        return "--picture goes with --day or --steps"
    if not (given.steps or given.sweep or given.files):
        return "the following arguments are required: files"
    return ""


def _simulate(given: argparse.Namespace) -> int:
    if given.day:
        from .day_command import simulate_days

        return simulate_days(given.files, given.json, given.picture)
    if given.sweep:
        from .steps.command import simulate_sweep

        return simulate_sweep(given.json, given.share, given.seed)
    if given.steps or given.replay:
        from .steps.command import simulate_replay, simulate_steps

        if given.replay:
            return simulate_replay(given.files, given.json)
        return simulate_steps(given.json, given.picture, given.filter)
    scenarios, errors = _read(given.files)
    chosen = [s for s in scenarios if given.filter in s.name or given.filter in s.group]
    if not chosen and not errors:
        errors = [f"there is no scenario with '{given.filter}' in its name or group"]
    if errors:
        print("\n".join(errors), file=sys.stderr)
        return REFUSED
    if not (given.json or given.check):
        return _tell(chosen, once if given.once else closed_loop)
    # Where the results are data, only they go to the standard output.
    notes = sys.stderr if given.json else sys.stdout
    unfit = failed = 0
    judge = partial(_judged, once if given.once else closed_loop)
    for judged in side_by_side(judge, chosen, MANY_LOOKS if given.once else MANY_LOOPS):
        unfit += bool(judged.unfit)
        for error in judged.unfit:
            print(error, file=sys.stderr)
        if given.json and judged.data:
            print(judged.data)
        wrong = judged.wrong if given.check else ()
        failed += bool(wrong)
        for line in wrong:
            print(f"{judged.name}: {line}", file=notes)
    if given.check:
        left_out = f", {unfit} not run" if unfit else ""
        passed = len(chosen) - failed - unfit
        print(f"{passed} passed, {failed} failed{left_out}", file=notes)
    return REFUSED if unfit else FAILED if failed else 0


@dataclass(frozen=True, slots=True)
class _Judged:
    """How a scenario ended: its JSON, what differs from what it expects, or why it is `unfit`."""

    name: str
    data: str = ""
    wrong: Sequence[str] = ()
    unfit: Sequence[str] = ()


def _judged(work: Callable[[Scenario], Result], scenario: Scenario) -> _Judged:
    """How a scenario ends if `work` runs it."""
    try:
        result = work(scenario)
    except Unfit as error:
        return _Judged(scenario.name, unfit=error.errors)
    data = json.dumps(as_data(result), ensure_ascii=False)
    return _Judged(scenario.name, data, failures(result))


def _tell(scenarios: Sequence[Scenario], work: Callable[[Scenario], Result]) -> int:
    """Show a table of each scenario for people; returns the exit status."""
    from .simulate_table import Tables

    tables, unfit = Tables(), False
    for scenario in scenarios:
        try:
            tables.show(work(scenario))
        except Unfit as error:
            unfit = True
            print("\n".join(error.errors), file=sys.stderr)
    return REFUSED if unfit else 0


def _read(files: Sequence[str]) -> tuple[list[Scenario], list[str]]:
    scenarios: list[Scenario] = []
    errors: list[str] = []
    for path in files:
        try:
            scenarios += read_file(path)
        except Refused as refused:
            errors += refused.errors
    return scenarios, errors


def failures(result: Result) -> list[str]:
    """What differs from what the scenario expects, a sentence each."""
    lines = []
    for load, expected in result.scenario.expected.items():
        got = result.loads[load]
        for key in ("allocated", "available"):
            wanted = getattr(expected, key)
            amps = getattr(got, key)
            if wanted is not None and abs(amps - wanted) > TOLERANCE_A + 1e-9:
                lines.append(f"{load}: {key} {amps:.2f} A, expected {wanted:.2f} A ({got.reason})")
    return lines


def as_data(result: Result) -> dict[str, Any]:
    """The JSON object of a scenario."""
    data: dict[str, Any] = {
        "name": result.scenario.name,
        "loads": {
            load: {
                "allocated": round(got.allocated, 3),
                "available": round(got.available, 3),
                "reason": got.reason,
            }
            for load, got in result.loads.items()
        },
        "stable": result.stable,
        "worst_overload": round(result.worst.worst_a, 3),
    }
    if result.worst.household_a > 0:
        data["household_overload"] = round(result.worst.household_a, 3)
    return data


if __name__ == "__main__":
    sys.exit(main())
