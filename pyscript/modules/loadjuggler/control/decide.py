"""The decision for each load: what it gets by the rules, what it is told now, and why.

Three files answer why a load has 8 A. `sharing/allocate` says which row ended its share, `LADDER`
here says which of several true reasons people are told, and `texts/en` has the sentence.

Example: a car gets 8 A of a full breaker (`circuit_full`), holds 6 A because its next raise is due
in 10 s (`raise_waits`), and a person pauses it (`paused_by_you`). It is told 0 A, and the reason is
`paused_by_you`, because that rung stands first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..measure.readings import LoadReading, Readings
from ..memory.memory import Memory
from ..options import Options
from ..reason_table import Family
from ..reasons import Outcome, Reason
from ..records import quick, replace
from ..sharing.allocate import Allocation
from ..site.model import Load, Site
from ..site.modes import MODES
from ..units import TOLERANCE, roughly_s
from . import by_hand, delays, undelivered
from .delays import Pause
from .dispatched import DispatchResult
from .pace import Paced


@quick
@dataclass(frozen=True, slots=True)
class Decision:
    """What is decided for a load in this run.

    - `allocation`: what it gets by the rules.
    - `paced`: what it is told now.
    - `reason`: why; that of the first rung of `LADDER` that has one.
    """

    allocation: Allocation
    paced: Paced
    reason: Reason


@quick
@dataclass(frozen=True, slots=True)
class Case:
    """One load, and all that its reason may depend on.

    - `share`: what the sharing gives it; `None`: it does not share.
    - `pause`: why it stays off for a while although it asks for something; `None`: it does not.
    - `told_a`: A per leg that it is told; `None`: nothing.
    - `paced`: what pacing made of its share; `None`: something else decides what it is told.
    - `disobeys`: why it does not do what it was told; `None`: it does.
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
        """Whether pacing tells it more than 0 A."""
        return self.paced is not None and (self.told_a or 0.0) > TOLERANCE


def decide(
    site: Site, readings: Readings, memory: Memory, dispatched: DispatchResult, options: Options
) -> dict[str, Decision]:
    """The decision for each load of the site, by load id."""
    decisions = {}
    for load in site.loads.values():
        reading, share = readings.loads[load.id], dispatched.shares.get(load.id)
        pause = dispatched.pauses.get(load.id) if reading.active else None
        told_a, paced = _commanded(load, reading, pause, dispatched)
        known = memory.load(load.id)
        disobeys = undelivered.does_otherwise(
            load, reading, known, told_a, dispatched, readings.at, options
        )
        case = Case(
            load, reading, site, readings, dispatched, share, pause, told_a, paced, disobeys
        )
        decisions[load.id] = Decision(_allocation(case), paced or Paced(told_a), why(case))
    return decisions


def _commanded(
    load: Load, reading: LoadReading, pause: Pause | None, dispatched: DispatchResult
) -> tuple[float | None, Paced | None]:
    """What a load is told, A per leg (`None`: nothing), and what pacing says if that decides it."""
    if load.id in dispatched.fixed:
        return None if reading.lost else dispatched.fixed[load.id], None
    if load.id not in dispatched.shares or reading.paused_s > 0 or by_hand.is_off(load, reading):
        return 0.0, None
    paced = dispatched.paced.get(load.id)
    unread = paced is None and load.id in dispatched.silent and reading.active
    if unread or pause is not None:
        return 0.0, None
    return paced.amps if paced else None, paced


def _allocation(case: Case) -> Allocation:
    """What a load gets by the rules; one that does not share gets what is reserved for it, or 0."""
    load, dispatched = case.load.id, case.dispatched
    if case.share is None or load in dispatched.fixed:
        reason, served_a = _first(UNSHARED, case), dispatched.fixed.get(load, 0.0)
        return Allocation(load, served_a, served_a, reason)
    if case.told_a is None and case.paced is None and load in dispatched.blind:
        return replace(case.share, available_a=None)  # what is available is not known
    return case.share


# --- the ladder: which reason is told ------------------------------------------------------------

Rung = Callable[[Case], Reason | None]
"""From a case to its reason; `None` if this rung does not apply."""


def why(case: Case) -> Reason:
    """The reason that people are told.

    An idle load that a limit leaves no room for has made way for others: it does not wait for room.
    A load that runs keeps what it has although there is too little for a start: what is needed for
    that must have lasted.
    """
    shares = case.share is not None and case.load.id not in case.dispatched.fixed
    obeys = case.disobeys is None and case.reading.connected
    reason = _first(LADDER[SHARED_FROM:] if shares and obeys else LADDER, case)
    if reason.outcome is Outcome.TOO_SMALL and case.runs:
        return Reason("keeps", {"max_a": case.reading.max_a})
    if reason.outcome is not Outcome.TOO_SMALL or reason.family is not Family.LIMIT:
        return reason
    if case.told_a == 0.0 and case.load.id in case.dispatched.usage.idle:
        return replace(reason, outcome=Outcome.GAVE_WAY)
    return reason


def _first(rungs: tuple[Rung, ...], case: Case) -> Reason:
    """The reason of the first rung that applies; AssertionError if none does."""
    for rung in rungs:
        reason = rung(case)
        if reason is not None:
            return reason
    raise AssertionError(f"no reason for {case.load.id}")


def _unreachable(case: Case) -> Reason | None:
    return None if case.reading.connected else Reason("unreachable")


