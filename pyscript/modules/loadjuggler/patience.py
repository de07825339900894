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
from .units import TOLERANCE

Shares = dict[str, Allocation]


@dataclass(frozen=True, slots=True)
class Grace:
    """A load that goes on at its minimum: since when (epoch s), for how long yet, and why."""

    since: float
    left_s: float
    reason: Reason

    def told(self) -> Reason:
        """What people are told: what it lacks, and when it stops."""
        numbers = {**self.reason.numbers, "wait_s": self.left_s}
        first = self.reason.code.startswith("battery_first")
        return Reason("grace_battery" if first else "grace", numbers)


def pausing(site: Site, readings: Readings, memory: Memory, now: float) -> dict[str, float]:
    """Seconds that loads stay off yet; one that runs, or was never stopped, is not named."""
    found = {}
    for load in site.loads.values():
        reading, stopped_at = readings.loads[load.id], memory.load(load.id).stopped_at
        if stopped_at is None or reading.command_a:
            continue
        solar = MODES[reading.mode].solar
        length_s = load.patience.min_off_s if load.kind == "plug" else load.patience.pause_s
        left_s = min(stopped_at + length_s - now, length_s)
        if left_s > 0 and (solar or load.kind == "plug"):
            found[load.id] = left_s
    return found


def hold(
    site: Site,
    readings: Readings,
    memory: Memory,
    share: Callable[[frozenset[str]], Shares],
    now: float,
) -> tuple[Shares, dict[str, Grace]]:
    """The allocation in which loads that lack sun hold their minimum, and those that do.

    `share` allocates with the minimums of the named loads taken from anywhere. One that holds on
    uses up what there is, so another may come to lack it, and holds on, too.
    """
    holds: dict[str, Grace] = {}
    shares = share(frozenset())
    while more := _short(site, readings, memory, shares, holds, now):
        holds |= more
        shares = share(frozenset(holds))
    return shares, holds


def _short(
    site: Site,
    readings: Readings,
    memory: Memory,
    shares: Shares,
    holds: Mapping[str, Grace],
    now: float,
) -> dict[str, Grace]:
    """Loads that run, would be stopped, and have some patience left."""
    found = {}
    for load, given in shares.items():
        known, patience = memory.load(load), site.loads[load].patience
        if load in holds or given.amps > TOLERANCE or not _runs(readings.loads[load]):
            continue
        since = now if known.short_at is None else min(known.short_at, now)
        until = since + patience.grace_s
        if known.started_at is not None:
            until = max(until, min(known.started_at, now) + patience.min_on_s)
        if until > now:
            found[load] = Grace(since, until - now, given.reason)
    return found


def _runs(reading: LoadReading) -> bool:
    """Whether a load that may lack sun runs: it was told to, or was found doing so."""
    if not (MODES[reading.mode].solar and reading.active):
        return False
    return reading.drawing_a() > 1.0 if reading.command_a is None else reading.command_a > 0


def remembered(
    memory: LoadMemory, before_a: float | None, told_a: float, grace: Grace | None, now: float
) -> LoadMemory:
    """The load's memory with when it was told to start or stop, and since when it lacks sun."""
    short_at = grace.since if grace else None
    if short_at != memory.short_at:
        memory = replace(memory, short_at=short_at)
    if told_a > TOLERANCE and not before_a:
        return replace(memory, started_at=now, stopped_at=None)
    if told_a <= TOLERANCE and before_a:
        return replace(memory, stopped_at=now, started_at=None)
    return memory
