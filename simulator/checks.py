"""Reading plain data by a table of keys: what is wrong is collected, all of it, in words.

A `Key` says what a value must be; `read_keys` reads a mapping by a table of them. Ranges come from
the engine's own forms where a form asks the same (`same_as`), so they can't drift apart.
"""

from __future__ import annotations

import math
import re
import reprlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from loadjuggler.config import parse as contract
from loadjuggler.config.kinds import KINDS

Reader = Callable[[Any], Any]
"""Takes what was given, returns the value; raises ValueError with the reason."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a mapping: how its value is read, and what it is where it is not given."""

    name: str
    read: Reader
    default: Any = None
    required: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """The keys of a mapping by name; `blank` has the values of one that says nothing."""

    keys: Mapping[str, Key]
    blank: Mapping[str, Any]
    required: tuple[str, ...]


def table(*keys: Key) -> Table:
    """Keys by name."""
    return Table(
        {key.name: key for key in keys},
        {key.name: key.default for key in keys},
        tuple(key.name for key in keys if key.required),
    )


def read_keys(keys: Table, given: Any, where: str, errors: list[str]) -> dict[str, Any]:
    """Values of all `keys` from the mapping `given`; the default where one is not given or wrong.

    What is wrong is added to `errors`, each as "where.key: reason".
    """
    if not isinstance(given, Mapping):
        errors.append(f"{where or 'it'}: {shown(given)} is not a mapping of keys to values")
        return dict(keys.blank)
    prefix = f"{where}." if where else ""
    values, wrong = dict(keys.blank), {}
    for name, value in given.items():
        key = keys.keys.get(name)
        if key is None:
            known = ", ".join(keys.keys)
            errors.append(f"{prefix}{named(name)}: there is no such key; there are {known}")
            continue
        try:
            values[name] = key.read(value)
        except ValueError as error:
            wrong[name] = str(error)
    for name in keys.required:
        if name not in given:
            wrong[name] = "it is missing, and it is needed"
    if wrong:
        errors += [f"{prefix}{name}: {wrong[name]}" for name in keys.keys if name in wrong]
    return values


def shown(value: Any) -> str:
    """What was given, short enough for a sentence."""
    if value is None:
        return "nothing"
    try:
        return _cut(_BRIEF.repr(value))
    except ValueError:  # Python writes no number with so many digits
        return "a number with thousands of digits"


def named(key: Any) -> str:
    """The name of a key in a sentence: what was given, without quotes."""
    return _cut(key) if isinstance(key, str) else shown(key)


def _cut(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."


_BRIEF = reprlib.Repr()
"""Writes the beginning of a value: a file may nest one in itself, or a billion of them."""
_BRIEF.maxlevel = 3
_BRIEF.maxlist = _BRIEF.maxdict = _BRIEF.maxtuple = _BRIEF.maxset = 60
_BRIEF.maxstring = _BRIEF.maxlong = _BRIEF.maxother = 200


# --- readers ---------------------------------------------------------------------------------


def number(low: float | None = None, high: float | None = None, unit: str = "") -> Reader:
    """Reader of a finite number of `unit` from `low` to `high`."""

    def read(given: Any) -> float:
        _must_be_number(given)
        if not _is_finite(given):
            raise ValueError(f"{shown(given)} is not a finite number")
        if low is not None and given < low:
            raise ValueError(f"{given:g} {unit}".rstrip() + f" is less than {low:g}")
        if high is not None and given > high:
            raise ValueError(f"{given:g} {unit}".rstrip() + f" is more than {high:g}")
        return float(given)

    return read


def _must_be_number(given: Any) -> None:
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise ValueError(f"{shown(given)} is not a number")


def _is_finite(given: float) -> bool:
    try:
        return math.isfinite(given)
    except OverflowError:  # a whole number that no float can be
        return False


def same_as(kind: str, name: str) -> Reader:
    """Reader of a number with the range that field `name` has in the engine's form of a `kind`."""
    field = KINDS[kind].field(name)

    def read(given: Any) -> float:
        _must_be_number(given)
        return contract.read_number(field, given)

    return read


def choice(allowed: Collection[str], aliases: Mapping[str, str] | None = None) -> Reader:
    """Reader of one of the texts `allowed`, or of an old name for one."""

    def read(given: Any) -> str:
        # YAML 1.1 reads an unquoted off as false.
        name = "off" if given is False and "off" in allowed else given
        if not isinstance(name, str):
            raise ValueError(f"{shown(given)} is not a text; one of {', '.join(allowed)} is needed")
        name = (aliases or {}).get(name, name)
        if name not in allowed:
            raise ValueError(f"{shown(given)} is not one of {', '.join(allowed)}")
        return name

    return read


def choices_of(kind: str, name: str) -> tuple[str, ...]:
    """What field `name` of the engine's form of a `kind` offers."""
    return tuple(value for value, _ in KINDS[kind].field(name).choices)


def text(given: Any) -> str:
    """Any text."""
    if not isinstance(given, str):
        raise ValueError(f"{shown(given)} is not a text")
    return given


def identifier(given: Any) -> str:
    """A text of letters, digits, - and _."""
    if not isinstance(given, str) or not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", given):
        raise ValueError(f"{shown(given)} is not made of letters, digits, - and _")
    if len(given) > LONGEST:
        raise ValueError(f"{shown(given)} has more than {LONGEST} characters")
    return given


LONGEST = 100
"""The most characters of a name in a file."""


def identifiers(given: Any) -> tuple[str, ...]:
    """A list of identifiers."""
    if not isinstance(given, list):
        raise ValueError(f"{shown(given)} is not a list")
    return tuple(identifier(item) for item in given)


def flag(given: Any) -> bool:
    """Yes or no."""
    if not isinstance(given, bool):
        raise ValueError(f"{shown(given)} is neither true nor false")
    return given


def anything(given: Any) -> Any:
    """What somebody else will check."""
    return given
