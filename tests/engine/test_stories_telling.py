"""Stories of chargers that want to be told otherwise: in watts, by a switch, after being cleared.

Each row of what is known of makes of chargers (docs/chargers.md) that needs more than a value. One
phase, 230 V, 25 A, a car of 6 to 16 A in session 7, unless said otherwise.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from loadjuggler.calls import UNIT, ServiceCall
from loadjuggler.loads import drive as drivers
from loadjuggler.loads.ocpp.ways import WAYS
from loadjuggler.memory.load import LoadMemory
from loadjuggler.snapshot import EntityState

from .house import charger_form, site_form, state
from .stories import (
    Change,
    Claim,
    Stage,
    called,
    calls,
    car,
    draws,
    fail,
    garage,
    heal,
    household,
    nothing,
    offers,
    profiles,
    reads,
    services,
    settled,
    site,
    status,
    story,
    sun,
    together,
    told,
    under,
)

UNIT_KEY = "ChargingScheduleAllowedChargingRateUnit"


def units(house: Stage) -> list[str]:
    return [made["chargingSchedule"]["chargingRateUnit"] for made in profiles(house)]


# --- the unit ------------------------------------------------------------------------------------


def test_the_unit_is_asked_once_and_a_is_used_until_the_answer_is_there() -> None:
    house = garage("ABC", rate_unit="auto")
    house.tick()
    asked = [call for call in house.calls if call.service == "get_configuration"]
    assert [(c.domain, dict(c.data), c.slot) for c in asked] == [
        ("ocpp", {"devid": "car", "ocpp_key": UNIT_KEY}, UNIT)
    ]
    assert not asked[0].tells
    assert set(units(house)) == {"A"}
    house.answers["car"] = "Power"
    house.now += 300.0  # no answer for so long: asked again
    house.tick()
    house.tick()
    assert units(house)[-2:] == ["W", "W"], "both layers, at once"
    assert house.offered("car") == 16.0
    house.calls.clear()
    house.pass_time(3600)
    assert [call.service for call in house.calls if call.asks] == []
    assert set(units(house)) == {"W"}


@pytest.mark.parametrize(
    ("answer", "unit"),
    [
        pytest.param({"value": "Current"}, "A", id="amperes"),
        pytest.param({"value": "Power"}, "W", id="watts"),
        pytest.param({"value": "power"}, "W", id="as a Huawei writes it"),
        pytest.param({"value": "Current,Power"}, "A", id="both"),
        pytest.param({"value": " current , POWER "}, "A", id="both, in its own spelling"),
        pytest.param({"value": "Unknown"}, "A", id="the key is not known"),
        pytest.param({"value": None}, "A", id="no value"),
        pytest.param({}, "A", id="no answer in the answer"),
        pytest.param(None, "A", id="nothing at all"),
        pytest.param("Power", "A", id="no answer as the integration gives it"),
    ],
)
def test_what_a_charger_says_of_its_units(answer: Any, unit: str) -> None:
    call = ServiceCall("car", "ocpp", "get_configuration", {}, slot=UNIT)
    assert drivers.answered(LoadMemory(), call, answer).profiles.unit == unit


@pytest.mark.parametrize(
    ("answer", "levels"),
    [
        pytest.param("0", [0], id="only level 0: one layer"),
        pytest.param("1", [0, 1], id="one above it: two layers"),
        pytest.param("10", [0, 1], id="many"),
        pytest.param("Unknown", [0, 1], id="the key is not known: as the standard has it"),
    ],
)
def test_two_layers_need_two_stack_levels(answer: str, levels: list[int]) -> None:
    """One that knows level 0 only rejects the upper one, and nobody hears of that."""
    house = garage("ABC", layers="auto")
    house.cars["car"].transaction = 7
    house.answers["car"] = answer
    house.pass_time(20)
    house.calls.clear()
    house.now += 3600
    house.cars["car"].transaction = 8
    house.pass_time(120)
    found = {made["stackLevel"] for made in profiles(house) if "transactionId" in made}
    assert sorted(found) == levels
    keeps_on = "It would keep that" in house.sentence("car")
    assert keeps_on == (levels == [0]), "without a second layer there is no fall-back"


def test_a_session_that_runs_is_told_anew_when_there_turns_out_to_be_one_level() -> None:
    house = garage("ABC", layers="auto")
    house.cars["car"].transaction = 7
    house.tick()
    house.answers["car"] = "0"
    house.pass_time(400)  # asked again after 5 min
    last = [made for made in profiles(house) if "transactionId" in made][-1]
    assert (last["stackLevel"], "validTo" in last) == (0, False)


def test_after_a_restart_of_the_charger_the_unit_is_asked_again() -> None:
    house = garage(rate_unit="auto", allow_reset=True)
    house.answers["car"] = "Current"
    settled(house)
    story(
        "It draws 16 A whatever it is told, until it is restarted. It may be another firmware now.",
        house,
        (0, together(household(15), deaf()), told(car=10)),
        (3600, nothing, called("car", press=1, get_configuration=1)),
    )


def deaf() -> Change:
    return lambda house: house.deaf.add("car")


@pytest.mark.parametrize(
    ("legs", "car_legs", "limit_w", "phases"),
    [
        # 25 A - 15 A = 10 A per phase at 230 V.
        pytest.param("ABC", 3, 6900.0, None, id="three phases: 3 x 10 A x 230 V"),
        pytest.param("A", 1, 2300.0, 1, id="one phase, and it is told: else it would be 3.3 A"),
        pytest.param("ABC", 1, 2300.0, 1, id="a car on one leg of three"),
        pytest.param("ABC", 2, 4600.0, 2, id="a car on two legs of three"),
    ],
)
def test_watts_are_of_the_phases_that_the_car_uses(
    legs: str, car_legs: int, limit_w: float, phases: int | None
) -> None:
    """OCPP 1.6 errata 3.69: W are total, divided by the phases told, three if none are."""
    house = garage(legs, house_a=15.0, rate_unit="W")
    house.cars["car"].legs = car_legs
    settled(house, 200)
    command = [made for made in profiles(house) if made["stackLevel"] == 1][-1]
    period = command["chargingSchedule"]["chargingSchedulePeriod"][0]
    assert command["chargingSchedule"]["chargingRateUnit"] == "W"
    assert (period["limit"], period.get("numberPhases")) == (limit_w, phases)
    assert house.cars["car"].draw_a(house.now) == 10.0
    assert house.overloads() == []


def test_watts_are_whole_ones() -> None:
    """13.3 A x 3 x 231 V = 9216.9 W: never rounded up."""
    house = Stage.of(
        site_form(voltage_v=231), charger_form("car", rate_unit="W", max_current_a=13.3)
    )
    house.cars["car"].transaction = 7
    settled(house)
    command = [made for made in profiles(house) if made["stackLevel"] == 1][-1]
    assert command["chargingSchedule"]["chargingSchedulePeriod"][0]["limit"] == 9216.0


def test_the_number_of_phases_is_not_told_to_a_make_that_ignores_it() -> None:
    house = garage(rate_unit="W", preset="go_e")
    settled(house)
    made = profiles(house)
    assert made
    for one in made:
        assert "numberPhases" not in one["chargingSchedule"]["chargingSchedulePeriod"][0]


# --- purposes and makes --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "purpose", "connector", "kind", "level"),
    [
        pytest.param({}, "TxProfile", 1, "Absolute", 1, id="any make"),
        pytest.param({"preset": "abb"}, "TxProfile", 1, "Relative", 0, id="ABB: one level, 0"),
        pytest.param({"preset": "autel"}, "TxProfile", 1, "Absolute", 1, id="Autel"),
        pytest.param({"stack_level": 3}, "TxProfile", 1, "Absolute", 4, id="levels 3 and 4"),
        pytest.param(
            {"profile_kind": "Relative"}, "TxProfile", 1, "Relative", 1, id="nothing by the clock"
        ),
        pytest.param(
            {"profile_purpose": "TxDefaultProfile"},
            "TxDefaultProfile",
            1,
            "Relative",
            0,
            id="TxDefaultProfile only",
        ),
        pytest.param(
            {"profile_purpose": "ChargePointMaxProfile"},
            "ChargePointMaxProfile",
            0,
            "Absolute",
            0,
            id="the station's maximum: connector 0 (3.13.1), and it knows no session",
        ),
    ],
)
def test_the_profile_is_as_its_form_says(
    form: dict[str, Any], purpose: str, connector: int, kind: str, level: int
) -> None:
    house = garage(house_a=15.0, **form)
    house.tick()
    call = next(c for c in house.calls if "custom_profile" in c.data)
    made = call.data["custom_profile"]
    assert (made["chargingProfilePurpose"], call.data["conn_id"]) == (purpose, connector)
    assert (made["chargingProfileKind"], made["stackLevel"]) == (kind, level)
    assert ("startSchedule" in made["chargingSchedule"]) == (kind == "Absolute")
    assert made["chargingSchedule"]["chargingSchedulePeriod"][0]["limit"] == 10.0


def test_the_maximum_of_the_station_is_never_written_unless_asked_for() -> None:
    house = garage()
    for status_of_car, transaction in (("Charging", 7), ("Available", 0), ("Preparing", 0)):
        car("car", status=status_of_car, transaction=transaction)(house)
        house.pass_time(120)
    assert {made["chargingProfilePurpose"] for made in profiles(house)} == {
        "TxProfile",
        "TxDefaultProfile",
    }


def test_an_idle_charger_is_written_to_once() -> None:
    """Some write a TxDefaultProfile to flash."""
    house = garage()
    car("car", status="Available", transaction=0)(house)
    house.pass_time(7200)
    assert [made["chargingProfilePurpose"] for made in profiles(house)] == ["TxDefaultProfile"]


# --- pausing -------------------------------------------------------------------------------------


SWITCH = "switch.car_charge_control"


def switched(house_a: float = 0.0, **form: Any) -> Stage:
    """A charger that is paused by ending its session, as a Huawei."""
    house = garage(house_a=house_a, **{"pause_by": "switch", **form})
    house.extra[SWITCH] = state("on")
    return settled(house)


def test_a_charger_is_paused_by_its_switch_and_goes_on_with_a_new_session() -> None:
    """Never a profile of 0: such a charger would end every session after it."""
    house = switched()
    story(
        "25 - 20 = 5 A are too few: the session is ended. With 10 A it begins anew, when its "
        "pause of 3 min is over, the switch before the limit, and has its two layers.",
        house,
        (0, nothing, told(car=16)),
        (
            1,
            household(20),
            told(car=0),
            services(car=["set_charge_rate", "turn_off"]),  # its minimum, in case it goes on
            draws(car=0),
        ),
        (120, nothing, told(car=0), calls(car=0), status(car="waiting")),
        (121, household(15), told(car=0)),
        (400, nothing, told(car=10), offers(car=10), begins_with("turn_on")),
        (1000, nothing, told(car=10), offers(car=10), calls(car=10), status(car="charging")),
    )
    limits = [m["chargingSchedule"]["chargingSchedulePeriod"][0]["limit"] for m in profiles(house)]
    assert min(limits) >= 6.0


def begins_with(service: str) -> Claim:
    """The first call since the last step, and it was made once."""

    def claim(house: Stage) -> list[str]:
        names = [call.service for _, call in house.step_calls]
        return [] if names[0] == service and names.count(service) == 1 else [str(names)]

    return claim


def test_a_switch_that_fails_is_tried_again_and_the_car_counts_meanwhile() -> None:
    story(
        "It goes on drawing 16 A beside 20 A of the house, and it is named.",
        switched(),
        (0, fail("car", "offline")),
        (1, household(20), draws(car=16)),
        (40, nothing, called("car", turn_off=3)),
        (41, heal("car")),
        (120, nothing, told(car=0), draws(car=0), under(25)),
    )


def test_a_charger_whose_car_leaves_while_it_is_off_is_idle() -> None:
    story(
        "Finishing is our doing; Available is not: the next car may start.",
        switched(house_a=0),
        (0, household(20), told(car=0)),
        (60, car("car", status="Available"), status(car="idle")),
        (65, nothing, no_longer_off()),
    )


def no_longer_off() -> Claim:
    return lambda house: ["still off"] if house.memory.load("car").command.off else []


def test_without_the_switch_a_pause_is_a_profile_of_0() -> None:
    house = garage(pause_by="switch")
    story(
        "The integration has no such switch: 0 A is better than nothing.",
        settled(house),
        (0, household(20), told(car=0), offers(car=0)),
    )


def test_a_switch_of_ones_own() -> None:
    house = garage(pause_by="availability", pause_entity="input_boolean.garage")
    house.extra["input_boolean.garage"] = state("on")
    settled(house)
    house.calls.clear()
    household(20)(house)
    house.tick()
    last = house.calls[-1]
    found = (last.domain, last.service, dict(last.data))
    assert found == ("input_boolean", "turn_off", {"entity_id": "input_boolean.garage"})


def test_a_charger_that_can_not_be_paused_goes_down_to_its_minimum_and_the_rest_makes_room() -> (
    None
):
    house = Stage.of(
        site_form("A"),
        charger_form("bad", "A", priority=9, pause_by="minimum"),
        charger_form("good", "A", priority=1, min_current_a=8),
    )
    house.cars["bad"].transaction, house.cars["good"].transaction = 7, 8
    story(
        "25 A, the house takes 14, the good one needs 8 and goes first; 3 A are too few for the "
        "other, which takes its 6 all the same: 5 A are left, so the good one makes room. It is "
        "not named as one that does not follow, and nobody clears its profiles.",
        settled(house),
        (0, nothing, told(good=16)),
        (1, household(14)),
        (120, nothing, offers(bad=6), under(25)),
        (1200, nothing, offers(bad=6), under(25), called("bad", clear_profile=0), not_named("bad")),
    )


def not_named(load: str) -> Claim:
    def claim(house: Stage) -> list[str]:
        assert house.outcome is not None
        found = house.outcome.report.loads[load].status
        return [found] if found == "not_following" else []

    return claim


# --- what holds by itself is never 0 --------------------------------------------------------------


def at_night(**form: Any) -> Stage:
    """A solar-only car that waits for its session, without sun."""
    house = Stage.of(
        site_form("A", solar_entity="sensor.solar"),
        charger_form("car", "A", mode="solar_only", solar_grace_min=0, solar_pause_min=0, **form),
    )
    car("car", status="Preparing", max_a=0.0)(house)
    return house


def begins(transaction: int = 7) -> Change:
    """Its session starts."""
    return car("car", status="Charging", transaction=transaction, max_a=32.0)


def limits(house: Stage) -> list[float]:
    return [m["chargingSchedule"]["chargingSchedulePeriod"][0]["limit"] for m in profiles(house)]


def test_a_car_that_waits_for_its_session_leaves_no_default_of_0() -> None:
    """If Home Assistant stops at night, the driver who presents his card gets his minimum."""
    house = at_night()
    house.pass_time(3600)
    assert house.told("car") == 0.0
    assert limits(house) == [6.0], "written once: many chargers write it to flash"
    begins()(house)
    assert house.offered("car") == 6.0


def test_a_session_that_begins_without_sun_is_told_0_at_once_and_its_default_stays() -> None:
    story(
        "No sun: the session gets 0 A, the default of the next one stays at 6 A. With 10 A of sun "
        "it starts.",
        settled(at_night()),
        (0, nothing, told(car=0), calls(car=0)),
        (1, begins(), told(car=0), offers(car=0), draws(car=0)),
        (60, sun(10)),
        (120, nothing, told(car=10), offers(car=10)),
        (121, car("car", status="Finishing", transaction=0), offers(car=6)),
    )


def test_a_car_that_waits_is_told_what_it_gets_as_soon_as_there_is_sun() -> None:
    story(
        "Before its session: the default is what it starts with.",
        settled(at_night()),
        (0, sun(10)),
        (60, nothing, told(car=10), offers(car=10)),
        (61, sun(0), told(car=0), offers(car=6)),
    )


def waiting_beside(house_a: float, **form: Any) -> Stage:
    """A car that waits for its session beside so much of a house, on 25 A."""
    house = garage(house_a=house_a, **form)
    car("car", status="Preparing", transaction=0, max_a=0.0)(house)
    return house


TOLD_IN = [
    pytest.param({}, "", id="by the standard"),
    pytest.param({"layers": "1"}, "", id="one layer"),
    pytest.param({"profile_kind": "Relative"}, "", id="always Relative"),
    pytest.param({"profile_purpose": "TxDefaultProfile"}, "", id="by its default"),
    *(pytest.param({}, way, id=f"found: {way}") for way in WAYS[1:]),
]


def told_in(house: Stage, way: str) -> Stage:
    """It was found in two sessions that only this way of telling its charger helps."""
    house.tick(0.0)
    known = house.memory.load("car")
    profiles = dataclasses.replace(known.profiles, way=way, way_before=way, way_at=house.now)
    loads = {"car": dataclasses.replace(known, profiles=profiles)}
    house.memory = dataclasses.replace(house.memory, loads=loads)
    return house


@pytest.mark.parametrize(("form", "way"), TOLD_IN)
def test_a_session_that_begins_on_a_full_breaker_is_held_at_0_a(
    form: dict[str, Any], way: str
) -> None:
    """25 - 22 = 3 A: with its minimum of 6 A the breaker would carry 28 A until it is told."""
    story(
        "Held for the first minute of its session, by a default that is written once.",
        settled(told_in(waiting_beside(22, **form), way)),
        (0, nothing, told(car=0), offers(car=0), defaults_to(6)),
        (3600, nothing, offers(car=0), calls(car=0)),
        (3601, begins(), offers(car=0), draws(car=0), under(25)),
        (3700, nothing, offers(car=0), draws(car=0), under(25)),
        (3701, car("car", status="Available", transaction=0), offers(car=6)),
    )


def defaults_to(amps: float) -> Claim:
    """What a car is offered by what holds on its charger for good, A."""

    def claim(house: Stage) -> list[str]:
        _, found = house.cars["car"].default_periods[-1]
        return [] if found == amps else [f"its default is {found} A"]

    return claim


@pytest.mark.parametrize(("form", "way"), TOLD_IN)
def test_nobody_has_to_end_that_hold(form: dict[str, Any], way: str) -> None:
    """Home Assistant has stopped: whoever comes waits for a minute, and has the minimum then."""
    house = settled(told_in(waiting_beside(22, **form), way))
    house.now += 7200.0
    begins()(house)
    assert house.offered("car") == 0.0
    house.now += 61.0
    assert house.offered("car") == 6.0


@pytest.mark.parametrize(("form", "way"), TOLD_IN)
def test_that_hold_is_ended_when_there_is_room(form: dict[str, Any], way: str) -> None:
    story(
        "The house goes: it is told 16 A for its session, and nothing stands above that.",
        settled(told_in(waiting_beside(22, **form), way)),
        (0, household(0)),
        (30, nothing, told(car=16), offers(car=16)),
        (31, household(15), told(car=10), offers(car=10)),
        (60, household(22), told(car=0), offers(car=0)),
    )


def test_what_a_charger_takes_that_can_not_be_told_leaves_no_room_either() -> None:
    """25 A: 14 A of house and 6 A of a charger that rejects its 0 A leave 5 A, and not 11 A.

    Found in a random house: 25 A flowed on 20 A until the next car had obeyed. Neither has sun.
    """
    house = Stage.of(
        site_form(), *[charger_form(name, mode="solar_only") for name in ("car", "deaf")]
    )
    household(14)(house)
    fail("deaf", "rejected")(house)
    car("deaf", status="Charging", transaction=3, max_a=6.0, default_limit_a=6.0)(house)
    house.pass_time(300)
    car("car", status="Preparing", transaction=0, max_a=0.0)(house)
    house.pass_time(10)
    begins()(house)
    assert max(house.draws(house.site.loads["deaf"]).values()) == 6.0
    assert house.offered("car") == 0.0


def test_a_house_that_swings_does_not_write_the_default_again_and_again() -> None:
    """At night, without sun: 20 A of house leave no room for 6 A, 18 A do. Many write to flash."""
    house = at_night()
    house.pass_time(60)
    house.calls.clear()
    for number in range(60):
        household(20.0 if number % 2 else 18.0)(house)
        house.pass_time(30)
    assert limits(house) == [0.0]
    begins()(house)
    assert house.offered("car") == 0.0


def test_without_the_id_of_its_session_a_running_one_is_paused_by_its_default() -> None:
    """There is no other way; and when it has ended, the next one gets its minimum again."""
    house = at_night()
    story(
        "The charger reports no id of its session.",
        settled(house),
        (0, begins(0), offers(car=0), draws(car=0)),
        (60, car("car", status="Available"), offers(car=6)),
    )


def test_a_default_that_did_not_go_through_is_no_minimum() -> None:
    """It holds 16 A: that is what counts until 6 A have been written."""
    house = at_night()
    story(
        "The sun sets while it waits with 10 A; the call fails.",
        settled(house),
        (0, sun(10)),
        (60, nothing, told(car=10)),
        (61, together(sun(0), fail("car")), offers(car=10)),
        (100, nothing, told(car=10), status(car="not_following")),
        (101, heal("car")),
        (300, nothing, told(car=0), offers(car=6)),
    )


def test_the_safe_layer_of_a_charger_from_7_a_on_is_7_a() -> None:
    """Its fallback current of 6 A would pause it until its session ends."""
    house = garage("ABC", min_current_a=7)
    settled(house)
    levels = {m["stackLevel"]: m for m in profiles(house) if "transactionId" in m}
    assert levels[0]["chargingSchedule"]["chargingSchedulePeriod"][0]["limit"] == 7.0
    assert "validTo" not in levels[0]


@pytest.mark.parametrize(
    ("form", "limit_w"),
    [
        pytest.param({}, 1380.0, id="6 A x 230 V: it must not be told 0"),
        pytest.param({"pause_by": "zero"}, 0.0, id="a person chose 0"),
    ],
)
def test_a_make_that_must_not_be_told_0_is_not_when_its_switch_is_missing(
    form: dict[str, Any], limit_w: float
) -> None:
    """After a profile of 0 every session of such a charger ends a second after it began."""
    house = garage(preset="huawei", rate_unit="preset", **form)
    settled(house, 120)
    house.calls.clear()
    household(20)(house)
    house.pass_time(300)
    assert house.told("car") == limit_w / 230
    assert min(limits(house)) == limit_w
    named = "Name it under Switch that pauses it in its form." in house.sentence("car")
    assert named == bool(limit_w)


def test_a_switch_that_is_found_later_pauses_it() -> None:
    house = garage(preset="huawei")
    settled(house, 120)
    story(
        "25 - 20 = 5 A are too few. Its minimum is the least, until its switch is there.",
        house,
        (0, household(20), told(car=6), draws(car=6)),
        (60, reads(SWITCH, "on"), told(car=0), draws(car=0), called("car", turn_off=1)),
        (120, nothing, told(car=0), draws(car=0)),
    )


# --- taking over ---------------------------------------------------------------------------------


def test_what_others_left_is_cleared_once_with_the_safe_default_before_and_all_else_after() -> None:
    """The integration clears all profiles at once: what shall remain must come after that."""
    house = garage(clear_first=True)
    house.tick()
    made = [
        (c.service, c.data.get("custom_profile", {}).get("chargingProfilePurpose"), c.slot)
        for c in house.calls
    ]
    assert made == [
        ("set_charge_rate", "TxDefaultProfile", "safe"),
        ("clear_profile", None, "clear"),
        ("set_charge_rate", "TxProfile", "TxProfile"),
        ("set_charge_rate", "TxProfile", "safe"),
    ]
    house.calls.clear()
    house.pass_time(1200)
    assert not [call for call in house.calls if call.service == "clear_profile"]
    assert house.cars["car"].default_limit_a == 6.0


def test_an_idle_charger_is_cleared_once_and_has_its_safe_default_after_it() -> None:
    house = garage(clear_first=True)
    car("car", status="Available", transaction=0)(house)
    house.pass_time(600)
    assert [call.service for call in house.calls] == [
        "set_charge_rate",
        "clear_profile",
        "set_charge_rate",
    ]
    assert house.cars["car"].default_limit_a == 6.0


def test_a_car_is_not_let_go_for_it_where_the_wires_do_not_carry_its_maximum() -> None:
    """Somebody holds it at 6 A: without any profile it would take 16 A of 25 - 15.

    It waits for that without a car, too, as one may come at that very moment: 25 - 8 carry 16 A.
    """
    house = garage(house_a=15.0, clear_first=True)
    house.cars["car"].default_limit_a = 6.0
    house.pass_time(600)
    assert not [call for call in house.calls if call.service == "clear_profile"]
    car("car", status="Available", transaction=0)(house)
    house.pass_time(60)
    assert not [call for call in house.calls if call.service == "clear_profile"]
    house.household["main"] = dict.fromkeys(house.site.phases, 8.0)
    house.pass_time(60)
    assert [call.service for call in house.calls].count("clear_profile") == 1


def test_a_station_with_two_connectors_is_not_cleared() -> None:
    """It would take the other car's limits away, too."""
    house = Stage.of(
        site_form("A"),
        charger_form("left", "A", devid="station", clear_first=True),
        charger_form("right", "A", devid="station", connector=2, clear_first=True),
    )
    house.pass_time(600)
    assert not [call for call in house.calls if call.service == "clear_profile"]


