"""Calls of services as they go to Home Assistant, and what each of them is for: its slot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SAFE = "safe"
"""Slot of calls that lay the safe current below the command (section 6 of docs/product.md)."""


SWITCH = "switch"
"""Slot of calls that pause a charger by a switch, or let it go on."""


UNIT, LEVELS = "unit", "levels"
"""Slots of calls that ask a charger for its unit, and for the stack levels that it knows: their
response is handed back."""


CLEAR = "clear"
"""Slot of calls that clear all profiles of a charger."""


MODE = "mode"
"""Slot of calls that write a mode; how they end says nothing about what the load was told."""


NOTED = (SAFE, SWITCH, CLEAR)
"""Slots of calls that tell no amount; that one of them failed has to be known all the same."""


ASIDES = (MODE, "ask", "reset", "phases", UNIT, LEVELS, *NOTED)
"""Slots of calls that tell a load no amount: they write a mode, ask for something, clear profiles,
restart a charger, switch its phases, pause it by a switch, or lay what it falls back on."""


NOTICE = "notice"
"""Beginning of the slots of calls that show a notification, or take it away; they are of no load.
"""


@dataclass(frozen=True, slots=True)
class ServiceCall:
    """A call that moves a load: `domain.service` with `data`, made for load `load_id`.

    `delivers` is what the load has been told once the call has gone through, for the memory. A
    newer call replaces one that waits only if it has the same `slot`.
    """

    load_id: str
    domain: str
    service: str
    data: Mapping[str, Any]
    delivers: tuple[float | None, int, float | None] = (None, 0, None)
    slot: str = ""

    @property
    def tells(self) -> bool:
        """Whether the call tells the load how much to take; others stand beside that."""
        return self.slot not in ASIDES and not self.slot.startswith(NOTICE)

    @property
    def asks(self) -> bool:
        """Whether the service must be asked for a response, to be handed back."""
        return self.slot in (UNIT, LEVELS)


ASK, AGAIN, RESET = "ask", "again", "reset"
"""What to do beside the command: ask for a report, send it again, clear or restart the charger."""
