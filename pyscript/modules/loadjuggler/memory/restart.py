"""What of the memory counts after a restart: settings and commands do, readings do not.

No command goes out before all meters above a load have been read once since the start. So the last
good values of meters, sun and battery are dropped here, or they would stand in for the missing
readings for `Options.hold_s` (docs/product.md section 6).

Example, with a restart from 18:00:00 to 18:00:40:

```
                       before                  after `woken`
    car                told 10 A at 17:59      kept: the charger still holds it
    input_number.max   16 A at 17:59           kept, if the form still allows 16 A
    sensor.grid_a      21 A at 17:59:59        dropped: the meter must report first
    peaks, smoothing   of the last 15 min      dropped
    wiring             scores and remaps       kept; changes under way are dropped
    switch.boiler      on at 17:59:59          kept; if it is off now, nobody did that by hand
```
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from ..records import replace
from ..site.model import MAIN, Setting, Site
from ..site.modes import BOOST
from .memory import Held, Memory


def woken(memory: Memory, site: Site | None) -> Memory:
    """`memory` for the first run after a restart: without readings of meters, sun and battery.

    Held values that an entity of `site` can't have given are dropped as well: a form, or the file,
    was changed while Home Assistant was off.
    """
    unheard = set(site.sources()) if site else set()
    for circuit in site.circuits.values() if site else ():
        unheard.update(entity for _, entity in (circuit.meter.entities if circuit.meter else ()))
    for setting in _settings(site):
        held = memory.held.get(setting.entity or "")
        if held is not None and not _can_say(setting, held):
            unheard.add(setting.entity or "")
    kept = {key: value for key, value in memory.held.items() if key not in unheard}
    return replace(
        memory,
        held=kept,
        peaks={},
        silent={},
        sun={},
        smooth_raise=None,
        smooth_cut=None,
        wiring=memory.wiring.lasting(),
        woke_at=None,
    )


def without_strangers(
    memory: Memory, ids: Collection[str], departed: Collection[str] = ()
) -> Memory:
    """`memory` without loads and settings whose ids are not in `ids`.

    Otherwise another load that gets the same id later would inherit them. Of loads that are
    `departed` (deleted lately) what was taken and told is kept, and what a person chose for a time;
    not their wiring, because a charger that is made anew under the same name may be another one.
    """
    wiring = memory.wiring.without_strangers(frozenset(ids) | {MAIN})
    if departed:
        memory = replace(
            memory,
            overrides={
                key: override
                for key, override in memory.overrides.items()
                if key[0] not in departed or key[0] in ids or override.value == BOOST
            },
        )
        ids = {*ids, *departed}
    owners = {owner for owner, _ in memory.overrides}
    loads = memory.loads.keys() | memory.tallies.keys() | memory.history.keys()
    known = loads <= set(ids) and owners <= {*ids, "site"}
    if known and wiring is memory.wiring:
        return memory
    return replace(
        memory,
        loads={key: load for key, load in memory.loads.items() if key in ids},
        tallies={key: tally for key, tally in memory.tallies.items() if key in ids},
        overrides={
            key: override
            for key, override in memory.overrides.items()
            if key[0] in ids or key[0] == "site"
        },
        wiring=wiring,
        history={key: kept for key, kept in memory.history.items() if key in ids},
    )


def taken_over(memory: Memory, heirs: Mapping[str, str]) -> Memory:
    """`memory` in which the loads `heirs` (new ids by old ones) have what those before them had."""

    def named(of: Mapping[str, Any]) -> dict[str, Any]:
        return {heirs.get(key, key): item for key, item in of.items()}

    if not heirs:
        return memory
    overrides = memory.overrides.items()
    return replace(
        memory,
        loads={
            key: load.resting() if key in heirs.values() else load
            for key, load in named(memory.loads).items()
        },
        tallies=named(memory.tallies),
        history=named(memory.history),
        overrides={(heirs.get(key[0], key[0]), key[1]): override for key, override in overrides},
    )


def _settings(wired: Any) -> Iterator[Setting]:
    """Every setting in a site, or in a part of one, found by the types of its fields."""
    if isinstance(wired, Setting):
        yield wired
    elif isinstance(wired, Mapping):
        for part in wired.values():
            yield from _settings(part)
    elif is_dataclass(wired):
        for item in fields(wired):
            yield from _settings(getattr(wired, item.name))


def _can_say(setting: Setting, held: Held) -> bool:
    """Whether a held value is within the range, or among the choices, of its setting."""
    if setting.choices:
        return held.value in setting.choices
    if not isinstance(held.value, float):
        return False
    low = setting.low is None or held.value >= setting.low
    return low and (setting.high is None or held.value <= setting.high)
