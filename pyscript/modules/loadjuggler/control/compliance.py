"""Loads that do not do what they were told: when to tell them again, and what else to try.

A call that failed is made again after a while, which doubles each time. A charger that takes more
than it was told, in a report that is late enough to show that it does not follow, is told again in
the same way; after a few times its profiles are cleared, if the wires carry the most that it can
take without any; and it is restarted, if its form allows that, once in a session and three times a
day at most. A report that does not come by itself is asked for. Drawing less is never a fault; but
a charger that says itself that it holds its car back although it was told to let it charge may
have missed the call, and is told a few times more.

Meanwhile what it really takes stays reserved, and the others make room (`sharing.stuck`).

A plug that is found on although it was switched off was switched on by somebody, or sticks. It is
left on and counts as house load, a person's hand beats the program's; only while a limit is
exceeded by what is not managed alone it is switched off again.

Source: docs/product.md section 6.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from ..calls import AGAIN, ASK, CLEAR, RESET
from ..limits.draws import leg_current_a, overdraws
from ..loads.kinds import KINDS_OF_LOADS
from ..measure.readings import LoadReading
from ..memory.load import LoadMemory
from ..memory.timers import Compliance
from ..options import Options
from ..reasons import Reason
from ..records import replace
from ..site.model import Load
from ..site.modes import MODES

BEFORE_CLEARING = 3


RESETS_A_DAY = 3


def may_call(memory: LoadMemory, now: float, options: Options) -> bool:
    """Whether a call may be made: at once, unless the last ones failed a short while ago."""
    return not memory.calls.failures or retry_s(memory, now, options) <= 0


def retry_s(memory: LoadMemory, now: float, options: Options) -> float:
    """How long it takes until a call that failed is made again, in s.

    From the last call on: a command that is only renewed may be much older.
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
    now: float,
    options: Options,
) -> tuple[str, LoadMemory]:
    """What to do about a load that does not follow ("": nothing), and the memory of it.

    `clear_fits` says whether the wires carry what a charger takes when it has no limit, `over`
    whether a limit above the load is exceeded by what is not managed alone.
    """
    if reading.command_a is None:
        return "", memory
    if load.kind.switched_by_hand:
        if not on_by_hand(reading, now, options):
            return "", _followed(memory)
        return _again(memory, now) if over and not _waits(memory, now, options) else ("", memory)
    if overdraws(reading, options):
        if _waits(memory, now, options):
            return "", memory
        return _escalated(load, reading, _again(memory, now)[1], clear_fits, now)
    if reading.setpoint.refused:
        return ("", memory) if _waits(memory, now, options) else _again(memory, now)
    idle_at = memory.utilisation.idle_at
    idle = idle_at is not None and now - idle_at >= options.spare_s
    if idle and holds_back(reading, now, options):
        if memory.compliance.resends >= BEFORE_CLEARING or _waits(memory, now, options):
            return "", memory
        return _again(memory, now)
    known = memory.compliance
    if known.resends and _heard_since(reading, known.resent_at, options):
        return "", _followed(memory)
    return _ask(load, reading, memory, now, options)


def disobeys(
    load: Load, reading: LoadReading, memory: LoadMemory, idle: bool, now: float, options: Options
) -> Reason | None:
    """What people are told of a load that does not do what it was told; `idle`: takes nothing."""
    told_a = reading.command_a or 0.0
    if idle and holds_back(reading, now, options):
        return Reason("held_back", {"told_a": told_a})
    drawn_a = round(leg_current_a(reading, reading.draw), 1) if reading.draw else 0.0
    if load.kind.switched_by_hand:
        by_hand = on_by_hand(reading, now, options)
        return Reason("on_by_hand", {"draw_a": drawn_a}) if by_hand else None
    still = memory.compliance.ignored_at is not None
    if overdraws(reading, options) or (still and _takes_more(reading, options)):
        return _takes_too_much(load, reading, memory, drawn_a, now, options)
    if reading.setpoint.refused or (still and _shows_other(load, reading, memory)):
        return KINDS_OF_LOADS[load.kind.name].account.not_taken(load, reading)
    return None


def remembered(
    load: Load, reading: LoadReading, memory: LoadMemory, options: Options
) -> LoadMemory:
    """The load's memory with since when it does not do what it was told."""
    if load.kind.switched_by_hand:
        return memory
    if memory.compliance.ignored_at is None:
        if not (overdraws(reading, options) or reading.setpoint.refused):
            return memory
        first_a, first_at = _ignored_first(reading, options)
        return _noted(memory, memory.compliance.ignoring(first_a, first_at))
    if _takes_more(reading, options) or _shows_other(load, reading, memory):
        return memory
    return _noted(memory, memory.compliance.ignoring(None, None))


def _takes_more(reading: LoadReading, options: Options) -> bool:
    """Whether a charger took clearly more than it is told now when it reported last."""
    if reading.command_a is None or reading.draw is None:
        return False
    may_a = max(reading.command_a, reading.session.least_a)
    return leg_current_a(reading, reading.draw) > may_a + options.overdraw_a


def _ignored_first(reading: LoadReading, options: Options) -> tuple[float, float | None]:
    """The first of the commands in a row that it took more than, A per leg, and when it was told.

    As far as they are remembered with when they began; `None`: nobody told it, it was found so.
    """
    first_a, first_at = reading.command_a or 0.0, reading.commanded_at
    if reading.draw is None or not overdraws(reading, options):
        return first_a, first_at
    above_a = leg_current_a(reading, reading.draw) - options.overdraw_a
    began = [until for _, until in reading.earlier[:-1]]
    for (amps, _), at in zip(reading.earlier[:0:-1], began[::-1], strict=True):
        if max(amps, reading.session.least_a) >= above_a:
            break
        first_a, first_at = amps, at
    return first_a, first_at


