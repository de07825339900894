"""What the evidence means: a load on other phases than its form says, a meter that is wrong.

A load that the nearest meter and every meter above see on other phases is connected so. If they do
not agree, it is the meter that has its phases exchanged; so it is if all that is behind it shows
the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...memory.wiring import Finding, Key, Score, WiringMemory
from ...site.model import Legs, Load, Site
from ...units import LEGS
from .scores import BELIEVED, KEPT, against, concluded, elsewhere, expected

ENOUGH = 5
"""So many signs of a phase say something of it beside those of another."""


def findings(site: Site, form: Site, memory: WiringMemory, now: float) -> Mapping[Key, Finding]:
    """The mistakes that the evidence shows; those that are known already stay as they are.

    `site` is as loads are counted now, `form` as the forms say.
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
            code, numbers = _turned(site, memory.signs, circuit, turned)
            found["sign", circuit] = (code, numbers)
    kept = {}
    for key, (code, numbers) in found.items():
        old = memory.findings.get(key)
        same = old is not None and old.code == code and _texts(old.numbers) == _texts(numbers)
        kept[key] = old if old is not None and same else Finding(code, numbers, now)
    return memory.findings if kept == dict(memory.findings) else kept


def _texts(numbers: Mapping[str, float | str]) -> dict[str, str]:
    """What a finding says, without how often it was seen."""
    return {key: value for key, value in numbers.items() if isinstance(value, str)}


def wrong_legs(
    load: Load,
    site: Site,
    scores: Mapping[Key, Score],
    meters: list[str],
    least: float = BELIEVED,
) -> dict[str, str]:
    """Legs that are on another phase than wired, by what all `meters` that know say."""
    wired = expected(load, site.phases)
    found: dict[str, str] = {}
    for circuit in meters:
        score = scores.get((load.id, circuit))
        for leg, phase in concluded(score, least).items() if score else ():
            if phase in site.phases and found.setdefault(leg, phase) != phase:
                return {}  # the meters contradict each other: it is not the load
    if len(set(found.values())) < len(found):
        return {}  # two legs on one phase: something was changed meanwhile
    return {leg: phase for leg, phase in found.items() if wired.get(leg) not in (None, phase)}


def rewired(load: Load, site: Site, wrong: Mapping[str, str]) -> Legs:
    """Legs of `load` with those that are `wrong` put right, by exchanging: no phase twice."""
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
    """Meters whose own phases are exchanged: circuit, and which phase is really which."""
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
    """What a meter says by load: the phase that moves, by the phase that should."""
    for load in site.below(circuit):
        score = scores.get((load.id, circuit))
        wired = expected(load, site.phases)
        known = concluded(score) if score else {}
        told = {wired[leg]: phase for leg, phase in known.items() if leg in wired}
        if told:
            yield load.id, told


def _not_behind(site: Site, circuit: str, scores: Mapping[Key, Score]) -> Iterator[str]:
    """Loads that a breaker's meter does not see, and another one above it does.

    If none does, it may be a battery that hides them.
    """
    for load in site.below(circuit):
        score = scores.get((load.id, circuit))
        above = [scores.get((load.id, other)) for other in site.path(circuit)[1:]]
        seen = any(other is not None and other.moved >= BELIEVED for other in above)
        if score is not None and elsewhere(score) and seen:
            yield load.id


def _exchange(seen: Mapping[str, set[str]]) -> bool:
    """Whether no two phases are shown as the same one."""
    shown = [next(iter(moves)) for moves in seen.values()]
    return len(set(shown)) == len(shown)


def _right_elsewhere(site: Site, load_id: str, circuit: str, scores: Mapping[Key, Score]) -> bool:
    """Whether another meter sees the load as it is wired."""
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
    """Numbers of the sentence: which leg is where, and how the form should be."""
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


def _turned(
    site: Site, signs: Mapping[Key, str], circuit: str, turned: list[str]
) -> tuple[str, dict[str, float | str]]:
    """Code and numbers of a meter that goes the wrong way, as a whole or on some phases."""
    known = [p for p in site.phases if len(signs.get((circuit, p), "")) >= ENOUGH]
    last = signs[circuit, turned[0]]
    numbers: dict[str, float | str] = {
        "circuit": circuit,
        "against": float(last.count("-")),
        "of": float(len(last)),
    }
    right = [p for p in known if signs[circuit, p].count("+") > ENOUGH]
    whole = set(turned) == set(site.phases) or (len(turned) > 1 and not right)
    if whole:
        return "meter_inverted", numbers
    return "clamp_inverted", {**numbers, "phase": " and ".join(turned)}
