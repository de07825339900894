"""A check of the wiring on demand: one charger is lowered, raised and lowered; the meters answer.

```
    A
    14 ──┐              ┌──────────────┐              ┌── its share again
         │    stage 0   │   stage 1    │    stage 2   │  (a late meter gets a stage 3)
    10   └──────────────┘              └──────────────┘
         0 s           20 s           40 s           60 s
         ··▒▒▒▒▒▒▒▒▒▒▒▒ ··▒▒▒▒▒▒▒▒▒▒▒▒ ··▒▒▒▒▒▒▒▒▒▒▒▒
```

The first 30 % of each stage (·) are left to the charger to follow; readings count after that (▒).
The mean of a phase in one stage less that in the stage before is a step; here -4, +4 and -4 A are
expected. A phase has moved if each of the three steps is within 40 % of that, and has stayed if
each is within 40 % of 0.

The load only ever gets less than its share, and never less than its minimum, so no limit can be
exceeded. The check ends at once if a meter is lost or a limit is exceeded. Source: docs/product.md
section 8, docs/decisions/0020.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

from ...measure.readings import LoadReading, Readings
from ...memory.memory import Memory
from ...memory.wiring import Check, LegAnswer, Toggle, WiringMemory
from ...reason_table import Family, meaning
from ...reasons import Reason
from ...records import replace
from ...sharing.allocate import Shares
from ...sharing.utilisation import Usage
from ...site.model import MAIN, Load, Site
from ...site.modes import MODES
from ...units import floor_to_step
from .changes import by_leg
from .scores import expected
from .signs import without_sign
from .trail import APART_S, Reading

STAGES = 3
"""Less, as before, less again."""


STEP_A = 4.0
"""The load is lowered by this much, or down to its minimum."""


LEAST_STEP_A = 1.5
"""If the minimum leaves less than this, meters show nothing, and the check is refused."""


SETTLE = 0.3
"""A charger may take this share of a stage to follow; readings count after it."""


USED_A = 1.0
"""A leg that draws at least this much is in use."""


CLEAR = 0.4
"""A phase has moved if its step is the load's, and stayed if it is 0, within 40 % of the load's."""


LAGS = (0.0, 0.25, 0.5, 0.75, 1.0)
"""A meter may be late by these shares of a stage; they are tried one after the other."""


@dataclass(frozen=True, slots=True)
class Danger:
    """What ends a check: `blind` loads, below a meter that gives nothing, or a limit `over`."""

    blind: Collection[str]
    over: bool


def begun(load_id: str, now: float) -> Check:
    """A check of a load, which the next run starts; `now` is epoch s."""
    return Check(load_id, now)


def track_check(
    site: Site, readings: Readings, wiring: WiringMemory, danger: Danger, stage_s: float
) -> WiringMemory:
    """`wiring` with the check that is under way followed by one run; it may end with a result."""
    check = wiring.check
    if check is None or check.code:
        return wiring
    load, reading = site.loads.get(check.load), readings.loads.get(check.load)
    if load is None or reading is None:
        return replace(wiring, check=None)
    ended = _ends(load, reading, danger)
    if ended is None and not check.toggles:
        check, ended = _started(load, reading, check, readings.at, stage_s)
    if ended is None:
        check = _noted(check, reading)
        passed = (readings.at - check.at) / stage_s
        if passed >= STAGES:
            done = _answered(site, load, reading, check, wiring, stage_s, passed)
            # A meter that is late gets one more stage.
            check = done if not _unsure(done.code) or passed >= STAGES + 1 else check
    else:
        check = replace(check, code=ended.code, numbers=ended.numbers)
    return replace(wiring, check=check)


def capped(check: Check | None, shares: Shares, now: float, stage_s: float) -> Shares:
    """`shares` with the load that is being checked held at the level of its stage."""
    if check is None or check.code or check.load not in shares:
        return shares
    stage = int((now - check.at) // stage_s)
    most_a = check.high_a if stage % 2 else check.low_a
    stages = STAGES if stage < STAGES else STAGES + 1
    return at_most(shares, check.load, most_a, check.at + stages * stage_s - now)


def at_most(shares: Shares, load: str, most_a: float, left_s: float) -> Shares:
    """`shares` with at most `most_a` (A per leg) for a `load` whose wiring is looked at.

    That takes `left_s` more, which people are told; unless something else limits it to less.
    """
    share = shares[load]
    if share.amps <= most_a and share.reason.code != "maximum":
        return shares
    reason = Reason("checking_wiring", {"wait_s": max(left_s, 0.0)})
    return shares.beside({load: replace(share, amps=min(share.amps, most_a), reason=reason)})


def held(usage: Usage, before: Memory, after: Memory) -> tuple[Usage, Memory]:
    """`usage` and the memory `after` a look at it, without the effect of a check on its load.

    The load may have at most what it had when the check, or a trial, began. Its utilisation is that
    of the memory `before` the look: that it takes less now is the check's doing.
    """
    lowered = after.wiring.lowered()
    if lowered is None or lowered[0] not in after.loads:
        return usage, after
    load, told_a = lowered
    as_before = replace(after.load(load), utilisation=before.load(load).utilisation)
    memory = replace(after, loads={**after.loads, load: as_before})
    return replace(usage, cap_a={**usage.cap_a, load: told_a}, checked=load), memory


def _ends(load: Load, reading: LoadReading, danger: Danger) -> Reason | None:
    """Why a check can't go on; `None`: it can."""
    if not (reading.active and reading.connected and MODES[reading.mode].takes) or reading.lost:
        return Reason("check_not_charging")
    if load.id in danger.blind:
        return Reason("check_blind")
    if danger.over:
        return Reason("check_overload")
    return None


