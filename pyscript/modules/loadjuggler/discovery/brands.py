"""Names of sensors of meters, inverters and batteries in Home Assistant: one row for each brand.

To add a brand, add a row. A pattern is the end of an entity id:

```
    {a}  a, b, c     {l}  l1, l2, l3     {n}  1, 2, 3     #  digits     *  anything
```

`power_phase_{n}` fits `sensor.p1_meter_power_phase_2`, also with a number behind it (`..._2_3`). A
pattern that begins with ~ may fit sensors of other brands, too. It counts only for an entity with
the same beginning as one that another pattern of the row has found, or with a mark of the brand.

Sources are the entity names and the documentation of the integrations.
"""

from __future__ import annotations

from dataclasses import dataclass

Patterns = tuple[str, ...]


Pair = tuple[str, str]
"""Two sensors without a sign that make one with: (import, export) or (discharging, charging)."""


@dataclass(frozen=True, slots=True)
class Brand:
    """A brand: the names of its sensors, and their signs.

    - `marks`: parts of ids that only this brand has.
    - `grid`: sensors by phase that show export as negative, or as positive if `invert`.
      `unsigned`: those without a direction. `pair`: two sensors that make one.
    - `total`, `total_pair`: the same for all phases together.
    - `solar`, `inverter`, `soc`, `battery`, `battery_pair`: sensors of these; `battery_invert`: its
      battery shows charging as positive.
    - `never`: sensors that are not what their names suggest.
    - `sure`: how likely its meter is that of the grid connection (0 to 1). `note`: a sentence for
      the user.
    """

    name: str
    marks: Patterns = ()
    grid: Patterns = ()
    invert: bool = False
    unsigned: Patterns = ()
    pair: Pair | None = None
    total: Patterns = ()
    total_pair: Pair | None = None
    solar: Patterns = ()
    inverter: Patterns = ()
    soc: Patterns = ()
    battery: Patterns = ()
    battery_invert: bool = False
    battery_pair: Pair | None = None
    never: Patterns = ()
    sure: float = 0.9
    note: str = ""


