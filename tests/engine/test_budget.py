"""What is left for loads on every breaker and phase, and which draw of a load counts when."""

from __future__ import annotations

import pytest
from loadjuggler.limits.draws import least_draw, span
from loadjuggler.limits.headroom import Budget, budget
from loadjuggler.limits.leg_currents import same_on_each_leg
from loadjuggler.memory.memory import Memory
from loadjuggler.options import Options
from loadjuggler.sense import sense
from loadjuggler.units import PerPhase

from .house import House, charger_form, circuit_form, plug_form, site_form
from .readings import charging

SINGLE = (("L1", "A"),)
CUT = ((16.0, 10.0),)
"""It was told 16 A until 10 s."""
RAISED = ((10.0, 8.0), (16.0, 10.0))
"""It was told 10 A until 8 s, and 16 A until 10 s."""


def seen(house: House, managed: set[str] | None = None) -> Budget:
    """The budget of the house as it is now; all loads that take part are managed."""
    readings, _ = sense(house.site, Memory(), house.snapshot(), house.now, Options())
    chosen = {k for k, r in readings.loads.items() if r.active} if managed is None else managed
    draws = {load: least_draw(readings.loads[load]) for load in chosen}
    return budget(house.site, readings, draws)


def headroom(house: House, circuit: str, managed: set[str] | None = None) -> PerPhase:
    return seen(house, managed).circuits[circuit].headroom


# --- headroom ------------------------------------------------------------------------------------


def test_headroom_is_limit_less_reserve_less_what_is_not_managed() -> None:
    """25 A breaker, 2 A reserve, 4 A of house and a car at 10 A: the meter shows 14 A.

    What is not managed is 14 - 10 = 4 A, so the car and others may have 25 - 2 - 4 = 19 A.
    """
    house = House.of(site_form("A", main_breaker_a=25, reserve_a=2), charger_form("car", "A"))
    house.household["main"]["A"] = 4.0
    house.cars["car"].default_limit_a = 10.0
    found = seen(house).circuits["main"]
    assert found.draw.a == pytest.approx(14.0)
    assert found.unmanaged.a == pytest.approx(4.0)
    assert found.headroom.a == pytest.approx(19.0)


def test_sun_makes_room_at_the_main_breaker() -> None:
    """9 A are exported: 25 + 9 = 34 A could be drawn before 25 A are imported."""
    house = House.of(site_form("A", main_breaker_a=25))
    house.household["main"]["A"] = -9.0
    assert headroom(house, "main").a == pytest.approx(34.0)


def test_a_measured_sub_breaker_below_an_unmetered_one_is_seen_by_the_latter() -> None:
    """Barn (20 A, no meter) feeds the workshop (16 A, metered) where a saw takes 5 A.

    Barn has no meter, but the saw is behind it: 20 - 5 = 15 A are left in the barn. The main
    meter shows the saw too, once: 25 - 5 = 20 A.
    """
    house = House.of(
        site_form("A", main_breaker_a=25),
        circuit_form("barn", 20),
        circuit_form("workshop", 16, metered="A", parent="barn"),
        charger_form("car", "A", circuit="workshop"),
    )
    house.household["workshop"]["A"] = 5.0
    house.cars["car"].default_limit_a = 8.0
    assert headroom(house, "workshop").a == pytest.approx(11.0)
    assert headroom(house, "barn").a == pytest.approx(15.0)
    assert headroom(house, "main").a == pytest.approx(20.0)


def test_a_breaker_without_a_meter_is_taken_to_carry_managed_loads_only() -> None:
    """The kettle in the garage is invisible there; the main meter still sees it."""
    house = House.of(
        site_form("A"), circuit_form("garage", 20), charger_form("car", "A", circuit="garage")
    )
    house.household["garage"]["A"] = 9.0
    house.cars["car"].status = "Available"
    assert headroom(house, "garage").a == pytest.approx(20.0)
    assert headroom(house, "main").a == pytest.approx(25.0 - 9.0)


def test_a_meter_on_one_phase_says_nothing_about_the_others() -> None:
    house = House.of(site_form("AB"), circuit_form("garage", 20, metered="A"))
    house.household["garage"].update(A=3.0, B=3.0)
    assert headroom(house, "garage") == PerPhase(17.0, 20.0, None)


def test_a_load_that_is_not_managed_is_background_where_no_meter_sees_it() -> None:
    """A faulted charger that still draws 7 A in the unmetered garage leaves 20 - 7 = 13 A there.

    The main meter sees it anyway and it must not count twice: 25 - 7 = 18 A.
    """
    house = House.of(
        site_form("A"), circuit_form("garage", 20), charger_form("car", "A", circuit="garage")
    )
    house.cars["car"].default_limit_a = 7.0
    assert headroom(house, "garage", managed=set()).a == pytest.approx(13.0)
    assert headroom(house, "main", managed=set()).a == pytest.approx(18.0)


def test_three_floors_of_breakers_count_nothing_twice() -> None:
    """Main 32 A > floor 25 A > garage 20 A, all metered; 2, 3 and 4 A of house, a car at 6 A.

    Garage: 20 - 4. Floor: 25 - 4 - 3. Main: 32 - 4 - 3 - 2. The car is in all three meters.
    """
    house = House.of(
        site_form("A", main_breaker_a=32),
        circuit_form("floor", 25, metered="A"),
        circuit_form("garage", 20, metered="A", parent="floor"),
        charger_form("car", "A", circuit="garage"),
    )
    for circuit, amps in (("main", 2.0), ("floor", 3.0), ("garage", 4.0)):
        house.household[circuit]["A"] = amps
    house.cars["car"].default_limit_a = 6.0
    rooms = [headroom(house, circuit).a for circuit in ("garage", "floor", "main")]
    assert rooms == pytest.approx([16.0, 18.0, 23.0])


