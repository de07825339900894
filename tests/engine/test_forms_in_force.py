"""What stays in force, whatever is announced: names that changed, forms that are refused or wait.

The houses have a car that charges; nothing that a person does to a form may let go of it, except
switching its automation off or deleting it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from loadjuggler.config.kinds import KINDS
from loadjuggler.runtime.controller import Keeper
from loadjuggler.snapshot import EntityState

from .house import charger_form, circuit_form, plug_form, site_form, state
from .test_keeper import Home, changed


def garage(limit_a: float = 20.0, **more: Any) -> Home:
    """A house with a garage and a car on it, which has its 16 A."""
    home = Home(site_form(), circuit_form("garage", limit_a), charger_form("car", circuit="garage"))
    home.register(changed(circuit_form("garage", limit_a), **more))
    for call in home.run().calls:
        home.keeper.succeeded(call)
    return home


def circuit_of(home: Home, load: str) -> str:
    site = home.keeper.site
    assert site is not None
    return site.loads[load].circuit


def restarted(home: Home) -> None:
    """Home Assistant starts again, with the file as it was written."""
    stored = json.loads(json.dumps(home.keeper.dump()))
    home.keeper = Keeper()
    assert home.keeper.load(stored) == []


def told(home: Home) -> dict[str, str]:
    """The notifications about forms that are shown now, by id."""
    found: dict[str, str] = {}
    for call in home.run(10.0).calls:
        ident = str(call.data.get("notification_id", ""))
        if ident.startswith("loadjuggler_form_"):
            found[ident] = "" if call.service == "dismiss" else str(call.data["message"])
    return found


# --- names ---------------------------------------------------------------------------------------


def test_a_renamed_breaker_keeps_its_loads_and_the_breakers_below_it() -> None:
    home = garage()
    home.register(circuit_form("wallbox", 16, parent="garage"))
    answer = home.register(changed(circuit_form("garage", 20), name="Workshop"))
    assert (answer["ok"], answer["id"]) == (True, "garage")
    assert circuit_of(home, "car") == "garage"
    assert home.keeper.site is not None
    assert home.keeper.site.path("wallbox") == ("wallbox", "garage", "main")
    assert not [call for call in home.run(10.0).calls if call.tells]
    assert home.keeper.report.status == "ok"


def test_a_breaker_is_known_by_all_names_that_it_had_also_after_a_restart() -> None:
    home = garage()
    for name in ("Workshop", "Barn", "Shed"):
        assert home.register(changed(circuit_form("garage", 20), name=name))["ok"]
    restarted(home)
    assert circuit_of(home, "car") == "garage"
    assert home.register(charger_form("van", circuit=" WORKSHOP "))["waiting"] == ""
    assert circuit_of(home, "van") == "garage"


def test_an_earlier_name_is_that_of_the_breaker_that_takes_it() -> None:
    """Who names a breaker means the one that is called so now."""
    home = garage()
    home.register(changed(circuit_form("garage", 20), name="Workshop"))
    assert home.register(changed(circuit_form("new", 10), name="Garage"))["ok"]
    assert circuit_of(home, "car") == home.keeper.registry.nodes["new"].id
    home.register(changed(circuit_form("new", 10), name="Carport"))
    assert circuit_of(home, "car") == home.keeper.registry.nodes["new"].id


def test_two_breakers_exchange_their_names() -> None:
    home = garage()
    home.register(circuit_form("barn", 16))
    for node, name in (("garage", "x"), ("barn", "garage"), ("garage", "barn")):
        limit_a = 20 if node == "garage" else 16
        assert home.register(changed(circuit_form(node, limit_a), name=name))["ok"]
    assert circuit_of(home, "car") == "barn", "the breaker that is called garage now"


def test_a_load_may_share_the_meter_of_a_breaker_that_was_renamed() -> None:
    """Its own meter is that of the breaker which feeds nothing else (decision 36)."""
    home = Home(
        site_form(),
        circuit_form("garage", 20, meter_a="sensor.car_a"),
        charger_form("car", "A", circuit="garage", current_entity="sensor.car_a"),
    )
    form = circuit_form("garage", 20, meter_a="sensor.car_a")
    assert home.register(changed(form, name="Workshop"))["ok"]
    assert home.loads() == {"car"}


def test_a_renamed_load_is_found_by_its_earlier_name_until_another_takes_it() -> None:
    home = garage()
    home.register(changed(charger_form("car", circuit="garage"), name="Blue car"))
    home.register(changed(charger_form("car", circuit="garage"), name="Old car"))
    assert home.desk.set_mode(" blue  CAR", "off")["ok"]
    home.register(changed(charger_form("van"), name="Blue car"))
    home.desk.set_mode("blue car", "excess")
    home.run()
    assert (home.mode("car"), home.mode("blue_car")) == ("off", "excess")


# --- what is refused, or waits -------------------------------------------------------------------

WRONG = [
    pytest.param({"min_current_a": "six"}, "Minimum current: 'six'", id="a word for a number"),
    pytest.param({"devid": "van"}, "Charge point id: connector 1 of van", id="another's connector"),
    pytest.param({"leg_l1": "none", "leg_l2": "none", "leg_l3": "none"}, "Leg L1: no leg", id="no"),
    pytest.param({"circuit": "Grage"}, "Breaker: it is waiting for Grage", id="unknown breaker"),
]


@pytest.mark.parametrize(("wrong", "says"), WRONG)
def test_a_car_goes_on_by_its_last_good_form_and_a_person_is_told(
    wrong: Mapping[str, Any], says: str
) -> None:
    home = garage()
    home.register(charger_form("van", priority=9))
    home.run()
    good = charger_form("car", circuit="garage")
    home.register(changed(good, name="Red car", **wrong))
    shown = told(home)
    assert [says in text for text in shown.values()] == [True]
    (message,) = shown.values()
    assert message.startswith("charger 'Red car': ")
    assert message.endswith("The form before it stays in force.")
    assert message in home.keeper.report.warnings
    assert circuit_of(home, "car") == "garage"
    assert home.keeper.report.loads["car"].allocated_a == 16.0
    assert told(home) == {}, "it is shown once"
    home.register(good)
    assert list(told(home).values()) == [""], "and withdrawn by itself"
    assert home.keeper.report.status == "ok"


def test_a_form_that_is_put_right_is_no_more_told_however_often_it_was_wrong() -> None:
    """What comes and goes is shown on for ten minutes; who corrects a form looks for that."""
    home = garage()
    good = charger_form("car", circuit="garage")
    for _ in range(3):
        home.register(changed(good, min_current_a="six"))
        assert len(told(home)) == 1
        home.register(good)
        assert list(told(home).values()) == [""]


def test_a_load_that_waits_moves_when_its_breaker_comes() -> None:
    home = garage()
    answer = home.register(charger_form("car", circuit="Barn"))
    assert (answer["ok"], answer["waiting"]) == (True, "waiting for Barn")
    assert "main breaker, garage" in answer["message"], "the names that exist"
    assert circuit_of(home, "car") == "garage"
    home.register(changed(circuit_form("new", 16), name="Barn"))
    assert circuit_of(home, "car") == "barn"
    assert told(home) == {}


def test_a_breaker_that_is_to_hang_on_one_to_come_stays_where_it_is_until_then() -> None:
    home = garage()
    answer = home.register(circuit_form("garage", 20, parent="Barn"))
    assert answer["waiting"] == "waiting for Barn"
    site = home.keeper.site
    assert site is not None
    assert site.path("garage") == ("garage", "main")
    home.register(circuit_form("Barn", 32))
    site = home.keeper.site
    assert site is not None
    assert site.path("garage") == ("garage", "barn", "main")
    assert home.loads() == {"car"}


def test_two_chargers_exchange_their_connectors_one_form_after_the_other() -> None:
    """The first can't be had yet, and the second only together with it."""
    home = Home(site_form(), charger_form("left"), charger_form("right"))
    home.run()
    assert not home.register(changed(charger_form("left"), devid="right"))["ok"]
    assert home.register(changed(charger_form("right"), devid="left"))["ok"]
    assert home.keeper.site is not None
    controls = {key: load.control.mark for key, load in home.keeper.site.loads.items()}
    assert controls["left"] != controls["right"]
    assert "right" in controls["left"]
    assert told(home) == {}


