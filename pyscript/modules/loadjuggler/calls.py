"""Calls of Home Assistant's services, and the slot of each: what it is for.

At most one call is under way for each load. A newer call replaces one that waits only if both have
the same slot, so a new current replaces an old one, and never a call that pauses the charger.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .records import quick

SAFE = "safe"
"""Slot of calls that write the safe layer, the current that holds when the command has run out
(docs/product.md section 6, docs/decisions/0017)."""


SWITCH = "switch"
"""Slot of calls that pause a charger by its switch, or let it charge again."""


UNIT, LEVELS = "unit", "levels"
"""Slots of calls that ask a charger which unit and which stack levels it knows. Their response is
handed to `Keeper.succeeded`."""


CLEAR = "clear"
"""Slot of calls that clear all profiles of a charger."""


MODE = "mode"
"""Slot of calls that write a mode to its entity. Whether they fail changes nothing about what the
load was told."""


NOTED = (SAFE, SWITCH, CLEAR)
"""Slots of calls that tell no current but whose failure is remembered, because the load then holds
something else than planned."""


ASIDES = (MODE, "ask", "reset", "phases", UNIT, LEVELS, *NOTED)
"""Slots of calls that tell a load no current: they write a mode, ask for a report, unit or levels,
clear profiles, restart a charger, switch its phases, pause it, or write the safe layer."""


NOTICE = "notice"
"""Slots of calls that show or dismiss a notification begin so; they belong to no load."""


@quick
@dataclass(frozen=True, slots=True)
class ServiceCall:
    """A call of `domain.service` with `data`, made for the load `load_id`.

    `delivers` is what the load holds once the call has gone through: (`tx_a`, `tx`, `default_a`) of
    `memory.told.Command`, currents in A per leg. `slot` says what the call is for.
    """

    load_id: str
    domain: str
    service: str
    data: Mapping[str, Any]
    delivers: tuple[float | None, int, float | None] = (None, 0, None)
    slot: str = ""

    @property
    def tells(self) -> bool:
        """Whether the call tells the load a current."""
        return self.slot not in ASIDES and not self.slot.startswith(NOTICE)

    @property
    def asks(self) -> bool:
        """Whether the service must be called with a response, which is then handed back."""
        return self.slot in (UNIT, LEVELS)


ASK, AGAIN, OTHERWISE, RESET = "ask", "again", "otherwise", "reset"
"""Remedies for a load that does not follow: ask it for a report, send the command again, send it in
another way, restart it (`CLEAR`, above, clears its profiles)."""
