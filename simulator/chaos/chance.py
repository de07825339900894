"""An episode of a seed: a house, what happens in it, and what fails.

Everything is drawn from one random generator, so a seed and a number give the same episode again.
The ranges are those of real houses of one to three phases on 16 to 35 A; nothing is fitted.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from loadjuggler.units import LEGS

from ..faults import Fault
from ..house import Life
from ..registration import Unfit, site_of
from ..scenario import (
    MAIN,
    Battery,
    CircuitSpec,
    Inverter,
    LoadSpec,
    Scenario,
    SiteSpec,
    Solar,
)
from ..scenario_sense import contradictions
from .copies import copied
from .mishaps import mishaps
from .moves import START, life_of
from .oddities import devices, odd, says
from .rejected import rejecting
from .wrong_forms import WrongForm, wrong_form

LENGTH_S = 1800
CHARGER_MODES = ("standard", "standard", "solar_priority", "solar_only", "excess", "off")
PLUG_MODES = ("continuous", "continuous", "solar_only", "excess", "off")


@dataclass(frozen=True, slots=True)
class Episode:
    """What is to be run: `length_s` of a house from START on, and what fails in it.

    `wrong` is a form that somebody fills in wrongly.
    """

    seed: int
    number: int
    scenario: Scenario
    life: Life
    faults: tuple[Fault, ...]
    length_s: int = LENGTH_S
    wrong: WrongForm | None = None


def episode(seed: int, number: int, length_s: int = LENGTH_S) -> Episode:
    """Episode `number` of `seed`."""
    chance = random.Random(f"{seed} {number}")
    scenario = _scenario(chance, f"{seed}-{number}")
    life = life_of(chance, scenario, length_s)
    life = odd(random.Random(f"{seed} {number} odd"), scenario, life)
    scenario, life = devices(random.Random(f"{seed} {number} devices"), scenario, life, length_s)
    life = says(random.Random(f"{seed} {number} says"), life)
    life = copied(random.Random(f"{seed} {number} copies"), scenario, life)
    per = max(length_s / LENGTH_S / 4, 1.0)  # long runs have calm hours, too
    many = sum(chance.randint(0, 6) for _ in range(round(per)))
    faults = mishaps(chance, scenario, START, length_s, many)
    faults += rejecting(random.Random(f"{seed} {number} rejects"), scenario)
    wrong = wrong_form(random.Random(f"{seed} {number} form"), scenario)
    return Episode(seed, number, scenario, life, faults, length_s, wrong)


def _scenario(chance: Random, name: str) -> Scenario:
    """A house that can be wired: others are drawn again."""
    while True:
        made = _any_scenario(chance, name)
        if contradictions(made):
            continue
        try:
            site_of(made)
        except Unfit:
            continue
        return made


def _any_scenario(chance: Random, name: str) -> Scenario:
    phases = chance.choice(("A", "ABC", "ABC", "ABC"))
    loads = _loads(chance, phases)
    sunny, battery = chance.random() < 0.6, chance.random() < 0.4
    site = SiteSpec(
        phases=phases,
        main_breaker=float(chance.choice((16, 20, 25, 32, 35))),
        max_import_power=round(chance.uniform(3000, 15000)) if chance.random() < 0.3 else None,
        power_buffer=float(chance.choice((0, 0, 300))),
        distribution=chance.choice(("priority", "shared", "strict", "optimized")),
        allow_grid_charging=not battery or chance.random() < 0.8,
        excess_threshold=float(chance.choice((500, 2000, 13000))),
        battery_follows_load=chance.random() < 0.8,
    )
    return Scenario(
        name=name,
        site=site,
        loads=loads,
        solar=Solar(measured=sunny and chance.random() < 0.7),
        inverter=_inverter(chance, sunny or battery),
        battery=_battery(chance) if battery else None,
        circuits=_circuits(chance, loads),
    )


def _inverter(chance: Random, there: bool) -> Inverter:
    if not there:
        return Inverter()
    return Inverter(
        max_power=float(chance.choice((5000, 8000, 12000))) if chance.random() < 0.7 else None,
        asymmetric=chance.random() < 0.3,
        output_measured=chance.random() < 0.3,
    )


def _battery(chance: Random) -> Battery:
    most_w = float(chance.choice((2500, 5000)))
    return Battery(
        soc=chance.uniform(10, 99),
        soc_target=float(chance.choice((50, 80))),
        max_charge_power=most_w,
        max_discharge_power=most_w,
    )


def _circuits(chance: Random, loads: Sequence[LoadSpec]) -> tuple[CircuitSpec, ...]:
    """Up to four breakers, nested as chance will have it, with the loads spread over them."""
    ids = [f"c{number}" for number in range(1, chance.randint(0, 4) + 1)]
    places: dict[str, list[str]] = {place: [] for place in (MAIN, *ids)}
    for load in loads:
        places[chance.choice(list(places))].append(load.id)
    return tuple(
        CircuitSpec(
            circuit,
            limit=float(chance.choice((10, 13, 16, 20, 25, 32))),
            parent=chance.choice((MAIN, *ids[:position])),
            loads=tuple(places[circuit]),
            measured=chance.random() < 0.6,
        )
        for position, circuit in enumerate(ids)
    )


def _loads(chance: Random, phases: str) -> tuple[LoadSpec, ...]:
    return tuple(
        _charger(chance, phases, f"car{number}")
        if chance.random() < 0.65
        else _plug(chance, phases, f"plug{number}")
        for number in range(1, chance.randint(1, 8) + 1)
    )


def _legs(chance: Random, phases: str, most: int) -> dict[str, str]:
    """Legs on the phases of the site, rotated."""
    first, many = chance.randrange(len(phases)), min(chance.randint(1, most), len(phases))
    return {LEGS[leg]: phases[(first + leg) % len(phases)] for leg in range(many)}


def _charger(chance: Random, phases: str, name: str) -> LoadSpec:
    return LoadSpec(
        name,
        "charger",
        chance.choice(CHARGER_MODES),
        _legs(chance, phases, 3),
        "Charging",
        priority=float(chance.randint(1, 10)),
        min_current=float(chance.choice((6, 6, 6, 8))),
        max_current=float(chance.choice((10, 16, 16, 32))),
    )


def _plug(chance: Random, phases: str, name: str) -> LoadSpec:
    return LoadSpec(
        name,
        "plug",
        chance.choice(PLUG_MODES),
        _legs(chance, phases, chance.choice((1, 1, 3))),
        "Charging",
        priority=float(chance.randint(1, 10)),
        power=float(chance.randrange(300, 3600, 100)),
        essential=chance.random() < 0.1,
    )
