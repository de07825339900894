"""Which calls are made for what was decided, in which order, and what is remembered of them.

Two chargers on one phase; each has a car, holds its command for a minute and draws it, unless said
otherwise. What was decided is given.
"""

from __future__ import annotations

from typing import Any

import pytest
from loadjuggler.calls import CLEAR, ServiceCall
from loadjuggler.control.decide import Decision, DispatchResult
from loadjuggler.control.pace import Paced
from loadjuggler.control.send import send
from loadjuggler.limits.constraints import Row, Rows
from loadjuggler.limits.obeying import exceeding
from loadjuggler.measure.readings import LoadReading, Readings, SessionReading
from loadjuggler.memory.load import LoadMemory
from loadjuggler.memory.memory import Memory
from loadjuggler.options import Options
from loadjuggler.reasons import Outcome, Reason, RowKind
from loadjuggler.sharing.allocate import Allocation
from loadjuggler.sharing.utilisation import Usage
from loadjuggler.units import PerPhase

from .house import House, charger_form, site_form
from .memories import remembered
from .readings import charging

NOW = 1_000_000.0
FULL = Reason(limits=RowKind.CIRCUIT, outcome=Outcome.TOO_SMALL, numbers={"circuit": "main"})
WAITS = Reason("raise_waits", {"to_a": 12.0, "wait_s": 5.0})
SITE = House.of(site_form("A"), charger_form("one", "A"), charger_form("two", "A")).site
FRESH = House.of(
    site_form("A"),
    charger_form("one", "A", clear_first=True),
    charger_form("two", "A", clear_first=True),
).site
"""Chargers that others may have told something before."""


def car(holds_a: float | None, **values: Any) -> LoadReading:
    """A car that has held so much for a minute, and draws it."""
    known = {"command_a": holds_a, "commanded_at": NOW - 60.0}
    drawn = {"draw": PerPhase(holds_a or 0.0), "draw_at": NOW - 1.0}
    return charging(**{**known, **drawn, **values})


def empty(**values: Any) -> LoadReading:
    """A charger without a car that was never told anything."""
    known = {"status": "Available", "active": False, "commanded_at": None, "draw_at": None}
    return car(None, **{**known, "draw": None, **values})


def sent(
    one: tuple[LoadReading, float | None],
    two: tuple[LoadReading, float | None] = (car(6.0), 6.0),
    *,
    memory: LoadMemory | None = None,
    room_a: float = 25.0,
    why: Reason = FULL,
    site: Any = SITE,
    **found: Any,
) -> tuple[dict[str, LoadMemory], list[ServiceCall]]:
    """The memories and calls of loads that read so, and are told so much, A per leg.

    `memory` is that of `one`; `room_a` is the limit less what is not managed.
    """
    told = {"one": one[1], "two": two[1]}
    decisions = {
        load: Decision(Allocation(load, amps or 0.0, 16.0, why), Paced(amps), why)
        for load, amps in told.items()
    }
    row = Row(RowKind.CIRCUIT, room_a, {"one": 1.0, "two": 1.0}, "main", "A", 25.0)
    readings = Readings(
        NOW, {}, {"main": 25.0}, {"one": one[0], "two": two[0]}, "priority", None, 0.0
    )
    none: frozenset[str] = frozenset()
    dispatched = DispatchResult(
        shares={},
        paced={},
        fixed=found.get("fixed", {}),
        pauses={},
        wished={},
        holds={},
        usage=Usage({}, none),
        blind=none,
        free_a={},
        over=none,
        over_told=exceeding(readings, Options()),
        untold=found.get("untold", {}),
        makes_way=found.get("makes_way", none),
        changing=found.get("changing", none),
        silent=found.get("silent", {}),
    )
    before = Memory(loads={} if memory is None else {"one": memory})
    after, calls = send(
        site, readings, before, decisions, dispatched, Rows([row]), NOW + 9999.0, Options()
    )
    return dict(after.loads), list(calls)


def names(calls: list[ServiceCall]) -> list[str]:
    """Which loads are told a current, in this order."""
    return [call.load_id for call in calls if call.tells]


# --- order, and what is remembered ---------------------------------------------------------------


def test_cuts_are_sent_before_raises_and_large_ones_first() -> None:
    """Between the calls the breaker is never asked for more than before."""
    assert names(sent((car(8.0), 12.0), (car(16.0), 10.0))[1]) == ["two", "one"]
    assert names(sent((car(16.0), 14.0), (car(16.0), 10.0))[1]) == ["two", "one"]
    assert names(sent((car(16.0), 10.0), (car(8.0), 12.0))[1]) == ["one", "two"]


