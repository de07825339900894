"""From states to readings: units, signs, legs, and what is done without a reading."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from loadjuggler.measure.readings import LoadReading, Readings
from loadjuggler.memory.load import LoadMemory
from loadjuggler.memory.memory import Memory
from loadjuggler.memory.told import Calls, Command
from loadjuggler.options import Options
from loadjuggler.sense import sense
from loadjuggler.snapshot import EntityState

from tests.engine.memories import remembered

from .house import START, House, charger_form, circuit_form, plug_form, site_form, state

GONE = EntityState("unavailable")


class Sensor:
    """Senses a house again and again, remembering, with states changed by hand."""

    def __init__(self, *forms: Mapping[str, Any]) -> None:
        self.house = House.of(*forms)
        self.states = self.house.snapshot()
        self.memory = Memory()
        self.now = START

    def read(self, seconds: float = 0.0, **changes: EntityState | None) -> Readings:
        """Readings `seconds` after the last; names are entity ids with __ for the dot."""
        self.now += seconds
        for name, value in changes.items():
            entity = name.replace("__", ".")
            if value is None:
                self.states.pop(entity, None)
            else:
                self.states[entity] = value
        site = self.house.site
        readings, self.memory = sense(site, self.memory, self.states, self.now, Options())
        return readings

    def load(self, load: str, seconds: float = 0.0, **changes: EntityState | None) -> LoadReading:
        return self.read(seconds, **changes).loads[load]


def codes(readings: Readings) -> set[str]:
    return {problem.reason.code for problem in readings.problems}


# --- meters --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shown", "unit", "amps"),
    [
        pytest.param("5.5", "A", 5.5, id="amperes as they are"),
        pytest.param("5500", "mA", 5.5, id="milliamperes"),
        pytest.param("2300", "W", 10.0, id="2300 W at 230 V are 10 A"),
        pytest.param("-2.3", "kW", -10.0, id="2.3 kW of export are -10 A"),
        pytest.param("0.0046", "MW", 20.0, id="a large plant counts in MW"),
        pytest.param("2300", "VA", 10.0, id="2300 VA are 230 V times 10 A"),
        pytest.param("-1.15", "kVA", -5.0, id="1150 VA are 230 V times 5 A"),
        pytest.param("0", "A", 0.0, id="zero is a reading"),
        pytest.param(" 7 ", "A", 7.0, id="spaces do no harm"),
    ],
)
def test_a_meter_is_read_in_its_own_unit(shown: str, unit: str, amps: float) -> None:
    reading = Sensor(site_form("A")).read(sensor__grid_a=state(shown, unit)).meters["main"]
    assert reading.amps.a == pytest.approx(amps)
    assert reading.amps.b is None
    assert not reading.missing


@pytest.mark.parametrize(
    "shown",
    [
        pytest.param(None, id="not there"),
        pytest.param(EntityState("unavailable"), id="unavailable"),
        pytest.param(EntityState("unknown"), id="unknown"),
        pytest.param(state("nan", "A"), id="not a number"),
        pytest.param(state("-inf", "A"), id="minus infinity"),
        pytest.param(state("five", "A"), id="a word"),
        pytest.param(state("", "A"), id="nothing"),
        pytest.param(state("5", "°C"), id="degrees"),
        pytest.param(EntityState("5"), id="a number without a unit"),
    ],
)
def test_a_lost_meter_holds_its_last_value_for_60_s_and_is_unknown_then(
    shown: EntityState | None,
) -> None:
    at = Sensor(site_form("A"))
    at.read(sensor__grid_a=state(7.0, "A"))
    held = at.read(60.0, sensor__grid_a=shown)
    assert held.meters["main"].amps.a == 7.0
    assert held.meters["main"].missing == ("sensor.grid_a",)
    assert codes(held) & {"sensor_missing", "unit_unknown"}
    assert at.read(0.1).meters["main"].amps.a is None


def test_more_than_a_house_can_carry_is_told_as_that_and_not_as_a_wrong_unit() -> None:
    """1e12 W are 4e9 A; of a sensor without a unit that is not known."""
    at = Sensor(site_form("A", solar_entity="sensor.sun"))
    read = at.read(sensor__grid_a=state("1e12", "W"), sensor__sun=state("1e12", "W"))
    told = {problem.reason.numbers["entity"]: problem.reason for problem in read.problems}
    for entity in ("sensor.grid_a", "sensor.sun"):
        assert told[entity].code == "too_much"
        assert told[entity].numbers["state"] == "1e12 W"
    assert read.meters["main"].amps.a is None
    read = at.read(sensor__grid_a=state("5", None), sensor__sun=state("5", "A"))
    told = {problem.reason.numbers["entity"]: problem.reason for problem in read.problems}
    assert told["sensor.grid_a"].numbers["unit"] == ""
    assert (told["sensor.sun"].code, told["sensor.sun"].numbers["unit"]) == ("unit_no_power", "A")


def test_a_meter_that_comes_back_counts_again_at_once() -> None:
    at = Sensor(site_form("A"))
    at.read(sensor__grid_a=state(7.0, "A"))
    at.read(200.0, sensor__grid_a=GONE)
    back = at.read(5.0, sensor__grid_a=state(3.0, "A"))
    assert back.meters["main"].amps.a == 3.0
    assert not back.problems


def test_a_meter_that_was_never_read_is_unknown_not_zero() -> None:
    assert Sensor(site_form("A")).read(sensor__grid_a=GONE).meters["main"].amps.a is None


def test_a_meter_with_its_sign_turned_round_counts_export_as_import() -> None:
    at = Sensor(site_form("A", invert=True))
    assert at.read(sensor__grid_a=state(-4.0, "A")).meters["main"].amps.a == 4.0
    assert at.read(5.0, sensor__grid_a=GONE).meters["main"].amps.a == 4.0


# --- settings that an entity says ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "limit_a", "usable"),
    [
        pytest.param(state("18", "A"), 18.0, True, id="amperes"),
        pytest.param(state("18"), 18.0, True, id="a helper without a unit"),
        pytest.param(state("18000", "mA"), 18.0, True, id="milliamperes"),
        pytest.param(state("4000", "W"), 20.0, False, id="watts for amperes are not usable"),
        pytest.param(state("0.5", "A"), 20.0, False, id="below the range of the field"),
        pytest.param(state("5000", "A"), 20.0, False, id="above the range of the field"),
        pytest.param(state("many", "A"), 20.0, False, id="a word"),
        pytest.param(None, 20.0, False, id="an entity that is not there"),
    ],
)
def test_a_limit_by_entity_is_converted_and_bounded_or_the_form_holds(
    said: EntityState | None, limit_a: float, usable: bool
) -> None:
    form = circuit_form("garage", 20, limit_entity="input_number.garage")
    readings = Sensor(site_form("A"), form).read(input_number__garage=said)
    assert readings.limits_a["garage"] == pytest.approx(limit_a)
    assert ("setting_missing" in codes(readings)) != usable


def test_a_limit_by_entity_that_is_lost_holds_for_60_s() -> None:
    at = Sensor(site_form("A"), circuit_form("garage", 20, limit_entity="number.garage"))
    at.read(number__garage=state("12", "A"))
    assert at.read(60.0, number__garage=GONE).limits_a["garage"] == 12.0


def test_a_limit_by_entity_that_stays_away_is_never_taken_to_be_more_than_it_said() -> None:
    """It said 12 A and the form 20 A: a lost sensor may not raise a load, so 12 A hold."""
    at = Sensor(site_form("A"), circuit_form("garage", 20, limit_entity="number.garage"))
    at.read(number__garage=state("12", "A"))
    assert at.read(3600.0, number__garage=GONE).limits_a["garage"] <= 12.0


@pytest.mark.parametrize("said", ["Off", " off ", "OFF"])
def test_a_mode_by_entity_may_be_written_anyhow(said: str) -> None:
    at = Sensor(site_form("A"), charger_form("car", "A", mode_entity="input_select.mode"))
    assert at.load("car", input_select__mode=state(said)).mode == "off"


def test_a_mode_by_entity_may_use_the_plug_s_name_of_the_rule() -> None:
    at = Sensor(site_form("A"), charger_form("car", "A", mode_entity="input_select.mode"))
    assert at.load("car", input_select__mode=state("continuous")).mode == "standard"


def test_an_unknown_mode_by_entity_leaves_the_form_s() -> None:
    at = Sensor(site_form("A"), charger_form("car", "A", mode_entity="input_select.mode"))
    readings = at.read(input_select__mode=state("turbo"))
    assert readings.loads["car"].mode == "standard"
    assert "setting_missing" in codes(readings)


def test_a_charger_s_range_is_drawn_in_to_whole_steps() -> None:
    """In whole amperes 6.5 to 15.9 A mean 7 to 15 A: up for the minimum, down for the maximum."""
    form = charger_form("car", "A", min_current_a=6.5, max_current_a=15.9, step_a=1)
    reading = Sensor(site_form("A"), form).load("car")
    assert (reading.min_a, reading.max_a) == (7.0, 15.0)


# --- chargers ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "takes_part"),
    [
        ("Preparing", True),
        ("Charging", True),
        ("charging", True),
        ("SuspendedEVSE", True),
        ("SuspendedEV", True),
        ("Available", False),
        ("Finishing", False),
        ("Faulted", False),
        ("Reserved", False),
        ("Unavailable", False),
    ],
)
def test_who_takes_part_by_the_status_of_the_connector(status: str, takes_part: bool) -> None:
    at = Sensor(site_form("A"), charger_form("car", "A"))
    assert at.load("car", sensor__car_status_connector=state(status)).active == takes_part


@pytest.mark.parametrize(
    ("amps", "takes_part"),
    [
        pytest.param(8.0, True, id="a charger of unknown status that draws takes part"),
        pytest.param(0.3, False, id="one that draws next to nothing does not"),
    ],
)
def test_without_a_status_it_counts_whether_the_charger_draws(
    amps: float, takes_part: bool
) -> None:
    at = Sensor(site_form("A"), charger_form("car", "A"))
    reading = at.load(
        "car",
        sensor__car_status_connector=state("unknown"),
        sensor__car_current_import=state(amps, "A", L1=amps),
    )
    assert reading.active == takes_part


def test_currents_by_leg_come_from_attributes_and_land_on_the_wired_phases() -> None:
    """Rotated wiring: L1 on B, L2 on C, L3 on A. The state (a mean) is not used."""
    at = Sensor(site_form(), charger_form("car", "BCA"))
    shown = state(99.0, "A", L1=10.0, L2=9.0, L3=8.0)
    draw = at.load("car", sensor__car_current_import=shown).draw
    assert draw is not None
    assert (draw.a, draw.b, draw.c) == (8.0, 10.0, 9.0)


def test_legs_on_the_same_phase_add_up() -> None:
    at = Sensor(site_form("A"), charger_form("car", "AA"))
    shown = state(7.0, "A", L1=7.0, L2=6.5)
    draw = at.load("car", sensor__car_current_import=shown).draw
    assert draw is not None
    assert draw.a == 13.5


def test_currents_by_leg_come_from_an_entity_for_each_leg() -> None:
    legs = {f"current_l{n}_entity": f"sensor.leg_{n}" for n in (1, 2, 3)}
    at = Sensor(site_form(), charger_form("car", "ABC", **legs))
    reading = at.load(
        "car",
        sensor__leg_1=state(6.0, "A", START + 1),
        sensor__leg_2=state(1610, "W", START + 3),
        sensor__leg_3=state(8000, "mA", START + 2),
    )
    assert reading.draw is not None
    assert reading.draw.a == pytest.approx(6.0)
    assert reading.draw.b == pytest.approx(7.0)
    assert reading.draw.c == pytest.approx(8.0)
    assert reading.draw_at == START + 3


def test_one_leg_that_is_missing_makes_the_whole_draw_unknown() -> None:
    legs = {f"current_l{n}_entity": f"sensor.leg_{n}" for n in (1, 2)}
    at = Sensor(site_form(), charger_form("car", "AB", **legs))
    assert at.load("car", sensor__leg_1=state(6.0, "A"), sensor__leg_2=GONE).draw is None


def test_a_current_without_legs_counts_on_each_wired_leg() -> None:
    at = Sensor(site_form(), charger_form("car", "AB"))
    draw = at.load("car", sensor__car_current_import=state(7.0, "A")).draw
    assert draw is not None
    assert (draw.a, draw.b, draw.c) == (7.0, 7.0, None)


def test_power_stands_in_for_current_that_is_not_there() -> None:
    """4.6 kW over two legs of 230 V: 10 A on each."""
    at = Sensor(site_form(), charger_form("car", "AB"))
    draw = at.load(
        "car",
        sensor__car_current_import=None,
        sensor__car_power_active_import=state(4.6, "kW"),
    ).draw
    assert draw is not None
    assert (draw.a, draw.b, draw.c) == (pytest.approx(10.0), pytest.approx(10.0), None)


def test_a_charger_that_exports_draws_nothing() -> None:
    at = Sensor(site_form("A"), charger_form("car", "A"))
    draw = at.load("car", sensor__car_current_import=state(-3.0, "A")).draw
    assert draw is not None
    assert draw.a == 0.0


def test_a_lost_draw_is_held_for_60_s_with_its_age_and_unknown_then() -> None:
    at = Sensor(site_form("A"), charger_form("car", "A"))
    at.read(sensor__car_current_import=state(9.0, "A", START, L1=9.0))
    held = at.load("car", 60.0, sensor__car_current_import=GONE)
    assert held.draw is not None
    assert (held.draw.a, held.draw_at) == (9.0, START)
    unknown = at.read(0.1)
    assert unknown.loads["car"].draw is None
    assert "draw_unknown" in codes(unknown)


def test_before_a_session_nothing_flows_so_a_sensor_without_a_value_is_no_problem() -> None:
    """A car waits for the sun all night. Its charger has not measured anything since the start."""
    at = Sensor(site_form("A"), charger_form("car", "A"))
    new = state("unknown", None, START)
    waits = {"sensor__car_status_connector": state("Preparing", None, START)}
    at.read(sensor__car_current_import=new, sensor__car_transaction_id=state("0"), **waits)
    readings = at.read(120.0)
    assert readings.loads["car"].active
    assert "draw_unknown" not in codes(readings)
    at.states["sensor.car_transaction_id"] = state("7", None, START)
    at.read(sensor__car_status_connector=state("Charging", None, START))
    assert "draw_unknown" in codes(at.read(120.0))


def test_a_charger_without_any_entity_can_not_be_commanded() -> None:
    at = Sensor(site_form("A"), charger_form("car", "A"))
    gone = {name: None for name in at.states if name.startswith("sensor.car")}
    readings = at.read(**{name.replace(".", "__"): None for name in gone})
    assert not readings.loads["car"].connected
    assert "charger_unknown" in codes(readings)


@pytest.mark.parametrize(
    ("shown", "transaction"),
    [
        ("4711", 4711),
        ("0", 0),
        ("0.0", 0),
        ("-1", 0),
        ("unknown", 0),
        ("unavailable", 0),
        ("12.0", 12),
        ("1700000123.0", 1700000123),
        ("1 700 000 123", 1700000123),
        ("1,700,000,123", 1700000123),
        # Rounded, or it may be: a charger would discard a command for it without a word.
        ("1.7e9", 0),
        ("1.700000123e+09", 0),
        ("1700000123.5", 0),
        ("9007199254740994.0", 0),
        ("17,001", 0),
    ],
)
def test_the_transaction_is_a_number_or_there_is_none(shown: str, transaction: int) -> None:
    at = Sensor(site_form("A"), charger_form("car", "A"))
    assert (
        at.load("car", sensor__car_transaction_id=state(shown)).session.transaction == transaction
    )


def test_a_car_on_fewer_phases_is_narrowed_after_60_s_and_widened_at_once() -> None:
    """A single-phase car on a three-phase charger counts on L1 alone, but not after one glance."""
    at = Sensor(site_form(), charger_form("car", "ABC"))
    single = state(10.0, "A", L1=10.0, L2=0.4, L3=0.0)
    every = (("L1", "A"), ("L2", "B"), ("L3", "C"))
    assert at.load("car", sensor__car_current_import=single).legs == every
    assert at.load("car", 59.0).legs == every
    narrowed = at.load("car", 1.0)
    assert narrowed.legs == (("L1", "A"),)
    assert narrowed.draw is not None
    assert narrowed.draw.b is None
    two = state(10.0, "A", L1=10.0, L2=9.0, L3=0.0)
    assert at.load("car", 5.0, sensor__car_current_import=two).legs == every


def test_a_pause_does_not_count_as_using_fewer_phases() -> None:
    at = Sensor(site_form(), charger_form("car", "ABC"))
    paused = state(0.0, "A", L1=0.0, L2=0.0, L3=0.0)
    at.read(sensor__car_current_import=paused)
    assert len(at.load("car", 300.0).legs) == 3


def test_what_was_learned_of_a_car_goes_with_it() -> None:
    at = Sensor(site_form(), charger_form("car", "ABC"))
    at.read(sensor__car_current_import=state(10.0, "A", L1=10.0, L2=0.0, L3=0.0))
    assert len(at.load("car", 60.0).legs) == 1
    assert len(at.load("car", 5.0, sensor__car_status_connector=state("Available")).legs) == 3


# --- plugs ---------------------------------------------------------------------------------------


def test_a_plug_without_a_meter_takes_what_its_form_says() -> None:
    """2300 W over two legs of 230 V: 5 A on each while it is on, nothing while it is off."""
    at = Sensor(site_form(), plug_form("boiler", "AB", power_w=2300))
    on = at.load("boiler", switch__boiler=state("on"))
    assert (on.min_a, on.max_a) == (pytest.approx(5.0), pytest.approx(5.0))
    assert on.draw is not None
    assert on.draw.a == pytest.approx(5.0)
    assert at.load("boiler", 5.0, switch__boiler=state("off")).drawing_a() == 0.0


def test_a_plug_s_power_is_the_mean_of_its_last_five_readings_above_10_w() -> None:
    """1000, 2000, 3000, 4000, 5000 and 6000 W: the first is forgotten, the mean is 4000 W.

    The thermostat's 3 W in between is no reading of its power, and the same report counts once.
    """
    at = Sensor(site_form("A"), plug_form("boiler", power_entity="sensor.boiler_power"))
    at.states["switch.boiler"] = state("on")
    for number, watts in enumerate([1000, 2000, 3000, 3, 4000, 5000, 6000], start=1):
        shown = state(watts, "W", START + number)
        at.read(1.0, sensor__boiler_power=shown)
        at.read(1.0)
    assert at.load("boiler").max_a == pytest.approx(4000 / 230)
    assert at.load("boiler").drawing_a() == pytest.approx(6000 / 230)


@pytest.mark.parametrize("shown", [GONE, EntityState("unknown"), EntityState("On!"), None])
def test_a_plug_whose_switch_is_not_known_takes_no_part(shown: EntityState | None) -> None:
    readings = Sensor(site_form("A"), plug_form("boiler")).read(switch__boiler=shown)
    assert not readings.loads["boiler"].active
    assert readings.loads["boiler"].on is None
    assert "sensor_missing" in codes(readings)


# --- odd things ----------------------------------------------------------------------------------


@pytest.mark.parametrize("unit", [["A"], {"unit": "A"}, 7, True])
@pytest.mark.parametrize("entity", ["sensor.grid_a", "sensor.car_current_import", "number.max"])
def test_a_unit_that_is_no_text_is_an_unknown_unit(entity: str, unit: Any) -> None:
    form = charger_form("car", "A", max_current_entity="number.max")
    at = Sensor(site_form("A"), form)
    at.states[entity] = EntityState("5", {"unit_of_measurement": unit, "L1": 5.0})
    assert at.read().problems


def test_numbers_too_large_to_be_currents_are_no_readings() -> None:
    at = Sensor(site_form("A"), charger_form("car", "A"))
    huge = EntityState("1e308", {"unit_of_measurement": "kW"})
    assert at.read(sensor__grid_a=huge).meters["main"].amps.a is None
    absurd = EntityState("5", {"unit_of_measurement": "A", "L1": 10**400})
    at.read(sensor__car_current_import=absurd)


def test_memory_of_a_load_is_kept_beside_what_is_read() -> None:
    at = Sensor(site_form("A"), charger_form("car", "A"))
    at.memory = Memory(loads={"car": remembered(default_a=9.0, commanded_at=START - 5)})
    reading = at.load("car")
    assert (reading.command_a, reading.commanded_at) == (9.0, START - 5)


def test_a_call_that_is_under_way_may_not_have_reached_its_load() -> None:
    """Told 8 A in place of 16 A at 0 s; the station answers after 4 s.

    Until then the 16 A may hold, so they are replaced when the call ends, and the car's time to
    obey begins then. It may also have obeyed already: the 8 A count from the call on.
    """
    house = House.of(site_form("A"), charger_form("car", "A"))
    calls = Calls(house.now, house.now, replaced=((16.0, house.now),))
    command = Command(tx_a=8.0, tx=1, before=(16.0, 1, 6.0))
    memory = Memory(loads={"car": LoadMemory(command=command, calls=calls)})
    snapshot, later = house.snapshot(), house.now + 4.0
    readings, memory = sense(house.site, memory, snapshot, later, house.options)
    assert readings.loads["car"].commanded_at == house.now
    assert readings.loads["car"].earlier == ((16.0, later),)
    through = memory.load("car").delivered((8.0, 1, None))
    ended = Memory(loads={"car": through})
    readings, _ = sense(house.site, ended, snapshot, later + 5.0, house.options)
    assert readings.loads["car"].earlier == ((16.0, later),)


@pytest.mark.parametrize("shown", ["1.7e9", "1700000123.5", "17,001"])
def test_a_session_whose_number_was_rounded_is_told_and_never_named(shown: str) -> None:
    """A TxProfile for 1700000000 is discarded by the session 1700000123, and nobody hears of it."""
    house = House.of(site_form("A"), charger_form("car", "A"))
    house.lost["sensor.car_transaction_id"] = state(shown)
    house.pass_time(30)
    assert house.outcome is not None
    told = [call for call in house.calls if call.service == "set_charge_rate"]
    assert told
    assert not any("transactionId" in call.data["custom_profile"] for call in told)
    said = " ".join(house.outcome.report.warnings)
    assert f"sensor.car_transaction_id shows {shown}, which is not the exact number" in said
    assert "stays at its fallback current until it is plugged in again" in said


def test_a_session_shown_with_a_point_is_named_exactly() -> None:
    house = House.of(site_form("A"), charger_form("car", "A"))
    house.cars["car"].transaction = 1700000123
    house.lost["sensor.car_transaction_id"] = state("1700000123.0")
    house.pass_time(30)
    profiles = [call.data["custom_profile"] for call in house.calls if call.data.get("conn_id")]
    named = {p["transactionId"] for p in profiles if "transactionId" in p}
    assert named == {1700000123}
    assert all(type(one) is int for one in named)


@pytest.mark.parametrize(
    ("shown", "speaks"),
    [
        *(
            (text, "")
            for text in ("nan", "inf", "-inf", "1e400", "unavailable", "7", "6,345", "1,5")
        ),
        ("b3f1-7", "2.0.1"),
    ],
)
def test_only_a_session_with_letters_in_its_id_shows_version_2(shown: str, speaks: str) -> None:
    """OCPP 1.6 numbers its sessions; a sensor that says nan or inf has no value."""
    house = House.of(site_form("A"), charger_form("car", "A"))
    house.lost["sensor.car_transaction_id"] = state(shown)
    house.pass_time(5)
    assert house.memory.load("car").profiles.speaks == speaks
