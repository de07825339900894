"""A user limits the session of a charger by a number of the OCPP integration (from v0.12 on).

The integration sends that as a TxProfile without end, at the highest stack level that the charger
says, 0 without one. So the charger obeys it instead of a command at a level below, whether it is
lower or higher (OCPP 1.6, 3.13.2). The number shows the limit that the charger has accepted for the
session that runs; nothing before that, after a restart, or with another session.

Here it counts as the maximum of the load. Whether a command can be lower, and how, is in `drive`
and `make.level_above_users`. Source: docs/decisions/0042.
"""

from __future__ import annotations

from ...measure.lookup import Sensing, amps
from ...measure.numbers import number
from ...measure.readings import NO_LIMIT, SessionLimit
from ...memory.load import LoadMemory
from ...records import replace
from ...site.controls import OcppControl, Telling
from ...site.model import Load
from ...units import TOLERANCE
from .version import V1_6
from .ways import DEFAULT


def read_limit(
    at: Sensing,
    load: Load,
    memory: LoadMemory,
    legs: int,
    most_a: float,
    transaction: int,
    *,
    runs: bool,
) -> tuple[SessionLimit, LoadMemory]:
    """What a user limits the session to, if one `runs` now, and the memory with a new limit."""
    limit = _limit(at, load, memory, legs, most_a, transaction) if runs else NO_LIMIT
    return limit, _as_obeyed(memory, limit, at.now)


def _limit(
    at: Sensing, load: Load, memory: LoadMemory, legs: int, most_a: float, transaction: int
) -> SessionLimit:
    """What a user limits the session to.

    `most_a` is what the load may take without it, A per leg. A command can be lower if it can have
    the level of that limit: it must be one of the session, and the highest level must be known.
    """
    found = at.first(load.sensors.session_limit)
    shown = None if found is None else number(found[1].value)
    if found is None or shown is None or shown < 0:
        return NO_LIMIT
    unit = found[1].attributes.get("unit_of_measurement")
    limit_a = amps(shown, unit, at.site.voltage_v, max(legs, 1))
    if limit_a is None:
        return NO_LIMIT
    telling = load.control.telling if isinstance(load.control, OcppControl) else Telling()
    by_session = telling.version == V1_6 and telling.purpose == "auto" and transaction
    lowers = by_session and memory.profiles.way != DEFAULT
    known = memory.profiles.max_level is not None
    return SessionLimit(limit_a, found[0], most_a, not (lowers and known))


def _as_obeyed(memory: LoadMemory, limit: SessionLimit, now: float) -> LoadMemory:
    """The memory in which a limit that is new counts as a command that is replaced now (epoch s).

    The charger may obey it until it has the command again, so what it draws by that is not taken
    for the house.
    """
    held_a = memory.profiles.limit_a
    if limit.amps is None or limit.holds:
        return memory
    if held_a is not None and abs(held_a - limit.amps) <= TOLERANCE:
        return memory
    return replace(memory, calls=memory.calls.obeyed(limit.amps, now))
