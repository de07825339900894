"""One sensor in two places: two entities that always show the same, to the last digit.

The forms refuse one entity twice (docs/decisions/0036). A template or an integration may copy a
sensor to another entity, or divide one total by three; then the meter of one phase is that of
another one, and what flows there is not seen.

Two phases flicker by themselves. So two sensors that change at the same look, by more than a whole
ampere's rounding would show, and to the same value, are compared:

```
    look     A        B        evidence
    1        5.31     5.31
    2        5.38     5.38     for: both have changed, to the same value
    3        5.38     5.38     none: nothing has changed
    4        5.30     5.38     none: B may be shown a moment later than A
    5        5.44     5.47     against: the doubt ends
```

It is told after 100 such changes without one that differs (`MOST`), 17 minutes at least. No
evidence are whole amperes, because a house that takes little and heats on three phases shows the
same on all of them; a breaker that carries chargers only, because a three-phase car draws the same
on its phases; and chargers that show just what they were told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

from ...memory.plausibility import Doubts
from ...records import replace
from ...site.model import Site
from .view import Evidence, View

MOST = 100.0
"""So many changes to the same value tell that it is one sensor. Phases of 0.1 A that flicker by as
little, and are the same half of the time, show that once in 10^30."""


WHOLE_A = 0.02
"""A value within this of whole amperes is no evidence."""


HOUSE_A = 0.5
"""A meter shows a house, not its chargers alone, if over this is not managed on each phase, A."""


AS_TOLD_A = 0.05
"""A charger that shows what it was told, within this, may not measure it."""


def check(view: View, doubts: Doubts) -> tuple[Doubts, list[Evidence]]:
    """Evidence of meters, and of chargers, that always show the same."""
    before, meters, loads = doubts.shown_a, dict(_meters(view)), dict(_loads(view))
    found = []
    for one, two in _pairs(view.site):
        if one in meters and two in meters:
            speaks = _alike(before, {key: meters[key][1] for key in (one, two)})
            if speaks and not (meters[one][2] and meters[two][2]):
                speaks = None
            numbers = {"circuit": meters[two][0], "sensors": f"{one}, {two}"}
            found.append(_evidence(f"{one} {two}", numbers, speaks))
    for one, two in combinations(loads, 2):
        speaks = _alike(before, {f"load {key}": loads[key] for key in (one, two)})
        names = ", ".join(view.site.loads[key].name for key in (one, two))
        found.append(_evidence(f"loads {one} {two}", {"sensors": names}, speaks))
    shown_a = {entity: amps for entity, (_, amps, _) in meters.items()}
    shown_a |= {f"load {load}": amps for load, amps in loads.items()}
    return replace(doubts, shown_a=shown_a), found


def _evidence(pair: str, numbers: Mapping[str, str], speaks: bool | None) -> Evidence:
    weight = MOST if speaks is False else 1.0
    all_numbers: dict[str, float | str] = {**numbers, "changes": MOST}
    return Evidence(f"copied {pair}", "setup_copied", speaks, MOST, all_numbers, weight)


def _pairs(site: Site) -> Iterator[tuple[str, str]]:
    """Sensors of phases that measure different places: not of breakers below each other."""
    places = [
        (entity, circuit.id)
        for circuit in site.circuits.values()
        for _, entity in (circuit.meter.entities if circuit.meter else ())
    ]
    for (one, here), (two, there) in combinations(places, 2):
        if here == there or not (here in site.path(there) or there in site.path(here)):
            yield one, two


def _meters(view: View) -> Iterator[tuple[str, tuple[str, float, bool]]]:
    """(entity, (id of its breaker, A, whether a house is seen)) of all meters read in this run."""
    for circuit in view.site.circuits.values():
        heard = view.heard(circuit)
        for phase, entity in circuit.meter.entities if heard and circuit.meter else ():
            amps = heard.amps[phase] if heard else None
            if amps is not None:
                rest_a = view.budget.circuits[circuit.id].unmanaged[phase] or 0.0
                yield entity, (circuit.id, amps, abs(rest_a) > HOUSE_A)


def _loads(view: View) -> Iterator[tuple[str, float]]:
    """(id, A) of the chargers whose draw is measured: it differs from what they were told."""
    for load in view.site.loads.values():
        reading = view.readings.loads[load.id]
        drawn_a = reading.drawing_a()
        as_told = abs(drawn_a - (reading.command_a or 0.0)) <= AS_TOLD_A
        if load.kind.measured and reading.active and drawn_a > 0 and not as_told:
            yield load.id, drawn_a


def _alike(before: Mapping[str, float], now: Mapping[str, float]) -> bool | None:
    """Whether two sensors have changed to the same value; `None`: that can't be said."""
    one, two = now
    if one not in before or two not in before:
        return None
    if now[one] != now[two]:
        late = now[one] == before[two] or now[two] == before[one]
        return None if late else False
    changed = now[one] != before[one] and now[two] != before[two]
    whole = abs(now[one] - round(now[one])) <= WHOLE_A
    return True if changed and not whole else None
