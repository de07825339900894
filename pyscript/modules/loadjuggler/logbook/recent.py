"""The last 8 changes of all loads, for a sensor and the dashboard (docs/decisions/0024)."""

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
"""This many changes of all loads together are shown."""


SHOWN_LENGTH, NAME_LENGTH = 255, 40
"""The longest sentence and name in them. With 4 bytes a character, 8 changes have less than 11 kB;
Home Assistant's recorder takes 16 kB."""


START_S = 60.0
"""If a car begins to charge within this time after it was told to, both are shown as one change."""


class Lately:
    """Keeps the list of the last changes, and makes it again only when there is a new change."""

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
        """The last `LATELY` changes of `loads`, the newest first, as plain data.

        Several steps of the current in a row are one change, from the first to the last: 16 -> 12
        -> 9 A is shown as 16 -> 9 A. So a cloudy hour does not push out a stop.
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
    """The last changes of a load, in the order in which they were noted.

    If the clock was set back between two of them, the earlier one gets the time of the later one.
    """
    found: list[Change] = []
    for change in reversed(_in_short(changes)):
        at = min(change.at, found[-1].at) if found else change.at
        found.append(replace(change, at=at))
    return found


def _in_short(changes: tuple[Change, ...]) -> list[Change]:
    """The last changes of a load, the oldest first, with steps in a row joined, and starts."""
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
    """Whether `change` is that a car begins to draw what it was told shortly before."""
    soon = change.at - last.at <= START_S
    return soon and (last.status, change.status) == ("ready", "charging")


def _shown(load: LoadReport, change: Change, utc_offset_s: float, language: str) -> dict[str, Any]:
    """A change as plain data of bounded length; its key `change` reads "7.7 A → 0 A · waiting"."""
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
