"""When a change may happen: cut in the same run, raise late, and never without seeing."""

from __future__ import annotations

from itertools import pairwise

import pytest
from loadjuggler.snapshot import EntityState

from .house import Car, House, charger_form, circuit_form, plug_form, site_form

GONE = EntityState("unavailable")


def limits(house: House, load: str) -> list[float]:
    """Every limit that a charger was sent, in order."""
    return [
        call.data["custom_profile"]["chargingSchedule"]["chargingSchedulePeriod"][0]["limit"]
        for call in house.calls
        if call.load_id == load
    ]


def alone(**values: float) -> House:
    """One car on one phase under a 25 A breaker, settled."""
    house = House.of(site_form("A", main_breaker_a=25), charger_form("car", "A", max_current_a=16))
    house.household["main"]["A"] = values.get("house_a", 4.0)
    house.pass_time(20.0)
    return house


# --- down ----------------------------------------------------------------------------------------


def test_an_overload_is_cut_in_the_same_run() -> None:
    """4 A of house and 16 A of car; the oven adds 12 A: 32 A on 25 A. 25 - 16 = 9 A remain."""
    house = alone()
    house.household["main"]["A"] = 16.0
    house.run()
    assert limits(house, "car")[-1] == 9.0


def test_a_cut_does_not_wait_for_the_interval_of_raises() -> None:
    house = House.of(site_form("A", main_breaker_a=25), charger_form("car", "A", max_current_a=16))
    house.tick(1.0)
    house.household["main"]["A"] = 16.0
    house.tick(1.0)
    assert limits(house, "car") == [16.0, 9.0]


def test_below_its_minimum_a_car_is_stopped_not_left_between() -> None:
    """20 A of house leave 5 A, which is less than the 6 A below which a car cannot charge."""
    house = alone()
    house.household["main"]["A"] = 20.0
    house.run()
    assert limits(house, "car")[-1] == 0.0


def test_a_car_that_is_being_cut_is_not_cut_twice() -> None:
    """The meter still shows the old draw a second after the cut to 9 A; the report is older."""
    house = alone()
    before = house.now
    house.cars["car"].reported_at = before
    house.household["main"]["A"] = 16.0
    house.run()  # sent, but the car has not followed yet
    house.now += 1.0
    house.run()
    assert limits(house, "car")[-1] == 9.0
    assert len(limits(house, "car")) == 2


def test_all_that_must_shrink_shrink_at_once() -> None:
    """Two cars at 12 A each; the house takes 13 A more. 25 - 13 = 12 A: 6 and 6, in one run."""
    house = House.of(
        site_form("A", main_breaker_a=25, distribution="shared"),
        charger_form("left", "A"),
        charger_form("right", "A"),
    )
    house.pass_time(60.0)
    sent = len(house.calls)
    house.household["main"]["A"] = 13.0
    house.run()
    assert {call.load_id for call in house.calls[sent:]} == {"left", "right"}
    assert (limits(house, "left")[-1], limits(house, "right")[-1]) == (6.0, 6.0)


def test_a_breaker_in_between_is_protected_though_the_main_one_has_room() -> None:
    """The garage's 20 A carry 5 A of its own (metered): 15 A for the car, though main has 63 A."""
    house = House.of(
        site_form("A", main_breaker_a=63),
        circuit_form("garage", 20, metered="A"),
        charger_form("car", "A", max_current_a=16, circuit="garage"),
    )
    house.pass_time(20.0)
    house.household["garage"]["A"] = 5.0
    house.run()
    assert limits(house, "car")[-1] == 15.0


def test_the_cut_goes_out_before_the_raise() -> None:
    """The urgent one (priority 1) comes back while the other has all: the other is cut first."""
    house = House.of(
        site_form("A", main_breaker_a=20, distribution="strict"),
        charger_form("a", "A", priority=1),
        charger_form("b", "A", priority=2),
    )
    house.cars["a"].status = "Available"
    house.pass_time(30.0)
    house.cars["a"].status = "Charging"
    sent = len(house.calls)
    while len(house.calls) == sent or house.calls[-1].load_id != "a":
        house.tick(1.0)
    after = [(call.load_id, limits(house, call.load_id)[-1]) for call in house.calls[sent:]]
    assert after[0][0] == "b"
    assert after[-1] == ("a", 16.0)
    assert house.overloads() == []


# --- up ------------------------------------------------------------------------------------------


