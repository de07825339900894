"""An OCPP 1.6 charger behind Home Assistant's OCPP integration.

Everything goes out as `custom_profile` with an explicit `devid` and `conn_id`: the integration's
own ampere and watt fields limit the whole station, and an unknown `devid` commands the first
charger it has. So a charger is only commanded while entities of its own exist.

While a transaction runs, a TxProfile with its id; otherwise a TxDefaultProfile, which the next
transaction starts with. Stack level 0, in A per phase, without expiry.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..following import ASK, CLEAR, RESET
from ..memory import LoadMemory
from ..model import Load, LoadReading, OcppControl, ServiceCall
from ..units import TOLERANCE, floor_to_step

TX_PROFILE_ID = 7001
DEFAULT_PROFILE_ID = 7000
"""Profile ids of our own; the connector is added, times ten, so that each has its own."""


def command(
    load: Load,
    control: OcppControl,
    reading: LoadReading,
    memory: LoadMemory,
    amps: float,
    again: bool = False,
) -> tuple[ServiceCall | None, LoadMemory]:
    """The call that limits the connector to `amps` per phase, if that is not in force already.

    Or, `again`, even if it should be.
    """
    known = not again and _same(memory.command_a(reading.transaction), amps)
    if not reading.connected or known:
        return None, memory
    if reading.transaction:
        told = memory.told(tx_a=amps, tx=reading.transaction)
    else:
        told = memory.told(default_a=amps)
    made = profile(control.connector, amps, reading.transaction)
    return _call(load, control, made, told), told


def safe_level(
    load: Load, control: OcppControl, reading: LoadReading, memory: LoadMemory
) -> tuple[ServiceCall | None, LoadMemory]:
    """The call that leaves the minimum as TxDefaultProfile for the next car, if it is not there."""
    if not reading.connected or _same(memory.default_a, reading.min_a):
        return None, memory
    told = memory.told(default_a=reading.min_a)
    return _call(load, control, profile(control.connector, reading.min_a, 0), told), told


def remedy(
    load: Load, control: OcppControl, reading: LoadReading, memory: LoadMemory, step: str
) -> tuple[tuple[ServiceCall, ...], LoadMemory]:
    """What is tried with a charger that does not follow, before it is told again.

    Its profiles are cleared (the integration clears all of OCPP 1.6's at once), the safe default
    being there first; or it is restarted by its button, after which nothing is known of them.
    """
    if not reading.connected:
        return (), memory
    forgot = replace(memory, tx_a=None, tx=0, default_a=None)
    if step == ASK:
        data = {"devid": control.devid, "requested_message": "MeterValues"}
        return (_aside(load, "ocpp", "trigger_custom_message", data, step),), memory
    if step == CLEAR:
        safe, _ = safe_level(load, control, reading, forgot)
        clear = _aside(load, "ocpp", "clear_profile", {"devid": control.devid}, step)
        return tuple(call for call in (safe, clear) if call), forgot
    if step == RESET:
        button = {"entity_id": load.reset_button}
        return (_aside(load, "button", "press", button, step),), forgot
    return (), memory


def _aside(load: Load, domain: str, service: str, data: dict[str, Any], step: str) -> ServiceCall:
    """A call that tells the charger no current."""
    return ServiceCall(load.id, domain, service, data, slot=step)


def profile(connector: int, amps: float, transaction: int) -> dict[str, Any]:
    """A charging profile of OCPP 1.6 (section 7.8): `amps` per phase, 0 to pause.

    `transaction` is the id of the running one, 0 for none. The limit is floored to 0.1 A, the
    finest that the standard allows (7.14).
    """
    made: dict[str, Any] = {
        "chargingProfileId": (TX_PROFILE_ID if transaction else DEFAULT_PROFILE_ID)
        + connector * 10,
        "stackLevel": 0,
        "chargingProfilePurpose": "TxProfile" if transaction else "TxDefaultProfile",
        "chargingProfileKind": "Relative",
        "chargingSchedule": {
            "chargingRateUnit": "A",
            "chargingSchedulePeriod": [{"startPeriod": 0, "limit": floor_to_step(amps, 0.1)}],
        },
    }
    if transaction:
        made["transactionId"] = transaction
    return made


def _call(
    load: Load, control: OcppControl, custom_profile: dict[str, Any], told: LoadMemory
) -> ServiceCall:
    data = {
        "devid": control.devid,
        "conn_id": control.connector,
        "custom_profile": custom_profile,
    }
    slot = str(custom_profile["chargingProfilePurpose"])
    return ServiceCall(load.id, "ocpp", "set_charge_rate", data, told.held(), slot)


def _same(one: float | None, two: float) -> bool:
    return one is not None and abs(one - two) <= TOLERANCE
