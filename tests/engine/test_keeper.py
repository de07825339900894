"""What lives between runs: forms that come, go and contradict, modes by service, and restarts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from loadjuggler import flow
from loadjuggler.calls import ServiceCall
from loadjuggler.memory.memory import Memory
from loadjuggler.options import Options
from loadjuggler.runtime.api import Desk
from loadjuggler.runtime.controller import Keeper
from loadjuggler.runtime.exchange import Actions
from loadjuggler.snapshot import EntityState

from .house import START, charger_form, circuit_form, plug_form, site_form, state


class Home:
    """A keeper with forms and states, as the shell has them."""

    def __init__(self, *forms: Mapping[str, Any], options: Options | None = None) -> None:
        self.keeper = Keeper(options)
        self.now = START
        self.states: dict[str, EntityState] = {}
        for form in forms:
            answer = self.register(form)
            assert answer["ok"], answer
        for phase in "abc":
            self.states[f"sensor.grid_{phase}"] = state(0.0, "A")

    def register(self, form: Mapping[str, Any]) -> dict[str, Any]:
        """Send a form; its automation is on and its charger or switch is there."""
        data = {key: value for key, value in form.items() if key != "kind"}
        self.states[data["automation"]] = EntityState("on")
        if form["kind"] == "charger":
            devid = data["devid"]
            self.states[f"sensor.{devid}_status_connector"] = state("Charging")
            self.states[f"sensor.{devid}_current_import"] = state(0.0, "A")
        if form["kind"] == "plug":
            self.states.setdefault(data["switch"], state("off"))
        return self.keeper.register(form["kind"], data, self.now)

    @property
    def desk(self) -> Desk:
        """Where services are answered, for the keeper that there is now."""
        return Desk(self.keeper)

    def run(self, seconds: float = 5.0) -> Actions:
        self.now += seconds
        watched = self.keeper.watched()
        seen = {entity: value for entity, value in self.states.items() if entity in watched}
        return self.keeper.run(seen, self.now)

    def loads(self) -> set[str]:
        site = self.keeper.registry.wired.site
        return set(site.loads) if site else set()

    def mode(self, load: str) -> str:
        """The mode that `load` ran in last."""
        return self.keeper.report.loads[load].mode

    def limit(self, circuit: str) -> Any:
        site = self.keeper.registry.wired.site
        assert site is not None
        return site.circuits[circuit].limit.value


def limit_of(call: ServiceCall) -> float:
    found = call.data["custom_profile"]["chargingSchedule"]["chargingSchedulePeriod"][0]["limit"]
    assert isinstance(found, float)
    return found


def changed(form: Mapping[str, Any], **values: Any) -> dict[str, Any]:
    return {**form, **values}


# --- forms ---------------------------------------------------------------------------------------


def test_a_registered_form_is_answered_with_its_id() -> None:
    home = Home(site_form())
    answer = home.register(changed(charger_form("left"), name="Left car"))
    assert answer == {
        "ok": True,
        "id": "left_car",
        "errors": [],
        "waiting": "",
        "message": "Left car is wired.",
    }


def test_a_renamed_load_keeps_its_id() -> None:
    home = Home(site_form(), charger_form("left"))
    assert home.register(changed(charger_form("left"), name="Right"))["id"] == "left"
    assert home.loads() == {"left"}


def test_a_refused_load_keeps_its_last_good_form() -> None:
    """A slip of a finger in its form must not let go of a car that charges."""
    home = Home(site_form(), charger_form("left"), charger_form("right"))
    for call in home.run().calls:
        home.keeper.succeeded(call)
    answer = home.register(changed(charger_form("left"), min_current_a=20, max_current_a=10))
    assert not answer["ok"]
    assert answer["errors"] == ["Minimum current: 20 A is more than the maximum current of 10 A."]
    assert home.loads() == {"left", "right"}
    assert not [call for call in home.run().calls if call.tells]
    assert home.keeper.report.loads["left"].allocated_a == 16.0
    assert "20 A is more than the maximum" in home.keeper.report.sentence


def test_a_refused_breaker_keeps_its_last_good_form_so_that_it_still_protects() -> None:
    home = Home(site_form(), circuit_form("garage", 20), charger_form("car", circuit="garage"))
    answer = home.register(circuit_form("garage", "much"))  # type: ignore[arg-type]
    assert not answer["ok"]
    assert home.limit("garage") == 20.0
    home.run()
    assert home.keeper.report.status == "problem"
    assert "'much' is not a number" in home.keeper.report.sentence
    assert home.register(circuit_form("garage", 16))["ok"]
    assert home.limit("garage") == 16.0
    home.run()
    assert home.keeper.report.status == "ok"


def test_a_breaker_hung_below_itself_is_refused_and_stays_where_it_was() -> None:
    home = Home(
        site_form(), circuit_form("garage", 20), circuit_form("wallbox", 16, parent="garage")
    )
    answer = home.register(circuit_form("garage", 20, parent="wallbox"))
    assert answer["errors"] == ["Breaker above: a circle of breakers: garage → wallbox → garage."]
    site = home.keeper.registry.wired.site
    assert site is not None
    assert site.path("wallbox") == ("wallbox", "garage", "main")


def test_a_second_site_is_refused_and_the_first_stays_in_force() -> None:
    home = Home(site_form(main_breaker_a=20))
    answer = home.register(
        changed(site_form(main_breaker_a=63), node="x", automation="automation.x")
    )
    assert not answer["ok"]
    assert home.limit("main") == 20.0


def test_a_breaker_that_takes_another_s_name_is_refused_whoever_was_first() -> None:
    """Garage (registered first) is renamed to barn: the barn and its car must not notice."""
    home = Home(
        site_form(),
        circuit_form("garage", 63),
        circuit_form("barn", 16),
        charger_form("car", circuit="barn"),
    )
    answer = home.register(changed(circuit_form("garage", 63), name="barn"))
    assert not answer["ok"]
    site = home.keeper.registry.wired.site
    assert site is not None
    assert site.loads["car"].circuit == "barn"
    assert site.circuits["barn"].limit.value == 16.0
    assert "garage" in site.circuits


def test_a_charger_that_takes_another_s_connector_is_refused_whoever_was_first() -> None:
    home = Home(site_form(), charger_form("left"), charger_form("right"))
    answer = home.register(changed(charger_form("left"), devid="right"))
    assert answer["errors"] == ["Charge point id: connector 1 of right is used by 'right' already."]
    assert home.loads() == {"left", "right"}


def test_a_load_may_arrive_before_its_breaker() -> None:
    home = Home(site_form())
    answer = home.register(charger_form("car", circuit="garage"))
    assert (answer["ok"], answer["waiting"]) == (True, "waiting for garage")
    home.run()
    assert home.keeper.report.status == "ok"
    home.register(circuit_form("garage", 20))
    assert home.loads() == {"car"}


def test_who_waits_for_a_breaker_that_never_comes_is_told_after_5_s() -> None:
    home = Home(site_form())
    home.register(charger_form("car", circuit="garage"))
    home.run(5.0)
    assert not home.keeper.report.warnings
    home.run(0.1)
    assert home.keeper.report.warnings == (
        "charger 'car': Breaker: it is waiting for garage, and no breaker of that name is in force."
        " In force: main breaker.",
    )


def test_an_unknown_kind_and_a_form_without_anything_are_answered_not_raised() -> None:
    keeper = Keeper()
    assert not keeper.register("lamp", {}, START)["ok"]
    assert not keeper.register("plug", {}, START)["ok"]


def test_without_a_site_the_status_says_so() -> None:
    keeper = Keeper()
    turn = keeper.run({}, START)
    assert not turn.calls
    assert keeper.report.status == "no_site"
    assert Desk(keeper).answer()["message"] == "No site is wired yet."


# --- sweep ---------------------------------------------------------------------------------------


def test_an_automation_that_is_switched_off_takes_its_load_out_at_once_and_back() -> None:
    home = Home(site_form(), charger_form("car"))
    home.run()
    home.states["automation.car"] = EntityState("off")
    calls = home.run().calls
    assert home.loads() == set()
    assert [limit_of(call) for call in calls] == [6.0]
    assert not home.run().calls
    home.states["automation.car"] = EntityState("on")
    home.run()
    assert home.loads() == {"car"}


def test_a_breaker_protects_though_its_automation_is_switched_off() -> None:
    home = Home(site_form(), circuit_form("garage", 20))
    home.states["automation.garage"] = EntityState("off")
    home.run()
    assert home.limit("garage") == 20.0


@pytest.mark.parametrize("gone", [None, EntityState("unavailable"), EntityState("unknown")])
def test_an_automation_that_is_gone_for_30_s_is_forgotten_after_asking_once(
    gone: EntityState | None,
) -> None:
    """It may only have been renamed: all are asked once to announce themselves."""
    home = Home(site_form(), charger_form("car"))
    assert not home.run().discover
    if gone is None:
        del home.states["automation.car"]
    else:
        home.states["automation.car"] = gone
    asked = [home.run(5.0).discover for _ in range(6)]
    assert asked == [True, False, False, False, False, False]
    assert home.loads() == {"car"}
    assert home.run(5.0).calls
    assert home.loads() == set()


def test_a_renamed_automation_that_announces_itself_again_stays() -> None:
    home = Home(site_form(), charger_form("car"))
    home.run()
    del home.states["automation.car"]
    assert home.run().discover
    home.register(changed(charger_form("car"), automation="automation.renamed"))
    for _ in range(10):
        assert not home.run().discover
    assert home.loads() == {"car"}


def test_an_automation_that_comes_back_in_time_stays() -> None:
    home = Home(site_form(), charger_form("car"))
    kept = home.states.pop("automation.car")
    home.run(5.0)
    home.run(20.0)
    home.states["automation.car"] = kept
    home.run(5.0)
    del home.states["automation.car"]
    home.run(20.0)
    assert home.loads() == {"car"}


# --- modes by service ----------------------------------------------------------------------------


def test_a_mode_that_was_set_holds_though_the_form_is_sent_again_with_other_changes() -> None:
    home = Home(site_form(), charger_form("car"))
    assert home.desk.set_mode(" CAR ", "Off")["ok"]
    home.run()
    assert home.keeper.report.loads["car"].mode == "off"
    home.register(charger_form("car", max_current_a=20))
    home.run()
    assert home.keeper.report.loads["car"].mode == "off"


def test_a_mode_that_was_set_ends_when_the_form_s_value_changes() -> None:
    home = Home(site_form(), charger_form("car", mode="off"))
    home.desk.set_mode("car", "off")
    home.register(charger_form("car", mode="standard"))
    home.run()
    assert home.keeper.report.loads["car"].mode == "standard"


def test_a_mode_that_was_set_does_not_come_back_when_the_form_s_value_does() -> None:
    home = Home(site_form(), charger_form("car", mode="standard"))
    home.desk.set_mode("car", "off")
    home.run()
    for mode in ("off", "standard"):
        home.register(charger_form("car", mode=mode))
        home.run()
    assert home.keeper.report.loads["car"].mode == "standard"


def test_a_wired_entity_wins_and_is_written_to() -> None:
    home = Home(site_form(), charger_form("car", mode_entity="input_select.mode"))
    home.states["input_select.mode"] = state("standard")
    answer = home.desk.set_mode("car", "off")
    assert answer["call"] == {
        "domain": "input_select",
        "service": "select_option",
        "data": {"entity_id": "input_select.mode", "option": "off"},
    }
    home.run()
    assert home.keeper.report.loads["car"].mode == "standard"


@pytest.mark.parametrize(
    ("load", "mode", "says"),
    [
        ("bike", "off", "There is no load called 'bike': car."),
        (
            "car",
            "turbo",
            "'turbo' is not a mode for car: standard, solar_priority, solar_only, excess, boost, "
            "off are.",
        ),
    ],
)
def test_a_mode_that_can_not_be_set_is_answered_with_what_can(
    load: str, mode: str, says: str
) -> None:
    home = Home(site_form(), charger_form("car"))
    assert home.desk.set_mode(load, mode) == {"ok": False, "message": says}


def test_a_sensor_that_says_the_mode_can_not_be_written() -> None:
    home = Home(site_form(), charger_form("car", mode_entity="sensor.mode"))
    answer = home.desk.set_mode("car", "off")
    assert not answer["ok"]
    assert "can't be written" in answer["message"]


def test_sharing_is_set_by_service_and_by_entity() -> None:
    home = Home(site_form())
    assert home.desk.set_distribution("strict")["ok"]
    home.run()
    assert home.keeper.report.distribution == "strict"
    assert not home.desk.set_distribution("fair")["ok"]
    home.register(site_form(distribution_entity="input_text.sharing"))
    answer = home.desk.set_distribution("shared")
    assert answer["call"]["data"] == {"entity_id": "input_text.sharing", "value": "shared"}
    assert not Desk(Keeper()).set_distribution("shared")["ok"]


# --- calls that fail -----------------------------------------------------------------------------


def test_a_call_that_fails_is_told_once_retried_and_reserved_while_others_go_on() -> None:
    """20 A: left 14 A, right 6 A. The house takes 6 A: left must go to 8 A, but the call fails.

    Its 14 A stay reserved, so on 14 A of room right must stop; left is called again
    after 5 s, then after 10.
    """
    home = Home(
        site_form(main_breaker_a=20),
        charger_form("left", "A", priority=1),
        charger_form("right", "A", priority=2, solar_pause_min=0),
    )
    first = home.run()
    assert {call.load_id: limit_of(call) for call in first.calls} == {"left": 14.0, "right": 6.0}
    for call in first.calls:
        home.keeper.succeeded(call)
    home.now += 5.0
    for devid, amps in (("left", 14.0), ("right", 6.0)):
        home.states[f"sensor.{devid}_current_import"] = state(amps, "A", home.now, L1=amps)
    home.states["sensor.grid_a"] = state(26.0, "A", home.now)
    second = home.run()
    assert {call.load_id: limit_of(call) for call in second.calls} == {"left": 8.0}
    assert home.keeper.failed(second.calls[0], "HomeAssistantError: offline")
    assert {call.load_id: limit_of(call) for call in home.run(1.0).calls} == {"right": 0.0}
    third = home.run(4.0)
    assert {call.load_id: limit_of(call) for call in third.calls} == {"left": 8.0}
    assert "offline" in home.keeper.report.loads["left"].sentence
    again = next(call for call in third.calls if call.load_id == "left")
    assert not home.keeper.failed(again, "HomeAssistantError: offline"), "told a second time"
    fourth = home.run(10.0)
    told, *notices = fourth.calls
    assert (told.load_id, limit_of(told)) == ("left", 8.0)
    assert [call.domain for call in notices] == ["persistent_notification"], "told for 15 s in vain"
    home.keeper.succeeded(told)
    home.states["sensor.left_current_import"] = state(8.0, "A", home.now + 5, L1=8.0)
    home.states["sensor.right_current_import"] = state(0.0, "A", home.now + 5, L1=0.0)
    home.states["sensor.grid_a"] = state(14.0, "A", home.now)
    home.run(20.0)
    assert home.keeper.report.loads["right"].target_a == 6.0
    assert "offline" not in home.keeper.report.loads["left"].sentence


# --- errors --------------------------------------------------------------------------------------


def test_an_error_in_a_run_is_told_logged_once_and_changes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    home = Home(site_form(), charger_form("car"))
    home.run()
    memory = home.keeper.memory

    def broken(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("by a test")

    monkeypatch.setattr(flow, "run", broken)
    turn = home.run()
    [notice] = turn.calls
    assert notice.domain == "persistent_notification"
    assert "ZeroDivisionError: by a test" in notice.data["message"]
    assert "ZeroDivisionError: by a test" in turn.log[0]
    assert "Traceback" in turn.log[0]
    assert home.keeper.report.status == "error"
    assert not home.desk.answer()["ok"]
    assert home.keeper.memory == memory
    again = home.run()
    assert not again.log
    assert not again.calls
    monkeypatch.undo()
    withdrawn = [call.service for call in home.run().calls if call.domain == notice.domain]
    assert withdrawn == ["dismiss"]
    assert home.keeper.report.status == "ok"


# --- restart -------------------------------------------------------------------------------------


def test_everything_is_as_before_after_a_restart() -> None:
    home = Home(
        site_form(),
        circuit_form("garage", 20),
        charger_form("car", circuit="garage"),
        plug_form("boiler", essential=True),
    )
    home.desk.set_mode("car", "off")
    home.run()
    stored = json.loads(json.dumps(home.keeper.dump()))
    again = Keeper()
    assert again.load(stored) == []
    assert again.registry.wired.site == home.keeper.registry.wired.site
    assert again.memory.loads == home.keeper.memory.loads
    assert again.dump()["nodes"] == home.keeper.dump()["nodes"]
    home.keeper = again
    assert not [call for call in home.run().calls if call.load_id == "car"]
    assert home.keeper.report.loads["car"].mode == "off"


def test_after_a_restart_every_meter_must_be_seen_before_anything_is_raised() -> None:
    home = Home(site_form(main_breaker_a=20), charger_form("car", "A"))
    home.run()
    stored = json.loads(json.dumps(home.keeper.dump()))
    home.keeper = Keeper()
    home.keeper.load(stored)
    home.states["sensor.grid_a"] = EntityState("unavailable")
    assert not [call for call in home.run().calls if call.tells]
    assert home.keeper.report.status == "blind"


@pytest.mark.parametrize(
    "stored",
    [
        pytest.param([], id="a list"),
        pytest.param({}, id="an empty object"),
        pytest.param({"version": 99, "nodes": [], "memory": {}}, id="a newer version"),
        pytest.param({"version": 1, "nodes": [{"kind": "plug"}], "memory": {}}, id="half a form"),
        pytest.param({"version": 1, "nodes": [7], "memory": None}, id="numbers for forms"),
        pytest.param({"version": 1, "nodes": None, "memory": None}, id="nothing for forms"),
        pytest.param({"version": 1, "memory": {"version": 1, "loads": 3}}, id="numbers for loads"),
        pytest.param(
            {"version": 1, "nodes": [{"kind": "plug", "id": "x", "data": 5}], "memory": {}},
            id="a number for a form's data",
        ),
    ],
)
def test_a_stored_file_that_makes_no_sense_is_told_not_raised(stored: Any) -> None:
    keeper = Keeper()
    assert keeper.load(stored)
    keeper.run({}, START)


def test_no_stored_file_is_nothing_to_tell() -> None:
    assert Keeper().load(None) == []


def stored_garage() -> dict[str, Any]:
    """What a house with a garage and two cars stores, one of them switched off by a service."""
    home = Home(
        site_form(),
        circuit_form("garage", 20),
        charger_form("left", circuit="garage"),
        charger_form("right", circuit="garage"),
    )
    home.desk.set_mode("left", "off")
    home.run()
    stored: dict[str, Any] = json.loads(json.dumps(home.keeper.dump()))
    return stored


def test_forms_are_used_without_the_memory_and_the_warning_is_in_the_status() -> None:
    stored = stored_garage()
    stored["memory"] = "none"
    keeper = Keeper()
    warnings = keeper.load(stored)
    said = "Stored memory is damaged: it is 'none'; starting without it."
    assert warnings == [said]
    assert keeper.memory == Memory()
    site = keeper.registry.wired.site
    assert site is not None
    assert set(site.loads) == {"left", "right"}
    keeper.run({}, START)
    assert said in keeper.report.sentence
    assert keeper.must_store()


@pytest.mark.parametrize(
    ("part", "damage", "says"),
    [
        pytest.param(
            ("loads", "left", "command", "tx"),
            "none",
            "memory.loads[left].command.tx is 'none'",
            id="a load",
        ),
        pytest.param(("tallies", "left", "wh"), -5.0, "the energy of left can't be", id="energy"),
        pytest.param(("wiring",), 7, "memory.wiring is 7", id="what was learned of the wiring"),
        pytest.param(("battery",), [], "memory.battery is a list", id="marks of the battery"),
    ],
)
def test_what_is_damaged_is_left_out_alone_and_told(
    part: tuple[str, ...], damage: Any, says: str
) -> None:
    """The mode that somebody set, and the memory of the other car, are kept."""
    stored = stored_garage()
    before = Keeper()
    assert before.load(stored) == []
    holder = stored["memory"]
    for key in part[:-1]:
        holder = holder[key]
    holder[part[-1]] = damage
    keeper = Keeper()
    assert keeper.load(stored) == [f"Stored memory is damaged: {says}; that part is left out."]
    assert keeper.memory.overrides == before.memory.overrides != {}
    assert keeper.memory.loads["right"] == before.memory.loads["right"]
    assert ("left" in keeper.memory.loads) is (part[0] != "loads")
    keeper.run({}, START)
    assert says in keeper.report.sentence
    assert keeper.must_store()


def test_memory_is_not_used_for_a_load_whose_form_is_not() -> None:
    """Its id is free now: another load may get it, and must not get its commands and modes."""
    stored = stored_garage()
    stored["nodes"] = [node for node in stored["nodes"] if node["id"] != "left"] + [{"id": "left"}]
    keeper = Keeper()
    assert len(keeper.load(stored)) == 1
    assert set(keeper.memory.loads) == {"right"}
    assert not keeper.memory.overrides
    assert keeper.must_store()


def test_without_any_forms_the_memory_is_of_no_use() -> None:
    keeper = Keeper()
    assert keeper.load({**stored_garage(), "nodes": "none"}) == [
        "The stored registrations can't be read and are not used."
    ]
    assert keeper.memory.loads == {}
    assert keeper.memory.overrides == {}


@pytest.mark.parametrize("version", [2, None, "1", True])
def test_a_file_of_another_version_is_not_used_at_all(version: Any) -> None:
    keeper = Keeper()
    [said] = keeper.load({**stored_garage(), "version": version})
    assert said.endswith("this reads 1; starting from nothing.")
    assert keeper.registry.nodes == {}
    assert keeper.must_store()


@pytest.mark.parametrize(
    "ident", [7, None, "", "Left Car", "main", "right", pytest.param([1], id="a list")]
)
def test_a_stored_id_that_can_not_be_is_refused(ident: Any) -> None:
    stored = stored_garage()
    next(node for node in stored["nodes"] if node["id"] == "left")["id"] = ident
    keeper = Keeper()
    # One of two that have the same id stays, whoever comes first.
    assert [text.startswith("A stored registration") for text in keeper.load(stored)] == [True]
    assert len(keeper.registry.nodes) == 3


def test_a_value_that_its_entity_can_not_have_said_is_forgotten() -> None:
    """The file was edited, or the entity is wired as something else now: no run may fail on it."""
    stored = stored_garage()
    fields = next(node["data"] for node in stored["nodes"] if node["id"] == "left")
    fields["max_current_entity"], fields["mode_entity"] = "sensor.most", "sensor.mode"
    said = {"sensor.most": "off", "sensor.mode": 5.0, "sensor.other": 3.0}
    stored["memory"]["held"] = {key: {"value": it, "at": START} for key, it in said.items()}
    keeper = Keeper()
    assert keeper.load(stored) == []
    assert set(keeper.memory.held) == {"sensor.other"}
    keeper.run({}, START)
    assert keeper.report.status != "error"


# --- what must not be lost -----------------------------------------------------------------------


def test_forms_and_modes_are_to_be_stored_at_once_and_readings_are_not() -> None:
    home = Home(site_form())
    assert home.keeper.must_store()
    home.keeper.dump()
    home.run()
    home.register(site_form())
    home.states["sensor.grid_a"] = state(5.0, "A")
    home.run()
    assert not home.keeper.must_store(), "the same form again, and a reading"
    home.register(charger_form("car"))
    assert home.keeper.must_store()
    home.keeper.dump()
    home.desk.set_mode("car", "off")
    assert home.keeper.must_store()
    home.keeper.dump()
    home.desk.set_mode("car", "off")
    assert not home.keeper.must_store(), "it was off"
    home.desk.set_distribution("strict")
    assert home.keeper.must_store()


def test_nothing_is_to_be_stored_after_a_restart_that_found_all_in_order() -> None:
    keeper = Keeper()
    keeper.load(stored_garage())
    assert not keeper.must_store()


def test_a_mode_set_by_service_goes_with_its_load_and_stays_while_it_sleeps() -> None:
    home = Home(site_form(), charger_form("car"))
    home.desk.set_mode("car", "off")
    home.states["automation.car"] = EntityState("off")
    home.run()
    assert ("car", "mode") in home.keeper.memory.overrides, "it sleeps"
    del home.states["automation.car"]
    home.run(5.0)
    home.run(29.0)
    assert ("car", "mode") in home.keeper.memory.overrides
    home.run(2.0)
    assert home.keeper.memory.overrides == {}, "it was deleted"


# --- settings ------------------------------------------------------------------------------------


def test_durations_are_settings_and_wrong_ones_are_told() -> None:
    keeper = Keeper.from_settings({"tick_s": 2, "hold_s": "long", "colour": 1, "join_s": True})
    assert keeper.options == Options(tick_s=2.0)
    assert len(keeper.setting_errors) == 3
    assert Keeper.from_settings(None).options == Options()
    assert Keeper.from_settings([1]).setting_errors
    assert Keeper.from_settings({"tick_s": 0}).setting_errors


# --- what the shell is told ----------------------------------------------------------------------


def test_only_entities_that_changed_are_set_and_those_of_a_load_that_left_are_removed() -> None:
    home = Home(site_form(), charger_form("car"))
    ids = {entity.id for entity in home.run().entities}
    assert "sensor.loadjuggler_car_allocated_current" in ids
    home.run()
    assert home.run().entities == ()
    home.states["sensor.grid_a"] = state(3.0, "A")
    after = {entity.id for entity in home.run().entities}
    assert "sensor.loadjuggler_main_current_a" in after
    assert "sensor.loadjuggler_car_status" not in after
    home.states["automation.car"] = EntityState("off")
    assert "sensor.loadjuggler_car_status" in home.run().removed


def test_every_measured_entity_has_unit_device_class_and_state_class() -> None:
    home = Home(site_form(max_import_w=11000), charger_form("car"))
    for entity in home.run().entities:
        if "unit_of_measurement" in entity.attributes:
            unit, kind = (entity.attributes.get(k) for k in ("unit_of_measurement", "device_class"))
            today = "_over_limit_" in entity.id or entity.id.endswith("_energy_today")
            kinds = (
                (("s", "duration"), ("A·s", None), ("Wh", "energy"), ("kWh", "energy"))
                if today
                else (("A", "current"), ("W", "power"), ("%", None))
            )
            assert (unit, kind) in kinds
            assert entity.attributes["icon"].startswith("mdi:")
            assert entity.attributes["state_class"] == (
                "total_increasing" if today else "measurement"
            )
            assert entity.value == "unknown" or float(entity.value) >= -0.0


def test_phases_that_do_not_exist_have_no_entities() -> None:
    home = Home(site_form("A"), charger_form("car", "A"))
    ids = {entity.id for entity in home.run().entities}
    assert "sensor.loadjuggler_main_headroom_a" in ids
    assert not [entity for entity in ids if entity.endswith(("_b", "_c"))]


def test_a_run_is_triggered_by_wired_entities_and_the_attributes_that_count() -> None:
    home = Home(site_form("A"), charger_form("car", "A"))
    triggers = home.keeper.triggers()
    assert "sensor.grid_a" in triggers
    assert "sensor.car_current_import.L1" in triggers
    assert "automation.car" in home.keeper.watched()
    assert Keeper().triggers() == ()


def test_the_answer_of_a_recalculation_is_plain_data() -> None:
    home = Home(site_form(), circuit_form("garage", 20), charger_form("car", circuit="garage"))
    home.run()
    answer = json.loads(json.dumps(home.desk.answer(), allow_nan=False))
    assert answer["loads"]["car"]["allocated_a"] == 16.0
    assert (
        answer["loads"]["car"]["reason"]
        == "16 A of 16 A, its Maximum current: standard charges as fast as it may, sun or no sun."
    )
    assert answer["circuits"]["garage"]["headroom_a"] == {"A": 20.0, "B": 20.0, "C": 20.0}


def test_a_mode_is_written_as_the_wired_entity_spells_it() -> None:
    """An input_select with the option "Off" takes no "off"; its own spelling is sent."""
    home = Home(site_form("A"), charger_form("car", "A", mode_entity="input_select.car"))
    home.states["input_select.car"] = EntityState("Standard", {"options": ["Standard", "Off"]})
    home.run()
    answer = home.desk.set_mode("car", "off")
    assert answer["call"]["data"] == {"entity_id": "input_select.car", "option": "Off"}


# --- what is shown after a restart ---------------------------------------------------------------


def test_sensors_are_shown_as_they_were_until_the_first_run() -> None:
    home = Home(site_form(), charger_form("car"))
    before = {entity.id: entity for entity in home.run().entities}
    stored = json.loads(json.dumps(home.keeper.dump()))
    home.keeper = Keeper()
    assert home.keeper.load(stored) == []
    shown = {entity.id: entity for entity in home.keeper.restored()}
    assert shown.keys() == before.keys()
    for key, entity in shown.items():
        assert entity.value == before[key].value
        assert entity.attributes == {**before[key].attributes, "restored": True}
    after = {entity.id: entity for entity in home.run().entities}
    assert after.keys() == shown.keys(), "the first run sets all of them"
    assert not any("restored" in entity.attributes for entity in after.values())


def test_a_load_that_has_left_is_not_shown_for_ever() -> None:
    home = Home(site_form(), charger_form("car"))
    home.run()
    stored = json.loads(json.dumps(home.keeper.dump()))
    stored["nodes"] = []
    home.keeper = Keeper()
    home.keeper.load(stored)
    assert "sensor.loadjuggler_car_status" in home.run().removed


@pytest.mark.parametrize(
    "shown",
    [
        None,
        7,
        "x",
        [1],
        [["sensor.a", "1"]],
        [["sensor.other", "1", {}]],
        [[1, 2, 3]],
        *[
            [[f"sensor.loadjuggler{ident}", "1", {}]]
            for ident in ("_", "_A", "_a.b", "_a__b", "_a_", "_x y", "_ž", "_\x00", "_" + "x" * 300)
        ],
    ],
)
def test_damage_to_what_was_shown_is_no_harm(shown: Any) -> None:
    home = Home(site_form())
    home.run()
    stored = {**json.loads(json.dumps(home.keeper.dump())), "shown": shown}
    home.keeper = Keeper()
    assert home.keeper.load(stored) == []
    assert home.keeper.restored() == ()


@pytest.mark.parametrize(
    "part", ["notifications.notices", "events.Changes.events", "events.Problems.events"]
)
def test_telling_that_fails_loses_no_command(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The memory has a command as told once it is made: it must go out, whatever fails after it."""

    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("no words")

    monkeypatch.setattr(f"loadjuggler.publish.{part}", broken)
    home = Home(site_form(), charger_form("car"))
    turn = home.run()
    assert [call.service for call in turn.calls if call.tells] == ["set_charge_rate"]
    assert home.keeper.report.status == "error"
