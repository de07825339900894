"""When a change may happen: cuts at once, raises slowly.

Two allocations come in: `down`, of the budget for cuts, and `up`, of the budget for raises
(`limits.budgets`).

**Cuts** (`control.cuts`). Each load is cut to `down` in the same run. Only a cut for lack of sun
waits if less than 0.3 A (`dead_band_a`) is missing: until it has been wanted for 60 s
(`dead_band_s`), or a limit would be exceeded.

**Raises.** A load is raised towards `up` only if all of these hold:

- There is room beside what all loads are told now, and that room has been there for 10 s
  (`lasting_s`).
- No meter above it gives nothing.
- If it lives from the sun, the battery has reported since the last raise.
- Its last raise was 15 s (`raise_interval_s`) ago or more.
- The raise is 0.3 A or more, or has been wanted for 60 s.

One raise adds 7.5 A at most: 0.5 A/s (`ramp_a_s`) for 15 s. Neither the wait nor the ramp holds for
the first command that a load is ever told, and for the first raise after a new mode.

Example: a car charges with 6 A, and there has been room for 32 A for a while. A kettle of 10 A
comes on at 50 s and goes off at 55 s.

    time, s          0     15     30     45     50     55     70     85
    its share, A    32     32     32     32     22     32     32     32
    is told, A    13.5     21   28.5     32     22     22   29.5     32
    because       ramp   ramp   ramp    all    cut   wait   ramp    all

Sources: docs/product.md section 5; docs/decisions/0001 and 0013.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from ..limits.constraints import Ask, Room
from ..limits.reaction import obeys_s
from ..measure.readings import LoadReading
from ..memory.load import LoadMemory
from ..options import Options
from ..reasons import Outcome, Reason
from ..records import quick, replace
from ..sharing.allocate import RANK, Shares
from ..units import TOLERANCE
from .cuts import floors
from .pace_inputs import PaceInputs


@quick
@dataclass(frozen=True, slots=True)
class Paced:
    """What a load is told now, and why not more.

    - `amps`: A per leg. `None`: nothing is told, because no meter above it has been read yet.
    - `reason`: why it is not told more. `None`: the reason of its allocation holds.
    - `small`: "cut" or "raise" if a change within the dead band is wanted and waits, else "".
    """

    amps: float | None
    reason: Reason | None = None
    small: str = ""


@quick
@dataclass(frozen=True, slots=True)
class _Left:
    """What is left for raises.

    `room` is what the limits have beside all that loads are told now, `lasting` the part of it that
    has been there for 10 s. `reserved_a` and `unsettled` are as in `PaceInputs`; a raise by less
    than `band_a` (A per leg) waits.
    """

    room: Room
    lasting: Room
    reserved_a: Mapping[str, float]
    unsettled: Collection[str]
    band_a: float

    def take(self, load: str, amps: float) -> None:
        """Use up `amps` (A per leg) for `load`."""
        self.room.take(load, amps)
        if self.lasting is not self.room:
            self.lasting.take(load, amps)


def _left(floor: Mapping[str, float | None], at: PaceInputs) -> _Left:
    """What is left for raises beside what each load has in any case (`floor`, A per leg by id)."""
    reserved_a, rows, room = at.reserved_a(), at.lasting_rows(), Room(at.up_rows)
    lasting = room if rows is at.up_rows else Room(rows)
    left = _Left(room, lasting, reserved_a, at.unsettled(), at.raise_band_a)
    for load in {**reserved_a, **floor}:
        left.take(load, max(floor.get(load) or 0.0, reserved_a.get(load, 0.0)))
    return left


def pace(
    asks: Sequence[Ask],
    up: Shares,
    down: Shares,
    at: PaceInputs,
) -> dict[str, Paced]:
    """What each load is told in this run, by id; `asks` are those that take part.

    `up` and `down` are the allocations of the two budgets.
    """
    floor, small_cuts = floors(asks, down, at)
    rising = [load for load, held in floor.items() if up.amps[load] > (held or 0.0)]
    left = _left(floor, at) if rising else None
    paced = {}
    for ask in sorted(asks, key=RANK):
        held = floor[ask.id]
        if held is None or ask.id in at.blind:
            paced[ask.id] = Paced(held, _unread(ask.id, held, down, at.loads[ask.id]))
        elif ask.id in small_cuts:
            paced[ask.id] = Paced(held, down[ask.id].reason, small="cut")
        elif 0 < held < (at.loads[ask.id].command_a or 0.0) - TOLERANCE:
            # It has just been cut: it is not raised again in the same run.
            paced[ask.id] = Paced(held, down[ask.id].reason)
        else:
            paced[ask.id] = _raised(ask, held, up.amps[ask.id], down, left, at)
    return paced


def _unread(load: str, held: float | None, down: Shares, reading: LoadReading) -> Reason:
    """Why a load is told `held` (A per leg; `None`: nothing) while a meter above it gives nothing.

    `down` are the allocations of the budget for cuts.
    """
    if held is None:
        return Reason("blind_start")
    if held > TOLERANCE:
        return Reason("blind")
    reason = down[load].reason
    stopped = bool(reading.command_a) and reason.outcome is Outcome.TOO_SMALL
    return reason if stopped else Reason("blind_off")


def remembered(memory: LoadMemory, paced: Paced, now: float) -> LoadMemory:
    """The load's memory with since when (epoch s) a change within the dead band is wanted."""
    known = memory.pacing
    cut_at = _since(known.small_cut_at, now) if paced.small == "cut" else None
    raise_at = _since(known.small_raise_at, now) if paced.small == "raise" else None
    pacing = known.small(cut_at, raise_at)
    return memory if pacing is known else replace(memory, pacing=pacing)