def test_a_refused_form_gets_in_when_what_it_contradicted_has_changed() -> None:
    home = Home(site_form(), charger_form("left"), charger_form("right"))
    home.register(changed(charger_form("left"), devid="right"))
    home.register(changed(charger_form("right"), devid="third"))
    assert home.keeper.site is not None
    assert "right" in home.keeper.site.loads["left"].control.mark
    assert not home.keeper.registry.refused


def test_an_automation_that_is_switched_on_again_takes_nothing_from_a_car() -> None:
    """While left slept, another form took its connector; that one is in force and stays it."""
    home = Home(site_form(), charger_form("left"), charger_form("right"))
    home.states["automation.left"] = EntityState("off")
    home.run()
    assert home.register(changed(charger_form("right"), devid="left"))["ok"]
    home.states["automation.left"] = EntityState("on")
    shown = told(home)
    assert home.loads() == {"right"}
    assert ["used by 'right' already" in text for text in shown.values()] == [True]


def test_without_a_site_one_notification_says_who_waits_for_it() -> None:
    home = Home(charger_form("left"), charger_form("right"))
    assert list(told(home).values()) == [
        "No site is wired yet, and its form is waited for by: left, right."
    ]
    home.register(site_form())
    assert list(told(home).values()) == [""]


# --- automations that are gone -------------------------------------------------------------------


