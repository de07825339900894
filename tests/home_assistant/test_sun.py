"""Sun and battery in real pyscript: steps of sun in, calls out.

Expected values are sums of currents on each phase: what the sun gives, less what the house takes,
is for the loads. Times are made as short as they can be, and no test says how long anything takes.
"""

from typing import Any

import pytest

from tests.home_assistant.harness import Home
from tests.home_assistant.house import (
    READY,
    Living,
    charger_form,
    impatient,
    plug_form,
    register,
    site_form,
    sunny_site,
)

pytestmark = [pytest.mark.pyscript, pytest.mark.any_pyscript]

STATUS = "sensor.loadjuggler_status"
HELP = "sensor.loadjuggler_battery_available_power"


def boiler_form(**fields: Any) -> dict[str, Any]:
    """The form of a boiler of 3 A on each phase that is switched without patience, in excess."""
    legs = {"leg_l2": "B", "leg_l3": "C"}
    at_once = {"solar_grace_min": 0, "min_on_min": 0, "min_off_min": 0}
    return plug_form("Boiler", mode="excess", **{**legs, "power_w": 2070, **at_once, **fields})


async def start_with_a_solar_car(home: Home, living: Living, **site: Any) -> None:
    """Start with one car in mode solar_only; the battery's power is that of `living`."""
    living.set(draws={"left": 0.0})
    rating_w = 690 * living.battery_a
    ratings = {"battery_max_charge_w": rating_w, "battery_max_discharge_w": rating_w}
    assert (await register(home, "site", sunny_site(**{**ratings, **site})))["ok"]
    car = charger_form("Left", mode="solar_only", **impatient())
    assert (await register(home, "charger", car))["ok"]


async def test_cars_in_all_modes_and_a_plug_follow_the_sun(home: Home) -> None:
    cars = dict.fromkeys(("fast", "least", "solar", "last"), 0.0)
    living = Living(home, battery_a=3, draws=cars, plugs={"switch.boiler": 3.0})
    await living.start()
    # 5 A on each phase are left to be exported before anything counts as excess.
    site = sunny_site(excess_threshold_w=3450, battery_max_charge_w=2070)
    assert (await register(home, "site", site))["ok"]
    modes = {"Fast": "standard", "Least": "eco", "Solar": "solar", "Last": "excess"}
    for name, mode in modes.items():
        most_a = 8 if name == "Fast" else 10
        car = charger_form(name, mode=mode, **impatient(max_current_a=most_a))
        assert (await register(home, "charger", car))["ok"]
    assert (await register(home, "plug", boiler_form()))["ok"]

    async def gives(sun_a: float, *expected: float) -> None:
        living.set(sun_a=sun_a)
        names = ("fast", "least", "solar", "switch.boiler", "last")
        await living.reaches(f"{sun_a} A of sun", **dict(zip(names, expected, strict=True)))

    # The house takes 1 A. The battery is at its target and idles as far as loads are concerned.
    await gives(
        0, 8, 6, 0, 0, 0
    )  # by night: the fast one, and the least of the other, from the grid
    await gives(20, 8, 6, 6, 0, 0)  # 19 A are three minimums, and 1 A of the 2 A more for the fast
    await gives(23, 8, 8, 6, 0, 0)  # 22 A: 2 A are left, which the more urgent one takes
    await gives(
        40, 8, 10, 10, 3, 6
    )  # 39 - 28 A of cars: 6 A above the 5 A, so boiler and last start
    await gives(44, 8, 10, 10, 3, 7)  # 43 - 28 - 3 - 5 A
    await gives(23, 8, 8, 6, 0, 0)
    # The battery, which takes 3 A, comes before the sun of cars, and before 8 A of export.
    living.soc_pct = 50
    await gives(44, 8, 6, 0, 3, 10)  # 43 - 14 - 3 - 8 A are more than its maximum
    assert home.state(STATUS) == "ok"
    assert home.errors() == []


