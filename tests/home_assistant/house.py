"""The house that the shell's tests use: forms as blueprints send them, chargers, meters."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from tests.home_assistant.harness import Call, Home

SERVICES = tuple(
    f"pyscript.loadjuggler_register_{k}" for k in ("site", "circuit", "charger", "plug")
)
READY = (*SERVICES, "pyscript.loadjuggler_recalculate")
# Short, so that tests need not wait; nothing that they expect depends on how short exactly.
QUICK = {
    "tick_s": 0.2,
    "join_s": 0.05,
    "raise_interval_s": 0.0,
    "ramp_a_s": 1000.0,
    "smooth_s": 0.0,
    "dead_band_a": 0.0,
    "retry_s": 0.1,
    "retry_most_s": 1.0,
    "gone_s": 0.3,
    "settle_s": 0.1,
    "show_s": 0.0,
}


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


PLAIN = {"layers": "1", "rate_unit": "A", "clear_first": False}


def charger_form(node: str, **fields: Any) -> dict[str, Any]:
    """The form of a charger, 6 to 16 A on three phases, with its id as its charge point id.

    A plain one: one profile at a time, in A, and nobody told it anything before.
    """
    return {**form(node), "devid": node.lower(), **PLAIN, **fields}


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
    home.set_state(f"sensor.{name}_id", name)
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


def periods(call: Call) -> list[tuple[int, float]]:
    """Return the begin (s) and the limit (A) of each period of a recorded ocpp.set_charge_rate."""
    made = call.data["custom_profile"]["chargingSchedule"]["chargingSchedulePeriod"]
    return [(int(period["startPeriod"]), float(period["limit"])) for period in made]


def limit(call: Call) -> float:
    """Return the limit in A with which a recorded ocpp.set_charge_rate begins."""
    return periods(call)[0][1]


def purpose(call: Call) -> str:
    """Return the purpose of the profile of a recorded ocpp.set_charge_rate."""
    return str(call.data["custom_profile"]["chargingProfilePurpose"])


def last_limits(home: Home) -> dict[str, float]:
    """Return the last limit in A that each charger was sent: of its session, once it has one."""
    calls = home.calls_of("ocpp.set_charge_rate")
    found: dict[str, float] = {}
    in_session: set[str] = set()
    for call in calls:
        devid = call.data["devid"]
        if purpose(call) == "TxProfile":
            in_session.add(devid)
        elif devid in in_session:
            continue  # what the next session starts with
        found[devid] = limit(call)
    return found


def sunny_site(**fields: Any) -> dict[str, Any]:
    """The form of that house with panels and a battery of which all is measured."""
    sensors = {
        "solar_entity": "sensor.solar",
        "battery_soc_entity": "sensor.soc",
        "battery_power_entity": "sensor.battery",
    }
    return site_form(**{**sensors, **fields})


def impatient(**fields: Any) -> dict[str, Any]:
    """Fields of a charger that follows the sun at once."""
    return {"solar_grace_min": 0, "solar_pause_min": 0, "solar_stops": 0, **fields}


@dataclass
class Living:
    """A house on three phases that answers: loads take what they are told, meters show it at once.

    Everything is in A on each phase; three phases of 230 V make 690 W of one. The battery levels
    out what it can, up to `battery_a` either way. Entities in `gone` are unavailable.
    """

    home: Home
    house_a: float = 1.0
    sun_a: float = 0.0
    soc_pct: float = 80.0
    battery_a: float = 0.0
    draws: dict[str, float] = field(default_factory=dict)
    plugs: dict[str, float] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)

    async def start(self, **options: Any) -> None:
        """Start Home Assistant with this house, its cars plugged in and its plugs off."""
        set_options(self.home, **{**QUICK, "follow_s": 0.3, **options})
        self.home.record("ocpp.set_charge_rate", self._charge)
        self.home.record("switch.turn_on", self._switch)
        self.home.record("switch.turn_off", self._switch)
        for switch in self.plugs:
            self.draws[switch] = 0.0
        await self.home.start(*READY, boot=self.show)

    def set(self, **changes: Any) -> None:
        """Change something, and let it be seen."""
        for name, value in changes.items():
            setattr(self, name, value)
        self.show()

    def show(self) -> None:
        """Set all states as they are now."""
        taken_a = self.house_a + sum(self.draws.values())
        lacking_a = taken_a - self.sun_a
        given_a = min(max(lacking_a, -self.battery_a), self.battery_a)
        readings = {
            "sensor.solar": (690 * self.sun_a, "W"),
            "sensor.soc": (self.soc_pct, "%"),
            "sensor.battery": (0.69 * given_a, "kW"),
        }
        for phase in "abc":
            readings[f"sensor.grid_{phase}"] = (lacking_a - given_a, "A")
            readings[f"sensor.inverter_{phase}"] = (230 * taken_a, "W")  # off the grid: all of it
        for entity, (value, unit) in readings.items():
            shown = "unavailable" if entity in self.gone else value
            self.home.set_state(entity, shown, unit_of_measurement=unit)
        for load, amps in self.draws.items():
            if load in self.plugs:
                self.home.set_state(load, "on" if amps else "off")
            else:
                status = "Charging" if amps else "SuspendedEVSE"
                set_charger(self.home, load, amps, status=status, transaction=1)

    def _charge(self, call: Call) -> None:
        if purpose(call) == "TxProfile":  # not what the next session starts with
            self.draws[call.data["devid"]] = limit(call)
            self.show()

    def _switch(self, call: Call) -> None:
        switch = call.data["entity_id"]
        self.draws[switch] = self.plugs[switch] if call.service.endswith("on") else 0.0
        self.show()

    async def reaches(self, what: str, **expected: float) -> None:
        """Wait until the loads named draw just this, and go on to."""
        spoke_at = time.monotonic()

        def found() -> dict[str, float]:
            nonlocal spoke_at
            if time.monotonic() - spoke_at > 0.4:  # sensors report though nothing has changed
                spoke_at = time.monotonic()
                self.show()
            return {load: round(self.draws[load], 6) for load in expected}

        since: float | None = None

        def stays() -> bool:
            nonlocal since
            now = time.monotonic()
            since = (now if since is None else since) if found() == expected else None
            return since is not None and now - since > 0.15

        try:
            await self.home.wait_until(stays, f"{what}: {expected}")
        except AssertionError as error:
            raise AssertionError(f"{error}; now {self._told()}") from None

    def _told(self) -> dict[str, Any]:
        """What loads draw, and why, for the message of a failure."""
        return {
            load: (amps, self.home.attributes(f"sensor.loadjuggler_{load}_reason").get("text"))
            for load, amps in self.draws.items()
        }
