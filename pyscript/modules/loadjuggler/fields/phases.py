"""Fields of a charger that can be switched between one phase and three."""

from __future__ import annotations

from .table import Field, Section, minutes

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
