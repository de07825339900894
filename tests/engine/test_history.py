"""What was told, when, and why: kept as it was said, bounded, over restarts."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from loadjuggler.clock import local
from loadjuggler.logbook.history import KEPT_WHOLE, MOST, updated
from loadjuggler.memory.codec import from_json, to_json
from loadjuggler.memory.logbook import Change
from loadjuggler.memory.memory import Memory
from loadjuggler.memory.restart import without_strangers, woken
from loadjuggler.reasons import Reason
from loadjuggler.report import LoadReport
from loadjuggler.runtime.api import Desk
from loadjuggler.runtime.controller import Keeper

from .house import START, House, charger_form, site_form


def report(told_a: float | None, status: str = "charging", mode: str = "standard") -> LoadReport:
    """What a run says of a car."""
    return LoadReport(
        id="car",
        name="Car",
        kind="charger",
        circuit="main",
        mode=mode,
        status=status,
        target_a=told_a or 0.0,
        allocated_a=told_a,
        available_a=None,
        draw=None,
        power_w=None,
        reason=Reason("maximum", {"max_a": 16.0}),
        sentence=f"{told_a} A, {status}.",
    )


def after(*reports: LoadReport) -> tuple[Change, ...]:
    """The history of a car after these runs, a second apart."""
    history = {}
    for second, one in enumerate(reports):
        history = updated(history, {"car": one}, START + second)
    return history["car"]


def test_only_what_changes_is_noted_with_what_was_before() -> None:
    changes = after(
        report(None, "starting"),
        report(16.0),
        report(16.0),
        report(16.04),
        report(10.0),
        report(10.0, "ready"),
        report(10.0, "ready", "boost"),
    )
    found = [(c.at - START, c.before_a, c.told_a, c.status, c.mode) for c in changes]
    assert found == [
        (0, None, None, "starting", "standard"),
        (1, None, 16.0, "charging", "standard"),
        (4, 16.0, 10.0, "charging", "standard"),
        (5, 10.0, 10.0, "ready", "standard"),
        (6, 10.0, 10.0, "ready", "boost"),
    ]
    assert changes[2].sentence == "10.0 A, charging."
    assert changes[2].code == "maximum"


def test_a_run_that_changes_nothing_leaves_the_history_as_it_is() -> None:
    history = updated({}, {"car": report(8.0)}, START)
    assert updated(history, {"car": report(8.0)}, START + 5) is history


def test_a_stop_outlives_the_steps_of_a_cloudy_day() -> None:
    """It stops once, starts, and is then raised and lowered for hours."""
    steps = [report(6.0 + number % 7) for number in range(4 * MOST)]
    changes = after(report(9.0), report(0.0, "waiting"), *steps)
    assert len(changes) == MOST
    assert [c.told_a for c in changes if c.status == "waiting"] == [0.0]
    newest = [c.told_a for c in changes[-KEPT_WHOLE:]]
    assert newest == [one.allocated_a for one in steps[-KEPT_WHOLE:]]
    assert [c.at for c in changes] == sorted(c.at for c in changes)


def test_what_stops_all_day_is_bounded_too() -> None:
    runs = [report(8.0 * (n % 2), "charging" if n % 2 else "waiting") for n in range(3 * MOST)]
    changes = after(*runs)
    assert len(changes) == MOST
    assert changes[-1].at == START + 3 * MOST - 1
    assert changes[0].at == START + 2 * MOST


def test_it_is_told_in_local_time() -> None:
    """1 000 000 s after the epoch is 13:46:40 UTC on 12 January 1970."""
    assert local(START, 0.0) == "1970-01-12T13:46:40+00:00"
    assert local(START, 3600.0) == "1970-01-12T14:46:40+01:00"


def test_a_house_remembers_why_a_car_was_cut() -> None:
    """25 A: a car of 16 A, and then 15 A of household on A leave it 10 A."""
    house = House.of(site_form(), charger_form("car"))
    house.pass_time(60.0)
    house.household["main"]["A"] = 15.0
    at = house.now
    house.pass_time(10.0)
    last = house.memory.history["car"][-1]
    assert (last.before_a, last.told_a) == (16.0, 10.0)
    assert at <= last.at <= at + 10
    assert last.sentence.startswith("10 A of 16 A: the main breaker (25 A) is full on phase A.")


def kept() -> Memory:
    """Memory of a house whose car was told something."""
    house = House.of(site_form(), charger_form("car"))
    house.pass_time(60.0)
    assert house.memory.history["car"]
    return house.memory


def test_it_outlives_a_restart() -> None:
    memory = kept()
    stored = from_json(json.loads(json.dumps(to_json(memory))))
    assert stored.history == memory.history
    assert woken(stored, None).history == memory.history


def test_it_goes_with_its_load() -> None:
    assert without_strangers(kept(), ["site"]).history == {}


@pytest.mark.parametrize("at", [-1.0, 1e12])
def test_a_time_that_cannot_have_been_is_damage(at: float) -> None:
    memory = kept()
    (*_, last) = memory.history["car"]
    damaged = replace(memory, history={"car": (replace(last, at=at),)})
    with pytest.raises(ValueError, match="damaged"):
        from_json(to_json(damaged))


@pytest.mark.parametrize("count", [0, 51, "many", -1])
def test_a_count_that_is_none_is_refused(count: object) -> None:
    keeper = Keeper()
    keeper.register("site", {k: v for k, v in site_form().items() if k != "kind"}, START)
    form = {k: v for k, v in charger_form("car").items() if k != "kind"}
    assert keeper.register("charger", form, START)["ok"]
    answer = Desk(keeper).history("car", count)
    assert not answer["ok"]
    assert "1 to 50" in answer["message"]
    assert not Desk(keeper).history("nobody")["ok"]
    assert Desk(keeper).history(" CAR ")["changes"] == []
