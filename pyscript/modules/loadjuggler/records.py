"""Frozen records made quickly: like another one with some fields changed (`replace`), or anew.

A run of ten loads makes about 500 records with 3,000 fields. The constructor of a frozen dataclass
makes a call for each field, which takes many times as long as to store it. Here a record is filled
while it is of a twin class, which is not frozen, and gets its own class when it is complete. The
twin is a subclass that adds nothing: so Python need not compare the `__slots__` of the two to allow
that. The functions that do so are made from text, once for each class, as `dataclasses` makes its
own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

Kind = TypeVar("Kind", bound=type)

if TYPE_CHECKING:
    # A type checker knows by this name which fields a record has, and of which types they are.
    from dataclasses import replace
else:

    def replace(record: Any, /, **values: Any) -> Any:
        """A record like `record` with other `values`, by the names of its fields.

        It serves records without `InitVar` and without fields that are left out of `__init__`,
        which are all that outlive a run. TypeError for a name that is none of its fields.
        """
        return _replacer(type(record), tuple(values))(record, values)


def quick(kind: Kind) -> Kind:
    """The frozen dataclass `kind`, with a constructor that does the same in less time.

    It is for the records of which a run makes many, and must stand above `@dataclass`. TypeError
    for a class that has no twin.
    """
    if not _has_twin(kind):
        raise TypeError(f"a record like {kind.__name__} can't be made quickly")
    own: Mapping[str, Any] = vars(kind)
    plain, names = own["__init__"], own["__match_args__"]
    fresh = {f.name: f.default_factory for f in fields(kind) if f.default_factory is not MISSING}
    values = {name: name for name in names} | {
        name: f"_fresh[{name!r}]() if {name} is _NOT_GIVEN else {name}" for name in fresh
    }
    takes = f"_record, {', '.join(names)}"
    made: Any = _compiled(kind, takes, ("_be(_record, _Open)",), values, fresh=fresh)
    defaults = plain.__defaults__ or ()
    made.__defaults__ = tuple(
        _NOT_GIVEN if name in fresh else value
        for name, value in zip(names[len(names) - len(defaults) :], defaults, strict=True)
    )
    for name in ("__annotations__", "__name__", "__qualname__"):
        setattr(made, name, getattr(plain, name))
    kind.__init__ = made  # type: ignore[misc]  # that of a subclass is its own
    return kind


@lru_cache(maxsize=1024)
def _replacer(kind: type, changed: tuple[str, ...]) -> Callable[[Any, dict[str, Any]], Any]:
    """The function that does what `replace` says for a record of `kind` and its `changed` fields.

    It takes the record, and the new values by name. TypeError for a name that is no field.
    """
    if not _has_twin(kind):
        return _replaced_by_constructor
    names: tuple[str, ...] = vars(kind)["__match_args__"]
    if not set(names).issuperset(changed):
        raise TypeError(f"{kind.__name__} has not all of the fields {', '.join(changed)}")
    values = {name: f"_old.{name}" for name in names} | {
        name: f"_values[{name!r}]" for name in changed
    }
    return _compiled(kind, "_old, _values", ("_record = _new(_Open)",), values, "return _record")


def _replaced_by_constructor(record: Any, values: dict[str, Any]) -> Any:
    """The result of `replace` for records whose class has no twin."""
    for name in record.__match_args__:
        if name not in values:
            values[name] = getattr(record, name)
    return type(record)(**values)


def _has_twin(kind: type) -> bool:
    """Whether all that a record of `kind` has are slots for the arguments of its constructor."""
    own = vars(kind)
    return kind.__base__ is object and tuple(own.get("__slots__", ())) == own.get("__match_args__")


_NOT_FROZEN = {"__setattr__": object.__setattr__, "__delattr__": object.__delattr__}
"""What makes a twin open. Both are needed: Python has one slot for the two."""


_NOT_GIVEN = object()
"""The value of an argument that is not given: the field is kept, or has a new default."""


def _compiled(
    kind: type,
    takes: str,
    begin: tuple[str, ...],
    values: Mapping[str, str],
    end: str = "",
    fresh: Mapping[str, Callable[[], Any]] | None = None,
) -> Callable[..., Any]:
    """A function that `takes` something and fills `_record`, of class `kind` in the end.

    `begin` gives it a record of the twin of `kind`; `values` are expressions by name of the field,
    and `fresh` makes defaults by name of the field.
    """
    post = "_record.__post_init__()" if hasattr(kind, "__post_init__") else ""
    stored = [f"_record.{name} = {value}" for name, value in values.items()]
    lines = [*begin, *stored, "_record.__class__ = _Kind", post, end]
    known = {
        "_Kind": kind,
        "_Open": type(kind.__name__, (kind,), {"__slots__": (), **_NOT_FROZEN}),
        "_NOT_GIVEN": _NOT_GIVEN,
        "_fresh": fresh,
        "_new": object.__new__,
        "_be": vars(object)["__class__"].__set__,
    }
    text = "\n  ".join([f"def make({', '.join(known)}):\n def made({takes}):", *lines])
    text += "\n return made"
    # The names in annotations are looked up in the globals of a constructor (`memory.serialise`).
    found: dict[str, Callable[..., Callable[..., Any]]] = {}
    exec(text, vars(kind)["__init__"].__globals__, found)
    return found["make"](**known)


__all__ = ["quick", "replace"]
