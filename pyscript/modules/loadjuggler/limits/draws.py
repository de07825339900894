"""What a load draws between its reports: the least for a raise, the most for a cut.

The draws of managed loads are subtracted from the meters above them; the rest is "not managed"
(`limits.headroom`). Meters and loads report at different times, so the draw at this moment is only
known within bounds:

- A raise subtracts the least that the load may draw. Subtracting more would leave room that is not
  there.
- A cut subtracts the most that the load may draw. Subtracting less would take a car that is still
  obeying its last cut for house load, and cut it twice.

Example: a car that charges with 16 A is told 7 A at 106 s, obeys at 111 s, and reports every 10 s.
The meter above it is read once a second.

    time, s          100    106    110    110.5    111    120
    is told, A        16      7
    draws, A          16     16     16       16      7      7
    reports, A        16            16                      7
    for a raise, A    16      7      7        7      7      7
    for a cut, A      16     16     16        7      7      7

The report of 110 s is true, and yet no raise may count on it: one second later the car draws 7 A.
A cut believes a report only if it was made 5 s (`follow_s`, less `SLACK_S`) after the command.

Example: the meter was read at 20 s, when a car reported 0 A; at 21 s the car reports 16 A. The
meter does not show these 16 A yet. A raise subtracts 0 A, a cut 16 A.

Currents in the parameters `amps` and in commands are A per leg; a `PerPhase` is A per site phase;
times are epoch s. Sources: docs/product.md section 1; docs/decisions/0001, 0006 and 0012.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

from ..measure.readings import LoadReading
from ..options import Options
from ..site.model import Legs
from ..units import PerPhase

APART_S = 0.9
"""A report and a meter reading that are less than 0.9 s apart count as made at the same time.

