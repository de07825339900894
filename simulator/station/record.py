"""What a station notes about itself: a log, counts, and the effect of each profile."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

LOG_LINES = 500

Listener = Callable[[dict[str, Any]], None]


@dataclass(slots=True)
class Effect:
    """What a profile did.

    `in_force_s` is how long it set the limit of a session, `binding_s` how long of that the car
    wanted more, `held_back_wh` what the car would have taken then without it.
    """

    profile: int
    purpose: str = ""
    level: int = 0
    connector: int = 0
    accepted: int = 0
    in_force_s: float = 0.0
    binding_s: float = 0.0
    held_back_wh: float = 0.0


@dataclass(slots=True)
class Counts:
    """Sums since the start of the process."""

    energy_wh: float = 0.0
    sessions: int = 0
    samples: int = 0
    boots: int = 0
    connections: int = 0
    sent: int = 0
    received: int = 0
    unanswered: int = 0
    profiles_accepted: int = 0
    profiles_rejected: int = 0
    enforced: int = 0
    enforced_s: float = 0.0
    held_back_wh: float = 0.0
    policy_s: float = 0.0
    faults: dict[str, int] = field(default_factory=dict)


class Record:
    """The log buffer, the counts and the effects of one station; `listener` gets every event."""

    def __init__(self, station: str, listener: Listener | None = None) -> None:
        self.station = station
        self.counts = Counts()
        self.effects: dict[int, Effect] = {}
        self.lines: deque[str] = deque(maxlen=LOG_LINES)
        self.reader: Callable[[str], None] | None = None  # gets every line of the log
        self._listener = listener

    def say(self, now: float, text: str) -> None:
        """Add a line to the log."""
        moment = datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%d %H:%M:%S")
        line = f"{moment} {self.station} {text}"
        self.lines.append(line)
        if self.reader is not None:
            self.reader(line)

    def tell(self, event: str, now: float, **facts: Any) -> None:
        """Hand an event to who listens."""
        if self._listener is not None:
            self._listener({"t": round(now, 3), "id": self.station, "event": event, **facts})

    def fault(self, now: float, name: str) -> None:
        """A fault has struck."""
        self.counts.faults[name] = self.counts.faults.get(name, 0) + 1
        self.say(now, f"fault: {name}")
        self.tell("fault", now, fault=name)

    def effect(self, profile: int) -> Effect:
        """What the profile has done so far."""
        return self.effects.setdefault(profile, Effect(profile))

    def report(self) -> dict[str, Any]:
        """All of it as plain data."""
        return {
            "id": self.station,
            **asdict(self.counts),
            "profiles": [asdict(self.effects[key]) for key in sorted(self.effects)],
            "log": list(self.lines),
        }
