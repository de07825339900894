"""The form of a charger that is set through a number or select entity."""

from __future__ import annotations

from ...forms.charging import (
    CURRENTS,
    FALLBACK,
    LIMITS,
    PHASE_SWITCH,
    PHASES_SECTION,
    SUN_AND_BOOST,
)
from ...forms.common import ALLOW_REMAP, CIRCUIT, PRIORITY, legs, mode, mode_entity
from ...forms.field import Field, Kind, Section, entity, node_name
from ...site.modes import ADJUSTABLE
from ...units import PHASES

_MAIN = (
    node_name("charger", "Left car"),
    Field(
        "setting_entity",
        "entity",
        "Current setting",
        "What sets its current per phase (A) or its power (W): a number, or a list of such "
        "numbers to choose from.",
        "main",
        required=True,
        domains=("number", "input_number", "select", "input_select"),
        use="acts",
    ),
    entity(
        "switch_entity",
        "On/off switch",
        "Optional. Pauses it. Without one it is paused by setting 0; if that can't be set, it "
        "goes on at its least.",
        "main",
        ("switch", "input_boolean"),
        "acts",
    ),
    CIRCUIT,
    mode(ADJUSTABLE),
)


_SETTING = (
    Field(
        "setting_unit",
        "choice",
        "Unit of the setting",
        "Whether it is a current or a power. A list without units is in A.",
        "sharing",
        default="auto",
        choices=(
            ("auto", "The entity says it"),
            ("a", "A per phase"),
            ("w", "W in all"),
        ),
    ),
    Field(
        "setting_step",
        "number",
        "Step of the setting",
        "Optional, in the entity's unit. 1 for a charger that knows only whole amperes; empty: "
        "the entity says it.",
        "sharing",
        low=0.1,
        high=10_000,
        step=0.1,
    ),
)


_STATUS = (
    entity(
        "status_entity",
        "Status",
        "Optional. Whether a car is there and charges: a text, or a sensor that is on with a car.",
        "sensors",
        ("sensor", "binary_sensor", "input_select"),
    ),
    Field(
        "status_charging",
        "text",
        "Texts for charging",
        "Optional, with commas between them. Common ones are known already.",
        "sensors",
    ),
    Field(
        "status_connected",
        "text",
        "Texts for connected",
        "Optional. A car is there and could charge.",
        "sensors",
    ),
    Field(
        "status_idle",
        "text",
        "Texts for not connected",
        "Optional. No car is there, or it may not charge.",
        "sensors",
    ),
    Field(
        "status_fault",
        "text",
        "Texts for a fault",
        "Optional. It takes no part.",
        "sensors",
    ),
    Field(
        "without_status",
        "choice",
        "Without a status",
        "When it takes part in the sharing, if there is no status.",
        "sensors",
        default="always",
        choices=(
            ("always", "Always"),
            ("drawing", "While it draws"),
        ),
    ),
)


NUMBER_CHARGER = Kind(
    "number_charger",
    "Load Juggler number charger",
    "A charger of any make whose current or power Home Assistant can set. It has no fall-back: "
    "if Home Assistant stops, it goes on.",
    (
        Section("main", "The charger", "What sets it, where it hangs, and how it charges."),
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
        Section(
            "sensors",
            "Its sensors",
            "What it draws (a current or the power is needed), and whether a car is there.",
        ),
    ),
    (
        *_MAIN,
        *legs(PHASES),
        ALLOW_REMAP,
        entity(
            "phases_entity",
            "Phases in use",
            "Optional. How many phases the car uses now: 1, 2 or 3. Without it, that is measured.",
            "wiring",
            ("sensor", "number", "select", "input_number"),
        ),
        *LIMITS,
        *_SETTING,
        *PRIORITY,
        mode_entity(ADJUSTABLE),
        FALLBACK,
        *SUN_AND_BOOST,
        *PHASE_SWITCH,
        *_STATUS,
        *CURRENTS,
    ),
    icon="mdi:ev-plug-type2",
    example="Right car",
    after_saving="After saving, there are sensors of its current and of the reason for it.",
)
