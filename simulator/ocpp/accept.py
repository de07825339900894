"""SetChargingProfile: what is refused, and what a new profile replaces (3.13.1, 3.13.2, 5.16)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from simulator.ocpp.profiles import STATION_MAX, TX, Installed, Profile, check
from simulator.ocpp.station import (
    ACCEPTED,
    Answer,
    Capabilities,
    Transaction,
    check_connector,
    rejected,
)


def accept(
    can: Capabilities,
    installed: Installed,
    connector: int,
    profile: Profile,
    now: float,
    running: Mapping[int, Transaction],
) -> tuple[Answer, Installed]:
    """The answer to SetChargingProfile ("Accepted", or "Rejected" with a `.reason`), what is held.

    `now` in s since 1970. A TxProfile is kept for the transaction that runs, with its id. Raises
    Invalid for what is answered with a CALLERROR: an unknown connector, values that make no sense,
    a station without smart charging.
    """
    check_connector(can, connector)
    check(profile)
    answer = _refusal(can, profile, now) or _refusal_here(can, connector, profile, running)
    if answer:
        return answer, installed
    if profile.purpose == TX:
        profile = replace(profile, transaction=running[connector].id)
    kept = [
        (place, old)
        for place, old in installed.profiles
        if not _replaces(can, connector, profile, place, old)
    ]
    if len(kept) >= can.max_installed:
        return rejected(f"{can.max_installed} profiles are installed, which is the most"), installed
    return ACCEPTED, Installed((*kept, (connector, profile)))


def remote_start(can: Capabilities, profile: Profile, now: float) -> Answer:
    """The answer to the profile in a RemoteStartTransaction (5.16.2); raises Invalid like `accept`.

    Accepted, it is to be given to `accept` when the transaction has started, without being sent
    again; the id of the transaction is not known before.
    """
    check_connector(can, 0)
    check(profile)
    if profile.purpose != TX:
        return rejected(f"a RemoteStartTransaction takes a TxProfile, not a {profile.purpose}")
    if profile.transaction is not None:
        return rejected("a RemoteStartTransaction takes a profile without a transactionId")
    return _refusal(can, profile, now) or ACCEPTED


def _refusal(can: Capabilities, profile: Profile, now: float) -> Answer | None:
    """Why this station takes the profile nowhere."""
    schedule = profile.schedule
    if schedule.unit not in can.units:
        return rejected(f"chargingRateUnit {schedule.unit} is not supported")
    if profile.level > can.max_level:
        return rejected(f"stackLevel {profile.level} is above the highest, {can.max_level}")
    if len(schedule.periods) > can.max_periods:
        return rejected(f"{len(schedule.periods)} periods are more than {can.max_periods}")
    if schedule.start is None and profile.kind == "Recurring":
        return rejected("a Recurring profile needs a startSchedule: it says the time of day")
    if schedule.start is None and profile.kind == "Absolute" and can.absolute_needs_start:
        return rejected("an Absolute profile needs a startSchedule")
    if profile.valid_to is not None:
        if profile.valid_from is not None and profile.valid_to <= profile.valid_from:
            return rejected("validTo is not after validFrom")
        if profile.valid_to <= now and not can.takes_expired:
            return rejected("validTo has passed")
    return None


def _refusal_here(
    can: Capabilities, connector: int, profile: Profile, running: Mapping[int, Transaction]
) -> Answer | None:
    """Why the profile can't be set for this connector (3.13.1)."""
    if profile.purpose == STATION_MAX and connector != 0:
        return rejected(f"a {STATION_MAX} is for connector 0, not for {connector}")
    if profile.purpose != TX:
        return None
    if connector == 0:
        return rejected("a TxProfile needs the connector of its transaction, not 0")
    if connector not in running:
        return rejected(f"no transaction is running on connector {connector}")
    current = running[connector].id
    if can.matches_transaction and profile.transaction not in (None, current):
        return rejected(f"transaction {profile.transaction} is not running there, {current} is")
    return None


def _replaces(can: Capabilities, connector: int, new: Profile, place: int, old: Profile) -> bool:
    """Whether `new` on `connector` takes the place of `old` on `place` (5.16.3)."""
    if old.id == new.id and (place == connector or not can.ids_per_connector):
        return True
    same = old.level == new.level and old.purpose == new.purpose
    return same and place == connector
