"""What a dashboard may use: the entities that exist, the cards of this version, the language."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ...texts import labels
from .cards import Card, bar, safe, sized, tile, units
from .words import WORDS

BARS_SINCE = (2025, 12)
"""The version of Home Assistant since which tiles have bars with a range."""


SELECTS = ("select", "input_select")


@dataclass(frozen=True, slots=True)
class Looks:
    """The ids of entities that exist, Home Assistant's version, and the language."""

    published: frozenset[str]
    version: tuple[int, int] = (0, 0)
    language: str = "en"

    @classmethod
    def of(cls, published: Iterable[str], version: str = "", language: str = "en") -> Looks:
        """From a version text such as "2025.4.4"; a text that is none counts as an old version."""
        found = re.match(r"(\d+)\.(\d+)", version)
        numbers = (int(found[1]), int(found[2])) if found else (0, 0)
        return cls(frozenset(published), numbers, "sl" if language == "sl" else "en")

    def has(self, entity: str) -> bool:
        """Whether an entity of Load Juggler exists."""
        return entity in self.published

    def word(self, key: str, **filled: object) -> str:
        """A text of the dashboard, with its holes filled."""
        return WORDS[self.language][key].format(**filled)

    def attribute(self, entity: str, name: str) -> str:
        """A template of an attribute with text, and a word while there is none."""
        return units(safe(f"(state_attr('{entity}', '{name}') or '{self.word('not_yet')}')"))

    def state(self, entity: str) -> str:
        """A template of a number with its unit, with the decimal sign of the language."""
        comma = " | replace('.', ',')" if self.language == "sl" else ""
        return f"{{{{ states('{entity}', with_unit=True) | replace(' ', '&nbsp;'){comma} }}}}"

    def mode(self, code: str) -> str:
        """The name of a mode, for a button."""
        return labels.mode(code, self.language).capitalize()

    def select(self, entity: str, name: str, icon: str) -> Card:
        """A tile that selects an option of an entity; for other entities a tile of the state."""
        if entity.split(".", maxsplit=1)[0] not in SELECTS:
            return sized(tile(entity, name, icon), "full")
        inline = {"features": [{"type": "select-options"}], "features_position": "inline"}
        return sized(tile(entity, name, icon, hide_state=True, **inline), "full")

    def amount(self, entity: str, name: str, most: float, icon: str) -> Card:
        """A tile of an amount from 0 to `most`, with a bar if this version has bars."""
        if self.version >= BARS_SINCE:
            return bar(entity, name, most, icon)
        return tile(entity, name, icon)
