"""A: what a station takes. B: what it replaces (3.13.1, 3.13.2, 5.16)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from loadjuggler.loads.ocpp.rate_units import rate_units

from simulator import ocpp

from .stack import (
    CAN,
    CAR,
    CARS,
    DEFAULT,
    HOUR_S,
    MAX,
    NOON,
    TWO,
    TX,
    amps,
    answer_to,
    code_of,
    flat,
    given,
    plain,
    profile,
    schedule,
)

CONSTRAINT, TYPE = "PropertyConstraintViolation", "TypeConstraintViolation"


@pytest.mark.parametrize("connector", [2, -1, 99])
def test_a1_an_unknown_connector_is_a_call_error(connector: int) -> None:
    with pytest.raises(ocpp.Invalid, match="no connector") as caught:
        answer_to(flat(DEFAULT, 16), connector)
    assert caught.value.code == CONSTRAINT


def test_a1_connectors_up_to_the_last_are_known() -> None:
    for connector in (0, 1, 2):
        assert answer_to(flat(DEFAULT, 16), connector, TWO) == "Accepted"


@pytest.mark.parametrize(
    "changes",
    [
        {"chargingProfilePurpose": "ChargingStationMaxProfile"},
        {"chargingProfileKind": "absolute"},
        {"chargingProfileKind": "Recurring", "recurrencyKind": "Monthly"},
        {"chargingSchedule": schedule(chargingRateUnit="kW")},
    ],
)
def test_a1_a_name_that_does_not_exist_is_a_call_error(changes: dict[str, Any]) -> None:
    assert code_of(plain(**changes)) == CONSTRAINT


def test_a1_without_smart_charging_it_is_not_supported() -> None:
    dumb = ocpp.Capabilities(smart=False)
    with pytest.raises(ocpp.Invalid) as caught:
        answer_to(flat(DEFAULT, 16), 1, dumb)
    assert caught.value.code == "NotSupported"
    with pytest.raises(ocpp.Invalid) as caught:
        ocpp.composite(dumb, ocpp.Installed(), 1, NOON, 60, "A", {})
    assert caught.value.code == "NotSupported"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param([], "FormationViolation", id="a list is no profile"),
        pytest.param(plain(color="red"), "FormationViolation", id="a field that is not there"),
        pytest.param(plain(stackLevel=None), "ProtocolError", id="no stackLevel"),
        pytest.param(plain(chargingSchedule=None), "ProtocolError", id="no schedule"),
        pytest.param(plain(stackLevel="0"), TYPE, id="a text for a number"),
        pytest.param(plain(stackLevel=True), TYPE, id="true for a number"),
        pytest.param(plain(chargingProfileId=1.5), TYPE, id="a broken id"),
        pytest.param(plain(chargingProfilePurpose=3), TYPE, id="a number for a name"),
        pytest.param(plain(validTo=1769860800), TYPE, id="a number for a time"),
        pytest.param(plain(validTo="tomorrow"), CONSTRAINT, id="no time"),
        pytest.param(plain(validTo="2026-01-31"), CONSTRAINT, id="a day only"),
        pytest.param(plain(validTo="2026-02-30T00:00:00Z"), CONSTRAINT, id="no such day"),
        pytest.param(
            plain(validTo="0001-01-01T00:00:00+14:00"), CONSTRAINT, id="before the year 1"
        ),
        pytest.param(
            plain(chargingSchedule=schedule(chargingSchedulePeriod=7)), TYPE, id="no list"
        ),
        pytest.param(
            plain(chargingSchedule=schedule({"startPeriod": 0, "limit": float("nan")})),
            TYPE,
            id="NaN",
        ),
        pytest.param(
            plain(chargingSchedule=schedule({"startPeriod": 0, "limit": float("inf")})),
            TYPE,
            id="Infinity",
        ),
        pytest.param(
            plain(chargingSchedule=schedule(chargingSchedulePeriod=[])),
            "OccurenceConstraintViolation",
            id="no periods",
        ),
    ],
)
def test_a1_what_can_t_be_read_is_a_call_error(data: Any, code: str) -> None:
    assert code_of(data) == code


def test_a2_a_station_maximum_is_for_connector_0_only() -> None:
    assert answer_to(flat(MAX, 32), 0) == "Accepted"
    assert answer_to(flat(MAX, 32), 1) == "Rejected"


def test_a2_a_tx_profile_is_for_a_connector_only() -> None:
    assert answer_to(flat(TX, 16), 1) == "Accepted"
    assert answer_to(flat(TX, 16), 0) == "Rejected"


def test_a3_a_tx_profile_needs_a_transaction_on_that_connector() -> None:
    assert answer_to(flat(TX, 16), 1, TWO, running={}) == "Rejected"
    assert answer_to(flat(TX, 16), 2, TWO, running=CAR) == "Rejected"
    assert answer_to(flat(TX, 16), 2, TWO, running=CARS) == "Accepted"


def test_a3_another_transaction_s_profile_is_rejected_or_its_id_not_looked_at() -> None:
    other = flat(TX, 9, transaction=7)
    assert answer_to(other) == "Rejected"
    lax = replace(CAN, matches_transaction=False)
    assert amps(given((1, other), can=lax), 60, can=lax) == 9


def test_a3_without_an_id_it_is_for_the_transaction_that_runs_and_no_later_one() -> None:
    held = given((1, flat(TX, 9)))
    assert amps(held, 60) == 9
    assert amps(held, 60, running={1: ocpp.Transaction(43, NOON)}) is None


@pytest.mark.parametrize("first", [1, 60, -60])
def test_a4_the_first_period_starts_at_0(first: int) -> None:
    rows = ({"startPeriod": first, "limit": 6}, {"startPeriod": 100, "limit": 8})
    assert code_of(plain(chargingSchedule=schedule(*rows))) == CONSTRAINT


def test_a4_periods_come_in_order() -> None:
    rows = [{"startPeriod": start, "limit": 6} for start in (0, 200, 100)]
    assert code_of(plain(chargingSchedule=schedule(*rows))) == CONSTRAINT
    rows = [{"startPeriod": start, "limit": 6} for start in (0, 100, 100)]
    assert code_of(plain(chargingSchedule=schedule(*rows))) == CONSTRAINT


@pytest.mark.parametrize(
    ("limit", "code"),
    [
        (16, ""), (16.1, ""), (0.3, ""), (11040.7, ""), (0, ""), (0.0, ""),
        (16.05, CONSTRAINT), (9.99, CONSTRAINT), (-0.1, CONSTRAINT), (-6, CONSTRAINT),
    ],
)  # fmt: skip
def test_a4_limits_have_one_decimal_and_are_not_negative(limit: float, code: str) -> None:
    assert code_of(plain(chargingSchedule=schedule({"startPeriod": 0, "limit": limit}))) == code
    assert code_of(plain(chargingSchedule=schedule(minChargingRate=limit))) == code


def test_a4_a_limit_of_0_is_a_pause() -> None:
    assert amps(given((1, flat(TX, 0))), 60) == 0


def test_a5_a_recurrence_belongs_to_recurring_profiles_and_is_needed_there() -> None:
    assert code_of(plain(recurrencyKind="Daily")) == CONSTRAINT
    assert code_of(plain(chargingProfileKind="Recurring")) == "OccurenceConstraintViolation"
    assert code_of(plain(chargingProfileKind="Recurring", recurrencyKind="Weekly")) == ""


def test_a5_stack_levels_go_from_0_to_the_highest() -> None:
    assert code_of(plain(stackLevel=-1)) == CONSTRAINT
    can = ocpp.Capabilities(max_level=3)
    assert answer_to(flat(DEFAULT, 16, level=3), can=can) == "Accepted"
    assert answer_to(flat(DEFAULT, 16, level=4), can=can) == "Rejected"


def test_a5_a_schedule_has_no_more_periods_than_the_station_takes() -> None:
    can = ocpp.Capabilities(max_periods=2)
    assert answer_to(profile(DEFAULT, (0, 6), (60, 8)), can=can) == "Accepted"
    assert answer_to(profile(DEFAULT, (0, 6), (60, 8), (90, 9)), can=can) == "Rejected"


def test_a5_no_more_profiles_than_the_station_holds_but_one_may_replace() -> None:
    can = ocpp.Capabilities(max_installed=2)
    held = given((1, flat(DEFAULT, 6)), (1, flat(DEFAULT, 7, id=2, level=1)), can=can)
    assert answer_to(flat(DEFAULT, 8, id=3, level=2), can=can, installed=held) == "Rejected"
    assert answer_to(flat(DEFAULT, 8, id=3, level=1), can=can, installed=held) == "Accepted"


@pytest.mark.parametrize(
    ("keys", "unit", "answer"),
    [
        ("Current", "A", "Accepted"), ("Current", "W", "Rejected"),
        ("Power", "A", "Rejected"), ("power", "W", "Accepted"),
        ("Current,Power", "A", "Accepted"), ("Current, Power", "W", "Accepted"),
    ],
)  # fmt: skip
def test_a5_current_is_amperes_and_power_is_watts(keys: str, unit: str, answer: str) -> None:
    can = ocpp.Capabilities(units=rate_units(keys))
    assert answer_to(flat(DEFAULT, 16, unit=unit), can=can) == answer


def test_a6_a_tx_profile_may_have_a_validity() -> None:
    held = given((1, flat(TX, 9, valid_from=NOON + 60, valid_to=NOON + 120)))
    assert [amps(held, at) for at in (59, 60, 119, 120)] == [None, 9, 9, None]


def test_a6_a_validity_that_has_passed_is_taken_or_not() -> None:
    late = flat(TX, 9, valid_to=NOON)
    assert answer_to(late) == "Accepted"
    assert answer_to(late, can=ocpp.Capabilities(takes_expired=False)) == "Rejected"
    running_out = replace(late, valid_to=NOON + 1)
    assert answer_to(running_out, can=ocpp.Capabilities(takes_expired=False)) == "Accepted"


def test_a6_a_validity_that_ends_before_it_begins_is_rejected() -> None:
    assert answer_to(flat(TX, 9, valid_from=NOON + 60, valid_to=NOON + 60)) == "Rejected"
    assert answer_to(flat(TX, 9, valid_from=NOON + 60, valid_to=NOON + 61)) == "Accepted"


def test_b1_the_same_id_replaces_whatever_else_is_new() -> None:
    held = given((1, flat(DEFAULT, 6, level=1)), (1, flat(DEFAULT, 10, level=5)))
    assert [p.level for _, p in held.profiles] == [5]
    held = given((1, flat(DEFAULT, 6)), (1, flat(TX, 10, level=5)))
    assert [p.purpose for _, p in held.profiles] == [TX]


def test_b1_the_same_id_on_another_connector_is_another_profile_or_the_same() -> None:
    both = ((1, flat(DEFAULT, 6)), (2, flat(DEFAULT, 10)))
    assert [place for place, _ in given(*both, can=TWO).profiles] == [1, 2]
    one_of_an_id = replace(TWO, ids_per_connector=False)
    assert [place for place, _ in given(*both, can=one_of_an_id).profiles] == [2]


def test_b2_the_same_level_and_purpose_replaces_under_another_id() -> None:
    held = given((1, flat(DEFAULT, 6, id=1)), (1, flat(DEFAULT, 10, id=2)))
    assert [p.id for _, p in held.profiles] == [2]


def test_b2_another_level_or_purpose_or_connector_is_added() -> None:
    held = given(
        (1, flat(DEFAULT, 6, id=1)),
        (1, flat(DEFAULT, 7, id=2, level=1)),
        (1, flat(TX, 8, id=3)),
        (2, flat(DEFAULT, 9, id=4)),
        (0, flat(DEFAULT, 10, id=5)),
        can=TWO,
    )
    assert [p.id for _, p in held.profiles] == [1, 2, 3, 4, 5]


def test_b2_a_connector_s_default_replaces_the_station_s_there_only() -> None:
    held = given((0, flat(DEFAULT, 6, id=1)), (1, flat(DEFAULT, 10, id=2)), can=TWO)
    assert amps(held, 60, 1, TWO, CARS) == 10
    assert amps(held, 60, 2, TWO, CARS) == 6


def test_b3_one_message_may_replace_two() -> None:
    held = given(
        (1, flat(DEFAULT, 6, id=1, level=1)),
        (1, flat(DEFAULT, 8, id=2, level=2)),
        (1, flat(DEFAULT, 10, id=1, level=2)),
    )
    assert [(p.id, p.level) for _, p in held.profiles] == [(1, 2)]


def test_b3_what_is_neither_stays() -> None:
    held = given(
        (1, flat(DEFAULT, 6, id=1, level=1)),
        (1, flat(DEFAULT, 8, id=2, level=2)),
        (1, flat(DEFAULT, 9, id=3, level=3)),
        (1, flat(DEFAULT, 10, id=1, level=2)),
    )
    assert [(p.id, p.level) for _, p in held.profiles] == [(3, 3), (1, 2)]


def test_b4_a_replacement_that_is_valid_later_leaves_the_default_until_then() -> None:
    held = given(
        (1, flat(DEFAULT, 6, id=1)),
        (1, flat(TX, 10, id=2)),
        (1, flat(TX, 12, id=2, valid_from=NOON + HOUR_S)),
    )
    assert amps(held, 60) == 6
    assert amps(held, HOUR_S) == 12


def test_b4_what_is_refused_leaves_the_old_one_in_force() -> None:
    held = given((1, flat(TX, 10)))
    assert answer_to(flat(TX, 12, level=99), installed=held) == "Rejected"
    assert amps(held, 60) == 10


def test_b5_a_remote_start_takes_a_tx_profile_without_an_id() -> None:
    assert ocpp.remote_start(CAN, flat(TX, 10), NOON) == "Accepted"
    assert ocpp.remote_start(CAN, flat(TX, 10, transaction=41), NOON) == "Rejected"
    assert ocpp.remote_start(CAN, flat(DEFAULT, 10), NOON) == "Rejected"
    assert ocpp.remote_start(CAN, flat(TX, 10, level=99), NOON) == "Rejected"


def test_b5_its_profile_hides_the_default_and_is_replaced_on_its_level() -> None:
    held = given((1, flat(DEFAULT, 6, id=1)), (1, flat(TX, 10, id=2)))
    assert amps(held, 60) == 10
    _, same_level = ocpp.accept(CAN, held, 1, flat(TX, 12, id=3, transaction=41), NOON, CAR)
    assert [p.id for _, p in same_level.profiles] == [1, 3]
    above = flat(TX, 12, id=3, level=1, transaction=41)
    _, stacked = ocpp.accept(CAN, held, 1, above, NOON, CAR)
    assert [p.id for _, p in stacked.profiles] == [1, 2, 3]