async def test_the_marks_of_the_battery_have_hysteresis_and_survive_a_restart(home: Home) -> None:
    living = Living(home, sun_a=9, soc_pct=78, battery_a=3)
    await living.start()
    await start_with_a_solar_car(home, living)
    await living.reaches("the target of 80 % was never reached: battery first", left=0.0)
    reason = "sensor.loadjuggler_left_reason"
    assert home.attributes(reason)["code"] == "battery_first_too_small"
    living.set(soc_pct=81)
    await living.reaches("9 A - 1 A, and 3 A of the battery", left=11.0)
    assert home.state(HELP) == "2070"
    living.set(soc_pct=78)
    await living.reaches("it holds down to 77 %", left=11.0)
    home.calls.clear()
    await home.restart(*READY, boot=living.show)
    await home.wait_until(lambda: home.state(STATUS) == "ok", "it runs again")
    await living.reaches("and over a restart", left=11.0)
    assert home.calls == []
    living.set(soc_pct=76)
    await living.reaches("the help ends, the sun goes on: 9 A - 1 A", left=8.0)
    living.set(soc_pct=73)
    await living.reaches("the battery comes first again", left=0.0)
    assert home.errors() == []


async def test_nothing_is_taken_from_the_grid_where_a_switch_forbids_it(home: Home) -> None:
    living = Living(home, soc_pct=50, battery_a=8)
    await living.start()
    home.set_state("input_boolean.grid", "on")
    await start_with_a_solar_car(home, living, allow_grid_charging_entity="input_boolean.grid")
    await home.call("pyscript.loadjuggler_set_mode", {"load": "left", "mode": "standard"})
    await living.reaches("from the grid, all it can take", left=16.0)
    home.set_state("input_boolean.grid", "off")
    await living.reaches("8 A of the battery less 1 A of the house", left=7.0)
    living.set(sun_a=4)
    await living.reaches("and 4 A of sun", left=11.0)
    living.set(soc_pct=20)
    await living.reaches("at its reserve it gives nothing: 3 A are too few", left=0.0)
    assert "sun and battery" in home.state("sensor.loadjuggler_left_reason")
    home.set_state("input_boolean.grid", "on")
    await living.reaches("the grid may be used again", left=16.0)


async def test_import_limit_buffer_and_threshold_are_entities_that_count_at_once(
    home: Home,
) -> None:
    living = Living(home, draws={"left": 0.0}, plugs={"switch.boiler": 3.0})
    await living.start()
    entities = {
        "max_import_entity": "input_number.most",
        "power_buffer_entity": "input_number.buffer",
        "excess_threshold_entity": "input_number.threshold",
    }
    home.set_state("input_number.most", 6.9, unit_of_measurement="kW")
    home.set_state("input_number.buffer", 0, unit_of_measurement="W")
    home.set_state("input_number.threshold", 4000, unit_of_measurement="W")
    assert (await register(home, "site", site_form(**entities)))["ok"]
    assert (await register(home, "charger", charger_form("Left", **impatient())))["ok"]
    assert (await register(home, "plug", boiler_form()))["ok"]
    await living.reaches("10 A - 1 A", left=9.0)
    home.set_state("input_number.buffer", 690, unit_of_measurement="W")
    await living.reaches("1 A is kept free", left=8.0)
    home.set_state("input_number.most", 4.8, unit_of_measurement="kW")
    await living.reaches("4800 W - 2 * 690 W are not 6 A", left=0.0)
    home.set_state("input_number.most", 11.04, unit_of_measurement="kW")
    await living.reaches("16 A - 2 A", left=14.0)
    await home.call("pyscript.loadjuggler_set_mode", {"load": "left", "mode": "off"})
    living.set(sun_a=6)
    await living.reaches("5 A to export are 3450 W", **{"left": 0.0, "switch.boiler": 0.0})
    home.set_state("input_number.threshold", 3000, unit_of_measurement="W")
    await living.reaches("more than 3000 W", **{"switch.boiler": 3.0})
    home.set_state("input_number.threshold", 3.5, unit_of_measurement="kW")
    await living.reaches("less than 3500 W", **{"switch.boiler": 0.0})
    assert home.errors() == []


