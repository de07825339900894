"""Starts, stops and rests of a load, decided from one command: a table, without a house."""

from __future__ import annotations

from dataclasses import replace

import pytest
from loadjuggler.control.delays import keeps_minimum, pausing, stop_as_text, stop_from_text
from loadjuggler.control.stops import NewCommand, remembered
from loadjuggler.measure.readings import LoadReading, Readings, SetpointReading
from loadjuggler.memory.memory import Memory
from loadjuggler.reasons import Outcome, Reason, RowKind
from loadjuggler.units import PerPhase

from . import memories
from .house import House, charger_form, site_form

NOW = 1_000_000.0
MIDNIGHT = NOW + 20_000.0
DAY_S = 86_400.0
HOUSE = House.of(
    site_form("A"), charger_form("car", "A", mode="solar_only", solar_stops=6, max_current_a=16)
)
CAR = HOUSE.site.loads["car"]

NO_SUN = Reason(limits=RowKind.SURPLUS, outcome=Outcome.TOO_SMALL, numbers={"left_a": 2.0})
BREAKER = Reason(limits=RowKind.CIRCUIT, outcome=Outcome.TOO_SMALL, numbers={"circuit": "main"})


def reading(draw_a: float, told_a: float) -> LoadReading:
    """The car as it draws now, and what it was told before."""
    return LoadReading(
        status="Charging",
        active=True,
        connected=True,
        mode="solar_only",
        priority=5.0,
        min_a=6.0,
        max_a=16.0,
        legs=(("L1", "A"),),
        draw=PerPhase(draw_a),
        draw_at=NOW,
        command_a=told_a,
        commanded_at=NOW - 100.0,
    )


def stopped(draw_a: float, why: Reason, stops: int = 0) -> tuple[int, float | None]:
    """Stops for lack of sun, and until when it rests, after the car was told 0 instead of 6 A."""
    before = memories.remembered(started_at=NOW - 1000.0, stops=stops)
    turn = NewCommand(0.0, why, None, makes_way=False, silent=False)
    known = remembered(CAR, reading(draw_a, 6.0), before, turn, NOW, MIDNIGHT).delays
    assert known.stopped_at == NOW
    return known.stops, known.rest_until


@pytest.mark.parametrize(
    ("draw_a", "why", "stops"),
    [
        pytest.param(6.0, NO_SUN, 1, id="a car that charged was interrupted"),
        pytest.param(1.1, NO_SUN, 1, id="it charged a little"),
        pytest.param(1.0, NO_SUN, 0, id="a car that drew nothing was not interrupted"),
        pytest.param(6.0, BREAKER, 0, id="a breaker is no lack of sun"),
    ],
)
def test_only_an_interruption_for_lack_of_sun_counts(
    draw_a: float, why: Reason, stops: int
) -> None:
    assert stopped(draw_a, why)[0] == stops


def test_after_six_stops_it_rests_until_midnight() -> None:
    assert stopped(6.0, NO_SUN, stops=4) == (5, None)
    assert stopped(6.0, NO_SUN, stops=5) == (6, MIDNIGHT)


@pytest.mark.parametrize(
    ("until", "rests"),
    [
        pytest.param(NOW + 10.0, True, id="for ten seconds more"),
        pytest.param(NOW + 25 * 3600.0, True, id="until the end of the longest day, of 25 h"),
        pytest.param(NOW + 25 * 3600.0 + 1, False, id="longer: another clock has set that"),
        pytest.param(NOW + 3 * DAY_S, False, id="for three days"),
        pytest.param(NOW, False, id="it is over"),
    ],
)
def test_a_rest_lasts_no_longer_than_a_day(until: float, rests: bool) -> None:
    """Midnight is at most 25 h away: on the day on which summer time ends."""
    memory = Memory(loads={"car": memories.remembered(rest_until=until, stops=6)})
    readings = Readings(NOW, {}, {}, {"car": reading(0.0, 0.0)}, "priority", None, 0.0)
    assert bool(pausing(HOUSE.site, readings, memory, NOW)) is rests


