"""The two budgets of a run: `up` for raises, and `down` for cuts.

What the house takes at each meter is one estimate (`limits.unmanaged`). A cut counts with what it
most likely takes, so that a car that is still obeying is not cut once more. A raise must not count
on room that may not be there: while a load may still be obeying it counts with the most that the
house may take. The two are one and the same budget where nothing moves, which is nearly always.

Example: a breaker of 25 A, the house takes 8 A, a car draws 16 A and was told 10 A 2 s ago. The
meter shows 24 A.

    budget    the car counts with    the house takes    headroom
    down      16 A                   24 - 16 =  8       25 -  8 = 17 A
    up        10 A                   24 - 10 = 14       25 - 14 = 11 A

By `down` nothing has to be cut: 17 A are there, the car is told 10 A. By `up` no more than 1 A may
be added, until the meter shows that the car has obeyed.

Where it is wise, a little less room counts (`careful`, `careful_up`): ahead of a ramp, and while a
breaker is over its limit. Last, what the sun leaves over is smoothed (`limits.smoothing`).

Sources: docs/product.md section 1; docs/decisions/0001, 0011, 0012 and 0025.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from ..measure.legs import sum_by_phase
from ..measure.readings import LoadReading, Readings
from ..memory.limits import BatteryMemory, Seen, Spot
from ..memory.load import LoadMemory
from ..memory.memory import Memory
from ..options import Options
from ..reasons import RowKind
from ..records import quick, replace
from ..site.model import MAIN, Site
from ..units import TOLERANCE, PerPhase, amps_to_watts
from . import battery, surplus, unmanaged
from .constraints import Rows
from .draws import Span, span, steady_since, stopped
from .fallback import highest_unmanaged
from .headroom import Budget, budget
from .leg_currents import same_on_each_leg
from .reaction import obeys_s
from .smoothing import smoothed_supply
from .supply import Supply, supply_of_net
from .together import LEAST_FLICKER_A, Loads, SpansAt, flicker_a
from .uses import row_uses


def smoothed(
    site: Site, raw: Budgets, memory: Memory, now: float, options: Options
) -> tuple[Budgets, Memory]:
    """Both budgets with the surplus smoothed, and the memory of the smoothed values.

    Off the grid nothing is smoothed: there the sun is a limit (docs/decisions/0013).
    """
    if site.off_grid:
        return raw, memory
    noise_a = max([flicker_a(seen) for seen in raw.sun.values()], default=0.0)
    supply, smooth_raise = smoothed_supply(
        raw.up.supply, memory.smooth_raise, now, noise_a, options
    )
    same = raw.up is raw.down and memory.smooth_raise == memory.smooth_cut
    up = down = raw.up.supplied(supply)
    smooth_cut = smooth_raise
    if not same:
        supply, smooth_cut = smoothed_supply(
            raw.down.supply, memory.smooth_cut, now, noise_a, options
        )
        down = raw.down.supplied(supply)
    memory = replace(memory, smooth_raise=smooth_raise, smooth_cut=smooth_cut)
    careful = None if raw.careful is None else raw.careful.supplied(down.supply)
    return Budgets(up, down, raw.seen, raw.sun, careful, raw.careful_up), memory


def learn_battery(
    site: Site,
    readings: Readings,
    marks: BatteryMemory,
    likely: Budget,
    now: float,
    options: Options,
) -> BatteryMemory:
    """The memory of the battery with whether it gives what the budget `likely` counts on.

    That is the one for cuts: the one for raises counts on less while it is doubtful. See
    `battery.learn`. `marks` is the memory before, `now` is epoch s.
    """
    meter = likely.circuits[MAIN].draw
    measured = not site.off_grid and meter.covers(site.phases)
    import_w = amps_to_watts(meter.total(), site.voltage_v) if measured else None
    for_all = readings.max_import_w is not None or not surplus.grid_allowed(site, readings)
    given = likely.supply
    counted_w = max(given.help_w, given.reserve_help_w if for_all else 0.0)
    return battery.learn(marks, readings.energy, import_w, given.sun_w, counted_w, now, options)


def _spans(
    site: Site, readings: Readings, memory: Memory, managed: Collection[str], options: Options
) -> SpansAt:
    """Between what each load in `managed` draws, by its id and the time of a meter.

    One that is not managed any more counts as one that has stopped (`draws.stopped`). A load that
    can't be reached may draw up to what is kept for it (`kept_a`). A raise counts with its last
    report, up to `kept_a`; a plug, which is either on or off, with all of `kept_a`.
    """
    found: dict[tuple[str, float | None, bool], Span] = {}
    steady: dict[str, tuple[float, Span]] = {}
    for load in managed:
        reading = readings.loads[load]
        if reading.lost or reading.session.bare or load in readings.apart:
            continue
        longest_s = obeys_s(memory.load(load).draws.delays_s, options, usual=False)
        longest_s = max(longest_s, options.obeys_s)  # so it is steady for its usual time, too
        if always := steady_since(reading, readings.at, longest_s):
            steady[load] = always

    def at(load: str, moment: float | None, usual: bool) -> Span | None:
        if load not in managed:
            return stopped(readings.loads[load])
        always = steady.get(load)
        if always is not None and (moment is None or moment > always[0]):
            return always[1]
        key = (load, moment, usual)
        if key not in found:
            reading, known = readings.loads[load], memory.load(load)
            if reading.lost:
                found[key] = _lost(site, reading, known, load)
            else:
                if reading.session.bare:  # its command limits nothing yet
                    reading = replace(reading, command_a=None)
                within_s = obeys_s(known.draws.delays_s, options, usual)
                found[key] = _span(reading, readings, load, moment, within_s)
        return found[key]

    return at


def _span(
    reading: LoadReading, readings: Readings, load: str, moment: float | None, within_s: float
) -> Span:
    """Between what a load may draw at `moment` (epoch s; `None`: now).

    If its sensors leave that open, it is between the least by the least that they may mean, and the
    most by the most. Then its phases need not move together, and the meter may tell them apart.
    Until the meter has been read before, it counts with what is likely: a car of which only the
    power is known can't draw all of it on each leg, and room would be seen that is not there.
    """
    bounds = readings.apart.get(load)
    if bounds is None:
        return span(reading, readings.at, moment, within_s)
    low, high = (
        span(replace(reading, draw=draw, drew=()), readings.at, moment, within_s) for draw in bounds
    )
    rises, likely = low.rises or high.rises, span(reading, readings.at, moment, within_s)
    total_a = None
    if reading.draw is not None and (reading.status or "").lower() == "charging":
        # Each leg may carry all of it: a power. Less is drawn only if it was told less meanwhile.
        by_power = bounds[1].total() > reading.draw.total() + LEAST_FLICKER_A
        total_a = likely.least.total() if by_power else None
    return Span(
        low.least,
        high.most,
        rises,
        falls=True,
        moving=True,
        apart=True,
        likely=likely.most,
        total_a=total_a,
    )


def _lost(site: Site, reading: LoadReading, memory: LoadMemory, load: str) -> Span:
    """Between what a load draws that can't be reached."""
    most = least = same_on_each_leg(reading.legs, reading.kept_a)
    if site.loads[load].kind.adjustable:
        drawn = dict(memory.draws.by_leg or ())
        low = {leg: min(drawn.get(leg, 0.0), reading.kept_a) for leg, _ in reading.legs}
        least = sum_by_phase(low, reading.legs)
    return Span(least, most, rises=True, falls=True, moving=True)


