"""From amounts to service calls: exactly what Home Assistant is asked to do, and when not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from loadjuggler.calls import ServiceCall
from loadjuggler.loads import drive as drivers
from loadjuggler.loads.ocpp.ways import WAYS as WAYS_FOUND
from loadjuggler.measure.readings import LoadReading, SessionReading
from loadjuggler.memory.load import LoadMemory
from loadjuggler.memory.told import Calls, Command
from loadjuggler.options import Options
from loadjuggler.site.model import Load

from simulator import ocpp
from simulator.ocpp import v201
from simulator.ocpp.station import Capabilities
from tests.engine.memories import remembered

from .house import House, charger_form, plug_form, site_form
from .readings import charging

NOW = 1_000_000.0


def charger(**form: Any) -> Load:
    return House.of(site_form(), charger_form("left", "BCA", **form)).site.loads["left"]


def plug() -> Load:
    return House.of(site_form(), plug_form("boiler")).site.loads["boiler"]


def reading(load: Load, **changes: Any) -> LoadReading:
    session = SessionReading(transaction=changes.pop("transaction", 0))
    return charging(**{"legs": load.legs, "session": session, **changes})


def profile_of(call: ServiceCall | None) -> dict[str, Any]:
    assert call is not None
    return dict(call.data["custom_profile"])


def told(
    load: Load, seen: LoadReading, memory: LoadMemory, amps: float, now: float = NOW
) -> tuple[list[ServiceCall], LoadMemory]:
    """The calls for `amps` at `now`, and the memory of them."""
    calls, after = drivers.command(load, seen, memory, amps, now, Options())
    return list(calls), after


def laid(load: Load, amps: float, transaction: int = 5, **changes: Any) -> LoadMemory:
    """Memory of a charger that was told `amps` in a transaction, and all that goes with it."""
    seen, memory = reading(load, transaction=transaction), LoadMemory()
    for _ in range(3):
        calls, memory = told(load, seen, memory, amps)
        for call in calls:
            memory = memory.delivered(call.delivers) if call.tells else memory.aside_delivered()
    return remembered(memory, **{"sure": True, **changes})


def limit_of(made: Mapping[str, Any]) -> float:
    return float(made["chargingSchedule"]["chargingSchedulePeriod"][0]["limit"])


# --- OCPP ----------------------------------------------------------------------------------------


def test_during_a_transaction_the_exact_two_profiles_of_ocpp_1_6() -> None:
    """The command above, valid for 180 s by the clock, the fallback current below it without end.

    OCPP 1.6 7.8: a TxProfile names its transaction, of several the highest stack level wins; 7.13:
    startSchedule is where an Absolute one begins. 1 000 000 s are 12 Jan 1970, 13:46:40 UTC.
    """
    load = charger(devid="CP 1", connector=2, fallback_current_a=8)
    calls, memory = told(load, reading(load, transaction=4711), LoadMemory(), 13.7)
    where = {"devid": "CP 1", "conn_id": 2}
    command = {
        "chargingProfileId": 7021,
        "transactionId": 4711,
        "stackLevel": 1,
        "chargingProfilePurpose": "TxProfile",
        "chargingProfileKind": "Absolute",
        "validTo": "1970-01-12T13:49:40Z",
        "chargingSchedule": {
            "chargingRateUnit": "A",
            "startSchedule": "1970-01-12T13:45:40Z",
            "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 13.7}],
        },
    }
    safe = {
        "chargingProfileId": 7022,
        "transactionId": 4711,
        "stackLevel": 0,
        "chargingProfilePurpose": "TxProfile",
        "chargingProfileKind": "Relative",
        "chargingSchedule": {
            "chargingRateUnit": "A",
            "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 8.0}],
        },
    }
    assert [(call.load_id, call.domain, call.service, call.data, call.slot) for call in calls] == [
        ("left", "ocpp", "set_charge_rate", {**where, "custom_profile": command}, "TxProfile"),
        ("left", "ocpp", "set_charge_rate", {**where, "custom_profile": safe}, "safe"),
    ]
    assert calls[0].delivers == (13.7, 4711, None)
    assert (memory.command.held(), memory.profiles.safe_a) == ((13.7, 4711, None), 8.0)


@pytest.mark.parametrize(
    ("form", "safe_a"),
    [
        pytest.param({}, 6.0, id="6 A, if nothing is said"),
        pytest.param({"fallback_current_a": 10}, 10.0, id="what the form says"),
        pytest.param({"fallback_current_a": 0}, 0.0, id="0: it pauses"),
        pytest.param({"fallback_current_a": 32}, 16.0, id="never more than its maximum of 16 A"),
        pytest.param({"fallback_current_a": 7.5, "step_a": 1}, 7.0, id="whole amperes: down"),
    ],
)
def test_what_a_charger_falls_back_on(form: dict[str, Any], safe_a: float) -> None:
    load = charger(**form)
    calls, _ = told(load, reading(load, transaction=5), LoadMemory(), 12.0)
    assert limit_of(profile_of(calls[1])) == safe_a


def test_the_safe_current_is_laid_once_and_the_default_of_the_next_car_after_it() -> None:
    """Told 12 A before the transaction; the next car must not start with them."""
    load = charger()
    seen = reading(load, transaction=5)
    calls, memory = told(load, seen, remembered(default_a=12.0), 12.0)
    assert [call.slot for call in calls] == ["TxProfile", "safe"]
    assert told(load, seen, memory, 12.0)[0] == [], "while the command is under way"
    memory = memory.delivered(calls[0].delivers)
    calls, memory = told(load, seen, memory, 12.0)
    assert [(call.slot, limit_of(profile_of(call))) for call in calls] == [
        ("TxDefaultProfile", 6.0)
    ]
    memory = memory.delivered(calls[0].delivers)
    assert told(load, seen, memory, 12.0)[0] == []
    assert memory.command_a(5) == 12.0


def test_a_new_transaction_gets_both_layers_though_the_amount_is_the_same() -> None:
    load = charger()
    calls, memory = told(load, reading(load, transaction=6), laid(load, 12.0), 12.0)
    assert [(call.slot, profile_of(call)["transactionId"]) for call in calls] == [
        ("TxProfile", 6),
        ("safe", 6),
    ]
    assert memory.command.tx == 6


@pytest.mark.parametrize(
    ("after_s", "calls"),
    [
        pytest.param(59.0, 0, id="valid for 121 s more"),
        pytest.param(60.0, 1, id="a third of 180 s"),
        pytest.param(1000.0, 1, id="run out: Home Assistant was away"),
        pytest.param(-3600.0, 1, id="the clock was set back by an hour"),
    ],
)
def test_a_command_is_renewed_after_a_third_of_its_time(after_s: float, calls: int) -> None:
    load = charger()
    memory = laid(load, 12.0)
    again, after = told(load, reading(load, transaction=5), memory, 12.0, NOW + after_s)
    assert [limit_of(profile_of(call)) for call in again] == [12.0] * calls
    assert [call.slot for call in again] == ["TxProfile"] * calls
    assert after.calls.commanded_at == memory.calls.commanded_at


def test_a_cut_to_nothing_comes_before_the_safe_current() -> None:
    load = charger()
    calls, _ = told(load, reading(load, transaction=5), remembered(default_a=12.0), 0.0)
    assert [limit_of(profile_of(call)) for call in calls] == [0.0, 6.0]


def test_a_layer_that_failed_is_laid_again_and_the_command_with_it() -> None:
    load = charger()
    memory = laid(load, 12.0).aside_failed("safe", "offline")
    assert (memory.calls.failures, memory.calls.error) == (1, "offline")
    calls, memory = told(load, reading(load, transaction=5), memory, 12.0)
    assert [call.slot for call in calls] == ["TxProfile", "safe"]
    memory = memory.delivered(calls[0].delivers).aside_delivered()
    assert (memory.calls.failures, memory.calls.error, memory.profiles.safe_a) == (0, "", 6.0)


def test_without_a_transaction_a_default_profile_that_the_next_one_starts_with() -> None:
    load = charger()
    (call,), memory = told(load, reading(load), LoadMemory(), 0.0)
    made = profile_of(call)
    assert made["chargingProfilePurpose"] == "TxDefaultProfile"
    assert "transactionId" not in made
    assert "validTo" not in made, "it is what a charger has without us"
    assert limit_of(made) == 6.0, "0 A would stay for the next session if we were gone"
    assert (memory.command_a(0), memory.command.default_a, memory.command.tx_a) == (0.0, 6.0, None)


def test_the_profiles_of_two_connectors_and_three_uses_never_replace_each_other() -> None:
    ids = set()
    for connector in (1, 2, 10):
        load = charger(connector=connector)
        for transaction in (0, 5):
            calls, _ = told(load, reading(load, transaction=transaction), LoadMemory(), 8)
            ids |= {profile_of(call)["chargingProfileId"] for call in calls}
    assert len(ids) == 9


@pytest.mark.parametrize(
    ("amps", "sent"),
    [
        pytest.param(10.55, 10.5, id="10.55 A would be swallowed by the integration"),
        pytest.param(7.999999999, 8.0, id="noise of computing is not a lower step"),
        pytest.param(6.0, 6.0, id="whole amperes as they are"),
    ],
)
def test_a_limit_is_a_multiple_of_a_tenth(amps: float, sent: float) -> None:
    load = charger()
    (call,), _ = told(load, reading(load), LoadMemory(), amps)
    limit = limit_of(profile_of(call))
    assert limit == sent
    assert round(limit * 10) == pytest.approx(limit * 10, abs=1e-9)


@pytest.mark.parametrize(
    ("memory", "transaction", "calls"),
    [
        pytest.param(remembered(default_a=8.0), 0, False, id="the default, without a transaction"),
        pytest.param(remembered(tx_a=8.0, tx=5, default_a=6.0), 0, True, id="transaction is over"),
        pytest.param(remembered(default_a=9.0), 0, True, id="something else"),
        pytest.param(LoadMemory(), 0, True, id="never told anything"),
        pytest.param(remembered(default_a=8.0), 5, True, id="nothing to fall back on in this one"),
    ],
)
def test_what_is_in_force_is_not_sent_again(
    memory: LoadMemory, transaction: int, calls: bool
) -> None:
    load = charger()
    made, _ = told(load, reading(load, transaction=transaction), memory, 8.0)
    assert bool(made) == calls


def test_a_charger_that_does_not_exist_is_never_commanded() -> None:
    """An unknown devid would command the integration's first charger, somebody else's car."""
    load, memory = charger(), LoadMemory()
    unknown = reading(load, connected=False, transaction=5)
    assert told(load, unknown, memory, 8.0) == ([], memory)
    assert drivers.safe_level(load, unknown, memory) == (None, memory)
    assert drivers.release(load, unknown, memory) == ()


def test_without_a_car_the_minimum_is_left_as_default_once() -> None:
    load = charger()
    idle = reading(load, active=False, status="Available")
    call, memory = drivers.safe_level(load, idle, remembered(default_a=16.0))
    made = profile_of(call)
    assert made["chargingProfilePurpose"] == "TxDefaultProfile"
    assert limit_of(made) == 6.0
    assert drivers.safe_level(load, idle, memory)[0] is None


def test_a_charger_that_leaves_the_plan_keeps_its_minimum_now_and_for_the_next_car() -> None:
    """Also if its minimum is what it was told: that would run out."""
    load = charger()
    for amps in (16.0, 6.0):
        memory = remembered(laid(load, amps), default_a=16.0)
        calls = drivers.release(load, reading(load, transaction=5), memory)
        made = [profile_of(call) for call in calls]
        purposes = [one["chargingProfilePurpose"] for one in made]
        assert purposes == ["TxDefaultProfile", "TxProfile"]
        assert {limit_of(one) for one in made} == {6.0}
        assert not any("validTo" in one for one in made)
        assert made[1]["stackLevel"] == 1, "it takes the place of what it was told"


def test_a_charger_without_a_session_that_leaves_the_plan_gets_one_call() -> None:
    load = charger()
    assert len(drivers.release(load, reading(load), LoadMemory())) == 1
    assert drivers.release(load, reading(load), remembered(default_a=6.0)) == ()


# --- switches ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found_on", "told_a", "amps", "service"),
    [
        pytest.param(True, None, 10.0, None, id="found on and wanted on: adopted"),
        pytest.param(False, None, 0.0, None, id="found off and wanted off: adopted"),
        pytest.param(True, None, 0.0, "turn_off", id="found on and wanted off"),
        pytest.param(False, None, 10.0, "turn_on", id="found off and wanted on"),
        pytest.param(True, 10.0, 0.0, "turn_off", id="told on, now wanted off"),
        pytest.param(False, 0.0, 10.0, "turn_on", id="told off, now wanted on"),
        pytest.param(True, 10.0, 8.7, None, id="its power was measured anew: still on"),
        pytest.param(False, 10.0, 10.0, None, id="switched off by hand after our command: left so"),
        pytest.param(True, 0.0, 0.0, None, id="switched on by hand after our command: left so"),
    ],
)
def test_a_plug_is_switched_only_where_something_changes(
    found_on: bool, told_a: float | None, amps: float, service: str | None
) -> None:
    load = plug()
    memory = remembered(default_a=told_a)
    calls, after = told(load, reading(load, on=found_on), memory, amps)
    assert after.command.default_a == amps
    data = {"entity_id": "switch.boiler"}
    wanted = [ServiceCall("boiler", "switch", service, data, (None, 0, amps))] if service else []
    assert calls == wanted


def test_a_helper_that_plays_a_switch_is_called_by_its_own_domain() -> None:
    form = plug_form("boiler", switch="input_boolean.boiler")
    load = House.of(site_form(), form).site.loads["boiler"]
    (call,), _ = told(load, reading(load, on=False), LoadMemory(), 10.0)
    assert (call.domain, call.service) == ("input_boolean", "turn_on")


def test_a_plug_that_leaves_the_plan_stays_as_it_is() -> None:
    load = plug()
    assert drivers.release(load, reading(load, on=True), remembered(default_a=10.0)) == ()
    assert drivers.safe_level(load, reading(load, on=True), LoadMemory())[0] is None


def test_a_switch_that_can_not_be_reached_is_not_called() -> None:
    load, memory = plug(), LoadMemory()
    unreachable = reading(load, connected=False, active=False, on=None)
    assert told(load, unreachable, memory, 10.0) == ([], memory)


# --- calls under way -----------------------------------------------------------------------------


def sent(load: Load, memory: LoadMemory, amps: float) -> tuple[ServiceCall, LoadMemory]:
    (call,), after = told(load, reading(load), memory, amps)
    return call, after


def test_a_call_that_failed_is_forgotten_and_sent_again() -> None:
    """8 A hold; 12 A were sent and failed: 8 A hold still, and 12 A go out in the next run."""
    load = charger()
    call, memory = sent(load, remembered(default_a=8.0), 12.0)
    failed = memory.not_delivered(call.delivers, "timeout")
    assert (failed.command.default_a, failed.calls.failures, failed.calls.error) == (
        8.0,
        1,
        "timeout",
    )
    again, _ = sent(load, failed, 12.0)
    assert profile_of(again)["chargingSchedule"]["chargingSchedulePeriod"][0]["limit"] == 12.0


def test_two_calls_under_way_that_both_fail_leave_what_was_delivered_before() -> None:
    load = charger()
    first, memory = sent(load, remembered(default_a=8.0), 12.0)
    second, memory = sent(load, memory, 14.0)
    memory = memory.not_delivered(first.delivers, "offline")
    assert memory.command.default_a == 14.0, "the newer call is still under way"
    assert memory.not_delivered(second.delivers, "offline").command.default_a == 8.0


def test_the_older_of_two_calls_went_through_and_the_newer_failed() -> None:
    load = charger()
    first, memory = sent(load, remembered(default_a=8.0), 12.0)
    second, memory = sent(load, memory, 14.0)
    memory = memory.delivered(first.delivers)
    assert memory.not_delivered(second.delivers, "offline").command.default_a == 12.0


def test_a_call_that_went_through_clears_the_failures() -> None:
    load = charger()
    call, memory = sent(load, remembered(failures=3, error="offline"), 12.0)
    good = memory.delivered(call.delivers)
    assert (good.command, good.calls) == (Command(default_a=12.0), Calls())


def test_a_session_is_told_once_more_in_case_it_was_told_too_early() -> None:
    """A profile that comes before its transaction is known is rejected (5.16.4), and nobody hears.

    After 10 s both layers are laid anew, once; the command is no new one for anybody else.
    """
    load = charger(fallback_current_a=6)
    seen = reading(load, transaction=5)
    memory = laid(load, 12.0, sure=False)
    assert told(load, seen, memory, 12.0, NOW + 9.0)[0] == []
    calls, memory = told(load, seen, memory, 12.0, NOW + 10.0)
    assert [limit_of(profile_of(call)) for call in calls] == [12.0, 6.0]
    for call in calls:
        memory = memory.delivered(call.delivers) if call.tells else memory.aside_delivered()
    assert told(load, seen, memory, 12.0, NOW + 30.0)[0] == []


# --- a session that begins where there is no room for it ------------------------------------------

LATER = 1_800_000_000.0
"""2027: an Absolute profile without end begins in 2020."""


def waiting(load: Load, *, crowded: bool = True, **changes: Any) -> LoadReading:
    """A car of 6 to 16 A that waits for its session; the limits have no room for its minimum."""
    session = SessionReading(crowded=crowded, **changes)
    return charging(legs=load.legs, status="Preparing", session=session)


def in_force_a(call: ServiceCall, began_at: float, at: float) -> float | None:
    """A per leg that a session from `began_at` on has at `at`, on a charger by the standard."""
    place, connector, made = call.data["conn_id"], 1, profile_of(call)
    if "id" in made:  # OCPP 2.0.1
        running = {connector: v201.Transaction("one", began_at)}
        new = v201.parse(made)
        answer, held = v201.accept(Capabilities(), v201.Installed(), place, new, {})
        assert answer == "Accepted", answer.reason
        return v201.limit_at(Capabilities(), held, connector, at, running).a
    begun = {connector: ocpp.Transaction(1, began_at)}
    profile = ocpp.parse(made)
    answer, found = ocpp.accept(Capabilities(), ocpp.Installed(), place, profile, LATER, {})
    assert answer == "Accepted", answer.reason
    return ocpp.limit_at(Capabilities(), found, connector, at, begun).a


WAYS = [
    pytest.param({}, "", id="two layers"),
    pytest.param({"layers": "1"}, "", id="one layer"),
    pytest.param({"stack_level": 3}, "", id="from level 3 on"),
    pytest.param({"rate_unit": "W"}, "", id="in W"),
    pytest.param({"profile_kind": "Relative"}, "", id="always Relative"),
    pytest.param({"profile_purpose": "TxDefaultProfile"}, "", id="by its default"),
    pytest.param({"profile_purpose": "ChargePointMaxProfile", "profile_kind": "Relative"}, "",
                 id="by the maximum of the station, Relative"),
    pytest.param({"ocpp_version": "2.0.1"}, "", id="by OCPP 2.0.1"),
    *(pytest.param({}, way, id=f"found: {way}") for way in WAYS_FOUND[1:]),
]  # fmt: skip


@pytest.mark.parametrize(("form", "way"), WAYS)
@pytest.mark.parametrize("wait_s", [0.0, 7200.0])
def test_a_session_that_begins_without_room_has_0_a_for_a_minute_however_it_is_told(
    form: dict[str, Any], way: str, wait_s: float
) -> None:
    """OCPP 1.6, 7.9: a Relative schedule begins with the session, whatever a clock says.

    Nothing else may have to happen for the minimum to come back: Home Assistant may stop.
    """
    load = charger(**form)
    calls, memory = told(load, waiting(load), remembered(way=way), 0.0, LATER)
    assert len(calls) == 1
    began_at = LATER + wait_s
    assert [in_force_a(calls[0], began_at, began_at + s) for s in (0, 59, 61)] == [0, 0, 6]
    memory = memory.delivered(calls[0].delivers)
    for now in (LATER + 3600.0, LATER + 86400.0):
        assert told(load, waiting(load), memory, 0.0, now)[0] == [], "many write it to flash"
        assert told(load, waiting(load, crowded=False), memory, 0.0, now)[0] == []


@pytest.mark.parametrize(
    "form",
    [
        {"profile_kind": "Absolute"},
        {"profile_kind": "Absolute", "layers": "1"},
        {"profile_kind": "Absolute", "profile_purpose": "TxDefaultProfile"},
        {"profile_purpose": "ChargePointMaxProfile"},
        {"profile_purpose": "ChargePointMaxProfile", "ocpp_version": "2.0.1"},
    ],
    ids=str,
)
def test_a_charger_that_takes_absolute_profiles_only_is_held_by_its_clock(
    form: dict[str, Any],
) -> None:
    """Nothing counts from the begin of a session there. 15 min, renewed each 5: 12 writes an h."""
    load = charger(**form)
    calls, memory = told(load, waiting(load), LoadMemory(), 0.0, LATER)
    assert len(calls) == 1
    assert [in_force_a(calls[0], LATER + 10, LATER + s) for s in (10, 899, 901)] == [0, 0, 6]
    memory = memory.delivered(calls[0].delivers)
    assert told(load, waiting(load), memory, 0.0, LATER + 299.0)[0] == []
    calls, _ = told(load, waiting(load), memory, 0.0, LATER + 300.0)
    assert [in_force_a(calls[0], LATER + 1000, LATER + s) for s in (1199, 1201)] == [0, 6]


@pytest.mark.parametrize(("form", "way"), WAYS)
def test_a_session_that_is_held_is_told_0_a_when_it_begins(form: dict[str, Any], way: str) -> None:
    """The default holds it for a minute only."""
    load = charger(**form)
    calls, memory = told(load, waiting(load), remembered(way=way), 0.0, LATER)
    memory = memory.delivered(calls[0].delivers)
    begun = reading(load, transaction=5)
    begun = replace(begun, session=replace(begun.session, runs=True))
    calls, _ = told(load, begun, memory, 0.0, LATER + 10.0)
    found = [profile_of(call) for call in calls]
    by_session = [
        m for m in found if "transactionId" in m or m["chargingProfilePurpose"] == "TxProfile"
    ]
    last = by_session[0] if by_session else found[-1]
    schedule = last["chargingSchedule"]
    schedule = schedule[0] if isinstance(schedule, list) else schedule
    assert [row["limit"] for row in schedule["chargingSchedulePeriod"]] == [0.0]


def test_a_hold_that_did_not_go_through_is_no_hold_and_one_that_stayed_is_ended() -> None:
    """It is told again; a plain default that fails leaves the hold, and is written again, too."""
    load = charger(layers="1")
    _, plain = told(load, waiting(load, crowded=False), LoadMemory(), 0.0, LATER)
    plain = plain.delivered(plain.command.held())
    calls, failed = told(load, waiting(load), plain, 0.0, LATER)
    failed = drivers.failed(failed, calls[0], "timeout")
    assert failed.command_a(0) == 6.0, "its session would begin with its minimum"
    calls, held = told(load, waiting(load), failed, 0.0, LATER + 10.0)
    held = drivers.succeeded(held, calls[0])
    assert held.command_a(0) == 0.0
    gone = waiting(load, crowded=False)
    call, after = drivers.safe_level(load, gone, held)
    assert in_force_a(must(call), LATER, LATER) == 6.0
    after = drivers.failed(after, must(call), "timeout")
    again, after = drivers.safe_level(load, gone, after)
    assert in_force_a(must(again), LATER, LATER) == 6.0
    assert drivers.safe_level(load, gone, drivers.succeeded(after, must(again)))[0] is None


def must(call: ServiceCall | None) -> ServiceCall:
    assert call is not None
    return call


def test_a_make_that_is_not_told_0_a_is_not_held() -> None:
    """Its session would end a second after it began."""
    load = charger(pause_by="minimum")
    calls, _ = told(load, waiting(load, least_a=6.0), LoadMemory(), 0.0, LATER)
    assert in_force_a(calls[0], LATER, LATER) == 6.0


# --- OCPP 2.0.1 ----------------------------------------------------------------------------------


def test_by_ocpp_2_0_1_one_default_profile_in_its_own_form() -> None:
    """K01: `id`, schedules as a list, with ids; sessions have names there, so no TxProfile."""
    load = charger(ocpp_version="2.0.1", rate_unit="auto", connector=2)
    seen = reading(load, transaction=4711)
    calls, memory = told(load, seen, LoadMemory(), 13.7)
    assert [dict(call.data) for call in calls] == [
        {
            "devid": "left",
            "conn_id": 2,
            "custom_profile": {
                "id": 7020,
                "stackLevel": 0,
                "chargingProfilePurpose": "TxDefaultProfile",
                "chargingProfileKind": "Relative",
                "chargingSchedule": [
                    {
                        "id": 1,
                        "chargingRateUnit": "A",
                        "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 13.7}],
                    }
                ],
            },
        }
    ]
    assert told(load, seen, memory, 13.7)[0] == []


def test_by_ocpp_2_0_1_the_maximum_of_a_station_is_never_relative() -> None:
    load = charger(ocpp_version="2.0.1", profile_purpose="ChargePointMaxProfile")
    calls, _ = told(load, reading(load), LoadMemory(), 16.0)
    made = profile_of(calls[0])
    assert made["chargingProfilePurpose"] == "ChargingStationMaxProfile"
    assert made["chargingProfileKind"] == "Absolute"
    assert made["chargingSchedule"][0]["startSchedule"].endswith("Z")  # K01.FR.41: it must begin
    assert calls[0].data["conn_id"] == 0


@pytest.mark.parametrize("purpose", ["auto", "ChargePointMaxProfile"])
@pytest.mark.parametrize("unit", ["A", "W"])
def test_a_station_of_ocpp_2_0_1_accepts_what_is_sent(purpose: str, unit: str) -> None:
    load = charger(ocpp_version="2.0.1", profile_purpose=purpose, rate_unit=unit)
    calls, _ = told(load, reading(load), LoadMemory(), 10.0)
    made = v201.parse(profile_of(calls[0]))
    evse = calls[0].data["conn_id"]
    answer, _ = v201.accept(Capabilities(), v201.Installed(), evse, made, {})
    assert str(answer) == "Accepted"


# --- phases by profile ---------------------------------------------------------------------------


@pytest.mark.parametrize(("phases", "said"), [(None, 3), (1, 1), (3, 3)])
def test_where_profiles_switch_the_phases_all_of_them_say_how_many(
    phases: int | None, said: int
) -> None:
    """None may switch the car back under load: neither the safe one nor the default."""
    load = charger(phase_by_profile=True)
    seen, memory = reading(load, transaction=5), remembered(shown=phases)
    found = []
    for _ in range(3):
        calls, memory = told(load, seen, memory, 10.0)
        for call in calls:
            memory = memory.delivered(call.delivers) if call.tells else memory.aside_delivered()
            schedule = profile_of(call)["chargingSchedule"]
            found.append(schedule["chargingSchedulePeriod"][0]["numberPhases"])
    assert found == [said, said, said]  # command, safe layer, default
