"""The home battery: which marks its charge has passed, and how much power it can be counted on for.

A mark is a threshold of the state of charge with a hysteresis, so it is remembered; everything else
here is worked out anew in every run. With a reserve of 20 %, a target of 80 % and a hysteresis
of 3 %:

    mark          begins at            ends at
    reserve       20 % or below        23 %
    at_target     80 % or above        below 74 % (twice the hysteresis)
    above_target  above 80 %           below 77 %
    full          98 % or above        below 95 %

Sources: docs/product.md section 3; docs/decisions/0008, 0009 (full) and 0010 (at_target).
"""

from __future__ import annotations

from ..measure.readings import EnergyReading
from ..memory.limits import BatteryMemory
from ..options import Options
from ..records import replace
from ..site.model import Inverter, Site
from ..units import DAY_S

FULL_PCT = 98.0
"""State of charge from which on a load in mode excess follows the rule of solar_only."""


SLOW_S = 30.0
"""A battery whose power is reported more seldom than this has done something else since."""


GAPS = 4
"""So many gaps between reports are kept."""


GAP_DECAY = 0.8
"""The usual gap between two reports is the largest lately: it shrinks by 20 % at each report.

Example: reports after 10, 1 and 1 s make a usual gap of 10, 8 and 6.4 s.
"""


def judge(memory: BatteryMemory, site: Site, energy: EnergyReading) -> BatteryMemory:
    """The memory with the marks that hold at the charge read now; unchanged without a reading.

    `above_target` (the battery helps) ends one hysteresis below the target, `at_target` (the sun
    goes to the loads) ends two below it. If both ended together, every load would stop each time
    the battery has helped (docs/decisions/0010).
    """
    soc = energy.soc_pct
    if site.battery is None or soc is None:
        return memory
    span = site.battery.hysteresis_pct
    low, target = energy.soc_min_pct, energy.soc_target_pct
    at_target = soc >= target or (memory.at_target and soc >= target - 2 * span)
    above_target = soc > target or (memory.above_target and soc >= target - span)
    reserve = soc <= low or (memory.reserve and soc < low + span)
    full = soc >= FULL_PCT or (memory.full and soc >= FULL_PCT - span)
    before = (memory.at_target, memory.above_target, memory.reserve, memory.full)
    if before == (at_target, above_target, reserve, full):
        return memory
    return replace(
        memory, at_target=at_target, above_target=above_target, reserve=reserve, full=full
    )


def heard(memory: BatteryMemory, energy: EnergyReading) -> BatteryMemory:
    """The memory with the time of the last report of the battery's power, and the usual gap (s)."""
    at, before = energy.reported_at, memory.reported_at
    if at is None or at == before:
        return memory
    gap_s = 0.0 if before is None else max(at - before, 0.0)
    gaps_s = (*memory.gaps_s[1 - GAPS :], gap_s) if gap_s else memory.gaps_s
    every_s = max(gap_s, GAP_DECAY * memory.every_s)
    return replace(memory, reported_at=at, every_s=every_s, gaps_s=gaps_s)


def slow_s(memory: BatteryMemory) -> float:
    """How seldom the battery's power is reported, s; 0: at least once in 30 s (`SLOW_S`).

    The shortest of the last two gaps counts, because a battery that rests may say nothing for long.
    What it did minutes ago is not what it does now: it follows the loads within seconds.
    """
    if not _known(memory):
        return 0.0
    least_s = min(memory.gaps_s[-2:])
    return least_s if least_s > SLOW_S else 0.0


def _known(memory: BatteryMemory) -> bool:
    """Whether two gaps between reports are known, so that one of them was no chance."""
    return len(memory.gaps_s) >= 2


def old_s(memory: BatteryMemory, energy: EnergyReading) -> float | None:
    """How old the last report of the battery's power may be when it is made, s.

    `None`: it is of its moment. Until two gaps are known, any report may be as old
    as the gap before it: of a battery that is reported each 300 s, two gaps take 600 s.
    """
    if _known(memory):
        return slow_s(memory) or None
    at, before = energy.reported_at, memory.reported_at
    if at is None:
        return None
    gap_s = 0.0 if before is None else max(at - before, 0.0)
    return max(gap_s, *memory.gaps_s, 0.0)


