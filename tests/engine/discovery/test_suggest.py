"""Proposing a site. Expected: what each integration's own documentation says its sensors are."""

from __future__ import annotations

from typing import Any

import pytest
from loadjuggler.config.parse import parse
from loadjuggler.discovery import suggest
from loadjuggler.discovery.charger import find_charger
from loadjuggler.snapshot import EntityState
from loadjuggler.units import PHASES

from .entities import recorded


def three(prefix: str, pattern: str, names: str) -> dict[str, str]:
    """Fields of a form for three phases: the pattern with each of the names."""
    return {
        f"{prefix}_{phase.lower()}": pattern.format(name)
        for phase, name in zip(PHASES, names, strict=True)
    }


EXPECTED: dict[str, dict[str, Any]] = {
    "solaredge": {
        **three("grid", "sensor.solaredge_i1_m1_ac_power_{}", "abc"),
        "invert": True,
        "solar_entity": "sensor.solaredge_i1_ac_power",
        "battery_soc_entity": "sensor.solaredge_i1_b1_state_of_energy",
        "battery_power_entity": "sensor.solaredge_i1_b1_dc_power",
        "battery_invert": True,
        **three("inverter", "sensor.solaredge_i1_ac_current_{}", "abc"),
    },
    "fronius": {
        **three("grid", "sensor.smart_meter_ts_65a_3_real_power_phase_{}", "123"),
        "grid_total_entity": "sensor.solarnet_power_grid",
        "invert": False,
        "solar_entity": "sensor.solarnet_power_photovoltaics",
        "battery_soc_entity": "sensor.byd_battery_box_premium_hv_state_of_charge",
        "battery_power_entity": "sensor.solarnet_power_battery",
        "battery_invert": False,
    },
    "huawei": {
        **three("grid", "sensor.power_meter_phase_{}_active_power", "abc"),
        "invert": True,
        "solar_entity": "sensor.inverter_input_power",
        "battery_soc_entity": "sensor.batteries_state_of_capacity",
        "battery_power_entity": "sensor.batteries_charge_discharge_power",
        "battery_invert": True,
        **three("inverter", "sensor.inverter_phase_{}_current", "abc"),
    },
    "sma": {
        **three("grid", "sensor.stp8_0_se_metering_current_l{}", "123"),
        "invert": False,
        "solar_entity": "sensor.stp8_0_se_pv_power",
        "battery_soc_entity": "sensor.stp8_0_se_battery_soc_total",
        **three("inverter", "sensor.stp8_0_se_power_l{}", "123"),
    },
    "victron": {
        **three("grid", "sensor.victron_system_grid_l{}", "123"),
        "invert": False,
        "solar_entity": "sensor.victron_system_dc_pv_power",
        "battery_soc_entity": "sensor.victron_system_battery_soc",
        "battery_power_entity": "sensor.victron_system_battery_power",
        "battery_invert": True,
    },
    "deye": {
        **three("grid", "sensor.deye_external_ct{}_power", "123"),
        "grid_total_entity": "sensor.deye_grid_power",
        "invert": False,
        "solar_entity": "sensor.deye_pv_power",
        "battery_soc_entity": "sensor.deye_battery",
        "battery_power_entity": "sensor.deye_battery_power",
        "battery_invert": False,
        **three("inverter", "sensor.deye_output_l{}_power", "123"),
    },
    "dsmr": {
        **three("grid", "sensor.electricity_meter_current_phase_l{}", "123"),
        "invert": False,
    },
    "homewizard": {
        **three("grid", "sensor.p1_meter_power_phase_{}", "123"),
        "grid_total_entity": "sensor.p1_meter_power",
        "invert": False,
    },
    "shelly": {
        **three("grid", "sensor.shellyem3_98cdac_channel_{}_power", "abc"),
        "invert": False,
    },
    "enphase": {
        **three("grid", "sensor.envoy_122_current_net_power_consumption_l{}", "123"),
        "grid_total_entity": "sensor.envoy_122_current_net_power_consumption",
        "invert": False,
        "solar_entity": "sensor.envoy_122_current_power_production",
        "battery_soc_entity": "sensor.envoy_122_battery",
        "battery_power_entity": "sensor.envoy_122_current_battery_discharge",
        "battery_invert": False,
    },
    "solax": {
        **three("grid", "sensor.solax_measured_power_l{}", "123"),
        "invert": True,
        "solar_entity": "sensor.solax_pv_power_total",
        "battery_soc_entity": "sensor.solax_battery_capacity",
        "battery_power_entity": "sensor.solax_battery_power_charge",
        "battery_invert": True,
        **three("inverter", "sensor.solax_inverter_power_l{}", "123"),
    },
    "words": {
        **three("grid", "sensor.omrezje_l{}", "123"),
        "invert": False,
        "solar_entity": "sensor.soncna_elektrarna",
        "battery_soc_entity": "sensor.akku_soc",
        "battery_power_entity": "sensor.akku_power",
        "battery_invert": False,
    },
}
PHONE = {
    "sensor.phone_battery_level": EntityState(
        "90", {"unit_of_measurement": "%", "device_class": "battery"}
    )
}


