"""Everything that is remembered from one run to the next; `load` has what is remembered of a load.

Times are epoch seconds, currents A per leg. A run takes a Memory and gives a new one; nothing is
changed in place. `codec` writes it as JSON, `restart` says what of it counts after a restart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..records import quick
from .limits import NOTHING_PASSED, BatteryMemory, Seen, Smooth, Spot
from .load import NOTHING_KNOWN, LoadMemory
from .logbook import Heat, History, OverTime, Tally
from .plausibility import NO_DOUBTS, Doubts
from .times import At
from .wiring import WiringMemory


@quick
@dataclass(frozen=True, slots=True)
class Held:
    """The last good value of an entity, and when it was read.

    `doubted`, `doubted_at`: a value since then that can't be, and when it was reported.
    """

    value: float | str
    at: At
    doubted: float | None = None
    doubted_at: At | None = None


@dataclass(frozen=True, slots=True)
class Override:
    """A setting that was set by a service, and the form's value at that time.

    It holds until the form's value is another one. A choice is text, an amount a number. `seconds`
    is the length of a boost; `None`: as long as the form says.
    """

    value: str | float
    form: str | float | None
    seconds: float | None = None


Owned = tuple[str, str]
"""A setting of a node: (id of the load, or "site"; name of the setting)."""


@quick
@dataclass(frozen=True, slots=True)
class Memory:
    """Everything that is remembered.

    - `loads`: by id of the load. `held`: last good values by entity id. `overrides`: settings by
      service, by (id of the owner, name).
    - `battery`: which marks the battery has passed.
    - `seen`: what each meter showed, by (circuit, phase). `sun`: the same for house less sun and
      battery, by phase.
    - `peaks`: the most that was not managed in each of the last minutes, by (circuit, phase), as
      (minutes since the epoch, A). `silent`: since when the meter of a circuit has given nothing.
    - `smooth_raise`, `smooth_cut`: what the sun leaves over, smoothed, for raises and for cuts.
    - `over`: time over limits today, by (circuit, phase); the import limit has the key
      `logbook.overload.IMPORT`. `heat`: how warm each breaker is, by the same keys. `tallies`:
      today's energies by load.
    - `wiring`: which load was seen on which phase. `checks`: doubts about the forms. `history`: the
      last changes of each load.
    - `woke_at`, `ran_at`: the first run since the start, and the last run; `utc_offset_s`: by how
      much local time was ahead of UTC in that.
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
    heat: Mapping[Spot, Heat] = field(default_factory=dict)
    tallies: Mapping[str, Tally] = field(default_factory=dict)
    wiring: WiringMemory = field(default_factory=WiringMemory)
    checks: Doubts = NO_DOUBTS
    history: History = field(default_factory=dict)
    woke_at: At | None = None
    ran_at: At | None = None
    utc_offset_s: float | None = None

    def load(self, load_id: str) -> LoadMemory:
        """The memory of a load; an empty one if there is none."""
        return self.loads.get(load_id, NOTHING_KNOWN)
