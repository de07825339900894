"""What must outlive a run or a restart, as plain data; of a load it is in `load_memory`.

Times are epoch seconds, currents A per leg. A run takes a Memory and gives a new one; nothing is
changed in place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .limits import NOTHING_PASSED, BatteryMemory, Seen, Smooth, Spot
from .load import NOTHING_KNOWN, LoadMemory
from .logbook import History, OverTime, Tally
from .plausibility import NO_DOUBTS, Doubts
from .times import At
from .wiring import WiringMemory


@dataclass(frozen=True, slots=True)
class Held:
    """Last good value of an entity and when it was last seen good."""

    value: float | str
    at: At


@dataclass(frozen=True, slots=True)
class Override:
    """What a service call set, and the form's value then: it holds until the form changes.

    A choice is text, an amount a number. `seconds` is how long a boost was asked for; `None`: as
    long as the form says.
    """

    value: str | float
    form: str | float | None
    seconds: float | None = None


Owned = tuple[str, str]
"""A setting of a node: (id of the load, or "site"; name of the setting)."""


@dataclass(frozen=True, slots=True)
class Memory:
    """Everything remembered: loads by id, good values by entity id, settings by (id, name).

    `seen` is by "circuit phase"; `over`, too, and the import limit's (A, all phases together) by
    "import". `sun` is the same as `seen` for house less sun and battery, by phase. `peaks`, by
    "circuit phase", are the most that was not managed in each of the last minutes: (minutes since
    the epoch, A). Since `silent` (epoch s by circuit) its meter has given
    nothing. `smooth_raise` and `smooth_cut` are what the sun leaves over, as a raise and a cut see
    it. `tallies` are the energies of today by load. `wiring` is what was observed of who is on
    which phase, `checks` are doubts about the forms, `history` is what each load was told lately.
    `woke_at` is the first run since the start, `ran_at` the last one, epoch s.
    """

    loads: Mapping[str, LoadMemory] = field(default_factory=dict)
    held: Mapping[str, Held] = field(default_factory=dict)
    overrides: Mapping[Owned, Override] = field(default_factory=dict)
    battery: BatteryMemory = NOTHING_PASSED
    seen: Mapping[Spot, Seen] = field(default_factory=dict)
    sun: Mapping[str, Seen] = field(default_factory=dict)
    peaks: Mapping[Spot, tuple[tuple[int, float], ...]] = field(default_factory=dict)
    silent: Mapping[str, At] = field(default_factory=dict)
    smooth_raise: Smooth | None = None
    smooth_cut: Smooth | None = None
    over: Mapping[Spot, OverTime] = field(default_factory=dict)
    tallies: Mapping[str, Tally] = field(default_factory=dict)
    wiring: WiringMemory = field(default_factory=WiringMemory)
    checks: Doubts = NO_DOUBTS
    history: History = field(default_factory=dict)
    woke_at: At | None = None
    ran_at: At | None = None

    def load(self, load_id: str) -> LoadMemory:
        """Memory of one load; empty if there is none."""
        return self.loads.get(load_id) or NOTHING_KNOWN
