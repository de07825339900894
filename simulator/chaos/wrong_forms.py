"""Somebody fills in a form with one entity in two places: it must be refused, and all goes on.

In each house one such form is tried, a minute after the start, on a registry of its own that has
all forms of the house (docs/decisions/0036). The judge sees (rule "taken") that

- the form is refused in words that name the entity;
- the site stays exactly as it was;
- people are told for as long as that form stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from loadjuggler.config.parse import CONTRACT
from loadjuggler.config.registry import Registry
from loadjuggler.options import DEFAULTS

from .. import names
from ..registration import forms
from ..scenario import Scenario
from .moves import START
from .verdict import Findings

TRIED_S = 60.0
NEW = "the new one"
OURS = "sensor.loadjuggler_surplus"

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class WrongForm:
    """A form with `entity` in a place where it can't be. `why` says what is wrong with it."""

    why: str
    kind: str
    node: str
    fields: Fields
    entity: str


def wrong_form(chance: Random, scenario: Scenario) -> WrongForm:
    """One that somebody fills in in this house."""
    return chance.choice([*_all(scenario)])


def _all(scenario: Scenario) -> Iterator[WrongForm]:
    """Every wrong form that can be made here."""
    made = {(kind, name): fields for kind, name, fields in forms(scenario)}
    phases, site = scenario.site.phases, made["site", "site"]
    first = names.grid(phases[0])

    def again(why: str, kind: str, name: str, entity: str, field: str) -> WrongForm:
        fields = {**made[kind, name], field: entity}
        return WrongForm(why, kind, f"{kind} {name}", fields, entity)

    if len(phases) > 1:
        yield again("one sensor on two phases", "site", "site", first, "grid_b")
    for circuit in scenario.circuits:
        if circuit.measured:
            why = "the main meter as that of a breaker"
            yield again(why, "circuit", circuit.id, first, f"meter_{phases[0].lower()}")
    if scenario.battery:
        why = "the meter as the battery's power"
        yield again(why, "site", "site", first, "battery_power_entity")
    plug = {"name": NEW, "circuit": "", "mode": "continuous", "leg_l1": phases[0], "power_w": 1000}
    plug |= {"switch": "switch.new_one"}
    for why, field, entity in _taken(scenario, site):
        fields = {**plug, field: entity}
        yield WrongForm(why, "plug", f"plug {NEW}", fields, entity)


def _taken(scenario: Scenario, site: Fields) -> Iterator[tuple[str, str, str]]:
    """What a new plug can't have: (why, field, entity)."""
    yield "a meter as the power of a plug", "power_entity", str(site["grid_a"])
    yield "what we say ourselves", "power_entity", OURS
    for load in scenario.loads:
        if load.type == "plug":
            yield "a switch of two plugs", "switch", names.switch(load.id)
            yield "a power of two plugs", "power_entity", names.plug_power(load.id)


def judge(scenario: Scenario, wrong: WrongForm, findings: Findings) -> None:
    """Register the house, then the wrong form, and note what comes of it."""
    registry, now = Registry(DEFAULTS), START + TRIED_S
    for kind, name, fields in forms(scenario):
        registry.register(kind, _sent(f"{kind} {name}", fields), START)
    before, complained = registry.wired.site, registry.complaints(now)
    answer = registry.register(wrong.kind, _sent(wrong.node, wrong.fields), now)
    found = []
    if answer["ok"] or not any(wrong.entity in error for error in answer["errors"]):
        found.append(f"it is answered {answer['message']!r}")
    if registry.wired.site != before or before is None:
        found.append("the site has changed")
    if not any(wrong.entity in text for text in registry.complaints(now)):
        found.append("nobody is told of it")
    if complained:
        found.append(f"before it there was a complaint: {complained}")
    for text in found:
        findings.add("taken", (wrong.node,), now, 0.0, f"{wrong.why}: {text}", "")


def _sent(node: str, fields: Fields) -> dict[str, Any]:
    return {"contract": CONTRACT, "node": node, **fields}
