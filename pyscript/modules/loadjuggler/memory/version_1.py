"""Reads what Load Juggler stored before version 2: one flat record of 60 fields for each load.

Every field of it has its place in one of the twelve records of today, so nothing is lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PLACES: Mapping[str, Mapping[str, str]] = {
    "command": {
        "default_a": "default_a",
        "tx_a": "tx_a",
        "tx": "tx",
        "before": "before",
        "off": "off",
        "switched": "switched",
    },
    "profiles": {
        "safe_a": "safe_a",
        "renewed_at": "renewed_at",
        "tx_told_at": "told_at",
        "tx_sure": "sure",
        "watt_legs": "watt_legs",
        "unit": "unit",
        "unit_asked_at": "unit_asked_at",
        "max_level": "max_level",
        "levels_asked_at": "levels_asked_at",
        "taken": "taken_over",
    },
    "calls": {
        "commanded_at": "commanded_at",
        "called_at": "called_at",
        "failures": "failures",
        "error": "error",
        "counted_at": "counted_at",
        "earlier": "replaced",
    },
    "draws": {
        "draw_a": "by_leg",
        "draw_at": "at",
        "draw_seen_at": "seen_at",
        "drew": "earlier",
        "legs_used": "legs",
        "legs_differ_at": "fewer_at",
        "samples_w": "samples_w",
    },
    "phases": {
        "phases": "shown",
        "phases_wish_at": "wish_at",
        "phases_to": "to",
        "phases_since": "since",
        "phases_at": "switched_at",
        "phases_failed": "failed",
    },
    "chosen": {
        "mode": "mode",
        "boost_at": "boost_at",
        "paused_at": "paused_at",
        "pause_s": "pause_s",
    },
    "delays": {
        "started_at": "started_at",
        "stopped_at": "stopped_at",
        "stopped_for": "stopped_for",
        "free_at": "free_at",
        "short_at": "short_at",
        "stops": "stops",
        "rest_until": "rest_until",
    },
    "pacing": {
        "raised_at": "raised_at",
        "small_cut_at": "small_cut_at",
        "small_raise_at": "small_raise_at",
    },
    "utilisation": {"spare_at": "spare_at", "cap_a": "cap_a", "idle_at": "idle_at"},
    "compliance": {
        "resends": "resends",
        "resent_at": "resent_at",
        "cleared": "cleared",
        "ignored_a": "ignored_a",
        "ignored_at": "ignored_at",
        "asked_at": "asked_at",
        "resets": "resets",
        "reset_tx": "reset_tx",
    },
}
"""For each record of today: the name of a field in version 1, and its name now."""


def from_version_1(data: Mapping[str, Any]) -> dict[str, Any]:
    """The plain data of version 1 in the shape of version 2. `codec` finds what is damaged."""
    found = dict(data)
    if isinstance(loads := data.get("loads"), Mapping):
        found["loads"] = {key: _load(load) for key, load in loads.items()}
    # Version 1 joined the parts of a key: a setting was "car.mode", a finding "load:car", and the
    # import limit "import".
    for name, key_of in (("overrides", _owned), ("over", _spot)):
        if isinstance(kept := data.get(name), Mapping):
            found[name] = {key_of(key): item for key, item in kept.items()}
    wiring = data.get("wiring")
    if isinstance(wiring, Mapping) and isinstance(kept := wiring.get("findings"), Mapping):
        findings = {str(key).replace(":", " ", 1): item for key, item in kept.items()}
        found["wiring"] = {**wiring, "findings": findings}
    return found


def _owned(key: object) -> str:
    owner, _, name = str(key).rpartition(".")
    return f"{owner} {name}"


def _spot(key: object) -> str:
    return "main " if key == "import" else str(key)


def _load(flat: Any) -> Any:
    """One load's flat record as ten."""
    if not isinstance(flat, Mapping):
        return flat
    return {
        record: {new: flat[old] for old, new in names.items() if old in flat}
        for record, names in PLACES.items()
    }
