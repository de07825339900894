"""The house that the shell's tests use: forms as blueprints send them, chargers, meters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from tests.home_assistant.harness import Call, Home

SERVICES = tuple(
    f"pyscript.loadjuggler_register_{k}" for k in ("site", "circuit", "charger", "plug")
)
READY = (*SERVICES, "pyscript.loadjuggler_recalculate")
# Short, so that tests need not wait; nothing that they expect depends on how short exactly.
QUICK = {"tick_s": 0.2, "join_s": 0.05, "raise_interval_s": 0.0, "gone_s": 0.3, "settle_s": 0.1}


def set_options(home: Home, **options: Any) -> None:
    """Write configuration.yaml with these options of Load Juggler."""
    config = {
        "pyscript": {
            "allow_all_imports": False,
            "hass_is_global": False,
            "global": {"loadjuggler": options},
        }
    }
    text = f"{yaml.safe_dump(config, sort_keys=False)}automation: !include automations.yaml\n"
    (home.config / "configuration.yaml").write_text(text, encoding="utf-8")


def form(name: str, **fields: Any) -> dict[str, Any]:
    """A form as an automation sends it, without the automation."""
    return {"contract": 1, "node": name.lower(), "name": name, **fields}


def site_form(**fields: Any) -> dict[str, Any]:
    """The form of a house with a 25 A main breaker and a meter of the current of each phase."""
    meters = {f"grid_{phase}": f"sensor.grid_{phase}" for phase in "abc"}
    return {**form("Home"), "main_breaker_a": 25, **meters, **fields}


def charger_form(node: str, **fields: Any) -> dict[str, Any]:
    """The form of a charger, 6 to 16 A on three phases, with its id as its charge point id."""
    return {**form(node), "devid": node.lower(), **fields}


def set_meters(home: Home, a: float, b: float | None = None, c: float | None = None) -> None:
    """Set the currents that come from the grid, in A; one number is for all three phases."""
    for phase, amps in zip("abc", (a, a if b is None else b, a if c is None else c), strict=True):
        home.set_state(f"sensor.grid_{phase}", amps, unit_of_measurement="A")


def set_charger(
    home: Home, name: str, amps: float = 0.0, *, status: str = "Charging", transaction: int = 0
) -> None:
    """Set what the OCPP integration says of a charger that draws `amps` on each of three legs."""
    home.set_state(f"sensor.{name}_status_connector", status)
    home.set_state(f"sensor.{name}_transaction_id", transaction)
    legs = dict.fromkeys(("L1", "L2", "L3"), amps)
    home.set_state(f"sensor.{name}_current_import", amps, unit_of_measurement="A", **legs)


def plug_form(node: str, **fields: Any) -> dict[str, Any]:
    """The form of a plug of 3 kW on phase A, behind the switch of its name."""
    return {**form(node), "switch": f"switch.{node.lower()}", "power_w": 3000, **fields}


def automation(kind: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """An automation as the blueprint of `kind` makes it; its entity has the name of the form."""
    return {
        "id": data["node"],
        "alias": data["name"],
        "mode": "queued",
        "triggers": [{"trigger": "event", "event_type": "loadjuggler_discover", "id": "discover"}],
        "actions": [
            {
                "action": f"pyscript.loadjuggler_register_{kind}",
                "data": {**data, "automation": "{{ this.entity_id }}"},
                "response_variable": "answer",
            },
            {
                "if": "{{ not answer.ok }}",
                "then": [{"stop": "It is refused.", "error": True}],
            },
        ],
    }


async def register(home: Home, kind: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Send a form and return the answer."""
    return await home.call(f"pyscript.loadjuggler_register_{kind}", data, response=True)


def limit(call: Call) -> float:
    """Return the limit in A of a recorded ocpp.set_charge_rate."""
    periods = call.data["custom_profile"]["chargingSchedule"]["chargingSchedulePeriod"]
    return float(periods[0]["limit"])


def purpose(call: Call) -> str:
    """Return the purpose of the profile of a recorded ocpp.set_charge_rate."""
    return str(call.data["custom_profile"]["chargingProfilePurpose"])


def last_limits(home: Home) -> dict[str, float]:
    """Return the last limit in A that each charger was sent."""
    return {call.data["devid"]: limit(call) for call in home.calls_of("ocpp.set_charge_rate")}
