"""Plain data (what JSON can say) back into frozen dataclasses, strictly.

`asdict` is the way there; the way back goes by the types of the fields, so a new field needs no
code here. Nothing is guessed or converted: what does not fit its type is damage.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass, replace
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from ..units import DAY_S

MOST = sys.float_info.max
"""Python counts with larger integers, but not as numbers of anything."""


CLOCK_SLACK_S = 1.0
"""Clocks are corrected by a little all the time."""


T = TypeVar("T")


def record(kind: type[T], data: Any, where: str) -> T:
    """A `kind` (a dataclass) from its plain form; `where` names it in the ValueError otherwise.

    A field that is not there has its default, if it has one: an older version did not know it.
    What is no field is left out: a newer version with the same number may have added it.
    """
    if not isinstance(data, Mapping):
        raise ValueError(f"{where} is {shown(data)}")
    hints, values = _hints(kind), {}  # type: ignore[arg-type]
    for item in fields(kind):  # type: ignore[arg-type]
        if item.name in data:
            values[item.name] = value(hints[item.name], data[item.name], f"{where}.{item.name}")
        elif item.default is MISSING and item.default_factory is MISSING:
            raise ValueError(f"{where}.{item.name} is missing")
    return kind(**values)


@cache
def _hints(kind: Any) -> dict[str, Any]:
    # By the names of the class's own module: the one in sys.modules may be a reloaded one by now.
    return get_type_hints(kind, kind.__init__.__globals__)


def value(hint: Any, data: Any, where: str) -> Any:
    """`data` as the type `hint` says, numbers finite; raises ValueError if it is something else."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return _one_of(inner, data, where)
    if is_dataclass(hint):
        return record(hint, data, where)  # type: ignore[arg-type]
    if origin is tuple and isinstance(data, list | tuple):
        return _row(inner, data, where)
    if origin is not None and issubclass(origin, Mapping) and isinstance(data, Mapping):
        if all(isinstance(key, str) for key in data):
            return {key: value(inner[1], item, f"{where}[{key}]") for key, item in data.items()}
    elif hint is float and isinstance(data, int | float) and not isinstance(data, bool):
        if abs(data) <= MOST:  # false for NaN, too
            return float(data)
    elif hint is int and isinstance(data, int) and not isinstance(data, bool):
        if abs(data) <= MOST:
            return data
    elif hint in (str, bool, NoneType) and isinstance(data, hint):
        return data
    raise ValueError(f"{where} is {shown(data)}")


def _one_of(hints: tuple[Any, ...], data: Any, where: str) -> Any:
    errors = []
    for hint in hints:
        try:
            return value(hint, data, where)
        except ValueError as error:
            errors.append(error)
    raise errors[0]  # a union names what is usually there first


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
    """`kept` (a dataclass, and what is in it) with no time later than `now`: a clock was set back.

    Times are fields named `at` or `..._at`; what holds `..._until` then never does for more than a
    day. A record that keeps times elsewhere, too, has a method `not_after` of its own.
    """
    changed = {}
    for item in fields(kept):  # type: ignore[arg-type]
        old = getattr(kept, item.name)
        new = _limited(item.name, old, now)
        if new is not old:
            changed[item.name] = new
    return replace(kept, **changed) if changed else kept  # type: ignore[type-var]


def _limited(name: str, old: Any, now: float) -> Any:
    if isinstance(old, float):
        most = now if name == "at" or name.endswith("_at") else old
        most = now + DAY_S if name.endswith("_until") else most
        return now if old > most + CLOCK_SLACK_S else old
    if isinstance(old, Mapping):
        new = {key: _limited("", item, now) for key, item in old.items()}
        return new if any(new[key] is not old[key] for key in old) else old
    if hasattr(old, "not_after"):
        return old.not_after(now)
    if isinstance(old, tuple) and old and is_dataclass(old[0]):
        row = tuple(_limited("", item, now) for item in old)
        return row if any(a is not b for a, b in zip(row, old, strict=True)) else old
    return not_after(old, now) if is_dataclass(old) else old
