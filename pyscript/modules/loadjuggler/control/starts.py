"""When a load may start: since when there has been room for it, and sun that lasts.

**A load that was stopped** starts when the limits, and its source, have had room for its minimum
for as long as its pause. Room under a breaker must have been there all the time: a hob that comes
and goes must not switch a car. Sun comes and goes, so a gap takes away as much as it lasts
(`memory.lasting`): neither a flash of sun starts a load, nor does a flicker keep it off.

**A load that lives from the sun and was not stopped** (its car has just come, or the sun has just
risen) starts when the sun has been enough for 20 s (`start_s`), counted in the same way, and while
there is no car, too. A mode that was just set acts at once.

Example: a solar-only car with a minimum of 6 A and a pause of 3 min, stopped at 0 s.

    time, s           0      60      80                        600             780
    the sun, A        3      7       3                         8               8
    has been enough   0      0       20, and none at 100 s     0               180: it starts

Sources: docs/product.md section 5; docs/decisions/0013 and 0034.
"""

from __future__ import annotations

from collections.abc import Container, Mapping

from ..measure.readings import LoadReading, Readings
from ..memory.load import LoadMemory
from ..memory.memory import Memory
from ..memory.timers import Delays
from ..reasons import RowKind
from ..records import replace
from ..sharing.allocate import Shares
from ..site.model import Load, Site
from ..site.modes import MODES
from ..units import TOLERANCE

BRIDGED = frozenset(
    (RowKind.SURPLUS, RowKind.BATTERY_FIRST, RowKind.EXCESS, RowKind.INVERTER),
)
"""Kinds of rows whose lack a load may bridge for its grace, and whose room need not be unbroken.

A limit (CIRCUIT, IMPORT) stops it at once, and so does OWN: there nothing may come from the grid.
"""


LACKED = frozenset((*BRIDGED, "makes_way"))
"""What a load can lack that is no limit, as `Delays.stopped_for`."""


TRIES_AFTER = 20
"""After this many pauses (of 3 min: 1 h) a load that a limit has stopped starts as soon as it has
room."""


RUNS_A = 1.0
"""A load that draws no more than this does not run, A per leg."""


def begins(reading: LoadReading, known: Delays) -> bool:
    """Whether a load that lives from the sun has yet to begin: it was neither started nor stopped.

    One that is found running, or whose mode was set in this run, is none of these.
    """
    if not (MODES[reading.mode].solar and reading.active) or known.new:
        return False
    before = (known.started_at, known.stopped_at, known.rest_until)
    if before != (None, None, None):
        return False
    return reading.command_a is not None or reading.drawing_a() <= RUNS_A


def lasts_s(load: Load, reading: LoadReading, known: Delays, now: float, start_s: float) -> float:
    """For how many s there must have been room for a load before it starts at `now` (epoch s).

    That is its pause after a stop, and 20 s (`start_s`) at least for one that lives from the sun.
    For one that a limit has stopped it is no longer than that after 20 pauses. Sun that never lasts
    for a pause, gaps taken away, is not worth a try: each would end in a grace from the grid.
    """
    least_s = start_s if MODES[reading.mode].solar else 0.0
    pause_s = load.stays_off_s
    if known.stopped_at is None:
        return least_s
    if known.stopped_for not in LACKED and now - known.stopped_at >= TRIES_AFTER * pause_s:
        return least_s
    return max(pause_s, least_s)


def seen(
    site: Site,
    readings: Readings,
    memory: Memory,
    wished: Mapping[str, bool | None],
    shares: Shares,
    silent: Container[str],
    start_s: float,
) -> dict[str, LoadMemory]:
    """The memories that change: since when there is room for loads that are off, by load id.

    `wished` says of each load that pauses whether there is room for it now; `None`: it lacks a
    source that it may bridge. For a charger without a car `shares` says what would be available.
    Below a `silent` meter room is not known, so nothing changes there.
    """
    found, now = {}, readings.at
    for load in site.loads.values():
        reading, old = readings.loads[load.id], memory.load(load.id)
        known = old.delays.acted()
        if load.id in silent:
            pass
        elif load.id in wished:
            room = wished[load.id]
            if room:
                known = known.room(now)
            else:
                most_s = max(load.stays_off_s, start_s) if room is None else None
                known = known.no_room(now, most_s)
        elif not reading.active and MODES[reading.mode].solar and load.id in shares.amps:
            enough = (shares[load.id].available_a or 0.0) > TOLERANCE
            known = known.room(now) if enough else known.no_room(now, start_s)
        if known is not old.delays:
            found[load.id] = replace(old, delays=known)
    return found
