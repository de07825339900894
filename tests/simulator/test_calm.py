"""Calm in the noise of a real house: nothing is stopped, swings or is blamed without need.

Each test is a case that was reported: a flickering meter, a slow car, slow reports. The house is
known second by second, so what a car may have is arithmetic: 25 A less what the house takes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest
from loadjuggler.options import DEFAULTS

from simulator.living import Living
from simulator.scenario import CircuitSpec, Scenario, SiteSpec
from simulator.steps.catalogue import household_step, sun_steps
from simulator.steps.experiment import Experiment, house_of, run
from simulator.steps.figures import late, responses, stops
from simulator.steps.houses import ONE, ROTATED, THREE, car, with_cars
from simulator.steps.signals import Phases, Signal, levels, noise, on_phases, square

FREE_S = 80.0
"""When the cars have started."""


@dataclass(slots=True)
class Told:
    """What loads were told, from `FREE_S` on: (s, load, A per leg, sentence)."""

    living: Living
    changes: list[tuple[float, str, float, str]] = field(default_factory=list)

    def amps(self, load: str = "car") -> list[float]:
        """What `load` was told, in order; A per leg."""
        return [amps for _, name, amps, _ in self.changes if name == load]

    def house_a(self) -> list[float]:
        """What sentences say that the house takes, A."""
        found = []
        for _, _, _, sentence in self.changes:
            if "The house takes " in sentence:
                found.append(float(sentence.split("The house takes ")[1].split(" A")[0]))
        return found


def live(
    house_a: Signal,
    report_s: float = 10.0,
    reaction_s: float = 2.0,
    length_s: float = 300.0,
    each_s: Callable[[float, Living], None] | None = None,
) -> Told:
    """A car of 16 A on 25 A beside a house that takes `house_a` on phase A; the meter: 1 s."""
    one = household_step(6, meter_s=1.0, reaction_s=reaction_s, report_s=report_s, down_s=1e9)
    one = replace(one, length_s=length_s, household=on_phases(A=house_a, B=5.0, C=5.0))
    return watch(one, each_s)


def watch(one: Experiment, each_s: Callable[[float, Living], None] | None = None) -> Told:
    """Run an experiment and note what loads are told; `each_s` sees every step."""
    told = Told(Living(house_of(one), DEFAULTS, one.lag_s))
    last: dict[str, float | None] = {}
    for number in range(1, round(one.length_s / one.step_s) + 1):
        told.living.step(one.step_s)
        t = number * one.step_s
        for name, load in told.living.report.loads.items():
            if t >= FREE_S and load.allocated_a != last.get(name):
                told.changes.append((t, name, load.allocated_a or 0.0, load.sentence))
            last[name] = load.allocated_a
        if each_s and t >= FREE_S:
            each_s(t, told.living)
    return told


def flicker(base: Signal, *moments: float) -> Signal:
    """`base`, and 0.1 A more for a second from each of `moments` on."""
    return lambda t: base(t) + (0.1 if any(at <= t < at + 1 for at in moments) else 0.0)


# --- a slow car is not cut twice -----------------------------------------------------------------


@pytest.mark.parametrize("moments", [(), (102.5,), (101.5, 103.5, 105.5)])
def test_what_is_added_to_be_sure_costs_no_minimum_and_is_not_told(
    moments: tuple[float, ...],
) -> None:
    """5 A become 18.5 A: 6.5 A are left for a car that obeys after 3 s.

    The breaker is over its limit for these 3 s, and the meter flickers by 0.1 A. The car keeps at
    least its 6 A, and nobody is told that the house takes more than 18.6 A.
    """
    told = live(flicker(levels((0, 5.0), (100.25, 18.5)), *moments), reaction_s=3.0)
    assert min(told.amps()) >= 6.0
    assert max(told.house_a()) <= 18.6
    assert told.amps()[-1] >= 6.4


@pytest.mark.parametrize("reaction_s", [5.0, 6.0, 8.0])
@pytest.mark.parametrize("report_s", [10.0, 60.0])
def test_a_slow_car_is_not_stopped(reaction_s: float, report_s: float) -> None:
    """5 A become 15 A: 10 A are left for a car that obeys after 5 to 8 s."""
    told = live(levels((0, 5.0), (100.25, 15.0)), report_s, reaction_s)
    assert min(told.amps()) >= 6.0
    assert max(told.house_a()) <= 15.1
    assert told.amps()[-1] == 10.0


def test_how_long_a_car_takes_is_learned_and_the_next_cut_is_one() -> None:
    """A car of 5 s. At the second step of the house it is told 10 A once, and no less."""
    house = levels((0, 5.0), (100.25, 15.0), (140.25, 5.0), (200.25, 15.0))
    told = live(house, 60.0, 5.0)
    second = [amps for t, _, amps, _ in told.changes if t >= 200.0]
    assert second == [10.0]
    seen = told.living.memory.load("car").draws.delays_s
    assert seen
    assert all(after_s <= 5.0 <= by_s + 1.0 for after_s, by_s in seen)


@pytest.mark.parametrize("legs", [THREE, ONE], ids=["three phases", "one phase"])
@pytest.mark.parametrize("gap_s", [1.0, 2.0])
@pytest.mark.parametrize("reaction_s", [2.0, 4.0, 6.0, 8.0])
def test_two_steps_of_the_house_are_no_ramp(
    legs: dict[str, str], gap_s: float, reaction_s: float
) -> None:
    """5 A become 9 A, and 13 A a second or two later: 12 A are left for the car, for good.

    Phase C moves by 0.1 A each second, so there is a run each second, as in any real house.
    """
    one = household_step(8.0, before_a=5.0, reaction_s=reaction_s, down_s=1e9)
    house = levels((0, 5.0), (100.25, 9.0), (100.25 + gap_s, 13.0))
    moving = square(2.0, 2.1, 1.0, 1.0)
    one = replace(one, scenario=with_cars(car(legs=legs)), household=on_phases(A=house, C=moving))
    told = watch(one)
    assert min(told.amps()) >= 6.0
    assert max(told.house_a()) <= 13.1
    assert told.amps()[-1] == 12.0


@pytest.mark.parametrize("after_s", range(1, 6))
def test_a_raise_that_was_replaced_by_a_cut_is_counted_until_it_can_have_been_obeyed(
    after_s: int,
) -> None:
    """25 A. Phase A has 5 A of house that never move, and two cars: all is the engine's own doing.

    B falls at 110.25 s, so *left* (three phases, 5 s) is raised, and rises some seconds after that
    raise, so it is cut again; both are still on their way. *right* (on A, 1 s) may not be raised by
    what the cut will free: *left* draws its raise first.
    """
    house_b = levels((0, 15.3), (110.25, 8.0), (120.25 + after_s, 18.3))
    one = Experiment(
        "orders on their way",
        "A raise and a cut of a slow car, and a quick car that is to get what the cut frees.",
        with_cars(car("left", THREE, priority=1.0), car("right", ONE, priority=2.0, most_a=11.0)),
        180.0,
        on_phases(A=5.0, B=house_b, C=square(2.0, 2.1, 1.0, 1.0)),
        reactions_s={"left": 5.0, "right": 1.0},
        step_s=0.25,
        from_s=FREE_S,
    )
    trace = run(one)
    assert max(trace.current_a["main", "A"]) <= 25.0 + 0.2


# --- reports from before -------------------------------------------------------------------------


@pytest.mark.parametrize("report_s", [10.0, 60.0])
def test_a_report_from_before_the_last_raise_stops_nothing(report_s: float) -> None:
    """15 A, 9 A from 125 s on (the car is raised to 16 A), 15 A again at 160 s: 10 A are left."""
    house = levels((0, 15.0), (125.25, 9.0), (160.25, 15.0))
    told = live(flicker(house, 161.25), report_s)
    assert min(told.amps()) >= 9.9
    assert max(told.house_a()) <= 15.1


@pytest.mark.parametrize("report_s", [10.0, 60.0])
def test_a_raise_is_not_taken_for_the_house(report_s: float) -> None:
    """The house falls from 15.7 A to 9 A at 125 s: the car gets 16 A, once."""
    told = live(levels((0, 15.0), (121.25, 15.7), (125.25, 9.0)), report_s)
    after = [amps for t, _, amps, _ in told.changes if t >= 126.0]
    assert after == [16.0]


# --- flicker -------------------------------------------------------------------------------------


def test_flicker_is_no_ratchet() -> None:
    """9 A of house and eight times 0.1 A more: 15.9 A fit at any moment."""
    house = levels((0, 15.0), (125.25, 9.0))
    told = live(flicker(house, *(146.25 + 4 * k for k in range(8))), 60.0)
    after = [amps for t, _, amps, _ in told.changes if t >= 145.0]
    assert min(after, default=16.0) >= 15.9
    assert len(after) <= 2


@pytest.mark.parametrize("span_a", [0.1, 0.3])
@pytest.mark.parametrize("seed", [3, 17])
def test_noise_alone_causes_few_commands(span_a: float, seed: int) -> None:
    """A full breaker and noise for 10 min: at most 4 commands a minute, nothing below its due."""
    told = live(noise(14.0, span_a, seed), 60.0, 5.0, length_s=700.0)
    settled = [amps for t, _, amps, _ in told.changes if t >= 100.0]
    assert len(settled) <= 4 * 10
    # 11 A are left on average; with a margin for the flicker of twice a span.
    assert min(settled, default=11.0) >= 11.0 - 4.5 * span_a - 0.1


# --- sun -----------------------------------------------------------------------------------------


def noisy(base: Phases, span_a: float) -> Phases:
    """`base` with flicker of `span_a` on each phase."""
    by_phase = {phase: noise(0.0, span_a, 5 + number) for number, phase in enumerate("ABC")}
    return lambda t: {phase: a + by_phase[phase](t) for phase, a in base(t).items()}


@pytest.mark.parametrize("three_phase", [False, True])
@pytest.mark.parametrize("report_s", [10.0, 60.0])
@pytest.mark.parametrize("span_a", [0.0, 0.1, 0.3])
def test_steps_of_the_sun_are_followed(three_phase: bool, report_s: float, span_a: float) -> None:
    """The surplus goes by 5 A up and down; meter 1 s, car 2 s.

    Upwards the car is within 1 A in 20 s: 15 s between raises, meter and car. Downwards 6 s may be
    imported. What is learned from a report is learned from the meter, too: with a report once a
    minute it is no slower.
    """
    one = replace(sun_steps(three_phase), report_s=report_s)
    if span_a:
        one = replace(one, household=noisy(one.household, span_a))
    trace = run(one)
    for response in responses(trace, "car"):
        assert response.settled_s is not None
        assert response.settled_s <= (20.0 if response.by_a > 0 else 6.0)
    assert not stops(trace, "car")


# --- who takes what ------------------------------------------------------------------------------


@pytest.mark.parametrize("reaction_s", [3.0, 6.0])
def test_a_car_that_obeys_slowly_is_not_called_house(reaction_s: float) -> None:
    """While the breaker is over its limit, all above 25 A is the car's: nothing is not managed."""

    def judge(t: float, living: Living) -> None:
        report = living.report
        assert "overload_unmanaged" not in [about.code for about in report.problems], t
        over = report.circuits["main"].over["A"]
        assert over.unmanaged_as == 0.0

    told = live(levels((0, 5.0), (100.25, 15.0)), 60.0, reaction_s, each_s=judge)
    over = told.living.report.circuits["main"].over["A"]
    assert over.managed_as > 0.0


