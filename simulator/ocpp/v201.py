"""Charging profiles of OCPP 2.0.1 (use cases K01 to K08), as far as they differ from 1.6.

- Connectors are EVSEs, the station's own purpose is ChargingStationMaxProfile, and there is one
  for limits from outside that only the station itself installs.
- The id is global. A profile on a stack level that is taken at that time is not replaced silently,
  but rejected (K01.FR.06).
- A profile has one to three schedules, of which a car that speaks ISO 15118 chooses one.
- Transactions have texts for ids, and a TxProfile must name its one.
- A period on one phase may say which, where the station can switch it.

What they limit follows the same rules; `limit_at` asks the ones of 1.6.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from loadjuggler.units import amps_to_watts

from simulator.ocpp import profiles as v16
from simulator.ocpp import station, wire
from simulator.ocpp.profiles import TX, TX_DEFAULT, Invalid, among, check, wrong
from simulator.ocpp.select import Limit
from simulator.ocpp.select import limit_at as limit_at_16
from simulator.ocpp.station import ACCEPTED, Answer, Capabilities, rejected

EXTERNAL = "ChargingStationExternalConstraints"


STATION_MAX = "ChargingStationMaxProfile"


PURPOSES = (EXTERNAL, STATION_MAX, TX_DEFAULT, TX)


MOST_SCHEDULES = 3


@dataclass(frozen=True, slots=True)
class Period:
    """`limit` from `start_s` (s) on, on `phases` phases; on `phase` (1 to 3) if that is one."""

    start_s: float
    limit: float
    phases: int | None = None
    phase: int | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """As in 1.6, with an id of its own."""

    id: int
    unit: str
    periods: tuple[Period, ...]
    start: float | None = None
    duration_s: float | None = None
    min_rate: float | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """As in 1.6, with a choice of schedules."""

    id: int
    level: int
    purpose: str
    kind: str
    schedules: tuple[Schedule, ...]
    transaction: str | None = None
    recurrency: str | None = None
    valid_from: float | None = None
    valid_to: float | None = None


@dataclass(frozen=True, slots=True)
class Transaction:
    """A running transaction: when it started (s since 1970), how many phases its car uses."""

    id: str
    started_at: float
    phases: int = 3


@dataclass(frozen=True, slots=True)
class Installed:
    """What a station holds: (EVSE, profile); EVSE 0 is the station as a whole."""

    profiles: tuple[tuple[int, Profile], ...] = ()


def accept(
    can: Capabilities,
    installed: Installed,
    evse: int,
    profile: Profile,
    running: Mapping[int, Transaction],
) -> tuple[Answer, Installed]:
    """The answer to SetChargingProfile and what is held then.

    "Rejected" comes with a `.reason` in words and the `.code` for statusInfo. Raises Invalid for
    values that make no sense and without smart charging.
    """
    if not can.smart:
        raise Invalid("NotSupported", "this station has no smart charging")
    _check(profile)
    answer = _refusal(can, profile) or _refusal_here(can, evse, profile, running)
    if answer:
        return answer, installed
    kept = tuple(entry for entry in installed.profiles if entry[1].id != profile.id)
    for place, old in installed.profiles:
        if old.id == profile.id and old.purpose == EXTERNAL:
            return rejected(f"id {old.id} is an external constraint's", "InvalidProfile"), installed
        if old.id != profile.id and _meet(profile, place, evse) and _collide(old, profile):
            text = f"stackLevel {old.level} is taken by profile {old.id} at that time"
            return rejected(text, "DuplicateProfile"), installed
    if len(kept) >= can.max_installed:
        text = f"{can.max_installed} profiles are installed, which is the most"
        return rejected(text, "OutOfStorage"), installed
    return ACCEPTED, Installed((*kept, (evse, profile)))


def _meet(profile: Profile, place: int, evse: int) -> bool:
    """Whether profiles on `place` and on `evse` may be for the same one.

    A TxDefaultProfile on EVSE 0 is for all of them (K01.FR.52 and .53).
    """
    return place == evse or (profile.purpose == TX_DEFAULT and 0 in (place, evse))


def _collide(old: Profile, new: Profile) -> bool:
    """Whether both would count on the same level at some moment (K01.FR.06)."""
    if (old.purpose, old.level, old.transaction) != (new.purpose, new.level, new.transaction):
        return False
    return _begins(old) < _ends(new) and _begins(new) < _ends(old)


def _begins(profile: Profile) -> float:
    return v16.EARLIEST if profile.valid_from is None else profile.valid_from


def _ends(profile: Profile) -> float:
    return v16.LATEST if profile.valid_to is None else profile.valid_to


def _refusal(can: Capabilities, profile: Profile) -> Answer | None:
    """Why this station takes the profile nowhere."""
    if profile.purpose == EXTERNAL:
        return rejected(f"{EXTERNAL} are not set by a message", "InvalidProfile")
    if profile.level > can.max_level:
        text = f"stackLevel {profile.level} is above the highest, {can.max_level}"
        return rejected(text, "InvalidStackLevel")
    if profile.purpose == STATION_MAX and profile.kind == "Relative":
        return rejected(f"a {STATION_MAX} can't be Relative", "InvalidProfile")
    for schedule in profile.schedules:
        if schedule.unit not in can.units:
            text = f"chargingRateUnit {schedule.unit} is not supported"
            return rejected(text, "UnsupportedRateUnit")
        if len(schedule.periods) > can.max_periods:
            text = f"{len(schedule.periods)} periods are more than {can.max_periods}"
            return rejected(text, "InvalidSchedule")
        if (schedule.start is None) != (profile.kind == "Relative"):  # K01.FR.41
            text = "startSchedule is for Absolute and Recurring profiles, and needed there"
            return rejected(text, "InvalidSchedule")
        named = [period for period in schedule.periods if period.phase is not None]
        if any(period.phases != 1 for period in named) or (named and not can.switches_phases):
            text = "phaseToUse is for one phase, on a station that can switch it"
            return rejected(text, "InvalidSchedule")
    return None


def _refusal_here(
    can: Capabilities, evse: int, profile: Profile, running: Mapping[int, Transaction]
) -> Answer | None:
    """Why the profile can't be set for this EVSE."""
    if not 0 <= evse <= can.connectors:
        return rejected(f"there is no EVSE {evse}", "UnknownEvse")
    if profile.purpose == STATION_MAX and evse != 0:
        return rejected(f"a {STATION_MAX} is for EVSE 0, not for {evse}", "InvalidProfile")
    if profile.purpose != TX:
        return None
    if evse == 0:
        return rejected("a TxProfile needs the EVSE of its transaction, not 0", "InvalidProfile")
    if profile.transaction is None:
        return rejected("a TxProfile needs its transactionId", "MissingParam")
    if evse not in running or running[evse].id != profile.transaction:
        text = f"transaction {profile.transaction} is not running on EVSE {evse}"
        return rejected(text, "TxNotFound")
    return None


