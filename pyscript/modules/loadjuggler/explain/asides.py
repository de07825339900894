"""What is said of a load after its reason: sentences that are true beside it, each for itself."""

from __future__ import annotations

from collections.abc import Iterator

from ..limits.draws import leg_current_a
from ..loads.kinds import KINDS_OF_LOADS
from ..measure.readings import LoadReading
from ..memory.load import LoadMemory
from ..options import Options
from ..reasons import Reason
from ..site.model import Load

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
    reading: LoadReading,
    memory: LoadMemory,
    reason: Reason,
    now: float,
    options: Options,
) -> Iterator[Reason]:
    """What is said after the `reason` of a load, in this order."""
    account = KINDS_OF_LOADS[load.kind.name].account
    yield from account.cures(load, memory)
    if not reading.active:
        return
    code = reason.code
    if not _TRYING.get(code):
        if memory.profiles.way in _WAYS and reading.session.transaction:
            yield _WAYS[memory.profiles.way]
        if offered := _offers_less(reading, options):
            yield offered
        elif code == "takes_less" and memory.profiles.lately_in_vain(now):
            yield Reason("ways_in_vain")
    if _keeps_on(load, reading, memory):
        yield Reason("no_fallback")


def _keeps_on(load: Load, reading: LoadReading, memory: LoadMemory) -> bool:
    """Whether a charger in a session keeps its command when Load Juggler stops: no fall-back."""
    transaction = reading.session.transaction
    if not (transaction and memory.command_a(transaction)):
        return False
    return not KINDS_OF_LOADS[load.kind.name].driver.falls_back(load, memory)


def _offers_less(reading: LoadReading, options: Options) -> Reason | None:
    """That a charger offers clearly less than it was told 15 s or more before; or `None`."""
    told_a, offered_a = reading.command_a, reading.offered_a(options.not_following_s)
    if not told_a or offered_a is None or reading.draw is None or not reading.session.transaction:
        return None
    drawn_a = leg_current_a(reading, reading.draw)
    least = drawn_a <= offered_a + options.overdraw_a
    if not (least and offered_a < told_a - options.overdraw_a):
        return None
    return Reason("offers_less", {"offered_a": round(offered_a, 1)})
