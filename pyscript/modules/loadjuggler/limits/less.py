"""A car that takes less after a cut than it is told: what only the meter may have shown.

A car may fall asleep, or have a bad power factor: 0.4 A of 6 A. Until its charger reports that, it
is taken to draw the 6 A, and the house to have fallen by the rest. That is no room for a raise: a
car that is raised into it takes it up, and the breaker is over its limit.

    25 A, report of the car each 60 s        time, s    0     3     6    15
    the house takes, A                                 18    18    18    18
    the car is told, A                                  7     6     6     7
    it draws, A                                        15   3.2   0.4   0.4
    the meter shows, A                                 33    21  18.4  18.4
    the house most likely takes, A                     18    14  12.4  12.4
    the car may draw less than it is taken to, A        0     4   5.6   5.6
    a raise counts with that much house, A             18    18    18    18

Source: docs/decisions/0025.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..memory.limits import Seen
from ..units import PerPhase
from .together import Loads, flicker_a

CLEAR_A = 1.0
"""A meter that falls by over 1 A more than a cut explains may show a car that takes less."""


def less_a(
    loads: Loads, befores: Mapping[str, Seen | None], measured: PerPhase, drawn: Mapping[str, float]
) -> dict[str, float]:
    """A by phase that `loads` may draw less than `drawn` (A), by what their meter has shown.

    It showed `measured` (A per phase); `befores` is what was seen of each phase before. While one
    that was cut has not reported what it takes of that (`Span.unsaid`), and a load is moving, the
    house is not taken to have fallen. What it seems to have fallen by is what they may draw less,
    if it is clear, until that report. A load takes less on all its phases alike.
    """
    found = dict.fromkeys(drawn, 0.0)
    for phase, before in befores.items():
        here = loads.on(phase)
        if before is None or not here.unsaid_a:
            continue
        less = before.less_a
        if here.falls or here.rises:
            less += before.unmanaged_a - ((measured[phase] or 0.0) - drawn[phase])
        if less > CLEAR_A and less > 2.0 * flicker_a(before):
            found[phase] = min(less, drawn[phase] - here.shown_a + here.unsaid_a)
    alike = [found[phase] for phase in loads.alike if phase in found]
    if len(alike) > 1:
        each_a = sum(alike) / len(alike) if min(alike) > 0.0 else 0.0
        found |= {phase: each_a for phase in loads.alike if phase in found}
    return found