Sensors of one house report in any order, and meters report once a second at most
(docs/decisions/0012).
"""


SLACK_S = 0.5
"""Taken off `follow_s`, s: a meter that reports every 5 s may be read after 4.9 s already."""


def draw_for_raise(reading: LoadReading, at: float | None = None) -> PerPhase:
    """The least that a load may draw, A per phase: a raise counts on no more as managed.

    It is the smallest of the last report, the command, and every command that held since that
    report. `at` is when the slowest meter above the load was read (epoch s); `None`: now. If that
    was before the last report, the reports and commands since `at` count, too: the meters do not
    show a newer draw yet. A load without a report counts as 0 A.
    """
    drawn, least = _least_reported(reading, at), reading.command_a
    if least is None or reading.draw is None or reading.draw_at is None:
        return drawn
    if reading.earlier:
        least = min([least, *_told_since(reading, reading.draw_at, at)])
    return _lower(drawn, same_on_each_leg(reading.legs, least))


def draw_for_cut(
    reading: LoadReading, now: float, options: Options, at: float | None = None
) -> PerPhase:
    """The most that a load may draw, A per phase: a cut counts with that as managed.

    - A report that was made 5 s (`follow_s`) or more after the command counts as it is, up to the
      command. What is above the command is house load (docs/decisions/0006).
    - Without such a report: within 5 s of the command, the report, and the command if it is a
      raise that the load may have taken up already. After 5 s, the command.
    - A load without a report counts with its command; one without either counts as 0 A.

    `at` is when the slowest meter above the load was read (epoch s); `None`: `now`. The times above
    are judged at `at`, because the meters show what was drawn then.
    """
    seen_at = now if at is None else min(at, now)
    if reading.command_a is None:
        return reading.draw or same_on_each_leg(reading.legs, 0.0)
    commanded = same_on_each_leg(reading.legs, reading.command_a)
    if reading.draw is None or reading.draw_at is None:
        return commanded
    told_at = reading.commanded_at
    follow_s = options.follow_s - SLACK_S
    settled = told_at is None or seen_at - told_at > follow_s
    if told_at is None or reading.draw_at - told_at > follow_s:
        if at is None or reading.draw_at <= at + APART_S:
            # The meter and the report are of the same time.
            return draw_for_raise(reading, None if at is None else at + APART_S)
        # The meters are older than the report. They show the draw of this report or of the one
        # before, so the larger counts. Otherwise every new report would cut the load once more
        # for one and the same reading of the meter.
        before = _reports_since(reading, at)
        drawn = _higher(reading.draw, before[-1]) if before else reading.draw
        told = _told_since(reading, reading.draw_at, at)
        if told_at is not None and told_at >= at and not told:
            return drawn  # the meters were read before the command, so it bounds nothing here
        most = max([reading.command_a, *told])
        return _lower(drawn, same_on_each_leg(reading.legs, most))
    if settled:
        return commanded
    # The meters show what the load drew when they were read: the last report before that counts.
    drawn = [reading.draw, *_reports_since(reading, at)][-1]
    # That report may be old. The load draws no more than its largest command of the last 5 s.
    times = [a for a, until in reading.earlier if seen_at - until <= follow_s]
    if times:
        drawn = _lower(drawn, same_on_each_leg(reading.legs, max(times)))
    if _takes_up(reading, seen_at, options):
        drawn = _higher(drawn, commanded)
    return drawn


def draws(
    reading: LoadReading, now: float, options: Options, at: float | None = None
) -> tuple[PerPhase, PerPhase]:
    """The least and the most that a load may draw: `draw_for_raise` and `draw_for_cut`.

    Mostly they are one and the same: if the load has reported 5 s or more after its command, the
    meters were read after that report, and no earlier command held at that time. The command of a
    charger whose profiles were cleared limits nothing: what it reports is what it draws.
    """
    if reading.session.bare:
        return _least_reported(reading, at), reading.draw or same_on_each_leg(reading.legs, 0.0)
    least, reported_at, told_at = draw_for_raise(reading, at), reading.draw_at, reading.commanded_at
    if reading.draw is not None and reported_at is not None and (at is None or reported_at <= at):
        settled = told_at is None or reported_at - told_at > options.follow_s - SLACK_S
        if settled and all(until < reported_at for _, until in reading.earlier):
            return least, least
    return least, draw_for_cut(reading, now, options, at)


def _takes_up(reading: LoadReading, seen_at: float, options: Options) -> bool:
    """Whether a load may draw more than it reported, because it was told more since.

    True if its report is older than 60 s (`hold_s`) at `seen_at` (epoch s), if no earlier command
    is known, or if a smaller command held after, or up to 5 s before, the report. A load that was
    only cut since its report draws no more than it reported.
    """
    if reading.draw_at is None or seen_at - reading.draw_at > options.hold_s:
        return True
    lower = [until for amps, until in reading.earlier if amps < (reading.command_a or 0.0)]
    return not reading.earlier or any(until > reading.draw_at - options.follow_s for until in lower)


def _told_since(reading: LoadReading, draw_at: float, at: float | None) -> list[float]:
    """Replaced commands, A per leg, that held after the report of `draw_at` or after `at`.

    Both are epoch s; `at` is when the meters were read.
    """
    return [
        amps
        for amps, until in reading.earlier
        if until > draw_at or (at is not None and until >= at)
    ]


def _least_reported(reading: LoadReading, at: float | None) -> PerPhase:
    """The smallest of the last report and those back to `at`, A per phase; 0 A without a report."""
    drawn = reading.draw
    if drawn is None or reading.draw_at is None:
        return same_on_each_leg(reading.legs, 0.0)
    if at is not None and at < reading.draw_at:
        for earlier in _reports_since(reading, at):
            drawn = _lower(drawn, earlier)
    return drawn


def _reports_since(reading: LoadReading, at: float | None) -> list[PerPhase]:
    """The reports before the last one, A per phase, back to when the meters were read at `at`.

    The newest comes first. The last one is the report that the meters show. Empty if the meters
    were read after the last report.
    """
    found: list[PerPhase] = []
    if at is None or reading.draw_at is None or reading.draw_at <= at:
        return found
    for when, drawn in reversed(reading.drew):
        found.append(drawn)
        if when <= at:
            break
    return found


def still_drawn(reading: LoadReading, raising: bool) -> bool:
    """Whether what a load reports above what is subtracted for it counts as house load.

    Not without a report, and for a cut (`raising` is false) not if the report is older than the
    command: the load may have obeyed since. Source: docs/decisions/0006.
    """
    if reading.draw is None or reading.draw_at is None:
        return False
    return raising or reading.commanded_at is None or reading.draw_at >= reading.commanded_at


def leg_current_a(reading: LoadReading, draw: PerPhase) -> float:
    """The largest current of one leg, in A, if a load draws `draw` (A per phase).

    Legs on the same phase share its current evenly.
    """
    legs_on = _legs_on(reading.legs)
    return max([amps / legs_on.get(phase, 1) for phase, amps in draw.items()], default=0.0)


def leg_for_raise_a(reading: LoadReading) -> float:
    """The largest current of one leg, in A, that a raise counts on for a load.

    It is `leg_current_a` of `draw_for_raise` for meters that are read now, in one go.
    """
    draw, draw_at, command_a = reading.draw, reading.draw_at, reading.command_a
    if draw is None or draw_at is None:
        return 0.0
    if command_a is None:
        return leg_current_a(reading, draw)
    for told_a, until in reading.earlier:
        if told_a < command_a and until > draw_at:
            command_a = told_a
    legs_on, found = _legs_on(reading.legs), []
    for phase, amps in draw.items():
        legs = legs_on.get(phase, 0)
        found.append(min(amps, legs * command_a) / (legs or 1))
    return max(found, default=0.0)


def overdraws(reading: LoadReading, options: Options) -> bool:
    """Whether a load draws over 1 A (`overdraw_a`) more than its command.

    Only a report made 15 s (`not_following_s`) or more after the command shows that.
    """
    if reading.command_a is None or reading.draw_at is None or reading.draw is None:
        return False
    may_a = max(reading.command_a, reading.session.least_a)
    told_at = reading.commanded_at  # None: it held that already when it was found
    late = told_at is None or reading.draw_at - told_at >= options.not_following_s
    return late and leg_current_a(reading, reading.draw) > may_a + options.overdraw_a


@lru_cache(maxsize=4096)
def same_on_each_leg(legs: Legs, amps: float) -> PerPhase:
    """`amps` (A) on each leg, as A per site phase; legs on the same phase add up."""
    return PerPhase.of({phase: count * amps for phase, count in _legs_on(legs).items()})


@lru_cache(maxsize=4096)
def _legs_on(legs: Legs) -> Mapping[str, int]:
    """The number of legs on each phase; a phase without legs is missing."""
    return Counter(phase for _, phase in legs)


def _lower(one: PerPhase, two: PerPhase) -> PerPhase:
    """The lower of `one` and `two` on each phase of `one`; `one` itself if it is that on all."""
    a, b, c = one.a, one.b, one.c
    x, y, z = two.a or 0.0, two.b or 0.0, two.c or 0.0
    if (a is None or a <= x) and (b is None or b <= y) and (c is None or c <= z):
        return one
    return PerPhase(
        None if a is None else min(a, x),
        None if b is None else min(b, y),
        None if c is None else min(c, z),
    )


def _higher(one: PerPhase, two: PerPhase) -> PerPhase:
    """The higher of `one` and `two` on each phase of `one`."""
    a, b, c = one.a, one.b, one.c
    return PerPhase(
        None if a is None else max(a, two.a or 0.0),
        None if b is None else max(b, two.b or 0.0),
        None if c is None else max(c, two.c or 0.0),
    )
