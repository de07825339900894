"""Which of its replaced commands a load is remembered to have had: it may be obeying one of them.

One phase, 25 A. What the house takes leaves the car the rest, and a cut is told in the same run.
"""

from __future__ import annotations

from .house import charger_form, site_form
from .slow import Slow


def cut_to(house: Slow, *rooms_a: float) -> list[tuple[float, float]]:
    """Let the house leave so much, A, for 5 s each; (A, when the next one was told) of each."""
    held = []
    for room_a in rooms_a:
        house.household["main"]["A"] = 25.0 - room_a
        before_a, now = house.told("car"), house.now
        house.tick(5.0)
        assert house.told("car") == room_a
        held.append((before_a or 0.0, now))
    return held


def remembered(house: Slow) -> list[tuple[float, float]]:
    return [(amps, until) for amps, until in house.memory.load("car").calls.replaced]


def lived() -> Slow:
    """The car has been told 16 A for 5 minutes."""
    house = Slow.of(site_form("A"), charger_form("car", "A"))
    assert isinstance(house, Slow)
    house.obeys_s = 1.0
    house.household["main"]["A"] = 9.0
    house.tick(300.0)
    return house


def test_all_that_were_replaced_in_the_last_minute_are_remembered_in_order() -> None:
    house = lived()
    held = cut_to(house, 15.0, 13.0, 11.0, 9.0)
    assert remembered(house) == held
    assert [amps for amps, _ in held] == [16.0, 15.0, 13.0, 11.0]


def test_what_was_replaced_longer_ago_is_not() -> None:
    """Told 15 A at 0 s, 13 A at 5 s, 11 A at 55 s and 9 A at 70 s: then 15 A ended 65 s ago."""
    house = lived()
    cut_to(house, 15.0, 13.0)
    house.tick(45.0)
    cut_to(house, 11.0)
    assert [amps for amps, _ in remembered(house)] == [16.0, 15.0, 13.0]
    house.tick(10.0)
    cut_to(house, 9.0)
    assert [amps for amps, _ in remembered(house)] == [13.0, 11.0]
