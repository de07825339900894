"""Which cuts are made at once, and which wait because little sun is missing: tables, no house.

A car of 6 to 16 A holds 10 A from the sun, beside another one. What both get by the budget for cuts
is worked out by hand.
"""

from __future__ import annotations

from typing import Any

import pytest
from loadjuggler.control.cuts import floors
from loadjuggler.control.pace_inputs import PaceInputs
from loadjuggler.limits.constraints import Ask, Row, Rows
from loadjuggler.memory.load import LoadMemory
from loadjuggler.options import Options
from loadjuggler.reasons import Outcome, Reason, RowKind
from loadjuggler.sharing.allocate import Allocation, share_out
from loadjuggler.units import PerPhase

from .memories import remembered
from .readings import charging

NOW = 10_000.0
NO_SUN = Reason(limits=RowKind.SURPLUS, outcome=Outcome.FULL)
FULL = Reason(limits=RowKind.CIRCUIT, outcome=Outcome.FULL)
ALL = {"car": 1.0, "other": 1.0, "third": 1.0}


def cut(
    to_a: float,
    *,
    sun_a: float,
    step_a: float = 1.0,
    other_a: float = 6.0,
    other_told_a: float = 6.0,
    draws_a: float = 0.0,
    third_a: float = 0.0,
    limit_a: float = 40.0,
    why: Reason = NO_SUN,
    holds_a: float | None = 10.0,
    memory: LoadMemory | None = None,
    flicker_a: float = 0.0,
    **values: Any,
) -> tuple[float | None, bool]:
    """What the car holds of its 10 A if it is to get `to_a`, and whether its cut waits.

    - `sun_a`: what sun there is for both cars; `limit_a`: the limit less what is not managed.
    - `other_a`: what the other one gets, and `other_told_a` what it holds; `draws_a`: what it
      counts with at least, because it may not have obeyed yet.
    - `third_a`: what is reserved for a third one, which does not share.
    """
    sun = Row(RowKind.SURPLUS, sun_a, ALL)
    limit = Row(RowKind.CIRCUIT, limit_a, ALL, "main", "A", 40.0)
    drawn = PerPhase(values.get("drawn_a", holds_a or 0.0))
    car = charging(command_a=holds_a, draw=drawn, draw_at=NOW)
    at = PaceInputs(
        now=NOW,
        up_rows=Rows([limit]),
        down_rows=Rows([limit]),
        sources=lambda: Rows([limit, sun]),
        loads={"car": car, "other": charging(command_a=other_told_a, draw=PerPhase(other_told_a))},
        memories={} if memory is None else {"car": memory},
        reserved_a=lambda: {k: a for k, a in (("other", draws_a), ("third", third_a)) if a},
        lasting_rows=lambda: Rows([limit]),
        unsettled=tuple,
        blind=values.get("blind", frozenset()),
        silent=values.get("silent", ()),
        options=Options(),
        flicker_a=lambda: flicker_a,
    )
    asks = [
        Ask("car", 6.0, 16.0, step_a, (2.0, 5.0, "car")),
        Ask("other", 6.0, 16.0, 1.0, (2.0, 6.0, "other")),
    ]
    given = [Allocation("car", to_a, 16.0, why), Allocation("other", other_a, 16.0, NO_SUN)]
    down = share_out((), (), "priority").beside({one.id: one for one in given})
    lowered, waiting = floors(asks, down, at)
    return lowered["car"], "car" in waiting


@pytest.mark.parametrize(
    ("sun_a", "to_a", "right"),
    [
        pytest.param(16.0, 10.0, (10.0, False), id="nothing is missing"),
        pytest.param(15.9, 9.0, (10.0, True), id="0.1 A of the 10 A"),
        pytest.param(15.71, 9.0, (10.0, True), id="0.29 A"),
        pytest.param(15.69, 9.0, (9.0, False), id="0.31 A"),
        pytest.param(15.0, 9.0, (9.0, False), id="a whole step"),
        pytest.param(14.9, 8.0, (8.0, False), id="more than a step"),
        pytest.param(5.0, 0.0, (0.0, False), id="a stop does not wait for noise"),
    ],
)
def test_a_charger_in_whole_amps_waits_while_less_than_0_3_a_is_missing(
    sun_a: float, to_a: float, right: tuple[float, bool]
) -> None:
    """Of the sun the other car has 6 A."""
    assert cut(to_a, sun_a=sun_a) == right


@pytest.mark.parametrize(
    ("to_a", "right"), [(9.8, (10.0, True)), (9.7, (9.7, False)), (9.0, (9.0, False))]
)
def test_a_charger_in_small_steps_waits_while_the_cut_is_small(
    to_a: float, right: tuple[float, bool]
) -> None:
    assert cut(to_a, sun_a=6.0 + to_a, step_a=0.1) == right
    assert cut(to_a, sun_a=6.0 + to_a + 0.09, step_a=0.1) == right, "whole steps count"


