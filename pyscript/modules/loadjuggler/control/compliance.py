"""Loads that do not follow their command: when to tell them again, and what else to try.

A load does not follow if it draws over 1 A (`overdraw_a`) more than its command, in a report made
15 s (`not_following_s`) or more after the command. Meanwhile what it draws stays reserved, and
other loads make room (`sharing.demand.stuck`; docs/decisions/0006). Drawing less is never a fault.

Example: a car is told 10 A at 0 s, and goes on reporting 14 A from 20 s on.

    at        what is tried                                                     wait after it
    20 s      told again                                                        15 s
    35 s      told again                                                        20 s
    55 s      told again                                                        40 s
    95 s      profiles cleared, if the wires carry its maximum; told again      80 s
    175 s     restarted, if its form allows that, else told again               160 s
    later     told again, at most 300 s (`retry_most_s`) apart

It is restarted once in a session and 3 times a day at most. A report that does not come within
15 s of a cut is asked for, once.

- **A call that failed** is made again after 5 s (`retry_s`), 10 s, 20 s and so on, up to 300 s.
- **A charger that says SuspendedEVSE** for 60 s after it was told to let the car charge, with a car
  that draws nothing, may have missed the call. It is told 3 times more (docs/decisions/0014).
- **A plug that is on** 15 s after it was switched off was switched on by a person, or sticks. It is
  left on and counts as house load: a person's hand beats the program's. It is switched off again
  only while what is not managed exceeds a limit by itself (docs/decisions/0006).
- **A plug that shows otherwise than it was told, and not by hand**, is told again, like a load that
  does not follow: a power cut, or a restart, made it so (docs/decisions/0041).

Times are epoch s. Source: docs/product.md section 6.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from ..calls import AGAIN, ASK, CLEAR, RESET
from ..limits.leg_currents import leg_current_a
from ..loads.kinds import KINDS_OF_LOADS
from ..measure.readings import LoadReading
from ..memory.load import LoadMemory
from ..memory.timers import Compliance
from ..options import Options
from ..reasons import Reason
from ..records import replace
from ..site.model import Load
from ..units import roughly_s
from . import inforce
from .by_hand import STAYS, on_by_hand, strayed

BEFORE_CLEARING = 3
"""A load is told again this many times before its profiles are cleared."""


RESETS_A_DAY = 3
"""A charger is restarted at most this many times in 24 h."""


def may_call(memory: LoadMemory, now: float, options: Options) -> bool:
    """Whether a call may be made now: always, unless the last one failed too short a while ago."""
    return not memory.calls.failures or retry_s(memory, now, options) <= 0


def retry_s(memory: LoadMemory, now: float, options: Options) -> float:
    """How long it takes until a call that failed is made again, s; 0: now.

    It counts from the last call, not from the command: a command that is renewed may be much older.
    """
    calls = memory.calls
    called_at = calls.commanded_at if calls.called_at is None else calls.called_at
    if called_at is None:
        return 0.0
    at = called_at + options.backoff_s(max(calls.failures - 1, 0))
    return max(at - now, 0.0)


def next_step(
    load: Load,
    reading: LoadReading,
    memory: LoadMemory,
    clear_fits: Callable[[], bool],
    over: bool,
    over_told: bool,
    now: float,
    options: Options,
) -> tuple[str, LoadMemory]:
    """The next step with a load that does not follow, and the memory of having taken it.

    The step is AGAIN, OTHERWISE, CLEAR, RESET, ASK, or "" for none. `clear_fits` says whether the
    wires carry the charger's maximum; `over`, whether what is not managed exceeds a limit above the
    load by itself; `over_told`, whether it draws more than it was told.
    """
    if reading.command_a is None:
        return "", memory
    if load.kind.switched_by_hand:
        if strayed(reading, memory, now, options):
            return ("", memory) if _waits(memory, now, options) else _again(memory, now)
        if not on_by_hand(reading, now, options):
            return "", _followed(memory)
        return _again(memory, now) if over and not _waits(memory, now, options) else ("", memory)
    level = inforce.level_a(load, reading, memory, over_told, now, options)
    if level is not None:
        early = _tried_just_now(memory, now, options)
        return inforce.step(load, reading, memory, level, early, now, options)
    memory = inforce.without_chance(load, reading, memory, options)
    if over_told:
        if _waits(memory, now, options):
            return "", memory
        return _escalated(load, reading, _again(memory, now)[1], clear_fits, now)
    if reading.setpoint.refused:
        return ("", memory) if _waits(memory, now, options) else _again(memory, now)
    idle_at = memory.utilisation.idle_at
    idle = idle_at is not None and now - idle_at >= options.spare_s
    starts = idle and bool(reading.command_a) and reading.waits_for_start()
    if starts or (idle and holds_back(reading, now, options)):
        if memory.compliance.resends >= BEFORE_CLEARING or _waits(memory, now, options):
            return "", memory
        return _again(memory, now)
    known = memory.compliance
    if known.resends and _heard_since(reading, known.resent_at, options):
        return "", _followed(memory)
    return _ask(load, reading, memory, now, options)


def disobeys(
    load: Load,
    reading: LoadReading,
    memory: LoadMemory,
    idle: bool,
    over_told: bool,
    now: float,
    options: Options,
) -> Reason | None:
    """Why a load does not do what it was told, for people; `None`: it does.

    `idle`: it draws nothing; `over_told`: it draws more than it was told.
    """
    if idle and holds_back(reading, now, options):
        return Reason("held_back", {"told_a": reading.command_a or 0.0})
    if load.kind.switched_by_hand:
        if strayed(reading, memory, now, options):
            return Reason("not_switched" if memory.compliance.resends >= STAYS else "came_back")
        by_hand = on_by_hand(reading, now, options)
        return Reason("on_by_hand", {"draw_a": _drawn_a(reading)}) if by_hand else None
    still = memory.compliance.ignored_at is not None
    if over_told or (still and _takes_more(reading, options)):
        return _takes_too_much(load, reading, memory, over_told, now, options)
    if reading.setpoint.refused or (still and _shows_other(load, reading, memory)):
        return KINDS_OF_LOADS[load.kind.name].account.not_taken(load, reading)
    return None


def _drawn_a(reading: LoadReading) -> float:
    """The largest current of one leg by the last report, A to 0.1; 0 without a report."""
    return round(leg_current_a(reading, reading.draw), 1) if reading.draw else 0.0


def remembered(
    load: Load, reading: LoadReading, memory: LoadMemory, over_told: bool, options: Options
) -> LoadMemory:
    """The memory with the first command in a row that a load exceeds (`over_told`) or refuses."""
    if load.kind.switched_by_hand:
        return memory
    if memory.compliance.ignored_at is None:
        if not (over_told or reading.setpoint.refused):
            return memory
        first_a, first_at = _ignored_first(reading, over_told, options)
        return _noted(memory, memory.compliance.ignoring(first_a, first_at))
    if _takes_more(reading, options) or _shows_other(load, reading, memory):
        return memory
    return _noted(memory, memory.compliance.ignoring(None, None))


def _takes_more(reading: LoadReading, options: Options) -> bool:
    """Whether a charger's last report is over 1 A above its command, however old it is."""
    if reading.command_a is None or reading.draw is None:
        return False
    may_a = max(reading.command_a, reading.session.least_a)
    return leg_current_a(reading, reading.draw) > may_a + options.overdraw_a


