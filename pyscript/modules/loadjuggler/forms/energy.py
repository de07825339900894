"""The parts of the site's form about sun, battery and inverter."""

from __future__ import annotations

from ..units import PHASES
from .field import POWERS, SHARES, SWITCHES, Field, Section, flag, measured, override, pct, watts

ENERGY_SECTIONS = (
    Section("sun", "Sun", "For the modes Solar priority, Solar only and Excess."),
    Section(
        "battery",
        "Battery",
        "Only if there is a home battery: with its state of charge all of this counts, without "
        "it nothing.",
    ),
    Section(
        "inverter",
        "Inverter",
        "What it can give, and its outputs if they are measured. Off the grid the outputs are "
        "needed: they take the place of the meter.",
    ),
)


_SUN = (
    measured(
        "solar_entity",
        "Solar power",
        "Optional. What the panels give now (W, kW). Without it, it is worked out from the meter.",
        "sun",
        POWERS,
    ),
    watts(
        "excess_threshold_w",
        "Export threshold",
        "Loads in mode Excess run on what would be exported above this.",
        "sun",
        13000,
    ),
    override("excess_threshold_entity", "Export threshold", "sun"),
)


_BATTERY = (
    measured(
        "battery_soc_entity",
        "State of charge",
        "How full the battery is, in %. Choosing this sensor tells that there is a battery.",
        "battery",
        SHARES,
    ),
    measured(
        "battery_power_entity",
        "Battery power",
        "Power of the battery (W, kW), positive while it discharges. Without it, nothing is ever "
        "counted that the battery could give.",
        "battery",
        POWERS,
    ),
    flag(
        "battery_invert",
        "Turn the battery's sign round",
        "Switch this on if the sensor shows charging as positive.",
        "battery",
        default=False,
    ),
    pct(
        "battery_soc_min_pct",
        "Reserve of the battery",
        "At this state of charge and below, the battery gives nothing to loads.",
        "battery",
        20,
    ),
    override("battery_soc_min_entity", "Reserve of the battery", "battery"),
    pct(
        "battery_soc_target_pct",
        "Target of the battery",
        "Below it the sun fills the battery first; above it the battery helps solar loads.",
        "battery",
        80,
    ),
    override("battery_soc_target_entity", "Target of the battery", "battery"),
    pct(
        "battery_hysteresis_pct",
        "Hysteresis",
        "How far the state of charge must fall below the target, or rise above the reserve, to "
        "change what holds.",
        "battery",
        3,
    ),
    watts(
        "battery_max_charge_w",
        "Most charging power",
        "The most that the battery takes.",
        "battery",
        5000,
    ),
    watts(
        "battery_max_discharge_w",
        "Most discharging power",
        "The most that the battery gives.",
        "battery",
        5000,
    ),
    Field(
        "battery_phases",
        "choice",
        "Phases of the battery",
        "Where it is connected. Three-phase inverters give all phases the same; many batteries for "
        "retrofit, and those on a plug, are on one.",
        "battery",
        default="all",
        choices=(
            ("all", "All phases alike, unless the meter shows that it is on one"),
            *((phase, f"Phase {phase} only") for phase in PHASES),
        ),
    ),
    flag(
        "battery_follows_load",
        "The battery follows the load",
        "On for batteries that give what the house needs (self-consumption): then what the "
        "battery could give counts as room below the import limit.",
        "battery",
        default=True,
    ),
    flag(
        "allow_grid_charging",
        "Loads may take from the grid",
        "Switch this off and, where there is a battery, no load takes anything from the grid: "
        "only sun and, above its reserve, battery.",
        "battery",
        default=True,
    ),
    override("allow_grid_charging_entity", "Loads may take from the grid", "battery", SWITCHES),
)


_INVERTER = (
    *(
        measured(
            f"inverter_{phase.lower()}",
            f"Output, phase {phase}",
            f"Optional. What the inverter gives on phase {phase} (A, W, kW).",
            "inverter",
        )
        for phase in PHASES
    ),
    watts(
        "inverter_max_w",
        "Rating of the inverter",
        "Optional. The most that sun and battery together can give, all phases together.",
        "inverter",
        None,
    ),
    watts(
        "inverter_max_phase_w",
        "Rating per phase",
        "Optional. The most that the inverter can give on one phase.",
        "inverter",
        None,
    ),
    flag(
        "inverter_asymmetric",
        "It balances the phases",
        "Switch this on if the inverter gives each phase what it needs (asymmetric): then the sun "
        "is one pool for all phases. Off: the same on each phase.",
        "inverter",
        default=False,
    ),
    Field(
        "inverter_topology",
        "choice",
        "What the outputs show",
        "With panels and battery on one inverter, its output feeds the whole house.",
        "inverter",
        default="parallel",
        choices=(
            ("parallel", "Parallel: what the panels give"),
            ("series", "Series: all that the house takes"),
        ),
    ),
)


ENERGY_FIELDS = (*_SUN, *_BATTERY, *_INVERTER)
