"""The section of one load: its current, its reason, its mode, and its buttons."""

from __future__ import annotations

from collections.abc import Iterable

from ...loads.kinds import KINDS_OF_LOADS
from ...site.model import Load
from ...site.modes import BOOST
from ..entity import PREFIX
from .cards import Card, action, badge, button, chips, heading, markdown, sized, tile
from .looks import SELECTS, Looks

MODE_ICONS = {
    "standard": "mdi:lightning-bolt",
    "continuous": "mdi:infinity",
    "solar_priority": "mdi:weather-partly-cloudy",
    "solar_only": "mdi:white-balance-sunny",
    "excess": "mdi:transmission-tower-export",
    "off": "mdi:power",
}


MODE = "mdi:tune-variant"


SET_MODE = "pyscript.loadjuggler_set_mode"


CHECK = "pyscript.loadjuggler_check_wiring"


def of(load: Load, looks: Looks) -> Iterable[Card]:
    """The cards of a load."""
    base = f"{PREFIX}_{load.id}"
    told = _allowance(load, base, looks)
    # A bar takes the whole width, and the status then stands above it.
    wide = "features" in told
    badges = [badge(f"{base}_status", "text")] if wide and looks.has(f"{base}_status") else []
    ends = ("power", "energy_today", "solar_share_today")
    badges += [badge(f"{base}_{end}") for end in ends if looks.has(f"{base}_{end}")]
    yield heading(load.name, KINDS_OF_LOADS[load.kind.name].look.heading, badges, small=False)
    if looks.has(f"{base}_reason"):
        yield sized(markdown(looks.attribute(f"{base}_reason", "text"), bare=True), "full")
    if looks.has(f"{base}_allocated_current"):
        yield sized(told, "full" if wide else 6)
    if looks.has(f"{base}_status") and not wide:
        icon = "mdi:information-outline"
        status = tile(f"{base}_status", looks.word("status"), icon, state_content=["text"])
        yield sized(status, 6)
    yield from _mode(load, looks)


def _allowance(load: Load, base: str, looks: Looks) -> Card:
    """A tile of the current that it is told, in A per leg; of a charger with its maximum."""
    entity, name, icon = f"{base}_allocated_current", looks.word("told"), "mdi:current-ac"
    most = load.max_a.value
    if not isinstance(most, (int, float)):
        return tile(entity, name, icon)
    return looks.amount(entity, name, most, icon)


def _mode(load: Load, looks: Looks) -> Iterable[Card]:
    """The choice of its mode, and its other buttons.

    A mode that a sensor sets can't be changed here.
    """
    entity, status = load.mode.entity, f"{PREFIX}_{load.id}_status"
    domain = entity.split(".")[0] if entity else None
    if not looks.has(status):
        return
    more = list(_more(load, looks, boost=domain != "sensor"))
    if entity and domain in SELECTS:
        yield looks.select(entity, looks.word("mode"), MODE)
    elif domain == "sensor":
        yield sized(tile(status, looks.word("mode"), MODE, state_content=["mode_text"]), "full")
    else:
        buttons = [
            (looks.mode(mode), MODE_ICONS[mode], _set(load, mode))
            for mode in load.mode.choices
            if mode in MODE_ICONS
        ]
        shown = ("mode_text", looks.word("mode"), MODE)
        yield sized(chips(status, shown, [*buttons, *more]), "full")
        return
    yield from (sized(button(status, *one), 6) for one in more)


def _more(load: Load, looks: Looks, *, boost: bool) -> Iterable[tuple[str, str, Card]]:
    """Buttons beside the mode: (name, icon, action) of each."""
    if boost and BOOST in load.mode.choices:
        yield looks.word("boost"), "mdi:rocket-launch", _set(load, BOOST)
    if load.kind.checkable:
        ask = looks.word("check_text", name=load.name)
        yield looks.word("check"), "mdi:connection", action(CHECK, {"load": load.id}, ask)


def _set(load: Load, mode: str) -> Card:
    return action(SET_MODE, {"load": load.id, "mode": mode})