def _waits_for_its_turn(case: Case) -> Reason | None:
    """Its charger holds it back while another connector of the station charges.

    Some stations charge one car after the other: that is no fault. Whether this one does is not
    known, so it is told again 3 times all the same.
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
    """Whether two loads are connectors of one charging station."""
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
    unread = served and case.load.id in case.dispatched.silent
    return _silence(case, "silent_stays", "hidden_stays") if unread else None


def _essential(case: Case) -> Reason | None:
    return Reason("essential") if case.load.id in case.dispatched.fixed else None


def _off(case: Case) -> Reason | None:
    off = case.share is None and not MODES[case.reading.mode].takes
    return Reason("off") if off else None


def _below_minimum(case: Case) -> Reason | None:
    if case.share is not None:
        return None
    reading, limit = case.reading, case.reading.session.limit
    if limit.lowers and limit.amps is not None and reading.unlimited_a() >= reading.min_a:
        least: dict[str, float | str] = {"limit_a": limit.amps, "min_a": reading.min_a}
        return Reason("session_limit_too_low", {**least, "entity": limit.entity})
    return Reason("maximum_below_minimum", {"max_a": reading.max_a, "min_a": reading.min_a})


def _paused_by_person(case: Case) -> Reason | None:
    if case.reading.paused_s > 0:
        return delays.by_person(case.reading).reason
    if not by_hand.is_off(case.load, case.reading):
        return None
    return Reason("switched_off_today" if MODES[case.reading.mode].solar else "switched_off")


def _stops_unread(case: Case) -> Reason | None:
    unread = case.load.id in case.dispatched.silent and case.reading.active
    unread = unread and case.load.id not in case.dispatched.paced
    return _silence(case, "silent_stops", "hidden_stops") if unread else None


def _changes_phases(case: Case) -> Reason | None:
    return _pause(case) if case.load.id in case.dispatched.changing else None


def _no_room_to_start(case: Case) -> Reason | None:
    """A pause without a known end has as its reason the row, or the meter, that leaves no room."""
    if case.pause is None or case.pause.left_s is not None:
        return None
    wished = case.dispatched.wished.get(case.load.id)
    if wished is not None and case.load.id in case.dispatched.blind:
        return Reason("blind_off")
    return wished.reason if wished is not None and wished.amps <= TOLERANCE else None


def _pause(case: Case) -> Reason | None:
    return case.pause.reason if case.pause else None


def _fallback(case: Case) -> Reason | None:
    unread = case.load.id in case.dispatched.silent and case.runs
    return _silence(case, "silent_fallback", "hidden_fallback") if unread else None


def _grace(case: Case) -> Reason | None:
    grace = case.dispatched.holds.get(case.load.id)
    return grace.told() if grace and case.runs else None


def _paced(case: Case) -> Reason | None:
    """The reason of pacing, unless that and the share both say that it has its maximum."""
    says = case.paced.reason if case.paced else None
    if says is None or case.share is None:
        return None
    return None if says.code == case.share.reason.code == "maximum" else says


def _spares(case: Case) -> Reason | None:
    usage, told_a = case.dispatched.usage, case.told_a or 0.0
    return usage.reason(case.load.id, case.reading, told_a) if case.paced else None


def _share(case: Case) -> Reason | None:
    return case.share.reason if case.share else None


UNSHARED: tuple[Rung, ...] = (
    _lost,  # it can't be reached, so what it may draw is reserved before the others share
    _stays_unread,  # a plug below a meter silent for over 60 s stays as it is, and is reserved
    _essential,  # its draw is reserved before the others share
    _off,  # a person has switched its mode off
    _below_minimum,  # its maximum is below its minimum, so it can't run
)
"""Rungs for loads that do not share; the first that applies is the reason of their share, too."""


LADDER: tuple[Rung, ...] = (
    _unreachable,  # nothing can be sent to it, whatever else is true
    _waits_for_its_turn,  # its charger holds it back while another car of the station charges
    _disobeys,  # it does not do what it was told, so what it was told explains nothing
    *UNSHARED,
    _paused_by_person,  # a person has paused it, or turned its switch off, whatever room there is
    _stops_unread,  # a meter above it has been silent for over 60 s, so its room is not known
    _changes_phases,  # it is off while it is switched to another number of phases
    _no_room_to_start,  # it pauses until there is room: it names what leaves none
    _pause,  # it pauses for a time that is known
    _fallback,  # a meter has been silent for over 60 s: its fallback current at most
    _grace,  # it lacks sun, and stops at a time that is known
    _paced,  # it is not told all of its share yet: no reading, a cut, a raise that waits
    _spares,  # it draws less than it may, so more would change nothing
    _share,  # its share: the row that ended it, or that it has its maximum
)
"""Which reason people are told: that of the first rung that applies.

A reason further down may be true, too, but would mislead: a car that a person has paused may also
lack sun, but more sun would not start it.
"""


SHARED_FROM = LADDER.index(_paused_by_person)
"""The rungs before this one have nothing to say of a load that shares, can be told and obeys."""


def _silence(case: Case, silent: str, hides: str) -> Reason:
    """A reason with the breaker whose meter is `silent` (for how many s) or `hides` what flows."""
    circuit = case.dispatched.silent[case.load.id]
    meter = case.readings.meters[circuit]
    numbers: dict[str, float | str] = {"circuit": circuit, "max_a": case.reading.max_a}
    if not meter.hides:
        numbers["silent_s"] = roughly_s(meter.silent_s)
    return Reason(hides if meter.hides else silent, numbers)
