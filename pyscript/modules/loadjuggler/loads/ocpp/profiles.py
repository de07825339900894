"""Charging profiles of OCPP 1.6 (section 7.8) and 2.0.1 (K01), as they go out.

Example: a command of 10 A in transaction 7 on connector 1, sent at 12:00:00, valid for 180 s:

    {"chargingProfileId": 7011, "transactionId": 7, "stackLevel": 1,
     "chargingProfilePurpose": "TxProfile", "chargingProfileKind": "Absolute",
     "validTo": "2026-06-01T12:03:00Z",
     "chargingSchedule": {"chargingRateUnit": "A", "startSchedule": "2026-06-01T11:59:00Z",
                          "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 10.0}]}}

A default may hold sessions at 0 A when they begin, so that nothing flows before they are told
anything. Example, written for a car that waits for its session on a full breaker:

    kind        periods                                the session has 0 A
    Relative    from 0 s: 0 A; from 60 s: 6 A          in its first minute, whenever that is
    Absolute    from 0 s: 0 A; 15 min from now: 6 A    until then

So what holds by itself is never 0 for long, although nobody writes anything more.

Sources: docs/decisions/0015, 0017 and 0032; OCPP 1.6, 7.9 (a Relative schedule begins with the
charging session) and 7.13.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from ...records import quick
from ...site.controls import OcppControl, Telling
from ...units import amps_to_watts, floor_to_step

DEFAULT_ID, COMMAND_ID, SAFE_ID, STATION_ID = 7000, 7001, 7002, 7003
"""Ids of our profiles; 10 times the connector is added, so each connector has its own."""


STATION_MAX = "ChargePointMaxProfile"
"""Purpose of a profile that limits the whole station; used only if the form says so."""


BEGUN_S = 60.0
"""An Absolute profile begins this long before now, s: the charger's clock may be late."""


LONG_AGO = 1577836800.0
"""2020-01-01, epoch s: the begin of an Absolute profile without end, whatever the clock says."""


HELD_S = 60.0
"""So long, s, a session that begins is held at 0 A by a Relative default. It is told what it gets
within seconds, also if the first call fails."""


HELD_BY_CLOCK_S = 900.0
"""So long, s, an Absolute default holds sessions at 0 A if nobody renews that."""


@quick
@dataclass(frozen=True, slots=True)
class ProfileLimit:
    """What a profile says.

    - `amps`: A per phase; 0 pauses.
    - `transaction`: id of the session that it limits; 0: it is the default of sessions to come.
    - `command`: it is the command of that session, not the safe layer below it.
    - `watt_legs`: it is told in W for this many legs; 0: in A.
    - `phases`: the number of phases that the charger is to switch to; 0: it is not said.
    - `held_at`: it is a default that holds sessions at 0 A for a while, written then (epoch s);
      `None`: they have `amps` at once.
    - `level`: a command has this stack level at least.
    """

    amps: float
    transaction: int = 0
    command: bool = False
    watt_legs: int = 0
    phases: int = 0
    held_at: float | None = None
    level: int = 0


@quick
@dataclass(frozen=True, slots=True)
class Validity:
    """A profile is valid from `now` (epoch s) for `seconds`; `None`: without end."""

    now: float = 0.0
    seconds: float | None = None


def profile(control: OcppControl, limit: ProfileLimit, valid: Validity) -> dict[str, Any]:
    """The profile of `limit`, as a dictionary in the names of the standard.

    It has one period, or two if it holds sessions at 0 A for a while.
    """
    telling = control.telling
    station = not limit.transaction and telling.purpose == STATION_MAX
    above = 1 if limit.command and telling.layers > 1 else 0
    number = COMMAND_ID if limit.command else SAFE_ID
    if not limit.transaction:
        number = STATION_ID if station else DEFAULT_ID
    purpose = "TxProfile" if limit.transaction else "TxDefaultProfile"
    kind = _kind(telling, valid, station=station)
    schedule: dict[str, Any] = {
        "chargingRateUnit": "W" if limit.watt_legs else "A",
        "chargingSchedulePeriod": _periods(control, limit, kind),
    }
    made: dict[str, Any] = {
        "chargingProfileId": number + control.connector * 10,
        "stackLevel": max(telling.stack_level + above, limit.level),
        "chargingProfilePurpose": STATION_MAX if station else purpose,
        "chargingProfileKind": kind,
        "chargingSchedule": schedule,
    }
    if limit.transaction and telling.session_id:
        made["transactionId"] = limit.transaction
    if kind == "Absolute":
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


def held_by_session(telling: Telling) -> bool:
    """Whether a default that holds sessions does so from their begin; else by the clock."""
    station = telling.purpose == STATION_MAX
    return _kind(telling, Validity(), station=station) == "Relative"


def _periods(control: OcppControl, limit: ProfileLimit, kind: str) -> list[dict[str, Any]]:
    """The period of `limit`; before it one of 0 A if it holds sessions for a while.

    An Absolute profile without end begins in 2020 (`LONG_AGO`), so its seconds count from then.
    """
    period = _period(control, limit)
    if limit.held_at is None:
        return [period]
    held_s = HELD_S if kind == "Relative" else limit.held_at + HELD_BY_CLOCK_S - LONG_AGO
    return [{**period, "limit": 0.0}, {**period, "startPeriod": max(int(held_s), 1)}]


def _period(control: OcppControl, limit: ProfileLimit) -> dict[str, Any]:
    """The period: the limit, rounded down to 0.1 A (the finest there is, 7.14) or to whole W.

    W are those of all legs together at the nominal voltage. A charger divides them by three unless
    `numberPhases` says otherwise (errata 3.69). Example: 16 A on one leg of 230 V are 3,680 W with
    `numberPhases` 1.
    """
    if not limit.watt_legs:
        period_a: dict[str, Any] = {"startPeriod": 0, "limit": floor_to_step(limit.amps, 0.1)}
        if limit.phases:
            period_a["numberPhases"] = limit.phases
        return period_a
    power_w = amps_to_watts(limit.amps, control.telling.voltage_v, limit.watt_legs)
    period: dict[str, Any] = {"startPeriod": 0, "limit": floor_to_step(power_w, 1.0)}
    if limit.phases:
        period["numberPhases"] = limit.phases
    elif control.telling.count_phases and limit.watt_legs < 3:
        period["numberPhases"] = limit.watt_legs
    return period


def _kind(telling: Telling, valid: Validity, *, station: bool) -> str:
    """The kind of a profile: what the form says, else Relative without end, Absolute with one.

    A Relative profile counts from the start of the session, so it holds even if the charger's clock
    is wrong. A maximum of the station has no session: it is Absolute, and by OCPP 2.0.1 it may not
    be Relative, whatever the form says.
    """
    if station and telling.version != "1.6":
        return "Absolute"
    if telling.kind != "auto":
        return telling.kind
    return "Relative" if valid.seconds is None and not station else "Absolute"


def utc(at: float) -> str:
    """Epoch s as OCPP writes a time; always with Z, as some chargers do not take +00:00."""
    return _utc(int(at))


@lru_cache(maxsize=64)
def _utc(second: int) -> str:
    """The same for a whole second. All profiles of a run have the same two times, or `LONG_AGO`."""
    return datetime.fromtimestamp(second, UTC).isoformat().removesuffix("+00:00") + "Z"
