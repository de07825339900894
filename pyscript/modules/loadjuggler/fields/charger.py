"""The form of an OCPP charger."""

from __future__ import annotations

from ..units import LEGS, PHASES
from . import telling
from .loads import BOOST_LENGTH, CIRCUIT, EXCESS_THRESHOLD, GRACE, PRIORITY, legs, mode
from .phases import PHASE_SWITCH, PHASES_SECTION
from .table import (
    MEASURED,
    Field,
    Kind,
    Section,
    amps,
    entity,
    flag,
    minutes,
    node_name,
    override,
)

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
            "The id of the charger in the OCPP integration. Its sensors begin with it: for "
            "sensor.charger_status_connector it is charger.",
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
        mode("charger"),
        *legs(PHASES),
        amps(
            "min_current_a",
            "Minimum current",
            "With less than this the car pauses. Cars need at least 6 A.",
            "sharing",
            6,
        ),
        override("min_current_entity", "Minimum current", "sharing"),
        amps(
            "max_current_a",
            "Maximum current",
            "The most that charger, cable and car can take, per phase.",
            "sharing",
            16,
        ),
        override("max_current_entity", "Maximum current", "sharing"),
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
        amps(
            "fallback_current_a",
            "Fallback current",
            "The most it takes while a meter above it has been silent for a minute; 0: it pauses.",
            "sharing",
            6,
        ),
        flag(
            "allow_reset",
            "May be reset",
            "If it goes on taking more than it was told, it is restarted: once in a session, three "
            "times a day at most.",
            "sharing",
            default=False,
        ),
        GRACE,
        minutes(
            "solar_pause_min",
            "Pause",
            "How long it stays off at least after it had to stop. It starts again when its minimum "
            "has been free for as long.",
            "sun",
            3,
        ),
        Field(
            "solar_stops",
            "number",
            "Most stops",
            "So often in a session it may be stopped for lack of sun: some cars give up when that "
            "happens often. 0: as often as it takes.",
            "sun",
            default=6,
            low=0,
            high=100,
            whole=True,
        ),
        Field(
            "after_stops",
            "choice",
            "After the last stop",
            "What it does when it was stopped that often.",
            "sun",
            default="stay_off",
            choices=(
                ("stay_off", "It stays off until the next day"),
                ("hold", "It charges at its minimum, sun or no sun"),
            ),
        ),
        EXCESS_THRESHOLD,
        BOOST_LENGTH,
        *PHASE_SWITCH,
        *telling.FIELDS,
        entity(
            "status_entity",
            "Status",
            "Optional. The status of the connector: Available, Charging and so on.",
            "sensors",
            ("sensor",),
        ),
        entity(
            "current_entity",
            "Current",
            "Optional. The current that the car takes, in all or with attributes L1, L2, L3.",
            "sensors",
            MEASURED,
        ),
        *(
            entity(
                f"current_{leg.lower()}_entity",
                f"Current {leg}",
                f"Optional. The current of leg {leg} alone, if each leg has its own sensor.",
                "sensors",
                MEASURED,
            )
            for leg in LEGS
        ),
        entity(
            "power_entity",
            "Power",
            "Optional. The power that the car takes; used if there is no current.",
            "sensors",
            MEASURED,
        ),
        entity(
            "transaction_entity",
            "Transaction id",
            "Optional. The number of the charging session.",
            "sensors",
            ("sensor",),
        ),
    ),
)
