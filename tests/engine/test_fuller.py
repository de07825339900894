"""What people need beside a reason: the mode, a boost's end, the battery, the meter, what was told.

230 V, cars of 6 to 16 A, a main breaker of 25 A unless said otherwise.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from loadjuggler import flow
from loadjuggler.control.stops import NewCommand
from loadjuggler.diagnostics import wiring as detect
from loadjuggler.explain.details import fuller
from loadjuggler.memory.codec import from_json, to_json
from loadjuggler.memory.memory import Override
from loadjuggler.reasons import Reason
from loadjuggler.runtime import requests as asked
from loadjuggler.site.modes import MODES
from loadjuggler.snapshot import EntityState
from loadjuggler.texts import CATALOGUES, WORDS
from loadjuggler.texts.sentence import sentence
from loadjuggler.texts.wording import Known

from tests.engine.memories import remembered

from .coded import coded
from .house import BATTERY, SUN, House, charger_form, circuit_form, plug_form, site_form, state
from .numbers import Box, NumberStage, number_form
from .stories import Stage, deafen, heal, household, nothing, says, settled, status, story
from .test_keeper import Home

MOST = "16 A of 16 A, its Maximum current"


def alone(*forms: dict[str, Any], **site: Any) -> Stage:
    """A house on one phase, run for a minute."""
    house = Stage.of(site_form("A", **site), *forms)
    assert isinstance(house, Stage)
    return house


def car(**values: Any) -> dict[str, Any]:
    return charger_form("car", "A", **values)


def slovenian(house: House, load: str) -> str:
    """What the load says now to who speaks Slovenian."""
    outcome = flow.run(
        house.site, house.memory, house.snapshot(), house.now, house.options, language="sl"
    )
    return outcome.report.loads[load].sentence


# --- its maximum ---------------------------------------------------------------------------------


def test_standard_at_its_maximum_says_that_it_does_not_wait_for_the_sun() -> None:
    house = settled(alone(car()))
    assert house.sentence("car") == (f"{MOST}: standard charges as fast as it may, sun or no sun.")
    assert slovenian(house, "car") == (
        "16 A od 16 A, kolikor dovoli »Maximum current«: v standardnem načinu polni, "
        "kolikor hitro sme, s soncem ali brez."
    )


def test_a_maximum_that_an_entity_says_is_told_with_the_entity() -> None:
    house = alone(car(max_current_entity="number.most"))
    house.extra["number.most"] = state(10, "A")
    assert settled(house).sentence("car").startswith("10 A of 10 A, its maximum by number.most:")


def test_a_maximum_that_a_service_set_is_told_as_such_until_the_form_changes() -> None:
    house = settled(alone(car()))
    house.memory = replace(house.memory, overrides={("car", "max_a"): Override(10.0, 16.0)})
    assert settled(house).sentence("car").startswith("10 A of 10 A, the maximum set for it:")
    house.memory = replace(house.memory, overrides={("car", "max_a"): Override(10.0, 12.0)})
    assert settled(house).sentence("car").startswith(f"{MOST}:")


def test_an_entity_that_can_be_set_to_no_more_is_named() -> None:
    """Its form says 16 A, and its number goes to 13 A."""
    house = NumberStage.with_boxes(
        site_form("A"), number_form("car", "A"), car=Box(setting=13.0, high=13.0)
    )
    settled(house)
    said = "13 A of 13 A, the most that number.car can be set to:"
    assert house.sentence("car").startswith(said)


def test_a_solar_car_at_its_maximum_gets_no_more_however_much_sun_there_is() -> None:
    """30 A of sun are more than its 16 A."""
    house = alone(car(mode="solar_only"), **SUN)
    house.power.sun_w = 30 * 230.0
    said = settled(house).sentence("car")
    assert said == f"{MOST}: it gets no more, however much sun there is."


def test_who_may_not_take_from_the_grid_is_not_said_to_need_no_sun() -> None:
    house = alone(car(), **SUN, **BATTERY, allow_grid_charging=False)
    house.power.sun_w, house.power.soc_pct = 30 * 230.0, 50.0
    assert settled(house).sentence("car") == f"{MOST}."


def test_a_boost_says_how_long_it_lasts_yet_and_what_comes_then() -> None:
    """Asked for 30 min; 18 min later 12 are left. The house takes 15 A then: 10 A are its share."""
    house = settled(alone(car(mode="solar_only")))
    house.memory = replace(
        house.memory, overrides={("car", "mode"): Override("boost", "solar_only", 1800.0)}
    )
    house.tick(0.0)
    assert house.sentence("car").endswith("Boost for another 30 min, then solar only.")
    house.pass_time(18 * 60.0)
    house.household["main"]["A"] = 15.0
    house.tick(0.0)
    assert house.sentence("car") == (
        "10 A of 16 A: the main breaker (25 A) is full on phase A. The house takes 15 A. "
        "Boost for another 12 min, then solar only."
    )
    assert slovenian(house, "car").endswith(
        "Takoj (boost) še 12 min, potem samo sonce (solar_only)."
    )


@pytest.mark.parametrize(
    ("mode", "site", "said"),
    [
        ("continuous", {}, "On: 10 A, as long as the breakers carry it."),
        ("solar_only", SUN, "On: 10 A, as long as the sun leaves that over."),
        ("solar_only", SUN | BATTERY, "On: 10 A, as long as sun and battery carry it."),
        ("excess", SUN, "On: 10 A, as long as enough would be exported."),
    ],
)
def test_a_plug_that_is_on_says_how_long_it_stays_so(
    mode: str, site: dict[str, Any], said: str
) -> None:
    """2,300 W are 10 A; 100 A of sun are left over, 23 kW, and 13 kW are the threshold."""
    house = alone(plug_form("boiler", mode=mode), **site, main_breaker_a=125)
    house.power.sun_w, house.power.soc_pct = 23000.0, 90.0
    assert settled(house, 600).sentence("boiler") == said


# --- the battery ---------------------------------------------------------------------------------


def by_night(mode: str, **values: Any) -> Stage:
    """A house of 2 A and a car on one phase, no sun, a battery at 90 % of 80 %."""
    house = alone(car(mode=mode, **values), **SUN, **BATTERY)
    house.household["main"]["A"], house.power.soc_pct = 2.0, 90.0
    return house


def test_a_car_that_does_not_wait_for_the_sun_says_what_the_battery_gives() -> None:
    """16 A and 2 A are 18 A, 4,140 W: about 4 100 W."""
    house = settled(by_night("standard"), 120)
    assert house.sentence("car").endswith(" The battery gives about 4 100 W now.")
    assert slovenian(house, "car").endswith(" Baterija zdaj daje približno 4 100 W.")


def test_a_battery_that_gives_nearly_nothing_drains_nothing() -> None:
    house = by_night("standard")
    house.power.stubborn_w = 90.0
    assert "battery" not in settled(house, 120).sentence("car")
    house.power.stubborn_w = 110.0
    assert settled(house).sentence("car").endswith("The battery gives about 100 W now.")


def test_a_solar_car_says_its_share_of_the_battery_once() -> None:
    """Above its target the battery helps: that is said where the sun is."""
    said = settled(by_night("solar_only"), 120).sentence("car")
    assert said.count("battery") <= 1
    assert "gives about" not in said


def test_a_car_that_takes_nothing_is_not_said_to_drain_the_battery() -> None:
    house = settled(by_night("standard"), 60)
    house.cars["car"].status, house.cars["car"].max_a = "SuspendedEV", 0.0
    assert "gives about" not in settled(house, 120).sentence("car")


# --- what it was stopped for ---------------------------------------------------------------------


def hobbed() -> Stage:
    """A car that was stopped by a hob on the garage breaker, which is off again for a minute."""
    house = Stage.of(site_form("A"), circuit_form("garage", 20, metered="A"), car(circuit="garage"))
    assert isinstance(house, Stage)
    settled(house).household["garage"]["A"] = 18.0
    house.pass_time(60)
    house.household["garage"]["A"] = 0.0
    return settled(house)


def test_a_pause_names_the_breaker_that_had_no_room() -> None:
    """The room has been there for a minute of the 3 min that it must, less a tick."""
    said = "Paused for 2 min 5 s: the garage breaker had no room. Starts then if it has."
    assert hobbed().sentence("car") == said


def test_it_is_known_after_a_restart_too() -> None:
    house = hobbed()
    house.memory = from_json(to_json(house.memory))
    house.tick()
    assert "the garage breaker had no room" in house.sentence("car")
    assert slovenian(house, "car").endswith(
        ": odklopnik garage ni imel prostora. Potem začne, če ga bo imel."
    )


def test_a_breaker_that_is_no_more_leaves_the_pause_without_a_name() -> None:
    house = hobbed()
    known = remembered(house.memory.load("car"), stopped_for="circuit barn")
    house.memory = replace(house.memory, loads={"car": known})
    house.tick()
    assert house.sentence("car").endswith(": it has just stopped. Starts then if there is room.")


def test_what_stopped_it_is_forgotten_when_it_starts() -> None:
    house = settled(hobbed(), 240)
    assert house.told("car") == 16.0
    assert house.memory.load("car").delays.stopped_for == ""


def turn(code: str, **how: Any) -> str:
    """What a stop is remembered to be for."""
    numbers = {"circuit": "garage"} if code.startswith("circuit") else {}
    return NewCommand(
        0.0, coded(code, numbers), None, **{"makes_way": False, "silent": False} | how
    ).stopped_for


@pytest.mark.parametrize(
    ("code", "kept"),
    [
        ("circuit_too_small", "circuit garage"),
        ("circuit_full", "circuit garage"),
        ("import_too_small", "import"),
        ("surplus_too_small", "surplus"),
        ("battery_first_too_small", "battery_first"),
        ("excess_too_small", "excess"),
        ("own_too_small", "own"),
        ("inverter_minimum", "inverter"),
        ("maximum", ""),
    ],
)
def test_each_kind_of_limit_is_remembered_and_has_words(code: str, kept: str) -> None:
    assert turn(code) == kept
    if kept:
        assert all(f"stopped_{kept.partition(' ')[0]}" in words for words in WORDS.values())


def test_a_silent_meter_and_another_that_goes_first_come_before_the_limit() -> None:
    assert turn("circuit_too_small", silent=True) == "silent"
    assert turn("surplus_too_small", makes_way=True) == "makes_way"
    for words in WORDS.values():
        assert {"stopped_silent", "stopped_makes_way", "stopped"} <= words.keys()


# --- meters --------------------------------------------------------------------------------------


def test_a_load_that_can_not_be_raised_names_the_nearest_meter_that_is_silent() -> None:
    """9 A are told when the house takes 16 of 25 A; then the garage's meter gives nothing."""
    house = Stage.of(site_form("A"), circuit_form("garage", 20, metered="A"), car(circuit="garage"))
    assert isinstance(house, Stage)
    house.household["main"]["A"] = 16.0
    settled(house).lost["sensor.garage_a"] = None
    house.tick()
    assert house.sentence("car") == (
        "Holds 9 A: the meter of the garage breaker (sensor.garage_a) gives no reading, so nothing "
        "is raised until it does."
    )
    assert slovenian(house, "car").startswith(
        "Ostaja pri 9 A: merilnik odklopnika garage (sensor.garage_a) ne daje odčitka"
    )
    house.cars["car"].status, house.cars["car"].max_a = "Available", 0.0
    house.tick()
    assert "not known, the meter of the garage breaker (sensor.garage_a)" in house.sentence("car")