@pytest.mark.parametrize("brand", EXPECTED)
def test_a_brand_is_wired_as_its_integration_says(brand: str) -> None:
    answer = suggest({**recorded(brand, "ocpp_one_connector"), **PHONE})
    assert answer["site"] == {"name": "Home", "phases": "ABC", **EXPECTED[brand]}
    # What is proposed can be sent as it is.
    parse("site", {"contract": 1, "node": "site", **answer["site"]})


@pytest.mark.parametrize("brand", [name for name in EXPECTED if name not in ("sma", "dsmr")])
def test_each_proposal_says_how_sure_it_is_and_why(brand: str) -> None:
    proposals = suggest(recorded(brand))["proposals"]
    for part, proposal in proposals.items():
        assert 0 < proposal["confidence"] <= 1, part
        assert proposal["reason"].endswith("."), part
    known = brand not in ("words", "shelly")
    assert (proposals["grid"]["confidence"] >= 0.8) == known


@pytest.mark.parametrize("brand", [*EXPECTED, "powerwall"])
def test_energy_voltage_and_shares_are_never_power(brand: str) -> None:
    """Whatever is proposed, best or not, has a unit that its field can take."""
    states = recorded(brand)
    for part, proposal in suggest(states)["proposals"].items():
        units = ("%",) if part == "battery_soc" else ("A", "W", "kW")
        for option in (proposal, *proposal["alternatives"]):
            for value in option["fields"].values():
                if isinstance(value, str):
                    assert states[value].attributes["unit_of_measurement"] in units, value


def test_currents_without_a_sign_give_way_to_power_with_one() -> None:
    """HomeWizard has both: 2 A, and -400 W; what is fed in would look like what is taken."""
    grid = suggest(recorded("homewizard"))["proposals"]["grid"]
    others = [option["fields"].get("grid_a") for option in grid["alternatives"]]
    assert "sensor.p1_meter_current_phase_1" in others
    assert grid["fields"]["grid_a"] == "sensor.p1_meter_power_phase_1"


def test_currents_with_a_sign_go_before_power() -> None:
    states = {
        f"sensor.grid_{kind}_l{n}": EntityState(str(value), {"unit_of_measurement": unit})
        for kind, unit, value in (("current", "A", -1.5), ("power", "W", -345))
        for n in (1, 2, 3)
    }
    site = suggest(states)["site"]
    assert site["grid_a"] == "sensor.grid_current_l1"
    states |= {
        f"sensor.grid_current_l{n}": EntityState("1.5", {"unit_of_measurement": "A"})
        for n in (1, 2, 3)
    }
    assert suggest(states)["site"]["grid_a"] == "sensor.grid_power_l1"


