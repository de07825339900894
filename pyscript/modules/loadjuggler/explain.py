"""Reasons to sentences: what limits, with numbers, units and the names that the user gave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .budget import CircuitState
from .model import MAIN, Site
from .reasons import Reason
from .texts import CATALOGUES
from .units import amps_to_watts


@dataclass(frozen=True, slots=True)
class House:
    """What a sentence may refer to: names, what each load is told, what each circuit carries."""

    site: Site
    told_a: Mapping[str, float]
    circuits: Mapping[str, CircuitState]
    language: str = "en"


def sentence(reason: Reason, house: House, load: str | None = None) -> str:
    """One sentence for `reason`; `load` is the id of the load that it is about."""
    words = {key: _shown(key, value, house) for key, value in reason.numbers.items()}
    words["others"] = _others(reason, house, load)
    if load is not None:
        wired = house.site.loads[load]
        words["name"] = wired.name
        words["now"] = amount(house.told_a.get(load, 0.0), "a")
        minimum = reason.numbers.get("min_a")
        if isinstance(minimum, (int, float)):
            watts = amps_to_watts(minimum, house.site.voltage_v, len(wired.legs))
            words["min_w"] = amount(watts, "w")
    return CATALOGUES[house.language][reason.code].format(**words)


def amount(value: float, unit: str) -> str:
    """A number with its unit as people read it: "8.0 A", "2 300 W", "3 min 10 s"."""
    if unit == "a":
        return f"{value:.1f} A" if value % 1 else f"{value:.0f} A"
    if unit == "w":
        return f"{value:,.0f} W".replace(",", " ")
    if unit == "s":
        minutes, seconds = divmod(max(round(value), 0), 60)
        return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"
    return f"{value:g}"


def circuit_name(circuit: str, site: Site) -> str:
    """How sentences call a circuit: "main breaker", "Garage breaker"."""
    name = site.circuits[circuit].name
    return name if circuit == MAIN or name.lower().endswith("breaker") else f"{name} breaker"


def _shown(key: str, value: float | str, house: House) -> str:
    if isinstance(value, str):
        if key == "circuit":
            return circuit_name(value, house.site)
        return house.site.loads[value].name if key == "other" else value
    return amount(value, key.rsplit("_", 1)[-1])


def _others(reason: Reason, house: House, load: str | None) -> str:
    """Who else is on the limit of `reason`: the two loads with most, and what is not managed."""
    circuit = str(reason.numbers.get("circuit") or MAIN)
    phase = reason.numbers.get("phase")
    sharing = [
        (house.told_a.get(other.id, 0.0), other.name)
        for other in house.site.loads.values()
        if other.id != load
        and circuit in house.site.path(other.circuit)
        and (phase is None or any(wired == phase for _, wired in other.legs))
    ]
    most = sorted((pair for pair in sharing if pair[0] > 0), key=lambda pair: -pair[0])[:2]
    parts = [f"{name} has {amount(round(amps, 1), 'a')}" for amps, name in most]
    unmanaged = house.circuits[circuit].unmanaged[str(phase)] if phase else None
    if unmanaged is not None and unmanaged >= 0.5:
        what = "the house" if circuit == MAIN else "the rest there"
        parts.append(f"{what} takes {amount(round(unmanaged, 1), 'a')}")
    if not parts:
        return ""
    text = " and ".join(parts) if len(parts) < 3 else f"{', '.join(parts[:-1])} and {parts[-1]}"
    return f" T{text[1:]}." if text.startswith("the ") else f" {text}."