def test_another_car_that_has_not_obeyed_yet_takes_its_part_of_the_sun() -> None:
    """It was cut to 6 A and may draw 7 A yet: with 15.9 A of sun 1.1 A are missing."""
    assert cut(9.0, sun_a=15.9, draws_a=7.0) == (9.0, False)
    assert cut(9.0, sun_a=16.9, draws_a=7.0) == (10.0, True)
    assert cut(9.0, sun_a=15.9, draws_a=5.0) == (10.0, True)


def test_what_is_reserved_for_one_that_does_not_share_is_taken_of_the_sun() -> None:
    """6 A of the other one and 0.5 A of the third: of 16.3 A 9.8 are left, of 16.1 A 9.6."""
    assert cut(9.0, sun_a=16.3, third_a=0.5) == (10.0, True)
    assert cut(9.0, sun_a=16.1, third_a=0.5) == (9.0, False)


def test_no_cut_waits_where_a_limit_would_be_exceeded() -> None:
    """10 A beside the 6 A of the other car need 16 A of room."""
    assert cut(9.0, sun_a=15.9, limit_a=16.0) == (10.0, True)
    assert cut(9.0, sun_a=15.9, limit_a=15.9) == (9.0, False)
    assert cut(9.0, sun_a=15.9, limit_a=16.5, draws_a=7.0) == (9.0, False)
    stops = {"other_a": 0.0, "sun_a": 9.9}
    assert cut(9.0, limit_a=10.0, **stops) == (10.0, True), "the other one stops"


def test_a_cut_for_another_reason_than_sun_does_not_wait() -> None:
    assert cut(9.0, sun_a=15.9, why=FULL) == (9.0, False)


@pytest.mark.parametrize(("since_s", "right"), [(59.9, (10.0, True)), (60.0, (9.0, False))])
def test_what_is_missing_for_a_minute_is_no_noise(
    since_s: float, right: tuple[float, bool]
) -> None:
    assert cut(9.0, sun_a=15.9, memory=remembered(small_cut_at=NOW - since_s)) == right


def test_what_is_less_than_the_flicker_of_the_meter_waits() -> None:
    assert cut(9.0, sun_a=15.5, flicker_a=0.6) == (10.0, True)
    assert cut(9.0, sun_a=15.5, flicker_a=0.4) == (9.0, False)


@pytest.mark.parametrize(
    ("values", "held_a"),
    [
        pytest.param({}, 0.0, id="it draws nothing: it has not begun"),
        pytest.param({"drawn_a": 8.0}, 8.0, id="it draws 8 A"),
        pytest.param({"drawn_a": 12.0}, 10.0, id="it draws 12 A, and gets 10 A"),
        pytest.param({"drawn_a": 2.0}, 6.0, id="it draws less than its minimum"),
        pytest.param({"drawn_a": 1.0}, 0.0, id="1 A is nothing"),
        pytest.param({"blind": frozenset(["car"])}, None, id="a meter gives nothing: left alone"),
        pytest.param({"blind": frozenset(["car"]), "silent": ("car",)}, 0.0, id="for over 60 s"),
    ],
)
def test_what_a_car_holds_that_was_never_told_anything(
    values: dict[str, Any], held_a: float | None
) -> None:
    assert cut(10.0, sun_a=16.0, holds_a=None, **values) == (held_a, False)


@pytest.mark.parametrize(
    ("told_a", "gets_a", "held_a"),
    [
        pytest.param(9.0, 10.0, 10.0, id="it took 9 A when it was switched on, and 10 A now"),
        pytest.param(9.0, 0.0, 0.0, id="it gets nothing any more"),
        pytest.param(0.0, 10.0, 0.0, id="it is off: it is not switched on by a cut"),
    ],
)
def test_a_plug_holds_what_it_was_last_measured_to_take(
    told_a: float, gets_a: float, held_a: float
) -> None:
    row = Rows([Row(RowKind.CIRCUIT, 40.0, {"plug": 1.0}, "main", "A", 40.0)])
    plug = charging(command_a=told_a, draw=PerPhase(told_a), min_a=10.0, max_a=10.0)
    at = PaceInputs(
        now=NOW,
        up_rows=row,
        down_rows=row,
        sources=lambda: row,
        loads={"plug": plug},
        memories={},
        reserved_a=dict,
        lasting_rows=lambda: row,
        unsettled=tuple,
        blind=frozenset(),
        silent=(),
        options=Options(),
    )
    down = share_out((), (), "priority").beside({"plug": Allocation("plug", gets_a, 10.0, FULL)})
    found = floors([Ask("plug", 10.0, 10.0, 0.1, (2.0, 5.0, "plug"))], down, at)
    assert found == ({"plug": held_a}, set())