# --- reduce before you stop ----------------------------------------------------------------------


@pytest.mark.parametrize("reaction_s", [2.0, 5.0, 8.0])
@pytest.mark.parametrize("report_s", [10.0, 60.0])
def test_another_car_that_comes_stops_nobody(reaction_s: float, report_s: float) -> None:
    """Two cars on 25 A beside 10 A of house: 6 A and 6 A fit, so none is ever stopped.

    The house goes from 6 to 10 A while the second car is being given its share.
    """
    one = Experiment(
        "two cars",
        "Two cars and a house that takes more just then.",
        with_cars(car("left", THREE, priority=1.0), car("right", ROTATED, priority=2.0)),
        300.0,
        on_phases(A=levels((0, 4.0), (120.25, 10.0), (123.25, 12.5)), B=2.0, C=2.0),
        reaction_s=reaction_s,
        report_s=report_s,
        step_s=0.25,
        from_s=FREE_S,
    )
    told = watch(one)
    assert min([*told.amps("left"), *told.amps("right")]) >= 6.0


@pytest.mark.parametrize("slow", ["left", "right"])
@pytest.mark.parametrize("report_s", [10.0, 60.0])
@pytest.mark.parametrize("house_a", [(12.5, 12.5), (8.0, 12.5)], ids=["one step", "two steps"])
def test_at_a_station_with_two_plugs_a_slow_car_stops_nobody(
    slow: str, report_s: float, house_a: tuple[float, float]
) -> None:
    """A station of 20 A on 25 A, one car obeys after 8 s and the other after 2 s.

    The house takes 12.5 A in the end, by one step or by two that come 4 s apart: 12.5 A are left,
    so both cars keep their 6 A. Nothing is over its limit for longer than the slow car takes.
    """
    cars = car("left", THREE, priority=1.0), car("right", THREE, priority=2.0)
    station = CircuitSpec("station", 20.0, loads=("left", "right"))
    first_a, then_a = house_a
    one = Experiment(
        "two plugs",
        "A station of two plugs, and a house that takes more.",
        Scenario("house", SiteSpec(distribution="shared"), cars, circuits=(station,)),
        300.0,
        on_phases(A=levels((0, 3.0), (100.25, first_a), (104.25, then_a)), B=3.0, C=3.0),
        reactions_s={slow: 8.0},
        report_s=report_s,
        step_s=0.25,
        from_s=FREE_S,
    )
    told = watch(one)
    assert min([*told.amps("left"), *told.amps("right")]) >= 6.0
    assert late(run(one), 1.0) == []


def test_a_stop_that_is_needed_is_made() -> None:
    """8 A become 22 A: 3 A are left, no car can have them. It is told 0 A at once."""
    told = live(levels((0, 8.0), (100.25, 22.0)), reaction_s=5.0)
    assert next((t, amps) for t, _, amps, _ in told.changes if t < 110) == (101.0, 0.0)


def test_a_breaker_that_a_slow_car_keeps_over_its_limit_is_freed_in_the_end() -> None:
    """A step of the house in the very second in which the car obeys an earlier one.

    25 A, a car of 4 s that reports once a minute. 9 A become 13 A at 100 s, so 12 A are left. At
    105 s, when the car gives up its 4 A, the house takes 4 A more: the meter does not move. Nobody
    can tell a car that does not obey from a house that takes more; so the car is cut further, to
    its minimum at most, and the breaker is below its limit again well before 10 s have passed.
    """
    one = household_step(4, before_a=9.0, meter_s=1.0, reaction_s=4.0, report_s=60.0, down_s=1e9)
    house = levels((0, 9.0), (100.25, 13.0), (105.0, 17.0))
    trace = run(replace(one, household=on_phases(A=house, B=5.0, C=5.0)))
    assert not stops(trace, "car")
    assert late(trace, 4.0) == []
