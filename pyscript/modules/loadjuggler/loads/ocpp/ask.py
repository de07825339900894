"""Asks an OCPP charger which unit and how many stack levels it takes, and reads its answers.

Until it has answered it is told in A, which nearly all chargers take, and on two stack levels, as
the standard has them. Sources: docs/decisions/0017; OCPP 1.6, section 9.4.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...calls import LEVELS, UNIT, ServiceCall
from ...measure.numbers import number
from ...measure.readings import LoadReading
from ...memory.load import LoadMemory
from ...options import Options
from ...records import replace
from ...site.controls import OcppControl
from ...site.model import Load
from ..kind import Calls
from .rate_units import rate_units
from .version import V1_6, V2_0_1

UNIT_KEY = "ChargingScheduleAllowedChargingRateUnit"
"""Key of OCPP 1.6 (9.4.2) by which a charger says which units it takes."""


LEVELS_KEY = "ChargeProfileMaxStackLevel"
"""Key of OCPP 1.6 (9.4.1) by which a charger says the highest stack level that it takes."""


MANY_LEVELS = 1000
"""A charger that does not say how many stack levels it has is taken to have this many."""


def ask(
    load: Load,
    control: OcppControl,
    reading: LoadReading,
    memory: LoadMemory,
    now: float,
    options: Options,
) -> tuple[Calls, LoadMemory]:
    """The calls that ask a charger for its unit and stack levels, if the form leaves them open.

    It is asked once, again after a restart, and every 300 s (`retry_most_s`) until it answers.
    """
    telling, known = control.telling, memory.profiles
    if telling.version != V1_6:
        return _ask_version(load, control, reading, memory, now, options)
    # A limit that a user has set for a session is at the highest level.
    asks_levels = telling.asks_levels or reading.session.limit.amps is not None
    if not reading.connected or not (telling.unit == "auto" or asks_levels):
        return (), memory
    calls: Calls = ()
    if telling.unit == "auto" and _due(known.unit_asked_at, known.unit, now, options):
        memory = replace(memory, profiles=known.asked_unit(now))
        calls = (_question(load, control, UNIT_KEY, UNIT),)
    if asks_levels and _due(known.levels_asked_at, known.max_level, now, options):
        memory = replace(memory, profiles=memory.profiles.asked_levels(now))
        calls = (*calls, _question(load, control, LEVELS_KEY, LEVELS))
    return calls, memory


def _ask_version(
    load: Load,
    control: OcppControl,
    reading: LoadReading,
    memory: LoadMemory,
    now: float,
    options: Options,
) -> tuple[Calls, LoadMemory]:
    """The call that asks for a key of OCPP 1.6, until it is sure that the charger speaks 2.0.1.

    Only a charger of 1.6 answers it; for one of 2.0.1 the integration refuses it (`version`).
    """
    known = memory.profiles
    sure = known.speaks == V2_0_1
    if sure or not reading.connected or not _due(known.unit_asked_at, None, now, options):
        return (), memory
    memory = replace(memory, profiles=known.asked_unit(now))
    return (_question(load, control, UNIT_KEY, UNIT),), memory


def _due(asked_at: float | None, answer: object, now: float, options: Options) -> bool:
    """Whether to ask now: it was not asked yet, or there is no `answer` for 300 s."""
    if asked_at is None:
        return True
    return answer is None and not 0 <= now - asked_at < options.retry_most_s


def _question(load: Load, control: OcppControl, key: str, slot: str) -> ServiceCall:
    """The call that asks for the configuration `key`."""
    data = {"devid": control.called, "ocpp_key": key}
    return ServiceCall(load.id, "ocpp", "get_configuration", data, slot=slot)


def answered_levels(memory: LoadMemory, response: Any) -> LoadMemory:
    """The memory after a charger said up to which stack level it takes profiles.

    `response` is {"value": "1"}. Without a usable value the charger is taken to have many levels,
    as the standard has: many chargers do not list the key.
    """
    said = number(response.get("value")) if isinstance(response, Mapping) else None
    max_level = MANY_LEVELS if said is None or said < 0 else int(said)
    return replace(memory, profiles=memory.profiles.with_levels(max_level))


def answered_unit(memory: LoadMemory, response: Any) -> LoadMemory:
    """The memory after a charger said which units it takes: A, unless it takes W only.

    `response` is {"value": ...}: "Current", "Power", or both with a comma, in any case. A charger
    of OCPP 2.0.1 can't answer, because the key is one of 1.6.
    """
    answered = isinstance(response, Mapping)
    said = response.get("value") if answered else None
    units = rate_units(said) if isinstance(said, str) else ()
    profiles = memory.profiles.found_to_speak(V1_6 if answered else "")
    return replace(memory, profiles=profiles.with_unit("W" if units == ("W",) else "A"))
