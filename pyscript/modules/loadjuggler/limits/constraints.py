"""Limits and sources as rows, what loads ask of them, and what is left while it is handed out.

A limit (a breaker on one phase, the import limit of the site) is a `Row`: so much room, and how
much of that room each ampere of each load uses. A source (what the sun leaves over) is a row, too.
Every load uses it up, but it binds only the loads that live from it: a load that may take from the
grid goes on when the source is empty. So a source may end below 0: that is import
(docs/decisions/0007).

Example: a car on three phases and a boiler on phase A only, behind a breaker of 25 A, with an
import limit of 10 kW and 12 A of sun on phase A for the boiler, which lives from the sun.

    row                    room        uses of the car     uses of the boiler    binds
    main, phase A          25 A        1                   1                     both
    main, phase B          25 A        1                   -                     the car
    main, phase C          25 A        1                   -                     the car
    import                 10,000 W    690 W               230 W                 both
    surplus, phase A       12 A        1                   1                     the boiler

`feasible` is the only definition of what respects the limits: the allocator, the tests and the
simulator all call it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from ..reasons import Numbers, RowKind
from ..records import quick
from ..units import TOLERANCE, floor_to_step


@quick
@dataclass(frozen=True, slots=True)
class Ask:
    """What a load could take: 0, or from `min_a` to `max_a` A per leg in steps of `step_a`.

    If there are `levels` (A per leg, ascending), it can only take one of these. `rank` is its order
    in the sharing, the smallest first: (urgency, priority, id). A load that is not `active` gets
    nothing; it is only worked out what would be available to it.
    """

    id: str
    min_a: float
    max_a: float
    step_a: float
    rank: tuple[float, float, str]
    active: bool = True
    levels: tuple[float, ...] = ()

    def amount(self, fits_a: float) -> float:
        """The largest permitted level that is at most `fits_a` (A per leg); 0 if none is."""
        if fits_a >= self.max_a - TOLERANCE and not self.levels:
            return self.max_a
        if fits_a < self.min_a - TOLERANCE:
            return 0.0
        if self.levels:
            most = min(fits_a, self.max_a) + TOLERANCE
            return max([self.min_a, *(level for level in self.levels if level <= most)])
        return max(self.min_a, floor_to_step(fits_a, self.step_a))

    def more(self, has_a: float) -> float:
        """The next level above `has_a` (A per leg); `has_a` itself if there is none."""
        if not self.levels:
            return self.amount(has_a + self.step_a)
        above = [level for level in self.levels if has_a + TOLERANCE < level]
        return max(self.amount(above[0]) if above else has_a, has_a)


@quick
@dataclass(frozen=True, slots=True)
class Row:
    """A limit or a source: `room` for all loads, of which each A per leg of `id` uses `uses[id]`.

    - `kind` says the unit of the room: A on `phase` of `circuit` (CIRCUIT), W (IMPORT, EXCESS),
      A on `phase`, or over all phases if `phase` is "" (SURPLUS, OWN, INVERTER). The room of
      BATTERY_FIRST is 0.
    - `limit`: the full value of the limit in that unit, for sentences.
    - `binds`: by load id, from how many A per leg on a source binds the load. 0 for a load that
      lives from it alone; the minimum for a load whose minimum comes from elsewhere. A load that
      is missing is not bound. `None`: the row is a limit, and binds all loads that use it.
    - `opens`: loads that start only while something is left of the row.
    - `unused`: loads that take nothing now. They need room for their share in this row, but do
      not use it up (docs/decisions/0014).
    - `numbers`: more numbers for sentences.
    """

    kind: RowKind
    room: float
    uses: Mapping[str, float]
    circuit: str = ""
    phase: str = ""
    limit: float = 0.0
    binds: Mapping[str, float] | None = None
    opens: frozenset[str] = frozenset()
    unused: frozenset[str] = frozenset()
    numbers: Numbers = field(default_factory=dict)

    def free_a(self, load: str) -> float | None:
        """A per leg from which on the row binds `load`; `None`: it does not bind it."""
        return 0.0 if self.binds is None else self.binds.get(load)


_SOMETHING_A = 1e-4
"""A source counts as open while 0.1 mA is left: more than a rounding error, less than a step."""


TIE_A = 0.05
"""Rows that end a share within 0.05 A per leg of each other end it together: noise decides between
them, so `Room.fits` names the one that people must know."""


_INFINITE = float("inf")


RowsOf = dict[str, list[tuple[int, float]]]
"""By load the rows that it uses up: (place of the row, use of each A)."""


Binding = dict[str, list[tuple[int, float, float, float, bool]]]
"""By load the rows that bind it, in their order.

