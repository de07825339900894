"""Memory as plain data: what comes back is what was stored, and damage is told."""

from __future__ import annotations

import json
from typing import Any

import pytest
from loadjuggler.memory import VERSION, Held, LoadMemory, Memory, Override, from_json, to_json

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
            {**to_json(FULL), "loads": {"car": {"draw_a": [["L1", "x"]]}}}, id="a word for amperes"
        ),
    ],
)
def test_damaged_memory_is_a_value_error(data: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        from_json(data)


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
