"""What counts when the sensors of a charger contradict each other (docs/decisions/0029).

230 V. One charger on three phases, told 16 A in a session, unless said otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from loadjuggler.measure.readings import LoadReading, Readings
from loadjuggler.measure.split import on_all, split
from loadjuggler.memory.codec import from_json, to_json
from loadjuggler.memory.memory import Memory
from loadjuggler.options import Options
from loadjuggler.sense import sense
from loadjuggler.snapshot import EntityState

from .house import START, House, charger_form, site_form, state
from .memories import remembered
from .test_sense import Sensor

LEGS = ("L1", "L2", "L3")
CURRENT, POWER = "sensor.car_current_import", "sensor.car_power_active_import"
STATUS, SESSION = "sensor.car_status_connector", "sensor.car_transaction_id"


class Charger:
    """Reads one charger again and again, with states changed by hand."""

    def __init__(self, form: Mapping[str, Any] | None = None, told_a: float = 16.0) -> None:
        house = House.of(site_form(), form or charger_form("car"))
        self.site, self.states = house.site, house.snapshot()
        known = remembered(default_a=told_a, tx_a=told_a, tx=42, commanded_at=START - 100)
        self.memory = Memory(loads={"car": known})
        self.now = START
        self.shows(16.0, status="Charging", session=42)

    def shows(
        self,
        current: float | None = None,
        legs: tuple[float, ...] | None = None,
        power_kw: float | None = None,
        status: str | None = None,
        session: int | None = None,
        **attributes: float | str,
    ) -> Charger:
        """The integration writes its entities now; what is not given stays as it was."""
        if current is not None:
            by_leg = (current,) * 3 if legs is None else legs
            named = dict(zip(LEGS, by_leg, strict=False)) | attributes
            self.states[CURRENT] = state(current, "A", self.now, **named)
        if power_kw is not None:
            self.states[POWER] = state(power_kw, "kW", self.now)
        if status is not None:
            self.states[STATUS] = state(status, None, self.now)
        if session is not None:
            self.states[SESSION] = state(str(session), None, self.now)
        for entity in (CURRENT, POWER, STATUS, SESSION):  # it writes all of them at once
            if entity in self.states:
                old = self.states[entity]
                self.states[entity] = EntityState(old.value, old.attributes, self.now)
        return self

    def after(self, seconds: float) -> Readings:
        """The house so many s later, in steps of 5 s, with one more report of nothing new."""
        readings = self.read()
        end = self.now + seconds
        while self.now < end:
            self.now = min(self.now + 5.0, end)
            readings = self.read()
        return readings

    def read(self) -> Readings:
        readings, self.memory = sense(self.site, self.memory, self.states, self.now, Options())
        return readings

    def draw(self, seconds: float = 0.0) -> list[float]:
        reading = self.after(seconds).loads["car"]
        return amps(reading)


def amps(reading: LoadReading) -> list[float]:
    assert reading.draw is not None
    return [pytest.approx(value, abs=0.05) for value in reading.draw.values()]


def codes(readings: Readings) -> dict[str, dict[str, Any]]:
    return {problem.reason.code: dict(problem.reason.numbers) for problem in readings.problems}


# --- the state, and older attributes --------------------------------------------------------------


@pytest.mark.parametrize("says", ["SuspendedEV", "SuspendedEVSE"])
def test_a_state_of_zero_beats_older_attributes_10_s_later(says: str) -> None:
    """It may still obey for 10 s; then the 16 A of the attributes are from before the 0."""
    car = Charger()
    car.read()
    car.now += 1.0
    car.shows(0.0, legs=(16.0, 16.0, 16.0), status=says)
    assert car.draw() == [16.0] * 3
    assert car.draw(9.0) == [16.0] * 3
    assert car.draw(2.0) == [0.0] * 3
    assert car.draw(600.0) == [0.0] * 3
    assert not codes(car.read())


@pytest.mark.parametrize("says", ["Finishing", "Available", "Preparing"])
def test_a_state_of_zero_beats_older_attributes_at_once_where_there_is_no_session(
    says: str,
) -> None:
    """The contactor is open: nobody draws on."""
    car = Charger()
    car.read()
    car.shows(0.0, legs=(16.0, 16.0, 16.0), status=says, session=0)
    assert car.draw() == [0.0] * 3


def test_what_may_still_be_drawn_is_between_nothing_and_what_was_shown() -> None:
    """1 s after SuspendedEV: for a raise 0 A count as its draw, for limits up to 16 A."""
    car = Charger()
    car.read()
    car.now += 1.0
    car.shows(0.0, legs=(16.0, 16.0, 16.0), status="SuspendedEV")
    least, most = car.read().apart["car"]
    assert (least.values(), most.values()) == ([0.0] * 3, [16.0] * 3)


def test_a_car_that_charges_again_draws_nothing_until_the_next_meter_value() -> None:
    """Charging again, and the state is still the 0 of the pause: the attributes are older."""
    car = Charger()
    car.shows(0.0, legs=(16.0, 16.0, 16.0), status="SuspendedEV")
    car.after(60.0)
    car.shows(status="Charging")
    assert car.draw(20.0) == [0.0] * 3
    car.shows(7.0)
    assert car.draw() == [7.0] * 3


def test_a_meter_value_of_zero_counts_at_once() -> None:
    car = Charger()
    car.read()
    car.shows(0.0, status="SuspendedEVSE")
    assert car.draw() == [0.0] * 3


# --- a status by which nothing flows --------------------------------------------------------------


def test_the_last_current_of_a_session_that_comes_after_its_end_is_old() -> None:
    """StopTransaction, Finishing, and 2 s later a meter value of 16 A that stays for ever."""
    car = Charger()
    car.read()
    car.shows(0.0, legs=(16.0, 16.0, 16.0), status="Finishing", session=0)
    car.after(2.0)
    car.shows(16.0)
    assert car.draw(5.0) == [16.0] * 3
    assert car.draw(5.0) == [0.0] * 3
    car.shows(status="Available")
    assert car.draw(600.0) == [0.0] * 3
    assert not codes(car.read())


def test_the_next_car_is_not_blamed_for_what_the_last_one_drew() -> None:
    """It charges with 6 A. Until its first meter value comes, the old 16 A are shown."""
    car = Charger()
    car.shows(0.0, legs=(16.0, 16.0, 16.0), status="Finishing", session=0)
    car.after(1.0)
    car.shows(16.0)
    car.after(60.0)
    car.shows(status="Preparing")
    assert car.draw(20.0) == [0.0] * 3
    car.shows(status="Charging", session=43)
    assert car.draw(5.0) == [0.0] * 3
    car.shows(6.0)
    assert car.draw() == [6.0] * 3


def test_a_next_car_that_draws_just_the_same_is_believed_with_its_second_report() -> None:
    car = Charger()
    car.shows(16.0, status="Finishing", session=0)
    car.after(60.0)
    car.shows(status="Charging", session=43)
    assert car.draw(5.0) == [0.0] * 3
    car.after(10.0)
    car.shows(16.0)
    assert car.draw() == [16.0] * 3


def test_a_charger_that_draws_on_though_suspended_is_believed_and_told() -> None:
    """Each meter value says 16 A, also those from 10 s after the status on: the status is wrong.

    For limits it draws between nothing and 16 A.
    """
    car = Charger()
    car.shows(0.0, legs=(16.0, 16.0, 16.0), status="SuspendedEVSE")
    for _ in range(13):
        car.after(5.0)
        car.shows(16.0)
    readings = car.read()
    assert amps(readings.loads["car"]) == [16.0] * 3
    least, most = readings.apart["car"]
    assert (least.values(), most.values()) == ([0.0] * 3, [16.0] * 3)
    assert codes(readings)["draws_at_rest"] == {
        "entity": CURRENT,
        "draw_a": 16.0,
        "state": "SuspendedEVSE",
    }


def test_a_current_that_moves_without_a_session_is_believed() -> None:
    """The status is stuck at Available, as after a restart; the current moves each second."""
    car = Charger()
    car.shows(16.0, status="Available", session=0)
    for second in range(70):
        car.now += 1.0
        car.shows(15.8 + second % 3 / 10)
        readings = car.read()
    assert amps(readings.loads["car"])[0] in (15.8, 15.9, 16.0)
    assert "draws_at_rest" in codes(readings)


def test_a_current_that_begins_without_a_session_is_believed_though_it_stands_still() -> None:
    """Some chargers say Preparing while they charge. It begins a minute after that status."""
    car = Charger()
    car.shows(0.0, status="Preparing", session=0)
    car.after(60.0)
    for _ in range(30):
        car.shows(16.0)
        readings = car.after(10.0)
    assert amps(readings.loads["car"]) == [16.0] * 3
    assert "draws_at_rest" in codes(readings)


# --- a power, and a current below it --------------------------------------------------------------


def test_a_power_beside_a_current_of_zero_counts() -> None:
    """1.4 kW are 6.1 A: on one leg, if it follows its 6 A. Any leg may carry all of it."""
    car = Charger(told_a=6.0)
    car.shows(0.0, power_kw=1.4)
    readings = car.read()
    assert amps(readings.loads["car"]) == [6.09, 0.0, 0.0]
    least, most = readings.apart["car"]
    assert least.values() == [0.0] * 3
    assert most.values() == pytest.approx([6.09] * 3, abs=0.01)
    assert not codes(readings), "it may be a moment"
    told = codes(car.after(60.0))["power_above_current"]
    assert told == {"entity": CURRENT, "shown_a": 0.0, "by": POWER, "power_w": 1400}


def test_a_current_beside_a_power_of_zero_counts_and_nothing_is_told() -> None:
    """Many chargers do not measure power, and the integration sets it to 0 with the first stop."""
    car = Charger()
    car.shows(16.0, power_kw=0.0)
    assert car.draw(120.0) == [16.0] * 3
    assert not codes(car.read())


def test_a_power_factor_is_no_contradiction() -> None:
    """16 A on three legs at 230 V are 11 kW; with a factor of 0.7 the power says 7.7 kW."""
    car = Charger()
    car.shows(16.0, power_kw=7.7)
    assert car.draw(120.0) == [16.0] * 3
    assert not codes(car.read())


def test_a_power_that_is_older_than_the_current_does_not_beat_it() -> None:
    """A current each second, a power each 30 s: the car was just cut from 16 to 6 A."""
    car = Charger()
    car.shows(16.0, power_kw=11.0)
    car.after(20.0)
    old = car.states[POWER]
    car.shows(6.0)
    car.states[POWER] = old
    assert car.draw(9.0) == [6.0] * 3
    assert not car.read().apart


def test_a_power_that_is_reported_again_beats_a_current_that_stands_at_zero() -> None:
    """The current is written each second and stays 0, the power comes each 30 s."""
    car = Charger(told_a=16.0)
    car.shows(0.0, power_kw=3.68)
    old = car.states[POWER] = EntityState("3.68", car.states[POWER].attributes, START - 20.0)
    assert car.draw() == [0.0] * 3
    car.after(10.0)
    car.states[POWER] = EntityState("3.68", old.attributes, car.now)
    assert car.draw() == [16.0, 0.0, 0.0]
    for _ in range(20):
        car.now += 1.0
        kept = car.states[POWER]
        car.shows(0.0)
        car.states[POWER] = kept
        assert car.draw() == [16.0, 0.0, 0.0]


# --- other names of legs, other ways of writing a number ------------------------------------------


def test_legs_may_be_called_l1_n() -> None:
    car = Charger()
    named = {"L1-N": 16.0, "L2-N": 0.0, "L3-N": 0.0}
    car.states[CURRENT] = state(16.0, "A", car.now, **named)
    assert car.draw() == [16.0, 0.0, 0.0]


def test_a_power_by_leg_says_how_it_is_spread_whatever_the_unit_of_its_attributes_is() -> None:
    car = Charger()
    del car.states[CURRENT]
    named = {"L1": 3680.0, "L2": 0.0, "L3": 0.0}
    car.states[POWER] = state(3.68, "kW", car.now, **named)
    assert car.draw() == [16.0, 0.0, 0.0]
    assert not car.read().apart


def test_a_current_on_the_neutral_is_that_of_one_leg() -> None:
    """The integration leaves its state unknown, as a neutral is none of L1 to L3."""
    car = Charger()
    car.states[CURRENT] = EntityState("unknown", {"N": 6.1, "unit_of_measurement": "A"}, car.now)
    readings = car.read()
    assert amps(readings.loads["car"]) == [6.1, 0.0, 0.0]
    assert readings.apart["car"][1].values() == [6.1] * 3


@pytest.mark.parametrize(("shown", "a"), [("6,1", 6.1), (" 16,0 ", 16.0), ("-0,45", -0.45)])
def test_a_comma_may_separate_decimals(shown: str, a: float) -> None:
    at = Charger()
    at.states["sensor.grid_a"] = state(shown, "A", at.now)
    assert at.read().meters["main"].amps.a == a


@pytest.mark.parametrize("shown", ["1,234", "1,2,3", "6,", ",5", "6,1 A"])
def test_what_a_comma_separates_else_is_no_number(shown: str) -> None:
    """1,234 is more than a thousand to some people, and hardly more than one to others."""
    at = Charger()
    at.states["sensor.grid_a"] = state(shown, "A", at.now)
    assert at.read().meters["main"].amps.a is None


# --- sessions -------------------------------------------------------------------------------------


def test_the_late_end_of_an_older_session_does_not_end_the_one_that_runs() -> None:
    """The entity says 0, and the status goes on saying that the car charges."""
    car = Charger()
    assert car.read().loads["car"].session.transaction == 42
    car.shows(session=0)
    assert car.after(60.0).loads["car"].session.transaction == 42
    car.shows(session=43)
    assert car.read().loads["car"].session.transaction == 43
    car.shows(session=0, status="Finishing")
    assert car.read().loads["car"].session.transaction == 0


def test_what_is_heard_outlives_a_restart() -> None:
    car = Charger()
    car.shows(0.0, legs=(16.0, 16.0, 16.0), status="SuspendedEV")
    car.after(60.0)
    car.memory = from_json(to_json(car.memory))
    assert car.draw() == [0.0] * 3
    car.shows(0.0, power_kw=1.4, status="Charging")
    car.read()
    car.memory = from_json(to_json(car.memory))
    assert car.draw() == [6.09, 0.0, 0.0]


# --- which legs a total flows on (docs/decisions/0030) --------------------------------------------

WIRED = (("L1", "A"), ("L2", "B"), ("L3", "C"))


@pytest.mark.parametrize(
    ("total_a", "told_a", "before", "same", "likely"),
    [
        pytest.param(16.3, 16.0, 0, False, [16.3, 0, 0], id="it takes what it may: one leg"),
        pytest.param(20.6, 16.0, 0, False, [10.3, 10.3, 0], id="more than one leg may carry"),
        pytest.param(47.0, 16.0, 0, False, [15.67] * 3, id="more than two legs may carry"),
        pytest.param(6.4, 6.0, 0, False, [6.4, 0, 0], id="a minimum on one leg"),
        pytest.param(16.0, 6.0, 1, True, [16.0, 0, 0], id="cut, and it goes on: as before"),
        pytest.param(16.0, 0.0, 1, True, [16.0, 0, 0], id="told to pause, and it goes on"),
        pytest.param(16.0, 0.0, 0, False, [5.33] * 3, id="never told anything: evenly"),
        pytest.param(16.0, 16.0, 3, True, [16.0, 0, 0], id="fewer, once it was told something"),
    ],
)
def test_what_is_likely_of_a_total(
    total_a: float, told_a: float, before: int, same: bool, likely: list[float]
) -> None:
    found, bounds = split(total_a, WIRED, WIRED, told_a, before, same=same)
    assert list(found.values()) == pytest.approx(likely, abs=0.01)
    assert bounds is not None
    least, most = bounds
    assert list(least.values()) == [0.0] * 3
    assert list(most.values()) == [total_a] * 3


@pytest.mark.parametrize(
    ("total_a", "told_a", "known"),
    [
        pytest.param(48.0, 16.0, True, id="two legs would carry 24 A each, and have 16 A"),
        pytest.param(36.0, 16.0, False, id="two legs of 18 A: the voltage may be high"),
        pytest.param(60.0, 10.0, False, id="it does not follow: it may exceed all else, too"),
        pytest.param(48.0, 0.0, False, id="it was told nothing"),
    ],
)
def test_a_total_that_needs_all_legs(total_a: float, told_a: float, known: bool) -> None:
    assert on_all(total_a, 3, told_a, 16.0) == known


def test_legs_on_one_phase_carry_a_total_that_is_known_of_the_phase() -> None:
    """Two legs on A: 4.6 kW are 20 A there, however they are shared."""
    at = Sensor(site_form("A"), charger_form("car", "AA"))
    gone = {"sensor__car_current_import": None}
    readings = at.read(sensor__car_power_active_import=state(4.6, "kW"), **gone)
    draw = readings.loads["car"].draw
    assert draw is not None
    assert draw.a == pytest.approx(20.0)
    assert not readings.apart


def test_attributes_of_which_one_may_be_two_numbers_do_not_make_a_leg_0() -> None:
    """L1 shows 16,345 A, the state 16.3 A: without L1 the car would count as 0 A there."""
    car = Charger()
    named = {"L1": "16,345", "L2": "16,3", "L3": "16,2"}
    car.states[CURRENT] = state(16.3, "A", car.now, **named)
    assert car.draw() == [16.3] * 3
    car.states[CURRENT] = state(16.3, "A", car.now, L1="16,34", L2="16,3", L3="16,2")
    assert car.draw() == [16.34, 16.3, 16.2]
