"""One phase or three: a charger that can be switched charges on one while there is little sun.

Three phases need three times the power for the same 6 A. So while the sun does not carry that but
would carry one, a load that lives from it is switched to one phase, and back when it carries three.
What it would get is asked of the sharing itself: where phases are not netted, one phase has no more
sun than each of three. A car may be
damaged by a switch under load: it is told 0 first, switched when it takes nothing any more, and let
go on when the switch says that it has changed. Whether it really has, the measured legs show: a car
that draws on more is counted on all of them, whatever the switch says.

Nothing is switched more often than the form allows, nor for what has not stood for a while.

Source: docs/product.md section 2 and the duties of a contactor.
"""

from __future__ import annotations

from collections.abc import Callable

from ..loads.phases import ALL_PHASES
from ..measure.readings import LoadReading, Readings
from ..memory.load import LoadMemory
from ..memory.memory import Memory
from ..memory.timers import Phases
from ..options import Options
from ..reasons import Reason
from ..records import replace
from ..site.controls import PhaseSwitch
from ..site.model import Legs, Load, Site
from ..site.modes import GRID, MODES
from ..units import TOLERANCE
from .delays import Pause

WouldGet = Callable[[str, Legs], float | None]


WORTH_THREE = 1.1
"""Three phases are only worth a switch if the sun gives so many times the minimum there."""


def changing(readings: Readings, memory: Memory) -> dict[str, Pause]:
    """Loads that are being switched, and why they stay off meanwhile."""
    found = {}
    for load, reading in readings.loads.items():
        to = memory.load(load).phases.to
        if to is not None and reading.active:
            code = "to_one_phase" if to == 1 else "to_three_phases"
            found[load] = Pause(None, Reason(code))
    return found


def update(
    site: Site,
    readings: Readings,
    memory: Memory,
    would_get_a: WouldGet,
    options: Options,
) -> Memory:
    """The memory with what each charger that can be switched is to be switched to.

    `would_get_a` says what a load would get of the sun on other legs, A per leg; `None`: it does
    not share.
    """
    changed = {}
    for load in site.loads.values():
        if load.phase_switch is None:
            continue
        reading, old = readings.loads[load.id], memory.load(load.id)
        wish = _wish(readings, load, would_get_a)
        known = _next(load.phase_switch, reading, old.phases, wish, readings.at, options)
        if known is not old.phases:
            changed[load.id] = replace(old, phases=known)
    return replace(memory, loads={**memory.loads, **changed}) if changed else memory


def due(reading: LoadReading, memory: LoadMemory, options: Options) -> bool:
    """Whether a load that is to be switched takes nothing any more, so that it may be."""
    known = memory.phases
    if known.to is None or known.since is None or reading.command_a:
        return False
    if known.switched_at is not None and known.switched_at >= known.since:
        return False  # it has been
    heard = reading.draw_at is not None and reading.draw_at > (reading.commanded_at or 0.0)
    return reading.active and heard and reading.drawing_a() <= options.idle_leg_a


def called(switch: PhaseSwitch, memory: LoadMemory, now: float) -> LoadMemory:
    """Memory of the switch having been told to change.

    Where profiles switch it, all of them are told anew: none may switch it back under load.
    """
    if switch.entity is not None:
        return replace(memory, phases=memory.phases.told(now))
    return replace(
        memory,
        phases=memory.phases.told_by_profile(now),
        command=memory.command.without_default(),
        profiles=memory.profiles.without_safe(),
    )


def _next(
    switch: PhaseSwitch,
    reading: LoadReading,
    known: Phases,
    wish: int | None,
    now: float,
    options: Options,
) -> Phases:
    """What is remembered after this run: what is wished, under way, done or given up."""
    if known.to is not None:
        return _under_way(reading, known, now, options)
    if wish is None or wish == reading.session.phases or not reading.active:
        return known.wished(None)
    since = now if known.wish_at is None else min(known.wish_at, now)
    rested = known.switched_at is None or not 0 <= now - known.switched_at < switch.apart_s
    if rested and now - since >= options.phase_wish_s:
        return known.begun(wish, now)
    return known.wished(since)


def _under_way(reading: LoadReading, known: Phases, now: float, options: Options) -> Phases:
    """What is remembered of a load that is being switched."""
    since = known.since if known.since is not None else now
    told = known.switched_at is not None and known.switched_at >= since
    at = known.switched_at if told else None
    if at is not None and reading.session.phases == known.to:
        return known.done() if now - at >= options.phase_settle_s else known
    if at is None and not reading.active:
        return known.ended()  # the car has left, or somebody unplugged it
    if now - (since if at is None else at) >= options.phase_wait_s:
        return known.given_up(now)
    return known


def _wish(readings: Readings, load: Load, would_get_a: WouldGet) -> int | None:
    """How many phases the load should use; `None`: there is no reason to change anything."""
    reading = readings.loads[load.id]
    mode = MODES[reading.mode]
    if reading.session.phases is None or not (reading.active and reading.connected and mode.takes):
        return None
    if mode.more_from == GRID:
        return ALL_PHASES
    if reading.session.phases == ALL_PHASES and len(reading.legs) == 1:
        return None  # a car of one phase needs no switch
    on_all_a = would_get_a(load.id, load.legs)
    if on_all_a is None:
        return None
    if reading.session.phases == 1:
        return ALL_PHASES if on_all_a >= WORTH_THREE * reading.min_a else None
    if on_all_a > TOLERANCE:
        return None
    return 1 if (would_get_a(load.id, load.legs[:1]) or 0.0) > TOLERANCE or not mode.solar else None
