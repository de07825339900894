"""What comes and goes is told once, by events as by notifications."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from loadjuggler import flow
from loadjuggler.snapshot import EntityState

from .house import charger_form, form, plug_form, site_form, state
from .test_events import told
from .test_keeper import Home

FREE, HOB = 20.0, 50.0
"""A of a 25 A breaker: without the hob, and with it."""


def meters(home: Home, a: float, b: float = FREE) -> None:
    for phase, amps in zip("abc", (a, b, FREE), strict=True):
        home.states[f"sensor.grid_{phase}"] = state(amps, "A", reported_at=home.now)


def lived(
    home: Home, seconds: float, tell: Callable[[float], None], kind: str = "problem"
) -> list[tuple[float, Any]]:
    """(s since the beginning, data) of the events while `tell` sets states, in steps of 2 s."""
    began, found = home.now, []
    while home.now - began < seconds:
        tell(home.now - began)
        turn = home.run(2.0)
        found += [(home.now - began, data) for data in told(turn, kind)]
    return found


def flickering(home: Home) -> Callable[[float], None]:
    """A hob that is on for 20 s of 40, for an hour."""
    return lambda at: meters(home, HOB if at % 40 < 20 and at < 3600 else FREE)


def test_a_hob_at_the_limit_is_one_problem_with_one_beginning_and_one_end() -> None:
    home = Home(site_form(main_breaker_a=25), charger_form("car"))
    home.states["sensor.car_status_connector"] = state("Available")
    events = lived(home, 4400, flickering(home))
    (began, new), (ended, gone) = events
    assert 2 < began <= 20, "while the hob is on for the first time: twice the rating"
    assert [one["text"] for one in new["new"]] == [one["text"] for one in gone["gone"]]
    assert (new["count"], gone["count"]) == (1, 0)
    last = 3560 + 20  # the last time that it was on begins 3560 s after the beginning
    assert last + 600 <= ended <= last + 604


def test_another_problem_is_told_at_once_beside_one_that_flickers() -> None:
    home = Home(site_form(main_breaker_a=25), charger_form("car"))
    home.states["sensor.car_status_connector"] = state("Available")
    flicker = flickering(home)
    lived(home, 120, flicker)

    def both(at: float) -> None:
        meters(home, HOB if at % 40 < 20 else FREE, b=HOB if at >= 60 else FREE)

    ((at, data),) = lived(home, 120, both)
    assert 62 <= at <= 80, "a breaker carries twice its rating for seconds"
    assert len(data["new"]) == 1
    assert data["count"] == 2


def test_the_same_problem_an_hour_later_is_told_again() -> None:
    home = Home(site_form(main_breaker_a=25), charger_form("car"))
    home.states["sensor.car_status_connector"] = state("Available")
    events = lived(home, 7200, lambda at: meters(home, HOB if at % 3600 < 20 else FREE))
    assert [len(data["new"]) for _, data in events] == [1, 0, 1, 0]
    assert [len(data["gone"]) for _, data in events] == [0, 1, 0, 1]


def test_a_sensor_that_never_gives_nothing_for_a_minute_is_never_told() -> None:
    home = Home(site_form(), charger_form("car"))

    def tell(at: float) -> None:
        meters(home, FREE)
        if at % 60 < 40:
            home.states["sensor.grid_b"] = EntityState("unavailable", {}, home.now)

    assert lived(home, 1800, tell) == []


def test_one_that_was_told_and_flickers_on_is_not_over() -> None:
    """It is away for 2 min, and then for 40 s of each minute: its meter is no longer silent."""
    home = Home(site_form(), charger_form("car"))

    def tell(at: float) -> None:
        meters(home, FREE)
        if at < 120 or at % 60 < 40:
            home.states["sensor.grid_b"] = EntityState("unavailable", {}, home.now)

    events = [data for _, data in lived(home, 1800, tell)]
    over = [one["text"] for data in events for one in data["gone"]]
    assert [text[: len("The meter")] for text in over] == ["The meter"]
    assert [data["count"] for data in events] == [2, 1]


def test_an_error_of_its_own_is_a_problem_whatever_its_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    home = Home(site_form(), charger_form("car"))
    meters(home, FREE)
    home.run()

    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError(f"no luck at {home.now}")

    with monkeypatch.context() as patched:
        patched.setattr(flow, "run", broken)
        events = lived(home, 60, lambda _: None)
    ((at, data),) = events
    assert at == 2
    assert "no luck" in data["new"][0]["text"]
    (over,) = [data for _, data in lived(home, 700, lambda _: meters(home, FREE))]
    assert len(over["gone"]) == 1


NUMBER = form(
    "number_charger",
    "heater",
    name="heater",
    setting_entity="number.heater",
    current_entity="sensor.heater_a",
)


def plug(home: Home) -> None:
    home.states["switch.boiler"] = state("on")


def number(home: Home) -> None:
    limits = {"min": 0, "max": 32, "step": 1}
    home.states["number.heater"] = state(16.0, "A", **limits)
    home.states["sensor.heater_a"] = state(16.0, "A", reported_at=home.now)


@pytest.mark.parametrize(
    ("wired", "entity", "there"),
    [
        (plug_form("boiler"), "switch.boiler", plug),
        (NUMBER, "number.heater", number),
        (NUMBER, "sensor.grid_a", number),
    ],
)
def test_what_is_lost_for_seconds_has_not_changed_and_after_a_minute_it_has(
    wired: dict[str, Any], entity: str, there: Callable[[Home], None]
) -> None:
    """A plug at the edge of its network is unavailable for 4 s of 8."""
    home = Home(site_form(), wired)

    def steady(_: float) -> None:
        there(home)
        meters(home, FREE)

    def flicker(at: float) -> None:
        steady(at)
        if at % 8 < 4:
            home.states[entity] = EntityState("unavailable", {}, home.now)

    def lost(at: float) -> None:
        steady(at)
        home.states[entity] = EntityState("unavailable", {}, home.now)

    lived(home, 300, steady)
    assert lived(home, 600, flicker, "changed") == []
    at, data = lived(home, 120, lost, "changed")[0]
    assert 60 <= at <= 64
    (load,) = data["loads"].values()
    assert load["new"]["status"] in {"unreachable", "stale_meter"}


def test_what_is_lost_is_told_after_a_minute_although_the_clock_was_set_back() -> None:
    """It is set back by an hour 20 s after the plug is lost: a minute counts from there."""
    home = Home(site_form(), plug_form("boiler"))

    def steady(_: float) -> None:
        plug(home)
        meters(home, FREE)

    def lost(_: float) -> None:
        home.states["switch.boiler"] = EntityState("unavailable", {}, home.now)
        meters(home, FREE)

    lived(home, 300, steady)
    assert lived(home, 20, lost, "changed") == []
    home.now -= 3600
    at, _ = lived(home, 200, lost, "changed")[0]
    assert 60 <= at <= 66


def test_a_mode_that_is_chosen_while_a_plug_is_away_is_told_at_once() -> None:
    home = Home(site_form(), plug_form("boiler"))
    plug(home)
    lived(home, 60, lambda _: meters(home, FREE))
    home.states["switch.boiler"] = EntityState("unavailable", {}, home.now)
    assert lived(home, 10, lambda _: meters(home, FREE), "changed") == []
    assert home.desk.set_mode("boiler", "off")["ok"]
    at, data = lived(home, 10, lambda _: meters(home, FREE), "changed")[0]
    assert (at, data["loads"]["boiler"]["new"]["mode"]) == (2, "off")


def test_a_problem_is_over_in_time_although_the_clock_was_set_back() -> None:
    """By an hour, when the hob goes off for good: it is over within ten minutes from there."""
    home = Home(site_form(main_breaker_a=25), charger_form("car"))
    home.states["sensor.car_status_connector"] = state("Available")
    assert len(lived(home, 120, flickering(home))) == 1
    home.now -= 3600
    at, data = lived(home, 700, lambda _: meters(home, FREE))[0]
    assert at <= 604
    assert len(data["gone"]) == 1


def test_forms_that_wait_are_no_news_while_runs_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    """A charger waits for a breaker that no form names; then runs fail for 20 min."""
    home = Home(site_form(), charger_form("car"))
    home.register(charger_form("second", circuit="nowhere"))
    before = lived(home, 120, lambda _: meters(home, FREE))
    assert ["nowhere" in one["text"] for _, data in before for one in data["new"]] == [True]

    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("no luck")

    with monkeypatch.context() as patched:
        patched.setattr(flow, "run", broken)
        events = [data for _, data in lived(home, 1200, lambda _: meters(home, FREE))]
    assert [(len(data["new"]), len(data["gone"])) for data in events] == [(1, 0)]
    events = [data for _, data in lived(home, 700, lambda _: meters(home, FREE))]
    assert [(len(data["new"]), len(data["gone"])) for data in events] == [(0, 1)]
    assert "no luck" in events[0]["gone"][0]["text"]
