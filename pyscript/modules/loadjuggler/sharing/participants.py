"""The table at which loads share: any budget, among those who sit there."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

from ..limits import surplus as sources
from ..limits.constraints import Ask, Row
from ..limits.headroom import Budget, rewired
from ..measure.readings import Readings
from ..memory.limits import BatteryMemory
from ..reason_table import Family
from ..reasons import Outcome
from ..records import replace
from ..site.model import Legs, Site
from ..site.modes import MODES
from ..units import TOLERANCE
from .allocate import Allocation, allocate

LAST = 100.0
"""Added to the urgency of a load, it goes behind all others."""


_NOTHING: Mapping[str, float] = {}


@dataclass(frozen=True, slots=True)
class Table:
    """Who sits at it, and what is taken off before: shares any budget among them.

    `fixed` is reserved before everything else, loads in `stuck` keep so much (A per leg), those in
    `idle` leave what they find of a source. `free_a` (A per leg) is not taken from the sources.
    `living` is who lives from which source.
    """

    site: Site
    readings: Readings
    marks: BatteryMemory
    asks: Sequence[Ask]
    fixed: Mapping[str, float]
    stuck: Mapping[str, float]
    idle: frozenset[str]
    free_a: Mapping[str, float]
    living: sources.Living

    def share(
        self,
        now: Budget,
        free_a: Mapping[str, float] = _NOTHING,
        without: Container[str] = (),
        also: Container[str] = (),
    ) -> dict[str, Allocation]:
        """The allocation of budget `now`, with `free_a` from elsewhere, too, and without some.

        Those in `also` take part although they wait. Where loads are stuck above their share, the
        others share what is left.
        """
        free = {**self.free_a, **free_a}
        given = sources.rows(
            self.site, self.readings, now.supply, self.marks, free, self.idle, self.living
        )
        rows = now.limits.beside(given)
        chosen = [
            replace(ask, active=True) if ask.id in also else ask
            for ask in self.asks
            if ask.id not in without
        ]
        shares = self._allocate(chosen, rows, self.fixed)
        above = {
            load: amps
            for load, amps in self.stuck.items()
            if amps > _given(shares, load) + TOLERANCE
        }
        if above:
            others = [ask for ask in chosen if ask.id not in above]
            shares |= self._allocate(others, rows, {**self.fixed, **above})
        return shares

    def _allocate(
        self, asks: Sequence[Ask], rows: Sequence[Row], fixed: Mapping[str, float]
    ) -> dict[str, Allocation]:
        """The allocation; a car that takes nothing gives way where another could not start.

        A load that idles in place does not: a boiler that is off can't ask again when it is cold.
        """
        distribution = self.readings.distribution
        shares = allocate(asks, rows, distribution, fixed)
        yielding = {load for load in self.idle if not self.site.loads[load].kind.idles_in_place}
        if not any(ask.active and ask.id in yielding for ask in asks):
            return shares
        left_out = [
            ask.id
            for ask in asks
            if ask.active and ask.id not in self.idle and _for_limits(shares[ask.id])
        ]
        if not left_out:
            return shares
        last = [
            replace(ask, rank=(ask.rank[0] + LAST, *ask.rank[1:])) if ask.id in yielding else ask
            for ask in asks
        ]
        others = allocate(last, rows, distribution, fixed)
        return others if any(others[load].amps > TOLERANCE for load in left_out) else shares


def could(table: Table, now: Budget, load: str, legs: Legs) -> float | None:
    """A per leg that `load` would get of what the sun leaves over, if it were on `legs`.

    `None`: it does not share at all, for example because its maximum is below its minimum.
    """
    reading = table.readings.loads[load]
    mode = reading.mode if MODES[reading.mode].solar else "solar_only"
    other = replace(reading, legs=legs, mode=mode)
    readings = replace(table.readings, loads={**table.readings.loads, load: other})
    rows = rewired(table.site, readings, now)
    living = sources.living_from(table.site, readings, table.marks)
    other_table = replace(table, readings=readings, living=living)
    found = other_table.share(rows, also=(load,)).get(load)
    return found.amps if found else None


def _for_limits(share: Allocation) -> bool:
    """Whether a load gets nothing because a breaker or the import limit has no room for it."""
    reason = share.reason
    too_small = reason.family is Family.LIMIT and reason.outcome is Outcome.TOO_SMALL
    return share.amps <= TOLERANCE and too_small


def _given(shares: Mapping[str, Allocation], load: str) -> float:
    return shares[load].amps if load in shares else 0.0
