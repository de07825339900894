"""Chargers whose calls all fail: people must be told by status, warning and notification.

In an eighth of all houses with chargers one of them takes no call at all, from the beginning to the
end: a form of the wrong version, or a charger that rejects what it is told. Some faults do the same
for a while. The engine sees each error. Calls that fail for 15 s, twice or more, are told
(docs/decisions/0031); the judge gives a tick, a report and the back-off of the second try beside
that (`TOLD_S`). It looks whenever one more call has failed: a charger that was to pause and could
not be told may be right again a moment later, when it is to charge with what it holds, and is
called no more. Nothing is judged while no car is there by what the charger shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from loadjuggler.calls import ServiceCall
from loadjuggler.options import DEFAULTS
from loadjuggler.publish import notifications
from loadjuggler.report import Report
from loadjuggler.site.model import Site

from .. import names
from ..faults import Fault, FaultyHouse
from ..scenario import Scenario
from .moves import START
from .verdict import Findings

FOR_GOOD_S = 1e7
TOLD_S = 30.0
"""15 s, and as much for the second try, a tick and a report."""
THERE = ("Charging", "SuspendedEV", "SuspendedEVSE")


def rejecting(chance: Random, scenario: Scenario) -> tuple[Fault, ...]:
    """A charger that rejects every call, in an eighth of the houses that have one."""
    chargers = [load.id for load in scenario.loads if load.type == "charger"]
    if not chargers or chance.random() >= 1 / 8:
        return ()
    return (Fault("reject", f"charger {chance.choice(chargers)}", START, FOR_GOOD_S),)


@dataclass(slots=True)
class Failing:
    """Calls to a charger that failed in a row: since when (epoch s), and how many."""

    since: float
    count: int = 1


class Rejected:
    """Judges a house; call `second` after each, with what was sent in it and the last report."""

    def __init__(self, house: FaultyHouse, site: Site, findings: Findings) -> None:
        """Know the house; no call has failed yet."""
        self.house, self.site, self.findings = house, site, findings
        self._failing: dict[str, Failing] = {}
        self._there_since: dict[str, float] = {}

    def second(self, sent: Sequence[tuple[ServiceCall, str]], report: Report) -> None:
        """Judge the second that has passed."""
        now = self.house.now
        if self.house.down:  # what has failed is tried again after a restart
            self._failing.clear()
            return
        failed = {call.load_id for call, error in sent if error}
        for call, error in sent:
            if not call.tells or call.load_id not in self.house.chargers:
                continue
            if not error:
                self._failing.pop(call.load_id, None)
            elif call.load_id in self._failing:
                self._failing[call.load_id].count += 1
            else:
                self._failing[call.load_id] = Failing(now)
        for load in self.house.chargers:
            shown = self.house.shown.get(names.charger(load, "status_connector"))
            if shown is None or shown.value not in THERE:
                self._there_since.pop(load, None)
            else:
                self._there_since.setdefault(load, now)
        for load, failing in self._failing.items():
            since = max(failing.since, self._there_since.get(load, now))
            if load in failed and failing.count >= 2 and now - since > TOLD_S:
                self._judge(load, failing, report)

    def _judge(self, load: str, failing: Failing, report: Report) -> None:
        """Note what does not say that `load` can't be told."""
        now, missing = self.house.now, []
        if report.loads[load].status != "not_following":
            missing.append(f"its status is {report.loads[load].status}")
        if not any(load in about.where.split() for about in report.problems):
            missing.append("no warning is about it")
        shown = notifications.notices(self.site, report, {}, (), {}, DEFAULTS).values()
        if not any(load in one.message for one in shown):
            missing.append("no notification is about it")
        if missing:
            text = f"{failing.count} calls have failed for {now - failing.since:.0f} s, and "
            self.findings.add("untold", (load,), now, 0.0, text + ", ".join(missing), "")
