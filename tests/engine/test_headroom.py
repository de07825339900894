"""The state of every breaker and the rows of a budget: tables, without a run.

One phase unless said otherwise: main 32 A > floor 25 A > garage 20 A, and main > shed 16 A.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from loadjuggler.limits.constraints import Row, Rows
from loadjuggler.limits.headroom import Budget, CircuitState, budget, rewired, still_drawn
from loadjuggler.limits.supply import Supply
from loadjuggler.limits.uses import Uses, row_uses
from loadjuggler.measure.readings import EnergyReading, LoadReading, MeterReading, Readings
from loadjuggler.memory.limits import NOTHING_PASSED, BatteryMemory
from loadjuggler.reasons import RowKind
from loadjuggler.site.model import Site
from loadjuggler.units import PerPhase

from .house import BATTERY, House, charger_form, circuit_form, site_form
from .readings import charging

LIMITS_A = {"main": 32.0, "floor": 25.0, "garage": 20.0, "shed": 16.0}
CAR = charging(
    draw=PerPhase(6.0),
    draw_at=100.0,
    command_a=6.0,
    commanded_at=50.0,
)


def site(meters: str = "floor garage", phases: str = "A", **values: Any) -> Site:
    """Breakers, those in `meters` with a meter; `car` in the garage, `van` in the shed."""

    def metered(name: str) -> str:
        return phases if name in meters.split() else ""

    return House.of(
        site_form(phases, main_breaker_a=32, **values),
        circuit_form("floor", 25, metered=metered("floor")),
        circuit_form("garage", 20, metered=metered("garage"), parent="floor"),
        circuit_form("shed", 16, metered=metered("shed")),
        charger_form("car", phases, circuit="garage"),
        charger_form("van", "A", circuit="shed"),
    ).site


def read(
    car: LoadReading = CAR,
    van: LoadReading = CAR,
    max_import_w: float | None = None,
    energy: EnergyReading | None = None,
    **meters: Any,
) -> Readings:
    """`meters` in A on A, or readings."""
    known = {
        name: MeterReading(PerPhase(shown)) if isinstance(shown, float) else shown
        for name, shown in meters.items()
    }
    return Readings(
        110.0,
        known,
        LIMITS_A,
        {"car": car, "van": van},
        "priority",
        max_import_w,
        500.0,
        energy=energy or EnergyReading(),
    )


BOTH = {"car": PerPhase(6.0), "van": PerPhase(6.0)}


def states(found: Budget) -> dict[str, tuple[float | None, float | None, float | None]]:
    """(what it carries, what of it is not managed, headroom) on A, by breaker."""
    return {k: (c.draw.a, c.unmanaged.a, c.headroom.a) for k, c in found.circuits.items()}


# --- circuits ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wired", "shown", "right"),
    [
        # 2 A of house on main, 3 on the floor, 4 in the garage; each car draws 6 A.
        pytest.param(
            "floor garage",
            {"main": 21.0, "floor": 13.0, "garage": 10.0},
            {"main": (21, 9, 23), "floor": (13, 7, 18), "garage": (10, 4, 16), "shed": (6, 0, 16)},
            id="all but the shed have meters",
        ),
        pytest.param(
            "garage",
            {"main": 21.0, "garage": 10.0},
            {"main": (21, 9, 23), "floor": (10, 4, 21), "garage": (10, 4, 16), "shed": (6, 0, 16)},
            id="the floor carries what its garage's meter shows",
        ),
        pytest.param(
            "",
            {"main": 21.0},
            {"main": (21, 9, 23), "floor": (6, 0, 25), "garage": (6, 0, 20), "shed": (6, 0, 16)},
            id="without meters they carry their managed loads",
        ),
    ],
)
def test_what_breakers_carry(
    wired: str, shown: dict[str, float], right: dict[str, tuple[float, float, float]]
) -> None:
    found = budget(site(wired), read(**shown), BOTH)
    assert set(found.circuits) == {"main", "floor", "garage", "shed"}
    assert states(found) == {name: pytest.approx(values) for name, values in right.items()}


def test_reserves_are_kept_free() -> None:
    found = budget(site("", reserve_a=5), read(main=12.0), BOTH)
    assert states(found)["main"] == (12.0, 0.0, 27.0)


@pytest.mark.parametrize(
    ("managed", "van", "shed_a"),
    [
        pytest.param(("car", "van"), {}, 0.0, id="managed, it draws what is counted"),
        pytest.param(("car",), {}, 6.0, id="not managed: its draw is house load"),
        pytest.param(("car",), {"draw": None}, 0.0, id="not managed, and it reports nothing"),
        pytest.param(("car", "van"), {"draw": PerPhase(9.0)}, 3.0, id="what it draws too much"),
        pytest.param(("car", "van"), {"draw": None}, 0.0, id="managed, and it reports nothing"),
    ],
)
def test_what_a_load_draws_beyond_what_is_counted_is_house_load_behind_its_breaker(
    managed: tuple[str, ...], van: dict[str, Any], shed_a: float
) -> None:
    """No meter is there. The main meter shows 15 A, whatever it is."""
    draws = {load: BOTH[load] for load in managed}
    found = budget(site(""), read(van=replace(CAR, **van), main=15.0), draws)
    assert states(found)["shed"][1] == shed_a
    assert states(found)["shed"][2] == 16.0 - shed_a
    assert states(found)["main"][1] == 15.0 - 6.0 * len(managed)


@pytest.mark.parametrize("phase", ["A", "B", "C"])
def test_what_a_load_draws_too_much_is_house_load_on_its_own_phase(phase: str) -> None:
    """The car was told 6 A on three phases and draws 9 A on one; the floor's meter is far above."""
    legs = (("L1", "A"), ("L2", "B"), ("L3", "C"))
    drawn = PerPhase.of({"A": 6.0, "B": 6.0, "C": 6.0, phase: 9.0})
    car = replace(CAR, legs=legs, draw=drawn)
    shown = MeterReading(PerPhase(15.0, 15.0, 15.0))
    found = budget(site("", "ABC"), read(car, main=shown), {"car": PerPhase(6.0, 6.0, 6.0)})
    too_much = PerPhase.of({"A": 0.0, "B": 0.0, "C": 0.0, phase: 3.0})
    assert found.circuits["garage"].unmanaged == too_much


