"""Choices by service, as a mode: what is meant, and the call that writes it to its entity."""

from __future__ import annotations

from typing import Any

from .model import Setting
from .snapshot import Snapshot

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
