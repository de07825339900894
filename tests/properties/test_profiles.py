"""Random stacks of charging profiles: what holds for all of them."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from simulator import ocpp
from simulator.ocpp import v201
from tests.simulator.ocpp.test_v201 import MESSAGE as MESSAGE_201

from .test_stored import DAMAGE, damaged, paths

NOON = 1769860800
DAY_S = 86400
PHASES_NOT_SAID = 3
CONNECTORS = (1, 2)

optional = st.none  # reads as st.none() | ...
moments = st.integers(-300, 300).map(lambda after_s: float(NOON + after_s))
limits = st.integers(0, 320).map(lambda tenths: tenths / 10)
switches = st.booleans()
can = st.builds(
    ocpp.Capabilities,
    connectors=st.just(2),
    phases=st.integers(1, 3),
    max_level=st.just(4),
    max_composite_s=st.just(3.0 * DAY_S),
    **dict.fromkeys(
        (
            "valid_to_counts", "gap_falls_to_default", "own_default_first", "relative_starts_now",
            "matches_transaction", "ids_per_connector", "maximum_is_shared",
            "total_counts_connectors", "composite_shows_default",
        ),
        switches,
    ),
)  # fmt: skip


@st.composite
def profiles(draw: st.DrawFn, purpose: str) -> ocpp.Profile:
    """A profile of a purpose that runs somewhere around noon, on this day or on others too."""
    steps = draw(st.lists(st.integers(1, 200), max_size=3))
    starts = [float(sum(steps[:n])) for n in range(len(steps) + 1)]
    unit, kind = (
        draw(st.sampled_from("AW")),
        draw(st.sampled_from(("Absolute", "Recurring", "Relative"))),
    )
    periods = tuple(
        ocpp.Period(
            start_s,
            round(draw(limits) * (690 if unit == "W" else 1), 1),
            draw(optional() | st.integers(1, 3)),
        )
        for start_s in starts
    )
    start = None if kind == "Relative" else draw(moments)
    if kind == "Absolute" and draw(st.integers(0, 4)) == 0:
        start = None
    duration_s = draw(optional() | st.integers(0, 500).map(float))
    return ocpp.Profile(
        id=draw(st.integers(1, 6)),
        level=draw(st.integers(0, 4)),
        purpose=purpose,
        kind=kind,
        schedule=ocpp.Schedule(unit, periods, start, duration_s),
        recurrency=draw(st.sampled_from(("Daily", "Weekly"))) if kind == "Recurring" else None,
        valid_from=draw(optional() | moments),
        valid_to=draw(optional() | moments),
    )


placed = st.one_of(
    st.tuples(st.just(0), profiles("ChargePointMaxProfile")),
    st.tuples(st.sampled_from((0, *CONNECTORS)), profiles("TxDefaultProfile")),
    st.tuples(st.sampled_from(CONNECTORS), profiles("TxProfile")),
)
stacks = st.lists(placed, max_size=6)
cars = st.dictionaries(
    st.sampled_from(CONNECTORS),
    st.builds(ocpp.Transaction, st.integers(1, 3), moments, st.integers(1, 3)),
)


few = settings(max_examples=50)
"""For what has little to do with the numbers in a profile; making stacks takes longest."""


def held(
    station: ocpp.Capabilities, stack: list[Any], running: dict[int, ocpp.Transaction]
) -> ocpp.Installed:
    """What a station holds after all these messages; some of them it rejects."""
    installed = ocpp.Installed()
    for connector, one in stack:
        _, installed = ocpp.accept(station, installed, connector, one, NOON, running)
    return installed


def said_at(made: ocpp.Composite, after_s: float) -> tuple[float, int | None]:
    """A per phase and the phases that a composite schedule says, `after_s` into it."""
    period = [one for one in made.periods if one.start_s <= after_s][-1]
    a = period.limit
    if made.unit == "W":
        a /= 230 * (period.phases or PHASES_NOT_SAID)
    return a, period.phases


asked = st.tuples(st.sampled_from((0, *CONNECTORS)), st.integers(-200, 200), st.sampled_from("AW"))


@given(can, stacks, cars, asked, st.integers(0, 600) | st.integers(DAY_S - 400, DAY_S + 400))
def test_the_composite_schedule_says_what_is_in_force_at_each_moment(
    station: ocpp.Capabilities,
    stack: list[Any],
    running: dict[int, ocpp.Transaction],
    about: tuple[int, int, str],
    after_s: int,
) -> None:
    connector, from_s, unit = about
    at = float(NOON + from_s)
    installed = held(station, stack, running)
    made = ocpp.composite(station, installed, connector, at, after_s + 1, unit, running)
    assert made is not None
    limit = ocpp.limit_at(
        station, installed, connector, at + after_s, running,
        origin=at, as_if_started=station.composite_shows_default,
    )  # fmt: skip
    expected = limit.a
    if expected is None:
        expected = station.max_a * (station.connectors if connector == 0 else 1)
    a, _ = said_at(made, after_s)
    assert a == pytest.approx(expected, abs=1e-9)


@given(can, stacks, cars, asked, st.integers(0, 600))
def test_the_limit_exceeds_none_of_the_profiles_that_make_it(
    station: ocpp.Capabilities,
    stack: list[Any],
    running: dict[int, ocpp.Transaction],
    about: tuple[int, int, str],
    after_s: int,
) -> None:
    """Neither alone: with only one purpose on the station the limit is never smaller."""
    connector, at = max(1, about[0]), float(NOON + about[1] + after_s)
    installed = held(station, stack, running)
    limit = ocpp.limit_at(station, installed, connector, at, running)
    for kept in ({"ChargePointMaxProfile"}, {"TxDefaultProfile", "TxProfile"}):
        part = ocpp.Installed(
            tuple(entry for entry in installed.profiles if entry[1].purpose in kept)
        )
        alone = ocpp.limit_at(station, part, connector, at, running)
        if alone.a is not None:
            assert limit.a is not None
            assert alone.w is not None
            assert limit.w is not None
            assert limit.a <= alone.a + 1e-9
            assert limit.w <= alone.w + 1e-6
            assert limit.phases <= alone.phases


@given(can, stacks, cars, st.integers(0, 600))
def test_all_cars_together_stay_within_the_station_s_maximum(
    station: ocpp.Capabilities,
    stack: list[Any],
    running: dict[int, ocpp.Transaction],
    after_s: int,
) -> None:
    station = replace(station, maximum_is_shared=True)
    installed, at = held(station, stack, running), float(NOON + after_s)
    only = ocpp.Installed(tuple(e for e in installed.profiles if "Max" in e[1].purpose))
    most = ocpp.limit_at(station, only, 0, at, running).a
    each = [ocpp.limit_at(station, installed, place, at, running).a for place in running]
    if most is not None:
        assert sum(a for a in each if a is not None) <= most + 1e-9
        assert None not in each


@given(can, stacks, cars, placed)
def test_a_profile_that_comes_twice_changes_nothing_the_second_time(
    station: ocpp.Capabilities,
    stack: list[Any],
    running: dict[int, ocpp.Transaction],
    new: tuple[int, ocpp.Profile],
) -> None:
    connector, one = new
    before = held(station, stack, running)
    answer, once = ocpp.accept(station, before, connector, one, NOON, running)
    again, twice = ocpp.accept(station, once, connector, one, NOON, running)
    assert again == answer
    assert twice == once
    if answer == "Rejected":
        assert once == before


@few
@given(can, stacks, cars)
def test_nothing_has_the_place_of_another(
    station: ocpp.Capabilities, stack: list[Any], running: dict[int, ocpp.Transaction]
) -> None:
    entries = held(station, stack, running).profiles
    assert len({(place, one.id) for place, one in entries}) == len(entries)
    assert len({(place, one.purpose, one.level) for place, one in entries}) == len(entries)


@few
@given(can, stacks, cars)
def test_what_is_stored_comes_back(
    station: ocpp.Capabilities, stack: list[Any], running: dict[int, ocpp.Transaction]
) -> None:
    installed = held(station, stack, running)
    text = json.dumps(installed.to_json(), allow_nan=False)
    assert ocpp.Installed.from_json(json.loads(text)) == installed


@given(st.one_of(*(profiles(p) for p in ("TxDefaultProfile", "TxProfile"))))
def test_json_of_a_profile_reads_as_the_same_profile(one: ocpp.Profile) -> None:
    assert ocpp.parse(json.loads(json.dumps(ocpp.plain(one)))) == one


@given(can, stacks, cars, asked, st.floats(0, 1), st.integers(0, 900))
def test_the_answer_in_whole_seconds_never_says_more_than_is_in_force(
    station: ocpp.Capabilities,
    stack: list[Any],
    running: dict[int, ocpp.Transaction],
    about: tuple[int, int, str],
    shift_s: float,
    duration_s: int,
) -> None:
    connector, from_s, unit = about
    at = NOON + from_s + shift_s
    installed = held(station, stack, running)
    made = ocpp.composite(station, installed, connector, at, duration_s, unit, running)
    assert made is not None
    said = made.plain()["chargingSchedule"]["chargingSchedulePeriod"]
    starts = [row["startPeriod"] for row in said]
    assert starts[0] == 0
    assert starts == sorted(set(starts))
    for before, after in pairwise(said):
        assert {**before, "startPeriod": 0} != {**after, "startPeriod": 0}
    offset = made.at - int(made.at)
    for period in made.periods:
        seen = [row for row in said if row["startPeriod"] <= period.start_s + offset][-1]
        assert seen["limit"] <= period.limit + 1e-6


RICH = held(
    ocpp.Capabilities(connectors=2),
    [
        (
            1,
            ocpp.Profile(
                5, 2, "TxProfile", "Recurring",
                ocpp.Schedule(
                    "W", (ocpp.Period(0, 3680, 1), ocpp.Period(60, 0)), NOON, 3600.0, 6.0
                ),
                None, "Weekly", NOON - 60, NOON + 600,
            ),
        ),
        (0, ocpp.Profile(6, 0, "ChargePointMaxProfile", "Absolute", ocpp.Schedule(
            "A", (ocpp.Period(0, 20),), NOON))),
    ],
    {1: ocpp.Transaction(1, NOON)},
)  # fmt: skip
STORED = json.loads(json.dumps(RICH.to_json()))
MESSAGE = json.loads(json.dumps(ocpp.plain(RICH.profiles[0][1])))


@given(st.sampled_from(sorted(paths(STORED), key=repr)), st.sampled_from(DAMAGE))
def test_damaged_storage_is_refused_in_words_or_works(place: Any, value: Any) -> None:
    """Any other error fails the test; so does one in using what was not refused."""
    try:
        installed = ocpp.Installed.from_json(damaged(STORED, place, value))
    except ocpp.Invalid as error:
        assert " " in error.text  # noqa: PT017  (not refused is fine, too)
        return
    use(installed)


@given(st.sampled_from(sorted(paths(MESSAGE), key=repr)), st.sampled_from(DAMAGE))
def test_a_damaged_message_is_refused_in_words_or_works(place: Any, value: Any) -> None:
    try:
        one = ocpp.parse(damaged(MESSAGE, place, value))
        station = ocpp.Capabilities(connectors=2)
        running = {1: ocpp.Transaction(1, NOON)}
        _, installed = ocpp.accept(station, ocpp.Installed(), 1, one, NOON, running)
    except ocpp.Invalid as error:
        assert " " in error.text  # noqa: PT017  (not refused is fine, too)
        return
    use(installed)


@given(st.sampled_from(sorted(paths(MESSAGE_201), key=repr)), st.sampled_from(DAMAGE))
def test_a_damaged_message_of_2_0_1_is_refused_in_words_or_works(place: Any, value: Any) -> None:
    running = {1: v201.Transaction("one", NOON)}
    station = ocpp.Capabilities(switches_phases=True)
    try:
        one = v201.parse(damaged(MESSAGE_201, place, value))
        _, installed = v201.accept(station, v201.Installed(), 1, one, running)
    except ocpp.Invalid as error:
        assert " " in error.text  # noqa: PT017  (not refused is fine, too)
        return
    for evse in (0, 1):
        v201.limit_at(station, installed, evse, NOON + 30, running)


def use(installed: ocpp.Installed) -> None:
    """Ask everything of it that can be asked."""
    station, running = ocpp.Capabilities(connectors=2), {1: ocpp.Transaction(1, NOON)}
    for _, one in installed.profiles:
        ocpp.plain(one)
    for connector in (0, 1, 2):
        ocpp.limit_at(station, installed, connector, NOON + 30, running)
        made = ocpp.composite(station, installed, connector, NOON, 3 * DAY_S, "A", running)
        assert made is not None
        json.dumps(made.plain(), allow_nan=False)


def test_undamaged_all_of_it_is_used() -> None:
    assert ocpp.Installed.from_json(deepcopy(STORED)) == RICH
    assert len(RICH.profiles) == 2
    assert ocpp.plain(ocpp.parse(MESSAGE)) == MESSAGE


@few
@given(can, stacks, cars)
def test_a_transaction_that_ends_takes_its_profiles_with_it_and_no_others(
    station: ocpp.Capabilities, stack: list[Any], running: dict[int, ocpp.Transaction]
) -> None:
    assume(1 in running)
    before = held(station, stack, running)
    after = ocpp.ended(before, 1, running[1].id)
    gone = [entry for entry in before.profiles if entry not in after.profiles]
    assert all(place == 1 and one.purpose == "TxProfile" for place, one in gone)
    assert not after.on(1, "TxProfile")
    assert [entry for entry in before.profiles if entry not in gone] == list(after.profiles)
