"""Doubts about forms: mistakes that show in normal operation, such as export at night.

Each check looks at the house every 10 s and gives evidence: for its doubt, against it, or none. A
doubt has a score.

```
    evidence for       score grows by the seconds of the look (or by the check's own weight)
    evidence against   score shrinks by as much
    no evidence        score fades, from its most to 0 in a day
    score at its most  the doubt is told, until its score is 0
    the form changes   the doubt ends: the sensors are part of its key
```

Example: a meter shows 300 W of export at 1:00 although nothing can be produced. Its doubt needs
1 200 s (`meters.LASTS_S`), so it is told at 1:20. Later that night the meter shows 500 W of import:
20 min of that end the warning.

A false warning is worse than none, so a check that can't tell a mistake from a rare state gives no
evidence (docs/decisions/0021). `look` is what a run calls; `view` has what all checks use.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...limits.headroom import Budget
from ...measure import night
from ...measure.readings import Problem, Readings
from ...memory.memory import Memory
from ...memory.plausibility import Doubt, Doubts
from ...options import Options
from ...reason_table import Family, meaning
from ...reasons import Reason
from ...records import replace
from ...site.model import MAIN, Site
from ...units import DAY_S, amps_to_watts
from . import (
    amounts,
    battery_phases,
    charge,
    copies,
    importing,
    meters,
    netting,
    phases,
    placed,
    sunward,
    unlikely,
)
from .view import DAY_H, LOW_SUN_H, NO_SUN_S, Evidence, View, darkness, is_night, local_hour

__all__ = ["look"]


LOOK_S = 10.0
"""The house is looked at this often, in s; every doubt takes minutes."""


MOST_S = 60.0
"""One look counts for at most this many s: after a restart the time in between is not known."""


_CHECKS = (
    amounts.check,
    meters.check,
    charge.check,
    phases.check,
    netting.check,
    battery_phases.check,
    sunward.check,
    importing.check,
    unlikely.check,
    copies.check,
    placed.check,
)


def look(
    site: Site,
    readings: Readings,
    memory: Memory,
    budget: Budget,
    utc_offset_s: float,
    options: Options,
) -> tuple[Doubts, tuple[Problem, ...]]:
    """(the doubts to remember, the warnings about those that are told).

    `memory` is that of this run, with its readings; `budget` is the one for raises.
    """
    before, now = memory.checks, readings.at
    elapsed_s = LOOK_S
    if before.looked_at is not None:
        elapsed_s = (now - before.looked_at) / options.check_times
    if 0 <= elapsed_s < LOOK_S:
        return before, _problems(site, memory, before.by_key)
    if elapsed_s < 0:
        before = replace(
            before,
            dark_at=None,
            charge=None,
            sum=None,
            sunward=None,
            battery=None,
            lit_s=0.0,
            shown_a={},
        )
        elapsed_s = LOOK_S
    hour = local_hour(now, utc_offset_s)
    day = DAY_H[0] <= hour < DAY_H[1]
    dark_at, dark = darkness(site, readings, before.dark_at, hour)
    seconds = min(elapsed_s, MOST_S)
    dim = dark or (dark_at is not None and now - dark_at >= NO_SUN_S)
    gap, low = elapsed_s > MOST_S, not LOW_SUN_H[1] <= hour < LOW_SUN_H[0]
    view = View(site, readings, memory, budget, dark, day, seconds, gap, dim, low, is_night(hour))
    lit_s = _lit_s(view, before.lit_s)
    after = replace(before, looked_at=now, dark_at=dark_at, lit_s=lit_s)
    found: list[Evidence] = []
    for check in _CHECKS:
        after, evidence = check(view, after)
        found += evidence
    by_key = dict(_weighed(found, before.by_key, seconds, elapsed_s))
    after = replace(after, by_key=by_key)
    return after, _problems(site, memory, by_key)


def _lit_s(view: View, before_s: float) -> float:
    """For how long much has been left over while a sensor of the sun gave nothing, s; 0: none does.

    All that a battery may give that is not heard does not count, and 20 min are the most.
    """
    site, readings = view.site, view.readings
    outputs = site.inverter.outputs
    sensors = [site.solar] if site.solar else []
    sensors += [entity for _, entity in outputs.entities] if outputs else []
    held = [view.memory.held.get(entity) for entity in sensors]
    if all(one is not None and one.at == readings.at for one in held):
        return 0.0
    left_w, total_a = night.LEFT_OVER_W, view.budget.supply.total_a()
    if site.battery and readings.energy.unsure:
        left_w += site.battery.max_discharge_w
    lit = total_a is not None and amps_to_watts(total_a, site.voltage_v) > left_w
    return max(min(before_s + (view.seconds if lit else -view.seconds), 2 * night.LIT_S), 0.0)


def _weighed(
    found: list[Evidence], before: Mapping[str, Doubt], seconds: float, elapsed_s: float
) -> Iterator[tuple[str, Doubt]]:
    """The doubts after a look of `seconds`, by key. A doubt whose score falls to 0 ends.

    `elapsed_s` is the real time since the last look; a doubt without evidence fades by it.
    """
    for one in found:
        old = before.get(one.key)
        score = max(0.0, min(old.score, one.most)) if old else 0.0
        told = old.told if old else False
        numbers = old.numbers if old else {}
        weight = seconds if one.weight is None else one.weight
        if one.speaks_for:
            score = min(score + weight, one.most)
            if not told or one.numbers.keys() - numbers.keys():  # or stored by another version
                numbers = one.numbers
            told = told or score >= one.most
        elif one.speaks_for is False:
            score -= weight
        else:
            score -= one.most * max(elapsed_s, 0.0) / DAY_S
        if score > 0:
            yield one.key, Doubt(one.code, score, told, numbers)


def _problems(site: Site, memory: Memory, doubts: Mapping[str, Doubt]) -> tuple[Problem, ...]:
    """The warnings of doubts that are told and whose circuit still exists.

    That a meter has no sign, or the wrong one, may show in several ways; it is told once.
    """
    found = []
    said = {
        (meaning(one.code).family, one.numbers.get("circuit"))
        for one in memory.wiring.findings.values()
    }
    for doubt in doubts.values():
        circuit = doubt.numbers.get("circuit", MAIN)
        whole = _NEEDS.get(doubt.code, {"?"}) <= doubt.numbers.keys()
        if not doubt.told or not whole or circuit not in site.circuits:
            continue
        about = (meaning(doubt.code).family, circuit)
        if about[0] in _ONCE and about in said:
            continue
        said.add(about)
        found.append(Problem(Reason(doubt.code, doubt.numbers)))
    return tuple(found)


_ONCE = (Family.NO_SIGN, Family.WRONG_WAY, Family.UNSEEN, Family.COPIED)
"""What is told once of a meter, though it may show in several ways."""


_NEEDS: Mapping[str, set[str]] = {
    "setup_meter_sign": {"circuit", "fed_w", "form"},
    "setup_meter_turned": {"circuit", "fed_w", "form"},
    "setup_meter_small": {"circuit", "shown_w", "draw_w"},
    "setup_meter_misses": {"circuit", "shown_w", "draw_w", "form"},
    "setup_meter_above": {"circuit", "phase", "shown_a", "parent", "above_a"},
    "setup_meter_huge": {"entity", "phase", "form", "shown_a", "limit_a"},
    "setup_solar_sign": {"entity", "shown_w"},
    "setup_output_sign": {"shown_w"},
    "setup_battery_sign": {"moved_pct", "went", "entity", "did"},
    "setup_soc_scale": {"entity", "soc"},
    "setup_battery_seldom": {"entity", "every_s"},
    "setup_battery_phase": {"entity", "to_phase"},
    "setup_battery_all": {"entity"},
    "setup_sum": {"phases_w", "total_w", "entity"},
    "setup_sum_sign": {"phases_w", "total_w", "entity"},
    "setup_unsigned": {"circuit", "shown_a", "fed_w", "entity"},
    "setup_unsigned_sun": {"circuit", "phase", "entity"},
    "setup_meter_house": {"circuit", "entity"},
    "setup_import_low": {"limit_w", "buffer_w", "house_w"},
    "setup_max_above": {"circuit", "charger", "max_a", "limit_a"},
    "setup_fallbacks": {"circuit", "phase", "sum_a", "limit_a", "charger", "number"},
    "setup_no_room": {"circuit", "left_a", "reserve_a", "charger", "min_a"},
    "setup_buffer": {"buffer_w", "limit_w"},
    "setup_named_meter": {"circuit", "entity", "phase", "form"},
    "setup_named_sun": {"entity"},
    "setup_ratings": {"each_w", "all_w"},
    "setup_copied": {"sensors", "changes"},
    "setup_plug_phase": {"charger", "leg", "phase", "to_phase", "draw_a", "shown_a"},
}
"""The numbers that each sentence needs. A stored doubt of another version may lack some."""
