"""What was observed of the wiring: plain data that outlives a run, and most of it a restart.

`detect` fills it and says what it means. Times are epoch s, currents A.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..records import replace
from ..site.model import Legs
from .drawn import ByLeg
from .times import At

Key = tuple[str, str]
"""(id of a load or circuit, id of a circuit or phase): the field says which."""


@dataclass(frozen=True, slots=True)
class Plateau:
    """What a load reports, as levels it stays on: A by leg.

    It reported `base` last at `base_at`, and `new`, if that is something else, since `new_at`. At
    `changed_at` it has changed last; `told` are the commands since then, and since shortly before
    `base_at` (epoch s).
    """

    base: ByLeg
    base_at: At
    new: ByLeg | None = None
    new_at: At = 0.0
    changed_at: At | None = None
    told: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class DrawChange:
    """A load's draw has changed by `amps` (by leg) after `since` and before `until`.

    `sure`: its reports leave no doubt that it was not before. If it was commanded to, the command
    was given at `told_at`. Meters named in `judged` have been looked at.
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
    """How strongly a meter says on which phase each leg of a load is: weight by leg and phase.

    `moved` is the weight of changes that moved the meter, `none` of those that moved no phase. So
    many clear `changes` were counted.
    """

    legs: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    moved: float = 0.0
    none: float = 0.0
    changes: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """A mistake of the installation that was found `at`: a reason code and its numbers then."""

    code: str
    numbers: Mapping[str, float | str]
    at: At


@dataclass(frozen=True, slots=True)
class Remap:
    """A load is counted on `legs` instead of `was`, which the form says, since `at`.

    `undone`: somebody has taken that back, and it is not to be done again as long as the form says
    `was`.
    """

    legs: Legs
    was: Legs
    at: At
    changes: int = 0
    undone: bool = False


@dataclass(frozen=True, slots=True)
class Toggle:
    """During a check a load was told `amps` (A per leg) `at`."""

    at: At
    amps: float


@dataclass(frozen=True, slots=True)
class LegAnswer:
    """What a leg was found to do in a check: the phase it moved (`None`: not known), which way.

    `sign` is 1 where the meter moves with the draw, -1 against it, 0 not known.
    """

    leg: str
    phase: str | None
    sign: int
    confidence_pct: float


@dataclass(frozen=True, slots=True)
class Check:
    """A check of the wiring of a load on demand.

    Begun at `at`, when it was told `told_a`; the load alternates between `high_a` and `low_a`
    (A per leg). `code` says how it went ("": it goes on), with what its sentence needs in
    `numbers`, and `answers` what came of it.
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
class WiringMemory:
    """All that is known of whether the wiring is as the forms say.

    `trails` are the last readings of a meter by circuit: (epoch s, A on phases A, B, C). `loads`
    and `changes` are what loads report, and changes that are still to be compared with meters.
    `scores` are by (load, circuit); `signs`, by (circuit, phase), the last changes: "+" where the
    meter moved with the draw, "-" where against it. `findings` are by what they are about:
    ("load", ID), ("place", ID), ("meter", CIRCUIT) and ("sign", CIRCUIT). `wired` says for each
    circuit and load what it was when that was seen: its meter, its charger.
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

    def lasting(self) -> WiringMemory:
        """What is worth keeping over a restart."""
        if not (self.trails or self.loads or self.changes or self.check):
            return self
        return replace(self, trails={}, loads={}, changes=(), check=None)

    def not_after(self, _: float) -> WiringMemory:
        """The same without what hangs on a clock that was set back."""
        return self.lasting()

    def without_strangers(self, ids: frozenset[str]) -> WiringMemory:
        """The same without loads and circuits that are not in `ids`."""
        known = {*self.wired, *self.remaps, *(load for load, _ in self.scores)}
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
            findings={key: f for key, f in self.findings.items() if key[1] in ids},
            check=self.check if self.check and self.check.load in ids else None,
        )