def test_a_clearing_that_failed_is_made_again() -> None:
    house = garage(clear_first=True)
    car("car", status="Available", transaction=0)(house)
    story(
        "Nothing goes through for a minute.",
        house,
        (0, fail("car")),
        (60, nothing),
        (61, heal("car")),
        (200, nothing, called("car", clear_profile=1)),
        (400, nothing, calls(car=0)),
    )


# --- signs of life -------------------------------------------------------------------------------


def silent(seconds: float, *more: str) -> Change:
    """Nothing is heard of the charger since `seconds` ago; Home Assistant shows its old states."""

    def change(house: Stage) -> None:
        shown = house.snapshot()
        for entity in [e for e in shown if e.startswith("sensor.car_")] + list(more):
            old = shown[entity]
            at = house.now - seconds
            house.lost[entity] = EntityState(old.value, old.attributes, at)

    return change


PING = "sensor.car_latency_ping"


def test_a_charger_that_has_not_been_heard_of_is_offline_and_what_it_was_told_stays_reserved() -> (
    None
):
    house = Stage.of(
        site_form("A"), charger_form("car", "A", priority=1), charger_form("other", "A", priority=9)
    )
    house.cars["car"].transaction = 7
    reads(PING, 12)(house)
    story(
        "25 A: car has 16, other waits with 9. The link dies; Home Assistant goes on showing "
        "Charging. After three minutes it is offline; its 16 A stay reserved. When they are over, "
        "the meter shows its safe 6 A, and nobody can raise it: 19 A are left.",
        settled(house),
        (0, reads(PING, 12), told(car=16, other=9)),
        (5, silent(0), status(car="charging")),
        (180, nothing, status(car="charging")),
        (200, nothing, status(car="unreachable"), told(other=9), site("problem", "is offline")),
        (300, nothing, status(car="unreachable"), told(other=9)),
        (900, nothing, status(car="unreachable"), told(other=16), calls(car=0), under(25)),
    )


