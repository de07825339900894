"""Mistakes in the wiring of a house: what the forms say, and how it is really connected.

A scenario is what the owner believes and fills into the forms. The physics of a house with mistakes
(flows, overloads, breakers) uses `Mistakes.really`; its meters show the flows by `Mistakes.shown`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from loadjuggler.snapshot import EntityState
from loadjuggler.units import LEGS, PHASES

from . import checks
from .checks import Key, read_keys, table
from .physics import Amps
from .scenario import MAIN, Scenario


@dataclass(frozen=True, slots=True)
class MeterMistake:
    """Wrong clamps of a meter, each called by the phase that the form says it is on.

    Those in `inverted` are turned round; `phases` says on which phase a clamp really sits. Those in
    `unsigned` show how much flows, not which way. The meter does not see the loads in `without`:
    they hang before it, or it is that of something else.
    """

    inverted: tuple[str, ...] = ()
    phases: Mapping[str, str] = field(default_factory=dict)
    unsigned: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mistakes:
    """How loads (phase by leg) and meters (of "main" and circuits) are really connected.

    `battery` is the phase on which the battery really is, if its form says another one or all.
    `copies` are sensors that a template made of another one, by the entity that they stand for.
    """

    legs: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    meters: Mapping[str, MeterMistake] = field(default_factory=dict)
    battery: str = ""
    copies: Mapping[str, str] = field(default_factory=dict)

    def really(self, scenario: Scenario) -> Scenario:
        """The house of `scenario` with its loads and its battery as they are connected."""
        if self.battery and scenario.battery:
            scenario = replace(scenario, battery=replace(scenario.battery, phase=self.battery))
        if not self.legs:
            return scenario
        loads = tuple(
            replace(load, phases={**load.phases, **self.legs.get(load.id, {})})
            for load in scenario.loads
        )
        return replace(scenario, loads=loads)

    def shown(self, circuit: str, amps: Amps) -> Amps:
        """What the meter of `circuit` shows on each phase while `amps` flow."""
        wrong = self.meters.get(circuit)
        if wrong is None:
            return amps
        found = {
            phase: amps[wrong.phases.get(phase, phase)] * (-1.0 if phase in wrong.inverted else 1.0)
            for phase in amps
        }
        return {p: abs(a) if p in wrong.unsigned else a for p, a in found.items()}

    def copy(self, states: dict[str, EntityState], but: Collection[str] = ()) -> None:
        """Show in `states` what each copy shows, except for the entities in `but`."""
        for entity, source in self.copies.items():
            if entity in but:
                continue
            if source in states:
                states[entity] = states[source]
            else:
                states.pop(entity, None)

    def metered(self, meters: Mapping[str, Amps], draws: Mapping[str, Amps]) -> Mapping[str, Amps]:
        """What flows where the meters sit (A by circuit and phase), of what flows in `meters`.

        `draws` are those of the loads, A by id and phase.
        """
        if not any(wrong.without for wrong in self.meters.values()):
            return meters
        return {
            circuit: {
                phase: a - sum(draws[load].get(phase, 0.0) for load in self._unseen(circuit, draws))
                for phase, a in amps.items()
            }
            for circuit, amps in meters.items()
        }

    def _unseen(self, circuit: str, draws: Mapping[str, Amps]) -> list[str]:
        """The loads of `draws` that the meter of `circuit` does not see."""
        wrong = self.meters.get(circuit)
        return [load for load in wrong.without if load in draws] if wrong else []

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self.legs or self.meters or self.battery or self.copies)


NONE = Mistakes()


# --- in a day file -----------------------------------------------------------------------------


def _phases(given: Any) -> tuple[str, ...]:
    if not isinstance(given, list) or not all(phase in PHASES for phase in given):
        raise ValueError(f"{checks.shown(given)} is not a list of {', '.join(PHASES)}")
    return tuple(given)


def _names(given: Any) -> tuple[str, ...]:
    if not isinstance(given, list) or not all(isinstance(name, str) for name in given):
        raise ValueError(f"{checks.shown(given)} is not a list of loads")
    return tuple(given)


_MISTAKES = table(Key("legs", checks.anything, {}), Key("meters", checks.anything, {}))
_LEGS = table(*(Key(leg, checks.choice(PHASES)) for leg in LEGS))
_METER = table(
    Key("inverted", _phases, ()),
    Key("phases", checks.anything, {}),
    Key("unsigned", _phases, ()),
    Key("without", _names, ()),
)
_BY_PHASE = table(*(Key(phase, checks.choice(PHASES)) for phase in PHASES))


def read_mistakes(given: Any, where: str, scenario: Scenario, errors: list[str]) -> Mistakes:
    """Mistakes of a day; what can't be is added to `errors`, each as "where.key: reason"."""
    values = read_keys(_MISTAKES, given, where, errors)
    specs = {load.id: load for load in scenario.loads}
    legs = {}
    for load, item, place in _named(values["legs"], f"{where}.legs", "load", list(specs), errors):
        legs[load] = _read_legs(item, place, specs[load].phases, scenario.site.phases, errors)
    metered = [MAIN, *(circuit.id for circuit in scenario.circuits if circuit.measured)]
    meters = {}
    for name, item, place in _named(values["meters"], f"{where}.meters", "meter", metered, errors):
        meters[name] = _read_meter(item, place, scenario.site.phases, list(specs), errors)
    return Mistakes(legs, meters)