def _shows_other(load: Load, reading: LoadReading, memory: LoadMemory) -> bool:
    """Whether what sets the load shows something else than it was told."""
    return KINDS_OF_LOADS[load.kind.name].account.differs(load, reading, memory)


def _takes_too_much(
    load: Load,
    reading: LoadReading,
    memory: LoadMemory,
    drawn_a: float,
    now: float,
    options: Options,
) -> Reason:
    """What people are told of a charger that takes more: what it was told first, when, and since.

    With what its entity shows, if it is set by one.
    """
    told_a = reading.command_a or 0.0
    first_a, first_at = _ignored_first(reading, options)
    ignored_a = memory.compliance.ignored_a
    if (
        ignored_a is not None
        and drawn_a > max(ignored_a, reading.session.least_a) + options.overdraw_a
    ):
        first_a, first_at = ignored_a, memory.compliance.ignored_at
    numbers: dict[str, float | str] = {"draw_a": drawn_a, "told_a": first_a}
    if first_at is not None:
        numbers["ago_s"] = max(now - first_at, 0.0)
    if first_a != told_a:
        numbers["since_a"] = told_a
    if _shows_other(load, reading, memory):
        shown = KINDS_OF_LOADS[load.kind.name].account.not_taken(load, reading)
        numbers |= {key: x for key, x in shown.numbers.items() if key != "told"} if shown else {}
    return Reason("not_following", numbers)


def again_s(memory: LoadMemory, now: float, options: Options) -> float:
    """How long it takes until a load that does not do what it was told is told again, in s."""
    known = memory.compliance
    if known.resent_at is None:
        return 0.0
    wait_s = max(options.backoff_s(known.resends), options.not_following_s)
    return max(min(known.resent_at, now) + wait_s - now, 0.0)


def on_by_hand(reading: LoadReading, now: float, options: Options) -> bool:
    """Whether a plug is on that was switched off long enough ago to have obeyed.

    One in mode off is left alone, and is nobody's business.
    """
    if not reading.on or reading.command_a != 0.0 or not MODES[reading.mode].takes:
        return False
    return reading.commanded_at is None or now - reading.commanded_at >= options.not_following_s


def holds_back(reading: LoadReading, now: float, options: Options) -> bool:
    """Whether a charger says that it holds its car back itself, long after it was told not to."""
    if (reading.status or "").lower() != "suspendedevse" or not reading.command_a:
        return False
    at = reading.commanded_at
    return at is not None and now - at >= options.spare_s


def _waits(memory: LoadMemory, now: float, options: Options) -> bool:
    """Whether it is too early to tell a load again."""
    return again_s(memory, now, options) > 0.0


def _again(memory: LoadMemory, now: float) -> tuple[str, LoadMemory]:
    return AGAIN, _noted(memory, memory.compliance.resent(now))


def _followed(memory: LoadMemory) -> LoadMemory:
    """Memory of a load that does what it was told."""
    known = memory.compliance.followed()
    return memory if known is memory.compliance else _noted(memory, known)


def _noted(memory: LoadMemory, compliance: Compliance) -> LoadMemory:
    return replace(memory, compliance=compliance)


def _escalated(
    load: Load,
    reading: LoadReading,
    tried: LoadMemory,
    clear_fits: Callable[[], bool],
    now: float,
) -> tuple[str, LoadMemory]:
    """What to try with a charger that takes too much, and the memory of it."""
    before = tried.compliance.resends - 1
    alone = load.control.alone
    if before >= BEFORE_CLEARING and not tried.compliance.cleared and alone and clear_fits():
        return CLEAR, _noted(tried, tried.compliance.with_cleared())
    if before > BEFORE_CLEARING and _may_reset(load, reading, tried, now):
        return RESET, _noted(tried, tried.compliance.reset(now, reading.session.transaction))
    return AGAIN, tried


def _heard_since(reading: LoadReading, at: float | None, options: Options) -> bool:
    """Whether a report is late enough after `at` to show that the charger follows."""
    return at is None or (
        reading.draw_at is not None and reading.draw_at - at >= options.not_following_s
    )


def _ask(
    load: Load, reading: LoadReading, memory: LoadMemory, now: float, options: Options
) -> tuple[str, LoadMemory]:
    """Ask for a report if none has come since a cut, once for each command; or every now and then.

    The latter only if the form says how often.
    """
    every_s = load.control.report_s
    known = (reading.draw_at, memory.compliance.asked_at)
    last = [at for at in known if at is not None and at <= now]
    if every_s and now - max(last, default=-math.inf) >= every_s:
        return ASK, _noted(memory, memory.compliance.asked(now))
    told_at, command_a = reading.commanded_at, reading.command_a or 0.0
    if told_at is None or now - told_at < options.not_following_s:
        return "", memory
    asked_at = memory.compliance.asked_at
    if asked_at is not None and asked_at >= told_at:
        return "", memory
    heard = reading.draw_at is not None and reading.draw_at > told_at
    if heard or reading.drawing_a() <= command_a + options.overdraw_a:
        return "", memory
    return ASK, _noted(memory, memory.compliance.asked(now))


def _may_reset(load: Load, reading: LoadReading, memory: LoadMemory, now: float) -> bool:
    if not load.reset_button or len(memory.compliance.resets_today(now)) >= RESETS_A_DAY:
        return False
    transaction = reading.session.transaction
    return memory.compliance.reset_tx != transaction or not transaction
