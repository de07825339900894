"""Which of a load's commands and reports count at a moment.

    time, s       0         10        12        20        25
    is told, A    16        10                  13
    reports, A    16                  16                  10
    at 21 s, with 15 s to obey, it may be following 16, 10 or 13 A; its last report is that of 12 s

Currents are A per leg, times epoch s. Sources: docs/decisions/0012 and 0025.
"""

from __future__ import annotations

import math
from itertools import pairwise

from ..measure.readings import LoadReading
from ..units import PerPhase

APART_S = 0.9
"""A report and a meter reading that are less than 0.9 s apart count as made at the same time.

Sensors of one house report in any order, and meters report once a second at most
(docs/decisions/0012).
"""


SAME_A = 0.05
"""Commands that differ by less than this, A per leg, are the same: no car shows the difference."""


def held_at(reading: LoadReading, moment: float, within_s: float) -> list[float]:
    """Commands that a load may have been following at `moment` (epoch s), oldest first; A per leg.

    Those that held then or up to `within_s` before. There is at least one: each began when the one
    before it ended.
    """
    told, begun = [], -math.inf
    for amps, until in reading.earlier:
        if begun <= moment and until > moment - within_s:
            told.append(amps)
        begun = until
    sent_at = reading.commanded_at
    if sent_at is None or sent_at <= moment or not reading.earlier:
        told.append(reading.command_a or 0.0)
    return told


def changes(told: list[float]) -> tuple[bool, bool]:
    """Whether there is a raise, and whether there is a cut, in commands that follow each other."""
    raised = cut = False
    for was, later in pairwise(told):
        raised = raised or later > was + SAME_A
        cut = cut or later < was - SAME_A
    return raised, cut


def report_at(reading: LoadReading, moment: float) -> tuple[float, PerPhase] | None:
    """The last report, A per phase, that was made by `moment` (epoch s), and when; `None`: none.

    If all reports are younger, it is the oldest that is known.
    """
    if reading.draw is None or reading.draw_at is None:
        return None
    if reading.draw_at <= moment + APART_S or not reading.drew:
        return reading.draw_at, reading.draw
    known = [report for report in reading.drew if report[0] <= moment + APART_S]
    return known[-1] if known else reading.drew[0]


def may_follow(
    reading: LoadReading, draw_at: float, at: float | None, within_s: float
) -> list[float]:
    """Replaced commands, A per leg, that a load may follow after its report of `draw_at`.

    Those that held after that or after `at`, when the meters were read (epoch s), and those that
    began no longer than `within_s` (s) before the report.
    """
    told, begun = [], -math.inf
    for amps, until in reading.earlier:
        later = until > draw_at or begun > draw_at - within_s
        if later or (at is not None and until >= at):
            told.append(amps)
        begun = until
    return told
