"""Memory as plain data: what comes back is what was stored, and damage is told."""

from __future__ import annotations

import ast
import json
from dataclasses import dataclass, fields
from typing import Any

import pytest
from loadjuggler.memory.chosen import Chosen
from loadjuggler.memory.codec import VERSION, from_json, to_json
from loadjuggler.memory.drawn import Draws
from loadjuggler.memory.limits import BatteryMemory, Seen
from loadjuggler.memory.load import LoadMemory
from loadjuggler.memory.logbook import OverTime
from loadjuggler.memory.memory import Held, Memory, Override
from loadjuggler.memory.serialise import not_after
from loadjuggler.memory.timers import Compliance, Delays, Pacing, Phases, Utilisation
from loadjuggler.memory.times import Until
from loadjuggler.memory.told import Calls, Command, Profiles
from loadjuggler.memory.wiring import Score

from tests.engine.memories import remembered
from tests.engine.test_rooms import modules

FULL = Memory(
    loads={
        "car": remembered(
            default_a=6.0,
            tx_a=13.7,
            tx=42,
            commanded_at=1.0,
            raised_at=2.0,
            before=(8.0, 42, None),
            failures=1,
            error="timeout",
            by_leg=(("L1", 8.0), ("L2", 0.0)),
            at=3.0,
            seen_at=4.0,
            legs=("L1",),
            fewer_at=5.0,
            samples_w=(1.0, 2.0),
        )
    },
    held={"sensor.a": Held(7.5, 8.0), "sensor.status": Held("Charging", 9.0)},
    overrides={("car", "mode"): Override("off", "standard")},
)


@pytest.mark.parametrize(
    "memory", [pytest.param(FULL, id="with everything in it"), pytest.param(Memory(), id="empty")]
)
def test_memory_comes_back_from_json_as_it_was(memory: Memory) -> None:
    assert from_json(json.loads(json.dumps(to_json(memory), allow_nan=False))) == memory


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(None, id="nothing"),
        pytest.param([], id="a list"),
        pytest.param({**to_json(FULL), "version": VERSION + 1}, id="a newer version"),
        pytest.param({"version": VERSION}, id="no loads"),
        pytest.param({**to_json(FULL), "loads": []}, id="a list of loads"),
        pytest.param({**to_json(FULL), "held": {"sensor.a": 5}}, id="a number for a held value"),
        pytest.param({**to_json(FULL), "loads": {"car": 5}}, id="a number for a load"),
        pytest.param(
            {"version": True, **{k: v for k, v in to_json(FULL).items() if k != "version"}},
            id="yes for a version",
        ),
    ],
)
def test_what_is_no_memory_is_a_value_error(data: Any) -> None:
    with pytest.raises(ValueError, match=r"^memory "):
        from_json(data)


def with_load(record: str, **values: Any) -> dict[str, Any]:
    """A memory with something else in a record of its car."""
    data = to_json(FULL)
    car = data["loads"]["car"]
    return {**data, "loads": {"car": {**car, record: {**car[record], **values}}}}


def with_other(**values: Any) -> dict[str, Any]:
    """A memory with something else in it."""
    return {**to_json(FULL), **values}


def with_trail(*times: float) -> dict[str, Any]:
    """A memory of a meter that was seen at these times."""
    return with_other(seen={"main A": {"measured_a": 1.0, "trail": [[at, 1.0] for at in times]}})


