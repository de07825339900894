"""Energy and solar share of a load: W times h, and who covers them.

One phase of 230 V; 10 A are 2300 W. What is expected is worked out by Kirchhoff's law: what is used
comes from sun, grid and battery.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from loadjuggler.limits.supply import Supply
from loadjuggler.logbook import energy as tally
from loadjuggler.measure.readings import LoadReading, Readings
from loadjuggler.memory.codec import from_json, to_json
from loadjuggler.memory.logbook import Tally
from loadjuggler.memory.memory import Memory
from loadjuggler.options import Options
from loadjuggler.site.model import Site
from loadjuggler.units import PerPhase

from .house import charger_form, site_form, wire_forms
from .test_asked import Driving

DAY = 20000
NOON = DAY * 86400.0 + 43200.0
MIDNIGHT = (DAY + 1) * 86400.0
NO_SUN = Supply(PerPhase.of({"A": 0.0}), PerPhase.of({"A": 0.0}), 0.0)


def wired() -> Site:
    site = wire_forms(site_form("A"), charger_form("car", "A")).site
    assert site is not None
    return site


def readings(at: float, amps: float | None) -> Readings:
    draw = None if amps is None else PerPhase.of({"A": amps})
    load = LoadReading(
        "Charging", True, True, "standard", 1.0, 6.0, 16.0, (("L1", "A"),), draw=draw
    )
    return Readings(at, {}, {"main": 25.0}, {"car": load}, "priority", None, 0.0)


def run(
    steps: list[tuple[float, float | None]],
    supply: Supply = NO_SUN,
    old: Tally | None = None,
    utc_offset_s: float = 0.0,
) -> Tally:
    """The tally after runs at so many s (epoch) with so many A drawn."""
    site, tallies = wired(), {"car": old} if old else {}
    for at, amps in steps:
        seen = readings(at, amps)
        tallies = tally.updated(site, seen, tallies, {"car"}, supply, utc_offset_s, Options())
    return tallies["car"]


def every_10_s(start: float, seconds: float, amps: float) -> list[tuple[float, float | None]]:
    return [(start + 10.0 * n, amps) for n in range(int(seconds / 10) + 1)]


def test_ten_amperes_for_an_hour_are_2300_wh() -> None:
    assert run(every_10_s(NOON, 3600, 10)).wh == pytest.approx(2300)


def test_what_was_drawn_counts_until_the_next_run_and_not_after_a_stop() -> None:
    """30 s at 10 A, then off: 2300 W x 30 s = 19.2 Wh, however late the next run is."""
    assert run([(NOON, 10), (NOON + 30, 0), (NOON + 60, 0)]).wh == pytest.approx(2300 * 30 / 3600)


@pytest.mark.parametrize("back_s", [61.0, 7200.0, -30.0])
def test_a_gap_that_nobody_saw_counts_nothing(back_s: float) -> None:
    """Longer than a minute, or a clock that was set back: what flowed is not known."""
    assert run([(NOON, 10), (NOON + back_s, 10)]).wh == 0


def test_what_is_not_reported_counts_nothing() -> None:
    assert run([(NOON, None), (NOON + 30, None)]).wh == 0


def test_a_clock_that_begins_in_1970_west_of_greenwich_is_no_damage() -> None:
    """Without a clock of its own a board starts there: local time is the evening of 1969."""
    memory = Memory(tallies={"car": Tally(-1, 10.0)})
    assert from_json(to_json(memory)) == memory
    with pytest.raises(ValueError, match="energy of car"):
        from_json(to_json(Memory(tallies={"car": Tally(-2, 10.0)})))


def test_a_day_ends_at_local_midnight() -> None:
    """10 s of the interval are of the new day: 2300 W x 10 s. Two hours east it ends earlier."""
    for offset_s in (0.0, 7200.0):
        end = MIDNIGHT - offset_s
        found = run([(end - 100, 10), (end - 50, 10), (end + 10, 10)], utc_offset_s=offset_s)
        assert found.wh == pytest.approx(2300 * 10 / 3600)


def test_all_of_a_day_is_shown_before_the_next_one() -> None:
    """100 s of the day that ends are 63.9 Wh; a minute after midnight the new day is shown."""
    night = [(MIDNIGHT - 100, 10), (MIDNIGHT - 50, 10), (MIDNIGHT + 10, 10), (MIDNIGHT + 40, 10)]
    assert run(night).told_wh == pytest.approx(2300 * 100 / 3600)
    assert run([*night, (MIDNIGHT + 70, 10)]).told_wh == pytest.approx(2300 * 70 / 3600)


def test_a_night_without_home_assistant_adds_nothing_to_the_day_before() -> None:
    """It was not there from 50 s before midnight until 8:00."""
    found = run([(MIDNIGHT - 100, 10), (MIDNIGHT - 50, 10), (MIDNIGHT + 8 * 3600, 10)])
    assert (found.wh, found.told_wh) == (0.0, pytest.approx(2300 * 50 / 3600))


def supply(sun_w: float, house_w: float) -> Supply:
    surplus = PerPhase.of({"A": (sun_w - house_w) / 230.0})
    return Supply(surplus, PerPhase.of({"A": house_w / 230.0}), sun_w)


@pytest.mark.parametrize(
    ("sun_w", "house_w", "share"),
    [
        (0.0, 500.0, 0.0),  # night: all is bought
        (2800.0, 500.0, 1.0),  # sun = 500 + 2300: nothing is bought
        (9000.0, 500.0, 1.0),  # more than all is not possible
        (1400.0, 500.0, 0.5),  # half of the 2800 W that are used
        (700.0, 0.0, 700.0 / 2300.0),
    ],
)
def test_the_share_of_the_sun_is_that_of_all_that_is_used(
    sun_w: float, house_w: float, share: float
) -> None:
    found = run(every_10_s(NOON, 3600, 10), supply(sun_w, house_w))
    assert found.sun_wh == pytest.approx(share * 2300)
    assert found.told_pct == pytest.approx(100 * share)


def test_the_share_of_a_day_is_by_energy_not_by_time() -> None:
    """10 A: an hour in the sun and half an hour without. 2300 of 3450 Wh are the sun's."""
    sunny = run(every_10_s(NOON, 3600, 10), supply(9000, 0))
    found = run(every_10_s(NOON + 3600, 1800, 10)[1:], NO_SUN, replace(sunny, share=0.0))
    assert found.wh == pytest.approx(3450)
    assert found.sun_wh == pytest.approx(2300)


