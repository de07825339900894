"""Reads forms by the field table (`kinds.KINDS`).

The same table makes the blueprints, the service descriptions, the error texts and
docs/blueprints.md (`script/generate`), so a field has one name, one range and one help text. Home
Assistant checks no input against its selector, so everything is checked here. All errors of a form
are told at once, with the labels that the form shows.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from unicodedata import category

from ..forms.field import Field, Kind
from ..measure.numbers import ambiguous
from ..measure.numbers import number as written
from ..site.words import NO, YES, key
from ..texts.wording import echoed
from .kinds import KINDS
from .words import meaning

CONTRACT = 1
"""Version of the forms. A blueprint of another version must be copied again."""


_ENTITY_ID = re.compile(r"[a-z_][a-z0-9_]*\.[a-z0-9_]+")


LONGEST_ID = 255
"""Home Assistant takes no longer id of an entity."""


_AUTOMATION = re.compile(r"automation\.[a-z0-9_]+")


LONGEST = 100
"""A text of a form may have this many characters. Ids of entities are made of names, and Home
Assistant takes no id of more than 255."""


_ENVELOPE = ("contract", "node", "automation")


@dataclass(frozen=True, slots=True)
class Parsed:
    """A form that was read: `values` has every field of its `kind` (`None`: not given).

    `wrong` are the names of fields that could not be read; their values stand in for them, so that
    the other fields can be checked.
    """

    kind: str
    node: str
    automation: str | None
    values: Mapping[str, Any]
    wrong: frozenset[str] = frozenset()

    @property
    def sure(self) -> Mapping[str, Any]:
        """The values without those that only stand in for something."""
        return {**self.values, **dict.fromkeys(self.wrong)} if self.wrong else self.values


class Refused(Exception):
    """A form was refused; `errors` are sentences that begin with a label of the form.

    `rest` is what could be read of it; `None`: nothing that could be checked further.
    """

    def __init__(self, errors: list[str], rest: Parsed | None = None) -> None:
        """Keep all sentences; the message of the exception joins them."""
        super().__init__(" ".join(errors))
        self.errors = errors
        self.rest = rest


def parse(kind: str, data: Mapping[str, Any]) -> Parsed:
    """Read a form.

    `data` holds the fields of `kind` by name and three more: `contract` (this version), `node`
    (what names the automation for good; int or text) and `automation` (its entity id, may be
    absent). Empty text and empty lists count as not given. Raises Refused with all errors.
    """
    if not isinstance(data, Mapping):
        raise Refused([f"A {kind} form is a list of names and values, not '{echoed(data)}'."])
    if kind not in KINDS:
        raise Refused([f"'{kind}' is not a kind of node: {', '.join(KINDS)} are."])
    if data.get("contract") not in (CONTRACT, str(CONTRACT)):
        raise Refused(
            [
                f"This {kind} form has version '{echoed(data.get('contract'))}', this Load Juggler "
                f"reads version {CONTRACT}: copy or import the blueprint again and save the "
                "automation."
            ]
        )
    known = KINDS[kind].by_name()
    errors = [
        f"'{echoed(key)}' is not a field of a {kind}. Is it misspelt, or is the blueprint newer?"
        for key in data
        if key not in known and key not in _ENVELOPE
    ]
    node, automation = envelope(data)
    if data.get("automation") not in (None, "") and automation is None:
        errors.append(
            f"'automation' is '{echoed(data['automation'])}', which is no id of an automation, "
            "such as automation.garage."
        )
    if not node:
        errors.append(
            "'node' is missing, or is no name or number: it names the automation (its id) and must "
            "not change."
        )
    values, wrong = _read(KINDS[kind], data)
    errors += wrong.values()
    if errors:
        values |= {name: _stand_in(known[name]) for name in wrong}
        raise Refused(errors, Parsed(kind, node, automation, values, frozenset(wrong)))
    return Parsed(kind, node, automation, values)


def envelope(data: Mapping[str, Any]) -> tuple[str, str | None]:
    """(what names the node, "": nothing usable does; the id of its automation, `None`: none).

    Whatever was sent: what is no id of an automation never becomes an entity to follow.
    """
    given, named = data.get("automation"), data.get("node")
    automation = given.strip().lower() if isinstance(given, str) else ""
    if not _AUTOMATION.fullmatch(automation) or len(automation) > LONGEST_ID:
        automation = ""
    if named in (None, ""):
        return automation, automation or None
    usable = isinstance(named, str | int) and not isinstance(named, bool)
    node = str(named).strip() if usable else ""
    return node if _is_plain(node) else "", automation or None


def name_in(data: Any) -> str:
    """The name that a form gives, for a sentence about it; "": none that can be shown."""
    given = data.get("name") if isinstance(data, Mapping) else None
    name = " ".join(given.split()) if isinstance(given, str) else ""
    return name if _is_plain(name) else ""


def _is_plain(text: str) -> bool:
    """Whether a text can be shown and stored: not too long, without control characters."""
    if len(text) > LONGEST:
        return False
    return text.isprintable() or not any(category(one) in ("Cc", "Cs") for one in text)


def _stand_in(field: Field) -> Any:
    """A value for a field that could not be read: its default, or one that no house has."""
    if field.default is not None or not field.required:
        return field.default
    return {"text": "?", "entity": f"{(*field.domains, '?')[0]}.?", "number": field.low}[field.type]


def _read(kind: Kind, data: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """(every field of a form by name, errors by name in the order of the form).

    Most fields are left out of most forms, so only those that are there are looked at.
    """
    values, known = kind.blank(), kind.by_name()
    wrong: dict[str, str] = {}
    for name in (*data, *(name for name in kind.needed() if name not in data)):
        field, given = known.get(name), data.get(name)
        if field is None or (given is None and not field.required):
            continue
        try:
            values[name] = read_field(field, given)
        except ValueError as error:
            wrong[name] = f"{field.label}: {error}."
    return values, {name: wrong[name] for name in known if name in wrong} if wrong else wrong


def read_field(field: Field, given: Any) -> Any:
    """The value of `field` that the form gave; without one the default.

    Raises ValueError with a sentence that continues the field's label: "it is needed, ...".
    """
    if isinstance(given, str):
        given = given.strip()
    if given is None or given in ("", []):
        if field.required:
            raise ValueError("it is needed, and nothing is given")
        return field.default
    return _READERS[field.type](field, given)


def read_number(field: Field, given: Any) -> float:
    """`given` as a finite number within the range of `field`; raises ValueError in words."""
    unit = f" {field.unit}" if field.unit else ""
    number = written(given)
    if number is None and ambiguous(given):
        raise ValueError(f"'{echoed(given)}' may be two numbers: write it with a point or without")
    if number is None:
        raise ValueError(f"'{echoed(given)}' is not a number{unit and f' ({field.unit})'}")
    if field.low is not None and number < field.low:
        raise ValueError(f"{number:g}{unit} is less than {field.low:g}{unit}, the least possible")
    if field.high is not None and number > field.high:
        raise ValueError(f"{number:g}{unit} is more than {field.high:g}{unit}, the most possible")
    if field.whole and number != int(number):
        raise ValueError(f"{number:g} is not a whole number")
    return number


def read_choice(field: Field, given: Any) -> str:
    """One of the choices of `field` by any word that means it; raises ValueError in words."""
    value = meaning(field, given)
    if value is not None:
        return value
    allowed = ", ".join(value for value, _ in field.choices)
    raise ValueError(f"'{echoed(given)}' is not one of {allowed}")


def _read_text(_: Field, given: Any) -> str:
    if isinstance(given, (list, tuple, dict)):
        raise ValueError(f"'{echoed(given)}' is not a text")
    text = " ".join(str(given).split())
    if len(text) > LONGEST:
        raise ValueError(f"it has {len(text)} characters, and at most {LONGEST} are possible")
    if not _is_plain(text):
        raise ValueError(f"'{echoed(text)}' has characters that can't be shown")
    return text


def _read_flag(_: Field, given: Any) -> bool:
    word = key(str(given))
    if word in YES:
        return True
    if word in NO:
        return False
    raise ValueError(f"'{echoed(given)}' is neither yes nor no")


def _read_entity(field: Field, given: Any) -> str:
    if isinstance(given, (list, tuple)):
        if len(given) != 1:
            raise ValueError(f"{len(given)} entities are chosen, only one is possible")
        given = given[0]
    entity = str(given).strip()
    if not _ENTITY_ID.fullmatch(entity) or len(entity) > LONGEST_ID:
        raise ValueError(f"'{echoed(entity)}' is not the id of an entity, such as sensor.grid_a")
    domain = entity.split(".")[0]
    if domain not in field.domains:
        raise ValueError(f"{entity} is a {domain}, and one of {', '.join(field.domains)} is needed")
    return entity


_READERS = {
    "text": _read_text,
    "number": read_number,
    "choice": read_choice,
    "flag": _read_flag,
    "entity": _read_entity,
}


USUAL_FALLBACK_A = 6.0
"""The fallback current of a form that says none, if its minimum is no more than that, A. Forms of
earlier versions send it although nobody has filled it in."""


def fallback_a(values: Mapping[str, Any]) -> float:
    """The fallback current of a load by its form, A per leg; 0: it pauses, or has none."""
    if "fallback_current_a" not in values:
        return 0.0
    given, least_a = values["fallback_current_a"], float(values["min_current_a"])
    if given is None or given == USUAL_FALLBACK_A:
        return max(USUAL_FALLBACK_A, least_a)
    return float(given)


def contradictions(values: Mapping[str, Any]) -> list[str]:
    """Errors between fields of one form, such as a minimum above the maximum, a sentence each."""
    found = []
    limit, reserve_a = values.get("main_breaker_a", values.get("limit_a")), values.get("reserve_a")
    if limit and reserve_a and reserve_a >= limit:
        found.append(f"Reserve: {reserve_a:g} A leave nothing of the {limit:g} A of this breaker.")
    most_w, buffer_w = values.get("max_import_w"), values.get("power_buffer_w")
    if most_w and buffer_w and buffer_w >= most_w:
        text = f"{buffer_w:g} W leave nothing of the import limit of {most_w:g} W."
        found.append(f"Power buffer: {text}")
    low, high, step = (values.get(key) for key in ("min_current_a", "max_current_a", "step_a"))
    if low is not None and high is not None and low > high:
        text = f"{low:g} A is more than the maximum current of {high:g} A."
        found.append(f"Minimum current: {text}")
    elif high == 0:
        found.append("Maximum current: with 0 A it could never run; mode Off switches it off.")
    elif low is not None and high is not None and step and _steps_over(low, high, step):
        found.append(f"Step: no whole {step:g} A step lies between {low:g} A and {high:g} A.")
    safe_a = values.get("fallback_current_a") or 0.0
    if low is not None and 0 < safe_a < low and safe_a != USUAL_FALLBACK_A:
        found.append(
            f"Fallback current: {safe_a:g} A is less than the minimum current of {low:g} A, so "
            f"nothing would be charged. Choose at least {low:g} A, or 0 to have it paused."
        )
    return found


def _steps_over(low: float, high: float, step: float) -> bool:
    """Whether no whole `step` lies from `low` to `high` (A)."""
    return math.ceil(low / step - 1e-9) * step > high + 1e-9
