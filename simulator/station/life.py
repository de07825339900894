"""The life of a station: it connects, boots, reports, loses its connection and comes back."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from typing import Any

from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from .clock import Clock, Skewed
from .faulty import Faulty
from .keep import Store
from .settings import Settings
from .station import Station
from .talk import Talk
from .visitors import Visitors
from .wire import Refused, Wire
from .words import time_of

SUBPROTOCOL = "ocpp1.6"
FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 60.0
BOOT_WAIT_S = 10.0
SAVED_EVERY_S = 60.0
KEPT_MESSAGES = 5000
RESET_S = 0.3


class Life:
    """One station with its connection. `run` lasts until it is cancelled; `close` ends it well."""

    def __init__(
        self,
        station: Station,
        url: str,
        settings: Settings,
        clock: Clock,
        visitors: Visitors,
        store: Store | None = None,
        seed: int | str = 1,
        answer_s: float = 30.0,
    ) -> None:
        self.station = station
        self.url = f"{url.rstrip('/')}/{station.name}"
        self.settings = settings
        self.clock = clock
        self.own = Skewed(clock, station.kind.faults.drift)
        self.visitors = visitors
        self.store = store
        self.chance = random.Random(f"{seed}/{station.name}/life")
        self.answer_s = answer_s
        self.sets_clock = getattr(clock, "speed", 1.0) == 1.0
        self.talk = Talk(station, settings, self.own.now)
        self._saved_at = self._read_at = self.own.now()
        self._forgets_at = self._next(station.kind.faults.forget_s)

    async def run(self) -> None:
        """Live: the plugs in their own time, the connection in its own."""
        try:
            # If one fails, the other ends too, and the error is seen.
            async with asyncio.TaskGroup() as both:
                both.create_task(self._tick_on())
                both.create_task(self._stay_connected())
        finally:
            self.save()

    def save(self) -> None:
        """Write down what must survive a restart."""
        if self.store is not None:
            self.store.save(self.station, self.own.now())

    # The station's own time.

    async def _tick_on(self) -> None:
        while True:
            self.tick(self.own.now())
            sample_s = self.settings.seconds("MeterValueSampleInterval") or 1.0
            await self.clock.sleep(min(1.0, max(sample_s / 2.0, 0.05)))

    def tick(self, now: float) -> None:
        """What happens by itself: cars come and go, meters run and are read, defects."""
        station = self.station
        self.visitors.step(station, now)
        station.advance(now)
        station.wish_s = self.settings.seconds("ConnectionTimeOut")
        self._read_meters(now)
        if self._forgets_at is not None and now >= self._forgets_at:
            self._forgets_at = self._next(station.kind.faults.forget_s)
            station.forget_profiles(now)
        self.talk.once_more(now)
        station.out.thin(KEPT_MESSAGES)
        if station.changed or now >= self._saved_at + SAVED_EVERY_S:
            station.changed, self._saved_at = False, now
            self.save()

    def _read_meters(self, now: float) -> None:
        """Sessions at the interval of samples, all plugs at that of the clock."""
        station = self.station
        sample_s = self.settings.seconds("MeterValueSampleInterval")
        for plug in station.connectors.values():
            if plug.session is None or not sample_s:
                continue
            if plug.sampled_at is None:
                station.sample(plug.number, now, "Transaction.Begin")
            elif now >= plug.sampled_at + sample_s - 0.01:
                station.sample(plug.number, now)
        aligned_s = self.settings.seconds("ClockAlignedDataInterval")
        if aligned_s and now // aligned_s != self._read_at // aligned_s:
            for number in station.connectors:
                station.sample(number, now, "Sample.Clock")
        self._read_at = now

    def _next(self, mean_s: float | None) -> float | None:
        """When a fault strikes next that does so every `mean_s` on average."""
        return None if mean_s is None else self.own.now() + self.chance.expovariate(1.0 / mean_s)

    # The connection.

    async def _stay_connected(self) -> None:
        wait_s = FIRST_WAIT_S
        while True:
            booted = False
            try:
                async with connect(
                    self.url,
                    subprotocols=[SUBPROTOCOL],  # type: ignore[list-item]  # a kind of str
                    open_timeout=self.answer_s,
                    ping_interval=self.settings.seconds("WebSocketPingInterval") or None,
                    compression=None,
                ) as socket:
                    booted = await self._converse(socket)
            except (OSError, TimeoutError, WebSocketException) as error:
                self.station.record.say(self.own.now(), f"connection: {error!r}")
            self.station.record.tell("disconnected", self.own.now())
            if booted:
                wait_s = FIRST_WAIT_S
            # Not all of many stations at the same moment.
            await self.clock.sleep(wait_s * self.chance.uniform(0.5, 1.0))
            wait_s = min(wait_s * 2.0, LONGEST_WAIT_S)

    async def _converse(self, socket: Any) -> bool:
        """One connection, until it ends; True if the station was accepted on it."""
        station, record = self.station, self.station.record
        record.counts.connections += 1
        record.tell("connected", self.own.now())
        faults = station.kind.faults
        line = Faulty(socket, faults, self.chance, lambda n: record.fault(self.own.now(), n))
        wire = Wire(station, self.settings, line, self.own.now, self.answer_s, self.clock.sleep)
        reading = asyncio.create_task(wire.start())
        jobs = [reading, asyncio.create_task(wire.carry_out())]
        try:
            await self._boot(wire, reading)
            jobs += [
                asyncio.create_task(self.talk.send_on(wire)),
                asyncio.create_task(self._beat_on(wire)),
                asyncio.create_task(self._obey(wire)),
                asyncio.create_task(self._break_off(socket)),
            ]
            done, _ = await asyncio.wait(jobs, return_when=asyncio.FIRST_COMPLETED)
            for job in done:
                job.result()
        finally:
            await _end(jobs)
        return True

    async def _boot(self, wire: Wire, reading: asyncio.Task[None]) -> None:
        """Boot until accepted (4.2: pending or rejected, it asks again after the interval)."""
        while True:
            record, wait_s = self.station.record, BOOT_WAIT_S
            try:
                answer = await _unless_over(wire.boot(), reading)
            except Refused as refused:
                record.say(self.own.now(), str(refused))
            else:
                self._take_time(answer.current_time)
                if answer.status == "Accepted":
                    break
                record.say(self.own.now(), f"boot: {answer.status}")
                wait_s = float(answer.interval or BOOT_WAIT_S)
            await _unless_over(self.clock.sleep(max(wait_s, 1.0)), reading)
        record.counts.boots += 1
        record.say(self.own.now(), "boot: accepted")
        record.tell("booted", self.own.now())
        if answer.interval:
            self.settings.values["HeartbeatInterval"] = str(answer.interval)
        self.talk.begin()

    def _take_time(self, text: str) -> None:
        now = time_of(text)
        if now is None or not self.sets_clock:
            return
        jump_s = self.own.set(now)
        if jump_s:
            # What was meant for a moment is meant as long ahead, or ago, as before.
            self._saved_at += jump_s
            self._read_at += jump_s
            if self._forgets_at is not None:
                self._forgets_at += jump_s
            self.visitors.shift(jump_s)
            self.talk.shift(jump_s)
            self.station.shift(jump_s)

    async def _beat_on(self, wire: Wire) -> None:
        while True:
            await self.clock.sleep(max(self.settings.seconds("HeartbeatInterval"), 1.0))
            with suppress(TimeoutError, Refused):
                self._take_time((await wire.beat()).current_time)

    async def _obey(self, wire: Wire) -> None:
        """Do what the central system asked for and was answered."""
        while True:
            what, *more = await wire.wanted.get()
            if what == "reset":
                await self._reset(more[0])
                return
            with suppress(TimeoutError, Refused):
                await self._triggered(wire, more[0], int(more[1]))

    async def _reset(self, kind: str) -> None:
        """Sessions end, then the connection; a hard reset does not wait for what is to be said."""
        now = self.own.now()
        self.station.record.say(now, f"{kind.lower()} reset")
        for number in self.station.connectors:
            self.station.stop(number, f"{kind}Reset", now)
        # The answer to the Reset itself must have arrived, also before a hard one.
        await asyncio.sleep(RESET_S)
        for _ in range(100 if kind == "Soft" else 0):
            if not self.station.out:
                break
            await asyncio.sleep(0.02)

    async def _triggered(self, wire: Wire, what: str, connector: int) -> None:
        station, now = self.station, self.own.now()
        plugs = [n for n in station.connectors if connector in (0, n)]
        if what == "BootNotification":
            self._take_time((await wire.boot()).current_time)
        elif what == "Heartbeat":
            self._take_time((await wire.beat()).current_time)
        elif what == "MeterValues":
            for number in plugs:
                station.sample(number, now, "Trigger")
        else:
            station.statuses(now, connector)

    async def _break_off(self, socket: Any) -> None:
        """The fault of a connection that breaks."""
        mean_s = self.station.kind.faults.disconnect_s
        if mean_s is None:
            await asyncio.Event().wait()
            return
        await self.clock.sleep(self.chance.expovariate(1.0 / mean_s))
        self.station.record.fault(self.own.now(), "disconnect")
        await socket.close()


async def _end(tasks: Sequence[asyncio.Task[Any]]) -> None:
    """Cancel tasks until they are over: Python 3.11's wait_for can swallow a cancellation."""
    waiting = set(tasks)
    while waiting:
        for task in waiting:
            task.cancel()
        _, waiting = await asyncio.wait(waiting, timeout=0.2)
    await asyncio.gather(*tasks, return_exceptions=True)


async def _unless_over(calling: Coroutine[Any, Any, Any], reading: asyncio.Task[None]) -> Any:
    """The result of a call; raises what ended the connection if that comes first."""
    task = asyncio.create_task(calling)
    try:
        await asyncio.wait({task, reading}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            reading.result()
        return await task
    finally:
        await _end([task])
