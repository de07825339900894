"""What must outlive a run or a restart, as plain data; of a load it is in `load_memory`.

Times are epoch seconds, currents A per leg. A run takes a Memory and gives a new one; nothing is
changed in place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from . import plain
from .doubts import NO_DOUBTS, Doubts
from .evidence import WiringMemory
from .load_memory import LoadMemory


@dataclass(frozen=True, slots=True)
class Held:
    """Last good value of an entity and when it was last seen good."""

    value: float | str
    at: float


@dataclass(frozen=True, slots=True)
class Override:
    """What a service call set, and the form's value then: it holds until the form changes.

    A choice is text, an amount a number. `seconds` is how long a boost was asked for; `None`: as
    long as the form says.
    """

    value: str | float
    form: str | float | None
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class BatteryMemory:
    """What the battery's state of charge has passed, and what it was found to give.

    `at_target`, `above_target`, `reserve` and `full` are the marks that hold, with hysteresis.
    `counted_w` is what was counted on in the last run; since `short_at` the site imports while
    the battery gives less. Since `cap_at` sun and battery together count for `cap_w` at most, and
    the battery alone for `gave_w`. Its power was last reported at `reported_at`, and lately every
    `every_s`.
    """

    at_target: bool = False
    above_target: bool = False
    reserve: bool = False
    full: bool = False
    counted_w: float = 0.0
    short_at: float | None = None
    cap_w: float | None = None
    gave_w: float = 0.0
    cap_at: float = 0.0
    reported_at: float | None = None
    every_s: float = 0.0


NOTHING_PASSED = BatteryMemory()
"""At the first start no mark of the battery's charge has been passed."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a meter showed in a run, and how much of it was taken to be unmanaged, in A.

    `trail` are the last amounts that were unmanaged: (epoch s, A), the newest last. `over_at` is
    since when it is clearly over the limit (`None`: it is not). `every_s` is how far apart its
    reports have been lately. `lately` are the highest amounts that were unmanaged a short while
    ago: (epoch s, A), each higher than those after it.
    """

    measured_a: float
    trail: tuple[tuple[float, float], ...]
    over_at: float | None = None
    every_s: float = 0.0
    lately: tuple[tuple[float, float], ...] = ()

    def not_after(self, now: float) -> Seen:
        """What was seen, as of now if that is still to come: a clock was set back."""
        if self.at <= now + plain.CLOCK_SLACK_S:
            return self
        return replace(self, trail=((now, self.unmanaged_a),), over_at=None)

    @property
    def at(self) -> float:
        """When it was seen, epoch s."""
        return self.trail[-1][0]

    @property
    def unmanaged_a(self) -> float:
        """A that were taken to be unmanaged then."""
        return self.trail[-1][1]


Amps = tuple[float | None, float | None, float | None]
"""A on phases A, B and C; `None`: there is no such phase, or it is not known."""


@dataclass(frozen=True, slots=True)
class Smooth:
    """What sun, house and battery were, smoothed until epoch s `at`: A per phase, and W.

    `watts` are those of the sun, and what the battery can give above its target and its reserve.
    """

    at: float
    surplus: Amps
    house: Amps
    watts: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Overload:
    """A limit that was exceeded when it was last looked `at`: A, and epoch s.

    It is over without a break since `since`; what was read stands until `until`. `alone`: what is
    not managed is over the limit by itself.
    """

    since: float
    at: float
    until: float
    draw_a: float
    unmanaged_a: float
    limit_a: float
    alone: bool


@dataclass(frozen=True, slots=True)
class OverTime:
    """Time over a limit on local day `day` (days since 1970): s, and A·s above the limit, by cause.

    `worst_a` is the current that was furthest above its limit, then `worst_limit_a`, at epoch s
    `worst_at`. `going` is the overload that is not over yet.
    """

    day: int
    managed_s: float = 0.0
    unmanaged_s: float = 0.0
    managed_as: float = 0.0
    unmanaged_as: float = 0.0
    worst_a: float = 0.0
    worst_limit_a: float = 0.0
    worst_at: float = 0.0
    going: Overload | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """Energy of a load on local day `day` (days since 1970), counted up to epoch s `at`: Wh.

    `known_wh` is what of it flowed while the share of the sun was known, `sun_wh` what the sun
    gave of that. Since then it draws `power_w` with `share` (0 to 1) of the sun (`None`: not
    known). At `told_at` people were told `told_wh` and `told_pct`.
    """

    day: int
    at: float
    wh: float = 0.0
    known_wh: float = 0.0
    sun_wh: float = 0.0
    power_w: float | None = None
    share: float | None = None
    told_at: float | None = None
    told_wh: float = 0.0
    told_pct: float | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What a load is told from `at` (epoch s) on, and what before; `None`: nothing yet.

    `code` is that of the reason, `sentence` what was said.
    """

    at: float
    before_a: float | None
    told_a: float | None
    mode: str
    status: str
    code: str
    sentence: str


History = Mapping[str, tuple[Change, ...]]
"""The changes of each load by id, the oldest first."""


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
    overrides: Mapping[str, Override] = field(default_factory=dict)
    battery: BatteryMemory = NOTHING_PASSED
    seen: Mapping[str, Seen] = field(default_factory=dict)
    sun: Mapping[str, Seen] = field(default_factory=dict)
    peaks: Mapping[str, tuple[tuple[int, float], ...]] = field(default_factory=dict)
    silent: Mapping[str, float] = field(default_factory=dict)
    smooth_raise: Smooth | None = None
    smooth_cut: Smooth | None = None
    over: Mapping[str, OverTime] = field(default_factory=dict)
    tallies: Mapping[str, Tally] = field(default_factory=dict)
    wiring: WiringMemory = field(default_factory=WiringMemory)
    checks: Doubts = NO_DOUBTS
    history: History = field(default_factory=dict)
    woke_at: float | None = None
    ran_at: float | None = None

    def load(self, load_id: str) -> LoadMemory:
        """Memory of one load; empty if there is none."""
        return self.loads.get(load_id) or LoadMemory()
