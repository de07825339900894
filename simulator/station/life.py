"""The life of a station: it connects, boots, reports, loses its connection and comes back."""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress
from typing import Any

from ocpp.exceptions import OCPPError
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from .clock import Clock, Skewed
from .faulty import Faulty
from .keep import Store
from .messages import LASTING, Ask, Message, Start
from .settings import Settings
from .station import Station
from .visitors import Visitors
from .wire import Wire
from .words import payload, time_of

SUBPROTOCOL = "ocpp1.6"
FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 60.0
SAVED_EVERY_S = 60.0
KEPT_MESSAGES = 5000


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
        self._beat_s: float | None = None
        self._socket: Any = None
        self._saved_at = clock.now()
        self._forgets_at = self._next(station.kind.faults.forget_s)

    async def run(self) -> None:
        """Live: the plugs in their own time, the connection in its own."""
        ticking = asyncio.create_task(self._tick_on())
        try:
            await self._stay_connected()
        finally:
            ticking.cancel()
            with suppress(asyncio.CancelledError):
                await ticking
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
        sample_s = self.settings.seconds("MeterValueSampleInterval")
        for plug in station.connectors.values():
            if plug.session is None or not sample_s:
                continue
            if plug.sampled_at is None:
                station.sample(plug.number, now, "Transaction.Begin")
            elif now >= plug.sampled_at + sample_s - 0.01:
                station.sample(plug.number, now)
        if self._forgets_at is not None and now >= self._forgets_at:
            self._forgets_at = self._next(station.kind.faults.forget_s)
            station.forget_profiles(now)
        while len(station.out) > KEPT_MESSAGES:
            station.out.popleft()
        if station.changed or now >= self._saved_at + SAVED_EVERY_S:
            station.changed, self._saved_at = False, now
            self.save()

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
                    ping_interval=20,
                    compression=None,
                ) as socket:
                    booted = await self._converse(socket)
            except (OSError, TimeoutError, WebSocketException, OCPPError) as error:
                self.station.record.say(self.own.now(), f"connection: {error or type(error)}")
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
        wire = Wire(station, self.settings, line, self.own.now, self.answer_s)
        reading = asyncio.create_task(wire.start())
        jobs = [reading]
        try:
            await self._boot(wire, reading)
            jobs += [
                asyncio.create_task(self._send_on(wire)),
                asyncio.create_task(self._beat_on(wire)),
                asyncio.create_task(self._obey(wire)),
                asyncio.create_task(self._break_off(socket)),
            ]
            done, _ = await asyncio.wait(jobs, return_when=asyncio.FIRST_COMPLETED)
            for job in done:
                job.result()
        finally:
            for job in jobs:
                job.cancel()
            await asyncio.gather(*jobs, return_exceptions=True)
        return True

    async def _boot(self, wire: Wire, reading: asyncio.Task[None]) -> None:
        """Boot until accepted (4.2: pending or rejected, it asks again after the interval)."""
        while True:
            record = self.station.record
            record.counts.sent += 1
            calling = asyncio.create_task(wire.boot())
            await asyncio.wait({calling, reading}, return_when=asyncio.FIRST_COMPLETED)
            if not calling.done():
                calling.cancel()
                reading.result()
            answer = await calling
            if answer is not None:
                self._take_time(answer.current_time)
            if answer is not None and answer.status == "Accepted":
                break
            status = "error" if answer is None else answer.status
            record.say(self.own.now(), f"boot: {status}")
            await self.clock.sleep(max(float(getattr(answer, "interval", 0) or 10), 1.0))
        record.counts.boots += 1
        record.say(self.own.now(), "boot: accepted")
        record.tell("booted", self.own.now())
        if answer.interval:
            self.settings.values["HeartbeatInterval"] = str(answer.interval)
        # What was said about statuses before is old; what belongs to transactions is not.
        kept = [m for m in self.station.out if isinstance(m, LASTING)]
        self.station.out.clear()
        self.station.statuses(self.own.now())
        self.station.out.extend(kept)

    def _take_time(self, text: str) -> None:
        now = time_of(text)
        if now is not None and self.sets_clock and abs(now - self.own.now()) > 1.0:
            self.own.set(now)

    async def _send_on(self, wire: Wire) -> None:
        """Send what the station has to say, one after the other."""
        station = self.station
        tries, filled = 0, asyncio.Event()
        station.out.filled = filled.set
        while True:
            if not station.out:
                filled.clear()
                await filled.wait()
            message = station.out[0]
            try:
                await self._send(wire, message)
            except TimeoutError:
                tries += 1
                station.record.counts.unanswered += 1
                most = int(self.settings.values["TransactionMessageAttempts"])
                if isinstance(message, LASTING) and tries < most:
                    continue
                station.record.say(self.own.now(), f"given up: {type(message).__name__}")
            except OCPPError as error:
                station.record.say(self.own.now(), f"{type(message).__name__}: {error}")
            tries = 0
            if station.out and station.out[0] is message:
                station.out.popleft()

    async def _send(self, wire: Wire, message: Message) -> None:
        request = payload(message, self.settings.measurands())
        if request is None:
            return
        self.station.record.counts.sent += 1
        answer = await wire.call(request, suppress=False)
        now = self.own.now()
        if isinstance(message, Ask):
            accepted = answer.id_tag_info["status"] == "Accepted"
            self.station.allow(message.connector, message.tag, accepted, now)
        elif isinstance(message, Start):
            accepted = answer.id_tag_info["status"] == "Accepted"
            self.station.started(
                message.connector, message.session, answer.transaction_id, accepted
            )

    async def _beat_on(self, wire: Wire) -> None:
        while True:
            await self.clock.sleep(max(self.settings.seconds("HeartbeatInterval"), 1.0))
            with suppress(TimeoutError):
                answer = await wire.beat()
                self.station.record.counts.sent += 1
                if answer is not None:
                    self._take_time(answer.current_time)

    async def _obey(self, wire: Wire) -> None:
        """Do what the central system asked for and was answered."""
        while True:
            what, *more = await wire.wanted.get()
            if what == "reset":
                await self._reset(more[0])
                return
            with suppress(TimeoutError, OCPPError):
                await self._triggered(wire, more[0], int(more[1]))

    async def _reset(self, kind: str) -> None:
        """Sessions end, then the connection; a hard reset does not wait for what is to be said."""
        now = self.own.now()
        self.station.record.say(now, f"{kind.lower()} reset")
        for number in self.station.connectors:
            self.station.stop(number, f"{kind}Reset", now)
        for _ in range(100 if kind == "Soft" else 0):
            if not self.station.out:
                break
            await asyncio.sleep(0.02)

    async def _triggered(self, wire: Wire, what: str, connector: int) -> None:
        station, now = self.station, self.own.now()
        plugs = [n for n in station.connectors if connector in (0, n)]
        if what == "BootNotification":
            await wire.boot()
        elif what == "Heartbeat":
            await wire.beat()
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
