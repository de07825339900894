"""What goes on while a load is away: the energy of the day, a boost, a pause.

A car draws 10 A on one phase of 230 V, so each hour counts 2.3 kWh; a boost lasts 60 min from its
begin by the clock, whatever is done to its form meanwhile.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from loadjuggler.diagnostics import wiring
from loadjuggler.memory.wiring import Remap
from loadjuggler.runtime.controller import Keeper
from loadjuggler.snapshot import EntityState

from .house import charger_form, site_form, state
from .test_keeper import Home, changed

Form = Mapping[str, Any]
Way = Callable[[Home, Form], None]

CAR = charger_form("car", "A", mode="solar_priority", mode_entity="input_select.mode")
HOUR_WH = 2300.0


def charging(minutes: float = 60.0, *, boost: bool = True) -> Home:
    """A car that has charged for so long, by a boost that began with it."""
    home = Home(site_form("A"), CAR)
    home.states["input_select.mode"] = state("boost" if boost else "standard")
    pass_by(home, minutes * 60.0)
    return home


def pass_by(home: Home, seconds: float) -> None:
    """Let the car draw 10 A for so long, whoever knows of it."""
    for _ in range(round(seconds / 5.0)):
        at = home.now + 5.0
        home.states["sensor.car_current_import"] = state(10.0, "A", at, L1=10.0)
        home.states["sensor.grid_a"] = state(11.0, "A", at)
        home.run(5.0)


def energy_wh(home: Home, load: str = "car") -> float:
    """Energy today as it is counted."""
    return home.keeper.memory.tallies[load].wh


# --- what may be done to a form ------------------------------------------------------------------


def refused(home: Home, form: Form = CAR) -> None:
    assert not home.register(changed(form, priority="first"))["ok"]
    pass_by(home, 60.0)
    home.register(form)


def off_and_on(home: Home, _form: Form = CAR) -> None:
    home.states["automation.car"] = EntityState("off")
    pass_by(home, 60.0)
    assert home.loads() == set()
    home.states["automation.car"] = EntityState("on")
    pass_by(home, 5.0)


def renamed(home: Home, form: Form = CAR) -> None:
    assert home.register(changed(form, name="Blue car"))["id"] == "car"
    pass_by(home, 60.0)


def restarted_while_off(home: Home, _form: Form = CAR) -> None:
    home.states["automation.car"] = EntityState("off")
    pass_by(home, 60.0)
    stored = json.loads(json.dumps(home.keeper.dump()))
    home.keeper = Keeper()
    assert home.keeper.load(stored) == []
    pass_by(home, 60.0)
    home.states["automation.car"] = EntityState("on")
    pass_by(home, 5.0)


def made_again(home: Home, form: Form = CAR) -> None:
    del home.states["automation.car"]
    pass_by(home, 300.0)
    assert home.loads() == set()
    assert home.register(changed(form, node="new", automation="automation.new"))["id"] == "car"
    pass_by(home, 5.0)


def made_again_after_a_restart(home: Home, form: Form = CAR) -> None:
    del home.states["automation.car"]
    pass_by(home, 60.0)
    stored = json.loads(json.dumps(home.keeper.dump()))
    home.keeper = Keeper()
    assert home.keeper.load(stored) == []
    pass_by(home, 60.0)
    assert home.register(changed(form, node="new", automation="automation.new"))["id"] == "car"
    pass_by(home, 5.0)


def with_a_mistake_at_the_devid(home: Home, form: Form = CAR) -> None:
    """Another device for a minute: it is the load's form that is corrected."""
    home.register(changed(form, devid="cra"))
    pass_by(home, 60.0)
    home.register(form)
    pass_by(home, 5.0)


WAYS: list[Way] = [
    refused,
    off_and_on,
    renamed,
    restarted_while_off,
    made_again,
    made_again_after_a_restart,
    with_a_mistake_at_the_devid,
]
each_way = pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)


@each_way
def test_the_energy_of_the_day_goes_on(way: Way) -> None:
    home = charging()
    before = energy_wh(home)
    assert before == pytest.approx(HOUR_WH, rel=0.01)
    way(home, CAR)
    assert energy_wh(home) >= before
    pass_by(home, 1800.0)
    assert energy_wh(home) == pytest.approx(before + HOUR_WH / 2, abs=HOUR_WH / 60 + 5)
    shown = home.keeper.shown["sensor.loadjuggler_car_energy_today"]
    assert float(shown.value) * 1000 >= before


@each_way
def test_a_boost_does_not_begin_anew(way: Way) -> None:
    """Its 60 min began at the start; 50 are over, and the rest runs on while nobody looks."""
    home = charging(50.0)
    began = home.keeper.memory.loads["car"].chosen.boost_at
    assert began is not None
    way(home, CAR)
    assert home.mode("car") == "boost"
    assert home.keeper.memory.loads["car"].chosen.boost_at == began
    pass_by(home, began + 3600.0 - home.now)
    assert home.mode("car") == "solar_priority"


@each_way
def test_a_boost_by_service_keeps_its_length(way: Way) -> None:
    form = changed(CAR, mode_entity="")
    home = Home(site_form("A"), form)
    home.desk.set_mode("car", "boost", 20)
    pass_by(home, 600.0)
    began = home.now - 600.0
    way(home, form)
    assert home.mode("car") == "boost"
    pass_by(home, began + 1300.0 - home.now)
    assert home.mode("car") == "solar_priority"


