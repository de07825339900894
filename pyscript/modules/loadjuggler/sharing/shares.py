"""What each load gets, and why not more: the answer of the sharing (`sharing.allocate`).

The filling notes for each load how much it gets and at which row its share ended. The reason, which
is the long part of an allocation, is made of that when it is asked for: a run shares up to six
times, and people are told the reasons of one of these.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..limits.constraints import Ask, Room, Row
from ..reasons import Outcome, Reason, RowKind
from ..records import quick
from ..units import TOLERANCE, floor_to_step


@quick
@dataclass(frozen=True, slots=True)
class Allocation:
    """What a load gets by the rules, before pacing.

    - `amps`: A per leg that it gets.
    - `available_a`: A per leg that it gets, or, if it is not active, could get. `None`: not known.
    - `reason`: why it does not get more.
    """

    id: str
    amps: float
    available_a: float | None
    reason: Reason


End = tuple[int | None, float, float]
"""Where the share of a load ended.

The index of the row that stopped it (`None`: its own maximum), what was left of that row then, and
the A per leg that the load had taken from it before.
"""


Ends = dict[str, End | Reason]
"""By load id where its share ended, or at once the reason why."""


def ended_at(room: Room, index: int | None, has_a: float = 0.0) -> End:
    """The end of a share at the row `index` with what is left in `room` now."""
    return index, 0.0 if index is None else room.left[index], has_a


class Shares(Mapping[str, Allocation]):
    """What each load gets by its id.

    `amps` (A per leg by load id) is known at once. An allocation, with what is available and the
    reason, is worked out when it is asked for: a run shares several times, and tells few of the
    reasons.
    """

    __slots__ = ("_asks", "_before", "_ends", "_made", "_room", "amps")

    def __init__(
        self, asks: Mapping[str, Ask], amps: dict[str, float], ends: Ends, room: Room
    ) -> None:
        """The shares of `asks`, of which those that get something ended at `ends` in `room`."""
        self.amps = amps
        self._asks, self._ends, self._room = asks, ends, room
        self._made: dict[str, Allocation] = {}
        self._before: Mapping[str, Shares] = {}

    def __getitem__(self, load: str) -> Allocation:
        """The allocation of a load; KeyError if it does not share."""
        made = self._made.get(load)
        if made is None:
            before = self._before.get(load)
            made = self._allocation(self._asks[load]) if before is None else before[load]
            self._made[load] = made
        return made

    def __contains__(self, load: object) -> bool:
        """Whether a load shares."""
        return load in self.amps

    def __iter__(self) -> Iterator[str]:
        """The ids of the loads."""
        return iter(self.amps)

    def __len__(self) -> int:
        """How many loads share."""
        return len(self.amps)

    def within(self, limits: Sequence[Row]) -> bool:
        """Whether `limits` hold these shares, too.

        They are the first of the rows that were shared, with other room.
        """
        room = self._room
        for row, shared, left in zip(limits, room.rows, room.left, strict=False):
            if left < shared.room - row.room:
                return False
        return True

    def worked_out(self) -> dict[str, Allocation]:
        """All allocations by load id."""
        made = self._made
        return {load: made[load] if load in made else self[load] for load in self.amps}

    def beside(self, others: Mapping[str, Allocation]) -> Shares:
        """These shares, in which the loads of `others` have these allocations."""
        amps = {**self.amps, **{load: given.amps for load, given in others.items()}}
        found = Shares(self._asks, amps, self._ends, self._room)
        found._made, found._before = {**self._made, **others}, self._before
        return found

    def after(self, before: Shares, loads: Iterable[str]) -> Shares:
        """These shares, in which `loads` have the allocations that they had in those `before`."""
        kept = {load: before for load in loads if load in before.amps}
        amps = {**self.amps, **{load: before.amps[load] for load in kept}}
        found = Shares(self._asks, amps, self._ends, self._room)
        found._made, found._before = self._made.copy(), kept
        return found

    def _allocation(self, ask: Ask) -> Allocation:
        """The allocation of a load; one that gets nothing has what the others leave available.

        If a source leaves it less than its minimum, that is the reason, whatever else is full: more
        room under a breaker would not start it.
        """
        amps, room = self.amps[ask.id], self._room
        if amps > 0:
            end = self._ends[ask.id]
            reason = end if isinstance(end, Reason) else _why(ask, amps, room.rows, *end)
            return Allocation(ask.id, amps, amps, reason)
        if not ask.active:
            available_a = ask.amount(room.fits(ask.id)[0])
            return Allocation(ask.id, 0.0, available_a, Reason("idle", {"max_a": ask.max_a}))
        index = room.lacking_source(ask.id, ask.min_a)
        if index is None:
            _, index = room.fits(ask.id)
        return Allocation(ask.id, 0.0, 0.0, _why(ask, 0.0, room.rows, *ended_at(room, index)))


def _why(
    ask: Ask, amps: float, rows: Sequence[Row], end: int | None, left: float, has_a: float
) -> Reason:
    """Why `ask`, which is active, gets `amps` (A per leg) and not more.

    The last three are an `End`: the index of the row that stopped it, what was left of that, and
    what it had taken from the rows before.
    """
    if amps >= ask.max_a - TOLERANCE or end is None:
        return Reason("maximum", {"max_a": ask.max_a})
    row, left = rows[end], max(left, 0.0)
    numbers: dict[str, float | str] = {"max_a": ask.max_a, "min_a": ask.min_a, **row.numbers}
    if row.kind == RowKind.IMPORT:
        numbers["limit_w"], numbers["left_w"] = row.limit, left
    elif row.kind == RowKind.CIRCUIT:
        numbers["limit_a"] = row.limit
        numbers["left_a"] = floor_to_step(left / row.uses[ask.id], 0.1)
        numbers["circuit"], numbers["phase"] = row.circuit, row.phase
    else:
        numbers |= _left_of_source(ask, amps, row, left, has_a)
    outcome = Outcome.FULL if amps > 0 else Outcome.TOO_SMALL
    if row.binds is not None and 0 < amps <= (row.free_a(ask.id) or 0.0) + TOLERANCE:
        outcome = Outcome.MINIMUM
    return Reason(limits=row.kind, outcome=outcome, numbers=numbers)


def _left_of_source(
    ask: Ask, amps: float, row: Row, left: float, has_a: float
) -> dict[str, float | str]:
    """What a source had left for `ask`, which gets `amps` (A per leg) of it, as numbers.

    If it gets nothing although there would be enough of the source without the other loads, they
    have used it up: then the numbers have what the source gives in all, too. If the source would
    be too small even so, what it gives is what it has for this load.

    Example: 10 A of sun, 6 A are needed. A car that takes 15 A leaves 0 A of 10 A. Of 4 A of sun
    there are 4 A, whatever the car takes from the grid.
    """
    use, rounded = row.uses[ask.id], 0.1
    taken_a = 0.0 if ask.id in row.unused else has_a
    left_a, given_a = taken_a + left / use, max(row.room, 0.0) / use
    numbers: dict[str, float | str] = {"phase": row.phase}
    opens = ask.id in row.opens and (row.free_a(ask.id) or 0.0) >= ask.min_a
    if amps <= 0 and given_a < (TOLERANCE if opens else ask.min_a) - TOLERANCE:
        left_a = given_a
    elif amps <= 0:
        numbers["gives_a"] = floor_to_step(given_a, rounded)
    numbers["left_a"] = floor_to_step(left_a, rounded)
    return numbers