def limit_at(
    can: Capabilities,
    installed: Installed,
    evse: int,
    at: float,
    running: Mapping[int, Transaction],
    *,
    schedule: int = 0,
) -> Limit:
    """The limit in force on an EVSE at `at`, by the rules of 1.6; `by` are profiles of 1.6, too.

    An external constraint limits the station beside its ChargingStationMaxProfile. `schedule`:
    which one of a profile counts, from 0; the last if there are not as many. Raises Invalid for
    an unknown EVSE.
    """
    ids = {tx.id: place for place, tx in running.items()}
    now = {
        place: station.Transaction(place, tx.started_at, tx.phases) for place, tx in running.items()
    }
    found = []
    for left_out in (EXTERNAL, STATION_MAX):
        held = v16.Installed(
            tuple(
                (place, as_16(one, ids.get(one.transaction or "", -1), schedule))
                for place, one in installed.profiles
                if one.purpose != left_out
            )
        )
        found.append(limit_at_16(can, held, evse, at, now))
    phases = min(limit.phases for limit in found)
    a = min((limit.a for limit in found if limit.a is not None), default=None)
    if a is None:
        return Limit(None, None, phases)
    by = dict.fromkeys(one for limit in found if limit.a == a for one in limit.by)
    return Limit(a, amps_to_watts(a, can.voltage_v, phases), phases, tuple(by))


