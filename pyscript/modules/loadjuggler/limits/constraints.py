"""Limits and sources as rows, what loads ask of them, and what is left while it is handed out.

Every limit (a breaker on a phase, the import limit of the site) is a `Row`: so much room, and
how much of it each ampere of each load uses. A source (what the sun leaves over) is a row, too,
but it binds only the loads that live from it: every load uses it up, one that may take from the
grid goes on when it is empty. What another has been admitted with or has grown to stays with it,
so a source may end below 0. `feasible` is the one truth about all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from ..reasons import Numbers, RowKind
from ..units import TOLERANCE, floor_to_step


@dataclass(frozen=True, slots=True)
class Ask:
    """What a load could take: 0 or [min_a, max_a] A per leg in steps of `step_a`.

    Where there are `levels` (A per leg, the smallest first), only these. `rank` orders loads,
    smallest first. A load that is not `active` gets nothing and is only told what would be
    available.
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


@dataclass(frozen=True, slots=True)
class Row:
    """One limit: `room` for the asks together, `uses[id]` of it for each A that `id` takes.

    By `kind` the room is in A on `phase` of `circuit` (CIRCUIT), in W (IMPORT, EXCESS), in A on
    `phase` or in all (SURPLUS, OWN, INVERTER), or nothing (BATTERY_FIRST).
    `limit` is the full value of the limit, in the same unit, for sentences.

    Of a source, `binds` says which loads it binds, and from how many A per leg on: 0 for one that
    lives from it alone, its minimum for one whose minimum comes from elsewhere. `None`: it is a
    limit, and binds all. Loads in `opens` start only while something is left of it. Those in
    `unused` must find their share in it, and leave it to others: they take nothing now. `numbers`
    are for sentences.
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
        """A per leg from which on the row binds `load`; `None` if it does not."""
        return 0.0 if self.binds is None else self.binds.get(load)


_SOMETHING_A = 1e-4
"""What must be left of a source for it to count as open: more than rounding, less than a step."""


RowsOf = dict[str, list[tuple[int, float]]]
"""By load the rows that it uses up: (place of the row, use of each A)."""


Binding = dict[str, list[tuple[int, float, float]]]
"""By load the rows that bind it: (place of the row, use of each A, A per leg it binds from)."""


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
        pairs = list(zip(self, other, strict=False))
        same = all(one.uses is two.uses and one.binds is two.binds for one, two in pairs)
        if same and len(self) == len(other) and not any(row.unused for row in (*self, *other)):
            self.by_load = other.by_load
        return self

    def beside(self, more: Sequence[Row]) -> Rows:
        """These rows and `more`."""
        found, (uses, binding) = Rows((*self, *more)), self.by_load
        rows_of = {load: rows.copy() for load, rows in uses.items()}
        bound = {load: rows.copy() for load, rows in binding.items()}
        found.by_load = _indexed(more, rows_of, bound, len(self))
        return found


def _indexed(
    rows: Sequence[Row], rows_of: RowsOf, binding: Binding, first: int
) -> tuple[RowsOf, Binding]:
    """`rows_of` and `binding` with `rows` put in, of which the first has the place `first`."""
    for index, row in enumerate(rows, first):
        binds, unused = row.binds, row.unused
        for load, use in row.uses.items():
            if use <= 0:
                continue
            if load not in rows_of:
                rows_of[load], binding[load] = [], []
            if load not in unused:
                rows_of[load].append((index, use))
            free_a = 0.0 if binds is None else binds.get(load)
            if free_a is not None:
                binding[load].append((index, use, free_a))
    return rows_of, binding


@dataclass(slots=True)
class Room:
    """What is left of each row while amounts are handed out. Local to one allocation."""

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
        """The most A per leg that `load` could have in all, and the row that ends it.

        `has_a` is what it has been given, and has been taken from the rows.
        """
        most, end = float("inf"), None
        for index, use, free_a in self.binding.get(load, ()):
            left = self.left[index]
            here = has_a + left / use
            if here < free_a:  # up to there it takes from elsewhere
                here = free_a
                if left <= TOLERANCE and not has_a and load in self.rows[index].opens:
                    here = 0.0
            if here < most:
                most, end = here, index
        return most, end

    def fits_beside(self, load: str, other: Ask) -> float:
        """The most A per leg that `load` could have and leave `other` its minimum, in its source.

        Neither has anything yet. What `other` takes from the grid needs not be left in a source;
        of a source that must be open for `other`, something is left.
        """
        uses = dict(self.rows_of.get(load, ()))
        needs = [
            (index, use * other.min_a if free_a < other.min_a else 0.0)
            for index, use, free_a in self.binding.get(other.id, ())
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
        """Use up what `load` gets (negative: give back)."""
        for index, use in self.rows_of.get(load, ()):
            self.left[index] -= use * amps


def feasible(
    amounts: Mapping[str, float], asks: Sequence[Ask], rows: Sequence[Row]
) -> list[tuple[str, float]]:
    """The one truth about limits: what `amounts` (A per leg by load id) violates, and by how much.

    Returns (what, excess) pairs, empty if all holds: a row exceeded ("garage A", A or W over),
    or a load that is neither 0 nor within [min, max] ("load left", A outside). A source is
    exceeded if the loads that it binds take more of it than there is, whoever uses the rest.
    """
    wrong = []
    for row in rows:
        bound = {
            load: use * max(amounts.get(load, 0.0) - free_a, 0.0)
            for load, use in row.uses.items()
            if use > 0 and load not in row.unused and (free_a := row.free_a(load)) is not None
        }
        over = sum(bound.values()) - row.room
        if any(bound.values()) and over > TOLERANCE * max(1.0, abs(row.limit)):
            wrong.append((f"{row.circuit or row.kind} {row.phase}".strip(), over))
    for ask in asks:
        amps = amounts.get(ask.id, 0.0)
        outside = max(ask.min_a - amps, amps - ask.max_a)
        if amps != 0 and outside > TOLERANCE:
            wrong.append((f"load {ask.id}", outside))
    return wrong
