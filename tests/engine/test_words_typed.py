"""Words that people type are taken as they are shown: in forms, services, and entities."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from loadjuggler.config.kinds import KINDS
from loadjuggler.config.parse import Refused, parse, read_field
from loadjuggler.config.words import words
from loadjuggler.forms.field import Field
from loadjuggler.site.words import key
from loadjuggler.snapshot import EntityState
from loadjuggler.texts import TERMS
from loadjuggler.texts.labels import MODES as MODE_NAMES

from .house import charger_form, plug_form, site_form, state
from .test_keeper import Home, changed

UNDERSTAND = Path(__file__).parents[2] / "docs" / "understand.md"

SOLAR_ONLY = [
    "solar_only",
    "Solar only",
    "solar-only",
    "  SOLAR   Only ",
    "Solar\u00a0only",
    "Solar only: what the sun leaves over, stops rather than import",
    "solar",
    "Samo sonce",
    "SAMO_SONCE",
    "samo sonce (solar_only)",
]
"""What is shown somewhere, in some case, with some blanks."""

CHOICES = [
    pytest.param(kind.name, one, id=f"{kind.name}-{one.name}")
    for kind in KINDS.values()
    for one in kind.fields
    if one.type == "choice"
]


@pytest.mark.parametrize("typed", SOLAR_ONLY)
def test_solar_only_is_taken_wherever_it_is_typed(typed: str) -> None:
    """In the form, by a service, and in an entity, whether that is read or written."""
    assert parse("charger", {**sent(charger_form("car")), "mode": typed}).values["mode"] == (
        "solar_only"
    )
    home = Home(site_form(), charger_form("car"), charger_form("van", mode_entity="sensor.mode"))
    assert home.desk.set_mode("car", typed)["ok"]
    home.states["sensor.mode"] = state(typed)
    home.run()
    assert (home.mode("car"), home.mode("van")) == ("solar_only", "solar_only")
    home.register(charger_form("van", mode_entity="input_select.mode"))
    home.states["input_select.mode"] = EntityState("Off", {"options": ["Off", typed]})
    home.run()
    call = home.desk.set_mode("van", "solar_only")["call"]
    assert call["data"]["option"] == typed, "in the spelling of its options"


def sent(form: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in form.items() if name != "kind"}


def of_texts(value: str) -> set[str]:
    """What the texts of both languages call the choice `value`."""
    return {names[value] for names in (*MODE_NAMES.values(), *TERMS.values()) if value in names}


@pytest.mark.parametrize(("kind", "field"), CHOICES)
def test_each_choice_is_taken_by_every_word_that_is_shown_for_it(kind: str, field: Field) -> None:
    """The form's option, the word before its explanation, and what sentences and buttons say."""
    for value, label in field.choices:
        for word in {value, label, label.partition(":")[0], *of_texts(value)}:
            for typed in (word, word.upper(), f"  {word.replace(' ', '  ')} "):
                assert read_field(field, typed) == value, (kind, field.name, typed)


@pytest.mark.parametrize(("kind", "field"), CHOICES)
def test_no_word_that_is_shown_means_two_choices(kind: str, field: Field) -> None:
    meant: dict[str, set[str]] = {}
    for value, label in field.choices:
        for word in {value, label, label.partition(":")[0], *of_texts(value)}:
            meant.setdefault(key(word), set()).add(value)
    assert {word: values for word, values in meant.items() if len(values) > 1} == {}, kind
    assert set(words(field).values()) == {value for value, _ in field.choices}


@pytest.mark.parametrize("typed", ["", "solar only please", "sun", "0", "solaronly"])
def test_what_is_no_word_of_a_choice_is_none(typed: str) -> None:
    home = Home(site_form(), charger_form("car"))
    answer = home.desk.set_mode("car", typed)
    assert not answer["ok"]
    assert "standard, solar_priority, solar_only, excess, boost, off are." in answer["message"]
    if typed:
        with pytest.raises(Refused, match="is not one of standard, solar_priority, solar_only"):
            parse("charger", {**sent(charger_form("car")), "mode": typed})