CAR = "memory.loads[car]"
NO_NUMBER = "is no usable number"
NO_ORDER = "what the meter of main A showed is not in order"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (with_load("draws", by_leg=[["L1", "x"]]), "memory.loads[car].draws.by_leg[0][1] is 'x'"),
        (with_load("draws", by_leg=[["L1"]]), "memory.loads[car].draws.by_leg[0] is a list"),
        (with_load("command", default_a="6"), "memory.loads[car].command.default_a is '6'"),
        (with_load("command", default_a=True), "memory.loads[car].command.default_a is True"),
        (
            with_load("calls", commanded_at=float("nan")),
            f"memory.loads[car].calls.commanded_at {NO_NUMBER}",
        ),
        (
            with_load("pacing", raised_at=float("inf")),
            f"memory.loads[car].pacing.raised_at {NO_NUMBER}",
        ),
        (with_load("pacing", raised_at=10**400), f"{CAR}.pacing.raised_at {NO_NUMBER}"),
        (with_load("command", tx=4.5), "memory.loads[car].command.tx is 4.5"),
        (with_load("command", tx=None), "memory.loads[car].command.tx is nothing"),
        (with_load("command", before=[8.0, 42]), "memory.loads[car].command.before is a list"),
        (with_load("draws", legs=["L1", "L9"]), "car uses legs ('L1', 'L9')"),
        (with_load("chosen", mode="turbo"), "car ran in mode 'turbo', which is none"),
        (with_other(battery={"full": "no"}), "memory.battery.full is 'no'"),
        (with_other(held={"sensor.a": {"value": 5}}), "memory.held[sensor.a].at is missing"),
        (
            with_other(overrides={"car mode": {"value": "x", "form": None}}),
            "car.mode was set to 'x', which is none",
        ),
        (with_trail(), NO_ORDER),
        (with_trail(2.0, 2.0), NO_ORDER),
    ],
)
def test_damaged_memory_is_refused_in_words_that_say_where(data: Any, says: str) -> None:
    with pytest.raises(ValueError, match=r"^memory is damaged: ") as refused:
        from_json(data)
    assert str(refused.value) == f"memory is damaged: {says}"


def test_whole_numbers_are_numbers_and_what_an_older_version_did_not_know_has_its_default() -> None:
    data = to_json(FULL)
    data["loads"]["car"]["command"]["default_a"] = 6
    del data["loads"]["car"]["delays"]["stopped_at"], data["loads"]["car"]["pacing"]["small_cut_at"]
    del data["loads"]["car"]["utilisation"], data["battery"], data["seen"]
    assert from_json(data) == FULL


def test_no_time_is_later_than_now_after_a_clock_was_set_back() -> None:
    """Of two memories, one of before and one of after 100 s, only the second has something new."""
    ahead = Memory(
        loads={"car": remembered(raised_at=200.0, started_at=50.0, replaced=((6.0, 200.0),))},
        held={"sensor.a": Held(1.0, 200.0), "sensor.b": Held(1.0, 100.5)},
        battery=BatteryMemory(cap_at=200.0),
        seen={("main", "A"): Seen(5.0, ((199.0, 1.0), (200.0, 2.0)), moves_a=(0.1, 0.3))},
        woke_at=200.0,
    )
    assert not_after(ahead, 100.0) == Memory(
        loads={"car": remembered(raised_at=100.0, started_at=50.0)},
        held={"sensor.a": Held(1.0, 100.0), "sensor.b": Held(1.0, 100.5)},
        battery=BatteryMemory(cap_at=100.0),
        seen={("main", "A"): Seen(5.0, ((100.0, 2.0),), moves_a=(0.1, 0.3))},
        woke_at=100.0,
    )
    assert not_after(ahead, 200.0) is ahead


def test_nothing_that_hangs_on_a_time_of_the_future_is_left_after_a_clock_was_set_back() -> None:
    """Neither room that was used "a moment ago", nor a silent meter, nor a switch of phases."""
    ahead = Memory(
        loads={"car": remembered(to=1, since=200.0, switched_at=200.0)},
        seen={("main", "A"): Seen(5.0, ((200.0, 2.0),), lately=((190.0, 20.0),))},
        silent={"garage": 200.0},
    )
    assert not_after(ahead, 100.0) == Memory(
        loads={"car": remembered(to=1, since=100.0, switched_at=100.0)},
        seen={("main", "A"): Seen(5.0, ((100.0, 2.0),))},
        silent={"garage": 100.0},
    )


@dataclass(frozen=True)
class Rest:
    """Something that holds for a while."""

    rest_until: Until | None = None


@pytest.mark.parametrize(
    ("until", "then"),
    [
        pytest.param(86500.0, 86500.0, id="until tomorrow"),
        pytest.param(1e9, 100.0, id="for years: it was set by another clock"),
        pytest.param(None, None, id="not at all"),
    ],
)
def test_nothing_holds_for_more_than_a_day(until: float | None, then: float | None) -> None:
    assert not_after(Rest(until), 100.0) == Rest(then)


def test_what_a_newer_version_added_to_a_load_is_left_out() -> None:
    data = to_json(FULL)
    data["loads"]["car"]["colour"] = "red"
    assert from_json(data) == FULL


