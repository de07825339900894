"""From forms to a site: the tree of breakers, what hangs where, and what cannot be."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
from loadjuggler.config.build import new_id
from loadjuggler.site.controls import OcppControl
from loadjuggler.site.model import MAIN
from loadjuggler.site.slug import slug

from .house import charger_form, circuit_form, plug_form, site_form, wire_forms


def reasons(*forms: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    return dict(wire_forms(*forms).refused)


def test_the_order_of_arrival_does_not_matter() -> None:
    """Site, garage, the wall box below it and a car: each of the 24 orders gives the same tree."""
    forms = [
        site_form(),
        circuit_form("garage", 20),
        circuit_form("wallbox", 16, parent="garage"),
        charger_form("car", circuit="wallbox"),
    ]
    for order in permutations(forms):
        wired = wire_forms(*order)
        assert wired.site is not None
        assert not wired.refused
        assert not wired.waiting
        assert wired.site.path("wallbox") == ("wallbox", "garage", MAIN)
        assert next(iter(wired.site.circuits)) == MAIN
        assert wired.site.loads["car"].circuit == "wallbox"


def test_everything_waits_while_there_is_no_site() -> None:
    wired = wire_forms(circuit_form("garage", 20), charger_form("car"))
    assert wired.site is None
    assert dict(wired.waiting) == {"garage": "waiting for the site", "car": "waiting for the site"}


def test_a_load_waits_for_its_breaker_and_a_breaker_for_its_parent() -> None:
    wired = wire_forms(
        site_form(),
        circuit_form("wallbox", 16, parent="garage"),
        charger_form("car", circuit="wallbox"),
    )
    assert wired.site is not None
    assert dict(wired.waiting) == {"wallbox": "waiting for garage", "car": "waiting for wallbox"}
    assert not wired.site.loads
    assert set(wired.site.circuits) == {MAIN}


def test_a_circle_of_breakers_is_refused_and_drawn() -> None:
    found = reasons(
        site_form(),
        circuit_form("a", 20, parent="c"),
        circuit_form("b", 20, parent="a"),
        circuit_form("c", 20, parent="b"),
        circuit_form("d", 20, parent="a"),
    )
    assert found["a"] == ("Breaker above: a circle of breakers: a → c → b → a.",)
    assert set(found) == {"a", "b", "c", "d"}


def test_a_breaker_that_feeds_itself_is_a_circle() -> None:
    found = reasons(site_form(), circuit_form("a", 20, parent=" A "))
    assert found == {"a": ("Breaker above: a circle of breakers: a → a.",)}


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("garage", id="as it is"),
        pytest.param("  Garage ", id="with spaces and a capital"),
        pytest.param("GARAGE", id="in capitals"),
    ],
)
def test_a_breaker_is_found_however_its_name_is_written(written: str) -> None:
    wired = wire_forms(
        site_form(), circuit_form("garage", 20), charger_form("car", circuit=written)
    )
    assert wired.site is not None
    assert wired.site.loads["car"].circuit == "garage"


@pytest.mark.parametrize("written", ["", "  ", "main", "Main", "main breaker"])
def test_the_main_breaker_has_many_names(written: str) -> None:
    wired = wire_forms(site_form(), charger_form("car", circuit=written))
    assert wired.site is not None
    assert wired.site.loads["car"].circuit == MAIN


def test_two_breakers_of_one_name_are_one_too_many() -> None:
    second = {**circuit_form("barn", 16), "name": "GARAGE"}
    found = reasons(site_form(), circuit_form("garage", 20), second)
    assert found == {"barn": ("Name: there is a circuit called 'GARAGE' already.",)}


def test_a_breaker_may_not_be_called_main() -> None:
    assert "barn" in reasons(site_form(), {**circuit_form("barn", 16), "name": "Main"})


def test_two_loads_on_one_connector_are_refused_but_not_on_two() -> None:
    one = charger_form("left", devid="station", connector=1)
    two = charger_form("right", devid="station", connector=2)
    again = charger_form("third", devid="station", connector=1)
    found = reasons(site_form(), one, two, again)
    assert found == {
        "third": ("Charge point id: connector 1 of station is used by 'left' already.",)
    }


def test_two_plugs_on_one_switch_are_refused() -> None:
    again = plug_form("heater", switch="switch.boiler")
    found = reasons(site_form(), plug_form("boiler"), again)
    assert found == {"heater": ("Switch: switch.boiler is used by 'boiler' already.",)}


def test_a_leg_on_a_phase_that_the_site_does_not_have_is_refused() -> None:
    found = reasons(site_form("A"), charger_form("car", "AB"))
    assert found == {"car": ("Leg L2: it is wired to phase B, and the site has only A.",)}


def test_a_load_without_any_leg_is_refused() -> None:
    found = reasons(site_form(), charger_form("car", ""))
    assert found == {"car": ("Leg L1: no leg is connected to a phase.",)}


def test_all_that_is_wrong_with_a_load_is_told_at_once() -> None:
    """Two legs on phases that are not there, and a connector that is taken."""
    found = reasons(
        site_form("A"), charger_form("left", "A"), charger_form("right", "ABC", devid="left")
    )
    assert len(found["right"]) == 3


def test_a_second_site_is_refused_and_the_first_stays() -> None:
    second = {**site_form(), "node": "other", "name": "Other"}
    wired = wire_forms(site_form(), second)
    assert wired.site is not None
    assert wired.site.name == "Home"
    assert dict(wired.refused) == {
        "other": ("There is a site already: 'Home'. Only one is possible.",)
    }


def test_a_site_needs_a_meter_on_each_of_its_phases_and_on_no_other() -> None:
    lacking = reasons(site_form("AB", grid_b=""))
    assert lacking == {"site": ("Meter, phase B: it is needed, the site has a phase B.",)}
    stray = reasons(site_form("A", grid_c="sensor.c"))
    assert stray == {"site": ("Meter, phase C: the site has only A.",)}


def test_a_breaker_s_meter_on_a_missing_phase_is_refused() -> None:
    found = reasons(site_form("A"), circuit_form("garage", 20, metered="B"))
    assert found == {"garage": ("Meter, phase B: the site has only A.",)}


def test_rotated_legs_are_kept_in_their_order() -> None:
    wired = wire_forms(site_form(), charger_form("car", "BCA"), charger_form("two", "C"))
    assert wired.site is not None
    assert wired.site.loads["car"].legs == (("L1", "B"), ("L2", "C"), ("L3", "A"))
    assert wired.site.loads["two"].legs == (("L1", "C"),)


def test_ids_are_slugs_with_numbers_where_two_would_be_the_same() -> None:
    assert slug("Žan's Car (left)") == "zan_s_car_left"
    assert slug("車") == "node"
    assert new_id("Car", []) == "car"
    assert new_id("car!", ["car"]) == "car_2"
    assert new_id("Car", ["car", "car_2"]) == "car_3"
    assert new_id("Main", []) == "main_2"
    assert new_id("Site", []) == "site_2"


def test_two_chargers_may_have_the_same_name() -> None:
    twin = {**charger_form("twin"), "name": "car"}
    wired = wire_forms(site_form(), charger_form("car"), twin)
    assert wired.site is not None
    assert set(wired.site.loads) == {"car", "car_2"}


def test_sensors_of_a_charger_are_found_by_the_names_the_integration_gives() -> None:
    """One connector: sensor.<id>_<key>; more: sensor.<id>_connector_<n>_<key>."""
    station = {"devid": "Station"}
    wired = wire_forms(
        site_form(),
        charger_form("left", connector=1, **station),
        charger_form("right", connector=2, status_entity="sensor.mine", **station),
    )
    assert wired.site is not None
    left, right = wired.site.loads["left"], wired.site.loads["right"]
    assert left.sensors.current == (
        "sensor.station_connector_1_current_import",
        "sensor.station_current_import",
    )
    assert right.sensors.current == ("sensor.station_connector_2_current_import",)
    assert right.sensors.status == ("sensor.mine",)
    assert right.control == OcppControl("Station", 2)


def test_a_site_names_every_entity_that_a_run_must_see() -> None:
    wired = wire_forms(
        site_form("A", max_import_entity="input_number.import", main_breaker_entity="number.main"),
        circuit_form("garage", 20, metered="A", limit_entity="input_number.garage"),
        charger_form("car", "A", max_current_entity="input_number.max", mode_entity="select.mode"),
        plug_form("boiler", power_entity="sensor.boiler_power"),
    )
    assert wired.site is not None
    assert wired.site.entities() >= {
        "sensor.grid_a",
        "sensor.garage_a",
        "input_number.import",
        "number.main",
        "input_number.garage",
        "input_number.max",
        "select.mode",
        "switch.boiler",
        "sensor.boiler_power",
        "sensor.car_status_connector",
        "sensor.car_transaction_id",
    }
