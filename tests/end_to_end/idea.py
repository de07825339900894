"""What the controller may expect of a station: the profiles it sent, by the same profile code.

A station that did something else than this got something else than was sent: on the way through
the integration and over the connection, or by a transaction or connector that was not meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from simulator import ocpp

IN_SESSION = ("Charging", "SuspendedEV", "SuspendedEVSE")
"""Statuses of a connector with a session, whose transaction may not have its number yet."""


@dataclass
class Idea:
    """A station as the controller sees it, fed with what it was told and with what it says.

    `can` is what the station can do, `phases` how many its cars use.
    """

    can: ocpp.Capabilities
    phases: int = 3
    installed: ocpp.Installed = field(default_factory=ocpp.Installed)
    running: dict[int, ocpp.Transaction] = field(default_factory=dict)
    compared: int = 0
    wrong: list[str] = field(default_factory=list)

    def follow(
        self, told: Iterable[Mapping[str, Any]], events: Iterable[Mapping[str, Any]]
    ) -> None:
        """Compare everything that a station says with what it was told, in order.

        `told` are the calls for this station, `events` its own words. A profile counts from the
        moment at which the station answers it. Calls for two connectors may overtake each other.
        """
        sent: dict[int, list[Mapping[str, Any]]] = {}
        for call in told:
            if call["service"] == "set_charge_rate":
                data = call["service_data"]
                sent.setdefault(data["conn_id"], []).append(data)
        for event in events:
            connector = event.get("connector", 0)
            if event["event"] == "profile":
                if not sent.get(connector):
                    self.wrong.append(f"a profile that nobody sent: {event}")
                    continue
                self._profile(sent[connector].pop(0), event)
            elif event["event"] == "clear":
                _, self.installed = ocpp.clear(self.installed)
            elif event["event"] == "transaction":
                number = event["transaction"]
                self.running[connector] = ocpp.Transaction(number, event["t"], self.phases)
            elif event["event"] == "stop" and connector in self.running:
                ended = self.running.pop(connector)
                self.installed = ocpp.ended(self.installed, connector, ended.id)
            elif event["event"] == "sample":
                self._sample(connector, event)

    def _profile(self, sent: Mapping[str, Any], event: Mapping[str, Any]) -> None:
        profile = ocpp.parse(sent["custom_profile"])
        if profile.id != event["profile"]:
            self.wrong.append(f"sent {sent}, arrived {event}")
        answer, self.installed = ocpp.accept(
            self.can, self.installed, sent["conn_id"], profile, event["t"], self.running
        )
        if answer != event["answer"]:
            self.wrong.append(f"expected {answer} {answer.reason}: {event}")

    def _sample(self, connector: int, event: Mapping[str, Any]) -> None:
        idle = connector not in self.running
        if idle and event["status"] not in IN_SESSION:
            return  # nothing is charged, and so nothing is limited
        limit = ocpp.limit_at(
            self.can, self.installed, connector, event["t"], self.running, as_if_started=idle
        )
        self.compared += 1
        found = (limit.a, [profile.id for profile in limit.by])
        if event["limit"] is None:
            if limit.a is not None:
                self.wrong.append(f"expected {found}, and there is no limit: {event}")
        elif limit.a is None or abs(limit.a - event["limit"]) > 0.01 or found[1] != event["by"]:
            self.wrong.append(f"expected {found}: {event}")