@pytest.mark.parametrize(
    ("transaction", "holds_a"),
    [
        pytest.param(42, 13.7, id="during its transaction"),
        pytest.param(43, 6.0, id="in the next one the default holds"),
        pytest.param(0, 6.0, id="without one too"),
        pytest.param(None, 6.0, id="for a plug"),
    ],
)
def test_a_command_of_a_transaction_is_void_without_it(
    transaction: int | None, holds_a: float
) -> None:
    assert FULL.load("car").command_a(transaction) == holds_a


def test_a_load_that_was_never_seen_has_an_empty_memory() -> None:
    assert Memory().load("car") == LoadMemory()
    assert LoadMemory().command_a(0) is None


VERSION_1 = {
    "default_a": 6.0,
    "tx_a": 13.7,
    "tx": 42,
    "commanded_at": 1.0,
    "raised_at": 2.0,
    "before": [8.0, 42, None],
    "failures": 1,
    "error": "timeout",
    "called_at": 3.0,
    "counted_at": 4.0,
    "renewed_at": 5.0,
    "safe_a": 7.0,
    "tx_told_at": 6.0,
    "tx_sure": True,
    "unit": "W",
    "unit_asked_at": 7.0,
    "max_level": 8,
    "levels_asked_at": 9.0,
    "watt_legs": 2,
    "taken": True,
    "off": True,
    "draw_a": [["L1", 8.0]],
    "drew": [[10.0, [["L1", 9.0]]]],
    "draw_at": 11.0,
    "draw_seen_at": 12.0,
    "legs_used": ["L1"],
    "legs_differ_at": 13.0,
    "samples_w": [14.0],
    "earlier": [[16.0, 15.0]],
    "mode": "solar_only",
    "boost_at": 17.0,
    "started_at": 18.0,
    "stopped_at": 19.0,
    "stopped_for": "circuit garage",
    "free_at": 20.0,
    "short_at": 21.0,
    "stops": 22,
    "rest_until": 23.0,
    "small_cut_at": 24.0,
    "small_raise_at": 25.0,
    "spare_at": 26.0,
    "cap_a": 27.0,
    "idle_at": 28.0,
    "resends": 29,
    "resent_at": 30.0,
    "cleared": True,
    "ignored_a": 31.0,
    "ignored_at": 32.0,
    "asked_at": 33.0,
    "resets": [34.0],
    "reset_tx": 35,
    "phases": 1,
    "phases_to": 3,
    "phases_since": 36.0,
    "phases_at": 37.0,
    "phases_wish_at": 38.0,
    "phases_failed": True,
    "switched": "seen",
    "paused_at": 39.0,
    "pause_s": 40.0,
}
"""A load as version 1 stored it, every field with a value of its own."""


def test_a_load_that_version_1_stored_has_lost_nothing() -> None:
    """Each value of the flat record stands in one of the records, and there are no more fields."""
    data = {"version": 1, "loads": {"car": VERSION_1}, "held": {}, "overrides": {}}
    car = from_json(data).load("car")
    assert car.command == Command(6.0, 13.7, 42, (8.0, 42, None), True, "seen")
    assert car.profiles == Profiles(7.0, 5.0, 6.0, True, 2, "W", 7.0, 8, 9.0, True)
    assert car.calls == Calls(1.0, 3.0, 1, "timeout", 4.0, ((16.0, 15.0),))
    reports = ((10.0, (("L1", 9.0),)),)
    assert car.draws == Draws((("L1", 8.0),), 11.0, 12.0, reports, ("L1",), 13.0, (14.0,))
    assert car.phases == Phases(1, 38.0, 3, 36.0, 37.0, True)
    assert car.chosen == Chosen("solar_only", 17.0, 39.0, 40.0)
    assert car.delays == Delays(18.0, 19.0, "circuit garage", 20.0, 21.0, 22, 23.0)
    assert car.pacing == Pacing(2.0, 24.0, 25.0)
    assert car.utilisation == Utilisation(26.0, 27.0, 28.0)
    assert car.compliance == Compliance(29, 30.0, True, 31.0, 32.0, 33.0, (34.0,), 35)
    known = sum(len(fields(getattr(car, record.name))) for record in fields(car))
    new = (
        "command.bare",
        "draws.delays_s",
        "draws.learned_at",
        "profiles.speaks",
        "profiles.hurried",
    )
    new += tuple(f"habits.{field.name}" for field in fields(car.habits))
    new += tuple(f"hand.{field.name}" for field in fields(car.hand))
    new += (
        "calls.failing_since",
        "calls.mended_at",
        "command.waits",
        "profiles.way",
        "profiles.vain_at",
        "profiles.way_before",
        "profiles.held_at",
        "profiles.vain_over",
        "profiles.way_at",
        "profiles.limit_a",
    )
    new += ("delays.gone_at", "delays.enough_at", "delays.new")
    new += ("draws.apart", "draws.proven", "draws.heard")
    assert len(VERSION_1) == known - len(new)


