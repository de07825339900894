"""ClearChargingProfile, and what ends with a transaction (5.5, 6.13, 3.13.1)."""

from __future__ import annotations

from simulator.ocpp.profiles import PURPOSES, TX, Installed, Profile, among
from simulator.ocpp.station import ACCEPTED, Answer


def clear(
    installed: Installed,
    *,
    id: int | None = None,  # noqa: A002  (the field's name in the message)
    connector: int | None = None,
    purpose: str | None = None,
    level: int | None = None,
) -> tuple[Answer, Installed]:
    """The answer to ClearChargingProfile ("Accepted", "Unknown") and what is left.

    With an `id` the other fields say nothing; else all that are given must match; none clears all.
    Connector 0 are the station's own profiles, no connector is any. Raises Invalid for a purpose
    that does not exist.
    """
    if purpose is not None:
        among(purpose, PURPOSES, "chargingProfilePurpose")

    def meant(place: int, profile: Profile) -> bool:
        if id is not None:
            return profile.id == id
        return (
            connector in (None, place)
            and purpose in (None, profile.purpose)
            and level in (None, profile.level)
        )

    kept = tuple(
        (place, profile) for place, profile in installed.profiles if not meant(place, profile)
    )
    if len(kept) == len(installed.profiles):
        return Answer("Unknown", "no profile matches"), installed
    return ACCEPTED, Installed(kept)


def ended(installed: Installed, connector: int, transaction_id: int) -> Installed:
    """What is left when a transaction has ended: its TxProfiles are gone (3.13.1, 7.10)."""
    return Installed(
        tuple(
            (place, profile)
            for place, profile in installed.profiles
            if place != connector
            or profile.purpose != TX
            or profile.transaction not in (None, transaction_id)
        )
    )
