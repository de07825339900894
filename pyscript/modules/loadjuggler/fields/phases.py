"""Fields of a charger that can be switched between one phase and three."""

from __future__ import annotations

from .table import Field, Section, flag, minutes

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
