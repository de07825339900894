"""The loads that take part in the sharing: they share any budget.

A run shares more than once: the budget of cuts, that of raises, and some "what if" questions, such
as what a load would get on one phase. `Participants` holds what all of these have in common.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

from ..limits import surplus
from ..limits.constraints import Ask, Row, Rows
from ..limits.headroom import Budget, rewired
from ..measure.readings import Readings
from ..memory.limits import BatteryMemory
from ..reason_table import Family
from ..reasons import Outcome
from ..records import quick, replace
from ..site.model import Legs, Site
from ..site.modes import MODES
from ..units import TOLERANCE
from .allocate import Shares, share_out

LAST = 100.0
"""A load with this added to its urgency goes behind all others."""


_NOTHING: Mapping[str, float] = {}


@quick
@dataclass(frozen=True, slots=True)
class Participants:
    """The loads that share, and what is reserved before. Currents are A per leg by load id.

    - `marks`: the memory of the battery with the marks that hold now.
    - `asks`: what each load could take.
    - `fixed`: reserved before everything else.
    - `stuck`: what a load keeps whatever it is told now, if that is more than its share.
    - `idle`: loads that draw nothing. They need room in a source, but leave it to others.
    - `free_a`: the first amperes of a load that need not come from a source.
    - `living`: which loads live from which source.
    - `unused`: loads that take nothing of a source, however shortly. They leave it to others, too.
    """

    site: Site
    readings: Readings
    marks: BatteryMemory
    asks: Sequence[Ask]
    fixed: Mapping[str, float]
    stuck: Mapping[str, float]
    idle: frozenset[str]
    free_a: Mapping[str, float]
    living: surplus.Living
    unused: frozenset[str] = frozenset()

    def rows(self, now: Budget, free_a: Mapping[str, float] = _NOTHING) -> Rows:
        """The limits and sources of the budget `now`.

        `free_a` are more amperes (A per leg by load id) that need not come from a source.
        """
        living = self.living.relaxed({**self.free_a, **free_a} if free_a else self.free_a)
        unused = self.idle | self.unused
        given = surplus.rows(self.site, self.readings, now.supply, self.marks, living, unused)
        return living.beside(now.limits, given)

    def share(self, rows: Rows, without: Container[str] = (), also: Container[str] = ()) -> Shares:
        """The allocation of the room in `rows`.

        - `without`: loads that are left out.
        - `also`: loads that take part although they wait now.

        If loads are stuck above their share, the others share what these leave.
        """
        chosen = self.asks
        if without or also:
            chosen = [
                replace(ask, active=True) if ask.id in also else ask
                for ask in chosen
                if ask.id not in without
            ]
        shares = self._allocate(chosen, rows, self.fixed)
        amps = shares.amps
        above = {x: a for x, a in self.stuck.items() if a > amps.get(x, 0.0) + TOLERANCE}
        if above:
            others = [ask for ask in chosen if ask.id not in above]
            shares = self._allocate(others, rows, {**self.fixed, **above}).after(shares, above)
        return shares

    def _allocate(
        self, asks: Sequence[Ask], rows: Sequence[Row], fixed: Mapping[str, float]
    ) -> Shares:
        """The allocation; a car that draws nothing gives way if another load could not start.

        Then it is placed behind all others. A load that idles in place (`Capabilities`) does not
        give way: a boiler that is off can't ask again when it is cold (docs/decisions/0014).
        """
        distribution = self.readings.distribution
        shares = share_out(asks, rows, distribution, fixed)
        if not self.idle:
            return shares
        yielding = {load for load in self.idle if not self.site.loads[load].kind.idles_in_place}
        if not any(ask.active and ask.id in yielding for ask in asks):
            return shares
        left_out = [
            ask.id
            for ask in asks
            if ask.active and ask.id not in self.idle and _for_limits(shares, ask.id)
        ]
        if not left_out:
            return shares
        last = [
            replace(ask, rank=(ask.rank[0] + LAST, *ask.rank[1:])) if ask.id in yielding else ask
            for ask in asks
        ]
        others = share_out(last, rows, distribution, fixed)
        return others if any(others.amps[load] > TOLERANCE for load in left_out) else shares


def would_get_a(participants: Participants, now: Budget, load: str, legs: Legs) -> float | None:
    """A per leg that `load` would get of what the sun leaves over in `now`, if it were on `legs`.

    Its mode is taken as it is if it lives from the sun, else as solar only. `None`: it does not
    share at all, for example because its maximum is below its minimum.
    """
    reading = participants.readings.loads[load]
    mode = reading.mode if MODES[reading.mode].solar else "solar_only"
    other = replace(reading, legs=legs, mode=mode)
    readings = replace(participants.readings, loads={**participants.readings.loads, load: other})
    budget = rewired(participants.site, readings, now)
    living = surplus.living_from(participants.site, readings, participants.marks)
    others = replace(participants, readings=readings, living=living)
    return others.share(others.rows(budget), also=(load,)).amps.get(load)


def _for_limits(shares: Shares, load: str) -> bool:
    """Whether a load gets 0 A because a breaker or the import limit has less than its minimum."""
    if shares.amps[load] > TOLERANCE:
        return False
    reason = shares[load].reason
    return reason.family is Family.LIMIT and reason.outcome is Outcome.TOO_SMALL