def pass_by(home: Home, seconds: float) -> None:
    for _ in range(int(seconds // 5)):
        home.run(5.0)


@pytest.mark.parametrize("gone", ["garage", "site"])
def test_what_protects_a_car_stays_when_its_automation_is_deleted(gone: str) -> None:
    """The breaker is still in the wall. It goes when nothing hangs on it any more."""
    home = garage()
    del home.states[f"automation.{gone}"]
    pass_by(home, 60.0)
    assert circuit_of(home, "car") == "garage"
    assert home.keeper.report.loads["car"].allocated_a == 16.0
    (text,) = home.keeper.report.warnings
    assert "its automation is gone" in text
    assert "car" in text
    for key in {"automation.car", "automation.garage"} & home.states.keys():
        del home.states[key]
    pass_by(home, 60.0)
    assert home.loads() == set()
    assert f"automation.{gone}" not in home.keeper.registry.automations()
    assert home.keeper.report.warnings == ()


@pytest.mark.parametrize(
    "form",
    [
        pytest.param(site_form(main_breaker_a=32), id="site"),
        pytest.param(circuit_form("garage", 18), id="circuit"),
        pytest.param(charger_form("car", circuit="garage", max_current_a=12), id="charger"),
        pytest.param(plug_form("boiler", power_w=1500), id="plug"),
    ],
)
@pytest.mark.parametrize("after_s", [10.0, 60.0])
def test_what_is_deleted_and_made_again_takes_its_place(
    form: dict[str, Any], after_s: float
) -> None:
    """A new automation has another id. What it replaces has the same id, and nothing is let go."""
    home = garage()
    home.states["switch.boiler"] = state("on")
    home.register(plug_form("boiler", power_w=2000))
    home.run()
    before = home.loads()
    old = home.keeper.registry.nodes[form["node"]]
    del home.states[form["automation"]]
    pass_by(home, after_s)
    answer = home.register(changed(form, node="new", automation="automation.new"))
    assert (answer["ok"], answer["id"]) == (True, old.id)
    home.run()
    assert home.loads() == before
    assert home.keeper.report.warnings == ()


def test_who_is_first_does_not_matter_to_what_is_made_again() -> None:
    """The new form may arrive before it is seen that the old automation is gone."""
    home = garage()
    del home.states["automation.garage"]
    again = changed(circuit_form("garage", 16), node="new", automation="automation.new")
    assert not home.register(again)["ok"], "there is a circuit of that name"
    pass_by(home, 10.0)
    assert home.limit("garage") == 16.0
    assert circuit_of(home, "car") == "garage"
    assert home.keeper.report.warnings == ()


# --- all mistakes at once ------------------------------------------------------------------------


def test_mistakes_of_each_sort_are_told_at_once() -> None:
    home = Home(site_form("A"), circuit_form("garage", 20), charger_form("left", "A"))
    wrong = charger_form(
        "car", "A", devid="left", circuit="Grage", priority="first", min_current_a=20, leg_l2="B"
    )
    answer = home.register(changed(wrong, max_current_a=10))
    starts = [text.partition(":")[0] for text in answer["errors"]]
    assert sorted(starts) == ["Breaker", "Charge point id", "Leg L2", "Minimum current", "Priority"]
    assert "'Grage' is no breaker: main breaker, garage are." in answer["message"]
    (message,) = told(home).values()
    assert all(f"{start}: " in message for start in starts)


def test_all_contradictions_within_one_form_are_told() -> None:
    home = Home(site_form())
    wrong = site_form(main_breaker_a=25, reserve_a=30, max_import_w=1000, power_buffer_w=2000)
    wrong |= {"battery_power_entity": "sensor.power", "battery_phases": "A"}
    starts = [text.partition(":")[0] for text in home.register(wrong)["errors"]]
    assert starts == ["State of charge", "Reserve", "Power buffer"]
    wrong = charger_form("car", min_current_a=20, max_current_a=10, fallback_current_a=8)
    starts = [text.partition(":")[0] for text in home.register(wrong)["errors"]]
    assert starts == ["Minimum current", "Fallback current"]


FIELDS = [(kind.name, field.name) for kind in KINDS.values() for field in kind.fields]


@pytest.mark.parametrize(("kind", "field"), FIELDS)
def test_a_field_that_can_not_be_read_makes_no_other_error(kind: str, field: str) -> None:
    """What stands in for it is nobody's, so no other sentence may come from it."""
    good = {
        "site": site_form(battery_soc_entity="sensor.soc", max_import_w=9000),
        "circuit": circuit_form("new", 20, parent="garage"),
        "charger": charger_form("new", circuit="garage"),
        "number_charger": {
            **{key: charger_form("new")[key] for key in ("contract", "node", "automation", "name")},
            "kind": "number_charger",
            "setting_entity": "number.new",
            "current_entity": "sensor.new",
        },
        "plug": plug_form("new", circuit="garage"),
    }[kind]
    home = garage()
    sent = {key: value for key, value in good.items() if key != "kind"}
    answer = home.keeper.register(kind, {**sent, field: {"no": "value"}}, home.now)
    label = KINDS[kind].field(field).label
    assert [text.partition(":")[0] for text in answer["errors"]] == [label]
    assert home.loads() == {"car"}


# --- in Slovenian, and on a damaged disk ---------------------------------------------------------


def test_what_is_said_around_the_words_of_the_form_is_in_the_language_of_the_house() -> None:
    home = garage()
    home.register(charger_form("car", circuit="Grage"))
    home.now += 10.0
    seen = {key: value for key, value in home.states.items() if key in home.keeper.watched()}
    home.keeper.run(seen, home.now, language="sl-SI")
    assert home.keeper.report.warnings == (
        "polnilnica 'car': Breaker: čaka na Grage, a odklopnika s tem imenom ni v veljavi. "
        "V veljavi: main breaker, garage. Prejšnji obrazec ostaja v veljavi.",
    )


@pytest.mark.parametrize("earlier", ["garage", [7], [""], [None], ["Not A Key"], {}])
def test_damaged_names_of_before_are_told_and_raise_nothing(earlier: Any) -> None:
    home = garage()
    stored = json.loads(json.dumps(home.keeper.dump()))
    next(node for node in stored["nodes"] if node["id"] == "garage")["earlier"] = earlier
    home.keeper = Keeper()
    (warning,) = home.keeper.load(stored)
    assert "are no names" in warning
    home.run()


# --- what is no trouble any more -----------------------------------------------------------------


@pytest.mark.parametrize("wrong", [{"min_current_a": "six"}, {"circuit": "Grage"}])
def test_what_is_wrong_with_a_form_that_is_switched_off_is_no_trouble(
    wrong: Mapping[str, Any],
) -> None:
    home = garage()
    home.register(changed(charger_form("car", circuit="garage"), **wrong))
    assert len(told(home)) == 1
    home.states["automation.car"] = EntityState("off")
    assert list(told(home).values()) == [""]
    home.states["automation.car"] = EntityState("on")
    assert len(told(home)) == 1


@pytest.mark.parametrize("wrong", [{"limit_a": "much"}, {"parent": "Grage"}])
def test_what_was_wrong_with_a_form_that_was_deleted_is_forgotten(wrong: Mapping[str, Any]) -> None:
    home = garage()
    home.register(changed(circuit_form("new", 16), **wrong))
    assert len(told(home)) == 1
    del home.states["automation.new"]
    pass_by(home, 60.0)
    assert home.keeper.report.warnings == ()


def test_an_heir_that_has_to_wait_and_is_deleted_is_forgotten() -> None:
    home = garage()
    del home.states["automation.garage"]
    pass_by(home, 10.0)
    again = changed(circuit_form("garage", 16), node="new", automation="automation.new")
    assert home.register({**again, "parent": "Grage"})["waiting"] == "waiting for Grage"
    assert circuit_of(home, "car") == "garage"
    del home.states["automation.new"]
    pass_by(home, 60.0)
    (text,) = home.keeper.report.warnings
    assert "its automation is gone" in text


def test_both_limits_of_a_service_that_can_not_be_are_told() -> None:
    home = garage()
    message = home.desk.set_limits("car", "six", 400)["message"]
    assert "'six' is no minimum for car" in message
    assert "'400' is no maximum for car" in message


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(site_form(main_breaker_a=63), id="a second site, refused until now"),
        pytest.param(charger_form("van", circuit="garage"), id="another car of that name"),
    ],
)
def test_a_form_that_is_being_saved_loses_its_place_to_nobody(other: dict[str, Any]) -> None:
    """Home Assistant takes an automation that is saved away for a moment."""
    home = garage()
    other = changed(other, node="other", automation="automation.other", name="car")
    home.register(other)
    place = "site" if other["kind"] == "site" else "car"
    kept = home.states.pop(f"automation.{place}")
    home.run(0.1)
    home.register(other)
    home.run(0.1)
    home.states[f"automation.{place}"] = kept
    home.run(0.1)
    assert home.limit("main") != 63.0
    assert home.keeper.registry.nodes["car"].id == "car"
    site = home.keeper.site
    assert site is not None
    assert "car 1" in site.loads["car"].control.mark
