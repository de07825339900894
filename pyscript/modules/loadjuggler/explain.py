"""Reasons to sentences: what limits, with numbers, units and the names that the user gave."""

from __future__ import annotations

import heapq
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .budget import CircuitState
from .model import MAIN, Site
from .reasons import Reason
from .texts import CATALOGUES, TERMS, WORDS
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


class Name(str):
    """What a breaker is called: as it is, and in the genitive for languages that have cases."""

    genitive: str

    def __format__(self, case: str) -> str:
        """In the case that a template asks for: `{circuit}`, `{circuit:gen}`."""
        return self.genitive if case == "gen" else str(self)


def sentence(reason: Reason, house: House, load: str | None = None) -> str:
    """One sentence for `reason`; `load` is the id of the load that it is about."""
    template = CATALOGUES[house.language][reason.code]
    words = {key: _shown(key, value, house) for key, value in reason.numbers.items()}
    for hole, makes in _PARTS.items():
        if hole in template:
            words |= makes(reason, house)
    if "{others}" in template:
        words["others"] = _others(reason, house, load)
    if load is not None:
        wired = house.site.loads[load]
        words["name"] = wired.name
        words["now"] = amount(house.told_a.get(load, 0.0), "a", house.language)
        minimum = reason.numbers.get("min_a")
        if isinstance(minimum, (int, float)):
            watts = amps_to_watts(minimum, house.site.voltage_v, len(wired.legs))
            words["min_w"] = amount(watts, "w", house.language)
    return template.format(**words)


def amount(value: float, unit: str, language: str = "en") -> str:
    """A number with its unit as people read it: "8.5 A" ("8,5 A"), "2 300 W", "3 min 10 s"."""
    if unit == "a":
        value = round(value, 1)
        if not value % 1:
            return f"{value:.0f} A"
        return f"{value:.1f} A".replace(".", WORDS[language]["decimal"])
    if unit == "w":
        return f"{value:,.0f} W".replace(",", " ")
    if unit == "s":
        minutes, seconds = divmod(max(round(value), 0), 60)
        return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"
    if unit == "min":
        return f"{value:.0f} min"
    if unit == "pct":
        return f"{value:.0f} %"
    return f"{value:g}".replace(".", WORDS[language]["decimal"])


def circuit_name(circuit: str, site: Site, language: str = "en") -> Name:
    """How sentences call a circuit: "main breaker", "Garage breaker"."""
    words, name, key = WORDS[language], site.circuits[circuit].name, "circuit"
    if circuit == MAIN:
        key = "main"
    elif words["breaker_ends"] in name.lower():
        key = "named_circuit"
    return _name(key, name, words)


def term(word: str, language: str) -> str:
    """What a word that comes with a reason is called; numbers in it as the language writes them."""
    first, _, rest = word.partition(" ")
    terms = TERMS[language]
    if word in terms:
        return terms[word]
    if first in ("unit", "options", "range"):  # what an entity can't be set for
        if first == "range":
            rest = " ".join(terms.get(part, part) for part in rest.split(" "))
        return f"{terms.get(first, first)} {rest}"
    comma = WORDS[language]["decimal"]
    return word.replace(".", comma) if comma != "." and _AMOUNT.fullmatch(word) else word


def _name(key: str, name: str, words: Mapping[str, str]) -> Name:
    found = Name(words[key].format(name=name))
    found.genitive = words.get(f"{key}:gen", words[key]).format(name=name)
    return found


def _shown(key: str, value: float | str, house: House) -> str:
    if not isinstance(value, str):
        return amount(value, key.rsplit("_", 1)[-1], house.language)
    if key in ("circuit", "parent") and value in house.site.circuits:
        return circuit_name(value, house.site, house.language)
    if key == "form" and value in house.site.circuits:
        return _form_of(value, house)
    if key == "other":
        return house.site.loads[value].name
    return value if key in _AS_THEY_ARE else term(value, house.language)


_AS_THEY_ARE = ("before", "to", "phase", "to_phase", "leg", "legs", "error")
_AMOUNT = re.compile(r"-?\d+\.\d+( [A-Za-z]+)?")


def _form_of(circuit: str, house: House) -> Name:
    """Whose form it is, as sentences say it: that of a breaker, or of the site."""
    words, name = WORDS[house.language], house.site.circuits[circuit].name
    if circuit == MAIN:
        return _name("form_of_site", name, words)
    found = Name(name)
    found.genitive = circuit_name(circuit, house.site, house.language).genitive
    return found


def _on_phase(reason: Reason, house: House) -> dict[str, str]:
    phase = reason.numbers.get("phase")
    words = WORDS[house.language]
    return {"on_phase": words["on_phase"].format(phase=phase) if phase else ""}


