"""Frozen dataclasses to plain data for JSON, and strictly back.

Reading goes by the types of the fields, so a new field needs no code here. Nothing is guessed or
converted: a value that does not fit its type is damage. A key of several parts is a tuple in memory
and one text in JSON: ("garage", "A") is "garage A". Its parts are ids and phases, without spaces.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints

from ..records import replace
from .times import Latest

MOST = sys.float_info.max
"""The largest number that a float holds. A larger integer in the file is damage."""


T = TypeVar("T")


def plain(kept: Any) -> Any:
    """A dataclass, with all that is in it, as plain data for `json.dumps`."""
    if is_dataclass(kept):
        return {item.name: plain(getattr(kept, item.name)) for item in fields(kept)}
    if isinstance(kept, Mapping):
        return {_as_text(key): plain(item) for key, item in kept.items()}
    if isinstance(kept, tuple | list):
        return [plain(item) for item in kept]
    return kept


def _as_text(key: Any) -> str:
    return " ".join(key) if isinstance(key, tuple) else str(key)


def record(kind: type[T], data: Any, where: str) -> T:
    """A dataclass of type `kind` from plain data; raises ValueError, which names `where` it failed.

    A missing field has its default, if it has one: an older version did not know it. An unknown
    field is left out: a newer version with the same number may have added it.
    """
    if not isinstance(data, Mapping):
        raise ValueError(f"{where} is {shown(data)}")
    types, values = hints(kind), {}  # type: ignore[arg-type]
    for item in fields(kind):  # type: ignore[arg-type]
        if item.name in data:
            values[item.name] = value(types[item.name], data[item.name], f"{where}.{item.name}")
        elif item.default is MISSING and item.default_factory is MISSING:
            raise ValueError(f"{where}.{item.name} is missing")
    return kind(**values)


def is_mapping(hint: Any) -> bool:
    """Whether a type is that of a mapping."""
    origin = get_origin(hint)
    return isinstance(origin, type) and issubclass(origin, Mapping)


@cache
def hints(kind: Any) -> dict[str, Any]:
    """The types of a dataclass's fields by name."""
    # The names of the class's own module count: sys.modules may hold a reloaded module by now.
    return get_type_hints(kind, kind.__init__.__globals__)


def value(hint: Any, data: Any, where: str) -> Any:
    """`data` as type `hint`, numbers finite; raises ValueError if it is something else."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return _one_of(inner, data, where)
    if is_dataclass(hint):
        return record(hint, data, where)  # type: ignore[arg-type]
    if origin is tuple and isinstance(data, list | tuple):
        return _row(inner, data, where)
    if origin is not None and issubclass(origin, Mapping) and isinstance(data, Mapping):
        if all(isinstance(key, str) for key in data):
            return {
                _key(inner[0], key, where): value(inner[1], item, f"{where}[{key}]")
                for key, item in data.items()
            }
    elif hint is float and isinstance(data, int | float) and not isinstance(data, bool):
        if abs(data) <= MOST:  # false for NaN, too
            return float(data)
    elif hint is int and isinstance(data, int) and not isinstance(data, bool):
        if abs(data) <= MOST:
            return data
    elif hint in (str, bool, NoneType) and isinstance(data, hint):
        return data
    raise ValueError(f"{where} is {shown(data)}")


def _key(hint: Any, text: str, where: str) -> Any:
    """A key as its type says: a text, or a tuple of as many parts as the type has."""
    if get_origin(hint) is not tuple:
        return text
    parts = tuple(text.split(" "))
    if len(parts) != len(get_args(hint)):
        raise ValueError(f"{where} has the key {shown(text)}")
    return parts


def _one_of(hints: tuple[Any, ...], data: Any, where: str) -> Any:
    errors = []
    for hint in hints:
        try:
            return value(hint, data, where)
        except ValueError as error:
            errors.append(error)
    raise errors[0]  # the first type of a union is the usual one


def _row(hints: tuple[Any, ...], data: list[Any] | tuple[Any, ...], where: str) -> tuple[Any, ...]:
    """A tuple of one type (`tuple[float, ...]`) or of one type for each place."""
    if hints[-1] is Ellipsis:
        hints = (hints[0],) * len(data)
    if len(hints) != len(data):
        raise ValueError(f"{where} is {shown(data)}")
    places = enumerate(zip(hints, data, strict=True))
    return tuple(value(hint, item, f"{where}[{place}]") for place, (hint, item) in places)


def shown(data: Any) -> str:
    """A damaged value, short enough for a sentence."""
    if data is None:
        return "nothing"
    if isinstance(data, int | float) and not abs(data) <= MOST:
        return "no usable number"  # NaN, Infinity, or one of hundreds of digits
    text = "a list" if isinstance(data, list | tuple | Mapping) else repr(data)
    return text if len(text) <= 40 else f"{text[:37]}..."


def not_after(kept: T, now: float) -> T:
    """A dataclass, with all that is in it, without times from the future: a clock was set back.

    Fields of type `times.At` and `times.Until` are times, also within tuples and mappings. A record
    in which more has to change has a method `not_after` of its own.
    """
    changed = {}
    for name, hint in _marked(type(kept)).items():  # type: ignore[arg-type]
        old = getattr(kept, name)
        new = _limited(hint, old, now)
        if new is not old:
            changed[name] = new
    return replace(kept, **changed) if changed else kept  # type: ignore[type-var]


@cache
def _marked(kind: Any) -> dict[str, Any]:
    """The types of a dataclass's fields, with their annotations (`times.At`, `times.Until`)."""
    return get_type_hints(kind, kind.__init__.__globals__, include_extras=True)


def _limited(hint: Any, old: Any, now: float) -> Any:
    """`old`, of type `hint`, with its times limited; the same object if nothing has to change."""
    if not old:
        return old
    if hasattr(old, "not_after"):
        return old.not_after(now)
    if is_dataclass(old):
        return not_after(old, now)
    if get_origin(hint) in (Union, UnionType):
        hint = next(inner for inner in get_args(hint) if inner is not NoneType)
    if get_origin(hint) is Annotated:
        latest: Latest = hint.__metadata__[0]
        return latest.limited(old, now)
    if isinstance(old, Mapping):
        inner = get_args(hint)[1]
        items = {key: _limited(inner, item, now) for key, item in old.items()}
        return items if any(items[key] is not old[key] for key in old) else old
    if isinstance(old, tuple) and old:
        row = tuple(_limited(kind, item, now) for kind, item in _paired(get_args(hint), old))
        return row if any(a is not b for a, b in zip(row, old, strict=True)) else old
    return old


def _paired(hints: tuple[Any, ...], row: tuple[Any, ...]) -> Iterator[tuple[Any, Any]]:
    """Each item of a tuple with its type: of `tuple[float, ...]` all have the same one."""
    same = hints[-1] is Ellipsis
    return ((hints[0] if same else hints[place], item) for place, item in enumerate(row))