def can_give_w(memory: BatteryMemory, site: Site, energy: EnergyReading, sun_w: float) -> float:
    """W that the battery can give, between 0 and its `max_discharge_w`.

    The inverter must carry it beside the sun (`sun_w`, W). After a shortfall (`learn`) sun and
    battery together count for `cap_w` at most, and the battery for `gave_w` at most. 0 if there is
    no battery, or if one of its sensors gives nothing.
    """
    if site.battery is None or energy.unsure or energy.battery_w is None:
        return 0.0
    rating_w = rated_w(site.inverter, len(site.phases))
    limits = [w for w in (rating_w, memory.cap_w) if w is not None]
    most = [max(limit - sun_w, 0.0) for limit in limits]
    if memory.cap_w is not None:
        most.append(memory.gave_w)
    return min([site.battery.max_discharge_w, *most])


def doubted(memory: BatteryMemory, now: float, options: Options) -> bool:
    """Whether it is doubtful at `now` (epoch s) that the battery gives what is counted on.

    The site has imported for 5 s (`follow_s`) while the battery gave too little: it may still be
    answering, or be at its limit, and only time tells (`learn`).
    """
    return memory.short_at is not None and now - memory.short_at >= options.follow_s


def rated_w(inverter: Inverter, phases: int) -> float | None:
    """W that the inverter can give over all phases; `None`: not known.

    A symmetric inverter gives the same on each phase, so its rating per phase times the number of
    `phases` bounds the total as well.
    """
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
    """The memory with whether the battery gives what is counted on (docs/product.md section 3).

    `import_w` is taken from the grid (W; `None`: not known), `sun_w` comes from the sun, and
    `counted_w` is what this run counts on from the battery. If the site has imported more than
    100 W (`shortfall_w`) for 30 s (`shortfall_s`) while the battery gave over 100 W too little,
    then the battery counts for no more than it gave (`gave_w`), and sun and battery together for
    no more than both gave (`cap_w`). While that holds, 5 s (`follow_s`) are enough. More sun raises
    `cap_w`. The cap ends after a day, and when the battery gives over 100 W more than `gave_w`
    without import. If the site still imports then, the battery gives all that it can now, and both
    caps rise by as much (docs/decisions/0008). One that is reported seldom is not judged, as what
    it gives now is not known; nor is a report of over 30 s ago until two gaps are known.

    Example: 5,000 W are counted on, the battery gives 0 W, the sun 2,000 W. After 30 s of import
    `gave_w` is 0 W and `cap_w` 2,000 W. Then a cloud lets the inverter carry 800 W of the battery,
    and the site imports as before: `gave_w` is 800 W, `cap_w` 2,800 W. At night the battery gives
    3,000 W and nothing is imported: there is no cap any more.
    """
    young = memory.reported_at is None or now - memory.reported_at <= SLOW_S
    if slow_s(memory) or not (young or _known(memory)):
        return _not_short(memory if memory.cap_w is None else replace(memory, cap_w=None))
    given_w, slack_w = energy.battery_w, options.shortfall_w
    before_w = min(memory.counted_w, counted_w)
    if memory.counted_w != counted_w:
        memory = replace(memory, counted_w=counted_w)
    if given_w is None or import_w is None:
        return _not_short(memory)
    if memory.cap_w is not None:
        more_w = max(given_w - memory.gave_w, 0.0)
        more_w = more_w if more_w > slack_w else 0.0
        cap_w = max(memory.cap_w + more_w, sun_w + given_w)
        if not 0 <= now - memory.cap_at <= DAY_S or (more_w and import_w <= slack_w):
            memory = replace(memory, cap_w=None)
        else:
            memory = replace(memory, cap_w=cap_w, gave_w=memory.gave_w + more_w)
    if import_w <= slack_w or given_w >= before_w - slack_w:
        return _not_short(memory)
    short_at = now if memory.short_at is None else min(memory.short_at, now)
    if now - short_at < (options.shortfall_s if memory.cap_w is None else options.follow_s):
        return replace(memory, short_at=short_at)
    gave_w = max(given_w, 0.0)
    return replace(memory, short_at=None, cap_w=sun_w + gave_w, gave_w=gave_w, cap_at=now)


def _not_short(memory: BatteryMemory) -> BatteryMemory:
    """The memory with the site not importing for lack of what the battery was to give."""
    return memory if memory.short_at is None else replace(memory, short_at=None)