def test_without_a_meter_the_energy_is_known_and_the_share_is_not() -> None:
    blind = Supply(PerPhase.of({"A": None}), PerPhase.of({}), 0.0)
    found = run(every_10_s(NOON, 600, 10), blind)
    assert found.wh == pytest.approx(2300 / 6)
    assert found.told_pct is None


def test_it_is_told_once_a_minute() -> None:
    """The database keeps every value of a sensor: one a minute is enough."""
    site, tallies, told = wired(), {}, []
    for at, amps in every_10_s(NOON, 600, 16):
        tallies = tally.updated(site, readings(at, amps), tallies, {"car"}, NO_SUN, 0.0, Options())
        told.append((at, tallies["car"].told_wh))
    times = [at for (_, before), (at, now) in pairwise(told) if now != before]
    assert len(times) == 10
    assert min(b - a for a, b in pairwise(times)) >= 60


def test_a_tally_outlives_a_restart_and_a_damaged_one_is_refused() -> None:
    memory = Memory(tallies={"car": run(every_10_s(NOON, 600, 10))})
    assert from_json(to_json(memory)).tallies == memory.tallies
    bad = replace(memory, tallies={"car": replace(memory.tallies["car"], wh=-1.0)})
    with pytest.raises(ValueError, match="energy of car"):
        from_json(to_json(bad))


def test_the_sensors_have_what_statistics_and_the_energy_dashboard_want() -> None:
    """16 A on three phases for a minute: 3 x 230 V x 16 A = 11.04 kW, 0.184 kWh."""
    home = Driving(site_form(), charger_form("car"))
    entities = {}
    for _ in range(120):
        entities |= {entity.id: entity for entity in home.run().entities}
    energy = entities["sensor.loadjuggler_car_energy_today"]
    assert 0.184 * 5 < float(energy.value) < 0.184 * 10
    assert energy.attributes == {
        "friendly_name": "car energy today",
        "icon": "mdi:lightning-bolt",
        "unit_of_measurement": "kWh",
        "device_class": "energy",
        "state_class": "total_increasing",
    }
    share = entities["sensor.loadjuggler_car_solar_share_today"]
    assert share.value == "0"
    assert share.attributes["unit_of_measurement"] == "%"
