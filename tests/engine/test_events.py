"""Events for automations: once per run, for what a person would call a change."""

from __future__ import annotations

from typing import Any

from loadjuggler.runtime.exchange import Actions

from .house import START, charger_form, site_form, state
from .test_asked import Driving
from .test_keeper import Home


def told(turn: Actions, kind: str) -> list[Any]:
    return [event.data for event in turn.events if event.kind == f"loadjuggler_{kind}"]


def settled() -> Driving:
    cars = (charger_form("left", priority=1), charger_form("right", priority=2))
    home = Driving(site_form(), *cars)
    for _ in range(60):
        home.run()
    return home


def test_nothing_is_told_while_nothing_changes_but_readings() -> None:
    home = settled()
    for _ in range(5):
        assert home.run().events == ()


def test_the_first_run_is_no_change() -> None:
    home = Home(site_form(), charger_form("car"))
    assert told(home.run(), "changed") == []


def test_a_change_is_told_once_with_old_and_new_of_all_loads_that_changed() -> None:
    """25 A: the second has 9 A beside the 16 of the first. It rests: both change, in one event."""
    home = settled()
    home.desk.pause("left", 30, home.now)
    events = told(home.run(), "changed")
    assert len(events) == 1
    left = events[0]["loads"]["left"]
    assert left["name"] == "left"
    assert left["old"] == {"allocated_a": 16.0, "mode": "standard", "status": "charging"}
    assert left["new"] == {"allocated_a": 0.0, "mode": "standard", "status": "paused"}
    assert left["code"] == "paused_by_you"
    assert left["reason"].startswith("Paused by you for 30 min.")


def test_a_mode_is_a_change() -> None:
    home = settled()
    home.desk.set_mode("left", "solar_priority")
    (event,) = told(home.run(), "changed")
    assert event["loads"]["left"]["new"]["mode"] == "solar_priority"


def test_a_problem_is_told_when_it_turns_up_and_when_it_goes_and_not_between() -> None:
    home = settled()
    meter = "sensor.grid_b"
    run = super(Driving, home).run  # the meter stays as it is set here
    home.states[meter] = state("unavailable")
    began, turns = home.now, []
    while not (turns and told(turns[-1], "problem")):
        turns.append(run())
    assert 60 <= home.now - began <= 70, "its last value is held for a minute"
    event = told(turns[-1], "problem")[0]
    since = event["new"][0]["since"]
    assert [one["text"][: len(meter)] for one in event["new"]] == [meter, "The meter of "]
    assert event["gone"] == []
    assert since.endswith("+00:00")
    for _ in range(5):
        assert told(run(), "problem") == [], "for how long it has been is no news"
    home.states[meter] = state(25.0, "A")
    back, turns = home.now, []
    while not (turns and told(turns[-1], "problem")):
        turns.append(run())
    assert 600 <= home.now - back <= 610, "it is over when it has not come back for ten minutes"
    (event,) = told(turns[-1], "problem")
    assert event["new"] == []
    assert since in [one["since"] for one in event["gone"]]
    assert event["count"] == 0


def test_times_are_local() -> None:
    home = Home(site_form(), charger_form("car"))
    home.states["sensor.grid_a"] = state(5.0, "hp")
    seen = {key: value for key, value in home.states.items() if key in home.keeper.watched()}
    turn = home.keeper.run(seen, START, utc_offset_s=7200.0)
    (event,) = told(turn, "problem")
    assert {one["since"][-6:] for one in event["new"]} == {"+02:00"}


def test_a_charger_whose_status_flaps_is_told_six_times_a_minute_and_then_as_it_stays() -> None:
    """600 s of another status each second: 6 changes a minute, not 599. At its end the truth."""
    home = Home(site_form(), charger_form("car"))
    status, found = "sensor.car_status_connector", []
    for second in range(600):
        shown = "Available" if second % 2 else "Charging"
        home.states[status] = state(shown, None, home.now)
        found += told(home.run(1.0), "changed")
    assert 50 <= len(found) <= 60
    home.states[status] = state("Available", None, home.now)
    for _ in range(70):
        found += told(home.run(1.0), "changed")
    assert found[-1]["loads"]["car"]["new"]["status"] == "idle"
