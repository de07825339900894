"""From a reason to a sentence, with numbers, units, and the names that the user gave."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from string import Formatter

from ..reason_table import Family
from ..reasons import Outcome, Reason
from ..site.model import MAIN
from ..units import amps_to_watts
from . import CATALOGUES, WORDS
from .phrases import PARTS, Part
from .wording import Counted, Known, Name, Word, amount, clean, shown, unit_of

__all__ = ["Known", "sentence"]


def sentence(reason: Reason, known: Known, load: str | None = None) -> str:
    """The sentence for `reason`; `load` is the id of the load that it is about, if there is one."""
    language, numbers = known.language, reason.numbers
    template = CATALOGUES[language][reason.code]
    units, parts = _read(template)
    words: dict[str, str] = {}
    for key, unit in units.items():
        value = numbers.get(key)
        if isinstance(value, str):
            word = shown(key, value, known)
            words[key] = word if isinstance(word, Name) else Word(word)
        elif value is not None:
            words[key] = amount(value, unit, language)
    for makes in parts:
        words |= makes(reason, known)
    if "others" in units:
        words["others"] = _others(reason, known, load)
    if load is not None:
        wired = known.site.loads[load]
        words["name"] = wired.name
        if "now" in units:
            words["now"] = amount(known.told_a.get(load, 0.0), "a", language)
        if "min_w" in units and isinstance(minimum := numbers.get("min_a"), (int, float)):
            watts = amps_to_watts(minimum, known.site.voltage_v, len(wired.legs))
            words["min_w"] = amount(watts, "w", language)
    return clean(template.format(**words))  # a state of others may be in it


@cache
def _read(template: str) -> tuple[Mapping[str, str], tuple[Part, ...]]:
    """(the unit of each name that a template leaves open, what makes parts of its sentence).

    "{left_a} of {max_a}{on_phase}" has `left_a` and `max_a` in "a", and a function for `on_phase`.
    """
    units = {name: unit_of(name) for _, name, _, _ in Formatter().parse(template) if name}
    return units, tuple(makes for hole, makes in PARTS.items() if hole in units)


def _others(reason: Reason, known: Known, load: str | None) -> str:
    """Who else uses the limit of `reason`: the loads with most, the other loads, and the house.

    Below a breaker's limit these are all, so the numbers of a sentence add up to it. A source that
    is too small by itself was used up by nobody, so nobody is named.
    """
    numbers = reason.numbers
    none_left = reason.outcome is Outcome.TOO_SMALL and reason.family is Family.SOURCE
    if none_left and "gives_a" not in numbers:
        return ""
    circuit = str(numbers.get("circuit") or MAIN)
    phase = str(numbers.get("phase") or "")
    most, each, all_a = known.users(circuit, phase or None)
    beside = [named for other, named in most if other != load]
    own = each.get(load or "")
    number = len(each) - (own is not None)
    shown = beside[: 3 if number == 3 else 2]
    on_breaker = phase and "circuit" in numbers  # a source has no house load on it
    named_a = sum([one.amps for _, one in shown]) + (own.amps if own else 0.0)
    return _users(
        tuple(shown),
        round(all_a - named_a, 1) if on_breaker else 0.0,
        known.unmanaged[circuit][phase] if on_breaker else None,
        circuit == MAIN,
        known.language,
    )


@lru_cache(maxsize=256)
def _users(
    shown: tuple[tuple[str, Counted], ...],
    rest_a: float,
    unmanaged_a: float | None,
    at_main: bool,
    language: str,
) -> str:
    """The sentence of who uses a limit.

    `shown` are loads by name, `rest_a` is A of all other loads, `unmanaged_a` A that are not
    managed. It depends on nothing else: loads that wait for one breaker have the same sentence.
    """
    words = WORDS[language]
    parts = [
        words["keeps" if one.untold else "gets" if one.later else "has"].format(
            name=name, amount=amount(round(one.amps, 1), "a", language)
        )
        for name, one in shown
    ]
    if rest_a >= 0.1:
        parts.append(words["others_have"].format(amount=amount(rest_a, "a", language)))
    if unmanaged_a is not None and unmanaged_a >= 0.5:
        what = words["house_takes" if at_main else "rest_takes"]
        text = what.format(amount=amount(round(unmanaged_a, 1), "a", language))
        parts.append(text if parts else text[0].upper() + text[1:])  # a name is left as it is
    if not parts:
        return ""
    *before, last = parts
    return f" {', '.join(before)}{words['and']}{last}." if before else f" {last}."