def test_a_raise_begins_the_time_until_the_next_one_and_a_cut_does_not() -> None:
    memory = remembered(raised_at=NOW - 100.0)
    assert sent((car(8.0), 12.0), memory=memory)[0]["one"].pacing.raised_at == NOW
    assert sent((car(16.0), 12.0), memory=memory)[0]["one"].pacing.raised_at == NOW - 100.0


def test_a_new_command_is_remembered_with_its_time_and_with_the_one_before() -> None:
    calls = sent((car(8.0), 12.0))[0]["one"].calls
    assert (calls.commanded_at, calls.called_at) == (NOW, NOW)
    assert calls.replaced == ((8.0, NOW),)


@pytest.mark.parametrize("values", [{"mode": "off"}, {"paused_s": 600.0}], ids=["off", "paused"])
def test_a_charger_that_is_off_is_told_0_a_although_it_takes_no_part(
    values: dict[str, Any],
) -> None:
    """Its session runs: without a limit of its own it would go on with what holds by default."""
    off = car(8.0, active=False, session=SessionReading(transaction=7), **values)
    _, calls = sent((off, 0.0))
    (told,) = [call for call in calls if call.load_id == "one" and call.slot == "TxProfile"]
    schedule = told.data["custom_profile"]["chargingSchedule"]
    assert schedule["chargingSchedulePeriod"][0]["limit"] == 0.0


def test_what_is_told_again_is_no_new_command() -> None:
    """It draws 16 A of 8 A, so it is told 8 A again."""
    reading = car(8.0, draw=PerPhase(16.0))
    memory = remembered(commanded_at=NOW - 60.0, called_at=NOW - 60.0)
    after, calls = sent((reading, 8.0), memory=memory)
    assert "one" in names(calls)
    assert after["one"].calls.commanded_at == NOW - 60.0
    assert after["one"].calls.called_at == NOW
    assert after["one"].calls.replaced == ()


def test_a_call_that_failed_is_not_made_again_at_once() -> None:
    for ago_s, again in ((4.9, []), (5.0, ["one"])):
        memory = remembered(failures=1, error="busy", called_at=NOW - ago_s)
        assert names(sent((car(8.0), 7.0), (car(6.0), None), memory=memory)[1]) == again


def test_a_load_of_which_nothing_is_known_is_left_alone() -> None:
    unknown = car(8.0, status=None, active=False)
    after, calls = sent((unknown, 12.0), (car(6.0), None), memory=remembered(default_a=8.0))
    assert calls == []
    assert after["one"] == remembered(default_a=8.0)


FAILED = {"failures": 2, "error": "busy", "called_at": NOW - 500.0, "default_a": 8.0}


@pytest.mark.parametrize("values", [{}, {"failures": 0}], ids=["failures", "an error of before"])
def test_a_failure_is_forgotten_when_nothing_has_to_be_called_any_more(
    values: dict[str, Any],
) -> None:
    """It holds its 8 A. While a call is under way it may yet fail again."""
    known = {**FAILED, **values}
    after, calls = sent((car(8.0), 8.0), (car(6.0), None), memory=remembered(**known))
    assert calls == []
    assert (after["one"].calls.failures, after["one"].calls.error) == (0, "")
    under_way = remembered(**known, before=(None, 0, 6.0))
    after, _ = sent((car(8.0), 8.0), (car(6.0), None), memory=under_way)
    assert (after["one"].calls.failures, after["one"].calls.error) == (known["failures"], "busy")


def test_the_error_of_a_raise_that_failed_is_told_until_the_raise_is_made_again() -> None:
    """It waits for its next raise. With another reason the error does not matter any more."""
    for why, error in ((WAITS, "busy"), (FULL, "")):
        memory = remembered(**FAILED)
        after, _ = sent((car(8.0), 8.0), (car(6.0), None), memory=memory, why=why)
        assert after["one"].calls.error == error


def test_a_charger_without_a_car_whose_call_failed_waits_like_the_others() -> None:
    """It is to be left at its safe level; the last call failed for the first time."""
    for ago_s, called in ((4.9, False), (5.0, True)):
        memory = remembered(failures=1, error="busy", called_at=NOW - ago_s)
        _, calls = sent((empty(), 0.0), (car(6.0), None), memory=memory)
        assert bool(calls) is called


def lost(**values: Any) -> LoadReading:
    """A charger that can't be reached in a session."""
    session = SessionReading(transaction=7)
    return car(8.0, **{"active": False, "status": None, "lost": True, "session": session, **values})


