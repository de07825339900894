"""Runs a day of a house through the engine, and counts its figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .clock import time_of_day
from .day import Day, house_of, under_control
from .faults import FaultyHouse
from .household import Household
from .record import Record


@dataclass(frozen=True, slots=True)
class Watched:
    """A day, what was seen of it so far, and the household in it."""

    day: Day
    record: Record
    household: Household

    @classmethod
    def of(cls, day: Day) -> Watched:
        """The house of `day` under control, at its start. Raises Unfit if the engine can't."""
        house, household = house_of(day)
        return cls(day, Record(under_control(house)), household)

    def seconds(self, until: float | None = None) -> Iterator[float]:
        """Let the house live until its day ends, or epoch s `until`; yields after each second."""
        living = self.record.living
        end = self.day.end if until is None else min(until, self.day.end)
        while living.house.now < end:
            before = living.house.now
            calls = living.second()
            self.record.second(len(calls), self.household.switched(before, living.house.now))
            self.record.note_faults(before)
            yield living.house.now


def run_day(day: Day) -> Record:
    """The whole of `day`. Raises Unfit if the engine can't have its house."""
    watched = Watched.of(day)
    for _ in watched.seconds():
        pass
    return watched.record


def figures(record: Record) -> dict[str, Any]:
    """What is reported of a day, as plain data; simulator.tally says how each is counted.

    Energies are kWh or, where the name says so, Wh. An overload is more than 0.2 A over a breaker's
    limit; `over_too_long_s` are the seconds of each beyond the first `follow_s`, which meter and
    slowest car may take; `over_late_s` as `simulator.record.Record` says: without those in which
    house or sun was still moving. `over` is the time over each limit, the house's own included:
    what flowed, and what the engine counted of what its meters showed.
    """
    wh, house = record.tally.wh, record.living.house
    over = record.all_overloads()
    worst = max(over, key=lambda one: one.worst_a, default=None)
    return {
        "name": house.scenario.name,
        "hours": round(record.seconds / 3600, 3),
        "sun_kwh": _kwh(wh["sun"]),
        "house_kwh": _kwh(wh["house"]),
        "managed_kwh": _kwh(wh["managed"]),
        "import_kwh": _kwh(wh["imported"]),
        "export_kwh": _kwh(wh["exported"]),
        "battery_charged_kwh": _kwh(wh["charged"]),
        "battery_discharged_kwh": _kwh(wh["discharged"]),
        "battery_soc_pct": round(house.soc_pct, 1) if house.scenario.battery else None,
        "solar_share_pct": percent(wh["managed_by_sun"], wh["managed"]),
        "battery_share_pct": percent(wh["managed_by_battery"], wh["managed"]),
        "solar_only_kwh": _kwh(wh["solar_only"]),
        "solar_only_import_wh": round(wh["solar_only_import"], 1),
        "solar_only_import_pct": percent(wh["solar_only_import"], wh["solar_only"]),
        "solar_only_battery_wh": round(wh["solar_only_battery"], 1),
        "export_missed_wh": round(wh["missed"], 1),
        "export_below_target_wh": round(wh["missed_below_target"], 1),
        "over_s": sum(one.seconds for one in over),
        "over_times": len(over),
        "longest_over_s": max((one.seconds for one in over), default=0),
        "follow_s": record.follow_s,
        "over_too_long_s": sum(max(one.seconds - record.follow_s, 0) for one in over),
        "over_late_s": record.late_s,
        "worst_overload_a": round(worst.worst_a, 2) if worst else 0.0,
        "worst_overload_at": worst.place if worst else None,
        "house_alone_over_s": record.house_alone_s,
        "over": {
            f"{circuit} {phase}": {
                "s": over.seconds,
                "ampere_seconds": round(over.ampere_seconds, 1),
                "engine_s": round(over.before_s + over.today_s, 1),
                "engine_ampere_seconds": round(over.before_as + over.today_as, 1),
            }
            for (circuit, phase), over in sorted(record.over.items())
        },
        "loads": {load: _load(record, load, kwh) for load, kwh in record.energies_kwh().items()},
        "runs": record.living.runs,
        "commands": record.calls,
        **_faults(record),
        **_found(record),
    }


def _faults(record: Record) -> dict[str, Any]:
    """What failed, and how many calls did, where anything was to fail."""
    house = record.living.house
    if not isinstance(house, FaultyHouse):
        return {}
    return {
        "calls_failed": record.calls_failed,
        "faults": [
            {
                "at": time_of_day(fault.at),
                "for_s": fault.for_s,
                "what": fault.words(),
                "over_s": record.over_in(fault.at, fault.until),
            }
            for fault in house.faults
        ],
    }


def _found(record: Record) -> dict[str, Any]:
    """What was found out about the wiring, and the overloads before it was put right and after."""
    if not record.found.noted:
        return {}
    told: dict[str, Any] = {
        "found": [
            {"at": time_of_day(one.at), "what": one.text, "changes": one.changes}
            for one in record.found.noted
        ]
    }
    at = record.found.remapped_at()
    if at is None:
        return told
    over = record.all_overloads()
    before = [one.seconds for one in over if one.start < at]
    after = [one.seconds for one in over if one.start >= at]
    return told | {
        "remapped_at": time_of_day(at),
        "over_before_remap_s": sum(before),
        "over_after_remap_s": sum(after),
        "longest_over_before_remap_s": max(before, default=0),
        "longest_over_after_remap_s": max(after, default=0),
    }


def _load(record: Record, load: str, kwh: float) -> dict[str, Any]:
    use = record.uses[load]
    spec = next(spec for spec in record.living.house.scenario.loads if spec.id == load)
    return {"mode": spec.mode, "kwh": round(kwh, 2), "starts": use.starts, "stops": use.stops}


def _kwh(wh: float) -> float:
    return round(wh / 1000, 3)


def percent(part: float, whole: float) -> float | None:
    """`part` of `whole` in %; None if there is no whole."""
    return round(100 * part / whole, 2) if whole else None
