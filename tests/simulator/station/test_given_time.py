"""A station in a time that is given: energy, taper, policy, sharing, what profiles held back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from simulator.station.cars import CARS, Car, CarKind, energy_wh
from simulator.station.clock import Skewed
from simulator.station.connector import split
from simulator.station.kinds import STATIONS, Faults, StationKind, faults_of
from simulator.station.messages import Metered, Outbox, Start, Status
from simulator.station.policy import Policy, judge
from simulator.station.station import Station
from tests.simulator.station.central import CAR, iso, profile

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC).timestamp()
QUIET = replace(STATIONS["idle"], presents_tag=False)


def charging(kind: StationKind = QUIET, car: CarKind = CAR, soc_pct: float = 50.0) -> Station:
    """A station with a car at connector 1, charging since noon as transaction 1."""
    station = Station("LJ1", kind, NOON)
    start(station, 1, car, soc_pct)
    return station


def start(station: Station, connector: int, car: CarKind = CAR, soc_pct: float = 50.0) -> None:
    station.plug(connector, Car(car, soc_pct), NOON)
    station.allow(connector, "card", True, NOON)
    session = station.connectors[connector].session
    assert session is not None
    station.started(connector, session, connector, True)


def test_an_hour_at_sixteen_amperes_is_eleven_kilowatt_hours() -> None:
    station = charging(soc_pct=0.0)
    station.advance(NOON + 3600)
    # 3 x 230 V x 16 A x 1 h; 90 % of it arrives in 60 kWh.
    assert station.connectors[1].register_wh == pytest.approx(11040)
    car = station.connectors[1].car
    assert car is not None
    assert car.soc_pct == pytest.approx(11.04 * 0.9 / 60 * 100)


def test_energy_is_counted_over_the_real_interval() -> None:
    station = charging()
    first = station.sample(1, NOON + 7.3)
    second = station.sample(1, NOON + 20.0)
    assert first.register_wh == pytest.approx(energy_wh((16.0, 16.0, 16.0), 230, 7.3))
    assert second.register_wh == pytest.approx(energy_wh((16.0, 16.0, 16.0), 230, 20.0))


def test_the_limit_is_asked_for_between_samples_too() -> None:
    station = charging()
    data = profile(1, (0, 10.0), (60, 6.0), chargingProfileKind="Absolute", startSchedule=iso(NOON))
    assert station.set_profile(1, data, NOON) == "Accepted"
    sample = station.sample(1, NOON + 120)
    # One minute at 10 A, one at 6 A, three phases.
    assert sample.register_wh == pytest.approx(3 * 230 * (10 + 6) / 60, rel=0.02)
    assert sample.current_a == (6.0, 6.0, 6.0)


def test_the_smaller_of_wish_and_limit_is_taken() -> None:
    station = charging(car=replace(CAR, max_a=10.0))
    station.set_profile(1, profile(1, 13.0), NOON)
    assert station.sample(1, NOON + 1).current_a == (10.0, 10.0, 10.0)
    station.set_profile(1, profile(1, 8.0), NOON + 2)
    assert station.sample(1, NOON + 3).current_a == (8.0, 8.0, 8.0)


def test_a_car_takes_its_time_but_a_pause_is_at_once() -> None:
    station = charging(car=replace(CAR, reaction_s=5.0))
    plug = station.connectors[1]
    assert plug.draw_a == 0.0
    station.advance(NOON + 6)
    assert plug.draw_a == 16.0
    station.set_profile(1, profile(1, 10.0), NOON + 10)
    station.advance(NOON + 14)
    assert plug.draw_a == 16.0
    station.advance(NOON + 16)
    assert plug.draw_a == 10.0
    station.set_profile(1, profile(1, 0.0), NOON + 20)
    assert plug.draw_a == 0.0
    assert plug.status == "SuspendedEVSE"


def test_a_car_fills_up_slower_and_suspends_itself() -> None:
    car = Car(replace(CAR, taper_from_pct=90.0, taper_a=6.0), 95.0)
    assert car.wants_a() == pytest.approx(11.0)  # half way between 16 and 6 A
    car.fill(1e6)
    assert car.full
    assert car.wants_a() == 0.0
    station = charging(soc_pct=99.99)
    station.advance(NOON + 600)
    assert station.connectors[1].status == "SuspendedEV"
    assert station.connectors[1].session is not None


def test_a_cold_battery_takes_less() -> None:
    kind = replace(CAR, cold_c=5.0, frozen_c=-25.0)
    assert Car(replace(kind, temperature_c=20.0), 50).wants_a() == 16.0
    assert Car(replace(kind, temperature_c=-10.0), 50).wants_a() == pytest.approx(8.0)
    assert Car(replace(kind, temperature_c=-40.0), 50).wants_a() == 0.0


def test_what_a_profile_held_back_is_counted() -> None:
    station = charging()
    station.set_profile(1, profile(1, 10.0), NOON)
    station.set_profile(1, profile(2, 20.0, stackLevel=1), NOON + 600)
    station.advance(NOON + 900)
    effects = station.record.effects
    # For 600 s profile 1 held the car to 10 of its 16 A: 3 x 230 V x 6 A / 6 h.
    assert effects[1].binding_s == pytest.approx(600, abs=1.5)
    assert effects[1].held_back_wh == pytest.approx(3 * 230 * 6 / 6, rel=0.01)
    # Then profile 2 set the limit, to more than the car takes.
    assert effects[2].in_force_s == pytest.approx(300, abs=1.5)
    assert effects[2].binding_s == 0.0
    assert station.record.counts.held_back_wh == pytest.approx(effects[1].held_back_wh)
    report = station.record.report()
    assert [row["profile"] for row in report["profiles"]] == [1, 2]
    assert any("10.0 A by profile 1" in line for line in report["log"])


def test_the_station_limit_is_credited_where_it_is_what_holds_back() -> None:
    station = Station("LJ1", replace(QUIET, connectors=2), NOON)
    start(station, 1)
    start(station, 2)
    data = profile(
        9,
        20.0,
        chargingProfilePurpose="ChargePointMaxProfile",
        chargingProfileKind="Absolute",
        startSchedule=iso(NOON),
    )
    assert station.set_profile(0, data, NOON) == "Accepted"
    assert station.set_profile(1, profile(1, 15.0), NOON) == "Accepted"
    assert [p.offer_a for p in station.connectors.values()] == pytest.approx([10.0, 10.0])
    assert station.connectors[1].hold.by == (9,)


# ceilings, wants, total -> offers; 6 A is the least, all grow together.
SHARES: list[tuple[list[float], list[float], float | None, list[float]]] = [
    ([32, 32], [16, 16], None, [32, 32]),
    ([32, 5], [16, 16], None, [32, 0]),
    ([32, 32], [16, 16], 20, [10, 10]),
    ([32, 32], [16, 16], 40, [16, 16]),
    ([7, 32], [16, 16], 20, [7, 13]),
    ([32, 32], [8, 32], 24, [8, 16]),
    ([32, 32], [16, 16], 11, [11, 0]),
    ([32, 32, 32], [16, 16, 16], 18, [6, 6, 6]),
    ([32, 32], [16, 16], 5, [0, 0]),
]


@pytest.mark.parametrize(("ceilings", "wants", "total", "offers"), SHARES)
def test_plugs_share_what_is_for_all(
    ceilings: list[float], wants: list[float], total: float | None, offers: list[float]
) -> None:
    assert split(ceilings, wants, total, 6.0) == pytest.approx(offers)


def hour(number: int) -> float:
    return NOON + (number - 12) * 3600


def test_the_policy_asks_cap_then_price_then_peak() -> None:
    policy = Policy(cap_kwh=5, price_limit=0.3, prices=(0.2,) * 17 + (0.5,) * 7, peaks=((17, 21),))
    assert judge(policy, hour(12), 0.0).reason == ""
    assert judge(policy, hour(18), 6000.0).reason.startswith("energy cap")
    assert judge(policy, hour(18), 6000.0).ends
    assert judge(policy, hour(18), 0.0).reason.startswith("price")
    cheap = replace(policy, price_limit=None)
    assert judge(cheap, hour(18), 0.0).reason.startswith("peak hours")
    assert judge(cheap, hour(21), 0.0).reason == ""


def test_peak_hours_halve_or_stop() -> None:
    assert judge(Policy(peaks=((17, 21),)), hour(17), 0.0).share == 0.0
    assert judge(Policy(peaks=((17, 21),), peak_share=0.5), hour(17), 0.0).share == 0.5


def test_peak_hours_over_midnight_in_the_stations_own_time() -> None:
    policy = Policy(peaks=((22, 6),), timezone="Europe/Ljubljana")
    # 20:00 UTC in summer is 22:00 there.
    assert judge(policy, hour(20), 0.0).reason
    assert judge(policy, hour(3), 0.0).reason
    assert not judge(policy, hour(19), 0.0).reason
    assert not judge(policy, hour(4), 0.0).reason


@pytest.mark.parametrize(
    "wrong",
    [
        {"prices": (1.0,) * 23},
        {"price_limit": 0.3},
        {"peak_share": 1.5},
        {"peaks": ((17, 25),)},
    ],
)
def test_a_policy_that_cannot_be_meant_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"price|share|hours"):
        Policy(**wrong)


def test_the_policy_pauses_in_the_peak_and_goes_on_after_it() -> None:
    station = charging(replace(QUIET, policy=Policy(peaks=((13, 14),))))
    station.advance(hour(13) - 1)
    assert station.connectors[1].status == "Charging"
    station.advance(hour(13) + 1)
    assert station.connectors[1].status == "SuspendedEVSE"
    station.set_profile(1, profile(1, 11.0), hour(13) + 10)
    assert station.connectors[1].offer_a == 11.0
    station.clear_profiles(hour(13) + 20)
    assert station.connectors[1].offer_a == 0.0
    station.advance(hour(14) + 1)
    assert station.connectors[1].offer_a == 32.0


def test_fewer_phases_without_a_switch_keep_the_power() -> None:
    data = profile(1, 24.0)
    data["chargingSchedule"]["chargingSchedulePeriod"][0]["numberPhases"] = 1
    station = charging()
    station.set_profile(1, data, NOON)
    # 24 A on one phase are 8 A on each of three.
    assert station.sample(1, NOON + 1).current_a == pytest.approx((8.0, 8.0, 8.0))
    switching = charging(replace(QUIET, switches_phases=True), replace(CAR, max_a=32.0))
    switching.set_profile(1, data, NOON)
    assert switching.sample(1, NOON + 1).current_a == (24.0, 0.0, 0.0)


def test_a_remote_start_waits_for_a_car_only_so_long() -> None:
    station = Station("LJ1", QUIET, NOON)
    assert station.remote_start(None, "someone", None, NOON)
    station.advance(NOON + 61)
    station.plug(1, Car(CAR, 50), NOON + 62)
    assert station.connectors[1].session is None


def test_faults_by_their_names() -> None:
    found = faults_of("drop, forget=60, watts-only, drift=0.001", Faults())
    assert found == Faults(drop=0.05, forget_s=60.0, watts_only=True, drift=0.001)
    assert faults_of("", Faults(drop=0.5)) == Faults(drop=0.5)
    with pytest.raises(ValueError, match="no fault 'gremlins'"):
        faults_of("gremlins", Faults())


class Hand:
    """A clock that is turned by hand."""

    def __init__(self) -> None:
        self.at = NOON

    def now(self) -> float:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.at += seconds


def test_a_clock_is_set_unless_it_drifts() -> None:
    hand = Hand()
    good, bad = Skewed(hand), Skewed(hand, drift=0.01)
    hand.at += 100.0
    assert good.now() == NOON + 100
    assert bad.now() == pytest.approx(NOON + 101)
    assert good.set(NOON + 98.5) == 0.0
    assert good.set(NOON) == -100.0
    assert bad.set(NOON) == 0.0
    assert good.now() == NOON
    assert bad.now() == pytest.approx(NOON + 101)


def test_only_meter_samples_are_left_out_when_there_is_too_much_to_say() -> None:
    station = charging()
    station.sample(1, NOON + 1)
    station.sample(1, NOON + 2)
    box = Outbox(station.out)
    kept = [m for m in box if not isinstance(m, Metered)]
    assert any(isinstance(m, Start) for m in kept)
    assert any(isinstance(m, Status) for m in kept)
    box.thin(1)
    assert list(box) == kept


def test_every_kind_of_car_charges_at_every_kind_of_station() -> None:
    for car in CARS.values():
        for kind in STATIONS.values():
            station = Station("LJ1", replace(kind, presents_tag=True), NOON)
            station.plug(1, Car(car, 30.0), NOON)
            if kind.transactions:
                station.allow(1, "card", True, NOON)
            station.advance(NOON + 60)
            plug = station.connectors[1]
            assert plug.status == "Charging", (car.name, kind.name)
            used = min(car.phases, kind.phases)
            assert [a > 0 for a in plug.per_phase_a()] == [leg < used for leg in range(3)]