def _named(
    given: Any, where: str, kind: str, known: list[str], errors: list[str]
) -> Iterator[tuple[str, Any, str]]:
    """What is said of each of the `known`: its name, the value, and where that stands."""
    if not isinstance(given, Mapping):
        errors.append(f"{where}: {checks.shown(given)} is not a mapping of {kind}s to values")
        return
    for name, item in given.items():
        if name in known:
            yield name, item, f"{where}.{name}"
        else:
            there = ", ".join(known) or "none"
            errors.append(f"{where}.{name}: there is no such {kind}; there are {there}")


def _read_legs(
    given: Any, where: str, form: Mapping[str, str], phases: str, errors: list[str]
) -> dict[str, str]:
    """Phase by leg; the legs that are not named are as the `form` says."""
    values = _given(read_keys(_LEGS, given, where, errors))
    errors += [
        f"{where}.{leg}: it has no such leg; there are {', '.join(form)}"
        for leg in values
        if leg not in form
    ]
    wrong = _on_site(values, where, phases) or _once({**form, **values}, where)
    if not wrong and all(form.get(leg) == phase for leg, phase in values.items()):
        wrong = [f"{where}: that is how the form has it, so it is no mistake"]
    errors += wrong
    return values


def _read_meter(
    given: Any, where: str, phases: str, loads: list[str], errors: list[str]
) -> MeterMistake:
    values = read_keys(_METER, given, where, errors)
    inverted: tuple[str, ...] = values["inverted"]
    sits = _given(read_keys(_BY_PHASE, values["phases"], f"{where}.phases", errors))
    unsigned: tuple[str, ...] = values["unsigned"]
    without: tuple[str, ...] = values["without"]
    wrong = _on_site({phase: phase for phase in inverted}, f"{where}.inverted", phases)
    wrong += _on_site({phase: phase for phase in unsigned}, f"{where}.unsigned", phases)
    wrong += [
        f"{where}.without: there is no load {checks.shown(name)}; there are {', '.join(loads)}"
        for name in without
        if name not in loads
    ]
    wrong += _on_site({phase: phase for phase in sits}, f"{where}.phases", phases)
    wrong += _on_site(sits, f"{where}.phases", phases)
    wrong = wrong or _once({**{phase: phase for phase in phases}, **sits}, f"{where}.phases")
    right = not (inverted or unsigned or without)
    if not wrong and right and all(a == b for a, b in sits.items()):
        wrong = [
            f"{where}: nothing is wrong with it; say what is inverted or unsigned, on which phases "
            "it is, or without which loads"
        ]
    errors += dict.fromkeys(wrong)
    return MeterMistake(inverted, sits, unsigned, without)


def _given(values: Mapping[str, str | None]) -> dict[str, str]:
    return {key: value for key, value in values.items() if value is not None}


def _on_site(values: Mapping[str, str], where: str, phases: str) -> list[str]:
    """A line for each phase that the site does not have."""
    return [
        f"{where}.{key}: {phase} is none of {', '.join(phases)}"
        for key, phase in values.items()
        if phase not in phases
    ]


def _once(values: Mapping[str, str], where: str) -> list[str]:
    """A line for each phase that two of the keys are on."""
    found = []
    for phase in sorted(set(values.values())):
        keys = [key for key, value in values.items() if value == phase]
        if len(keys) > 1:
            found.append(
                f"{where}: {' and '.join(keys)} can't both be on phase {phase}; "
                "name all that are crossed"
            )
    return found