def test_what_version_1_stored_of_the_rest_is_there() -> None:
    """Settings by service, overloads and findings had their parts in one text."""
    overload = {"day": 20000, "managed_s": 5.0}
    finding = {"code": "wrong_phase", "numbers": {"leg": "L1"}, "at": 9.0}
    data = {
        "version": 1,
        "loads": {},
        "held": {"sensor.a": {"value": 7.5, "at": 8.0}},
        "overrides": {
            "car.mode": {"value": "boost", "form": "standard", "seconds": 1800.0},
            "site.distribution": {"value": "shared", "form": "priority"},
        },
        "over": {"main A": overload, "import": overload},
        "seen": {"garage B": {"measured_a": 5.0, "trail": [[1.0, 2.0]]}},
        "peaks": {"garage B": [[10, 3.0]]},
        "wiring": {
            "scores": {"car garage": {"legs": {"L1": {"B": 6.0}}, "moved": 6.0}},
            "signs": {"garage B": "+-"},
            "findings": {"load:car": finding, "meter:garage": finding},
        },
    }
    memory = from_json(data)
    assert memory.held == {"sensor.a": Held(7.5, 8.0)}
    assert memory.overrides == {
        ("car", "mode"): Override("boost", "standard", 1800.0),
        ("site", "distribution"): Override("shared", "priority"),
    }
    assert memory.over == dict.fromkeys((("main", "A"), ("main", "")), OverTime(20000, 5.0))
    assert memory.seen == {("garage", "B"): Seen(5.0, ((1.0, 2.0),))}
    assert memory.peaks == {("garage", "B"): ((10, 3.0),)}
    assert memory.wiring.scores == {("car", "garage"): Score({"L1": {"B": 6.0}}, 6.0)}
    assert memory.wiring.signs == {("garage", "B"): "+-"}
    assert set(memory.wiring.findings) == {("load", "car"), ("meter", "garage")}
    again = from_json(json.loads(json.dumps(to_json(memory), allow_nan=False)))
    assert again == memory


OWNERS = {
    **dict.fromkeys(("Command", "Profiles", "Calls"), "memory.told"),
    "Draws": "memory.drawn",
    "Habits": "memory.habits",
    "Hand": "memory.hand",
    "Chosen": "memory.chosen",
    **dict.fromkeys(("Delays", "Pacing", "Compliance", "Phases"), "memory.timers"),
    "Utilisation": "sharing.utilisation",
}
"""The one module that makes new values of each record of a load's memory."""


def test_each_record_of_a_load_is_written_by_one_module() -> None:
    """Nobody else builds one with values, or replaces a field of one.

    `replace(memory.delays, ...)` writes one; `replace(memory, delays=...)` puts in what a record's
    own method has made; `Delays()` without values is the memory of a load that was never seen.
    """
    records = {field.name: field.type for field in fields(LoadMemory)}
    assert set(records.values()) == set(OWNERS)
    wrong = []
    for name, path in modules().items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            made = node.func.id
            if made == "replace" and isinstance(of := node.args[0], ast.Attribute):
                made = str(records.get(of.attr, ""))
                found = bool(made)
            else:
                found = made in OWNERS and bool(node.args or node.keywords)
            if found and OWNERS[made] != name:
                wrong.append(f"{name}:{node.lineno} writes {made}")
    assert not wrong


def test_only_a_command_from_after_the_clearing_limits_a_charger_again() -> None:
    """13 A in session 42 were under way when its profiles were cleared; then 9 A were sent.

    A default of 6 A limits it, too, even if the session has ended before that was answered.
    """
    before = Command(default_a=8.0).told_session(13.0, 42)
    cleared = before.unknown().told_session(9.0, 42)
    assert cleared.delivered(before.held()).bare
    assert not cleared.delivered(cleared.held()).bare
    waiting = cleared.told_default(6.0)
    assert not waiting.without_session().delivered(waiting.held()).bare
