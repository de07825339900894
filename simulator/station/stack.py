"""The charging profiles on a station: the engine's own profile code, kept for one station."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from simulator import ocpp as profiles

from .connector import Hold

UNCONSTRAINED = Hold()


class Stack:
    """The profiles on a station that can what `can` says.

    `running` is everywhere the transaction of each connector that has one.
    """

    def __init__(self, can: profiles.Capabilities) -> None:
        self.can = can
        self.installed = profiles.Installed()
        self.ignored = False  # a fault: profiles are taken and do nothing

    def set(
        self,
        connector: int,
        data: Mapping[str, Any],
        now: float,
        running: Mapping[int, profiles.Transaction],
    ) -> tuple[str, str]:
        """Install csChargingProfiles (OCPP 1.6 JSON): "Accepted" or "Rejected", and why.

        Raises profiles.Invalid where the answer is a CALLERROR.
        """
        profile = profiles.parse(data)
        answer, self.installed = profiles.accept(
            self.can, self.installed, connector, profile, now, running
        )
        return str(answer), answer.reason

    def clear(self, **which: Any) -> str:
        """Remove the profiles that match `which` (id, connector, purpose, level).

        "Accepted", or "Unknown" if there is none.
        """
        answer, self.installed = profiles.clear(self.installed, **which)
        return str(answer)

    def ended(self, connector: int, transaction: int) -> None:
        """A transaction is over: so are its profiles."""
        self.installed = profiles.ended(self.installed, connector, transaction)

    def forget(self) -> int:
        """All profiles are gone, as after a defect; how many there were."""
        lost = len(self.installed.profiles)
        self.installed = profiles.Installed()
        return lost

    def hold(
        self,
        connector: int,
        now: float,
        running: Mapping[int, profiles.Transaction],
        as_if_started: bool = False,
    ) -> Hold:
        """What the profiles allow at a connector now, as if it were alone; 0: at all together.

        `as_if_started`: with a transaction that begins now.
        """
        if self.ignored or not self.installed.profiles:
            return UNCONSTRAINED
        limit = profiles.limit_at(
            self.can,
            self.installed,
            connector,
            now,
            running,
            others={},
            as_if_started=as_if_started,
        )
        if limit.a is None:
            return UNCONSTRAINED
        return Hold(limit.a, limit.phases, tuple(profile.id for profile in limit.by))

    def number(self, connector: int, old: int, new: int) -> None:
        """The transaction at a connector has got its number: its profiles follow."""
        self.installed = profiles.Installed(
            tuple(
                (place, replace(p, transaction=new))
                if place == connector and p.transaction == old
                else (place, p)
                for place, p in self.installed.profiles
            )
        )

    def composite(
        self,
        connector: int,
        now: float,
        duration_s: int,
        unit: str | None,
        running: Mapping[int, profiles.Transaction],
    ) -> dict[str, Any] | None:
        """The payload of GetCompositeSchedule.conf; `None`: Rejected."""
        found = profiles.composite(
            self.can, self.installed, connector, now, duration_s, unit, running
        )
        return None if found is None else dict(found.plain())
