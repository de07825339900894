"""Plain data as YAML text, as one would write it by hand; with the standard library alone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

_PLAIN = re.compile(r"[A-Za-z/][A-Za-z0-9_./-]*(:[a-z][A-Za-z0-9_-]*)?( [A-Za-z0-9_./-]+)*")
"""Texts that YAML reads as they stand, unless they are words of its own."""


_WORDS = {"true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan", "inf"}


def to_yaml(data: Any) -> str:
    """Mappings, lists, texts, numbers, truth and `None` as YAML; ends with a line break."""
    return "\n".join(_lines(data)) + "\n"


def _lines(data: Any) -> Iterator[str]:
    """The lines of a value that is not in its key's own line."""
    if isinstance(data, Mapping) and data:
        for key, value in data.items():
            yield from _under(f"{scalar(key)}:", value)
    elif isinstance(data, (list, tuple)) and data:
        for item in data:
            first, *rest = _lines(item)
            yield f"- {first}"
            yield from (f"  {line}" if line else "" for line in rest)
    else:
        yield scalar(data)


def _under(key: str, value: Any) -> Iterator[str]:
    """A key and its value: beside it, or indented below it."""
    if isinstance(value, str) and _is_block(value):
        yield f"{key} |-"
        yield from (f"  {line}" if line else "" for line in value.split("\n"))
    elif isinstance(value, (Mapping, list, tuple)) and value:
        yield key
        yield from (f"  {line}" if line else "" for line in _lines(value))
    else:
        yield f"{key} {scalar(value)}"


def _is_block(text: str) -> bool:
    """Whether a text of several lines can stand as it is, below its key."""
    lines = text.split("\n")
    if len(lines) < 2 or not lines[0] or not lines[-1]:
        return False
    return lines[0][0] != " " and all(
        line.isprintable() and not line.endswith(" ") for line in lines
    )


def scalar(value: Any) -> str:
    """A text, number, truth, `None` or empty list or mapping in one line."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return f"{value:.6g}"
    if isinstance(value, (Mapping, list, tuple)):
        return "{}" if isinstance(value, Mapping) else "[]"
    text = str(value)
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    # JSON's quotes are YAML's; but YAML wants what can't be printed as an escape, and a character
    # beyond the first 65 536 in one piece.
    return "".join(_escaped(letter) for letter in json.dumps(text, ensure_ascii=False))


def _escaped(letter: str) -> str:
    """A character as it may stand in a quoted text."""
    if letter.isprintable():
        return letter
    number = ord(letter)
    return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"
