"""Runs the engine on a living house, second by second, at the moments at which the host would."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter

from loadjuggler import flow
from loadjuggler.calls import ServiceCall
from loadjuggler.memory.memory import Memory
from loadjuggler.options import DEFAULTS, Options
from loadjuggler.report import Report
from loadjuggler.snapshot import Snapshot

from .house import House, Undelivered
from .registration import site_of


class Living:
    """A house under control: a run on every change of a state, and at least one a tick.

    `calls` are those of the last run, `sent` those of the last second, each with the error of one
    that did not go through (else ""). `engine_s` is the time that the engine's runs took.
    """

    def __init__(self, house: House, options: Options = DEFAULTS, lag_s: float = 0.0) -> None:
        """Wire the house; a run comes `lag_s` after what wakes it. Raises Unfit if it can't be."""
        self.house, self.options, self.lag_s = house, options, lag_s
        self.site, self.memory = site_of(house.told), Memory()
        self.runs = 0
        self.engine_s = 0.0
        self.calls: tuple[ServiceCall, ...] = ()
        self.sent: list[tuple[ServiceCall, str]] = []
        self._ran_at = house.now
        self._wake = False
        self.report: Report = self._run(house.snapshot())

    def second(self) -> tuple[ServiceCall, ...]:
        """Let a second pass; returns the calls that were made at its end."""
        return self.step(1.0)

    def step(self, seconds: float) -> tuple[ServiceCall, ...]:
        """Let `seconds` pass at once; returns the calls that were made at their end."""
        self.house.advance(self.house.now + seconds)
        self.sent = []
        return self._look()

    def _look(self) -> tuple[ServiceCall, ...]:
        """Look at the house, and run if there is anything new, or it is time to."""
        house = self.house
        states = house.snapshot()
        if house.news or self._wake or house.now - self._ran_at >= self.options.tick_s:
            self.report = self._run(states)
            return self.calls
        return ()

    def _run(self, states: Snapshot) -> Report:
        house = self.house
        begun = perf_counter()
        now = house.clock + self.lag_s
        outcome = flow.run(self.site, self.memory, states, now, self.options)
        self.engine_s += perf_counter() - begun
        house.news = self._wake = False
        self._ran_at = house.now
        self.runs += 1
        self.memory, self.calls = outcome.memory, outcome.commands
        for call in outcome.commands:
            self._carry_out(call)
        return outcome.report

    def _carry_out(self, call: ServiceCall) -> None:
        """Make a call, and note in the memory how it ended, as the host does.

        The first failure in a row of a load wakes the engine: others may have to make room.
        """
        old, error = self.memory.load(call.load_id), ""
        try:
            self.house.call(call)
            ended = old.delivered(call.delivers)
        except Undelivered as refused:
            error = str(refused)
            ended = old.not_delivered(call.delivers, error)
        self.sent.append((call, error))
        if not call.tells:
            return
        self._wake |= bool(error) and not old.calls.failures
        self.memory = replace(self.memory, loads={**self.memory.loads, call.load_id: ended})
