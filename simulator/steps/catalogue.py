"""The experiments by name: what `script/simulate --steps` runs, and the tests with other numbers.

Each says in `because` what it shows; the required results are in docs/product.md section 5.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from ..scenario import LoadSpec
from .experiment import Experiment
from .houses import ONE, ROTATED, THREE, car, solar_house, ten_loads, with_cars
from .signals import levels, noise, on_phases, read_readings, square

VOLTAGE_V = 230.0
UP_S, DOWN_S = 100.25, 220.25
"""When the house steps up and down again: just after a meter has spoken, the worst moment."""
FINE_S = 0.25
"""How often a house is looked at whose jumps are timed."""
HOUR_S = 3600.0


def household_step(
    by_a: float,
    three_phase: bool = True,
    before_a: float = 4.0,
    meter_s: float = 1.0,
    reaction_s: float = 2.0,
    report_s: float = 10.0,
    down_s: float = DOWN_S,
    length_s: float = 340.0,
) -> Experiment:
    """The house takes `by_a` more on phase A for two minutes, beside a car at 16 A on 25 A."""
    house = on_phases(
        A=levels((0.0, before_a), (UP_S, before_a + by_a), (down_s, before_a)), B=2.0, C=2.0
    )
    legs = "three phases" if three_phase else "one phase"
    return Experiment(
        f"step-{by_a:g}-{'three' if three_phase else 'one'}-phase",
        f"The house takes {by_a:g} A more on phase A; a car on {legs} makes room.",
        with_cars(car(legs=THREE if three_phase else ONE)),
        length_s,
        house,
        steps_s=(UP_S, down_s),
        from_s=UP_S,
        reaction_s=reaction_s,
        report_s=report_s,
        meter_s=meter_s,
        step_s=FINE_S,
    )


def stop_and_resume() -> Experiment:
    """Not even the minimum is left: the car stops, and comes back after its pause."""
    stopped = household_step(14.0, before_a=8.0, length_s=600.0)
    because = "The house leaves 3 A: a car on three phases stops, and comes back later."
    return replace(stopped, name="step-14-stop", because=because)


def ten_loads_step(by_a: float, meter_s: float = 1.0, reaction_s: float = 2.0) -> Experiment:
    """The same step with eight cars and two plugs on five breakers."""
    house = on_phases(A=levels((0.0, 3.0), (UP_S, 3.0 + by_a), (DOWN_S, 3.0)), B=3.0, C=3.0)
    return Experiment(
        f"step-{by_a:g}-ten-loads",
        f"The house takes {by_a:g} A more; ten loads on five breakers make room together.",
        ten_loads(),
        520.0,
        house,
        steps_s=(UP_S, DOWN_S),
        from_s=UP_S,
        reaction_s=reaction_s,
        meter_s=meter_s,
        step_s=FINE_S,
    )


def solar(
    name: str,
    because: str,
    surplus_a: Callable[[float], float],
    length_s: float,
    three_phase: bool = False,
    battery: bool = False,
) -> Experiment:
    """A solar-only car, and a sun that leaves over `surplus_a` (A per leg of the car).

    On three phases the house is uneven (5, 1, 0 A): the inverter balances, so the car lives from
    the third of what is left over in all. By hand: sun = phases x surplus + house.
    """
    house_a = {"A": 5.0, "B": 1.0, "C": 0.0} if three_phase else {"A": 2.0}
    count, used_a = len(house_a), sum(house_a.values())
    return Experiment(
        name,
        because,
        solar_house(three_phase, battery),
        length_s,
        on_phases(**house_a),
        sun=lambda t: (count * surplus_a(t) + used_a) * VOLTAGE_V,
        surplus_a=surplus_a,
    )


SUN_STEPS_S = (120.25, 240.25, 360.25, 480.25)


def sun_steps(three_phase: bool = False, battery: bool = False) -> Experiment:
    """The surplus goes from 8 A to 13 A, back, and again."""
    up_1, down_1, up_2, down_2 = SUN_STEPS_S
    surplus_a = levels((0.0, 8.0), (up_1, 13.0), (down_1, 8.0), (up_2, 13.0), (down_2, 8.0))
    phases = "three-phase" if three_phase else "one-phase"
    name = f"sun-{phases}{'-battery' if battery else ''}"
    because = f"The surplus jumps by 5 A; a {phases} solar-only car follows."
    one = solar(name, because, surplus_a, 600.0, three_phase, battery)
    return replace(one, steps_s=SUN_STEPS_S, from_s=60.0, step_s=FINE_S)


def clouds(period_s: float, high_a: float = 12.0, low_a: float = 3.0) -> Experiment:
    """Clouds that come and go for an hour: sun for one half of each period, cloud for the other."""
    surplus_a = square(high_a, low_a, period_s / 2, period_s / 2)
    because = (
        f"Clouds every {period_s:g} s: {high_a:g} A of surplus, then {low_a:g} A; for an hour."
    )
    one = solar(f"clouds-{period_s:g}s", because, surplus_a, HOUR_S)
    return replace(one, step_s=1.0)


def noisy_sun(span_w: float = 60.0) -> Experiment:
    """A steady surplus of 10 A and a house that flickers by `span_w` (W) each second."""
    one = solar(
        "noise-sun",
        f"A steady surplus of 10 A; the house flickers by {span_w:g} W; for an hour.",
        lambda _: 10.0,
        HOUR_S + 300.0,
    )
    house = on_phases(A=noise(2.0, span_w / VOLTAGE_V, seed=1))
    return replace(one, household=house, from_s=300.0, step_s=1.0)


def noisy_breaker(span_w: float = 60.0) -> Experiment:
    """A house that flickers by `span_w` (W) each second, beside a car that fills the breaker."""
    span_a = span_w / VOLTAGE_V
    house = on_phases(A=noise(13.0, span_a, 1), B=noise(5.0, span_a, 2), C=noise(5.0, span_a, 3))
    return Experiment(
        "noise-breaker",
        f"A car fills the breaker; the house flickers by {span_w:g} W; for an hour.",
        with_cars(car()),
        HOUR_S + 300.0,
        house,
        from_s=300.0,
        step_s=1.0,
    )


HOB_ENDS_S = 2400.0


def hob() -> Experiment:
    """A hob of 2 kW, 10 s on and 20 s off for 40 min: the car's minimum fits while it is off only.

    On 25 A: 16 A of house leave 9 A, with the hob's 8.7 A there are 0.3 A left.
    """
    on_a = 2000.0 / VOLTAGE_V
    cycling = square(16.0 + on_a, 16.0, 10.0, 20.0)
    return Experiment(
        "hob",
        "A hob goes on and off for 40 min; a car fits beside it only while it is off.",
        with_cars(car()),
        HOUR_S,
        on_phases(A=lambda t: cycling(t + 20.0) if t < HOB_ENDS_S else 16.0, B=2.0, C=2.0),
        step_s=1.0,
    )


def replay(path: Path, meter_s: float = 1.0, reaction_s: float = 2.0) -> Experiment:
    """The readings of a real house, with two cars on three phases, one of them rotated."""
    readings = read_readings(path)
    cars: tuple[LoadSpec, ...] = (car("left"), car("right", ROTATED))
    return Experiment(
        "replay",
        f"{path.name}: the readings of a real house, and two cars on 25 A.",
        with_cars(*cars, distribution="shared"),
        readings.length_s,
        readings,
        meter_s=meter_s,
        reaction_s=reaction_s,
        step_s=1.0,
    )


FLICKER_A = 0.1
"""Each phase of the houses of the command flickers every second by so much, up and down."""


def flickering(one: Experiment, span_a: float = FLICKER_A) -> Experiment:
    """The same, with a household that flickers on each phase by `span_a` every second."""
    phases = one.scenario.site.phases
    moves = {phase: noise(0.0, span_a, seed) for seed, phase in enumerate(phases, start=1)}
    return replace(
        one,
        household=lambda t: {phase: a + moves[phase](t) for phase, a in one.household(t).items()},
    )


def all_steps() -> tuple[Experiment, ...]:
    """The experiments that the command runs, in order; the household flickers in all of them."""
    slow = household_step(10.0, meter_s=10.0, reaction_s=5.0)
    slow_words = "The same with a meter that speaks every 10 s and a car that takes 5 s."
    steady = (
        household_step(10.0),
        household_step(14.0),
        household_step(14.0, three_phase=False),
        replace(slow, name="step-10-slow", because=slow_words),
        stop_and_resume(),
        ten_loads_step(14.0),
        *(sun_steps(three, battery) for three in (False, True) for battery in (False, True)),
        *(clouds(period_s) for period_s in (20.0, 60.0, 180.0)),
        hob(),
    )
    return (*(flickering(one) for one in steady), noisy_sun(), noisy_breaker())
