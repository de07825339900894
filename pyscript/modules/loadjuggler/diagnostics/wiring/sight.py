"""Whether the main meter sees a load at all: a car's start must move it.

A meter that measures the house without the car, or something else, stays as it is. So does one
where a battery gives at once what the car takes. The difference: a battery that hides a car keeps
the meter near 0. Such a change counts as not seen only if

- something was taken from the grid before and after it, by the meter itself (`TAKEN_A`);
- the battery of the form, if there is one, stays as it is, too;
- meter, sun and battery together show less than the chargers draw by their reports (`LACKS`), after
  a rise or before a cut: a rise that is reported late has moved the meter long before;
- the meter has not moved by as much at any time of the last 90 s;
- a cut was told: that a car stopped by itself may be reported late as well.

Example: a three-phase car starts with 16 A, and the meter shows 2, 1 and 3 A all the time. That is
a weight of 3 on each leg, 9 in all, and told from 6 on. A later change of 8 A that does move the
meter weighs 1.6 on each leg, twice: 9.6 less.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import product

from ...measure.readings import Readings
from ...memory.wiring import DrawChange, WiringMemory
from ...site.model import MAIN, Load, Site
from ...units import watts_to_amps
from .judge import Verdict
from .scores import weight
from .signs import without_sign
from .trail import KEPT_S, LAG_S, Reading

TOLD = 6.0
"""The weight from which it is told that a load is not seen, ..."""


ENDS = 2.0
"""... and below which it is told no more."""


MOST = 10.0


LEAST = -4.0
"""The weight stays within these."""


CLEAR_A = 3.0
"""A smaller change says nothing: 20 % of it are less than what meters err by."""


TAKEN_A = 1.3
"""300 W. A meter that shows less over all phases may be kept near 0."""


LACKS = 0.3
"""A meter that shows this part of the load's draw less than all chargers draw does not see it."""


STAYS = 0.15
"""A battery that moves by this part of what the load changed by, or less, stays as it is."""


BATTERY_S = 30.0
"""A battery's power says what it does now if it was reported no longer ago."""


ANSWERS_S = 5.0
"""A battery's report from so long after the change on shows its answer."""


def sighted(
    site: Site, readings: Readings, wiring: WiringMemory, change: DrawChange, verdict: Verdict
) -> Mapping[str, float]:
    """The weights by load id (`WiringMemory.unseen`) after a change, by the main meter."""
    load, before = site.loads[change.load], wiring.unseen
    if not load.kind.measured or abs(verdict.amps) < CLEAR_A:
        return before
    heavy, old = weight(verdict.amps) * len(verdict.legs), before.get(load.id, 0.0)
    if verdict.phases:
        follows = all(sign > 0 for _, sign in verdict.phases)
        new = max(old - 2.0 * heavy, LEAST) if follows else old
    elif _should_have_moved(site, readings, wiring, load, change, verdict):
        new = min(old + heavy, MOST)
    else:
        new = old
    return before if new == old else {**before, load.id: new}


def not_seen(site: Site, wiring: WiringMemory) -> list[str]:
    """Ids of the loads that the main meter is believed not to see."""
    known = [(load, wiring.unseen[load]) for load in site.loads if load in wiring.unseen]
    return [
        load
        for load, points in known
        if points >= (ENDS if ("sight", load) in wiring.findings else TOLD)
    ]


def _should_have_moved(
    site: Site,
    readings: Readings,
    wiring: WiringMemory,
    load: Load,
    change: DrawChange,
    verdict: Verdict,
) -> bool:
    """Whether nothing but a meter that does not see the load explains that it stayed."""
    trail, cut = wiring.trails[MAIN], verdict.amps < 0
    if cut and change.told_at is None:
        return False
    told_at = change.since if change.told_at is None else min(change.told_at, change.since)
    before = [one for one in trail if one[0] <= (told_at if cut else change.since - LAG_S)]
    if not before or not _battery_stays(site, wiring, change, verdict):
        return False
    unsigned = without_sign(site.circuits[MAIN].meter, site.phases, wiring.least_a)
    now = trail[-1]
    if min(taken_a(site, one, unsigned) for one in (before[-1], now)) < TAKEN_A:
        return False
    if not _lacked(site, readings, load, change, cut, before[-1] if cut else now):
        return False
    wired = dict(load.legs)
    phases = {wired[leg] for leg in verdict.legs if leg in wired}
    return not any(_moved(site, one, now, phases, verdict.amps) for one in trail)


def _battery_stays(site: Site, wiring: WiringMemory, change: DrawChange, verdict: Verdict) -> bool:
    """Whether no battery of the form has answered a change; false if that is not known yet.

    One that follows the load gives what the load takes, so the meter stays for a good reason.
    """
    if site.battery is None or site.battery.power is None:
        return True
    told_at = change.since if change.told_at is None else min(change.told_at, change.since)
    before = [w for at, w in wiring.battery if at <= told_at]
    after = [w for at, w in wiring.battery if at > told_at]
    if not before or not after or wiring.battery[-1][0] < change.until + ANSWERS_S:
        return False
    most_w = STAYS * abs(verdict.amps) * len(verdict.legs) * site.voltage_v
    return all(abs(w - before[-1]) <= most_w for w in after)


