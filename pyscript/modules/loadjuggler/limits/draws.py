"""What a load draws between its reports: for a raise the least, for a cut the most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from functools import lru_cache

from ..measure.readings import LoadReading
from ..options import Options
from ..site.model import Legs
from ..units import PerPhase

APART_S = 0.9
"""What was said closer together was said at the same time: meters speak once a second at most."""


SLACK_S = 0.5
"""A meter that speaks every 5 s is read a moment before 5 s have passed since its last command."""


def draw_for_raise(reading: LoadReading, at: float | None = None) -> PerPhase:
    """A per phase that a raise may count on as managed.

    The smallest of the report and what it was told since: a report that comes while the load is
    still obeying says what it drew before. `at` is when the meters were read, if that was before:
    what they do not show yet, by a newer report or command, is not managed either.
    """
    if reading.draw is None or reading.draw_at is None:
        return on_legs(reading.legs, 0.0)
    drawn = reading.draw
    for earlier in _reports_since(reading, at):
        drawn = _phase_by_phase(min, drawn, earlier)
    if reading.command_a is None:
        return drawn
    least = min([reading.command_a, *_told_since(reading, reading.draw_at, at)])
    return _phase_by_phase(min, drawn, on_legs(reading.legs, least))


def draw_for_cut(
    reading: LoadReading, now: float, options: Options, at: float | None = None
) -> PerPhase:
    """A per phase by which a cut judges.

    A report from after the time that a load has to obey; else the larger of report and command
    within that time, later the command.

    `at` is when the meters were read, if that was before: what they show is what was drawn then.
    """
    seen_at = now if at is None else min(at, now)
    if reading.command_a is None:
        return reading.draw or on_legs(reading.legs, 0.0)
    commanded = on_legs(reading.legs, reading.command_a)
    if reading.draw is None or reading.draw_at is None:
        return commanded
    told_at = reading.commanded_at
    follow_s = options.follow_s - SLACK_S
    settled = told_at is None or seen_at - told_at > follow_s
    if told_at is None or reading.draw_at - told_at > follow_s:
        if at is None or reading.draw_at <= at + APART_S:
            # Meter and charger speak at nearly the same time: that is no news of either.
            return draw_for_raise(reading, None if at is None else at + APART_S)
        # The meters show what was drawn before this report, or already what it says: for a cut the
        # larger, or it would be cut again and again for one and the same reading.
        before = _reports_since(reading, at)
        drawn = _phase_by_phase(max, reading.draw, before[-1]) if before else reading.draw
        told = _told_since(reading, reading.draw_at, at)
        if told_at is not None and told_at >= at and not told:
            return drawn  # the meters show what it drew before it was told anything
        most = max([reading.command_a, *told])
        return _phase_by_phase(min, drawn, on_legs(reading.legs, most))
    if settled:
        return commanded
    # A report that is newer than the meters says less than the one before it of what they show.
    drawn = [reading.draw, *_reports_since(reading, at)][-1]
    # It may be old: no more than the load was told while it may still be obeying.
    times = [a for a, until in reading.earlier if seen_at - until <= follow_s]
    if times:
        drawn = _phase_by_phase(min, drawn, on_legs(reading.legs, max(times)))
    if _takes_up(reading, seen_at, options):
        drawn = _phase_by_phase(max, drawn, commanded)
    return drawn


def _takes_up(reading: LoadReading, seen_at: float, options: Options) -> bool:
    """Whether a load may have taken more than its report says, because it was told more since.

    One that was only cut since takes no more than before: it may have taken less than it could.
    """
    if reading.draw_at is None or seen_at - reading.draw_at > options.hold_s:
        return True
    lower = [until for amps, until in reading.earlier if amps < (reading.command_a or 0.0)]
    return not reading.earlier or any(until > reading.draw_at - options.follow_s for until in lower)


def _told_since(reading: LoadReading, draw_at: float, at: float | None) -> list[float]:
    """A per leg that the load was told after its report, or when the meters were read, at `at`."""
    return [
        amps
        for amps, until in reading.earlier
        if until > draw_at or (at is not None and until >= at)
    ]


def _reports_since(reading: LoadReading, at: float | None) -> list[PerPhase]:
    """What a load reported before its last report, A per phase, back to when the meters were read.

    Newest first; the last one is what they show, as far as it is known.
    """
    found: list[PerPhase] = []
    if at is None or reading.draw_at is None or reading.draw_at <= at:
        return found
    for when, drawn in reversed(reading.drew):
        found.append(drawn)
        if when <= at:
            break
    return found


def not_counted(reading: LoadReading, counted: PerPhase, raising: bool) -> PerPhase | None:
    """A per phase that a load reports above what it is counted with: nobody manages that.

    A cut does not count a report that is older than the command: the load has been told since.
    """
    if reading.draw is None or reading.draw_at is None:
        return None
    if not raising and reading.commanded_at is not None and reading.draw_at < reading.commanded_at:
        return None
    return PerPhase.of({p: max(x - (counted[p] or 0.0), 0.0) for p, x in reading.draw.items()})


def leg_current_a(reading: LoadReading, draw: PerPhase) -> float:
    """The largest current of a leg, in A, that `draw` (A per phase) of a load means."""
    legs_on = _legs_on(reading.legs)
    return max([amps / legs_on.get(phase, 1) for phase, amps in draw.items()], default=0.0)


def overdraws(reading: LoadReading, options: Options) -> bool:
    """Whether a load draws clearly more than it was told, in a report that it could obey for."""
    if reading.command_a is None or reading.draw_at is None or reading.draw is None:
        return False
    may_a = max(reading.command_a, reading.least_a)
    told_at = reading.commanded_at  # None: it was found so, and no call was needed
    late = told_at is None or reading.draw_at - told_at >= options.not_following_s
    return late and leg_current_a(reading, reading.draw) > may_a + options.overdraw_a


def on_legs(legs: Legs, amps: float) -> PerPhase:
    """`amps` on each leg as A per site phase; legs on the same phase add up."""
    return PerPhase.of({phase: count * amps for phase, count in _legs_on(legs).items()})


@lru_cache(maxsize=4096)
def _legs_on(legs: Legs) -> Mapping[str, int]:
    """How many legs are wired to each phase."""
    return Counter(phase for _, phase in legs)


def _phase_by_phase(
    choose: Callable[[float, float], float], one: PerPhase, two: PerPhase
) -> PerPhase:
    a, b, c = one.a, one.b, one.c
    return PerPhase(
        None if a is None else choose(a, two.a or 0.0),
        None if b is None else choose(b, two.b or 0.0),
        None if c is None else choose(c, two.c or 0.0),
    )
