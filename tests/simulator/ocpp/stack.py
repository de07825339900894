"""Short ways of writing profiles and the stations that hold them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator import ocpp

NOON = 1769860800.0
"""2026-01-31 12:00 UTC, a Saturday."""
HOUR_S, DAY_S = 3600.0, 86400.0
CAN = ocpp.Capabilities()
TWO = ocpp.Capabilities(connectors=2)
CAR = {1: ocpp.Transaction(41, NOON)}
"""A transaction on connector 1 since noon."""
CARS = {**CAR, 2: ocpp.Transaction(42, NOON)}
MAX, DEFAULT, TX = "ChargePointMaxProfile", "TxDefaultProfile", "TxProfile"

Row = tuple[float, float] | tuple[float, float, int]


def profile(
    purpose: str,
    *rows: Row,
    id: int = 1,  # noqa: A002  (its name in a profile)
    level: int = 0,
    kind: str = "Absolute",
    unit: str = "A",
    start: float | None = NOON,
    duration_s: float | None = None,
    **more: Any,
) -> ocpp.Profile:
    """A profile whose rows are (start in s, limit) or (start in s, limit, phases)."""
    periods = tuple(ocpp.Period(*row) for row in rows)
    start = None if kind == "Relative" else start
    schedule = ocpp.Schedule(unit, periods, start, duration_s)
    return ocpp.Profile(id, level, purpose, kind, schedule, **more)


def flat(purpose: str, limit: float, **more: Any) -> ocpp.Profile:
    """A profile of one limit."""
    return profile(purpose, (0, limit), **more)


def given(
    *placed: tuple[int, ocpp.Profile],
    can: ocpp.Capabilities = CAN,
    running: Mapping[int, ocpp.Transaction] = CAR,
) -> ocpp.Installed:
    """What a station holds that was given these profiles at noon and accepted all of them."""
    installed = ocpp.Installed()
    for connector, one in placed:
        answer, installed = ocpp.accept(can, installed, connector, one, NOON, running)
        assert answer == "Accepted", answer.reason
    return installed


def answer_to(
    one: ocpp.Profile,
    connector: int = 1,
    can: ocpp.Capabilities = CAN,
    running: Mapping[int, ocpp.Transaction] = CAR,
    installed: ocpp.Installed | None = None,
) -> ocpp.Answer:
    """The answer to SetChargingProfile; what is refused changes nothing."""
    before = installed or ocpp.Installed()
    answer, after = ocpp.accept(can, before, connector, one, NOON, running)
    if answer != "Accepted":
        assert after == before
        assert answer.reason
    return answer


def amps(
    installed: ocpp.Installed,
    after_s: float,
    connector: int = 1,
    can: ocpp.Capabilities = CAN,
    running: Mapping[int, ocpp.Transaction] = CAR,
    **more: Any,
) -> float | None:
    """The limit in A per phase, `after_s` after noon."""
    return ocpp.limit_at(can, installed, connector, NOON + after_s, running, **more).a


def plain(**changes: Any) -> dict[str, Any]:
    """A TxDefaultProfile of 16 A as it comes in; `None` leaves a field out."""
    made: dict[str, Any] = {
        "chargingProfileId": 1,
        "stackLevel": 0,
        "chargingProfilePurpose": DEFAULT,
        "chargingProfileKind": "Relative",
        "chargingSchedule": schedule(),
    }
    return {key: value for key, value in {**made, **changes}.items() if value is not None}


def schedule(*rows: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A chargingSchedule as it comes in, of 16 A unless `rows` say something else."""
    made: dict[str, Any] = {
        "chargingRateUnit": "A",
        "chargingSchedulePeriod": list(rows) or [{"startPeriod": 0, "limit": 16}],
    }
    return {key: value for key, value in {**made, **changes}.items() if value is not None}


def code_of(data: Any) -> str:
    """The CALLERROR code for a profile that can't be read, "" if it can."""
    try:
        ocpp.parse(data)
    except ocpp.Invalid as error:
        return error.code if error.text else "without words"
    return ""


def rows(
    installed: ocpp.Installed,
    duration_s: float,
    connector: int = 1,
    can: ocpp.Capabilities = CAN,
    running: Mapping[int, ocpp.Transaction] = CAR,
    unit: str | None = "A",
    after_s: float = 0,
) -> list[Row]:
    """The periods of the composite schedule asked for `after_s` after noon."""
    made = ocpp.composite(can, installed, connector, NOON + after_s, duration_s, unit, running)
    assert made is not None
    return [
        (p.start_s, p.limit) if p.phases is None else (p.start_s, p.limit, p.phases)
        for p in made.periods
    ]
