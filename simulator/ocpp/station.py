"""What a station can do, and which reading it takes where the standard leaves a choice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from loadjuggler.loads.ocpp.rate_units import RATE_UNITS
from loadjuggler.units import DAY_S

from simulator.ocpp.profiles import Invalid, wrong


@dataclass(frozen=True, slots=True)
class Capabilities:
    """A station; the first fields say what it can do, those from `valid_to_counts` on how it reads.

    docs/decisions/0015 says why each reading has its default. Raises Invalid for a station that
    can't be.

    - `valid_to_counts`: the second `validTo` itself still belongs to the profile.
    - `gap_falls_to_default`: while a valid TxProfile has no value (its schedule has not begun, or
      has ended), the TxDefaultProfile limits. Otherwise a TxProfile hides it all the time.
    - `own_default_first`: a connector's own TxDefaultProfiles come before all of connector 0.
      Otherwise they are one stack, in which the own one wins only on the same level.
    - `absolute_needs_start`: an Absolute profile without startSchedule is rejected. Otherwise it
      runs from the start of charging, like a Relative one.
    - `relative_starts_now`: without a transaction a Relative schedule is read as if one started at
      the moment that is asked about. Otherwise it says nothing.
    - `matches_transaction`: a TxProfile with another transactionId than the running one is
      rejected. Otherwise the id is not looked at.
    - `ids_per_connector`: the same chargingProfileId on two connectors names two profiles.
      Otherwise the newer replaces the older wherever it is.
    - `takes_expired`: a profile whose validTo has passed is accepted, and replaces.
    - `maximum_is_shared`: a ChargePointMaxProfile is for all connectors together. Otherwise each
      has all of it: wrong, but met in the field.
    - `total_counts_connectors`: connector 0 in total is no more than its connectors together.
      Otherwise it is what the ChargePointMaxProfile says.
    - `composite_shows_default`: GetCompositeSchedule of an idle connector shows what its
      TxDefaultProfile would do to a transaction that started now.
    - `composite_shows_maximum`: where nothing limits, a composite schedule says `max_a`. Otherwise
      such a slice is left out.
    """

    connectors: int = 1
    phases: int = 3
    voltage_v: float = 230.0
    max_a: float = 32.0
    units: tuple[str, ...] = ("A", "W")
    max_level: int = 10
    max_periods: int = 24
    max_installed: int = 20
    max_composite_s: float = 7 * DAY_S
    smart: bool = True
    switches_phases: bool | None = None
    valid_to_counts: bool = False
    gap_falls_to_default: bool = True
    own_default_first: bool = True
    absolute_needs_start: bool = False
    relative_starts_now: bool = True
    matches_transaction: bool = True
    ids_per_connector: bool = True
    takes_expired: bool = True
    maximum_is_shared: bool = True
    total_counts_connectors: bool = True
    composite_shows_default: bool = True
    composite_shows_maximum: bool = True

    def __post_init__(self) -> None:
        if self.connectors < 1 or not 1 <= self.phases <= 3:
            raise wrong(f"a station with {self.connectors} connectors, {self.phases} phases")
        if not (self.voltage_v > 0 and self.max_a >= 0):
            raise wrong(f"a station with {self.voltage_v:g} V, {self.max_a:g} A")


@dataclass(frozen=True, slots=True)
class Transaction:
    """A running transaction: when it started, and how many phases its car uses."""

    id: int
    started_at: float
    phases: int = 3


class Answer(str):
    """The status of an answer, with the reason of a refusal in words ("" without one).

    `code` is the reasonCode that OCPP 2.0.1 wants beside it.
    """

    __slots__ = ("code", "reason")
    reason: str
    code: str

    def __new__(cls, status: str, reason: str = "", code: str = "") -> Answer:
        """`status` as the standard writes it."""
        made = super().__new__(cls, status)
        made.reason = reason
        made.code = code
        return made


ACCEPTED = Answer("Accepted")


def rejected(reason: str, code: str = "") -> Answer:
    """Understood, and not done."""
    return Answer("Rejected", reason, code)


def check_connector(can: Capabilities, connector: int) -> None:
    """Raise Invalid for a station without smart charging, or without that connector (3.39)."""
    if not can.smart:
        raise Invalid("NotSupported", "this station has no smart charging")
    if not 0 <= connector <= can.connectors:
        raise wrong(f"there is no connector {connector}; there are 0 to {can.connectors}")


def configuration(can: Capabilities) -> dict[str, str]:
    """The configuration keys of smart charging (9.4) with their values; none without it."""
    if not can.smart:
        return {}
    names = [name.capitalize() for name, unit in RATE_UNITS.items() if unit in can.units]
    made = {
        "ChargeProfileMaxStackLevel": str(can.max_level),
        "ChargingScheduleAllowedChargingRateUnit": ",".join(names),
        "ChargingScheduleMaxPeriods": str(can.max_periods),
        "MaxChargingProfilesInstalled": str(can.max_installed),
    }
    if can.switches_phases is not None:
        made["ConnectorSwitch3to1PhaseSupported"] = str(can.switches_phases).lower()
    return made


def transactions(running: Mapping[int, Transaction], can: Capabilities) -> dict[int, Transaction]:
    """The running transactions of connectors that exist."""
    return {place: found for place, found in running.items() if 1 <= place <= can.connectors}
