"""YAML to plain data, quickly: a file of a thousand scenarios is long.

PyYAML makes a tree of nodes of a file, and values of the nodes. Most files are plain: nothing in
them but mappings with texts for keys, lists, and values without tags or anchors. Of such a file the
values are made at once from what the parser tells. Every other file, and every one that is wrong,
is read by the whole loader, which also says what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TextIO

import yaml

_Safe: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The safe loader, in C where there is one."""
_TEXT = "tag:yaml.org,2002:str"
"""The tag of a text."""
_PLAIN = tuple(f"tag:yaml.org,2002:{kind}" for kind in ("null", "bool", "int", "float"))
"""Tags of other values that need not be named, and whose values never change."""


def read_yaml(file: TextIO) -> Any:
    """What a YAML file holds, as plain data. Raises YAMLError where a key comes twice, too."""
    if file.seekable():
        try:
            return _read_plain(_Safe(file))
        except (_NotPlain, yaml.YAMLError, ValueError):
            file.seek(0)
    return yaml.load(file, Loader=_Loader)


class _NotPlain(Exception):
    """There is more in a file than plain data."""


def _read_plain(loader: Any) -> Any:
    """The only document that `loader` finds. Raises _NotPlain, or what the loader raises."""
    try:
        _expect(yaml.StreamStartEvent, loader)
        _expect(yaml.DocumentStartEvent, loader)
        value = _value(loader.get_event)
        _expect(yaml.DocumentEndEvent, loader)
        _expect(yaml.StreamEndEvent, loader)
    finally:
        loader.dispose()
    return value


def _expect(kind: type[yaml.Event], loader: Any) -> None:
    if type(loader.get_event()) is not kind:
        raise _NotPlain


def _value(get_event: Callable[[], Any]) -> Any:
    """The value that begins with the next event; raises _NotPlain where it is not plain.

    `into` is the mapping or list that is being filled, and `key` the one whose value comes next.
    """
    into: Any = []
    key: str | None = None
    around: list[Any] = []
    while True:
        event = get_event()
        kind = type(event)
        if kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            into = around.pop()
        elif event.anchor is not None or event.tag is not None:
            raise _NotPlain
        else:
            opens = kind is not yaml.ScalarEvent
            if opens:
                value: Any = {} if kind is yaml.MappingStartEvent else []
            else:
                value = _plain_value(event.value) if event.implicit[0] else event.value
            if type(into) is list:
                into.append(value)
            elif key is not None:
                into[key] = value
                key = None
            elif type(value) is str and value not in into:
                key = value
            else:
                raise _NotPlain
            if opens:
                around.append(into)
                into = value
        if not around:
            return into[0]


@lru_cache(maxsize=4096)
def _plain_value(text: str) -> Any:
    """What a text without quotes is: "10" a number, "car" a text.

    The same words come again and again, so what they mean is kept. Raises _NotPlain for a date, or
    what the constructor raises.
    """
    tag = _plain_tag(text)
    if tag == _TEXT:
        return text
    if tag not in _PLAIN:
        raise _NotPlain
    return yaml.constructor.SafeConstructor().construct_object(yaml.ScalarNode(tag, text))


class _Loader(_Safe):  # type: ignore[misc]  # which of the two it is, shows at run time
    """The safe loader that refuses a key given twice."""

    def resolve(self, kind: type[yaml.Node], value: Any, implicit: Any) -> str:
        """Return the tag of a node: "10" without quotes is a number."""
        if kind is yaml.ScalarNode and implicit[0]:
            return _plain_tag(value)
        tag: str = super().resolve(kind, value, implicit)
        return tag

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        """Make the value of a node; a text is its own value."""
        if node.tag == _TEXT and isinstance(node, yaml.ScalarNode):
            return node.value
        return super().construct_object(node, deep=deep)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Make a mapping; raises ConstructorError where a key comes twice."""
        seen = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key '{key.value}' is given twice", key.start_mark
                )
            if isinstance(key.value, str):
                seen.add(key.value)
        made: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        return made


@lru_cache(maxsize=4096)
def _plain_tag(value: str) -> str:
    """The tag of a text without quotes. It depends on the text only, as no paths have tags."""
    resolver = yaml.resolver.Resolver()
    tag: str = resolver.resolve(  # type: ignore[no-untyped-call]  # its stubs have no types
        yaml.ScalarNode, value, (True, False)
    )
    return tag
