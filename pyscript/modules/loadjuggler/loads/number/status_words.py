"""What the status text of a charger means: words of common integrations, and those of the form.

Upper and lower case are the same, and so are spaces, "_" and "-". A text that is not listed is
unknown: people are told, and it never means that a car may charge.
"""

from __future__ import annotations

import re

CHARGING, CONNECTED, FULL, IDLE, FAULT = "charging", "connected", "full", "idle", "fault"
"""Meanings: a car charges; a car could charge; a car wants no more; no car; out of order."""


SHOWN = {
    CHARGING: "Charging",
    CONNECTED: "Connected",
    FULL: "SuspendedEV",
    IDLE: "Available",
    FAULT: "Faulted",
}
"""By meaning: the status that the rest of the engine knows, in the words of OCPP."""


TAKING_PART = (CHARGING, CONNECTED, FULL)
"""Meanings with which a charger takes part in the sharing."""


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
"""By word, as `plain` makes it: its meaning."""


_SWITCHED = {"on": CONNECTED, "off": IDLE}
"""By state of a binary sensor or a switch: whether there is a car."""


def plain(text: str) -> str:
    """`text` as it is compared. Example: "Wait_for-Car " becomes "wait for car"."""
    return re.sub(r"[\s_-]+", " ", text).strip().lower()


def split(text: str | None) -> tuple[str, ...]:
    """The words of a list in a form, which are separated by commas, as they are compared."""
    return tuple(word for part in (text or "").split(",") if (word := plain(part)))


def meaning(entity: str, text: str, own: tuple[tuple[str, str], ...]) -> str | None:
    """The meaning of the status `text` of `entity`; `None`: unknown.

    `own` are (word, meaning) of the form; these are looked up first.
    """
    word = plain(text)
    for known, means in own:
        if word == known:
            return means
    if entity.split(".", maxsplit=1)[0] in ("binary_sensor", "input_boolean", "switch"):
        return _SWITCHED.get(word)
    return BUILT_IN.get(word)
