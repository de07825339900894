"""The last changes of all loads at a glance, for an entity and the dashboard."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..clock import local
from ..loads.kinds import KINDS_OF_LOADS
from ..memory.logbook import Change, History
from ..records import replace
from ..report import LoadReport
from ..texts import labels
from ..texts.wording import amount, bounded_text

LATELY = 8
"""So many changes of all loads are shown at a glance."""


SHOWN_LENGTH, NAME_LENGTH = 255, 40
"""So long are their texts at most: at 4 bytes a sign 8 changes have less than 11 kB."""


START_S = 60.0
"""A car that begins so soon after it may is one change."""


class Lately:
    """The last changes of all loads at a glance; worked out anew only when there is another."""

    def __init__(self) -> None:
        """Nothing yet."""
        self._history: History = {}
        self._rest: Any = None
        self._found: list[dict[str, Any]] = []

    def of(
        self,
        history: History,
        loads: Mapping[str, LoadReport],
        utc_offset_s: float,
        language: str = "en",
    ) -> list[dict[str, Any]]:
        """The last `LATELY` changes of `loads`, the newest first, as plain data for people.

        Mere steps of the current in a row are one change, from the first to the last of them, so
        that a cloudy hour does not push out why a car was stopped.
        """
        rest = ([load.name for load in loads.values()], utc_offset_s, language)
        if history is not self._history or rest != self._rest:
            self._history, self._rest = history, rest
            every = [
                (change.at, -place, load.id, change)
                for load in loads.values()
                for place, change in enumerate(_newest_first(history.get(load.id, ())))
            ]
            newest = sorted(every, key=lambda one: one[:3], reverse=True)[:LATELY]
            self._found = [
                _shown(loads[load], change, utc_offset_s, language) for *_, load, change in newest
            ]
        return self._found


def _newest_first(changes: tuple[Change, ...]) -> list[Change]:
    """The last changes of a load in the order in which they were noted, none later than the next.

    A clock that was set back may have noted a later time before.
    """
    found: list[Change] = []
    for change in reversed(_in_short(changes)):
        at = min(change.at, found[-1].at) if found else change.at
        found.append(replace(change, at=at))
    return found


def _in_short(changes: tuple[Change, ...]) -> list[Change]:
    """The last changes of a load, the oldest first; steps in a row are one, and so is a start."""
    found: list[Change] = []
    stepped = False
    for place, change in enumerate(changes):
        last = changes[place - 1] if place else None
        step = last is not None and (last.mode, last.status) == (change.mode, change.status)
        if (step and stepped) or (last is not None and _starts(last, change)):
            found[-1] = replace(change, before_a=found[-1].before_a)
        else:
            found.append(change)
        stepped = step
    return found[-LATELY:]


def _starts(last: Change, change: Change) -> bool:
    """Whether a car takes now what it was told just before."""
    soon = change.at - last.at <= START_S
    return soon and (last.status, change.status) == ("ready", "charging")


def _shown(load: LoadReport, change: Change, utc_offset_s: float, language: str) -> dict[str, Any]:
    """A change as plain data of bounded length; `change` says it in short: 7.7 A → 0 A."""
    has_car = KINDS_OF_LOADS[load.kind].capabilities.has_car
    parts = [labels.status(change.status, language, has_car=has_car)]
    if change.told_a is not None:
        told = amount(change.told_a, "a", language)
        if change.before_a not in (None, change.told_a):
            told = f"{amount(change.before_a or 0.0, 'a', language)} → {told}"
        parts.insert(0, told)
    return {
        "at": local(change.at, utc_offset_s),
        "load": load.id,
        "name": bounded_text(load.name, NAME_LENGTH),
        "change": " · ".join(parts),
        "told_before_a": change.before_a,
        "told_a": change.told_a,
        "mode": change.mode,
        "status": change.status,
        "reason": bounded_text(change.sentence, SHOWN_LENGTH),
    }
