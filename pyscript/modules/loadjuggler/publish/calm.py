"""What comes and goes is one thing: told when it begins, and when it has been gone for long enough.

A hob that is on for 20 s of 40 overloads a breaker 90 times an hour. That is one problem:

```
    over its limit   ██ ██ ██ ██ ██ ██ ██
    told             ▲ begins            │◀── calm_s ──▶▲ ends
```

Events and notifications both ask here, so that the one is as calm as the other.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Generic, TypeVar

Key = TypeVar("Key")


@dataclass(slots=True)
class _Spell:
    """Something that is there, or was lately: when last (epoch s), and whether it is there now.

    `restless`: it has come back within this spell.
    """

    last: float
    there: bool = True
    restless: bool = False


class Calm(Generic[Key]):
    """Keeps what there is by key; what is back within `calm_s` (s) is the same and not new."""

    def __init__(self, calm_s: float) -> None:
        """Start with nothing there."""
        self._calm_s = calm_s
        self._spells: dict[Key, _Spell] = {}

    def note(self, keys: Collection[Key], now: float) -> tuple[list[Key], list[Key]]:
        """(what begins, what has ended) with `keys` there at `now` (epoch s)."""
        begun = [key for key in keys if not self._lately(key, now)]
        ended = [key for key in self._spells if key not in keys and not self._lately(key, now)]
        for key in (*ended, *begun):
            self._spells.pop(key, None)
        for key, spell in self._spells.items():
            spell.restless |= key in keys and not spell.there
            spell.there = key in keys
        for key in keys:
            self._spells.setdefault(key, _Spell(now)).last = now
        return begun, ended

    def lasts(self, key: Key) -> bool:
        """Whether it is there, or was within `calm_s` of the last look."""
        return key in self._spells

    def restless(self, key: Key) -> bool:
        """Whether it comes and goes."""
        return key in self._spells and self._spells[key].restless

    def _lately(self, key: Key, now: float) -> bool:
        """Whether it is there still, or was within `calm_s`; the clock may have been set back."""
        spell = self._spells.get(key)
        return spell is not None and (spell.there or abs(now - spell.last) < self._calm_s)
