"""A house whose chain is real: forms, pyscript, the OCPP integration, stations on websockets.

Only its meter is played: it shows what the household takes and what the stations say they take.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from homeassistant.core import Event, callback
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator import ocpp
from tests.end_to_end.idea import Idea
from tests.home_assistant.harness import PROJECT, Home
from tests.home_assistant.house import QUICK, READY

METERS = {f"grid_{phase}": f"sensor.grid_{phase}" for phase in "abc"}
AT_ONCE = {"solar_grace_min": 0, "solar_pause_min": 0, "solar_stops": 0}
"""Fields of a charger that need not wait after it had to stop."""
STATION_CAN = ocpp.Capabilities()
# Stations report every second, so the control may not be quicker than that. A profile that comes
# before the station has taken in the answer to its StartTransaction is rejected, which nobody is
# told: its renewal, every 5 s here, puts that right.
SOON = "1197"
"""A seed of chances by which cars come within two seconds."""
STORY_LINES = 80
OPTIONS = {**QUICK, "follow_s": 2.0, "not_following_s": 3.0, "profile_s": 15.0}


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def filled_in(kind: str, name: str, **inputs: Any) -> dict[str, Any]:
    """An automation as the form of a blueprint makes it."""
    return {
        "id": f"form_{name.lower()}",
        "alias": name,
        "use_blueprint": {"path": f"loadjuggler/{kind}.yaml", "input": {"name": name, **inputs}},
    }


@dataclass
class Station:
    """A process with one charging station, and what it has said."""

    id: str
    process: subprocess.Popen[bytes]
    path: Path
    events: list[dict[str, Any]] = field(default_factory=list)
    _offset: int = 0

    def listen(self) -> list[dict[str, Any]]:
        """Take in what it has said since, and return that."""
        with self.path.open("rb") as lines:
            lines.seek(self._offset)
            new = lines.read()
        whole = new[: new.rfind(b"\n") + 1]
        self._offset += len(whole)
        found = [json.loads(line) for line in whole.splitlines() if line.startswith(b"{")]
        self.events += found
        return found

    def draw_a(self, connector: int = 1) -> tuple[float, ...]:
        """What a connector takes by leg, in A, as it said last; zeros before its first word."""
        samples = self.samples(connector)
        return tuple(samples[-1]["amps"]) if samples else (0.0, 0.0, 0.0)

    def draws(self, connector: int = 1) -> list[dict[str, Any]]:
        """What a connector took, each time that changed: at once, not with the next report."""
        return [e for e in self.events if e["event"] == "draw" and e["connector"] == connector]

    def samples(self, connector: int = 1) -> list[dict[str, Any]]:
        """All meter reports of a connector."""
        return [e for e in self.events if e["event"] == "sample" and e["connector"] == connector]

    def has(self, event: str, **facts: Any) -> bool:
        """Whether it has told such an event."""
        return any(e["event"] == event and facts.items() <= e.items() for e in self.events)

    def status(self, connector: int = 1) -> str | None:
        """The status of a connector, as it said last."""
        words = [e for e in self.events if e["event"] == "status" and e["connector"] == connector]
        return words[-1]["status"] if words else None

    def end(self) -> None:
        """End it, whatever state it is in."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()


