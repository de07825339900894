"""What is said of a load after its reason: sentences that are true beside it, each for itself."""

from __future__ import annotations

from collections.abc import Iterator

from ..limits.leg_currents import leg_current_a
from ..loads.kinds import KINDS_OF_LOADS
from ..measure.readings import LoadReading, Readings
from ..memory.load import LoadMemory
from ..options import Options
from ..reasons import Outcome, Reason, RowKind
from ..site.model import MAIN, Load, Site

_WAYS = {
    "relative": Reason("way_relative"),
    "single": Reason("way_single"),
    "unnamed": Reason("way_unnamed"),
    "default": Reason("way_default"),
}
"""By the way in which a charger is told (`loads.ocpp.ways`): what that shows of it."""


_TRYING = {"not_in_force": True, "other_in_force": True}
"""Reasons of a charger that is being told in one way after the other."""


def asides(
    load: Load,
    site: Site,
    readings: Readings,
    memory: LoadMemory,
    reason: Reason,
    options: Options,
) -> Iterator[Reason]:
    """What is said after the `reason` of a load, in this order."""
    reading, now = readings.loads[load.id], readings.at
    account = KINDS_OF_LOADS[load.kind.name].account
    yield from account.cures(load, memory)
    if not reading.active:
        return
    if _fed_in_elsewhere(reading, site, readings, reason):
        yield Reason("fed_in_elsewhere")
    code = reason.code
    if not _TRYING.get(code):
        if memory.profiles.way in _WAYS and reading.session.transaction:
            yield _WAYS[memory.profiles.way]
        if offered := _offers_less(reading, options):
            yield offered
        elif code == "takes_less" and memory.profiles.lately_in_vain(now):
            yield Reason("ways_in_vain")
    limit = reading.session.limit
    if limit.holds and limit.amps is not None and (reading.command_a or 0.0) < limit.amps:
        yield Reason("session_limit_holds", {"limit_a": limit.amps, "entity": limit.entity})
    if _keeps_on(load, reading, memory):
        yield Reason("no_fallback")


def _fed_in_elsewhere(reading: LoadReading, site: Site, readings: Readings, reason: Reason) -> bool:
    """Whether a load waits for the sun of a phase while all phases feed in more than it lacks.

    That is right where each phase is paid for itself and the battery is on all of them. The meter
    shows neither before it has moved, but the form can say it. It lacks the same on each leg.

    Example: the meter shows -8, -8 and 1.6 A, and a car on three phases has 4.8 A of its minimum of
    6 A left on C. It lacks 3.6 A in all, and 14.4 A are fed in: its battery charges on C alone.
    """
    if reason.limits is not RowKind.SURPLUS or reason.outcome is not Outcome.TOO_SMALL:
        return False
    left_a, shown = reason.numbers.get("left_a"), readings.meters.get(MAIN)
    if not reason.numbers.get("phase") or not isinstance(left_a, float):
        return False
    if site.nets is not None or site.off_grid or shown is None or shown.missing:
        return False
    return -shown.amps.total() > (reading.min_a - left_a) * len(reading.legs)


def _keeps_on(load: Load, reading: LoadReading, memory: LoadMemory) -> bool:
    """Whether a charger in a session keeps its command when Load Juggler stops: no fall-back."""
    transaction = reading.session.transaction
    if not (transaction and memory.command_a(transaction)):
        return False
    return not KINDS_OF_LOADS[load.kind.name].driver.falls_back(load, memory)


def _offers_less(reading: LoadReading, options: Options) -> Reason | None:
    """That a charger offers clearly less than it was told 15 s or more before; or `None`."""
    told_a, session = reading.command_a, reading.session
    if not told_a or session.offered_a is None or reading.draw is None or not session.transaction:
        return None
    offered_a = reading.offered_a(options.not_following_s)
    if offered_a is None:
        return None
    drawn_a = leg_current_a(reading, reading.draw)
    least = drawn_a <= offered_a + options.overdraw_a
    if not (least and offered_a < told_a - options.overdraw_a):
        return None
    return Reason("offers_less", {"offered_a": round(offered_a, 1)})