def _ignored_first(
    reading: LoadReading, over_told: bool, options: Options
) -> tuple[float, float | None]:
    """The first of the commands in a row that the load exceeded: A per leg, and when it was sent.

    Only commands with a known beginning count. The time is `None` if the load was found holding it,
    without a call. Example: a car that draws 14 A was told 16, 10 and 8 A: the first is 10 A.
    """
    first_a, first_at = reading.command_a or 0.0, reading.commanded_at
    if reading.draw is None or not over_told:
        return first_a, first_at
    above_a = leg_current_a(reading, reading.draw) - options.overdraw_a
    began = [until for _, until in reading.earlier[:-1]]
    for (amps, _), at in zip(reading.earlier[:0:-1], began[::-1], strict=True):
        if max(amps, reading.session.least_a) >= above_a:
            break
        first_a, first_at = amps, at
    return first_a, first_at


def _shows_other(load: Load, reading: LoadReading, memory: LoadMemory) -> bool:
    """Whether the entity that sets the load shows something else than it was told."""
    return KINDS_OF_LOADS[load.kind.name].account.differs(load, reading, memory)


def _takes_too_much(
    load: Load,
    reading: LoadReading,
    memory: LoadMemory,
    over_told: bool,
    now: float,
    options: Options,
) -> Reason:
    """The reason of a charger that draws too much, with the first command that it does not follow.

    The numbers also have how long ago that was, the command of now if it is another one, and what
    its entity shows if it is set by one.
    """
    told_a, drawn_a = reading.command_a or 0.0, _drawn_a(reading)
    first_a, first_at = _ignored_first(reading, over_told, options)
    ignored_a = memory.compliance.ignored_a
    least_a = reading.session.least_a
    if ignored_a is not None and drawn_a > max(ignored_a, least_a) + options.overdraw_a:
        first_a, first_at = ignored_a, memory.compliance.ignored_at
    numbers: dict[str, float | str] = {"draw_a": drawn_a, "told_a": first_a}
    if first_at is not None:
        numbers["ago_s"] = roughly_s(max(now - first_at, 0.0), exact_s=300.0)
    if first_a != told_a:
        numbers["since_a"] = told_a
    if _shows_other(load, reading, memory):
        shown = KINDS_OF_LOADS[load.kind.name].account.not_taken(load, reading)
        numbers |= {key: x for key, x in shown.numbers.items() if key != "told"} if shown else {}
    return Reason("not_following", numbers)