@dataclass
class House:
    """The house, its stations, and the calls that Home Assistant sent to them."""

    home: Home
    folder: Path
    household_a: list[float] = field(default_factory=lambda: [1.0, 1.0, 1.0])
    sun_a: float = 0.0
    stations: dict[str, Station] = field(default_factory=dict)
    told: list[dict[str, Any]] = field(default_factory=list)
    port: int = field(default_factory=free_port)
    report_s: int = 1
    """So often stations report their meter values, in s."""
    meter_s: float | None = None
    """So often the meter is shown, in s, with what flows just then. Without a value it is shown
    when a station says something, with what stations have reported, and every half a second."""
    _chargers: dict[str, int] = field(default_factory=dict)
    _metering: asyncio.Task[None] | None = None

    # ---- building it ----

    def build(self, *forms: Mapping[str, Any], chargers: Mapping[str, int], **options: Any) -> None:
        """Write the configuration: filled-in forms, and connectors of each charger by its id."""
        config = {
            "pyscript": {
                "allow_all_imports": False,
                "hass_is_global": False,
                "global": {"loadjuggler": {**OPTIONS, **options}},
            },
            "ocpp": {},
        }
        text = f"{yaml.safe_dump(config, sort_keys=False)}automation: !include automations.yaml\n"
        (self.home.config / "configuration.yaml").write_text(text, encoding="utf-8")
        self.home.set_automations(forms)
        self._chargers = dict(chargers)

    def build_two_cars(self, garage_a: int = 20, **options: Any) -> None:
        """The same for two chargers, left and right, that share a breaker of so many A evenly."""
        self.build(
            filled_in("site", "Home", main_breaker_a=40, distribution="shared", **METERS),
            filled_in("circuit", "Garage", limit_a=garage_a),
            filled_in("charger", "Left", devid="left", circuit="Garage", **AT_ONCE),
            filled_in("charger", "Right", devid="right", circuit="Garage", **AT_ONCE),
            chargers={"left": 1, "right": 1},
            **options,
        )

    async def start(self) -> None:
        """Start Home Assistant, and the meter."""
        for noisy in ("ocpp", "websockets"):
            logging.getLogger(noisy).setLevel(logging.WARNING)
        await self.home.start(*READY, "ocpp.set_charge_rate", boot=self._boot)
        self._metering = asyncio.create_task(self._meter())

    def _boot(self) -> None:
        self._entry().add_to_hass(self.home.hass)
        self.home.hass.bus.async_listen("call_service", self._note_call)
        self._show_meter()

    def _entry(self) -> MockConfigEntry:
        """The OCPP integration's entry as its forms make it, with all chargers known."""
        charger = {
            "idle_interval": 900,
            "max_current": 32,
            "meter_interval": self.report_s,
            "monitored_variables": "Current.Import,Energy.Active.Import.Register",
            "monitored_variables_autoconfig": True,
            "skip_schema_validation": False,
            "force_smart_charging": False,
            "enable_ha_notifications": False,
        }
        return MockConfigEntry(
            domain="ocpp",
            entry_id="ocpp",
            version=2,
            minor_version=2,
            data={
                "host": "127.0.0.1",
                "port": self.port,
                "csid": "central",
                "ocpp_version": "auto",
                "ssl": False,
                "ssl_certfile_path": "",
                "ssl_keyfile_path": "",
                "websocket_close_timeout": 1,
                "websocket_ping_tries": 0,
                "websocket_ping_interval": 1,
                "websocket_ping_timeout": 1,
                "cpids": [
                    {f"{ident}1": {**charger, "cpid": ident, "num_connectors": connectors}}
                    for ident, connectors in self._chargers.items()
                ],
            },
        )

    def add_station(self, ident: str, *arguments: str) -> Station:
        """Start the station that Home Assistant knows as `ident` (script/stations numbers ids)."""
        path = self.folder / f"{ident}.events"
        with path.open("wb") as events:
            process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "simulator.station.command", "--events"),
                    *("--url", f"ws://127.0.0.1:{self.port}", "--id", ident),
                    *("--sample-interval-s", f"{self.report_s}", "--seed", SOON, *arguments),
                ],
                cwd=PROJECT,
                env={**os.environ, "PYTHONPATH": f"{PROJECT}:{PROJECT / 'pyscript' / 'modules'}"},
                stdout=events,
                stdin=subprocess.DEVNULL,
            )
        self.stations[ident] = Station(ident, process, path)
        return self.stations[ident]

    async def stop(self) -> None:
        """Stop Home Assistant; the stations go on alone."""
        if self._metering is not None:
            self._metering.cancel()
        await self.home.stop()

    async def hears(self, what: str, timeout_s: float = 60.0, **expected_a: float) -> None:
        """Wait, without Home Assistant, until each station named takes just so much on L1, in A."""

        def so() -> bool:
            for station in self.stations.values():
                station.listen()
            return all(self._lately_a(name) == [amps] * 2 for name, amps in expected_a.items())

        await self.home.wait_until(so, f"{what}: {expected_a}", timeout_s)

    async def end(self) -> None:
        """End the stations, the meter and Home Assistant."""
        if self._metering is not None:
            self._metering.cancel()
        for station in self.stations.values():
            station.end()
        await self.home.stop()

    # ---- while it lives ----

    @callback
    def _note_call(self, event: Event) -> None:
        if event.data["domain"] == "ocpp":
            self.told.append({"t": time.time(), "service": event.data["service"], **event.data})

    async def _meter(self) -> None:
        """Show the meter again and again, as `meter_s` says."""
        shown_at = 0.0
        while True:
            heard = [station.listen() for station in self.stations.values()]
            news = self.meter_s is None and any(heard)
            if news or time.monotonic() - shown_at >= (self.meter_s or 0.5):
                shown_at = time.monotonic()
                self._show_meter()
            await asyncio.sleep(0.05)

    def currents_a(self) -> list[float]:
        """What the main breaker carries on A, B, C, in A."""
        totals = [amps - self.sun_a for amps in self.household_a]
        for ident, station in self.stations.items():
            for connector in range(1, self._chargers[ident] + 1):
                drawn_a = station.draw_a(connector)
                if self.meter_s is not None and (draws := station.draws(connector)):
                    drawn_a = tuple(draws[-1]["amps"])
                totals = [one + two for one, two in zip(totals, drawn_a, strict=True)]
        return totals

    def _show_meter(self) -> None:
        for phase, amps in zip("abc", self.currents_a(), strict=True):
            self.home.set_state(f"sensor.grid_{phase}", round(amps, 2), unit_of_measurement="A")
        self.home.set_state("sensor.solar", 690 * self.sun_a, unit_of_measurement="W")

    async def wait_until(
        self, predicate: Callable[[], Any], what: str, timeout_s: float = 60.0
    ) -> Any:
        """Wait until something is so; a failure says what the loads are told and why."""
        try:
            return await self.home.wait_until(predicate, what, timeout_s)
        except AssertionError as error:
            raise AssertionError(f"{error}; {self.story()}") from None

    async def reaches(self, what: str, timeout_s: float = 60.0, **expected_a: float) -> None:
        """Wait until each station named takes just so much on L1 (its connector 1), in A.

        `left_2` is connector 2 of the station `left`. It must stay so for two reports.
        """

        def so() -> bool:
            return all(self._lately_a(name) == [amps] * 2 for name, amps in expected_a.items())

        await self.wait_until(so, f"{what}: {expected_a}", timeout_s)

    def _lately_a(self, name: str) -> list[float]:
        """What a connector took on L1 by its last two reports, in A."""
        ident, _, connector = name.partition("_")
        number = int(connector or 1)
        reports = [e["amps"][0] for e in self.stations[ident].samples(number)[-2:]]
        return [round(amps, 1) for amps in reports]

    def allocated_a(self, load: str) -> float:
        """What Load Juggler shows as told to a load, in A."""
        return float(self.home.state(f"sensor.loadjuggler_{load}_allocated_current") or "nan")

    def told_to(self, ident: str) -> list[dict[str, Any]]:
        """The calls for a charger, by its name in Home Assistant or by what it calls itself."""
        names = (ident, f"{ident}1")
        return [call for call in self.told if call["service_data"].get("devid") in names]

    def differences(self, ident: str, can: ocpp.Capabilities, phases: int = 3) -> list[str]:
        """Where a station did not do what its profiles say; fails if nothing was compared."""
        station = self.stations[ident]
        station.listen()
        idea = Idea(can, phases)
        idea.follow(self.told_to(ident), station.events)
        assert idea.compared > 0
        return idea.wrong

    def story(self, lines: int = STORY_LINES) -> str:
        """What is known of each load, and what was told and heard last, for a failure's message."""
        said = [
            f"{state.entity_id}: {state.attributes.get('text', state.state)}"
            for state in self.home.hass.states.async_all()
            if state.entity_id.startswith("sensor.loadjuggler_")
            and state.entity_id.endswith(("_reason", "_status"))
        ]
        told = [(call["t"], _told(call)) for call in self.told]
        for station in self.stations.values():
            told += [(event["t"], _heard(event)) for event in station.events]
        latest = [f"{t % 1000:.2f} {text}" for t, text in sorted(told)[-lines:]]
        return "\n".join(["", *said, *latest])


def _told(call: Mapping[str, Any]) -> str:
    """A call of Home Assistant in a few words."""
    data = call["service_data"]
    if "custom_profile" not in data:
        return f"told {call['service']} {data}"
    profile = data["custom_profile"]
    schedule = profile["chargingSchedule"]
    return (
        f"told {data['devid']} {data['conn_id']}: {profile['chargingProfilePurpose']} "
        f"{profile['chargingProfileId']} level {profile['stackLevel']} "
        f"{schedule['chargingSchedulePeriod']} {schedule['chargingRateUnit']} "
        f"to {profile.get('validTo')} tx {profile.get('transactionId')}"
    )


def _heard(event: Mapping[str, Any]) -> str:
    """What a station said, in a few words."""
    hidden = ("t", "id", "event", "energy_wh", "soc", "reason", "offered")
    facts = {name: value for name, value in event.items() if name not in hidden}
    return f"{event['id']} {event['event']} {facts}"