def _since(reason: Reason, house: House) -> dict[str, str]:
    return {"since": _timed("since", reason.numbers.get("missing_s"), house)}


def _in_time(reason: Reason, house: House) -> dict[str, str]:
    return {"in_time": _timed("in_time", reason.numbers.get("wait_s") or None, house)}


def _timed(word: str, seconds: float | str | None, house: House) -> str:
    """A word with a time in it; nothing, if there is none."""
    if not isinstance(seconds, (int, float)):
        return ""
    time = amount(seconds, "s", house.language)
    return WORDS[house.language][word].format(time=time)


def _buffer(reason: Reason, house: House) -> dict[str, str]:
    """What is kept free below the import limit, if anything is."""
    buffer_w = reason.numbers.get("buffer_w")
    if not isinstance(buffer_w, (int, float)) or not buffer_w:
        return {"buffer": ""}
    shown = amount(buffer_w, "w", house.language)
    return {"buffer": WORDS[house.language]["buffer"].format(buffer_w=shown)}


def _with_help(reason: Reason, house: House) -> dict[str, str]:
    """What the battery adds to the sun, if it does."""
    help_w = reason.numbers.get("help_w")
    if not isinstance(help_w, (int, float)) or help_w < 1:
        return {"with_help": ""}
    shown = amount(help_w, "w", house.language)
    return {"with_help": WORDS[house.language]["with_help"].format(help_w=shown)}


def _overload(reason: Reason, house: House) -> dict[str, str]:
    """How long a limit has been exceeded, what it would be without us, what a breaker makes of it.

    Source: IEC 60898-1, table 7: 1.13 x In for an hour (two above 63 A) without tripping, 1.45 x In
    must trip in that time, 2.55 x In in 1 s at the earliest.
    """
    language, words = house.language, WORDS[house.language]
    numbers = {key: value for key, value in reason.numbers.items() if not isinstance(value, str)}
    for_s, draw_a, limit_a = (numbers.get(key, 0.0) for key in ("for_s", "draw_a", "limit_a"))
    unit = "a" if "unmanaged_a" in numbers else "w"
    rest = numbers.get(f"unmanaged_{unit}", 0.0)
    without = amount(abs(rest), unit, language)
    times = draw_a / limit_a if limit_a > 0 else 0.0
    trips = ""
    if times >= 2.55:
        trips = "may_trip_at_once"
    elif times >= 1.45:
        trips = "trips"
    elif times >= 1.13 and for_s >= LONG_S:
        trips = "may_trip"
    breaker = ""
    if trips:
        hours = words["one_hour" if limit_a <= 63 else "two_hours"]
        breaker = words["breaker"].format(
            times=f"{times:.2f}".replace(".", words["decimal"]),
            size=amount(limit_a, "a", language),
            trips=words[trips].format(hours=hours),
        )
    return {
        "lasting": _timed("lasting", for_s if for_s >= 1 else None, house),
        "without": without if rest >= 0 else words["export"].format(amount=without),
        "breaker": breaker,
    }


_PARTS: Mapping[str, Callable[[Reason, House], dict[str, str]]] = {
    "{on_phase}": _on_phase,
    "{since}": _since,
    "{in_time}": _in_time,
    "{buffer}": _buffer,
    "{with_help}": _with_help,
    "{lasting}": _overload,
}
"""Holes in templates that are filled with words, or with nothing."""


def _others(reason: Reason, house: House, load: str | None) -> str:
    """Who else is on the limit of `reason`: the two loads with most, and what is not managed."""
    language, words = house.language, WORDS[house.language]
    circuit = str(reason.numbers.get("circuit") or MAIN)
    phase = reason.numbers.get("phase")
    on_it = house.most(circuit, str(phase) if phase else None)
    most = [pair for pair in on_it if pair[1] != load][:2]
    parts = [
        words["has"].format(
            name=house.site.loads[other].name, amount=amount(round(amps, 1), "a", language)
        )
        for amps, other in most
    ]
    on_breaker = "circuit" in reason.numbers  # beside a source the house has been served already
    unmanaged = house.circuits[circuit].unmanaged[str(phase)] if phase and on_breaker else None
    if unmanaged is not None and unmanaged >= 0.5:
        what = words["house_takes" if circuit == MAIN else "rest_takes"]
        text = what.format(amount=amount(round(unmanaged, 1), "a", language))
        parts.append(text if parts else text[0].upper() + text[1:])  # a name is left as it is
    if not parts:
        return ""
    *before, last = parts
    return f" {', '.join(before)}{words['and']}{last}." if before else f" {last}."
