"""Words of sentences: amounts with units, names of breakers and their cases, terms."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from ..site.model import MAIN, Site
from ..units import PerPhase
from . import TERMS, WORDS


class Counted(NamedTuple):
    """A load below a limit: A per leg with which it counts there.

    `later`: it has less yet. `untold`: it can't be told less.
    """

    amps: float
    later: bool = False
    untold: bool = False


class Users(NamedTuple):
    """Loads that use a breaker's phase.

    - `most`: the four that count with most: (id, (name, with how much)).
    - `each`: with how much each counts, by id.
    - `all_a`: with what all of them count together, A.
    """

    most: list[tuple[str, tuple[str, Counted]]]
    each: Mapping[str, Counted]
    all_a: float


@dataclass(slots=True)
class Known:
    """What a sentence may refer to beside its reason.

    - `told_a`: what each load is told (A per leg).
    - `unmanaged`: the current of each circuit that is not managed (A per phase).
    - `counted`: with how much loads count below a limit that count with more than they are told.
    """

    site: Site
    told_a: Mapping[str, float]
    unmanaged: Mapping[str, PerPhase]
    language: str = "en"
    counted: Mapping[str, Counted] = field(default_factory=dict)
    _users: dict[tuple[str, str | None], Users] = field(default_factory=dict)

    def users(self, circuit: str, phase: str | None) -> Users:
        """The loads that use `phase` of `circuit` (`None`: any phase).

        They are found at the first call for a circuit and phase.
        """
        users = self._users.get((circuit, phase))
        if users is None:
            each = {}
            for load in self.site.below(circuit) if circuit in self.site.circuits else ():
                one, told_a = self.counted.get(load.id), self.told_a.get(load.id, 0.0)
                if (told_a if one is None else one.amps) <= 0:
                    continue
                if phase is None or phase in [on for _, on in load.legs]:
                    each[load.id] = one or Counted(told_a)
            ranked = sorted([(-one.amps, load) for load, one in each.items()])
            loads = self.site.loads
            named = [(load, (loads[load].name, each[load])) for _, load in ranked[:4]]
            users = Users(named, each, sum([one.amps for one in each.values()]))
            self._users[circuit, phase] = users
        return users


class Name(str):
    """The name of a breaker, with its genitive for languages that have cases."""

    genitive: str

    def __format__(self, case: str) -> str:
        """In the case that a template asks for: `{circuit}`, `{circuit:gen}`."""
        return self.genitive if case == "gen" else str(self)


class Count(str):
    """A number of things, which brings its word in the form that belongs to it.

    A template gives the forms, `#` is the number: "{stops:# time|# times}" is "1 time", "2 times".
    A language has as many as it needs, the last is for all other numbers; Slovenian has those for
    1, 2, 3 and 4, and the rest, of the last two digits: "1 sprememba", "102 spremembi".
    """

    form: int

    def __format__(self, forms: str) -> str:
        """With its word; without `forms` the number alone."""
        if not forms:
            return str(self)
        each = forms.split("|")
        return each[min(self.form, len(each) - 1)].replace("#", str(self))


class Word(str):
    """A word of which it is not known whether it has forms: it is the same in each.

    Such a word stands where a number or the name of a breaker is missing in what was stored.
    """

    def __format__(self, form: str) -> str:
        """The word, in whichever form a template asks for."""
        return str(self)


def _count(value: float, language: str) -> Count:
    """A number without a unit."""
    found = Count(f"{value + 0.0:g}".replace(".", WORDS[language]["decimal"]))
    form_of = _SLOVENIAN if language == "sl" else _ENGLISH
    found.form = form_of.get(value % 100 if language == "sl" else value, 3)
    return found


_ENGLISH: Mapping[float, int] = {1: 0}
_SLOVENIAN: Mapping[float, int] = {1: 0, 2: 1, 3: 2, 4: 2}


@lru_cache(maxsize=1024)
def amount(value: float, unit: str, language: str = "en") -> str:
    """A number with its unit as people read it: "8.5 A" ("8,5 A"), "2 300 W", "2 h 5 min".

    It depends on its arguments only. Most amounts are those of the last run, so 1,024 are kept.
    """
    if unit == "a":
        value = round(value, 1) + 0.0  # -0.0 + 0.0 is 0.0
        if not value % 1:
            return f"{value:.0f} A"
        return f"{value:.1f} A".replace(".", WORDS[language]["decimal"])
    if unit == "w":
        return f"{round(value, 0) + 0.0:,.0f} W".replace(",", " ")
    if unit == "s":
        return _lasting(value)
    if unit == "min":
        return _lasting(round(value) * 60.0) if round(value) else "0 min"
    if unit == "pct":
        return f"{round(value, 0) + 0.0:.0f} %"
    return _count(value, language)


def _lasting(seconds: float) -> str:
    """A time in the two largest units that it has: "1 h 5 min", "3 min 10 s", "3 min", "40 s"."""
    minutes, left_s = divmod(max(round(seconds), 0), 60)
    hours, left_min = divmod(minutes, 60)
    amounts = ((hours, "h"), (left_min, "min"), (0 if hours else left_s, "s"))
    return " ".join(f"{number} {unit}" for number, unit in amounts if number) or "0 s"


def clean(text: str) -> str:
    """`text` without halves of signs (lone surrogates), which can be neither shown nor stored."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def bounded_text(text: str, most: int) -> str:
    """`text` in one line of printable characters, cut to at most `most` with an ellipsis."""
    line = "".join(sign for sign in " ".join(text.split()) if sign.isprintable())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


