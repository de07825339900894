"""Chargers whose entities have ids of one's own, by what Home Assistant's registry has of them.

The OCPP integration (0.11) calls its sensors `ocpp.<name>.<key>.sensor` for good, in English; their
friendly names are "Current Import" and so on, without the charger. Users rename the ids.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from loadjuggler.discovery.charger import find_charger
from loadjuggler.discovery.similar import with_registered
from loadjuggler.runtime.controller import Keeper
from loadjuggler.site.slug import loosely, slug
from loadjuggler.snapshot import EntityState

from ..house import START, charger_form, site_form, state

Row = tuple[str, str, str, str]

RENAMED: dict[str, tuple[str, str]] = {
    "status_connector": ("sensor.wallbox_stanje", "Charging"),
    "current_import": ("sensor.wallbox_strom", "7.0"),
    "transaction_id": ("sensor.polnjenje", "7"),
    "id": ("sensor.wallbox_kennung", "CP-1"),
}
"""By key of the integration: the id that its user gave it, and its value."""


def renamed(name: str = "charger", entry: str = "one") -> tuple[dict[str, EntityState], list[Row]]:
    """A charger of an entry whose ids were all renamed, and its rows of the registry."""
    states, rows = {}, []
    for key, (entity, value) in RENAMED.items():
        unit = "A" if key == "current_import" else None
        states[entity] = state(value, unit, friendly_name=key.replace("_", " ").title())
        rows.append((entity, f"ocpp.{name}.{key}.sensor", entry, "Wallbox Süd"))
    return states, rows


@pytest.mark.parametrize("typed", ["charger", "CP-1", "Wallbox Süd", "wallbox-sued", "WallboxSud"])
def test_ids_of_ones_own_are_found_by_the_registry(typed: str) -> None:
    states, rows = renamed()
    found = find_charger(with_registered(states, rows), typed, 1)
    assert found.name == "charger"
    assert found.identity == "CP-1"
    assert found.entities["status"] == "sensor.wallbox_stanje"
    assert found.entities["current_import"] == "sensor.wallbox_strom"
    assert found.entities["transaction"] == "sensor.polnjenje"
    assert found.why["current_import"] == (
        "The OCPP integration has made it as current_import (A)."
    )


def test_connectors_and_switches_are_told_apart_by_the_registry() -> None:
    rows = [
        ("sensor.links", "ocpp.My.Station.conn1.current_import.sensor", "one", ""),
        ("sensor.rechts", "ocpp.My.Station.conn2.current_import.sensor", "one", ""),
        ("sensor.zustand", "ocpp.My.Station.conn2.status_connector.sensor", "one", ""),
        ("switch.laden", "switch.ocpp.My.Station.conn2.charge_control", "one", ""),
        ("button.neu", "button.ocpp.My.Station.reset", "one", ""),
    ]
    states = {entity: state("7" if "sensor" in entity else "on", None) for entity, *_ in rows}
    states |= {one: state("7", "A") for one in ("sensor.links", "sensor.rechts")}
    states["sensor.zustand"] = state("Charging")
    found = find_charger(with_registered(states, rows), "my station", 2)
    assert found.entities == {
        "status": "sensor.zustand",
        "current_import": "sensor.rechts",
        "charge_control": "switch.laden",
        "reset": "button.neu",
    }


def test_an_id_that_looks_like_another_role_is_not_taken_for_it() -> None:
    """Its user has renamed the energy so that it ends in current_import."""
    states, rows = renamed()
    states["sensor.charger_current_import"] = state("12.0", "A")
    unique = "ocpp.charger.current_export.sensor"
    rows.append(("sensor.charger_current_import", unique, "one", "charger"))
    found = find_charger(with_registered(states, rows), "charger", 1)
    assert found.entities["current_import"] == "sensor.wallbox_strom"


@pytest.mark.parametrize(
    ("typed", "is_"),
    [
        ("Wallbox Süd", "wallbox_sud"),
        ("Đakovo/Straße", "dakovo_strasse"),
        ("Øst", "ost"),
        ("Łódź", "lodz"),
        ("Polnilnica Črnuče", "polnilnica_crnuce"),
    ],
)
def test_names_become_ids_as_in_home_assistant(typed: str, is_: str) -> None:
    """What Home Assistant's slugify makes of them."""
    assert slug(typed) == is_


