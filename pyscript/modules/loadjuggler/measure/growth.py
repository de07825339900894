"""What a charger draws by its energy, where its current and power say that nothing is drawn.

The OCPP integration makes 0 of a value that it can't read as a number, such as "6,3" of a charger
that writes decimal commas. Its energy, mostly in whole Wh, is read all the same. Energy that grows
while current and power are 0 shows that something is drawn:

    time, s       0        60       120      180      240 and later
    current, A    0        0        0        0        0
    energy, kWh   100.000  100.070  100.140  100.210  100.210
    counts as, W  0        0        4200     4200     at 300 s 2100, at 360 s 1400, and so on

The first step says nothing, as it may be of the time before the 0. From then on the power is the
mean of the last two intervals, and less once the next step is overdue. Times are epoch s.
"""

from __future__ import annotations

from itertools import pairwise

from ..memory.drawn import Grown, Heard
from ..site.model import Legs, Load
from ..units import watts_to_amps
from .lookup import Sensing
from .numbers import number
from .voices import Voice

KWH_S = {"kWh": 3_600_000.0, "Wh": 3600.0, "MWh": 3_600_000_000.0}
"""By unit of an energy: so many Ws it is."""


APART_S = 10.0
"""Steps that come less than 10 s apart count as one, so that rounding matters less, and so does a
charger that reports several times in a row each minute."""


STEPS = 4
"""So many steps are kept: the mean is that of the last two intervals between them."""


def energy_voice(
    at: Sensing,
    load: Load,
    heard: Heard,
    used: Legs,
    others: tuple[Voice | None, ...],
    *,
    rests: bool,
) -> tuple[Voice | None, Heard]:
    """What a charger draws by its energy, and what is heard; `None`: it does not say it.

    `others` are its voices of current and power. While one of them is above 0, or the charger
    `rests` by its status, the energy says nothing, as it is older. It says no more than the
    charger's maximum on the legs `used`. It counts as reported at the begin of what it is the mean
    of, so it judges no command that came after that.
    """
    if not load.sensors.energy:
        return None, heard
    idle_a = at.options.idle_leg_a
    drawing = [one for one in others if one and one.total_a > idle_a]
    found = None if rests or drawing else _energy(at, load)
    if found is None:
        return None, heard.growing(())
    entity, value, unit = found
    grown = stepped(heard.grown, value, at.now)
    heard = heard.growing(grown)
    factor = KWH_S.get(unit, 0.0)
    power_w = growth_per_s(grown, at.now) * factor
    most_a = float(load.max_a.value or 0.0) * len(used)
    total_a = min(watts_to_amps(power_w, at.site.voltage_v), most_a)
    return (Voice(entity, grown[1][1], total_a) if total_a > 0 else None), heard


def _energy(at: Sensing, load: Load) -> tuple[str, float, str] | None:
    """The first sensor of its energy that has a value: (entity, value, unit); `None`: none has."""
    for entity in load.sensors.energy:
        state = at.snapshot.get(entity)
        value = number(state.value) if state else None
        if state and value is not None:
            return entity, value, str(state.attributes.get("unit_of_measurement"))
    return None


def stepped(grown: Grown, value: float, now: float) -> Grown:
    """The last four steps of an energy, (value, since when it is shown), that shows `value`.

    The last one is replaced as long as it comes less than 10 s after the one before.
    """
    if not grown or value < grown[-1][0] or now < grown[-1][1]:
        return ((value, now),)
    if value == grown[-1][0]:
        return grown
    if len(grown) > 1 and grown[-1][1] - grown[-2][1] < APART_S:
        grown = grown[:-1]
    return (*grown, (value, now))[-STEPS:]


def growth_per_s(grown: Grown, now: float) -> float:
    """By how much an energy grows each s, in its own unit; 0: it does not, or that is not known."""
    known = grown[1:]
    if len(known) < 2 or known[-1][1] - known[0][1] < APART_S:
        return 0.0
    mean = (known[-1][0] - known[0][0]) / (known[-1][1] - known[0][1])
    quiet_s = now - known[-1][1]
    if quiet_s <= max(two[1] - one[1] for one, two in pairwise(known)):
        return mean
    return min(mean, max(two[0] - one[0] for one, two in pairwise(known)) / quiet_s)