ECHO_LENGTH = 60
"""A value that can't be understood is repeated in an answer up to this many characters."""


def echoed(given: Any) -> str:
    """What a caller or a form gave, short enough for a sentence."""
    return bounded_text(str(given), ECHO_LENGTH)


def circuit_name(circuit: str, site: Site, language: str = "en") -> Name:
    """The name of a circuit in sentences: "main breaker", "Garage breaker"."""
    return _breaker_name(site.circuits[circuit].name, circuit == MAIN, language)


@lru_cache(maxsize=256)
def _breaker_name(name: str, is_main: bool, language: str) -> Name:
    """The name of a breaker in sentences, from `name` in its form. It depends on nothing else."""
    words, key = WORDS[language], "circuit"
    if is_main:
        key = "main"
    elif words["breaker_ends"] in name.lower():
        key = "named_circuit"
    return _name(key, name, words)


@lru_cache(maxsize=256)
def term(word: str, language: str) -> str:
    """The words of a language for a term of a reason; numbers have the decimal sign of it.

    It depends on nothing else, so 256 of them are kept.
    """
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


def shown(key: str, value: float | str, known: Known) -> str:
    """A number or word of a reason as people read it; the end of `key` is its unit."""
    if not isinstance(value, str):
        return amount(value, unit_of(key), known.language)
    if key in ("circuit", "parent") and value in known.site.circuits:
        return circuit_name(value, known.site, known.language)
    if key == "form" and value in known.site.circuits:
        return _form_of(value, known)
    if key == "other":
        return known.site.loads[value].name
    return value if key in _AS_THEY_ARE else term(value, known.language)


def unit_of(key: str) -> str:
    """The unit of a number of a reason: `left_a` is in "a"."""
    return key.rsplit("_", 1)[-1]


_AS_THEY_ARE = frozenset(
    (
        *("sensors", "charger", "before", "to", "phase", "to_phase", "leg", "legs", "error"),
        *("says", "speaks", "choice", "as_written"),
    )
)


_AMOUNT = re.compile(r"-?\d+\.\d+( [A-Za-z]+)?")


def _form_of(circuit: str, known: Known) -> Name:
    """The name of a form in sentences: that of a breaker, or of the site."""
    words, name = WORDS[known.language], known.site.circuits[circuit].name
    if circuit == MAIN:
        return _name("form_of_site", name, words)
    found = Name(name)
    found.genitive = circuit_name(circuit, known.site, known.language).genitive
    return found
