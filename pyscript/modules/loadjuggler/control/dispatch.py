"""What each load gets by the rules, and what it is told of that now.

In this order:

1. Which loads pause, and which still wait for the first reports of sun and battery after a start.
2. The allocation of the budget for cuts, in which loads that lack sun hold their minimum for their
   grace (`delays.hold`); then that of the budget for raises.
3. Both are lowered for a load of which the wiring is being checked.
4. Which chargers are to be switched between one phase and three.
5. What loads that pause would get, and since when there is room for them.
6. What each load is told now (`pace`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from ..diagnostics import wiring
from ..limits import surplus, unmanaged
from ..limits.budgets import Budgets
from ..limits.constraints import Rows
from ..limits.together import LEAST_FLICKER_A, flicker_a
from ..measure.readings import Readings
from ..memory.limits import BatteryMemory
from ..memory.memory import Memory
from ..options import Options
from ..reasons import Reason
from ..records import quick, replace
from ..sharing import demand
from ..sharing.allocate import Allocation, Shares
from ..sharing.participants import Participants, would_get_a
from ..sharing.utilisation import Usage
from ..site.model import MAIN, Site
from ..units import TOLERANCE
from . import delays, phases, starts, undelivered
from .delays import Pause
from .dispatched import DispatchResult
from .pace import Paced, pace
from .pace_inputs import PaceInputs


@quick
@dataclass(frozen=True, slots=True)
class DispatchInputs:
    """What is known before anything is shared, beside the memory.

    - `budgets`: the two budgets, with the surplus smoothed.
    - `marks`: the memory of the battery with the marks that hold now.
    - `fixed`: A per leg by load id that are reserved before the sharing.
    - `active`: ids of the loads that share, without those in `fixed`.
    - `stuck`: A per leg by load id that these keep whatever they are told now.
    - `over_told`: ids of the loads that draw more than they were told.
    - `silent`: by load id, the nearest breaker above it whose meter has been silent for over 60 s.
    - `usage`: which loads draw less than they may.
    """

    site: Site
    readings: Readings
    budgets: Budgets
    marks: BatteryMemory
    fixed: Mapping[str, float]
    active: set[str]
    stuck: Mapping[str, float]
    over_told: frozenset[str]
    silent: Mapping[str, str]
    usage: Usage
    options: Options


@quick
@dataclass(frozen=True, slots=True)
class _BothShares:
    """The allocation of the budget for raises (`up`), and of that for cuts (`down`)."""

    up: Shares
    down: Shares


def dispatch(inputs: DispatchInputs, memory: Memory) -> tuple[Memory, DispatchResult]:
    """The memory, and what each load gets and is told in this run."""
    site, readings, options = inputs.site, inputs.readings, inputs.options
    up, down = inputs.budgets.up, inputs.budgets.down
    changing = phases.changing(readings, memory)
    pausing = delays.pausing(site, readings, memory, readings.at, options.start_s)
    pauses = {**pausing, **changing}
    waking = demand.waking(site, readings, memory, options)
    untold = undelivered.reasons(site, readings, memory, options)
    participants = _participants(inputs, memory, pauses, waking, untold)
    shared: dict[frozenset[tuple[str, float]], tuple[Rows, Shares]] = {}  # by what needs no source

    def for_cuts(free_a: Mapping[str, float], without: Collection[str]) -> Shares:
        rows = participants.rows(down, free_a)
        found = participants.share(rows, without)
        if not without:
            shared[frozenset(free_a.items())] = rows, found
        return _for_cuts(inputs, participants, found, rows, without)

    lowered, holds, makes_way = delays.hold(site, readings, memory, for_cuts, readings.at)
    held_a = delays.minimums(readings, holds)
    known = shared.get(frozenset(held_a.items())) if up is down else None
    up_rows = participants.rows(up, held_a) if known is None else known[0]
    raised = participants.share(up_rows) if known is None else known[1]
    shares = _BothShares(raised, lowered)
    memory, shares = _checked(inputs, memory, shares)
    memory = phases.update(
        site,
        readings,
        memory,
        lambda load, legs: would_get_a(participants, up, load, legs),
        options,
    )
    memory, wished = _wished(inputs, memory, participants, pauses, up_rows, shares.up)
    return memory, DispatchResult(
        shares.up.worked_out(),
        _paced(inputs, memory, participants, shares, waking),
        inputs.fixed,
        pauses,
        wished,
        holds,
        makes_way,
        frozenset(changing),
        frozenset(load for row in down.limits if row.room < -TOLERANCE for load in row.uses),
        inputs.over_told,
        untold,
        inputs.silent,
        inputs.usage,
        up.blind,
        {**participants.free_a, **held_a},
    )


def _for_cuts(
    inputs: DispatchInputs,
    participants: Participants,
    sure: Shares,
    rows: Rows,
    without: Collection[str],
) -> Shares:
    """The allocation `sure` of the budget for cuts, lower where there is less room to be sure.

    `rows` are those of `sure`: first the limits, then the sources, which have the same room here.

    Where the careful limits hold all that `sure` gives, nothing is lower. And no load that runs and
    has its minimum without them is ever stopped by them: then it gets its minimum.

    Example, 25 A: the house takes 15 A, a car that draws 16 A was told 10 A 3 s ago, and usually
    obeys in 2.5 s. The meter shows 31 A: if the car has obeyed, the house takes 21 A, and 4 A are
    left. The car is told 6 A; it is stopped only when it has had the longest time that it may take.
    """
    down, careful = inputs.budgets.down, inputs.budgets.careful
    if careful is None or sure.within(careful.limits):
        return sure
    sources = rows[len(down.limits) :]
    lower = participants.share(careful.limits.beside(sources, rows), without)
    kept = {}
    for load, sure_a in sure.amps.items():
        lower_a, reading = lower.amps.get(load, sure_a), inputs.readings.loads[load]
        if lower_a >= sure_a:
            continue
        if reading.command_a and lower_a < reading.min_a <= sure_a:
            kept[load] = replace(sure[load], amps=reading.min_a, available_a=reading.min_a)
        else:
            kept[load] = lower[load]
    return sure.beside(kept) if kept else sure


def _participants(
    inputs: DispatchInputs,
    memory: Memory,
    pauses: Mapping[str, Pause],
    waking: Mapping[str, float],
    untold: Mapping[str, Reason],
) -> Participants:
    """The loads that share.

    Loads in `pauses` get nothing now. What loads in `waking` hold (A per leg) need not come from a
    source. Loads in `untold` can't be told.
    """
    site, readings, fixed, usage = inputs.site, inputs.readings, inputs.fixed, inputs.usage
    blind = inputs.budgets.up.blind
    held_a = undelivered.held_a(readings, untold)
    return Participants(
        site,
        readings,
        inputs.marks,
        demand.asks(site, readings, fixed, blind, pauses, inputs.silent, usage, held_a),
        fixed,
        inputs.stuck,
        usage.idle,
        {**delays.keeps_minimum(site, readings, memory), **waking},
        surplus.living_from(site, readings, inputs.marks),
        demand.unused(site, readings),
    )


def _checked(
    inputs: DispatchInputs, memory: Memory, shares: _BothShares
) -> tuple[Memory, _BothShares]:
    """The memory and the shares, these lowered for a load of which the wiring is being checked."""
    check, readings, options = memory.wiring.check, inputs.readings, inputs.options
    waits = memory.wiring.trial.began_at is not None  # its load has its share again first
    if check is None or check.code or waits:
        return _tried(inputs, memory, shares)
    blind = inputs.budgets.up.blind | inputs.silent.keys()
    blind -= _hidden(inputs)  # a check shows whether the meter sees it
    danger = wiring.Danger(blind, _overloaded(inputs))
    stage_s = options.check_stage_s
    checked = wiring.track_check(inputs.site, readings, memory.wiring, danger, stage_s)
    up, down = (
        wiring.capped(checked.check, one, readings.at, stage_s) for one in (shares.up, shares.down)
    )
    return replace(memory, wiring=checked), _BothShares(up, down)


def _tried(
    inputs: DispatchInputs, memory: Memory, shares: _BothShares
) -> tuple[Memory, _BothShares]:
    """The same for a load that is lowered to see whether the main meter moves with it."""
    now, stage_s = inputs.readings.at, inputs.options.check_stage_s
    learned = wiring.track_trial(inputs.site, inputs.readings, memory.wiring, stage_s)
    if learned is not memory.wiring:
        memory = replace(memory, wiring=learned)
    if learned.trial.began_at is not None:
        up, down = (
            wiring.lowered(learned.trial, one, now, stage_s) for one in (shares.up, shares.down)
        )
        shares = _BothShares(up, down)
    return memory, shares


def _hidden(inputs: DispatchInputs) -> frozenset[str]:
    """Ids of the loads below a meter that is read, but hides what flows."""
    meters = inputs.readings.meters
    return frozenset(load for load, above in inputs.silent.items() if meters[above].hides)


def _overloaded(inputs: DispatchInputs) -> bool:
    """Whether a breaker carries over 0.2 A (`over_a`) more than its limit on a phase."""
    return any(
        amps > inputs.readings.limits_a[circuit] + inputs.options.over_a
        for circuit in inputs.site.circuits
        for _, amps in inputs.budgets.down.circuits[circuit].draw.items()
    )


def _wished(
    inputs: DispatchInputs,
    memory: Memory,
    participants: Participants,
    pauses: Mapping[str, Pause],
    rows: Rows,
    up: Shares,
) -> tuple[Memory, Mapping[str, Allocation]]:
    """What loads that pause would get, and the memory with since when there is room for loads.

    Each takes part as it would after its pause, and needs its source for its minimum. `rows` are
    those of the budget for raises, `up` what the loads get of them now.
    """
    site, readings, start_s = inputs.site, inputs.readings, inputs.options.start_s
    wished: Mapping[str, Allocation] = {}
    room: dict[str, bool | None] = {}
    if pauses:
        wished = shares = participants.share(rows, also=pauses)
        for load in pauses:
            if shares.amps.get(load, 0.0) > TOLERANCE:
                room[load] = True
            else:
                lacks_source = load in shares and shares[load].reason.limits in starts.BRIDGED
                room[load] = None if lacks_source else False
    silent = inputs.silent.keys() - _hidden(inputs)
    found = starts.seen(site, readings, memory, room, up, silent, start_s)
    if found:
        memory = replace(memory, loads={**memory.loads, **found})
    return memory, wished


def _paced(
    inputs: DispatchInputs,
    memory: Memory,
    participants: Participants,
    shares: _BothShares,
    waking: Collection[str],
) -> dict[str, Paced]:
    """What each load that shares is told now, by load id."""
    site, readings, options = inputs.site, inputs.readings, inputs.options
    up = inputs.budgets.up
    rows = (inputs.budgets.careful_up or up).limits
    active, fixed, stuck = inputs.active, inputs.fixed, inputs.stuck
    pace_inputs = PaceInputs(
        now=readings.at,
        up_rows=rows,
        down_rows=inputs.budgets.down.limits,
        sources=lambda: participants.rows(inputs.budgets.down),
        loads=readings.loads,
        memories=memory.loads,
        reserved_a=lambda: demand.reserved(readings, memory, options, active, fixed, stuck),
        lasting_rows=lambda: unmanaged.lasting(rows, up, memory.seen),
        unsettled=lambda: demand.unsettled(site, readings, memory, options) | set(waking),
        blind=up.blind,
        silent=inputs.silent.keys(),
        options=options,
        flicker_a=lambda: _flicker_a(site, memory),
    )
    return pace(
        [ask for ask in participants.asks if ask.active], shares.up, shares.down, pace_inputs
    )


def _flicker_a(site: Site, memory: Memory) -> float:
    """By how much the noisiest phase of the main meter flickers, A; 0: it stands still."""
    spots = ((MAIN, phase) for phase in site.phases)
    known = [flicker_a(memory.seen[spot]) for spot in spots if spot in memory.seen]
    most_a = max(known, default=0.0)
    return most_a if most_a > LEAST_FLICKER_A else 0.0
