"""What a charger's status text means: the words of common integrations, and a user's own.

Upper and lower case, "_" and "-" make no difference. A text that is not listed is unknown: people
are told, and it never means that a car may charge.
"""

from __future__ import annotations

import re

CHARGING, CONNECTED, FULL, IDLE, FAULT = "charging", "connected", "full", "idle", "fault"


SHOWN = {
    CHARGING: "Charging",
    CONNECTED: "Connected",
    FULL: "SuspendedEV",
    IDLE: "Available",
    FAULT: "Faulted",
}
"""Statuses as the rest of the engine knows them, those of OCPP where there is one."""


TAKING_PART = (CHARGING, CONNECTED, FULL)


_WORDS = {
    CHARGING: (
        "charging",
        "connected charging",
        "charging started",
        "evse charging",
        "c",
        "c1",
        "c2",
    ),
    CONNECTED: (
        "connected",
        "connected requesting",
        "connected waiting",
        "cable connected",
        "car connected",
        "ev connected",
        "vehicle connected",
        "plugged",
        "plugged in",
        "preparing",
        "ready to charge",
        "awaiting start",
        "wait for car",
        "wait for vehicle",
        "waitcar",
        "waiting for car",
        "waiting for car demand",
        "waiting for vehicle",
        "paused",
        "suspended",
        "suspendedevse",
        "suspended evse",
        "scheduled",
        "starting",
        "b",
        "b1",
        "b2",
    ),
    FULL: (
        "complete",
        "completed",
        "connected finished",
        "finished",
        "charging finished",
        "charging complete",
        "charging completed",
        "suspendedev",
        "suspended ev",
        "full",
    ),
    IDLE: (
        "available",
        "idle",
        "disconnected",
        "not connected",
        "no car",
        "no vehicle",
        "unplugged",
        "cable not connected",
        "car not connected",
        "finishing",
        "reserved",
        "a",
        "a1",
        "a2",
    ),
    FAULT: ("error", "fault", "faulted", "failure", "locked out", "out of order", "e", "f"),
}


BUILT_IN = {word: meaning for meaning, words in _WORDS.items() for word in words}


_SWITCHED = {"on": CONNECTED, "off": IDLE}
"""What a binary sensor or switch says: there is a car, or there is none."""


def plain(text: str) -> str:
    """A text as it is compared."""
    return re.sub(r"[\s_-]+", " ", text).strip().lower()


def split(text: str | None) -> tuple[str, ...]:
    """The words of a form's list, separated by commas."""
    return tuple(word for part in (text or "").split(",") if (word := plain(part)))


def meaning(entity: str, text: str, own: tuple[tuple[str, str], ...]) -> str | None:
    """What the status `text` of `entity` means, by a user's `own` words first; `None`: unknown."""
    word = plain(text)
    for known, means in own:
        if word == known:
            return means
    if entity.split(".", maxsplit=1)[0] in ("binary_sensor", "input_boolean", "switch"):
        return _SWITCHED.get(word)
    return BUILT_IN.get(word)