def test_a_car_is_raised_at_most_every_15_s() -> None:
    """The house shrinks by an ampere each second; a raise comes every 15 s, not every second."""
    house = alone(house_a=16.0)
    assert house.offered("car") == 9.0
    started = house.now
    raised = []
    for second in range(62):
        house.household["main"]["A"] = 16.0 - second * 0.1
        before = house.offered("car")
        house.tick(1.0)
        if house.offered("car") > before:
            raised.append(started + second)
    assert len(raised) >= 2
    assert all(later - earlier >= 15.0 for earlier, later in pairwise(raised))


def test_while_a_raise_waits_the_sentence_says_how_long() -> None:
    house = alone(house_a=16.0)
    house.pass_time(20.0)
    house.household["main"]["A"] = 14.0
    house.tick(5.0)
    house.household["main"]["A"] = 10.0
    house.run()
    assert house.sentence("car") == "9 A, next step to 15 A in about 10 s."


def test_a_small_raise_to_its_maximum_says_when_it_comes() -> None:
    """9.2 A of house leave 15.8 A; at 9 A it could have its 16 A, but 0.2 A wait for a minute."""
    house = alone(house_a=9.2)
    house.pass_time(60.0)
    assert house.offered("car") == 15.8
    house.household["main"]["A"] = 9.0
    house.pass_time(20.0)
    assert house.offered("car") == 15.8
    assert house.sentence("car") == "15.8 A, next step to 16 A in about 45 s."
    house.pass_time(60.0)
    assert house.offered("car") == 16.0


def test_no_raise_beside_a_load_that_has_not_made_room_yet() -> None:
    """B is told to make room for a but draws on, as a slow car does: a waits until it has.

    20 A breaker, strict: b has 16 A. a takes precedence and wants 16 A, so b must stop.
    """
    house = House.of(
        site_form("A", main_breaker_a=20, distribution="strict"),
        charger_form("a", "A", priority=1),
        charger_form("b", "A", priority=2),
    )
    house.cars["a"].status = "Available"
    house.pass_time(30.0)
    house.cars["a"].status = "Charging"
    outcome = house.run()  # nobody obeys yet
    assert [call.load_id for call in outcome.commands] == ["b"]
    assert "when the others have made room" in house.sentence("a")
    house.obey(outcome.commands)
    house.now += 1.0
    house.tick()
    assert (house.offered("a"), house.offered("b")) == (16.0, 0.0)


def test_an_unchanged_command_is_not_sent_again() -> None:
    house = alone()
    sent = len(house.calls)
    house.pass_time(600.0)
    assert len(house.calls) == sent


# --- blind ---------------------------------------------------------------------------------------


def test_nothing_is_commanded_before_the_first_reading_of_the_meter() -> None:
    house = House.of(site_form("A"), charger_form("car", "A"))
    house.lost["sensor.grid_a"] = GONE
    house.pass_time(60.0)
    assert not house.calls
    assert house.sentence("car") == (
        "Waits for the first reading of the meter of the main breaker (sensor.grid_a)."
    )
    assert house.outcome is not None
    assert house.outcome.report.status == "blind"
    house.lost.clear()
    house.tick()
    assert house.offered("car") == 16.0


@pytest.mark.parametrize("away_s", [5.0, 59.0, 61.0, 3600.0])
def test_nothing_is_raised_while_a_meter_is_lost(away_s: float) -> None:
    """9 A beside 16 A of house. The house goes quiet, but nobody can see that."""
    house = alone(house_a=16.0)
    house.lost["sensor.grid_a"] = GONE
    house.household["main"]["A"] = 0.0
    house.pass_time(away_s)
    fallback_a = 9.0 if away_s < 65.0 else 6.0  # beside the 16 A that the house took last
    assert house.offered("car") == fallback_a
    assert house.told("car") == fallback_a
    house.lost.clear()
    house.pass_time(40.0)
    assert house.offered("car") == 16.0


def test_a_car_that_starts_while_the_meter_is_lost_makes_no_room_for_another() -> None:
    """The held meter shows 0 A, the report of the first car 16 A: that is no export of 16 A."""
    house = House.of(
        site_form("A", main_breaker_a=20),
        charger_form("a", "A", priority=1),
        charger_form("b", "A"),
    )
    house.cars["a"] = Car(status="SuspendedEV")
    house.pass_time(30.0)
    before = house.offered("b")
    house.lost["sensor.grid_a"] = GONE
    house.cars["a"].status = "Charging"
    house.pass_time(50.0)
    assert house.offered("b") <= before
    assert house.overloads() == []


