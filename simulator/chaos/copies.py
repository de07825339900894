"""Copied sensors in random houses, and whether people are told of them, and of no others.

A template shows another sensor under an id of its own, so no form can be refused for it
(docs/decisions/0036). In a fifth of all houses there is one:

    phases      the meter of one phase shows another one (of the main breaker, or of one below)
    breakers    a meter of a breaker shows that of a breaker side by side with it
    chargers    current and power of a charger are those of another one

What really flows where a copy is shown can't be known, so nothing is judged there (`hidden`). But
people must be told after 100 changes to the same value. The judge counts the changes by itself, in
runs that are 10 s apart, where every condition of decision 36 is met with something to spare, and
gives the engine `SPARE` changes more. Where nothing is copied, nobody may be told of a copy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import permutations
from random import Random
from typing import Any

from loadjuggler.report import Report
from loadjuggler.snapshot import EntityState

from .. import names
from ..faults import FaultyHouse
from ..house import Life
from ..scenario import MAIN, Scenario
from .verdict import Findings

WANDERS_A = 0.5
"""Cars take up to so much less than they might, where they do not take exactly that."""

FRIDGE_A, FLICKER_A = 1.5, 0.2
"""At each meter of a lively house so much flows beside what is there already, and flickers."""

REPORTS_S = (5.0, 10.0)
"""Chargers of which one shows another one report so often: it takes 100 reports to be told."""

LOOK_S = 10.0
CHANGES, SPARE = 100, 20
REST_A = 1.0
"""A meter tells something where at least so much beside the loads flows; the rule says 0.5 A."""
APART_A = 0.09
"""A charger tells something that shows something else than it was told, by at least so much."""
WHOLE_A = 0.03
CHARGER = ("current_import", "power_active_import")
CODE = "setup_copied"

Copies = Mapping[str, str]
"""Entities that show another one, each with that one."""


def copied(chance: Random, scenario: Scenario, life: Life) -> Life:
    """`life` with what is copied in this house; in four fifths nothing is.

    Each house with a copy is lively, and a third of the others.
    """
    lively = chance.random() < 1 / 3
    if chance.random() < 4 / 5:
        return _lively(scenario, life) if lively else life
    kinds = {"phases": _of_phases, "breakers": _of_breakers, "chargers": _of_chargers}
    found = {kind: [*every(scenario)] for kind, every in kinds.items()}
    there = [kind for kind in ("phases", "phases", "breakers", "chargers") if found[kind]]
    if not there:
        return life
    kind, life = chance.choice(there), _lively(scenario, life)
    if kind == "chargers":
        life = replace(life, habits=replace(life.habits, report_s=chance.choice(REPORTS_S)))
    mistakes = replace(life.mistakes, copies=chance.choice(found[kind]))
    return replace(life, mistakes=mistakes)


def _lively(scenario: Scenario, life: Life) -> Life:
    """`life` in which cars wander, and something flickers at each meter."""
    cars = {load: replace(car, wanders_a=WANDERS_A) for load, car in life.cars.items()}
    paths: dict[str, tuple[str, ...]] = {MAIN: (MAIN,)}
    for circuit in scenario.circuits:
        if circuit.measured:
            paths[circuit.id] = (*scenario.path(circuit.id), MAIN)
    phases = scenario.site.phases

    def added(now: float) -> dict[str, dict[str, float]]:
        """A by breaker and phase that flow through it beside what is there already."""
        amps = {place: dict.fromkeys(phases, 0.0) for path in paths.values() for place in path}
        for place, path in paths.items():
            chance = Random(f"{place} {int(now)}")
            for phase in phases:
                more_a = chance.gauss(FRIDGE_A, FLICKER_A)
                for above in path:
                    amps[above][phase] += more_a
        return amps

    def household(now: float) -> Mapping[str, float]:
        whole, more = (life.household or _nothing)(now), added(now)[MAIN]
        return {phase: whole.get(phase, 0.0) + more[phase] for phase in phases}

    def behind(now: float) -> Mapping[str, Mapping[str, float]]:
        below, more = (life.behind or _nothing)(now), added(now)
        return {
            place: {p: a + more[place][p] if place in more else a for p, a in amps.items()}
            for place, amps in below.items()
        }

    return replace(life, cars=cars, household=household, behind=behind)


def _nothing(_: float) -> Mapping[str, Any]:
    return {}


def _meters(scenario: Scenario) -> dict[tuple[str, str], str]:
    """The entities of all meters by breaker and phase."""
    phases = scenario.site.phases
    found = {(MAIN, phase): names.grid(phase) for phase in phases}
    for circuit in scenario.circuits:
        if circuit.measured:
            found |= {(circuit.id, phase): names.circuit(circuit.id, phase) for phase in phases}
    return found


def _of_phases(scenario: Scenario) -> Iterator[Copies]:
    """All ways to show one phase as another one of the same breaker."""
    for (one, _), copy in _meters(scenario).items():
        for (two, _), source in _meters(scenario).items():
            if one == two and copy != source:
                yield {copy: source}


def _of_breakers(scenario: Scenario) -> Iterator[Copies]:
    """All ways to show a phase of a breaker as that of one that is not above or below it."""
    for (one, phase), copy in _meters(scenario).items():
        for (two, other), source in _meters(scenario).items():
            if MAIN in (one, two) or one == two or phase != other:
                continue
            if one not in scenario.path(two) and two not in scenario.path(one):
                yield {copy: source}


def _of_chargers(scenario: Scenario) -> Iterator[Copies]:
    """All ways to show one charger as another one."""
    chargers = [load.id for load in scenario.loads if load.type == "charger"]
    for copy, source in permutations(chargers, 2):
        yield {names.charger(copy, key): names.charger(source, key) for key in CHARGER}


def hidden(scenario: Scenario, copies: Copies) -> tuple[list[tuple[str, str]], list[str]]:
    """What can't be known: breakers and phases by their meters, and loads by their sensors."""
    meters = {entity: place for place, entity in _meters(scenario).items()}
    places = [meters[entity] for entity in copies if entity in meters]
    shown = {names.charger(load.id, CHARGER[0]): load.id for load in scenario.loads}
    return places, [shown[entity] for entity in copies if entity in shown]


