"""Remaps: a load is counted on other phases than its form says, if the form allows that."""

from __future__ import annotations

from collections.abc import Mapping

from ...memory.wiring import Remap, WiringMemory
from ...records import replace
from ...site.model import Load, Site
from .findings import rewired, wrong_legs
from .scores import REMAPPED


def applied(site: Site, remaps: Mapping[str, Remap]) -> Site:
    """`site` with remapped loads on the legs on which they were found."""
    legs = {key: remap.legs for key, remap in remaps.items() if in_force(site, key, remap)}
    return site.with_legs(legs) if legs else site


def in_force(site: Site, load_id: str, remap: Remap) -> bool:
    """Whether a remap counts: not if a person took it back, or the form has other legs since."""
    load = site.loads.get(load_id)
    if load is None or remap.undone or not load.allow_remap or load.legs != remap.was:
        return False
    return {phase for _, phase in remap.legs} <= set(site.phases)


def track_remaps(site: Site, memory: WiringMemory, form: Site, now: float) -> WiringMemory:
    """`memory` with new remaps of loads whose forms allow it, and without those that have ended.

    `site` has the legs on which loads are counted now, `form` those of the forms.
    """
    remaps = dict(memory.remaps)
    for key, remap in memory.remaps.items():
        if key in form.loads and not remap.undone and not in_force(form, key, remap):
            del remaps[key]  # the form has other legs now
        elif remap.undone and key in form.loads and form.loads[key].legs != remap.was:
            del remaps[key]
    for load in site.loads.values():
        if load.allow_remap and ("load", load.id) in memory.findings:
            new = _remapped(load, site, form, memory, remaps.get(load.id), now)
            if new is None:
                remaps.pop(load.id, None)
            else:
                remaps[load.id] = new
    return memory if remaps == dict(memory.remaps) else replace(memory, remaps=remaps)


def _remapped(
    load: Load,
    site: Site,
    form: Site,
    memory: WiringMemory,
    old: Remap | None,
    now: float,
) -> Remap | None:
    """The remap of a load on wrong phases; `None`: it is on the phases of its form again."""
    meters = [c for c in site.path(load.circuit) if ("meter", c) not in memory.findings]
    wrong = wrong_legs(load, site, memory.scores, meters, REMAPPED)
    if not wrong or (old is not None and old.undone):
        return old
    legs, was = rewired(load, site, wrong), form.loads[load.id].legs
    if legs == was:
        return None
    scores = memory.scores
    changes = max((scores[key].changes for key in scores if key[0] == load.id), default=0)
    return Remap(legs, was, now, changes)


def undone(memory: WiringMemory, load_id: str) -> WiringMemory:
    """`memory` with the remap of a load taken back, for as long as its form has the same legs.

    Its scores and its finding are dropped, so the evidence starts from nothing.
    """
    remap = memory.remaps.get(load_id)
    if remap is None:
        return memory
    return replace(
        memory,
        remaps={**memory.remaps, load_id: replace(remap, undone=True)},
        scores={k: score for k, score in memory.scores.items() if k[0] != load_id},
        findings={k: found for k, found in memory.findings.items() if k != ("load", load_id)},
    )