@pytest.mark.parametrize(
    ("values", "renewed"),
    [
        pytest.param({}, True, id="in a session"),
        pytest.param({"session": SessionReading()}, False, id="no session"),
        pytest.param({"lost": False}, False, id="it was never there"),
        pytest.param({"command_a": None}, False, id="it was never told anything"),
    ],
)
def test_what_a_lost_charger_holds_is_renewed_before_it_runs_out(
    values: dict[str, Any], renewed: bool
) -> None:
    """That is no new command: when it was told its 8 A stays as it was."""
    known = {"default_a": 6.0, "tx_a": 8.0, "tx": 7, "commanded_at": NOW - 60.0}
    after, _ = sent((lost(**values), None), (car(6.0), None), memory=remembered(**known))
    calls = after["one"].calls
    assert (calls.commanded_at, calls.called_at) == (NOW - 60.0, NOW if renewed else None)
    failing = remembered(**known, failures=1, called_at=NOW - 4.0)
    after, made = sent((lost(**values), None), (car(6.0), None), memory=failing)
    assert made == []


# --- what it was told before ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "before"),
    [
        pytest.param({}, [(32.0, NOW - 1.0)], id="it drew 32 A before its first command"),
        pytest.param({"commanded_at": NOW - 61.0}, [], id="over a minute ago"),
        pytest.param({"draw": PerPhase(7.0)}, [], id="it drew less than it was told"),
        pytest.param({"draw": None, "draw_at": None}, [], id="it never reported"),
        pytest.param({"commanded_at": None}, [], id="it was found holding it"),
        pytest.param(
            {"earlier": ((16.0, NOW - 1.0),)}, [(16.0, NOW - 1.0)], id="it was told 16 A before"
        ),
        pytest.param(
            {"draw": PerPhase(8.0), "draw_at": NOW - 0.5}
            | {"drew": ((NOW - 9.0, PerPhase(10.0)), (NOW - 3.0, PerPhase(32.0)))},
            [(32.0, NOW - 1.0)],
            id="its last report before the command",
        ),
        pytest.param(
            {"draw": PerPhase(8.0), "draw_at": NOW - 0.2}
            | {"drew": ((NOW - 0.6, PerPhase(20.0)), (NOW - 0.4, PerPhase(10.0)))},
            [(20.0, NOW - 1.0)],
            id="or its first one after that",
        ),
    ],
)
def test_what_a_car_drew_before_its_first_command_counts_as_told(
    values: dict[str, Any], before: list[tuple[float, float]]
) -> None:
    """It was told 8 A a second ago, its first command, and 7.7 A now; it drew 32 A by itself."""
    reading = car(8.0, **{"commanded_at": NOW - 1.0, "draw": PerPhase(32.0), **values})
    replaced = sent((reading, 7.7))[0]["one"].calls.replaced
    assert list(replaced) == [*before, (8.0, NOW)]


def test_where_its_legs_are_not_known_one_of_them_may_have_drawn_all() -> None:
    """Its power is 10 A likely, and 30 A if one leg carries all. It is told 8 A, and 7.7 A now."""
    memory = remembered(apart=((("L1", 0.0), ("L2", 0.0)), (("L1", 30.0), ("L2", 30.0))))
    reading = car(8.0, commanded_at=NOW - 1.0, draw=PerPhase(10.0))
    replaced = sent((reading, 7.7), memory=memory)[0]["one"].calls.replaced
    assert list(replaced) == [(30.0, NOW - 1.0), (8.0, NOW)]


@pytest.mark.parametrize(("ago_s", "kept"), [(60.0, True), (60.1, False)])
def test_the_commands_of_the_last_minute_are_remembered(ago_s: float, kept: bool) -> None:
    """It was told 16 A until then, 8 A since, and 7 A now."""
    old = (16.0, NOW - ago_s)
    reading = car(8.0, commanded_at=NOW - ago_s, earlier=(old,), draw=PerPhase(8.0))
    replaced = sent((reading, 7.0))[0]["one"].calls.replaced
    assert list(replaced) == ([old, (8.0, NOW)] if kept else [(8.0, NOW)])


# --- whether its profiles may be cleared ---------------------------------------------------------


@pytest.mark.parametrize(
    ("two", "told_a", "needs_a"),
    [
        pytest.param(car(6.0), 6.0, 14.0, id="beside 6 A that the other one is told"),
        pytest.param(car(6.0, kept_a=10.0), 6.0, 18.0, id="beside 10 A that it keeps"),
        pytest.param(empty(), None, 14.0, id="beside 6 A at which a car would start"),
        pytest.param(empty(connected=False), None, 8.0, id="nothing starts at one that is away"),
        pytest.param(car(0.0), 0.0, 8.0, id="nor at one that is told 0 A"),
    ],
)
def test_profiles_are_cleared_only_where_the_wires_carry_the_maximum_beside_all_others(
    two: LoadReading, told_a: float | None, needs_a: float
) -> None:
    """It draws 16 A, its maximum, of the 8 A that it is told. 8 A of that are the house's already.

    It has been told again 3 times in vain.
    """
    memory = remembered(resends=3, resent_at=NOW - 500.0)
    one = (car(8.0, draw=PerPhase(16.0)), 8.0)
    for room_a, clears in ((needs_a, 1), (needs_a - 0.1, 0)):
        _, calls = sent(one, (two, told_a), memory=memory, room_a=room_a)
        assert len([call for call in calls if call.slot == CLEAR]) == clears


