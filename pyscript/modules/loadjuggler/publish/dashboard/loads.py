"""The section of one load: its mode, its buttons, its current, and its reason.

What is pressed stands first: its place does not change when a sentence below it grows.
"""

from __future__ import annotations

from collections.abc import Iterable

from ...loads.kinds import KINDS_OF_LOADS
from ...site.model import Load
from ...site.modes import BOOST
from ..entity import CHECK, PREFIX
from .cards import (
    Card,
    action,
    button,
    chips,
    heading,
    markdown,
    only_while,
    safe,
    sized,
    tile,
    units,
)
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


DO_BOOST = "pyscript.loadjuggler_boost"


DO_CHECK = "pyscript.loadjuggler_check_wiring"


BOOSTS_MIN = (30, 60, 120)
"""The lengths of a boost for which there are buttons, min."""


SAID_ROWS = 2
"""The height of what is said of a load: five lines on a phone. It is fixed, so that the buttons of
the loads below stay where they are while a sentence grows; a longer one is scrolled."""


def of(load: Load, looks: Looks) -> Iterable[Card]:
    """The cards of a load."""
    base = f"{PREFIX}_{load.id}"
    told = _allowance(load, base, looks)
    wide = "features" in told  # a bar takes the whole width
    yield heading(load.name, KINDS_OF_LOADS[load.kind.name].look.heading, small=False)
    yield from _mode(load, base, looks)
    if looks.has(f"{base}_allocated_current"):
        yield sized(told, "full" if wide else 6)
    if looks.has(f"{base}_status"):
        icon = "mdi:information-outline"
        status = tile(f"{base}_status", looks.word("status"), icon, state_content=["text"])
        yield sized(status, "full" if wide else 6)
    said = []
    if looks.has(f"{base}_reason"):
        said.append(looks.attribute(f"{base}_reason", "text"))
    if looks.has(f"{base}_power"):
        said.append(_taken(base, looks))
    yield sized(markdown("<br>".join(said), bare=True), "full", SAID_ROWS)
    if load.kind.checkable:
        yield sized(markdown(_checked(load), bare=True, empty=False), "full")


def _allowance(load: Load, base: str, looks: Looks) -> Card:
    """A tile of the current that it is told, in A per leg; of a charger with its maximum."""
    entity, name, icon = f"{base}_allocated_current", looks.word("told"), "mdi:current-ac"
    most = load.max_a.value
    if not isinstance(most, (int, float)):
        return tile(entity, name, icon)
    return looks.amount(entity, name, most, icon)


def _mode(load: Load, base: str, looks: Looks) -> Iterable[Card]:
    """The choice of its mode, and its other buttons.

    A mode that a sensor sets can't be changed here.
    """
    entity, shown = load.mode.entity, f"{base}_mode"
    domain = entity.split(".")[0] if entity else None
    if not looks.has(shown):
        return
    if entity and domain in SELECTS:
        yield looks.select(entity, looks.word("mode"), MODE)
    elif domain == "sensor":
        yield sized(tile(shown, looks.word("mode"), MODE, state_content=["text"]), "full")
    else:
        for mode in load.mode.choices:
            if mode in MODE_ICONS:
                yield from _mode_button(load, shown, mode, looks)
    more = list(_more(load, looks, boost=domain != "sensor" and BOOST in load.mode.choices))
    if more:
        yield sized(chips(shown, more), "full")


def _more(load: Load, looks: Looks, *, boost: bool) -> Iterable[tuple[str, str, Card]]:
    """Buttons beside the mode: (name, icon, action) of each."""
    for minutes in BOOSTS_MIN if boost else ():
        name = looks.word("boost" if minutes == BOOSTS_MIN[0] else "boost_more", minutes=minutes)
        press = action(DO_BOOST, {"load": load.id, "minutes": minutes})
        yield name, "mdi:rocket-launch", press
    if load.kind.checkable:
        ask = looks.word("check_text", name=load.name)
        yield looks.word("check"), "mdi:connection", action(DO_CHECK, {"load": load.id}, ask)


def _mode_button(load: Load, shown: str, mode: str, looks: Looks) -> Iterable[Card]:
    """The button of a mode: one for while it is set, which is marked, and one for all other times.

    The two take the same place, so nothing moves when a mode is chosen.
    """
    press = action(SET_MODE, {"load": load.id, "mode": mode})
    name = looks.mode(mode)
    marked = button(shown, name, "mdi:check-circle", press)
    plain = {**button(shown, name, MODE_ICONS[mode], press), "color": "disabled"}
    yield sized(only_while(marked, shown, state=mode), 6)
    yield sized(only_while(plain, shown, state_not=mode), 6)


def _taken(base: str, looks: Looks) -> str:
    """A template: what it takes now, what it has taken today, how much of that the sun gave."""
    text = looks.word("takes", power=looks.state(f"{base}_power"))
    for word, name in (("energy_today", "energy"), ("of_sun", "share")):
        entity = f"{base}_{'solar_share' if name == 'share' else name}_today"
        if looks.has(entity):
            more = looks.word(word, **{name: looks.state(entity)})
            text += f"{{% if states('{entity}') | is_number %}}{more}{{% endif %}}"
    return f"{text}."


def _checked(load: Load) -> str:
    """A template: what the last check of its wiring has shown; nothing if it was of another."""
    text = units(safe(f"state_attr('{CHECK}', 'text')"))
    return f"{{% if is_state_attr('{CHECK}', 'load', '{load.id}') %}}{text}{{% endif %}}"