def test_a_lost_garage_meter_leaves_the_rest_of_the_house_working() -> None:
    house = House.of(
        site_form("A", main_breaker_a=40),
        circuit_form("garage", 20, metered="A"),
        charger_form("inside", "A", circuit="garage"),
        charger_form("outside", "A"),
    )
    house.household["main"]["A"] = 28.0
    house.pass_time(30.0)
    house.lost["sensor.garage_a"] = GONE
    house.household["main"]["A"] = 0.0
    told = house.told("inside")
    house.pass_time(40.0)
    assert house.told("inside") == told
    assert house.offered("outside") == 16.0


# --- loads that do not do as they are told -------------------------------------------------------


def test_a_charger_that_draws_more_than_told_stays_reserved_and_others_make_room() -> None:
    """Bad is told 9 A and draws 16 A; car has 16 A: 32 A on 25 A. car must go down to 9 A.

    Product.md section 6: its real draw stays reserved, others make room.
    """
    house = House.of(
        site_form("A", main_breaker_a=25),
        charger_form("bad", "A", priority=9),
        charger_form("car", "A", priority=1),
    )
    house.pass_time(60.0)
    assert (house.offered("bad"), house.offered("car")) == (9.0, 16.0)
    for _ in range(20):
        house.cars["bad"].default_limit_a = 16.0
        house.tick()
    house.cars["bad"].default_limit_a = 16.0
    assert house.offered("car") == 9.0
    assert house.flows("main")["A"] <= 25.0


def test_a_plug_that_was_switched_on_by_hand_is_part_of_the_load_of_the_breaker() -> None:
    """On 15 A the boiler (10 A) does not fit beside the car's minimum and waits; the car has 15 A.

    Somebody switches the boiler on: 25 A. The car must go, its 6 A do not fit beside 10 A.
    """
    house = House.of(
        site_form("A", main_breaker_a=15),
        charger_form("car", "A", priority=1),
        plug_form("boiler", power_w=2300, priority=9),
    )
    house.pass_time(60.0)
    assert (house.offered("car"), house.outlets["boiler"].on) == (15.0, False)
    house.outlets["boiler"].on = True
    house.outlets["boiler"].switched_at = house.now
    house.pass_time(30.0)
    assert house.flows("main")["A"] <= 15.0


# --- plugs, and loads with a right to run --------------------------------------------------------


def test_a_plug_goes_off_when_the_breaker_is_full_and_on_when_there_is_room() -> None:
    house = House.of(site_form("A", main_breaker_a=16), plug_form("boiler", power_w=2300))
    house.tick()
    assert house.outlets["boiler"].on
    house.household["main"]["A"] = 9.0
    house.tick()
    assert not house.outlets["boiler"].on
    house.household["main"]["A"] = 5.0
    house.pass_time(20.0)
    assert not house.outlets["boiler"].on  # off for five minutes at least
    house.pass_time(300.0)
    assert house.outlets["boiler"].on


def test_an_essential_plug_stays_on_and_the_others_make_room() -> None:
    """16 A breaker, the heat pump's 10 A are essential: 6 A for the car, 0 beside 1 A of house."""
    house = House.of(
        site_form("A", main_breaker_a=16),
        plug_form("pump", power_w=2300, essential=True, priority=10),
        charger_form("car", "A", priority=1),
    )
    house.outlets["pump"].on = True
    house.pass_time(30.0)
    assert (house.outlets["pump"].on, house.offered("car")) == (True, 6.0)
    house.household["main"]["A"] = 1.0
    house.tick()
    assert (house.outlets["pump"].on, house.offered("car")) == (True, 0.0)
    house.household["main"]["A"] = 12.0
    house.pass_time(30.0)
    assert house.outlets["pump"].on


def test_a_mode_of_off_pauses_a_charger_once_and_leaves_it_alone() -> None:
    house = House.of(site_form("A"), charger_form("car", "A", mode="off"))
    house.pass_time(60.0)
    assert limits(house, "car") == [0.0]
    assert house.sentence("car") == "Off: not managed until its mode is changed."


def test_an_off_charger_stays_paused_when_its_car_comes_and_goes() -> None:
    """Product.md section 2: off means paused and kept so; the next car must not start at 6 A."""
    house = House.of(site_form("A"), charger_form("car", "A", mode="off"))
    house.pass_time(30.0)
    house.cars["car"].status = "Available"
    house.pass_time(90.0)
    house.cars["car"].status = "Charging"
    assert house.offered("car") == 0.0


