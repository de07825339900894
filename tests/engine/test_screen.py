"""What is written of what is measured: what matters at once, and the rest seldom."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from loadjuggler.options import Options
from loadjuggler.publish.entity import MEASUREMENT, Entity
from loadjuggler.publish.screen import Screen
from loadjuggler.publish.weight import Weight, weight
from loadjuggler.runtime.controller import Keeper
from loadjuggler.runtime.exchange import Actions
from loadjuggler.snapshot import EntityState

from .house import charger_form, plug_form, site_form, state
from .test_keeper import Home

CURRENT, STATUS = "sensor.loadjuggler_main_current_a", "sensor.loadjuggler_status"
QUIET_S, SLIGHT_S = 10.0, 30.0
"""Clear changes of measurements are written at most this often, slight ones this."""


def measured(value: str, unit: str = "A", **more: Any) -> Entity:
    attributes = {"unit_of_measurement": unit, "state_class": MEASUREMENT, **more}
    return Entity("sensor.x", value, attributes)


@pytest.mark.parametrize(
    ("unit", "before", "now", "expected"),
    [
        ("A", "8.0", "8.1", Weight.SLIGHT),
        ("A", "8.0", "8.05", Weight.NOTHING),
        ("A", "8.0", "8.5", Weight.CLEAR),
        ("W", "300", "309", Weight.NOTHING),
        ("W", "300", "310", Weight.SLIGHT),
        ("W", "17000", "17100", Weight.NOTHING),  # 1 % of it is 170 W
        ("W", "300", "2300", Weight.CLEAR),
        ("%", "50", "51", Weight.SLIGHT),
        ("A", "8.0", "unknown", Weight.CLEAR),
        ("A", "unknown", "0.0", Weight.CLEAR),
    ],
)
def test_what_can_be_seen_and_what_is_clear(
    unit: str, before: str, now: str, expected: Weight
) -> None:
    assert weight(measured(before, unit), measured(now, unit)) is expected


def lived(
    home: Home, seconds: float, tell: Callable[[float], None], step_s: float = 1.0
) -> list[tuple[float, Actions]]:
    began, found = home.now, []
    while home.now - began < seconds:
        tell(home.now - began)
        found.append((home.now - began, run(home, step_s)))
    return found


def run(home: Home, step_s: float = 1.0) -> Actions:
    """A run after which all calls go through, and the car takes what it was told."""
    turn = home.run(step_s)
    for call in turn.calls:
        home.keeper.succeeded(call)
    charges = home.states["sensor.car_status_connector"].value == "Charging"
    told_a = home.keeper.report.loads["car"].allocated_a if charges else 0.0
    legs = dict.fromkeys(("L1", "L2", "L3"), told_a or 0.0)
    home.states["sensor.car_current_import"] = state(
        told_a or 0.0, "A", reported_at=home.now, **legs
    )
    return turn


def meters(home: Home, *amps: float) -> None:
    for phase, a in zip("abc", amps, strict=True):
        home.states[f"sensor.grid_{phase}"] = state(a, "A", reported_at=home.now)


def writes(turns: list[tuple[float, Actions]], entity: str = "") -> list[tuple[float, str]]:
    return [
        (at, one.value) for at, turn in turns for one in turn.entities if entity in ("", one.id)
    ]


def charging_a(home: Home) -> float:
    return float(home.states["sensor.car_current_import"].value)


def idle_house(*more: dict[str, Any]) -> Home:
    home = Home(site_form(main_breaker_a=25), charger_form("car"), *more)
    home.states["sensor.car_status_connector"] = state("Available")
    lived(home, 120, lambda _: meters(home, 3, 3, 3))
    return home


def test_the_noise_of_a_meter_is_written_every_half_minute_at_most() -> None:
    """Three phases flicker by 0.1 A each second: an hour is at most 120 rows for each sensor."""
    home, chance = idle_house(plug_form("boiler")), random.Random(1)
    turns = lived(home, 3600, lambda _: meters(home, *(3 + chance.gauss(0, 0.1) for _ in "abc")))
    rows = Counter(entity for _, turn in turns for entity in (one.id for one in turn.entities))
    assert max(rows.values()) <= 3600 / SLIGHT_S + 1
    assert sum(rows.values()) * 24 < 30_000


def test_a_kettle_is_seen_within_ten_seconds_and_what_hangs_on_it_with_it() -> None:
    home, chance = idle_house(), random.Random(1)
    noise = [3.0, 3.0, 3.0]

    def tell(at: float) -> None:
        noise[:] = [3 + chance.gauss(0, 0.1) for _ in "abc"]
        meters(home, noise[0] + (9.5 if at >= 95 else 0), noise[1], noise[2])

    turns = lived(home, 120, tell)
    seen = [at for at, value in writes(turns, CURRENT) if float(value) > 11]
    assert 95 < seen[0] <= 95 + QUIET_S + 1
    with_it = writes([turn for turn in turns if turn[0] == seen[0]])
    for name in ("main_headroom_a", "surplus_power"):
        assert f"sensor.loadjuggler_{name}" in {
            one.id for at, turn in turns if at == seen[0] for one in turn.entities
        }, with_it


def test_after_a_quiet_while_a_change_is_written_at_once() -> None:
    home = idle_house()
    lived(home, 60, lambda _: meters(home, 3, 3, 3))
    turns = lived(home, 5, lambda at: meters(home, 9 if at >= 1 else 3, 3, 3))
    assert writes(turns, CURRENT) == [(1.0, "9.0")]


def test_a_start_a_stop_and_a_status_are_written_in_the_run_in_which_they_happen() -> None:
    """Whatever noise was written just before: a car comes, charges, and is cut for a kettle."""
    home, chance = idle_house(), random.Random(1)
    at_once: list[tuple[str, str, str]] = []

    def tell(at: float) -> None:
        if at >= 40:
            home.states["sensor.car_status_connector"] = state("Charging")
        others = (3 + chance.gauss(0, 0.3) for _ in "bc")
        meters(home, 3 + charging_a(home) + (14 if at >= 80 else 0), *others)

    began = home.now
    while home.now - began < 120:
        tell(home.now - began)
        run(home)
        report, shown = home.keeper.report.loads["car"], home.keeper.shown
        assert shown["sensor.loadjuggler_car_status"].value == report.status
        assert shown["sensor.loadjuggler_car_status"].attributes["reason"] == report.reason.code
        assert shown["sensor.loadjuggler_car_reason"].attributes["code"] == report.reason.code
        told = shown["sensor.loadjuggler_car_allocated_current"].value
        assert told == ("unknown" if report.allocated_a is None else f"{report.allocated_a:.1f}")
        at_once.append((report.status, report.reason.code, told))
    assert len({told for *_, told in at_once}) > 2, "it was started and cut"


def test_an_overload_is_shown_at_once_with_the_current_that_is_too_much() -> None:
    home, chance = idle_house(), random.Random(1)
    lived(home, 60, lambda _: meters(home, *(3 + chance.gauss(0, 0.3) for _ in "abc")))
    meters(home, 27, 3, 3)
    turn = home.run(1.0)
    written = {one.id: one.value for one in turn.entities}
    assert written[STATUS] == "problem"
    assert written[CURRENT] == "27.0"


@pytest.mark.parametrize("away_s", [1, 4])
def test_a_meter_that_blinks_writes_nothing_and_is_no_change(away_s: int) -> None:
    """Every minute it gives nothing for seconds, while a car charges."""
    home = idle_house()
    home.states["sensor.car_status_connector"] = state("Charging")
    lived(home, 300, lambda _: meters(home, *[3 + charging_a(home)] * 3))
    kept = dict(home.keeper.memory.history)

    def blinks(at: float) -> None:
        meters(home, *[3 + charging_a(home)] * 3)
        if at % 60 < away_s:
            home.states["sensor.grid_a"] = EntityState("unavailable", {}, home.now)

    turns = lived(home, 1800, blinks)
    assert [value for _, value in writes(turns, STATUS)] == []
    assert [value for _, value in writes(turns, "sensor.loadjuggler_car_status")] == []
    assert [event for _, turn in turns for event in turn.events] == []
    assert {key: len(some) for key, some in home.keeper.memory.history.items()} == {
        key: len(some) for key, some in kept.items()
    }


def test_a_meter_that_stays_away_is_shown_after_ten_seconds() -> None:
    home = idle_house()
    home.states["sensor.grid_a"] = EntityState("unavailable", {}, home.now)
    turns = lived(home, 30, lambda _: None)
    ((at, value),) = writes(turns, STATUS)
    assert value == "blind"
    assert QUIET_S <= at <= QUIET_S + 2


def test_a_status_that_flaps_is_written_every_ten_seconds_at_most() -> None:
    home = idle_house()

    def flap(at: float) -> None:
        meters(home, 3, 3, 3)
        home.states["sensor.car_status_connector"] = state(["Charging", "Available"][int(at) % 2])

    turns = lived(home, 600, flap)
    assert len(writes(turns, "sensor.loadjuggler_car_status")) <= 600 / QUIET_S + 10


def test_what_is_shown_is_never_older_than_half_a_minute() -> None:
    """A random house with a car that charges; what can be seen of a measurement is 0.1 A or 1 %."""
    home, chance = idle_house(), random.Random(2)
    home.states["sensor.car_status_connector"] = state("Charging")
    behind: dict[str, float] = {}
    amps = [3.0, 3.0, 3.0]
    for _ in range(900):
        amps = [min(max(a + chance.choice([0, 0, 0, 0.1, -0.1, 3, -3]), 0), 20) for a in amps]
        meters(home, *amps)
        home.run(1.0)
        for phase, a in zip("abc", amps, strict=True):
            key = f"sensor.loadjuggler_main_current_{phase}"
            off = abs(float(home.keeper.shown[key].value) - a)
            behind[key] = behind.get(key, 0.0) + 1.0 if off > 0.151 else 0.0
            assert behind[key] <= SLIGHT_S, (key, off)


def test_with_0_every_change_is_written() -> None:
    home = Home(site_form(), charger_form("car"), options=Options(show_s=0))
    turns = lived(home, 20, lambda at: meters(home, 3 + at / 10, 3, 3))
    assert len(writes(turns, CURRENT)) == 20


def test_a_clock_that_is_set_back_holds_no_row_up() -> None:
    screen = Screen(Options())
    screen.changes([measured("3.0")], 10_000.0)
    assert screen.changes([measured("9.0")], 5_000.0)[0] == (measured("9.0"),)


def test_what_goes_goes_at_once_and_what_comes_comes_at_once() -> None:
    screen = Screen(Options())
    assert screen.changes([measured("3.0")], 0.0) == ((measured("3.0"),), ())
    other = Entity("sensor.y", "1", {})
    assert screen.changes([measured("3.1"), other], 1.0)[0] == (measured("3.1"), other)
    assert screen.changes([measured("3.1")], 2.0) == ((), ("sensor.y",))


def test_what_was_shown_before_a_restart_is_written_anew() -> None:
    """Its attribute `restored` says that it is old: it goes with the first run."""
    home = idle_house()
    stored: Mapping[str, Any] = json.loads(json.dumps(home.keeper.dump()))
    other = Home()
    other.keeper.load(stored)
    other.now = home.now + 60
    other.states = home.states
    other.run(1.0)
    assert [key for key, one in other.keeper.shown.items() if "restored" in one.attributes] == []


def test_a_car_that_holds_a_newer_command_than_was_stored_is_not_accused() -> None:
    """Stored while it was told 8 A; five minutes later, told 15 A, the power fails for 5 s."""
    home = idle_house()
    home.states["sensor.car_status_connector"] = state("Charging")
    home.states["sensor.car_transaction_id"] = state("7")
    lived(home, 20, lambda _: meters(home, *[17 + charging_a(home)] * 3))
    stored = json.loads(json.dumps(home.keeper.dump()))
    before_a = home.keeper.report.loads["car"].allocated_a
    lived(home, 300, lambda _: meters(home, *[3 + charging_a(home)] * 3))
    told_a = home.keeper.report.loads["car"].allocated_a
    assert before_a is not None
    assert told_a is not None
    assert told_a > before_a + 2
    home.keeper = Keeper()
    assert home.keeper.load(stored) == []
    home.now += 5
    told: list[str] = []

    def tell(_: float) -> None:
        meters(home, *[3 + charging_a(home)] * 3)
        told.append(home.keeper.report.loads["car"].status if home.keeper.report.loads else "")

    lived(home, 60, tell)
    assert "not_following" not in told
    assert home.keeper.report.status == "ok"


def test_one_that_never_follows_is_accused_after_a_restart_too() -> None:
    home = idle_house()
    home.states["sensor.car_status_connector"] = state("Charging")
    lived(home, 60, lambda _: meters(home, *[17 + charging_a(home)] * 3))
    home.keeper.load(json.loads(json.dumps(home.keeper.dump())))

    def stubborn(_: float) -> None:
        legs = dict.fromkeys(("L1", "L2", "L3"), 16.0)
        home.states["sensor.car_current_import"] = state(16.0, "A", reported_at=home.now, **legs)
        meters(home, 33, 33, 33)

    lived(home, 60, stubborn)
    assert home.keeper.report.loads["car"].status == "not_following"