def again_s(memory: LoadMemory, now: float, options: Options) -> float:
    """How long it takes until a load that does not follow is told again, s; 0: now."""
    known = memory.compliance
    if known.resent_at is None:
        return 0.0
    wait_s = max(options.backoff_s(known.resends), options.not_following_s)
    return max(min(known.resent_at, now) + wait_s - now, 0.0)


def holds_back(reading: LoadReading, now: float, options: Options) -> bool:
    """Whether a charger says SuspendedEVSE 60 s (`spare_s`) or more after it was told above 0 A."""
    if (reading.status or "").lower() != "suspendedevse" or not reading.command_a:
        return False
    at = reading.commanded_at
    return at is not None and now - at >= options.spare_s


def _waits(memory: LoadMemory, now: float, options: Options) -> bool:
    """Whether it is too early to tell a load again: it may be obeying, or has stopped just now."""
    return again_s(memory, now, options) > 0.0 or memory.draws.heard.just_quiet(now)


def _tried_just_now(memory: LoadMemory, now: float, options: Options) -> bool:
    """Whether it is too early to tell a load in another way: no back-off, as each is tried once."""
    at = memory.compliance.resent_at
    tried = at is not None and 0.0 <= now - at < options.not_following_s
    return tried or memory.draws.heard.just_quiet(now)


def _again(memory: LoadMemory, now: float) -> tuple[str, LoadMemory]:
    """The step AGAIN, and the memory of having taken it at `now`."""
    return AGAIN, _noted(memory, memory.compliance.resent(now))


def _followed(memory: LoadMemory) -> LoadMemory:
    """The memory of a load that does what it was told."""
    known = memory.compliance.followed()
    return memory if known is memory.compliance else _noted(memory, known)


def _noted(memory: LoadMemory, compliance: Compliance) -> LoadMemory:
    """The memory with another record `compliance`."""
    return replace(memory, compliance=compliance)


def _escalated(
    load: Load,
    reading: LoadReading,
    tried: LoadMemory,
    clear_fits: Callable[[], bool],
    now: float,
) -> tuple[str, LoadMemory]:
    """The next step with a charger that draws too much; `tried` is its memory of being told again.

    See the table above.
    """
    before = tried.compliance.resends - 1
    alone = load.control.alone
    if before >= BEFORE_CLEARING and not tried.compliance.cleared and alone and clear_fits():
        return CLEAR, _noted(tried, tried.compliance.with_cleared())
    if before > BEFORE_CLEARING and _may_reset(load, reading, tried, now):
        return RESET, _noted(tried, tried.compliance.reset(now, reading.session.transaction))
    return AGAIN, tried


def _heard_since(reading: LoadReading, at: float | None, options: Options) -> bool:
    """Whether the last report was made 15 s (`not_following_s`) or more after `at` (epoch s)."""
    return at is None or (
        reading.draw_at is not None and reading.draw_at - at >= options.not_following_s
    )


def _ask(
    load: Load, reading: LoadReading, memory: LoadMemory, now: float, options: Options
) -> tuple[str, LoadMemory]:
    """The step ASK if a report is due, and the memory of having asked.

    A report is due once for each command, if none has come since: 15 s after a cut, if the last one
    is above the command; 5 s (`follow_s`) after a raise, if the last one is below it and older than
    10 s, so that a charger which reports once a minute is not taken to draw what it did before. If
    the form has an interval, a report is also due when the last one, or the last question, is older
    than that.
    """
    every_s = load.control.report_s
    if every_s:
        known = (reading.draw_at, memory.compliance.asked_at)
        last = [at for at in known if at is not None and at <= now]
        if now - max(last, default=-math.inf) >= every_s:
            return ASK, _noted(memory, memory.compliance.asked(now))
    told_at, drawn_at, command_a = reading.commanded_at, reading.draw_at, reading.command_a or 0.0
    asked_at = memory.compliance.asked_at
    if told_at is None or drawn_at is None or drawn_at > told_at:
        return "", memory
    if asked_at is not None and asked_at >= told_at:
        return "", memory
    above_a = reading.drawing_a() - command_a
    cut = above_a > options.overdraw_a and now - told_at >= options.not_following_s
    slow = now - told_at >= options.follow_s and now - drawn_at >= 2.0 * options.follow_s
    if cut or (slow and above_a < -options.overdraw_a):
        return ASK, _noted(memory, memory.compliance.asked(now))
    return "", memory


def _may_reset(load: Load, reading: LoadReading, memory: LoadMemory, now: float) -> bool:
    """Whether a charger may be restarted: it has a button, and was not too often."""
    if not load.reset_button or len(memory.compliance.resets_today(now)) >= RESETS_A_DAY:
        return False
    transaction = reading.session.transaction
    return memory.compliance.reset_tx != transaction or not transaction
