"""Settings: what the form fixes and an entity or a service call may override."""

from __future__ import annotations

from ..site.model import Setting
from ..snapshot import EntityState
from .lookup import Sensing, converted, number


def resolve(at: Sensing, setting: Setting) -> float | str | None:
    """Value of a setting now: its entity's, or what stands in for it (and that is noted)."""
    if not setting.entity:
        return setting.value
    state = at.snapshot.get(setting.entity)
    value: float | str | None
    if setting.choices:
        value = _matching(setting, state.value) if state else None
    else:
        value = _in_range(setting, state)
    if value is not None:
        at.keep(setting.entity, value)
        return value
    shown = state.value if state else "not there"
    held = _fitting(setting, at.held_value(setting.entity))
    used = _without_entity(at, setting, setting.entity) if held is None else held
    text = "nothing" if used is None else f"{used} {setting.unit}".strip()
    at.miss("setting_missing", setting.entity, state=shown, used=text)
    return used


def _without_entity(at: Sensing, setting: Setting, entity: str) -> float | str | None:
    """What stands in for an entity that has given nothing for long.

    Its last good value or the form's: of limits the one that can do no harm, else the last good.
    """
    last = _fitting(setting, at.last_value(entity))
    if last is None or setting.value is None:
        return setting.value if last is None else last
    if setting.safer and isinstance(last, float) and isinstance(setting.value, (int, float)):
        return min(last, setting.value) if setting.safer == "low" else max(last, setting.value)
    return last


def _fitting(setting: Setting, value: float | str | None) -> float | str | None:
    """What is held of an entity, if this setting can have it: a form may have changed since."""
    fits = value in setting.choices if setting.choices else isinstance(value, float)
    return value if fits else None


def _matching(setting: Setting, text: str) -> str | None:
    wanted = text.strip().lower()
    wanted = setting.aliases.get(wanted, wanted)
    return next((choice for choice in setting.choices if choice.lower() == wanted), None)


def _in_range(setting: Setting, state: EntityState | None) -> float | None:
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
    """A choice: the wired entity's, else what a service call set, else the form's."""
    override = at.memory.overrides.get((owner, name))
    if not setting.entity and override and override.form == setting.value:
        return str(override.value)
    return str(resolve(at, setting))


def amount(at: Sensing, owner: str, name: str, setting: Setting) -> float:
    """A number: the wired entity's, else what a service call set, else the form's; 0 for none."""
    override = at.memory.overrides.get((owner, name))
    if not setting.entity and override and override.form == setting.value:
        return float(override.value)
    return float(resolve(at, setting) or 0.0)
