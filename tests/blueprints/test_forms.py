"""The blueprint files themselves: what a user sees, and that all of it counts."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from homeassistant.components.automation.config import AUTOMATION_BLUEPRINT_SCHEMA
from homeassistant.components.blueprint.models import Blueprint
from homeassistant.util.yaml import Input, extract_inputs, load_yaml_dict
from loadjuggler.config.kinds import KINDS
from loadjuggler.config.parse import CONTRACT, parse, read_field
from loadjuggler.forms.field import Kind
from loadjuggler.runtime.services import SERVICES

from tests.blueprints.forms import minimal

PROJECT = Path(__file__).parent.parent.parent
FOLDER = PROJECT / "blueprints" / "automation" / "loadjuggler"
each_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))


def load(kind: Kind) -> dict[str, Any]:
    return load_yaml_dict(str(FOLDER / f"{kind.name}.yaml"))


def sections(kind: Kind) -> dict[str, dict[str, Any]]:
    return load(kind)["blueprint"]["input"]


def inputs(kind: Kind) -> dict[str, dict[str, Any]]:
    return {
        name: value
        for section in sections(kind).values()
        for name, value in section["input"].items()
    }


def test_there_is_a_blueprint_for_each_kind_and_no_other() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == set(KINDS)


def test_blueprints_can_be_told_apart_by_their_names() -> None:
    names = [load(kind)["blueprint"]["name"] for kind in KINDS.values()]
    assert len(set(names)) == len(names)


@each_kind
def test_home_assistant_accepts_the_blueprint(kind: Kind) -> None:
    blueprint = Blueprint(
        load(kind),
        path=f"loadjuggler/{kind.name}.yaml",
        expected_domain="automation",
        schema=AUTOMATION_BLUEPRINT_SCHEMA,
    )
    assert blueprint.validate() is None


@each_kind
def test_the_form_asks_for_the_fields_of_the_table_and_sends_just_these(kind: Kind) -> None:
    names = {field.name for field in kind.fields}
    blueprint = load(kind)
    form = blueprint["actions"][0]["variables"]["form"]
    assert set(inputs(kind)) == names
    assert form == {name: Input(name) for name in names}
    assert extract_inputs(blueprint) == names, "an input is asked for and not used"


@each_kind
def test_no_name_is_used_twice_in_a_form(kind: Kind) -> None:
    text = (FOLDER / f"{kind.name}.yaml").read_text(encoding="utf-8")
    head = text.partition("\ntriggers:")[0]
    keys = Counter(re.findall(r"^ {4}(\w+):$|^ {8}(\w+):$", head, re.MULTILINE))
    assert [key for key, count in keys.items() if count > 1] == []
    labels = Counter(value["name"] for value in inputs(kind).values())
    assert [label for label, count in labels.items() if count > 1] == [], "errors name the label"


@each_kind
def test_everything_in_a_form_is_explained_in_a_short_sentence(kind: Kind) -> None:
    blueprint = load(kind)["blueprint"]
    assert blueprint["description"].endswith(".")
    for name, part in {**sections(kind), **inputs(kind)}.items():
        assert part["name"], name
        assert part["description"].endswith("."), name
        assert len(part["description"]) <= 160, name


@each_kind
def test_only_the_first_section_is_open_and_the_others_can_be_left_closed(kind: Kind) -> None:
    first, *others = sections(kind).values()
    assert not first.get("collapsed", False)
    for section in others:
        assert section["collapsed"] is True
        for name, value in section["input"].items():
            assert "default" in value, f"{name} could not be saved without opening its section"


@each_kind
def test_just_the_needed_fields_have_no_default(kind: Kind) -> None:
    without = {name for name, value in inputs(kind).items() if "default" not in value}
    assert without == {field.name for field in kind.fields if field.required}


@each_kind
def test_each_default_is_one_that_the_form_and_the_engine_accept(kind: Kind) -> None:
    for field in kind.fields:
        if field.required:
            continue
        default = inputs(kind)[field.name]["default"]
        assert read_field(field, default) == field.default, field.name
        ((selector, options),) = inputs(kind)[field.name]["selector"].items()
        if selector == "select":
            assert default in [option["value"] for option in options["options"]], field.name
        if selector == "number":
            assert default == "" or options["min"] <= default <= options["max"], field.name
            # A browser marks numbers that are no whole number of steps above the least one.
            steps = 0.0 if default == "" else (default - options["min"]) / options["step"]
            assert steps == pytest.approx(round(steps)), field.name


@each_kind
def test_the_form_asks_for_what_the_field_table_says(kind: Kind) -> None:
    for field in kind.fields:
        ((selector, options),) = inputs(kind)[field.name]["selector"].items()
        expected = {"flag": "boolean", "choice": "select"}.get(field.type, field.type)
        assert selector == expected, field.name
        if field.type == "number":
            range_ = (options["min"], options["max"], options["step"])
            assert range_ == (field.low, field.high, field.step)
            assert options.get("unit_of_measurement", "") == field.unit
        if field.type == "choice":
            found = [(option["value"], option["label"]) for option in options["options"]]
            assert found == list(field.choices), field.name
        if field.type == "entity":
            assert options["filter"] == field.filters(), field.name
            offered = [domain for one in options["filter"] for domain in one["domain"]]
            assert set(offered) == set(field.domains), field.name


@each_kind
def test_a_form_with_just_the_needed_fields_is_one_the_engine_can_read(kind: Kind) -> None:
    defaults = {name: value.get("default") for name, value in inputs(kind).items()}
    parse(kind.name, {**defaults, **minimal(kind), "contract": CONTRACT, "node": "1"})


@each_kind
def test_only_the_engines_question_triggers_an_announcement(kind: Kind) -> None:
    blueprint = load(kind)
    assert blueprint["triggers"] == [
        {"trigger": "event", "id": "discover", "event_type": "loadjuggler_discover"}
    ]
    assert blueprint["mode"] == "queued"
    assert "conditions" not in blueprint


@each_kind
def test_the_blueprint_names_no_place_that_is_not_everyones(kind: Kind) -> None:
    text = (FOLDER / f"{kind.name}.yaml").read_text(encoding="utf-8")
    assert "source_url" not in text
    assert "http" not in text


@each_kind
def test_the_register_service_describes_every_field(kind: Kind) -> None:
    described = SERVICES[f"register_{kind.name}"].description()
    envelope = {"contract", "node", "automation"}
    assert set(described["fields"]) == {field.name for field in kind.fields} | envelope
    for field in kind.fields:
        found = described["fields"][field.name]
        assert found["name"] == field.label
        assert found["description"].startswith(field.help)
        assert read_field(field, found["example"]) is not None, field.name
        assert "required" not in found, "it is the engine that tells all errors at once"


# What docs/product.md says of sun, battery and patience, where the form asks for nothing else.
DEFAULTS = {
    "site": {
        "sun": {"solar_entity": "", "excess_threshold_w": 13000, "excess_threshold_entity": ""},
        "battery": {
            "battery_soc_entity": "",
            "battery_power_entity": "",
            "battery_invert": False,
            "battery_soc_min_pct": 20,
            "battery_soc_min_entity": "",
            "battery_soc_target_pct": 80,
            "battery_soc_target_entity": "",
            "battery_hysteresis_pct": 3,
            "battery_max_charge_w": 5000,
            "battery_max_discharge_w": 5000,
            "battery_phases": "all",
            "battery_follows_load": True,
            "allow_grid_charging": True,
            "allow_grid_charging_entity": "",
        },
        "inverter": {
            "inverter_a": "",
            "inverter_b": "",
            "inverter_c": "",
            "inverter_max_w": "",
            "inverter_max_phase_w": "",
            "inverter_asymmetric": False,
            "inverter_topology": "parallel",
        },
    },
    "charger": {
        "sun": {
            "solar_grace_min": 5,
            "solar_pause_min": 3,
            "solar_stops": 6,
            "after_stops": "stay_off",
            "excess_threshold_w": "",
            "boost_min": 60,
        }
    },
    "plug": {
        "sun": {
            "solar_grace_min": 5,
            "min_on_min": 5,
            "min_off_min": 5,
            "excess_threshold_w": "",
            "boost_min": 60,
        }
    },
}


@pytest.mark.parametrize(
    ("kind", "section"), [(kind, key) for kind, parts in DEFAULTS.items() for key in parts]
)
def test_sun_and_battery_are_asked_for_in_sections_of_their_own(kind: str, section: str) -> None:
    found = sections(KINDS[kind])[section]
    assert found["collapsed"] is True
    asked = {name: field["default"] for name, field in found["input"].items()}
    assert asked == DEFAULTS[kind][section]


def test_a_charge_is_asked_for_in_percent() -> None:
    names = ("battery_soc_min_pct", "battery_soc_target_pct", "battery_hysteresis_pct")
    for name in names:
        number = inputs(KINDS["site"])[name]["selector"]["number"]
        assert (number["min"], number["max"], number["unit_of_measurement"]) == (0, 100, "%")


def test_each_kind_offers_the_modes_that_it_can_run_in() -> None:
    # docs/product.md, section 3.
    expected = {
        "charger": ["standard", "solar_priority", "solar_only", "excess", "boost", "off"],
        "plug": ["continuous", "solar_only", "excess", "boost", "off"],
    }
    for kind, modes in expected.items():
        mode = inputs(KINDS[kind])["mode"]
        assert [o["value"] for o in mode["selector"]["select"]["options"]] == modes
        assert mode["default"] == modes[0]