def _started(
    load: Load, reading: LoadReading, check: Check, now: float, stage_s: float
) -> tuple[Check, Reason | None]:
    """The check with its two levels, or the reason why it can't be made."""
    told_a, draws_a = reading.command_a, reading.drawing_a()
    if not load.kind.checkable or not told_a or draws_a < USED_A:
        return check, Reason("check_not_charging" if load.kind.checkable else "check_plug")
    if len({phase for _, phase in load.legs}) < len(load.legs):
        return check, Reason("check_legs")
    high_a = min(told_a, draws_a)
    low_a = floor_to_step(max(high_a - STEP_A, reading.min_a), load.step_a)
    if high_a - low_a < LEAST_STEP_A:
        return check, Reason("check_no_room", {"draw_a": draws_a, "min_a": reading.min_a})
    first = Toggle(now - stage_s, high_a)
    return replace(check, at=now, told_a=told_a, high_a=high_a, low_a=low_a, toggles=(first,)), None


def _noted(check: Check, reading: LoadReading) -> Check:
    """The check with the command that the load was told last, if it is a new one."""
    at, last = reading.commanded_at, check.toggles[-1]
    told_a = min(reading.command_a or 0.0, check.high_a)
    if at is None or at < check.at or told_a == last.amps:
        return check
    return replace(check, toggles=(*check.toggles, Toggle(at, told_a)))


def _answered(
    site: Site,
    load: Load,
    reading: LoadReading,
    check: Check,
    wiring: WiringMemory,
    stage_s: float,
    passed: float,
) -> Check:
    """The check with its result: of several possible lags of the meter, the first that fits."""
    meters = [c for c in (MAIN, *site.path(load.circuit)) if wiring.trails.get(c)]
    if not meters:
        return replace(check, code="check_blind")
    circuit = meters[0]
    end = check.at + passed * stage_s
    ends = [toggle.at for toggle in check.toggles[1:]] + [end]
    used = [leg for leg, amps in by_leg(load, reading) if amps >= USED_A]
    remap = wiring.remaps.get(load.id)
    formed = replace(load, legs=remap.was) if remap and remap.legs == load.legs else load
    first = None
    for lag in LAGS if passed >= STAGES + 1 else LAGS[:1]:
        late_s = lag * stage_s
        spans = [
            (toggle.amps, toggle.at + late_s + SETTLE * stage_s, min(until + late_s, end))
            for toggle, until in zip(check.toggles, ends, strict=True)
        ]
        steps = _steps(wiring.trails[circuit], spans, len(site.phases))
        moved = _moved(site, steps)
        answers = _answers(load, site, used, moved or {})
        code, more = _meaning(formed, site, used, moved, answers, len(steps))
        if code == "check_against":
            code, more = _against(site, circuit, wiring, more)
        numbers: dict[str, float | str] = {"circuit": circuit, "steps": float(len(steps))}
        found = replace(check, code=code, numbers={**numbers, **more}, answers=answers)
        if not _unsure(code) and not (late_s and meaning(code).family is Family.AGAINST):
            return found  # with a wrong lag, a meter only seems to be inverted
        if first is None or (first.code == "check_nothing" != code):
            first = found  # a result in which some phase moved says more
    assert first is not None
    return first