def test_an_import_limit_that_was_never_heard_is_named() -> None:
    house = alone(car(), max_import_entity="number.limit")
    assert settled(house).sentence("car") == (
        "Waits for the first reading of number.limit, which says the import limit."
    )


def test_what_can_not_be_reached_says_what_is_missing_or_how_long_it_is_silent() -> None:
    """Its status is gone; or it is there, and its last sign of life is 200 s old: 180 s count."""
    house = settled(alone(car()))
    house.lost |= dict.fromkeys(
        (f"sensor.car_{name}" for name in ("status", "status_connector", "current_import")), None
    )
    house.lost["sensor.car_transaction_id"] = None
    house.tick()
    assert house.sentence("car").startswith(
        "Not reachable (sensor.car_status_connector has no value): nothing can be sent to it."
    )
    house = settled(alone(car(offline_s=180)))
    old = {key: replace(one, reported_at=house.now) for key, one in house.snapshot().items()}
    house.lost |= {key: one for key, one in old.items() if key.startswith("sensor.car_")}
    house.now += 200
    house.tick()
    assert house.sentence("car").startswith("Not reachable (silent for 3 min): nothing")
    assert slovenian(house, "car").startswith("Ni dosegljivo (molči že ")


# --- what it does not do -------------------------------------------------------------------------


