"""From an amount to the call that tells it to an OCPP charger: one function for each kind of call.

`drive` says which of them are made when. Currents are A per phase.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from ...calls import SWITCH, ServiceCall
from ...measure.readings import LoadReading
from ...memory.load import LoadMemory
from ...site.controls import OcppControl
from ...site.model import Load
from ...units import TOLERANCE, floor_to_step
from ..phases import by_profile
from .ask import MANY_LEVELS
from .profiles import STATION_MAX, ProfileLimit, Validity, profile


def limit_in_session(
    load: Load, reading: LoadReading, memory: LoadMemory, amps: float, *, command: bool = False
) -> ProfileLimit:
    """What a profile says for `amps` in the running transaction.

    `command`: it is the command, not the safe layer. The command of a charger that is paused by its
    minimum says that minimum instead of 0.
    """
    said_a = max(amps, reading.session.least_a) if command else amps
    phases = by_profile(load, memory)
    level = level_above_users(memory) if command else 0
    return ProfileLimit(
        said_a,
        reading.session.transaction,
        command,
        memory.profiles.watt_legs,
        phases,
        level=level,
    )


def level_above_users(memory: LoadMemory) -> int:
    """The stack level that a command needs at least, because a user has limited its session.

    The OCPP integration (v0.12) sends that limit as a TxProfile at the highest level that the
    charger says, 0 without one. A profile of the same purpose and level replaces it (OCPP 1.6,
    3.13.2), so a command at that level holds instead of it.
    """
    highest = memory.profiles.max_level
    if memory.profiles.limit_a is None or highest is None or highest >= MANY_LEVELS:
        return 0
    return highest


def watt_legs(control: OcppControl, reading: LoadReading, memory: LoadMemory) -> int:
    """The number of legs among which a charger shares its W; 0: it is told in A.

    Until it has said which unit it takes it is told in A, which nearly all take.
    """
    unit = control.telling.unit
    if unit == "auto":
        unit = memory.profiles.unit or "A"
    return len(reading.legs) if unit == "W" else 0


def aside(load: Load, domain: str, service: str, data: dict[str, Any], step: str) -> ServiceCall:
    """A call that tells the charger no current; `step` is its slot."""
    return ServiceCall(load.id, domain, service, data, slot=step)


def switch(load: Load, entity: str, *, on: bool) -> ServiceCall:
    """The call that turns a charger's switch on, or off to pause it."""
    service = "turn_on" if on else "turn_off"
    return aside(load, entity.split(".", maxsplit=1)[0], service, {"entity_id": entity}, SWITCH)


def default(
    load: Load,
    control: OcppControl,
    reading: LoadReading,
    amps: float,
    told: LoadMemory,
    held_at: float | None = None,
) -> ServiceCall:
    """The call that writes `amps` as TxDefaultProfile, or as the form's other purpose.

    `held_at` (epoch s): sessions that begin are held at 0 A before that for a while.
    """
    phases = by_profile(load, told)
    said_a = max(amps, reading.session.least_a)
    limit = ProfileLimit(said_a, 0, False, told.profiles.watt_legs, phases, held_at)
    return call(load, control, profile(control, limit, Validity()), told)


def call(
    load: Load, control: OcppControl, custom_profile: dict[str, Any], told: LoadMemory
) -> ServiceCall:
    """The call that sends a profile; `told` is the memory if it goes through."""
    slot = str(custom_profile["chargingProfilePurpose"])
    data = {
        "devid": control.called,
        "conn_id": 0 if control.telling.purpose == STATION_MAX else control.connector,
        "custom_profile": custom_profile,
    }
    return ServiceCall(load.id, "ocpp", "set_charge_rate", data, told.command.held(), slot)


def same(one: float | None, two: float) -> bool:
    """Whether `one` is known and the same current as `two`."""
    return one is not None and abs(one - two) <= TOLERANCE


@lru_cache(maxsize=256)
def safe_current_a(fallback_a: float, min_a: float, max_a: float, step_a: float) -> float:
    """The safe current, A per phase: what the form says, but at least the minimum; 0 if it says 0.

    A fallback current between 0 and the minimum would pause the car until its session ends. It
    depends on its arguments only, which stay the same for weeks.
    """
    if fallback_a <= 0.0:
        return 0.0
    return max(floor_to_step(min(fallback_a, max_a), step_a), min_a)
