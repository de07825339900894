"""No call may reach another charger: what the OCPP integration makes of names, and what is proven.

It takes a name in a call first for what it calls a charger (the beginning of its entities' ids),
then for a charger's own id, and gives a call for an unknown name to its first charger.
"""

from __future__ import annotations

from typing import Any

import pytest
from loadjuggler.runtime.controller import Keeper
from loadjuggler.snapshot import EntityState

from ..house import START, charger_form, site_form, state

Ids = dict[str, str]
"""By what the integration calls a charger: what that calls itself; "": it says nothing."""


def shown(ids: Ids) -> dict[str, EntityState]:
    """The house with these chargers, of which each has a car."""
    found = {f"sensor.grid_{phase}": state(2.0, "A") for phase in "abc"}
    for name, own in ids.items():
        found |= {
            f"sensor.{name}_status_connector": state("Charging"),
            f"sensor.{name}_current_import": state(6.0, "A"),
            f"sensor.{name}_transaction_id": state("7"),
            f"sensor.{name}_id": state(own),
        }
    return found


def keeper(states: dict[str, EntityState], *typed: str) -> Keeper:
    """A keeper with forms whose charge point ids are `typed`, registered with the states."""
    made = Keeper()
    for form in (site_form(), *(charger_form(name.lower(), devid=name) for name in typed)):
        data: dict[str, Any] = {key: form[key] for key in form if key not in ("kind", "automation")}
        assert made.register(form["kind"], data, START, states if "devid" in data else None)["ok"]
    return made


def sent(made: Keeper, states: dict[str, EntityState]) -> dict[str, set[str]]:
    """By load id: the names in the calls of its first minute."""
    found: dict[str, set[str]] = {load: set() for load in made.registry.ids()}
    for at_s in range(0, 60, 5):
        for call in made.run(states, START + at_s).calls:
            if call.domain == "ocpp":
                found[call.load_id].add(str(call.data["devid"]))
                made.succeeded(call)
    return found


@pytest.mark.parametrize(
    ("ids", "typed", "names"),
    [
        pytest.param(
            {"left": "CP-1", "right": "CP-2"},
            ("left", "CP-2"),
            {"left": {"CP-1"}, "cp_2": {"CP-2"}},
            id="each says what it is called",
        ),
        pytest.param(
            {"left": "right", "right": "left"},
            ("left", "right"),
            {"left": set(), "right": set()},
            id="ids and names exchanged: a call for 'right' reaches the other one",
        ),
        pytest.param(
            {"left": "Right", "right": "CP-2"},
            ("left", "right"),
            {"left": set(), "right": {"CP-2"}},
            id="one is called like the id of the other",
        ),
        pytest.param(
            {"left": "", "right": "CP-2"},
            ("Left", "right"),
            {"left": set(), "right": {"CP-2"}},
            id="one has no id: a call for 'Left' reaches the first charger there is",
        ),
        pytest.param(
            {"left": ""}, ("left",), {"left": {"left"}}, id="no id, but there is no other charger"
        ),
        pytest.param(
            {"left": "left", "right": "right"},
            ("left", "right"),
            {"left": {"left"}, "right": {"right"}},
            id="called like their ids",
        ),
    ],
)
def test_what_is_sent_to_whom(ids: Ids, typed: tuple[str, ...], names: dict[str, set[str]]) -> None:
    states = shown(ids)
    found = sent(keeper(states, *typed), states)
    assert {load: found[load] for load in names} == names


@pytest.mark.parametrize(
    ("ids", "says"),
    [
        (
            {"left": "", "right": "x"},
            "sensor.left_id shows no id, so a call for it might reach right",
        ),
        (
            {"left": "right", "right": "x"},
            "its id 'right' is what the OCPP integration calls another",
        ),
    ],
)
def test_that_nothing_is_sent_is_told(ids: Ids, says: str) -> None:
    states = shown(ids)
    made = keeper(states, "left", "right")
    made.run(states, START)
    assert made.report.loads["left"].status == "unreachable"
    assert made.report.status == "problem"
    assert any(says in text for text in made.report.warnings), made.report.warnings


def test_as_soon_as_it_says_its_id_it_is_told() -> None:
    """A charger connects after Home Assistant has started: its id comes with it."""
    states = shown({"left": "unknown", "right": "CP-2"})
    made = keeper(states, "left", "right")
    assert sent(made, states)["left"] == set()
    states["sensor.left_id"] = state("CP-1")
    assert sent(made, states)["left"] == {"CP-1"}


def test_what_can_not_be_told_is_not_cleared_either() -> None:
    """Its form is deleted: its profiles stay, or those of another charger would be cleared."""
    states = shown({"left": "", "right": "CP-2"})
    made = keeper(states, "left", "right")
    sent(made, states)
    bad = {"contract": 1, "node": "left", "name": "", "devid": "left"}
    assert not made.register("charger", bad, START + 60, states)["ok"]
    calls = [call for at in range(65, 95, 5) for call in made.run(states, START + at).calls]
    assert {call.data["devid"] for call in calls if call.domain == "ocpp"} <= {"CP-2"}
