"""The sentences in docs/troubleshooting.md are ones that Load Juggler gives.

Both are compared word by word: a word with something filled in stands for any words, and the page
may show a part of a sentence, with dots for what it leaves out.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[3]
ENGINE = PROJECT / "pyscript" / "modules" / "loadjuggler"
PAGE = PROJECT / "docs" / "troubleshooting.md"
ANY = "{}"
"""Stands for any words, or none."""
FIXED = 0.4
"""This share of the words at least must be the text's own; numbers and units do not count."""


def texts() -> set[tuple[str, ...]]:
    """All texts of the engine as words, ANY where something is filled in."""
    found = set()
    for file in ENGINE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                parts = (x.value if isinstance(x, ast.Constant) else "{}" for x in node.values)
                found.add(words("".join(map(str, parts))))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(words(node.value))
    return found


def words(text: str) -> tuple[str, ...]:
    """The words of a text without what ends sentences; ANY for those with something filled in."""
    plain = (ANY if "{" in word else word.strip(".,;:()'\"?").lower() for word in text.split())
    return tuple(word for word in plain if word)


def shown() -> list[str]:
    """The sentences in the page's tables, cut where something is left out."""
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    quoted = [text for row in rows for text in re.findall(r"\*([^*]+)\*", row)]
    cut = [piece.strip() for text in quoted for piece in text.split("…")]
    return [piece for piece in cut if len(piece.split()) > 2]


def is_part(said: tuple[str, ...], text: tuple[str, ...]) -> bool:
    """Whether `said` is part of what `text` may become."""
    needed = FIXED * sum(len(word) > 1 and word.isalpha() for word in said)

    @cache
    def goes_on(at: int, place: int, fixed: int) -> bool:
        if at == len(said):
            return fixed >= needed
        if place == len(text):
            return False
        if text[place] == ANY:
            return goes_on(at, place + 1, fixed) or goes_on(at + 1, place, fixed)
        return said[at] == text[place] and goes_on(at + 1, place + 1, fixed + 1)

    return any(goes_on(0, place, 0) for place in range(len(text)))


def not_given(pieces: list[str]) -> list[str]:
    """Those that no text of the engine can become."""
    known = texts()
    return [piece for piece in pieces if not any(is_part(words(piece), text) for text in known)]


def test_the_page_shows_what_is_given() -> None:
    assert len(shown()) > 30
    assert not_given(shown()) == []


def test_what_nobody_gives_is_found() -> None:
    moon = "Not enough moon: 4 A on phase A, needs 6 A."
    assert not_given([moon, moon.replace("moon", "sun")]) == [moon]
