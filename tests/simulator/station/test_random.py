"""Whatever profiles come, a station keeps to what they say together.

The electrical argument: a car never takes more than the station's maximum profile leaves, all plugs
together never more than it, and IEC 61851 knows no current between 0 and 6 A.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from simulator.ocpp.profiles import Invalid
from simulator.station.cars import CARS, Car
from simulator.station.kinds import STATIONS
from simulator.station.station import Station
from tests.simulator.station.central import profile

START = 1_780_000_000.0
PURPOSES = ("ChargePointMaxProfile", "TxDefaultProfile", "TxProfile")

limits = st.sampled_from([0.0, 5.9, 6.0, 8.0, 10.1, 13.0, 16.0, 20.0, 40.0])


@st.composite
def orders(draw: st.DrawFn) -> tuple[str, int, dict[str, Any]]:
    """An order: a profile for a plug, or clearing one."""
    connector = draw(st.integers(0, 2))
    if draw(st.integers(0, 5)) == 0:
        return "clear", connector, {"level": draw(st.integers(0, 2))}
    purpose = draw(st.sampled_from(PURPOSES))
    unit = draw(st.sampled_from("AAW"))
    scale = 690.0 if unit == "W" else 1.0
    starts = sorted(draw(st.sets(st.integers(1, 200), max_size=2)))
    data = profile(
        draw(st.integers(1, 6)),
        *[(at, draw(limits) * scale) for at in (0, *starts)],
        unit=unit,
        chargingProfilePurpose=purpose,
        stackLevel=draw(st.integers(0, 2)),
    )
    if draw(st.booleans()):
        data["chargingSchedule"]["duration"] = draw(st.integers(1, 300))
    return "set", connector, data


def started() -> Station:
    kind = replace(STATIONS["idle"], connectors=2, presents_tag=False)
    station = Station("LJ1", kind, START)
    for number, name in ((1, "family"), (2, "small")):
        station.plug(number, Car(replace(CARS[name], reaction_s=0.0), 30.0), START)
        station.allow(number, "card", True, START)
        session = station.connectors[number].session
        assert session is not None
        station.started(number, session, number, True)
    return station


@given(st.lists(st.tuples(orders(), st.integers(1, 60)), max_size=8))
def test_no_car_takes_more_than_the_profiles_allow(
    rows: list[tuple[tuple[str, int, dict[str, Any]], int]],
) -> None:
    station, now = started(), START
    for (what, connector, data), wait_s in rows:
        if what == "clear":
            station.clear_profiles(now, connector=connector, **data)
        else:
            try:
                station.set_profile(connector, data, now)
            except Invalid:
                continue
        for _ in range(2):
            _check(station, now)
            now += wait_s / 2
            station.advance(now)
    _check(station, now)


def _check(station: Station, now: float) -> None:
    running = station.running()
    whole = station.stack.hold(0, now, running).limit_a
    drawn = [plug.draw_a for plug in station.connectors.values()]
    if whole is not None:
        assert sum(drawn) <= whole + 1e-6
    for number, plug in station.connectors.items():
        own = station.stack.hold(number, now, running).limit_a
        assert own is None or plug.draw_a <= own + 1e-6
        assert plug.offer_a == 0.0 or 6.0 <= plug.offer_a <= station.kind.max_a
        assert plug.car is not None
        assert plug.draw_a <= plug.car.wants_a() + 1e-6
        if plug.session is not None and not plug.car.full:
            assert plug.status == ("Charging" if plug.offer_a else "SuspendedEVSE")


@given(st.lists(orders(), min_size=1, max_size=6))
def test_clearing_all_frees_the_cars(rows: list[tuple[str, int, dict[str, Any]]]) -> None:
    station = started()
    for what, connector, data in rows:
        if what == "set":
            try:
                station.set_profile(connector, data, START)
            except Invalid:
                continue
    station.clear_profiles(START + 1)
    assert station.sample(1, START + 2).current_a == (16.0, 16.0, 16.0)
    assert station.sample(2, START + 2).current_a == (32.0, 0.0, 0.0)