class CopiesTold:
    """Judges a house; call `second` after each, with the report of its last run."""

    def __init__(self, house: FaultyHouse, findings: Findings) -> None:
        """Know the house; nothing has been shown or told yet."""
        self.house, self.findings = house, findings
        self.copies = house.life.mistakes.copies
        self.pair = next(iter(self.copies.items()), ("", ""))
        self.changes = 0
        self._ran = 0
        self._looked_at = float("-inf")
        self._before: tuple[float, float] | None = None
        meters = {entity: place for place, entity in _meters(house.scenario).items()}
        self._places = [meters[entity] for entity in self.pair if entity in meters]
        of = {circuit for circuit, _ in self._places}
        self._beside = [entity for entity, (circuit, _) in meters.items() if circuit in of]
        loads = {names.charger(load, CHARGER[0]): load for load in house.chargers}
        self._loads = [loads[entity] for entity in self.pair if entity in loads]

    def second(self, held: Mapping[str, float], runs: int, report: Report) -> None:
        """Judge the second that has passed, in which `runs` were made in all.

        `held` is what loads are told, A per leg.
        """
        now = self.house.now
        texts = [text for about, text in report.problems.items() if about.code == CODE]
        known = self._loads or self.pair
        right = [text for text in texts if self.copies and all(name in text for name in known)]
        for text in texts:
            if text not in right:
                self.findings.add("false alarm", (CODE,), now, 0.0, text, "")
        ran, self._ran = runs > self._ran, runs
        if ran and now - self._looked_at >= LOOK_S and self.copies:
            self._looked_at = now
            self._look(held)
        notified = any(text in one.message for text in right for one in report.notices)
        if self.changes >= CHANGES + SPARE and not notified:
            text = f"{self.pair[0]} shows {self.pair[1]} for {self.changes} changes"
            text += ", which is told without a notification" if right else ", and nobody is told"
            self.findings.add("untold", self.pair[:1], now, self.changes, text, "")

    def _look(self, held: Mapping[str, float]) -> None:
        """Count a change to the same value, where it tells something."""
        shown = [_number(self.house.shown.get(entity)) for entity in self.pair]
        one, two = shown
        if one is None or two is None:
            return
        before, self._before = self._before, (one, two)
        if one != two:
            self.changes = 0
        elif before and one != before[0] and two != before[1] and self._tells(one, held):
            self.changes += 1

    def _tells(self, amps: float, held: Mapping[str, float]) -> bool:
        """Whether it is evidence that both show `amps`."""
        if abs(amps - round(amps)) <= WHOLE_A:
            return False
        if self._loads:
            return self._both_charge(amps, held)
        house = self.house
        if any(_number(house.shown.get(entity)) is None for entity in self._beside):
            return False  # a meter with a phase that gives nothing is taken as silent
        for circuit, phase in self._places:
            ours_a = sum(
                draw.get(phase, 0.0)
                for load, draw in house.draws.items()
                if circuit in house.wires.paths[load]
            )
            if abs(amps - ours_a) < REST_A:
                return False
        return True

    def _both_charge(self, amps: float, held: Mapping[str, float]) -> bool:
        """Whether two chargers with the same sensor charge, and were told something else."""
        house = self.house
        if house.life.habits.measures == "power":
            return False  # spread over other legs that is another current
        return all(
            house.chargers[load].status == "Charging"
            and min(abs(amps - held.get(load, amps)), amps) >= APART_A
            for load in self._loads
        )


def _number(state: EntityState | None) -> float | None:
    try:
        return float(state.value) if state else None
    except ValueError:
        return None
