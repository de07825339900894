"""Sharing a budget among the loads of a house: who gives way, who is stuck, what if.

Cars of 6 to 16 A, `a` before `b`, and a boiler of 2,300 W = 10 A, all on one phase.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from loadjuggler.limits import surplus
from loadjuggler.limits.constraints import Ask, Row, Rows
from loadjuggler.limits.headroom import Budget, CircuitState
from loadjuggler.limits.supply import Supply
from loadjuggler.measure.readings import Readings
from loadjuggler.memory.limits import NOTHING_PASSED
from loadjuggler.reasons import RowKind
from loadjuggler.sharing.participants import Participants, would_get_a
from loadjuggler.units import PerPhase

from .house import House, charger_form, plug_form, site_form
from .readings import charging

SITE = House.of(
    site_form("AB"), charger_form("a", "A"), charger_form("b", "A"), plug_form("boiler")
).site
CAR = charging()
A, B = Ask("a", 6.0, 16.0, 0.1, (0.0, 5.0, "a")), Ask("b", 6.0, 16.0, 0.1, (0.0, 5.0, "b"))
BOILER = Ask("boiler", 10.0, 10.0, 0.1, (0.0, 4.0, "boiler"))
NOBODY: frozenset[str] = frozenset()


def those(
    *asks: Ask, distribution: str = "priority", modes: dict[str, str] | None = None, **values: Any
) -> Participants:
    """Those who ask; all others do not."""
    chosen = {"a": "standard", "b": "standard", "boiler": "continuous", **(modes or {})}
    loads = {load: replace(CAR, mode=mode) for load, mode in chosen.items()}
    readings = Readings(1000.0, {}, {"main": 25.0}, loads, distribution, None, 0.0)
    known: dict[str, Any] = {
        "fixed": {},
        "stuck": {},
        "idle": NOBODY,
        "free_a": {},
        "living": surplus.living_from(SITE, readings, NOTHING_PASSED),
    }
    return Participants(SITE, readings, NOTHING_PASSED, asks, **{**known, **values})


def wires(room_a: float, surplus_a: tuple[float, float] = (0.0, 0.0)) -> Budget:
    """So much room at the main breaker on A and on B, and so much sun that is left over there."""
    legs = {"a": 1.0, "b": 1.0, "boiler": 1.0}
    rows = Rows([Row(RowKind.CIRCUIT, room_a, legs, "main", "A", 25.0)])
    free = PerPhase(room_a, room_a)
    state = CircuitState(PerPhase(0.0, 0.0), PerPhase(0.0, 0.0), free)
    supply = Supply(PerPhase(*surplus_a), PerPhase(0.0, 0.0), sum(surplus_a) * 230)
    return Budget(rows, {"main": state}, NOBODY, supply)


def get(
    found: Participants, now: Budget, free_a: dict[str, float] | None = None, **how: Any
) -> dict[str, float]:
    shares = found.share(found.rows(now, free_a or {}), **how)
    return {load: share.amps for load, share in shares.items()}


def test_the_sharing_of_the_site_is_followed_and_what_is_fixed_comes_first() -> None:
    """20 A: 14/6 by priority and 10/10 shared; with 3 A fixed 11/6 and 8.5/8.5."""
    assert get(those(A, B), wires(20.0)) == {"a": 14.0, "b": 6.0}
    assert get(those(A, B, distribution="shared"), wires(20.0)) == {"a": 10.0, "b": 10.0}
    fixed = {"boiler": 3.0}
    assert get(those(A, B, fixed=fixed), wires(20.0)) == {"a": 11.0, "b": 6.0}


def test_a_load_may_be_left_out_or_take_part_though_it_waits() -> None:
    waits = replace(B, active=False)
    assert get(those(A, B), wires(20.0), without=["a"]) == {"b": 16.0}
    assert get(those(A, waits), wires(20.0)) == {"a": 16.0, "b": 0.0}
    assert get(those(A, waits), wires(20.0), also=["b"]) == {"a": 14.0, "b": 6.0}
    asleep = replace(A, active=False)
    assert get(those(asleep, waits), wires(20.0), also=["b"]) == {"a": 0.0, "b": 16.0}


def test_the_first_amperes_of_a_load_need_not_come_from_the_sun() -> None:
    """Both live from 4 A of sun, and are held with their minimum; together 6 A each."""
    modes = {"a": "solar_only", "b": "solar_only"}
    found = those(A, B, modes=modes, free_a={"a": 6.0})
    assert get(found, wires(30.0, (4.0, 0.0))) == {"a": 6.0, "b": 0.0}
    assert get(found, wires(30.0, (4.0, 0.0)), free_a={"b": 6.0}) == {"a": 6.0, "b": 6.0}
    alone = those(A, B, modes=modes)
    assert get(alone, wires(30.0, (4.0, 0.0))) == {"a": 0.0, "b": 0.0}


def test_a_car_that_takes_nothing_leaves_the_sun_to_others() -> None:
    """8 A of sun, each capped at its minimum of 6 A: beside an idle car the other one has 6 A."""
    low = {"max_a": 6.0}
    modes = {"a": "solar_only", "b": "solar_only"}
    asks = replace(A, **low), replace(B, **low)
    now = wires(30.0, (8.0, 0.0))
    assert get(those(*asks, modes=modes), now) == {"a": 6.0, "b": 0.0}
    assert get(those(*asks, modes=modes, idle=frozenset({"a"})), now) == {"a": 6.0, "b": 6.0}


@pytest.mark.parametrize(
    ("stuck", "right"),
    [
        pytest.param({}, {"a": 16.0, "b": 9.0}, id="none: 16 A and the 9 A that are left"),
        pytest.param({"a": 18.0}, {"b": 7.0}, id="above its share: 25 - 18"),
        pytest.param({"a": 16.5}, {"b": 8.5}, id="half an ampere above it"),
        pytest.param({"a": 13.0}, {"a": 16.0, "b": 9.0}, id="below its share: no less for it"),
        pytest.param({"a": 16.0}, {"a": 16.0, "b": 9.0}, id="at its share"),
        pytest.param({"boiler": 10.0}, {"a": 9.0, "b": 6.0}, id="one that does not share"),
        pytest.param({"boiler": 0.5}, {"a": 16.0, "b": 8.5}, id="though it is little"),
        pytest.param({"a": 18.0, "boiler": 1.0}, {"b": 6.0}, id="two of them"),
    ],
)
def test_a_load_that_keeps_more_than_its_share_leaves_less(
    stuck: dict[str, float], right: dict[str, float]
) -> None:
    """25 A for two cars."""
    found = get(those(A, B, stuck=stuck), wires(25.0))
    assert {load: found[load] for load in right} == right


def test_beside_what_is_stuck_what_is_fixed_stays_reserved() -> None:
    """25 A less the 2 A that are fixed and the 16.5 A that `a` keeps are 6.5 A."""
    found = get(those(A, B, stuck={"a": 16.5}, fixed={"boiler": 2.0}), wires(25.0))
    assert found["b"] == 6.5


# --- who gives way -------------------------------------------------------------------------------

C = Ask("b", 3.0, 16.0, 0.1, (0.0, 5.0, "b"))


@pytest.mark.parametrize(
    ("asks", "idle", "room_a", "right"),
    [
        pytest.param((A, B), "", 11.0, {"a": 11, "b": 0}, id="no: both charge"),
        pytest.param((A, B), "a", 11.0, {"a": 0, "b": 11}, id="a car that takes nothing does"),
        pytest.param((A, B), "a", 12.0, {"a": 6, "b": 6}, id="not where both can start"),
        pytest.param((A, B), "b", 11.0, {"a": 11, "b": 0}, id="not to one that is served anyway"),
        pytest.param((A, B), "ab", 11.0, {"a": 11, "b": 0}, id="not to one that takes nothing"),
        pytest.param(
            (A, replace(B, active=False)), "a", 11.0, {"a": 11, "b": 0}, id="not to one that is off"
        ),
        pytest.param((A, B), "a", 5.0, {"a": 0, "b": 0}, id="nobody can start"),
        pytest.param(
            (A, replace(BOILER, rank=(0.0, 6.0, "boiler"))),
            ("a", "boiler"),
            11.0,
            {"a": 11, "boiler": 0},
            id="nor to a plug that takes nothing",
        ),
        pytest.param((BOILER, B), ("boiler",), 15.0, {"boiler": 10, "b": 0}, id="a plug does not"),
        pytest.param((BOILER, B), ("boiler",), 16.0, {"boiler": 10, "b": 6}, id="nor with room"),
        pytest.param(
            (A, BOILER, B),
            ("a", "boiler"),
            17.0,
            {"boiler": 10, "a": 0, "b": 7},
            id="the car does, and the plug beside it does not",
        ),
    ],
)
def test_who_gives_way_to_a_load_that_could_not_start(
    asks: tuple[Ask, ...], idle: str | tuple[str, ...], room_a: float, right: dict[str, float]
) -> None:
    assert get(those(*asks, idle=frozenset(idle)), wires(room_a)) == right


def test_nobody_gives_way_if_that_helps_nobody() -> None:
    """7 A: `a` (idle, 3 A at least) has 4, `b` 3, the boiler nothing. Without `a` it has 4 A: 0."""
    idle_a = replace(A, min_a=3.0)
    boiler = replace(BOILER, rank=(0.0, 6.0, "boiler"))
    found = get(those(idle_a, C, boiler, idle=frozenset({"a"})), wires(7.0))
    assert found == {"a": 4.0, "b": 3.0, "boiler": 0.0}


def test_a_car_gives_way_if_that_helps_one_of_those_that_could_not_start() -> None:
    """11 A: without `a`, `b` has them all; the boiler's 10 A do not fit beside its 6 A."""
    boiler = replace(BOILER, rank=(0.0, 6.0, "boiler"))
    found = get(those(A, B, boiler, idle=frozenset({"a"})), wires(11.0))
    assert found == {"a": 0.0, "b": 11.0, "boiler": 0.0}


