"""Settings: what the form fixes and an entity or a service call may override."""

from __future__ import annotations

from ..model import EntityState, Setting
from .lookup import UNITS, Sensing, number


def resolve(at: Sensing, setting: Setting) -> float | str | None:
    """Value of a setting now: its entity's, else the entity's last good one, else the form's."""
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
    held = at.held_value(setting.entity)
    used = setting.value if held is None else held
    text = "nothing" if used is None else f"{used} {setting.unit}".strip()
    at.miss("setting_missing", setting.entity, state=shown, used=text)
    return used


def _matching(setting: Setting, text: str) -> str | None:
    wanted = text.strip().lower()
    wanted = setting.aliases.get(wanted, wanted)
    return next((choice for choice in setting.choices if choice.lower() == wanted), None)


def _in_range(setting: Setting, state: EntityState | None) -> float | None:
    value = number(state.value) if state else None
    if state is None or value is None:
        return None
    unit = state.attributes.get("unit_of_measurement")
    if unit and setting.unit:
        kind, factor = UNITS.get(unit, ("", 0.0))
        if kind != setting.unit:
            return None
        value *= factor
    if setting.low is not None and value < setting.low:
        return None
    if setting.high is not None and value > setting.high:
        return None
    return value


def chosen(at: Sensing, owner: str, name: str, setting: Setting) -> str:
    """A choice: the wired entity's, else what a service call set, else the form's."""
    override = at.memory.overrides.get(f"{owner}.{name}")
    if not setting.entity and override and override.form == setting.value:
        return override.value
    return str(resolve(at, setting))
