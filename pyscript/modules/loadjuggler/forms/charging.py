"""Fields of all chargers, however they are controlled: limits, delays, sensors of the draw."""

from __future__ import annotations

from ..units import LEGS
from .common import BOOST_LENGTH, EXCESS_THRESHOLD, GRACE
from .field import Field, Section, amps, flag, measured, minutes, override

LIMITS = (
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
)


FALLBACK = amps(
    "fallback_current_a",
    "Fallback current",
    "The most it takes while a meter above it has been silent for a minute; 0: it pauses. Empty: "
    "6 A, or its minimum current if that is more.",
    "sharing",
    None,
)


SUN_AND_BOOST = (
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
)


CURRENTS = (
    measured(
        "current_entity",
        "Current",
        "Optional. The current that the car takes, in all or with attributes L1, L2, L3.",
        "sensors",
    ),
    *(
        measured(
            f"current_{leg.lower()}_entity",
            f"Current {leg}",
            f"Optional. The current of leg {leg} alone, if each leg has its own sensor.",
            "sensors",
        )
        for leg in LEGS
    ),
    measured(
        "power_entity",
        "Power",
        "Optional. The power that the car takes; used if there is no current.",
        "sensors",
    ),
)


PHASES_SECTION = Section(
    "phases",
    "One phase or three",
    "If an entity can switch it between one phase and three: then little sun charges on one.",
)


PHASE_SWITCH = (
    Field(
        "phase_switch_entity",
        "entity",
        "Switch for phases",
        "Optional. A switch that is on for three phases, or a select. The car is paused, switched, "
        "and goes on.",
        "phases",
        domains=("switch", "input_boolean", "select", "input_select"),
        use="acts",
    ),
    Field(
        "phase_one_option",
        "text",
        "Option for one phase",
        "Of a select only.",
        "phases",
        default="1",
    ),
    Field(
        "phase_three_option",
        "text",
        "Option for three phases",
        "Of a select only.",
        "phases",
        default="3",
    ),
    minutes(
        "phase_apart_min",
        "Time between switches",
        "At least so long it stays on as many phases as it has.",
        "phases",
        10,
    ),
)


PHASES_BY_PROFILE = flag(
    "phase_by_profile",
    "Its profiles switch it",
    "Instead of a switch: for a charger that obeys the number of phases in charging profiles (its "
    "key ConnectorSwitch3to1PhaseSupported is true).",
    "phases",
    default=False,
)
