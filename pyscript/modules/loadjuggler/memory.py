"""What must outlive a run or a restart: plain data, to and from JSON.

Times are epoch seconds, currents A per leg. A run takes a Memory and gives a new one; nothing is
changed in place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from itertools import pairwise
from typing import Any

from . import plain
from .doubts import NO_DOUBTS, Doubts
from .evidence import WiringMemory
from .history import Change
from .history import plain as plain_history
from .modes import DISTRIBUTIONS, MODES
from .units import LEGS, PHASES

VERSION = 1


@dataclass(frozen=True, slots=True)
class Held:
    """Last good value of an entity and when it was last seen good."""

    value: float | str
    at: float


Delivered = tuple[float | None, int, float | None]
"""What a load was told: (`tx_a`, `tx`, `default_a`)."""


REPORTS = 10
"""So many different reports of a load are remembered: more than come between two of a meter."""
ABOUT_A = 0.3
"""What differs by no more on any leg is the same report again."""
_MOST = 1e11
"""No time (epoch s) or amount is larger: that is the year 5138."""


@dataclass(frozen=True, slots=True)
class LoadMemory:
    """What is remembered of a load.

    `default_a` is the last command that holds by itself (a plug's, a number's, a charger's
    TxDefaultProfile); `tx_a` the last one of transaction `tx` (0: none) and void without it.
    Both went out at `commanded_at`; `raised_at` is the last raise or start. `before` is what was
    delivered before calls that are still under way, to fall back on if they fail; `failures`
    counts failed calls in a row, the last with `error`. The last call of all was made at
    `called_at`: a command that is renewed is no new one. Of those made at `counted_at` a failure
    has been counted: calls that fail together have failed once.

    What holds in transaction `tx` was last renewed at `renewed_at`; when it has run out, `safe_a`
    holds (`None`: the charger has no such layer in this transaction). It was first told in this
    transaction at `tx_told_at`, and `tx_sure` says that it was told once more.

    `unit` is the one that a charger says it knows (`None`: it has not said), asked for at
    `unit_asked_at`, and `max_level` is up to which stack level it takes profiles, asked for at
    `levels_asked_at`. `watt_legs` is for how many legs it was told in W (0: it was told in A). It
    was `taken` over from whoever told it before; it is `off` by its switch, whatever its profiles
    say.

    `draw_a` (by leg) was reported at `draw_at`, and last seen good at `draw_seen_at`; `drew` are
    the reports before that, the first of those that say the same: (epoch s, by leg). `legs_used`
    are the legs that the car uses as far as measured, `legs_differ_at` is since when it draws on
    fewer. `samples_w` are a plug's last readings.

    `earlier` are commands that were replaced a short while ago: (A per leg, until epoch s).

    `mode` is what it ran in last; a boost on top of it began at `boost_at`. `started_at` and
    `stopped_at` are when it was last told to start and to stop, `free_at` is since when there has
    been room for its minimum again, `short_at` since when the sun is not enough for it. `stops`
    counts stops for lack of sun since its car came; until `rest_until` it stays off for them.

    Since `small_cut_at` and `small_raise_at` a change within the dead band is wanted. Since
    `spare_at` it takes clearly less than it may, and has been left `cap_a` at most; since
    `idle_at` it takes nothing.

    Why it was stopped then is in `stopped_for`: the kind of limit or source that was not enough
    ("circuit garage", "surplus"), or "".

    `resends` counts commands that were sent again because it does not follow, the last at
    `resent_at`, and its profiles were `cleared` among them; at `asked_at` it was asked for a
    report; `resets` are when it was restarted for that, `reset_tx` is in which session last. Since
    it was told `ignored_a` at `ignored_at` it has not done what it was told, nor what came later.

    `phases` is what its switch for phases showed last; another number is wished since
    `phases_wish_at`. Since `phases_since` it is being switched to `phases_to` of them, its switch
    was told so last at `phases_at`, and `phases_failed` says that it did not change.

    `switched` is what a charger's own switch was told last: "", "off", "on", and "seen" once it has
    been found on.

    Since `paused_at` a person lets it rest for `pause_s`, whatever its mode is.
    """

    default_a: float | None = None
    tx_a: float | None = None
    tx: int = 0
    commanded_at: float | None = None
    raised_at: float | None = None
    before: Delivered | None = None
    failures: int = 0
    error: str = ""
    called_at: float | None = None
    counted_at: float | None = None
    renewed_at: float | None = None
    safe_a: float | None = None
    tx_told_at: float | None = None
    tx_sure: bool = False
    unit: str | None = None
    unit_asked_at: float | None = None
    max_level: int | None = None
    levels_asked_at: float | None = None
    watt_legs: int = 0
    taken: bool = False
    off: bool = False
    draw_a: tuple[tuple[str, float], ...] | None = None
    drew: tuple[tuple[float, tuple[tuple[str, float], ...]], ...] = ()
    draw_at: float | None = None
    draw_seen_at: float | None = None
    legs_used: tuple[str, ...] | None = None
    legs_differ_at: float | None = None
    samples_w: tuple[float, ...] = ()
    earlier: tuple[tuple[float, float], ...] = ()
    mode: str | None = None
    boost_at: float | None = None
    started_at: float | None = None
    stopped_at: float | None = None
    stopped_for: str = ""
    free_at: float | None = None
    short_at: float | None = None
    stops: int = 0
    rest_until: float | None = None
    small_cut_at: float | None = None
    small_raise_at: float | None = None
    spare_at: float | None = None
    cap_a: float | None = None
    idle_at: float | None = None
    resends: int = 0
    resent_at: float | None = None
    cleared: bool = False
    ignored_a: float | None = None
    ignored_at: float | None = None
    asked_at: float | None = None
    resets: tuple[float, ...] = ()
    reset_tx: int = 0
    phases: int | None = None
    phases_to: int | None = None
    phases_since: float | None = None
    phases_at: float | None = None
    phases_wish_at: float | None = None
    phases_failed: bool = False
    switched: str = ""
    paused_at: float | None = None
    pause_s: float = 0.0

    def not_after(self, now: float) -> LoadMemory:
        """Memory without times that are still to come: a clock was set back."""
        kept = plain.not_after(self, now)
        if any(until > now + plain.CLOCK_SLACK_S for _, until in self.earlier):
            kept = replace(kept, earlier=())
        if any(at > now + plain.CLOCK_SLACK_S for at, _ in self.drew):
            kept = replace(kept, drew=())
        if any(at > now + plain.CLOCK_SLACK_S for at in self.resets):
            kept = replace(kept, resets=tuple(min(at, now) for at in self.resets))
        return kept

    def reported(self, draw: tuple[tuple[str, float], ...], at: float, now: float) -> LoadMemory:
        """Memory of a report: A by leg (a plug's W under ""), made `at`, seen `now`."""
        drew = self.drew
        if self.draw_a is not None and self.draw_at is not None and self.draw_at != at:
            before = drew[-1][1] if drew else ()
            if not _about_the_same(before, self.draw_a):
                drew = (*drew, (self.draw_at, self.draw_a))[-REPORTS:]
        return replace(self, draw_a=draw, draw_at=at, draw_seen_at=now, drew=drew)

    def command_a(self, transaction: int | None) -> float | None:
        """A per leg that the load was told and that holds during `transaction`, if anything."""
        if self.off:
            return 0.0
        return self.tx_a if self.tx and self.tx == transaction else self.default_a

    def told(self, **changes: Any) -> LoadMemory:
        """Memory of having sent a command, with what was last delivered kept to fall back on."""
        return replace(self, before=self.before or self.held(), **changes)

    def held(self) -> Delivered:
        """What the load holds if every call goes through."""
        return (self.tx_a, self.tx, self.default_a)

    def delivered(self, what: Delivered) -> LoadMemory:
        """Memory of a call having gone through; a newer one may be under way."""
        newest = what == self.held()
        return replace(self, before=None if newest else what, failures=0, error="")

    def without_layers(self, error: str) -> LoadMemory:
        """Memory of a call having failed: what lies below a command, and until when, is unsure."""
        again = self.called_at is not None and self.counted_at == self.called_at
        return replace(
            self,
            failures=self.failures if again and self.failures else self.failures + 1,
            error=error,
            counted_at=self.called_at,
            safe_a=None,
            renewed_at=None,
        )

    def noted(self, slot: str, error: str | None) -> LoadMemory:
        """Memory of how a call ended that tells no amount (`error`; `None`: it went through)."""
        if error is None:
            return self.layered()
        failed = self.without_layers(error)
        if slot == "switch":
            return replace(failed, off=not self.off)
        return replace(failed, taken=False) if slot == "clear" else failed

    def layered(self) -> LoadMemory:
        """Memory of the safe layer having gone through; the command beside it may have failed."""
        if self.before is not None or (self.failures and self.counted_at == self.called_at):
            return self
        return replace(self, failures=0, error="")

    def falls_to_a(self, transaction: int, now: float, missed_s: float) -> float:
        """A per leg that a charger may take by itself because its command was not renewed.

        0 while the last renewal is younger than `missed_s`.
        """
        if not self.tx or self.tx != transaction or self.safe_a is None or self.renewed_at is None:
            return 0.0
        return self.safe_a if not 0 <= now - self.renewed_at < missed_s else 0.0

    def not_delivered(self, what: Delivered, error: str) -> LoadMemory:
        """Memory of a call having failed: unless a newer one is under way, the old still holds."""
        failed = self.without_layers(error)
        if what != self.held() or self.before is None:
            return failed
        tx_a, tx, default_a = self.before
        return replace(failed, tx_a=tx_a, tx=tx, default_a=default_a, before=None)


def _about_the_same(one: tuple[tuple[str, float], ...], two: tuple[tuple[str, float], ...]) -> bool:
    """Whether two reports say the same, within what measuring is worth."""
    if len(one) != len(two):
        return False
    pairs = zip(one, two, strict=True)
    return all(a == b and abs(x - y) <= ABOUT_A for (a, x), (b, y) in pairs)


@dataclass(frozen=True, slots=True)
class Override:
    """What a service call set, and the form's value then: it holds until the form changes.

    A choice is text, an amount a number. `seconds` is how long a boost was asked for; `None`: as
    long as the form says.
    """

    value: str | float
    form: str | float | None
    seconds: float | None = None


AMOUNTS = (".priority", ".min_a", ".max_a")
"""Endings of the keys of overrides that are numbers; the others are choices."""


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
    history: Mapping[str, tuple[Change, ...]] = field(default_factory=dict)
    woke_at: float | None = None
    ran_at: float | None = None

    def load(self, load_id: str) -> LoadMemory:
        """Memory of one load; empty if there is none."""
        return self.loads.get(load_id) or LoadMemory()


def to_json(memory: Memory) -> dict[str, Any]:
    """Plain data for `json.dumps`."""
    rest = asdict(replace(memory, history={}))
    return {"version": VERSION, **rest, "history": plain_history(memory.history)}


def from_json(data: Any) -> Memory:
    """Memory from what `to_json` gave; raises ValueError in words if it is damaged or newer."""
    if not isinstance(data, Mapping):
        raise ValueError(f"memory is damaged: it is {plain.shown(data)}")
    version = data.get("version")
    if isinstance(version, bool) or version != VERSION:
        raise ValueError(f"memory has version {plain.shown(version)}, this reads {VERSION}")
    missing = [name for name in _ALWAYS_THERE if name not in data]
    if missing:
        raise ValueError(f"memory is damaged: {missing[0]} is missing")
    try:
        memory = plain.record(Memory, data, "memory")
        _check(memory)
    except ValueError as error:
        raise ValueError(f"memory is damaged: {error}") from error
    return memory


_ALWAYS_THERE = ("loads", "held", "overrides")
"""What every version wrote: without it, something was lost."""


def _check(memory: Memory) -> None:
    """Raise ValueError for what has the right type and can't be all the same."""
    for load_id, load in memory.loads.items():
        if load.mode is not None and load.mode not in MODES:
            raise ValueError(f"{load_id} ran in mode {load.mode!r}, which is none")
        if not set(load.legs_used or LEGS) <= set(LEGS):
            raise ValueError(f"{load_id} uses legs {load.legs_used!r}")
    _check_overrides(memory.overrides)
    for key, seen in (*memory.seen.items(), *memory.sun.items()):
        times = [at for at, _ in seen.trail]
        if not times or any(later <= at for at, later in pairwise(times)):
            raise ValueError(f"what the meter of {key} showed is not in order")
    _check_tallies(memory.tallies)
    _check_wiring(memory.wiring)
    for load_id, changes in memory.history.items():
        if any(not 0 <= change.at <= _MOST for change in changes):
            raise ValueError(f"what {load_id} was told can't have been then")
    for key, over in memory.over.items():
        numbers = [over.day, over.worst_at, over.managed_as, over.unmanaged_as, over.worst_a]
        going = over.going
        numbers += [] if going is None else [going.since, going.at, going.until, going.draw_a]
        if any(abs(amount) > _MOST for amount in numbers):
            raise ValueError(f"what was over the limit of {key} can't be")


def _check_overrides(overrides: Mapping[str, Override]) -> None:
    """The same for what services have set."""
    for key, override in overrides.items():
        if key.endswith(AMOUNTS):
            if isinstance(override.value, str) or not 0 <= override.value <= _MOST:
                raise ValueError(f"{key} was set to {override.value!r}, which is no amount")
            continue
        allowed = DISTRIBUTIONS if key.endswith(".distribution") else MODES
        if override.value not in allowed:
            raise ValueError(f"{key} was set to {override.value!r}, which is none")


def _check_tallies(tallies: Mapping[str, Tally]) -> None:
    """The same for energies."""
    for load_id, tally in tallies.items():
        amounts = (tally.day, tally.at, tally.wh, tally.known_wh, tally.sun_wh, tally.told_wh)
        if any(not 0 <= amount <= _MOST for amount in amounts):
            raise ValueError(f"the energy of {load_id} can't be")


def _check_wiring(wiring: WiringMemory) -> None:
    """The same for what was observed of the wiring."""
    for key, score in wiring.scores.items():
        for leg, weights in score.legs.items():
            if leg not in LEGS or not set(weights) <= set(PHASES):
                raise ValueError(f"{key} is seen with leg {leg!r} on {list(weights)}")
    for load_id, remap in wiring.remaps.items():
        for leg, phase in (*remap.legs, *remap.was):
            if leg not in LEGS or phase not in PHASES:
                raise ValueError(f"{load_id} is counted on leg {leg!r}, phase {phase!r}")
