"""A charging station without its network: requests of drivers and of the central system."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .cars import Car
from .charging import Charging
from .connector import Wish
from .messages import Ask, Session, Start, Status


class Station(Charging):
    """A station of a kind; every order takes the time (epoch s) at which it comes."""

    def plug(self, connector: int, car: Car, now: float) -> None:
        """A car is plugged in; its driver presents a card, if the kind of station has such."""
        self.advance(now)
        plug = self.connectors[connector]
        plug.car, plug.done, plug.asked = car, False, False
        self._settle(plug, now)
        if self.kind.presents_tag and plug.wish is None and plug.operative:
            self.present(connector, f"{self.name}-card"[:20], now)
        self._decide(now)

    def present(self, connector: int, tag: str, now: float) -> None:
        """A driver presents a card: the central system is asked; a free station does not ask."""
        plug = self.connectors[connector]
        plug.asked = True
        if self.transactions:
            self.out.append(Ask(connector, tag))
        else:
            plug.wish = Wish(tag, float("inf"))
        self.record.say(now, f"connector {connector}: card {tag} presented")

    def unplug(self, connector: int, now: float) -> None:
        """The car leaves; a session that runs ends."""
        self.advance(now)
        plug = self.connectors[connector]
        if plug.session is not None:
            self.stop(connector, "EVDisconnected", now)
        plug.car, plug.done, plug.asked, plug.wish = None, False, False, None
        self._settle(plug, now)

    def allow(self, connector: int, tag: str, accepted: bool, now: float) -> None:
        """The answer to a presented card."""
        plug = self.connectors[connector]
        self.record.say(now, f"connector {connector}: card {'accepted' if accepted else 'refused'}")
        if accepted and plug.session is None and plug.car is not None:
            plug.wish = Wish(tag, float("inf"))
            self.advance(now)
            self._decide(now)

    def remote_start(
        self, connector: int | None, tag: str, profile: Mapping[str, Any] | None, now: float
    ) -> bool:
        """Start a session at a connector (`None`: the first that is free); False: it can't."""
        free = [
            p
            for p in self.connectors.values()
            if p.operative and p.session is None and connector in (None, p.number)
        ]
        free.sort(key=lambda p: p.car is None)
        if not free or not self.operative or not self.transactions:
            return False
        free[0].wish = Wish(tag, now + self.wish_s, profile)
        self.record.say(now, f"connector {free[0].number}: remote start for {tag}")
        return True

    def remote_stop(self, transaction: int, now: float) -> bool:
        """End a transaction by its number; False: there is none such."""
        for plug in self.connectors.values():
            if plug.session is not None and plug.session.transaction == transaction:
                self.stop(plug.number, "Remote", now)
                return True
        return False

    def started(self, connector: int, session: Session, number: int, accepted: bool) -> None:
        """The central system's number for a session that has begun."""
        self.stack.number(connector, self._number(session), number)
        session.transaction = number
        self.changed = True
        plug = self.connectors[connector]
        self.record.tell("transaction", self._at, connector=connector, transaction=number)
        if not accepted and plug.session is session:
            self.stop(connector, "DeAuthorized", self._at)

    def clear_profiles(self, now: float, **which: Any) -> str:
        """Remove profiles; "Accepted" or "Unknown"."""
        self.advance(now)
        answer = self.stack.clear(**which)
        self.changed = True
        self.record.say(now, f"profiles cleared: {answer}")
        self.record.tell("clear", now, answer=answer)
        self._decide(now)
        return answer

    def composite(
        self, connector: int, now: float, duration_s: int, unit: str | None
    ) -> dict[str, Any] | None:
        """The payload of GetCompositeSchedule.conf; `None`: Rejected."""
        return self.stack.composite(connector, now, duration_s, unit, self.running())

    def set_operative(self, connector: int, operative: bool, now: float) -> str:
        """Take a connector (0: all) into or out of service.

        "Accepted", or "Scheduled" for the end of a session.
        """
        chosen = [p for p in self.connectors.values() if connector in (0, p.number)]
        if connector == 0:
            self.operative = operative
        for plug in chosen:
            plug.operative = operative
            self._settle(plug, now)
        waits = not operative and any(p.session for p in chosen)
        return "Scheduled" if waits else "Accepted"

    def statuses(self, now: float, connector: int = 0) -> None:
        """Report the status of a connector; 0: of the station and of all of them."""
        if connector == 0:
            station = "Available" if self.operative else "Unavailable"
            self.out.append(Status(0, station, now))
        for plug in self.connectors.values():
            if connector in (0, plug.number):
                self.out.append(Status(plug.number, plug.status, now))

    def forget_profiles(self, now: float) -> None:
        """A defect: all profiles are gone."""
        self.advance(now)
        if self.stack.forget():
            self.changed = True
            self.record.fault(now, "forget")
            self._decide(now)

    def shift(self, jump_s: float) -> None:
        """The clock was set, by so many s."""
        self.record.say(self._at + jump_s, f"clock set by {jump_s:+.1f} s")
        self._at += jump_s
        for plug in self.connectors.values():
            plug.shift(jump_s)

    def resume(self, now: float) -> None:
        """Go on after a restart with what was put back: sessions and meters as they were."""
        for plug in self.connectors.values():
            session = plug.session
            if session is not None and session.opened and session.transaction is None:
                self.out.append(Start(plug.number, session))
            if session is not None:
                plug.sampled_at = now
                self.record.say(now, f"connector {plug.number}: session goes on")
            self._settle(plug, now)
        self._decide(now)
