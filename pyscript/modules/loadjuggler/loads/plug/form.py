"""The form of a plug."""

from __future__ import annotations

from ...forms.common import (
    BOOST_LENGTH,
    CIRCUIT,
    EXCESS_THRESHOLD,
    GRACE,
    NOT_WIRED,
    PRIORITY,
    legs,
    mode,
    mode_entity,
)
from ...forms.field import POWERS, Field, Kind, Section, measured, minutes, node_name
from ...site.modes import ON_OFF

PLUG = Kind(
    "plug",
    "Load Juggler plug",
    "A load that is switched on and off: a boiler, a heater, a pool pump.",
    (
        Section(
            "main",
            "The plug",
            "Its switch, its power and its breaker. Its phase is asked for further down.",
        ),
        Section(
            "wiring",
            "Legs and phases",
            "The phase of its socket; a three-phase load uses all three.",
        ),
        Section("sharing", "Priority and measuring", "Who goes first, and what it really takes."),
        Section(
            "sun",
            "Sun and boost",
            "How patient it is when the sun is not enough, and how long a boost lasts.",
        ),
    ),
    (
        node_name("plug", "Boiler"),
        Field(
            "switch",
            "entity",
            "Switch",
            "The switch that turns it on and off.",
            "main",
            required=True,
            domains=("switch", "input_boolean"),
            use="acts",
        ),
        Field(
            "power_w",
            "number",
            "Power",
            "What it takes while it is on, all phases together. A power sensor corrects it.",
            "main",
            required=True,
            unit="W",
            low=1,
            high=100_000,
        ),
        CIRCUIT,
        mode(ON_OFF),
        *legs(("A", NOT_WIRED, NOT_WIRED)),
        Field(
            "essential",
            "flag",
            "Essential",
            "Never switched off by Load Juggler. While it is on, it comes before everything else.",
            "sharing",
            default=False,
        ),
        *PRIORITY,
        mode_entity(ON_OFF),
        measured(
            "power_entity",
            "Power sensor",
            "Optional. The power that it takes now, e.g. from the smart plug itself.",
            "sharing",
            POWERS,
        ),
        GRACE,
        minutes(
            "min_on_min",
            "Shortest time on",
            "Once it is on, lack of sun does not switch it off before this time is over.",
            "sun",
            5,
        ),
        minutes(
            "min_off_min",
            "Shortest time off",
            "Once it is switched off, it stays off for this time at least.",
            "sun",
            5,
        ),
        EXCESS_THRESHOLD,
        BOOST_LENGTH,
    ),
    icon="mdi:power-socket-eu",
    example="Boiler",
    after_saving="After saving, there are sensors of what it gets and of the reason for it.",
)
