"""Settings: a value of a form that an entity or a service call may override.

A wired entity always wins, then the last service call, then the form. Example: the form says a
limit of 25 A, and names `number.limit`. While that shows 20 A, the limit is 20 A. When it gives
nothing, 20 A hold for 60 s (`hold_s`); after that the safer of 20 A and 25 A: 20 A.
"""

from __future__ import annotations

from ..site.model import Setting
from ..site.words import key
from ..snapshot import EntityState
from .lookup import NO_VALUE, Sensing, converted
from .numbers import number


def resolve(at: Sensing, setting: Setting) -> float | str | None:
    """The value of a setting now; `None`: not known, or the form leaves it empty.

    It is that of its entity, else the last good value for 60 s, else the substitute of
    `_without_entity`. That an entity gives nothing is noted.
    """
    if not setting.entity:
        return setting.value
    state = at.snapshot.get(setting.entity)
    value: float | str | None
    if setting.choices:
        value = meaning(setting, state.value) if state else None
    else:
        value = _in_range(setting, state)
    if value is not None:
        at.keep(setting.entity, value)
        return value
    shown = state.value if state else "not there"
    held = _fitting(setting, at.held_value(setting.entity))
    used = _without_entity(at, setting, setting.entity) if held is None else held
    text = "nothing" if used is None else f"{used} {setting.unit}".strip()
    # A word that is none is answered with those that there are.
    words = {"words": ", ".join(setting.choices)} if setting.choices and _says(state) else {}
    at.miss("setting_missing", setting.entity, state=shown, used=text, **words)
    return used


def _says(state: EntityState | None) -> bool:
    """Whether an entity says something."""
    return state is not None and state.value.strip().lower() not in NO_VALUE


def _without_entity(at: Sensing, setting: Setting, entity: str) -> float | str | None:
    """The substitute for an entity that has given nothing for over 60 s.

    It is its last good value, or the form's if there is none. Of a limit (`Setting.safer`), the
    smaller or larger of the two, whichever can do no harm.
    """
    last = _fitting(setting, at.last_value(entity))
    if last is None or setting.value is None:
        return setting.value if last is None else last
    if setting.safer and isinstance(last, float) and isinstance(setting.value, (int, float)):
        return min(last, setting.value) if setting.safer == "low" else max(last, setting.value)
    return last


def _fitting(setting: Setting, value: float | str | None) -> float | str | None:
    """A remembered value, if this setting may have it; the form may have changed since."""
    fits = value in setting.choices if setting.choices else isinstance(value, float)
    return value if fits else None


def meaning(setting: Setting, text: object) -> str | None:
    """The choice that `text` means, by any word for it; `None`: none. YAML reads off as False."""
    word = key("off" if text is False else str(text))
    if word in setting.aliases:
        return setting.aliases[word]
    return next((choice for choice in setting.choices if key(choice) == word), None)


def _in_range(setting: Setting, state: EntityState | None) -> float | None:
    """The number of an entity in the setting's unit, if it is within its range; else `None`."""
    value = number(state.value) if state else None
    if state is None or value is None:
        return None
    unit = state.attributes.get("unit_of_measurement")
    if unit and setting.unit and unit != setting.unit:
        found = converted(value, unit)
        if found is None or found[0] != setting.unit:
            return None
        value = found[1]
    if setting.low is not None and value < setting.low:
        return None
    if setting.high is not None and value > setting.high:
        return None
    return value


def chosen(at: Sensing, owner: str, name: str, setting: Setting) -> str:
    """The value of a choice: the wired entity's, else that of a service call, else the form's.

    `owner` is a load id or "site", `name` that of the setting. What a service call set holds until
    the form's value changes.
    """
    if setting.entity:
        return str(resolve(at, setting))
    overrides = at.memory.overrides
    override = overrides.get((owner, name)) if overrides else None
    return str(override.value if override and override.form == setting.value else setting.value)


def amount(at: Sensing, owner: str, name: str, setting: Setting) -> float:
    """The value of a number, as `chosen`; 0 if there is none."""
    if setting.entity:
        return float(resolve(at, setting) or 0.0)
    overrides = at.memory.overrides
    override = overrides.get((owner, name)) if overrides else None
    if override and override.form == setting.value:
        return float(override.value)
    return float(setting.value or 0.0)
