"""Random breaker trees with loads and sources, and what they allow worked out without the engine.

A `Grid` is the sharing problem alone: so much room on each breaker and phase, so much sun, and who
wants what. All amounts are whole tenths of an ampere, so that what is equal on paper is equal here.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from hypothesis import strategies as st
from loadjuggler.limits.constraints import Ask, Row
from loadjuggler.reasons import RowKind
from loadjuggler.sharing.allocate import allocate

VOLTAGE_V = 230.0
PHASES = "ABC"
DISTRIBUTIONS = ("priority", "shared", "strict", "optimized")
BOOST, STANDARD, SOLAR_PRIORITY, SOLAR_ONLY, EXCESS = range(-1, 4)
"""Urgency of the modes: smaller ones go first."""


@dataclass(frozen=True)
class Wish:
    """A load: its breaker, the phase of each leg, what it may take, and when its turn is."""

    id: str
    breaker: int
    legs: str
    min_a: float
    max_a: float
    step_a: float
    priority: int = 5
    active: bool = True
    urgency: int = STANDARD

    def ask(self) -> Ask:
        rank = (float(self.urgency), float(self.priority), self.id)
        return Ask(self.id, self.min_a, self.max_a, self.step_a, rank, self.active)


@dataclass(frozen=True)
class Source:
    """What the sun leaves over: `room` on a phase, or over all in A or W (`unit`: so much per A).

    All loads with legs there use it up. It stops those in `binds`, from so many A per leg on: 0, or
    the minimum where that comes from elsewhere. Those in `opens` start only while some is left.
    """

    room: float
    binds: dict[str, float]
    opens: frozenset[str] = frozenset()
    phase: str = ""
    unit: float = 1.0

    def use(self, wish: Wish) -> float:
        """How much of it an ampere of `wish` uses."""
        return self.unit * (wish.legs.count(self.phase) if self.phase else len(wish.legs))


@dataclass(frozen=True)
class Grid:
    """Breakers (each with the index of the one above it; 0 is the main one), room, loads, sources.

    `room[breaker][phase]` is what is left for loads, in A; `import_w` what is left of the import
    limit, in W over all phases, if there is one. `fixed` loads take so much (A per leg) whatever
    happens.
    """

    parents: tuple[int | None, ...]
    room: tuple[dict[str, float], ...]
    wishes: tuple[Wish, ...]
    import_w: float | None = None
    fixed: dict[str, float] = field(default_factory=dict)
    sources: tuple[Source, ...] = ()

    def above(self, breaker: int) -> tuple[int, ...]:
        """The breaker and all that feed it."""
        at: int | None = breaker
        path = []
        while at is not None:
            path.append(at)
            at = self.parents[at]
        return tuple(path)

    def limits(self) -> list[tuple[str, str, float, dict[str, float]]]:
        """Every limit: its breaker, its phase, its room, and what an ampere of each load uses."""
        found = []
        for breaker, room in enumerate(self.room):
            for phase, amps in room.items():
                uses = {
                    wish.id: float(wish.legs.count(phase))
                    for wish in self.wishes
                    if breaker in self.above(wish.breaker) and phase in wish.legs
                }
                found.append((str(breaker), phase, amps, uses))
        if self.import_w is not None:
            uses = {wish.id: VOLTAGE_V * len(wish.legs) for wish in self.wishes}
            found.append(("import", "", self.import_w, uses))
        return found

    def rows(self) -> list[Row]:
        limits = [
            Row(RowKind.IMPORT, room, uses, limit=abs(room))
            if name == "import"
            else Row(RowKind.CIRCUIT, room, uses, name, phase, abs(room))
            for name, phase, room, uses in self.limits()
        ]
        return limits + [
            Row(RowKind.SURPLUS, s.room, self.uses(s), phase=s.phase, binds=s.binds, opens=s.opens)
            for s in self.sources
        ]

    def uses(self, source: Source) -> dict[str, float]:
        """What an ampere of each load uses of a source."""
        return {wish.id: use for wish in self.wishes if (use := source.use(wish))}

    def asks(self) -> list[Ask]:
        return [wish.ask() for wish in self.wishes if wish.id not in self.fixed]

    def ordered(self) -> list[Wish]:
        """The loads that take part, first come first."""
        taking = [w for w in self.wishes if w.active and w.id not in self.fixed]
        return sorted(taking, key=lambda wish: (wish.urgency, wish.priority, wish.id))

    def share(self, distribution: str) -> dict[str, float]:
        """What the engine gives, in A per leg by load; what is fixed is included."""
        shares = allocate(self.asks(), self.rows(), distribution, self.fixed)
        return {**self.fixed, **{load: share.amps for load, share in shares.items()}}

    def overloads(self, amounts: dict[str, float]) -> list[str]:
        """Limits that `amounts` exceeds, worked out by walking up the tree, leg by leg.

        A limit that is exceeded without any load that shares is not one of the allocation's.
        """
        carried: dict[tuple[int, str], float] = {}
        sharing: set[tuple[int, str]] = set()
        power_w = 0.0
        for wish in self.wishes:
            for phase in wish.legs:
                power_w += amounts[wish.id] * VOLTAGE_V
                for breaker in self.above(wish.breaker):
                    key = breaker, phase
                    carried[key] = carried.get(key, 0.0) + amounts[wish.id]
                    if wish.id not in self.fixed and amounts[wish.id] > 0:
                        sharing.add(key)
        wrong = [
            f"breaker {breaker} {phase}: {amps} > {self.room[breaker][phase]}"
            for (breaker, phase), amps in carried.items()
            if (breaker, phase) in sharing and amps > self.room[breaker][phase] + 1e-5
        ]
        if self.import_w is not None and sharing and power_w > self.import_w + 0.02:
            wrong.append(f"import: {power_w} > {self.import_w}")
        return wrong

    def overdrawn(self, amounts: dict[str, float]) -> list[str]:
        """Sources of which the loads that they bind take more than there is, in whatever order.

        What a load takes without being bound, up to its minimum or at all, is not counted.
        """
        wrong = []
        for source in self.sources:
            taken = sum(
                source.use(wish) * max(amounts[wish.id] - source.binds[wish.id], 0.0)
                for wish in self.wishes
                if wish.id in source.binds and wish.id not in self.fixed
            )
            if taken > max(source.room, 0.0) + 1e-5 * source.unit:
                wrong.append(f"source {source.phase}: {taken} > {source.room}")
        return wrong

    def renamed(self, names: dict[str, str]) -> Grid:
        """The same grid with its phases called otherwise."""
        return replace(
            self,
            room=tuple({names[p]: amps for p, amps in room.items()} for room in self.room),
            wishes=tuple(
                replace(wish, legs="".join(names[p] for p in wish.legs)) for wish in self.wishes
            ),
            sources=tuple(replace(s, phase=names.get(s.phase, "")) for s in self.sources),
        )

    def scaled(self, factor: float) -> Grid:
        """The same grid with everything `factor` times as large."""
        return replace(
            self,
            room=tuple({p: amps * factor for p, amps in room.items()} for room in self.room),
            wishes=tuple(
                replace(
                    wish,
                    min_a=wish.min_a * factor,
                    max_a=wish.max_a * factor,
                    step_a=wish.step_a * factor,
                )
                for wish in self.wishes
            ),
            import_w=None if self.import_w is None else self.import_w * factor,
            fixed={load: amps * factor for load, amps in self.fixed.items()},
            sources=tuple(
                replace(
                    source,
                    room=source.room * factor,
                    binds={load: amps * factor for load, amps in source.binds.items()},
                )
                for source in self.sources
            ),
        )


def tenths(low: int, high: int) -> st.SearchStrategy[float]:
    """Amounts between `low` and `high` A in steps of 0.1 A."""
    return st.integers(low * 10, high * 10).map(lambda tenth: tenth / 10)


def one_in(count: int) -> st.SearchStrategy[bool]:
    """True about once in `count`."""
    return st.sampled_from([False] * (count - 1) + [True])


@st.composite
def trees(draw: st.DrawFn, circuits: tuple[int, int] = (0, 5)) -> tuple[int | None, ...]:
    """Parents of breakers: the main one and more below it, nested up to four deep."""
    parents: list[int | None] = [None]
    depth = [0]
    for _ in range(draw(st.integers(*circuits))):
        able = [index for index, deep in enumerate(depth) if deep < 4]
        parent = draw(st.sampled_from(able))
        parents.append(parent)
        depth.append(depth[parent] + 1)
    return tuple(parents)


@st.composite
def legs_of(draw: st.DrawFn, phases: str) -> str:
    """Wiring of one to three legs: rotated, on fewer phases than the site has, or on the same."""
    count = draw(st.integers(1, 3))
    return "".join(draw(st.sampled_from(phases)) for _ in range(count))


@st.composite
def sources_for(draw: st.DrawFn, wishes: list[Wish], phases: str, own: bool) -> Source:
    """Surplus for loads that live from it, excess, or (`own`) all that anybody may take.

    Each binds only some: a load may have other rules, or its minimum from elsewhere for a while.
    """
    kind = draw(st.sampled_from(["surplus", "surplus", "excess", *["own"] * own]))
    phase = draw(st.sampled_from(["", *phases]))
    unit = 1.0 if phase else draw(st.sampled_from([1.0, VOLTAGE_V]))
    room = draw(tenths(-5, 30) if phase else tenths(-5, 70)) * unit
    if kind == "own":
        return Source(room, {wish.id: 0.0 for wish in wishes}, phase=phase, unit=unit)
    urgencies = (EXCESS,) if kind == "excess" else (SOLAR_PRIORITY, SOLAR_ONLY, EXCESS)
    binds, opens = {}, []
    for wish in wishes:
        way = draw(st.sampled_from(["bound", "bound", "bound", "waiting", "free"]))
        if wish.urgency not in urgencies or way == "free":
            continue
        free = way == "waiting" or kind == "excess" or wish.urgency == SOLAR_PRIORITY
        binds[wish.id] = wish.min_a if free else 0.0
        if kind == "excess" and way != "waiting":
            opens.append(wish.id)
    return Source(room, binds, frozenset(opens), phase, unit)


@st.composite
def grids(
    draw: st.DrawFn,
    circuits: tuple[int, int] = (0, 5),
    loads: tuple[int, int] = (1, 8),
    steps: tuple[float, ...] = (0.1, 0.5, 1.0),
    legs: st.SearchStrategy[str] | None = None,
    with_fixed: bool = True,
    with_idle: bool = True,
    with_plugs: bool = True,
    import_limit: bool = True,
    sources: tuple[int, int] = (0, 4),
    own: bool = True,
) -> Grid:
    """A random grid; rooms may be negative, where the house alone is over a limit."""
    phases = PHASES[: draw(st.integers(1, 3))] if legs is None else PHASES
    parents = draw(trees(circuits))
    # Mostly room for some of the loads; now and then a breaker that is full or over its limit.
    house = [{phase: draw(tenths(-3, 45)) for phase in phases} for _ in parents]
    rated = [40 if parent is None else draw(st.sampled_from([20, 30, 40])) for parent in parents]
    room = tuple(
        {phase: round(most + 10 - taken, 1) for phase, taken in used.items()}
        if parent is None
        else {phase: round(most - taken / 2, 1) for phase, taken in used.items()}
        for parent, most, used in zip(parents, rated, house, strict=True)
    )
    wishes = []
    fixed = {}
    for number in range(draw(st.integers(*loads))):
        step = draw(st.sampled_from(steps))
        wiring = draw(legs_of(phases) if legs is None else legs)
        breaker = draw(st.integers(0, len(parents) - 1))
        if with_plugs and draw(one_in(5)):
            least = most = draw(tenths(1, 20))
        else:
            # Chargers know only levels on their step.
            least = draw(st.integers(max(1, round(1 / step)), round(8 / step))) * step
            most = least + draw(st.integers(0, round(20 / step))) * step
            least, most = round(least, 6), round(most, 6)
        active = not (with_idle and draw(one_in(6)))
        load = f"load{number}"
        priority = draw(st.integers(1, 4))
        urgency = draw(st.integers(BOOST, EXCESS if sources[1] else STANDARD))
        wishes.append(Wish(load, breaker, wiring, least, most, step, priority, active, urgency))
        if with_fixed and draw(one_in(12)):
            fixed[load] = most
    with_limit = import_limit and draw(one_in(3))
    import_w = float(draw(st.integers(-500, 60_000))) if with_limit else None
    sun = tuple(draw(sources_for(wishes, phases, own)) for _ in range(draw(st.integers(*sources))))
    return Grid(parents, room, tuple(wishes), import_w, fixed, sun)