def test_a_cut_does_not_take_an_old_report_for_house_load() -> None:
    """The van was cut to 6 A after it reported 9 A: it may have obeyed."""
    van = replace(CAR, draw=PerPhase(9.0), draw_at=40.0)
    for raising, unmanaged_a in ((True, 3.0), (False, 0.0)):
        found = budget(site(""), read(van=van, main=15.0), BOTH, raising)
        assert states(found)["shed"][1] == unmanaged_a


@pytest.mark.parametrize(
    ("known", "garage_a", "floor_a"),
    [
        pytest.param({}, 4.0, 7.0, id="nothing is known: meter less draws"),
        pytest.param({("garage", "A"): 9.0}, 9.0, 7.0, id="more is known of the garage"),
        pytest.param({("garage", "A"): 1.0}, 1.0, 7.0, id="less is known of it"),
        pytest.param({("garage", "A"): 0.0}, 0.0, 7.0, id="nothing is known to be there"),
        pytest.param({("garage", "B"): 9.0}, 4.0, 7.0, id="it is known of another phase"),
        pytest.param({("floor", "A"): 9.0}, 4.0, 9.0, id="more is known of the floor"),
        pytest.param({("shed", "A"): 9.0}, 4.0, 7.0, id="the shed has no meter"),
    ],
)
def test_what_is_known_not_to_be_managed_counts_instead_of_meter_less_draws(
    known: dict[tuple[str, str], float], garage_a: float, floor_a: float
) -> None:
    """The meters show 13 A on the floor and 10 A in the garage, and the car draws 6 A of them.

    Each meter counts for itself: what is known of the garage does not change the floor's.
    """
    found = budget(site(), read(main=21.0, floor=13.0, garage=10.0), BOTH, known=known)
    right = {
        "main": (21.0, 9.0, 23.0),
        "floor": (13.0, floor_a, 25.0 - floor_a),
        "garage": (10.0, garage_a, 20.0 - garage_a),
        "shed": (6.0, 0.0, 16.0),
    }
    assert states(found) == right
    room = {row.circuit: row.room for row in found.limits}
    assert room == {circuit: headroom_a for circuit, (_, _, headroom_a) in right.items()}


