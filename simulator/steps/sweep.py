"""A sweep: each kind of step with slow and quick meters, cars, reports, and a flickering house.

In every case the minimums of all cars fit at every moment, so each stop is needless by hindsight.
Cases differ in

- the kind of step (`KINDS`),
- how often the meter speaks, s,
- how long a car takes to obey, s,
- how often a charger reports, s, and whether also when its current has changed,
- by how much each phase of the house flickers every second, A up and down.

`script/simulate --sweep` runs them and prints a table; `script/test --long` asserts the figures.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise, product
from typing import Any

from loadjuggler.options import DEFAULTS, Options

from .experiment import Experiment, Trace, run
from .figures import changes, late, pieces
from .houses import ROTATED, THREE, car, with_cars
from .signals import Phases, Signal, levels, noise, on_phases, square

METERS_S = (1.0, 2.0, 3.0, 5.0)
DELAYS_S = (1.0, 2.0, 3.0, 4.0, 5.0, 6.0)
REPORTS_S = ((5.0, None), (10.0, None), (30.0, None), (60.0, None), (60.0, 1.0))
"""How often a charger reports, and how long after its current has changed; `None`: not then."""
FLICKERS_A = (0.0, 0.1, 0.3)

LENGTH_S = 340.0
FROM_S = 80.0
"""Figures count from here on: before, the cars start."""
QUIET_S = 280.0
"""From here on nothing steps any more in most kinds: commands are counted per minute."""
LIMIT_A, MOST_A = 25.0, 16.0
SLACK_S = 1.0
"""So much later than meter and car need may a load be, s."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of step: what the house takes on phase A at a time in s, and the cars beside it.

    `settles`: nothing steps any more after `QUIET_S`, so commands must have become rare by then.
    """

    name: str
    because: str
    house_a: Callable[[float], Signal]
    cars: int = 1
    settles: bool = True


def _ramp(*parts: tuple[float, float]) -> Signal:
    """Straight lines between (s, A) points; before the first and after the last as there."""

    def at(t: float) -> float:
        for (begin_s, from_a), (end_s, to_a) in pairwise(parts):
            if t < begin_s:
                return from_a
            if t < end_s:
                return from_a + (to_a - from_a) * (t - begin_s) / (end_s - begin_s)
        return parts[-1][1]

    return at


KINDS = (
    Kind(
        "one step",
        "5 A become 11 A for two minutes: 14 A are left.",
        lambda by_s: levels((0, 5.0), (100 + by_s, 11.0), (220 + by_s, 5.0)),
    ),
    Kind(
        "nearly full",
        "5 A become 18.2 A for two minutes: 6.8 A are left.",
        lambda by_s: levels((0, 5.0), (100 + by_s, 18.2), (220 + by_s, 5.0)),
    ),
    Kind(
        "two steps",
        "8 A become 12 A, and 17 A three seconds later, while the car still obeys.",
        lambda by_s: levels((0, 8.0), (100 + by_s, 12.0), (103 + by_s, 17.0), (220 + by_s, 8.0)),
    ),
    Kind(
        "raised and cut",
        "15 A become 9 A, so the car is raised, and 15 A again 35 s later.",
        lambda by_s: levels((0, 15.0), (125 + by_s, 9.0), (160 + by_s, 15.0)),
    ),
    Kind(
        "cut, then raised",
        "15 A become 15.7 A just after a report, and 9 A four seconds later.",
        lambda by_s: levels((0, 15.0), (121 + by_s, 15.7), (125 + by_s, 9.0)),
    ),
    Kind(
        "every 40 s",
        "The house goes between 9 A and 15 A every 40 s.",
        lambda by_s: lambda t: square(9.0, 15.0, 40.0, 40.0)(t + by_s),
        settles=False,
    ),
    Kind(
        "cloud",
        "The import rises from 5 A to 17 A within 15 s, as at the edge of a cloud.",
        lambda by_s: _ramp((100 + by_s, 5.0), (115 + by_s, 17.0), (220 + by_s, 17.0), (235, 5.0)),
    ),
    Kind(
        "two cars",
        "3 A become 9 A beside two cars: 16 A are left for both.",
        lambda by_s: levels((0, 3.0), (100 + by_s, 9.0), (220 + by_s, 3.0)),
        cars=2,
    ),
)


@dataclass(frozen=True, slots=True)
class Case:
    """One case of the sweep; times in s, `flicker_a` in A up and down each second.

    `kind` is the name of a kind of step.
    """

    kind: str
    meter_s: float
    delay_s: float
    report_s: float
    says_s: float | None
    flicker_a: float
    seed: int = 1

    @property
    def name(self) -> str:
        """All axes in one line."""
        says = "" if self.says_s is None else " and at a change"
        return (
            f"{self.kind}: meter {self.meter_s:g} s, car {self.delay_s:g} s, "
            f"report {self.report_s:g} s{says}, flicker {self.flicker_a:g} A"
        )

    @property
    def step(self) -> Kind:
        """Its kind of step."""
        return next(kind for kind in KINDS if kind.name == self.kind)

    def experiment(self) -> Experiment:
        """The experiment of this case; it steps at another fraction of a second for each seed."""
        by_s = random.Random(f"{self.seed} {self.name}").choice((0.0, 0.25, 0.5, 0.75))
        cars = [car("left"), car("right", ROTATED)] if self.step.cars == 2 else [car(legs=THREE)]
        return Experiment(
            self.name,
            self.step.because,
            with_cars(*cars, distribution="shared"),
            LENGTH_S,
            self._household(by_s),
            from_s=FROM_S,
            reaction_s=self.delay_s,
            report_s=self.report_s,
            says_s=self.says_s,
            meter_s=self.meter_s,
            step_s=0.25,
        )

    def _household(self, by_s: float) -> Phases:
        base = self.step.house_a(by_s)
        others_a = 3.0 if self.step.cars == 2 else 5.0
        if not self.flicker_a:
            return on_phases(A=base, B=others_a, C=others_a)
        seeds = [hash_of(self.seed, self.name, phase) for phase in "ABC"]
        a, b, c = (noise(0.0, self.flicker_a, seed) for seed in seeds)
        return on_phases(
            A=lambda t: base(t) + a(t),
            B=lambda t: others_a + b(t),
            C=lambda t: others_a + c(t),
        )


def hash_of(seed: int, name: str, phase: str) -> int:
    """A seed for the flicker of `phase`, the same in every process."""
    return random.Random(f"{seed} {name} {phase}").randrange(1 << 30)


@dataclass(frozen=True, slots=True)
class Figures:
    """What came of a case.

    - `stops`: how often a car was told 0 A; its minimum fitted all along, so each is needless.
    - `late_s`: s over the limit beyond the time of the meter, of the car, and 1 s (`SLACK_S`).
    - `longest_over_s`, `worst_over_a`: time over the limit without a break, and by how much.
    - `most_a_minute`: the most commands of a load within a minute, once nothing steps any more.
    - `energy_pct`: energy against that of one who knows the house beforehand, %.
    """

    case: Case
    stops: int
    late_s: float
    longest_over_s: float
    worst_over_a: float
    most_a_minute: int
    energy_pct: float

    @property
    def good(self) -> bool:
        """Whether nothing stopped, nothing was late, and all became quiet."""
        calm = self.most_a_minute <= 4 or not self.case.step.settles
        return not self.stops and not self.late_s and calm


def case_figures(case: Case, options: Options = DEFAULTS) -> Figures:
    """Run a case, and say what came of it."""
    trace = run(case.experiment(), options)
    over = pieces(trace)
    told = [changes(trace, load) for load in trace.command_a]
    return Figures(
        case,
        sum(_stopped(trace, load) for load in trace.command_a),
        len(late(trace, SLACK_S)) * trace.experiment.step_s,
        max((piece.seconds for piece in over), default=0.0),
        max((piece.worst_a for piece in over), default=0.0),
        max(sum(t >= QUIET_S for t, _ in made) for made in told),
        _energy_pct(trace),
    )


def _stopped(trace: Trace, load: str) -> int:
    """How often `load` was told 0 A after it had been told more, counted from `FROM_S` on."""
    told = trace.command_a[load]
    return sum(
        was > 0 and not now
        for (was, now), t in zip(pairwise(told), trace.t_s[1:], strict=True)
        if t >= FROM_S
    )


def _energy_pct(trace: Trace) -> float:
    """Energy of all cars against the best with hindsight, %, from `FROM_S` on.

    With hindsight each moment's room is used at once: the limit less what the house takes on the
    fullest phase, up to the cars' maximum.
    """
    places = [place for place in trace.others_a if place[0] == "main"]
    given = best = 0.0
    for number, t in enumerate(trace.t_s):
        if t < FROM_S:
            continue
        room_a = min(LIMIT_A - trace.others_a[place][number] for place in places)
        best += min(room_a, MOST_A * len(trace.draw_a))
        given += sum(drawn[number] for drawn in trace.draw_a.values())
    return 100.0 * given / best


def all_cases(seed: int = 1) -> Iterator[Case]:
    """Every case, in order: kinds of step x meters x delays x reports x flickers."""
    names = [kind.name for kind in KINDS]
    for kind, meter_s, delay_s, report, flicker_a in product(
        names, METERS_S, DELAYS_S, REPORTS_S, FLICKERS_A
    ):
        yield Case(kind, meter_s, delay_s, *report, flicker_a, seed=seed)


def some_cases(share: int, seed: int = 1) -> list[Case]:
    """As many cases as every `share`-th one, at random; the same ones for the same seed."""
    cases = list(all_cases(seed))
    return random.Random(seed).sample(cases, len(cases) // share)


def as_data(one: Figures) -> dict[str, Any]:
    """The figures of a case as plain data."""
    figures = {name: value for name, value in asdict(one).items() if name != "case"}
    return {**asdict(one.case), **figures, "good": one.good}


def by_kind(found: Sequence[Figures]) -> dict[str, list[Figures]]:
    """The figures by kind of step, in the order of `KINDS`."""
    groups: dict[str, list[Figures]] = {kind.name: [] for kind in KINDS}
    for one in found:
        groups[one.case.kind].append(one)
    return {name: ones for name, ones in groups.items() if ones}