def test_what_is_fixed_stays_reserved_when_a_car_gives_way() -> None:
    """14 A less the 3 A that are fixed."""
    found = get(those(A, B, idle=frozenset({"a"}), fixed={"boiler": 3.0}), wires(14.0))
    assert found == {"a": 0.0, "b": 11.0}


def test_who_lacks_sun_is_not_made_way_for() -> None:
    """`b` needs 6 A of sun and there are 5: it would not run without `a` (idle), either."""
    found = those(A, B, modes={"b": "solar_only"}, idle=frozenset({"a"}))
    assert get(found, wires(20.0, (5.0, 0.0))) == {"a": 16.0, "b": 0.0}


# --- what if -------------------------------------------------------------------------------------

ON_B = (("L1", "B"),)


@pytest.mark.parametrize(
    ("mode", "right"),
    [
        pytest.param("solar_only", 9.0, id="what the sun leaves over on B"),
        pytest.param("standard", 9.0, id="one that may take from the grid is asked as solar only"),
        pytest.param("solar_priority", 9.0, id="its minimum, too, is asked of the sun"),
        pytest.param("excess", 0.0, id="excess: nothing above a threshold of 13,000 W"),
    ],
)
def test_what_a_load_would_get_of_the_sun_on_another_phase(mode: str, right: float) -> None:
    """A car on A, where the sun leaves 2 A over; on B it leaves 9 A. It waits now."""
    found = those(replace(A, active=False), modes={"a": mode})
    load = replace(found.readings.loads["a"], mode=mode)
    energy = replace(found.readings.energy, excess_threshold_w=13_000.0)
    readings = replace(found.readings, loads={**found.readings.loads, "a": load}, energy=energy)
    found = replace(found, readings=readings)
    assert would_get_a(found, wires(30.0, (2.0, 9.0)), "a", ON_B) == right


def test_on_another_phase_its_wires_hold_too() -> None:
    """7 A of room on B, 9 A of sun. On A it has 2 A of sun, which is less than its 6 A."""
    found = those(A)
    assert would_get_a(found, wires(7.0, (2.0, 9.0)), "a", ON_B) == 7.0
    assert would_get_a(found, wires(7.0, (2.0, 9.0)), "a", (("L1", "A"),)) == 0.0


def test_a_load_that_does_not_ask_would_get_nothing_known() -> None:
    assert would_get_a(those(B), wires(30.0, (9.0, 9.0)), "a", ON_B) is None