@pytest.mark.parametrize(
    ("form", "ping", "after_s", "reachable"),
    [
        pytest.param({}, True, 179, True, id="180 s by itself"),
        pytest.param({}, True, 181, False, id="and then not"),
        pytest.param({}, False, 3000, True, id="without a ping an idle one may be silent"),
        pytest.param({"offline_s": 600}, False, 599, True, id="what the form says"),
        pytest.param({"offline_s": 600}, False, 601, False, id="and then not, without a ping"),
        pytest.param({"offline_s": 60}, True, 61, False, id="what the form says goes first"),
    ],
)
def test_when_a_charger_counts_as_offline(
    form: dict[str, Any], ping: bool, after_s: float, reachable: bool
) -> None:
    house = garage(**form)
    if ping:
        reads(PING, 12)(house)
    settled(house, 10)
    if ping:
        reads(PING, 12)(house)
    silent(after_s)(house)
    house.tick()
    assert house.outcome is not None
    assert (house.outcome.report.loads["car"].status != "unreachable") == reachable


def test_it_is_asked_for_its_values_as_often_as_its_form_says() -> None:
    house = garage(report_interval_s=15)
    settled(house)
    house.cars["car"].reported_at = house.now
    story(
        "It reports nothing by itself: every 15 s it is asked.",
        house,
        (0, nothing),
        (60, nothing, called("car", trigger_custom_message=4)),
    )


