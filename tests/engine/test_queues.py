"""Calls in the background: one under way for each load, and the newest of a slot that waits."""

from __future__ import annotations

import asyncio
import gc
import sys
import weakref
from typing import Any

import pytest
from loadjuggler.calls import ServiceCall
from loadjuggler.runtime.queues import Made, Queues

from .played import until


class Chargers:
    """Chargers that answer when a test lets them."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, int]] = []
        self.ended: list[tuple[str, int, str | None]] = []
        self.answers: dict[str, asyncio.Event] = {}
        self.queues = Queues(self.make, self.note)

    async def make(self, call: ServiceCall) -> Made:
        self.sent.append((call.load_id, call.data["a"]))
        if call.load_id in self.answers:
            await self.answers[call.load_id].wait()
        return None, None

    def note(self, call: ServiceCall, error: str | None, _response: Any) -> None:
        self.ended.append((call.load_id, call.data["a"], error))


def call(load: str, amps: int, slot: str = "") -> ServiceCall:
    return ServiceCall(load, "ocpp", "set_charge_rate", {"a": amps}, slot=slot)


async def test_a_slow_charger_holds_up_nobody_and_is_told_the_newest_next() -> None:
    chargers = Chargers()
    chargers.answers["left"] = asyncio.Event()
    for left_a, right_a in ((11, 11), (10, 12), (9, 13)):
        chargers.queues.send([call("left", left_a), call("right", right_a)])
        await until(lambda right_a=right_a: ("right", right_a, None) in chargers.ended)
    assert [amps for load, amps in chargers.sent if load == "left"] == [11]
    chargers.answers["left"].set()
    await until(lambda: ("left", 9, None) in chargers.ended)
    assert [amps for load, amps in chargers.sent if load == "left"] == [11, 9]


async def test_only_a_call_of_the_same_slot_is_replaced() -> None:
    chargers = Chargers()
    chargers.answers["left"] = asyncio.Event()
    chargers.queues.send([call("left", 1)])
    chargers.queues.send([call("left", 2, "safe"), call("left", 3)])
    chargers.queues.send([call("left", 4)])
    chargers.answers["left"].set()
    await until(lambda: len(chargers.ended) == 3)
    assert [amps for _, amps in chargers.sent] == [1, 2, 4]


async def test_calls_of_one_run_are_made_in_order_although_they_share_a_slot() -> None:
    chargers = Chargers()
    chargers.queues.send([call("left", 1), call("left", 2), call("left", 3)])
    await until(lambda: len(chargers.ended) == 3)
    assert [amps for _, amps in chargers.sent] == [1, 2, 3]


@pytest.mark.skipif(sys.version_info < (3, 12), reason="before 3.12 no task starts at once")
async def test_the_first_call_of_each_load_is_out_when_send_returns() -> None:
    chargers = Chargers()
    chargers.answers["left"] = asyncio.Event()
    chargers.queues.send([call("left", 1), call("right", 2), call("right", 3)])
    assert chargers.sent == [("left", 1), ("right", 2), ("right", 3)]
    # What ended at once is not taken for one under way.
    chargers.queues.send([call("right", 4)])
    assert chargers.sent[-1] == ("right", 4)
    chargers.answers["left"].set()


async def test_a_load_whose_last_call_has_ended_is_called_again() -> None:
    chargers = Chargers()
    for amps in (1, 2):
        chargers.queues.send([call("left", amps)])
        await until(lambda amps=amps: ("left", amps, None) in chargers.ended)
    assert [amps for _, amps in chargers.sent] == [1, 2]


async def test_who_takes_over_has_one_call_under_way_too_and_is_told_how_all_end() -> None:
    old, new = Chargers(), Chargers()
    old.answers["left"] = asyncio.Event()
    old.queues.send([call("left", 11)])
    old.queues.send([call("left", 10)])
    await until(lambda: old.sent)
    new.queues.go_on_from(old.queues)
    new.queues.send([call("left", 9)])
    assert (old.sent, new.sent) == ([("left", 11)], [])
    old.answers["left"].set()
    await until(lambda: len(new.ended) == 2)
    assert (old.sent, new.sent) == ([("left", 11)], [("left", 9)])
    assert new.ended == [("left", 11, None), ("left", 9, None)]
    assert old.ended == []


async def test_a_call_that_nobody_else_waits_for_is_not_forgotten() -> None:
    """The charger answers late, and only the queue knows of the call: the next one waits for it."""
    sent: list[int] = []
    answers: list[weakref.ref[asyncio.Event]] = []

    async def answers_late(one: ServiceCall) -> Made:
        sent.append(one.data["a"])
        answer = asyncio.Event()
        answers.append(weakref.ref(answer))
        await answer.wait()
        return None, None

    queues = Queues(answers_late, lambda *_: None)
    for amps in (1, 2):
        queues.send([call("left", amps)])
        await until(lambda: sent)
        gc.collect()
    assert sent == [1]
    for amps in (1, 2):
        await until(lambda amps=amps: sent[-1] == amps)
        answer = answers[-1]()
        assert answer is not None
        answer.set()
