"""What an OCPP charger is asked about itself: which units it knows, and how many stack levels.

Both are keys of its configuration (OCPP 1.6, 9.4). The OCPP integration answers a question with
{"value": ...}; a key that the charger does not know is answered with the text "Unknown".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...calls import LEVELS, UNIT, ServiceCall
from ...measure.lookup import number
from ...measure.readings import LoadReading
from ...memory.load import LoadMemory
from ...options import Options
from ...records import replace
from ...site.controls import OcppControl
from ...site.model import Load
from ..kind import Calls
from .rate_units import rate_units

UNIT_KEY = "ChargingScheduleAllowedChargingRateUnit"


LEVELS_KEY = "ChargeProfileMaxStackLevel"


MANY_LEVELS = 1000
"""A charger that does not say how many stack levels it has is taken to have more than we use."""


def ask(
    load: Load,
    control: OcppControl,
    reading: LoadReading,
    memory: LoadMemory,
    now: float,
    options: Options,
) -> tuple[Calls, LoadMemory]:
    """The calls that ask a charger for unit and stack levels, as far as these have to be known.

    Once; after a restart of the charger again, and every few minutes as long as there is no answer.
    """
    if not reading.connected:
        return (), memory

    def due(asked_at: float | None, known: object) -> bool:
        if asked_at is None:
            return True
        return known is None and not 0 <= now - asked_at < options.retry_most_s

    calls, known = [], memory.profiles
    if control.telling.unit == "auto" and due(known.unit_asked_at, known.unit):
        known = known.asked_unit(now)
        calls.append(_question(load, control, UNIT_KEY, UNIT))
    if control.telling.asks_levels and due(known.levels_asked_at, known.max_level):
        known = known.asked_levels(now)
        calls.append(_question(load, control, LEVELS_KEY, LEVELS))
    return tuple(calls), replace(memory, profiles=known) if calls else memory


def _question(load: Load, control: OcppControl, key: str, slot: str) -> ServiceCall:
    data = {"devid": control.called, "ocpp_key": key}
    return ServiceCall(load.id, "ocpp", "get_configuration", data, slot=slot)


def answered_levels(memory: LoadMemory, response: Any) -> LoadMemory:
    """Memory of a charger having said up to which stack level it takes profiles.

    One that says nothing usable is taken to know what the standard has: many do not list the key.
    """
    said = number(response.get("value")) if isinstance(response, Mapping) else None
    max_level = MANY_LEVELS if said is None or said < 0 else int(said)
    return replace(memory, profiles=memory.profiles.with_levels(max_level))


def answered_unit(memory: LoadMemory, response: Any) -> LoadMemory:
    """Memory of a charger having said which units it knows; A, if it knows both or says nothing.

    `response` is {"value": ...}: "Current", "Power", both with a comma, in any spelling of case.
    """
    said = response.get("value") if isinstance(response, Mapping) else None
    units = rate_units(said) if isinstance(said, str) else ()
    return replace(memory, profiles=memory.profiles.with_unit("W" if units == ("W",) else "A"))
