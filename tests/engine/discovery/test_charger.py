"""Finding a charger's entities. Expected: what the OCPP integration's own naming says."""

from __future__ import annotations

import pytest
from loadjuggler.discovery.charger import find_charger
from loadjuggler.snapshot import EntityState

from .entities import recorded

ALL = (
    "ocpp_one_connector",
    "ocpp_two_connectors",
    "ocpp_renamed",
    "ocpp_separate_legs",
    "ocpp_fallbacks",
    "ocpp_201",
)
"""One house with all of them: what belongs to others must not be taken."""


def test_one_connector_gives_every_role() -> None:
    found = find_charger(recorded(*ALL), "charger", 1)
    assert found.entities == {
        "status": "sensor.charger_status_connector",
        "current_import": "sensor.charger_current_import",
        "current_offered": "sensor.charger_current_offered",
        "power_import": "sensor.charger_power_active_import",
        "power_offered": "sensor.charger_power_offered",
        "voltage": "sensor.charger_voltage",
        "energy": "sensor.charger_energy_active_import_register",
        "energy_session": "sensor.charger_energy_session",
        "transaction": "sensor.charger_transaction_id",
        "charge_control": "switch.charger_charge_control",
        "availability": "switch.charger_availability",
        "reset": "button.charger_reset",
        "heartbeat": "sensor.charger_heartbeat",
        "latency": "sensor.charger_latency_ping",
        "identity": "sensor.charger_id",
    }
    assert found.missing == ()
    assert found.identity == "EVB-P2038"
    assert found.why["current_import"] == "Its id ends in current_import (A, current)."


@pytest.mark.parametrize("typed", ["charger", " Charger ", "EVB-P2038", "evb-p2038 "])
def test_any_way_of_writing_its_id_will_do(typed: str) -> None:
    found = find_charger(recorded(*ALL), typed, 1)
    assert (found.name, found.identity) == ("charger", "EVB-P2038")


@pytest.mark.parametrize("connector", [1, 2])
def test_each_connector_has_its_own_and_the_station_what_is_for_both(connector: int) -> None:
    found = find_charger(recorded(*ALL), "station", connector)
    own = f"station_connector_{connector}"
    assert found.entities == {
        "status": f"sensor.{own}_status_connector",
        "current_import": f"sensor.{own}_current_import",
        "current_offered": f"sensor.{own}_current_offered",
        "power_import": f"sensor.{own}_power_active_import",
        "energy_session": f"sensor.{own}_energy_session",
        "transaction": f"sensor.{own}_transaction_id",
        "charge_control": f"switch.{own}_charge_control",
        "availability": f"switch.{own}_connnector_availability",
        "reset": "button.station_reset",
        "heartbeat": "sensor.station_heartbeat",
        "latency": "sensor.station_latency_ping",
        "identity": "sensor.station_id",
    }
    assert found.missing == ()


def test_a_connector_that_is_not_there_is_told() -> None:
    found = find_charger(recorded(*ALL), "station", 3)
    assert found.entities == {}
    assert "no connector 3, only 1, 2" in found.missing[0]
    found = find_charger(recorded(*ALL), "charger", 2)
    assert "no connector 2, only 1" in found.missing[0]


@pytest.mark.parametrize("typed", ["Garage charger", "garage_charger", "TACW11-4-1520"])
def test_a_renamed_device_is_found_and_called_by_what_it_calls_itself(typed: str) -> None:
    found = find_charger(recorded(*ALL), typed, 1)
    assert found.entities["status"] == "sensor.garage_charger_status_connector"
    assert found.entities["current_import"] == "sensor.car_amps"
    assert found.entities["power_import"] == "sensor.garage_charger_power_active_import"
    assert found.identity == "TACW11-4-1520"
    assert "It is called 'Garage charger Current Import' (A, current)." in found.why.values()


def test_a_friendly_name_is_enough() -> None:
    found = find_charger(recorded("ocpp_friendly_name"), "Garage charger", 1)
    assert found.entities["current_import"] == "sensor.evse1_current_import"
    assert (found.name, found.identity) == ("evse1", "EVSE-1")
    assert found.missing == ()


def test_an_id_goes_before_a_friendly_name() -> None:
    """Of two that fit, the one whose entity ids begin with it is meant."""
    both = recorded("ocpp_friendly_name", "ocpp_renamed")
    assert find_charger(both, "Garage charger", 1).name == "garage_charger"


def test_a_name_that_fits_two_is_not_guessed() -> None:
    states = recorded("ocpp_friendly_name")
    twin = {
        entity.replace("evse1", "evse2"): state
        for entity, state in states.items()
        if not entity.endswith("_id")
    }
    found = find_charger({**states, **twin}, "Garage charger", 1)
    assert found.name is None
    assert "evse1, evse2" in found.missing[0]


