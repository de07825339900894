"""Messages of a station to the central system, in order, before they are encoded as OCPP."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Session:
    """A car that is being charged: from `started_at` (epoch s), with the meter at `meter_start_wh`.

    `transaction` is the central system's number, `None` until it has answered. `opened`: it is a
    transaction at all; a free station charges without one.
    """

    tag: str
    started_at: float
    meter_start_wh: float
    transaction: int | None = None
    opened: bool = True


@dataclass(frozen=True, slots=True)
class Sample:
    """The meter of a connector at `at` (epoch s).

    Current in A on L1, L2 and L3 (the station has `legs` of them), what is offered (A per phase on
    `phases` phases), the energy register in Wh, the car's charge in %.
    """

    connector: int
    at: float
    current_a: tuple[float, float, float]
    offer_a: float
    phases: int
    legs: int
    voltage_v: float
    register_wh: float
    soc_pct: float | None


@dataclass(frozen=True, slots=True)
class Status:
    """A connector (0: the station) has a new status."""

    connector: int
    status: str
    at: float
    error: str = "NoError"


@dataclass(frozen=True, slots=True)
class Ask:
    """Whether the driver with this card may charge here."""

    connector: int
    tag: str


@dataclass(frozen=True, slots=True)
class Start:
    """A transaction has begun."""

    connector: int
    session: Session


@dataclass(frozen=True, slots=True)
class Stop:
    """A transaction has ended at `at` with the meter at `meter_wh`."""

    connector: int
    session: Session
    at: float
    meter_wh: float
    reason: str


@dataclass(frozen=True, slots=True)
class Metered:
    """A meter sample, of a session or without one."""

    sample: Sample
    session: Session | None = field(default=None)
    context: str = "Sample.Periodic"


Message = Status | Ask | Start | Stop | Metered


class Outbox(deque[Message]):
    """What is to be said, the oldest first; `filled` is called when something has come in."""

    filled: Callable[[], None] | None = None

    def append(self, message: Message) -> None:
        """Add a message at the end."""
        super().append(message)
        if self.filled is not None:
            self.filled()

    def thin(self, most: int) -> None:
        """Leave out the oldest meter samples where there are more than `most` messages."""
        while len(self) > most:
            oldest = next((m for m in self if isinstance(m, Metered)), None)
            if oldest is None:
                return
            self.remove(oldest)


LASTING = (Ask, Start, Stop, Metered)
"""What is kept for later while there is no connection (OCPP 1.6, 3.9: transaction-related)."""
