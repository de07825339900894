"""What Home Assistant shows of the report, and which changes of it are written, when.

What matters is written at once, and then everything that has changed with it, so that all that is
shown is of one moment:

```
    meter      3.0  3.1  3.0  9.2  9.3  9.1 ...  9.2  9.9      A, each second
    status     ok   ok   ok   ok   ok   ok  ...  ok   problem
    written    ▲              ▲                       ▲
               begins         10 s after it: clear    at once: it matters
```

- A measurement that has changed clearly is written at most every `Options.show_s` (10 s), one that
  has just visibly changed at most every three times that. `weight` says which is which.
- What may be gone in a second (a meter that gives nothing, a charger out of reach) is written once
  it has lasted for `show_s`.
- What changes gravely again and again counts as clear: a status that flaps is no news. What people
  ask for, one thing after the other, is shown at once.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace

from ..logbook.recent import Lately
from ..memory.logbook import History
from ..options import Options
from ..report import Report
from .entities import Made, entities
from .entity import MEASUREMENT, STATUS, Entity
from .kept import Totals
from .weight import Weight, weight

SLIGHTLY = 3.0
"""Slight changes wait so many times as long as clear ones."""


OFTEN, OFTEN_S = 4, 60.0
"""What has changed gravely so often in so many s is restless."""


class Screen:
    """Keeps what is shown by entity id (`shown`), and what of a run is written.

    `totals` keeps the totals of the day as the file has them.
    """

    def __init__(self, options: Options) -> None:
        """Start with nothing shown."""
        self.shown: Mapping[str, Entity] = {}
        self.totals = Totals()
        self.weight = Weight.GRAVE
        self._show_s = options.show_s
        self._written_at = -math.inf
        self._gone_since: dict[str, float] = {}
        self._graves: dict[str, list[float]] = {}
        self._lately = Lately()
        self._made: Made = {}

    def next(
        self,
        report: Report,
        history: History,
        picture: str | None,
        utc_offset_s: float,
        language: str,
    ) -> tuple[tuple[Entity, ...], tuple[str, ...]]:
        """(entities to set, ids to take away) after a `report`, named in `language`.

        `picture` is the address of the picture (`None`: there is none).
        """
        lately = self._lately.of(history, report.loads, utc_offset_s, language)
        return self.changes(entities(report, picture, lately, language, self._made), report.at)

    def asked(self) -> None:
        """A person has set something: what was restless until now does not hold that back."""
        self._graves.clear()

    def with_picture(self, address: str | None) -> tuple[Entity, ...]:
        """The entity that has the address of the picture, after that has changed."""
        before = self.shown.get(STATUS)
        if before is None or address is None or before.attributes.get("picture") == address:
            return ()
        now = replace(before, attributes={**before.attributes, "picture": address})
        self.shown = {**self.shown, STATUS: now}
        return (now,)

    def restored(self, shown: Mapping[str, Entity]) -> None:
        """Take over what was `shown` before a restart, by id."""
        self.shown = shown
        self.totals.restored()

    def changes(
        self, found: Iterable[Entity], now: float
    ) -> tuple[tuple[Entity, ...], tuple[str, ...]]:
        """(entities to set, ids to take away) at `now` (epoch s); they count as shown from here.

        `found` are all entities of a run. `weight` is how much the gravest change written matters.
        """
        shown = self.shown
        wanted = self.totals.to_show(found, shown)
        blinking = self._blinking(wanted, now)
        weights = {
            key: self._weight(shown.get(key), one, now)
            for key, one in wanted.items()
            if shown.get(key) is not one and key not in blinking
        }
        self.weight = self._due(max(weights.values(), default=Weight.NOTHING), now)
        least = Weight.SLIGHT if self._show_s else Weight.NOTHING
        written = {
            key
            for key, heavy in weights.items()
            if heavy >= least and self.weight and shown.get(key) != wanted[key]
        }
        if written:
            self._written_at = now
        self.shown = {
            key: one if key in written or key not in shown else shown[key]
            for key, one in wanted.items()
        }
        removed = tuple(key for key in shown if key not in wanted)
        return tuple(wanted[key] for key in wanted if key in written), removed

    def _due(self, heaviest: Weight, now: float) -> Weight:
        """How much matters what is written now, where `heaviest` has changed; `NOTHING`: it waits.

        The clock may have been set back.
        """
        if not self._show_s:
            return max(heaviest, Weight.SLIGHT)
        waits_s = {Weight.GRAVE: 0.0, Weight.CLEAR: self._show_s}.get(
            heaviest, SLIGHTLY * self._show_s
        )
        waits = 0.0 <= now - self._written_at < waits_s
        return Weight.NOTHING if waits else heaviest

    def _weight(self, before: Entity | None, one: Entity, now: float) -> Weight:
        """How much the change of an entity matters; of a restless one no more than clear."""
        found = weight(before, one)
        if found is not Weight.GRAVE or before is None:
            return found
        lately = [at for at in self._graves.get(one.id, ()) if 0.0 <= now - at < OFTEN_S]
        restless = len(lately) >= OFTEN
        self._graves[one.id] = lately if restless else [*lately, now]
        return Weight.CLEAR if restless else found

    def _blinking(self, wanted: Mapping[str, Entity], now: float) -> set[str]:
        """What has not been gone for long: it is shown as it was."""
        before = self._gone_since
        self._gone_since = {
            key: min(before.get(key, now), now)
            for key, one in wanted.items()
            if (one.fleeting or _unknown(one)) and not _as_shown(self.shown.get(key), one)
        }
        return {key for key, since in self._gone_since.items() if now - since < self._show_s}


def _unknown(one: Entity) -> bool:
    """Whether a measurement gives nothing."""
    return one.value == "unknown" and one.attributes.get("state_class") == MEASUREMENT


def _as_shown(shown: Entity | None, one: Entity) -> bool:
    """Whether an entity that may be gone in a second is shown as gone already, or is new."""
    if shown is None or "restored" in shown.attributes:
        return True
    return shown.fleeting if one.fleeting else _unknown(shown)