BRANDS = (
    Brand(
        "SolarEdge (Modbus Multi)",
        grid=("i#_m#_ac_power_{a}", "solaredge_m#_ac_power_{a}"),
        invert=True,
        unsigned=("i#_m#_ac_current_{a}", "solaredge_m#_ac_current_{a}"),
        total=("i#_m#_ac_power", "solaredge_m#_ac_power"),
        solar=("solaredge*_i#_ac_power", "solaredge_ac_power"),
        inverter=("solaredge*_i#_ac_current_{a}", "solaredge_ac_current_{a}"),
        soc=("i#_b#_state_of_energy",),
        battery=("i#_b#_dc_power",),
        battery_invert=True,
        never=("*_inverted",),
        note="With a battery on the inverter, its power holds what the battery gives, too.",
    ),
    Brand(
        "Fronius",
        marks=("solarnet", "fronius", "smart_meter"),
        grid=("smart_meter*_real_power_phase_{n}", "~real_power_phase_{n}"),
        unsigned=("smart_meter*_current_phase_{n}",),
        total=("~power_grid",),
        solar=("~power_photovoltaics",),
        soc=("byd*_state_of_charge", "~state_of_charge"),
        battery=("~power_battery",),
        never=("power_grid_import", "power_grid_export", "power_battery_*", "power_load*"),
    ),
    Brand(
        "Huawei Solar",
        grid=("power_meter_phase_{a}_active_power",),
        invert=True,
        unsigned=("power_meter_phase_{a}_current",),
        total=("power_meter_active_power",),
        solar=("inverter_input_power",),
        inverter=("inverter_phase_{a}_current",),
        soc=("batteries_state_of_capacity", "battery_state_of_capacity"),
        battery=("batteries_charge_discharge_power", "battery_charge_discharge_power"),
        battery_invert=True,
        never=("battery_#_charge_discharge_power", "inverter_active_power"),
    ),
    Brand(
        "SMA",
        pair=("metering_active_power_draw_{l}", "metering_active_power_feed_{l}"),
        unsigned=("metering_current_{l}",),
        total_pair=("metering_power_absorbed", "metering_power_supplied"),
        solar=("~pv_power",),
        inverter=("~power_{l}",),
        soc=("battery_soc_total",),
        battery_pair=("battery_power_discharge_total", "battery_power_charge_total"),
        never=("~grid_power", "~pv_power_{a}", "~pv_current_{a}", "battery_soc_{a}"),
        note="Its 'Grid Power' is what the inverter gives, not what the meter shows.",
    ),
    Brand(
        "Victron",
        grid=("victron_system_grid_{l}_power", "victron_system_grid_{l}", "victron_grid_{l}_power"),
        unsigned=("victron_grid_{l}_current",),
        solar=("victron_system_dc_pv_power",),
        soc=("victron_system_battery_soc",),
        battery=("victron_system_battery_power",),
        battery_invert=True,
        note="Panels on an inverter of their own are not in the power of the DC side.",
    ),
    Brand(
        "Deye, Sunsynk (Solarman)",
        marks=("deye", "sunsynk", "solarman"),
        grid=("external_ct{n}_power", "~grid_{l}_power"),
        unsigned=("external_ct{n}_current",),
        total=("~grid_power", "~external_power"),
        solar=("~pv_power",),
        inverter=("~output_{l}_power",),
        soc=("~battery",),
        battery=("~battery_power",),
        never=("internal_ct{n}_power", "~load_*", "~pv#_power", "~battery_#*"),
    ),
    Brand(
        "DSMR (P1 cable)",
        marks=("electricity_meter", "dsmr"),
        pair=("power_consumption_phase_{l}", "power_production_phase_{l}"),
        unsigned=("~current_phase_{l}",),
        total_pair=("~power_consumption", "~power_production"),
    ),
    Brand(
        "DSMR Reader",
        pair=("dsmr*_current_power_usage_{l}", "dsmr*_current_power_return_{l}"),
        unsigned=("phase_power_current_{l}",),
        total_pair=("dsmr*_current_power_usage", "dsmr*_current_power_return"),
    ),
    Brand(
        "P1 Monitor",
        pair=("power_consumed_phase_{l}", "power_produced_phase_{l}"),
        unsigned=("~current_phase_{l}",),
        total_pair=("~power_consumption", "~power_production"),
    ),
    Brand(
        "SlimmeLezer and others with ESPHome's DSMR",
        pair=("power_consumed_phase_{n}", "power_produced_phase_{n}"),
        unsigned=("~current_phase_{n}",),
        total_pair=("~power_consumed", "~power_produced"),
    ),
    Brand(
        "HomeWizard P1",
        marks=("p1_meter", "homewizard"),
        grid=("p1_meter*_power_phase_{n}", "~power_phase_{n}"),
        unsigned=("p1_meter*_current_phase_{n}",),
        total=("p1_meter", "p1_meter_power", "p1_meter*_active_power"),
        never=("~average_demand", "~peak_demand*", "~apparent_power*"),
    ),
    Brand(
        "Tibber Pulse",
        marks=("tibber", "pulse"),
        unsigned=("~current_{l}",),
        total_pair=("~power", "~power_production"),
        never=("~average_power", "~min_power", "~max_power"),
    ),
    Brand(
        "Shelly 3EM",
        marks=("shellyem3", "shelly3em", "shelly_3em"),
        grid=("~channel_{a}_power",),
        unsigned=("~channel_{a}_current",),
        sure=0.6,
        note="It may as well measure something else than the grid connection.",
    ),
    Brand(
        "Shelly Pro 3EM",
        marks=("shellypro3em", "shelly3em63", "shelly_pro_3em"),
        grid=("~phase_{a}_active_power",),
        unsigned=("~phase_{a}_current",),
        total=("~total_active_power",),
        sure=0.6,
        note="It may as well measure something else than the grid connection.",
    ),
    Brand(
        "Enphase Envoy",
        marks=("envoy",),
        grid=("~current_net_power_consumption_{l}",),
        total=("~current_net_power_consumption",),
        solar=("~current_power_production",),
        soc=("~aggregated_battery_soc", "~battery"),
        battery=("~current_battery_discharge",),
        inverter=("~current_power_production_{l}",),
        never=("~balanced_net_*", "~current_power_consumption*"),
    ),
    Brand(
        "GoodWe",
        marks=("goodwe",),
        grid=("~active_power_{l}",),
        invert=True,
        total=("~active_power",),
        solar=("~pv_power",),
        soc=("~battery_state_of_charge",),
        battery=("~battery_power",),
        inverter=("~on_grid_{l}_power",),
        never=("~pv#_power",),
    ),
    Brand(
        "Growatt (cloud)",
        marks=("growatt",),
        total_pair=("~import_from_grid", "~export_to_grid"),
        note="The cloud tells values that are minutes old: too slow for a breaker.",
    ),
    Brand(
        "Tesla Powerwall",
        marks=("powerwall",),
        total=("site_power",),
        solar=("~solar_power",),
        soc=("~charge",),
        battery=("~battery_power",),
        never=("~load_power", "~generator_power", "~busway_power"),
    ),
    Brand(
        "Tesla Fleet, Teslemetry",
        total=("~grid_power",),
        solar=("~solar_power",),
        soc=("percentage_charged",),
        battery=("~battery_power",),
        never=("~grid_services_power",),
    ),
    Brand(
        "Kostal Plenticore",
        marks=("plenticore", "kostal", "scb"),
        total=("~grid_power",),
        solar=("~solar_power",),
        soc=("~battery_soc",),
        battery=("~battery_power",),
        never=("home_power_from_*", "~pv_to_battery_power"),
    ),
    Brand(
        "SolaX (Modbus)",
        marks=("solax",),
        grid=("~measured_power_{l}",),
        invert=True,
        total=("~measured_power",),
        solar=("~pv_power_total",),
        soc=("~battery_capacity",),
        battery=("~battery_power_charge",),
        battery_invert=True,
        inverter=("~inverter_power_{l}",),
        never=("~pv_power_#", "~battery_#_*"),
    ),
    Brand(
        "SENEC",
        marks=("senec",),
        grid=("~enfluri_net_power_p{n}", "~enfluri_net_power_phase_{n}"),
        unsigned=("~enfluri_net_current_p{n}", "~enfluri_net_current_phase_{n}"),
        total=("~grid_state_power",),
        solar=("~solar_generated_power",),
        soc=("~battery_charge_percent",),
        battery=("~battery_state_power",),
        battery_invert=True,
        never=("~enfluri_usage_*",),
    ),
)
"""In the order in which they are shown. If two rows fit the same entity, both say the same of
it."""


@dataclass(frozen=True, slots=True)
class PlugBrand:
    """The ends of the ids of a plug's switch and its power sensor, after their common beginning."""

    name: str
    switch: Patterns
    power: Patterns


PLUGS = (
    PlugBrand("Shelly, Zigbee, HomeWizard, FRITZ!", ("",), ("_power", "_power_consumption")),
    PlugBrand("Tasmota", ("",), ("_energy_power", "_analog_power")),
    PlugBrand("TP-Link Kasa and Tapo", ("",), ("_current_consumption",)),
    PlugBrand(
        "a relay beside its meter",
        ("_switch", "_relay", "_plug", "_outlet", "_socket", "_switch_0"),
        ("_power", "_active_power", "_current_consumption", "_load_power"),
    ),
)
"""Ids of plugs: sensor.<same><power> belongs to switch.<same><switch>."""
