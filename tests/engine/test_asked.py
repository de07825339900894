"""Pause, resume, priority and limits by service: what holds, for how long, and what is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from loadjuggler.memory.restart import woken
from loadjuggler.runtime.api import Desk
from loadjuggler.runtime.controller import Keeper
from loadjuggler.runtime.exchange import Actions

from .house import charger_form, plug_form, site_form, state
from .test_keeper import Home, changed

MIN_S = 60.0


class Driving(Home):
    """A home whose cars take what they are told, and whose meters show it."""

    def run(self, seconds: float = 5.0) -> Actions:
        loads = self.keeper.report.loads.values()
        told = {load.id: load.allocated_a or 0.0 for load in loads if load.kind == "charger"}
        for load, amps in told.items():
            legs = {"L1": amps, "L2": amps, "L3": amps}
            self.states[f"sensor.{load}_current_import"] = state(amps, "A", **legs)
        for phase in "abc":
            self.states[f"sensor.grid_{phase}"] = state(sum(told.values()), "A")
        reports = [f"sensor.{load}_current_import" for load in told]
        for entity in (*reports, *(f"sensor.grid_{phase}" for phase in "abc")):
            self.states[entity] = replace(self.states[entity], reported_at=self.now + seconds)
        return super().run(seconds)


def reading(home: Home, load: str = "car") -> Any:
    return home.keeper.report.loads[load]


def charging(**values: Any) -> Home:
    """One car on 25 A and three phases, all of which is free for it: 16 A, its maximum."""
    home = Driving(site_form(), charger_form("car", **values))
    for _ in range(60):
        home.run()
    assert reading(home).allocated_a == 16
    return home


# --- pause ---------------------------------------------------------------------------------------


def test_a_paused_car_gets_nothing_says_so_and_then_goes_on_in_its_mode() -> None:
    home = charging()
    answer = home.desk.pause("car", 52, home.now)
    assert answer == {"ok": True, "message": "car: paused for 52 min."}
    home.run(0.0)
    assert reading(home).allocated_a == 0
    assert reading(home).status == "paused"
    assert reading(home).mode == "standard"
    assert reading(home).reason.code == "paused_by_you"
    assert reading(home).sentence.startswith("Paused by you for 52 min.")
    home.run(51 * MIN_S)
    assert reading(home).sentence.startswith("Paused by you for 1 min.")
    home.run(MIN_S)
    assert reading(home).allocated_a > 0, "a person's pause is no stop: nothing is waited for"


def test_a_pause_lasts_an_hour_unless_told_otherwise() -> None:
    home = charging()
    assert home.desk.pause("car", None, home.now)["ok"]
    home.run(3599.0)
    assert reading(home).allocated_a == 0
    home.run(2.0)
    assert reading(home).allocated_a > 0


def test_resume_ends_a_pause_at_once() -> None:
    home = charging()
    home.desk.pause("car", 30, home.now)
    home.run()
    assert home.desk.resume("car") == {"ok": True, "message": "car: goes on."}
    home.run()
    assert reading(home).allocated_a > 0


def test_what_a_paused_car_leaves_is_for_the_others() -> None:
    """25 A: beside 16 A of the first the second has 9. While that rests, it has its 16."""
    home = Driving(site_form(), charger_form("car", priority=1), charger_form("second", priority=2))
    for _ in range(60):
        home.run()
    assert (reading(home).target_a, reading(home, "second").target_a) == (16, 9)
    home.desk.pause("car", 30, home.now)
    home.run()
    assert (reading(home).allocated_a, reading(home, "second").target_a) == (0, 16)


def test_a_pause_outlives_a_restart() -> None:
    home = charging()
    home.keeper.dump()
    home.desk.pause("car", 30, home.now)
    assert home.keeper.must_store(), "it is stored at once"
    stored = json.loads(json.dumps(home.keeper.dump()))
    home.keeper = Keeper()
    assert home.keeper.load(stored) == []
    home.run()
    assert reading(home).reason.code == "paused_by_you"


def test_a_car_that_comes_during_a_pause_waits_too() -> None:
    """Idle chargers hold their minimum, so that a car can begin; not while one is to rest."""
    home = charging()
    home.states["sensor.car_status_connector"] = state("Available")
    home.run()
    home.desk.pause("car", 30, home.now)
    home.run()
    assert reading(home).allocated_a == 0
    home.states["sensor.car_status_connector"] = state("Charging")
    home.run()
    assert (reading(home).allocated_a, reading(home).reason.code) == (0, "paused_by_you")


def test_a_mode_chosen_in_its_entity_does_not_end_a_pause_but_holds_after_it() -> None:
    home = Home(site_form(), charger_form("car", mode_entity="input_select.mode"))
    home.states["input_select.mode"] = state("standard")
    home.run()
    home.desk.pause("car", 30, home.now)
    home.states["input_select.mode"] = state("solar_priority")
    home.run()
    assert (reading(home).mode, reading(home).allocated_a) == ("solar_priority", 0)


def test_a_boost_ends_a_pause_and_a_pause_holds_in_a_boost() -> None:
    home = charging()
    home.desk.pause("car", 30, home.now)
    home.run()
    assert home.desk.set_mode("car", "boost", 90)["ok"]
    home.run()
    assert reading(home).mode == "boost"
    assert reading(home).allocated_a > 0
    home.desk.pause("car", 30, home.now)
    home.run()
    assert (reading(home).mode, reading(home).allocated_a) == ("boost", 0)


def test_resume_ends_a_boost_and_the_mode_before_holds_again() -> None:
    home = Home(site_form(), charger_form("car", mode="solar_priority"))
    home.run()
    home.desk.set_mode("car", "boost", 90)
    home.run()
    assert reading(home).mode == "boost"
    answer = home.desk.resume("car")
    assert (answer["ok"], answer["message"]) == (True, "car: mode solar_priority again.")
    home.run()
    assert reading(home).mode == "solar_priority"


def test_resume_writes_the_mode_before_to_its_entity() -> None:
    home = Home(site_form(), charger_form("car", mode_entity="input_select.mode"))
    home.states["input_select.mode"] = state("standard")
    home.run()
    home.states["input_select.mode"] = state("boost")
    home.run()
    data = home.desk.resume("car")["call"]["data"]
    assert data == {"entity_id": "input_select.mode", "option": "standard"}


def test_resume_says_why_a_boost_that_a_sensor_says_can_not_be_ended_and_ends_the_pause() -> None:
    home = Home(site_form(), charger_form("car", mode_entity="sensor.mode"))
    home.states["sensor.mode"] = state("standard")
    home.run()
    home.states["sensor.mode"] = state("boost")
    home.run()
    why = "sensor.mode says the mode of car and can't be written."
    before = home.keeper.memory
    assert home.desk.resume("car") == {"ok": False, "message": why}
    assert home.keeper.memory is before
    assert home.desk.pause("car", 30, home.now)["ok"]
    home.run()
    assert reading(home).reason.code == "paused_by_you"
    text = f"car: its pause is over, its boost is not: {why}"
    assert home.desk.resume("car") == {"ok": True, "message": text}
    home.run()
    assert (reading(home).mode, reading(home).status != "paused") == ("boost", True)


def test_resume_of_a_load_that_runs_changes_nothing() -> None:
    home = charging()
    answer = home.desk.resume("car")
    assert answer == {"ok": True, "message": "car is neither paused nor boosted."}
    home.run()
    assert reading(home).allocated_a == 16


def test_a_plug_is_switched_off_for_a_pause() -> None:
    home = Home(site_form(), plug_form("boiler", mode="continuous"))
    home.states["switch.boiler"] = state("on")
    home.run()
    home.desk.pause("boiler", 30, home.now)
    calls = [(call.service, call.data["entity_id"]) for call in home.run().calls]
    assert calls == [("turn_off", "switch.boiler")]


@pytest.mark.parametrize("minutes", [0, -5, 1441, "long", float("nan"), True])
def test_no_duration_is_refused(minutes: Any) -> None:
    home = charging()
    answer = home.desk.pause("car", minutes, home.now)
    assert answer["ok"] is False
    allowed = "more than 0 and at most 1440 minutes are"
    assert answer["message"] == f"'{minutes}' is no duration: {allowed}."
    home.run()
    assert reading(home).allocated_a == 16


def test_half_a_minute_and_a_day_are_durations() -> None:
    home = charging()
    for minutes in (0.5, 1440):
        assert home.desk.pause("car", minutes, home.now)["ok"]
        assert home.desk.set_mode("car", "boost", minutes)["ok"]


def test_minutes_that_come_with_another_mode_are_said_to_count_for_boost_only() -> None:
    home = charging()
    said = "car: mode solar_only. The minutes count for boost only."
    assert home.desk.set_mode("car", "solar_only", 30)["message"] == said
    assert home.desk.set_mode("car", "solar_only")["message"] == "car: mode solar_only."
    assert home.desk.set_mode("car", "boost", 30)["message"] == "car: mode boost."


def test_no_more_than_60_signs_of_what_is_not_understood_are_told() -> None:
    home, long = charging(), "x" * 5000
    shown = f"'{'x' * 59}…'"
    for answer in (
        home.desk.pause(long, 5, home.now),
        home.desk.pause("car", long, home.now),
        home.desk.set_mode("car", long),
        home.desk.set_distribution(long),
        home.desk.set_priority("car", long),
        home.desk.set_limits("car", long),
        home.desk.history("car", long),
    ):
        assert not answer["ok"]
        assert shown in answer["message"]


def test_a_house_without_loads_says_that_there_is_none() -> None:
    text = "There is no load called 'b': none is wired."
    for home in (Home(site_form()), Home()):
        home.run()
        assert home.desk.resume("b") == {"ok": False, "message": text}


@pytest.mark.parametrize(
    ("language", "ended", "gone"),
    [
        ("en", "was ended by a restart", "The load has left the plan."),
        ("sl", "je prekinil ponovni zagon", "Porabnika ni več v načrtu."),
    ],
)
def test_a_check_that_a_restart_ended_is_not_told_as_a_load_that_left(
    language: str, ended: str, gone: str
) -> None:
    home = charging()
    home.keeper.given = replace(home.keeper.given, language=language)
    assert home.desk.check_wiring("car", home.now)["ok"]
    assert home.desk.checked("car") is None
    home.keeper.memory = woken(home.keeper.memory, home.keeper.site)
    answer = home.desk.checked("car")
    assert answer is not None
    assert (answer["ok"], answer["code"]) == (False, "check_ended")
    assert ended in answer["message"]
    answer = home.desk.checked("left")
    assert answer is not None
    assert (answer["code"], answer["message"]) == ("check_gone", gone)


def test_an_essential_load_is_not_paused() -> None:
    home = Home(site_form(), plug_form("fridge", mode="continuous", essential=True))
    home.run()
    answer = home.desk.pause("fridge", 30, home.now)
    text = "fridge is essential: it is always served, and never paused."
    assert answer == {"ok": False, "message": text}


@pytest.mark.parametrize("service", ["pause", "resume", "set_priority", "set_limits"])
def test_an_unknown_load_is_answered_with_those_there_are(service: str) -> None:
    home = charging()
    extra = {"pause": (30, home.now), "resume": (), "set_priority": (1,), "set_limits": (6, 16)}
    answer = getattr(home.desk, service)("bike", *extra[service])
    assert answer == {"ok": False, "message": "There is no load called 'bike': car."}


# --- priority and limits --------------------------------------------------------------------------


def test_a_priority_that_was_set_says_who_goes_first() -> None:
    """25 A for two cars of 16 A: the first takes 16, the other one the 9 that are left."""
    home = Driving(site_form(), charger_form("left", priority=1), charger_form("right", priority=2))
    home.run()
    assert home.desk.set_priority("left", 3)["message"] == "left: priority 3."
    for _ in range(60):
        home.run()
    assert (reading(home, "left").target_a, reading(home, "right").target_a) == (9, 16)


def test_limits_that_were_set_hold_over_a_restart_until_the_form_says_something_else() -> None:
    home = charging()
    answer = home.desk.set_limits("car", 8, 10)
    assert answer == {"ok": True, "message": "car: minimum 8 A, maximum 10 A.", "calls": []}
    home.run()
    assert reading(home).target_a == 10
    stored = json.loads(json.dumps(home.keeper.dump()))
    home.keeper = Keeper()
    assert home.keeper.load(stored) == []
    home.run()
    assert reading(home).target_a == 10
    home.register(changed(charger_form("car"), max_current_a=13))
    home.run()
    assert reading(home).target_a == 13
    home.register(charger_form("car"))
    home.run()
    assert reading(home).target_a == 16, "it does not come back with the old value"


def test_limits_are_written_to_wired_entities_in_their_unit() -> None:
    entities = {"min_current_entity": "input_number.min", "max_current_entity": "number.max"}
    home = Home(site_form(), charger_form("car", **entities))
    home.states["input_number.min"] = state(6, "A")
    home.states["number.max"] = state(16000, "mA")
    home.run()
    calls = home.desk.set_limits("car", 7, 12)["calls"]
    assert calls == [
        {
            "domain": "input_number",
            "service": "set_value",
            "data": {"entity_id": "input_number.min", "value": 7},
        },
        {
            "domain": "number",
            "service": "set_value",
            "data": {"entity_id": "number.max", "value": pytest.approx(12000)},
        },
    ]
    home.run()
    assert reading(home).target_a == 16, "the entity says what holds"


@pytest.mark.parametrize(
    ("limits", "says"),
    [
        ((None, None), "Say min_current_a, max_current_a, or both."),
        ((17, None), "car: its minimum of 17 A would be above its maximum of 16 A."),
        ((10, 8), "car: its minimum of 10 A would be above its maximum of 8 A."),
        ((-1, None), "'-1' is no minimum for car: 0 to 250 A is."),
        ((None, "much"), "'much' is no maximum for car: 0 to 250 A is."),
    ],
)
def test_limits_that_can_not_be_are_refused(limits: tuple[Any, Any], says: str) -> None:
    home = charging()
    assert home.desk.set_limits("car", *limits) == {"ok": False, "message": says}
    home.run()
    assert reading(home).target_a == 16


def test_a_priority_out_of_range_is_refused() -> None:
    home = charging()
    says = "'11' is no priority for car: 1 to 10 is."
    assert home.desk.set_priority("car", 11) == {"ok": False, "message": says}


def test_a_plug_has_no_limits() -> None:
    home = Home(site_form(), plug_form("boiler"))
    home.run()
    says = "boiler is a plug: it is on or off, and has no limits in A."
    assert home.desk.set_limits("boiler", 6, 10) == {"ok": False, "message": says}


def test_a_sensor_that_says_a_limit_can_not_be_written() -> None:
    home = Home(site_form(), charger_form("car", max_current_entity="sensor.max"))
    home.states["sensor.max"] = state(16, "A")
    home.run()
    says = "sensor.max says the maximum of car and can't be written."
    assert home.desk.set_limits("car", None, 10) == {"ok": False, "message": says}


def test_more_than_the_form_says_is_not_for_a_service() -> None:
    """16 A is what charger, cable and car can take by the form."""
    home = charging()
    says = "car: charger, cable and car can take 16 A by its form, and 20 A are more."
    assert home.desk.set_limits("car", None, 20) == {"ok": False, "message": says}


# --- one after the other --------------------------------------------------------------------------

ASKED = {
    "off": lambda desk, _now: desk.set_mode("car", "off"),
    "solar_only": lambda desk, _now: desk.set_mode("car", "solar_only"),
    "boost": lambda desk, _now: desk.set_mode("car", "boost", 5),
    "pause": lambda desk, now: desk.pause("car", 30, now),
    "resume": lambda desk, _now: desk.resume("car"),
}


class Asked:
    """A car that is asked for one thing after the other, with a run after each or one at the end.

    If it is `wired`, an input_select says its mode, and has what a service writes before that is
    answered, as in Home Assistant.
    """

    def __init__(self, *, wired: bool, runs_between: bool) -> None:
        more = {"mode_entity": "input_select.mode"} if wired else {}
        self.home = Home(site_form(), charger_form("car", **more))
        self.home.states["input_select.mode"] = state("standard")
        self.runs_between = runs_between
        self.home.run()

    def ask(self, what: str) -> None:
        home = self.home
        desk = Desk(home.keeper, dict(home.states), home.now)
        answer = ASKED[what](desk, home.now)
        assert answer["ok"], answer
        if call := answer.get("call"):
            home.states["input_select.mode"] = state(call["data"]["option"])
        if self.runs_between:
            home.run(0.0)

    def becomes(self) -> list[tuple[str, bool]]:
        """The mode of the car and whether it is paused: now, after its boost, after its pause."""
        found = []
        for passed_s in (0.0, 302.0, 1502.0):
            for _ in range(2):  # the second run sees what was written after the first
                calls = self.home.run(passed_s / 2).calls
                for call in calls:
                    if call.domain == "input_select":
                        self.home.states["input_select.mode"] = state(call.data["option"])
            found.append((reading(self.home).mode, reading(self.home).status == "paused"))
        return found


@pytest.mark.parametrize("wired", [False, True], ids=["by service", "by an entity"])
@pytest.mark.parametrize(
    ("asked", "right"),
    [
        ("off boost", [("boost", False), ("off", False), ("off", False)]),
        ("off boost resume", [("off", False)] * 3),
        ("solar_only boost", [("boost", False), ("solar_only", False), ("solar_only", False)]),
        ("boost pause", [("boost", True), ("standard", True), ("standard", False)]),
        ("boost resume", [("standard", False)] * 3),
        ("pause boost", [("boost", False), ("standard", False), ("standard", False)]),
        ("pause boost pause", [("boost", True), ("standard", True), ("standard", False)]),
        ("boost pause resume", [("standard", False)] * 3),
        ("boost off", [("off", False)] * 3),
        ("boost off boost", [("boost", False), ("off", False), ("off", False)]),
        ("boost off resume", [("off", False)] * 3),
    ],
)
def test_what_was_answered_is_so_in_order(
    asked: str, right: list[tuple[str, bool]], wired: bool
) -> None:
    """No run comes between; the boost lasts 5 min, the pause 30 min."""
    car = Asked(wired=wired, runs_between=False)
    for what in asked.split():
        car.ask(what)
    assert car.becomes() == right


@pytest.mark.parametrize("wired", [False, True], ids=["by service", "by an entity"])
@pytest.mark.parametrize("asked", product(ASKED, repeat=3), ids=" ".join)
def test_it_makes_no_difference_whether_runs_come_between(
    asked: tuple[str, ...], wired: bool
) -> None:
    with_runs, at_once = (Asked(wired=wired, runs_between=between) for between in (True, False))
    for car in (with_runs, at_once):
        for what in asked:
            car.ask(what)
    assert at_once.becomes() == with_runs.becomes()


@pytest.mark.parametrize("asked", ["boost", "pause", "off", "resume"])
def test_what_was_asked_for_again_must_be_stored_again(asked: str) -> None:
    """A boost or pause that begins anew, with the same length, is not the one that is stored."""
    car = Asked(wired=False, runs_between=True)
    for what in ("boost", "pause"):
        car.ask(what)
    car.home.run(100.0)
    car.home.keeper.dump()
    assert not car.home.keeper.must_store()
    car.ask(asked)
    assert car.home.keeper.must_store()


def test_limits_that_were_written_just_now_count_for_the_next_wish() -> None:
    """8 A were written to the entity of the minimum; no run has seen them yet."""
    home = Home(site_form(), charger_form("car", min_current_entity="input_number.min"))
    home.states["input_number.min"] = state(6, "A")
    home.run()
    home.states["input_number.min"] = state(8, "A")
    answer = Desk(home.keeper, dict(home.states), home.now).set_limits("car", None, 7)
    says = "car: its minimum of 8 A would be above its maximum of 7 A."
    assert answer == {"ok": False, "message": says}
