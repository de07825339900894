"""J: what OCPP 2.0.1 does otherwise (K01)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from simulator import ocpp
from simulator.ocpp import v201

from .stack import CAN, DEFAULT, NOON, TWO, TX

MAX, EXTERNAL = "ChargingStationMaxProfile", "ChargingStationExternalConstraints"
CAR = {1: v201.Transaction("one", NOON)}


def flat(purpose: str, limit: float, kind: str = "Absolute", **more: Any) -> v201.Profile:
    """A profile of one limit; a TxProfile is for transaction "one"."""
    start = None if kind == "Relative" else NOON
    made = {
        "id": 1,
        "level": 0,
        "schedules": (v201.Schedule(1, "A", (v201.Period(0, limit),), start),),
        "transaction": "one" if purpose == TX else None,
    }
    return v201.Profile(purpose=purpose, kind=kind, **{**made, **more})


def answer_to(
    one: v201.Profile,
    evse: int = 1,
    can: ocpp.Capabilities = CAN,
    installed: v201.Installed | None = None,
) -> tuple[str, str]:
    """The status and the reason's code; what is refused has words and changes nothing."""
    before = installed or v201.Installed()
    answer, after = v201.accept(can, before, evse, one, CAR)
    if answer != "Accepted":
        assert answer.reason
        assert after == before
    return str(answer), answer.code


def given(*placed: tuple[int, v201.Profile], can: ocpp.Capabilities = CAN) -> v201.Installed:
    installed = v201.Installed()
    for evse, one in placed:
        answer, installed = v201.accept(can, installed, evse, one, CAR)
        assert answer == "Accepted", answer.reason
    return installed


def amps(held: v201.Installed, after_s: float = 0, evse: int = 1, **more: Any) -> float | None:
    return v201.limit_at(more.pop("can", CAN), held, evse, NOON + after_s, CAR, **more).a


ACCEPTED = ("Accepted", "")


def test_j_the_station_s_maximum_is_for_evse_0_and_never_relative() -> None:
    assert answer_to(flat(MAX, 32), 0) == ACCEPTED
    assert answer_to(flat(MAX, 32), 1) == ("Rejected", "InvalidProfile")
    assert answer_to(flat(MAX, 32, "Relative"), 0) == ("Rejected", "InvalidProfile")
    assert answer_to(flat(DEFAULT, 32, "Relative"), 0) == ACCEPTED


def test_j_external_constraints_are_not_set_by_a_message() -> None:
    assert answer_to(flat(EXTERNAL, 32), 0) == ("Rejected", "InvalidProfile")


def test_j_nor_replaced_by_one() -> None:
    held = v201.Installed(((0, flat(EXTERNAL, 10, id=7)),))
    assert answer_to(flat(MAX, 32, id=7), 0, installed=held) == ("Rejected", "InvalidProfile")
    assert answer_to(flat(MAX, 32, id=8), 0, installed=held) == ACCEPTED


def test_j_but_they_limit() -> None:
    external = (0, flat(EXTERNAL, 10, id=7))
    held = given((0, flat(MAX, 20, id=1)), (1, flat(TX, 16, id=2)))
    assert amps(held) == 16
    assert amps(v201.Installed((*held.profiles, external))) == 10
    assert amps(v201.Installed((external,))) == 10


def test_j_an_unknown_evse_is_rejected() -> None:
    assert answer_to(flat(DEFAULT, 6), 2) == ("Rejected", "UnknownEvse")
    assert answer_to(flat(DEFAULT, 6), 2, TWO) == ACCEPTED


@pytest.mark.parametrize(
    ("evse", "transaction", "answer"),
    [
        (1, "one", ACCEPTED),
        (1, "two", ("Rejected", "TxNotFound")),
        (1, None, ("Rejected", "MissingParam")),
        (2, "one", ("Rejected", "TxNotFound")),
        (0, "one", ("Rejected", "InvalidProfile")),
    ],
)
def test_j_a_tx_profile_names_the_transaction_of_its_evse(
    evse: int, transaction: str | None, answer: tuple[str, str]
) -> None:
    assert answer_to(flat(TX, 6, transaction=transaction), evse, TWO) == answer


@pytest.mark.parametrize("kind", ["Absolute", "Recurring"])
def test_j_a_start_is_needed_unless_relative(kind: str) -> None:
    recurrency = "Daily" if kind == "Recurring" else None
    one = flat(DEFAULT, 6, kind, recurrency=recurrency)
    assert answer_to(one) == ACCEPTED
    without = replace(one, schedules=(replace(one.schedules[0], start=None),))
    assert answer_to(without) == ("Rejected", "InvalidSchedule")


