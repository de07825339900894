"""What a memory is worth after a restart: settings and commands stay, meters must be seen anew.

Source: docs/product.md section 6. No command goes out before the meters above a load have been
read once since the start, and a value of before the restart does not stand in for them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from ..records import replace
from ..site.model import MAIN, Setting, Site
from .memory import Held, Memory


def woken(memory: Memory, site: Site | None) -> Memory:
    """`memory` as the first run after a restart needs it: without what meters and sources said.

    And without values that no entity of the site can have said: a form, or the file, was changed
    in between.
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


def without_strangers(memory: Memory, ids: Collection[str]) -> Memory:
    """`memory` without loads and settings of nodes that are not in `ids`.

    An id that nobody has any more may be given to another load.
    """
    owners = {owner for owner, _ in memory.overrides}
    wiring = memory.wiring.without_strangers(frozenset(ids) | {MAIN})
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


def _settings(wired: Any) -> Iterator[Setting]:
    """Every setting in a site, or in a part of it."""
    if isinstance(wired, Setting):
        yield wired
    elif isinstance(wired, Mapping):
        for part in wired.values():
            yield from _settings(part)
    elif is_dataclass(wired):
        for item in fields(wired):
            yield from _settings(getattr(wired, item.name))


def _can_say(setting: Setting, held: Held) -> bool:
    """Whether the entity of a setting can have said what is held of it."""
    if setting.choices:
        return held.value in setting.choices
    if not isinstance(held.value, float):
        return False
    low = setting.low is None or held.value >= setting.low
    return low and (setting.high is None or held.value <= setting.high)
