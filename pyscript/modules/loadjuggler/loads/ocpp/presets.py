"""Makes of chargers: the symptoms that users saw, and how such a charger is told.

A preset lists only where it differs from `GENERIC`. Each value has a field of its own in the form,
and what a person chooses there wins. script/generate makes docs/chargers.md from this table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

Value = str | float
"""The value of a field of the form."""


_NOTHING: Mapping[str, Value] = MappingProxyType({})


GENERIC: Mapping[str, Value] = MappingProxyType(
    {
        "rate_unit": "auto",
        "step_a": 0.1,
        "profile_purpose": "auto",
        "profile_kind": "auto",
        "stack_level": 0,
        "layers": "auto",
        "pause_by": "zero",
        "number_phases": "auto",
    }
)
"""How a charger of an unknown make is told, by the names of the form's fields."""


@dataclass(frozen=True, slots=True)
class Preset:
    """A make of chargers.

    - `key`, `label`: what the form stores, and what it shows.
    - `symptom`: what users saw, a sentence.
    - `does`: what `values` do about it, or that nothing can be done, a sentence.
    - `values`: the fields that differ from `GENERIC`, by name.
    """

    key: str
    label: str
    symptom: str
    does: str
    values: Mapping[str, Value] = field(default_factory=lambda: _NOTHING)

    def value(self, name: str) -> Value:
        """The value of the field `name` if it is not filled in; KeyError for an unknown field."""
        return self.values[name] if name in self.values else GENERIC[name]


PRESETS = (
    Preset(
        "generic",
        "Any other",
        "None known.",
        "Two charging profiles by the standard, unit asked from the charger, 0 A pauses.",
    ),
    Preset(
        "abb",
        "ABB Terra AC",
        "Rejects profiles above stack level 0, or stays at 6 or 7 A because an older profile of a "
        "higher level is still there. Asked for all measurands, it starts anew again and again.",
        "One profile at level 0; what others left on it is cleared once. Name the measurands by "
        "hand in the OCPP integration.",
        {"stack_level": 0, "layers": "1"},
    ),
    Preset(
        "alfen",
        "Alfen Eve",
        "None known.",
        "As any other: two charging profiles by the standard.",
    ),
    Preset(
        "autel",
        "Autel MaxiCharger",
        "Rejects profiles that are Relative and the station's maximum.",
        "All profiles are Absolute, in the session only.",
        {"profile_kind": "Absolute"},
    ),
    Preset(
        "easee",
        "Easee",
        "Current falls back when more is asked for than its own circuit allows.",
        "Nothing special: set the maximum current to what its installation is set to.",
    ),
    Preset(
        "evbox",
        "EVBox",
        "The station's maximum (ChargePointMaxProfile) is rejected or ignored.",
        "That one is never used.",
    ),
    Preset(
        "foxess",
        "FoxESS",
        "Started within minutes of a stop it gives no power and goes offline, under OCPP 2.0.1.",
        "Paused by 0 A, never stopped. Leave its pause at 3 min or more, and use OCPP 1.6.",
    ),
    Preset(
        "go_e",
        "go-e",
        "The number of phases in a profile is ignored (older firmware).",
        "It is not told; what the car uses is measured.",
        {"number_phases": "never"},
    ),
    Preset(
        "grizzl_e",
        "Grizzl-E",
        "The station's maximum (ChargePointMaxProfile) is accepted, and ignored.",
        "That one is never used.",
    ),
    Preset(
        "homecharge",
        "EFR, HomeCharge",
        "Accepts profiles in watts only.",
        "Told in watts.",
        {"rate_unit": "W"},
    ),
    Preset(
        "huawei",
        "Huawei",
        "Ignores amperes and charges with 22 kW. After a profile of 0 every session ends a second "
        "after it began. Below 1000 W it stops.",
        "Told in watts; paused by stopping the session, never by 0.",
        {"rate_unit": "W", "pause_by": "switch"},
    ),
    Preset(
        "mennekes",
        "Mennekes",
        "The number of phases in a profile is ignored.",
        "It is not told; what the car uses is measured.",
        {"number_phases": "never"},
    ),
    Preset(
        "schneider",
        "Schneider",
        "Rejects profiles while its own load balancer, or control by an external system, is "
        "switched off in its settings.",
        "Nothing special: switch them on in the charger.",
    ),
    Preset(
        "timxon",
        "Timxon",
        "The station's maximum (ChargePointMaxProfile) is rejected.",
        "That one is never used.",
    ),
    Preset(
        "wallbox",
        "Wallbox",
        "For a moment it gives its maximum when a profile is replaced.",
        "A safe current stays below the profile that is replaced, and small changes are not made.",
    ),
    Preset(
        "wallbox_5",
        "Wallbox, firmware 5",
        "Knows only stack level 0, and waits to be started from remote.",
        "One profile at level 0. Start its sessions with the integration's switch.",
        {"stack_level": 0, "layers": "1"},
    ),
    Preset(
        "zaptec",
        "Zaptec",
        "Through the maker's cloud it has no charging profiles and reports 0 kW.",
        "Nothing helps there: it needs its local OCPP.",
    ),
)


BY_KEY: Mapping[str, Preset] = {preset.key: preset for preset in PRESETS}
"""By what the form stores."""