@pytest.mark.parametrize(
    ("brand", "taken", "given"),
    [
        (
            "dsmr",
            "sensor.electricity_meter_power_consumption_phase_l1",
            "sensor.electricity_meter_power_production_phase_l1",
        ),
        (
            "sma",
            "sensor.stp8_0_se_metering_active_power_draw_l1",
            "sensor.stp8_0_se_metering_active_power_feed_l1",
        ),
        (
            "sma",
            "sensor.stp8_0_se_battery_power_discharge_total",
            "sensor.stp8_0_se_battery_power_charge_total",
        ),
    ],
)
def test_two_sensors_that_make_one_are_told_as_a_template(
    brand: str, taken: str, given: str
) -> None:
    notes = " ".join(suggest(recorded(brand))["notes"])
    assert f"states('{taken}')|float - states('{given}')|float" in notes
    assert "these currents have no sign" in notes


def test_what_is_called_grid_and_is_not_is_left_alone() -> None:
    """SMA's Grid Power is the inverter's output."""
    grid = suggest(recorded("sma"))["proposals"]["grid"]
    options = [grid, *grid["alternatives"]]
    assert all("sensor.stp8_0_se_grid_power" not in o["fields"].values() for o in options)


def test_one_power_for_all_phases_is_for_a_house_with_one_phase() -> None:
    answer = suggest(recorded("powerwall"))
    assert answer["site"] == {
        "name": "Home",
        "phases": "A",
        "grid_a": "sensor.my_home_site_power",
        "invert": False,
        "solar_entity": "sensor.my_home_solar_power",
        "battery_soc_entity": "sensor.my_home_charge",
        "battery_power_entity": "sensor.my_home_battery_power",
        "battery_invert": False,
    }
    assert any("needs a sensor for each" in note for note in answer["notes"])


def test_with_two_meters_the_surer_one_is_taken_and_the_other_named() -> None:
    """A Shelly may measure anything; a P1 meter is the grid connection."""
    grid = suggest(recorded("homewizard", "shelly"))["proposals"]["grid"]
    assert grid["fields"]["grid_a"] == "sensor.p1_meter_power_phase_1"
    others = [option["fields"].get("grid_a") for option in grid["alternatives"]]
    assert "sensor.shellyem3_98cdac_channel_a_power" in others


def test_plugs_are_switches_with_their_power() -> None:
    answer = suggest(recorded("shelly", "homewizard", "ocpp_one_connector"))
    plugs = {plug["fields"]["switch"]: plug["fields"] for plug in answer["plugs"]}
    assert plugs == {
        "switch.shellyplug_s_boiler": {
            "name": "Boiler",
            "switch": "switch.shellyplug_s_boiler",
            "power_entity": "sensor.shellyplug_s_boiler_power",
            "power_w": 2010,
        },
        "switch.tasmota_dryer": {
            "name": "Dryer",
            "switch": "switch.tasmota_dryer",
            "power_entity": "sensor.tasmota_dryer_energy_power",
        },
        "switch.kasa_heater": {
            "name": "Heater",
            "switch": "switch.kasa_heater",
            "power_entity": "sensor.kasa_heater_current_consumption",
            "power_w": 900,
        },
        "switch.pool_relay": {
            "name": "Pool relay",
            "switch": "switch.pool_relay",
            "power_entity": "sensor.pool_power",
            "power_w": 750,
        },
        "switch.boiler_socket": {
            "name": "Boiler socket",
            "switch": "switch.boiler_socket",
            "power_entity": "sensor.boiler_socket_power",
            "power_w": 1985,
        },
    }
    assert any(note.startswith("Dryer: it is off now") for note in answer["notes"])


def test_chargers_are_proposed_by_connector() -> None:
    chargers = suggest(recorded("ocpp_two_connectors", "ocpp_renamed"))["chargers"]
    assert [(c["fields"]["devid"], c["fields"]["connector"]) for c in chargers] == [
        ("garage_charger", 1),
        ("station", 1),
        ("station", 2),
        ("station_2", 1),
        ("wallbox_2", 1),
    ]
    names = [charger["fields"]["name"] for charger in chargers]
    assert names[1:3] == ["Station 1", "Station 2"]