@pytest.mark.parametrize("known_a", [1.0, 9.0])
def test_a_breaker_without_a_meter_carries_what_is_known_below_it(known_a: float) -> None:
    """The floor carries what the garage does, and the car's 6 A."""
    readings = read(main=21.0, garage=10.0)
    found = budget(site("garage"), readings, BOTH, known={("garage", "A"): known_a})
    assert states(found)["floor"] == (known_a + 6.0, known_a, 25.0 - known_a)


def test_the_sun_is_judged_by_what_it_is_given_and_not_by_what_is_known_of_a_breaker() -> None:
    """The main meter shows 21 A and the cars draw 12 A: 9 A are missing, without better evidence.

    What sun and battery give is worked out apart, with the battery's own power in it.
    """
    readings = read(main=21.0, floor=13.0, garage=10.0)
    found = budget(site(), readings, BOTH, known={("main", "A"): 15.0})
    assert states(found)["main"][1:] == (15.0, 17.0)
    assert found.supply.surplus.a == -9.0
    given = Supply(PerPhase(-11.0), PerPhase(11.0), 0.0)
    assert budget(site(), readings, BOTH, given=given).supply is given


def test_the_room_under_the_import_limit_counts_with_what_is_known_of_main() -> None:
    """9,000 W less 500 W of buffer less 10 A x 230 V = 6,200 W."""
    readings = read(main=21.0, floor=13.0, garage=10.0, max_import_w=9000.0)
    found = budget(site(), readings, BOTH, known={("main", "A"): 10.0})
    assert [row.room for row in found.limits if row.kind == "import"] == [pytest.approx(6200.0)]


SILENT = MeterReading(PerPhase(), missing=("sensor.garage_a",), stale=True)
HELD = MeterReading(PerPhase(), missing=("sensor.garage_a",))


@pytest.mark.parametrize(
    ("garage", "peaks", "right"),
    [
        pytest.param(
            SILENT, {"garage": PerPhase(12.0)}, (None, 12.0, 8.0), id="silent: its highest lately"
        ),
        pytest.param(SILENT, {}, (None, 20.0, 0.0), id="silent, and nothing is known: all of it"),
        pytest.param(SILENT, {"garage": PerPhase()}, (None, 20.0, 0.0), id="nor of this phase"),
        pytest.param(
            HELD, {"garage": PerPhase(12.0)}, (None, None, None), id="not for a minute yet"
        ),
        pytest.param(None, {"garage": PerPhase(12.0)}, (None, None, None), id="never read"),
    ],
)
def test_while_a_meter_is_silent_its_highest_of_late_stands_in(
    garage: MeterReading | None,
    peaks: dict[str, PerPhase],
    right: tuple[float | None, float | None, float | None],
) -> None:
    shown: dict[str, Any] = {"main": 21.0, "floor": 13.0}
    if garage:
        shown["garage"] = garage
    found = budget(site(), read(**shown), BOTH, peaks=peaks)
    assert states(found)["garage"] == right
    known = {("garage", "A"): 1.0}
    of_old = budget(site(), read(**shown), BOTH, known=known, peaks=peaks)
    assert states(of_old)["garage"] == right, "what is known needs a reading of the meter"
    assert states(found)["floor"] == (13.0, 7.0, 18.0)
    without = budget(site("garage"), read(**shown), BOTH, peaks=peaks)
    stands_in = right[1]
    assert states(without)["floor"][1] == stands_in, "the floor without a meter has the same"


def test_a_phase_of_a_meter_is_its_own() -> None:
    """Main on A and B; the garage's meter shows A only: on B it carries its managed load."""
    wired = House.of(
        site_form("AB", main_breaker_a=32),
        circuit_form("floor", 25),
        circuit_form("garage", 20, metered="A", parent="floor"),
        circuit_form("shed", 16),
        charger_form("car", "AB", circuit="garage"),
        charger_form("van", "A", circuit="shed"),
    ).site
    readings = read(main=MeterReading(PerPhase(20.0, 9.0)), garage=MeterReading(PerPhase(10.0)))
    found = budget(wired, readings, {"car": PerPhase(6.0, 5.0), "van": PerPhase(0.0)})
    assert found.circuits["garage"].draw == PerPhase(10.0, 5.0)
    assert found.circuits["garage"].unmanaged == PerPhase(4.0, 0.0)
    assert found.circuits["garage"].headroom == PerPhase(16.0, 20.0)
    assert found.circuits["floor"].draw == PerPhase(10.0, 5.0)
    assert found.circuits["main"].headroom == PerPhase(32.0 - 14.0, 32.0 - 4.0)


