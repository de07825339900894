"""What each load gets by the rules, and what it is told of that now.

The table is laid once and shared twice: of the budget as a cut sees it, and as a raise does. Who
holds on without sun, who is being checked and who stays off is settled on the way; how fast all of
it may happen comes last.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from ..diagnostics import wiring as detect
from ..limits import surplus as sources
from ..limits import unmanaged as rising
from ..limits.budgets import Budgets
from ..measure.readings import Readings
from ..memory.limits import BatteryMemory
from ..memory.memory import Memory
from ..options import Options
from ..records import replace
from ..sharing import demand as sharing
from ..sharing.allocate import Allocation
from ..sharing.participants import Table, could
from ..sharing.utilisation import Taking
from ..site.model import Site
from ..units import TOLERANCE
from . import delays as patience
from . import phases as phase_switch
from .decide import Found
from .delays import Pause
from .pace import Moment, Paced, pace


@dataclass(frozen=True, slots=True)
class Known:
    """What is known before anything is shared, beside the memory.

    `marks` are those of the battery that hold, `fixed` is what is served before all others (A per
    leg by load), `silent` names by load the breaker of which the meter has been silent for too
    long, `taking` is what loads are left that do not take what they get.
    """

    site: Site
    readings: Readings
    budgets: Budgets
    marks: BatteryMemory
    fixed: Mapping[str, float]
    silent: Mapping[str, str]
    taking: Taking
    options: Options


@dataclass(frozen=True, slots=True)
class _Shares:
    """What each load gets of the budget as a raise sees it (`up`), and as a cut does (`down`)."""

    up: dict[str, Allocation]
    down: dict[str, Allocation]


def settle(known: Known, memory: Memory) -> tuple[Memory, Found]:
    """What each load gets, and what it is told of that now; and the memory of both."""
    site, readings, options = known.site, known.readings, known.options
    up, down = known.budgets.up, known.budgets.down
    changing = phase_switch.changing(readings, memory)
    pauses = {**patience.pausing(site, readings, memory, readings.at), **changing}
    waking = sharing.waking(site, readings, memory, options)
    table = _laid(known, memory, pauses, waking)
    lowered, holds, makes_way = patience.hold(
        site,
        readings,
        memory,
        lambda free_a, without: table.share(down, free_a, without),
        readings.at,
    )
    held_a = patience.minimums(readings, holds)
    shares = _Shares(lowered if up is down else table.share(up, held_a), lowered)
    memory, shares = _checked(known, memory, shares)
    memory = phase_switch.follow(
        site, readings, memory, lambda load, legs: could(table, up, load, legs), options
    )
    memory, wished = _wished(known, memory, table, pauses)
    return memory, Found(
        shares.up,
        _paced(known, memory, table, shares, waking),
        known.fixed,
        pauses,
        wished,
        holds,
        makes_way,
        frozenset(changing),
        frozenset(load for row in down.limits if row.room < -TOLERANCE for load in row.uses),
        known.silent,
        known.taking,
        up.blind,
        {**table.free_a, **held_a},
    )


def _laid(
    known: Known, memory: Memory, pauses: Mapping[str, Pause], waking: Mapping[str, float]
) -> Table:
    """The table, at which loads that pause wait; those that are waking need no sun for so much."""
    site, readings, fixed, taking = known.site, known.readings, known.fixed, known.taking
    blind = known.budgets.up.blind
    return Table(
        site,
        readings,
        known.marks,
        sharing.asks(site, readings, fixed, blind, pauses, known.silent, taking),
        fixed,
        sharing.stuck(readings, memory, _active(known), known.options),
        taking.idle,
        {**patience.keeps_minimum(site, readings, memory), **waking},
        sources.living_from(site, readings, known.marks),
    )


def _active(known: Known) -> set[str]:
    """Loads that share, without those that are served before."""
    return sharing.taking_part(known.site, known.readings) - set(known.fixed)


def _checked(known: Known, memory: Memory, shares: _Shares) -> tuple[Memory, _Shares]:
    """The shares, lowered for a load of which the wiring is being checked."""
    readings, options = known.readings, known.options
    blind = known.budgets.up.blind | known.silent.keys()
    danger = detect.Danger(blind, _overloaded(known))
    stage_s = options.check_stage_s
    wiring = detect.follow_check(known.site, readings, memory.wiring, danger, stage_s)
    up, down = (
        detect.capped(wiring.check, one, readings.at, stage_s) for one in (shares.up, shares.down)
    )
    return replace(memory, wiring=wiring), _Shares(up, down)


def _overloaded(known: Known) -> bool:
    """Whether a breaker carries clearly more than its limit."""
    return any(
        amps > known.readings.limits_a[circuit] + known.options.over_a
        for circuit in known.site.circuits
        for _, amps in known.budgets.down.circuits[circuit].draw.items()
    )


def _wished(
    known: Known, memory: Memory, table: Table, pauses: Mapping[str, Pause]
) -> tuple[Memory, dict[str, Allocation]]:
    """What loads that pause would get if they did not, and since when there is room for them."""
    if not pauses:
        return memory, {}
    readings = known.readings
    wished = table.share(known.budgets.up, patience.minimums(readings, pauses), also=pauses)
    freed = patience.freed(memory, pauses, wished, known.silent, readings.at)
    return replace(memory, loads={**memory.loads, **freed}), wished


def _paced(
    known: Known, memory: Memory, table: Table, shares: _Shares, waking: Collection[str]
) -> dict[str, Paced]:
    """What each load that shares is told now."""
    site, readings, options = known.site, known.readings, known.options
    up = known.budgets.up
    moment = Moment(
        now=readings.at,
        up_rows=up.limits,
        lasting_rows=rising.lasting(up.limits, up, memory.seen),
        down_rows=known.budgets.down.limits,
        loads=readings.loads,
        memories=memory.loads,
        reserved_a=sharing.reserved(readings, _active(known), known.fixed, table.stuck),
        blind=up.blind,
        silent=known.silent.keys(),
        unsettled=sharing.unsettled(site, readings, memory, options) | set(waking),
        options=options,
    )
    return pace([ask for ask in table.asks if ask.active], shares.up, shares.down, moment)
