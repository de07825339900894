"""What sentences call things: amounts with their units, breakers by name and case, terms."""

from __future__ import annotations

import heapq
import re
from collections.abc import Mapping
from dataclasses import dataclass

from ..site.model import MAIN, Site
from ..units import PerPhase
from . import TERMS, WORDS


@dataclass(slots=True)
class House:
    """What a sentence may refer to.

    `told_a` is what each load is told (A per leg), `unmanaged` what of the draw of each circuit
    Load Juggler does not control (A per phase).
    """

    site: Site
    told_a: Mapping[str, float]
    unmanaged: Mapping[str, PerPhase]
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


def amount(value: float, unit: str, language: str = "en") -> str:
    """A number with its unit as people read it: "8.5 A" ("8,5 A"), "2 300 W", "2 h 5 min"."""
    if unit == "a":
        value = round(value, 1)
        if not value % 1:
            return f"{value:.0f} A"
        return f"{value:.1f} A".replace(".", WORDS[language]["decimal"])
    if unit == "w":
        return f"{value:,.0f} W".replace(",", " ")
    if unit == "s":
        return _lasting(value)
    if unit == "min":
        return _lasting(round(value) * 60.0) if round(value) else "0 min"
    if unit == "pct":
        return f"{value:.0f} %"
    return f"{value:g}".replace(".", WORDS[language]["decimal"])


def _lasting(seconds: float) -> str:
    """A time in the two largest units that it has: "1 h 5 min", "3 min 10 s", "3 min", "40 s"."""
    minutes, left_s = divmod(max(round(seconds), 0), 60)
    hours, left_min = divmod(minutes, 60)
    amounts = ((hours, "h"), (left_min, "min"), (0 if hours else left_s, "s"))
    return " ".join(f"{number} {unit}" for number, unit in amounts if number) or "0 s"


def bounded_text(text: str, most: int) -> str:
    """A text in one line of so many signs at most, all of which can be printed."""
    line = "".join(sign for sign in " ".join(text.split()) if sign.isprintable())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


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
    if not word.strip():
        return terms[""]
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


def shown(key: str, value: float | str, house: House) -> str:
    """A number or word that comes with a reason under `key`, as people read it."""
    if not isinstance(value, str):
        return amount(value, key.rsplit("_", 1)[-1], house.language)
    if key in ("circuit", "parent") and value in house.site.circuits:
        return circuit_name(value, house.site, house.language)
    if key == "form" and value in house.site.circuits:
        return _form_of(value, house)
    if key == "other":
        return house.site.loads[value].name
    return value if key in _AS_THEY_ARE else term(value, house.language)


_AS_THEY_ARE = ("sensors", "charger", "before", "to", "phase", "to_phase", "leg", "legs", "error")


_AMOUNT = re.compile(r"-?\d+\.\d+( [A-Za-z]+)?")


def _form_of(circuit: str, house: House) -> Name:
    """Whose form it is, as sentences say it: that of a breaker, or of the site."""
    words, name = WORDS[house.language], house.site.circuits[circuit].name
    if circuit == MAIN:
        return _name("form_of_site", name, words)
    found = Name(name)
    found.genitive = circuit_name(circuit, house.site, house.language).genitive
    return found
