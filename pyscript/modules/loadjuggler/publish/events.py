"""Events for automations: which loads changed in a run, and which problems began or ended.

There is at most one event of each kind in a run. Readings and energies are not in events; the
sensors have them (docs/decisions/0023).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from ..reason_table import Family, meaning
from ..report import About, LoadReport, Report

CHANGED = "loadjuggler_changed"


PROBLEM = "loadjuggler_problem"


@dataclass(frozen=True, slots=True)
class Event:
    """An event to fire: its type and its data, which can be written as JSON."""

    kind: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Trouble:
    """A problem that lasts: the sentence with which it began, and when that was (epoch s).

    `told`: an event has told it. That a sensor gives nothing is told only after its holding time.
    """

    text: str
    since: float
    told: bool = True


Troubles = Mapping[About, Trouble]
"""Problems by what they are about, which stays the same while their numbers change."""


def changed(before: Report, after: Report) -> tuple[Event, ...]:
    """The event for loads whose current, mode or status differ from the last run.

    A load that is new in this run has not changed.
    """
    loads = {
        load.id: {
            "name": load.name,
            "old": _state(before.loads[load.id]),
            "new": _state(load),
            "reason": load.sentence,
            "code": load.reason.code,
        }
        for load in after.loads.values()
        if load.id in before.loads and _state(load) != _state(before.loads[load.id])
    }
    return (Event(CHANGED, {"loads": loads}),) if loads else ()


def _state(load: LoadReport) -> dict[str, Any]:
    return {"allocated_a": load.allocated_a, "mode": load.mode, "status": load.status}


def problems(
    troubles: Troubles, report: Report, utc_offset_s: float, hold_s: float
) -> tuple[tuple[Event, ...], Troubles]:
    """(the event for problems that began or ended, all problems that there are now).

    `troubles` are those of the run before. While the last value of a sensor is held (`hold_s`),
    nobody has to do anything, and often it is back before that. Times in events are local
    (ISO 8601).
    """
    now = dict(report.problems)
    now |= {About("", text): text for text in report.warnings if text not in now.values()}
    after = {}
    for key, text in now.items():
        old = troubles.get(key) or Trouble(text, report.at, told=False)
        held = bool(key.code) and meaning(key.code).family is Family.MISSING
        waits = held and report.at - old.since <= hold_s
        if not old.told and not waits:
            old = replace(old, text=text, told=True)
        after[key] = old
    before = {key for key, trouble in troubles.items() if trouble.told}
    new = [trouble for key, trouble in after.items() if trouble.told and key not in before]
    gone = [trouble for key, trouble in troubles.items() if trouble.told and key not in after]
    if not new and not gone:
        return (), after
    told = {
        name: [{"text": one.text, "since": _local(one.since, utc_offset_s)} for one in some]
        for name, some in (("new", new), ("gone", gone))
    }
    count = sum(trouble.told for trouble in after.values())
    return (Event(PROBLEM, {**told, "count": count}),), after


def _local(at: float, utc_offset_s: float) -> str:
    zone = timezone(timedelta(seconds=round(utc_offset_s / 60) * 60))
    return datetime.fromtimestamp(at, UTC).astimezone(zone).isoformat(timespec="seconds")
