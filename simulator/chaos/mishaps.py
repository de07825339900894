"""Random faults of a house."""

from __future__ import annotations

from random import Random

from ..faults import KINDS, Fault
from ..scenario import Scenario

SENSOR = ("freeze", "vanish", "unavailable", "nan", "text", "spike", "jump", "sign")
CHARGER = ("ignore", "delay", "reject", "offline", "silent", "reboot")
PLUG = ("stick", "unavailable")
SHORT_S, LONG_S = 2.0, 300.0
"""Faults last so long; half of them not more than a minute and a half."""


def mishaps(
    chance: Random, scenario: Scenario, start: float, length_s: float, many: int
) -> tuple[Fault, ...]:
    """So `many` faults, from epoch s `start` on; two of a kind of one part never at once."""
    found: list[Fault] = []
    for _ in range(many):
        what, of = _what(chance, scenario)
        at = float(round(start + chance.uniform(30, max(length_s - 300, 60))))
        for_s = float(round(chance.uniform(SHORT_S, chance.choice((90.0, LONG_S)))))
        if what == "restart":
            for_s = float(round(chance.uniform(5, 120)))
        if what == "reboot":
            for_s = float(round(chance.uniform(10, 60)))
        new = Fault(what, of, at, for_s, _amount(chance, what))
        if not any(
            (old.what, old.of) == (what, of) and old.at < new.until and at < old.until
            for old in found
        ):
            found.append(new)
    return tuple(sorted(found, key=lambda fault: fault.at))


def _what(chance: Random, scenario: Scenario) -> tuple[str, str]:
    """A kind of fault, and of what."""
    chargers = [f"charger {load.id}" for load in scenario.loads if load.type == "charger"]
    plugs = [f"plug {load.id}" for load in scenario.loads if load.type == "plug"]
    kind = chance.choice(
        ("meter", "meter", "meter", "source", "charger", "charger", "plug", "house")
    )
    if kind == "charger" and chargers:
        return chance.choice(CHARGER), chance.choice(chargers)
    if kind == "plug" and plugs:
        plug = chance.choice(plugs)
        what = chance.choice((*PLUG, "power"))
        return (what, plug) if what != "power" else (chance.choice(SENSOR), f"{plug} power")
    if kind == "house":
        return chance.choice(("clock", "restart", "restart")), ""
    if kind == "source" and (sources := _sources(scenario)):
        return chance.choice(SENSOR), chance.choice(sources)
    meters = ["grid", *(f"circuit {one.id}" for one in scenario.circuits if one.measured)]
    phase = chance.choice(("", "", *(f" {phase}" for phase in scenario.site.phases)))
    return chance.choice(SENSOR), chance.choice(meters) + phase


def _sources(scenario: Scenario) -> list[str]:
    """Sensors of sun, battery and inverter."""
    found = ["battery power", "battery soc"] if scenario.battery else []
    found += ["solar"] if scenario.solar.measured else []
    return found + (["inverter"] if scenario.inverter.output_measured else [])


def _amount(chance: Random, what: str) -> float:
    """How much of it: either way, for what has two ways."""
    way = chance.choice((-1.0, 1.0))
    if what == "spike":
        return way * round(chance.uniform(20, 80), 1)
    if what == "jump":
        return way * round(chance.uniform(3, 20), 1)
    if what == "clock":
        return way * float(chance.choice((5, 30, 120, 3600)))
    if what == "delay":
        return float(chance.randint(3, 30))
    return KINDS[what].usual
