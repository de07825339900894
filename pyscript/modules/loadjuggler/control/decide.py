"""What each load gets by the rules, what it is told now, and why: all that a run found out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ..measure.readings import LoadReading, Readings
from ..memory.memory import Memory
from ..options import Options
from ..reasons import Reason
from ..sharing.allocate import Allocation
from ..sharing.utilisation import Taking
from ..site.model import Load, Site
from ..site.modes import MODES
from ..units import TOLERANCE
from . import compliance as following
from . import delays as patience
from .delays import Grace, Pause
from .pace import Paced


@dataclass(frozen=True, slots=True)
class Decision:
    """What a load gets by the rules, what it is told now, and why."""

    allocation: Allocation
    paced: Paced


@dataclass(frozen=True, slots=True)
class Found:
    """What a run found out, by load id.

    `shares` are what it gets by the rules, `paced` what it is told of that now, `fixed` what is
    served before (A per leg). `pauses` are those that stay off, with what they `wished` for,
    `holds` those that hold on without sun, `makes_way` those that can't because one that goes
    first has started, `changing` those that are switched to another number of phases. `over` are
    loads on a limit that what is not managed exceeds by itself.
    `silent` names the breaker whose meter is silent. `free_a` (A per leg) is not taken from the
    sources for now.
    """

    shares: Mapping[str, Allocation]
    paced: Mapping[str, Paced]
    fixed: Mapping[str, float]
    pauses: Mapping[str, Pause]
    wished: Mapping[str, Allocation]
    holds: Mapping[str, Grace]
    makes_way: frozenset[str]
    changing: frozenset[str]
    over: frozenset[str]
    silent: Mapping[str, str]
    taking: Taking
    blind: frozenset[str]
    free_a: Mapping[str, float]


def decide(
    site: Site, readings: Readings, memory: Memory, found: Found, options: Options
) -> dict[str, Decision]:
    """The decision for each load of the site."""
    decisions = {}
    for load in site.loads.values():
        decision, reading = _decide(load, readings, found), readings.loads[load.id]
        reason, idle = None, load.id in found.taking.idle
        if reading.connected and not reading.lost and decision.paced.amps is not None:
            known = memory.load(load.id)
            reason = following.disobeys(load, reading, known, idle, readings.at, options)
            if reason is not None and reason.code == "held_back":
                reason = _waits_for_its_turn(load, site, readings, found.taking) or reason
        if idle and decision.paced.amps == 0.0:
            reason = reason or _gave_way(decision)
        if reason:
            decision = replace(decision, paced=replace(decision.paced, reason=reason))
        decisions[load.id] = decision
    return decisions


def _waits_for_its_turn(
    load: Load, site: Site, readings: Readings, taking: Taking
) -> Reason | None:
    """Why a charger holds a car back while another connector of its station charges.

    Some stations charge one car after the other: that is no fault. Whether this one does is not
    known, so it is told again a few times all the same.
    """
    for other in site.loads.values():
        beside = readings.loads[other.id]
        if other.id == load.id or not _same_station(load, other):
            continue
        if beside.active and beside.command_a and other.id not in taking.idle:
            max_a = readings.loads[load.id].max_a
            return Reason("waits_turn", {"max_a": max_a, "other": other.id})
    return None


def _same_station(one: Load, two: Load) -> bool:
    station = one.control.station
    return station is not None and station == two.control.station


def _gave_way(decision: Decision) -> Reason | None:
    """Why a load that takes nothing is off: a limit has no room for it beside the others."""
    reason = decision.paced.reason or decision.allocation.reason
    kind, _, what = reason.code.partition("_")
    if kind not in ("circuit", "import") or what != "too_small":
        return None
    return Reason(f"{kind}_gave_way", reason.numbers)


def _decide(load: Load, readings: Readings, found: Found) -> Decision:
    reading, share = readings.loads[load.id], found.shares.get(load.id)
    if load.id in found.fixed:
        return _served(load, reading, readings, found)
    if share is None:
        limits = {"max_a": reading.max_a, "min_a": reading.min_a}
        takes = MODES[reading.mode].takes
        reason = Reason("maximum_below_minimum", limits) if takes else Reason("off")
        return Decision(Allocation(load.id, 0.0, 0.0, reason), Paced(0.0))
    if reading.paused_s > 0:
        return Decision(share, Paced(0.0, patience.by_person(reading).reason))
    if reading.active and load.id in found.silent and load.id not in found.paced:
        return Decision(share, Paced(0.0, _silence(load.id, "silent_stops", readings, found)))
    if reading.active and load.id in found.pauses:
        return _paused(load.id, share, found)
    paced = found.paced.get(load.id)
    if paced is None:
        if load.id in found.blind:
            share = replace(share, available_a=None)  # what there is can't be told
        return Decision(share, Paced(None))
    return Decision(share, _told(load, reading, share, paced, readings, found))


def _served(load: Load, reading: LoadReading, readings: Readings, found: Found) -> Decision:
    """A load that is served before the sharing: unheard, essential, or below a silent meter."""
    served_a = found.fixed[load.id]
    reason = Reason("essential")
    if reading.lost:
        reason = Reason("lost", {"kept_a": served_a})
    elif load.id in found.silent and not load.essential:
        reason = _silence(load.id, "silent_stays", readings, found)
    told = Paced(None if reading.lost else served_a)
    return Decision(Allocation(load.id, served_a, served_a, reason), told)


def _paused(load: str, share: Allocation, found: Found) -> Decision:
    """A load that stays off: how long yet, or what there is no room for."""
    pause, wished = found.pauses[load], found.wished.get(load)
    reason = pause.reason
    if load not in found.changing and pause.left_s is None and wished is not None:
        if load in found.blind:
            reason = Reason("blind_off")  # what it could have is not known
        elif wished.amps <= TOLERANCE:
            reason = wished.reason
    return Decision(share, Paced(0.0, reason))


def _told(
    load: Load,
    reading: LoadReading,
    share: Allocation,
    paced: Paced,
    readings: Readings,
    found: Found,
) -> Paced:
    """What a load is told, with the reason that says most."""
    amps = paced.amps or 0.0
    reason = paced.reason
    if load.id in found.silent and amps > TOLERANCE:
        reason = _silence(load.id, "silent_fallback", readings, found)
    elif load.id in found.holds and amps > TOLERANCE:
        reason = found.holds[load.id].told()
    elif reason is None or reason.code == share.reason.code == "maximum":
        reason = found.taking.reason(load.id, reading, amps) or reason
    return paced if reason is paced.reason else replace(paced, reason=reason)


def _silence(load: str, code: str, readings: Readings, found: Found) -> Reason:
    """A reason that names the breaker whose meter is silent, and for how long it has been."""
    circuit = found.silent[load]
    silent_s = readings.meters[circuit].silent_s
    max_a = readings.loads[load].max_a
    numbers: dict[str, float | str] = {"circuit": circuit, "silent_s": silent_s, "max_a": max_a}
    return Reason(code, numbers)
