"""What one car of 6 to 16 A on one phase is told on its way up, from one run to the next."""

from __future__ import annotations

from typing import Any

import pytest
from loadjuggler.control.pace import Paced, pace
from loadjuggler.control.pace import remembered as after
from loadjuggler.control.pace_inputs import PaceInputs
from loadjuggler.limits.constraints import Ask, Row, Rows
from loadjuggler.measure.readings import LoadReading
from loadjuggler.memory.load import LoadMemory
from loadjuggler.options import Options
from loadjuggler.reasons import Outcome, Reason, RowKind
from loadjuggler.sharing.allocate import Allocation, Shares, share_out
from loadjuggler.units import PerPhase

from .memories import remembered

NOW = 10_000.0
MAXIMUM = Reason("maximum")
NO_SUN = Reason(limits=RowKind.SURPLUS, outcome=Outcome.FULL)
OPTIONS = Options()


def car(holds_a: float | None, min_a: float = 6.0, max_a: float = 16.0) -> LoadReading:
    """A car that draws what it holds, A per leg."""
    return LoadReading(
        status="Charging",
        active=True,
        connected=True,
        mode="standard",
        priority=5.0,
        min_a=min_a,
        max_a=max_a,
        legs=(("L1", "A"),),
        draw=PerPhase(holds_a or 0.0),
        draw_at=NOW,
        command_a=holds_a,
        commanded_at=NOW - 60.0,
    )


def shares(*allocations: Allocation) -> Shares:
    """What the sharing gives, as it is said here."""
    return share_out((), (), "priority").beside({one.id: one for one in allocations})


def paced(
    holds_a: float | None,
    wants_a: float,
    *,
    room_a: float = 40.0,
    down_a: float | None = None,
    why: Reason = MAXIMUM,
    counts_a: float | None = None,
    lasting_a: float | None = None,
    min_a: float = 6.0,
    max_a: float = 16.0,
    memory: LoadMemory | None = None,
    now: float = NOW,
    **more: Any,
) -> Paced:
    """What a car is told that holds `holds_a` and would get `wants_a` (A per leg).

    - `room_a`: the limit less what is not managed; `lasting_a`: the part that has been there long.
    - `down_a`: what it gets by the budget for cuts, with the reason `why`; as much if not given.
    - `counts_a`: with how much it counts, if that is not what it holds.
    - `memory`: it was raised a minute ago, if not given.
    """
    reading = car(holds_a, min_a, max_a)
    row = Row(RowKind.CIRCUIT, room_a, {"car": 1.0}, "main", "A", 40.0)
    rows = Rows([row])
    lasting = Row(RowKind.CIRCUIT, lasting_a or 0.0, {"car": 1.0}, "main", "A", 40.0)
    at = PaceInputs(
        now=now,
        up_rows=rows,
        lasting_rows=lambda: rows if lasting_a is None else Rows([lasting]),
        down_rows=rows,
        sources=lambda: rows,
        loads={"car": reading},
        memories={"car": memory or remembered(raised_at=now - 60.0)},
        reserved_a=lambda: {} if counts_a is None else {"car": counts_a},
        blind=more.get("blind", frozenset()),
        silent=more.get("silent", ()),
        unsettled=tuple,
        options=OPTIONS,
    )
    ask = Ask("car", min_a, max_a, 0.1, (2.0, 5.0, "car"))
    least_a = wants_a if down_a is None else down_a
    up = shares(Allocation("car", wants_a, 16.0, MAXIMUM))
    down = shares(Allocation("car", least_a, 16.0, why))
    return pace([ask], up, down, at)["car"]


def small_changes(change_a: float, **more: Any) -> dict[float, float | None]:
    """What it is told by the second, A per leg, if it holds 10 A and such a change goes on."""
    told: dict[float, float | None] = {}
    memory = remembered(raised_at=NOW - 600.0)
    for second in range(0, 70, 5):
        now = NOW + second
        one = paced(10.0, 10.0 + change_a, memory=memory, now=now, **more)
        memory = after(memory, one, now)
        told[second] = one.amps
    return told