# --- blind ---------------------------------------------------------------------------------------

LOST = MeterReading(PerPhase(10.0), missing=("sensor.x",))
"""It gives nothing; its last value is held."""
OK = {"main": 21.0, "floor": 13.0, "garage": 10.0}


@pytest.mark.parametrize(
    ("meters", "values", "blind"),
    [
        pytest.param({}, {}, set(), id="all meters are heard"),
        pytest.param({"garage": LOST}, {}, {"car"}, id="the garage's is held: the car behind it"),
        pytest.param({"floor": LOST}, {}, {"car"}, id="that of a breaker above it"),
        pytest.param({"main": LOST}, {}, {"car", "van"}, id="the main meter: all"),
        pytest.param({"garage": MeterReading(PerPhase())}, {}, {"car"}, id="never read"),
        pytest.param(
            {}, {"import_unknown": True}, {"car", "van"}, id="the import limit is unknown"
        ),
        pytest.param(
            {"main": MeterReading(PerPhase())},
            {"max_import_w": 9000.0},
            {"car", "van"},
            id="the import limit can't be checked",
        ),
    ],
)
def test_which_loads_are_blind(
    meters: dict[str, MeterReading], values: dict[str, Any], blind: set[str]
) -> None:
    readings = replace(read(**{**OK, **meters}), **values)
    assert budget(site(), readings, BOTH).blind == blind


def three(a: float | None = 9.0, b: float | None = 9.0, **values: Any) -> MeterReading:
    return MeterReading(PerPhase(a, b, 9.0), **values)


@pytest.mark.parametrize(
    ("main", "values", "blind"),
    [
        pytest.param(three(), {}, set(), id="all is heard"),
        pytest.param(three(missing=("sensor.grid_b",)), {}, {"car", "van"}, id="a value is held"),
        pytest.param(three(b=None), {}, {"car"}, id="B was never read: who is on it"),
        pytest.param(three(a=None), {}, {"car", "van"}, id="A was never read"),
        pytest.param(three(), {"import_unknown": True}, {"car", "van"}, id="no import limit yet"),
    ],
)
def test_which_loads_are_blind_on_three_phases(
    main: MeterReading, values: dict[str, Any], blind: set[str]
) -> None:
    """The car is on A, B and C, the van on A only."""
    car = replace(CAR, legs=(("L1", "A"), ("L2", "B"), ("L3", "C")))
    readings = replace(read(car, main=main), **values)
    assert budget(site("", "ABC"), readings, {}).blind == blind


@pytest.mark.parametrize(
    ("legs", "max_import_w", "blind"),
    [
        pytest.param("A", None, set(), id="a car on A does not mind"),
        pytest.param("B", None, {"car"}, id="one on B does"),
        pytest.param("AB", None, {"car"}, id="one on both does"),
        pytest.param("A", 9000.0, {"car", "van"}, id="the import limit needs both"),
    ],
)
def test_a_phase_without_a_reading_blinds_those_on_it(
    legs: str, max_import_w: float | None, blind: set[str]
) -> None:
    """Main on A and B; B has no reading."""
    wired = site("", "AB")
    car = replace(CAR, legs=tuple((f"L{i}", phase) for i, phase in enumerate(legs)))
    readings = read(car, max_import_w=max_import_w, main=MeterReading(PerPhase(9.0)))
    assert budget(wired, readings, {"car": PerPhase(0.0), "van": PerPhase(0.0)}).blind == blind


# --- rows ----------------------------------------------------------------------------------------


