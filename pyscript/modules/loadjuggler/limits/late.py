"""A battery whose power is reported seldom: what the sun leaves over between two reports.

The sun that is left over is what is not managed at the meter, plus what the battery gives. A
battery follows the loads within seconds: a car that takes 4 kW more has them from the battery, the
meter stays, and a report of five minutes ago knows nothing of it. To add that report to the meter
of now would find 4 kW more of sun, or less, with each command.

So the sun less the house is kept as it was at a report, until there is one that can be believed:
one before which no load was told anything for as long as its data may be old. In between only the
meter says something:

```
    the meter            that is
    takes from the grid  sun and battery don't carry what the loads draw: less is left over
    feeds in             the battery does not take it all: at least that is left over, too
    stays near 0         the battery has it in hand
```

Source: docs/product.md section 3.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..measure.readings import Readings
from ..memory.limits import Seen
from ..memory.memory import Memory
from ..site.model import MAIN, Site
from ..units import watts_to_amps
from .battery import can_give_w, slow_s

HELD_BACK_A = 0.5
"""A meter that is off 0 by less than this, A over all phases, is near 0."""


def kept_net(
    site: Site,
    readings: Readings,
    memory: Memory,
    befores: Mapping[str, Seen | None],
    drawn_a: float,
) -> Mapping[str, float]:
    """House less sun by phase, A, as it was at the last good report; empty: it is found anew.

    `befores` is what was found in the last run, `drawn_a` what loads draw over all phases.
    """
    marks, reported_at = memory.battery, readings.energy.reported_at
    every_s = slow_s(marks)
    unread = not befores or any(one is None for one in befores.values())
    if not every_s or reported_at is None or unread:
        return {}
    told = [load.commanded_at for load in readings.loads.values() if load.command_a]
    still = all(at is None or not reported_at - every_s < at <= reported_at for at in told)
    if reported_at != marks.reported_at and still:
        return {}
    kept = {phase: one.unmanaged_a for phase, one in befores.items() if one is not None}
    taken_a, net_a = readings.meters[MAIN].amps.total(), sum(kept.values())
    wanted_a = net_a
    if taken_a > HELD_BACK_A:
        sun_w = readings.energy.solar_w or 0.0
        help_w = can_give_w(marks, site, readings.energy, sun_w) if marks.above_target else 0.0
        wanted_a = max(net_a, watts_to_amps(help_w, site.voltage_v) - drawn_a + taken_a)
    elif taken_a < -HELD_BACK_A:
        wanted_a = min(net_a, taken_a - drawn_a)
    each_a = (wanted_a - net_a) / len(kept)
    return {phase: amps + each_a for phase, amps in kept.items()}
