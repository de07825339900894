"""Charging profiles of OCPP 1.6 (section 7.8), as they go out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ..model import OcppControl
from ..units import floor_to_step

DEFAULT_ID, COMMAND_ID, SAFE_ID = 7000, 7001, 7002
"""Profile ids of our own; the connector is added, times ten, so that each has its own."""

BEGUN_S = 60.0
"""What runs by the clock began so long ago: the charger's clock may be a little late."""
LONG_AGO = 1577836800.0
"""What is to hold in any case began in 2020, for a charger that wants to have it by the clock."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A per phase, 0 to pause; in which transaction (0: for those to come); the `command` in it."""

    amps: float
    transaction: int = 0
    command: bool = False


@dataclass(frozen=True, slots=True)
class Validity:
    """From `now` on (epoch s) for `seconds`; `None`: without end."""

    now: float = 0.0
    seconds: float | None = None


def profile(control: OcppControl, limit: Limit, valid: Validity) -> dict[str, Any]:
    """A profile with one period. The limit is floored to 0.1 A, the finest there is (7.14)."""
    telling = control.telling
    above = 1 if limit.command and telling.layers > 1 else 0
    number = COMMAND_ID if limit.command else SAFE_ID
    made: dict[str, Any] = {
        "chargingProfileId": (number if limit.transaction else DEFAULT_ID) + control.connector * 10,
        "stackLevel": telling.stack_level + above,
        "chargingProfilePurpose": "TxProfile" if limit.transaction else "TxDefaultProfile",
        "chargingProfileKind": _kind(telling.kind, valid),
        "chargingSchedule": {
            "chargingRateUnit": "A",
            "chargingSchedulePeriod": [{"startPeriod": 0, "limit": floor_to_step(limit.amps, 0.1)}],
        },
    }
    if limit.transaction:
        made["transactionId"] = limit.transaction
    if made["chargingProfileKind"] == "Absolute":
        began_at = LONG_AGO if valid.seconds is None else valid.now - BEGUN_S
        made["chargingSchedule"]["startSchedule"] = utc(began_at)
    if valid.seconds is not None:
        made["validTo"] = utc(valid.now + valid.seconds)
    return made


def _kind(wanted: str, valid: Validity) -> str:
    """What needs no clock counts from the start of the session, unless the charger wants it else.

    A limit without end that begins by the clock would not be there yet on a charger whose clock is
    wrong.
    """
    if wanted != "auto":
        return wanted
    return "Relative" if valid.seconds is None else "Absolute"


def utc(at: float) -> str:
    """Epoch s as OCPP writes it. Always with Z: some chargers do not know +00:00."""
    return datetime.fromtimestamp(int(at), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