def test_a_charger_that_does_not_follow_says_what_it_was_told_first() -> None:
    """The house takes 16 of 25 A, so 9 A are told; it takes 16 A, so 0 A are left for it."""
    house = alone(car())
    story(
        "told 9 A, then 0 A; it is named until it takes no more than it was told",
        settled(house),
        (0, deafen("car"), status(car="charging")),
        (1, household(16.0), status(car="charging")),
        (26, nothing, says(car="although it was told 9 A 25 s ago, and 0 A since; the others")),
        (90, household(17.0), says(car="although it was told 9 A 1 min 29 s ago, and 0 A since")),
        every_s=1.0,
    )


def test_each_new_command_leaves_it_named() -> None:
    """0.5 A less every 10 s: no command is 15 s old, and it has followed none for a minute."""
    house = settled(alone(car(), car_of("other", max_current_a=6, priority=9)), 120)
    deafen("car")(house)
    house.household["main"]["A"] = 15.0
    house.pass_time(30)
    seen = set()
    for step in range(10):
        house.household["main"]["A"] = 15.0 + step / 2
        house.pass_time(10)
        assert house.outcome is not None
        seen.add(house.outcome.report.loads["car"].status)
    assert seen == {"not_following"}


def car_of(name: str, **values: Any) -> dict[str, Any]:
    return charger_form(name, "A", **values)


