"""The sweep of kinds of step, meters, cars, reports and flicker: nothing stops without need."""

from __future__ import annotations

import pytest

from simulator.steps.sweep import FLICKERS_A, KINDS, Case, all_cases, case_figures, some_cases
from tests.effort import at_length

SEED = 2611
SHARE = at_length(10, 1)
"""Every case of the sweep in the long run, a tenth of them otherwise."""


def cases(kind: str) -> list[Case]:
    """The cases of `kind` that this run tries."""
    chosen = list(all_cases(SEED)) if SHARE == 1 else some_cases(SHARE, SEED)
    return [case for case in chosen if case.kind == kind]


def test_there_are_as_many_cases_as_axes_make() -> None:
    assert len(list(all_cases())) == len(KINDS) * 4 * 6 * 5 * len(FLICKERS_A)


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS])
def test_no_needless_stop_nothing_late_and_calm_afterwards(kind: str) -> None:
    """In every case all minimums fit at every moment: each stop is needless.

    Nothing is over its limit for longer than the meter and the car need and a second more, and when
    nothing steps any more a load gets at most 4 commands a minute.
    """
    found = [case_figures(case) for case in cases(kind)]
    assert found
    wrong = [one for one in found if not one.good]
    assert not wrong, "\n".join(
        f"{one.case.name}: {one.stops} stops, {one.late_s:g} s late, {one.most_a_minute} a minute"
        for one in wrong
    )
