"""The same work in several processes: nothing is lost, and all is in its order."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from simulator import side_by_side as module
from simulator.side_by_side import side_by_side


def where(number: int) -> tuple[int, int]:
    """The square of a number, and in which process it was worked out."""
    return number * number, os.getpid()


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.parametrize("count", [4, 23, 100])
def test_everything_is_done_once_and_in_order(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_processors", lambda: 3)
    found = list(side_by_side(where, range(count), 4))
    assert [square for square, _ in found] == [number * number for number in range(count)]
    assert os.getpid() not in {process for _, process in found}


@pytest.mark.parametrize(
    ("processors", "fewest", "methods"),
    [
        (1, 4, ["fork", "spawn"]),  # one processor is no quicker with two processes
        (2, 11, ["fork", "spawn"]),  # ten things are too few
        (2, 4, ["spawn"]),  # Windows has no fork
    ],
)
def test_one_process_does_all_where_more_are_no_help(
    processors: int, fewest: int, methods: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_processors", lambda: processors)
    available: Callable[[], list[str]] = lambda: methods
    monkeypatch.setattr(module, "get_all_start_methods", available)
    found = list(side_by_side(where, range(10), fewest))
    assert found == [(number * number, os.getpid()) for number in range(10)]


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_an_error_of_the_work_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_processors", lambda: 2)
    with pytest.raises(ZeroDivisionError):
        list(side_by_side(divided, [3, 2, 1, 0], 2))


def divided(number: int) -> float:
    """One divided by a number."""
    return 1 / number
