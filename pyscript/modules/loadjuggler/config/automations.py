"""The automations that the forms come from: which are off, and which are gone since when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..snapshot import Snapshot

_GONE = ("unavailable", "unknown")


LOST_PART = 1 / 6
"""An automation that has been gone for this part of the time after which it is forgotten (5 of
30 s) may be replaced. One that is being saved is gone for a moment."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at the automations has shown, by node.

    `off`: they are switched off. `gone`: they have been gone for so long that they are forgotten,
    `lost`: that another one may take their place. `missing`: whether one has gone since the last
    look.
    """

    off: frozenset[str] = frozenset()
    gone: tuple[str, ...] = ()
    lost: frozenset[str] = frozenset()
    missing: bool = False


class Automations:
    """Keeps the automation of each node, and since when (epoch s) it has been gone."""

    def __init__(self, gone_s: float) -> None:
        """Start with none; what has been gone for `gone_s` (s) is gone for good."""
        self._gone_s = gone_s
        self._of: dict[str, str] = {}
        self.gone_since: dict[str, float] = {}

    def note(self, node: str, automation: str | None) -> None:
        """Note the entity id of a node's automation; `None`: the form does not say it."""
        if automation is not None:
            self._of[node] = automation

    def ids(self) -> set[str]:
        """The entity ids of all automations."""
        return set(self._of.values())

    def forget(self, node: str) -> None:
        """Forget the automation of a node."""
        self._of.pop(node, None)
        self.gone_since.pop(node, None)

    def look(self, nodes: Iterable[str], snapshot: Snapshot, now: float) -> Look:
        """Look at the automations of these nodes at `now` (epoch s)."""
        off, lost, gone, missing = set(), set(), [], False
        for node in nodes:
            automation = self._of.get(node)
            if automation is None:
                continue
            state = snapshot.get(automation)
            if state is None or state.value in _GONE:
                missing |= node not in self.gone_since
                gone_for_s = now - self.gone_since.setdefault(node, now)
                if gone_for_s >= self._gone_s:
                    gone.append(node)
                if gone_for_s >= self._gone_s * LOST_PART:
                    lost.add(node)
                continue
            self.gone_since.pop(node, None)
            if state.value == "off":
                off.add(node)
        return Look(frozenset(off), tuple(gone), frozenset(lost), missing)