def test_an_entity_for_each_leg_is_better_than_a_mean() -> None:
    found = find_charger(recorded(*ALL), "wallbox", 1)
    assert found.legs(("L1", "L2", "L3")) == (
        ("L1", "sensor.wallbox_current_import_l1"),
        ("L2", "sensor.wallbox_current_import_l2"),
        ("L3", "sensor.wallbox_current_import_l3"),
    )
    assert "current_import" not in found.entities


def test_one_entity_with_all_legs_is_better_than_an_entity_for_each() -> None:
    states = recorded("ocpp_separate_legs")
    whole = states["sensor.wallbox_current_import"]
    legs = {"L1": 12.0, "L2": 11.9, "L3": 12.1}
    states["sensor.wallbox_current_import"] = EntityState("12", {**whole.attributes, **legs})
    found = find_charger(states, "wallbox", 1)
    assert found.entities["current_import"] == "sensor.wallbox_current_import"
    assert found.legs(("L1", "L2", "L3")) == ()


def test_a_leg_without_its_entity_makes_the_others_useless() -> None:
    states = recorded("ocpp_separate_legs")
    del states["sensor.wallbox_current_import_l2"]
    found = find_charger(states, "wallbox", 1)
    assert found.entities["current_import"] == "sensor.wallbox_current_import"
    assert not any(role.startswith("current_import_l") for role in found.entities)
    # A charger on one phase needs no more than its L1.
    assert find_charger(states, "wallbox", 1, ("L1",)).legs(("L1",))


def test_energy_is_no_current_and_power_takes_its_place() -> None:
    found = find_charger(recorded(*ALL), "ac22", 1)
    assert "current_import" not in found.entities
    assert found.rejected == {"sensor.ac22_current_import"}
    assert found.entities["power_import"] == "sensor.ac22_power_active_import"
    assert found.entities["voltage"] == "sensor.ac22_voltage"
    text = " ".join(found.missing)
    assert "worked out from the power (sensor.ac22_power_active_import)" in text
    assert "sensor.ac22_current_import is not used as current import: it is in kWh" in text
    assert "sensor.ac22_power_offered tells it as power" in text


def test_what_is_left_over_gives_way_to_what_is_in_use() -> None:
    found = find_charger(recorded(*ALL), "CP-A.7", 1)
    assert found.entities["current_import"] == "sensor.cp_a_7_current_import_2"
    assert found.identity == "CP-A.7"


def test_a_name_that_fits_none_is_answered_with_those_that_there_are() -> None:
    found = find_charger(recorded("ocpp_one_connector", "ocpp_renamed"), "Carport", 1)
    assert found.name is None
    assert found.entities == {}
    assert found.missing == (
        "Charge point id: no charge point fits 'Carport'. There are: charger, garage_charger, "
        "wallbox_2.",
    )


def test_without_any_charge_point_it_says_so() -> None:
    found = find_charger({"sensor.grid_status": EntityState("ok")}, "charger", 1)
    assert "has it ever connected" in found.missing[0]


def test_what_the_form_names_is_checked_and_not_looked_for() -> None:
    states = recorded("ocpp_one_connector")
    chosen = {
        "current_import": "sensor.charger_energy_session",
        "power_import": "sensor.nowhere",
    }
    found = find_charger(states, "charger", 1, chosen=chosen)
    assert found.entities["current_import"] == "sensor.charger_energy_session"
    text = " ".join(found.missing)
    assert "sensor.charger_energy_session is not used as current import: it is in kWh" in text
    assert "sensor.nowhere, which the form names for the power import, is not there" in text


def test_one_that_never_connected_has_its_entities_without_values() -> None:
    """Home Assistant shows them as unavailable, some without a unit: they are the right ones."""
    states = {
        entity: EntityState("unavailable", {})
        for entity in recorded("ocpp_one_connector")
        if not entity.startswith("sensor.house")
    }
    found = find_charger(states, "charger", 1)
    assert found.entities["current_import"] == "sensor.charger_current_import"
    assert found.identity is None
    assert found.missing == ()
    spelt = find_charger(states, "Charger", 1)
    assert any("does not say what it is called" in text for text in spelt.missing)


def test_a_current_whose_legs_are_called_l1_n_is_read_as_one() -> None:
    """It has the legs as attributes, so entities of single legs beside it are not needed."""
    states = recorded("ocpp_separate_legs")
    whole = states["sensor.wallbox_current_import"]
    named = {**whole.attributes, "L1-N": 12.0, "L2-N": 11.9, "L3-N": 12.1}
    states["sensor.wallbox_current_import"] = EntityState(whole.value, named)
    found = find_charger(states, "wallbox", 1)
    assert found.entities["current_import"] == "sensor.wallbox_current_import"
    assert "current_import_l1" not in found.entities
