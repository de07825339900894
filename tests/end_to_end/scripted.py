"""A charging station in the test's own event loop whose quirks are a few lines of the test.

    class Drops(Scripted):
        def accepts(self, connector, profile):
            return profile["stackLevel"] == 0

    house.stations["left"] = await Drops("left", house.port).start()

The virtual station of the simulator keeps to the standard; this one does what the test says. It has
one connector, a car that comes at once and takes what is in force, and reports every second. For
the meter of `House` it looks like a station in a process of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import websockets

CONFIGURATION = {
    "NumberOfConnectors": "1",
    "SupportedFeatureProfiles": "Core,SmartCharging,RemoteTrigger",
    "ChargingScheduleAllowedChargingRateUnit": "Current,Power",
    "ChargeProfileMaxStackLevel": "10",
    "MeterValuesSampledData": "Current.Import,Energy.Active.Import.Register",
    "MeterValueSampleInterval": "1",
    "HeartbeatInterval": "60",
}
LEGS = ("L1", "L2", "L3")
LEAST_A = 6.0
"""Below this a car pauses (IEC 61851)."""


def stamp() -> str:
    """The time now as OCPP writes it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _seconds(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


@dataclass
class Scripted:
    """A charger of OCPP 1.6; its clock is `clock_s` (s) ahead, its car takes `car_a` (A).

    `address` is the last part of the address that it connects to, from which the integration takes
    its id; `None`: its `id` with a 1, as script/stations numbers them.
    """

    id: str
    port: int
    clock_s: float = 0.0
    car_a: float = 16.0
    protocol: str = "ocpp1.6"
    starts: bool = True
    address: str | None = None
    amps: float = 0.0
    state: str = "Available"
    transaction: int = 0
    events: list[dict[str, Any]] = field(default_factory=list)
    profiles: list[dict[str, Any]] = field(default_factory=list)
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    _new: int = 0
    _socket: Any = None
    _tasks: list[asyncio.Task[Any]] = field(default_factory=list)
    _waiting: dict[str, asyncio.Future[Any]] = field(default_factory=dict)

    # ---- what the meter of the house, and tests, want of a station ----

    def listen(self) -> list[dict[str, Any]]:
        """What it has said since the last time."""
        new, self._new = self.events[self._new :], len(self.events)
        return new

    def draw_a(self, connector: int = 1) -> tuple[float, ...]:
        """What the car takes by leg, A."""
        return (self.amps if connector == 1 else 0.0,) * 3

    def draws(self, _connector: int = 1) -> list[dict[str, Any]]:
        """Nothing beside the samples."""
        return []

    def samples(self, _connector: int = 1) -> list[dict[str, Any]]:
        """All meter reports."""
        return [event for event in self.events if event["event"] == "sample"]

    def end(self) -> None:
        """End it."""
        for task in self._tasks:
            task.cancel()

    async def start(self) -> Any:
        """Connect, and go on connecting, until it is ended."""
        self._tasks = [asyncio.create_task(self._connect()), asyncio.create_task(self._charge())]
        return self

    # ---- what a test may replace ----

    def accepts(self, profile: dict[str, Any]) -> bool:
        """Whether it takes a profile; one of a session only if that session runs (5.16.4)."""
        if profile["chargingProfilePurpose"] != "TxProfile":
            return True
        return bool(self.transaction) and profile["transactionId"] == self.transaction

    def install(self, profile: dict[str, Any]) -> None:
        """Take in a profile; one with the same id, or purpose and level, is replaced (3.13.2)."""

        def marks(one: dict[str, Any]) -> tuple[Any, ...]:
            return one["chargingProfilePurpose"], one["stackLevel"]

        number = profile["chargingProfileId"]
        kept = [
            p
            for p in self.profiles
            if p["chargingProfileId"] != number and marks(p) != marks(profile)
        ]
        self.profiles = [*kept, profile]

    def limit_a(self) -> float:
        """A per leg by the profiles in force: the highest level of a session, else the default."""
        for purpose in ("TxProfile", "TxDefaultProfile"):
            if purpose == "TxProfile" and not self.transaction:
                continue
            own = [p for p in self.profiles if p["chargingProfilePurpose"] == purpose]
            for profile in sorted(own, key=lambda p: -p["stackLevel"]):
                if self._valid(profile):
                    return float(_period(profile)["limit"])
        return math.inf

    def _valid(self, profile: dict[str, Any]) -> bool:
        now = time.time() + self.clock_s
        begins, ends = profile["chargingSchedule"].get("startSchedule"), profile.get("validTo")
        begun = begins is None or _seconds(begins) <= now
        return begun and (ends is None or now < _seconds(ends))

    async def arrive(self) -> None:
        """A car comes, and its session starts if `starts`."""
        await self.show("Preparing")
        if self.starts:
            await self.begin()

    async def begin(self) -> None:
        """Its session starts."""
        answer = await self.call(
            "StartTransaction", connectorId=1, idTag="card", meterStart=0, timestamp=stamp()
        )
        self.transaction = answer["transactionId"]
        await self.show("Charging")

    async def show(self, state: str) -> None:
        """Say a status of the connector."""
        self.state = state
        await self.call(*("StatusNotification",), connectorId=1, errorCode="NoError", status=state)

    async def report(self) -> None:
        """Report what the car takes."""
        values = [
            {"measurand": "Current.Import", "unit": "A", "phase": leg, "value": f"{amps:.1f}"}
            for leg, amps in zip(LEGS, self.draw_a(), strict=True)
        ]
        await self.call(
            *("MeterValues",),
            connectorId=1,
            transactionId=self.transaction,
            meterValue=[{"timestamp": stamp(), "sampledValue": values}],
        )

    async def boot(self) -> None:
        """After it has connected."""
        await self.call("BootNotification", chargePointModel="Own", chargePointVendor="Own")
        await self.call(
            "StatusNotification", connectorId=0, errorCode="NoError", status="Available"
        )
        if not self.transaction:
            await self.arrive()

    def answer(self, action: str, data: dict[str, Any]) -> dict[str, Any] | None:
        """The answer to a call of the central system; `None`: not implemented."""
        if action == "GetConfiguration":
            keys = data.get("key") or list(CONFIGURATION)
            known = [
                {"key": k, "readonly": False, "value": CONFIGURATION[k]}
                for k in keys
                if k in CONFIGURATION
            ]
            unknown = [k for k in keys if k not in CONFIGURATION]
            return {"configurationKey": known, "unknownKey": unknown}
        if action == "SetChargingProfile":
            profile = data["csChargingProfiles"]
            taken = self.accepts(profile)
            if taken:
                self.install(profile)
            return {"status": "Accepted" if taken else "Rejected"}
        if action == "ClearChargingProfile":
            self.profiles = []
        return {"status": "Accepted"}

    # ---- how it lives ----

    async def call(self, action: str, **data: Any) -> Any:
        """Call the central system; answers its answer, {} if there is none."""
        if self._socket is None:
            return {}
        number = uuid.uuid4().hex
        self._waiting[number] = asyncio.get_running_loop().create_future()
        await self._socket.send(json.dumps([2, number, action, data]))
        with contextlib.suppress(TimeoutError):
            return await asyncio.wait_for(self._waiting[number], 15)
        return {}

    async def _connect(self) -> None:
        while True:
            with contextlib.suppress(OSError, websockets.WebSocketException):
                address = f"{self.id}1" if self.address is None else self.address
                url = f"ws://127.0.0.1:{self.port}/{address}"
                async with websockets.connect(url, subprotocols=[self.protocol]) as socket:  # type: ignore[list-item]
                    self._socket = socket
                    life = asyncio.create_task(self.boot())
                    try:
                        async for text in socket:
                            await self._take(text)
                    finally:
                        life.cancel()
                        self._socket = None
            await asyncio.sleep(0.3)

    async def _take(self, text: Any) -> None:
        kind, number, *rest = json.loads(text)
        if kind != 2:
            waiting = self._waiting.pop(number, None)
            if waiting and not waiting.done():
                waiting.set_result(rest[0] if kind == 3 else {})
            return
        action, data = rest
        self.asked.append((action, data))
        found = self.answer(action, data)
        refused = [4, number, "FormationViolation", "", {}]
        await self._socket.send(json.dumps(refused if found is None else [3, number, found]))

    async def _charge(self) -> None:
        """The car takes what is in force; a report each second."""
        said_at = 0.0
        while True:
            await asyncio.sleep(0.2)
            may_a = min(self.car_a, self.limit_a())
            self.amps = may_a if self.transaction and may_a >= LEAST_A else 0.0
            if self._socket is None or not self.transaction:
                continue
            shown = "Charging" if self.amps else "SuspendedEVSE"
            if shown != self.state:
                await self.show(shown)
            if time.time() - said_at >= 1.0:
                said_at = time.time()
                self._sample()
                await self.report()

    def _sample(self) -> None:
        self.events.append(
            {
                "t": time.time(),
                "id": self.id,
                "event": "sample",
                "connector": 1,
                "amps": list(self.draw_a()),
            }
        )


def _period(profile: dict[str, Any]) -> dict[str, Any]:
    """The first period of a profile."""
    return dict(profile["chargingSchedule"]["chargingSchedulePeriod"][0])


@dataclass
class Scripted201(Scripted):
    """A charger of OCPP 2.0.1, whose sessions have names instead of numbers."""

    protocol: str = "ocpp2.0.1"
    session: str = "session-abc"
    _number: int = 0

    async def boot(self) -> None:
        """After it has connected."""
        station = {"model": "Own", "vendorName": "Own"}
        await self.call("BootNotification", reason="PowerUp", chargingStation=station)
        await self._status("Available")
        await asyncio.sleep(0.5)
        await self.arrive()

    async def arrive(self) -> None:
        """A car comes, and its session starts."""
        await self._status("Occupied")
        self.transaction, self.state = 1, "Charging"
        await self._event("Started", "CablePluggedIn")

    async def show(self, state: str) -> None:
        """Say a status of the connector."""
        self.state = state
        await self._event("Updated", "ChargingStateChanged")

    async def report(self) -> None:
        """Report what the car takes."""
        await self._event("Updated", "MeterValuePeriodic")

    async def _status(self, status: str) -> None:
        place = {"evseId": 1, "connectorId": 1}
        await self.call("StatusNotification", timestamp=stamp(), connectorStatus=status, **place)

    async def _event(self, kind: str, why: str) -> None:
        self._number += 1
        values = [
            {
                "value": amps,
                "measurand": "Current.Import",
                "phase": leg,
                "unitOfMeasure": {"unit": "A"},
            }
            for leg, amps in zip(LEGS, self.draw_a(), strict=True)
        ]
        await self.call(
            *("TransactionEvent",),
            eventType=kind,
            timestamp=stamp(),
            triggerReason=why,
            seqNo=self._number,
            transactionInfo={"transactionId": self.session, "chargingState": self.state},
            evse={"id": 1, "connectorId": 1},
            meterValue=[{"timestamp": stamp(), "sampledValue": values}],
        )

    def answer(self, action: str, data: dict[str, Any]) -> dict[str, Any] | None:
        """The answer to a call of the central system; `None`: it does not fit the schema."""
        if action == "GetBaseReport":
            return {"status": "NotSupported"}
        if action in ("GetVariables", "SetVariables"):
            get = action == "GetVariables"
            given = data["getVariableData" if get else "setVariableData"]
            status = "UnknownComponent" if get else "Accepted"
            found = [
                {"attributeStatus": status, "component": v["component"], "variable": v["variable"]}
                for v in given
            ]
            return {"getVariableResult" if get else "setVariableResult": found}
        if action == "SetChargingProfile":
            profile = data.get("chargingProfile", {})
            schedules = profile.get("chargingSchedule")
            if not isinstance(schedules, list):
                return None
            self.profiles = [{**profile, "chargingSchedule": schedules[0]}]
        return {"status": "Accepted"}
