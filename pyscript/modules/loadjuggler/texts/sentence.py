"""From a reason to a sentence, with numbers, units, and the names that the user gave."""

from __future__ import annotations

from functools import cache
from string import Formatter

from ..reasons import Reason
from ..site.model import MAIN
from ..units import amps_to_watts
from . import CATALOGUES, WORDS
from .phrases import PARTS
from .wording import House, amount, shown

__all__ = ["House", "sentence"]


def sentence(reason: Reason, house: House, load: str | None = None) -> str:
    """The sentence for `reason`; `load` is the id of the load that it is about, if there is one."""
    template = CATALOGUES[house.language][reason.code]
    holes = _holes(template)
    words = {key: shown(key, value, house) for key, value in reason.numbers.items() if key in holes}
    for hole, makes in PARTS.items():
        if hole in holes:
            words |= makes(reason, house)
    if "others" in holes:
        words["others"] = _others(reason, house, load)
    if load is not None:
        wired = house.site.loads[load]
        words["name"] = wired.name
        if "now" in holes:
            words["now"] = amount(house.told_a.get(load, 0.0), "a", house.language)
        minimum = reason.numbers.get("min_a")
        if "min_w" in holes and isinstance(minimum, (int, float)):
            watts = amps_to_watts(minimum, house.site.voltage_v, len(wired.legs))
            words["min_w"] = amount(watts, "w", house.language)
    return template.format(**words)


@cache
def _holes(template: str) -> frozenset[str]:
    """The names of what a template leaves open: "{name} has {left_a}" has `name` and `left_a`."""
    return frozenset(name for _, name, _, _ in Formatter().parse(template) if name)


def _others(reason: Reason, house: House, load: str | None) -> str:
    """Who else uses the limit of `reason`: the two loads with most, and what is not managed."""
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
    on_breaker = "circuit" in reason.numbers  # a source has no house load on it
    unmanaged = house.unmanaged[circuit][str(phase)] if phase and on_breaker else None
    if unmanaged is not None and unmanaged >= 0.5:
        what = words["house_takes" if circuit == MAIN else "rest_takes"]
        text = what.format(amount=amount(round(unmanaged, 1), "a", language))
        parts.append(text if parts else text[0].upper() + text[1:])  # a name is left as it is
    if not parts:
        return ""
    *before, last = parts
    return f" {', '.join(before)}{words['and']}{last}." if before else f" {last}."
