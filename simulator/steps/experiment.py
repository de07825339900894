"""An experiment: a house on functions of time, run by the engine, and its record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from loadjuggler.options import DEFAULTS, Options

from ..cars import Car, Visit
from ..devices import Habits
from ..house import House, Life
from ..living import Living
from ..scenario import MAIN, Scenario
from .signals import Phases, Signal

START = 1_700_000_000.0
"""Epoch s at which experiments begin; any time would do."""
SMALL_A = 0.2
"""No more than this above a limit is what a meter can't tell from the limit itself."""
Place = tuple[str, str]
"""A breaker and a phase of it."""


@dataclass(frozen=True, slots=True)
class Experiment:
    """A scenario's wiring and what happens to it; times in s since the start.

    `household` is A by phase, `sun` W over all phases. Cars follow a command after `reaction_s`,
    those named in `reactions_s` (load: s) after their own time; chargers report every `report_s`,
    and `says_s` after their current has changed (`None`: not then), the meters every `meter_s` in
    steps of `meter_step_a`. The house is looked at every `step_s`; a run comes `lag_s` after what
    wakes it. `steps_s` are the moments at which something jumps, figures count from `from_s` on.
    `surplus_a`: what the sun leaves over for the car that lives from it, A per leg, by hand.
    """

    name: str
    because: str
    scenario: Scenario
    length_s: float
    household: Phases
    sun: Signal = lambda _: 0.0
    surplus_a: Signal | None = None
    steps_s: tuple[float, ...] = ()
    from_s: float = 0.0
    reaction_s: float = 2.0
    reactions_s: Mapping[str, float] = field(default_factory=dict)
    report_s: float = 10.0
    says_s: float | None = None
    meter_s: float = 1.0
    meter_step_a: float = 0.1
    step_s: float = 0.5
    lag_s: float = 0.01
    watched: Place = (MAIN, "A")

    @property
    def follow_s(self) -> float:
        """How long after a jump loads may still draw as before: the meter's time and the car's."""
        return self.meter_s + max(self.reaction_s, *self.reactions_s.values(), 0.0)


@dataclass(slots=True)
class Trace:
    """What was seen, a value for each of `t_s` (s since the start).

    `current_a` is what flows through a breaker on a phase, `others_a` what of it is not drawn by
    managed loads, `alone_a` what would flow without them (another thing where a battery
    answers). `command_a` and `draw_a` are A per leg by load, `status` the engine's word for it.
    """

    experiment: Experiment
    limits_a: Mapping[str, float]
    t_s: list[float] = field(default_factory=list)
    current_a: dict[Place, list[float]] = field(default_factory=dict)
    others_a: dict[Place, list[float]] = field(default_factory=dict)
    alone_a: dict[Place, list[float]] = field(default_factory=dict)
    command_a: dict[str, list[float]] = field(default_factory=dict)
    draw_a: dict[str, list[float]] = field(default_factory=dict)
    status: dict[str, list[str]] = field(default_factory=dict)
    surplus_a: list[float] = field(default_factory=list)


def house_of(experiment: Experiment) -> House:
    """The experiment's house at its start, with a car at each charger that takes all it gets."""
    one = experiment
    always = Visit(START, START + one.length_s + 1.0, 10.0)
    cars = {
        spec.id: Car(
            (always,),
            capacity_kwh=1000.0,
            most_a=spec.max_current,
            reaction_s=one.reactions_s.get(spec.id),
        )
        for spec in one.scenario.loads
        if spec.type == "charger"
    }
    life = Life(
        household=lambda now: one.household(now - START),
        sun=lambda now: one.sun(now - START),
        cars=cars,
        habits=Habits(reaction_s=one.reaction_s, report_s=one.report_s, says_s=one.says_s),
        meter_s=one.meter_s,
        meter_step_a=one.meter_step_a,
    )
    return House(one.scenario, life, START)


def run(experiment: Experiment, options: Options = DEFAULTS) -> Trace:
    """Run `experiment` to its end. Raises Unfit if the engine can't have its house."""
    living = Living(house_of(experiment), options, experiment.lag_s)
    trace = Trace(experiment, living.house.wires.limits)
    for number in range(1, round(experiment.length_s / experiment.step_s) + 1):
        living.step(experiment.step_s)
        trace.t_s.append(number * experiment.step_s)
        _note_currents(trace, living.house)
        _note_loads(trace, living)
    return trace


def _note_currents(trace: Trace, house: House) -> None:
    """Add what flows through each breaker now."""
    alone = house.flows_with({}).meters
    for circuit, amps in house.flows.meters.items():
        below = [house.draws[x] for x, path in house.wires.paths.items() if circuit in path]
        for phase, current_a in amps.items():
            place = (circuit, phase)
            managed_a = sum(draw.get(phase, 0.0) for draw in below)
            trace.current_a.setdefault(place, []).append(current_a)
            trace.others_a.setdefault(place, []).append(current_a - managed_a)
            trace.alone_a.setdefault(place, []).append(alone[circuit][phase])


def _note_loads(trace: Trace, living: Living) -> None:
    """Add what each load was told, what it draws, and what the sun leaves over."""
    house = living.house
    for load, told in living.report.loads.items():
        device = house.chargers.get(load) or house.plugs[load]
        trace.command_a.setdefault(load, []).append(told.allocated_a or 0.0)
        trace.draw_a.setdefault(load, []).append(max(device.draw.values()))
        trace.status.setdefault(load, []).append(told.status)
    if trace.experiment.surplus_a:
        trace.surplus_a.append(trace.experiment.surplus_a(house.now - START))
