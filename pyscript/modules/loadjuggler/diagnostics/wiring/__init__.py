"""Finds wrong phases and inverted meters, by comparing changes of loads with the meters above them.

```
    load's reports ──▶ changes   a step between two levels, with its time
    meter readings ──▶ trail     the last 90 s of each meter; what it moved by at that time
                       judge     which phases moved with the load, and which way: a verdict
                       scores    verdicts add up to weights by leg and phase
                       findings  enough weight: a wrong phase, an inverted meter
                       remap     if the form allows it, the load is counted on other phases
    check                        the same on demand, with steps that we make ourselves
    trial                        one step of our own, where the meter lacks what chargers draw
```

Example: the form says that L1 of a car is on phase A. It is cut by 6 A, and the meter falls by 6 A
on phase B, while A and C stay. That is 1.2 points for L1 on B. After five such changes (6 points)
people are told; after 13 (15 points) the car is counted on B, if its form allows that.

Nothing is changed silently: each finding is told. Why so many conditions: docs/decisions/0020.
"""

from __future__ import annotations

from ...measure.readings import Readings
from ...memory.memory import Memory
from ...memory.wiring import NO_TRIAL, DrawChange, Plateau, Score, WiringMemory
from ...records import replace
from ...site.model import MAIN, Site
from .changes import TAKES_S, track_loads
from .check import Danger, begun, capped, held, track_check
from .findings import findings
from .judge import Verdict, changed_legs, judge, tolerance_a
from .remap import applied, in_force, track_remaps, undone
from .scores import added, signed, tells_legs
from .sight import sighted, track_battery
from .signs import shown_least, still_wired
from .trail import LATE_S, moves, steady, track_meters
from .trial import lowered, track_trial

__all__ = [
    "Danger",
    "applied",
    "begun",
    "capped",
    "held",
    "in_force",
    "lowered",
    "track",
    "track_check",
    "track_trial",
    "undone",
]


GIVEN_UP_S = 60.0
"""A change that no meter could be compared with for this long is dropped."""


BESIDE_S = 2.0
"""Two loads whose changes are no further apart than this have changed at the same time."""


def track(site: Site, readings: Readings, memory: Memory, form: Site) -> Memory:
    """The memory with what the readings of this run show of the wiring.

    `site` has the legs on which loads are counted now, `form` those of the forms.
    """
    old = _same_wiring(form, memory.wiring)
    trails = track_meters(site, readings, old.trails)
    loads, completed = track_loads(site, readings, old.loads)
    wiring = old
    least_a = shown_least(site, readings, old.least_a)
    if trails is not old.trails or loads is not old.loads or least_a is not old.least_a:
        wiring = replace(old, trails=trails, loads=loads, least_a=least_a)
    battery = track_battery(site, readings, old.battery)
    if battery is not old.battery:
        wiring = replace(wiring, battery=battery)
    changes = (*old.changes, *completed)
    if changes:
        wiring = _judged(site, readings, wiring, changes)
    learned = wiring.scores is not old.scores or wiring.signs is not old.signs
    learned = learned or wiring.unseen is not old.unseen
    if learned or (wiring.findings and least_a is not old.least_a):
        wiring = replace(wiring, findings=findings(site, form, wiring, readings.at))
    if wiring.findings or wiring.remaps:
        wiring = _with_remaps(site, wiring, form, readings.at)
    return memory if wiring is memory.wiring else replace(memory, wiring=wiring)


def _same_wiring(form: Site, wiring: WiringMemory) -> WiringMemory:
    """`wiring` without the evidence of meters and chargers that have been replaced since."""
    marks = form.marks()
    if wiring.wired == marks:
        return wiring
    other = {key for key, mark in marks.items() if wiring.wired.get(key, mark) != mark}
    below = {load.id for c in other & form.circuits.keys() for load in form.below(c)} | other
    return replace(
        wiring,
        wired=dict(marks),
        least_a=still_wired(form, wiring.least_a),
        trails={key: trail for key, trail in wiring.trails.items() if key not in other},
        loads={key: plateau for key, plateau in wiring.loads.items() if key not in other},
        changes=tuple(change for change in wiring.changes if change.load not in below),
        scores={k: score for k, score in wiring.scores.items() if not other & set(k)},
        unseen={k: weight for k, weight in wiring.unseen.items() if k not in below},
        signs={key: signs for key, signs in wiring.signs.items() if key[0] not in other},
        remaps={k: remap for k, remap in wiring.remaps.items() if remap.undone or k not in below},
        findings={k: f for k, f in wiring.findings.items() if k[1] not in below},
        trial=NO_TRIAL,
    )


