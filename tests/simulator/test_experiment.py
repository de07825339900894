"""The measuring itself: signals, and figures of traces made by hand."""

from __future__ import annotations

import pytest

from simulator.scenario import MAIN
from simulator.steps import catalogue, figures
from simulator.steps.experiment import Experiment, Trace, run
from simulator.steps.houses import car, with_cars
from simulator.steps.signals import levels, noise, on_phases, square

PLACE = (MAIN, "A")


def trace(house_a: list[float], draw_a: list[float], surplus_a: list[float] | None = None) -> Trace:
    """A minute's trace by hand on 25 A: one value each second from 1 s on, meter 1 s, car 2 s."""
    surplus = surplus_a or []
    step = next((n for n in range(1, len(surplus)) if surplus[n] != surplus[n - 1]), 0)
    one = Experiment(
        "hand",
        "",
        with_cars(car()),
        float(len(house_a) + 1),
        on_phases(A=0.0),
        steps_s=(float(step + 1),),
        step_s=1.0,
    )
    found = Trace(one, {MAIN: 25.0}, [float(n + 1) for n in range(len(house_a))])
    found.others_a[PLACE] = found.alone_a[PLACE] = house_a
    found.current_a[PLACE] = [h + d for h, d in zip(house_a, draw_a, strict=True)]
    found.command_a["car"], found.draw_a["car"] = draw_a, draw_a
    found.surplus_a = surplus
    return found


def test_signals() -> None:
    stairs = levels((0.0, 1.0), (10.0, 2.0))
    assert [stairs(t) for t in (-1.0, 0.0, 9.9, 10.0, 99.0)] == [1.0, 1.0, 1.0, 2.0, 2.0]
    hob = square(8.0, 0.0, 10.0, 20.0)
    assert [hob(t) for t in (0.0, 9.9, 10.0, 29.9, 30.0)] == [8.0, 8.0, 0.0, 0.0, 8.0]
    flicker = noise(5.0, 0.5, seed=1)
    values = [flicker(float(t)) for t in range(1000)]
    assert values == [flicker(t + 0.5) for t in range(1000)]
    assert min(values) >= 4.5
    assert max(values) <= 5.5
    assert abs(sum(values) / 1000 - 5.0) < 0.05  # about three times 0.29 A / sqrt(1000)


def test_time_over_the_limit_is_counted_in_pieces() -> None:
    found = figures.pieces(trace([5, 12, 14, 9, 9, 10, 5], [15, 15, 15, 15, 16, 16, 16]))
    assert [(p.start_s, p.seconds, p.worst_a) for p in found] == [(2.0, 2.0, 4.0), (6.0, 1.0, 1.0)]


def test_a_hair_over_the_limit_is_not_over_it() -> None:
    assert figures.pieces(trace([9.2], [16])) == []
    assert len(figures.pieces(trace([9.25], [16]))) == 1


def test_what_the_house_alone_puts_over_a_limit_is_not_the_loads() -> None:
    assert figures.pieces(trace([30.0], [0.0])) == []
    assert figures.pieces(trace([30.0], [6.0]))[0].worst_a == 6.0


def test_late_is_what_is_over_when_meter_and_car_have_had_their_time() -> None:
    # The house steps up at 3 s; the meter needs 1 s and the car 2 s: at 6 s it must be down. A
    # second more is as much as whole seconds can tell.
    assert figures.late(trace([5, 5, 15, 15, 15, 5, 5], [16, 16, 16, 16, 16, 10, 10])) == []
    assert figures.late(trace([5, 5, 15, 15, 15, 15, 15], [16, 16, 16, 16, 16, 16, 10])) == [6.0]


def test_a_load_that_is_raised_too_far_is_late_at_once() -> None:
    assert figures.late(trace([12, 12, 12, 12, 12, 12], [6, 6, 6, 6, 16, 16])) == [5.0, 6.0]


def test_a_dip_of_the_house_excuses_a_load() -> None:
    assert figures.late(trace([12, 12, 5, 12, 12, 12], [6, 6, 6, 6, 16, 16])) == []


def test_starts_stops_and_changes() -> None:
    found = trace([0.0] * 8, [0, 6, 6, 0, 0, 8, 10, 9])
    assert (figures.starts(found, "car"), figures.stops(found, "car")) == (2, 1)
    assert figures.changes(found, "car") == [
        (2.0, 6.0), (4.0, -6.0), (6.0, 8.0), (7.0, 2.0), (8.0, -1.0)
    ]  # fmt: skip
    assert figures.shortest_between_raises_s(found, "car") == 1.0
    assert figures.shortest_between_raises_s(trace([0.0] * 3, [0, 6, 6]), "car") is None


def test_how_a_load_comes_to_a_new_surplus() -> None:
    surplus = [8.0] * 2 + [13.0] * 6
    (up,) = figures.responses(trace([0.0] * 8, [8, 8, 8, 14.5, 12.5, 13.6, 13, 13], surplus), "car")
    # Past 13 A by more than 0.5 A twice (14.5 and 13.6), within 1 A for good from the third second.
    assert (up.by_a, up.settled_s, up.overshoots, up.farthest_a) == (5.0, 2.0, 2, 1.5)
    surplus = [13.0] * 2 + [8.0] * 4
    (down,) = figures.responses(trace([0.0] * 6, [13, 13, 13, 13, 6, 6], surplus), "car")
    assert (down.by_a, down.settled_s, down.overshoots) == (-5.0, None, 1)


@pytest.mark.parametrize("battery", [False, True])
@pytest.mark.parametrize("three_phase", [False, True])
def test_the_surplus_by_hand_is_what_the_wires_say(three_phase: bool, battery: bool) -> None:
    # Once a car draws just the surplus, nothing is exported or imported in all.
    found = run(catalogue.solar("even", "", lambda _: 9.0, 120.0, three_phase, battery))
    assert found.draw_a["car"][-1] == pytest.approx(9.0, abs=0.3)
    meters = [amps[-1] for place, amps in found.current_a.items() if place[0] == MAIN]
    count = 3 if three_phase else 1
    left_a = 0.0 if battery else count * (found.draw_a["car"][-1] - 9.0)
    assert sum(meters) == pytest.approx(left_a, abs=1e-6)


def test_a_car_follows_after_its_reaction_and_a_charger_is_told_at_once() -> None:
    found = run(catalogue.household_step(10.0, reaction_s=5.0))
    told = [t for t, by_a in figures.changes(found, "car") if by_a < 0]
    drawn = found.draw_a["car"]
    fell = [found.t_s[n] for n in range(1, len(drawn)) if drawn[n] < drawn[n - 1] - 0.05]
    assert told[0] == 101.0  # 100.25 s, and the meter speaks on whole seconds
    assert fell[0] == told[0] + 5.0
