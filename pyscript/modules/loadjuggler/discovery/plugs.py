"""Suggestions for plugs: switches with a power sensor of the same name."""

from __future__ import annotations

from typing import Any

from ..measure.lookup import converted
from ..measure.numbers import number
from ..snapshot import EntityState, Snapshot
from .brands import PLUGS
from .patterns import is_power, unit_of

_ON_W = 10.0
"""With less power the plug, or the load behind it, is off."""


def suggest_plugs(states: Snapshot, used: set[str]) -> tuple[list[dict[str, Any]], list[str]]:
    """(fields of plug forms with confidence and reason, notes on what to fill in by hand).

    `used` are entities that are suggested for something else.
    """
    found, notes, taken = [], [], set(used)
    switches = sorted(entity for entity in states if entity.startswith("switch."))
    for place, row in enumerate(PLUGS):
        for switch in switches:
            power = _power(states, switch, switches, row.switch, row.power)
            if power is None or power in taken or switch in taken:
                continue
            taken |= {switch, power}
            name = _name(switch, states[switch])
            fields: dict[str, Any] = {"name": name, "switch": switch, "power_entity": power}
            takes_w = _takes_w(states[power])
            if takes_w:
                fields["power_w"] = takes_w
            else:
                notes.append(f"{name}: it is off now; write how much it takes when it is on.")
            reason = f"{power} is named after {switch}, and in {unit_of(states[power])}."
            sure = 0.8 if place < len(PLUGS) - 1 else 0.6
            found.append({"fields": fields, "confidence": sure, "reason": reason})
    return sorted(found, key=lambda plug: str(plug["fields"]["switch"])), notes


def _power(
    states: Snapshot,
    switch: str,
    switches: list[str],
    switch_ends: tuple[str, ...],
    power_ends: tuple[str, ...],
) -> str | None:
    """The power sensor of a switch, by the ends of both ids; `None`: there is none."""
    for end in switch_ends:
        if not switch.endswith(end):
            continue
        base = switch.removesuffix(end) if end else switch
        if end and sum(other.startswith(f"{base}_") or other == base for other in switches) > 1:
            continue  # the sensor could belong to any of several switches
        for last in power_ends:
            sensor = f"sensor.{base.partition('.')[2]}{last}"
            if sensor in states and is_power(states[sensor]):
                return sensor
    return None


def _takes_w(state: EntityState) -> int | None:
    """Its power now in whole W; `None`: it is off."""
    value = number(state.value)
    shown = None if value is None else converted(value, unit_of(state))
    return round(shown[1]) if shown and shown[1] > _ON_W else None


def _name(switch: str, state: EntityState) -> str:
    name = state.attributes.get("friendly_name")
    return name if isinstance(name, str) and name.strip() else switch.partition(".")[2]
