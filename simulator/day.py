"""A day of a house: its weather, its household, who comes and goes; and that house, alive."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from .cars import Car
from .clock import HOUR, midnight
from .devices import Habits, Water
from .faults import Fault, FaultyHouse, FaultyLiving
from .house import House, Life
from .household import Household
from .living import Living
from .mistakes import NONE, Mistakes
from .physics import Amps
from .scenario import MAIN, Scenario
from .scenario_sense import household_below
from .sky import Panels, Place, clear_w
from .weather import clouds


@dataclass(frozen=True, slots=True)
class Day:
    """A scenario's wiring, and what happens to it from `start_h` on for `length_h` hours.

    `weather` is a key of weather.WEATHERS. `cars` and `water` are by load. The battery holds
    `battery_kwh`; each phase of the household flickers every second with a standard deviation of
    `flicker_a`; `meter_...` are as in `Life`. `faults` are what fails in the course of it,
    `mistakes` what is connected otherwise than the scenario says.
    """

    scenario: Scenario
    date: date
    weather: str
    panels: Panels
    place: Place = field(default_factory=Place)
    start_h: float = 0.0
    length_h: float = 24.0
    seed: int = 1
    heat_pump_w: float = 2000.0
    flicker_a: float = 0.1
    battery_kwh: float = 10.0
    cars: Mapping[str, Car] = field(default_factory=dict)
    water: Mapping[str, Water] = field(default_factory=dict)
    habits: Habits = field(default_factory=Habits)
    meter_s: float = 1.0
    meter_step_a: float = 0.1
    meter_lag_s: float = 0.0
    meter_mean_s: float = 0.0
    meter_noise_a: float = 0.0
    mistakes: Mistakes = NONE
    faults: tuple[Fault, ...] = ()

    @property
    def start(self) -> float:
        """Epoch s at which it begins."""
        return midnight(self.date) + self.start_h * HOUR

    @property
    def end(self) -> float:
        """Epoch s at which it ends."""
        return self.start + self.length_h * HOUR


def house_of(day: Day) -> tuple[House, Household]:
    """The house of `day` at its start, and its household."""
    site = day.scenario.site
    household = Household(
        day.seed,
        day.start,
        day.length_h * HOUR,
        site.phases,
        site.voltage,
        day.heat_pump_w,
        day.flicker_a,
    )
    life = Life(
        household=_with_circuits(household, day.scenario),
        sun=_sun(day),
        cars=day.cars,
        water=day.water,
        habits=day.habits,
        meter_s=day.meter_s,
        meter_step_a=day.meter_step_a,
        meter_lag_s=day.meter_lag_s,
        meter_mean_s=day.meter_mean_s,
        meter_noise_a=day.meter_noise_a,
        mistakes=day.mistakes,
        battery_kwh=day.battery_kwh,
    )
    if day.faults:
        return FaultyHouse(day.scenario, life, day.start, day.faults), household
    return House(day.scenario, life, day.start), household


def under_control(house: House) -> Living:
    """`house` with the engine at it. Raises Unfit if the engine can't have it."""
    return FaultyLiving(house) if isinstance(house, FaultyHouse) else Living(house)


def _with_circuits(household: Household, scenario: Scenario) -> Callable[[float], Amps]:
    """The living household, and what the scenario says is always on behind its breakers."""
    always = household_below(scenario)[MAIN]
    if not any(always.values()):
        return household

    def both(now: float) -> Amps:
        return {p: amps + always.get(p, 0.0) for p, amps in household(now).items()}

    return both


def _sun(day: Day) -> Callable[[float], float]:
    """W of the panels at a time, no more than the inverter can give."""
    seconds = round(day.length_h * HOUR) + 1
    shares = clouds(day.weather, day.seed, day.start_h, seconds)
    most_w = day.scenario.inverter.max_power
    watts = [
        share * clear_w(day.panels, day.place, day.start + second)
        for second, share in enumerate(shares)
    ]
    if most_w is not None:
        watts = [min(value, most_w) for value in watts]

    def sun(now: float) -> float:
        return watts[min(max(int(now - day.start), 0), seconds - 1)]

    return sun
