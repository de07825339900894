"""Fast down while cuts are under way: what comes on meanwhile, ramps, and a car that dawdles.

One phase, 25 A, a standard car of 6 to 16 A whose charger reports now and then. It obeys 2 s after
it is told, unless said otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from .house import House, charger_form, site_form


@dataclass
class Street:
    """The house second by second; the car draws what it was told `obeys_s` ago."""

    obeys_s: int = 2
    house: House = field(default_factory=lambda: House.of(site_form("A"), charger_form("car", "A")))
    told: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.house.household["main"]["A"] = 8.0
        self.house.pass_time(120.0)
        self.told = [16.0] * 30
        self.house.cars["car"].reported_at = self.house.now

    def second(self, household_a: float) -> float:
        """Let a second pass; returns A through the main breaker at its end."""
        house = self.house
        house.household["main"]["A"] = household_a
        car = house.cars["car"]
        car.default_limit_a = self.told[-self.obeys_s]
        house.tick(1.0)
        self.told.append(house.told("car") or 0.0)
        car.default_limit_a = self.told[-self.obeys_s]
        return house.flows("main")["A"]


def over(amps: list[float]) -> int:
    """The longest time in s that the breaker carries clearly more than 25 A."""
    longest = here = 0
    for carried in amps:
        here = here + 1 if carried > 25.2 else 0
        longest = max(longest, here)
    return longest


def test_a_step_is_cut_once_and_exactly() -> None:
    """8 A of house, 16 of car; 4 A more come on: 25 - 12 = 13 A for the car, no less."""
    street = Street()
    amps = [street.second(8.0) for _ in range(5)] + [street.second(12.0) for _ in range(10)]
    assert over(amps) <= 3
    assert min(street.told[-10:]) == 13.0


def test_what_comes_on_just_after_a_cut_is_not_hidden_by_the_car_that_obeyed() -> None:
    """A kettle (9.6 A) 3 s after an oven (4 A) leaves 25 - 8 - 4 - 9.6 = 3.4 A: the car stops.

    By the car's last report (16 A, from before the oven) the kettle would look 3 A smaller.
    """
    street = Street()
    for _ in range(3):
        street.second(12.0)
    assert street.told[-1] == 13.0
    street.second(21.6)
    assert street.told[-1] == 0.0


@pytest.mark.parametrize("rate", [0.2, 0.5, 1.0])
def test_a_ramp_does_not_keep_the_breaker_over_its_limit(rate: float) -> None:
    """The sun goes: 10 s of steady rise, from 8 A on; the car obeys 2 s later."""
    street = Street()
    amps = [street.second(8.0 + rate * max(second - 5, 0)) for second in range(16)]
    amps += [street.second(8.0 + rate * 10) for _ in range(10)]
    assert over(amps) <= 5


def test_a_steady_car_is_not_raised_in_the_run_that_cuts_it() -> None:
    """Long after its last raise, too: a ramp of 0.4 A/s for 24 s, on a 25 A breaker."""
    street = Street()
    amps = [street.second(8.0) for _ in range(30)]
    amps += [street.second(8.0 + 0.4 * second) for second in range(24)]
    assert over(amps) <= 3


def test_noise_is_no_ramp() -> None:
    """The house flickers by 0.3 A below the limit: the car keeps its 16 A."""
    street = Street()
    for second in range(30):
        street.second(8.5 + 0.3 * (second % 2))
    assert min(street.told[-25:]) == 16.0


def test_a_slow_car_is_cut_further_once_and_never_stopped_and_its_time_is_learned() -> None:
    """It obeys after 5 s, and the breaker stays over for so long: 13 A are left for it.

    The first time it usually would have obeyed after 2.5 s, so it is cut further, at most to its
    minimum. When the house takes the same step again, it is told 13 A and no less.
    """
    street = Street(obeys_s=5)
    amps = [street.second(12.0) for _ in range(12)]
    assert over(amps) <= 6
    assert 6.0 <= min(street.told[-11:]) <= 13.0
    for _ in range(60):
        street.second(0.0)
    amps = [street.second(12.0) for _ in range(12)]
    assert over(amps) <= 6
    assert min(street.told[-11:]) == 13.0