def test_a_small_raise_is_made_once_it_has_been_wanted_for_a_minute() -> None:
    """0.2 A are less than the dead band of 0.3 A: they wait for 60 s."""
    told = small_changes(0.2)
    assert {told[second] for second in range(0, 60, 5)} == {10.0}
    assert told[60] == pytest.approx(10.2)


def test_a_raise_as_large_as_the_dead_band_does_not_wait() -> None:
    assert small_changes(0.3)[0] == pytest.approx(10.3)


def test_a_small_cut_for_lack_of_sun_is_made_once_it_has_been_wanted_for_a_minute() -> None:
    told = small_changes(-0.2, why=NO_SUN)
    assert {told[second] for second in range(0, 60, 5)} == {10.0}
    assert told[60] == pytest.approx(9.8)


def test_a_cut_as_large_as_the_dead_band_does_not_wait() -> None:
    assert small_changes(-0.3, why=NO_SUN)[0] == pytest.approx(9.7)


def test_a_small_cut_that_waits_is_told_by_the_budget_that_wants_it() -> None:
    """By an old report of its draw the sun leaves it nothing, but by that it is only not raised."""
    told = paced(10.0, 0.0, down_a=9.8, why=NO_SUN)
    assert (told.amps, told.small, told.reason) == (10.0, "cut", NO_SUN)


def test_a_small_cut_for_a_breaker_never_waits() -> None:
    full = Reason(limits=RowKind.CIRCUIT, outcome=Outcome.FULL)
    assert small_changes(-0.2, why=full)[0] == pytest.approx(9.8)


def test_a_small_cut_for_lack_of_sun_does_not_wait_where_a_limit_would_be_exceeded() -> None:
    """9.9 A of room: the 10 A that it holds are too much by now."""
    assert small_changes(-0.2, why=NO_SUN, room_a=9.9)[0] == pytest.approx(9.8)


def test_one_raise_is_what_the_ramp_gives_in_15_s_and_says_that_more_comes() -> None:
    """6 A + 0.5 A/s * 15 s are 13.5 A of the 16 A; the next one is due after 15 s."""
    told = paced(6.0, 16.0)
    assert told.amps == pytest.approx(13.5)
    assert told.reason == Reason("raise_waits", {"to_a": 16.0, "wait_s": 15.0})


def test_the_last_raise_has_nothing_more_to_say() -> None:
    """10 A + 7.5 A are more than the 16 A that it may have."""
    assert paced(10.0, 16.0) == Paced(16.0)


def test_a_raise_waits_until_15_s_after_the_last_one() -> None:
    waits = paced(6.0, 16.0, memory=remembered(raised_at=NOW - 6.0))
    # 15 s - 6 s are 9 s, told in steps of 5 s.
    assert waits == Paced(6.0, Reason("raise_waits", {"to_a": 16.0, "wait_s": 10.0}))
    assert paced(6.0, 16.0, memory=remembered(raised_at=NOW - 15.0)).amps == pytest.approx(13.5)


def test_a_clock_that_was_set_back_makes_no_raise_wait_for_longer() -> None:
    waits = paced(6.0, 16.0, memory=remembered(raised_at=NOW + 3600.0))
    assert waits.reason == Reason("raise_waits", {"to_a": 16.0, "wait_s": 15.0})


def test_a_start_that_waits_says_so() -> None:
    waits = paced(0.0, 16.0, down_a=0.0, memory=remembered(raised_at=NOW - 6.0))
    assert waits == Paced(0.0, Reason("start_waits", {"to_a": 16.0, "wait_s": 10.0}))


def test_the_first_raise_has_no_ramp() -> None:
    never = remembered(raised_at=None)
    assert paced(6.0, 16.0, memory=never) == Paced(16.0)


def test_the_first_command_does_not_wait() -> None:
    assert paced(None, 16.0, memory=remembered(raised_at=NOW - 1.0)).amps == pytest.approx(7.5)


