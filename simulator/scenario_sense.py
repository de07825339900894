"""Contradictions between values of a scenario: breakers in a circle, a load on two breakers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from .checks import named
from .scenario import MAIN, CircuitSpec, Scenario


def contradictions(scenario: Scenario) -> list[str]:
    """Everything that is impossible about `scenario`, each as "key: reason"."""
    errors = [*_ids(scenario), *_tree(scenario), *_hanging(scenario), *_amounts(scenario)]
    if not errors:
        errors = list(_households(scenario))
    return errors


def _ids(scenario: Scenario) -> Iterator[str]:
    for where, ids in (
        ("circuits", [circuit.id for circuit in scenario.circuits]),
        ("loads", [load.id for load in scenario.loads]),
    ):
        # Ids become parts of entity ids, where upper case and - are not known.
        spelt: dict[str, str] = {}
        for name in ids:
            plain = name.lower().replace("-", "_")
            other = spelt.setdefault(plain, name)
            if other != name:
                yield f"{where}.{name}.id: it gives the same entity ids as '{other}'"
        for name, count in _several(ids):
            yield f"{where}.{name}.id: {count} of the {where} have this id"
    if any(circuit.id.lower() == MAIN for circuit in scenario.circuits):
        yield f"circuits.{MAIN}.id: '{MAIN}' is the main breaker, which is there already"


def _several(names: Sequence[str]) -> list[tuple[str, int]]:
    """The names that are there more than once, and how often."""
    if len(set(names)) == len(names):
        return []
    return [(name, count) for name, count in Counter(names).items() if count > 1]


def _tree(scenario: Scenario) -> Iterator[str]:
    by_id = {circuit.id: circuit for circuit in scenario.circuits}
    for circuit in scenario.circuits:
        if circuit.parent != MAIN and circuit.parent not in by_id:
            known = ", ".join((MAIN, *by_id))
            yield (
                f"circuits.{circuit.id}.parent: there is no circuit '{circuit.parent}'; "
                f"there are {known}"
            )
        elif way := _circle(circuit, by_id):
            yield f"circuits.{circuit.id}.parent: a circle of breakers: {' -> '.join(way)}"


def _circle(start: CircuitSpec, by_id: dict[str, CircuitSpec]) -> list[str]:
    """Ids from `start` upwards until it comes again; empty if the way ends."""
    way, at = [start.id], start.parent
    while at in by_id:
        way.append(at)
        if at == start.id:
            return way
        if way.count(at) > 1:
            return []
        at = by_id[at].parent
    return []


def _hanging(scenario: Scenario) -> Iterator[str]:
    known = [load.id for load in scenario.loads]
    where: dict[str, str] = {}
    for circuit in scenario.circuits:
        for load in circuit.loads:
            if load not in known:
                yield (
                    f"circuits.{circuit.id}.loads: there is no load '{load}'; "
                    f"there are {', '.join(known) or 'none'}"
                )
            elif where.setdefault(load, circuit.id) != circuit.id:
                yield (
                    f"circuits.{circuit.id}.loads: '{load}' hangs on '{where[load]}' already; "
                    "a load belongs to one circuit"
                )
        for load, count in _several(circuit.loads):
            yield f"circuits.{circuit.id}.loads: '{load}' is named {count} times"
    for load in scenario.expected:
        if load not in known:
            there = ", ".join(known) or "none"
            yield f"expected.{named(load)}: there is no such load; there are {there}"


def _amounts(scenario: Scenario) -> Iterator[str]:
    for load in scenario.loads:
        if load.type == "charger" and load.min_current > load.max_current:
            yield (
                f"loads.{load.id}.min_current: {load.min_current:g} A is more than the "
                f"max_current of {load.max_current:g} A"
            )
    battery = scenario.battery
    if battery and battery.soc_min > battery.soc_target:
        yield (
            f"battery.soc_min: {battery.soc_min:g} % is more than the soc_target of "
            f"{battery.soc_target:g} %"
        )
    phases = scenario.site.phases
    if battery and battery.phase and battery.phase not in phases:
        yield f"battery.phase: the site has no phase {battery.phase}; it has {', '.join(phases)}"


def _households(scenario: Scenario) -> Iterator[str]:
    """A breaker can't carry less household than the breakers below it, nor the site less."""
    below = household_below(scenario)
    for circuit in scenario.circuits:
        for phase, amps in circuit.household.items():
            inside = below[circuit.id].get(phase, 0.0)
            if inside > amps + 1e-6:
                yield (
                    f"circuits.{circuit.id}.household.{phase}: {amps:g} A is less than the "
                    f"{inside:g} A behind the breakers below it"
                )
    for phase, amps in below[MAIN].items():
        whole = scenario.household.get(phase, 0.0)
        if amps > whole + 1e-6:
            yield (
                f"household.{phase}: {whole:g} A for the whole site is less than the {amps:g} A "
                "behind its circuits"
            )


def household_below(scenario: Scenario) -> dict[str, dict[str, float]]:
    """A by phase that the circuits directly below each circuit (and "main") carry unmanaged.

    A circuit that does not name a phase carries there what the circuits below it carry.
    """
    below: dict[str, dict[str, float]] = {spec.id: {} for spec in scenario.circuits}
    below[MAIN] = {}
    deepest_first = sorted(scenario.circuits, key=lambda spec: -len(scenario.path(spec.id)))
    for circuit in deepest_first:
        for phase, amps in {**below[circuit.id], **circuit.household}.items():
            parent = below[circuit.parent]
            parent[phase] = parent.get(phase, 0.0) + amps
    return below
