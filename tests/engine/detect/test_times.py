"""Changes and meters that do not speak at the same time.

A car on A (its form says A, too) takes 8 A more at second 100. What the meters say of it depends on
when they and the car speak.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest
from loadjuggler.diagnostics import wiring as detect
from loadjuggler.measure.readings import LoadReading, MeterReading, Readings
from loadjuggler.memory.memory import Memory
from loadjuggler.site.model import Site
from loadjuggler.units import PerPhase

from ..house import charger_form, site_form, wire_forms


@dataclass
class Watch:
    """A site with two cars, told what the sensors say second by second."""

    site: Site
    memory: Memory = field(default_factory=Memory)

    def hears(
        self,
        now: float,
        meter: tuple[tuple[float, float, float], float],
        car: tuple[float, float],
        other: tuple[float, float] = (0.0, 0.0),
    ) -> None:
        """The meter shows (A, B, C) as of a time, the cars so much on L1 as of a time."""
        amps, at = meter
        loads = {
            "car": reading(self.site, "car", *car),
            "other": reading(self.site, "other", *other),
        }
        meters = {"main": MeterReading(PerPhase(*amps), reported_at=at)}
        seen = Readings(now, meters, {"main": 40.0}, loads, "priority", None, 0.0)
        self.memory = detect.track(self.site, seen, self.memory, self.site)

    def changes(self) -> int:
        """Clear changes that were counted of the car."""
        score = self.memory.wiring.scores.get(("car", "main"))
        return score.changes if score else 0

    def shown(self) -> dict[str, float]:
        """The weight of each phase for L1; "" is none."""
        score = self.memory.wiring.scores.get(("car", "main"))
        if score is None:
            return {}
        none = {"": score.none} if score.none else {}
        return {**score.legs.get("L1", {}), **none}


def reading(site: Site, load: str, amps: float, at: float) -> LoadReading:
    legs = site.loads[load].legs
    draw = PerPhase.of({phase: amps if leg == "L1" else 0.0 for leg, phase in legs})
    return LoadReading(
        status="Charging",
        active=True,
        connected=True,
        mode="standard",
        priority=1,
        min_a=6,
        max_a=16,
        legs=legs,
        draw=draw,
        draw_at=at,
    )


@pytest.fixture
def watch() -> Watch:
    site = wire_forms(site_form(), charger_form("car"), charger_form("other", "BCA")).site
    assert site is not None
    return Watch(site)


def every(seconds: float, now: float, late: float = 0.0) -> float:
    """The last time by `now` that something spoke which speaks so often."""
    return (now - late) // seconds * seconds + late


@pytest.mark.parametrize("meter_s", [1, 5, 10, 15])
@pytest.mark.parametrize("car_s", [1, 10, 30, 60])
def test_slow_meters_and_slow_cars(watch: Watch, meter_s: int, car_s: int) -> None:
    """Whoever speaks how seldom: 8 A on A is one clear change on A."""
    for now in range(30, 240):
        measured, said = every(meter_s, now), every(car_s, now, 3)
        amps = (12.0 if measured >= 100 else 4.0, 1.0, 2.0)
        watch.hears(now, (amps, measured), (16.0 if said >= 100 else 8.0, said))
    assert watch.shown() == {"A": pytest.approx(1.6)}


@pytest.mark.parametrize("late_s", [0, 3, 6, 10, 15])
def test_a_meter_that_is_late(watch: Watch, late_s: int) -> None:
    for now in range(30, 240):
        amps = (12.0 if now >= 100 + late_s else 4.0, 1.0, 2.0)
        watch.hears(now, (amps, now), (16.0 if now >= 100 else 8.0, now))
    assert watch.shown() == {"A": pytest.approx(1.6)}


@pytest.mark.parametrize("late_s", [3, 6, 8])
def test_a_car_that_speaks_late(watch: Watch, late_s: int) -> None:
    for now in range(30, 240):
        amps = (12.0 if now >= 100 else 4.0, 1.0, 2.0)
        watch.hears(now, (amps, now), (16.0 if now >= 100 + late_s else 8.0, now))
    assert watch.shown() == {"A": pytest.approx(1.6)}


def test_sensors_that_speak_only_when_they_change(watch: Watch) -> None:
    for now in range(30, 240):
        changed = 100.0 if now >= 100 else 10.0
        amps = (12.0 if now >= 100 else 4.0, 1.0, 2.0)
        watch.hears(now, (amps, changed), (16.0 if now >= 100 else 8.0, changed))
    assert watch.shown() in ({"A": pytest.approx(1.6)}, {})  # never another phase, nor none


def test_a_meter_that_never_moves(watch: Watch) -> None:
    for now in range(30, 240):
        watch.hears(now, ((4.0, 1.0, 2.0), now), (16.0 if now >= 100 else 8.0, now))
    assert watch.shown() == {"": pytest.approx(1.6)}


def test_a_kettle_while_the_car_was_not_heard(watch: Watch) -> None:
    """The car speaks every 30 s; in that time the kettle came on B: two phases moved."""
    for now in range(30, 240):
        said = every(30, now)
        amps = (12.0 if now >= 100 else 4.0, 9.0 if now >= 107 else 1.0, 2.0)
        watch.hears(now, (amps, now), (16.0 if said >= 100 else 8.0, said))
    assert watch.changes() == 0


@pytest.mark.parametrize("apart_s", [-2, 0, 1, 2])
def test_two_cars_that_change_at_the_same_time_say_nothing(watch: Watch, apart_s: int) -> None:
    """The other one, on B, does what the first does: the wires of both could be crossed."""
    for now in range(30, 240):
        on, other = now >= 100, now >= 100 + apart_s
        amps = (12.0 if on else 4.0, 9.0 if other else 1.0, 2.0)
        watch.hears(now, (amps, now), (16.0 if on else 8.0, now), (16.0 if other else 8.0, now))
    assert watch.changes() == 0


def test_a_ramp_is_one_change(watch: Watch) -> None:
    """0.5 A a second for 16 s."""
    for now in range(30, 240):
        more = min(max(now - 100, 0) * 0.5, 8.0)
        watch.hears(now, ((4.0 + more, 1.0, 2.0), now), (8.0 + more, now))
    assert watch.changes() == 1
    assert watch.shown() == {"A": pytest.approx(1.6)}


def test_a_house_that_is_never_quiet_says_nothing(watch: Watch) -> None:
    for now in range(30, 240):
        amps = (12.0 if now >= 100 else 4.0, 1.0 + 5.0 * (now // 2 % 2), 2.0)
        watch.hears(now, (amps, now), (16.0 if now >= 100 else 8.0, now))
    assert watch.changes() == 0


def test_phases_of_a_meter_that_speak_one_after_the_other(watch: Watch) -> None:
    """A is there half a second before B and C; the run in between sees a mixture.

    10 A of household come on C at second 150, and the car changes at 100.
    """
    for half in range(60, 480):
        now = half / 2
        first, rest = every(1, now), every(1, now, 0.5)
        amps = (12.0 if first >= 100 else 4.0, 1.0, 12.0 if rest >= 150 else 2.0)
        watch.hears(now, (amps, max(first, rest)), (16.0 if first >= 100 else 8.0, first))
    assert watch.shown() == {"A": pytest.approx(1.6)}


def test_a_load_that_was_not_heard_of_starts_anew(watch: Watch) -> None:
    """What it did while it said nothing is no clear change."""
    for now in range(30, 240):
        lost = 90 <= now < 150
        amps = (12.0 if now >= 100 else 4.0, 1.0, 2.0)
        if lost:
            site = watch.site
            silent = replace(reading(site, "car", 0.0, now), draw=None, draw_at=None)
            meters = {"main": MeterReading(PerPhase(*amps), reported_at=now)}
            loads = {"car": silent, "other": reading(site, "other", 0.0, now)}
            seen = Readings(now, meters, {"main": 40.0}, loads, "priority", None, 0.0)
            watch.memory = detect.track(site, seen, watch.memory, site)
        else:
            watch.hears(now, (amps, now), (16.0 if now >= 100 else 8.0, now))
    assert watch.changes() == 0
