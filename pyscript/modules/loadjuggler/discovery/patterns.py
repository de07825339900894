"""Finds sensors by patterns (see `brands`): the entities that a pattern fits, by phase."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from ..measure.lookup import NO_VALUE
from ..measure.numbers import number
from ..snapshot import EntityState, Snapshot
from .roles import CURRENT, POWER

PHASE_WORDS = {"{a}": "abc", "{l}": "123", "{n}": "123"}


_PARTS = {"{a}": "([abc])", "{l}": "l([123])", "{n}": "([123])", "#": r"\d+", "*": ".*"}


@dataclass(frozen=True, slots=True)
class Hit:
    """An entity that a pattern fits: the text before the pattern, and its phase (0, 1, 2)."""

    entity: str
    before: str
    phase: int | None


@cache
def _expression(pattern: str) -> re.Pattern[str]:
    """The pattern as a regular expression, whose first group is the text before it."""
    text = "".join(
        _PARTS.get(part, re.escape(part)) for part in re.split(r"(\{[aln]\}|[#*])", pattern) if part
    )
    return re.compile(rf"(.*?)_?\b{text}(?:_\d{{1,3}})?".replace(r"\b", "(?<![a-z0-9])"))


def hits(states: Snapshot, pattern: str) -> list[Hit]:
    """Sensors whose ids a pattern fits."""
    expression = _expression(pattern.removeprefix("~"))
    found = []
    for entity in states:
        domain, _, name = entity.partition(".")
        match = expression.fullmatch(name) if domain == "sensor" else None
        if match:
            phase = match[2] if expression.groups > 1 else None
            place = None if phase is None else ("abc123".index(phase)) % 3
            found.append(Hit(entity, match[1], place))
    return found


def unit_of(state: EntityState) -> str | None:
    """The unit of a sensor."""
    unit = state.attributes.get("unit_of_measurement")
    return unit if isinstance(unit, str) else None


def is_power(state: EntityState) -> bool:
    """Whether a sensor shows power, by its unit and, if it has one, its device class."""
    return _shows(state, POWER, "power")


def is_current(state: EntityState) -> bool:
    """Whether a sensor shows a current, in the same way."""
    return _shows(state, CURRENT, "current")


def is_share(state: EntityState) -> bool:
    """Whether a sensor shows a share in %, as a state of charge is."""
    kind = state.attributes.get("device_class")
    return unit_of(state) == "%" and kind in (None, "battery")


def _shows(state: EntityState, units: tuple[str, ...], kind: str) -> bool:
    said = state.attributes.get("device_class")
    return unit_of(state) in units and said in (None, kind)


def negative(state: EntityState) -> bool:
    """Whether a sensor is below 0 now, so that it surely has a sign."""
    value = number(state.value)
    return value is not None and value < 0


def in_use(state: EntityState) -> bool:
    """Whether an entity has a value now."""
    return state.value.lower() not in NO_VALUE


def phase_sets(found: Iterable[Hit]) -> list[tuple[str, Mapping[int, str]]]:
    """Hits by the text before the pattern: {phase: entity} for each device, most phases first.

    Only sets that begin with phase 0 and have no gap count: B without A is not a complete meter.
    """
    sets: dict[str, dict[int, str]] = {}
    for hit in found:
        if hit.phase is not None:
            sets.setdefault(hit.before, {}).setdefault(hit.phase, hit.entity)
    whole = {
        before: phases for before, phases in sets.items() if set(phases) == set(range(len(phases)))
    }
    return sorted(whole.items(), key=lambda item: (-len(item[1]), item[0]))
