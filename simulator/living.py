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

    def __init__(self, house: House, options: Options = DEFAULTS) -> None:
        """Wire the house; raises Unfit if the engine can't have it."""
        self.house, self.options = house, options
        self.site, self.memory = site_of(house.scenario), Memory()
        self.runs = 0
        self.report: Report = self._run(house.snapshot())

    def second(self) -> tuple[ServiceCall, ...]:
        """Let a second pass; returns the calls that were made at its end."""
        house = self.house
        house.advance(house.now + 1.0)
        states = house.snapshot()
        if house.news or house.now - self.report.at >= self.options.tick_s:
            self.report = self._run(states)
            return self.calls
        return ()

    def _run(self, states: Snapshot) -> Report:
        house = self.house
        outcome = flow.run(self.site, self.memory, states, house.now, self.options)
        house.news = False
        self.runs += 1
        self.memory, self.calls = outcome.memory, outcome.commands
        for call in outcome.commands:
            house.call(call)
        return outcome.report
