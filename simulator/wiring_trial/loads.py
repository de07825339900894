"""Cars and plugs of a trial: told levels, slow to follow, and reporting when they like."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

ALL_LEGS_S = 60.0
"""The engine takes a car to use all legs until it has drawn on fewer for so long."""


@dataclass(slots=True)
class TrialLoad:
    """A load: told A per leg, of which it makes a draw, and reports of that.

    `real` and `told` are phases by leg, as connected and as in the form. It draws on the legs it
    `uses` (A times `uneven`, as no two phases are alike), `reaction_s` after it was told, by
    `ramp_a_s` A per s at most, `short_a` less than told. It reports every `report_s` from
    `first_s` on; a report is of `late_s` before. `there` are the times when it can draw: (from,
    until) in epoch s; in `idle` it draws nothing though it is there, as a car that pauses by itself
    or a boiler that is warm. With `prompt` it reports each change at once, too, as a plug does;
    one that is not `measured` is taken to draw its power while it is on.
    `commands` counts those that changed by 0.5 A or more.
    """

    id: str
    told: Mapping[str, str]
    real: Mapping[str, str]
    uses: tuple[str, ...]
    least_a: float
    most_a: float
    there: tuple[tuple[float, float], ...]
    idle: tuple[tuple[float, float], ...] = ()
    solar: bool = False
    step_a: float = 0.1
    reaction_s: float = 2.0
    ramp_a_s: float = 4.0
    short_a: float = 0.0
    uneven: Mapping[str, float] = field(default_factory=dict)
    report_s: float = 10.0
    first_s: float = 0.0
    late_s: float = 0.0
    prompt: bool = False
    measured: bool = True
    command_a: float = 0.0
    commanded_at: float = float("-inf")
    raised_at: float = float("-inf")
    changed_at: float = float("-inf")
    draw_a: float = 0.0
    drawing_since: float | None = None
    said_a: float = 0.0
    said_at: float = float("-inf")
    commands: int = 0
    _orders: deque[tuple[float, float]] = field(default_factory=deque)
    _offered_a: float = 0.0
    _past: deque[tuple[float, float]] = field(default_factory=deque)

    def is_there(self, now: float) -> bool:
        """Whether it could draw something now."""
        return any(begin <= now < end for begin, end in self.there)

    def next_coming(self, now: float) -> float:
        """When it is there again, epoch s; now if it is."""
        coming = [max(begin, now) for begin, end in self.there if end > now]
        return min(coming, default=float("inf"))

    def tell(self, amps: float, now: float) -> None:
        """Command A per leg."""
        if amps == self.command_a:
            return
        if amps > self.command_a:
            self.raised_at = now
        self.commands += abs(amps - self.command_a) >= 0.5
        self.command_a, self.commanded_at = amps, now
        self._orders.append((now + self.reaction_s, amps))

    def step(self, now: float, seconds: float) -> None:
        """Move on to `now`."""
        while self._orders and self._orders[0][0] <= now:
            self._offered_a = self._orders.popleft()[1]
        wanted = self._offered_a - self.short_a if self._offered_a >= self.least_a else 0.0
        if not self.is_there(now) or any(begin <= now < end for begin, end in self.idle):
            wanted = 0.0
        before, by = self.draw_a, self.ramp_a_s * seconds
        self.draw_a = min(max(wanted, before - by), before + by)
        if self.draw_a != before:
            self.changed_at = now
        if self.draw_a <= 1.0:
            self.drawing_since = None
        elif self.drawing_since is None:
            self.drawing_since = now
        self._past.append((now, self.draw_a))
        while len(self._past) > 1 and self._past[1][0] <= now - self.late_s:
            self._past.popleft()
        due = (now - self.first_s) // self.report_s != (now - seconds - self.first_s) // (
            self.report_s
        )
        if not self.measured:
            if (self.command_a > 0) != (self.said_a > 0):
                self.said_a, self.said_at = self.command_a, now
        elif due or (self.prompt and self._past[0][1] != self.said_a):
            self.said_a, self.said_at = self._past[0][1], now

    def draws(self) -> dict[str, float]:
        """A by phase, as connected."""
        return self._on(self.real, self.draw_a)

    def said(self) -> dict[str, float]:
        """A by leg that it reported last."""
        return {
            leg: self.said_a * self.uneven.get(leg, 1.0) if leg in self.uses else 0.0
            for leg in self.told
        }

    def legs_known(self, now: float) -> tuple[str, ...]:
        """Legs that the engine takes its car to use."""
        since = self.drawing_since
        known = since is not None and now - since >= ALL_LEGS_S
        return tuple(leg for leg in self.told if leg in self.uses or not known)

    def _on(self, legs: Mapping[str, str], amps: float) -> dict[str, float]:
        found: dict[str, float] = {}
        for leg in self.uses:
            phase = legs[leg]
            found[phase] = found.get(phase, 0.0) + amps * self.uneven.get(leg, 1.0)
        return found
