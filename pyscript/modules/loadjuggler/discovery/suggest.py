"""Suggestions for a site, plugs and chargers from the states of all entities.

A person has to check them: each has a confidence and a reason (docs/decisions/0022).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..snapshot import EntityState, Snapshot
from ..units import PHASES
from .by_brand import BrandSensors, brand_sensors, by_brand, known, pairs
from .by_words import by_words
from .cars import cars
from .charge_points import charge_points
from .options import SIGNED_W, TOTAL_W, UNSIGNED, Option, best_first, plain
from .patterns import is_current, is_power, is_share
from .plugs import suggest_plugs

_PARTS = {
    "grid": "the meter of the grid connection",
    "solar": "solar power",
    "battery_soc": "the battery's state of charge",
    "battery_power": "the battery's power",
    "inverter": "the outputs of the inverter by phase",
}


_OWN = "sensor.loadjuggler_"


def suggest(states: Snapshot) -> dict[str, Any]:
    """The response of the service, from the states of all entities.

    `site` are fields of the site's form; `proposals` have for each part the confidence, the reason
    and alternatives; `plugs` and `chargers` are fields of their forms with the same; `notes` are
    sentences about what was not found and what to check.
    """
    points = charge_points(states)
    taken = {found.entity for point in points for found in point.candidates}
    house = {
        entity: state
        for entity, state in states.items()
        if entity not in taken and not entity.startswith(_OWN) and _matters(entity, state)
    }
    brands = brand_sensors(house)
    options = _options(house, brands, cars(states))
    site, notes = _site(options)
    notes += _of_pairs(brands, options)
    used = {value for value in site.values() if isinstance(value, str)}
    plugs, of_plugs = suggest_plugs(house, used)
    return {
        "ok": True,
        "site": site,
        "proposals": {part: plain(found) for part, found in options.items() if found},
        "plugs": plugs,
        "chargers": [
            _charger(point.name, connector, len(point.connectors))
            for point in points
            for connector in point.connectors or (1,)
        ],
        "notes": [*notes, *of_plugs],
    }


def _matters(entity: str, state: EntityState) -> bool:
    """Whether an entity is a switch, or a sensor that shows what a site or plug needs."""
    measures = is_power(state) or is_current(state) or is_share(state)
    return entity.startswith("switch.") or (entity.startswith("sensor.") and measures)


def _options(
    house: Snapshot, there: list[BrandSensors], of_cars: frozenset[str]
) -> dict[str, list[Option]]:
    """Options by part of the site, best first. Sensors that a brand knows are not guessed."""
    brands, settled = by_brand(there), known(there)
    guesses = by_words({e: state for e, state in house.items() if e not in settled}, of_cars)
    options = {part: [*brands.get(part, ()), *guesses[part]] for part in _PARTS}
    phased = any(len(o.entities) > 1 for o in options["grid"] if o.rank != TOTAL_W)
    if phased:  # a house with more phases can't be run by their sum
        options["grid"] = [replace(o, rank=0) if o.rank == TOTAL_W else o for o in options["grid"]]
    return {part: best_first(found) for part, found in options.items()}


def _site(options: dict[str, list[Option]]) -> tuple[dict[str, Any], list[str]]:
    """(fields of the site's form, notes about them)."""
    site: dict[str, Any] = {"name": "Home"}
    notes = ["Main breaker: no entity says what is written on it; 25 A are taken unless you do."]
    missing = [what for part, what in _PARTS.items() if not options[part]]
    if missing:
        notes.append(f"Not found: {', '.join(missing)}.")
    for part in ("grid", "solar", "battery_soc", "battery_power"):
        if options[part]:
            site |= options[part][0].values
            notes += options[part][0].notes
    phases = [phase for phase in PHASES if site.get(f"grid_{phase.lower()}")]
    if phases:
        site["phases"] = "".join(phases)
    site |= _total(options["grid"], phases)
    if options["battery_power"] and not options["battery_soc"]:
        site.pop("battery_power_entity")
        site.pop("battery_invert")
        notes.append("Battery: its power is of no use without its state of charge.")
    if options["inverter"]:
        notes += _inverter(site, options["inverter"], phases)
    return site, [*notes, *_about(options)]


def _total(grid: list[Option], phases: list[str]) -> dict[str, str]:
    """The field of the total power: of the meter's brand, with import positive, or nothing."""
    if len(phases) < 2 or not grid[0].brand:
        return {}
    for option in grid:
        single = len(option.entities) == 1 and option.brand == grid[0].brand
        if single and option.rank == 0 and not option.values["invert"]:
            return {"grid_total_entity": str(option.values["grid_a"])}
    return {}


def _inverter(site: dict[str, Any], found: list[Option], phases: list[str]) -> list[str]:
    """Fill in the outputs of the inverter if each phase has one; otherwise a note says so."""
    best = found[0].values
    wanted = [f"inverter_{phase.lower()}" for phase in phases]
    if set(wanted) <= best.keys():
        site |= {name: best[name] for name in wanted}
        return []
    if not phases:
        return ["Inverter: its outputs can take the place of the meter only off the grid."]
    return ["Inverter: it has no sensor for each phase of the meter; its outputs are left out."]


def _about(options: dict[str, list[Option]]) -> list[str]:
    """Notes on what to check of the best options."""
    notes = []
    grid = options["grid"][0] if options["grid"] else None
    if grid and grid.rank == UNSIGNED:
        notes.append(
            "Meter: these currents have no sign, so what is fed in looks like what is taken: less "
            "is shared then than there is, and nothing can be charged from the sun by them."
        )
    if grid and grid.rank in (TOTAL_W, 0):
        notes.append(
            "Meter: there is only one power for all phases; a house with more than one phase needs "
            "a sensor for each."
        )
    if grid and not grid.brand and grid.rank == SIGNED_W:
        notes.append(
            "Meter: switch 'Turn the sign round' on if the sensors show what is fed in as positive."
        )
    battery = options["battery_power"][0] if options["battery_power"] else None
    if battery and not battery.brand:
        notes.append(
            "Battery power: switch 'Turn the battery's sign round' on if charging is positive."
        )
    for part, what in (("solar", "Solar power"), ("battery_soc", "Battery")):
        alike = [o for o in options[part] if o.confidence == options[part][0].confidence]
        if len(alike) > 1:
            names = ", ".join(min(option.entities) for option in alike)
            notes.append(
                f"{what}: there is more than one ({names}); if they stand side by side, make a "
                "helper that puts them together."
            )
    return notes


def _of_pairs(there: list[BrandSensors], options: dict[str, list[Option]]) -> list[str]:
    """Notes on two sensors that make one by a template, if no sensor with a sign was found."""
    signed = any(option.rank >= SIGNED_W for option in options["grid"])
    notes = []
    for brand, what, taken, given in pairs(there):
        of_battery = what == "the battery"
        if (of_battery and options["battery_power"]) or (not of_battery and signed):
            continue
        notes.append(
            f"{brand.name}: {what} has two sensors without a sign. Make a template helper of them "
            f"and use that: {{{{ states('{taken}')|float - states('{given}')|float }}}}"
        )
    return notes


def _charger(name: str, connector: int, connectors: int) -> dict[str, Any]:
    shown = name.replace("_", " ").capitalize()
    which = f" {connector}" if connectors > 1 else ""
    return {
        "fields": {"name": f"{shown}{which}", "devid": name, "connector": connector},
        "confidence": 0.9,
        "reason": "The OCPP integration has entities of this charge point and connector.",
    }