@pytest.mark.parametrize(
    ("stopped_s", "free_s", "left_s"),
    [
        pytest.param(10.0, 10.0, 170.0, id="180 s of pause, 10 s of it are over"),
        pytest.param(200.0, 50.0, 130.0, id="its room has been there for 50 s of 180"),
        pytest.param(200.0, 180.0, None, id="it was there for all of the pause"),
        pytest.param(3610.0, 10.0, 170.0, id="sun must last, however long ago it was stopped"),
    ],
)
def test_a_pause_lasts_until_the_room_was_free_for_as_long(
    stopped_s: float, free_s: float, left_s: float | None
) -> None:
    known = memories.remembered(
        stopped_at=NOW - stopped_s, free_at=NOW - free_s, stopped_for="surplus"
    )
    readings = Readings(NOW, {}, {}, {"car": reading(0.0, 0.0)}, "priority", None, 0.0)
    found = pausing(HOUSE.site, readings, Memory(loads={"car": known}), NOW)
    assert (found["car"].left_s if found else None) == left_s


@pytest.mark.parametrize(
    ("free_s", "left_s"),
    [
        pytest.param(10.0, 10.0, id="its sun must have lasted for 20 s"),
        pytest.param(20.0, None, id="it has"),
    ],
)
def test_a_car_that_a_breaker_stopped_an_hour_ago_is_tried(
    free_s: float, left_s: float | None
) -> None:
    known = memories.remembered(
        stopped_at=NOW - 3610.0, free_at=NOW - free_s, stopped_for="circuit main"
    )
    readings = Readings(NOW, {}, {}, {"car": reading(0.0, 0.0)}, "priority", None, 0.0)
    found = pausing(HOUSE.site, readings, Memory(loads={"car": known}), NOW)
    assert (found["car"].left_s if found else None) == left_s


@pytest.mark.parametrize(
    ("free_at", "waits"),
    [
        pytest.param(None, True, id="there is no room yet"),
        pytest.param(NOW, False, id="there is room now: it is tried at once"),
    ],
)
def test_a_car_from_the_grid_that_a_breaker_stopped_an_hour_ago_waits_for_room(
    free_at: float | None, waits: bool
) -> None:
    known = memories.remembered(
        stopped_at=NOW - 3610.0, free_at=free_at, stopped_for="circuit main"
    )
    car = replace(reading(0.0, 0.0), mode="standard")
    readings = Readings(NOW, {}, {}, {"car": car}, "priority", None, 0.0)
    found = pausing(HOUSE.site, readings, Memory(loads={"car": known}), NOW)
    assert [pause.left_s for pause in found.values()] == ([None] if waits else [])


def test_a_car_that_goes_on_is_not_paused() -> None:
    known = memories.remembered(stopped_at=NOW - 10.0)
    readings = Readings(NOW, {}, {}, {"car": replace(reading(6.0, 6.0))}, "priority", None, 0.0)
    assert not pausing(HOUSE.site, readings, Memory(loads={"car": known}), NOW)


@pytest.mark.parametrize(
    ("why", "text"),
    [
        pytest.param(BREAKER, "circuit main", id="a breaker is stored with its name"),
        pytest.param(NO_SUN, "surplus", id="the sun has none"),
        pytest.param(Reason("maximum"), "", id="no row stopped it"),
    ],
)
def test_what_stopped_a_load_is_stored_as_a_text_and_told_from_it(why: Reason, text: str) -> None:
    assert stop_as_text(why) == text
    kind, circuit = why.limits or "", why.numbers.get("circuit")
    told = {"stopped_for": kind, "circuit": circuit} if circuit else {"stopped_for": kind}
    assert stop_from_text(text) == told


@pytest.mark.parametrize(
    ("before_a", "started_s", "starts"),
    [
        pytest.param(0.0, None, True, id="it was off"),
        pytest.param(0.0, 500.0, True, id="it was off, and an old start is still known"),
        pytest.param(6.0, None, True, id="it was found running, nobody knows since when"),
        pytest.param(6.0, 500.0, False, id="it goes on"),
    ],
)
def test_a_start_is_the_first_command_above_0_a(
    before_a: float, started_s: float | None, starts: bool
) -> None:
    started_at = None if started_s is None else NOW - started_s
    known = memories.remembered(started_at=started_at)
    turn = NewCommand(8.0, Reason("maximum"), None, makes_way=False, silent=False)
    found = remembered(CAR, reading(before_a, before_a), known, turn, NOW, MIDNIGHT).delays
    assert found.started_at == (NOW if starts else started_at)


