"""Findings from the evidence: a load on other phases than its form says, or a wrong meter.

```
    the form says L1 on A           garage meter   main meter    finding
    all meters see it on B              B              B         the load is on B
    the garage meter alone does         B              A         the garage meter has A and B
    exchanged both cars in the garage do        B and B          -         the garage meter has A
    and B exchanged the main meter moves, the garage's never           A         the load is not
    behind that breaker a phase of a meter moves against the draw                    the clamp or
    the meter is inverted
```
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...memory.wiring import Finding, Key, Score, WiringMemory
from ...site.model import MAIN, Legs, Load, Site
from ...units import LEGS
from .scores import BELIEVED, KEPT, against, concluded, elsewhere, expected
from .sight import not_seen
from .signs import without_sign

ENOUGH = 5
"""A phase with this many signs counts when it is decided whether one clamp or the meter is
inverted."""


def findings(site: Site, form: Site, memory: WiringMemory, now: float) -> Mapping[Key, Finding]:
    """The mistakes that the evidence shows, by what they are about.

    A finding that is known already keeps its numbers, so its sentence does not change. `site` has
    the legs on which loads are counted now, `form` those of the forms.
    """
    crossed = dict(_crossed_meters(form, memory.scores))
    found: dict[Key, tuple[str, dict[str, float | str]]] = {}
    for circuit, exchanged in crossed.items():
        found["meter", circuit] = ("meter_crossed", {"circuit": circuit, **exchanged})
    for load in site.loads.values():
        meters = [c for c in site.path(load.circuit) if c not in crossed]
        least = KEPT if ("load", load.id) in memory.findings else BELIEVED
        wrong = wrong_legs(load, site, memory.scores, meters, least)
        if wrong:
            found["load", load.id] = ("wrong_phase", _words(load, site, wrong, memory.scores))
    for circuit in site.circuits:
        for load_id in _not_behind(site, circuit, memory.scores):
            found["place", load_id] = ("not_behind", {"circuit": circuit})
        turned = against(memory.signs, circuit, site.phases)
        if turned:
            found["sign", circuit] = _turned(site, memory, circuit, turned)
        elif held := _still_unsigned(site, memory, circuit):
            found["sign", circuit] = (held.code, {**held.numbers, "circuit": circuit})
    for load_id in not_seen(site, memory):
        found["sight", load_id] = ("not_seen", {"circuit": MAIN, "form": MAIN})
    kept = {}
    for key, (code, numbers) in found.items():
        old = memory.findings.get(key)
        same = old is not None and old.code == code and _texts(old.numbers) == _texts(numbers)
        whole = old is not None and old.numbers.keys() == numbers.keys()
        kept[key] = old if old is not None and same and whole else Finding(code, numbers, now)
    return memory.findings if kept == dict(memory.findings) else kept


def _texts(numbers: Mapping[str, float | str]) -> dict[str, str]:
    """The text values of a finding; its other numbers are only how often it was seen."""
    return {key: value for key, value in numbers.items() if isinstance(value, str)}


def wrong_legs(
    load: Load,
    site: Site,
    scores: Mapping[Key, Score],
    meters: list[str],
    least: float = BELIEVED,
) -> dict[str, str]:
    """Legs on another phase than wired, where all `meters` with evidence agree: leg -> phase."""
    wired = expected(load, site.phases)
    found: dict[str, str] = {}
    for circuit in meters:
        score = scores.get((load.id, circuit))
        for leg, phase in concluded(score, least).items() if score else ():
            if phase in site.phases and found.setdefault(leg, phase) != phase:
                return {}  # the meters contradict each other, so it is a meter's mistake
    if len(set(found.values())) < len(found):
        return {}  # two legs on one phase: the wiring was changed in between
    return {leg: phase for leg, phase in found.items() if wired.get(leg) not in (None, phase)}


def rewired(load: Load, site: Site, wrong: Mapping[str, str]) -> Legs:
    """Legs of `load` with the `wrong` ones exchanged, so that no phase is used twice."""
    legs = expected(load, site.phases)
    for leg, phase in wrong.items():
        other = next((name for name, wired in legs.items() if wired == phase), None)
        if other is not None:
            legs[other] = legs[leg]
        legs[leg] = phase
    wired = dict(load.legs)
    return tuple((leg, legs[leg]) for leg in LEGS if leg in wired)


def _crossed_meters(
    site: Site, scores: Mapping[Key, Score]
) -> Iterator[tuple[str, dict[str, str]]]:
    """Meters with exchanged phases: (circuit, a phase and the one that it really is)."""
    for circuit in site.circuits:
        told = dict(_seen_by_load(site, circuit, scores))
        seen: dict[str, set[str]] = {}
        for moved in told.values():
            for phase, moves in moved.items():
                seen.setdefault(phase, set()).add(moves)
        wrong = sorted((p, *moves) for p, moves in seen.items() if moves != {p})
        if not wrong or any(len(one) > 2 for one in wrong) or not _exchange(seen):
            continue
        odd = [load for load, moved in told.items() if any(p != q for p, q in moved.items())]
        elsewhere = any(_right_elsewhere(site, load, circuit, scores) for load in odd)
        if elsewhere or len(odd) == len(told) > 1:
            phase, moves = wrong[0]
            yield circuit, {"phase": phase, "to_phase": moves}


def _seen_by_load(
    site: Site, circuit: str, scores: Mapping[Key, Score]
) -> Iterator[tuple[str, dict[str, str]]]:
    """For each load behind a meter: the phase that moves, by the phase that should move."""
    for load in site.below(circuit):
        score = scores.get((load.id, circuit))
        wired = expected(load, site.phases)
        known = concluded(score) if score else {}
        told = {wired[leg]: phase for leg, phase in known.items() if leg in wired}
        if told:
            yield load.id, told


def _not_behind(site: Site, circuit: str, scores: Mapping[Key, Score]) -> Iterator[str]:
    """Loads that never move the meter of `circuit`, but do move a meter above it.

    If no meter moves, a battery may hide the loads.
    """
    for load in site.below(circuit):
        score = scores.get((load.id, circuit))
        above = [scores.get((load.id, other)) for other in site.path(circuit)[1:]]
        seen = any(other is not None and other.moved >= BELIEVED for other in above)
        if score is not None and elsewhere(score) and seen:
            yield load.id


def _exchange(seen: Mapping[str, set[str]]) -> bool:
    """Whether each phase is shown as a different one."""
    shown = [next(iter(moves)) for moves in seen.values()]
    return len(set(shown)) == len(shown)


def _right_elsewhere(site: Site, load_id: str, circuit: str, scores: Mapping[Key, Score]) -> bool:
    """Whether another meter sees the load as its form says."""
    load = site.loads[load_id]
    wired = expected(load, site.phases)
    for other in site.path(load.circuit):
        score = scores.get((load_id, other))
        known = concluded(score) if score and other != circuit else {}
        if known and all(wired.get(leg) == phase for leg, phase in known.items()):
            return True
    return False


def _words(
    load: Load, site: Site, wrong: Mapping[str, str], scores: Mapping[Key, Score]
) -> dict[str, float | str]:
    """The numbers of the sentence: which leg is on which phase, and what the form should say."""
    was, new = expected(load, site.phases), rewired(load, site, wrong)
    changed = [f"{leg}: {phase}" for leg, phase in new if was[leg] != phase]
    leg, phase = sorted(wrong.items())[0]
    changes = max((scores[key].changes for key in scores if key[0] == load.id), default=0)
    return {
        "leg": leg,
        "phase": was[leg],
        "to_phase": phase,
        "legs": ", ".join(changed),
        "changes": float(changes),
    }


_COUNTED = {"against", "of"}
"""What a finding of a meter without a sign counts; a damaged one may lack it."""


def _still_unsigned(site: Site, memory: WiringMemory, circuit: str) -> Finding | None:
    """The finding that a meter has no sign, while its sensors have still never been below 0.

    It stays although such a meter goes the right way as soon as nothing is fed in.
    """
    old = memory.findings.get(("sign", circuit))
    if old is None or old.code != "meter_unsigned" or not old.numbers.keys() >= _COUNTED:
        return None
    named = str(old.numbers.get("phase") or "")
    phases = named.split(", ") if named else site.phases
    lacking = without_sign(site.circuits[circuit].meter, phases, memory.least_a)
    return old if set(lacking) == set(phases) else None


def _turned(
    site: Site, memory: WiringMemory, circuit: str, turned: list[str]
) -> tuple[str, dict[str, float | str]]:
    """Code and numbers for a meter that goes the wrong way on the phases `turned`.

    One that has never been below 0 is not inverted: it has no sign, or its form turns a right one.
    """
    signs, meter = memory.signs, site.circuits[circuit].meter
    known = [p for p in site.phases if len(signs.get((circuit, p), "")) >= ENOUGH]
    last = signs[circuit, turned[0]]
    numbers: dict[str, float | str] = {
        "circuit": circuit,
        "against": float(last.count("-")),
        "of": float(len(last)),
    }
    if lacking := without_sign(meter, turned, memory.least_a):
        if meter is not None and meter.invert:
            return "meter_turned", {**numbers, "form": circuit}
        everywhere = without_sign(meter, site.phases, memory.least_a) == site.phases
        return "meter_unsigned", {**numbers, "phase": "" if everywhere else ", ".join(lacking)}
    right = [p for p in known if signs[circuit, p].count("+") > ENOUGH]
    whole = set(turned) == set(site.phases) or (len(turned) > 1 and not right)
    if whole:
        return "meter_inverted", numbers
    return "clamp_inverted", {**numbers, "phase": ", ".join(turned)}