# --- rows ----------------------------------------------------------------------------------------


def test_each_leg_uses_its_phase_of_every_breaker_above() -> None:
    house = House.of(
        site_form(), circuit_form("garage", 20), charger_form("car", "BBC", circuit="garage")
    )
    uses = {(row.circuit, row.phase): dict(row.uses) for row in seen(house).limits}
    assert uses == {
        ("garage", "B"): {"car": 2.0},
        ("garage", "C"): {"car": 1.0},
        ("main", "B"): {"car": 2.0},
        ("main", "C"): {"car": 1.0},
    }


def test_the_import_limit_counts_all_phases_together_and_export_as_negative() -> None:
    """Limit 10 kW, buffer 500 W; A exports 10 A, B takes 20 A and the car 6 A on each of three.

    The house is (-10 + 20 + 0) x 230 = 2300 W, so loads may take 10 000 - 500 - 2300 = 7200 W.
    """
    house = House.of(site_form(max_import_w=10_000, power_buffer_w=500), charger_form("car"))
    house.household["main"].update(A=-10.0, B=20.0)
    house.cars["car"].default_limit_a = 6.0
    row = next(row for row in seen(house).limits if row.kind == "import")
    assert row.room == pytest.approx(7200.0)
    assert dict(row.uses) == {"car": pytest.approx(690.0)}


# --- blind ---------------------------------------------------------------------------------------


def garage_and_shed() -> House:
    return House.of(
        site_form("A"),
        circuit_form("garage", 20, metered="A"),
        charger_form("car", "A", circuit="garage"),
        plug_form("boiler"),
    )


def test_a_lost_meter_of_a_garage_blinds_what_is_behind_it_only() -> None:
    house = garage_and_shed()
    house.lost["sensor.garage_a"] = None
    assert seen(house).blind == {"car"}


def test_a_lost_main_meter_blinds_everything() -> None:
    house = garage_and_shed()
    house.lost["sensor.grid_a"] = None
    assert seen(house).blind == {"car", "boiler"}


def test_with_an_import_limit_a_lost_phase_blinds_loads_on_the_others() -> None:
    """The total is not known when one phase of it is not."""
    house = House.of(site_form("AB", max_import_w=9000), charger_form("car", "A"))
    house.lost["sensor.grid_b"] = None
    assert seen(house).blind == {"car"}


# --- which draw of a load counts -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("draw_a", "draw_at", "earlier", "command_a", "after_s", "least_a", "most_a"),
    [
        pytest.param(16, 11, CUT, 6, 2, 6, 16, id="a report from while it obeys makes no room"),
        pytest.param(8, 16, CUT, 10, 7, 8, 10, id="what it reported lately, or up to its command"),
        pytest.param(8, 17, CUT, 10, 7, 8, 8, id="a report of this moment counts as it is"),
        pytest.param(16, 9, CUT, 6, 2, 6, 16, id="a car that is being cut is not cut twice"),
        pytest.param(
            16, 9, CUT, 6, 9.9, 6, 16, id="nearly 10 s after the command it still may draw"
        ),
        pytest.param(16, 9, CUT, 6, 10.1, 6, 6, id="then it must have followed"),
        pytest.param(10, 9, RAISED, 6, 2, 6, 16, id="it was raised just before its report"),
        pytest.param(0, 9, (), 10, 2, 0, 10, id="a car that was just started makes no room yet"),
        pytest.param(0, 9, (), 10, 60, 0, 10, id="nor later, while it has not reported"),
        pytest.param(8, 10, (), 10, 2, 8, 10, id="a report of the same moment is not newer"),
        pytest.param(9, 5, (), None, None, 9, 9, id="never commanded: what it reports"),
        pytest.param(None, None, (), 10, 2, 0, 10, id="never reported: nothing, or all it may"),
        pytest.param(None, None, (), None, None, 0, 0, id="neither: nothing"),
    ],
)
def test_between_what_a_load_draws_between_its_reports(
    draw_a: float | None,
    draw_at: float | None,
    earlier: tuple[tuple[float, float], ...],
    command_a: float | None,
    after_s: float | None,
    least_a: float,
    most_a: float,
) -> None:
    """Product.md section 1. The command went out at 10 s; `after_s` is how long ago that is."""
    reading = charging(
        draw=None if draw_a is None else PerPhase(draw_a),
        draw_at=draw_at,
        command_a=command_a,
        commanded_at=None if command_a is None else 10.0,
        earlier=earlier,
    )
    found = span(reading, 10.0 + (after_s or 0.0), None, 10.0)
    assert (found.least.a, found.most.a) == (least_a, most_a)


def test_a_reading_is_set_off_against_what_was_drawn_when_it_was_made() -> None:
    """The meter of 720 s saw 16 A; the car was cut to 14 A for it, obeyed and reported 14 A.

    To take off 14 A would make 2 A of the same reading the house's, and cut the car again.
    """
    reading = charging(
        draw=PerPhase(14.0),
        draw_at=726.0,
        drew=((715.0, PerPhase(16.0)),),
        command_a=14.0,
        commanded_at=720.01,
        earlier=((16.0, 720.01),),
    )
    assert span(reading, 726.0, 720.0, 3.0).most.a == 16.0


def test_a_command_counts_once_for_each_leg_on_a_phase() -> None:
    assert same_on_each_leg((("L1", "A"), ("L2", "A"), ("L3", "C")), 7.0) == PerPhase(
        14.0, None, 7.0
    )