# --- what a review by experiment found ------------------------------------------------------------


def test_a_pause_by_switch_lowers_the_limit_first() -> None:
    """A switch may wait for the end of the session: the car takes its minimum then, not 16 A."""
    house = garage(pause_by="switch", pause_entity="switch.car")
    house.extra["switch.car"] = state("on")
    house.cars["car"].transaction = 7
    house.pass_time(60)
    house.cars["car"].switch = lambda **_: None  # type: ignore[method-assign]
    house.household["main"]["A"] = 22.0
    house.tick(5.0)
    assert house.told("car") == 0.0
    assert house.offered("car") == 6.0


def test_the_default_is_written_again_when_a_charger_turns_out_to_know_watts_only() -> None:
    house = garage("ABC", rate_unit="auto")
    house.cars["car"].status = "Available"
    house.tick()
    assert units(house)[-1] == "A"
    house.answers["car"] = "Power"
    house.pass_time(400)
    assert units(house)[-1] == "W"
    house.calls.clear()
    house.pass_time(3600)
    assert house.calls == []


def test_a_car_on_one_leg_that_is_told_in_watts_is_counted_on_it_at_once() -> None:
    """16 A on three legs are 11 040 W, which are 48 A on one: a car takes its 32 A there.

    The house takes 5 A of 25: 20 A are left, and it is not stopped again and again.
    """
    house = garage("ABC", house_a=5.0, rate_unit="W")
    house.cars["car"].legs, house.cars["car"].max_a = 1, 32.0
    take = house.cars["car"].take

    def all_on_one_leg(profile: Any) -> None:
        schedule = {**profile["chargingSchedule"]}
        period = dict(schedule["chargingSchedulePeriod"][0])
        schedule["chargingSchedulePeriod"] = [period | {"numberPhases": 1}]
        take({**profile, "chargingSchedule": schedule})

    house.cars["car"].take = all_on_one_leg  # type: ignore[method-assign]
    house.cars["car"].transaction = 7
    house.pass_time(20)
    over = 0
    for _ in range(600):
        house.tick(1.0)
        over += house.flows("main")["A"] > 25.2
    assert over <= 5
    assert (house.told("car") or 0.0) >= 6.0