@quick
@dataclass(frozen=True, slots=True)
class Budgets:
    """The two budgets of a run, and what is to be remembered of the meters.

    - `up`, `down`: the budget for raises, and the one for cuts.
    - `seen`: what each meter showed, by (circuit id, phase).
    - `sun`: house - sun of the site, by phase; empty off the grid.
    - `careful`: `down` with less room where that is wise; no load loses its minimum by it. `None`:
      as `down`. `careful_up`: `up` with less room in the same way; nobody is raised beyond it.
    """

    up: Budget
    down: Budget
    seen: Mapping[Spot, Seen]
    sun: Mapping[str, Seen]
    careful: Budget | None = None
    careful_up: Budget | None = None


def budgets(
    site: Site,
    readings: Readings,
    memory: Memory,
    managed: set[str],
    marks: BatteryMemory,
    options: Options,
) -> Budgets:
    """The two budgets, not smoothed yet; `up` is `down` where the views agree.

    `managed` are the ids of the loads whose draws are subtracted from the meters; `marks` is the
    memory of the battery with the marks that hold now.
    """
    spans = _spans(site, readings, memory, managed, options)
    for_raise, for_cut = {}, {}
    for load in managed:
        drawn = spans(load, None, False)
        if drawn is not None:
            for_raise[load], for_cut[load] = drawn.least, drawn.most
    peaks = highest_unmanaged(memory) if any(m.stale for m in readings.meters.values()) else {}
    uses = row_uses(site, readings)
    house = unmanaged.estimate(site, readings, memory, spans, options)
    likely_a = {spot: seen.unmanaged_a for spot, seen in house.seen.items()}
    net, given, given_raise = _sun(site, readings, memory, house.on_main, marks, options)
    up = budget(site, readings, for_raise, True, marks, house.most_a, peaks, uses, given_raise)
    down = up
    if for_cut != for_raise or likely_a != house.most_a or given is not given_raise:
        down = budget(site, readings, for_cut, False, marks, likely_a, peaks, uses, given)
        down.limits.like(up.limits)
    careful = _careful(site, down, house.more_a)
    careful_up = careful if up is down else _careful(site, up, house.more_a)
    return Budgets(up, down, house.seen, net, careful, careful_up)


