"""Forms: what is read, and what is refused, all errors at once and in the words of the form."""

from __future__ import annotations

from typing import Any

import pytest
from loadjuggler.config.kinds import KINDS
from loadjuggler.config.parse import Refused, contradictions, parse
from loadjuggler.config.registry import Registry
from loadjuggler.options import Options

from .house import charger_form, circuit_form, plug_form, site_form
from .numbers import number_form

GOOD = {
    "site": site_form(),
    "circuit": circuit_form("garage", 20, metered="A"),
    "charger": charger_form("left"),
    "number_charger": number_form("right"),
    "plug": plug_form("boiler"),
}


def read(kind: str, **changes: Any) -> dict[str, Any]:
    """Values of a good form of `kind` with some fields changed."""
    form = {key: value for key, value in {**GOOD[kind], **changes}.items() if key != "kind"}
    return dict(parse(kind, form).values)


def errors(kind: str, **changes: Any) -> list[str]:
    """Why a good form of `kind` is refused when some fields are changed."""
    with pytest.raises(Refused) as refused:
        read(kind, **changes)
    assert str(refused.value) == " ".join(refused.value.errors)
    return refused.value.errors


def refused(form: dict[str, Any]) -> list[str]:
    """Why this form of a plug is refused."""
    with pytest.raises(Refused) as refusal:
        parse("plug", form)
    return refusal.value.errors


def label(kind: str, name: str) -> str:
    return KINDS[kind].field(name).label


@pytest.mark.parametrize(
    ("kind", "field", "given", "says"),
    [
        pytest.param("circuit", "limit_a", "lots", "'lots' is not a number", id="text for amps"),
        pytest.param("circuit", "limit_a", "20 A", "is not a number", id="amps with their unit"),
        pytest.param("circuit", "limit_a", float("nan"), "is not a number", id="not a number"),
        pytest.param("circuit", "limit_a", "inf", "is not a number", id="infinite amps"),
        pytest.param("circuit", "limit_a", True, "is not a number", id="a tick for amps"),
        pytest.param("circuit", "limit_a", [20], "is not a number", id="a list for amps"),
        pytest.param("circuit", "limit_a", None, "it is needed", id="no limit at all"),
        pytest.param("circuit", "limit_a", "  ", "it is needed", id="spaces for a limit"),
        pytest.param("circuit", "limit_a", 0, "less than 1 A", id="a breaker of 0 A"),
        pytest.param("circuit", "limit_a", 1001, "more than 1000 A", id="a breaker of 1001 A"),
        pytest.param("circuit", "name", ["x"], "is not a text", id="a list for a name"),
        pytest.param(
            "charger", "connector", 1.5, "not a whole number", id="connector one and a half"
        ),
        pytest.param("charger", "priority", 0, "less than 1", id="priority 0"),
        pytest.param(
            "charger",
            "mode",
            "turbo",
            "is not one of standard, solar_priority, ",
            id="unknown mode",
        ),
        pytest.param("charger", "leg_l1", "D", "is not one of A, B, C, none", id="phase D"),
        pytest.param("charger", "step_a", 0, "less than 0.1 A", id="steps of nothing"),
        pytest.param("plug", "essential", "maybe", "neither yes nor no", id="maybe essential"),
        pytest.param("plug", "switch", "boiler", "not the id of an entity", id="a name as entity"),
        pytest.param("plug", "switch", "light.boiler", "is a light", id="a light for a switch"),
        pytest.param(
            "plug", "switch", ["switch.a", "switch.b"], "2 entities are chosen", id="two switches"
        ),
        pytest.param("site", "phases", "ABCD", "is not one of A, AB, ABC", id="four phases"),
        pytest.param("site", "voltage_v", "-230", "less than 50 V", id="voltage with a minus"),
        pytest.param("site", "distribution", "fair", "is not one of", id="unknown sharing"),
    ],
)
def test_a_wrong_value_is_refused_in_the_words_of_the_form(
    kind: str, field: str, given: Any, says: str
) -> None:
    found = errors(kind, **{field: given})
    assert len(found) == 1
    assert found[0].startswith(f"{label(kind, field)}: ")
    assert says in found[0]
    assert found[0].endswith(".")


def test_all_errors_are_told_at_once() -> None:
    found = errors("charger", devid="", min_current_a="six", priority=99, colour="red", mode="fast")
    assert len(found) == 5
    named = [label("charger", name) for name in ("devid", "min_current_a", "priority", "mode")]
    assert all(any(text.startswith(f"{name}: ") for text in found) for name in named)
    assert any("'colour' is not a field of a charger" in text for text in found)


def test_a_minimum_above_the_maximum_is_refused_with_both_numbers() -> None:
    """Told by the wiring, together with what is wrong with legs and breakers."""
    assert contradictions({"min_current_a": 16.0, "max_current_a": 10.0}) == [
        "Minimum current: 16 A is more than the maximum current of 10 A."
    ]


def test_a_step_that_skips_the_whole_range_is_refused() -> None:
    """Whole steps of 5 A are 5, 10, 15 A: none lies between 11 and 14 A."""
    found = contradictions({"min_current_a": 11.0, "max_current_a": 14.0, "step_a": 5.0})
    assert found == ["Step: no whole 5 A step lies between 11 A and 14 A."]


@pytest.mark.parametrize("version", [0, 2, "2", None, "one", 1.5])
def test_a_form_of_another_version_is_refused_and_says_what_to_do(version: Any) -> None:
    found = errors("plug", contract=version, switch="nonsense")
    assert len(found) == 1
    assert "version" in found[0]
    assert "import the blueprint again" in found[0]


