"""What people ask of a load by service: a pause, an order, limits. Checked, and put into words.

An entity that is wired for a setting always wins, so it is written; else what was asked is
remembered until the form's own value changes (docs/product.md section 7).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..measure.lookup import converted, number
from ..memory.memory import Memory, Override
from ..site.model import Load, Setting
from ..snapshot import Snapshot
from ..texts.wording import bounded_text

MOST_MINUTES = 1440


ECHO_LENGTH = 60
"""So much is told of what somebody asked for that can't be understood."""


PAUSE_MIN = 60.0
"""A pause lasts so long unless told otherwise, as a boost does."""


_SETTERS = ("number", "input_number")


class NotPossible(ValueError):
    """What was asked can't be done; says why, in the words of who asked."""


@dataclass(frozen=True, slots=True)
class Wish:
    """An amount that is asked for: the setting's name in the memory, what people call it, both."""

    name: str
    label: str
    setting: Setting
    value: float


def echoed(asked: Any) -> str:
    """What was asked for, short enough for a sentence."""
    return bounded_text(str(asked), ECHO_LENGTH)


def minutes(asked: Any, default: float) -> float:
    """How many minutes are asked for; raises NotPossible for what is no such number."""
    if asked is None:
        return default
    length = number(asked)
    if not length or not 0 < length <= MOST_MINUTES:
        allowed = f"more than 0 and at most {MOST_MINUTES} minutes are"
        raise NotPossible(f"'{echoed(asked)}' is no duration: {allowed}.")
    return length


def paused(memory: Memory, load: Load, length_min: float, now: float) -> Memory:
    """The memory of a pause of a load that begins now."""
    if load.essential:
        raise NotPossible(f"{load.name} is essential: it is always served, and never paused.")
    of_load = memory.load(load.id)
    of_load = replace(of_load, chosen=of_load.chosen.paused(now, length_min * 60.0))
    return replace(memory, loads={**memory.loads, load.id: of_load})


def unpaused(memory: Memory, load: Load) -> Memory:
    """The memory without a pause of this load."""
    of_load = memory.load(load.id)
    of_load = replace(of_load, chosen=of_load.chosen.resumed())
    return replace(memory, loads={**memory.loads, load.id: of_load})


def priority(load: Load, asked: Any) -> Wish:
    """The order that is asked for."""
    return _wish(load, "priority", "priority", load.priority, asked)


def limits(load: Load, min_a: Any, max_a: Any, now_a: Mapping[str, float]) -> tuple[Wish, ...]:
    """The limits that are asked for, A per leg; `now_a` are those that hold (`min_a`, `max_a`)."""
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
    wishes = tuple(_wish(load, *one) for one in given if one[-1] is not None)
    then = dict(now_a) | {wish.name: wish.value for wish in wishes}
    if then["min_a"] > then["max_a"]:
        raise NotPossible(
            f"{load.name}: its minimum of {then['min_a']:g} A would be above its maximum of "
            f"{then['max_a']:g} A."
        )
    return wishes


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
    """The memory with what is asked for, and the calls that write it to entities."""
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
    """What has been set, in words."""
    parts = [f"{w.label} {w.value:g} {w.setting.unit}".strip() for w in wishes]
    return f"{load.name}: {', '.join(parts)}."


_SERVICES = {
    "select": ("select_option", "option"),
    "input_select": ("select_option", "option"),
    "input_text": ("set_value", "value"),
}
"""By the domain of an entity that can be written: the service, and what it calls the value."""


def understood(setting: Setting, value: Any) -> str | None:
    """The choice that `value` means; `None`: it is none of this setting."""
    wanted = str(value).strip().lower()
    wanted = "off" if wanted == "false" else wanted  # YAML reads off as False
    wanted = setting.aliases.get(wanted, wanted)
    return wanted if wanted in setting.choices else None


def means(setting: Setting, offered: str, wanted: str) -> bool:
    """Whether what an entity offers means `wanted`, in its own spelling or by an old name."""
    plain = offered.strip().lower()
    return wanted in (plain, setting.aliases.get(plain))


def written(setting: Setting, wanted: str, seen: Snapshot) -> dict[str, Any] | None:
    """The call that makes the setting's entity say `wanted`, as it spells that.

    `None`: there is no such entity, or it can't be written.
    """
    domain = (setting.entity or "").split(".")[0]
    if setting.entity is None or domain not in _SERVICES:
        return None
    service, key = _SERVICES[domain]
    state = seen.get(setting.entity)
    offered = (state.attributes.get("options") if state else None) or ()
    spelt = next((str(one) for one in offered if means(setting, str(one), wanted)), wanted)
    return {"domain": domain, "service": service, "data": {"entity_id": setting.entity, key: spelt}}
