"""Stories of a car that takes much less after a cut than it is told, and says so late.

A car with a bad power factor, or one that falls asleep: 15.2 of 16 A, but 3.2 of 7 and 0.4 of 6 A.
Its charger reports seldom, so the meter is the first to show that: it falls by more than the cut
explains. Product.md section 1. 25 A, standard, three phases, unless said otherwise.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

import pytest
from loadjuggler.site.model import Load

from .house import SUN, charger_form, site_form
from .slow import Slow

TAKES = {6: 0.07, 7: 0.45}
"""What it takes of so many whole amperes; of others 0.95."""


@dataclass(repr=False)
class Asleep(Slow):
    """The car `car` takes less at 6 and 7 A."""

    def draws(self, load: Load) -> dict[str, float]:
        """A by leg."""
        drawn = super().draws(load)
        if load.id != "car":
            return drawn
        return {leg: amps * TAKES.get(int(amps), 0.95) for leg, amps in drawn.items()}


def house(obeys_s: float, reports_s: float, flicker_a: float, seed: int, *forms: object) -> Asleep:
    """The house takes 9 A, for five minutes."""
    found = Asleep.of(*(forms or (site_form(), charger_form("car"))))  # type: ignore[arg-type]
    assert isinstance(found, Asleep)
    found.obeys_s, found.reports_s, found.flicker_a = obeys_s, reports_s, flicker_a
    found.chance = random.Random(seed)
    found.household["main"] = dict.fromkeys("ABC", 9.0)
    return found


SLOW = [(3, 60, 0.0, 1), (2, 20, 0.05, 7), (8, 60, 0.3, 6), (5, 300, 0.1, 4), (1, 30, 0.1, 3)]
"""When it obeys, how often it reports, s; flicker, A; seed."""


@pytest.mark.parametrize("case", SLOW)
def test_it_is_not_raised_into_room_that_it_left_itself(case: tuple[int, int, float, int]) -> None:
    """The house takes 18 A of 25 A: 7 A are left, whatever the car takes of its 6 or 7 A.

    Once it has obeyed, nothing is over the breaker any more. Its report of before, 15.2 A, does not
    show that it draws the 6 A.
    """
    stage = house(*case)
    stage.tick(300.0)
    assert (stage.told("car") or 0.0) >= 14.0
    stage.household["main"] = dict.fromkeys("ABC", 18.0)
    stage.tick(1.0 + stage.obeys_s)
    for _ in range(600):
        stage.tick(1.0)
        assert max(stage.flows("main").values()) <= 25.0 + 1e-6, stage.sentence("car")


@pytest.mark.parametrize("case", [(3, 60, 0.0, 1), (5, 60, 0.2, 2), (1, 30, 0.1, 5)])
def test_no_other_car_is_raised_into_it_either(case: tuple[int, int, float, int]) -> None:
    """32 A. The car may take up its 6 A at any time: with what the others are told, 32 A hold."""
    forms = (
        site_form(main_breaker_a=32),
        charger_form("car", priority=2),
        charger_form("other", priority=1),
    )
    stage = house(*case, *forms)
    stage.household["main"] = dict.fromkeys("ABC", 3.0)
    stage.cars["other"].max_a = 12.0  # it is left 14 A
    stage.tick(400.0)
    assert (stage.told("car") or 0.0) >= 12.0
    stage.cars["other"].max_a = 32.0
    stage.household["main"] = dict.fromkeys("ABC", 13.0)
    for _ in range(60):
        stage.tick(1.0)
        told = (stage.told("car") or 0.0) + (stage.told("other") or 0.0)
        assert told + 13.0 <= 32.0 + 2.0 * stage.flicker_a, stage.sentence("other")


@pytest.mark.parametrize("case", [(5, 30, 0.0, 7), (3, 60, 0.2, 8), (1, 20, 0.05, 9)])
def test_it_does_not_swing_with_the_sun(case: tuple[int, int, float, int]) -> None:
    """11 A of sun, then 7.5 A, less 1 A: 6.5 A. It is told 6.5 A, and takes 0.4 A of them.

    The meter falls by 9 A, and 3 A of that were cut: the sun has not come back.
    """
    stage = house(*case, site_form(**SUN), charger_form("car", mode="solar_only"))
    stage.household["main"] = dict.fromkeys("ABC", 1.0)
    stage.power.sun_w = 11 * 690
    stage.tick(300.0)
    assert (stage.told("car") or 0.0) >= 9.0
    stage.power.sun_w = 7.5 * 690
    stage.tick(5.0)
    for _ in range(200):
        stage.tick(1.0)
        assert (stage.told("car") or 0.0) <= 7.0, stage.sentence("car")


@pytest.mark.parametrize(("obeys_s", "reports_s"), [(3, 30), (5, 60), (1, 10)])
def test_a_house_that_takes_less_just_then_is_known_with_the_next_report(
    obeys_s: float, reports_s: float
) -> None:
    """A car that takes all it is told, with a kettle of 9 A that is off when the car obeys.

    25 A less 9 A: it has 16 A again soon after its report.
    """
    stage = house(obeys_s, reports_s, 0.0, 1, site_form(), charger_form("plain"))
    stage.tick(300.0)
    assert stage.told("plain") == 16.0
    stage.household["main"] = dict.fromkeys("ABC", 18.0)
    stage.tick(1.0 + obeys_s)
    stage.household["main"] = dict.fromkeys("ABC", 9.0)
    stage.tick(reports_s + 30.0)
    assert stage.told("plain") == 16.0, stage.sentence("plain")
