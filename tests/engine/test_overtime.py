"""Time over a limit: what flows and for how long, and what is counted of it.

One phase, 25 A, unless said otherwise. A look at a meter stands until the next one, so what is seen
in looks of a second from t on and no more at t + 12 s has lasted 12 s.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from loadjuggler.memory.codec import from_json, to_json
from loadjuggler.memory.memory import Memory
from loadjuggler.publish import entities as publish
from loadjuggler.publish.entity import Entity
from loadjuggler.report import ImportOverReport, OverReport
from loadjuggler.runtime.api import Desk
from loadjuggler.runtime.controller import Keeper
from loadjuggler.snapshot import EntityState

from .house import START, House, charger_form, circuit_form, site_form, state

DAY_S = 86400.0
GONE = EntityState("unavailable")


def one_phase(*forms: dict[str, Any], **site: Any) -> House:
    """A house whose cars, if any, are left alone: nobody obeys."""
    return House.of(site_form("A", **site), *forms)


def passes(house: House, seconds: int, household_a: float | None = None, each: float = 1.0) -> None:
    """`seconds` of a house that takes `household_a`, looked at each so often; nobody obeys."""
    if household_a is not None:
        house.household["main"]["A"] = household_a
    for _ in range(round(seconds / each)):
        house.run()
        house.now += each


def today(house: House, circuit: str = "main", phase: str = "A") -> OverReport:
    """What is counted when the house is looked at now."""
    return house.run().report.circuits[circuit].over[phase]


def seconds(over: OverReport | ImportOverReport) -> tuple[float, float]:
    return (pytest.approx(over.managed_s, abs=1e-6), pytest.approx(over.unmanaged_s, abs=1e-6))


def amounts(over: OverReport) -> tuple[float, float]:
    return (pytest.approx(over.managed_as, abs=1e-6), pytest.approx(over.unmanaged_as, abs=1e-6))


# --- how much ------------------------------------------------------------------------------------


@pytest.mark.parametrize("each", [0.5, 1.0, 4.0])
def test_three_amperes_too_much_for_12_s_are_36_ampere_seconds(each: float) -> None:
    house = one_phase()
    passes(house, 20, 20.0, each)
    began = house.now
    passes(house, 12, 28.0, each)
    passes(house, 20, 20.0, each)
    over = today(house)
    assert seconds(over) == (0.0, 12.0)
    assert amounts(over) == (0.0, 36.0)
    assert over.worst_a == 28.0
    assert over.worst_times == pytest.approx(1.12)
    assert over.worst_at == "1970-01-12T13:47:00+00:00"
    assert began == START + 20  # 13:46:40


def test_two_overloads_add_up_and_the_worse_one_is_told() -> None:
    house = one_phase()
    passes(house, 5, 26.0)
    passes(house, 5, 10.0)
    passes(house, 2, 40.0)
    passes(house, 5, 27.0)
    over = today(house)
    assert seconds(over) == (0.0, 12.0)
    assert amounts(over) == (0.0, 5 * 1.0 + 2 * 15.0 + 5 * 2.0)
    assert (over.worst_a, over.worst_times) == (40.0, pytest.approx(1.6))


def test_the_resolution_of_a_meter_is_no_overload() -> None:
    """0.2 A above the limit are not clearly more; of 0.3 A all that is above it counts."""
    house = one_phase()
    passes(house, 10, 25.2)
    assert today(house) == OverReport()
    passes(house, 10, 25.3)
    house.household["main"]["A"] = 25.2
    over = today(house)
    assert seconds(over) == (0.0, 10.0)
    assert amounts(over) == (0.0, 3.0)


def test_export_is_no_overload() -> None:
    house = one_phase()
    passes(house, 10, -40.0)
    assert today(house) == OverReport()


def test_a_reserve_is_kept_free_and_never_over_the_limit() -> None:
    """25 A with a reserve of 5 and 8 A of house: 25 - 5 - 8 = 12 A for the car.

    22 A of house leave less than nothing to the car, and are no overload.
    """
    house = one_phase(charger_form("car", "A"), reserve_a=5)
    house.cars["car"].max_a = 12.0
    house.household["main"]["A"] = 8.0
    house.pass_time(120.0)
    assert house.told("car") == 12.0
    assert house.outcome is not None
    assert house.outcome.report.circuits["main"].headroom.a == pytest.approx(12.0)
    assert today(house) == OverReport()
    house.household["main"]["A"] = 22.0
    house.cars["car"].status = "Available"
    house.pass_time(60.0)
    assert house.outcome.report.circuits["main"].headroom.a == pytest.approx(-2.0)
    assert today(house) == OverReport()
    assert house.outcome.report.warnings == ()


def test_each_phase_of_each_breaker_counts_for_itself() -> None:
    """Phase B: 14 A in the garage (12 A), with 14 A elsewhere 28 A on the main breaker (25 A)."""
    house = House.of(site_form("AB"), circuit_form("garage", 12, metered="AB"))
    house.household["garage"] = {"A": 4.0, "B": 14.0}
    passes(house, 10, 14.0)
    house.household["main"]["B"] = 14.0
    passes(house, 5)
    house.household["garage"]["B"] = 0.0
    assert seconds(today(house, "garage", "B")) == (0.0, 15.0)
    assert amounts(today(house, "garage", "B")) == (0.0, 30.0)
    assert seconds(today(house, "main", "B")) == (0.0, 5.0)
    assert amounts(today(house, "main", "B")) == (0.0, 15.0)
    assert today(house, "garage", "A") == today(house, "main", "A") == OverReport()
    assert set(house.run().report.circuits["main"].over) == {"A", "B"}


# --- whose doing ---------------------------------------------------------------------------------


def test_the_part_that_would_remain_without_the_car_is_not_managed() -> None:
    """A car of 16 A. House 14 A: 5 A over, all by the car. House 27 A: 18 over, 2 by the house."""
    house = one_phase(charger_form("car", "A"))
    house.cars["car"].max_a = 16.0
    passes(house, 4, 14.0)
    passes(house, 3, 27.0)
    house.household["main"]["A"] = 5.0
    over = today(house)
    assert seconds(over) == (4.0, 3.0)
    assert amounts(over) == (4 * 5.0 + 3 * 16.0, 3 * 2.0)


def test_a_car_that_is_obeying_a_cut_is_managed_though_its_report_is_old() -> None:
    """House 8 to 17 A, car 16 A: 33 A until it follows 2 s later. The house alone is not over."""
    house = one_phase(charger_form("car", "A"))
    house.cars["car"].max_a = 16.0
    house.household["main"]["A"] = 8.0
    house.pass_time(120.0)
    house.cars["car"].reported_at = house.now
    drawn = house.snapshot()["sensor.car_current_import"]
    house.lost["sensor.car_current_import"] = drawn  # it says nothing new
    house.now += 1.0
    calls = house.calls[:]
    passes(house, 2, 17.0)
    house.obey(house.calls[len(calls) :])
    over = today(house)
    assert seconds(over) == (2.0, 0.0)
    assert amounts(over) == (16.0, 0.0)


def test_a_load_that_is_off_is_not_managed() -> None:
    house = one_phase(charger_form("car", "A", mode="off"))
    house.cars["car"].max_a = 16.0
    house.run()  # told to stop, which it does not do
    passes(house, 30, 14.0)
    over = today(house)
    assert seconds(over)[1] == pytest.approx(30.0)


def test_a_breaker_without_a_meter_is_known_by_its_loads() -> None:
    """A car draws 16 A on a garage of 10 A: 6 A too much, all managed."""
    house = one_phase(circuit_form("garage", 10), charger_form("car", "A", circuit="garage"))
    house.cars["car"].max_a = 16.0
    passes(house, 3)
    over = today(house, "garage")
    assert seconds(over) == (3.0, 0.0)
    assert amounts(over) == (18.0, 0.0)
    assert today(house) == OverReport()


# --- what is not known ---------------------------------------------------------------------------


def test_while_a_meter_is_missing_nothing_is_counted() -> None:
    """5 s over, 10 s without a word, 3 s over."""
    house = one_phase()
    passes(house, 5, 28.0)
    house.lost["sensor.grid_a"] = GONE
    passes(house, 10)
    assert seconds(today(house)) == (0.0, 5.0)
    house.lost.clear()
    passes(house, 3)
    house.household["main"]["A"] = 10.0
    assert seconds(today(house)) == (0.0, 8.0)


def test_a_meter_that_was_never_read_counts_nothing_and_says_so() -> None:
    house = one_phase()
    house.lost["sensor.grid_a"] = GONE
    passes(house, 10, 28.0)
    assert today(house) == OverReport(known=False)


def test_the_other_phases_of_a_meter_are_known_while_one_is_missing() -> None:
    house = House.of(site_form("AB"))
    house.household["main"] = {"A": 28.0, "B": 28.0}
    passes(house, 5)
    house.lost["sensor.grid_a"] = GONE
    passes(house, 10)
    assert seconds(today(house, "main", "A")) == (0.0, 5.0)
    assert seconds(today(house, "main", "B")) == (0.0, 15.0)


def test_a_breaker_without_a_meter_is_not_known_while_one_below_it_is_missing() -> None:
    """The barn (metered) hangs below a garage without a meter."""
    house = one_phase(circuit_form("garage", 10), circuit_form("barn", 20, "A", parent="garage"))
    house.household["barn"]["A"] = 14.0
    passes(house, 5)
    house.lost["sensor.barn_a"] = GONE
    passes(house, 5)
    over = today(house, "garage")
    assert seconds(over) == (0.0, 5.0)
    assert amounts(over) == (0.0, 20.0)


def test_a_meter_that_says_nothing_new_stands_for_a_minute() -> None:
    house = one_phase()
    house.lost["sensor.grid_a"] = state(28.0, "A", START)
    passes(house, 200)
    assert seconds(today(house)) == (0.0, 60.0)


def test_of_a_long_time_without_a_look_a_minute_counts() -> None:
    house = one_phase()
    passes(house, 5, 28.0)
    house.now += 3600.0
    # Its last report was made at the last look, 1 s before the pause began.
    assert seconds(today(house)) == (0.0, 4.0 + 60.0)


@pytest.mark.parametrize("amps", [1e11, 1e300, -1e300])
def test_what_no_wire_carries_does_no_harm(amps: float) -> None:
    """The memory stays one that can be stored, whatever meters and chargers say."""
    form = charger_form("car", "A", circuit="garage")
    house = one_phase(circuit_form("garage", 10), form, max_import_w=4600)
    house.extra["sensor.car_current_import"] = state(amps, "A", START, L1=amps)
    passes(house, 5, 28.0)
    house.extra["sensor.grid_a"] = state(-amps, "A", START)
    passes(house, 5)
    stored = json.loads(json.dumps(to_json(house.memory), allow_nan=False))
    assert from_json(stored) == house.memory


# --- midnight, clocks and restarts ---------------------------------------------------------------


def before_midnight(seconds_left: float) -> House:
    """A house whose local midnight comes in so many seconds; local time is ahead of UTC."""
    house = one_phase()
    house.utc_offset_s = DAY_S - START % DAY_S - seconds_left
    return house


def test_a_day_begins_at_local_midnight_and_an_overload_goes_on_into_it() -> None:
    """28 A for 10 s, 5 of them before midnight; looks of 2 s, one lasts over midnight."""
    house = before_midnight(5.0)
    passes(house, 4, 40.0, each=2.0)
    assert seconds(today(house)) == (0.0, 4.0)
    passes(house, 6, 28.0, each=2.0)
    house.household["main"]["A"] = 10.0
    over = today(house)
    assert seconds(over) == (0.0, 5.0)
    assert amounts(over) == (0.0, 15.0)
    assert over.worst_a == 28.0  # the 40 A were yesterday
    assert over.worst_at is not None
    assert over.worst_at.startswith("1970-01-13T00:00:00")


def test_a_day_without_an_overload_begins_with_nothing() -> None:
    house = before_midnight(20.0)
    passes(house, 10, 28.0)
    passes(house, 9, 10.0)
    assert seconds(today(house)) == (0.0, 10.0)
    passes(house, 2)
    assert today(house) == OverReport()
    assert house.memory.over == {}


def test_a_clock_that_is_set_back_over_midnight_does_not_begin_the_day_twice() -> None:
    house = before_midnight(10.0)
    passes(house, 10, 10.0)
    passes(house, 5, 28.0)  # after midnight
    passes(house, 1, 10.0)
    house.now -= 12.0  # before midnight again
    passes(house, 3, 28.0)
    passes(house, 20, 10.0)
    assert seconds(today(house)) == (0.0, 8.0)
    house.now += DAY_S
    assert today(house) == OverReport()


def test_a_clock_that_is_set_back_while_it_is_over_counts_no_time_twice() -> None:
    house = one_phase()
    passes(house, 10, 28.0)
    house.run()
    house.now -= 5.0
    passes(house, 10)
    house.household["main"]["A"] = 10.0
    assert seconds(today(house)) == (0.0, 20.0)


def test_a_clock_that_was_days_ahead_does_not_keep_that_day() -> None:
    house = one_phase()
    house.now += 30 * DAY_S
    passes(house, 5, 28.0)
    house.now -= 30 * DAY_S
    passes(house, 4)
    assert seconds(today(house)) == (0.0, 4.0)


@pytest.mark.parametrize("change_s", [3600.0, -3600.0])
@pytest.mark.parametrize("hour", [0.0, 3.0])
def test_daylight_saving_does_not_lose_the_day(change_s: float, hour: float) -> None:
    """Clocks change at 3:00, in some zones at midnight: an hour ahead is the next day then."""
    house = before_midnight(DAY_S - hour * 3600 + 7.0)
    passes(house, 4, 28.0)
    passes(house, 2, 10.0)
    house.utc_offset_s += change_s
    passes(house, 3, 28.0)
    passes(house, 2, 10.0)
    turned = hour == 0.0 and change_s > 0
    assert seconds(today(house)) == (0.0, 3.0 if turned else 7.0)


def test_what_was_counted_outlives_a_restart() -> None:
    house = one_phase()
    passes(house, 5, 28.0)
    house.memory = from_json(json.loads(json.dumps(to_json(house.memory), allow_nan=False)))
    passes(house, 5)
    house.household["main"]["A"] = 10.0
    over = today(house)
    assert seconds(over) == (0.0, 10.0)
    assert over.worst_a == 28.0


def test_memory_comes_back_as_it_was_and_an_older_one_has_none() -> None:
    house = one_phase()
    passes(house, 5, 28.0)
    data = json.loads(json.dumps(to_json(house.memory)))
    assert from_json(data) == house.memory
    assert house.memory.over
    del data["over"]
    assert from_json(data) == replace(house.memory, over={})


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param([], id="nothing in it"),
        pytest.param(5, id="a number"),
        pytest.param({"managed_s": "long"}, id="a word for seconds"),
        pytest.param({"worst_at": 1e300}, id="a time that is none"),
        pytest.param({"unmanaged_as": float("nan")}, id="not a number"),
        pytest.param({"going": {"since": 1.0}}, id="half an overload"),
    ],
)
def test_damage_is_a_value_error(damage: Any) -> None:
    house = one_phase()
    passes(house, 5, 28.0)
    data = to_json(house.memory)
    good = data["over"]["main A"]
    data["over"]["main A"] = {**good, **damage} if isinstance(damage, dict) else damage or {}
    with pytest.raises(ValueError, match="damaged"):
        from_json(data)


def test_breakers_that_are_gone_are_forgotten() -> None:
    house = one_phase(circuit_form("garage", 10, "A"))
    house.household["garage"]["A"] = 14.0
    passes(house, 5)
    assert ("garage", "A") in house.memory.over
    alone = one_phase()
    alone.memory, alone.now = house.memory, house.now
    alone.run()
    assert ("garage", "A") not in alone.memory.over


# --- the import limit ----------------------------------------------------------------------------


def test_the_import_limit_counts_all_phases_together() -> None:
    """20 A on each of three phases are 13 800 W: 2 800 W over 11 000 W, in 36 s 28 Wh."""
    house = House.of(site_form(max_import_w=11000))
    house.household["main"] = dict.fromkeys("ABC", 20.0)
    passes(house, 36)
    house.household["main"] = {"A": 24.0, "B": 24.0, "C": -2.0}  # 46 A are 10 580 W
    report = house.run().report
    over = report.import_over
    assert over is not None
    assert seconds(over) == (0.0, 36.0)
    assert over.unmanaged_wh == pytest.approx(28.0)
    assert over.managed_wh == 0.0
    assert over.worst_w == pytest.approx(13800.0)
    assert over.worst_times == pytest.approx(13800 / 11000)
    assert all(one == OverReport() for one in report.circuits["main"].over.values())


def test_a_car_that_puts_the_house_over_the_import_limit_is_managed() -> None:
    """9 A of house and 16 A of car are 5 750 W, 1 150 W over 4 600 W: 10 s of it are 3.2 Wh."""
    house = one_phase(charger_form("car", "A"), max_import_w=4600)
    house.cars["car"].max_a = 16.0
    passes(house, 10, 9.0)
    house.cars["car"].status = "Available"
    report = house.run().report
    assert report.import_over is not None
    assert seconds(report.import_over) == (10.0, 0.0)
    assert report.import_over.managed_wh == pytest.approx(1150 * 10 / 3600)


def test_without_an_import_limit_there_is_nothing_to_be_over() -> None:
    assert one_phase().run().report.import_over is None


# --- what people are told ------------------------------------------------------------------------


def warnings(house: House) -> tuple[str, ...]:
    return house.run().report.warnings


def test_an_overload_is_told_with_how_much_how_long_and_whose_doing() -> None:
    """Garage of 16 A: a car draws 17.1 A beside 3 A of freezer: 20.1 A, 1.26 times 16."""
    garage = {**circuit_form("garage", 16, "ABC"), "name": "Garage"}
    house = House.of(site_form(), garage, charger_form("car", "B", circuit="Garage"))
    house.cars["car"].max_a = 17.1
    house.household["garage"]["B"] = 3.0
    assert warnings(house) == (
        "The Garage breaker (16 A) carries 20.1 A on phase B, 4.1 A too much; without the managed "
        "loads it would be 3 A.",
    )
    house.now += 1.0
    passes(house, 11)
    over = "The Garage breaker (16 A) carries 20.1 A on phase B, 4.1 A too much, for {} s now; "
    over += "without the managed loads it would be 3 A."
    assert warnings(house) == (over.format(12),)
    passes(house, 5)  # its first command is 15 s old: that it does not follow is said, too
    assert warnings(house)[0] == over.format(17)
    assert "does not do what it was told" in warnings(house)[1]


@pytest.mark.parametrize(
    ("limit_a", "carries_a", "lasts_s", "told"),
    [
        pytest.param(20, 22.5, 400, None, id="1.125 times the rating may last"),
        pytest.param(20, 23.0, 60, None, id="1.15 times for a minute does nothing"),
        pytest.param(
            20,
            23.0,
            300,
            "That is 1.15 × 20 A: such a breaker may trip within the hour (IEC 60898).",
            id="1.15 times for long may",
        ),
        pytest.param(
            20,
            29.0,
            0,
            "That is 1.45 × 20 A: such a breaker trips within the hour (IEC 60898).",
            id="1.45 times will",
        ),
        pytest.param(
            100,
            150.0,
            0,
            "That is 1.50 × 100 A: such a breaker trips within two hours (IEC 60898).",
            id="above 63 A it has two hours",
        ),
        pytest.param(
            20,
            51.0,
            0,
            "That is 2.55 × 20 A: such a breaker may trip from 1 s on (IEC 60898).",
            id="2.55 times at any moment",
        ),
    ],
)
def test_what_a_breaker_does_with_it(
    limit_a: float, carries_a: float, lasts_s: int, told: str | None
) -> None:
    house = one_phase(main_breaker_a=limit_a)
    passes(house, lasts_s, carries_a, each=5.0)
    house.household["main"]["A"] = carries_a
    (text,) = warnings(house)
    assert "of it Load Juggler does not control." in text
    assert text.endswith(told or "does not control.")


def test_how_long_it_lasts_begins_anew_after_a_break() -> None:
    house = one_phase()
    passes(house, 20, 28.0)
    passes(house, 1, 20.0)
    passes(house, 3, 28.0)
    assert "for 3 s now" in warnings(house)[0]
    assert seconds(today(house)) == (0.0, 23.0)


def test_import_above_its_limit_is_told() -> None:
    """60 A are 13 800 W."""
    house = House.of(site_form(max_import_w=11000))
    house.household["main"] = dict.fromkeys("ABC", 20.0)
    passes(house, 4)
    assert warnings(house) == (
        "13 800 W are imported, 2 800 W more than the limit of 11 000 W, for 4 s now; 13 800 W of "
        "it Load Juggler does not control.",
    )


def test_nothing_is_remembered_of_a_house_that_is_never_over() -> None:
    house = one_phase(charger_form("car", "A"))
    house.cars["car"].max_a = 16.0
    house.pass_time(60.0)
    assert house.memory.over == Memory().over == {}


# --- the sensors ---------------------------------------------------------------------------------


def sensors(house: House) -> dict[str, Entity]:
    found = {entity.id: entity for entity in publish.entities(house.run().report)}
    return {key: entity for key, entity in found.items() if "_over_limit_" in key}


def test_seconds_and_ampere_seconds_are_sensors_of_each_phase_that_exists() -> None:
    """Local time is UTC + 2 h. A car of 16 A beside 14 A for 4 s: 5 A too much, 1.2 times 25 A."""
    house = one_phase(charger_form("car", "A"))
    house.utc_offset_s = 7200.0
    house.cars["car"].max_a = 16.0
    passes(house, 4, 14.0)
    house.cars["car"].status = "Available"
    found = sensors(house)
    base = "sensor.loadjuggler_main_over_limit"
    assert set(found) == {f"{base}_time_a", f"{base}_ampere_seconds_a"}
    time, amount = found[f"{base}_time_a"], found[f"{base}_ampere_seconds_a"]
    assert (time.value, amount.value) == ("4", "20.0")
    assert time.attributes == {
        "icon": "mdi:alert-outline",
        "friendly_name": "Main breaker over limit time A",
        "state_class": "total_increasing",
        "unit_of_measurement": "s",
        "device_class": "duration",
        "managed": 4,
        "unmanaged": 0,
        "limit": 25.0,
        "phase": "A",
        "worst": 30.0,
        "worst_times_limit": 1.2,
        "worst_at": "1970-01-12T15:46:40+02:00",
    }
    assert amount.attributes["unit_of_measurement"] == "A·s"
    assert "device_class" not in amount.attributes
    assert (amount.attributes["managed"], amount.attributes["unmanaged"]) == (20.0, 0.0)


def test_the_import_limit_has_sensors_where_there_is_one() -> None:
    house = one_phase(max_import_w=4600)
    passes(house, 36, 25.0)  # 5 750 W: 1 150 W over for 36 s are 11.5 Wh
    house.household["main"]["A"] = 10.0
    found = sensors(house)
    base = "sensor.loadjuggler_import_over_limit"
    assert found[f"{base}_time"].value == "36"
    assert found[f"{base}_energy"].value == "11.5"
    assert found[f"{base}_energy"].attributes["worst"] == 5750
    assert not [key for key in sensors(one_phase()) if "import" in key]


def test_sensors_do_not_change_while_nothing_is_over() -> None:
    """Neither before nor after an overload, whatever flows below the limit."""
    house = one_phase()
    passes(house, 3, 10.0)
    before = sensors(house)
    passes(house, 10, 24.9)
    assert sensors(house) == before
    assert {entity.value for entity in before.values()} == {"0", "0.0"}
    passes(house, 7, 28.3)
    house.household["main"]["A"] = 10.0
    after = sensors(house)
    passes(house, 100, 13.0, each=0.7)
    assert sensors(house) == after


def test_a_sensor_never_falls_during_a_day() -> None:
    house = one_phase()
    shown = []
    for step in range(60):
        house.household["main"]["A"] = 25.0 + step % 7 / 2
        shown.append(sensors(house)["sensor.loadjuggler_main_over_limit_ampere_seconds_a"].value)
        house.now += 0.3
    assert [float(value) for value in shown] == sorted(float(value) for value in shown)


def test_what_is_not_known_is_not_shown_as_none_over() -> None:
    house = one_phase()
    house.lost["sensor.grid_a"] = GONE
    assert {entity.value for entity in sensors(house).values()} == {"unknown"}


def test_the_answer_of_a_recalculation_has_them_too() -> None:
    keeper = Keeper()
    house = one_phase(circuit_form("garage", 20, "A"))
    passes(house, 5, 28.0)
    assert house.outcome is not None
    keeper.report = house.outcome.report
    circuits = json.loads(json.dumps(Desk(keeper).answer(), allow_nan=False))["circuits"]
    assert circuits["main"]["over_limit_today"]["A"] == {
        "time_s": 4.0,
        "managed_s": 0.0,
        "unmanaged_s": 4.0,
        "managed_as": 0.0,
        "unmanaged_as": 12.0,
        "worst_a": 28.0,
        "worst_times": 1.12,
        "worst_at": "1970-01-12T13:46:40+00:00",
    }
    assert circuits["garage"]["over_limit_today"]["A"]["time_s"] == 0.0
    assert circuits["garage"]["over_limit_today"]["A"]["worst_a"] is None