def set_by_its_app(amps: float) -> NumberStage:
    """Told 10 A, as the house takes 15 of 25 A; from then on its own app sets its number."""
    house = NumberStage.of(site_form("A"), number_form("car", "A"))
    assert isinstance(house, NumberStage)
    house.household["main"]["A"] = 15.0
    settled(house)
    house.deaf.add("car")
    house.box("car").setting = amps
    return house


@pytest.mark.parametrize("amps", [6.0, 16.0])
def test_an_entity_that_its_app_sets_stays_named_while_it_is_so(amps: float) -> None:
    """At 6 A the car is told 8 A after a minute, as it takes no more; at 16 A it is told 0 A."""
    house = set_by_its_app(amps)
    house.pass_time(20)
    for _ in range(60):
        house.pass_time(5)
        assert f"number.car shows {amps:g} A" in house.sentence("car")
        assert "Paused by" not in house.sentence("car")
    house.deaf.clear()
    house.pass_time(600)
    assert "shows" not in house.sentence("car")


# --- other languages -----------------------------------------------------------------------------


def test_a_new_charger_is_told_in_home_assistant_s_language() -> None:
    home = Home(site_form("A", notify_new_charger=True))
    seen = {**home.states, "sensor.garage_status_connector": state("Available")}
    home.run()
    home.keeper.newcomers.look(seen, home.keeper.site, home.now)
    turned = home.keeper.run(dict(home.states), home.now, language="sl-SI")
    (call,) = [one for one in turned.calls if one.domain == "persistent_notification"]
    assert call.data["message"].startswith("V integraciji OCPP je polnilnica, ")
    assert "garage" in call.data["message"]


@pytest.mark.parametrize("language", sorted(CATALOGUES))
def test_what_a_mode_explains_is_told_for_all_that_a_load_may_run_in(language: str) -> None:
    """Off never takes anything, and a boost says for itself how long it lasts."""
    house = House.of(site_form("A"), car())
    known = Known(house.site, {"car": 16.0}, {}, language)
    for mode in MODES.keys() - {"off", "boost", "continuous"}:
        said = sentence(Reason("maximum", {"max_a": 16.0, "mode": mode}), known, "car")
        plain = sentence(Reason("maximum", {"max_a": 16.0}), known, "car")
        assert said.startswith(plain.removesuffix(".") + ":")


def test_a_pause_by_a_person_is_no_stop_though_the_charger_does_not_follow() -> None:
    """It goes on as soon as the person lets it, not after the 3 min of a stop for lack of room."""
    house = alone(car(max_current_entity="number.most"))
    house.extra["number.most"] = state(16, "A")
    settled(house)
    deafen("car")(house)
    for most_a in (12, 9):
        house.extra["number.most"] = state(most_a, "A")
        house.pass_time(40)
    assert status(car="not_following")(house) == []
    load = house.site.loads["car"]
    house.memory = asked.paused(house.memory, load, house.memory.load("car"), 60.0, house.now)
    house.tick()
    assert status(car="not_following")(house) == []
    heal("car")(house)
    house.pass_time(60)
    assert house.sentence("car").startswith("Paused by you")
    house.memory = asked.unpaused(house.memory, load)
    house.pass_time(10)
    assert house.told("car") >= 6.0


