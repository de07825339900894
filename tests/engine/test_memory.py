"""Memory as plain data: what comes back is what was stored, and damage is told."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest
from loadjuggler.memory.codec import VERSION, from_json, to_json
from loadjuggler.memory.limits import BatteryMemory, Seen
from loadjuggler.memory.load import LoadMemory
from loadjuggler.memory.memory import Held, Memory, Override
from loadjuggler.memory.serialise import not_after

FULL = Memory(
    loads={
        "car": LoadMemory(
            default_a=6.0,
            tx_a=13.7,
            tx=42,
            commanded_at=1.0,
            raised_at=2.0,
            before=(8.0, 42, None),
            failures=1,
            error="timeout",
            draw_a=(("L1", 8.0), ("L2", 0.0)),
            draw_at=3.0,
            draw_seen_at=4.0,
            legs_used=("L1",),
            legs_differ_at=5.0,
            samples_w=(1.0, 2.0),
        )
    },
    held={"sensor.a": Held(7.5, 8.0), "sensor.status": Held("Charging", 9.0)},
    overrides={"car.mode": Override("off", "standard")},
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


def with_load(**values: Any) -> dict[str, Any]:
    """A memory with something else in its car."""
    data = to_json(FULL)
    return {**data, "loads": {"car": {**data["loads"]["car"], **values}}}


def with_other(**values: Any) -> dict[str, Any]:
    """A memory with something else in it."""
    return {**to_json(FULL), **values}


def with_trail(*times: float) -> dict[str, Any]:
    """A memory of a meter that was seen at these times."""
    return with_other(seen={"main A": {"measured_a": 1.0, "trail": [[at, 1.0] for at in times]}})


NO_NUMBER = "is no usable number"
NO_ORDER = "what the meter of main A showed is not in order"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (with_load(draw_a=[["L1", "x"]]), "memory.loads[car].draw_a[0][1] is 'x'"),
        (with_load(draw_a=[["L1"]]), "memory.loads[car].draw_a[0] is a list"),
        (with_load(default_a="6"), "memory.loads[car].default_a is '6'"),
        (with_load(default_a=True), "memory.loads[car].default_a is True"),
        (with_load(commanded_at=float("nan")), f"memory.loads[car].commanded_at {NO_NUMBER}"),
        (with_load(raised_at=float("inf")), f"memory.loads[car].raised_at {NO_NUMBER}"),
        (with_load(raised_at=10**400), f"memory.loads[car].raised_at {NO_NUMBER}"),
        (with_load(tx=4.5), "memory.loads[car].tx is 4.5"),
        (with_load(tx=None), "memory.loads[car].tx is nothing"),
        (with_load(before=[8.0, 42]), "memory.loads[car].before is a list"),
        (with_load(legs_used=["L1", "L9"]), "car uses legs ('L1', 'L9')"),
        (with_load(mode="turbo"), "car ran in mode 'turbo', which is none"),
        (with_other(battery={"full": "no"}), "memory.battery.full is 'no'"),
        (with_other(held={"sensor.a": {"value": 5}}), "memory.held[sensor.a].at is missing"),
        (
            with_other(overrides={"car.mode": {"value": "x", "form": None}}),
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
    data["loads"]["car"]["default_a"] = 6
    del data["loads"]["car"]["stopped_at"], data["battery"], data["seen"]
    assert from_json(data) == FULL


def test_no_time_is_later_than_now_after_a_clock_was_set_back() -> None:
    """Of two memories, one of before and one of after 100 s, only the second has something new."""
    ahead = Memory(
        loads={"car": LoadMemory(raised_at=200.0, started_at=50.0, earlier=((6.0, 200.0),))},
        held={"sensor.a": Held(1.0, 200.0), "sensor.b": Held(1.0, 100.5)},
        battery=BatteryMemory(cap_at=200.0),
        seen={"main A": Seen(5.0, ((199.0, 1.0), (200.0, 2.0)), over_at=200.0)},
        woke_at=200.0,
    )
    assert not_after(ahead, 100.0) == Memory(
        loads={"car": LoadMemory(raised_at=100.0, started_at=50.0)},
        held={"sensor.a": Held(1.0, 100.0), "sensor.b": Held(1.0, 100.5)},
        battery=BatteryMemory(cap_at=100.0),
        seen={"main A": Seen(5.0, ((100.0, 2.0),))},
        woke_at=100.0,
    )
    assert not_after(ahead, 200.0) is ahead


@dataclass(frozen=True)
class Rest:
    """Something that holds for a while."""

    rest_until: float | None = None


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
