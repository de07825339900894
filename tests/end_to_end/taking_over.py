"""Stations that somebody else has told before, and what they let their cars draw meanwhile."""

from __future__ import annotations

import signal
import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from simulator.station.cars import CARS, Car
from simulator.station.keep import Store
from simulator.station.kinds import STATIONS
from simulator.station.station import Station as Virtual
from tests.end_to_end.house import AT_ONCE, METERS, House, Station, filled_in

FOREIGN = 77
"""The id of the profile that another system has left."""
FOREIGN_A = 8.0
CAR_A = 16.0
"""A car without a limit takes so much on each phase."""
HOUSE_A = 1.0
TOLERANCE_A = 0.01
# As for real stations, which take their time. Room must last for three reports, because a report
# and the meter do not come at the same moment.
PATIENT = {
    "follow_s": 5.0,
    "not_following_s": 15.0,
    "profile_s": 180.0,
    "raise_interval_s": 3.0,
    "dead_band_a": 0.3,
    "dead_band_s": 3.0,
}
NO_VALUE = ("unknown", "unavailable")
IN_SESSION = ("Charging", "SuspendedEV", "SuspendedEVSE")


def build(house: House, breaker_a: int, distribution: str, **options: Any) -> None:
    """Two chargers, left and right, of 6 to 16 A each, behind a main breaker of so many A."""
    house.household_a = [HOUSE_A] * 3
    site = filled_in("site", "Home", main_breaker_a=breaker_a, distribution=distribution, **METERS)
    house.build(site, chargers={"left": 1, "right": 1}, **{**PATIENT, **options})


async def start(house: House, *, left: str, right: str, cars: bool, left_unit: str = "A") -> None:
    """Start the stations with their faults, then Home Assistant; then the chargers' forms come.

    `cars`: both charge already, and everything is known of them when the forms come.
    """
    _add_told_before(house, "left", left, car=cars, unit=left_unit)
    _add_told_before(house, "right", right, car=cars)
    await house.start()
    status = "Charging" if cars else "Available"

    def known() -> bool:
        sensors = [f"sensor.{name}_current_import" for name in house.stations] if cars else []
        heard = all(house.home.state(one) not in (None, *NO_VALUE) for one in sensors)
        statuses = [house.home.state(f"sensor.{name}_status_connector") for name in house.stations]
        return heard and statuses == [status, status]

    await house.wait_until(known, f"both are {status}")
    house.home.set_automations(
        [
            yaml.safe_load((house.home.config / "automations.yaml").read_text("utf-8"))[0],
            filled_in("charger", "Left", devid="left", priority=1, **AT_ONCE),
            filled_in("charger", "Right", devid="right", priority=2, **AT_ONCE),
        ]
    )
    await house.home.reload_automations()


def _add_told_before(
    house: House, ident: str, faults: str, *, car: bool, unit: str = "A"
) -> Station:
    """Start a station that holds a profile of another system: 8 A for any session.

    `car`: one charges there already.
    """
    _leave_behind(house.folder, f"{ident}1", car=car, unit=unit)
    kind = ("--type", "idle", "--state-dir", str(house.folder), "--faults", faults)
    return house.add_station(ident, *kind)


def _leave_behind(folder: Path, name: str, *, car: bool, unit: str) -> None:
    """Write what the station keeps over a restart, as it was under the other system."""
    now = time.time()
    station = Virtual(name, replace(STATIONS["idle"]), now)
    limit = FOREIGN_A if unit == "A" else FOREIGN_A * 690
    profile = {
        "chargingProfileId": FOREIGN,
        "stackLevel": 5,
        "chargingProfilePurpose": "TxDefaultProfile",
        "chargingProfileKind": "Relative",
        "chargingSchedule": {
            "chargingRateUnit": unit,
            "chargingSchedulePeriod": [{"startPeriod": 0, "limit": limit}],
        },
    }
    assert station.set_profile(1, profile, now) == "Accepted"
    if car:
        station.plug(1, Car(CARS["family"], 40.0), now)
        station.allow(1, "card", True, now)
        session = station.connectors[1].session
        assert session is not None
        station.started(1, session, 7, True)
    Store(folder, name).save(station, now)


def cars_come(house: House) -> None:
    """A car comes to each station now."""
    for station in house.stations.values():
        station.process.send_signal(signal.SIGUSR1)


def _worst_moments(house: House, breaker_a: float) -> list[str]:
    """The moments in which a breaker carried, or was allowed to carry, more than its limit.

    The stations say themselves what their cars draw and which limit is in force, at the moment of
    each change. What is allowed is the limit, or without one what the car takes at most.
    """
    drawn: dict[str, tuple[float, ...]] = {}
    limits: dict[str, float | None] = {}
    charging: dict[str, bool] = {}
    found: list[str] = []
    events = sorted(
        (event for station in house.stations.values() for event in station.events),
        key=lambda event: float(event["t"]),
    )
    for event, following in pairwise(events):
        ident = event["id"]
        if event["event"] in ("draw", "sample"):
            drawn[ident] = tuple(event["amps"])
        if event["event"] == "limit":
            limits[ident] = event["limit"]
        if event["event"] == "status":
            charging[ident] = event["status"] in IN_SESSION
        if following["t"] == event["t"]:
            continue  # more is said of this moment
        carried_a = [HOUSE_A + sum(legs) for legs in zip(*drawn.values(), strict=True)] or [HOUSE_A]
        allowed_a = HOUSE_A + sum(
            _most_a(limits.get(one)) for one, there in charging.items() if there
        )
        if max(*carried_a, allowed_a) > breaker_a + TOLERANCE_A:
            moment = f"{event['t'] % 1000:.2f} to {following['t'] % 1000:.2f}"
            found.append(f"{moment}: carries {carried_a}, may carry {allowed_a}; limits {limits}")
    return found


def _most_a(limit_a: float | None) -> float:
    """What a car may draw under a limit, A per phase; `None`: there is no limit."""
    return CAR_A if limit_a is None else min(limit_a, CAR_A)


async def settles(house: House, what: str, breaker_a: float, **expected_a: float) -> None:
    """Wait until our profiles hold everywhere, and cars take just so much; look at all moments."""
    await house.wait_until(lambda: _taken_over(house), "our profiles hold")
    await house.reaches(what, **expected_a)
    worst = _worst_moments(house, breaker_a)
    assert not worst, "\n".join([*worst, house.story(lines=1000)])
    assert _taken_over(house), house.story()


def _taken_over(house: House) -> bool:
    """Whether at each station our profile limits a session, and not the other system's."""
    held = [station.samples()[-1:] for station in house.stations.values()]
    return all(last and last[0]["by"] and FOREIGN not in last[0]["by"] for last in held)


def cleared(house: House) -> list[str]:
    """The stations of which the profiles were cleared, the other system's with them."""
    return [name for name, station in house.stations.items() if station.has("clear")]


def told_to_clear(house: House) -> list[str]:
    """The stations that were told to clear their profiles, in that order."""
    calls = [call for call in house.told if call["service"] == "clear_profile"]
    names = [call["service_data"]["devid"] for call in calls]
    return [name.removesuffix("1") for name in names]