def test_j_and_not_taken_if_relative() -> None:
    one = flat(DEFAULT, 6, "Relative")
    assert answer_to(one) == ACCEPTED
    started = replace(one, schedules=(replace(one.schedules[0], start=NOON),))
    assert answer_to(started) == ("Rejected", "InvalidSchedule")


def test_j_the_first_period_starts_at_0() -> None:
    late = v201.Schedule(1, "A", (v201.Period(5, 6),), NOON)
    with pytest.raises(ocpp.Invalid, match="first startPeriod"):
        answer_to(flat(DEFAULT, 6, schedules=(late,)))


def test_j_the_id_is_global() -> None:
    held = given((1, flat(DEFAULT, 6, id=5)), (2, flat(DEFAULT, 8, id=5)), can=TWO)
    assert [place for place, _ in held.profiles] == [2]


def test_j_a_level_that_is_taken_is_rejected_not_replaced() -> None:
    held = given((1, flat(DEFAULT, 6, id=1)))
    duplicate = ("Rejected", "DuplicateProfile")
    assert answer_to(flat(DEFAULT, 8, id=2), installed=held) == duplicate
    assert answer_to(flat(DEFAULT, 8, id=2, level=1), installed=held) == ACCEPTED
    assert answer_to(flat(DEFAULT, 8, id=1), installed=held) == ACCEPTED
    assert answer_to(flat(TX, 8, id=2), installed=held) == ACCEPTED


@pytest.mark.parametrize(
    ("first", "second", "answer"),
    [
        (0, 1, ("Rejected", "DuplicateProfile")),
        (1, 0, ("Rejected", "DuplicateProfile")),
        (2, 0, ("Rejected", "DuplicateProfile")),
        (1, 2, ACCEPTED),
    ],
)
def test_j_the_default_of_the_station_is_one_of_each_evse(
    first: int, second: int, answer: tuple[str, str]
) -> None:
    """K01.FR.52 and .53: a TxDefaultProfile on EVSE 0 is for all of them."""
    held = given((first, flat(DEFAULT, 6, id=1)), can=TWO)
    assert answer_to(flat(DEFAULT, 8, id=2), second, installed=held, can=TWO) == answer
    assert answer_to(flat(DEFAULT, 8, id=2, level=1), second, installed=held, can=TWO) == ACCEPTED
    assert answer_to(flat(DEFAULT, 8, id=1), second, installed=held, can=TWO) == ACCEPTED


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "answer"),
    [
        (NOON + 100, None, ACCEPTED),
        (None, NOON, ACCEPTED),
        (NOON + 99, None, ("Rejected", "DuplicateProfile")),
        (None, NOON + 1, ("Rejected", "DuplicateProfile")),
        (NOON + 20, NOON + 30, ("Rejected", "DuplicateProfile")),
    ],
)
def test_j_unless_they_are_never_valid_together(
    valid_from: float | None, valid_to: float | None, answer: tuple[str, str]
) -> None:
    held = given((1, flat(DEFAULT, 6, id=1, valid_from=NOON, valid_to=NOON + 100)))
    new = flat(DEFAULT, 8, id=2, valid_from=valid_from, valid_to=valid_to)
    assert answer_to(new, installed=held) == answer


def test_j_then_one_follows_the_other() -> None:
    held = given(
        (1, flat(DEFAULT, 6, id=1, valid_to=NOON + 100)),
        (1, flat(DEFAULT, 8, id=2, valid_from=NOON + 100)),
    )
    assert [amps(held, at) for at in (99, 100)] == [6, 8]


@pytest.mark.parametrize(
    ("phases", "switches", "answer"),
    [
        (1, True, ACCEPTED),
        (1, False, ("Rejected", "InvalidSchedule")),
        (1, None, ("Rejected", "InvalidSchedule")),
        (3, True, ("Rejected", "InvalidSchedule")),
        (None, True, ("Rejected", "InvalidSchedule")),
    ],
)
def test_j_a_phase_is_named_for_one_phase_that_can_be_switched(
    phases: int | None, switches: bool | None, answer: tuple[str, str]
) -> None:
    named = v201.Schedule(1, "A", (v201.Period(0, 6, phases, 2),), NOON)
    can = ocpp.Capabilities(switches_phases=switches)
    assert answer_to(flat(DEFAULT, 6, schedules=(named,)), can=can) == answer


