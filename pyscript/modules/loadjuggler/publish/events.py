"""Events for automations: which loads changed in a run, and which problems began or ended.

There is at most one event of each kind in a run. A problem that comes and goes is one problem
(`calm`), and a breaker over its limit is none before it may trip (`Report.hot`). Readings and
energies are not in events; the sensors have them (docs/decisions/0023).
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from ..options import Options
from ..reason_table import Family, meaning
from ..report import About, LoadReport, Report
from .calm import Calm

CHANGED = "loadjuggler_changed"


RESTLESS, RESTLESS_S = 6, 60.0
"""Changes of a load that were told 6 times in 60 s wait until the first of these is so old.

What is told then is the change since it was told last, so automations miss nothing that stays."""


PROBLEM = "loadjuggler_problem"


_State = Mapping[str, Any]
"""What a change is a change of: A per leg that a load is told, its mode, its status."""


OVERLOADS = (Family.OVERLOAD, Family.OVERLOAD_UNMANAGED)
"""What limits that are exceeded are told as."""


OURS = About("", "loadjuggler")
"""What a failure in Load Juggler itself is about."""


@dataclass(frozen=True, slots=True)
class Event:
    """An event to fire: its type and its data, which can be written as JSON."""

    kind: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Told:
    """A problem that was told: its sentence then, and since when it was there (epoch s)."""

    text: str
    since: float


class Changes:
    """Keeps what was told of each load, and tells those whose current, mode or status differ.

    A load that is new has not changed. While its last values are held (`hold_s`), one that can't be
    reached is taken to be as it was, and of one whose meter gives nothing the status: often it is
    back before that. That time counts from now at the latest: the clock may have been set back.
    """

    def __init__(self, options: Options) -> None:
        """Start with nothing told."""
        self._hold_s = options.hold_s
        self._said: Mapping[str, _State] = {}
        self._away_since: Mapping[str, float] = {}
        self._told_at: dict[str, deque[float]] = {}

    def events(self, report: Report) -> tuple[Event, ...]:
        """The event for loads that have changed since they were last told."""
        said, loads = self._said, report.loads
        self._away_since = {
            key: min(self._away_since.get(key, report.at), report.at)
            for key, load in loads.items()
            if load.reason.family in (Family.AWAY, Family.BLIND)
        }
        self._said = {
            key: self._state(load, said.get(key), report.at) for key, load in loads.items()
        }
        changed = {
            key: {
                "name": loads[key].name,
                "old": said[key],
                "new": state,
                "reason": loads[key].sentence,
                "code": loads[key].reason.code,
            }
            for key, state in self._said.items()
            if key in said and state != said[key]
        }
        self._told_at = {key: told for key, told in self._told_at.items() if key in loads}
        for key in changed:
            self._told_at.setdefault(key, deque(maxlen=RESTLESS)).append(report.at)
        return (Event(CHANGED, {"loads": changed}),) if changed else ()

    def _state(self, load: LoadReport, said: _State | None, now: float) -> _State:
        """What counts as the state of a load at `now` (epoch s), which was `said` before."""
        state = {"allocated_a": load.allocated_a, "mode": load.mode, "status": load.status}
        if said is not None and self._restless(load.id, now):
            return said
        if said is None or now - self._away_since.get(load.id, -math.inf) > self._hold_s:
            return state
        if load.reason.family is Family.AWAY:
            return {**said, "mode": load.mode}
        return {**state, "status": said["status"]}

    def _restless(self, load: str, now: float) -> bool:
        """Whether the changes of a load have been told so often that the next one waits."""
        told = self._told_at.get(load)
        if told is None or len(told) < RESTLESS:
            return False
        return 0 <= now - told[0] < RESTLESS_S


class Problems:
    """Keeps which problems there are, and tells those that begin, and those that are over.

    `since`: since when (epoch s) each has been there without a break, by what it is about, which
    stays the same while its numbers change.
    """

    def __init__(self, options: Options) -> None:
        """Start with no problem."""
        self.since: Mapping[About, float] = {}
        self._hold_s = options.hold_s
        self._calm = Calm[About](options.calm_s)
        self._told: dict[About, _Told] = {}

    def events(self, report: Report, trouble: str, utc_offset_s: float) -> tuple[Event, ...]:
        """The event for problems that have begun, or are over, at this `report`.

        `trouble` is what fails in Load Juggler itself ("": nothing); it is one problem, whatever
        its words. A run that fails says nothing of forms, so what was told of them stays meanwhile.
        While the last value of a sensor is held (`hold_s`), nobody has to do anything, and often
        it is back before that. Times in events are local (ISO 8601).
        """
        now = dict(report.problems) | ({OURS: trouble} if trouble else {})
        now |= {About("", text): text for text in report.warnings if text not in now.values()}
        if trouble:
            forms = {key: one.text for key, one in self._told.items() if not key.code}
            now = forms | now
        self.since = {key: min(self.since.get(key, report.at), report.at) for key in now}
        serious = [key for key in now if self._calm.lasts(key) or not self._slight(key, report)]
        begun, ended = self._calm.note(serious, report.at)
        gone = [self._told.pop(key) for key in ended]
        new = [_Told(now[key], self.since[key]) for key in begun]
        self._told |= zip(begun, new, strict=True)
        if not new and not gone:
            return ()
        told = {
            name: [{"text": one.text, "since": _local(one.since, utc_offset_s)} for one in some]
            for name, some in (("new", new), ("gone", gone))
        }
        return (Event(PROBLEM, {**told, "count": len(self._told)}),)

    def _slight(self, key: About, report: Report) -> bool:
        """Whether nobody need be told of a problem.

        Either a sensor gives nothing and its last value still counts, or a limit is exceeded and
        its breaker carries that for hours.
        """
        if not key.code:
            return False
        family = meaning(key.code).family
        if family is Family.MISSING:
            return report.at - self.since[key] <= self._hold_s
        return family in OVERLOADS and key.where not in report.hot


def _local(at: float, utc_offset_s: float) -> str:
    zone = timezone(timedelta(seconds=round(utc_offset_s / 60) * 60))
    return datetime.fromtimestamp(at, UTC).astimezone(zone).isoformat(timespec="seconds")