def test_what_takes_no_more_than_it_was_told_first_disobeys_the_later_command_only() -> None:
    """8 A are no disobedience of 12 A, which its entity did not take, but of 0 A."""
    house = NumberStage.of(site_form("A", main_breaker_a=16), number_form("car", "A"))
    assert isinstance(house, NumberStage)
    house.household["main"]["A"] = 8.0
    settled(house)
    house.deaf.add("car")
    house.household["main"]["A"] = 4.0
    house.pass_time(60)
    assert house.sentence("car").startswith("number.car shows 8 A although it was set to")
    house.household["main"]["A"] = 15.0
    house.pass_time(30)
    said = house.sentence("car")
    assert said.startswith("Draws 8 A although it was told ")
    first_a = float(said.split("told ")[1].split(" A")[0])
    assert first_a < 8.0


# --- what comes next, where something is in the way ----------------------------------------------


def test_a_load_below_a_silent_meter_that_is_off_is_not_said_to_have_all_it_may() -> None:
    """Stopped by a hob; then its meter is lost while there is room again."""
    house = settled(alone(car(), main_breaker_a=16), 30)
    house.household["main"]["A"] = 14.0
    house.pass_time(20)
    house.household["main"]["A"] = 0.0
    house.pass_time(10)
    house.lost["sensor.grid_a"] = EntityState("unavailable")
    for _ in range(8):
        house.pass_time(5)
        assert "Maximum current" not in house.sentence("car")
    assert house.sentence("car") == (
        "Stays off: the meter of the main breaker (sensor.grid_a) gives no reading, so nothing is "
        "started until it does."
    )


def test_no_step_is_promised_before_the_call_that_failed_is_made_again() -> None:
    """Failed for the third time 2 s ago: 5 s, 10 s, 20 s; so no other call for 18 s more."""
    house = settled(alone(car()))
    assert house.outcome is not None
    trace = house.outcome.trace
    failed = remembered(trace.memory.load("car"), failures=3, called_at=house.now - 2.0)
    memory = replace(trace.memory, loads={"car": failed})
    load, options = house.site.loads["car"], house.options

    def wait_s(code: str, wait_s: float) -> float | str:
        reason = coded(code, {"wait_s": wait_s})
        found = fuller(reason, load, house.site, trace.readings, memory, house.now, options)
        return found.numbers["wait_s"]

    assert wait_s("raise_waits", 5.0) == 18.0
    assert wait_s("raise_waits", 40.0) == 40.0
    assert wait_s("grace", 10.0) == 18.0
    # That it is told again is this very call: when stands with the failure, once.
    assert wait_s("not_following", 40.0) == 0.0
    # A pause that ends is no call.
    assert wait_s("pause", 5.0) == 5.0


def test_a_raise_that_fails_is_told_until_it_goes_through_or_is_not_wanted() -> None:
    """18 A of household leave 7 A, 12 A leave 13 A: a raise that the charger never gets."""
    house = settled(alone(car()))
    failed = "The last command did not go through (no answer); it is tried again"

    def said(house: Stage) -> list[str]:
        house.failing["car"] = "no answer"
        house.household["main"]["A"] = 12.0
        house.pass_time(30)
        found = []
        for _ in range(12):
            house.pass_time(5)
            found.append(house.sentence("car"))
        return found

    house.household["main"]["A"] = 18.0
    settled(house)
    assert [one for one in said(house) if not one.startswith(failed)] == []
    house.household["main"]["A"] = 18.0  # it is not wanted any more
    house.pass_time(60)
    assert house.sentence("car").startswith("7 A of 16 A")
    assert [one for one in said(house) if not one.startswith(failed)] == []
    house.failing.clear()
    house.pass_time(60)
    assert house.sentence("car").startswith("13 A of 16 A")


def test_a_charger_that_is_being_checked_is_not_said_to_take_less() -> None:
    house = settled(Stage.of(site_form(), charger_form("car")))
    wiring = replace(house.memory.wiring, check=detect.begun("car", house.now))
    house.memory = replace(house.memory, wiring=wiring)
    said = set()
    for _ in range(50):
        house.pass_time(1)
        said.add(house.sentence("car"))
    assert not [one for one in said if "takes no more" in one]
    checked = [one for one in said if "its wiring is being checked" in one]
    assert {one.split(":")[0] for one in checked} >= {"16 A", "12 A"}


def test_a_plug_that_can_not_be_reached_names_its_switch() -> None:
    house = settled(alone(plug_form("boiler", "A")))
    (entity,) = [one for one in house.snapshot() if one.startswith("switch.")]
    house.lost[entity] = EntityState("unavailable")
    house.tick()
    assert house.sentence("boiler").startswith(f"Not reachable ({entity} has no value): nothing")
