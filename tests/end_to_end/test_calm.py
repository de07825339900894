"""Ten minutes in real time beside a household that steps and flickers, and a car that is slow.

Nothing is made quick here: the settings are those of a user who has set nothing, the charger
reports once a minute, and the car obeys 5 s after it was told. What flows is known at every
moment: the household from the test, the current of the car from what the station says of itself.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import pytest
from loadjuggler.options import DEFAULTS

from simulator.steps.signals import Signal, noise, on_phases, square
from tests.end_to_end.house import METERS, OPTIONS, House, filled_in

pytestmark = [pytest.mark.pyscript, pytest.mark.ocpp, pytest.mark.long]

REAL = {name: getattr(DEFAULTS, name) for name in OPTIONS}
"""The settings that other tests make short, as they are for a user who has set nothing."""
LENGTH_S = 600
FIRST_S = 60.0
"""What the car got in so many s after its start does not count."""
MAIN_A = 25.0
LEAST_A, MOST_A = 6.0, 16.0
METER_S, CAR_S = 1.0, 5.0
OVER_A = MAIN_A + 0.5
"""Above this a phase carries too much: flicker of 0.3 A beside a full breaker is below it."""
SPAN_A = 0.3


def flickering(steps: Signal, seed: int) -> Signal:
    """`steps`, and each second up to 0.3 A more or less."""
    flicker = noise(0.0, SPAN_A, seed)
    return lambda t: steps(t) + flicker(t)


HOUSEHOLD = on_phases(
    A=flickering(square(15.0, 9.0, 40.0, 40.0), 4711),
    B=flickering(lambda _: 2.0, 4712),
    C=flickering(lambda _: 2.0, 4713),
)


def household_a(t: float) -> list[float]:
    """What the household takes on A, B and C after `t` s, in A."""
    return [HOUSEHOLD(t)[phase] for phase in "ABC"]


@dataclass(frozen=True)
class Moment:
    """From one change to the next: its length in s, and A by phase of household and car."""

    lasts_s: float
    house_a: Sequence[float]
    car_a: Sequence[float]

    @property
    def carried_a(self) -> float:
        """What the fullest phase of the main breaker carries, in A."""
        return max(house + car for house, car in zip(self.house_a, self.car_a, strict=True))

    @property
    def fits_a(self) -> float:
        """What the car could have had on each phase, in A, if its future had been known."""
        return min(MOST_A, MAIN_A - max(self.house_a))


Change = tuple[float, Sequence[float]]
"""The epoch in s, and A by phase from then on."""


def moments(house: Sequence[Change], car: Sequence[Change], from_s: float) -> list[Moment]:
    """What flowed from `from_s` until the last change of the household."""
    times = sorted({from_s, *(at for at, _ in [*house, *car] if from_s < at <= house[-1][0])})
    return [
        Moment(end - start, _at(house, start), _at(car, start)) for start, end in pairwise(times)
    ]


def _at(changes: Sequence[Change], t: float) -> Sequence[float]:
    """What was so at `t`; nothing before the first change."""
    return next((amps for at, amps in reversed(changes) if at <= t), [0.0] * 3)


def longest_over_s(course: Sequence[Moment]) -> float:
    """The longest time for which some phase carried too much without a break, in s."""
    longest_s = over_s = 0.0
    for moment in course:
        over_s = over_s + moment.lasts_s if moment.carried_a > OVER_A else 0.0
        longest_s = max(longest_s, over_s)
    return longest_s


async def live(house: House, length_s: int) -> list[Change]:
    """Let the household take what it takes, each second something else; returns what it was."""
    began, taken = time.time(), list[Change]()
    for second in range(length_s):
        house.household_a = household_a(second)
        taken.append((time.time(), house.household_a))
        await asyncio.sleep(max(began + second + 1 - time.time(), 0.0))
    return taken


async def test_a_slow_car_beside_a_restless_household_gets_its_due(
    house: House, record_property: pytest.RecordProperty
) -> None:
    house.report_s, house.meter_s = 60, METER_S
    house.household_a = household_a(0.0)
    house.build(
        filled_in("site", "Home", main_breaker_a=MAIN_A, **METERS),
        filled_in("charger", "Left", devid="left"),
        chargers={"left": 1},
        **REAL,
    )
    await house.start()
    station = house.add_station("left", "--reaction-s", f"{CAR_S}")
    await house.wait_until(station.draws, "the car draws")
    taken = await live(house, LENGTH_S)
    station.listen()

    drawn = [(event["t"], event["amps"]) for event in station.draws()]
    started = drawn[0][0]
    limits = [e for e in station.events if e["event"] == "limit" and e["t"] >= started]
    settled = moments(taken, drawn, started + FIRST_S)
    got_as = sum(moment.car_a[0] * moment.lasts_s for moment in settled)
    fits_as = sum(moment.fits_a * moment.lasts_s for moment in settled)
    over_s = longest_over_s(moments(taken, drawn, taken[0][0]))
    figures = {
        "energy_pct": round(100.0 * got_as / fits_as, 1),
        "limits": len(limits),
        "calls": len(house.told_to("left")),
        "stops": sum(max(amps) == 0.0 for _, amps in drawn),
        "over_s": round(over_s, 2),
    }
    for name, value in figures.items():
        record_property(name, value)
    known = f"{figures}{house.story(lines=1000)}"

    # 25 A - 15.3 A are more than its 6 A at every moment.
    assert all(e["limit"] is not None and e["limit"] >= LEAST_A for e in limits), known
    assert all(max(amps) > 0.0 for _, amps in drawn), known
    assert got_as >= 0.9 * fits_as, known
    # The meter shows a step after 1 s at most, and the car obeys 5 s later; 1 s is for the rest.
    assert over_s <= METER_S + CAR_S + 1.0, known
