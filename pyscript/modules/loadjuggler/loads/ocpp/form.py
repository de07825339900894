"""The form of an OCPP charger."""

from __future__ import annotations

from ...forms.charging import (
    CURRENTS,
    FALLBACK,
    LIMITS,
    PHASE_SWITCH,
    PHASES_BY_PROFILE,
    PHASES_SECTION,
    SUN_AND_BOOST,
)
from ...forms.common import ALLOW_REMAP, CIRCUIT, PRIORITY, legs, mode, mode_entity
from ...forms.field import Field, Kind, Section, entity, flag, node_name
from ...site.modes import ADJUSTABLE
from ...units import PHASES
from . import telling

CHARGER = Kind(
    "charger",
    "Load Juggler OCPP charger",
    "A charger in Home Assistant's OCPP integration. Make one for each connector (each plug that "
    "a car can be connected to).",
    (
        Section("main", "The charger", "Which one it is, where it hangs, and how it charges."),
        Section(
            "wiring",
            "Legs and phases",
            "If the charger has fewer than three phases, or they are rotated.",
        ),
        Section(
            "sharing",
            "Limits and priority",
            "What charger, cable and car can take, and who goes first.",
        ),
        Section(
            "sun",
            "Sun and boost",
            "How patient it is when the sun is not enough, and how long a boost lasts.",
        ),
        PHASES_SECTION,
        telling.SECTION,
        Section(
            "sensors", "Its sensors", "Needed only if Load Juggler does not find them by itself."
        ),
    ),
    (
        node_name("charger", "Left car"),
        Field(
            "devid",
            "text",
            "Charge point id",
            "The id of the charger in the OCPP integration, or the name of its device. Its sensors "
            "begin with it: for sensor.charger_status_connector it is charger.",
            "main",
            required=True,
        ),
        Field(
            "connector",
            "number",
            "Connector",
            "1, or 2 for the second connector of a station.",
            "main",
            default=1,
            low=1,
            high=10,
            whole=True,
        ),
        CIRCUIT,
        mode(ADJUSTABLE),
        *legs(PHASES),
        ALLOW_REMAP,
        *LIMITS,
        Field(
            "step_a",
            "number",
            "Step",
            "Optional. 1 for a charger that knows only whole amperes. Empty: as its make, mostly "
            "0.1 A.",
            "sharing",
            unit="A",
            low=0.1,
            high=32,
            step=0.1,
        ),
        *PRIORITY,
        mode_entity(ADJUSTABLE),
        FALLBACK,
        flag(
            "allow_reset",
            "May be reset",
            "If it goes on taking more than it was told, it is restarted: once in a session, three "
            "times a day at most.",
            "sharing",
            default=False,
        ),
        *SUN_AND_BOOST,
        *PHASE_SWITCH,
        PHASES_BY_PROFILE,
        *telling.FIELDS,
        entity(
            "status_entity",
            "Status",
            "Optional. The status of the connector: Available, Charging and so on.",
            "sensors",
            ("sensor",),
        ),
        *CURRENTS,
        entity(
            "transaction_entity",
            "Transaction id",
            "Optional. The number of the charging session.",
            "sensors",
            ("sensor",),
        ),
    ),
    icon="mdi:ev-station",
    example="Left car",
    after_saving="After saving, there are sensors of its current and of the reason for it.",
)
