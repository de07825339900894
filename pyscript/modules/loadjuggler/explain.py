"""Reasons to sentences: what limits, with numbers, units and the names that the user gave."""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from dataclasses import dataclass

from .budget import CircuitState
from .model import MAIN, Site
from .reasons import Reason
from .texts import CATALOGUES
from .units import amps_to_watts

LONG_S = 300.0
"""From here on a small overload of a breaker is worth a warning that it may trip."""


@dataclass(slots=True)
class House:
    """What a sentence may refer to: names, what each load is told, what each circuit carries."""

    site: Site
    told_a: Mapping[str, float]
    circuits: Mapping[str, CircuitState]
    language: str = "en"
    _most: dict[tuple[str, str | None], list[tuple[float, str]]] | None = None

    def most(self, circuit: str, phase: str | None) -> list[tuple[float, str]]:
        """The three loads told most on `phase` of `circuit` (`None`: on any): (A, id) each.

        Found for all circuits in one pass, the first time that a sentence asks.
        """
        if self._most is None:
            found: dict[tuple[str, str | None], list[tuple[float, str]]] = {}
            for load in self.site.loads.values():
                told = (self.told_a.get(load.id, 0.0), load.id)
                phases: set[str | None] = {None, *(wired for _, wired in load.legs)}
                for above in self.site.path(load.circuit) if told[0] > 0 else ():
                    for one in phases:
                        found.setdefault((above, one), []).append(told)
            self._most = {
                key: heapq.nsmallest(3, loads, key=lambda pair: (-pair[0], pair[1]))
                for key, loads in found.items()
            }
        return self._most.get((circuit, phase), [])


def sentence(reason: Reason, house: House, load: str | None = None) -> str:
    """One sentence for `reason`; `load` is the id of the load that it is about."""
    template = CATALOGUES[house.language][reason.code]
    words = {key: _shown(key, value, house) for key, value in reason.numbers.items()}
    if "{on_phase}" in template:
        phase = reason.numbers.get("phase")
        words["on_phase"] = f" on phase {phase}" if phase else ""
    if "{since}" in template:
        missing_s = reason.numbers.get("missing_s")
        words["since"] = f" for {amount(missing_s, 's')}" if isinstance(missing_s, float) else ""
    if "{with_help}" in template:
        words["with_help"] = _with_help(reason)
    if "{lasting}" in template:
        words |= _overload(reason)
    if "{others}" in template:
        words["others"] = _others(reason, house, load)
    if load is not None:
        wired = house.site.loads[load]
        words["name"] = wired.name
        words["now"] = amount(house.told_a.get(load, 0.0), "a")
        minimum = reason.numbers.get("min_a")
        if isinstance(minimum, (int, float)):
            watts = amps_to_watts(minimum, house.site.voltage_v, len(wired.legs))
            words["min_w"] = amount(watts, "w")
    return template.format(**words)


def amount(value: float, unit: str) -> str:
    """A number with its unit as people read it: "8.0 A", "2 300 W", "3 min 10 s"."""
    if unit == "a":
        value = round(value, 1)
        return f"{value:.1f} A" if value % 1 else f"{value:.0f} A"
    if unit == "w":
        return f"{value:,.0f} W".replace(",", " ")
    if unit == "s":
        minutes, seconds = divmod(max(round(value), 0), 60)
        return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"
    if unit == "min":
        return f"{value:.0f} min"
    if unit == "pct":
        return f"{value:.0f} %"
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


def _with_help(reason: Reason) -> str:
    """What the battery adds to the sun, if it does."""
    help_w = reason.numbers.get("help_w")
    if isinstance(help_w, (int, float)) and help_w >= 1:
        return f" with {amount(help_w, 'w')} from the battery"
    return ""


def _overload(reason: Reason) -> dict[str, str]:
    """How long a limit has been exceeded, what it would be without us, what a breaker makes of it.

    Source: IEC 60898-1, table 7: 1.13 x In for an hour (two above 63 A) without tripping, 1.45 x In
    must trip in that time, 2.55 x In in 1 s at the earliest.
    """
    numbers = {key: value for key, value in reason.numbers.items() if not isinstance(value, str)}
    for_s, draw_a, limit_a = (numbers.get(key, 0.0) for key in ("for_s", "draw_a", "limit_a"))
    unit = "a" if "unmanaged_a" in numbers else "w"
    rest = numbers.get(f"unmanaged_{unit}", 0.0)
    without = amount(rest, unit) if rest >= 0 else f"{amount(-rest, unit)} of export"
    times = draw_a / limit_a if limit_a > 0 else 0.0
    hours = "the hour" if limit_a <= 63 else "two hours"
    trips = ""
    if times >= 2.55:
        trips = "may trip from 1 s on"
    elif times >= 1.45:
        trips = f"trips within {hours}"
    elif times >= 1.13 and for_s >= LONG_S:
        trips = f"may trip within {hours}"
    size = amount(limit_a, "a")
    breaker = f" That is {times:.2f} × {size}: such a breaker {trips} (IEC 60898)."
    return {
        "lasting": f", for {amount(for_s, 's')} now" if for_s >= 1 else "",
        "without": without,
        "breaker": breaker if trips else "",
    }


def _others(reason: Reason, house: House, load: str | None) -> str:
    """Who else is on the limit of `reason`: the two loads with most, and what is not managed."""
    circuit = str(reason.numbers.get("circuit") or MAIN)
    phase = reason.numbers.get("phase")
    on_it = house.most(circuit, str(phase) if phase else None)
    most = [pair for pair in on_it if pair[1] != load][:2]
    parts = [
        f"{house.site.loads[other].name} has {amount(round(amps, 1), 'a')}" for amps, other in most
    ]
    on_breaker = "circuit" in reason.numbers  # beside a source the house has been served already
    unmanaged = house.circuits[circuit].unmanaged[str(phase)] if phase and on_breaker else None
    if unmanaged is not None and unmanaged >= 0.5:
        what = "the house" if circuit == MAIN else "the rest there"
        parts.append(f"{what} takes {amount(round(unmanaged, 1), 'a')}")
    if not parts:
        return ""
    text = " and ".join(parts) if len(parts) < 3 else f"{', '.join(parts[:-1])} and {parts[-1]}"
    return f" T{text[1:]}." if text.startswith("the ") else f" {text}."
