"""The last 50 changes of each load, and why: so "why did it stop at three?" has an answer.

A change is noted when the current that a load is told, its mode or its status changes, with the
sentence of that moment. It is kept over restarts. Times are epoch seconds, currents A per leg.
Source: docs/decisions/0024.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..clock import local
from ..memory.logbook import Change, History
from ..reason_table import Family, is_known, meaning
from ..report import LoadReport

MOST = 50
"""This many changes of each load are kept."""


KEPT_WHOLE = 25
"""The newest 25 are all kept. Of the older ones, mere steps of the current are dropped first, so
that starts, stops and changes of mode stay."""


STEP_A = 0.1
"""Currents are noted to 0.1 A."""


STEPS_IN_1A = 10
"""So many steps are 1 A."""


TEXT_LENGTH = 500
"""Sentences are cut here: an error of another integration in them may be long."""


def updated(
    history: History, loads: Mapping[str, LoadReport], now: float, blink_s: float = 0.0
) -> History:
    """The history with the changes of this run; the same object if there are none.

    A device or meter that gave nothing for less than `blink_s`, after which the load is as it was
    before, is no change.
    """
    changed = {}
    for load in loads.values():
        kept = history.get(load.id, ())
        change = _change(load, kept[-1] if kept else None, now)
        if change is None:
            continue
        if _was_a_blink(kept, change, blink_s):
            changed[load.id] = kept[:-1]
        else:
            changed[load.id] = _bounded((*kept, change))
    return {**history, **changed} if changed else history


def _was_a_blink(kept: tuple[Change, ...], change: Change, blink_s: float) -> bool:
    """Whether `change` ends a moment in which something gave nothing, and nothing else changed."""
    if len(kept) < 2 or not 0.0 <= change.at - kept[-1].at < blink_s:
        return False
    code, before = kept[-1].code, kept[-2]
    gave_nothing = is_known(code) and meaning(code).family in (Family.AWAY, Family.BLIND)
    was, now = ((one.told_a, one.mode, one.status) for one in (before, change))
    return gave_nothing and was == now


def _change(load: LoadReport, last: Change | None, now: float) -> Change | None:
    told_a = None if load.allocated_a is None else round(load.allocated_a / STEP_A) / STEPS_IN_1A
    found = (told_a, load.mode, load.status)
    if last is not None and found == (last.told_a, last.mode, last.status):
        return None
    before_a = None if last is None else last.told_a
    text = load.sentence[:TEXT_LENGTH]
    return Change(now, before_a, told_a, load.mode, load.status, load.reason.code, text)


def _bounded(changes: tuple[Change, ...]) -> tuple[Change, ...]:
    """At most `MOST` changes: the oldest mere step is dropped, without one the oldest change."""
    if len(changes) <= MOST:
        return changes
    for place in range(1, len(changes) - KEPT_WHOLE):
        before, here = changes[place - 1], changes[place]
        if (before.mode, before.status) == (here.mode, here.status):
            return changes[:place] + changes[place + 1 :]
    return changes[1:]


def told(changes: tuple[Change, ...], count: int, utc_offset_s: float) -> list[dict[str, Any]]:
    """The last `count` changes as plain data, the newest first, times local (ISO 8601)."""
    return [
        {
            "at": local(change.at, utc_offset_s),
            "told_before_a": change.before_a,
            "told_a": change.told_a,
            "mode": change.mode,
            "status": change.status,
            "code": change.code,
            "reason": change.sentence,
        }
        for change in reversed(changes[-count:])
    ]
