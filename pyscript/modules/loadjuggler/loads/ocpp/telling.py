"""The part of an OCPP charger's form that says how it is told: its make, and what overrides that.

Each field is "as its make" until a person chooses something else (`presets`).
"""

from __future__ import annotations

from ...forms.field import SWITCHES, Choices, Field, Section, entity, flag
from .presets import PRESETS

AS_PRESET = "preset"
"""The choice "as its make": the preset says the value."""


CHOICES = {"1.6": "1.6", "2.0.1": "2.0.1 or 2.1"}
"""The versions of OCPP, as the form shows them."""


SECTION = Section(
    "telling",
    "How it is told",
    "Choose its make; the rest only if docs/chargers.md or its behaviour says so.",
)


def _choice(name: str, label: str, text: str, choices: Choices) -> Field:
    """A choice field whose default is that of the preset."""
    choices = ((AS_PRESET, "as its make"), *choices)
    return Field(name, "choice", label, text, "telling", default=AS_PRESET, choices=choices)


FIELDS = (
    Field(
        "preset",
        "choice",
        "Make",
        "What is known of its make. Everything below is set by it, unless you choose otherwise.",
        "telling",
        default="generic",
        choices=tuple((preset.key, preset.label) for preset in PRESETS),
    ),
    Field(
        "ocpp_version",
        "choice",
        "OCPP version",
        "What it speaks with Home Assistant. With 2.0.1 it is told by one profile, without end.",
        "telling",
        default="1.6",
        choices=tuple(CHOICES.items()),
    ),
    _choice(
        "rate_unit",
        "Unit",
        "In which unit it is told. It is asked which ones it knows; until it has answered, A.",
        (("auto", "asked from it"), ("A", "A per phase"), ("W", "W in all")),
    ),
    _choice(
        "profile_purpose",
        "Purpose of profiles",
        "Which kind of charging profile. The station's maximum holds for all its connectors, and "
        "many chargers wear out their memory with it.",
        (
            ("auto", "of the session, else the default of the next one"),
            ("TxDefaultProfile", "always the default of sessions"),
            ("ChargePointMaxProfile", "the maximum of the station"),
        ),
    ),
    _choice(
        "profile_kind",
        "Kind of profiles",
        "Only what goes by the clock (Absolute) can run out by itself in a session.",
        (
            ("auto", "Absolute where it must run out, else Relative"),
            ("Absolute", "always Absolute"),
            ("Relative", "always Relative"),
        ),
    ),
    _choice(
        "layers",
        "Layers",
        "With two it goes back to its fallback current by itself within 3 min if Load Juggler or "
        "Home Assistant stops; with one it keeps what it was told last.",
        (("auto", "two, unless it says that it knows but one"), ("2", "two"), ("1", "one")),
    ),
    Field(
        "stack_level",
        "number",
        "Stack level",
        "Optional. The level of its profile, or of the lower of two.",
        "telling",
        low=0,
        high=100,
        whole=True,
    ),
    _choice(
        "pause_by",
        "Paused by",
        "How it is made to stop. With its minimum it never stops, it only goes down to that.",
        (
            ("zero", "a profile of 0"),
            ("minimum", "its minimum"),
            ("switch", "ending the session"),
            ("availability", "taking it out of operation"),
        ),
    ),
    entity(
        "pause_entity",
        "Switch that pauses it",
        "Optional. Needed only if Load Juggler does not find the switch of the OCPP integration.",
        "telling",
        SWITCHES,
        "acts",
    ),
    _choice(
        "number_phases",
        "Number of phases",
        "Whether profiles in W say how many phases the car uses.",
        (("auto", "if it is less than three"), ("never", "never")),
    ),
    flag(
        "clear_first",
        "Clear what others left on it",
        "Once, when Load Juggler takes it over: a profile of somebody else may be above its own. "
        "Not done where the station has more than one connector in use.",
        "telling",
        default=True,
    ),
    Field(
        "report_interval_s",
        "number",
        "Ask for its values every",
        "Optional. It is asked for a report when the last one is older than this.",
        "telling",
        unit="s",
        low=5,
        high=3600,
    ),
    Field(
        "offline_s",
        "number",
        "Offline after",
        "Optional. So long after its last sign of life it counts as offline. Empty: 180 s if the "
        "OCPP integration has a sensor of its latency, else never.",
        "telling",
        unit="s",
        low=20,
        high=86400,
    ),
)
