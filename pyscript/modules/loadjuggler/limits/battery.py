"""The home battery: which marks its charge has passed, and what it can be counted on to give.

Source: docs/product.md section 3. The marks have hysteresis and live in the memory; what follows
from them is worked out anew in every run.
"""

from __future__ import annotations

from ..measure.readings import EnergyReading
from ..memory.limits import BatteryMemory
from ..options import Options
from ..records import replace
from ..site.model import Inverter, Site
from ..units import DAY_S

FULL_PCT = 98.0
"""From this charge on, loads in mode excess live by the rule of solar_only."""


FORGETS = 0.8
"""A gap between reports counts for so much of itself at the next report."""


def judge(memory: BatteryMemory, site: Site, energy: EnergyReading) -> BatteryMemory:
    """Which marks hold at the charge that is read now; without a reading nothing changes.

    Help ends one hysteresis below the target, and the sun goes on to the loads for another one:
    if both ended at once, every load would stop each time that the battery has helped.
    """
    soc = energy.soc_pct
    if site.battery is None or soc is None:
        return memory
    span = site.battery.hysteresis_pct
    low, target = energy.soc_min_pct, energy.soc_target_pct
    return replace(
        memory,
        at_target=soc >= target or (memory.at_target and soc >= target - 2 * span),
        above_target=soc > target or (memory.above_target and soc >= target - span),
        reserve=soc <= low or (memory.reserve and soc < low + span),
        full=soc >= FULL_PCT or (memory.full and soc >= FULL_PCT - span),
    )


def heard(memory: BatteryMemory, energy: EnergyReading) -> BatteryMemory:
    """The memory with how often the battery's power has been reported lately."""
    at, before = energy.reported_at, memory.reported_at
    if at is None or at == before:
        return memory
    gap_s = 0.0 if before is None else max(at - before, 0.0)
    return replace(memory, reported_at=at, every_s=max(gap_s, FORGETS * memory.every_s))


def can_give_w(memory: BatteryMemory, site: Site, energy: EnergyReading, sun_w: float) -> float:
    """W that the battery can give: its maximum, and what the inverter has left beside the sun.

    0 where there is no battery, or what it does now is not known.
    """
    if site.battery is None or energy.unsure or energy.battery_w is None:
        return 0.0
    rating_w = rated_w(site.inverter, len(site.phases))
    limits = [w for w in (rating_w, memory.cap_w) if w is not None]
    most = [max(limit - sun_w, 0.0) for limit in limits]
    if memory.cap_w is not None:
        most.append(memory.gave_w)
    return min([site.battery.max_discharge_w, *most])


def rated_w(inverter: Inverter, phases: int) -> float | None:
    """W that the inverter can give in all; one that can't balance is bound by each phase, too."""
    ratings = [] if inverter.max_w is None else [inverter.max_w]
    if inverter.max_phase_w is not None and not inverter.asymmetric:
        ratings.append(inverter.max_phase_w * phases)
    return min(ratings, default=None)


def learn(
    memory: BatteryMemory,
    energy: EnergyReading,
    import_w: float | None,
    sun_w: float,
    counted_w: float,
    now: float,
    options: Options,
) -> BatteryMemory:
    """Remember when the battery does not give what is counted on (product.md section 3).

    `import_w` is the flow from the grid in W, `counted_w` what this run counts on. When the site
    has imported for `shortfall_s` while the battery gave less, it counts for no more than it gave
    then, and sun and battery together for no more than both gave, until they give more: more sun
    only lets both count for more, more battery, or a day, ends it.
    """
    given_w, slack_w = energy.battery_w, options.shortfall_w
    before_w = min(memory.counted_w, counted_w)
    memory = replace(memory, counted_w=counted_w)
    if given_w is None or import_w is None:
        return replace(memory, short_at=None)
    if memory.cap_w is not None:
        more = given_w > memory.gave_w + slack_w or not 0 <= now - memory.cap_at <= DAY_S
        memory = replace(memory, cap_w=None if more else max(memory.cap_w, sun_w + given_w))
    if import_w <= slack_w or given_w >= before_w - slack_w:
        return replace(memory, short_at=None)
    short_at = now if memory.short_at is None else min(memory.short_at, now)
    if now - short_at < options.shortfall_s:
        return replace(memory, short_at=short_at)
    gave_w = max(given_w, 0.0)
    return replace(memory, short_at=None, cap_w=sun_w + gave_w, gave_w=gave_w, cap_at=now)
