"""Reason codes with their numbers. The decision makes the reason; `explain` makes the sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

Numbers = Mapping[str, float | str]


_NONE: Numbers = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a load has what it has: a code of the catalogue in `texts` and what it needs to know.

    `numbers` holds amounts with the unit in the key (`left_a`, `limit_w`, `wait_s`), the ids of
    circuits and loads (`circuit`, `other`), and phases.
    """

    code: str
    numbers: Numbers = field(default_factory=lambda: _NONE)
