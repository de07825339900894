"""Loads whose automation was deleted, for a day: made again, they are the same.

Their energy of the day, and a boost or a pause that a person has chosen, go on then:

```
    left   deleted 10:00 ──▶ made again 14:00, called Left          the same id, so all goes on
    left   deleted 10:00 ──▶ made again as Blue car, same charger   a new id, which takes over all
```

Source: docs/decisions/0039.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from ..memory.serialise import MOST
from ..units import DAY_S
from .build import NOTHING_FOUND
from .node import Node, is_id, same_name

USUAL_V = 230.0
"""A control is the same at any voltage."""


@dataclass(frozen=True, slots=True)
class Departed:
    """A load that was deleted at `at` (epoch s): its id, the keys of its names, its device."""

    id: str
    names: tuple[str, ...]
    device: str
    at: float


def device(node: Node) -> str:
    """What identifies the device that a node controls; "": it is no load."""
    kind = node.of_load
    if kind is None:
        return ""
    wiring = kind.wire(node.form.values, NOTHING_FOUND, USUAL_V)
    return f"{node.form.kind} {wiring.control.mark}"


class DepartedLoads:
    """Keeps the loads that were deleted within a day, by id."""

    def __init__(self) -> None:
        """Start with none."""
        self._kept: dict[str, Departed] = {}

    def add(self, node: Node, now: float) -> None:
        """Note that the load of `node` was deleted `now` (epoch s)."""
        if node.of_load is not None:
            names = (node.key, *node.earlier)
            self._kept[node.id] = Departed(node.id, names, device(node), now)

    def ids(self, now: float | None = None) -> set[str]:
        """The ids of these loads; those of more than a day before `now` (epoch s) are forgotten."""
        kept = self._kept.items()
        self._kept = {key: one for key, one in kept if now is None or abs(now - one.at) < DAY_S}
        return set(self._kept)

    def id_for(self, name: str, taken: Collection[str]) -> str | None:
        """The id that a load called `name` had when it was deleted; `None`: none, or `taken`."""
        found = (one.id for one in self._kept.values() if same_name(name) in one.names)
        return next((ident for ident in found if ident not in taken), None)

    def came_back(self, node: Node) -> str | None:
        """Note that `node` is a new one; answers the id whose load it takes over; `None`: none."""
        if self._kept.pop(node.id, None) is not None or node.of_load is None:
            return None
        here = device(node)
        found = next((one.id for one in self._kept.values() if one.device == here), None)
        if found is not None:
            del self._kept[found]
        return found

    def dump(self) -> list[list[Any]]:
        """These loads as plain data."""
        return [[one.id, list(one.names), one.device, one.at] for one in self._kept.values()]

    def load(self, data: Any) -> None:
        """Take over what `dump` gave. What is damaged is left out: it is for a day only."""
        for one in data if isinstance(data, list) else ():
            if isinstance(one, list) and len(one) == 4 and _whole(*one):
                ident, names, of_device, at = one
                self._kept[ident] = Departed(ident, tuple(names), of_device, float(at))


def _whole(ident: Any, names: Any, of_device: Any, at: Any) -> bool:
    """Whether a stored load has the right types and values."""
    if not is_id(ident) or not isinstance(of_device, str):
        return False
    named = isinstance(names, list) and all(isinstance(one, str) for one in names)
    return named and type(at) in (int, float) and abs(at) <= MOST