def _against(
    site: Site, circuit: str, wiring: WiringMemory, numbers: dict[str, float | str]
) -> tuple[str, dict[str, float | str]]:
    """Code and numbers for a meter that goes the wrong way on the phases named in `numbers`."""
    meter, phases = site.circuits[circuit].meter, str(numbers["phase"]).split(", ")
    if meter is None or not without_sign(meter, phases, wiring.least_a):
        return "check_against", numbers
    return "check_turned" if meter.invert else "check_unsigned", {**numbers, "form": circuit}


def _unsure(code: str) -> bool:
    """Whether a later reading of a slow meter may still change the result `code`."""
    return meaning(code).family in (Family.UNCLEAR, Family.NO_ANSWER)


def _moved(site: Site, steps: Sequence[Sequence[float]]) -> dict[str, tuple[int, float]] | None:
    """Phases that moved with the load at each step: phase -> (sign, how exactly in %).

    `None` if a phase moved at some steps only, or by another amount.
    """
    moved: dict[str, tuple[int, float]] = {}
    for index, phase in enumerate(site.phases):
        shares = [step[index] for step in steps]
        sign = 1 if sum(shares) > 0 else -1
        off = [abs(share - sign) for share in shares]
        if shares and max(off) <= CLEAR:
            moved[phase] = (sign, 100.0 * (1.0 - fmean(off)))
        elif any(abs(share) > CLEAR for share in shares):
            return None
    return moved


def _steps(
    trail: Sequence[Reading], spans: Sequence[tuple[float, float, float]], phases: int
) -> list[list[float]]:
    """By how much each phase moved at each step, as a share of the load's step: 1 as much, 0 not.

    `spans` are (A per leg that the load was told, from, until): when it is taken to have followed,
    in epoch s. `phases` is the number of phases.
    """
    levels: list[tuple[float, list[float]]] = []
    for told_a, since, until in spans:
        seen = [one for one in trail if since <= one[0] <= until - APART_S]
        if seen:
            means = [fmean(one[1 + phase] for one in seen) for phase in range(phases)]
            levels.append((told_a, means))
    return [
        [(b - a) / (told_b - told_a) for a, b in zip(one, two, strict=True)]
        for (told_a, one), (told_b, two) in pairwise(levels)
        if abs(told_b - told_a) >= LEAST_STEP_A / 2
    ]


def _answers(
    load: Load, site: Site, used: Sequence[str], moved: Mapping[str, tuple[int, float]]
) -> tuple[LegAnswer, ...]:
    """The result for each leg: the phase of the only leg in use, or of the only idle one.

    Of several legs in use only the sign of the meter is known, not which leg is on which phase.
    """
    legs = dict(load.legs)
    if len(used) == 1 and len(moved) == 1:
        ((phase, (sign, sure)),) = moved.items()
        return (LegAnswer(used[0], phase, sign, sure),)
    all_legs = expected(load, site.phases)
    idle_legs = [leg for leg in all_legs if leg not in used]
    idle_phases = [phase for phase in site.phases if phase not in moved]
    found = []
    for leg, phase in legs.items():
        sign, sure = moved.get(phase, (0, 0.0))
        if leg in used:
            found.append(LegAnswer(leg, None, sign, sure))
    if len(used) == len(moved) == 2 and len(idle_legs) == len(idle_phases) == 1:
        sure = min(sure for _, sure in moved.values())
        found.append(LegAnswer(idle_legs[0], idle_phases[0], 0, sure))
    return tuple(found)


def _meaning(
    load: Load,
    site: Site,
    used: Sequence[str],
    moved: Mapping[str, tuple[int, float]] | None,
    answers: Sequence[LegAnswer],
    steps: int,
) -> tuple[str, dict[str, float | str]]:
    """The reason code of the result, and the numbers of its sentence."""
    if steps < STAGES - 1:
        return "check_few", {}
    if moved is None:
        return "check_unclear", {}
    if not moved:
        return "check_nothing", {}
    sure = min(sure for _, sure in moved.values())
    against = [phase for phase, (sign, _) in moved.items() if sign < 0]
    hidden = len(used) == 2 and len(against) == 1  # a battery of one phase looks the same
    if len(moved) != len(used) or hidden:
        return "check_unclear", {}
    if against:
        return "check_against", {"phase": ", ".join(against), "sure_pct": sure}
    wired = expected(load, site.phases)
    known = {answer.leg: answer.phase for answer in answers if answer.phase is not None}
    for leg, phase in known.items():
        if wired.get(leg) != phase:
            numbers = {"leg": leg, "phase": wired.get(leg, ""), "to_phase": phase}
            return "check_wrong", {**numbers, "sure_pct": sure}
    if known or len(site.phases) == 1:
        return "check_right", {"sure_pct": sure}
    return "check_alike", {"phase": ", ".join(moved), "sure_pct": sure}
