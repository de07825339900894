"""`python -m simulator.wiring_trial`: many days of rightly wired houses, and what was found.

Nothing should be: each finding is false, and each remap would do harm.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import process_time

from ..clock import DAY
from .chance import START, trial_of
from .trial import Trial

FOUND = 1


@dataclass(slots=True)
class Counts:
    """What came of some houses: days, commands, clear changes, and what was found, in words."""

    days: int = 0
    commands: int = 0
    changes: int = 0
    notices: list[str] = field(default_factory=list)
    remaps: list[str] = field(default_factory=list)

    def add(self, seed: int, days: int, trial: Trial) -> None:
        """Count what came of the house of a seed."""
        self.days += days
        self.commands += sum(load.commands for load in trial.house.loads)
        self.changes += sum(trial.changes().values())
        self.notices += [
            f"seed {seed}, after {changes} clear changes: {key} {finding.code} "
            f"{dict(finding.numbers)}"
            for key, finding, changes in trial.found
        ]
        self.remaps += [
            f"seed {seed}, after {changes} clear changes: {load} counted with {dict(remap.legs)}"
            for load, remap, changes in trial.remaps
        ]

    def words(self) -> str:
        """All that in a few lines."""
        lines = [
            f"{self.days} days, {self.commands / self.days:.0f} commands and "
            f"{self.changes / self.days:.1f} clear changes a day: "
            f"{len(self.notices)} notices, {len(self.remaps)} remaps",
            *self.notices,
            *self.remaps,
        ]
        return "\n".join(lines)


def run_houses(seeds: Sequence[int], days: int) -> Counts:
    """Let the houses of `seeds` live for so many days each, rightly wired."""
    counts = Counts()
    for seed in seeds:
        trial = trial_of(seed, days)
        trial.run(START + days * DAY)
        counts.add(seed, days, trial)
    return counts


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit status: 1 if anything was found."""
    parser = argparse.ArgumentParser(prog="python -m simulator.wiring_trial", description=__doc__)
    parser.add_argument("--days", type=int, default=100, help="in all (100)")
    parser.add_argument("--each", type=int, default=5, help="days that a house lives (5)")
    parser.add_argument("--seed", type=int, default=1, help="of the first house (1)")
    given = parser.parse_args(arguments)
    if given.each < 1 or given.days < given.each:
        parser.error("at least one house has to live for a day")
    begun = process_time()
    houses = given.days // given.each
    counts = run_houses(range(given.seed, given.seed + houses), given.each)
    print(counts.words())
    print(f"{process_time() - begun:.0f} s of CPU")
    return FOUND if counts.notices or counts.remaps else 0
