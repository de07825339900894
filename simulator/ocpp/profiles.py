"""Charging profiles of OCPP 1.6 (section 7.8) as values, and what must hold for any of them.

Numbers are in the profile's own unit: A per phase, or W in total over the phases that a period
names (3 if it names none). Times are seconds since 1970, UTC.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from loadjuggler.memory.serialise import record
from loadjuggler.units import DAY_S

STATION_MAX = "ChargePointMaxProfile"


TX_DEFAULT = "TxDefaultProfile"


TX = "TxProfile"


PURPOSES = (STATION_MAX, TX_DEFAULT, TX)


KINDS = ("Absolute", "Recurring", "Relative")


RECURRENCES_S = {"Daily": DAY_S, "Weekly": 7 * DAY_S}


UNITS = ("A", "W")


EARLIEST, LATEST = -62135596800.0, 253402300799.0
"""The years 1 to 9999: what a time in OCPP can say."""


class Invalid(ValueError):
    """A message that is answered with a CALLERROR: its `code` (OCPP-J 1.6, 4.2.3) and `text`."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


def wrong(text: str) -> Invalid:
    """A field has a value that it can't have."""
    return Invalid("PropertyConstraintViolation", text)


@dataclass(frozen=True, slots=True)
class Period:
    """`limit` from `start_s` (s after the schedule's start) on; `phases`: how many it may use."""

    start_s: float
    limit: float
    phases: int | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """Periods one after the other; `min_rate` is advice to the charger and limits nothing (7.13).

    `unit` is "A" (per phase) or "W" (total). Without `start` it runs from the start of charging,
    without `duration_s` its last period never ends.
    """

    unit: str
    periods: tuple[Period, ...]
    start: float | None = None
    duration_s: float | None = None
    min_rate: float | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """A charging profile; of one purpose, the highest `level` that says something counts."""

    id: int
    level: int
    purpose: str
    kind: str
    schedule: Schedule
    transaction: int | None = None
    recurrency: str | None = None
    valid_from: float | None = None
    valid_to: float | None = None


@dataclass(frozen=True, slots=True)
class Installed:
    """What a station holds: (connector, profile); connector 0 is the station as a whole."""

    profiles: tuple[tuple[int, Profile], ...] = ()

    def on(self, connector: int, purpose: str) -> list[Profile]:
        """Profiles of one purpose that were set for this connector itself."""
        return [p for place, p in self.profiles if place == connector and p.purpose == purpose]

    def to_json(self) -> dict[str, Any]:
        """Plain data, exact: `from_json` makes the same of it. For a station's own storage (A7)."""
        return {
            "profiles": [
                {"connector": place, "profile": asdict(profile)} for place, profile in self.profiles
            ]
        }

    @classmethod
    def from_json(cls, data: Any) -> Installed:
        """What `to_json` gave; raises Invalid, in words, for anything else."""
        try:
            kept = record(_Kept, data, "the stored profiles")
        except ValueError as error:
            raise Invalid("FormationViolation", str(error)) from None
        for entry in kept.profiles:
            check(entry.profile)
            if entry.connector < 0:
                raise wrong(f"there is no connector {entry.connector}")
        return cls(tuple((entry.connector, entry.profile) for entry in kept.profiles))


@dataclass(frozen=True, slots=True)
class _KeptOne:
    connector: int
    profile: Profile


@dataclass(frozen=True, slots=True)
class _Kept:
    profiles: tuple[_KeptOne, ...]


def check(profile: Profile) -> None:
    """Raise Invalid for what no station could make sense of, whatever it can do.

    Capabilities and the other profiles are the business of `accept`.
    """
    among(profile.purpose, PURPOSES, "chargingProfilePurpose")
    among(profile.kind, KINDS, "chargingProfileKind")
    if profile.level < 0:
        raise wrong(f"stackLevel is {profile.level}; the lowest is 0")
    if profile.recurrency is not None:
        among(profile.recurrency, RECURRENCES_S, "recurrencyKind")
        if profile.kind != "Recurring":  # errata 3.56
            raise wrong(
                f"recurrencyKind is only for Recurring profiles, this one is {profile.kind}"
            )
    elif profile.kind == "Recurring":
        raise Invalid("OccurenceConstraintViolation", "a Recurring profile needs a recurrencyKind")
    if profile.transaction is not None and profile.purpose != TX:
        raise wrong(f"transactionId is only for a TxProfile, this is a {profile.purpose}")
    for name, at in (("validFrom", profile.valid_from), ("validTo", profile.valid_to)):
        _time(at, name)
    _check_schedule(profile.schedule)


def _check_schedule(schedule: Schedule) -> None:
    among(schedule.unit, UNITS, "chargingRateUnit")
    _time(schedule.start, "startSchedule")
    for name, number in (("duration", schedule.duration_s), ("minChargingRate", schedule.min_rate)):
        if number is not None and not _counts(number):
            raise wrong(f"{name} is {number:g}; it can't be below 0")
    if not schedule.periods:
        raise Invalid("OccurenceConstraintViolation", "the schedule has no periods")
    if schedule.periods[0].start_s != 0:  # errata 3.45
        first = schedule.periods[0].start_s
        raise wrong(f"the first startPeriod is {first:g}; it must be 0")
    before_s = -1.0
    for period in schedule.periods:
        if not (_counts(period.start_s) and period.start_s > before_s):
            raise wrong(f"startPeriod {period.start_s:g} is not after {before_s:g}")
        if not _counts(period.limit):
            raise wrong(f"limit is {period.limit:g}; it can't be below 0")
        if period.phases is not None and not 1 <= period.phases <= 3:
            raise wrong(f"numberPhases is {period.phases}; it can be 1, 2 or 3")
        before_s = period.start_s


def _counts(number: float) -> bool:
    return math.isfinite(number) and number >= 0


def _time(at: float | None, name: str) -> None:
    if at is not None and not EARLIEST <= at <= LATEST:
        raise wrong(f"{name} is outside of the years 1 to 9999")


def among(value: str, allowed: Iterable[str], name: str) -> None:
    """Raise Invalid if the field `name` has a value that does not exist (errata 3.38)."""
    if value not in allowed:
        raise wrong(f"{name} is {value!r}; it can be {', '.join(allowed)}")
