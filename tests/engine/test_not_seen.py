"""A meter that does not see the loads below it: what shows it, what is said, and what is safe.

25 A, three phases. Such a meter shows the household alone. What the household takes is therefore
known, and the chargers have what their fallback current of 6 A leaves of the breaker.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from loadjuggler.memory.codec import from_json, to_json
from loadjuggler.snapshot import EntityState

from .crooked import Crooked, found
from .house import BATTERY, SUN, charger_form, circuit_form, plug_form, site_form, state

DAY_S = 86400.0
NOON_S = 11 * DAY_S + 12 * 3600.0
EVENING_S = 11 * DAY_S + 20 * 3600.0
MISSES, NOT_SEEN = "it does not see them", "does not move with it, although something is taken"


def home(*forms: Any, unseen: str = "car", at_s: float = EVENING_S, **site: Any) -> Crooked:
    """A house that flickers; the meter does not see the loads in `unseen`."""
    house = Crooked.of(site_form(**site), *(forms or (charger_form("car"),)))
    assert isinstance(house, Crooked)
    house.now = at_s
    house.unseen = set(unseen.split())
    for car in house.cars.values():
        car.transaction, car.max_a, car.default_limit_a = 1, 16.0, 0.0
    return house


def lives(
    house: Crooked,
    seconds: float,
    house_a: float = 2.0,
    each: Callable[[Crooked], None] | None = None,
    seed: int = 5,
    tick_s: float = 1.0,
) -> float:
    """Let it live with a household that flickers; the most that flowed on a phase, A."""
    chance, end, worst_a = random.Random(seed), house.now + seconds, 0.0
    while house.now < end:
        for phase in house.site.phases:
            house.household["main"][phase] = house_a + chance.uniform(-0.2, 0.2)
        if each:
            each(house)
        house.tick(tick_s)
        worst_a = max(worst_a, *house.flows("main").values())
    return worst_a


def comes(house: Crooked, load: str = "car") -> None:
    house.cars[load].status, house.cars[load].transaction = "Charging", 1


def leaves(house: Crooked, load: str = "car") -> None:
    house.cars[load].status, house.cars[load].transaction = "Available", 0


def warnings(house: Crooked) -> tuple[str, ...]:
    assert house.outcome is not None
    return tuple(house.outcome.report.warnings)


# --- what shows it -------------------------------------------------------------------------------


def test_a_start_that_does_not_move_the_meter_at_all() -> None:
    """2 A are taken on each phase before and after 16 A more: no battery hides the car."""
    house = home()
    leaves(house)
    lives(house, 90)
    assert found(house) == {}
    comes(house)
    lives(house, 90)
    assert found(house) == {"sight:car": "not_seen"}
    assert house.outcome is not None
    assert any(NOT_SEEN in text for text in warnings(house))
    assert house.outcome.report.status == "problem"
    assert "loadjuggler_sight_car" in [one.id for one in house.outcome.report.notices]
    assert house.told("car") == 6.0
    assert "its fallback current: the meter of the main breaker hides what flows" in (
        house.sentence("car")
    )


@pytest.mark.parametrize(
    ("at_s", "site"),
    [
        pytest.param(
            NOON_S, SUN, id="by day, and the solar sensor shows that the sun gives nothing"
        ),
        pytest.param(11 * DAY_S + 21.5 * 3600, {}, id="at 21:30, without a solar sensor"),
    ],
)
@pytest.mark.parametrize("seed", [1, 2])
def test_a_car_that_draws_more_than_the_breaker_could_feed_back(
    seed: int, at_s: float, site: dict[str, Any]
) -> None:
    """32 A, 2 A shown: what else is there would have to give 30 A, on a breaker of 25 A.

    Its minimum of 30 A leaves nothing to be tried, and does not fit on the breaker once it is told.
    """
    house = home(charger_form("car", max_current_a=32, min_current_a=30), at_s=at_s, **site)
    house.cars["car"].max_a, house.cars["car"].default_limit_a = 32.0, 32.0
    assert lives(house, 310, seed=seed) > 33.0
    assert any(MISSES in text for text in warnings(house))
    assert house.outcome is not None
    assert [one.kind for one in house.outcome.report.notices] == ["wiring"]
    assert lives(house, 900, seed=seed) <= 25.0
    assert lives(house, 600, 18.0, seed=seed) <= 25.0
    assert house.told("car") == 0.0


@pytest.mark.parametrize(
    ("sun_a", "site"),
    [
        pytest.param(30.0, SUN, id="a sensor shows that the sun gives 30 A on each phase"),
        pytest.param(30.0, {}, id="there is no sensor of the sun, and it is day"),
    ],
)
def test_sun_that_may_not_be_fed_in_carries_a_car(sun_a: float, site: dict[str, Any]) -> None:
    """An inverter that is limited to what the house takes gives the 30 A that the meter lacks."""
    house = home(charger_form("car", max_current_a=32), unseen="", at_s=NOON_S, **site)
    house.cars["car"].max_a, house.cars["car"].default_limit_a = 32.0, 32.0
    house.power.sun_w = sun_a * 690.0
    lives(house, 900)
    assert warnings(house) == ()


def test_sun_and_battery_together_carry_two_cars() -> None:
    """One phase of 20 A, two cars of 22 A: the sun gives 28 A, the battery 18 A of 46 A.

    Found in a random house. Neither of them alone gives 44 A more than the meter shows.
    """
    cars = [charger_form(f"car{n}", "A", max_current_a=32) for n in (1, 2)]
    sources = {**SUN, **BATTERY, "battery_max_discharge_w": 5000.0, "main_breaker_a": 20}
    house = home(*cars, unseen="", at_s=NOON_S, phases="A", **sources)
    for car in house.cars.values():
        car.max_a, car.default_limit_a = 22.0, 22.0
    house.power.sun_w, house.power.soc_pct = 28.0 * 230.0, 90.0
    lives(house, 900)
    assert house.flows("main")["A"] < 20.0
    assert not [text for text in warnings(house) if MISSES in text]


def test_a_long_session_in_the_dark_where_no_battery_is() -> None:
    """One session of 16 A, 6 A shown: 7 kW are missing, 15 kWh after about two hours.

    Its minimum is 16 A, so it can't be lowered to see whether the meter moves.
    """
    form = charger_form("car", min_current_a=16)
    house = home(form, at_s=11 * DAY_S + 22.6 * 3600, **SUN)
    house.cars["car"].default_limit_a = 16.0
    lives(house, 3600, 6.0, tick_s=10.0)
    assert warnings(house) == ()
    lives(house, 2.5 * 3600, 6.0, tick_s=10.0)
    assert any(MISSES in text for text in warnings(house))


@pytest.mark.parametrize("seed", [3, 4])
def test_at_night_more_than_any_battery_gives_is_told_in_minutes(seed: int) -> None:
    """32 A, 6 A shown, no solar sensor, 22:30: 18 kW are missing, and the breaker carries 38 A.

    By the phases it might be: 26 A would be fed in on a breaker of 25 A once the car stops. In the
    evening a large plant in the north may still give that.
    """
    form = charger_form("car", max_current_a=32, min_current_a=30)
    house = home(form, at_s=11 * DAY_S + 20.5 * 3600)
    house.cars["car"].max_a, house.cars["car"].default_limit_a = 32.0, 32.0
    lives(house, 600, 6.0, seed=seed, tick_s=5.0)
    assert not any(MISSES in text for text in warnings(house))
    house.now = 11 * DAY_S + 22.5 * 3600
    lives(house, 400, 6.0, seed=seed, tick_s=5.0)
    assert any(MISSES in text or NOT_SEEN in text for text in warnings(house))
    assert lives(house, 600, 6.0, seed=seed) <= 12.5


def test_a_battery_that_gives_nothing_does_not_hide_it() -> None:
    """Dark, and the battery of the form is empty: 16 A and 2 A shown are told in minutes."""
    house = home(charger_form("car", min_current_a=16), at_s=11 * DAY_S + 3600, **BATTERY)
    house.power.soc_pct = 20.0
    house.cars["car"].default_limit_a = 16.0
    house.power.stubborn_w = 0.0
    lives(house, 330, tick_s=10.0)
    assert any(MISSES in text for text in warnings(house))


@pytest.mark.parametrize(
    ("at_s", "legs", "site", "step_a"),
    [
        pytest.param(NOON_S, "ABC", {}, 0.0, id="at noon, and nothing shows the sun"),
        pytest.param(NOON_S, "ABC", {}, 1.0, id="a meter in whole amperes"),
        pytest.param(NOON_S, "ABC", SUN, 0.0, id="8 A of sun by a sensor"),
        pytest.param(NOON_S, "B", {}, 0.0, id="a car of one phase: the cut and the raise"),
        pytest.param(11 * DAY_S + 3600, "ABC", {}, 0.0, id="at night"),
    ],
)
def test_a_car_that_never_changes_is_lowered_to_see_whether_the_meter_moves(
    at_s: float, legs: str, site: dict[str, Any], step_a: float
) -> None:
    """32 A, 8 A shown, 25 A: a cut by 26 A that the car obeys moves nothing, though 24 A are taken.

    Told two minutes and what a charger takes to report; a car of one phase once it is raised again.
    """
    house = home(charger_form("car", legs, max_current_a=32), at_s=at_s, **site)
    house.cars["car"].max_a, house.cars["car"].default_limit_a = 32.0, 32.0
    house.power.sun_w, house.step_a = (5.0 * 690 if site else 0.0), step_a
    lives(house, 100, 8.0)
    assert house.told("car") == 32.0
    lives(house, 25, 8.0)
    assert "its wiring is being checked" in house.sentence("car")
    lives(house, 215, 8.0)
    assert found(house) == {"sight:car": "not_seen"}
    assert lives(house, 300, 8.0) <= 25.0
    assert house.told("car") == 6.0


def test_a_battery_that_stays_as_well_shows_that_neither_sees_the_car() -> None:
    """It is charged with 1 kW, whatever the car takes: neither it nor the meter moves."""
    house = home(at_s=NOON_S, **SUN | BATTERY)
    house.power.soc_pct, house.power.stubborn_w = 50.0, -1000.0
    leaves(house)
    lives(house, 90)
    comes(house)
    lives(house, 120)
    assert found(house) == {"sight:car": "not_seen"}


# --- what is safe --------------------------------------------------------------------------------


def told(house: Crooked, **household: float) -> Crooked:
    """The house once it is told."""
    leaves(house)
    lives(house, 90)
    comes(house)
    lives(house, 90, **household)
    assert found(house) == {"sight:car": "not_seen"}
    return house


def test_the_household_is_known_and_the_breaker_is_kept() -> None:
    """With 22 A of household 3 A are left: no charger; a quarter of an hour after that 6 A fit."""
    house = told(home())
    assert lives(house, 120, 22.0) <= 22.2 + 6.0  # for the seconds that it takes to be stopped
    assert house.told("car") == 0.0
    assert "Paused: the meter of the main breaker hides what flows" in house.sentence("car")
    lives(house, 600, 5.0)
    assert house.told("car") == 0.0
    lives(house, 600, 5.0)
    assert house.told("car") == 6.0


def test_another_car_that_the_meter_sees_is_not_counted_twice() -> None:
    """40 A; both cars have 6 A beside 27 A of household: 39 A."""
    house = home(charger_form("car"), charger_form("right"), main_breaker_a=40)
    leaves(house)
    lives(house, 90)
    leaves(house, "right")
    lives(house, 60)
    comes(house, "right")
    lives(house, 120)
    comes(house)
    lives(house, 120)
    assert found(house) == {"sight:car": "not_seen"}
    lives(house, 1000, 27.0, tick_s=5.0)
    assert (house.told("car"), house.told("right")) == (6.0, 6.0)


def test_solar_loads_stop_and_plugs_stay() -> None:
    house = home(
        charger_form("car"),
        charger_form("sunny", mode="solar_only"),
        plug_form("pump", "ABC", mode="continuous", power_w=690),
        **SUN,
    )
    house.outlets["pump"].on = True
    leaves(house, "sunny")
    told(house)
    comes(house, "sunny")
    house.power.sun_w = 12000.0
    lives(house, 30)
    assert house.told("sunny") == 0.0
    assert house.outlets["pump"].on


def test_a_meter_with_the_wrong_sign_is_no_better() -> None:
    """25 A, 12 A of household, two cars of 16 A: they would have both all, 44 A."""
    house = home(charger_form("car"), charger_form("right"), unseen="", at_s=11 * DAY_S + 3600)
    house.turned["main"] = "ABC"
    for car in house.cars.values():
        car.default_limit_a = 16.0
    lives(house, 1300, 12.0, tick_s=10.0)
    assert any("fed in at night" in text for text in warnings(house))
    assert lives(house, 1200, 12.0, tick_s=10.0) <= 25.0
    assert (house.told("car"), house.told("right")) == (6.0, 6.0)


# --- until it is cleared up ----------------------------------------------------------------------


def test_it_outlives_a_restart_and_ends_with_another_sensor() -> None:
    house = told(home())
    house.memory = replace(from_json(json.loads(json.dumps(to_json(house.memory)))), woke_at=None)
    lives(house, 60)
    assert house.told("car") == 6.0
    other = home(charger_form("car"), unseen="", grid_a="sensor.main_a")
    house.site = other.site
    house.unseen = set()
    lives(house, 120)
    assert found(house) == {}
    assert house.told("car") == 16.0


def test_it_ends_when_the_meter_has_seen_the_car_some_times() -> None:
    """The sensor is the same, and put right where it comes from: starts and ends move it."""
    house = told(home())
    house.unseen = set()
    for _ in range(3):
        leaves(house)
        lives(house, 80)
        comes(house)
        lives(house, 80)
    assert found(house) == {}
    lives(house, 120)
    assert house.told("car") == 16.0


# --- what is normal ------------------------------------------------------------------------------


def sessions(house: Crooked, times: int = 4, each: Any = None, house_a: float = 2.0) -> None:
    for _ in range(times):
        leaves(house)
        lives(house, 100, house_a, each)
        comes(house)
        lives(house, 100, house_a, each)


@pytest.mark.parametrize("step_a", [0.0, 1.0])
def test_a_meter_that_sees_its_car_is_fine(step_a: float) -> None:
    house = home(unseen="")
    house.step_a = step_a
    sessions(house)
    assert warnings(house) == ()
    assert house.told("car") == 16.0


def test_a_battery_that_no_form_names_and_that_feeds_the_car_is_fine() -> None:
    """It keeps the meter within 0.2 A of 0 on each phase."""
    house = home()
    sessions(house, house_a=0.0)
    assert warnings(house) == ()


def test_the_same_behind_a_meter_without_a_sign_is_fine() -> None:
    """The battery feeds evenly what the house takes unevenly: 4, -2 and -2 A, shown as 4, 2, 2."""
    house = home()

    def uneven(house: Crooked) -> None:
        for phase, amps in zip("abc", (4.0, 2.0, 2.0), strict=True):
            house.extra[f"sensor.grid_{phase}"] = state(amps, "A", house.now)

    sessions(house, each=uneven)
    assert warnings(house) == ()


def test_a_battery_of_the_form_that_feeds_the_car_is_fine() -> None:
    house = home(charger_form("car", max_current_a=6), unseen="", **BATTERY)
    house.power.soc_pct = 90.0
    sessions(house)
    assert warnings(house) == ()


@pytest.mark.parametrize("late_s", [30.0, 60.0])
def test_a_charger_that_reports_late_is_fine(late_s: float) -> None:
    """5 A of sun on each phase, so the meter shows less than the car draws."""
    house = home(unseen="", at_s=NOON_S, **SUN)
    house.power.sun_w = 5.0 * 690
    seen: list[tuple[float, EntityState]] = []

    def late(house: Crooked) -> None:
        amps = house.draws(house.site.loads["car"])
        seen.append((house.now, state(max(amps.values()), "A", house.now, **amps)))
        old = [one for at, one in seen if at <= house.now - late_s] or [seen[0][1]]
        shown = EntityState(old[-1].value, old[-1].attributes, house.now)
        house.extra["sensor.car_current_import"] = shown

    sessions(house, each=late, house_a=3.0)
    assert not any(NOT_SEEN in text or MISSES in text for text in warnings(house))


def test_sun_that_feeds_the_car_is_fine() -> None:
    house = home(charger_form("car", mode="solar_only"), unseen="", at_s=NOON_S, **SUN)
    house.power.sun_w = 14.0 * 690
    sessions(house)
    assert warnings(house) == ()


@pytest.mark.parametrize(
    ("unnamed_a", "house_a"),
    [
        pytest.param(12.0, 6.0, id="sun that no sensor shows, and the meter is right"),
        pytest.param(34.0, 4.0, id="the inverter gives what is taken, and keeps the meter near 0"),
    ],
)
def test_sun_that_no_sensor_shows_is_fine(unnamed_a: float, house_a: float) -> None:
    """Of 32 A and the house, the sun gives a part: lowered once at most, then known as seen."""
    house = home(charger_form("car", max_current_a=32), unseen="", at_s=NOON_S, main_breaker_a=50)
    house.cars["car"].max_a, house.cars["car"].default_limit_a = 32.0, 32.0
    checked: set[float] = set()

    def gives(house: Crooked) -> None:
        taken_a = house.household["main"]["A"] + max(house.draws(house.site.loads["car"]).values())
        house.power.sun_w = min(unnamed_a, taken_a) * 690.0
        if house.outcome and "being checked" in house.sentence("car"):
            checked.add(house.now)

    lives(house, 3600, house_a, gives)
    assert warnings(house) == ()
    assert house.told("car") == 32.0
    assert len(checked) <= 100


def test_a_battery_that_gives_what_the_car_takes_is_fine() -> None:
    """The site takes 3 A on each phase all the time, because a battery follows beyond that."""
    house = home(at_s=NOON_S, **SUN | BATTERY)
    house.power.soc_pct = 90.0

    def follows(house: Crooked) -> None:
        drawn_a = sum(house.draws(house.site.loads["car"]).values())
        house.extra["sensor.battery_power"] = state(drawn_a * 230.0, "W", house.now)

    sessions(house, each=follows)
    assert warnings(house) == ()


def test_a_breaker_below_with_a_meter_that_sees_its_car_is_fine() -> None:
    house = home(
        circuit_form("garage", 20, "ABC"), charger_form("car", circuit="garage"), unseen=""
    )
    sessions(house)
    assert warnings(house) == ()
