"""The form of a plug."""

from __future__ import annotations

from dataclasses import replace

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

L1, L2, L3 = legs(("A", NOT_WIRED, NOT_WIRED))


PHASE = replace(
    L1,
    help="Phase of the house that its socket, or its own terminal L1, is wired to. With the wrong "
    "one the wrong breaker is guarded; one that shows at the meters is told.",
    section="main",
)
"""It is asked in the open part of the form, because a wrong one does harm."""


PLUG = Kind(
    "plug",
    "Load Juggler plug",
    "A load that is switched on and off: a boiler, a heater, a pool pump.",
    (
        Section(
            "main",
            "The plug",
            "Its switch, its power, its breaker and its phase.",
        ),
        Section(
            "wiring",
            "Three phases",
            "Only for a load on three phases: those of its terminals L2 and L3.",
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
        PHASE,
        mode(
            ON_OFF,
            "Continuous switches it on when there is room, right after saving. ",
        ),
        L2,
        L3,
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
    after_saving="After saving, it is switched on as soon as its mode and the breakers have room "
    "for it, and there are sensors of what it gets and of the reason for it.",
)