def test_each_breaker_above_a_load_is_a_row_on_each_of_its_phases() -> None:
    """The car has two legs on A. Rooms as in the first table."""
    car = replace(CAR, legs=(("L1", "A"), ("L2", "A")))
    found = budget(site(), read(car, main=21.0, floor=13.0, garage=10.0), BOTH)
    assert [
        (row.kind, row.circuit, row.phase, row.room, row.limit, dict(row.uses), row.binds)
        for row in found.limits
    ] == [
        ("circuit", "floor", "A", 18.0, 25.0, {"car": 2.0}, None),
        ("circuit", "garage", "A", 16.0, 20.0, {"car": 2.0}, None),
        ("circuit", "main", "A", 23.0, 32.0, {"car": 2.0, "van": 1.0}, None),
        ("circuit", "shed", "A", 16.0, 16.0, {"van": 1.0}, None),
    ]
    assert row_uses(site(), read(car)).in_w == {"car": 460.0, "van": 230.0}


def test_a_breaker_without_a_reading_is_no_row() -> None:
    """A load below it is blind, so it is not raised."""
    found = budget(site(), read(**{**OK, "garage": MeterReading(PerPhase())}), BOTH)
    assert [row.circuit for row in found.limits] == ["floor", "main", "shed"]


def test_what_loads_use_may_be_known_already() -> None:
    in_a, in_w = {("main", "A"): {"van": 3.0}}, {"van": 5.0}
    main = Row(RowKind.CIRCUIT, 0.0, in_a["main", "A"], "main", "A")
    uses = Uses(in_a, in_w, Rows([main, Row(RowKind.IMPORT, 0.0, in_w)]))
    found = budget(site(), read(**OK, max_import_w=9000.0), BOTH, uses=uses)
    assert [(row.circuit, dict(row.uses)) for row in found.limits] == [
        ("main", {"van": 3.0}),
        ("", {"van": 5.0}),
    ]


@pytest.mark.parametrize("max_import_w", [None, 9000.0])
@pytest.mark.parametrize("garage", [MeterReading(PerPhase(10.0)), MeterReading(PerPhase())])
def test_each_load_finds_its_own_rows(garage: MeterReading, max_import_w: float | None) -> None:
    """Where a load has its rows is kept from run to run, but not if one of them is missing."""
    readings = read(**{**OK, "garage": garage}, max_import_w=max_import_w)
    found = budget(site(), readings, BOTH).limits
    uses, _ = found.by_load
    assert {load: [(found[at], use) for at, use in mine] for load, mine in uses.items()} == {
        load: [(row, row.uses[load]) for row in found if load in row.uses]
        for load in ("car", "van")
    }


def test_two_budgets_of_the_same_wiring_keep_what_loads_use() -> None:
    """A car with one more leg does not."""
    readings = read(**OK)
    assert row_uses(site(), readings) is row_uses(site(), read(**{**OK, "main": 3.0}))
    legs = replace(CAR, legs=(("L1", "A"), ("L2", "A")))
    assert row_uses(site(), readings).in_a["main", "A"] == {"car": 1.0, "van": 1.0}
    assert row_uses(site(), read(legs, **OK)).in_a["main", "A"] == {"car": 2.0, "van": 1.0}


def test_rewired_rows_are_those_of_other_legs() -> None:
    """The van on B: B of the main breaker carries it, where 30 A are left; the import stays."""
    wired = site("", "AB")
    readings = read(max_import_w=9000.0, main=MeterReading(PerPhase(21.0, 2.0)))
    now = budget(wired, readings, BOTH)
    van = replace(CAR, legs=(("L1", "B"), ("L2", "A")))
    found = rewired(wired, replace(readings, loads={"car": CAR, "van": van}), now)
    rows = {(row.circuit, row.phase): row for row in found.limits}
    assert rows["main", "B"].room == 30.0
    assert rows["main", "B"].uses == {"van": 1.0}
    assert rows["main", "A"].uses == {"car": 1.0, "van": 1.0}
    assert rows["", ""].uses == {"car": 230.0, "van": 460.0}
    assert rows["", ""].room == next(row.room for row in now.limits if row.kind == "import")
    assert (found.circuits, found.supply, found.blind) == (now.circuits, now.supply, now.blind)


# --- the import limit ----------------------------------------------------------------------------

FOLLOWS = {**BATTERY, "battery_max_discharge_w": 2300}
STUBBORN = {**FOLLOWS, "battery_follows_load": False}


