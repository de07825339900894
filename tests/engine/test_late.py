"""What the sun leaves over beside a battery that is reported seldom: tables, without a house.

Three phases of 230 V and a battery of 5,060 W, 22 A in all, of which the power is reported each
five minutes, of five minutes ago. Of the car its bounds are given, for all phases together.
"""

from __future__ import annotations

from typing import Any

import pytest
from loadjuggler.limits.draws import Span
from loadjuggler.limits.late import kept_net
from loadjuggler.limits.together import Loads
from loadjuggler.measure.readings import EnergyReading, LoadReading, MeterReading, Readings
from loadjuggler.memory.limits import BatteryMemory, Seen
from loadjuggler.memory.memory import Memory
from loadjuggler.options import Options
from loadjuggler.records import replace
from loadjuggler.site.model import Site
from loadjuggler.units import PerPhase

from .house import BATTERY, SUN, House, charger_form, site_form
from .memories import remembered
from .readings import charging, flickering

NOW = 10_000.0
REPORTED = NOW - 100.0
OPTIONS = Options()


def wired(**values: Any) -> Site:
    """The site with a car and a second one, which is told nothing."""
    form = site_form(**SUN, **BATTERY, battery_max_discharge_w=5060, **values)
    return House.of(form, charger_form("car"), charger_form("other")).site


SITE = wired()
LATE = BatteryMemory(above_target=True, reported_at=REPORTED, gaps_s=(300.0, 300.0))
ENERGY = EnergyReading(solar_w=3000.0, soc_pct=90.0, battery_w=0.0, reported_at=REPORTED)
NEXT = replace(ENERGY, reported_at=NOW)
"""The report after that: its data may be 300 s old."""

KEPT_A = -32.0
"""House less sun over all phases at the last good report: 32 A are left over."""


def even(total_a: float) -> PerPhase:
    """A over all phases, spread evenly."""
    return PerPhase(total_a / 3, total_a / 3, total_a / 3)


BEFORE = Seen(0.0, ((NOW - 1.0, KEPT_A / 3),))


def kept(
    taken_a: float,
    least_a: float = 33.0,
    most_a: float = 48.0,
    *,
    site: Site = SITE,
    marks: BatteryMemory = LATE,
    energy: EnergyReading = ENERGY,
    car: LoadReading | None = None,
    delays_s: tuple[tuple[float, float], ...] = (),
    flicker_a: float = 0.0,
    before: Seen | None = BEFORE,
    phases: str = "ABC",
) -> float | None:
    """House less sun over all phases, A, while the meter takes so much; `None`: found anew."""
    span = Span(even(least_a), even(most_a), rises=False, falls=True)
    loads = Loads(site, "main", lambda load, _at, _usual: span if load == "car" else None, NOW)
    told = charging(legs=(("L1", "A"), ("L2", "B"), ("L3", "C"))) if car is None else car
    meters = {"main": MeterReading(even(taken_a), reported_at=NOW)}
    both = {"other": charging(), "car": told}
    readings = Readings(NOW, meters, {"main": 25.0}, both, "priority", None, 0.0, energy=energy)
    noise = flickering(flicker_a) if flicker_a else ()
    seen = {("main", phase): Seen(0.0, ((NOW, 0.0),), moves_a=noise) for phase in "ABC" if noise}
    known = {"car": remembered(delays_s=delays_s)}
    memory = Memory(battery=marks, seen=seen, loads=known)
    befores = dict.fromkeys(phases, before)
    found = kept_net(site, readings, memory, befores, loads, OPTIONS)
    if not found:
        return None
    assert len({round(amps, 9) for amps in found.values()}) == 1, "all phases alike"
    assert set(found) == set("ABC")
    return sum(found.values())


@pytest.mark.parametrize(
    ("taken_a", "net_a"),
    [
        pytest.param(0.0, -32.0, id="the battery has it in hand"),
        pytest.param(15.0, -11.0, id="48 A at most are drawn: 15 from the grid, 22 of the battery"),
        pytest.param(-5.0, -38.0, id="33 A at least are drawn, and 5 A are fed in"),
        pytest.param(4.0, -22.0, id="48 - 22 - 4 A are of the sun"),
        pytest.param(0.45, -32.0, id="less than 0.5 A is near 0"),
        pytest.param(-0.45, -32.0, id="on both sides"),
        pytest.param(0.55, -25.45, id="more is not"),
        pytest.param(-0.55, -33.55, id="nor here"),
    ],
)
def test_only_the_meter_says_something_between_two_reports(taken_a: float, net_a: float) -> None:
    """32 A were left over; a car draws 33 to 48 A, and the battery may give 22 A."""
    assert kept(taken_a) == pytest.approx(net_a)


