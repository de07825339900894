"""Which loads are cut in this run, and which cuts for lack of sun wait: little is missing.

The rule is that of `control.pace`: a cut is made at once, but one for lack of sun waits for 60 s
(`dead_band_s`) while less than 0.3 A (`dead_band_a`) is missing, unless a limit would be exceeded.

Example: a car in steps of 1 A is told 10 A. With 9.9 A of sun it would get 9 A; 0.1 A is missing.

    sun leaves over, A     10.0     9.9    10.1     9.9     9.6
    is told, A               10      10      10      10       9
    missing, A                0     0.1       0     0.1     0.4

Sources: docs/product.md section 5; docs/decisions/0013.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..limits.constraints import Ask, Room, feasible
from ..sharing.allocate import Shares
from ..units import TOLERANCE
from .pace_inputs import PaceInputs
from .starts import BRIDGED, RUNS_A


def floors(
    asks: Sequence[Ask], down: Shares, at: PaceInputs
) -> tuple[dict[str, float | None], set[str]]:
    """What each load holds now, cut to `down` (A per leg by id), and the ids whose cut waits.

    A load whose cut waits has what it holds. No cut waits if a limit would be exceeded with that.
    """
    lowered = {ask.id: _lowered(ask, down.amps[ask.id], at) for ask in asks}
    cuts = [(ask, at.loads[ask.id].command_a, lowered[ask.id]) for ask in asks]
    small = [
        (ask, held, told)
        for ask, held, told in cuts
        if told and held and _can_wait(ask.id, held - told, down, at)
    ]
    band_a = at.dead_band_a if small else 0.0
    waiting = {
        ask.id: held
        for ask, held, told in small
        if _missing_a(ask, held, told, band_a, down, at) < band_a
    }
    if waiting:
        amounts = {**at.reserved_a(), **{k: v or 0.0 for k, v in lowered.items()}, **waiting}
        if not feasible(amounts, (), at.down_rows):
            return {**lowered, **waiting}, set(waiting)
    return lowered, set()


def _missing_a(
    ask: Ask, held: float, told: float, band_a: float, down: Shares, at: PaceInputs
) -> float:
    """How much of `held` its source lacks, if the load is to be cut to `told`; all A per leg.

    A cut by less than `band_a` waits.

    As much as the cut, unless the next level above `told` is what it holds already: then a whole
    step is cut, whatever part of it is missing beside what the others get (`down`).
    """
    cut_a = held - told
    if cut_a < band_a or ask.more(told) < held - TOLERANCE:
        return cut_a
    room, reserved_a = Room(at.sources()), at.reserved_a()
    for load in {**reserved_a, **down.amps}:
        if load != ask.id:
            room.take(load, max(down.amps.get(load, 0.0), reserved_a.get(load, 0.0)))
    return held - room.fits(ask.id)[0]


def _can_wait(load: str, cut_a: float, down: Shares, at: PaceInputs) -> bool:
    """Whether a cut by `cut_a` (A per leg) is for lack of sun, and wanted for under 60 s."""
    if cut_a <= TOLERANCE or down[load].reason.limits not in BRIDGED:
        return False
    since = at.memory(load).pacing.small_cut_at
    return since is None or at.now - since < at.options.dead_band_s


def _lowered(ask: Ask, down_a: float, at: PaceInputs) -> float | None:
    """What the load holds now, cut to `down_a`: A per leg that it can be told, 0 if it must stop.

    `None` for a load that was never told anything, below a meter that gives nothing. A load that
    was never told anything otherwise holds what it draws, and its minimum if it draws less: a car
    of which only a power of 3,680 W is known takes 5.3 A on each of its legs, or 16 A on one.
    """
    held = at.loads[ask.id].command_a
    if held is None:
        if ask.id in at.blind and ask.id not in at.silent:
            return None
        held = at.loads[ask.id].drawing_a()
        held = max(held, ask.min_a) if held > RUNS_A else held
    elif held > 0 and ask.min_a == ask.max_a:
        held = max(held, ask.max_a)  # a plug that is on takes what it was last measured to take
    return ask.amount(min(held, down_a))