def test_a_pause_of_a_load_that_is_made_again_lasts_as_long_as_it_was_asked_for() -> None:
    home = charging(10.0, boost=False)
    home.desk.pause("car", 60, home.now)
    pass_by(home, 60.0)
    made_again(home)
    assert home.keeper.report.loads["car"].status == "paused"
    pass_by(home, 3600.0)
    assert home.keeper.report.loads["car"].status != "paused"


# --- who it is -----------------------------------------------------------------------------------


def test_the_same_device_under_another_name_takes_over() -> None:
    home = charging(50.0)
    before = energy_wh(home)
    began = home.keeper.memory.loads["car"].chosen.boost_at
    del home.states["automation.car"]
    pass_by(home, 60.0)
    new = changed(CAR, node="new", automation="automation.new", name="Blue car")
    assert home.register(new)["id"] == "blue_car"
    pass_by(home, 5.0)
    assert energy_wh(home, "blue_car") >= before
    assert home.keeper.memory.loads["blue_car"].chosen.boost_at == began
    assert "car" not in home.keeper.memory.tallies


def test_another_name_for_a_device_whose_old_form_has_just_gone_is_taken_in_by_itself() -> None:
    """Until the old one is forgotten, after 30 s, its connector is in use."""
    home = charging(50.0)
    before = energy_wh(home)
    del home.states["automation.car"]
    new = changed(CAR, node="new", automation="automation.new", name="Blue car")
    assert not home.register(new)["ok"]
    pass_by(home, 60.0)
    assert home.loads() == {"blue_car"}
    assert energy_wh(home, "blue_car") >= before


def test_another_device_of_another_name_has_nothing_of_it() -> None:
    home = charging(50.0)
    del home.states["automation.car"]
    pass_by(home, 60.0)
    home.register(charger_form("van", "A"))
    pass_by(home, 5.0)
    assert energy_wh(home, "van") < HOUR_WH / 60
    assert home.keeper.memory.loads["van"].chosen.boost_at is None


@pytest.mark.parametrize("devid", ["other", "car"])
@pytest.mark.parametrize("undone", [False, True])
def test_the_phases_that_a_deleted_charger_was_found_on_are_not_those_of_the_next_one(
    devid: str, undone: bool
) -> None:
    """Who takes a charger off the wall wires the next one anew, and gives it the same name.

    So each leg counts on the phase that the new form says, until it is found on another one.
    """
    form = charger_form("car", allow_remap=True)
    home = Home(site_form(), form)
    was = (("L1", "A"), ("L2", "B"), ("L3", "C"))
    turned = (("L1", "B"), ("L2", "C"), ("L3", "A"))
    memory = home.keeper.memory
    found = {"car": Remap(turned, was, home.now, undone=undone)}
    home.keeper.memory = replace(memory, wiring=replace(memory.wiring, remaps=found))
    home.run()
    assert list(home.keeper.memory.wiring.remaps) == ["car"]
    del home.states["automation.car"]
    for _ in range(12):
        home.run(5.0)
    new = changed(form, devid=devid, node="new", automation="automation.new")
    assert home.register(new)["id"] == "car"
    home.run()
    remaps = home.keeper.memory.wiring.remaps
    assert home.keeper.site is not None
    assert wiring.applied(home.keeper.site, remaps).loads["car"].legs == was
    assert remaps == {}


def test_after_a_day_a_load_that_was_deleted_is_forgotten() -> None:
    home = charging(10.0)
    del home.states["automation.car"]
    pass_by(home, 60.0)
    home.run(86400.0)
    home.run()
    assert home.keeper.memory.tallies == {}
    assert home.keeper.memory.loads == {}
    home.register(changed(CAR, node="new", automation="automation.new"))
    home.run()
    assert energy_wh(home) == 0.0


def test_the_energy_of_yesterday_is_not_that_of_today() -> None:
    home = charging(60.0)
    home.states["automation.car"] = EntityState("off")
    home.run()
    home.run(86400.0)
    home.states["automation.car"] = EntityState("on")
    pass_by(home, 600.0)
    assert energy_wh(home) == pytest.approx(HOUR_WH / 6, abs=20)


def test_nothing_is_counted_of_a_load_that_is_off() -> None:
    home = charging(10.0)
    before = energy_wh(home)
    home.states["automation.car"] = EntityState("off")
    home.run(1.0)
    for _ in range(10):
        home.run(1.0)
    home.states["automation.car"] = EntityState("on")
    home.run(1.0)
    assert energy_wh(home) == pytest.approx(before, abs=10)


@pytest.mark.parametrize(
    "departed",
    [7, "x", [1], [["car"]], [["Car!", ["car"], "charger car 1", 5.0]], [["car", "car", 1, True]]],
)
def test_damage_to_what_was_deleted_is_no_harm(departed: Any) -> None:
    home = charging(10.0)
    stored = json.loads(json.dumps(home.keeper.dump()))
    home.keeper = Keeper()
    assert home.keeper.load({**stored, "departed": departed}) == []
    pass_by(home, 10.0)
    assert home.loads() == {"car"}


def test_a_file_of_before_has_no_deleted_loads() -> None:
    home = charging(10.0)
    stored: Mapping[str, Any] = json.loads(json.dumps(home.keeper.dump()))
    home.keeper = Keeper()
    assert home.keeper.load({k: v for k, v in stored.items() if k != "departed"}) == []
