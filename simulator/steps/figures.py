"""The results of an experiment in figures. Times are s since its start, currents A."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from .experiment import SMALL_A, Trace

BESIDE_A = 0.5
"""A draw that is no further from the surplus than this is on it: dead band and meter's step."""


@dataclass(slots=True)
class Piece:
    """Time over a limit without a break: from `start_s` on for `seconds`, at most by `worst_a`."""

    start_s: float
    seconds: float
    worst_a: float


def over_a(trace: Trace, number: int) -> float:
    """A by which the worst breaker is over its limit at a moment's number; negative: under it.

    What the house alone puts over a limit is not the loads' doing: there its own current counts.
    """
    return max(
        amps[number] - max(trace.limits_a[place[0]], trace.alone_a[place][number])
        for place, amps in trace.current_a.items()
    )


def pieces(trace: Trace) -> list[Piece]:
    """All time over a limit by more than 0.2 A."""
    found: list[Piece] = []
    was_over = False
    for number, t in enumerate(trace.t_s):
        above_a = over_a(trace, number)
        if above_a > SMALL_A and t >= trace.experiment.from_s:
            if not was_over:
                found.append(Piece(t, 0.0, above_a))
            found[-1].seconds += trace.experiment.step_s
            found[-1].worst_a = max(found[-1].worst_a, above_a)
        was_over = above_a > SMALL_A
    return found


def late(trace: Trace, slack_s: float = 0.0) -> list[float]:
    """Times at which loads were too much although they had had time to make room.

    A load follows what a meter showed no more than a meter's interval and its own reaction ago, and
    `slack_s` more. So if what it draws now is too much even with the least that the house took
    since then, it was told too late, or too much.
    """
    one = trace.experiment
    window = round((one.follow_s + slack_s) / one.step_s)
    found = []
    for number in range(window, len(trace.t_s)):
        if over_a(trace, number) <= SMALL_A or trace.t_s[number] < one.from_s:
            continue
        for place, others_a in trace.others_a.items():
            drawn_a = trace.current_a[place][number] - others_a[number]
            least_a = min(others_a[number - window : number + 1])
            allowed_a = max(trace.limits_a[place[0]], trace.alone_a[place][number])
            if least_a + drawn_a > allowed_a + SMALL_A:
                found.append(trace.t_s[number])
                break
    return found


def starts(trace: Trace, load: str) -> int:
    """How often a load began to draw."""
    return _edges(trace.draw_a[load], trace, rising=True)


def stops(trace: Trace, load: str) -> int:
    """How often a load ceased to draw."""
    return _edges(trace.draw_a[load], trace, rising=False)


def _edges(draw_a: list[float], trace: Trace, rising: bool) -> int:
    before = [0.0, *draw_a]
    return sum(
        (not was and now > 0) if rising else (was > 0 and not now)
        for was, now, t in zip(before, draw_a, trace.t_s, strict=False)
        if t >= trace.experiment.from_s
    )


def changes(trace: Trace, load: str) -> list[tuple[float, float]]:
    """Each change of what a load was told: (when, by how many A)."""
    told = zip(trace.t_s, trace.command_a[load], strict=True)
    return [
        (t, now_a - was_a)
        for (_, was_a), (t, now_a) in pairwise(told)
        if now_a != was_a and t >= trace.experiment.from_s
    ]


def shortest_between_raises_s(trace: Trace, load: str) -> float | None:
    """The shortest time from one raise to the next; None if there were not two."""
    raised = [t for t, by_a in changes(trace, load) if by_a > 0]
    return min((later - t for t, later in pairwise(raised)), default=None)


@dataclass(frozen=True, slots=True)
class Response:
    """How a load came to a new surplus after a step of it.

    `settled_s`: after so long it stayed within 1 A (`None`: not before the next step);
    `overshoots`: how often it went past the new value by more than 0.5 A, the farthest by
    `farthest_a`.
    """

    step_s: float
    by_a: float
    settled_s: float | None
    overshoots: int
    farthest_a: float


def responses(trace: Trace, load: str, within_a: float = 1.0) -> list[Response]:
    """How `load` came to the surplus after each of the experiment's steps."""
    one = trace.experiment
    return [
        _response(trace, load, start, end, within_a)
        for start, end in pairwise((*one.steps_s, one.length_s))
    ]


def _response(trace: Trace, load: str, start: float, end: float, within_a: float) -> Response:
    moments = [n for n, t in enumerate(trace.t_s) if start <= t < end]
    off_a = [trace.draw_a[load][n] - trace.surplus_a[n] for n in moments]
    by_a = trace.surplus_a[moments[0]] - trace.surplus_a[moments[0] - 1]
    sign = 1.0 if by_a > 0 else -1.0
    outside = [n for n, a in zip(moments, off_a, strict=True) if abs(a) > within_a + 1e-9]
    settled_s: float | None = 0.0
    if outside:
        last = outside[-1]
        settled_s = None if last == moments[-1] else trace.t_s[last + 1] - start
    # A step up begins below the new surplus, so all that is past it is overshoot; and so down.
    past = [sign * a > BESIDE_A for a in off_a]
    overshoots = sum(now and not was for was, now in pairwise([False, *past]))
    farthest_a = max(0.0, *(sign * a for a in off_a))
    return Response(start, by_a, settled_s, overshoots, farthest_a)


def figures(trace: Trace) -> dict[str, Any]:
    """What is told of an experiment, as plain data."""
    one = trace.experiment
    over = pieces(trace)
    hours = (one.length_s - one.from_s) / 3600
    told: dict[str, Any] = {
        "name": one.name,
        "because": one.because,
        "meter_s": one.meter_s,
        "reaction_s": one.reaction_s,
        "over_times": len(over),
        "longest_over_s": max((piece.seconds for piece in over), default=0.0),
        "worst_over_a": round(max((piece.worst_a for piece in over), default=0.0), 2),
        "late_s": len(late(trace)) * one.step_s,
        "loads": {load: _load(trace, load, hours) for load in trace.draw_a},
    }
    if trace.surplus_a:
        told["steps"] = list(_steps(trace))
    return told


def _load(trace: Trace, load: str, hours: float) -> dict[str, Any]:
    made = changes(trace, load)
    return {
        "starts": starts(trace, load),
        "stops": stops(trace, load),
        "changes": len(made),
        "changes_per_hour": round(len(made) / hours, 1),
        "raises": sum(by_a > 0 for _, by_a in made),
        "shortest_between_raises_s": shortest_between_raises_s(trace, load),
    }


def _steps(trace: Trace) -> Iterator[dict[str, Any]]:
    load = next(iter(trace.draw_a))
    for one in responses(trace, load):
        yield {
            "at_s": one.step_s,
            "by_a": round(one.by_a, 2),
            "settled_s": one.settled_s,
            "overshoots": one.overshoots,
            "farthest_a": round(one.farthest_a, 2),
        }
