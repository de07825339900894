"""What each load gets by the rules, what it is told now, and why: the result of a run.

Why a load has 8 A is answered in three files: `sharing/allocate` says which row ended its share,
`LADDER` here says which of all reasons it is told, `texts/en` has the sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ..measure.readings import LoadReading, Readings
from ..memory.memory import Memory
from ..options import Options
from ..reason_table import Family
from ..reasons import Outcome, Reason
from ..records import replace
from ..sharing.allocate import Allocation
from ..sharing.utilisation import Usage
from ..site.model import Load, Site
from ..site.modes import MODES
from ..units import TOLERANCE
from . import compliance, delays
from .delays import Grace, Pause
from .pace import Paced


@dataclass(frozen=True, slots=True)
class Decision:
    """What a load gets by the rules, what it is told now, and why.

    `reason` is that of the first rung of `LADDER` that has one.
    """

    allocation: Allocation
    paced: Paced
    reason: Reason


@dataclass(frozen=True, slots=True)
class DispatchResult:
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
    usage: Usage
    blind: frozenset[str]
    free_a: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Case:
    """One load when its reason is chosen.

    `share` is what the sharing gives it (`None`: it does not share), `pause` why it stays off for a
    while although it asks for something. `told_a` (A per leg) is what it is told (`None`: nothing),
    `paced` what pacing made of its share, if that is what it is told. `disobeys` is what is said
    of it where it does something else than it was told.
    """

    load: Load
    reading: LoadReading
    site: Site
    readings: Readings
    dispatched: DispatchResult
    share: Allocation | None
    pause: Pause | None
    told_a: float | None
    paced: Paced | None
    disobeys: Reason | None

    @property
    def runs(self) -> bool:
        """Whether pacing has given it something."""
        return self.paced is not None and (self.told_a or 0.0) > TOLERANCE


def decide(
    site: Site, readings: Readings, memory: Memory, dispatched: DispatchResult, options: Options
) -> dict[str, Decision]:
    """The decision for each load of the site."""
    decisions = {}
    for load in site.loads.values():
        reading, share = readings.loads[load.id], dispatched.shares.get(load.id)
        pause = dispatched.pauses.get(load.id) if reading.active else None
        told_a, paced = _commanded(load, reading, pause, dispatched)
        disobeys = None
        if reading.connected and not reading.lost and told_a is not None:
            known, idle = memory.load(load.id), load.id in dispatched.usage.idle
            disobeys = compliance.disobeys(load, reading, known, idle, readings.at, options)
        case = Case(
            load, reading, site, readings, dispatched, share, pause, told_a, paced, disobeys
        )
        decisions[load.id] = Decision(_allocation(case), paced or Paced(told_a), why(case))
    return decisions


def _commanded(
    load: Load, reading: LoadReading, pause: Pause | None, dispatched: DispatchResult
) -> tuple[float | None, Paced | None]:
    """What a load is told (A per leg): 0 if anything keeps it off, else what pacing says."""
    if load.id in dispatched.fixed:
        return None if reading.lost else dispatched.fixed[load.id], None
    if load.id not in dispatched.shares or reading.paused_s > 0:
        return 0.0, None
    paced = dispatched.paced.get(load.id)
    unread = reading.active and load.id in dispatched.silent and paced is None
    if unread or pause is not None:
        return 0.0, None
    return paced.amps if paced else None, paced


def _allocation(case: Case) -> Allocation:
    """What it gets by the rules; one that does not share is served before, or gets nothing."""
    load, dispatched = case.load.id, case.dispatched
    if case.share is None or load in dispatched.fixed:
        reason, served_a = _first(UNSHARED, case), dispatched.fixed.get(load, 0.0)
        return Allocation(load, served_a, served_a, reason)
    if case.told_a is None and case.paced is None and load in dispatched.blind:
        return replace(case.share, available_a=None)  # what there is can't be told
    return case.share


# --- the ladder: which reason is told ------------------------------------------------------------

Rung = Callable[[Case], Reason | None]
"""A reason of a load, or `None` if this is not what it is about."""


def why(case: Case) -> Reason:
    """The reason that the load is told.

    One that takes nothing anyway does not wait for a limit, it makes way for others.
    """
    reason = _first(LADDER, case)
    makes_way = case.load.id in case.dispatched.usage.idle and case.told_a == 0.0
    if makes_way and reason.family is Family.LIMIT and reason.outcome is Outcome.TOO_SMALL:
        return replace(reason, outcome=Outcome.GAVE_WAY)
    return reason


def _first(rungs: tuple[Rung, ...], case: Case) -> Reason:
    for rung in rungs:
        reason = rung(case)
        if reason is not None:
            return reason
    raise AssertionError(f"no reason for {case.load.id}")


def _unreachable(case: Case) -> Reason | None:
    return None if case.reading.connected else Reason("unreachable")


def _waits_for_its_turn(case: Case) -> Reason | None:
    """Some stations charge one car after the other: that is no fault.

    Whether this one does is not known, so it is told again a few times all the same.
    """
    if case.disobeys is None or case.disobeys.code != "held_back":
        return None
    for other in case.site.loads.values():
        beside = case.readings.loads[other.id]
        if other.id == case.load.id or not _same_station(case.load, other):
            continue
        if beside.active and beside.command_a and other.id not in case.dispatched.usage.idle:
            return Reason("waits_turn", {"max_a": case.reading.max_a, "other": other.id})
    return None


def _same_station(one: Load, two: Load) -> bool:
    station = one.control.station
    return station is not None and station == two.control.station


def _disobeys(case: Case) -> Reason | None:
    return case.disobeys


def _lost(case: Case) -> Reason | None:
    served_a = case.dispatched.fixed.get(case.load.id)
    if served_a is None or not case.reading.lost:
        return None
    return Reason("lost", {"kept_a": served_a})


def _stays_unread(case: Case) -> Reason | None:
    served = case.load.id in case.dispatched.fixed and not case.load.essential
    return (
        _silence(case, "silent_stays")
        if served and case.load.id in case.dispatched.silent
        else None
    )


def _essential(case: Case) -> Reason | None:
    return Reason("essential") if case.load.id in case.dispatched.fixed else None


def _off(case: Case) -> Reason | None:
    off = case.share is None and not MODES[case.reading.mode].takes
    return Reason("off") if off else None


def _below_minimum(case: Case) -> Reason | None:
    if case.share is not None:
        return None
    limits = {"max_a": case.reading.max_a, "min_a": case.reading.min_a}
    return Reason("maximum_below_minimum", limits)


def _paused_by_person(case: Case) -> Reason | None:
    return delays.by_person(case.reading).reason if case.reading.paused_s > 0 else None


def _stops_unread(case: Case) -> Reason | None:
    paced = case.load.id in case.dispatched.paced
    unread = case.reading.active and case.load.id in case.dispatched.silent and not paced
    return _silence(case, "silent_stops") if unread else None


def _changes_phases(case: Case) -> Reason | None:
    return _pause(case) if case.load.id in case.dispatched.changing else None


def _no_room_to_start(case: Case) -> Reason | None:
    """A pause that lasts until there is room is told by what leaves none, if that is known."""
    wished = case.dispatched.wished.get(case.load.id)
    if case.pause is None or case.pause.left_s is not None or wished is None:
        return None
    if case.load.id in case.dispatched.blind:
        return Reason("blind_off")
    return wished.reason if wished.amps <= TOLERANCE else None


def _pause(case: Case) -> Reason | None:
    return case.pause.reason if case.pause else None


def _fallback(case: Case) -> Reason | None:
    unread = case.load.id in case.dispatched.silent and case.runs
    return _silence(case, "silent_fallback") if unread else None


def _grace(case: Case) -> Reason | None:
    grace = case.dispatched.holds.get(case.load.id)
    return grace.told() if grace and case.runs else None


def _paced(case: Case) -> Reason | None:
    """What pacing says, unless that is what its share says, too: that it has its maximum."""
    says = case.paced.reason if case.paced else None
    if says is None or case.share is None:
        return None
    return None if says.code == case.share.reason.code == "maximum" else says


def _spares(case: Case) -> Reason | None:
    if case.paced is None:
        return None
    return case.dispatched.usage.reason(case.load.id, case.reading, case.told_a or 0.0)


def _share(case: Case) -> Reason | None:
    return case.share.reason if case.share else None


UNSHARED: tuple[Rung, ...] = (
    _lost,  # nothing is heard of it, so what it takes is reserved before the others share
    _stays_unread,  # a plug below a silent meter stays as it is, and is reserved, too
    _essential,  # it is served before the others share
    _off,  # a person has switched its mode off
    _below_minimum,  # it can't run with the maximum that it has been given
)
"""Rungs of loads that take no part in the sharing, which are also the reason of their share."""


LADDER: tuple[Rung, ...] = (
    _unreachable,  # nothing can be sent to it, so nothing below can be acted on
    _waits_for_its_turn,  # its charger holds it back, for another car of the same station
    _disobeys,  # it does something else than it was told, so what it was told explains nothing
    *UNSHARED,
    _paused_by_person,  # a person lets it rest, whatever there is
    _stops_unread,  # a meter has been silent for so long that nobody can say what there is
    _changes_phases,  # it is off for a moment, while it is switched
    _no_room_to_start,  # it stays off until a row has room: the row, or the meter that hides it
    _pause,  # it stays off for a time that is known
    _fallback,  # a meter has been silent for long: it has its fallback current at most
    _grace,  # it lacks sun, and stops in a while that is known
    _paced,  # it is not told all of its share yet: no reading, a cut, a raise that waits
    _spares,  # it takes less than it has: more would change nothing
    _share,  # its share: the row that ended it, or its maximum
)
"""Which reason wins: the first that a load has, from what a person must know first.

A reason further down may be true, too, but it would mislead: a car that a person has paused may
also lack sun, yet more sun would not start it.
"""


def _silence(case: Case, code: str) -> Reason:
    """A reason that names the breaker whose meter is silent, and for how long it has been."""
    circuit = case.dispatched.silent[case.load.id]
    silent_s = case.readings.meters[circuit].silent_s
    max_a = case.reading.max_a
    numbers: dict[str, float | str] = {"circuit": circuit, "silent_s": silent_s, "max_a": max_a}
    return Reason(code, numbers)