def test_a_waiting_charger_whose_status_is_lost_is_not_started() -> None:
    """The breaker is full, b waits at 0 A. A lost status is no reason to let it charge."""
    house = House.of(
        site_form("A", main_breaker_a=16),
        charger_form("a", "A", min_current_a=12, priority=1),
        charger_form("b", "A"),
    )
    house.pass_time(30.0)
    assert house.offered("b") == 0.0
    house.lost["sensor.b_status_connector"] = GONE
    for _ in range(30):
        house.tick()
        assert house.offered("b") == 0.0


# --- a sensor that is lost ------------------------------------------------------------------------


def test_a_thermostat_plug_whose_power_sensor_is_lost_makes_no_room() -> None:
    """25 A: the boiler is on (10 A reserved) but its thermostat is off, the car has 15 A.

    Without its sensor the boiler is not known to draw 10 A, so these must not be taken off a
    meter that does not carry them: the car stays at 15 A and the boiler may heat again any time.
    """
    house = House.of(
        site_form("A", main_breaker_a=25),
        plug_form("boiler", power_entity="sensor.boiler_power", priority=1),
        charger_form("car", "A", max_current_a=32, priority=2),
    )
    house.pass_time(60.0)
    house.outlets["boiler"].power_w = 0.0
    house.pass_time(60.0)
    assert house.offered("car") == 15.0
    house.lost["sensor.boiler_power"] = GONE
    for _ in range(30):
        house.tick()
        assert house.offered("car") <= 15.0


def test_a_paused_car_whose_status_is_lost_keeps_its_share_reserved() -> None:
    """16 A: a pauses by itself with 10 A reserved, b has 6 A. a may go on at any time.

    Product.md section 6: its last command or draw, the larger, stays reserved.
    """
    house = House.of(
        site_form("A", main_breaker_a=16),
        charger_form("a", "A", max_current_a=10, priority=1),
        charger_form("b", "A", priority=2),
    )
    house.cars["a"].status = "SuspendedEV"
    house.pass_time(30.0)
    assert (house.offered("a"), house.offered("b")) == (10.0, 6.0)
    house.lost["sensor.a_status_connector"] = GONE
    for _ in range(30):
        house.tick()
        assert house.offered("a") + house.offered("b") <= 16.0


def test_a_load_that_can_not_be_raised_takes_nothing_from_the_others() -> None:
    """25 A; 5.1 A of the garage's 10 A are taken, so inside (6 A) does not fit and has 0 A.

    double (6 A on two legs of A) and outside (up to 8 A) share 25 - 5.1 A: 12 A and 7.9 A. When
    the garage's meter is lost, inside can't start, so it must not push double out on paper.
    """
    house = House.of(
        site_form("A", main_breaker_a=25),
        circuit_form("garage", 10, metered="A"),
        charger_form("double", "AA", max_current_a=6, priority=2),
        charger_form("outside", "A", max_current_a=8, priority=1),
        charger_form("inside", "A", max_current_a=6, priority=1, circuit="garage"),
    )
    house.household["garage"]["A"] = 5.1
    house.pass_time(60.0)
    before = [house.offered(load) for load in ("double", "outside", "inside")]
    assert before == [6.0, 7.9, 0.0]
    house.lost["sensor.garage_a"] = GONE
    for _ in range(30):
        house.tick()
        assert [house.offered(load) for load in ("double", "outside", "inside")] == before


def test_a_running_plug_whose_switch_is_lost_stays_reserved_where_no_meter_sees_it() -> None:
    """Garage 20 A without a meter: boiler 10 A and car 10 A. The switch drops off the radio.

    The boiler heats on, and nothing in the garage shows it: the car must stay at 10 A, or the
    garage carries 26 A for as long as the switch is away.
    """
    house = House.of(
        site_form("A", main_breaker_a=63),
        circuit_form("garage", 20),
        plug_form("boiler", power_w=2300, circuit="garage", priority=1),
        charger_form("car", "A", circuit="garage", priority=2),
    )
    house.pass_time(60.0)
    assert (house.outlets["boiler"].on, house.offered("car")) == (True, 10.0)
    house.lost["switch.boiler"] = GONE
    for _ in range(30):
        house.tick()
        assert house.flows("garage")["A"] <= 20.0
