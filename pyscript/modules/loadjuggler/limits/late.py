"""A battery whose power is reported seldom: what the sun leaves over between two reports.

The sun that is left over is what is not managed at the meter, plus what the battery gives. A
battery follows the loads within seconds: a car that takes 4 kW more has them from the battery, the
meter stays, and a report of five minutes ago knows nothing of it. To add that report to the meter
of now would find 4 kW more of sun, or less, with each command.

So the sun less the house is kept as it was at a report, until there is one that can be believed:
one before which no load was told anything for as long as its data may be old, and all had obeyed
before that. So it is from the first report on, before it is known how seldom there is one. In
between only the meter says something:

```
    the meter            that is
    takes from the grid  sun and battery don't carry what the loads draw: less is left over
    feeds in             the battery does not take it all: at least that is left over, too
    stays near 0         the battery has it in hand
```

What the loads draw is not seen at such a meter. So import counts with the most that they may draw,
and what is fed in with the least.

Example: the battery gives 22 A at most, and a car on three phases goes from 10 to 16 A at 0 s,
because it was sunny five minutes ago. It obeys each command 3 s later.

    time, s                                     0      3      4      6      7
    the car is told, A                         16     11     11     11     11
    it draws, A on three phases together       30     48     48     33     33
    the meter takes, A                          0     15     15      0      0
    house less sun, A: 22 - 48 + 15 = -11     -32    -11    -11    -11    -11

With 33 A, which it was told but does not draw yet, 22 - 33 + 15 = 4 A would be found at 4 s.

Source: docs/product.md section 3.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..measure.readings import Readings
from ..memory.limits import Seen
from ..memory.memory import Memory
from ..options import Options
from ..site.model import MAIN, Site
from ..units import watts_to_amps
from .battery import can_give_w, old_s
from .reaction import obeys_s
from .together import MOST_FLICKER_A, Loads, flicker_a

HELD_BACK_A = 0.5
"""A meter that is off 0 by less than this, A over all phases, is near 0; or by less than all its
phases flicker together, where that is more."""


def kept_net(
    site: Site,
    readings: Readings,
    memory: Memory,
    befores: Mapping[str, Seen | None],
    loads: Loads,
    options: Options,
) -> Mapping[str, float]:
    """House less sun by phase, A, as it was at the last good report; empty: it is found anew.

    `befores` is what was found in the last run, `loads` what they may draw by phase.
    """
    marks, reported_at = memory.battery, readings.energy.reported_at
    age_s = old_s(marks, readings.energy)
    unread = not befores or any(one is None for one in befores.values())
    if age_s is None or reported_at is None or unread:
        return {}
    if reported_at != marks.reported_at and _still(readings, memory, reported_at - age_s, options):
        return {}
    kept = {phase: one.unmanaged_a for phase, one in befores.items() if one is not None}
    taken_a, net_a = readings.meters[MAIN].amps.total(), sum(kept.values())
    near_a, wanted_a = HELD_BACK_A, net_a
    if near_a < abs(taken_a) <= len(kept) * MOST_FLICKER_A:  # else it is clear without the flicker
        seen = [memory.seen.get((MAIN, phase)) for phase in kept]
        near_a = max(near_a, sum([flicker_a(one) for one in seen if one is not None]))
    if taken_a > near_a:
        most_a = sum([loads.on(phase).most_a for phase in kept])
        sun_w = readings.energy.solar_w or 0.0
        help_w = can_give_w(marks, site, readings.energy, sun_w) if marks.above_target else 0.0
        wanted_a = max(net_a, watts_to_amps(help_w, site.voltage_v) - most_a + taken_a)
    elif taken_a < -near_a:
        least_a = sum([loads.on(phase).least_a for phase in kept])
        wanted_a = min(net_a, taken_a - least_a)
    each_a = (wanted_a - net_a) / len(kept)
    return {phase: amps + each_a for phase, amps in kept.items()}


def _still(readings: Readings, memory: Memory, since: float, options: Options) -> bool:
    """Whether loads had obeyed what they were told, and the battery them, by `since` (epoch s)."""
    for load, reading in readings.loads.items():
        if reading.commanded_at is not None:
            within_s = obeys_s(memory.load(load).draws.delays_s, options, usual=False)
            if reading.commanded_at + within_s + options.follow_s > since:
                return False
    return True
