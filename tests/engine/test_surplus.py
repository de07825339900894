"""The sources as rows: which there are, how much is in each, and whom each binds from where on.

The example of limits.surplus: the sun leaves over 8, 4 and 9 A on the phases, 21 A in all; the
battery adds 2,070 W = 9 A, 3 A on each phase. The house takes 2, 6 and 1 A.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from loadjuggler.limits.constraints import Row
from loadjuggler.limits.supply import Supply
from loadjuggler.limits.surplus import Living, grid_allowed, living_from, rows
from loadjuggler.measure.readings import EnergyReading, Readings
from loadjuggler.memory.limits import NOTHING_PASSED, BatteryMemory
from loadjuggler.site.model import Site
from loadjuggler.units import PerPhase

from .house import BATTERY, House, charger_form, plug_form, site_form
from .readings import charging

NOW = Supply(PerPhase(8.0, 4.0, 9.0), PerPhase(2.0, 6.0, 1.0), 6900.0)
HELPED = replace(NOW, help_w=2070.0, reserve_help_w=2070.0)
AT_TARGET = BatteryMemory(at_target=True)
FULL = BatteryMemory(at_target=True, full=True)
MODES = {"grid": "standard", "eco": "solar_priority", "sun": "solar_only", "big": "excess"}
LEGS = {"grid": "ABC", "eco": "A", "sun": "BBC", "big": "ABC"}


def site(**values: Any) -> Site:
    """Four loads, one of each mode that takes something: `big` is a boiler, the others cars."""
    known = {"battery_max_charge_w": 4600, **values}
    cars = [charger_form(load, LEGS[load]) for load in ("grid", "eco", "sun")]
    return House.of(site_form("ABC", **known), *cars, plug_form("big", "ABC")).site


WITH = BATTERY


def read(
    modes: dict[str, str] | None = None, allow_grid: bool = True, soc_pct: float | None = 50.0
) -> Readings:
    loads = {
        load: charging(
            mode=mode,
            legs=tuple((f"L{i + 1}", phase) for i, phase in enumerate(LEGS[load])),
        )
        for load, mode in {**MODES, **(modes or {})}.items()
    }
    energy = EnergyReading(
        soc_pct=soc_pct, soc_target_pct=80.0, excess_threshold_w=3000.0, allow_grid=allow_grid
    )
    return Readings(0.0, {}, {}, loads, "priority", None, 0.0, energy=energy)


def room(found: list[Row]) -> dict[tuple[str, str], float]:
    """The room of each row by kind and phase; no two are alike."""
    assert len({(row.kind, row.phase) for row in found}) == len(found)
    return {(str(row.kind), row.phase): round(row.room, 6) for row in found}


def sources(
    wired: Site, now: Supply = NOW, marks: BatteryMemory = AT_TARGET, **how: Any
) -> list[Row]:
    """The rows of the sources; the first `free_a` (A per leg by load) need not come from them."""
    readings = how.pop("readings", read())
    living = how.pop("living", None) or living_from(wired, readings, marks)
    living = living.relaxed(how.pop("free_a", {}))
    return rows(wired, readings, now, marks, living, **how)


EACH = {("surplus", "A"): 8.0, ("surplus", "B"): 4.0, ("surplus", "C"): 9.0}
EXCESS = {("excess", ""): 1830.0}
"""21 A x 230 V = 4,830 W, less 3,000 W of threshold."""


@pytest.mark.parametrize(
    ("form", "now", "right"),
    [
        pytest.param({}, NOW, {**EACH, **EXCESS}, id="symmetric: each phase for itself"),
        pytest.param(
            WITH, NOW, {**EACH, ("surplus", ""): 21.0, **EXCESS}, id="with a battery the total, too"
        ),
        pytest.param(
            WITH,
            HELPED,
            {
                ("surplus", "A"): 11.0,
                ("surplus", "B"): 7.0,
                ("surplus", "C"): 12.0,
                ("surplus", ""): 30.0,
                **EXCESS,
            },
            id="the battery gives 3 A on each phase and 9 A in all, and no excess",
        ),
        pytest.param(
            {"inverter_asymmetric": True},
            NOW,
            {("surplus", ""): 21.0, **EXCESS},
            id="asymmetric: the total",
        ),
        pytest.param(
            {"inverter_asymmetric": True, "inverter_max_phase_w": 2300},
            NOW,
            {
                ("surplus", ""): 21.0,
                ("inverter", "A"): 8.0,
                ("inverter", "B"): 4.0,
                ("inverter", "C"): 9.0,
                **EXCESS,
            },
            id="asymmetric: 10 A of rating on each phase less the house",
        ),
        pytest.param(
            {"inverter_max_w": 6900},
            NOW,
            {**EACH, ("inverter", ""): 21.0, **EXCESS},
            id="30 A of rating less the 9 A of the house",
        ),
        pytest.param(
            {"inverter_max_phase_w": 2530},
            NOW,
            {**EACH, ("inverter", ""): 24.0, **EXCESS},
            id="3 x 11 A of rating, symmetric, less 9 A",
        ),
        pytest.param(
            WITH,
            replace(NOW, surplus=PerPhase(8.0, None, 9.0)),
            {
                ("surplus", "A"): 8.0,
                ("surplus", "B"): 0.0,
                ("surplus", "C"): 9.0,
                ("surplus", ""): 0.0,
                ("excess", ""): 0.0,
            },
            id="what is not known counts as nothing, and so does the total",
        ),
        pytest.param(
            {"inverter_asymmetric": True, "inverter_max_phase_w": 2300},
            replace(NOW, house=PerPhase(2.0, None, 1.0)),
            {
                ("surplus", ""): 0.0,
                ("inverter", "A"): 8.0,
                ("inverter", "B"): 10.0,
                ("inverter", "C"): 9.0,
                ("excess", ""): 0.0,
            },
            id="a house that is not known takes nothing of the rating",
        ),
    ],
)
def test_how_much_is_in_each_source(
    form: dict[str, Any], now: Supply, right: dict[tuple[str, str], float]
) -> None:
    assert room(sources(site(**form), now)) == right


def test_where_the_meter_nets_a_phase_takes_from_the_grid_what_the_inverter_has_not() -> None:
    """The total counts: 21 A, and 3 x 2,300 W = 30 A of rating less the 9 A of the house."""
    netted = read()
    netted = replace(netted, energy=replace(netted.energy, nets=True))
    for form, rated in (({}, {("inverter", ""): 21.0}), ({"inverter_asymmetric": True}, {})):
        found = sources(site(inverter_max_phase_w=2300, **form), readings=netted)
        assert room(found) == {("surplus", ""): 21.0, **rated, **EXCESS}


def test_each_leg_uses_its_phase_and_each_watt_of_excess_counts() -> None:
    """`eco` has one leg on A, `sun` two on B and one on C, the others one on each."""
    found = {(row.kind, row.phase): dict(row.uses) for row in sources(site(**WITH))}
    assert found["surplus", "A"] == {"grid": 1.0, "eco": 1.0, "big": 1.0}
    assert found["surplus", "B"] == {"grid": 1.0, "sun": 2.0, "big": 1.0}
    assert found["surplus", "C"] == {"grid": 1.0, "sun": 1.0, "big": 1.0}
    assert found["surplus", ""] == {"grid": 3.0, "eco": 1.0, "sun": 3.0, "big": 3.0}
    assert found["excess", ""] == {"grid": 690.0, "eco": 230.0, "sun": 690.0, "big": 690.0}


def test_whom_a_source_binds_from_how_many_amperes_on() -> None:
    """The minimum of solar_priority comes from elsewhere; excess needs excess above its own."""
    found = {(row.kind, row.phase): row for row in sources(site(**WITH))}
    for phase in ("", *"ABC"):
        assert found["surplus", phase].binds == {"eco": 6.0, "sun": 0.0, "big": 0.0}
        assert found["surplus", phase].opens == frozenset()
    assert found["excess", ""].binds == {"big": 6.0}
    assert found["excess", ""].opens == {"big"}
    assert all(row.unused == frozenset() for row in found.values())
    assert all(row.limit == 0.0 for row in found.values())


def test_a_row_that_no_bound_load_uses_is_left_out() -> None:
    """Only `eco` lives from the sun, and it is on A."""
    modes = {"sun": "standard", "big": "standard"}
    found = room(sources(site(), readings=read(modes)))
    assert found == {("surplus", "A"): 8.0}
    assert sources(site(), readings=read({**modes, "eco": "standard"})) == []


# --- the battery first ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("marks", "binds", "excess_w"),
    [
        # 21 A x 230 V = 4,830 W; the threshold is 3,000 W.
        pytest.param(NOTHING_PASSED, {"eco": 6.0, "sun": 0.0}, -2770.0, id="below its target"),
        pytest.param(AT_TARGET, None, 1830.0, id="at its target"),
        pytest.param(FULL, None, None, id="full: excess follows the rule of solar only"),
        pytest.param(
            BatteryMemory(full=True),
            {"eco": 6.0, "sun": 0.0, "big": 0.0},
            None,
            id="full, and yet below its target, which is above 98 %",
        ),
    ],
)
def test_below_its_target_the_battery_comes_first(
    marks: BatteryMemory, binds: dict[str, float] | None, excess_w: float | None
) -> None:
    """Then the threshold rises by its largest charging power: 3,000 + 4,600 W."""
    found = {(row.kind, row.phase): row for row in sources(site(**WITH), marks=marks)}
    first = found.get(("battery_first", ""))
    assert (first.binds if first else None) == binds
    if first:
        assert (first.room, dict(first.numbers)) == (0.0, {"soc_pct": 50.0, "target_pct": 80.0})
        assert dict(first.uses) == {"grid": 3.0, "eco": 1.0, "sun": 3.0, "big": 3.0}
    excess = found.get(("excess", ""))
    assert (excess.room if excess else None) == excess_w
    if excess:
        assert excess.numbers == {"threshold_w": 3000.0 if marks.at_target else 7600.0}


def test_without_a_battery_or_its_charge_none_comes_first() -> None:
    for wired, readings in ((site(), read()), (site(**WITH), read(soc_pct=None))):
        assert living_from(wired, readings, NOTHING_PASSED).first == {}
    assert living_from(site(), read(), FULL).excess == {3000.0: {"big": 6.0}}, "no battery is full"
    assert room(sources(site(), marks=NOTHING_PASSED)) == {**EACH, **EXCESS}


def test_each_threshold_has_a_row_of_its_own() -> None:
    """`sun` has 1,000 W of its own, so 3,830 W are above it; 0 W is a threshold, too."""
    cars = (
        charger_form("sun", "BBC", excess_threshold_w=1000),
        charger_form("eco", "A", excess_threshold_w=0),
    )
    wired = House.of(site_form("ABC"), charger_form("grid"), plug_form("big", "ABC"), *cars).site
    readings = read({"sun": "excess", "eco": "excess"})
    found = [row for row in sources(wired, readings=readings) if row.kind == "excess"]
    assert {(row.room, tuple(row.binds or ())) for row in found} == {
        (1830.0, ("big",)),
        (3830.0, ("sun",)),
        (4830.0, ("eco",)),
    }


# --- where nothing may come from the grid --------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "allow_grid", "allowed"),
    [
        pytest.param(WITH, True, True, id="allowed"),
        pytest.param(WITH, False, False, id="forbidden"),
        pytest.param({}, False, True, id="only a site with a battery can forbid it"),
        pytest.param(
            {
                "grid_a": None,
                "grid_b": None,
                "grid_c": None,
                "inverter_a": "sensor.i_a",
                "inverter_b": "sensor.i_b",
                "inverter_c": "sensor.i_c",
            },
            True,
            False,
            id="there is no grid",
        ),
    ],
)
def test_whether_loads_may_take_from_the_grid(
    form: dict[str, Any], allow_grid: bool, allowed: bool
) -> None:
    wired, readings = site(**form), read(allow_grid=allow_grid)
    assert grid_allowed(wired, readings) == allowed
    own = [row for row in sources(wired, readings=readings) if row.kind == "own"]
    assert bool(own) != allowed
    for row in own:
        assert row.binds == {"grid": 0.0, "eco": 0.0, "sun": 0.0, "big": 0.0}


def test_where_nothing_may_come_from_the_grid_the_battery_gives_down_to_its_reserve() -> None:
    """Below its target it helps no solar load, but everybody within its reserve: 9 A in all."""
    now = replace(NOW, reserve_help_w=2070.0)
    found = sources(site(**WITH), now, readings=read(allow_grid=False))
    assert room(found) == {
        **EACH,
        ("surplus", ""): 21.0,
        **EXCESS,
        ("own", "A"): 11.0,
        ("own", "B"): 7.0,
        ("own", "C"): 12.0,
        ("own", ""): 30.0,
    }
    assert {tuple(row.numbers.items()) for row in found if row.kind == "own"} == {()}


# --- what need not come from a source, and what is not used up -----------------------------------


def test_a_load_that_is_held_is_bound_above_that_and_need_not_start() -> None:
    """`sun` and `big` are held with 6 A for their grace; `eco` with 4 A, less than its minimum."""
    free_a = {"sun": 6.0, "big": 6.0, "eco": 4.0, "grid": 6.0}
    found = {
        (row.kind, row.phase): row
        for row in sources(site(**WITH), marks=NOTHING_PASSED, free_a=free_a)
    }
    assert found["surplus", ""].binds == {"eco": 6.0, "sun": 6.0, "big": 6.0}
    assert found["battery_first", ""].binds == {"eco": 6.0, "sun": 6.0}
    assert found["excess", ""].binds == {"big": 6.0}
    assert found["excess", ""].opens == frozenset()
    others = sources(site(**WITH), marks=NOTHING_PASSED, free_a={"grid": 6.0})
    assert {row.opens for row in others if row.kind == "excess"} == {frozenset({"big"})}


def test_where_nothing_may_come_from_the_grid_nothing_is_held() -> None:
    """Its minimum has to come from sun and battery, whatever its grace."""
    found = sources(site(**WITH), readings=read(allow_grid=False), free_a={"sun": 6.0})
    own = [row.binds for row in found if row.kind == "own"]
    assert own == [dict.fromkeys(("grid", "eco", "sun", "big"), 0.0)] * 4


def test_loads_that_take_nothing_now_use_no_source_up() -> None:
    unused = frozenset({"sun"})
    found = sources(site(**WITH), readings=read(allow_grid=False), unused=unused)
    assert all(row.unused == unused for row in found)


def test_rows_are_for_those_who_live_from_a_source_whatever_the_readings_say() -> None:
    """Only `sun` lives from the sun, from 2 A on, and has its one leg on B, where 4 A are left."""
    known = Living(
        uses={"": {"sun": 1.0}, "A": {}, "B": {"sun": 1.0}, "C": {}},
        uses_w={"sun": 230.0},
        surplus={"sun": 2.0},
        first={},
        excess={},
        own={},
    )
    found = sources(site(), living=known)
    assert [(row.phase, row.room, row.binds, row.uses) for row in found] == [
        ("B", 4.0, {"sun": 2.0}, {"sun": 1.0})
    ]


def test_who_lives_from_what_is_found_once_while_nothing_changes() -> None:
    """What is left of the sources is none of it, so the places of the rows are kept with it."""
    wired, readings = site(**WITH), read()
    known = living_from(wired, readings, AT_TARGET)
    assert living_from(wired, replace(readings, at=60.0), AT_TARGET) is known
    assert known.relaxed({}) is known
    assert known.relaxed({"sun": 6.0}) is known.relaxed({"sun": 6.0})
    assert living_from(wired, read({"sun": "standard"}), AT_TARGET).surplus == {
        "eco": 6.0,
        "big": 0.0,
    }


# --- for sentences -------------------------------------------------------------------------------


def test_rows_have_the_numbers_of_their_sentences() -> None:
    now = replace(HELPED, help_w=2070.4)
    found = {
        (row.kind, row.phase): row for row in sources(site(**WITH, inverter_max_w=20_000), now)
    }
    assert found["surplus", "A"].numbers == {"help_w": 2070}
    assert found["surplus", ""].numbers == {"help_w": 2070}
    assert found["inverter", ""].numbers == {"rating_w": 20_000}
    assert found["inverter", ""].limit == 20_000
    rated = site(inverter_asymmetric=True, inverter_max_phase_w=2300)
    phase = {(row.kind, row.phase): row for row in sources(rated)}["inverter", "C"]
    assert (phase.limit, phase.numbers) == (2300, {"rating_w": 2300})
    assert phase.binds == {"eco": 6.0, "sun": 0.0, "big": 0.0}
    assert phase.uses == {"grid": 1.0, "sun": 1.0, "big": 1.0}
