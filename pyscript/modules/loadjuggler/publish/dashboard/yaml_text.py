"""Plain data as YAML text, as one would write it by hand, with the standard library only."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

_PLAIN = re.compile(r"[A-Za-z/][A-Za-z0-9_./-]*(:[a-z][A-Za-z0-9_-]*)?( [A-Za-z0-9_./-]+)*")
"""Texts that need no quotes in YAML, unless they are one of `_WORDS`."""


_WORDS = {"true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan", "inf"}


def to_yaml(data: Any) -> str:
    """Mappings, lists, texts, numbers, truth and `None` as YAML; ends with a line break."""
    return "\n".join(_lines(data)) + "\n"


def _lines(data: Any) -> Iterator[str]:
    """The lines of a value that stands below its key."""
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
    """The lines of a key and its value, in the same line or indented below."""
    if isinstance(value, str) and _is_block(value):
        yield f"{key} |-"
        yield from (f"  {line}" if line else "" for line in value.split("\n"))
    elif isinstance(value, (Mapping, list, tuple)) and value:
        yield key
        yield from (f"  {line}" if line else "" for line in _lines(value))
    else:
        yield f"{key} {scalar(value)}"


def _is_block(text: str) -> bool:
    """Whether a text of several lines can be a block (`|-`) below its key."""
    lines = text.split("\n")
    if len(lines) < 2 or not lines[0] or not lines[-1]:
        return False
    return lines[0][0] != " " and all(
        line.isprintable() and not line.endswith(" ") for line in lines
    )


def scalar(value: Any) -> str:
    """A text, number, bool, `None`, empty list or empty mapping in one line."""
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
    # JSON and YAML have the same quotes. But YAML needs an escape for what can't be printed, and
    # only one for a character above U+FFFF.
    return "".join(_escaped(letter) for letter in json.dumps(text, ensure_ascii=False))


def _escaped(letter: str) -> str:
    """A character as it may stand in quoted YAML."""
    if letter.isprintable():
        return letter
    number = ord(letter)
    return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"
