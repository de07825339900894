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

from .entities import PREFIX, STATE_LENGTH, TOTAL, Entity

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
            found.append(Entity(ident, value[:STATE_LENGTH], {**attributes, "restored": True}))
    return tuple(found)


class Totals:
    """Keeps the totals of the day as they are counted, and as the file has them, by entity id.

    `has_file`: something was stored or restored. Until then there is nothing to fall back to, and
    totals are shown as they are counted.
    """

    def __init__(self) -> None:
        """Start with none."""
        self.has_file = False
        self._counted: dict[str, Entity] = {}
        self._in_file: dict[str, Entity] = {}

    def to_show(self, found: Iterable[Entity], shown: Mapping[str, Entity]) -> dict[str, Entity]:
        """The entities of a run as they may be shown, by id; `shown` are those that are shown now.

        A total whose value has changed is shown as the file has it, or else stays as it is.
        """
        now = {one.id: one for one in found}
        self._counted = {
            key: one for key, one in now.items() if one.attributes.get("state_class") == TOTAL
        }
        for key, one in self._counted.items() if self.has_file else ():
            before = shown.get(key)
            if before is not None and before.value != one.value:
                now[key] = self._in_file.get(key, before)
        return now

    def to_store(self, shown: Mapping[str, Entity]) -> list[list[Any]]:
        """The entities for the file: as `shown`, totals as they are counted."""
        self.has_file = True
        return stored({**shown, **self._counted}.values())

    def written(self, data: Iterable[tuple[str, str, Mapping[str, Any]]]) -> None:
        """Note that the file has what `to_store` gave."""
        self._in_file = {
            ident: Entity(ident, value, attributes)
            for ident, value, attributes in data
            if attributes.get("state_class") == TOTAL
        }