@pytest.mark.parametrize(
    ("changes", "keeps"),
    [
        pytest.param({}, True, id="its least setting of 4 A is what it takes anyway"),
        pytest.param({"kept_a": 0.0}, False, id="it can be told 0 A"),
        pytest.param({"active": False}, False, id="no car"),
        pytest.param({"lost": True}, False, id="it can't be told anything"),
        pytest.param({"mode": "standard"}, False, id="it does not live from the sun"),
        pytest.param(
            {"setpoint": SetpointReading(refused=True)}, False, id="it refuses what it is told"
        ),
    ],
)
def test_a_load_that_cannot_be_told_0_a_keeps_its_minimum_without_sun(
    changes: dict[str, object], keeps: bool
) -> None:
    car = replace(reading(6.0, 6.0), **{"kept_a": 4.0, **changes})  # type: ignore[arg-type]
    readings = Readings(NOW, {}, {}, {"car": car}, "priority", None, 0.0)
    assert keeps_minimum(HOUSE.site, readings, Memory()) == ({"car": 6.0} if keeps else {})


@pytest.mark.parametrize(
    ("then", "stops", "told_a", "started", "keeps"),
    [
        pytest.param("hold", 6, 6.0, True, True, id="stopped six times, and it runs"),
        pytest.param("hold", 5, 6.0, True, False, id="once less"),
        pytest.param("hold", 6, 0.0, True, False, id="it is off"),
        pytest.param("hold", 6, 6.0, False, False, id="it was told its minimum, not to start"),
        pytest.param("stay_off", 6, 6.0, True, False, id="its form says that it rests instead"),
    ],
)
def test_a_load_that_was_stopped_too_often_holds_its_minimum(
    then: str, stops: int, told_a: float, started: bool, keeps: bool
) -> None:
    house = House.of(
        site_form("A"),
        charger_form("car", "A", mode="solar_only", solar_stops=6, after_stops=then),
    )
    known = memories.remembered(stops=stops, started_at=NOW - 500.0 if started else None)
    readings = Readings(NOW, {}, {}, {"car": reading(told_a, told_a)}, "priority", None, 0.0)
    found = keeps_minimum(house.site, readings, Memory(loads={"car": known}))
    assert found == ({"car": 6.0} if keeps else {})


@pytest.mark.parametrize(
    ("silent", "makes_way", "stopped_for"),
    [
        pytest.param(True, False, "silent", id="its meter says nothing"),
        pytest.param(False, True, "makes_way", id="a load that goes first starts"),
        pytest.param(False, False, "surplus", id="the sun does not suffice"),
    ],
)
def test_a_stop_is_remembered_with_what_it_was_for(
    silent: bool, makes_way: bool, stopped_for: str
) -> None:
    """Below a silent meter nobody sees when there is room, so the pause does not wait for that."""
    turn = NewCommand(0.0, NO_SUN, None, makes_way, silent)
    known = memories.remembered(started_at=NOW - 1000.0)
    found = remembered(CAR, reading(6.0, 6.0), known, turn, NOW, MIDNIGHT).delays
    assert found.stopped_for == stopped_for
    assert found.free_at == (NOW if silent else None)


def test_the_pause_of_a_person_comes_before_that_of_a_stop() -> None:
    """The stop would pause it for 170 s more, the person for 600 s."""
    known = memories.remembered(stopped_at=NOW - 10.0, free_at=NOW - 10.0)
    car = replace(reading(0.0, 0.0), paused_s=600.0)
    readings = Readings(NOW, {}, {}, {"car": car}, "priority", None, 0.0)
    found = pausing(HOUSE.site, readings, Memory(loads={"car": known}), NOW)["car"]
    assert (found.left_s, found.reason) == (600.0, Reason("paused_by_you", {"left_min": 10.0}))


def test_a_load_that_does_not_live_from_the_sun_holds_no_minimum_for_its_stops() -> None:
    house = House.of(site_form("A"), charger_form("car", "A", solar_stops=6, after_stops="hold"))
    known = memories.remembered(stops=6, started_at=NOW - 500.0)
    car = replace(reading(6.0, 6.0), mode="standard")
    readings = Readings(NOW, {}, {}, {"car": car}, "priority", None, 0.0)
    assert keeps_minimum(house.site, readings, Memory(loads={"car": known})) == {}


def test_a_rest_comes_before_the_pause_of_its_last_stop() -> None:
    """That would end in 170 s, the rest in 1000 s."""
    known = memories.remembered(
        rest_until=NOW + 1000.0, stops=6, stopped_at=NOW - 10.0, free_at=NOW - 10.0
    )
    readings = Readings(NOW, {}, {}, {"car": reading(0.0, 0.0)}, "priority", None, 0.0)
    found = pausing(HOUSE.site, readings, Memory(loads={"car": known}), NOW)["car"]
    assert (found.left_s, found.reason) == (1000.0, Reason("rests", {"stops": 6.0}))
