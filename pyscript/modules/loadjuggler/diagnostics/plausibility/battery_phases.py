"""On which phases the battery is: what moves at the main meter when its power moves.

Since a look of some seconds or a minute ago the battery gives some amperes more, and the meter less
managed loads has moved by so much on each phase. What is left of that if the battery is on all
phases, or on one, is what house and sun did. The one with the least left is right: a house changes
on one phase, the sun on all alike, but hardly ever by just what a battery elsewhere would do.

```
    an oven of 9 A on A comes on; a battery on C answers
                     A     B     C     sum of amounts
    moved           +9     0    -9
    left, if on C   +9     0     0      9
    left, if on all +12   +3    -6     21
    left, if on A   +18    0    -9     27
```

An answer counts only if it leaves clearly less than each other one. Four that agree are believed; a
form that names another phase is doubted then, and one that says all of them is answered.
"""

from __future__ import annotations

from ...memory.plausibility import BatteryMoves, Doubts
from ...records import replace
from ...site.model import MAIN
from ...units import watts_to_amps
from .view import Evidence, View

MOVED_A = 4.0
"""A change of the battery's power from here on counts, A over all phases."""


LONGEST_S = 120.0
"""Looks further apart are not compared: too much else changes meanwhile."""


CLEARLY = 0.5
"""The best answer leaves less than the others by this part of the battery's change."""


SURE = 4.0
"""So many answers that agree, less those that do not, are believed."""


MOST = 8.0
"""A score is no larger, so that what was learned wrongly is unlearned."""


ALL = "all"


def check(view: View, doubts: Doubts) -> tuple[Doubts, list[Evidence]]:
    """The doubts with what moved, and evidence that the form names other phases."""
    site, battery = view.site, view.site.battery
    alone = site.off_grid or len(site.phases) == 1
    if battery is None or battery.power is None or alone:
        return replace(doubts, battery=None) if doubts.battery else doubts, []
    power_w = view.readings.energy.battery_w
    rest = view.budget.circuits[MAIN].unmanaged.values()
    heard = view.heard(site.circuits[MAIN])
    if power_w is None or heard is None or len(rest) < len(site.phases):
        return doubts, []
    now = BatteryMoves(battery.mark, view.readings.at, power_w, tuple(rest))
    known, answer = doubts.battery, ""
    if known is None or known.wiring != battery.mark or len(known.rest_a) != len(rest):
        known = now
    given_a = watts_to_amps(power_w - known.power_w, site.voltage_v)
    late = not 0 <= now.at - known.at <= LONGEST_S
    if abs(given_a) >= MOVED_A and not late:
        moved = [after - before for after, before in zip(rest, known.rest_a, strict=True)]
        answer = _answer(site.phases, moved, given_a)
    elif not late:
        now = known
    scores = _scored(known, answer)
    found = max(scores, key=lambda one: scores[one], default="")
    on = found if found and scores[found] >= SURE else known.on
    known = replace(now, scores=scores, on=on)
    return replace(doubts, battery=known), _doubted(view, on)


def _answer(phases: tuple[str, ...], moved: list[float], given_a: float) -> str:
    """The phase that explains what `moved` (A by phase), or "all"; "": none does clearly.

    `given_a` is what the battery gives more, A over all phases.
    """
    left = {ALL: sum(abs(amps + given_a / len(phases)) for amps in moved)}
    for one in phases:
        pairs = zip(phases, moved, strict=True)
        left[one] = sum(abs(a + (given_a if phase == one else 0.0)) for phase, a in pairs)
    best = min(left, key=lambda one: left[one])
    others = min(amps for one, amps in left.items() if one != best)
    return best if others - left[best] >= CLEARLY * abs(given_a) else ""


def _scored(known: BatteryMoves, answer: str) -> dict[str, float]:
    """The scores with one more `answer`; the others lose by it."""
    if not answer:
        return dict(known.scores)
    scores = {one: max(score - 1.0, 0.0) for one, score in known.scores.items() if one != answer}
    return {**scores, answer: min(known.scores.get(answer, 0.0) + 1.0, MOST)}


def _doubted(view: View, on: str) -> list[Evidence]:
    """Evidence that the battery is `on` other phases than its form names."""
    battery = view.site.battery
    if battery is None or battery.phases is None or not on:
        return []
    named = battery.phases[0]
    numbers: dict[str, float | str] = {"entity": battery.power or ""}
    code = "setup_battery_all"
    if on != ALL:
        code, numbers = "setup_battery_phase", {**numbers, "to_phase": on}
    key = f"battery phases {battery.mark} {named} {on}"
    return [Evidence(key, code, on != named, SURE, numbers, SURE)]
