"""Charging profiles of OCPP 1.6 (section 7.8) and 2.0.1 (K01), as they go out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ...site.controls import OcppControl, Telling
from ...units import amps_to_watts, floor_to_step

DEFAULT_ID, COMMAND_ID, SAFE_ID, STATION_ID = 7000, 7001, 7002, 7003
"""Profile ids of our own; the connector is added, times ten, so that each has its own."""


STATION_MAX = "ChargePointMaxProfile"


BEGUN_S = 60.0
"""What runs by the clock began so long ago: the charger's clock may be a little late."""


LONG_AGO = 1577836800.0
"""What is to hold in any case began in 2020, for a charger that wants to have it by the clock."""


@dataclass(frozen=True, slots=True)
class ProfileLimit:
    """A per phase, 0 to pause; in which transaction (0: for those to come); the `command` in it.

    In W for `watt_legs` legs, or in A (0). `phases` is how many it is to be switched to (0: it is
    not said).
    """

    amps: float
    transaction: int = 0
    command: bool = False
    watt_legs: int = 0
    phases: int = 0


@dataclass(frozen=True, slots=True)
class Validity:
    """From `now` on (epoch s) for `seconds`; `None`: without end."""

    now: float = 0.0
    seconds: float | None = None


def profile(control: OcppControl, limit: ProfileLimit, valid: Validity) -> dict[str, Any]:
    """A profile with one period."""
    telling = control.telling
    station = not limit.transaction and telling.purpose == STATION_MAX
    above = 1 if limit.command and telling.layers > 1 else 0
    number = COMMAND_ID if limit.command else SAFE_ID
    number = STATION_ID if station else number if limit.transaction else DEFAULT_ID
    purpose = "TxProfile" if limit.transaction else "TxDefaultProfile"
    schedule: dict[str, Any] = {
        "chargingRateUnit": "W" if limit.watt_legs else "A",
        "chargingSchedulePeriod": [_period(control, limit)],
    }
    made: dict[str, Any] = {
        "chargingProfileId": number + control.connector * 10,
        "stackLevel": telling.stack_level + above,
        "chargingProfilePurpose": STATION_MAX if station else purpose,
        "chargingProfileKind": _kind(telling, valid, station=station),
        "chargingSchedule": schedule,
    }
    if limit.transaction:
        made["transactionId"] = limit.transaction
    if made["chargingProfileKind"] == "Absolute":
        schedule["startSchedule"] = utc(LONG_AGO if valid.seconds is None else valid.now - BEGUN_S)
    if valid.seconds is not None:
        made["validTo"] = utc(valid.now + valid.seconds)
    return made if telling.version == "1.6" else _as_2_0_1(made)


def _as_2_0_1(made: dict[str, Any]) -> dict[str, Any]:
    """The same profile as OCPP 2.0.1 has it: schedules are a list, each with an id (K01)."""
    number, schedule = made.pop("chargingProfileId"), made.pop("chargingSchedule")
    if made["chargingProfilePurpose"] == STATION_MAX:
        made["chargingProfilePurpose"] = "ChargingStationMaxProfile"
    return {"id": number, **made, "chargingSchedule": [{"id": 1, **schedule}]}


def _period(control: OcppControl, limit: ProfileLimit) -> dict[str, Any]:
    """The limit, floored to 0.1 A, the finest there is (7.14), or to whole W.

    W are of all phases together, at the nominal voltage; a charger takes them to be for three
    unless it is told otherwise (errata 3.69).
    """
    if not limit.watt_legs:
        period_a: dict[str, Any] = {"startPeriod": 0, "limit": floor_to_step(limit.amps, 0.1)}
        return period_a | ({"numberPhases": limit.phases} if limit.phases else {})
    power_w = amps_to_watts(limit.amps, control.telling.voltage_v, limit.watt_legs)
    period: dict[str, Any] = {"startPeriod": 0, "limit": floor_to_step(power_w, 1.0)}
    if limit.phases:
        period["numberPhases"] = limit.phases
    elif control.telling.count_phases and limit.watt_legs < 3:
        period["numberPhases"] = limit.watt_legs
    return period


def _kind(telling: Telling, valid: Validity, *, station: bool) -> str:
    """What needs no clock counts from the start of the session, unless the charger wants it else.

    A limit without end that begins by the clock would not be there yet on a charger whose clock is
    wrong. The maximum of a station knows no session, and by OCPP 2.0.1 it may not be Relative.
    """
    if station and telling.version != "1.6":
        return "Absolute"
    if telling.kind != "auto":
        return telling.kind
    return "Relative" if valid.seconds is None and not station else "Absolute"


def utc(at: float) -> str:
    """Epoch s as OCPP writes it. Always with Z: some chargers do not know +00:00."""
    return datetime.fromtimestamp(int(at), UTC).isoformat().removesuffix("+00:00") + "Z"