def _since(before: float | None, now: float) -> float:
    """Since when something holds (epoch s) that holds now."""
    return now if before is None else before


def _raised(
    ask: Ask,
    held: float,
    wanted: float,
    down: Shares,
    left: _Left | None,
    at: PaceInputs,
) -> Paced:
    """What a load that holds `held` is told on its way to `wanted`, both A per leg.

    What it is given is taken from what is `left`, which is there if anybody wants more.
    """
    if wanted < held - TOLERANCE:  # by the budget for raises it holds more than its share
        return Paced(held, down[ask.id].reason)
    if left is None or wanted <= held:
        return Paced(held)
    options, memory = at.options, at.memory(ask.id)
    counted = max(held, left.reserved_a.get(ask.id, 0.0))
    fitting = max(ask.amount(min(wanted, left.room.fits(ask.id, counted)[0])), held)
    if fitting <= held + TOLERANCE:
        return _pending(held, wanted)
    if held > 0 and fitting - held < left.band_a - TOLERANCE:
        since = memory.pacing.small_raise_at
        waits_s = options.dead_band_s - (0.0 if since is None else at.now - since)
        if waits_s > 0:
            # Of one that would get its maximum people are told when; others are at a limit.
            numbers = {"to_a": wanted, "wait_s": math.ceil(waits_s / 5) * 5.0}
            says = Reason("raise_waits", numbers) if wanted >= ask.max_a - TOLERANCE else None
            return Paced(held, says, small="raise")
    wait_s = _wait_s(at.loads[ask.id], memory, held, down.amps[ask.id], at)
    if ask.id in left.unsettled:
        wait_s = max(wait_s, options.tick_s)
    if held > 0 and memory.pacing.raised_at is not None:  # a start has its own delay (`delays`)
        lasts = max(ask.amount(min(fitting, left.lasting.fits(ask.id, counted)[0])), held)
        # Room that has come only now will have lasted in a few seconds. A first small share of it
        # would use up the time until the next raise, so what is less than half of it waits.
        enough_a = max(min(left.band_a, fitting - held), (fitting - held) / 2.0)
        if lasts - held < enough_a - TOLERANCE:
            wait_s = max(wait_s, options.lasting_s)
        fitting = lasts
    if wait_s > 0:
        numbers = {"to_a": wanted, "wait_s": math.ceil(wait_s / 5) * 5.0}
        return Paced(held, Reason("raise_waits" if held > 0 else "start_waits", numbers))
    amps = ask.amount(min(fitting, _most_a(ask, held, memory, options)))
    left.take(ask.id, max(amps - counted, 0.0))
    if amps < fitting - TOLERANCE:
        numbers = {"to_a": wanted, "wait_s": options.raise_interval_s}
        return Paced(amps, Reason("raise_waits", numbers))
    return _pending(amps, wanted)


def _most_a(ask: Ask, held: float, memory: LoadMemory, options: Options) -> float:
    """The most A per leg after one raise by the ramp; the first raise has no ramp."""
    if memory.pacing.raised_at is None:
        return ask.max_a
    step_a = options.ramp_a_s * max(options.raise_interval_s, options.tick_s)
    return max(held + step_a, ask.min_a, ask.more(held))


def _pending(amps: float, wanted: float) -> Paced:
    """A load is told `amps`; if that is less than `wanted`, others have yet to make room."""
    if wanted - amps <= TOLERANCE:
        return Paced(amps)
    return Paced(amps, Reason("room_pending" if amps > 0 else "start_pending", {"to_a": wanted}))


def _wait_s(
    load: LoadReading,
    memory: LoadMemory,
    held: float,
    down_a: float,
    at: PaceInputs,
) -> float:
    """How long the next raise must still wait, s.

    Not at all for the first command. Nor if the load holds less than a minimum that was raised
    since, so that it would have to stop although no limit stops it. After a cut of a load that goes
    on, it waits until that has had its usual time to obey: a raise a second later makes it swing.
    """
    raised_at = memory.pacing.raised_at
    lost_its_level = held == 0.0 and bool(load.command_a) and down_a > 0
    if load.command_a is None or raised_at is None or lost_its_level:
        return 0.0
    interval_s = at.options.raise_interval_s
    wait_s = raised_at + interval_s - at.now
    was_cut = held > 0 and load.earlier and load.earlier[-1][0] > load.command_a
    if was_cut and load.commanded_at is not None:
        usual_s = obeys_s(memory.draws.delays_s, at.options, usual=True)
        wait_s = max(wait_s, load.commanded_at + usual_s - at.now)
    return min(wait_s, interval_s)