def test_a_raise_takes_only_room_that_has_been_there_for_10_s() -> None:
    """25 A of room, of which 12 A have been there for 10 s: 6 A more than the 6 A that it holds."""
    assert paced(6.0, 16.0, room_a=25.0, lasting_a=12.0) == Paced(
        12.0, Reason("room_pending", {"to_a": 16.0})
    )


@pytest.mark.parametrize("lasting_a", [6.0, 9.0, 10.9])
def test_a_raise_waits_while_most_of_the_room_is_new(lasting_a: float) -> None:
    """It could have 10 A more, of which less than half has been there for 10 s.

    A small first share would use up the 15 s until the next raise; the rest comes within 10 s.
    """
    assert paced(6.0, 16.0, room_a=25.0, lasting_a=lasting_a) == Paced(
        6.0, Reason("raise_waits", {"to_a": 16.0, "wait_s": 10.0})
    )


def test_what_a_car_draws_beyond_its_command_is_its_own_when_it_is_raised() -> None:
    """It holds 9 A and draws 12 A, of 16 A of room: 4 A more are left, so 16 A in all fit."""
    assert paced(9.0, 16.0, room_a=16.0, counts_a=12.0).amps == 16.0


def test_a_car_is_raised_no_further_than_there_is_room() -> None:
    """6 A held, 10 A of room: 4 A more; the others have yet to make room for the rest."""
    assert paced(6.0, 16.0, room_a=10.0) == Paced(10.0, Reason("room_pending", {"to_a": 16.0}))


def test_a_start_without_room_waits_for_the_others() -> None:
    """5 A of room are less than the minimum of 6 A."""
    assert paced(0.0, 16.0, room_a=5.0) == Paced(0.0, Reason("start_pending", {"to_a": 16.0}))


def test_a_minimum_that_was_raised_above_the_command_is_told_at_once() -> None:
    """It holds 8 A, and the minimum is 10 A now: with 8 A it would have to stop.

    No limit stops it, so it does not wait for the 15 s since its last raise. 0 A + 7.5 A of the
    ramp are less than the minimum, so it gets that.
    """
    just_now = remembered(raised_at=NOW - 1.0)
    assert paced(8.0, 16.0, min_a=10.0, memory=just_now).amps == 10.0


def test_a_minimum_that_does_not_fit_any_more_stops_it() -> None:
    """By the budget for cuts there is nothing for it: its next start waits as any other."""
    just_now = remembered(raised_at=NOW - 1.0)
    assert paced(8.0, 16.0, min_a=10.0, down_a=0.0, memory=just_now).amps == 0.0


def test_one_that_was_cut_is_not_raised_in_the_same_run() -> None:
    """By the budget for cuts it gets 8 A of its 10 A, by the one for raises 16 A."""
    full = Reason(limits=RowKind.CIRCUIT, outcome=Outcome.FULL)
    assert paced(10.0, 16.0, down_a=8.0, why=full) == Paced(8.0, full)


def test_one_that_was_never_told_anything_is_left_alone_below_a_meter_without_a_reading() -> None:
    blind = frozenset(["car"])
    assert paced(None, 16.0, blind=blind) == Paced(None, Reason("blind_start"))


def test_below_a_meter_that_has_been_silent_for_long_it_is_told_something() -> None:
    """It draws nothing, so that is what it holds, and nothing is raised."""
    blind = frozenset(["car"])
    assert paced(None, 16.0, blind=blind, silent=["car"]) == Paced(0.0, Reason("blind_off"))


def test_one_that_holds_more_than_its_share_says_what_limits_it() -> None:
    """For a raise there are 8 A, for a cut 10 A: it keeps its 10 A, and is told no other reason."""
    assert paced(10.0, 8.0, down_a=10.0, why=NO_SUN) == Paced(10.0, NO_SUN)


@pytest.mark.parametrize("before_a", [10.0, 14.0])
def test_a_plug_that_is_on_holds_what_it_was_last_measured_to_take(before_a: float) -> None:
    """It was measured to take 10 A, or 14 A, before, and takes 12 A now: it stays on with that."""
    assert paced(before_a, 12.0, min_a=12.0, max_a=12.0).amps == 12.0


