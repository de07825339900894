"""What a dashboard may show: the entities that exist, the newest cards, the language."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ...texts import labels
from .cards import Card, bar, sized, tile, units
from .words import WORDS

BARS_SINCE = (2025, 12)
"""Home Assistant's tiles have bars with a range of their own since then."""


SELECTS = ("select", "input_select")


@dataclass(frozen=True, slots=True)
class Looks:
    """What there is to show it with: ids of entities, Home Assistant's version, the language."""

    published: frozenset[str]
    version: tuple[int, int] = (0, 0)
    language: str = "en"

    @classmethod
    def of(cls, published: Iterable[str], version: str = "", language: str = "en") -> Looks:
        """From a version as Home Assistant writes it, "2025.4.4"; another text is an old one."""
        found = re.match(r"(\d+)\.(\d+)", version)
        numbers = (int(found[1]), int(found[2])) if found else (0, 0)
        return cls(frozenset(published), numbers, "sl" if language == "sl" else "en")

    def has(self, entity: str) -> bool:
        """Whether an entity of ours exists."""
        return entity in self.published

    def word(self, key: str, **filled: object) -> str:
        """A text of the dashboard's own."""
        return WORDS[self.language][key].format(**filled)

    def attribute(self, entity: str, name: str) -> str:
        """A template of an attribute of a text, with a word for when there is none."""
        return units(f"(state_attr('{entity}', '{name}') or '{self.word('not_yet')}')")

    def state(self, entity: str) -> str:
        """A template of a number with its unit, as its language writes it."""
        comma = " | replace('.', ',')" if self.language == "sl" else ""
        return f"{{{{ states('{entity}', with_unit=True) | replace(' ', '&nbsp;'){comma} }}}}"

    def mode(self, code: str) -> str:
        """What a mode is called, as the name of a button."""
        return labels.mode(code, self.language).capitalize()

    def select(self, entity: str, name: str, icon: str) -> Card:
        """A tile to choose from an entity's options, or one that shows its state."""
        if entity.split(".", maxsplit=1)[0] not in SELECTS:
            return sized(tile(entity, name, icon), "full")
        inline = {"features": [{"type": "select-options"}], "features_position": "inline"}
        return sized(tile(entity, name, icon, hide_state=True, **inline), "full")

    def amount(self, entity: str, name: str, most: float, icon: str) -> Card:
        """A tile of an amount from 0 to `most`, with a bar where there are bars."""
        if self.version >= BARS_SINCE:
            return bar(entity, name, most, icon)
        return tile(entity, name, icon)