def as_16(profile: Profile, transaction: int, schedule: int = 0) -> v16.Profile:
    """The same in the words of 1.6, with one of its schedules; `transaction` is the id there."""
    one = profile.schedules[min(schedule, len(profile.schedules) - 1)]
    return v16.Profile(
        id=profile.id,
        level=profile.level,
        purpose=v16.STATION_MAX if profile.purpose in (STATION_MAX, EXTERNAL) else profile.purpose,
        kind=profile.kind,
        schedule=v16.Schedule(
            one.unit,
            tuple(v16.Period(p.start_s, p.limit, p.phases) for p in one.periods),
            one.start,
            one.duration_s,
            one.min_rate,
        ),
        transaction=transaction if profile.purpose == TX else None,
        recurrency=profile.recurrency,
        valid_from=profile.valid_from,
        valid_to=profile.valid_to,
    )


def _check(profile: Profile) -> None:
    """Raise Invalid for what no station could make sense of."""
    among(profile.purpose, PURPOSES, "chargingProfilePurpose")
    if not 1 <= len(profile.schedules) <= MOST_SCHEDULES:
        text = f"{len(profile.schedules)} schedules; there can be 1 to {MOST_SCHEDULES}"
        raise Invalid("OccurrenceConstraintViolation", text)
    if profile.transaction is not None and profile.purpose != TX:
        raise wrong(f"transactionId is only for a TxProfile, this is a {profile.purpose}")
    for place, schedule in enumerate(profile.schedules):
        check(as_16(profile, 0, place))
        if any(p.phase is not None and not 1 <= p.phase <= 3 for p in schedule.periods):
            raise wrong("phaseToUse can be 1, 2 or 3")


def parse(data: Any) -> Profile:
    """A profile from its JSON (chargingProfile of SetChargingProfile); raises Invalid."""
    fields = wire.read(data, _PROFILE, "the charging profile")
    profile = Profile(
        id=fields["id"],
        level=fields["stackLevel"],
        purpose=fields["chargingProfilePurpose"],
        kind=fields["chargingProfileKind"],
        schedules=fields["chargingSchedule"],
        transaction=fields.get("transactionId"),
        recurrency=fields.get("recurrencyKind"),
        valid_from=fields.get("validFrom"),
        valid_to=fields.get("validTo"),
    )
    _check(profile)
    return profile


def _period(value: Any, where: str) -> Period:
    fields = wire.read(value, _PERIOD, where)
    start_s, phases = float(fields["startPeriod"]), fields.get("numberPhases")
    return Period(start_s, fields["limit"], phases, fields.get("phaseToUse"))


def _schedule(value: Any, where: str) -> Schedule:
    fields = wire.read(value, _SCHEDULE, where)
    duration = fields.get("duration")
    return Schedule(
        id=fields["id"],
        unit=fields["chargingRateUnit"],
        periods=fields["chargingSchedulePeriod"],
        start=fields.get("startSchedule"),
        duration_s=None if duration is None else float(duration),
        min_rate=fields.get("minChargingRate"),
    )


def _unread(value: Any, _: str) -> Any:
    """Tariffs and the makers' own fields limit nothing."""
    return value


_PERIOD: dict[str, tuple[wire.Reader, bool]] = {
    "startPeriod": (wire.whole, True),
    "limit": (wire.rate, True),
    "numberPhases": (wire.whole, False),
    "phaseToUse": (wire.whole, False),
    "customData": (_unread, False),
}


_SCHEDULE: dict[str, tuple[wire.Reader, bool]] = {
    "id": (wire.whole, True),
    "startSchedule": (wire.moment, False),
    "duration": (wire.whole, False),
    "chargingRateUnit": (wire.words, True),
    "chargingSchedulePeriod": (wire.rows(_period), True),
    "minChargingRate": (wire.rate, False),
    "salesTariff": (_unread, False),
    "customData": (_unread, False),
}


_PROFILE: dict[str, tuple[wire.Reader, bool]] = {
    "id": (wire.whole, True),
    "stackLevel": (wire.whole, True),
    "chargingProfilePurpose": (wire.words, True),
    "chargingProfileKind": (wire.words, True),
    "recurrencyKind": (wire.words, False),
    "validFrom": (wire.moment, False),
    "validTo": (wire.moment, False),
    "chargingSchedule": (wire.rows(_schedule), True),
    "transactionId": (wire.words, False),
    "customData": (_unread, False),
}