@pytest.mark.parametrize(
    ("form", "battery_w", "reserve", "room_w"),
    [
        # 9,000 W less 500 W of buffer less 9 A = 2,070 W of house: 6,430 W.
        pytest.param({}, None, False, 6430, id="no battery"),
        pytest.param(FOLLOWS, 0.0, False, 8730, id="a battery that could give 2,300 W"),
        pytest.param(FOLLOWS, 1000.0, False, 7730, id="it gives 1,000 W of them already"),
        pytest.param(FOLLOWS, -1000.0, False, 9730, id="it takes 1,000 W, and would yield"),
        pytest.param(FOLLOWS, 0.0, True, 6430, id="at its reserve it could give nothing"),
        pytest.param(FOLLOWS, -1000.0, True, 7430, id="but what it takes would yield"),
        pytest.param(FOLLOWS, None, False, 6430, id="it is not heard"),
        pytest.param(STUBBORN, 0.0, False, 6430, id="one that does not follow counts for nothing"),
        pytest.param(STUBBORN, 1000.0, False, 5430, id="what it gives may end"),
        pytest.param(STUBBORN, -1000.0, False, 6430, id="what it takes is house load already"),
    ],
)
def test_the_room_under_the_import_limit(
    form: dict[str, Any], battery_w: float | None, reserve: bool, room_w: float
) -> None:
    """The main meter shows 21 A with the battery in it, of which the cars draw 12 A."""
    energy = EnergyReading(soc_pct=50.0, battery_w=battery_w)
    readings = read(max_import_w=9000.0, energy=energy, **OK)
    found = budget(site(**form), readings, BOTH, battery=BatteryMemory(reserve=reserve))
    rows = [row for row in found.limits if row.kind == "import"]
    assert [(row.room, row.limit) for row in rows] == [(pytest.approx(room_w), 9000.0)]
    assert dict(rows[0].uses) == {"car": 230.0, "van": 230.0}


def test_where_there_is_no_import_limit_or_it_can_not_be_checked_there_is_no_row() -> None:
    off = {"grid_a": None, "inverter_a": "sensor.inverter_a"}
    for wired, readings in (
        (site(), read(**OK)),
        (site(), read(**{**OK, "main": MeterReading(PerPhase())}, max_import_w=9000.0)),
        (site("", **off), read(max_import_w=9000.0, main=9.0)),
    ):
        found = budget(wired, readings, BOTH)
        assert [row for row in found.limits if row.kind == "import"] == []


def test_a_budget_has_the_supply_of_the_sun_from_the_main_meter() -> None:
    """5 A are exported while the cars draw 12: the sun leaves 17 A."""
    found = budget(site(""), read(main=-5.0), BOTH)
    assert found.supply.surplus == PerPhase(17.0)
    assert isinstance(found.supply, Supply)
    helped = budget(
        site("", **FOLLOWS),
        read(main=-5.0, energy=EnergyReading(soc_pct=90.0, battery_w=0.0)),
        BOTH,
        battery=replace(NOTHING_PASSED, above_target=True),
    )
    assert helped.supply.help_w == 2300.0
    assert found.circuits["main"] == CircuitState(PerPhase(-5.0), PerPhase(-17.0), PerPhase(49.0))


@pytest.mark.parametrize(
    ("known", "raising", "counts"),
    [
        pytest.param({"draw_at": 101.0}, False, True, id="a cut: reported since"),
        pytest.param({"draw_at": 100.0}, False, True, id="a cut: of the same time"),
        pytest.param({"draw_at": 99.0}, False, False, id="a cut: it may have obeyed since"),
        pytest.param({"draw_at": 99.0}, True, True, id="a raise: it may not have"),
        pytest.param({"draw_at": None}, True, False, id="no time of its report"),
        pytest.param({"draw": None, "draw_at": 101.0}, True, False, id="no report"),
        pytest.param({"draw_at": 99.0, "commanded_at": None}, False, True, id="told at no time"),
    ],
)
def test_whether_what_a_load_reports_above_its_command_is_house_load(
    known: dict[str, Any], raising: bool, counts: bool
) -> None:
    """It reports 12 A, and was told 9 A at 100 s."""
    reading = charging(**{"draw": PerPhase(12.0), "command_a": 9.0, "commanded_at": 100.0, **known})
    assert still_drawn(reading, raising) == counts
