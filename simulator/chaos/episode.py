"""Runs an episode from its start to its end, and collects the violations that the judges find."""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

from loadjuggler.memory.codec import from_json, to_json

from ..faults import FaultyHouse, FaultyLiving
from . import wrong_forms
from .blame import Blame
from .chance import Episode
from .commands import Commands
from .copies import CopiesTold
from .limits import Limits
from .moves import START
from .needless import Needless
from .not_in_force import Refusals
from .rejected import Rejected
from .untold import Untold
from .verdict import Findings, Violation

MEMORY_S = 60
"""The memory is put through JSON so often."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an episode. `engine_s` of `took_s` (s of this computer) were the engine's.

    `calls` of `loads` loads in `seconds`; `stormy` is the most calls of one load in 10 minutes.
    `over_s` are seconds of breakers over their limits, whoever is to blame.
    """

    seed: int
    number: int
    violations: tuple[Violation, ...]
    seconds: int
    loads: int
    faults: int
    runs: int
    calls: int
    stormy: int
    stormy_load: str
    over_s: int
    engine_s: float
    took_s: float


Watch = Callable[["Trial"], None]


class Trial:
    """An episode that is being run, and its judges."""

    def __init__(self, episode: Episode) -> None:
        """Wire the house and let the engine have a first look; raises what the engine raises."""
        self.episode = episode
        house = FaultyHouse(episode.scenario, episode.life, START, episode.faults)
        self.findings = Findings(START)
        self.living = FaultyLiving(house)
        self.house = house
        blame = Blame.of(episode.scenario, episode.life, episode.faults)
        self.limits = Limits(house, blame, self.findings)
        self.commands = Commands(house, self.living.site, blame, self.findings)
        self.needless = Needless(house, blame, self.findings)
        self.refusals = Refusals(house, blame, self.findings)
        self.untold = Untold(house, self.findings)
        self.copies = CopiesTold(house, self.findings)
        self.rejected = Rejected(house, self.living.site, self.findings)
        if episode.wrong:
            wrong_forms.judge(episode.scenario, episode.wrong, self.findings)
        self._judge()

    def second(self) -> None:
        """Let a second pass, and judge it."""
        self.living.second()
        self._judge()

    def _judge(self) -> None:
        held = self.commands.second(self.living.sent)
        self.refusals.second(held)
        self.limits.second(held)
        self.needless.second(held)
        self.untold.second(self.living.report.problems)
        self.copies.second(held, self.living.runs, self.living.report)
        self.rejected.second(self.living.sent, self.living.report)
        if self.living.sent or not (self.house.now - START) % MEMORY_S:
            self._judge_report()
        if not (self.house.now - START) % MEMORY_S:
            self._judge_memory()

    def _judge_memory(self) -> None:
        memory, now = self.living.memory, self.house.now
        try:
            again = from_json(json.loads(json.dumps(to_json(memory), allow_nan=False)))
        except (ValueError, TypeError) as error:
            self.findings.add("memory", (), now, 0.0, f"not stored: {error}", "")
            return
        if again != memory:
            self.findings.add("memory", (), now, 0.0, "differs after a round trip", "")

    def _judge_report(self) -> None:
        told = self.living.report.loads
        for load in self.house.draws:
            if load not in told or not told[load].sentence or not told[load].status:
                text = "no status or no sentence"
                self.findings.add("report", (load,), self.house.now, 0.0, text, "")


def run(episode: Episode, watch: Watch | None = None) -> Outcome:
    """Run `episode` to its end, or until the engine raises; `watch` sees every second."""
    begun = perf_counter()
    trial: Trial | None = None
    seconds = 0
    try:
        trial = Trial(episode)
        while seconds < episode.length_s:
            if watch:
                watch(trial)
            trial.second()
            seconds += 1
        trial.untold.end()
    except Exception as error:  # whatever it is: a run must finish
        findings = trial.findings if trial else Findings(START)
        frame = traceback.extract_tb(error.__traceback__)[-1]
        text = f"{type(error).__name__}: {error} ({frame.name}:{frame.lineno})"
        findings.add("crash", (), trial.house.now if trial else START, 0.0, text, "")
        if trial is None:
            return _outcome(episode, findings, None, 0, perf_counter() - begun)
    return _outcome(episode, trial.findings, trial, seconds, perf_counter() - begun)


def _outcome(
    episode: Episode, findings: Findings, trial: Trial | None, seconds: int, took_s: float
) -> Outcome:
    calls = trial.commands.calls if trial else None
    return Outcome(
        seed=episode.seed,
        number=episode.number,
        violations=tuple(findings.violations),
        seconds=seconds,
        loads=len(episode.scenario.loads),
        faults=len(episode.faults),
        runs=trial.living.runs if trial else 0,
        calls=calls.total if calls else 0,
        stormy=calls.worst if calls else 0,
        stormy_load=calls.worst_load if calls else "",
        over_s=trial.limits.over_s if trial else 0,
        engine_s=trial.living.engine_s if trial else 0.0,
        took_s=took_s,
    )