def track_battery(
    site: Site, readings: Readings, known: tuple[tuple[float, float], ...]
) -> tuple[tuple[float, float], ...]:
    """The reports of the battery's power as (epoch s, W), as long as readings of a meter."""
    energy = readings.energy
    if site.battery is None or energy.unsure:
        return ()
    at, power_w = energy.reported_at, energy.battery_w
    if at is None or power_w is None or (known and at <= known[-1][0]):
        return known
    first = next((i for i, one in enumerate(known) if one[0] >= at - KEPT_S), len(known))
    return (*known[max(first - 1, 0) :], (at, power_w))


def _lacked(
    site: Site, readings: Readings, load: Load, change: DrawChange, cut: bool, shown: Reading
) -> bool:
    """Whether the meter, with sun and battery, `shown` less than the chargers drew then.

    That is after a rise, and before a cut: in both cases with the larger draw of `load`.
    """
    drawn = charging_by_phase(site, readings, MAIN)
    draw, wired = readings.loads[load.id].draw, dict(load.legs)
    own = dict(draw.items()) if draw else {}
    for leg, amps in change.amps if cut else ():
        drawn[wired[leg]] -= amps
        own[wired[leg]] = own.get(wired[leg], 0.0) - amps
    return _less_than(site, readings, shown, drawn, own)


def lacks(site: Site, readings: Readings, wiring: WiringMemory) -> bool:
    """Whether meter, sun and battery together show less than the chargers draw, by a good part."""
    trail = wiring.trails.get(MAIN)
    if not trail or not _battery_known(site, readings):
        return False
    drawn = charging_by_phase(site, readings, MAIN)
    return _less_than(site, readings, trail[-1], drawn, drawn)


def _battery_known(site: Site, readings: Readings) -> bool:
    """Whether it is known what a battery of the form does now: its power has just been reported."""
    if site.battery is None or site.battery.power is None:
        return True
    energy = readings.energy
    at = energy.reported_at
    return not energy.unsure and at is not None and readings.at - at <= BATTERY_S


def _less_than(
    site: Site,
    readings: Readings,
    shown: Reading,
    drawn: Mapping[str, float],
    own: Mapping[str, float],
) -> bool:
    """Whether `shown`, with sun and battery, is less than what is `drawn`, by a part of `own` (A).

    That counts over all phases together; or on one phase, if all of sun and battery were there.
    """
    energy, phases = readings.energy, dict(zip(site.phases, shown[1:], strict=False))
    given_w = (energy.solar_w or 0.0) + (energy.battery_w or 0.0)
    given_a = watts_to_amps(given_w, site.voltage_v)
    missing_a = sum(drawn.values()) - sum(phases.values()) - given_a
    return missing_a >= LACKS * max(sum(own.values()), CLEAR_A) or any(
        drawn[phase] - amps - max(given_a, 0.0) >= LACKS * max(own.get(phase, 0.0), CLEAR_A)
        for phase, amps in phases.items()
    )


def takes(site: Site, readings: Readings, wiring: WiringMemory) -> bool:
    """Whether something is taken from the grid for sure, so that nothing keeps the meter near 0."""
    trail, meter = wiring.trails.get(MAIN), readings.meters.get(MAIN)
    if not trail or meter is None or meter.missing:
        return False
    unsigned = without_sign(site.circuits[MAIN].meter, site.phases, wiring.least_a)
    return taken_a(site, trail[-1], unsigned) >= TAKEN_A


def taken_a(site: Site, shown: Reading, unsigned: Collection[str]) -> float:
    """A over all phases that are taken from the grid at least, as a meter shows it.

    A phase in `unsigned` has never been below 0: what it shows may be fed in as well.
    """
    values = dict(zip(site.phases, shown[1:], strict=False))
    ways = [((a, -a) if phase in unsigned else (a,)) for phase, a in values.items()]
    sums = [sum(way) for way in product(*ways)]
    return min((abs(one) for one in sums), default=0.0) if unsigned else min(sums, default=0.0)


def charging_by_phase(
    site: Site, readings: Readings, circuit: str, fresh_s: float = 120.0
) -> dict[str, float]:
    """A by phase that chargers below `circuit` draw, by reports no older than `fresh_s`.

    What is reported of a car that has paused by itself does not count.
    """
    found = dict.fromkeys(site.phases, 0.0)
    for load in site.below(circuit):
        one = readings.loads[load.id]
        fresh = one.draw_at is not None and readings.at - one.draw_at <= fresh_s
        paused = (one.status or "").lower().startswith("suspended")
        if load.kind.measured and one.active and one.draw and fresh and not paused:
            for phase, amps in one.draw.items():
                found[phase] = found.get(phase, 0.0) + amps
    return found


def _moved(site: Site, one: Reading, now: Reading, phases: Collection[str], by_a: float) -> bool:
    """Whether the meter differs between `one` and `now` by half of `by_a` on each of `phases`."""
    pairs = zip(site.phases, one[1:], now[1:], strict=False)
    moves = {phase: after - before for phase, before, after in pairs}
    return all(moves.get(phase, 0.0) * by_a >= 0.5 * by_a * by_a for phase in phases)
