"""Patience with the sun: who holds on for a while when it is not enough, and who waits to start.

Source: docs/product.md section 5. Before lack of sun stops a load it holds its minimum for its
grace, from wherever, as long as the limits let it; a plug at least for its shortest time on. After
a stop it stays off for its pause, a plug for its shortest time off. A limit that is exceeded stops
it at once, and a change of mode acts at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from .allocate import Allocation
from .memory import LoadMemory, Memory
from .model import LoadReading, Readings, Site
from .modes import MODES
from .reasons import Reason
from .sources import grid_allowed
from .units import TOLERANCE

Shares = dict[str, Allocation]
SOURCES = ("surplus", "battery_first", "excess", "inverter")
"""Kinds of rows whose lack a load may bridge; a limit stops it at once."""


GRACES = {"battery_first": "grace_battery", "excess": "grace_excess", "surplus": "grace"}


@dataclass(frozen=True, slots=True)
class Grace:
    """A load that goes on at its minimum: since when (epoch s), for how long yet, and why."""

    since: float
    left_s: float
    reason: Reason

    def told(self) -> Reason:
        """What people are told: what it lacks, and when it stops."""
        numbers = {**self.reason.numbers, "wait_s": self.left_s}
        kind = next((kind for kind in GRACES if self.reason.code.startswith(kind)), "surplus")
        return Reason(GRACES[kind], numbers)


def pausing(site: Site, readings: Readings, memory: Memory, now: float) -> dict[str, float]:
    """Seconds that loads stay off yet; one that runs, or was never stopped, is not named."""
    found = {}
    for load in site.loads.values():
        reading, stopped_at = readings.loads[load.id], memory.load(load.id).stopped_at
        if stopped_at is None or reading.command_a:
            continue
        solar = MODES[reading.mode].solar or not grid_allowed(site, readings)
        length_s = load.patience.min_off_s if load.kind == "plug" else load.patience.pause_s
        left_s = min(stopped_at + length_s - now, length_s)
        if left_s > 0 and (solar or load.kind == "plug"):
            found[load.id] = left_s
    return found


def hold(
    site: Site,
    readings: Readings,
    memory: Memory,
    share: Callable[[frozenset[str], frozenset[str]], Shares],
    now: float,
) -> tuple[Shares, dict[str, Grace]]:
    """The allocation in which loads that lack sun hold their minimum, and those that do.

    `share` allocates with the minimums of some loads taken from anywhere, and without some others.
    One that holds on uses up what there is, so another may come to lack it, and holds on, too. One
    that lacks it only because another starts, which goes first, makes way at once.
    """
    holds: dict[str, Grace] = {}
    shares = share(frozenset(), frozenset())
    if not (more := _short(site, readings, memory, shares, holds, now, frozenset())):
        return shares, holds
    starting = frozenset(
        load
        for load, given in shares.items()
        if given.amps > TOLERANCE and memory.load(load).started_at is None
    )
    before = share(frozenset(), starting) if starting else shares
    makes_way = frozenset(x for x in more if before[x].amps > TOLERANCE)
    while more := _short(site, readings, memory, shares, holds, now, makes_way):
        holds |= more
        shares = share(frozenset(holds), frozenset())
    return shares, holds


def _short(
    site: Site,
    readings: Readings,
    memory: Memory,
    shares: Shares,
    holds: Mapping[str, Grace],
    now: float,
    makes_way: frozenset[str],
) -> dict[str, Grace]:
    """Loads that run, would be stopped, and have some patience left.

    Those in `makes_way` have none but the shortest time that a plug stays on.
    """
    found = {}
    for load, given in shares.items():
        known, patience = memory.load(load), site.loads[load].patience
        if load in holds or given.amps > TOLERANCE or not given.reason.code.startswith(SOURCES):
            continue
        if not _runs(readings.loads[load], known):
            continue
        since = now if known.short_at is None else min(known.short_at, now)
        until = since + (0.0 if load in makes_way else patience.grace_s)
        if known.started_at is not None:
            until = max(until, min(known.started_at, now) + patience.min_on_s)
        if until > now:
            found[load] = Grace(since, until - now, given.reason)
    return found


def _runs(reading: LoadReading, memory: LoadMemory) -> bool:
    """Whether a load that may lack sun runs: it was told to start, or was found doing so.

    A charger that waits for a car holds its minimum and was never told to start.
    """
    if not (MODES[reading.mode].solar and reading.active):
        return False
    if reading.command_a is None:
        return reading.drawing_a() > 1.0
    return reading.command_a > 0 and memory.started_at is not None


def remembered(
    memory: LoadMemory, before_a: float | None, told_a: float, grace: Grace | None, now: float
) -> LoadMemory:
    """The load's memory with when it was told to start or stop, and since when it lacks sun."""
    short_at = grace.since if grace else None
    if told_a <= TOLERANCE:
        short_at = short_at or memory.short_at  # no new grace if it does not stop
    if short_at != memory.short_at:
        memory = replace(memory, short_at=short_at)
    if told_a > TOLERANCE and (memory.started_at is None or not before_a):
        return replace(memory, started_at=now, stopped_at=None)
    if told_a <= TOLERANCE and before_a:
        return replace(memory, stopped_at=now, started_at=None)
    return memory
