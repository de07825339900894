"""F: what is cleared (5.5). A7: what is kept. H: the configuration keys (9.4). And the JSON."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import Any

import pytest
from loadjuggler.loads.ocpp.rate_units import rate_units

from simulator import ocpp

from .stack import (
    CAR,
    CARS,
    DEFAULT,
    MAX,
    NOON,
    TWO,
    TX,
    amps,
    flat,
    given,
    plain,
    profile,
    schedule,
)

HELD = given(
    (0, flat(MAX, 32, id=1)),
    (0, flat(DEFAULT, 6, id=2)),
    (1, flat(DEFAULT, 8, id=3, level=1)),
    (1, flat(TX, 10, id=4)),
    (2, flat(TX, 12, id=5, level=1)),
    can=TWO,
    running=CARS,
)


def ids(installed: ocpp.Installed) -> list[int]:
    return [one.id for _, one in installed.profiles]


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        pytest.param({}, [], id="f1: no fields, all"),
        pytest.param({"id": 4}, [1, 2, 3, 5], id="f2: by id"),
        pytest.param({"id": 4, "connector": 2, "level": 9}, [1, 2, 3, 5], id="f2: id alone counts"),
        pytest.param({"purpose": DEFAULT}, [1, 4, 5], id="f3: a purpose on any connector"),
        pytest.param({"purpose": DEFAULT, "level": 1}, [1, 2, 4, 5], id="f3: both must match"),
        pytest.param({"connector": 1}, [1, 2, 5], id="f3: a connector"),
        pytest.param({"connector": 0}, [3, 4, 5], id="f3: the station's own only"),
        pytest.param({"connector": 0, "purpose": DEFAULT}, [1, 3, 4, 5], id="f3: of these one"),
        pytest.param({"level": 0}, [3, 5], id="f3: a level"),
        pytest.param({"level": 1, "connector": 2, "purpose": TX}, [1, 2, 3, 4], id="f3: all three"),
    ],
)
def test_f_what_is_cleared(asked: dict[str, Any], left: list[int]) -> None:
    answer, after = ocpp.clear(HELD, **asked)
    assert answer == "Accepted"
    assert ids(after) == left


@pytest.mark.parametrize(
    "asked",
    [
        {"id": 99},
        {"id": 99, "connector": 1},
        {"connector": 2, "purpose": DEFAULT},
        {"level": 7},
        {"connector": 99},
    ],
)
def test_f4_nothing_that_matches_is_unknown(asked: dict[str, Any]) -> None:
    answer, after = ocpp.clear(HELD, **asked)
    assert answer == "Unknown"
    assert after == HELD


def test_f4_nothing_there_at_all_is_unknown() -> None:
    assert ocpp.clear(ocpp.Installed())[0] == "Unknown"


def test_f_a_purpose_that_does_not_exist_is_a_call_error() -> None:
    with pytest.raises(ocpp.Invalid, match="Nonsense") as caught:
        ocpp.clear(HELD, purpose="Nonsense")
    assert caught.value.code == "PropertyConstraintViolation"


def test_a7_what_was_accepted_outlives_a_reboot() -> None:
    stored = json.dumps(HELD.to_json(), allow_nan=False)
    after = ocpp.Installed.from_json(json.loads(stored))
    assert after == HELD
    assert amps(after, 60, 1, TWO, CARS) == amps(HELD, 60, 1, TWO, CARS) == 10


def test_a7_the_profiles_of_a_transaction_end_with_it() -> None:
    after = ocpp.ended(HELD, 1, 41)
    assert ids(after) == [1, 2, 3, 5]
    assert ids(ocpp.ended(after, 2, 42)) == [1, 2, 3]


def test_a7_those_of_another_transaction_stay() -> None:
    assert ocpp.ended(HELD, 1, 99) == HELD
    assert ocpp.ended(HELD, 2, 41) == HELD


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {},
        {"profiles": 3},
        {"profiles": [{"connector": 1}]},
        {"profiles": [{"connector": -1, "profile": HELD.to_json()["profiles"][0]["profile"]}]},
        {"profiles": [{"connector": "1", "profile": HELD.to_json()["profiles"][0]["profile"]}]},
    ],
)
def test_a7_damaged_storage_is_refused_in_words(data: Any) -> None:
    with pytest.raises(ocpp.Invalid, match=r"\w+ \w+"):
        ocpp.Installed.from_json(data)


@pytest.mark.parametrize("limit", [-5, float("nan"), 10**400, "16", None])
def test_a7_a_stored_limit_that_can_t_be_is_refused_in_words(limit: Any) -> None:
    data = HELD.to_json()
    data["profiles"][3]["profile"]["schedule"]["periods"][0]["limit"] = limit
    with pytest.raises(ocpp.Invalid, match="limit is"):
        ocpp.Installed.from_json(data)


def test_h_the_keys_say_what_the_station_can_do() -> None:
    can = ocpp.Capabilities(max_level=3, max_periods=5, max_installed=9, units=("W",))
    assert ocpp.configuration(can) == {
        "ChargeProfileMaxStackLevel": "3",
        "ChargingScheduleAllowedChargingRateUnit": "Power",
        "ChargingScheduleMaxPeriods": "5",
        "MaxChargingProfilesInstalled": "9",
    }


def test_h_the_optional_key_is_there_if_it_is_known() -> None:
    keys = ocpp.configuration(ocpp.Capabilities(switches_phases=False))
    assert keys["ConnectorSwitch3to1PhaseSupported"] == "false"
    assert keys["ChargingScheduleAllowedChargingRateUnit"] == "Current,Power"
    assert ocpp.configuration(ocpp.Capabilities(smart=False)) == {}


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("Current,Power", ("A", "W")), ("Power, Current", ("A", "W")), ("Current", ("A",)),
        ("power", ("W",)), ("POWER", ("W",)), ("A", ("A",)), ("w", ("W",)),
        ("", ()), ("Unknown", ()),
    ],
)  # fmt: skip
def test_h_the_units_of_a_charger_are_read_however_it_writes_them(
    text: str, units: tuple[str, ...]
) -> None:
    assert rate_units(text) == units


@pytest.mark.parametrize(
    "fields", [{"connectors": 0}, {"phases": 4}, {"voltage_v": 0.0}, {"max_a": float("nan")}]
)
def test_h_a_station_that_can_t_be_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ocpp.Invalid, match="a station with"):
        ocpp.Capabilities(**fields)


FULL = plain(
    chargingProfilePurpose=TX,
    transactionId=41,
    chargingProfileKind="Recurring",
    recurrencyKind="Weekly",
    validFrom="2026-01-30T00:00:00Z",
    validTo="2026-02-28T23:59:59Z",
    chargingSchedule=schedule(
        {"startPeriod": 0, "limit": 16.1, "numberPhases": 3},
        {"startPeriod": 3600, "limit": 6},
        duration=7200,
        startSchedule="2026-01-31T12:00:00Z",
        minChargingRate=6.5,
    ),
)


def test_json_says_the_same_after_reading_it() -> None:
    assert ocpp.plain(ocpp.parse(FULL)) == FULL
    assert ocpp.plain(ocpp.parse(plain())) == plain()


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-31T12:00:00Z",
        "2026-01-31T12:00:00.000Z",
        "2026-01-31T12:00:00+00:00",
        "2026-01-31T13:00:00+01:00",
        "2026-01-31T12:00:00",
    ],
)
def test_json_times_are_read_in_any_zone_and_said_in_utc(text: str) -> None:
    one = ocpp.parse(plain(validFrom=text))
    assert one.valid_from == NOON
    assert ocpp.plain(one)["validFrom"] == "2026-01-31T12:00:00Z"


def test_json_times_without_a_zone_are_utc_wherever_the_station_stands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    try:
        with monkeypatch.context() as here:
            here.setenv("TZ", "Europe/Ljubljana")
            time.tzset()
            one = ocpp.parse(plain(validFrom="2026-01-31T12:00:00"))
            said = ocpp.plain(one)["validFrom"]
    finally:
        time.tzset()
    assert one.valid_from == NOON
    assert said == "2026-01-31T12:00:00Z"


def test_json_limits_are_said_in_tenths_rounded_down() -> None:
    one = profile(TX, (0, 9.99), (10, 16.1), (20, 0.3))
    one = replace(one, schedule=replace(one.schedule, min_rate=6.07))
    said = ocpp.plain(one)["chargingSchedule"]
    assert [row["limit"] for row in said["chargingSchedulePeriod"]] == [9.9, 16.1, 0.3]
    assert said["minChargingRate"] == 6.0


def test_values_that_no_json_could_hold_are_refused_too() -> None:
    for broken in (
        profile(TX),
        flat(TX, float("nan")),
        flat(TX, 6, start=1e300),
        flat(TX, 6, valid_to=float("inf")),
        profile(TX, (0, 6, 4)),
        flat(TX, 6, duration_s=-1.0),
    ):
        with pytest.raises(ocpp.Invalid):
            ocpp.accept(TWO, ocpp.Installed(), 1, broken, NOON, CAR)