@pytest.mark.parametrize(
    ("taken_a", "least_a", "most_a"),
    [
        pytest.param(5.0, 60.0, 75.0, id="75 A at most are drawn: 75 - 22 - 5 A would be more sun"),
        pytest.param(
            -5.0, 10.0, 15.0, id="10 A are drawn and 5 A fed in: the battery takes the rest"
        ),
    ],
)
def test_import_means_no_more_sun_and_export_no_less(
    taken_a: float, least_a: float, most_a: float
) -> None:
    assert kept(taken_a, least_a, most_a) == pytest.approx(KEPT_A)


def test_a_battery_that_does_not_help_gives_nothing_of_what_is_drawn() -> None:
    """30 A at most are drawn, 15 A of them from the grid: the sun and the battery give 15 A.

    Below its target the battery gives nothing to the car, so the sun does; above it, nothing.
    """
    assert kept(15.0, 20.0, 30.0, marks=replace(LATE, above_target=False)) == pytest.approx(-15.0)
    assert kept(15.0, 20.0, 30.0) == pytest.approx(7.0)


@pytest.mark.parametrize(
    ("solar_w", "inverter_w", "net_a"),
    [
        pytest.param(3000.0, 6000, -33.0 + 3000.0 / 230.0, id="3,000 W are left for the battery"),
        pytest.param(None, 6000, -11.0, id="the sun is not known: all of its 22 A"),
        pytest.param(None, 5060, -11.0, id="also where the inverter carries no more than these"),
    ],
)
def test_the_battery_gives_what_the_inverter_has_beside_the_sun(
    solar_w: float | None, inverter_w: int, net_a: float
) -> None:
    """48 A at most are drawn, 15 A of them from the grid."""
    site = wired(inverter_max_w=inverter_w)
    energy = replace(ENERGY, solar_w=solar_w)
    assert kept(15.0, site=site, energy=energy) == pytest.approx(net_a)


@pytest.mark.parametrize(("taken_a", "net_a"), [(0.8, -32.0), (1.0, -25.0), (-0.8, -32.0)])
def test_what_all_phases_flicker_together_is_near_0(taken_a: float, net_a: float) -> None:
    """Each phase flickers by 0.3 A: 0.9 A in all."""
    assert kept(taken_a, flicker_a=0.3) == pytest.approx(net_a)


@pytest.mark.parametrize(
    "known",
    [
        pytest.param({"before": None}, id="nothing is known of before"),
        pytest.param({"phases": ""}, id="the meter gives nothing"),
        pytest.param({"marks": replace(LATE, gaps_s=(5.0, 5.0))}, id="the battery is live"),
        pytest.param(
            {"energy": replace(ENERGY, reported_at=None)}, id="the battery never reported"
        ),
        pytest.param({"energy": NEXT}, id="a report, and no load was told anything before"),
    ],
)
def test_where_the_reports_are_good_nothing_is_kept(known: dict[str, Any]) -> None:
    assert kept(0.0, **known) is None


@pytest.mark.parametrize(
    ("ago_s", "delays_s", "good"),
    [
        pytest.param(315.0, (), True, id="10 s to obey, 5 s for the battery, then 300 s"),
        pytest.param(314.0, (), False, id="1 s less: it may be of before the battery followed"),
        pytest.param(5.0, (), False, id="it was told something just now"),
        pytest.param(309.0, ((0.0, 2.0),) * 3, True, id="seen to obey within 4 s: 309 s"),
        pytest.param(308.0, ((0.0, 2.0),) * 3, False, id="not 308 s"),
    ],
)
def test_a_report_is_good_if_nobody_was_obeying_when_its_data_may_have_been_made(
    ago_s: float, delays_s: tuple[tuple[float, float], ...], good: bool
) -> None:
    """It is reported now what the battery gave up to 300 s ago. The other car was told nothing."""
    car = charging(command_a=10.0, commanded_at=NOW - ago_s)
    found = kept(0.0, energy=NEXT, car=car, delays_s=delays_s)
    assert (found is None) is good


def test_between_two_reports_it_is_kept_although_nobody_was_told_anything() -> None:
    assert kept(0.0, car=charging(command_a=10.0, commanded_at=NOW - 1000.0)) == KEPT_A
