"""What one clear change says: which phases moved by what the load changed by, and which way.

A load of one leg that takes 8 A more makes its phase 8 A higher and leaves the others; a battery or
a cloud adds the same to all three.
"""

from __future__ import annotations

import pytest
from loadjuggler.diagnostics.wiring.judge import Verdict, changed_legs, judge

ABC = ("A", "B", "C")
L1 = (("L1", 8.0), ("L2", 0.0), ("L3", 0.0))
L1_L2 = (("L1", 8.0), ("L2", 8.1), ("L3", 0.0))
ALL = (("L1", 8.0), ("L2", 8.1), ("L3", 7.9))


@pytest.mark.parametrize(
    ("amps", "move", "phases"),
    [
        (L1, (8.0, 0.0, 0.0), (("A", 1),)),
        (L1, (0.2, 8.3, -0.3), (("B", 1),)),
        (L1, (0.0, 0.0, -8.0), (("C", -1),)),
        (L1_L2, (0.0, 8.0, 8.0), (("B", 1), ("C", 1))),
        (L1_L2, (8.0, -8.0, 0.0), (("A", 1), ("B", -1))),
        (ALL, (8.0, 8.0, 8.0), (("A", 1), ("B", 1), ("C", 1))),
        (ALL, (8.0, -8.0, 8.0), (("A", 1), ("B", -1), ("C", 1))),
        (ALL, (-8.0, -8.0, -8.0), (("A", -1), ("B", -1), ("C", -1))),
        # a battery that gives back the 8 A, spread evenly: 8 - 2.67 on B, -2.67 elsewhere
        (L1, (-2.67, 5.33, -2.67), (("B", 1),)),
        # the same behind a meter that is turned round
        (L1, (2.67, -5.33, 2.67), (("B", -1),)),
        # two legs are 16 A: 8 - 5.33 on each of theirs, -5.33 on C
        (L1_L2, (2.67, 2.67, -5.33), (("A", 1), ("B", 1))),
        # a cloud of 3 A on each phase at the same time
        (L1, (11.0, 3.0, 3.0), (("A", 1),)),
        # nothing moves: another meter's load, or a battery on each phase
        (L1, (0.1, -0.2, 0.0), ()),
        (ALL, (0.1, -0.2, 0.0), ()),
    ],
)
def test_the_phases_that_moved_are_named(
    amps: tuple[tuple[str, float], ...],
    move: tuple[float, float, float],
    phases: tuple[tuple[str, int], ...],
) -> None:
    found = judge(amps, move, ABC)
    assert found is not None
    assert found.phases == phases


@pytest.mark.parametrize(
    ("amps", "move"),
    [
        (L1, (8.0, 9.0, 0.0)),  # a kettle came on B
        (L1, (14.0, 0.0, 0.0)),  # and here on A
        (L1, (8.0, 0.0, 3.0)),
        (L1, (4.0, 0.0, 0.0)),  # half of it is no answer
        (L1_L2, (8.0, 0.0, 0.0)),
        (ALL, (8.0, 8.0, 0.0)),
        (L1, (-12.0, -20.0, -12.0)),  # more than the load alone can move all of them
    ],
)
def test_a_house_that_was_not_quiet_says_nothing(
    amps: tuple[tuple[str, float], ...], move: tuple[float, float, float]
) -> None:
    assert judge(amps, move, ABC) is None


def test_two_phases_have_no_third_to_tell_a_battery_by() -> None:
    """8 A on A might be a turned round -8 A on B with 8 A of battery: that is not looked for."""
    legs = (("L1", 8.0), ("L2", 0.0))
    assert judge(legs, (8.0, 0.0, 0.0), ("A", "B")) == Verdict(("L1",), 8.0, (("A", 1),))
    assert judge(legs, (4.0, -4.0, 0.0), ("A", "B")) is None


def test_one_phase_tells_the_sign() -> None:
    assert judge((("L1", -6.0),), (6.0, 0.0, 0.0), ("A",)) == Verdict(("L1",), -6.0, (("A", -1),))


@pytest.mark.parametrize(
    ("amps", "legs"),
    [
        ((("L1", 0.4),), None),  # less than 0.5 A
        ((("L1", 0.5),), ("L1",)),
        ((("L1", 10.0), ("L2", 5.0)), None),  # not alike: which is which can't be told
        ((("L1", 10.0), ("L2", 9.0)), ("L1", "L2")),
        ((("L1", -10.0), ("L2", 10.0)), None),
        ((("L1", 10.0), ("L2", 0.4)), ("L1",)),
    ],
)
def test_legs_that_changed_alike(
    amps: tuple[tuple[str, float], ...], legs: tuple[str, ...] | None
) -> None:
    found = changed_legs(amps)
    assert (found and found[0]) == legs
