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
from typing import NamedTuple

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
"""A meter shows more than chargers where over this is not managed, A."""


AS_TOLD_A = 0.05
"""A charger that shows what it was told, within this, may not measure it."""


class Shown(NamedTuple):
    """What a sensor shows in this run.

    - `amps`: A.
    - `circuit`: id of the breaker whose meter it is; "": it is a charger's.
    - `name`: what people know it by.
    - `tells`: that another one shows the same is evidence.
    """

    amps: float
    circuit: str
    name: str
    tells: bool


def check(view: View, doubts: Doubts) -> tuple[Doubts, list[Evidence]]:
    """Evidence of meters, and of chargers, that always show the same."""
    before, now = doubts.shown_a, {**dict(_meters(view)), **dict(_loads(view))}
    doubted = set(_doubted(view.site, doubts))
    alike = set(_alike(view.site, before, now))
    alike |= {pair for pair in doubted if _shows_the_same(before, now, *pair)}
    found = []
    for one, two in sorted(alike | doubted):
        differ = one in now and two in now and _differ(before, now, one, two)
        numbers: dict[str, float | str] = {"changes": MOST}
        if (one, two) in alike:
            numbers["sensors"] = f"{now[one].name}, {now[two].name}"
            if now[two].circuit:
                numbers["circuit"] = now[two].circuit
        speaks = True if (one, two) in alike else False if differ else None
        weight = MOST if differ else 1.0
        found.append(Evidence(_key(one, two), "setup_copied", speaks, MOST, numbers, weight))
    return replace(doubts, shown_a={key: shown.amps for key, shown in now.items()}), found


def _key(one: str, two: str) -> str:
    """The key of a doubt about two sensors; neither of them has a space."""
    return f"copied {one} {two}"


def _doubted(site: Site, doubts: Doubts) -> Iterator[tuple[str, str]]:
    """The pairs of sensors of the site that are in doubt already."""
    known = {_of_load(load) for load in site.loads}
    for circuit in site.circuits.values():
        known.update(entity for _, entity in (circuit.meter.entities if circuit.meter else ()))
    for key, doubt in doubts.by_key.items():
        pair = key.split(" ")[1:]
        if doubt.code == "setup_copied" and len(pair) == 2 and known.issuperset(pair):
            yield pair[0], pair[1]


def _alike(
    site: Site, before: Mapping[str, float], now: Mapping[str, Shown]
) -> Iterator[tuple[str, str]]:
    """The pairs of sensors that have changed to the same value, each with the one next to it.

    Of 100 cars that show the same these are 99 pairs, and not all 4,950. Where a third sensor shows
    the same by chance, it may stand between two that are one; `_shows_the_same` finds these.
    """
    groups: dict[tuple[float, bool], list[str]] = {}
    for key, shown in now.items():
        if _has_changed(before, shown, key):
            groups.setdefault((shown.amps, bool(shown.circuit)), []).append(key)
    for group in groups.values():
        for place, two in enumerate(group):
            others = (x for x in reversed(group[:place]) if _apart(site, now[x], now[two]))
            one = next(others, None)
            if one is not None:
                yield one, two


def _has_changed(before: Mapping[str, float], shown: Shown, key: str) -> bool:
    """Whether a sensor has changed to a value that is evidence if another one shows it, too."""
    whole = abs(shown.amps - round(shown.amps)) <= WHOLE_A
    return shown.tells and not whole and before.get(key, shown.amps) != shown.amps


def _shows_the_same(
    before: Mapping[str, float], now: Mapping[str, Shown], one: str, two: str
) -> bool:
    """Whether two sensors that are in doubt already have changed to the same value again."""
    if one not in now or two not in now or now[one].amps != now[two].amps:
        return False
    return all(_has_changed(before, now[key], key) for key in (one, two))


def _apart(site: Site, one: Shown, two: Shown) -> bool:
    """Whether they measure different places: no meters of breakers below each other."""
    if one.circuit == two.circuit:
        return True
    return not (one.circuit in site.path(two.circuit) or two.circuit in site.path(one.circuit))


def _differ(before: Mapping[str, float], now: Mapping[str, Shown], one: str, two: str) -> bool:
    """Whether two sensors show different values, and neither what the other one has just shown."""
    if one not in before or two not in before or now[one].amps == now[two].amps:
        return False
    return now[one].amps != before[two] and now[two].amps != before[one]


def _meters(view: View) -> Iterator[tuple[str, Shown]]:
    """(entity, what it shows) of all meters that were read in this run."""
    for circuit in view.site.circuits.values():
        heard = view.heard(circuit)
        for phase, entity in circuit.meter.entities if heard and circuit.meter else ():
            amps = heard.amps[phase] if heard else None
            if amps is not None:
                rest_a = view.budget.circuits[circuit.id].unmanaged[phase] or 0.0
                yield entity, Shown(amps, circuit.id, entity, abs(rest_a) > HOUSE_A)


def _loads(view: View) -> Iterator[tuple[str, Shown]]:
    """(key, what it shows) of the chargers whose draw is measured."""
    for load in view.site.loads.values():
        reading = view.readings.loads[load.id]
        drawn_a = reading.drawing_a()
        if load.kind.measured and reading.active and drawn_a > 0:
            as_told = abs(drawn_a - (reading.command_a or 0.0)) <= AS_TOLD_A
            yield _of_load(load.id), Shown(drawn_a, "", load.name, not as_told)


def _of_load(load: str) -> str:
    """The key of a charger beside the entities of meters; no entity begins with "load."."""
    return f"load.{load}"