def test_spellings_of_one_name_are_alike_and_other_names_are_not() -> None:
    alike = ("Wallbox Süd", "wallbox-sued", "WALLBOX_SUD", "WallboxSüd")
    assert len({loosely(one) for one in alike}) == 1
    others = ("Wallbox Süd", "Wallbox Süd 2", "Wallbox Nord", "Box Süd")
    assert len({loosely(one) for one in others}) == len(others)


def test_two_chargers_that_differ_in_spelling_only_are_not_guessed_between() -> None:
    states = {
        f"sensor.{name}_{key}": state(value)
        for name in ("left_1", "left1")
        for key, value in (("status_connector", "Charging"), ("id", name))
    }
    assert find_charger(states, "LEFT-1", 1).name == "left_1"  # that is how the id is written
    found = find_charger(states, "L eft 1", 1)
    assert found.name is None
    assert "'L eft 1' fits more than one charge point: left1, left_1." in found.missing[0]


def test_a_name_like_one_that_is_there_is_asked_for_and_not_taken() -> None:
    states = {"sensor.wallbox_links_status_connector": state("Charging")}
    found = find_charger(states, "walbox link", 1)
    assert found.name is None
    assert found.missing[0] == (
        "Charge point id: no charge point fits 'walbox link'. Is wallbox_links meant? There are: "
        "wallbox_links."
    )
    assert "meant" not in find_charger(states, "carport", 1).missing[0]


def test_entities_that_look_like_what_is_missing_are_named_with_their_field() -> None:
    """Without a registry row, as of a template: only a person can say what they are."""
    states = {
        "sensor.wallbox_transaction_id": state("7"),
        "sensor.wallbox_id": state("CP-1"),
        "sensor.wallbox_strom_l1": state("7", "A"),
        "sensor.wallbox_zustand": state("Charging"),
        "sensor.haus_strom": state("7", "A"),
        "sensor.wallbox_strom_preis": state("0.3", "EUR/kWh"),
    }
    missing = " ".join(find_charger(states, "wallbox", 1).missing)
    assert (
        "There is sensor.wallbox_zustand (Charging): is it meant? Choose it under Status" in missing
    )
    assert "There is sensor.wallbox_strom_l1 (7): is it meant? Choose it under Current" in missing
    assert "haus_strom" not in missing
    nothing = find_charger({"sensor.auto_zustand": state("Preparing")}, "carport", 1).missing[0]
    assert "There is sensor.auto_zustand (Preparing): is it meant?" in nothing


# --- two central systems ---------------------------------------------------------------------


def two_systems() -> dict[str, EntityState]:
    """Chargers left and right call themselves CP-1, each in a central system of its own."""
    states, rows = {}, []
    for name, entry in (("left", "one"), ("right", "two")):
        for key, (_, value) in RENAMED.items():
            entity = f"sensor.{name}_{key}"
            states[entity] = state(value, "A" if key == "current_import" else None)
            rows.append((entity, f"ocpp.{name}.{key}.sensor", entry, name))
    states |= {f"sensor.grid_{phase}": state(2.0, "A") for phase in "abc"}
    return with_registered(states, rows)


def sent(made: Keeper, states: dict[str, EntityState], seconds: range) -> set[str]:
    """The loads that are told something."""
    found = set()
    for at_s in seconds:
        for call in made.run(states, START + at_s).calls:
            if call.domain == "ocpp":
                found.add(call.load_id)
                made.succeeded(call)
    return found


def keeper(states: dict[str, EntityState]) -> Keeper:
    made = Keeper()
    for form in (site_form(), charger_form("left"), charger_form("right")):
        data: dict[str, Any] = {key: form[key] for key in form if key not in ("kind", "automation")}
        assert made.register(form["kind"], data, START, states)["ok"]
    return made


