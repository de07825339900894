"""What loads get in a run that wants to be sure: a table, with both allocations given.

While a breaker is over its limit, there may be less room than is likely (docs/decisions/0025, "To
be sure"). What the loads get then is worked out twice.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
from loadjuggler.control import dispatch as dispatching
from loadjuggler.limits.constraints import Rows
from loadjuggler.reasons import Outcome, Reason, RowKind
from loadjuggler.sharing.allocate import Allocation, Shares, share_out

from .readings import charging

FULL = Reason(limits=RowKind.CIRCUIT, outcome=Outcome.FULL)


def shares(amps: float) -> Shares:
    """What the car gets, A per leg."""
    return share_out((), (), "priority").beside({"car": Allocation("car", amps, amps, FULL)})


def gets(likely_a: float, surely_a: float | None, holds_a: float | None = 10.0) -> Allocation:
    """What a car of 6 to 16 A gets that would have `likely_a`, and with less room `surely_a`."""
    careful = SimpleNamespace(limits=SimpleNamespace(beside=lambda *_: Rows()))
    down = SimpleNamespace(limits=Rows())
    inputs = SimpleNamespace(
        budgets=SimpleNamespace(down=down, careful=None if surely_a is None else careful),
        readings=SimpleNamespace(loads={"car": charging(command_a=holds_a)}),
    )
    sharing = SimpleNamespace(share=lambda _rows, _without: shares(surely_a or 0.0))
    likely = shares(likely_a)
    found = dispatching._for_cuts(
        cast(Any, inputs), cast(Any, sharing), likely, Rows(), frozenset()
    )
    return found["car"]


@pytest.mark.parametrize(
    ("likely_a", "surely_a", "holds_a", "right_a"),
    [
        pytest.param(10.0, 8.0, 10.0, 8.0, id="there may be less: reduced"),
        pytest.param(10.0, 6.0, 10.0, 6.0, id="down to its minimum"),
        pytest.param(10.0, 3.0, 10.0, 6.0, id="no further: reduce before you stop"),
        pytest.param(6.0, 0.0, 10.0, 6.0, id="its minimum is likely there"),
        pytest.param(10.0, 0.0, 0.0, 0.0, id="one that does not run does not start"),
        pytest.param(10.0, 0.0, None, 0.0, id="nor one that was never told anything"),
        pytest.param(0.0, 0.0, 10.0, 0.0, id="it stops in any case"),
        pytest.param(10.0, 12.0, 10.0, 10.0, id="another one gets less: it gets no more by that"),
        pytest.param(10.0, None, 10.0, 10.0, id="nothing is over its limit"),
    ],
)
def test_to_be_sure_a_load_is_reduced_but_never_stopped_and_gets_no_more(
    likely_a: float, surely_a: float | None, holds_a: float | None, right_a: float
) -> None:
    assert gets(likely_a, surely_a, holds_a).amps == right_a


def test_the_minimum_that_it_keeps_is_what_is_available_to_it() -> None:
    assert gets(10.0, 3.0).available_a == 6.0
