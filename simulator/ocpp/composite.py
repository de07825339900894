"""GetCompositeSchedule: what limits a connector from now on, in one schedule (5.7, 6.21, 6.22)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from loadjuggler.units import floor_to_step

from simulator.ocpp.profiles import RECURRENCES_S, UNITS, Installed, Period, Profile, among, wrong
from simulator.ocpp.select import (
    PHASES_BY_DEFAULT,
    Asked,
    Part,
    in_force,
    least,
    origin_of,
    valid_until,
)
from simulator.ocpp.station import Capabilities, Transaction, check_connector, transactions
from simulator.ocpp.wire import LIMIT_STEP, plain_schedule, plain_time


@dataclass(frozen=True, slots=True)
class Composite:
    """Limits from `at` (s since 1970) on, for `duration_s`; periods count from `at`.

    `unit` is "A" (per phase) or "W" (total over the phases of a period, 3 if it names none).
    Without periods nothing limits.
    """

    at: float
    duration_s: float
    unit: str
    periods: tuple[Period, ...]
    connector: int = 0

    def plain(self) -> dict[str, Any]:
        """The payload of GetCompositeSchedule.conf.

        Its times are whole seconds: in a second with more than one limit, the smallest.
        """
        whole = math.floor(self.at)
        made: dict[str, Any] = {"status": "Accepted", "connectorId": self.connector}
        if self.periods:
            rows = _on_whole_seconds(self.periods, self.at - whole)
            made["scheduleStart"] = plain_time(whole)
            made["chargingSchedule"] = plain_schedule(
                self.unit, rows, duration=math.floor(self.duration_s)
            )
        return made


def composite(
    can: Capabilities,
    installed: Installed,
    connector: int,
    at: float,
    duration_s: float,
    unit: str | None,
    running: Mapping[int, Transaction],
    *,
    others: Mapping[int, float] | None = None,
) -> Composite | None:
    """The composite schedule from `at` (s since 1970); `None`: Rejected, no such connector.

    Without a `unit` it is the first that the station knows. A longer duration than the station
    looks ahead is shortened. `others` as in `limit_at`. Raises Invalid for a unit or a duration
    that does not exist, and without smart charging.
    """
    check_connector(can, 0)
    if not 0 <= connector <= can.connectors:
        return None
    if unit is None:
        unit = next(iter(can.units), UNITS[0])
    among(unit, UNITS, "chargingRateUnit")
    if not (math.isfinite(duration_s) and duration_s >= 0):
        raise wrong(f"duration is {duration_s:g}; it can't be below 0")
    duration_s = min(duration_s, can.max_composite_s)
    started = transactions(running, can)
    asked = Asked(can, installed, started, others, at, can.composite_shows_default)
    edges = _edges(asked, at, at + duration_s)
    parts = [
        # In the middle of a slice: at its edge, adding parts of seconds to times is not exact.
        (start - at, in_force(asked, connector, (start + end) / 2))
        for start, end in zip(edges, [*edges[1:], at + duration_s], strict=True)
    ]
    periods, open_end = _periods(can, connector, unit, parts)
    if open_end is not None:
        duration_s = open_end
    return Composite(at, duration_s, unit, periods, connector)


def _edges(asked: Asked, at: float, end: float) -> list[float]:
    """The moments from `at` on, before `end`, at which a limit may change."""
    starts = {asked.origin, *(tx.started_at for tx in asked.running.values())}
    found = {at}
    for _, profile in asked.installed.profiles:
        found |= {m for m in (profile.valid_from, valid_until(asked.can, profile)) if m is not None}
        for origin in {origin_of(profile, start) for start in starts}:
            if origin is not None:
                found.update(_changes(profile, origin, at, end))
    return sorted(moment for moment in found if at <= moment < end or moment == at)


def _changes(profile: Profile, origin: float, at: float, end: float) -> Iterator[float]:
    """The moments around `at` to `end` at which a schedule changes that begins at `origin`."""
    schedule = profile.schedule
    after_s = [period.start_s for period in schedule.periods]
    if schedule.duration_s is not None:
        after_s.append(schedule.duration_s)
    if profile.recurrency is None:
        yield from (origin + after for after in after_s)
        return
    every_s = RECURRENCES_S[profile.recurrency]
    turn = max(0, math.floor((at - origin) / every_s))
    while origin + turn * every_s < end:
        begin = origin + turn * every_s
        yield from (begin + after for after in after_s if after < every_s)
        turn += 1


def _periods(
    can: Capabilities, connector: int, unit: str, parts: list[tuple[float, Part | None]]
) -> tuple[tuple[Period, ...], float | None]:
    """Slices as periods of the unit, and when the last of them ends if not with the schedule.

    A slice that nothing limits can't be said: it is the most that the hardware gives, or left out.
    """
    made: list[Period] = []
    open_end = None
    for start_s, part in parts:
        said = part
        if part is None and can.composite_shows_maximum:
            most_a = can.max_a * (can.connectors if connector == 0 else 1)
            said = Part(most_a, can.phases if can.phases < PHASES_BY_DEFAULT else None, ())
        if said is None:
            open_end = start_s if open_end is None else open_end
            continue
        limit = said.a
        if unit == "W":
            limit *= can.voltage_v * (said.phases or PHASES_BY_DEFAULT)
        made.append(Period(start_s, limit, said.phases))
        open_end = None
    return merged(made), open_end


def merged(periods: Iterable[Period]) -> tuple[Period, ...]:
    """Neighbours that say the same as one."""
    made: list[Period] = []
    for period in periods:
        if not made or replace(period, start_s=made[-1].start_s) != made[-1]:
            made.append(period)
    return tuple(made)


def _on_whole_seconds(periods: tuple[Period, ...], shift_s: float) -> tuple[Period, ...]:
    """The periods `shift_s` later, on whole seconds and in steps that can be said; never more."""
    starts = [period.start_s + shift_s for period in periods]
    ends = [*starts[1:], math.inf]
    edges = sorted({edge for start in starts for edge in (math.floor(start), math.ceil(start))})
    made = []
    for edge, until in zip(edges, [*edges[1:], math.inf], strict=True):
        inside = [
            Part(floor_to_step(period.limit, LIMIT_STEP), period.phases, ())
            for period, start, end in zip(periods, starts, ends, strict=True)
            if start < until and end > edge
        ]
        part = least(inside)
        if part is not None:
            made.append(Period(float(edge), part.a, part.phases))
    return merged(made)
