"""Options for the site without a known brand: by words in ids and names, and by units."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from ..site.slug import slug
from ..snapshot import EntityState, Snapshot
from .by_brand import OptionsByPart, by_phase
from .cars import of_car
from .options import SIGNED_A, SIGNED_W, TOTAL_W, UNSIGNED, Option
from .patterns import Hit, in_use, is_current, is_power, is_share, negative, phase_sets


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


GRID = _words("grid mains utility p1 smartmeter netz omrezje omrezja prikljucek")


SOLAR = _words("solar pv photovoltaics photovoltaic panels sonce soncna soncne")


BATTERY = _words("battery batt accu akku baterija baterije powerwall")


INVERTER = _words("inverter wechselrichter razsmernik")


ONE_WAY = _words(
    "import imported export exported consumption consumed consume usage production produced "
    "produce return returned feed feedin delivered delivery draw drawn supplied absorbed charging "
    "charged discharging discharged"
)


NO_READING = _words(
    "limit max min maximum minimum peak average mean forecast today tomorrow estimated estimate "
    "target setpoint factor apparent reactive tariff price cost available headroom rated nominal "
    "threshold voltage frequency yesterday hour week month year lifetime phone tablet watch"
)


STRINGS = re.compile(r"(pv|string|mppt|panel|optimizer|module|tracker|dc)_?\d+")


_MARKED = re.compile(
    r"(?:^|_)(l[123]|phase_?l?[123abc]|faza_?l?[123abc]|ct[123]|channel_[abc]|[abc])(?=_|$)"
)


def by_words(states: Snapshot, of_cars: frozenset[str] = frozenset()) -> OptionsByPart:
    """Options by part of the site, with a smaller confidence than those of brands.

    `of_cars` are the first words of the ids of cars (`cars.cars`).
    """
    return {
        "grid": _grid(states),
        "solar": _solar(states),
        "battery_soc": _soc(states, of_cars),
        "battery_power": _battery(states, of_cars),
        "inverter": _inverter(states),
    }


def words(entity: str, state: EntityState) -> frozenset[str]:
    """The words of an entity's id and friendly name."""
    name = state.attributes.get("friendly_name")
    text = f"{entity.partition('.')[2]}_{slug(name, '') if isinstance(name, str) else ''}"
    return frozenset(text.split("_"))


def _readings(
    states: Snapshot, fits: Callable[[EntityState], bool], any_of: frozenset[str]
) -> Iterable[tuple[str, EntityState, frozenset[str]]]:
    """Sensors that `fits` accepts, with one of these words and none of `NO_READING`."""
    for entity, state in states.items():
        if entity.startswith("sensor.") and in_use(state) and fits(state):
            said = words(entity, state)
            if said & any_of and not said & NO_READING:
                yield entity, state, said


def _phase(entity: str) -> Hit | None:
    """The phase in an id, with the rest of the id; `None`: there is no phase in it."""
    name = entity.partition(".")[2]
    marked = list(_MARKED.finditer(name))
    if not marked:
        return None
    last = marked[-1]
    sign = last[1][-1]
    rest = f"{name[: last.start()]}*{name[last.end() :]}"
    return Hit(entity, rest, "abc123".index(sign) % 3)


def _grid(states: Snapshot) -> list[Option]:
    others = SOLAR | BATTERY | INVERTER
    found = []
    for fits, unit in ((is_current, "current"), (is_power, "power")):
        there = [
            (entity, state)
            for entity, state, said in _readings(states, fits, GRID)
            if not said & others and not said & ONE_WAY
        ]
        by_phases = [hit for entity, _ in there if (hit := _phase(entity))]
        for _, phases in phase_sets(by_phases):
            shown = any(negative(states[entity]) for entity in phases.values())
            found.append(_meter(by_phase("grid", phases), unit, shown))
        for entity, state in there:
            if fits is is_power and _phase(entity) is None:
                said = "it shows a sign now" if negative(state) else "check its sign"
                reason = (
                    f"Its name says that it is the grid's, for all phases together; {said}. It is "
                    "enough only for a house with one phase."
                )
                found.append(Option({"grid_a": entity, "invert": False}, 0.4, reason, TOTAL_W))
    return found


def _meter(values: dict[str, str], unit: str, shown: bool) -> Option:
    """The option for sensors by phase whose names are those of a grid meter."""
    named = f"Names say that this is the {unit} of each phase of the grid"
    flags: dict[str, Any] = {**values, "invert": False}
    if unit == "power":
        said = "one shows a sign now" if shown else "check that export is negative"
        return Option(flags, 0.6 if shown else 0.5, f"{named}; {said}.", SIGNED_W)
    if shown:
        return Option(flags, 0.6, f"{named}; one shows a sign now.", SIGNED_A)
    reason = f"{named}; none shows a sign now, so export may look like import."
    return Option(flags, 0.3, reason, UNSIGNED)


def _solar(states: Snapshot) -> list[Option]:
    found = []
    for entity, _, said in _readings(states, is_power, SOLAR):
        if said & (BATTERY | GRID) or STRINGS.search(entity) or _phase(entity):
            continue
        if said & {"import", "export", "consumption", "home", "house", "load"}:
            continue
        reason = "Its name and unit say that it is what the panels give."
        found.append(Option({"solar_entity": entity}, 0.5, reason))
    return found


def _battery(states: Snapshot, of_cars: frozenset[str]) -> list[Option]:
    found = []
    for entity, state, said in _readings(states, is_power, BATTERY):
        if of_car(entity, said, of_cars):
            continue
        if said & ONE_WAY or said & (SOLAR | GRID) or re.search(r"batter\w*_\d", entity):
            continue
        way = "it shows a sign now" if negative(state) else "which way is positive must be seen"
        values: dict[str, Any] = {"battery_power_entity": entity, "battery_invert": False}
        reason = f"Its name and unit say that it is the battery's power; {way}."
        found.append(Option(values, 0.4, reason))
    return found


def _soc(states: Snapshot, of_cars: frozenset[str]) -> list[Option]:
    """States of charge. Phones and cars have batteries, so the word "battery" is not enough."""
    powers = {
        entity.partition(".")[2].split("_")[0]
        for entity, _, _ in _readings(states, is_power, BATTERY)
    }
    found = []
    for entity, _, said in _readings(states, is_share, BATTERY | {"soc"}):
        name = entity.partition(".")[2]
        at_home = name.split("_")[0] in powers
        if not ("soc" in said or {"state", "of"} <= said or at_home) or re.search(
            r"batter\w*_\d", entity
        ):
            continue
        if said & {"min", "reserve", "health", "soh"} or of_car(entity, said, of_cars):
            continue
        reason = "Its name and unit say that it is the battery's state of charge."
        found.append(Option({"battery_soc_entity": entity}, 0.6 if at_home else 0.4, reason))
    return found


def _inverter(states: Snapshot) -> list[Option]:
    found = []
    for fits, unit in ((is_current, "current"), (is_power, "power")):
        there = [
            hit
            for entity, _, said in _readings(states, fits, INVERTER)
            if not said & (GRID | BATTERY | SOLAR | {"load", "dc", "input"})
            and not STRINGS.search(entity)
            and (hit := _phase(entity))
        ]
        for _, phases in phase_sets(there):
            reason = f"Names say that this is the {unit} of each phase of the inverter."
            found.append(Option(by_phase("inverter", phases), 0.4, reason))
    return found
