"""A small central system for one test, on a free port of 127.0.0.1."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ocpp.routing import on
from ocpp.v16 import ChargePoint, call, call_result
from ocpp.v16.enums import Action
from websockets.asyncio.server import ServerConnection, serve

from simulator.station.cars import CarKind
from simulator.station.clock import WallClock
from simulator.station.keep import Store
from simulator.station.kinds import STATIONS, StationKind
from simulator.station.life import Life
from simulator.station.settings import Settings
from simulator.station.station import Station
from simulator.station.visitors import Visitors

PATIENCE_S = 60.0
"""After so long a test fails that waits for something; it is no duration that is asserted."""

CAR = CarKind("test", battery_kwh=60.0, phases=3, max_a=16.0, reaction_s=0.0, taper_from_pct=99.0)
KIND = replace(STATIONS["default"], away_s=(0.0, 0.0), heartbeat_s=60)

Row = tuple[str, dict[str, Any]]


def iso(at: float) -> str:
    """A time as OCPP writes it."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class End(ChargePoint):
    """The central system's end of one station's connection."""

    def __init__(self, name: str, connection: ServerConnection, central: Central) -> None:
        super().__init__(name, connection, response_timeout=PATIENCE_S)
        self.central = central
        self.socket = connection

    async def route_message(self, raw_msg: Any) -> None:
        """Keep every call as it came, then answer it."""
        with suppress(ValueError, IndexError, KeyError):
            message = json.loads(raw_msg)
            if message[0] == 2:
                self.central.heard(self.id, message[2], message[3])
        await super().route_message(raw_msg)

    @on(Action.boot_notification)
    def on_boot(self, **_: Any) -> Any:
        status = self.central.boot_answers.pop(0) if self.central.boot_answers else "Accepted"
        return call_result.BootNotification(
            iso(time.time()), 1 if status != "Accepted" else 60, status
        )

    @on(Action.heartbeat)
    def on_heartbeat(self) -> Any:
        return call_result.Heartbeat(iso(time.time() + self.central.ahead_s))

    @on(Action.status_notification)
    def on_status(self, **_: Any) -> Any:
        return call_result.StatusNotification()

    @on(Action.authorize)
    def on_authorize(self, **_: Any) -> Any:
        return call_result.Authorize({"status": self.central.card})

    @on(Action.start_transaction)
    def on_start(self, **_: Any) -> Any:
        self.central.transactions += 1
        return call_result.StartTransaction(
            self.central.transactions, {"status": self.central.start_card}
        )

    @on(Action.stop_transaction)
    def on_stop(self, **_: Any) -> Any:
        return call_result.StopTransaction()

    @on(Action.meter_values)
    def on_meter_values(self, **_: Any) -> Any:
        return call_result.MeterValues()


@dataclass
class Central:
    """The central system: what it has heard, and what it says."""

    ends: dict[str, End] = field(default_factory=dict)
    rows: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    boot_answers: list[str] = field(default_factory=list)
    card: str = "Accepted"
    start_card: str = "Accepted"
    transactions: int = 100
    port: int = 0
    connected: int = 0
    ahead_s: float = 0.0

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    def heard(self, name: str, action: str, data: dict[str, Any]) -> None:
        self.rows.append((name, action, data))

    def all(self, action: str, name: str = "LJ1") -> list[dict[str, Any]]:
        """Every payload of an action that came from a station."""
        return [data for who, what, data in self.rows if (who, what) == (name, action)]

    async def until(
        self, done: Callable[[], Any], what: str = "", patience_s: float = PATIENCE_S
    ) -> Any:
        """Wait until `done` gives something true, which is returned."""
        end = asyncio.get_running_loop().time() + patience_s
        while not (found := done()):
            if asyncio.get_running_loop().time() > end:
                heard = [(who, action) for who, action, _ in self.rows[-12:]]
                raise AssertionError(f"waited in vain for {what or done}; last heard: {heard}")
            await asyncio.sleep(0.01)
        return found

    async def hear(self, action: str, count: int = 1, name: str = "LJ1") -> dict[str, Any]:
        """Wait for the `count`-th message of an action."""
        await self.until(lambda: len(self.all(action, name)) >= count, f"{count} {action}")
        return self.all(action, name)[count - 1]

    async def status(
        self, status: str, connector: int = 1, name: str = "LJ1", patience_s: float = PATIENCE_S
    ) -> None:
        """Wait until a connector's last reported status is this one."""

        def last() -> bool:
            rows = [
                r for r in self.all("StatusNotification", name) if r["connectorId"] == connector
            ]
            return bool(rows) and rows[-1]["status"] == status

        await self.until(last, f"status {status} of connector {connector}", patience_s)

    async def amps(self, *wanted: float, connector: int = 1, name: str = "LJ1") -> None:
        """Wait for a meter value, made from now on, with this current on L1, L2 and L3."""
        before = len(self.all("MeterValues", name))

        def found() -> bool:
            rows = self.all("MeterValues", name)[before:]
            rows = [row for row in rows if row["connectorId"] == connector]
            return any(current_of(row) == list(wanted) for row in rows)

        await self.until(found, f"{wanted} A on connector {connector}")

    async def ask(self, request: Any, name: str = "LJ1") -> Any:
        """Call a station; raises what it answers with a CALLERROR."""
        return await self.ends[name].call(request, suppress=False)

    async def set(self, profile: dict[str, Any], connector: int = 1, name: str = "LJ1") -> str:
        """SetChargingProfile, without a check on this side."""
        request = call.SetChargingProfile(connector, profile)
        answer = await self.ends[name].call(request, suppress=False, skip_schema_validation=True)
        return str(answer.status)


