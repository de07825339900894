"""Judges chargers that refuse profiles: a way to tell them must be found, and soon.

Nobody is told of a refused profile, so it shows only in what the charger goes on to draw: more than
it was told, in a report that was made 15 s after the command. Then there are four other ways to
tell it, each tried for 15 s and until a report is there (docs/decisions/0032). So in one session it
may draw more than it was told for `found_s` seconds in all, and no longer:

    15 s      until it is noticed, and a report more
    4 x 15 s  for the other ways, and a report more for each
    60 s      for calls, ticks, and a new transaction

A session in which a fault kept the charger from obeying is not judged: the ways may have been tried
just then, and they are tried again only 10 min later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..faults import FaultyHouse
from .blame import TICK_S, Blame
from .copies import hidden
from .limits import NEVER, Told
from .verdict import Findings

WAYS = 4
TRIED_S = 15.0
SLACK_S = 60.0
MORE_A = 1.0
"""A charger that draws so much more than it was told does not follow (product.md, section 6)."""


@dataclass(slots=True)
class Session:
    """A session of a charger: its number, what it was told, and for how long it drew more, s.

    `judged`: no fault has kept it from obeying yet.
    """

    transaction: int
    told: Told
    more_s: int = 0
    judged: bool = True


class Refusals:
    """Judges a house; call `second` after each."""

    def __init__(self, house: FaultyHouse, blame: Blame, findings: Findings) -> None:
        """Know the house, and what is not the engine's doing in it."""
        self.house, self.blame, self.findings = house, blame, findings
        habits = house.life.habits
        report_s = habits.report_s + habits.reaction_s + TICK_S
        self.found_s = (1 + WAYS) * (TRIED_S + report_s) + SLACK_S
        self._hidden = hidden(house.told, house.life.mistakes.copies)[1]
        self._sessions: dict[str, Session] = {}

    def second(self, held: Mapping[str, float]) -> None:
        """Judge the second that has passed; `held` is what loads are told, A per leg."""
        if not self.blame.refuses:
            return
        now, reaction_s = self.house.now, self.house.life.habits.reaction_s
        for load, charger in self.house.chargers.items():
            session = self._sessions.get(load)
            if session is None or session.transaction != charger.transaction:
                session = self._sessions[load] = Session(charger.transaction, Told())
            session.told.tell(held.get(load, NEVER), now)
            if self.house.down or self.blame.is_failing(load, now):
                session.judged = False
            draw_a, told_a = max(charger.draw.values()), session.told.most_a(now, reaction_s)
            if charger.transaction and draw_a > session.told.amps + MORE_A:
                self.blame.astray[load] = now  # it may be obeying yet, or refuse it
            if not charger.transaction or draw_a <= told_a + MORE_A:
                continue
            session.more_s += 1
            if load in self._hidden:  # its sensors are those of another one
                continue
            if session.judged and session.more_s > self.found_s:
                text = f"draws {draw_a:.1f} A, told {told_a:.1f} A, for "
                text += f"{session.more_s} s in this session; it takes: {charger.habits.takes}"
                self.findings.add("not in force", (load,), now, session.more_s, text, "s")