As (place of the row, use of each A, A per leg it binds from, share, whether the row is a source).
The share says how much of what the load has been given is taken from the row: 1, or 0 if it takes
nothing now (`Row.unused`). Then all that is left of the row is what it may have.
"""


class Rows(tuple[Row, ...]):
    """The rows of one system; which of them are those of a load is found once.

    A run shares the same rows several times: each `Room` starts from them.
    """

    @cached_property
    def by_load(self) -> tuple[RowsOf, Binding]:
        """The rows that each load uses, and those that bind it."""
        return _indexed(self, {}, {}, 0)

    def like(self, other: Rows) -> Rows:
        """These rows, with what was found of `other`, if its rows differ only in their room."""
        if self._differ_in_room(other):
            self.by_load = other.by_load
        return self

    def beside(self, more: Sequence[Row], other: Rows | None = None) -> Rows:
        """These rows and `more`; `other` are rows that may differ from them only in their room."""
        found = Rows((*self, *more))
        if other is not None and found._differ_in_room(other):
            found.by_load = other.by_load
            return found
        uses, binding = self.by_load
        rows_of = {load: rows.copy() for load, rows in uses.items()}
        bound = {load: rows.copy() for load, rows in binding.items()}
        found.by_load = _indexed(more, rows_of, bound, len(self))
        return found

    def _differ_in_room(self, other: Rows) -> bool:
        """Whether the rows of `other` differ from these in nothing but their room and numbers."""
        if len(self) != len(other):
            return False
        for one, two in zip(self, other, strict=True):
            if one is two:
                continue
            if one.uses is not two.uses or one.binds is not two.binds or one.unused != two.unused:
                return False
        return True


def _indexed(
    rows: Sequence[Row], rows_of: RowsOf, binding: Binding, first: int
) -> tuple[RowsOf, Binding]:
    """`rows_of` and `binding` with `rows` put in, of which the first has the place `first`.

    Nearly all loads use a row alike, and then share one entry: a run reads these all the time, and
    what is small stays in the cache of the processor.
    """
    for index, row in enumerate(rows, first):
        binds, unused, source = row.binds, row.unused, row.binds is not None
        used, bound = (index, 0.0), (index, 0.0, 0.0, 1.0, source)
        for load, use in row.uses.items():
            if use <= 0:
                continue
            if load not in rows_of:
                rows_of[load], binding[load] = [], []
            if use != used[1]:
                used = (index, use)
            share = 1.0
            if load in unused:
                share = 0.0
            else:
                rows_of[load].append(used)
            free_a = 0.0 if binds is None else binds.get(load)
            if free_a is not None:
                if use != bound[1] or free_a != bound[2] or share != bound[3]:
                    bound = (index, use, free_a, share, source)
                binding[load].append(bound)
    return rows_of, binding


@dataclass(slots=True)
class Room:
    """What is left of each row while amounts are handed out. It lives for one allocation.

    - `left[i]`: what is left of row `i`, in its unit.
    - `rows_of[load]`: (row, use) for each row that the load uses up.
    - `binding[load]`: for each row that binds the load what `Binding` says.
    """

    rows: Sequence[Row]
    left: list[float] = field(init=False)
    rows_of: RowsOf = field(init=False)
    binding: Binding = field(init=False)

    def __post_init__(self) -> None:
        """Nothing is handed out yet."""
        rows = self.rows if isinstance(self.rows, Rows) else Rows(self.rows)
        self.left = [row.room for row in rows]
        self.rows_of, self.binding = rows.by_load

    def fits(self, load: str, has_a: float = 0.0) -> tuple[float, int | None]:
        """The most A per leg that `load` could have in all, and the index of the row that ends it.

        `has_a` (A per leg) is what it has already taken from the rows. Without a row that binds it
        the result is (infinity, `None`). If several rows end it within 0.05 A (`TIE_A`), a source
        is named before a limit, and then the first of them.

        Example: 8 A are left of a breaker, the load has 6 A of it: it fits 14 A. 8 A are left of
        the sun, of which an idle car that is told 6 A has taken nothing: it fits 8 A.
        """
        most, lefts = _INFINITE, self.left
        end: int | None = None
        at_source = False
        for index, use, free_a, share, source in self.binding.get(load, ()):
            left = lefts[index]
            here = has_a * share + left / use
            if here < free_a:  # so much of it does not come from this source
                here = free_a
                if left <= TOLERANCE and not has_a and load in self.rows[index].opens:
                    here = 0.0
            if here < most - TIE_A:
                most, end, at_source = here, index, source
            elif here < most + TIE_A:
                most = here if here < most else most
                if end is None or (source and not at_source):
                    end, at_source = index, source
        return most, end

    def lacking_source(self, load: str, min_a: float) -> int | None:
        """The index of the source that has less left for `load` than its minimum, A per leg.

        `None`: none has, or no source binds it. A source that would be too small even if no load
        used it is named first: then no other load is in the way. Of sources that have as little,
        within 0.05 A, it is the first. An overdrawn source has nothing: by how much it is overdrawn
        does not matter.
        """
        least, found = (True, min_a - TOLERANCE), None
        for index, use, free_a, _, source in self.binding.get(load, ()):
            if not source:
                continue
            row = self.rows[index]
            alone_a, left_a = row.room / use, self.left[index] / use
            if free_a >= min_a:  # its minimum comes from elsewhere, if the source is open for it
                if left_a > TOLERANCE or load not in row.opens:
                    continue
                here = (alone_a > TOLERANCE, 0.0)
            elif alone_a < min_a - TOLERANCE:
                here = (False, max(alone_a, 0.0))
            else:
                here = (True, max(left_a, 0.0))
            nearly = 0.0 if found is None else TIE_A
            if here[0] < least[0] or (here[0] == least[0] and here[1] < least[1] - nearly):
                least, found = here, index
        return found

    def lives_from_source(self, load: str, amps: float) -> bool:
        """Whether `amps` (A per leg) of a load must come from a source, or some of them."""
        return any(
            free_a < amps or load in self.rows[index].opens
            for index, _, free_a, _, source in self.binding.get(load, ())
            if source
        )

    def told_before(self, one: int, two: int) -> bool:
        """Whether the row at `one` is named before that at `two`, if both end a share together.

        A source is named before a limit, because the load lives from it, then the first of them.
        """
        one_is_limit, two_is_limit = self.rows[one].binds is None, self.rows[two].binds is None
        return one < two if one_is_limit == two_is_limit else two_is_limit

    def fits_beside(self, load: str, other: Ask) -> float:
        """The most A per leg that `load` could have and still leave `other` its minimum.

        Neither has taken anything yet. A source need not hold the minimum of `other` if that comes
        from elsewhere. Of a source that must be open for `other`, 0.1 mA is left.
        """
        uses = dict(self.rows_of.get(load, ()))
        needs = [
            (index, use * other.min_a if free_a < other.min_a else 0.0)
            for index, use, free_a, _, _ in self.binding.get(other.id, ())
        ]
        for index, needed in needs:
            self.left[index] -= needed
        most, _ = self.fits(load)
        for index, needed in needs:
            if index in uses and needed:
                most = min(most, self.left[index] / uses[index])
            elif index in uses and other.id in self.rows[index].opens:
                most = min(most, self.left[index] / uses[index] - _SOMETHING_A)
            self.left[index] += needed
        return most

    def take(self, load: str, amps: float) -> None:
        """Use up `amps` (A per leg) for `load` in all its rows; a negative amount is given back."""
        left = self.left
        for index, use in self.rows_of.get(load, ()):
            left[index] -= use * amps


def feasible(
    amounts: Mapping[str, float], asks: Sequence[Ask], rows: Sequence[Row]
) -> list[tuple[str, float]]:
    """What `amounts` (A per leg by load id) violate, and by how much: the definition of limits.

    Returns (what, by how much) pairs, empty if all holds: a row that is exceeded ("garage A", A or
    W above it), or a load that is neither 0 nor within [min, max] ("load left", A outside). A
    source is exceeded if the loads that it binds take more of it than its room, above what is free
    for them; what other loads use of it does not count here. A load that takes nothing now
    (`Row.unused`) exceeds it only by itself.
    """
    wrong = []
    for row in rows:
        bound = {
            load: use * max(amounts.get(load, 0.0) - free_a, 0.0)
            for load, use in row.uses.items()
            if use > 0 and (free_a := row.free_a(load)) is not None
        }
        idle = [bound.pop(load, 0.0) for load in row.unused]
        over = max(sum(bound.values()), *idle, 0.0) - row.room
        if (any(bound.values()) or any(idle)) and over > TOLERANCE * max(1.0, abs(row.limit)):
            wrong.append((f"{row.circuit or row.kind} {row.phase}".strip(), over))
    for ask in asks:
        amps = amounts.get(ask.id, 0.0)
        outside = max(ask.min_a - amps, amps - ask.max_a)
        if amps != 0 and outside > TOLERANCE:
            wrong.append((f"load {ask.id}", outside))
    return wrong