def _with_remaps(site: Site, wiring: WiringMemory, form: Site, now: float) -> WiringMemory:
    """`wiring` with remaps made and ended, and with the findings that are left after that."""
    remapped = track_remaps(site, wiring, form, now)
    counted = site if remapped is wiring else applied(form, remapped.remaps)
    found = findings(counted, form, remapped, now)
    return remapped if found is remapped.findings else replace(remapped, findings=found)


def _judged(
    site: Site, readings: Readings, wiring: WiringMemory, changes: tuple[DrawChange, ...]
) -> WiringMemory:
    """`wiring` with `changes` compared with the meters; those that still need readings stay."""
    waiting, now = [], readings.at
    for change in changes:
        load = site.loads.get(change.load)
        if load is None or changed_legs(change.amps) is None:
            continue
        left = [c for c in site.path(load.circuit) if c not in change.judged]
        judged = []
        for circuit in left:
            wiring, done = _compared(site, readings, wiring, change, circuit)
            judged += [circuit] if done else []
        if len(judged) < len(left) and now - change.until < GIVEN_UP_S:
            waiting.append(replace(change, judged=(*change.judged, *judged)))
    return replace(wiring, changes=tuple(waiting))


def _compared(
    site: Site, readings: Readings, wiring: WiringMemory, change: DrawChange, circuit: str
) -> tuple[WiringMemory, bool]:
    """One change compared with one meter: (`wiring` after that, whether it is done).

    It is not done while readings after the change are missing, or another load behind the meter
    was told to change and has not reported.
    """
    load, found, now = site.loads[change.load], changed_legs(change.amps), readings.at
    if circuit not in wiring.trails or found is None:
        return wiring, circuit not in wiring.trails
    within_a = tolerance_a(found[1])
    bound = _same_until(wiring.loads.get(load.id), change)
    seen = moves(wiring.trails[circuit], change, bound, within_a, now)
    beside = _beside(site, wiring, change, circuit, now)
    if seen is None or bound <= change.until or "changed" in beside:
        return wiring, True
    if not seen or "told" in beside:
        return wiring, False
    verdict = judge(change.amps, seen[0], site.phases)
    if verdict is None:
        return wiring, True
    if not verdict.phases:
        others = [judge(change.amps, move, site.phases) for move in seen[1:]]
        verdict = next((one for one in others if one and one.phases), verdict)
    if not verdict.phases and now - change.until < LATE_S:
        return wiring, False
    if not verdict.phases and not (change.sure and steady(change)):
        return wiring, True  # it may have happened earlier than reported, or the meter is late
    if circuit == MAIN:
        unseen = sighted(site, readings, wiring, change, verdict)
        wiring = wiring if unseen is wiring.unseen else replace(wiring, unseen=unseen)
    key = (load.id, circuit)
    scores = wiring.scores
    if tells_legs(load, site.phases):
        scores = {**scores, key: added(scores.get(key, Score()), verdict, load, site.phases)}
    signs = wiring.signs
    if not _like_a_battery(verdict):
        signs = signed(signs, circuit, verdict)
    return replace(wiring, scores=scores, signs=signs), True


def _like_a_battery(verdict: Verdict) -> bool:
    """Whether a single-phase battery would show the same as a clamp that is turned round.

    A car takes 8 A more on A and on B, and a battery gives 16 A on B: the meter shows +8 and -8 A.
    The form may not even name that battery, so such a verdict says nothing of signs.
    """
    signs = {sign for _, sign in verdict.phases}
    return len(verdict.legs) == 2 and len(signs) == 2


def _same_until(plateau: Plateau | None, change: DrawChange) -> float:
    """Until when (epoch s) a load surely stayed on the level that it changed to."""
    if plateau is None or plateau.changed_at != change.until:
        return change.until  # it has changed again since
    ends = [at for at in plateau.told if at > change.until]
    ends += [] if plateau.new is None else [plateau.base_at]
    return min(ends, default=float("inf"))


def _beside(
    site: Site, wiring: WiringMemory, change: DrawChange, circuit: str, now: float
) -> set[str]:
    """What other loads behind the meter did at the same time: "changed", or were "told" to change.

    A load that was told to change may have done so or not, until it reports.
    """
    since, found = change.since - BESIDE_S, set()
    for load in site.below(circuit):
        plateau = wiring.loads.get(load.id)
        if load.id == change.load or plateau is None:
            continue
        if any(since <= at <= now for at in _changed_at(plateau)):
            found.add("changed")
        if any(at > max(plateau.base_at, since - TAKES_S) for at in plateau.told):
            found.add("told")
    return found


def _changed_at(plateau: Plateau) -> list[float]:
    """When a load changed last, and when a change began that is not complete yet (epoch s)."""
    changed = [] if plateau.changed_at is None else [plateau.changed_at]
    return changed if plateau.new is None else [*changed, plateau.new_at]
