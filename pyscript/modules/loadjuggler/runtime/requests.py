"""Values that people set by services (pause, priority, limits, modes): checked and put into effect.

If an entity is wired for a setting, it always wins, so it is written. Otherwise the value is
remembered until the form's own value changes (docs/product.md section 7).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..measure.lookup import converted
from ..measure.numbers import number
from ..measure.settings import meaning
from ..memory.load import LoadMemory
from ..memory.memory import Memory, Override
from ..site.model import Load, Setting
from ..snapshot import Snapshot
from ..texts.wording import echoed

MOST_MINUTES = 1440


PAUSE_MIN = 60.0
"""The length of a pause without `minutes`, as for a boost."""


_SETTERS = ("number", "input_number")


class NotPossible(ValueError):
    """What a caller asked for can't be done; the message is the sentence of the answer."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A number to be set: the `name` of the setting in the memory, and its `label` for people."""

    name: str
    label: str
    setting: Setting
    value: float


def minutes(asked: Any, default: float) -> float:
    """The minutes that a caller gave, else `default`; raises NotPossible outside of 0 to 1440."""
    if asked is None:
        return default
    length = number(asked)
    if not length or not 0 < length <= MOST_MINUTES:
        allowed = f"more than 0 and at most {MOST_MINUTES} minutes are"
        raise NotPossible(f"'{echoed(asked)}' is no duration: {allowed}.")
    return length


def paused(memory: Memory, load: Load, known: LoadMemory, length_min: float, now: float) -> Memory:
    """The memory with a pause of a load that begins `now` (epoch s); raises NotPossible.

    `known` is the load's memory with what was asked before: a boost that begins ends no pause that
    comes after it.
    """
    if load.essential:
        raise NotPossible(f"{load.name} is essential: it is always served, and never paused.")
    of_load = replace(known, chosen=known.chosen.paused(now, length_min * 60.0))
    return replace(memory, loads={**memory.loads, load.id: of_load})


def unpaused(memory: Memory, load: Load) -> Memory:
    """The memory without a pause of the load."""
    of_load = memory.load(load.id)
    of_load = replace(of_load, chosen=of_load.chosen.resumed())
    return replace(memory, loads={**memory.loads, load.id: of_load})


def priority(load: Load, asked: Any) -> Wish:
    """The priority that a caller gave, checked; raises NotPossible."""
    return _wish(load, "priority", "priority", load.priority, asked)


def limits(load: Load, min_a: Any, max_a: Any, now_a: Mapping[str, float]) -> tuple[Wish, ...]:
    """The limits that a caller gave, A per leg, checked; raises NotPossible.

    `now_a` are the limits that hold now, under "min_a" and "max_a".
    """
    if not load.kind.adjustable:
        raise NotPossible(
            f"{load.name} is a {load.kind.name}: it is on or off, and has no limits in A."
        )
    if min_a is None and max_a is None:
        raise NotPossible("Say min_current_a, max_current_a, or both.")
    given = (
        ("min_a", "minimum", load.min_a, min_a),
        ("max_a", "maximum", load.max_a, max_a),
    )
    wishes, errors = [], []
    for one in given:
        try:
            wishes += [_wish(load, *one)] if one[-1] is not None else []
        except NotPossible as error:
            errors.append(str(error))
    if errors:
        raise NotPossible(" ".join(errors))
    then = dict(now_a) | {wish.name: wish.value for wish in wishes}
    if then["min_a"] > then["max_a"]:
        raise NotPossible(
            f"{load.name}: its minimum of {then['min_a']:g} A would be above its maximum of "
            f"{then['max_a']:g} A."
        )
    return tuple(wishes)


def _wish(load: Load, name: str, label: str, setting: Setting, asked: Any) -> Wish:
    value, unit = number(asked), f" {setting.unit}".rstrip()
    low, high = setting.low, setting.high
    fits = value is not None and (low is None or value >= low) and (high is None or value <= high)
    if value is None or not fits:
        allowed = "a number is"
        if low is not None and high is not None:
            allowed = f"{low:g} to {high:g}{unit} is"
        raise NotPossible(f"'{echoed(asked)}' is no {label} for {load.name}: {allowed}.")
    if name == "max_a" and not setting.entity and value > float(setting.value or 0.0):
        raise NotPossible(
            f"{load.name}: charger, cable and car can take {setting.value:g} A by its form, and "
            f"{value:g} A are more."
        )
    if setting.entity and setting.entity.split(".")[0] not in _SETTERS:
        raise NotPossible(f"{setting.entity} says the {label} of {load.name} and can't be written.")
    return Wish(name, label, setting, value)


def granted(
    memory: Memory, load: Load, wishes: tuple[Wish, ...], seen: Snapshot
) -> tuple[Memory, list[dict[str, Any]]]:
    """(the memory with these wishes, the calls that write them to wired entities)."""
    overrides, calls = dict(memory.overrides), []
    for wish in wishes:
        if not wish.setting.entity:
            override = Override(wish.value, wish.setting.value)
            overrides[load.id, wish.name] = override
            continue
        shown = seen.get(wish.setting.entity)
        unit = shown.attributes.get("unit_of_measurement") if shown else None
        one = converted(1.0, unit)
        factor = one[1] if one and one[0] == wish.setting.unit else 1.0
        data = {"entity_id": wish.setting.entity, "value": wish.value / factor}
        domain = wish.setting.entity.split(".")[0]
        calls.append({"domain": domain, "service": "set_value", "data": data})
    return replace(memory, overrides=overrides), calls


def done(load: Load, wishes: tuple[Wish, ...]) -> str:
    """The message for wishes that were granted: "Left car: minimum 8 A, maximum 16 A."."""
    parts = [f"{w.label} {w.value:g} {w.setting.unit}".strip() for w in wishes]
    return f"{load.name}: {', '.join(parts)}."


_SERVICES = {
    "select": ("select_option", "option"),
    "input_select": ("select_option", "option"),
    "input_text": ("set_value", "value"),
}
"""By the domain of an entity that can be written: the service, and what it calls the value."""


def written(setting: Setting, wanted: str, seen: Snapshot) -> dict[str, Any] | None:
    """The call that sets the setting's entity to `wanted`, in the spelling of its options.

    `None`: there is no such entity, or it can't be written, such as a sensor.
    """
    domain = (setting.entity or "").split(".")[0]
    if setting.entity is None or domain not in _SERVICES:
        return None
    service, key = _SERVICES[domain]
    state = seen.get(setting.entity)
    offered = (state.attributes.get("options") if state else None) or ()
    spelt = next((str(one) for one in offered if meaning(setting, one) == wanted), wanted)
    return {"domain": domain, "service": service, "data": {"entity_id": setting.entity, key: spelt}}
