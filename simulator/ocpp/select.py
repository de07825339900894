"""Which profiles limit a connector at a moment, and to how much (3.13.2, 3.13.3, 7.8 to 7.14).

Of each purpose the profile on the highest stack level that is in force at that moment counts. The
limit is the smaller of the ChargePointMaxProfile and the TxProfile; without a TxProfile the
TxDefaultProfile takes its place.

Everything is compared in A per phase: W / (nominal voltage x numberPhases), and 3 phases where
numberPhases is not given, whatever the car uses (errata 3.69). The phases are the fewest that any
of them allows; so neither current nor power exceeds any of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from loadjuggler.units import amps_to_watts, watts_to_amps

from simulator.ocpp.profiles import (
    RECURRENCES_S,
    STATION_MAX,
    TX,
    TX_DEFAULT,
    Installed,
    Period,
    Profile,
)
from simulator.ocpp.station import Capabilities, Transaction, check_connector, transactions

PHASES_BY_DEFAULT = 3
"""numberPhases where it is not given (7.14)."""


@dataclass(frozen=True, slots=True)
class Limit:
    """What a connector may take: `a` per phase, on `phases` of them, which is `w` in total.

    `phases` are those that the profiles allow, the station has and the car uses. `by` are the
    profiles that say so; `a` and `w` are `None` where nothing limits.
    """

    a: float | None
    w: float | None
    phases: int
    by: tuple[Profile, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A limit in A per phase; `phases` as given, `None` if no profile says."""

    a: float
    phases: int | None
    by: tuple[Profile, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question about limits is about; see `limit_at`."""

    can: Capabilities
    installed: Installed
    running: Mapping[int, Transaction]
    others: Mapping[int, float] | None
    origin: float
    as_if_started: bool


def limit_at(
    can: Capabilities,
    installed: Installed,
    connector: int,
    at: float,
    running: Mapping[int, Transaction],
    *,
    others: Mapping[int, float] | None = None,
    origin: float | None = None,
    as_if_started: bool = False,
) -> Limit:
    """The limit in force on a connector at `at` (s since 1970); on 0, of all of them together.

    `others`: A per phase that each other connector takes; the ChargePointMaxProfile leaves what
    they do not take. Without it each running connector, and this one, has an even share.
    `as_if_started`: an idle connector is asked what it would have with a transaction; otherwise
    only the ChargePointMaxProfile limits it. `origin`: where Relative schedules start without a
    transaction (default: `at`). Raises Invalid for an unknown connector.
    """
    check_connector(can, connector)
    asked = Asked(
        can,
        installed,
        transactions(running, can),
        others,
        at if origin is None else origin,
        as_if_started,
    )
    part = in_force(asked, connector, at)
    car = running[connector].phases if connector in asked.running else can.phases
    given = (part.phases if part else None) or PHASES_BY_DEFAULT
    phases = min(given, can.phases, car)
    if part is None:
        return Limit(None, None, phases)
    return Limit(part.a, amps_to_watts(part.a, can.voltage_v, phases), phases, part.by)


def in_force(asked: Asked, connector: int, at: float) -> Part | None:
    """The smallest of what limits the connector at `at`; `None`: nothing does."""
    whole = _station_maximum(asked, at)
    if connector == 0:
        return least((whole, _together(asked, at)))
    return least((_share(asked, connector, whole), _own(asked, connector, at)))


def least(parts: Iterable[Part | None]) -> Part | None:
    """What respects all of the parts: the smallest current, the fewest phases."""
    found = [part for part in parts if part is not None]
    if not found:
        return None
    a = min(part.a for part in found)
    phases = min((part.phases for part in found if part.phases is not None), default=None)
    by = [part.by for part in found if part.a == a or part.phases == phases is not None]
    return Part(a, phases, tuple(profile for profiles in by for profile in profiles))


def _station_maximum(asked: Asked, at: float) -> Part | None:
    """What the ChargePointMaxProfiles leave to all connectors together.

    A Relative one runs from the start of the oldest transaction.
    """
    started = min((tx.started_at for tx in asked.running.values()), default=None)
    profiles = asked.installed.on(0, STATION_MAX)
    return _highest(asked, profiles, at, started)


def _share(asked: Asked, connector: int, whole: Part | None) -> Part | None:
    """What of the whole station's limit is this connector's (3.13.3: the sum is limited)."""
    if whole is None or not asked.can.maximum_is_shared:
        return whole
    if asked.others is None:
        a = whole.a / len({*asked.running, connector})
    else:
        taken = sum(amps for place, amps in asked.others.items() if place != connector)
        a = max(0.0, whole.a - taken)
    return Part(a, whole.phases, whole.by)


def _own(asked: Asked, connector: int, at: float) -> Part | None:
    """What the TxProfiles, else the TxDefaultProfiles leave to this connector."""
    tx = asked.running.get(connector)
    if tx is None and not asked.as_if_started:
        return None  # no transaction, nothing that a profile for transactions could limit
    started = tx.started_at if tx else None
    if tx is not None:
        ours = asked.installed.on(connector, TX)
        ours = [p for p in ours if p.transaction in (None, tx.id) and valid(asked.can, p, at)]
        part = _highest(asked, ours, at, started)
        if part is not None or (ours and not asked.can.gap_falls_to_default):
            return part
    mine = asked.installed.on(connector, TX_DEFAULT)
    general = asked.installed.on(0, TX_DEFAULT)
    if asked.can.own_default_first:
        first = _highest(asked, mine, at, started)
        return first or _highest(asked, general, at, started)
    return _highest(asked, [*mine, *general], at, started)


def _together(asked: Asked, at: float) -> Part | None:
    """What all connectors may take together; `None` if none of them is limited."""
    places = range(1, asked.can.connectors + 1)
    counted = [place for place in places if asked.as_if_started or place in asked.running]
    parts = [_own(asked, place, at) for place in counted]
    limited = [part for part in parts if part is not None]
    if not limited or not asked.can.total_counts_connectors:
        return None
    a = sum(asked.can.max_a if part is None else part.a for part in parts)
    known = [part.phases for part in limited if part.phases is not None]
    phases = max(known) if len(known) == len(parts) else None
    return Part(a, phases, tuple(profile for part in limited for profile in part.by))


def _highest(
    asked: Asked, profiles: list[Profile], at: float, started: float | None
) -> Part | None:
    """The first in order of stack level, highest first, that says something at `at` (3.13.2)."""
    if started is None and asked.can.relative_starts_now:
        started = asked.origin
    for profile in sorted(profiles, key=lambda profile: -profile.level):
        period = period_at(profile, at, started) if valid(asked.can, profile, at) else None
        if period is not None:
            a = period.limit
            if profile.schedule.unit == "W":
                phases = period.phases or PHASES_BY_DEFAULT
                a = watts_to_amps(period.limit, asked.can.voltage_v, phases)
            return Part(a, period.phases, (profile,))
    return None


def valid(can: Capabilities, profile: Profile, at: float) -> bool:
    """Whether `at` lies in the time for which a profile is meant at all."""
    if profile.valid_from is not None and at < profile.valid_from:
        return False
    end = valid_until(can, profile)
    return end is None or at < end


def valid_until(can: Capabilities, profile: Profile) -> float | None:
    """The moment from which a profile is no longer valid; times in OCPP are whole seconds."""
    if profile.valid_to is None or not can.valid_to_counts:
        return profile.valid_to
    return profile.valid_to + 1.0


def origin_of(profile: Profile, started: float | None) -> float | None:
    """Where the schedule begins; `None`: it does not."""
    if profile.kind == "Relative":
        return started
    if profile.kind == "Absolute" and profile.schedule.start is None:
        return started  # 7.13: relative to the start of charging
    return profile.schedule.start


def period_at(profile: Profile, at: float, started: float | None) -> Period | None:
    """The period of the schedule that runs at `at`, whether the profile is valid or not.

    `started`: when charging started. A Recurring schedule begins anew each 24 h (7 days), counted
    in UTC, and what of it is longer does not run (errata 3.44, 3.79).
    """
    origin, schedule = origin_of(profile, started), profile.schedule
    if origin is None or at < origin:
        return None
    since_s = at - origin
    if profile.recurrency is not None:
        since_s %= RECURRENCES_S[profile.recurrency]
    if schedule.duration_s is not None and since_s >= schedule.duration_s:
        return None
    begun = [period for period in schedule.periods if period.start_s <= since_s]
    return begun[-1] if begun else None
