"""The form of the site."""

from __future__ import annotations

from ..site.modes import DISTRIBUTIONS
from ..units import PHASES
from .energy import ENERGY_FIELDS, ENERGY_SECTIONS
from .field import (
    POWERS,
    TEXTS,
    Field,
    Kind,
    Section,
    interval,
    invert,
    measured,
    node_name,
    override,
    phase_meter,
    reserve,
)
from .notify import NOTIFY_FIELDS
from .notify import SECTION as NOTIFICATIONS

SITE = Kind(
    "site",
    "Load Juggler site",
    "The house: its phases, its main breaker and the meter of the grid connection. Make one, and "
    "only one.",
    (
        Section(
            "main",
            "The house",
            "The grid connection and its meter: a sensor for each phase. Lists show sensors whose "
            "device class fits: current, power, battery (docs/wire.md).",
        ),
        *ENERGY_SECTIONS,
        Section("limits", "Further settings", "An import limit, a reserve, the voltage."),
        NOTIFICATIONS,
    ),
    (
        node_name("site", "Home"),
        Field(
            "phases",
            "choice",
            "Phases",
            "How many phases the house has. Each needs its meter below or, off the grid, its "
            "output of the inverter.",
            "main",
            default="ABC",
            choices=(("A", "1 (A)"), ("AB", "2 (A, B)"), ("ABC", "3 (A, B, C)")),
        ),
        Field(
            "main_breaker_a",
            "number",
            "Main breaker",
            "What is written on the main breaker, per phase, e.g. 25.",
            "main",
            default=25,
            unit="A",
            low=1,
            high=1000,
            step=1,
        ),
        *(phase_meter(f"grid_{p.lower()}", p, "the grid connection", "main") for p in PHASES),
        invert("main"),
        measured(
            "grid_total_entity",
            "Total power",
            "Optional. Power (W, kW) of the grid connection, positive when taken from the grid. It "
            "is checked against the phases, and shows whether the meter nets them.",
            "main",
            POWERS,
        ),
        Field(
            "grid_nets",
            "choice",
            "The meter nets the phases",
            "Whether your electricity meter adds up the phases: export on one then pays for import "
            "on another, and the sun is one pool for all.",
            "main",
            default="auto",
            choices=(
                ("auto", "Found out from Total power, if there is one, else no"),
                ("yes", "Yes, it adds them up"),
                ("no", "No, each phase by itself"),
            ),
        ),
        Field(
            "distribution",
            "choice",
            "Sharing",
            "Who gets how much when there is not enough for all.",
            "main",
            default="priority",
            choices=tuple(DISTRIBUTIONS.items()),
        ),
        *ENERGY_FIELDS,
        Field(
            "max_import_w",
            "number",
            "Import limit",
            "Optional. The most that may be taken from the grid, all phases together.",
            "limits",
            unit="W",
            low=0,
            high=1_000_000,
        ),
        override("max_import_entity", "Import limit", "limits"),
        Field(
            "power_buffer_w",
            "number",
            "Power buffer",
            "How much to stay below the import limit.",
            "limits",
            default=0,
            unit="W",
            low=0,
            high=100_000,
        ),
        override("power_buffer_entity", "Power buffer", "limits"),
        reserve("limits"),
        interval("grid_interval_s", "limits"),
        Field(
            "voltage_v",
            "number",
            "Voltage",
            "Between a phase and neutral; 230 V in Europe.",
            "limits",
            default=230,
            unit="V",
            low=50,
            high=500,
        ),
        override("main_breaker_entity", "Main breaker", "limits"),
        override("distribution_entity", "Sharing", "limits", TEXTS, tuple(DISTRIBUTIONS.items())),
        *NOTIFY_FIELDS,
    ),
    icon="mdi:home-lightning-bolt",
    example="Home",
    after_saving="After saving, `sensor.loadjuggler_status` turns to *ok*.",
)