async def test_a_sensor_that_gives_nothing_is_named_and_the_battery_not_counted_on(
    home: Home,
) -> None:
    living = Living(home, sun_a=5, soc_pct=90, battery_a=3)
    await living.start(hold_s=0.3)
    await start_with_a_solar_car(home, living)
    await living.reaches("5 A - 1 A, and 3 A of the battery", left=7.0)
    living.set(sun_a=0)
    await living.reaches("3 A less the house's", left=0.0)

    async def is_told(entity: str, help_w: str = "0") -> None:
        problem = lambda: home.state(STATUS) == "problem" and home.state(HELP) == help_w
        await home.wait_until(problem, f"{entity} is missed, the battery gives {help_w} W")
        assert home.state(STATUS) == "problem"
        assert f"{entity} gives no reading" in home.attributes(STATUS)["message"]

    living.set(gone={"sensor.battery"})
    await is_told("sensor.battery")
    living.set(sun_a=5)
    await living.reaches("the battery takes 3 A unseen: 1 A is exported", left=0.0)
    living.set(gone=set())
    await living.reaches("it is seen again", left=7.0)
    assert home.state(STATUS) == "ok"
    living.set(gone={"sensor.solar"})
    await is_told("sensor.solar", help_w="2070")
    await living.reaches("the meter tells the sun as well", left=7.0)
    living.set(gone=set())
    living.set(gone={"sensor.soc"})
    await living.reaches("whether it may help is not known", left=0.0)
    await is_told("sensor.soc")
    assert home.errors() == []


async def test_a_site_off_the_grid_lives_on_sun_and_battery(home: Home) -> None:
    living = Living(home, sun_a=9, soc_pct=50, battery_a=3)
    await living.start()
    outputs = {f"inverter_{phase}": f"sensor.inverter_{phase}" for phase in "abc"}
    no_meters = dict.fromkeys(("grid_a", "grid_b", "grid_c"), "")
    await start_with_a_solar_car(home, living, **no_meters, **outputs)
    await home.call("pyscript.loadjuggler_set_mode", {"load": "left", "mode": "standard"})
    await living.reaches("9 A - 1 A, and 3 A of the battery", left=11.0)
    living.set(soc_pct=19)
    await living.reaches("below its reserve it gives nothing", left=8.0)
    living.set(sun_a=6)
    await living.reaches("5 A are too few", left=0.0)
    assert home.state("sensor.loadjuggler_grid_available_power") == "0"
    assert home.state(STATUS) == "ok"
    assert home.errors() == []


async def test_a_battery_that_makes_no_sense_is_refused_in_words(home: Home) -> None:
    await Living(home).start()
    wrong = sunny_site(battery_soc_entity="", grid_b="", inverter_a="sensor.inverter_a")
    answer = await register(home, "site", wrong)
    assert answer["ok"] is False
    assert answer["errors"] == [
        "Meter, phase B: it is needed, the site has a phase B.",
        "Output, phase B: it is needed, other phases have theirs.",
        "Output, phase C: it is needed, other phases have theirs.",
        "State of charge: it is needed, the power of a battery is given.",
    ]
    backwards = sunny_site(battery_soc_min_pct=60, battery_soc_target_pct=50)
    answer = await register(home, "site", backwards)
    assert answer["errors"] == ["Reserve of the battery: 60 % is more than its target of 50 %."]
    assert (await register(home, "site", sunny_site()))["ok"]


async def test_a_cloud_does_not_stop_a_car_that_is_patient(home: Home) -> None:
    living = Living(home, sun_a=9, draws={"left": 0.0})
    await living.start()
    await register(home, "site", site_form(solar_entity="sensor.solar"))
    patient = {"solar_grace_min": 60, "solar_pause_min": 60}
    await register(home, "charger", charger_form("Left", mode="solar_only", **patient))
    await living.reaches("9 A - 1 A", left=8.0)
    living.set(sun_a=3)
    await living.reaches("2 A are too few, but it goes on at its minimum", left=6.0)
    assert "Stops in" in home.state("sensor.loadjuggler_left_reason")
    # A breaker has no patience.
    site = site_form(solar_entity="sensor.solar", main_breaker_a=3)
    await register(home, "site", site)
    await living.reaches("3 A of sun and 3 A of the breaker, less 1 A of the house", left=0.0)
    await register(home, "site", site_form(solar_entity="sensor.solar"))
    living.set(sun_a=9)
    await living.reaches("it pauses", left=0.0)
    assert "Paused" in home.state("sensor.loadjuggler_left_reason")
    await home.call("pyscript.loadjuggler_set_mode", {"load": "left", "mode": "standard"})
    await living.reaches("another mode counts at once", left=16.0)