@pytest.mark.parametrize(
    ("room_a", "cleared"), [(32.0, ["one", "two"]), (31.9, ["one"]), (22.0, ["one"]), (21.9, [])]
)
def test_of_two_empty_chargers_one_waits_if_a_car_may_come_to_both(
    room_a: float, cleared: list[str]
) -> None:
    """16 A for a car that comes to one just cleared, and 6 A for the other (decision 17)."""
    _, calls = sent((empty(), 0.0), (empty(), 0.0), room_a=room_a, site=FRESH)
    assert [call.load_id for call in calls if call.slot == CLEAR] == cleared


@pytest.mark.parametrize(
    "drawn_a", [8.0, 0.0, None], ids=["draws 8 A", "draws nothing", "no report"]
)
def test_a_session_may_begin_by_itself_only_where_its_minimum_fits(drawn_a: float | None) -> None:
    """No session runs, and it is told 0 A beside 6 A: its default lets a session begin with 6 A.

    With less room than 12 A such a session begins with 0 A.
    """
    draw = None if drawn_a is None else PerPhase(drawn_a)
    waits = car(8.0, status="Preparing", draw=draw, draw_at=None if draw is None else NOW - 1.0)
    for room_a, begins_a in ((12.0, 6.0), (11.9, 0.0)):
        _, calls = sent((waits, 0.0), memory=remembered(default_a=8.0), room_a=room_a)
        (profile,) = [call.data["custom_profile"] for call in calls if call.load_id == "one"]
        assert profile["chargingSchedule"]["chargingSchedulePeriod"][0]["limit"] == begins_a


@pytest.mark.parametrize(
    ("two", "found", "needs_a"),
    [
        pytest.param(car(0.0), {}, 6.0, id="beside one that is told 0 A and draws nothing"),
        pytest.param(car(0.0), {"fixed": {"two": 10.0}}, 16.0, id="10 A are reserved for it"),
        pytest.param(
            car(None, draw=PerPhase(6.0)),
            {"untold": {"two": Reason("never_told")}},
            12.0,
            id="nothing has ever reached it, and it draws 6 A",
        ),
        pytest.param(
            car(8.0),
            {"untold": {"two": Reason("not_told")}},
            14.0,
            id="8 A were the last that reached it",
        ),
        pytest.param(
            car(0.0, draw=PerPhase(14.0)), {}, 6.0, id="its 14 A are house: it was told 0 A"
        ),
    ],
)
def test_a_session_begins_beside_what_others_take_whatever_they_are_told(
    two: LoadReading, found: dict[str, Any], needs_a: float
) -> None:
    """Both are told 0 A. A default of 6 A lets a session begin where 6 A are left."""
    waits = car(8.0, status="Preparing", draw=PerPhase(0.0))
    for room_a, begins_a in ((needs_a, 6.0), (needs_a - 0.1, 0.0)):
        memory = remembered(default_a=8.0)
        _, calls = sent((waits, 0.0), (two, 0.0), memory=memory, room_a=room_a, **found)
        profiles = [call.data["custom_profile"] for call in calls if call.load_id == "one"]
        begin = profiles[0]["chargingSchedule"]["chargingSchedulePeriod"][0]["limit"]
        assert begin == begins_a


# --- what a stop is for --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "values", "stopped_for"),
    [
        pytest.param({}, {}, "circuit main", id="its breaker"),
        pytest.param({"silent": {"one": "main"}}, {}, "silent", id="a silent meter"),
        pytest.param({"silent": {"two": "main"}}, {}, "circuit main", id="not its own"),
        pytest.param({"makes_way": frozenset(["one"])}, {}, "makes_way", id="another load"),
        pytest.param({"changing": frozenset(["one"])}, {}, None, id="it is switched"),
        pytest.param({}, {"paused_s": 600.0}, None, id="a person pauses it"),
    ],
)
def test_a_stop_is_remembered_with_its_cause(
    found: dict[str, Any], values: dict[str, Any], stopped_for: str | None
) -> None:
    memory = remembered(started_at=NOW - 600.0)
    after = sent((car(8.0, **values), 0.0), memory=memory, **found)[0]["one"].delays
    if stopped_for is None:
        assert after.stopped_at is None
    else:
        assert (after.stopped_at, after.stopped_for) == (NOW, stopped_for)