def test_j_one_to_three_schedules_of_which_one_counts() -> None:
    three = tuple(v201.Schedule(n, "A", (v201.Period(0, 6.0 + n),), NOON) for n in (1, 2, 3))
    held = given((1, flat(TX, 6, schedules=three)))
    assert [amps(held, schedule=place) for place in (0, 1, 2, 3)] == [7, 8, 9, 9]
    for wrong in ((), (*three, three[0])):
        with pytest.raises(ocpp.Invalid, match="schedules") as caught:
            answer_to(flat(TX, 6, schedules=wrong))
        assert caught.value.code == "OccurrenceConstraintViolation"


def test_j_what_the_station_can_t_do_is_rejected_with_its_code() -> None:
    can = ocpp.Capabilities(units=("W",), max_level=1, max_periods=1, max_installed=1)
    watts = (v201.Schedule(1, "W", (v201.Period(0, 3000),), NOON),)
    assert answer_to(flat(DEFAULT, 6), can=can) == ("Rejected", "UnsupportedRateUnit")
    high = flat(DEFAULT, 6, level=2, schedules=watts)
    assert answer_to(high, can=can) == ("Rejected", "InvalidStackLevel")
    two = (v201.Schedule(1, "W", (v201.Period(0, 3000), v201.Period(9, 1000)), NOON),)
    assert answer_to(flat(DEFAULT, 6, schedules=two), can=can) == ("Rejected", "InvalidSchedule")
    held = given((1, flat(DEFAULT, 6, schedules=watts)), can=can)
    more = flat(DEFAULT, 6, id=2, level=1, schedules=watts)
    assert answer_to(more, can=can, installed=held) == ("Rejected", "OutOfStorage")


def test_j_another_transaction_s_profile_does_not_limit() -> None:
    held = given((1, flat(TX, 6, id=1)), (1, flat(DEFAULT, 16, id=2)))
    assert amps(held) == 6
    later = {1: v201.Transaction("two", NOON)}
    assert v201.limit_at(CAN, held, 1, NOON, later).a == 16


MESSAGE: dict[str, Any] = {
    "id": 4,
    "stackLevel": 2,
    "chargingProfilePurpose": TX,
    "chargingProfileKind": "Absolute",
    "transactionId": "one",
    "validTo": "2026-01-31T13:00:00Z",
    "chargingSchedule": [
        {
            "id": 9,
            "startSchedule": "2026-01-31T12:00:00Z",
            "duration": 600,
            "chargingRateUnit": "A",
            "chargingSchedulePeriod": [
                {"startPeriod": 0, "limit": 8.1, "numberPhases": 1, "phaseToUse": 2}
            ],
        }
    ],
}


def test_j_the_json_is_read() -> None:
    period = v201.Period(0, 8.1, 1, 2)
    schedule = v201.Schedule(9, "A", (period,), NOON, 600)
    expected = v201.Profile(
        4, 2, TX, "Absolute", (schedule,), transaction="one", valid_to=NOON + 3600
    )
    assert v201.parse(MESSAGE) == expected
    assert v201.parse({**MESSAGE, "customData": {"vendorId": "x"}}) == expected


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"transactionId": 41}, "TypeConstraintViolation"),
        ({"chargingSchedule": {}}, "TypeConstraintViolation"),
        ({"chargingSchedule": []}, "OccurrenceConstraintViolation"),
        ({"chargingSchedule": [{"id": 1}]}, "ProtocolError"),
        ({"chargingProfilePurpose": "ChargePointMaxProfile"}, "PropertyConstraintViolation"),
        ({"chargingProfilePurpose": DEFAULT}, "PropertyConstraintViolation"),
        ({"chargingProfileId": 4}, "FormationViolation"),
        ({"stackLevel": -1}, "PropertyConstraintViolation"),
    ],
)
def test_j_what_can_t_be_read_is_a_call_error(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(ocpp.Invalid) as caught:
        v201.parse({**MESSAGE, **changes})
    assert caught.value.code == code


def test_j_a_phase_that_does_not_exist_is_a_call_error() -> None:
    named = v201.Schedule(1, "A", (v201.Period(0, 6, 1, 4),), NOON)
    with pytest.raises(ocpp.Invalid, match="phaseToUse"):
        answer_to(flat(DEFAULT, 6, schedules=(named,)))