def test_an_unknown_kind_is_refused_with_the_known_ones() -> None:
    with pytest.raises(Refused, match="'lamp' is not a kind of node: site, circuit, charger,"):
        parse("lamp", {})


def test_a_form_without_a_node_is_refused_and_its_automation_can_stand_in() -> None:
    assert any("'node' is missing" in text for text in errors("plug", node="", automation=""))
    form = {key: value for key, value in GOOD["plug"].items() if key not in ("kind", "node")}
    assert parse("plug", form).node == "automation.boiler"


ODD = (
    "sensor.grid_a.unit_of_measurement",
    "a.b.c.d",
    "automation.",
    "automation.x y",
    "automation.x;automation.y",
    "automation.é",
    "automation." + "x" * 300,
    "{{ x }}",
    5,
    True,
    ["automation.a"],
    {"a": 1},
)


@pytest.mark.parametrize("given", ODD)
def test_what_is_no_id_of_an_automation_is_refused_and_never_followed(given: Any) -> None:
    """It would become an entity to watch: the triggers of the shell can't be made with it."""
    found = errors("plug", automation=given)
    assert len(found) == 1
    assert "no id of an automation, such as automation.garage" in found[0]
    assert len(found[0]) < 200
    registry = Registry(Options())
    form = {key: value for key, value in GOOD["plug"].items() if key != "kind"}
    assert not registry.register("plug", {**form, "automation": given}, 0.0)["ok"]
    assert registry.automations() == set()


@pytest.mark.parametrize("given", [True, ["a"], {"a": 1}, 1.5, "a\nb", "\ud800", "x" * 200])
def test_what_can_not_name_an_automation_is_refused(given: Any) -> None:
    assert any(
        "'node' is missing, or is no name or number" in x for x in errors("plug", node=given)
    )


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("x" * 101, "it has 101 characters, and at most 100 are possible"),
        ("\ud800", "has characters that can't be shown"),
        ("a\x00b", "has characters that can't be shown"),
        (["a"], "is not a text"),
    ],
)
def test_a_text_that_can_not_be_stored_or_shown_is_refused(given: Any, says: str) -> None:
    """Half a pair of UTF-16 can't be written to the file, and no id may be longer than 255."""
    [found] = errors("plug", name=given)
    assert found.startswith("Name: ")
    assert says in found


@pytest.mark.parametrize(
    "given", ["sensor.a.b", "sensor.a\nb", "sensor." + "x" * 300, "a b.c", "Ä.a"]
)
def test_what_is_no_id_of_an_entity_is_refused(given: str) -> None:
    [found] = errors("plug", power_entity=given)
    assert "is not the id of an entity, such as sensor.grid_a" in found
    assert len(found) < 200


def test_errors_come_in_the_order_of_the_form_however_it_is_sent() -> None:
    form = {"power_w": "lots", "node": "x", "lamp": 1, "mode": "turbo", "contract": 1}
    found = [refused(form), refused(dict(reversed(form.items())))]
    assert found[0] == found[1]
    labels = ("'lamp' is not", "Name: it is needed", "Switch: it is needed", "Mode: ")
    assert [any(text.startswith(label) for text in found[0]) for label in labels] == [True] * 4
    order = [one.label for one in KINDS["plug"].fields]
    told = [text.partition(":")[0] for text in found[0][1:]]
    assert told == sorted(told, key=order.index)


@pytest.mark.parametrize(
    ("kind", "field", "given", "read_as"),
    [
        pytest.param("circuit", "limit_a", " 20 ", 20.0, id="a number as text with spaces"),
        pytest.param("circuit", "name", "  Garage ", "Garage", id="a name with spaces around it"),
        pytest.param("charger", "mode", "STANDARD", "standard", id="a mode in capitals"),
        pytest.param("charger", "mode", "continuous", "standard", id="the plug's name of the rule"),
        pytest.param("plug", "mode", "standard", "continuous", id="the charger's name of the rule"),
        pytest.param("plug", "mode", "off", "off", id="off"),
        pytest.param("charger", "leg_l1", "b", "B", id="a phase in lower case"),
        pytest.param("plug", "essential", "yes", True, id="yes as text"),
        pytest.param("plug", "essential", "False", False, id="false as text"),
        pytest.param("plug", "switch", ["switch.a"], "switch.a", id="one entity in a list"),
        pytest.param("plug", "power_entity", [], None, id="an empty list is not given"),
        pytest.param("plug", "power_entity", "", None, id="an empty text is not given"),
        pytest.param("charger", "min_current_a", None, 6, id="the default minimum is 6 A"),
        pytest.param("charger", "max_current_a", "", 16, id="the default maximum is 16 A"),
        pytest.param("site", "main_breaker_a", None, 25, id="the default main breaker is 25 A"),
        pytest.param("site", "voltage_v", None, 230, id="the default voltage is 230 V"),
        pytest.param("site", "max_import_w", None, None, id="no import limit unless given"),
    ],
)
def test_what_people_write_is_understood(kind: str, field: str, given: Any, read_as: Any) -> None:
    assert read(kind, **{field: given})[field] == read_as


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_form_gives_a_value_for_every_field_of_its_kind(kind: str) -> None:
    assert list(read(kind)) == [field.name for field in KINDS[kind].fields]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_default_passes_its_own_check(kind: str) -> None:
    """What the parser fills in must itself be accepted when a blueprint sends it."""
    defaults = {f.name: f.default for f in KINDS[kind].fields if f.default is not None}
    assert read(kind, **defaults).items() >= defaults.items()
