"""One phase or three: a charger that can be switched charges on one while there is little sun.

The minimum of 6 A is 1,380 W on one phase and 4,140 W on three. A load that lives from the sun is
switched to one phase while three would get nothing and one would run, and back to three when three
would get 1.1 times the minimum. What it would get is worked out by the sharing itself: behind an
inverter that does not net its phases, one phase has no more sun than each of three. Modes that take
from the grid use three phases.

A switch under load may damage a car, so the car is told 0 A first:

    time, s             0     120     125     145
    better, phases      1       1       -       -
    is told, A          6       0       0     7.5
    reports, A          6       6       0       0
    is switched to      3       3       1       1

- The other number must have been better for 120 s (`phase_wish_s`), and the last switch must be
  10 min ago (the form says it).
- The switch is told only after a report of less than 1 A (`idle_leg_a`).
- The car stays off for 20 s (`phase_settle_s`) after that, until the switch shows the new number.
- If the car does not stop, or the switch does not change, within 120 s (`phase_wait_s`), that is
  given up, told, and tried again after the 10 min.

Limits count the measured legs: a car that draws on more legs than the switch shows is counted on
all of them at once (`loads.phases`).

Sources: docs/product.md section 2; docs/decisions/0016.
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
"""From a load id and other legs to A per leg that it would get of the sun; `None`: no share."""


WORTH_THREE = 1.1
"""A charger is switched to three phases if it would get this many times its minimum there."""


def changing(readings: Readings, memory: Memory) -> dict[str, Pause]:
    """By load id: the pause of each load that is being switched."""
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
    """The memory with the number of phases that each switchable charger is to be switched to.

    `would_get_a` works out what a load would get of the sun on other legs.
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
    """Whether the switch of a load may be told now: the load was told 0 A and has stopped."""
    known = memory.phases
    if known.to is None or known.since is None or reading.command_a:
        return False
    if known.switched_at is not None and known.switched_at >= known.since:
        return False  # the switch was told already
    heard = reading.draw_at is not None and reading.draw_at > (reading.commanded_at or 0.0)
    return reading.active and heard and reading.drawing_a() <= options.idle_leg_a


def called(switch: PhaseSwitch, memory: LoadMemory, now: float) -> LoadMemory:
    """The memory after the switch was told to change at `now` (epoch s).

    If the charger is switched by its profiles, all of them are told anew: an old one that says the
    other number could switch it back under load.
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
    """What is to be remembered of the switch after this run; before it was `known`.

    `wish` is the better number of phases; `None`: there is no reason to change anything.
    """
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
    """What is to be remembered of a load that is being switched: still, done or given up."""
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
    """The better number of phases, 1 or 3; `None`: there is no reason to change anything."""
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
