"""Sensors that are late: what is known of their interval, and what a report of before can't say.

A battery whose power is reported each five minutes, of five minutes ago; a car whose power is asked
for each five minutes.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pytest
from loadjuggler.limits.battery import heard, learn, old_s, slow_s
from loadjuggler.measure.readings import EnergyReading
from loadjuggler.memory.limits import NOTHING_PASSED, BatteryMemory
from loadjuggler.options import DEFAULTS
from loadjuggler.records import replace
from loadjuggler.snapshot import EntityState

from .house import BATTERY, START, SUN, charger_form, site_form, state
from .numbers import Box, NumberStage, number_form
from .slow import Slow
from .stories import Stage, back, lose

# --- a car that is asked seldom ------------------------------------------------------------------


class Asked(NumberStage):
    """A car whose power is asked for each `each_s`, first 5 s after it was started."""

    each_s = 300.0

    def lives(self, seconds: float) -> list[float]:
        """What it is told in that time, each value once after the other."""
        told, end = [], self.now + seconds
        while self.now < end:
            since = self.now - START
            if since >= 5 and (since - 5) % self.each_s == 0:
                drawn = 0.0 if since == 5 else sum(self.draws(self.site.loads["car"]).values())
                self.extra["sensor.car_power"] = state(drawn * 230.0, "W", self.now)
            self.tick(5.0)
            now_a = self.told("car")
            told += [] if now_a is None or told[-1:] == [now_a] else [now_a]
        return told


def asked(each_s: float, sun_a: float = 0.0, **values: Any) -> Asked:
    box = Box(setting=6, low=0, high=16, on=False)
    car = number_form("car", "ABC", switch_entity="switch.car", **values)
    house = Asked.with_boxes(site_form(**SUN), car, car=box)
    assert isinstance(house, Asked)
    house.each_s = each_s
    house.household["main"] = dict.fromkeys("ABC", 1.0)
    house.power.sun_w = sun_a * 690
    house.extra["sensor.car_power"] = state(0.0, "W", START)
    return house


@pytest.mark.parametrize("each_s", [120.0, 300.0, 600.0])
def test_a_report_from_before_it_could_draw_does_not_make_it_idle(each_s: float) -> None:
    """It drew nothing 5 s after its start; nothing is known since, so it keeps its 16 A."""
    assert asked(each_s).lives(1500.0) == [16.0]


@pytest.mark.parametrize("min_a", [5, 6])
def test_the_same_with_sun(min_a: int) -> None:
    """12 A of sun less 1 A of house; it never falls back to its minimum."""
    house = asked(300.0, 12.0, mode="solar_only", min_current_a=min_a)
    assert house.lives(1500.0) == [11.0]


def test_a_report_after_that_does() -> None:
    """It takes nothing: the report at 305 s says so, and 60 s later it keeps its minimum only."""
    house = asked(300.0)
    house.cars["car"].max_a = 0.0
    assert house.lives(300.0) == [16.0]
    assert house.lives(120.0)[-1] == 6.0


def test_a_charger_that_reports_each_second_is_idle_as_before() -> None:
    house = Stage.of(site_form(), charger_form("car"))
    house.cars["car"].max_a = 0.0
    house.pass_time(58.0, each=1.0)
    assert house.told("car") == 16.0
    house.pass_time(5.0, each=1.0)
    assert house.told("car") == 6.0


# --- how seldom a battery is reported ------------------------------------------------------------


def reported(*times: float) -> BatteryMemory:
    memory = NOTHING_PASSED
    for at in times:
        memory = heard(memory, EnergyReading(battery_w=0.0, reported_at=at))
    return memory


@pytest.mark.parametrize(
    ("times", "slow"),
    [
        ((0.0, 5.0, 10.0, 15.0), 0.0),
        ((0.0, 300.0, 600.0), 300.0),
        ((0.0, 300.0), 0.0),  # one gap may be chance
        ((0.0, 5.0, 3605.0, 3610.0), 0.0),  # a battery that rested for an hour
        ((0.0, 300.0, 600.0, 605.0), 0.0),
        ((0.0, 60.0, 120.0), 60.0),
    ],
)
def test_the_shorter_of_two_gaps_says_how_seldom(times: tuple[float, ...], slow: float) -> None:
    assert slow_s(reported(*times)) == slow


def test_one_that_is_reported_seldom_is_not_judged_by_what_it_gave() -> None:
    """It gave 0 W minutes ago and is counted on for 5 kW; the site imports 1 kW for a minute."""
    energy = EnergyReading(battery_w=0.0, soc_pct=90.0)
    for memory, judged in ((reported(0.0, 5.0, 10.0), True), (reported(0.0, 300.0, 600.0), False)):
        known = replace(memory, counted_w=5000.0)
        for now in (1000.0, 1010.0, 1020.0, 1031.0):
            known = learn(known, energy, 1000.0, 2000.0, 5000.0, now, DEFAULTS)
        assert (known.cap_w is not None) is judged


@pytest.mark.parametrize(
    ("times", "old"),
    [
        ((0.0, 5.0, 10.0), None),  # it is live
        ((0.0, 300.0, 600.0), 300.0),
        ((0.0, 300.0), 300.0),  # a second report: it may be as old as the first
        ((0.0, 5.0), 5.0),
        ((0.0,), 0.0),
    ],
)
def test_until_two_gaps_are_known_a_report_may_be_as_old_as_the_gap_before_it(
    times: tuple[float, ...], old: float | None
) -> None:
    energy = EnergyReading(battery_w=0.0, reported_at=times[-1])
    assert old_s(reported(*times), energy) == old
    if len(times) == 2:  # the same while the second one is only being read
        assert old_s(reported(times[0]), energy) == old


def test_an_old_report_judges_no_battery_before_it_is_known_how_seldom_there_is_one() -> None:
    """It gave 0 W at 0 s, and is counted on for 5 kW. A report of 995 s says that it is so."""
    for report_s, judged in ((0.0, False), (995.0, True)):
        known = replace(reported(report_s), counted_w=5000.0)
        energy = EnergyReading(battery_w=0.0, soc_pct=90.0, reported_at=report_s)
        for now in (995.0, 1010.0, 1020.0, 1025.0):
            known = learn(known, energy, 1000.0, 2000.0, 5000.0, now, DEFAULTS)
        assert (known.short_at is not None or known.cap_w is not None) is judged


# --- a battery that is late ----------------------------------------------------------------------


@dataclass(repr=False)
class Late(Stage):
    """Sun and battery are shown each `each_s`, as they were `late_s` before; the meter is live."""

    late_s: float = 300.0
    each_s: float = 300.0
    past: list[tuple[float, dict[str, EntityState]]] = field(default_factory=list)
    shown: dict[str, EntityState] = field(default_factory=dict)
    shown_at: float = -1e9

    def _sources(self) -> dict[str, EntityState]:
        self.past.append((self.now, super()._sources()))
        if self.now - self.shown_at >= self.each_s:
            old = [one for at, one in self.past if at <= self.now - self.late_s]
            of = old[-1] if old else self.past[0][1]
            self.shown = {k: EntityState(v.value, v.attributes, self.now) for k, v in of.items()}
            self.shown_at = self.now
            self.past = [one for one in self.past if one[0] > self.now - self.late_s - 400]
        return dict(self.shown)


@dataclass(frozen=True)
class Day:
    """What came of some hours: kWh of the car, imported, exported; how often it was stopped."""

    car_kwh: float
    import_kwh: float
    export_kwh: float
    stops: int
    said: tuple[str, ...]


def day(
    house: Late, hours: float, sun: Callable[[float], float], seed: int = 4, learn_s: float = 1200.0
) -> Day:
    """Let it live for `learn_s`, then for so many hours with sun of `sun` A per phase at a time."""
    chance, begin = random.Random(seed), house.now
    car = imported = exported = 0.0
    stops, was_a, said = 0, 0.0, {}
    while house.now - begin < hours * 3600 + learn_s:
        since = house.now - begin
        if since % 60 == 0:
            steady = {p: 1.0 + chance.uniform(0, 2) for p in "ABC"}
        for phase, amps in steady.items():
            house.household["main"][phase] = amps + chance.uniform(-0.2, 0.2)
        if since % 30 == 0:
            house.power.sun_w = max(0.0, sun(since)) * 690
        house.tick(5.0)
        assert house.outcome is not None
        said |= dict.fromkeys(house.outcome.report.warnings)
        if since < learn_s:
            continue
        flows_w = sum(house.flows("main").values()) * 230
        imported += max(flows_w, 0.0) * 5 / 3.6e6
        exported += max(-flows_w, 0.0) * 5 / 3.6e6
        car += sum(house.draws(house.site.loads["car"]).values()) * 230 * 5 / 3.6e6
        now_a = house.told("car") or 0.0
        stops += was_a > 0.0 == now_a
        was_a = now_a
    return Day(car, imported, exported, stops, tuple(said))


def late(late_s: float, each_s: float, soc_pct: float, **site: Any) -> Late:
    house = Late.of(site_form(**SUN, **BATTERY, **site), charger_form("car", mode="solar_only"))
    assert isinstance(house, Late)
    house.late_s, house.each_s = late_s, each_s
    house.cars["car"].transaction, house.power.soc_pct = 1, soc_pct
    return house


def clouds(since: float) -> float:
    """Ten minutes of 12 A, ten of 5 A."""
    return 12.0 if since // 600 % 2 == 0 else 5.0


@pytest.mark.parametrize("soc_pct", [90.0, 97.5])
@pytest.mark.parametrize(("late_s", "each_s"), [(300.0, 300.0), (60.0, 60.0), (120.0, 120.0)])
def test_a_late_battery_costs_little_sun(late_s: float, each_s: float, soc_pct: float) -> None:
    """Three hours; the same house with a battery that is known at once is the measure."""
    live = day(late(0.0, 5.0, soc_pct), 3.0, clouds)
    found = day(late(late_s, each_s, soc_pct), 3.0, clouds)
    assert found.stops == 0
    assert found.car_kwh >= 0.75 * live.car_kwh  # the clouds are gone before they are known
    assert found.import_kwh <= 0.3
    assert found.export_kwh <= live.export_kwh + 1.0


@pytest.mark.parametrize("each_s", [60.0, 120.0])
def test_a_main_meter_that_gives_nothing_beside_a_late_battery_ends_no_run(each_s: float) -> None:
    """Its last value is held for 60 s. After that no phase is known, and a car of the sun stops."""
    house = late(each_s, each_s, 90.0)
    day(house, 0.25, lambda _: 12.0)
    lose("sensor.grid_a", "sensor.grid_b", "sensor.grid_c")(house)
    for _ in range(60):
        house.tick(5.0)
    assert house.told("car") == 0.0
    assert "has been silent" in house.sentence("car")
    back("sensor.grid_a", "sensor.grid_b", "sensor.grid_c")(house)
    for _ in range(120):
        house.tick(5.0)
    assert (house.told("car") or 0.0) > 6.0, house.sentence("car")


@pytest.mark.parametrize("each_s", [60.0, 300.0])
def test_a_late_battery_that_charged_does_not_yield_to_a_site_that_imports(each_s: float) -> None:
    """4600 W of import at most. 12 A of sun per phase become 2 A while a car takes 16 A (11 kW).

    The battery, which is below its reserve, took 5 kW when it was reported last. It takes nothing
    since the site imports, so nothing of that can yield: 4600 - 690 + 1380 W are 7.7 A for the car.
    """
    form = site_form(**SUN, **BATTERY, max_import_w=4600.0)
    house = Late.of(form, charger_form("car", mode="standard"))
    assert isinstance(house, Late)
    house.late_s, house.each_s, house.power.soc_pct = 0.0, each_s, 10.0
    car, house.household["main"] = house.cars["car"], dict.fromkeys("ABC", 1.0)
    car.status, house.power.sun_w = "Available", 12 * 690.0
    house.pass_time(3 * each_s)
    while house.now - house.shown_at > 1.0:
        house.tick(1.0)
    car.status, car.transaction = "Charging", 1
    for _ in range(int(each_s / 2)):
        house.tick(1.0)
    assert house.told("car") == 16.0, house.sentence("car")
    house.power.sun_w = 2 * 690.0
    for second in range(int(each_s / 2) - 5):
        house.tick(1.0)
        taken_w = sum(house.flows("main").values()) * 230.0
        assert second < 5 or taken_w <= 4700.0, house.sentence("car")


def test_a_car_does_not_go_on_at_night_from_a_late_battery() -> None:
    """At its target the battery does not help: the car stops within half an hour."""
    house = late(300.0, 300.0, 79.0)
    house.memory = replace(house.memory, battery=replace(house.memory.battery, at_target=True))
    day(house, 0.5, lambda since: 12.0 if since < 1800 else 0.0)
    assert house.told("car") == 0.0


def test_how_seldom_it_is_reported_is_said() -> None:
    found = day(late(300.0, 300.0, 90.0), 1.0, clouds, learn_s=1800.0)
    assert [text for text in found.said if "is reported only every 5 min" in text]
    live = day(late(0.0, 5.0, 90.0), 1.0, clouds)
    assert not [text for text in live.said if "is reported only" in text]


def test_a_battery_that_rests_is_not_said_to_be_late() -> None:
    """It is reported when it changes: nothing for an hour at night, each second by day."""
    memory = reported(*[0.0, 3600.0, 3601.0, 7200.0, 7201.0])
    assert slow_s(memory) == 0.0


# --- a late battery, and a car that obeys some seconds after it is told ---------------------------


@dataclass(repr=False)
class SlowCar(Slow, Late):
    """Both."""


def slow_car(obeys_s: float, each_s: float, flicker_a: float = 0.0, soc: float = 90.0) -> SlowCar:
    house = SlowCar.of(site_form(**SUN, **BATTERY), charger_form("car", mode="solar_only"))
    assert isinstance(house, SlowCar)
    house.late_s = house.each_s = each_s
    house.obeys_s, house.flicker_a = obeys_s, flicker_a
    house.cars["car"].transaction, house.power.soc_pct = 1, soc
    return house


@cache
def at_once(each_s: float) -> Day:
    """The same hours with a car that obeys at once."""
    return day(slow_car(0.0, each_s), 1.5, clouds, learn_s=0.0)


@pytest.mark.parametrize("each_s", [60.0, 300.0])
@pytest.mark.parametrize("obeys_s", [1.0, 3.0, 8.0])
def test_a_car_that_obeys_late_gets_as_much_from_a_late_battery(
    obeys_s: float, each_s: float
) -> None:
    """Nothing is lost by some seconds: not in the first minutes, when no gap is known, either."""
    found = day(slow_car(obeys_s, each_s), 1.5, clouds, learn_s=0.0)
    assert found.stops == 0
    assert found.car_kwh >= 0.9 * at_once(each_s).car_kwh
    assert found.import_kwh <= 0.2


def test_the_first_report_is_not_added_to_what_the_car_was_told_after_it() -> None:
    """10 A of sun, 2.5 A of house on A, and 7.2 A from the battery: 14.7 A are left on A.

    The only report is from before the first command, when the car took more than there was, and the
    battery gave its 5 kW. If that is added to the meter, which stands near 0, while the car takes
    less than before, there is less left over with each cut: it was at 6 A within a minute.
    """
    house = slow_car(3.0, 300.0)
    house.power.sun_w = 10 * 690
    house.household["main"] = {"A": 2.5, "B": 1.0, "C": 1.0}
    house.tick(5.0)
    for _ in range(280):
        house.tick(1.0)
        assert (house.told("car") or 0.0) >= 14.4, house.sentence("car")


def test_a_battery_at_its_limit_beside_a_car_that_obeys_late_is_not_counted_twice() -> None:
    """4 A of sun, 1 A of house, 7.2 A from the battery: 10.2 A are left, but for 250 s of 12 A.

    These are known when they are over: at 900 s the car gets 16 A, and the site imports. Then it is
    cut to what there is, once, and not once more while it still obeys that.
    """
    house = slow_car(5.0, 300.0)
    house.household["main"] = dict.fromkeys("ABC", 1.0)
    for sun_a, until_s in ((4.0, 400.0), (12.0, 650.0), (4.0, 895.0)):
        house.power.sun_w = sun_a * 690
        house.tick(until_s - (house.now - START))
    told = set()
    for _ in range(60):
        house.tick(1.0)
        told.add(house.told("car"))
    assert max(told) == 16.0
    assert min(told) >= 10.0, house.sentence("car")
    assert house.told("car") == pytest.approx(10.2, abs=0.3)


def test_flicker_of_the_meter_does_not_move_what_is_kept() -> None:
    """5 A of sun less 2 A, 7.2 A from a battery at its limit: 10.2 A. Each phase flickers by 0.3 A.

    All three are 0.9 A off 0 at most, and no command comes of it.
    """
    house = slow_car(3.0, 120.0, flicker_a=0.3)
    house.household["main"] = dict.fromkeys("ABC", 2.0)
    house.power.sun_w = 5 * 690
    house.tick(600.0)
    before = house.commands
    house.tick(600.0)
    assert house.commands - before <= 10
    assert house.told("car") == pytest.approx(10.2, abs=0.6)