def test_only_chargers_of_the_central_system_that_gets_calls_are_told() -> None:
    """A call for CP-1 reaches whichever of the two systems was loaded last."""
    states = two_systems()
    made = keeper(states)
    made.registry.answered("two")
    assert sent(made, states, range(0, 60, 5)) == {"right"}
    assert made.report.loads["left"].status == "unreachable"
    said = " ".join(made.report.warnings)
    assert "sensor.left_status_connector belongs to another central system" in said
    made.registry.answered("one")  # its entry was reloaded
    assert sent(made, states, range(60, 120, 5)) == {"left"}


def test_where_it_is_not_known_who_gets_calls_nothing_is_sent() -> None:
    states = two_systems()
    made = keeper(states)
    made.registry.answered(None)
    assert sent(made, states, range(0, 60, 5)) == set()


def test_where_each_call_finds_its_charger_both_systems_are_told_by_what_users_call_them() -> None:
    """From v0.11.2 on; both call themselves CP-1, so a call for that would be refused."""
    states = two_systems()
    made = keeper(states)
    made.registry.answered("")
    named: dict[str, set[str]] = {}
    for at_s in range(0, 60, 5):
        for call in made.run(states, START + at_s).calls:
            named.setdefault(call.load_id, set()).add(call.data["devid"])
            made.succeeded(call)
    assert named == {"left": {"left"}, "right": {"right"}}
    assert not [text for text in made.report.warnings if "central system" in text]


@pytest.mark.parametrize("own_id", ["unknown", "right"])
def test_where_each_call_finds_its_charger_no_id_of_its_own_is_needed(own_id: str) -> None:
    """Left has none yet, or calls itself like the other: up to v0.11.1 it is told nothing."""
    rows = [
        (f"sensor.{name}_{key}", f"ocpp.{name}.{key}.sensor", "one", "")
        for name in ("left", "right")
        for key in ("id", "status_connector")
    ]
    values = {entity: "Charging" if "status" in entity else own_id for entity, *_ in rows}
    states = with_registered({entity: state(value) for entity, value in values.items()}, rows)
    found = find_charger(states, "left", 1)
    assert replace(found, answered_by="one").mistaken_for == "right"
    routed = replace(found, answered_by="")
    assert (routed.mistaken_for, routed.in_calls) == ("", "left")


def test_what_a_user_calls_a_charger_is_written_as_in_the_integration() -> None:
    """v0.11.2 compares letter for letter."""
    rows = [
        ("sensor.a", "ocpp.My.Station 2.id.sensor", "one", ""),
        ("sensor.b", "ocpp.My.Station 2.status_connector.sensor", "one", ""),
    ]
    states = with_registered({"sensor.a": state("CP-1"), "sensor.b": state("Charging")}, rows)
    found = replace(find_charger(states, "my station 2", 1), answered_by="")
    assert found.in_calls == "My.Station 2"
    assert replace(found, answered_by="one").in_calls == "CP-1", "older versions know both"


def test_one_central_system_needs_no_proof() -> None:
    """Who answers can't be found out in some later version of the integration."""
    states = {key: one for key, one in two_systems().items() if "left" in key or "grid" in key}
    made = Keeper()
    for form in (site_form(), charger_form("left")):
        data: dict[str, Any] = {key: form[key] for key in form if key not in ("kind", "automation")}
        assert made.register(form["kind"], data, START, states)["ok"]
    made.registry.answered(None)
    assert sent(made, states, range(0, 60, 5)) == {"left"}


def test_chargers_of_other_central_systems_are_not_mistaken_for_it() -> None:
    """Left calls itself right: that is another charger only if it is in the same system."""
    states = two_systems()
    own = states["sensor.left_id"]
    states["sensor.left_id"] = EntityState("right", own.attributes, own.reported_at, own.known)
    made = keeper(states)
    made.registry.answered("one")
    assert sent(made, states, range(0, 60, 5)) == {"left"}


def test_after_a_restart_chargers_are_looked_for_before_anything_is_sent() -> None:
    """Forms come from the file, and what was found of them does not: it may have changed."""
    states = two_systems()
    before = keeper(states)
    made = Keeper()
    assert made.load(before.dump()) == []
    assert made.registry.unsearched()
    made.registry.answered("two")
    made.registry.look(states)
    assert not made.registry.unsearched()
    assert sent(made, states, range(0, 60, 5)) == {"right"}
