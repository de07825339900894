"""Entities as they were before a restart: to plain data for the file, and back.

A total of the day must not fall (`entities.TOTAL`), but after a power cut there is no more than the
file has. So a total changes only to what is in the file already:

```
    counted    4.10 ──▶ 4.15 ──▶ 4.20 ──▶ power cut     kWh
    the file   4.10 ────────────▶ 4.20 ──▶ 4.20
    shown      4.10 ────────────▶ 4.20 ──▶ 4.20
```
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from .entity import PREFIX, STATE_LENGTH, TOTAL, Entity

_OURS = re.compile(rf"{re.escape(PREFIX)}(_[a-z0-9]+)+")
"""An id of ours. Home Assistant takes no other characters, no two `_` in a row and none at the end;
it raises an error for such an id."""


def stored(shown: Iterable[Entity]) -> list[list[Any]]:
    """The entities that are shown, as plain data for the file."""
    return [[one.id, one.value, dict(one.attributes)] for one in shown]


def restored(data: Any) -> tuple[Entity, ...]:
    """The entities of before a restart, with the attribute `restored`; damaged ones are left out.

    They only fill the gap in graphs until the first run; nothing is decided by them.
    """
    found = []
    for one in data if isinstance(data, list) else ():
        if not isinstance(one, list) or len(one) != 3:
            continue
        ident, value, attributes = one
        ours = isinstance(ident, str) and _OURS.fullmatch(ident) and len(ident) <= STATE_LENGTH
        if ours and isinstance(value, str) and isinstance(attributes, dict):
            found.append(Entity(ident, value, {**attributes, "restored": True}).fitting())
    return tuple(found)


class Totals:
    """Keeps the totals of the day as they are counted, and as the file has them, by entity id.

    As long as nothing was ever stored there is nothing to fall back to after a power cut, and
    totals are shown as they are counted.

    When a day ends, its last amount goes into the file first, and is shown from there:

    ```
        counted    9.80 ──▶ 9.85 ──▶ 0.03 ──▶ 0.08 ──▶ 0.13     kWh
        the file   9.80 ─────────────────────▶ 9.85 ──▶ 0.13
        shown      9.80 ─────────────────────▶ 9.85 ──▶ 0.13
    ```
    """

    def __init__(self) -> None:
        """Start with none."""
        self._has_file = False
        self._writes = False
        self._counted: dict[str, Entity] = {}
        self._in_file: dict[str, Entity] = {}
        self._ended: dict[str, Entity] = {}
        self._begins = False

    @property
    def day_ended(self) -> bool:
        """Whether the file lacks the last amount of a day, or the first one of the next day."""
        return bool(self._ended) or self._begins

    def restored(self) -> None:
        """Note that there is a file of before a restart."""
        self._has_file = True

    def to_show(self, found: Iterable[Entity], shown: Mapping[str, Entity]) -> dict[str, Entity]:
        """The entities of a run as they may be shown, by id; `shown` are those that are shown now.

        A total whose value has changed is shown as the file has it, or else stays as it is.
        """
        now = {one.id: one for one in found}
        counted = {
            key: one for key, one in now.items() if one.attributes.get("state_class") == TOTAL
        }
        if self._has_file or self._writes:
            for key, one in counted.items():
                was, before = self._counted.get(key), shown.get(key)
                if was is not None and _falls(was, one):
                    self._ended[key] = was
                if before is not None and before.value != one.value:
                    now[key] = self._in_file.get(key) or _as_counted(before)
        self._ended = {key: one for key, one in self._ended.items() if key in counted}
        self._counted = counted
        return now

    def to_store(self, shown: Mapping[str, Entity]) -> list[list[Any]]:
        """The entities for the file: as `shown`, totals as they are counted."""
        self._writes = True
        return stored({**shown, **self._counted, **self._ended}.values())

    def written(self, data: Iterable[tuple[str, str, Mapping[str, Any]]] | None) -> None:
        """Note that the file has what `to_store` gave; `None`: it could not be written."""
        self._writes = False
        if data is None:
            return
        self._has_file = True
        self._in_file = {
            ident: Entity(ident, value, attributes)
            for ident, value, attributes in data
            if attributes.get("state_class") == TOTAL
        }
        waits = {key: one for key, one in self._ended.items() if self._in_file.get(key) != one}
        self._begins = len(waits) < len(self._ended)
        self._ended = waits


def _falls(before: Entity, now: Entity) -> bool:
    """Whether a total is less than before: another day has begun."""
    try:
        return float(now.value) < float(before.value)
    except ValueError:
        return False  # one of them is not known


def _as_counted(entity: Entity) -> Entity:
    """An entity of before a restart that a run has found right: it is not `restored` any more."""
    if "restored" not in entity.attributes:
        return entity
    attributes = {key: value for key, value in entity.attributes.items() if key != "restored"}
    return Entity(entity.id, entity.value, attributes)
