"""What was observed of the wiring; scores, findings and remaps outlive a restart.

`diagnostics/wiring` fills it in and draws the conclusions. Times are epoch s, currents A.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..reason_table import is_known
from ..records import replace
from ..site.model import Legs
from .drawn import ByLeg
from .times import At, Until

Key = tuple[str, str]
"""(id of a load or circuit, id of a circuit or phase): the field says which."""


@dataclass(frozen=True, slots=True)
class Plateau:
    """The level that a load's reports stay on, and a new one that may be beginning: A by leg.

    - `base`, `base_at`: the level, and when it was last reported.
    - `new`, `new_at`: another level, and when it was first reported; `None`: there is none.
    - `changed_at`: when the level changed last.
    - `told`: when the load was commanded, since then and since shortly before `base_at`.
    """

    base: ByLeg
    base_at: At
    new: ByLeg | None = None
    new_at: At = 0.0
    changed_at: At | None = None
    told: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class DrawChange:
    """A load's draw changed by `amps` (by leg) at some time between `since` and `until`.

    - `sure`: its reports leave no doubt that it changed no earlier.
    - `told_at`: when it was commanded to change; `None`: it was not.
    - `steady_since`: when it had changed before; `None`: not known.
    - `judged`: circuits whose meters it has been compared with.
    """

    load: str
    amps: ByLeg
    since: At
    until: At
    sure: bool = True
    told_at: At | None = None
    steady_since: At | None = None
    judged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Score:
    """What a meter shows of the phases of one load, as sums of weights.

    - `legs`: weight by leg and phase.
    - `moved`: weight of the changes that moved the meter; `none`: of those that moved no phase.
    - `changes`: how many clear changes were counted.
    """

    legs: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    moved: float = 0.0
    none: float = 0.0
    changes: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """A mistake of the installation, found at `at`: code and numbers of its sentence."""

    code: str
    numbers: Mapping[str, float | str]
    at: At


@dataclass(frozen=True, slots=True)
class Remap:
    """Since `at` a load is counted on `legs`, although its form says `was`.

    `changes` is how many changes showed it. `undone`: a person has taken it back; it is not made
    again while the form says `was`.
    """

    legs: Legs
    was: Legs
    at: At
    changes: int = 0
    undone: bool = False


@dataclass(frozen=True, slots=True)
class Toggle:
    """During a check a load was told `amps` (A per leg) at `at`."""

    at: At
    amps: float


@dataclass(frozen=True, slots=True)
class LegAnswer:
    """What a check found of a leg: the `phase` that moved with it; `None`: not known.

    `sign` is 1 if the meter moves with the draw, -1 if against it, 0 if that is not known.
    """

    leg: str
    phase: str | None
    sign: int
    confidence_pct: float


@dataclass(frozen=True, slots=True)
class Check:
    """A check of the wiring of a load on demand; currents are A per leg.

    It began at `at`, when the load was told `told_a`. The load alternates between `low_a` and
    `high_a`; `toggles` are what it was told since. `code` is the result ("": it goes on) with the
    `numbers` of its sentence, and `answers` are the result for each leg.
    """

    load: str
    at: At
    told_a: float = 0.0
    high_a: float = 0.0
    low_a: float = 0.0
    toggles: tuple[Toggle, ...] = ()
    code: str = ""
    numbers: Mapping[str, float | str] = field(default_factory=dict)
    answers: tuple[LegAnswer, ...] = ()


@dataclass(frozen=True, slots=True)
class Trial:
    """A load that is lowered by the engine to see whether the main meter moves with it.

    - `since`: since when the meter has shown less than the chargers draw; `None`: it does not.
    - `load`, `began_at`: which load is lowered now, and since when (""/`None`: none is).
    - `told_a`, `low_a`: what it was told before, and what it gets at most, A per leg.
    - `points`: its weight in `WiringMemory.unseen` when it was lowered.
    - `next_at`, `wait_s`: no load is lowered before that, and how long was waited for it.
    """

    since: At | None = None
    load: str = ""
    began_at: At | None = None
    told_a: float = 0.0
    low_a: float = 0.0
    points: float = 0.0
    next_at: Until | None = None
    wait_s: float = 0.0


NO_TRIAL = Trial()


@dataclass(frozen=True, slots=True)
class WiringMemory:
    """All evidence of whether the wiring is as the forms say.

    - `wired`: the meter of each circuit and the charger of each load that the evidence is of.
    - `trails`: the last readings of a meter by circuit, as (epoch s, A on phases A, B, C).
    - `loads`: the level of each load. `changes`: changes that are still to be compared with meters.
    - `scores`: by (load, circuit).
    - `signs`: by (circuit, phase), the last changes: "+" where the meter moved with the draw, "-"
      where against it. Example: "++-+".
    - `findings`: by what they are about: ("load", ID), ("place", ID), ("meter", CIRCUIT) and
      ("sign", CIRCUIT), and ("sight", LOAD).
    - `remaps`: by load. `check`: the last check on demand; `None`: there was none.
    - `least_a`: by entity of a meter the least A that it has shown, before a form turns its sign.
    - `unseen`: by load the weight of the changes that should have moved the main meter and did not,
      less that of those that did; negative for a load that it sees.
    - `hidden`: circuits whose meters are known to hide what flows, as of the last run.
    - `battery`: the last reports of the battery's power, as (epoch s, W).
    - `trial`: a load that is lowered to see whether the main meter moves with it.
    """

    wired: Mapping[str, str] = field(default_factory=dict)
    trails: Mapping[str, tuple[tuple[float, float, float, float], ...]] = field(
        default_factory=dict
    )
    loads: Mapping[str, Plateau] = field(default_factory=dict)
    changes: tuple[DrawChange, ...] = ()
    scores: Mapping[Key, Score] = field(default_factory=dict)
    signs: Mapping[Key, str] = field(default_factory=dict)
    findings: Mapping[Key, Finding] = field(default_factory=dict)
    remaps: Mapping[str, Remap] = field(default_factory=dict)
    check: Check | None = None
    least_a: Mapping[str, float] = field(default_factory=dict)
    unseen: Mapping[str, float] = field(default_factory=dict)
    hidden: tuple[str, ...] = ()
    battery: tuple[tuple[float, float], ...] = ()
    trial: Trial = NO_TRIAL

    def lowered(self) -> tuple[str, float] | None:
        """The load that is lowered to see what meters show, and what it was told before (A).

        `None`: there is none, as far as this is remembered; a check that has just been asked for
        has not lowered its load yet.
        """
        check, trial = self.check, self.trial
        if check is not None and not check.code and check.toggles:
            return check.load, check.told_a
        return None if trial.began_at is None else (trial.load, trial.told_a)

    def lasting(self) -> WiringMemory:
        """The part that counts after a restart: without readings and changes under way."""
        under_way = self.trails or self.loads or self.changes or self.check or self.battery
        if not under_way and self.trial is NO_TRIAL:
            return self
        fresh = replace(self, trails={}, loads={}, changes=(), check=None)
        return replace(fresh, battery=(), trial=NO_TRIAL)

    def of_this_version(self) -> WiringMemory:
        """The same without findings that another version told in a sentence that this one lacks."""
        findings = {key: found for key, found in self.findings.items() if is_known(found.code)}
        return self if len(findings) == len(self.findings) else replace(self, findings=findings)

    def not_after(self, _: float) -> WiringMemory:
        """The same after a clock was set back: readings with times are dropped."""
        return self.lasting()

    def without_strangers(self, ids: frozenset[str]) -> WiringMemory:
        """The same without loads and circuits that are not in `ids`."""
        known = {*self.wired, *self.remaps, *self.unseen, *(load for load, _ in self.scores)}
        if known <= ids:
            return self
        return replace(
            self,
            wired={key: mark for key, mark in self.wired.items() if key in ids},
            trails={key: trail for key, trail in self.trails.items() if key in ids},
            loads={key: plateau for key, plateau in self.loads.items() if key in ids},
            changes=tuple(change for change in self.changes if change.load in ids),
            scores={key: score for key, score in self.scores.items() if set(key) <= ids},
            signs={key: signs for key, signs in self.signs.items() if key[0] in ids},
            remaps={key: remap for key, remap in self.remaps.items() if key in ids},
            unseen={key: weight for key, weight in self.unseen.items() if key in ids},
            findings={key: f for key, f in self.findings.items() if key[1] in ids},
            check=self.check if self.check and self.check.load in ids else None,
            trial=self.trial if self.trial.load in ids else NO_TRIAL,
        )
