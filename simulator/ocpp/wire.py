"""Profiles as OCPP 1.6 JSON (csChargingProfiles of SetChargingProfile, section 7.8) and back."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from loadjuggler.memory.serialise import shown
from loadjuggler.units import floor_to_step

from simulator.ocpp.profiles import Invalid, Period, Profile, Schedule, check, wrong

Reader = Callable[[Any, str], Any]
"""From a value and its name to what it means; raises Invalid."""


LIMIT_STEP = 0.1
"""The finest limit that the standard knows, in A and in W (7.13, 7.14)."""


def parse(data: Any) -> Profile:
    """A charging profile from its JSON; raises Invalid with the code of the answer and words."""
    fields = read(data, _PROFILE, "the charging profile")
    profile = Profile(
        id=fields["chargingProfileId"],
        level=fields["stackLevel"],
        purpose=fields["chargingProfilePurpose"],
        kind=fields["chargingProfileKind"],
        schedule=fields["chargingSchedule"],
        transaction=fields.get("transactionId"),
        recurrency=fields.get("recurrencyKind"),
        valid_from=fields.get("validFrom"),
        valid_to=fields.get("validTo"),
    )
    check(profile)
    return profile


def plain(profile: Profile) -> dict[str, Any]:
    """The JSON again: times in UTC ending in Z, limits and rates floored to 0.1."""
    schedule = profile.schedule
    made = {
        "chargingProfileId": profile.id,
        "transactionId": profile.transaction,
        "stackLevel": profile.level,
        "chargingProfilePurpose": profile.purpose,
        "chargingProfileKind": profile.kind,
        "recurrencyKind": profile.recurrency,
        "validFrom": plain_time(profile.valid_from),
        "validTo": plain_time(profile.valid_to),
        "chargingSchedule": plain_schedule(
            schedule.unit,
            schedule.periods,
            startSchedule=plain_time(schedule.start),
            duration=None if schedule.duration_s is None else math.floor(schedule.duration_s),
            minChargingRate=None
            if schedule.min_rate is None
            else floor_to_step(schedule.min_rate, LIMIT_STEP),
        ),
    }
    return present(made)


def plain_schedule(unit: str, periods: tuple[Period, ...], **more: Any) -> dict[str, Any]:
    """A chargingSchedule; `more` are its other fields by their names there."""
    made = [
        present(
            {
                "startPeriod": math.floor(period.start_s),
                "limit": floor_to_step(period.limit, LIMIT_STEP),
                "numberPhases": period.phases,
            }
        )
        for period in periods
    ]
    return present({**more, "chargingRateUnit": unit, "chargingSchedulePeriod": made})


def present(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that have a value: OCPP leaves out what is not there."""
    return {name: value for name, value in fields.items() if value is not None}


def plain_time(at: float | None) -> str | None:
    """Seconds since 1970 as ISO 8601 in UTC; some chargers take no other ending than Z."""
    if at is None:
        return None
    text = datetime.fromtimestamp(at, UTC).replace(tzinfo=None).isoformat()
    return f"{text}Z"


def moment(value: Any, where: str) -> float:
    """Seconds since 1970 of a time; one without a zone is in UTC, as 3.14 recommends for all."""
    if isinstance(value, str) and "T" in value:
        try:
            made = datetime.fromisoformat(value)
            return (made if made.tzinfo else made.replace(tzinfo=UTC)).timestamp()
        except (ValueError, OverflowError):
            pass
    code = "PropertyConstraintViolation" if isinstance(value, str) else "TypeConstraintViolation"
    raise Invalid(code, f"{where} is {shown(value)}; it must be a time like 2026-01-31T12:00:00Z")


def whole(value: Any, where: str) -> int:
    """A whole number of 64 bits."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63:
        return value
    raise Invalid(
        "TypeConstraintViolation", f"{where} is {shown(value)}; it must be a whole number"
    )


def words(value: Any, where: str) -> str:
    """A text."""
    if isinstance(value, str):
        return value
    raise Invalid("TypeConstraintViolation", f"{where} is {shown(value)}; it must be a text")


def rate(value: Any, where: str) -> float:
    """A limit has one decimal at most (7.13, 7.14); 16.1 is not exactly 161 tenths in binary."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e12:
        raise Invalid("TypeConstraintViolation", f"{where} is {shown(value)}; it must be a number")
    if abs(value * 10 - round(value * 10)) > 1e-6 * max(1.0, abs(value)):
        raise wrong(f"{where} is {value}; it can have one decimal only")
    return float(value)


def _period(value: Any, where: str) -> Period:
    fields = read(value, _PERIOD, where)
    return Period(float(fields["startPeriod"]), fields["limit"], fields.get("numberPhases"))


def rows(one: Reader) -> Reader:
    """A reader of lists of what `one` reads."""

    def reader(value: Any, where: str) -> tuple[Any, ...]:
        if not isinstance(value, list | tuple):
            raise Invalid(
                "TypeConstraintViolation", f"{where} is {shown(value)}; it must be a list"
            )
        return tuple(one(item, f"{where}[{place}]") for place, item in enumerate(value))

    return reader


def _schedule(value: Any, where: str) -> Schedule:
    fields = read(value, _SCHEDULE, where)
    duration = fields.get("duration")
    return Schedule(
        unit=fields["chargingRateUnit"],
        periods=fields["chargingSchedulePeriod"],
        start=fields.get("startSchedule"),
        duration_s=None if duration is None else float(duration),
        min_rate=fields.get("minChargingRate"),
    )


_PERIOD: dict[str, tuple[Reader, bool]] = {
    "startPeriod": (whole, True),
    "limit": (rate, True),
    "numberPhases": (whole, False),
}


_SCHEDULE: dict[str, tuple[Reader, bool]] = {
    "duration": (whole, False),
    "startSchedule": (moment, False),
    "chargingRateUnit": (words, True),
    "chargingSchedulePeriod": (rows(_period), True),
    "minChargingRate": (rate, False),
}


_PROFILE: dict[str, tuple[Reader, bool]] = {
    "chargingProfileId": (whole, True),
    "transactionId": (whole, False),
    "stackLevel": (whole, True),
    "chargingProfilePurpose": (words, True),
    "chargingProfileKind": (words, True),
    "recurrencyKind": (words, False),
    "validFrom": (moment, False),
    "validTo": (moment, False),
    "chargingSchedule": (_schedule, True),
}


def read(data: Any, table: Mapping[str, tuple[Reader, bool]], where: str) -> dict[str, Any]:
    """The fields of an object by a table of (reader, must be there); nothing else may be in it."""
    if not isinstance(data, Mapping):
        raise Invalid("FormationViolation", f"{where} is {shown(data)}; it must be an object")
    for name in data:
        if name not in table:
            raise Invalid("FormationViolation", f"{where} has no field {shown(name)}")
    missing = [name for name, (_, needed) in table.items() if needed and name not in data]
    if missing:
        raise Invalid("ProtocolError", f"{where} lacks {', '.join(missing)}")
    return {name: table[name][0](value, name) for name, value in data.items()}
