"""Boosts by service, and mode entities that still say boost when the boost has ended."""

from __future__ import annotations

import math
from dataclasses import replace

from ..calls import MODE, ServiceCall
from ..measure.settings import meaning
from ..memory.memory import Memory, Override
from ..options import Options
from ..report import Report
from ..site.model import Load, Site
from ..site.modes import BOOST
from ..snapshot import Snapshot
from . import requests
from .release import Tries


def begun(memory: Memory, load: Load, length_min: float | None) -> Memory:
    """The memory with a boost that begins now, even if one is under way or has just ended.

    It lasts `length_min` minutes; `None`: as long as the form says. The mode in which the load ran
    last by its memory holds again after the boost.
    """
    of_load = memory.load(load.id)
    of_load = replace(of_load, chosen=of_load.chosen.without_boost())
    overrides = dict(memory.overrides)
    if length_min:
        overrides[load.id, "mode"] = Override(BOOST, str(load.mode.value), length_min * 60)
    return replace(memory, loads={**memory.loads, load.id: of_load}, overrides=overrides)


def without_minutes(memory: Memory, load: Load) -> Memory:
    """The memory without the length of a boost by service: the next one may be begun by hand."""
    key = (load.id, "mode")
    override = memory.overrides.get(key)
    if not (load.mode.entity and override and override.value == BOOST):
        return memory
    kept = {name: old for name, old in memory.overrides.items() if name != key}
    return replace(memory, overrides=kept)


class SettingBack:
    """Sets mode entities back to the mode before a boost that has ended.

    Each is set back once. A call that fails is made again, and an entity without a value is waited
    for.
    """

    def __init__(self, options: Options) -> None:
        """Start with nothing to set back."""
        self.options = options
        self._tries: dict[str, Tries] = {}

    def forget(self, load_id: str) -> None:
        """Note that a new boost of this load begins."""
        self._tries.pop(load_id, None)

    def calls(
        self, site: Site, memory: Memory, report: Report, seen: Snapshot
    ) -> tuple[ServiceCall, ...]:
        """The calls to make after a run with this `report` and `memory`; `seen` are its states."""
        over = {
            load.id
            for load in site.loads.values()
            if load.mode.entity
            and memory.load(load.id).chosen.boost_at is not None
            and report.loads[load.id].mode != BOOST
        }
        tries = {load: self._tries.get(load, Tries()) for load in sorted(over)}
        calls = []
        for load_id, tried in tries.items():
            setting, mode = site.loads[load_id].mode, report.loads[load_id].mode
            shown = seen.get(setting.entity or "")
            says_boost = shown is not None and meaning(setting, shown.value) == BOOST
            if not (says_boost and tried.due(report.at, self.options)):
                continue
            call = requests.written(setting, mode, seen) if mode in setting.choices else None
            tries[load_id] = replace(tried, due_at=math.inf)
            if call:
                calls.append(ServiceCall(load_id, **call, slot=MODE))
        self._tries = tries
        return tuple(calls)

    def failed(self, call: ServiceCall, now: float) -> bool:
        """Note that a call failed; answers whether it is the first in a row for its load."""
        tried = self._tries.get(call.load_id, Tries())
        self._tries[call.load_id] = tried.failed(now, self.options)
        return tried.failures == 0
