"""The engine on a living house, second by second, woken as the shell in Home Assistant wakes it."""

from __future__ import annotations

from loadjuggler import flow
from loadjuggler.memory import Memory
from loadjuggler.model import ServiceCall, Snapshot
from loadjuggler.options import DEFAULTS, Options
from loadjuggler.report import Report

from .house import House
from .registration import site_of


class Living:
    """A house under control: a run on every change of a state, and at least one a tick."""

    def __init__(self, house: House, options: Options = DEFAULTS, lag_s: float = 0.0) -> None:
        """Wire the house; a run comes `lag_s` after what wakes it. Raises Unfit if it can't be."""
        self.house, self.options, self.lag_s = house, options, lag_s
        self.site, self.memory = site_of(house.scenario), Memory()
        self.runs = 0
        self.report: Report = self._run(house.snapshot())

    def second(self) -> tuple[ServiceCall, ...]:
        """Let a second pass; returns the calls that were made at its end."""
        return self.step(1.0)

    def step(self, seconds: float) -> tuple[ServiceCall, ...]:
        """Let `seconds` pass at once; returns the calls that were made at their end."""
        house = self.house
        house.advance(house.now + seconds)
        states = house.snapshot()
        if house.news or house.now + self.lag_s - self.report.at >= self.options.tick_s:
            self.report = self._run(states)
            return self.calls
        return ()

    def _run(self, states: Snapshot) -> Report:
        house = self.house
        now = house.now + self.lag_s
        outcome = flow.run(self.site, self.memory, states, now, self.options)
        house.news = False
        self.runs += 1
        self.memory, self.calls = outcome.memory, outcome.commands
        for call in outcome.commands:
            house.call(call)
        return outcome.report