def test_a_meter_with_a_gap_between_its_phases_is_not_taken_for_whole() -> None:
    """Phases of a house are A, A and B, or A, B and C."""
    states = recorded("homewizard")
    for entity in ("sensor.p1_meter_power_phase_2", "sensor.p1_meter_current_phase_2"):
        del states[entity]
    assert suggest(states)["site"]["phases"] == "A"


def test_odd_attributes_do_no_harm() -> None:
    """Attributes are whatever an integration makes of them."""
    for odd in (None, 5, ["W"], {"a": 1}, True, float("nan")):
        attributes = {"unit_of_measurement": odd, "device_class": odd, "friendly_name": odd}
        states = {
            f"{domain}.{name}": EntityState("nan", attributes)
            for domain in ("sensor", "switch", "button")
            for name in (
                "p1_meter_power_phase_1",
                "charger_status_connector",
                "charger_id",
                "solar",
            )
        }
        assert suggest(states)["ok"]
        assert find_charger(states, "charger", 1).name == "charger"


def test_two_panels_of_one_brand_are_told_to_be_put_together() -> None:
    states = recorded("solaredge")
    twin = states["sensor.solaredge_i1_ac_power"]
    notes = suggest({**states, "sensor.solaredge_i2_ac_power": twin})["notes"]
    both = "sensor.solaredge_i1_ac_power, sensor.solaredge_i2_ac_power"
    assert any(note.startswith(f"Solar power: there is more than one ({both})") for note in notes)


def test_power_of_a_battery_without_its_charge_is_left_out() -> None:
    """The site's form refuses the one without the other."""
    states = recorded("victron")
    del states["sensor.victron_system_battery_soc"]
    answer = suggest(states)
    assert "battery_power_entity" not in answer["site"]
    assert any("of no use without its state of charge" in note for note in answer["notes"])
    parse("site", {"contract": 1, "node": "site", **answer["site"]})


def shows(value: float, unit: str, device_class: str) -> EntityState:
    kind = {"unit_of_measurement": unit, "device_class": device_class}
    return EntityState(str(value), kind)


CAR = {
    "kia_ev6": "ev_battery_level",
    "model_3": "battery_level",
    "zoe": "battery_level",
    "id_4": "state_of_charge",
    "i3": "remaining_battery_percent",
    "leaf": "battery_state_of_charge",
    "wican": "soc",  # by nothing but its odometer
}


@pytest.mark.parametrize("name", CAR)
def test_the_battery_of_a_car_is_not_that_of_the_house(name: str) -> None:
    """A car has a state of charge and a power, too: 18 % of it would stop the house's battery."""
    first = name.split("_", maxsplit=1)[0]
    car = {
        f"sensor.{name}_{CAR[name]}": shows(18.0, "%", "battery"),
        f"sensor.{first}_battery_power": shows(-7.2, "kW", "power"),
        f"sensor.{name}_odometer": shows(41250.0, "km", "distance"),
    }
    assert {key for key in suggest(car)["site"] if "battery" in key} == set()
    house = {
        "sensor.accu_soc": shows(64.0, "%", "battery"),
        "sensor.accu_battery_power": shows(900.0, "W", "power"),
    }
    site = suggest({**car, **house})["site"]
    assert site["battery_soc_entity"] == "sensor.accu_soc"
    assert site["battery_power_entity"] == "sensor.accu_battery_power"


def test_an_empty_house_is_told_what_was_not_found() -> None:
    answer = suggest({})
    assert answer["site"] == {"name": "Home"}
    notes = " ".join(answer["notes"])
    assert "Not found: the meter of the grid connection, solar power" in notes
    assert answer["plugs"] == answer["chargers"] == []
