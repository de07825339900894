"""Stories of what is added to be sure: it cuts loads, but costs no running load its minimum.

It is added while a breaker stays over its limit longer than cars usually take to obey (2.5 s), and
while the house rises steadily. One phase, 230 V, 25 A, cars of 6 to 16 A; the house runs each
second, and meters and reports are of that moment. Product.md section 5, decision 25.
"""

from __future__ import annotations

from typing import Any

from .house import charger_form, site_form
from .stories import (
    Stage,
    at_least,
    deafen,
    household,
    nothing,
    says,
    settled,
    story,
    together,
    told,
    under,
)


def house(house_a: float, *names: str) -> Stage:
    """Cars by their order of priority beside a house of `house_a`, after a minute."""
    cars = [charger_form(name, "A", devid=name, priority=i) for i, name in enumerate(names, 1)]
    stage = Stage.of(site_form("A"), *cars)
    household(house_a)(stage)
    return settled(stage)


def rises_to(house_a: float, slow: str) -> Any:
    """The house takes `house_a` from now on, and a car goes on as it did."""
    return together(deafen(slow), household(house_a))


def test_a_breaker_that_stays_over_its_limit_cuts_a_slow_car_further() -> None:
    story(
        "12 A of house leave 13 A. The car has 16 A and should draw 13 A after 2.5 s. If it does, "
        "the 28 A of the meter are 3 A more of the house: 10 A are left to be sure. Nobody is told "
        "that the house takes 15 A: the car may be obeying yet.",
        house(5.0, "car"),
        (0, nothing, told(car=16)),
        (1, rises_to(12.0, "car"), told(car=13), says(car="The house takes 12 A")),
        (3, nothing, told(car=13)),
        (4, nothing, told(car=10), says(car="The house takes 12 A")),
        every_s=1.0,
    )


def test_that_does_not_stop_it_before_its_longest_time_is_over() -> None:
    story(
        "15 A of house leave 10 A. If the car draws these after 2.5 s, the 31 A of the meter are "
        "6 A more of the house, and 4 A are left: less than its minimum, which it keeps. It may "
        "take 10 s; after that it draws 10 A at most of what it was told since, so the house takes "
        "21 A, and it has to stop.",
        house(5.0, "car"),
        (0, nothing, told(car=16)),
        (1, rises_to(15.0, "car"), told(car=10), says(car="The house takes 15 A")),
        (3, nothing, told(car=10)),
        (4, nothing, told(car=6), says(car="The house takes 15 A")),
        (10, nothing, told(car=6), says(car="The house takes 15 A")),
        (11, nothing, told(car=0)),
        every_s=1.0,
    )


def test_nor_does_it_stop_another_car_that_obeys() -> None:
    story(
        "5 A of house leave 20 A: 14 and 6 A. 13 A of house leave 12 A: 6 and 6 A. The first car "
        "goes on with 14 A: 8 A more of the house would leave 4 A, which is nobody's minimum. The "
        "second car is not stopped for what the first one may not have done yet.",
        house(5.0, "slow", "quick"),
        (0, nothing, told(slow=14, quick=6)),
        (1, rises_to(13.0, "slow"), told(slow=6, quick=6)),
        (4, nothing, told(slow=6, quick=6)),
        (10, nothing, told(slow=6, quick=6)),
        every_s=1.0,
    )


def test_a_car_whose_minimum_does_not_fit_is_stopped_all_the_same() -> None:
    story(
        "14 A of house leave 11 A: a minimum for the first car, and none for the second one, which "
        "stops at once. The first one goes on with 14 A although it was told 11 A: if it has "
        "obeyed, 3 A more are the house's, and 8 A are left.",
        house(5.0, "slow", "quick"),
        (0, nothing, told(slow=14, quick=6)),
        (1, rises_to(14.0, "slow"), told(slow=11, quick=0)),
        (4, nothing, told(slow=8, quick=0)),
        every_s=1.0,
    )


def rising(*claims: Any) -> list[tuple[Any, ...]]:
    """The house rises by 1 A each second, from 11 A at 1 s on; `claims` are for 5 s to 9 s."""
    return [
        (0, nothing, told(car=15)),
        (1, household(11.0), told(car=14)),
        (2, household(12.0), told(car=10.5), says(car="The house takes 12 A")),
        (3, household(13.0), told(car=7), says(car="The house takes 13 A")),
        (4, household(14.0), told(car=6)),
        *[(number, household(10.0 + number), *claims) for number in range(5, 10)],
        (10, household(20.0), told(car=0)),
    ]


def test_a_ramp_of_the_house_cuts_ahead_and_stops_only_when_it_is_there() -> None:
    story(
        "As soon as most of the last three seconds rose, the car is cut for the next 5 s, too: by "
        "2.5 A, then by 5 A. At 14 A of house that is its minimum, and it keeps it while the house "
        "leaves it: up to 19 A.",
        house(10.0, "car"),
        *rising(at_least(car=6)),
        every_s=1.0,
    )


def test_a_ramp_of_the_house_raises_nobody() -> None:
    story(
        "From 14 A of house on the next 5 s leave no more than the minimum. A car that is raised "
        "to the 10 A that are free at 15 A of house has the breaker over its limit a second later.",
        house(10.0, "car"),
        *rising(told(car=6), under(25)),
        every_s=1.0,
    )
