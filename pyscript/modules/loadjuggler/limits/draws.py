"""What a load draws between its reports: at least, and at most.

The draws of managed loads are subtracted from the meters above them; the rest is what the house
takes (`limits.unmanaged`). Meters and loads report at different times, so the draw at a moment is
only known within bounds (`Span`):

- At least: the smallest of its last report and of all that it may obey after that.
- At most: the largest command that it may still be following. A command is obeyed within a time
  that is learned for each load (`reaction.obeys_s`). What it reported counts as it is if the report
  was made at the time of the meter, or if the load was only cut since.

Example: a car that charges with 16 A is told 7 A at 106 s, obeys at 111 s, and reports every 10 s.
Nothing has been learned of it, so it may take 10 s. The meter above it is read once a second.

    time, s          100    106    110    111    116    120
    is told, A        16      7
    draws, A          16     16     16      7      7      7
    reports, A        16            16                    7
    at least, A       16      7      7      7      7      7
    at most, A        16     16     16     16      7      7

The report of 110 s is true, but no raise may count on it: one second later the car draws 7 A.
A meter of 20 s does not show 16 A that a car reports at 21 s: then its report before counts.

A car that was cut may take less than that by itself: 0.4 A of 6 A, if it falls asleep. Until it has
reported, only the meter may show that (`Span.unsaid`).

A car that takes less than it was told may take more at any time. But then the meter rises: at its
next reading the car draws at most what it has reported since the last one and what the meter has
risen by (`Span.stood`).

Currents in the parameters `amps` and in commands are A per leg; a `PerPhase` is A per site phase;
times are epoch s. Sources: docs/product.md section 1; docs/decisions/0006, 0012 and 0025.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

from ..measure.readings import LoadReading
from ..records import quick
from ..units import PerPhase, higher_of, lower_of
from .leg_currents import leg_current_a, same_on_each_leg
from .timeline import APART_S, SAME_A, changes, held_at, may_follow, report_at

SAME_TIME_S = 0.1
"""A report that is less than 0.1 s from the meter is of its time, even while the load may rise."""


LAGS_S = 1.5
"""A meter may show what was up to 1.5 s before: a second of its own, and its way to here."""


SAME_UPDATE_S = 0.02
"""A report 0.02 s from the meter or less came with it, from one device that measures both."""


RISE_S = 30.0
"""A load that was told more may take it up to 30 s later: cars begin slowly."""


SURELY_S = 1.0
"""A load counts as steady only 1 s after a replaced command could last matter to it."""


LESS_A = 0.5
"""A load that reports over 0.5 A less than it was told takes less by itself, and may take more."""


@quick
@dataclass(frozen=True, slots=True)
class Span:
    """What a load may draw at a moment, A per phase: at least `least`, at most `most`.

    - `rises`: it may draw more than it did, because it was raised in the last 30 s. One that has
      long taken less than it may does not count: if it takes more, its report says so.
    - `falls`: it may draw less than it did, because it was cut.
    - `moving`: it was told something else so lately that it may be obeying yet, or it has said that
      it takes less than that. So what the meter shows does not tell what it draws.
    - `shown`: what it drew at least when the meter was read, by a report of that moment; `None`: as
      `least`. It may have obeyed a cut since, so a raise must not count on it.
    - `apart`: its sensors leave open on which phases it draws, so these need not move together.
    - `likely`: what it most likely draws, where no meter has shown anything yet; `None`: `most`.
    - `stood`, `stood_since`: its report, and when it was made (epoch s), of a load that takes less
      than it may and can have taken more since: as much as the meter has risen since its reading
      before, so it draws no more than that and `stood`.
    - `gone`: it is not managed any more, and draws nothing since `stood_since`.
    - `total_a`: what it draws at least over all phases, A, where only that is known; `None`: the
      sum of `least`.
    - `unsaid`: it was cut, and has not reported since what it takes of that: it may take less.
    """

    least: PerPhase
    most: PerPhase
    rises: bool
    falls: bool
    moving: bool = False
    shown: PerPhase | None = None
    apart: bool = False
    likely: PerPhase | None = None
    stood: PerPhase | None = None
    stood_since: float = -math.inf
    gone: bool = False
    total_a: float | None = None
    unsaid: bool = False


def least_draw(reading: LoadReading, at: float | None = None, within_s: float = 0.0) -> PerPhase:
    """The least that a load may draw, A per phase: a raise counts on no more as managed.

    It is the smallest of the last report, the command, every command that held since that report,
    and every one that it was told up to `within_s` (s) before the report: it obeys its commands in
    order, so it may obey that one later. `at` is when the slowest meter above the load was read
    (epoch s); `None`: now. If that was before the last report, the reports and commands since `at`
    count, too: the meters do not show a newer draw yet. A load without a report counts as 0 A.

    Example: a car that obeys after 6 s is told 22 A at 29 s instead of 25 A, and 25 A again at
    32 s. It reports 25 A at 32 s. At 35 s it draws 22 A, for 3 s.
    """
    drawn, least = reading.draw, reading.command_a
    if drawn is None or reading.draw_at is None:
        return same_on_each_leg(reading.legs, 0.0)
    if at is not None and at < reading.draw_at:
        for when, earlier in reversed(reading.drew):  # back to the report that the meters show
            drawn = lower_of(drawn, earlier)
            if when <= at:
                break
    if least is None:
        return drawn
    if reading.earlier:
        least = min([least, *may_follow(reading, reading.draw_at, at, within_s)])
    return lower_of(drawn, same_on_each_leg(reading.legs, least))


def span(reading: LoadReading, now: float, at: float | None, within_s: float) -> Span:
    """What a load may have drawn when a meter above it was read `at` (epoch s; `None`: `now`).

    A command is obeyed within `within_s` (s). So the commands that count are the one that held then
    and those that were replaced up to `within_s` before. A report that was made at the time of the
    meter counts as it is, unless a raise may have been obeyed since.
    """
    moment = now if at is None else min(at, now)
    if reading.command_a is None:
        report, none = report_at(reading, moment), same_on_each_leg(reading.legs, 0.0)
        drawn = none if report is None else higher_of(report[1], reading.draw or none)
        return Span(least_draw(reading, at), drawn, rises=True, falls=True)
    sent_at = reading.commanded_at
    if not reading.earlier:
        if sent_at is None or moment >= sent_at + RISE_S:
            return _settled(reading, moment, at)
        if moment < sent_at + within_s:
            return _first_told(reading, moment, at)
    told = held_at(reading, moment, within_s)
    raises, falls = changes(told)
    raised, _ = changes(held_at(reading, moment, max(within_s, RISE_S)))
    most = same_on_each_leg(reading.legs, max(told))
    report = report_at(reading, moment)
    if report is None:
        none = same_on_each_leg(reading.legs, 0.0)
        return Span(none, most, rises=True, falls=falls, moving=True)
    made_at, drawn = report
    less = leg_current_a(reading, drawn) < min(told) - LESS_A
    raised |= less and not reading.earlier  # its first command, not long ago
    fresh = made_at >= moment - (SAME_TIME_S if raised else APART_S)
    since_s = max(moment - made_at, 0.0) + within_s
    only_cut = fresh or not changes(held_at(reading, moment, since_s))[0]
    stood = None
    if only_cut and less and not fresh:  # it takes less by itself, and may take up to its command
        most, stood = higher_of(drawn, same_on_each_leg(reading.legs, min(told))), drawn
    elif falls and not raised and at is not None and abs(made_at - at) > SAME_UPDATE_S:
        most, less = _most_by_reports(reading, moment, within_s, most), False
    elif fresh or (only_cut and not raised):
        most, less = lower_of(most, drawn), False
    least = lower_of(least_draw(reading, at, within_s), most)
    said = less and (sent_at is None or made_at > sent_at)
    # A load that was only cut drew no less when the meter was read than it reported then or later.
    later = made_at >= moment - SAME_TIME_S
    shown = lower_of(drawn, most) if falls and not raised and later else None
    return Span(
        least,
        most,
        raised,
        falls,
        raises or falls or said,
        shown,
        stood=stood,
        stood_since=-math.inf if stood is None else made_at,
        unsaid=_unsaid(reading, within_s),
    )


def _most_by_reports(
    reading: LoadReading, moment: float, within_s: float, most: PerPhase
) -> PerPhase:
    """The most that a load that was cut drew at `moment`, by its reports; `most`: by its commands.

    It is the highest of the last report that was made 1.5 s or more before and of those since. One
    that is as young as the meter does not lower that: the load may have obeyed in the second in
    which the meter was read, or the meter may show what was a second before. Example: a meter of
    32 A is read at 4.0 s, a car obeys at 4.3 s and reports 9 A at 4.5 s. It drew 16 A of the 32 A;
    with 9 A the house would take 23 A, and stop it.
    """
    every = (*reading.drew, (reading.draw_at, reading.draw))
    reports = [(at, drawn) for at, drawn in every if drawn]
    older = [one for one in reports if one[0] is not None and one[0] <= moment - LAGS_S]
    if not older:
        return most
    made_at, drawn = older[-1]
    for _, later in reports[len(older) :]:  # it may have drawn that already
        drawn = higher_of(drawn, later)
    raised, _ = changes(held_at(reading, moment, moment - (made_at or 0.0) + within_s))
    return most if raised else lower_of(most, drawn)


def _unsaid(reading: LoadReading, within_s: float = 0.0) -> bool:
    """Whether a load was cut, and has not reported yet what it takes of that.

    It has if it reported no more than it was told, or `within_s` (s) after the cut, when it must
    have obeyed.
    """
    draw_at, sent_at, told_a = reading.draw_at, reading.commanded_at, reading.command_a or 0.0
    if reading.draw is None or draw_at is None:
        return False
    if not reading.earlier:  # all that was told before is too long ago to be known
        before = sent_at is not None and draw_at <= sent_at
        return before and leg_current_a(reading, reading.draw) > told_a + LESS_A
    cut_at, most_a = -math.inf, 0.0
    for (was_a, until), (amps, _) in pairwise([*reading.earlier, (told_a, math.inf)]):
        if amps < was_a - SAME_A:
            cut_at, most_a = until, amps
        elif until < draw_at:
            most_a = max(most_a, amps)
    if draw_at <= cut_at:
        return True
    early = draw_at < cut_at + within_s
    return early and leg_current_a(reading, reading.draw) > most_a + LESS_A


def stopped(reading: LoadReading) -> Span | None:
    """What a load draws that is not managed any more: nothing, if it has reported that.

    When it reported that first is in `stood_since`: a meter that was read before may fall by what
    it drew. `None`: it never drew anything, or draws something yet, which is the house's.
    """
    if reading.draw_at is None or reading.drawing_a() > 0.0:
        return None
    since = reading.draw_at
    for at, drawn in reversed(reading.drew):
        if any(drawn.values()):
            none = same_on_each_leg(reading.legs, 0.0)
            return Span(none, none, False, True, stood=none, stood_since=since, gone=True)
        since = at
    return None


def steady_since(reading: LoadReading, now: float, within_s: float) -> tuple[float, Span] | None:
    """A time, and what a load may draw at each moment after it, up to `now` (epoch s).

    `None`: that depends on the moment. It does not for a load that has been told the same for long,
    has reported after it had obeyed what it was told before (`within_s`), and takes all that it
    may: it is the smaller of its command and its last report.
    """
    told_a, draw, since = reading.command_a, reading.draw, reading.draw_at
    if told_a is None or draw is None or since is None:
        return None
    if reading.earlier:
        replaced_at = max([until for _, until in reading.earlier])
        if replaced_at + within_s + SURELY_S > since:
            return None
        since = max(since, replaced_at + max(within_s, RISE_S) + SURELY_S)
    if reading.commanded_at is not None:
        since = max(since, reading.commanded_at + RISE_S)
    if now <= since or leg_current_a(reading, draw) < told_a - LESS_A:
        return None
    drawn = lower_of(draw, same_on_each_leg(reading.legs, told_a))
    return since, Span(drawn, drawn, rises=False, falls=False, unsaid=_unsaid(reading))


def _settled(reading: LoadReading, moment: float, at: float | None) -> Span:
    """What a load may draw at `moment` (epoch s) that has been told the same for long."""
    most = same_on_each_leg(reading.legs, reading.command_a or 0.0)
    report, least = report_at(reading, moment), least_draw(reading, at)
    if report is None:
        return Span(least, most, rises=True, falls=False, moving=True)
    made_at, drawn = report
    less = leg_current_a(reading, drawn) < (reading.command_a or 0.0) - LESS_A
    if less and made_at < moment - APART_S:
        said = reading.commanded_at is None or made_at > reading.commanded_at
        least = lower_of(least, most)
        return Span(
            least, most, rises=False, falls=False, moving=said, stood=drawn, stood_since=made_at
        )
    most = lower_of(most, drawn)
    unsaid = _unsaid(reading)
    return Span(lower_of(least, most), most, rises=False, falls=False, unsaid=unsaid)


def _first_told(reading: LoadReading, moment: float, at: float | None) -> Span:
    """What a load may draw at `moment` (epoch s) whose first command is so young.

    Before it, nothing that is known limited it: it draws what it reported, or what it was told.
    """
    told = same_on_each_leg(reading.legs, reading.command_a or 0.0)
    report, sent_at = report_at(reading, moment), reading.commanded_at or 0.0
    drawn = same_on_each_leg(reading.legs, 0.0) if report is None else report[1]
    exact = report is not None and sent_at < moment - SAME_TIME_S <= report[0]
    known = exact or moment < sent_at
    most = drawn if known else higher_of(drawn, told)
    least = lower_of(least_draw(reading, at), most)
    rises = report is None or (moment >= sent_at and higher_of(least, told) != least)
    return Span(least, most, rises=rises, falls=lower_of(drawn, told) != drawn, moving=True)


def leg_for_raise_a(reading: LoadReading) -> float:
    """The largest current of one leg, in A, that a raise counts on for a load.

    Meters count as read now.
    """
    return leg_current_a(reading, least_draw(reading))