def current_of(row: dict[str, Any]) -> list[float]:
    """The current on each phase, in A, of a MeterValues payload."""
    return [
        float(value["value"])
        for entry in row["meterValue"]
        for value in entry["sampledValue"]
        if value["measurand"] == "Current.Import"
    ]


def value_of(row: dict[str, Any], measurand: str) -> float:
    """The first value of a measurand in a MeterValues payload."""
    return next(
        float(value["value"])
        for entry in row["meterValue"]
        for value in entry["sampledValue"]
        if value["measurand"] == measurand
    )


def profile(
    number: int, *limits: float | tuple[int, float], unit: str = "A", **more: Any
) -> dict[str, Any]:
    """A TxProfile in JSON: limits that hold from 0 on, or (start in s, limit)."""
    periods = [row if isinstance(row, tuple) else (0, row) for row in limits]
    schedule = {
        "chargingRateUnit": unit,
        "chargingSchedulePeriod": [{"startPeriod": s, "limit": a} for s, a in periods],
    }
    for key in ("duration", "startSchedule"):
        if key in more:
            schedule[key] = more.pop(key)
    return {
        "chargingProfileId": number,
        "stackLevel": 0,
        "chargingProfilePurpose": "TxProfile",
        "chargingProfileKind": "Relative",
        "chargingSchedule": schedule,
        **more,
    }


@asynccontextmanager
async def central_system() -> AsyncIterator[Central]:
    """A central system that is ended with the block."""
    central = Central()

    async def handle(socket: ServerConnection) -> None:
        assert socket.request is not None
        name = socket.request.path.rsplit("/", 1)[-1]
        end = End(name, socket, central)
        central.ends[name] = end
        central.connected += 1
        with suppress(Exception):
            await end.start()

    async with serve(handle, "127.0.0.1", 0, subprotocols=["ocpp1.6"]) as server:  # type: ignore[list-item]
        central.port = next(iter(server.sockets)).getsockname()[1]
        yield central


@asynccontextmanager
async def living(
    central: Central,
    kind: StationKind = KIND,
    name: str = "LJ1",
    cars: Iterable[CarKind] = (CAR,),
    folder: Path | None = None,
    sample_s: float = 0.1,
    events: list[dict[str, Any]] | None = None,
    answer_s: float = 0.5,
) -> AsyncIterator[Station]:
    """A station that lives on its connection to `central` until the end of the block."""
    clock = WallClock()
    listener = None if events is None else events.append
    station = Station(name, kind, clock.now(), listener)
    store = None if folder is None else Store(folder, name)
    visitors = Visitors(station, tuple(cars), 1, clock.now())
    if store is not None and store.load(station):
        station.resume(clock.now())
        visitors.know(station)
    settings = Settings(station, sample_s, kind.heartbeat_s)
    life = Life(station, central.url, settings, clock, visitors, store, answer_s=answer_s)
    task = asyncio.create_task(life.run())
    try:
        yield station
        if task.done():
            task.result()
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
