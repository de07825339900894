"""Sends a station's messages in order on the present connection, again until each is answered."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from .messages import LASTING, Ask, Message, Start
from .settings import Settings
from .station import Station
from .wire import Refused, Wire
from .words import payload


class Talk:
    """The outgoing messages of a station; `now` is its own clock."""

    def __init__(self, station: Station, settings: Settings, now: Callable[[], float]) -> None:
        self.station = station
        self.settings = settings
        self.now = now
        self._later: list[tuple[float, Ask | Start]] = []

    def shift(self, jump_s: float) -> None:
        """The clock was set, by so many s."""
        self._later = [(at + jump_s, message) for at, message in self._later]

    def begin(self) -> None:
        """A connection begins: what was said about statuses before is old, the rest is not."""
        kept = [m for m in self.station.out if isinstance(m, LASTING)]
        self.station.out.clear()
        self.station.statuses(self.now())
        self.station.out.extend(kept)

    async def send_on(self, wire: Wire) -> None:
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
            except (TimeoutError, Refused) as error:
                tries += 1
                station.record.say(self.now(), f"not said: {error}")
                most = int(self.settings.values["TransactionMessageAttempts"])
                if isinstance(message, LASTING) and tries < most:
                    continue
                if isinstance(message, Ask | Start):
                    wait_s = max(self.settings.seconds("TransactionMessageRetryInterval"), 1.0)
                    self._later.append((self.now() + wait_s, message))
            tries = 0
            if station.out and station.out[0] is message:
                station.out.popleft()

    def once_more(self, now: float) -> None:
        """Without an answer to these there is no session, so they are said again while it waits."""
        due = [message for at, message in self._later if at <= now]
        self._later = [(at, message) for at, message in self._later if at > now]
        for message in due:
            plug = self.station.connectors[message.connector]
            waits = plug.car is not None and plug.session is None and not plug.done
            if waits if isinstance(message, Ask) else plug.session is message.session:
                self.station.out.append(message)

    async def _send(self, wire: Wire, message: Message) -> None:
        request = payload(message, self.settings.measurands)
        if request is None:
            return
        answer = await wire.request(request)
        now = self.now()
        if isinstance(message, Ask):
            accepted = answer.id_tag_info["status"] == "Accepted"
            self.station.allow(message.connector, message.tag, accepted, now)
        elif isinstance(message, Start):
            accepted = answer.id_tag_info["status"] == "Accepted"
            goes_on = accepted or not self.settings.on("StopTransactionOnInvalidId")
            number = answer.transaction_id
            self.station.started(message.connector, message.session, number, goes_on)
