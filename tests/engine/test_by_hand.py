"""Who has switched a plug: a person, whose hand beats the program, or a power cut, which is mended.

A boiler of 2,300 W, 10 A on phase A of 25 A.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from loadjuggler.loads.plug.form import PLUG
from loadjuggler.memory.hand import BY_HAND, UNSEEN, Hand
from loadjuggler.runtime.controller import Keeper
from loadjuggler.snapshot import EntityState
from loadjuggler.units import DAY_S

from .house import charger_form, plug_form, site_form, state
from .test_keeper import Home

SWITCH = "switch.boiler"


class Boiler(Home):
    """A home with a boiler whose switch does what it is told, and a meter that shows it."""

    def __init__(self, mode: str = "continuous", **fields: Any) -> None:
        plug = plug_form("boiler", mode=mode, min_on_min=0, min_off_min=0, **fields)
        super().__init__(site_form(), plug)
        self.asked: list[str] = []
        self.sun_a = 0.0
        self.heat(6)

    def heat(self, runs: int = 1, seconds: float = 5.0) -> None:
        for _ in range(runs):
            taken_a = 11.0 if self.states[SWITCH].value == "on" else 1.0
            self.states["sensor.grid_a"] = state(taken_a - self.sun_a, "A", self.now + seconds)
            for call in self.run(seconds).calls:
                self.keeper.succeeded(call)
                if call.load_id == "boiler":
                    self.asked.append(call.service)
                    self.turns("on" if call.service == "turn_on" else "off", by_us=True)

    def turns(self, value: str, *, by_us: bool = False) -> None:
        """The switch shows something else from now on."""
        self.states[SWITCH] = EntityState(value, {}, self.now, None, by_us)

    def cut(self, comes_back: str, runs: int = 3) -> None:
        """The power of the plug is cut for some runs; it comes back on or off."""
        self.turns("unavailable")
        self.heat(runs)
        self.turns(comes_back)

    def restart(self) -> None:
        stored = json.loads(json.dumps(self.keeper.dump()))
        self.keeper = Keeper()
        assert self.keeper.load(stored) == []

    @property
    def report(self) -> Any:
        return self.keeper.report.loads["boiler"]

    def forgets(self) -> None:
        self.asked.clear()


def test_off_by_hand_it_is_shown_as_off_at_once_and_keeps_nothing() -> None:
    home = Boiler()
    assert (home.report.status, home.report.allocated_a, home.asked) == ("on", 10.0, ["turn_on"])
    home.forgets()
    home.turns("off")
    home.heat()
    assert (home.report.status, home.report.allocated_a) == ("off", 0.0)
    assert home.report.reason.code == "switched_off"
    home.heat(200)
    assert (home.report.status, home.asked) == ("off", [])
    home.turns("on")
    home.heat()
    assert (home.report.status, home.report.allocated_a, home.asked) == ("on", 10.0, [])


def test_what_it_leaves_is_for_the_others() -> None:
    """25 A: beside 1 A of the house and the 10 A of the boiler a car has 14; without it 16."""
    home = Boiler(priority=1)
    home.register(charger_form("car", priority=9))
    home.heat(60)
    assert home.keeper.report.loads["car"].target_a == 14.0
    home.turns("off")
    home.heat(60)
    assert home.keeper.report.loads["car"].target_a == 16.0


@pytest.mark.parametrize("gone", ["cut", "restart", "both"])
@pytest.mark.parametrize("paused", [False, True], ids=["to be on", "to be off"])
def test_what_a_power_cut_has_switched_is_switched_back(gone: str, paused: bool) -> None:
    """It comes back off though it is to be on, or on though it is paused."""
    home = Boiler()
    if paused:
        home.desk.pause("boiler", 600, home.now)
        home.heat(5)
    home.forgets()
    other, right = ("on", "turn_off") if paused else ("off", "turn_on")
    if gone != "restart":
        home.cut(other)
    if gone != "cut":
        home.turns(other)
        home.restart()
    home.heat()
    assert home.asked == [right]
    home.heat(5)
    assert home.asked == [right]
    assert home.report.status == ("paused" if paused else "on")


@pytest.mark.parametrize("comes_back", ["off", "on"])
def test_off_by_hand_before_a_power_cut(comes_back: str) -> None:
    """It stays off; a plug that goes on when its power comes back is on, and managed again."""
    home = Boiler()
    home.turns("off")
    home.heat(3)
    home.forgets()
    home.cut(comes_back)
    home.restart()
    home.heat(5)
    assert home.report.status == comes_back
    assert home.states[SWITCH].value == comes_back
    assert "turn_off" not in home.asked


def test_a_plug_that_never_goes_on_is_told_again_and_said_not_to_follow() -> None:
    """A dead relay: at growing distances, and told after the second time in vain."""
    home = Boiler()
    home.forgets()
    home.cut("off")
    for _ in range(12):
        home.heat()
        home.turns("off")
    assert home.report.status == "not_following"
    assert home.report.reason.code == "not_switched"
    assert 2 <= len(home.asked) <= 4
    home.turns("on")
    home.heat()
    assert home.report.status == "on"


@pytest.mark.parametrize("how", ["boost", "mode", "solar mode"])
def test_whoever_asks_for_something_else_ends_it(how: str) -> None:
    home = Boiler()
    home.turns("off")
    home.heat(3)
    home.forgets()
    mode = {"boost": "boost", "mode": "off", "solar mode": "solar_only"}[how]
    home.desk.set_mode("boiler", mode)
    home.heat()
    if how != "boost":
        home.desk.set_mode("boiler", "continuous")
        home.heat(5)
    assert home.asked[-1:] == ["turn_on"]
    assert home.report.status == "on"


def test_one_that_lives_from_the_sun_goes_on_the_next_day() -> None:
    """It would have been switched off at night anyway; the sentence says so."""
    home = Boiler("solar_only", solar_grace_min=0)
    assert home.report.status == "waiting"
    home.sun_a = 16.0
    home.heat(60)
    assert home.report.status == "on"
    home.turns("off")
    home.heat()
    assert home.report.reason.code == "switched_off_today"
    home.forgets()
    midnight = (home.now // DAY_S + 1) * DAY_S
    while home.now + 300.0 < midnight:
        home.heat(seconds=300.0)
    assert home.asked == []
    home.heat(10, seconds=60.0)
    assert home.asked == ["turn_on"]
    assert home.now >= midnight


# --- its form ------------------------------------------------------------------------------------

SWITCHED_ON = "in mode continuous it is switched on as soon as there is room for it."


@pytest.mark.parametrize(
    ("switch", "fields", "warns"),
    [
        pytest.param("off", {}, True, id="it is off"),
        pytest.param("on", {}, False, id="it is on already"),
        pytest.param("unavailable", {}, False, id="nobody knows"),
        pytest.param("off", {"mode": "solar_only"}, False, id="it waits for the sun"),
        pytest.param("off", {"mode": "off"}, False, id="it is not managed"),
        pytest.param("off", {"mode_entity": "input_select.mode"}, False, id="an entity says it"),
    ],
)
def test_who_saves_a_form_is_told_that_it_switches_something_on(
    switch: str, fields: dict[str, Any], warns: bool
) -> None:
    home = Home(site_form())
    home.states[SWITCH] = state(switch)
    form = plug_form("boiler", **{"mode": "continuous", **fields})
    data = {key: value for key, value in form.items() if key != "kind"}
    answer = home.keeper.register("plug", data, home.now, dict(home.states))
    assert answer["ok"]
    assert (SWITCHED_ON in answer["message"]) is warns
    if warns:
        assert [call.service for call in home.run().calls] == ["turn_on"]
        again = home.keeper.register("plug", data, home.now, dict(home.states))
        assert SWITCHED_ON not in again["message"], "it was told already"


def test_the_phase_of_a_plug_is_asked_in_the_open_part_of_its_form() -> None:
    """A wrong one guards the wrong breaker, so nobody may miss the question."""
    opened = PLUG.sections[0]
    asked = {one.name: one for one in PLUG.fields}
    assert asked["leg_l1"].section == opened.key
    assert "leg_l1" in [one.name for one in PLUG.fields if one.section == opened.key]
    assert "phase" in opened.help.lower()
    assert {asked[name].section for name in ("leg_l2", "leg_l3")} == {"wiring"}


# --- the record -----------------------------------------------------------------------------------

ON, OFF = Hand(True, True), Hand(False, True)


@pytest.mark.parametrize(
    ("before", "on", "told_on", "by_us", "how"),
    [
        pytest.param(ON, False, True, False, BY_HAND, id="off by hand"),
        pytest.param(ON, False, True, True, UNSEEN, id="off by our own late call"),
        pytest.param(ON, False, False, False, "", id="it was told so"),
        pytest.param(ON, False, None, False, "", id="nobody told it anything"),
        pytest.param(ON.unseen(), False, True, False, UNSEEN, id="nobody saw it"),
        pytest.param(OFF, True, False, False, BY_HAND, id="on by hand"),
        pytest.param(OFF.unseen(), True, False, False, UNSEEN, id="on after a power cut"),
        pytest.param(Hand(), True, False, False, BY_HAND, id="seen for the first time"),
        pytest.param(ON, True, True, False, "", id="as it was"),
    ],
)
def test_how_it_came_to_what_it_shows(
    before: Hand, on: bool, told_on: bool | None, by_us: bool, how: str
) -> None:
    after = before.shows(on, told_on, by_us, 5.0)
    assert (after.on, after.there, after.how) == (on, True, how)
    assert after.hand_at == (5.0 if how else None)
    assert after.off_by_hand is (how == BY_HAND and not on)


def test_a_gap_keeps_what_was_done_by_hand() -> None:
    off = ON.shows(False, True, False, 5.0)
    gone = off.shows(None, False, False, 6.0)
    assert (gone.there, gone.off_by_hand) == (False, True)
    assert gone.shows(False, False, False, 7.0) == off
    assert off.over() == OFF
    again = off.shows(True, False, False, 8.0)
    assert again.how == BY_HAND
    assert again.shows(True, True, False, 9.0) == ON
