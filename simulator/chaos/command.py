"""The command script/chaos: many random episodes, and what is wrong with them."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from multiprocessing import get_context
from time import perf_counter
from typing import Any

from ..arguments import Parser, whole
from .chance import LENGTH_S, episode
from .episode import Outcome, run
from .story import Story, house_lines
from .verdict import Violation

DAY_S = 86_400
FAILED, REFUSED = 1, 2
AROUND_S = 20.0
"""Of a replayed episode so much is told around a violation; everything with --all."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit status: 0, 1 (violations) or 2 (refused)."""
    given = _parse(arguments)
    try:
        if given.only is not None:
            return _replay(given)
        return _many(given)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130


MOST_WORKERS = 64
"""More processes than that would only wait for each other."""


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = Parser("script/chaos")
    parser.add_argument("--episodes", type=whole(1))
    parser.add_argument("--days", type=whole(1))
    parser.add_argument("--seed", type=whole(), default=1)
    parser.add_argument("--only", type=whole())
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--workers", type=whole(1, MOST_WORKERS), default=2)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    if given.episodes and given.days:
        parser.error("--episodes and --days exclude each other; with --only, --days 1 says a day")
    if given.all and given.only is None:
        parser.error("--all goes with --only")
    return given


def _length_s(given: argparse.Namespace) -> int:
    return DAY_S if given.days else LENGTH_S


# --- many episodes -------------------------------------------------------------------------------


def outcomes(
    seed: int, numbers: Sequence[int], length_s: int = LENGTH_S, workers: int = 1
) -> Iterator[Outcome]:
    """What comes of these episodes, in their order."""
    jobs = [(seed, number, length_s) for number in numbers]
    if workers == 1:
        yield from map(_run, jobs)
        return
    with get_context("spawn").Pool(workers) as pool:
        yield from pool.imap(_run, jobs)


def _run(job: tuple[int, int, int]) -> Outcome:
    return run(episode(*job))


def _many(given: argparse.Namespace) -> int:
    begun = perf_counter()
    count = given.days or given.episodes or 200
    found: list[Outcome] = []
    for outcome in outcomes(given.seed, range(count), _length_s(given), given.workers):
        found.append(outcome)
        _progress(found, count)
    _progress([], count)
    took_s = perf_counter() - begun
    if given.json:
        print(json.dumps(as_data(found, took_s), ensure_ascii=False))
    else:
        print("\n".join(_summary(found, took_s, " --days 1" if given.days else "")))
    return FAILED if any(outcome.violations for outcome in found) else 0


def _progress(found: list[Outcome], count: int) -> None:
    """One line that is written over; none where nobody looks."""
    if not sys.stderr.isatty():
        return
    if not found:
        print("\r\033[K", end="", file=sys.stderr, flush=True)
        return
    wrong = sum(len(outcome.violations) for outcome in found)
    print(f"\r{len(found)} of {count}, {wrong} violations", end="", file=sys.stderr, flush=True)


def as_data(found: Sequence[Outcome], took_s: float) -> dict[str, Any]:
    """Figures of all episodes, and every violation, as plain data."""
    calls, hours = sum(o.calls for o in found), sum(o.loads * o.seconds for o in found) / 3600
    worst = max(found, key=lambda o: o.stormy)
    spent_s = sum(o.took_s for o in found)
    return {
        "seed": found[0].seed,
        "episodes": len(found),
        "hours": round(sum(o.seconds for o in found) / 3600, 2),
        "loads": sum(o.loads for o in found),
        "faults": sum(o.faults for o in found),
        "runs": sum(o.runs for o in found),
        "over_s": sum(o.over_s for o in found),
        "calls_per_load_hour": round(calls / hours, 1) if hours else None,
        "most_calls_in_10_min": worst.stormy,
        "most_calls_by": f"{worst.stormy_load} in {worst.number}" if worst.stormy else None,
        "took_s": round(took_s, 1),
        "engine_share_pct": round(100 * sum(o.engine_s for o in found) / spent_s, 1),
        "rules": dict(Counter(v.rule for o in found for v in o.violations)),
        "violations": [{"episode": o.number, **asdict(v)} for o in found for v in o.violations],
    }


def _summary(found: Sequence[Outcome], took_s: float, kind: str) -> Iterator[str]:
    told = as_data(found, took_s)
    for outcome in found:
        for violation in outcome.violations:
            replay = f"--seed {outcome.seed}{kind} --only {outcome.number}"
            yield f"{replay}: {violation_words(violation)}"
    if told["rules"]:
        yield ""
    yield (
        f"{told['episodes']} episodes of seed {told['seed']}, {told['hours']:g} h of "
        f"{told['loads']} loads with {told['faults']} faults, in {told['took_s']:g} s "
        f"({told['engine_share_pct']:g} % of it the engine, {told['runs']} runs)"
    )
    yield (
        f"calls: {told['calls_per_load_hour']} per load and hour, at most "
        f"{told['most_calls_in_10_min']} of one load in 10 min ({told['most_calls_by']})"
    )
    yield f"limits exceeded for {told['over_s']} s in all, whoever was to blame"
    rules = ", ".join(f"{count} {rule}" for rule, count in told["rules"].items())
    where = sum(bool(outcome.violations) for outcome in found)
    yield f"violations: {rules} (in {where} episodes)" if rules else "violations: none"


def violation_words(violation: Violation) -> str:
    """A violation in a line."""
    much = f", {violation.worst:.1f} {violation.unit}" if violation.unit else ""
    place = f" {violation.place}" if violation.place else ""
    return (
        f"{violation.rule}{place} at {violation.at_s:.0f} s for {violation.seconds} s{much}: "
        f"{violation.text}"
    )


# --- one of them ---------------------------------------------------------------------------------


def _replay(given: argparse.Namespace) -> int:
    """Tell one episode: its house, and what happened around each violation (or everything)."""
    story = Story()
    made = episode(given.seed, given.only, _length_s(given))
    outcome = run(made, story)
    if given.json:
        print(json.dumps(as_data([outcome], outcome.took_s), ensure_ascii=False))
        return FAILED if outcome.violations else 0
    print("\n".join(house_lines(made)))
    lines = [(at, f"{at:6.0f} s  {words}") for at, words in story.lines]
    lines += [
        (v.at_s, f"{v.at_s:6.0f} s  VIOLATION {violation_words(v)}") for v in outcome.violations
    ]
    spans = [(v.at_s - 2 * AROUND_S, v.last_s + AROUND_S) for v in outcome.violations]
    for at, line in sorted(lines, key=lambda pair: pair[0]):
        if given.all or not spans or any(begin <= at <= end for begin, end in spans):
            print(line)
    print("\n".join(_summary([outcome], outcome.took_s, " --days 1" if given.days else "")))
    return FAILED if outcome.violations else 0


if __name__ == "__main__":
    sys.exit(main())