def _careful(site: Site, now: Budget, more_a: Mapping[Spot, float]) -> Budget | None:
    """The budget `now` less what counts to be sure (A by circuit and phase); `None`: nothing."""
    if not any(amps > TOLERANCE for amps in more_a.values()):
        return None
    rows = []
    for row in now.limits:
        if row.kind == RowKind.CIRCUIT:
            less = more_a.get((row.circuit, row.phase), 0.0)
        else:
            less = amps_to_watts(more_a.get(unmanaged.IMPORT, 0.0), site.voltage_v)
        rows.append(replace(row, room=row.room - less) if less > TOLERANCE else row)
    return Budget(Rows(rows).like(now.limits), now.circuits, now.blind, now.supply)


def _sun(
    site: Site,
    readings: Readings,
    memory: Memory,
    loads: Loads,
    marks: BatteryMemory,
    options: Options,
) -> tuple[Mapping[str, Seen], Supply | None, Supply | None]:
    """House - sun as seen, and what sun and battery give: likely, and at least (for a raise).

    The supplies are `None` where a phase of the main meter gives nothing, and off the grid. While
    it is doubtful whether the battery follows the load, a raise counts with what it gives now.
    """
    if site.off_grid:
        return {}, None, None
    seen, most_a = unmanaged.estimate_net(site, readings, memory, loads, options)
    if len(seen) < len(site.phases):
        return seen, None, None
    likely_a = {phase: one.unmanaged_a for phase, one in seen.items()}
    given = for_raise = supply_of_net(site, readings, PerPhase.of(likely_a), marks)
    if likely_a != most_a:
        for_raise = supply_of_net(site, readings, PerPhase.of(most_a), marks)
    if battery.doubted(marks, readings.at, options):
        now_w = max(readings.energy.battery_w or 0.0, 0.0)
        help_w, reserve_w = for_raise.help_w, for_raise.reserve_help_w
        for_raise = replace(
            for_raise, help_w=min(help_w, now_w), reserve_help_w=min(reserve_w, now_w)
        )
    return seen, given, for_raise
