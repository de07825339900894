"""Entities as they were before a restart: to plain data for the file, and back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from .entities import PREFIX, STATE_LENGTH, Entity

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