@pytest.mark.parametrize("typed", ["Boost", "Takoj", " TAKOJ ", "takoj (boost)"])
def test_a_boost_in_other_words_begins_and_lasts_as_long_as_asked_for(typed: str) -> None:
    home = Home(site_form(), charger_form("car", mode="off"))
    home.run()
    assert home.desk.set_mode("car", typed, 30)["ok"]
    home.run()
    assert home.mode("car") == "boost"
    home.run(29 * 60.0)
    assert home.mode("car") == "boost"
    home.run(60.0)
    assert home.mode("car") == "off"


@pytest.mark.parametrize("option", ["Takoj", "Boost", "BOOST"])
def test_an_entity_that_says_boost_in_other_words_is_set_back_after_it(option: str) -> None:
    home = Home(site_form(), charger_form("car", mode_entity="input_select.mode"))
    options = {"options": ["Samo sonce", option]}
    home.states["input_select.mode"] = EntityState("Samo sonce", options)
    home.run()
    home.states["input_select.mode"] = EntityState(option, options)
    home.run()
    assert home.mode("car") == "boost"
    calls = home.run(3601.0).calls
    assert [dict(call.data) for call in calls if call.domain == "input_select"] == [
        {"entity_id": "input_select.mode", "option": "Samo sonce"}
    ]


def test_the_name_of_the_rule_for_another_kind_of_load_is_taken_in_both_languages() -> None:
    """Standard and continuous are one rule (product.md, section 3)."""
    home = Home(site_form(), plug_form("boiler"), charger_form("car"))
    assert home.desk.set_mode("boiler", "Standardno")["message"] == "boiler: mode continuous."
    assert home.desk.set_mode("car", "Stalno")["message"] == "car: mode standard."


@pytest.mark.parametrize("typed", ["Enako za vse", "Shared: all grow together", "SHARED"])
def test_sharing_is_taken_as_it_is_shown(typed: str) -> None:
    home = Home(site_form())
    assert home.desk.set_distribution(typed)["ok"]
    home.run()
    assert home.keeper.report.distribution == "shared"
    home.register(changed(site_form(), distribution_entity="input_text.sharing"))
    home.states["input_text.sharing"] = state(typed)
    home.run()
    assert home.keeper.report.distribution == "shared"


@pytest.mark.parametrize(("typed", "means"), [("Da", True), ("NE", False), ("vklopljeno", True)])
def test_yes_and_no_are_taken_in_both_languages(typed: str, means: bool) -> None:
    form = {**sent(charger_form("car")), "allow_remap": typed}
    assert parse("charger", form).values["allow_remap"] is means


@pytest.mark.parametrize("kind", KINDS)
def test_the_field_of_an_entity_says_which_words_it_may_have(kind: str) -> None:
    for name, of in (("mode_entity", "mode"), ("distribution_entity", "distribution")):
        fields = KINDS[kind].by_name()
        if name in fields:
            shown = [label.partition(":")[0] for _, label in fields[of].choices]
            assert all(word in fields[name].help for word in shown), kind
            assert "in Slovenian" in fields[name].help


def test_the_words_on_the_page_that_explains_modes_are_taken() -> None:
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \|", UNDERSTAND.read_text(encoding="utf-8"), re.M)
    modes = {**words(KINDS["charger"].field("mode")), **words(KINDS["plug"].field("mode"))}
    taken = {**modes, **words(KINDS["site"].field("distribution"))}
    named = [(first.partition(" (")[0], others) for first, others in rows]
    found = [(first, others) for first, others in named if key(first) in taken]
    assert len(found) == 7 + 4
    for first, others in found:
        for word in others.split(", "):
            assert taken[key(word)] == taken[key(first)], word


@pytest.mark.parametrize(("language", "says"), [("en", "it may say"), ("sl", "lahko pove")])
def test_an_entity_that_says_an_unknown_word_is_answered_with_those_that_there_are(
    language: str, says: str
) -> None:
    home = Home(site_form(), charger_form("car", mode_entity="sensor.mode"))
    home.states["sensor.mode"] = state("Turbo")
    home.now += 5.0
    seen = {key: one for key, one in home.states.items() if key in home.keeper.watched()}
    home.keeper.run(seen, home.now, language=language)
    words = "standard, solar_priority, solar_only, excess, boost, off"
    assert f"(Turbo; {says} {words})" in home.keeper.report.sentence
    home.states["sensor.mode"] = state("unavailable")
    home.run(100.0)
    assert says not in home.keeper.report.sentence