def test_a_plug_that_takes_more_than_it_gets_now_goes_off() -> None:
    """It takes 12 A now, and there are 10 A for it."""
    full = Reason(limits=RowKind.CIRCUIT, outcome=Outcome.TOO_SMALL)
    told = paced(10.0, 0.0, min_a=12.0, max_a=12.0, down_a=0.0, why=full)
    assert told.amps == 0.0


def test_a_plug_that_takes_more_now_stays_on_below_a_meter_without_a_reading() -> None:
    """It was told 10 A and takes 12 A. Nothing is known that would be against it."""
    blind = frozenset(["car"])
    assert paced(10.0, 12.0, min_a=12.0, max_a=12.0, blind=blind) == Paced(12.0, Reason("blind"))


def test_one_that_is_stopped_below_a_meter_without_a_reading_says_which_limit_stops_it() -> None:
    full = Reason(limits=RowKind.CIRCUIT, outcome=Outcome.TOO_SMALL)
    blind = frozenset(["car"])
    assert paced(8.0, 0.0, blind=blind, why=full) == Paced(0.0, full)


def test_one_that_is_off_below_a_meter_without_a_reading_is_not_stopped_by_a_limit() -> None:
    blind = frozenset(["car"])
    assert paced(8.0, 0.0, blind=blind, why=NO_SUN) == Paced(0.0, Reason("blind_off"))
    full = Reason(limits=RowKind.CIRCUIT, outcome=Outcome.TOO_SMALL)
    assert paced(0.0, 0.0, blind=blind, why=full) == Paced(0.0, Reason("blind_off")), "it was off"


def test_two_cars_are_not_raised_into_the_same_room() -> None:
    """24 A; each of the two holds 6 A and shall get 12 A, when a third one has gone.

    That one still draws 6 A, so 6 A are left: left is raised to 12 A, and right waits.
    """
    full = {"left": 1.0, "right": 1.0, "third": 1.0}
    rows = Rows([Row(RowKind.CIRCUIT, 24.0, full, "main", "A", 24.0)])
    names = ("left", "right")
    share = shares(*(Allocation(name, 12.0, 16.0, MAXIMUM) for name in names))
    at = PaceInputs(
        now=NOW,
        up_rows=rows,
        lasting_rows=lambda: rows,
        down_rows=rows,
        sources=lambda: rows,
        loads={name: car(6.0) for name in names},
        memories={name: remembered(raised_at=NOW - 60.0) for name in names},
        reserved_a=lambda: {"third": 6.0},
        blind=frozenset(),
        silent=(),
        unsettled=tuple,
        options=OPTIONS,
    )
    asks = [Ask(name, 6.0, 16.0, 0.1, (2.0, 5.0, name)) for name in names]
    told = pace(asks, share, share, at)
    assert told == {
        "left": Paced(12.0),
        "right": Paced(6.0, Reason("room_pending", {"to_a": 12.0})),
    }


def test_a_car_that_is_off_uses_up_no_room() -> None:
    """10 A for both. `off` is told 0 A and gets nothing, so `on` has all of the 10 A."""
    rows = Rows([Row(RowKind.CIRCUIT, 10.0, {"on": 1.0, "off": 1.0}, "main", "A", 25.0)])
    at = PaceInputs(
        now=NOW,
        up_rows=rows,
        lasting_rows=lambda: rows,
        down_rows=rows,
        sources=lambda: rows,
        loads={"on": car(6.0), "off": car(0.0)},
        memories={"on": remembered(raised_at=NOW - 60.0)},
        reserved_a=lambda: {"on": 6.0},
        blind=frozenset(),
        silent=(),
        unsettled=tuple,
        options=OPTIONS,
    )
    asks = [Ask(name, 6.0, 16.0, 0.1, (2.0, 5.0, name)) for name in ("off", "on")]
    share = shares(Allocation("on", 10.0, 10.0, MAXIMUM), Allocation("off", 0.0, 0.0, MAXIMUM))
    assert pace(asks, share, share, at)["on"] == Paced(10.0)
