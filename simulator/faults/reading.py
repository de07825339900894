"""The faults of a day file, with everything that is wrong told at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .. import checks
from ..checks import Key, Reader, read_keys, table
from ..clock import DAY, HOUR
from ..scenario import Scenario
from .kinds import KINDS, Fault, target_of

AMOUNTS: Mapping[str, Reader] = {
    "by_a": checks.number(-1000, 1000, "A"),
    "late_s": checks.number(0, 3600, "s"),
    "by_s": checks.number(-DAY, DAY, "s"),
    "appear_s": checks.number(0, 600, "s"),
}
"""Numbers that go with some kinds of fault."""


def read_faults(
    given: Any,
    where: str,
    hour: Reader,
    scenario: Scenario,
    begin: tuple[float, float, float],
    errors: list[str],
) -> tuple[Fault, ...]:
    """Faults of a day; `hour` reads a time of day as hours since midnight.

    `begin` are midnight (epoch s) and the hours at which the day begins and ends.
    """
    if not isinstance(given, list | tuple):
        errors.append(f"{where}: {checks.shown(given)} is not a list")
        return ()
    found = []
    for position, item in enumerate(given, 1):
        wrong: list[str] = []
        fault = _fault(item, f"{where}[{position}]", hour, scenario, begin, wrong)
        errors += wrong
        if not wrong:
            found.append(fault)
    return tuple(found)


def _fault(
    given: Any,
    where: str,
    hour: Reader,
    scenario: Scenario,
    begin: tuple[float, float, float],
    errors: list[str],
) -> Fault:
    midnight, first_h, last_h = begin
    keys = table(
        Key("at", hour, first_h, required=True),
        Key("for_s", checks.number(1, 2 * DAY, "s"), 60.0, required=True),
        Key("what", checks.choice(KINDS), "", required=True),
        Key("of", checks.text, ""),
        *(Key(name, read) for name, read in AMOUNTS.items()),
    )
    values = read_keys(keys, given, where, errors)
    what, of, at = values["what"], " ".join(values["of"].split()), values["at"]
    if not first_h <= at < last_h:
        errors.append(f"{where}.at: the day goes from {_clock(first_h)} to {_clock(last_h)}")
    if what:
        errors += [f"{where}.of: {error}" for error in _misplaced(what, of, scenario)]
        errors += [
            f"{where}.{name}: {what} takes no such number"
            for name in AMOUNTS
            if values[name] is not None and name != KINDS[what].amount
        ]
    amount = values.get(KINDS[what].amount) if what else None
    usual = KINDS[what].usual if what else 0.0
    return Fault(
        what, of, midnight + at * HOUR, values["for_s"], usual if amount is None else amount
    )


def _misplaced(what: str, of: str, scenario: Scenario) -> list[str]:
    """Why `what` can't happen to `of`."""
    try:
        kind = target_of(of, scenario).kind
    except ValueError as error:
        return [str(error)]
    if kind in KINDS[what].of:
        return []
    if kind == "house":
        return [f"it is missing, and it is needed: {what} is of a {' or '.join(KINDS[what].of)}"]
    if KINDS[what].of == ("house",):
        return [f"{what} is of the whole house, without 'of'"]
    return [f"{what} is of a {' or '.join(KINDS[what].of)}, and '{of}' is a {kind}"]


def _clock(hours: float) -> str:
    minutes = round(hours * 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
