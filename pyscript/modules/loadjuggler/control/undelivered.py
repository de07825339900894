"""Loads that can't be told anything: their calls fail, or they speak another version of OCPP.

That is at least as grave as a load that does not follow: nothing that is decided for it happens.
So after 15 s (`not_following_s`) and two failures people are told (status, site, notification), and
the sharing counts with what it is known to hold, not with what it was to have.

Example on 25 A: a car holds 10 A, and is to have 16 A; each call fails.

    time, s       0        5       15          35     75    155
    call          fails    fails   fails       fails  ...             each time twice as long
    its share     16       16      10          10                     15 A are left to others
    status        charging                     not_following          from 15 s on
                                   |---------- until a call goes through ---------->

It is told its share again each time, a cut as well as what it holds, until that goes through.

Times are epoch s, currents A per leg. Source: docs/decisions/0031.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..loads.kinds import KINDS_OF_LOADS
from ..measure.readings import LoadReading, Readings
from ..memory.load import LoadMemory
from ..memory.memory import Memory
from ..options import Options
from ..reasons import Reason
from ..site.model import Load, Site
from ..texts.wording import bounded_text
from . import compliance, inforce
from .dispatched import DispatchResult

LEAST_FAILURES = 2
"""One call that fails may have been lost on its way."""


ERROR_SIGNS = 160
"""So much of an error is shown: some have the whole profile in them."""


def untold(
    load: Load, reading: LoadReading, memory: LoadMemory, now: float, options: Options
) -> Reason | None:
    """Why nothing that `load` is told arrives; `None`: it arrives, as far as is known."""
    other = KINDS_OF_LOADS[load.kind.name].account.unreached(load, memory)
    if other is not None:
        return other
    calls = memory.calls
    failing_s = 0.0 if calls.failing_since is None else now - calls.failing_since
    if calls.failures < LEAST_FAILURES or failing_s < options.not_following_s:
        return None
    numbers: dict[str, float | str] = {"error": shown(calls.error), "failing_s": failing_s}
    if reading.command_a is None:
        return Reason("never_told", {**numbers, "draw_a": round(reading.drawing_a(), 1)})
    return Reason("not_told", {**numbers, "kept_a": reading.command_a})


def does_otherwise(
    load: Load,
    reading: LoadReading,
    memory: LoadMemory,
    told_a: float | None,
    found: DispatchResult,
    now: float,
    options: Options,
) -> Reason | None:
    """Why a load does not do what it was told, or can't be told; `None`: it does.

    `told_a` is what it is told now (`None`: nothing), `found` what this run has found out.
    """
    if not reading.connected or reading.lost:
        return None
    reason = found.untold.get(load.id)
    if reason is not None or told_a is None:
        return reason
    idle, over_told = load.id in found.usage.idle, load.id in found.over_told
    other = inforce.reason(load, reading, memory, over_told, now, options)
    return other or compliance.disobeys(load, reading, memory, idle, over_told, now, options)


def reasons(site: Site, readings: Readings, memory: Memory, options: Options) -> dict[str, Reason]:
    """Why nothing that loads are told arrives, by the ids of those of which that is so."""
    found = {}
    for load in site.loads.values():
        reading, known = readings.loads[load.id], memory.load(load.id)
        reason = untold(load, reading, known, readings.at, options)
        if reason is not None:
            found[load.id] = reason
    return found


def held_a(readings: Readings, untold: Mapping[str, Reason]) -> dict[str, float]:
    """What loads in `untold`, which can't be told, are known to hold, A per leg by load id.

    That is the last command that went through; without one it is what they draw.
    """
    found = {}
    for load, reason in untold.items():
        reading, arrived = readings.loads[load], reason.code == "not_told"
        found[load] = reading.command_a or 0.0 if arrived else reading.drawing_a()
    return found


def shown(error: str) -> str:
    """An error in one line, not too long."""
    return bounded_text(error, ERROR_SIGNS)
