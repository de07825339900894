"""What holds for sun and battery when a house has settled, whatever the house."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.effort import at_length
from tests.engine.house import VOLTAGE_V, House

from .grids import tenths
from .sun_houses import SOLAR, renamed, sun_houses

SETTLE_S = 240.0
CLOSE_A = 0.01
"""States of the house have six digits."""


def told(house: House) -> dict[str, float]:
    assert house.outcome is not None
    return {load: report.allocated_a or 0.0 for load, report in house.outcome.report.loads.items()}


def settled(house: House) -> dict[str, float]:
    """What each load is told when graces and pauses are over; it must have come to rest."""
    house.pass_time(SETTLE_S)
    before = told(house)
    house.pass_time(30.0)
    assert told(house) == before, "it does not come to rest"
    return before


def alone(house: House) -> dict[str, float]:
    """A by phase from the grid (export negative) if no load drew anything."""
    quiet = replace(house, cars={k: replace(v, status="Available") for k, v in house.cars.items()})
    quiet.outlets = {k: replace(v, on=False) for k, v in house.outlets.items()}
    return quiet.flows("main")


@settings(max_examples=at_length(usual=15, long=60))
@given(sun_houses(modes=SOLAR))
def test_solar_only_loads_alone_cause_no_import(house: House) -> None:
    """Per phase on symmetric sites without a battery, in total otherwise."""
    settled(house)
    now, without = house.flows("main"), alone(house)
    if house.site.battery is None and not house.site.inverter.asymmetric:
        for phase, amps in now.items():
            assert amps <= max(without[phase], 0.0) + CLOSE_A, f"{phase}: {amps} A"
        return
    total, total_without = sum(now.values()), sum(without.values())
    assert total <= max(total_without, 0.0) + CLOSE_A, f"{total} A in all"


@settings(max_examples=at_length(usual=15, long=60))
@given(sun_houses())
def test_what_solar_loads_take_never_exceeds_what_sun_and_battery_have(house: House) -> None:
    """Beside loads that may take from the grid, too: sun - house + what the battery can give."""
    amps = settled(house)
    site, power = house.site, house.power
    taken_a = sum(
        amps[load.id] * len(load.legs)
        for load in site.loads.values()
        if load.mode.value == "solar_only"
    )
    used_w = sum(house.household["main"].values()) * VOLTAGE_V
    help_w = 0.0
    if site.battery is not None and power.soc_pct > 80:
        left_w = power.most_w if power.rating_w is None else power.rating_w - power.sun_w
        help_w = min(power.most_w, max(left_w, 0.0))
    source_w = max(power.sun_w - used_w + help_w, 0.0)
    if site.battery is None and not site.inverter.asymmetric:  # no phase helps another
        each_w = power.sun_w / len(site.phases)
        house_w = [amps * VOLTAGE_V for amps in house.household["main"].values()]
        source_w = sum(max(each_w - used, 0.0) for used in house_w)
    assert taken_a * VOLTAGE_V <= source_w + CLOSE_A * VOLTAGE_V
    if site.battery is not None and power.soc_pct < 80:
        assert taken_a == 0


@settings(max_examples=at_length(usual=10, long=40))
@given(sun_houses(), st.permutations("ABC"))
def test_phases_called_otherwise_give_every_load_the_same(house: House, order: list[str]) -> None:
    phases = house.site.phases
    names = dict(zip(phases, [phase for phase in order if phase in phases], strict=True))
    other = renamed(house, names)
    assert settled(house) == settled(other)


@settings(max_examples=at_length(usual=15, long=60))
@given(sun_houses(), st.lists(st.tuples(st.integers(0, 180), tenths(0, 15)), max_size=3))
def test_where_it_comes_to_rest_does_not_depend_on_the_way(
    house: House, way: list[tuple[int, float]]
) -> None:
    """Cold start, and hot start after other weather: the same, with the same marks remembered."""
    hot = renamed(house, {phase: phase for phase in house.site.phases})
    cold = settled(house)
    phase = house.site.phases[0]
    goal = hot.power.sun_w, hot.household["main"][phase]
    for hundreds, amps in way:
        sun_w = hundreds * 100.0
        hot.power.sun_w = min(sun_w, hot.power.rating_w or sun_w)
        hot.household["main"][phase] = amps
        hot.pass_time(45.0)
    hot.power.sun_w, hot.household["main"][phase] = goal
    warm = settled(hot)
    assume(hot.memory.battery == house.memory.battery)
    assert warm == cold
