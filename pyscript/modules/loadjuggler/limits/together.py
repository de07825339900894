"""What the loads below a meter draw together, judged by how the meter moved.

Of each load only bounds are known (`draws.Span`). What all of them draw is followed from report to
report of the meter above them: the two rules of `limits.unmanaged`, and what the phases of a meter
say about each other (`Loads.drawn`).

Source: docs/decisions/0025.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from statistics import median

from ..memory.limits import Seen
from ..options import Options
from ..site.model import Site
from ..units import PHASES, TOLERANCE, PerPhase
from .draws import Span

LEAST_FLICKER_A = 0.15
"""Meters round to 0.1 A: less than 0.15 A is never a movement of a load."""


RUNS = 3
"""A ramp is a rise in most of the last 3 runs."""


STEP_A = 2.0
"""A rise by 2 A or more from one report to the next may be an appliance that came on."""


MOST_FLICKER_A = 1.0
"""A meter that moves by more than this in most of its reports does not flicker, it works."""


SpansAt = Callable[[str, float | None, bool], Span | None]
"""From a load's id, the time of a meter (epoch s; `None`: now), and whether its usual time to obey
counts (else its longest), to its span; `None`: it is not managed."""


@dataclass(slots=True)
class Together:
    """What the loads below a meter may draw on one phase together, A; see `draws.Span`.

    `shown_a`: what they drew at least when the meter was read, by reports of that moment too.
    `stood_a`: what they draw at most if the meter has not risen since it was read before.
    `first_a`: what they most likely draw, as far as no meter has shown anything yet.
    `unsaid_a`: how much of `shown_a` those may take less that were cut and have not reported since.
    """

    least_a: float = 0.0
    most_a: float = 0.0
    stood_a: float = 0.0
    shown_a: float = 0.0
    first_a: float = 0.0
    unsaid_a: float = 0.0
    rises: bool = False
    falls: bool = False
    moving: bool = False

    def moves(self, span: Span) -> None:
        """One of the loads moves as its `span` says."""
        self.rises |= span.rises
        self.falls |= span.falls
        self.moving |= span.moving

    def within(self, drawn_a: float, rose_a: float) -> float:
        """`drawn_a` (A), brought within what they may draw.

        The meter has risen by `rose_a` since it was read before; more than that none of them can
        have taken since it reported in between. Infinite: nobody knows.
        """
        most_a = min(self.most_a, self.stood_a + rose_a)
        return min(max(drawn_a, self.shown_a), max(most_a, self.shown_a))


class Loads:
    """What the loads below a meter may draw together at a moment, by phase.

    `at` is when the meter was read (epoch s; `None`: now), `before_at` when it was read before that
    (`None`: never).

    `alike`: the phases of the loads that are moving now, if all of them have the same.
    """

    def __init__(
        self,
        site: Site,
        circuit: str,
        spans: SpansAt,
        at: float | None,
        usual: bool = False,
        before_at: float | None = None,
    ) -> None:
        self._of = (site, circuit, spans, at)
        self._before_at = before_at
        self._usual: Loads | None = self if usual else None
        found = [spans(load.id, at, usual) for load in site.below(circuit)]
        counted = [span for span in found if span is not None and not _left(span, before_at)]
        self._by_phase = _summed(counted, before_at)
        moving: set[tuple[str, ...]] = set()
        self._known_a = 0.0  # beyond the sum of `least_a`, over all phases together
        for span in counted:
            if span.total_a is not None:
                self._known_a += max(span.total_a - span.least.total(), 0.0)
            if span.unsaid:
                shown = span.least if span.shown is None else span.shown
                for phase, amps in shown.items():
                    self._by_phase[phase].unsaid_a += amps
            if span.rises or span.falls or span.moving:
                self._moves(span, moving)
        self.alike = moving.pop() if len(moving) == 1 else ()

    def _moves(self, span: Span, moving: set[tuple[str, ...]]) -> None:
        """One of the loads moves as its `span` says; `moving` are the phases of such loads."""
        phases = tuple([phase for phase, _ in span.most.items()])
        for phase in phases:
            self._by_phase[phase].moves(span)
        if span.moving:
            moving.add(() if span.apart else phases)

    def usual(self) -> Loads:
        """What they may draw if each takes its usual time to obey; it is worked out once."""
        if self._usual is None:
            self._usual = Loads(*self._of, True, self._before_at)
        return self._usual

    def on(self, phase: str) -> Together:
        """What they may draw on `phase`."""
        return self._by_phase[phase]

    def drawn(
        self,
        befores: Mapping[str, Seen | None],
        measured: PerPhase,
        read_at: float,
        options: Options,
    ) -> dict[str, float]:
        """A that they draw on each phase of a meter that showed `measured` (A per phase).

        It was read at `read_at` (epoch s); `befores` is what was seen of each phase before. By
        rule 1 of `limits.unmanaged`, and within their bounds.

        Loads that are moving have obeyed on all their phases alike, or on none. So if all of them
        have the same phases, the share of the way that they have gone is the same on each: the one
        with which the house moves least, over all phases together.

        Loads of which only the power is known draw that over all phases together. What is missing
        of it is taken where the house would take most.

        Example: two cars on three phases were cut by 5 A in all. A rises by 4 A, B and C fall by
        5 A. They have obeyed: the house takes 9 A more on A, and as much as before on B and C.
        """
        found = {}
        for phase, shown_a in measured.items():
            here, before = self.on(phase), befores[phase]
            drawn_a, most_rose_a = here.first_a, math.inf
            if before is not None:
                moved_a, ramp_a = shown_a - before.measured_a, 0.0
                if here.falls or here.stood_a < here.most_a:
                    stands = abs(moved_a) <= flicker_a(before)
                    most_rose_a = 0.0 if stands else max(moved_a, 0.0)
                    if here.falls and not stands:  # one that stands shows that nothing moved
                        rate = ramp_a_s(before, befores.values(), options)
                        ramp_a = rate * max(read_at - before.at, 0.0)
                drawn_a = _drawn_a(before, shown_a, here, ramp_a)
            found[phase] = here.within(drawn_a, most_rose_a)
        if self._known_a > 0.0:
            found = self._completed(found, measured)
        followed = [phase for phase in self.alike if phase in found and befores[phase] is not None]
        ways_a = {phase: self.on(phase).most_a - self.on(phase).shown_a for phase in followed}
        ways_a = {phase: way_a for phase, way_a in ways_a.items() if way_a > LEAST_FLICKER_A}
        if len(ways_a) > 1:
            gone = [
                ((self.on(phase).most_a - found[phase]) / way_a, way_a)
                for phase, way_a in ways_a.items()
            ]
            share = _middle(gone)
            for phase, way_a in ways_a.items():
                found[phase] = self.on(phase).most_a - share * way_a
        return found

    def _completed(self, found: dict[str, float], measured: PerPhase) -> dict[str, float]:
        """`found` (A drawn by phase), with what is missing of what is known over all phases."""
        least_a = sum([self.on(phase).least_a for phase in found])
        missing_a = self._known_a + least_a - sum(found.values())
        house_a = {phase: shown_a - found[phase] for phase, shown_a in measured.items()}
        room_a = {phase: self.on(phase).most_a - amps for phase, amps in found.items()}
        more_a = levelled(house_a, room_a, missing_a)
        return {phase: amps + more_a[phase] for phase, amps in found.items()}


def _left(span: Span, before_at: float | None) -> bool:
    """Whether a load is gone, and the meter, last read at `before_at`, has fallen already."""
    return span.gone and (before_at is None or span.stood_since <= before_at)


def _summed(spans: Sequence[Span], before_at: float | None) -> dict[str, Together]:
    """What loads with these `spans` may draw together, by phase; which of them move is left out.

    `before_at` is when the meter was read before (epoch s; `None`: never).
    """
    least, most = [span.least for span in spans], [span.most for span in spans]
    shown = [span.shown or span.least for span in spans]
    first, stood = [span.likely or span.most for span in spans], most
    if before_at is not None:
        since = before_at
        stood = [(span.stood if span.stood_since > since else None) or span.most for span in spans]
    least_a, most_a = _total(least), _total(most)
    by_phase = zip(
        PHASES,
        least_a,
        most_a,
        most_a if stood == most else _total(stood),
        least_a if shown == least else _total(shown),
        most_a if first == most else _total(first),
        strict=True,
    )
    return {phase: Together(*amounts) for phase, *amounts in by_phase}


def _total(amounts: Sequence[PerPhase]) -> tuple[float, float, float]:
    """A on phases A, B and C together; a phase that does not exist has nothing."""
    a = b = c = 0.0
    for amps in amounts:
        a += amps.a or 0.0
        b += amps.b or 0.0
        c += amps.c or 0.0
    return a, b, c


def levelled(
    house_a: Mapping[str, float], room_a: Mapping[str, float], missing_a: float
) -> dict[str, float]:
    """What is taken off `house_a` by phase, `missing_a` in all, at most `room_a` of each; A.

    The highest goes first, until it is as high as the next.
    Example: 8 A off 9, 2 and 1 A of house are 7.5, 0.5 and 0 A, which leaves 1.5, 1.5 and 1 A.
    """
    taken = dict.fromkeys(house_a, 0.0)
    while missing_a > TOLERANCE:
        left = {p: a - taken[p] for p, a in house_a.items() if room_a[p] - taken[p] > TOLERANCE}
        if not left:
            break
        top_a = max(left.values())
        highest = [phase for phase, amps in left.items() if amps > top_a - TOLERANCE]
        next_a = max([a for p, a in left.items() if p not in highest], default=-math.inf)
        each_a = min(missing_a / len(highest), top_a - next_a)
        each_a = min([each_a, *(room_a[phase] - taken[phase] for phase in highest)])
        for phase in highest:
            taken[phase] += each_a
        missing_a -= each_a * len(highest)
    return taken


def _middle(weighted: list[tuple[float, float]]) -> float:
    """The median of (value, weight) pairs: the value from which all differ least in sum."""
    half = sum(weight for _, weight in weighted) / 2.0
    for value, weight in sorted(weighted):
        half -= weight
        if half <= 0:
            return value
    return max(weighted)[0]


def rest_a(before: Seen | None, measured_a: float, loads: Together, drawn_a: float) -> float:
    """A of `drawn_a` that loads need not draw any more after a fall of their meter.

    If at most a quarter of their way is left, and no more than twice the flicker (the ends of noise
    are 1.5 times it apart), they may have obeyed altogether, and the rest is the house's. Example:
    4.6 A were to be given up, and the meter fell by 4.1 A: 0.5 A, with a flicker of 0.4 A.
    """
    if before is None or loads.rises or not loads.falls:
        return 0.0
    noise_a, left_a = flicker_a(before), drawn_a - loads.shown_a
    if before.measured_a - measured_a <= noise_a:
        return 0.0
    most_a = min((loads.most_a - loads.shown_a) / 4.0, 2.0 * noise_a)
    return max(left_a, 0.0) if left_a <= most_a else 0.0


def _drawn_a(before: Seen, measured_a: float, loads: Together, rose_a: float) -> float:
    """A that the loads draw by how their meter moved since `before`.

    This is rule 1 of `limits.unmanaged`; by its ramp the house has risen by `rose_a` since. A
    movement within the flicker is theirs only if they have no more than twice that to move.
    """
    was_a = before.measured_a - before.unmanaged_a
    moved_a = measured_a - before.measured_a - rose_a
    if not (loads.rises if moved_a > 0 else loads.falls):
        return was_a
    still_a = abs((loads.most_a if moved_a > 0 else loads.least_a) - was_a)
    noise_a = flicker_a(before)
    if abs(moved_a) <= noise_a and still_a > 2.0 * noise_a:
        return was_a
    return was_a + moved_a


def flicker_a(seen: Seen) -> float:
    """A by which a meter's phase moves from report to report without a cause.

    It is 1.27 times the median of how much its last movements differ from those before: steps of
    the house are few among them, and those of a ramp do not differ. For noise that is even between
    -0.3 and 0.3 A the movements differ by 0.32 A usually, so this is 0.41 A.
    """
    return _flicker_of(seen.moves_a)


@lru_cache(maxsize=256)
def _flicker_of(moves_a: tuple[float, ...]) -> float:
    """The flicker, A, of a phase with these last movements, A up. It depends on nothing else."""
    differ_a = [abs(later - was) for was, later in pairwise(moves_a)]
    usual_a = 1.27 * median(differ_a) if differ_a else 0.0
    return min(max(usual_a, LEAST_FLICKER_A), MOST_FLICKER_A)


def ramp_a_s(seen: Seen, beside: Iterable[Seen | None], options: Options) -> float:
    """A per second by which what the house takes rises steadily on a phase; 0: it does not.

    `beside` is what was seen of all phases of that meter. Over its last 4 reports the house must
    have risen by 0.15 A/s (`rising_a_s`), and by more than 2.5 times the flicker of the noisiest of
    these phases: less may be noise.
    """
    rate = rising_a_s(seen.trail)
    if rate < options.rising_a_s:
        return 0.0
    noise_a = max([flicker_a(one) for one in (seen, *beside) if one is not None])
    return rate if seen.trail[-1][1] - seen.trail[0][1] > 2.5 * noise_a else 0.0


def rising_a_s(trail: tuple[tuple[float, float], ...]) -> float:
    """A per second by which `trail` (epoch s, A) has risen; 0 with fewer than 4 entries.

    It is the mean of the two smaller ones of the last 3 rates: the largest may have been a step.
    Example: rates of 0.2, 0.3 and 8 A/s are 0.25 A/s. If one rate is less than a quarter of
    that mean, and two rises are of 2 A or more, these are steps: 0, 4 and 4 A in three seconds are
    an oven and a kettle.
    """
    if len(trail) <= RUNS:
        return 0.0
    rises = [(amps - was, later - at) for (at, was), (later, amps) in pairwise(trail)]
    rates = sorted([by_a / in_s for by_a, in_s in rises])
    rate = (rates[0] + rates[1]) / 2.0
    steps = rates[0] < rate / 4.0 and sum(by_a >= STEP_A for by_a, _ in rises) > 1
    return 0.0 if steps else rate
