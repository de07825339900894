"""Loads that do not do what they were told: when to tell them again, and what else to try.

A call that failed is made again after a while, which doubles each time. A charger that takes more
than it was told, in a report that is late enough to show that it does not follow, is told again in
the same way; after a few times its profiles are cleared, if the wires carry the most that it can
take without any; and it is restarted, if its form allows that, once in a session and three times a
day at most. A report that does not come by itself is asked for. Drawing less is never a fault.

Meanwhile what it really takes stays reserved, and the others make room (`sharing.stuck`).

Source: docs/product.md section 6.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from .budget import overdraws
from .memory import LoadMemory
from .model import Load, LoadReading
from .options import Options

ASK, AGAIN, CLEAR, RESET = "ask", "again", "clear", "reset"
"""What to do beside the command: ask for a report, send it again, clear or restart the charger."""

BEFORE_CLEARING = 3
RESETS_A_DAY = 3
DAY_S = 86400.0


def may_call(memory: LoadMemory, now: float, options: Options) -> bool:
    """Whether a call may be made: at once, unless the last ones failed a short while ago."""
    if not memory.failures or memory.commanded_at is None:
        return True
    return now >= memory.commanded_at + options.backoff_s(memory.failures - 1)


def retry_s(memory: LoadMemory, now: float, options: Options) -> float:
    """How long it takes until a call that failed is made again, in s."""
    at = (memory.commanded_at or now) + options.backoff_s(max(memory.failures - 1, 0))
    return max(at - now, 0.0)


def next_step(
    load: Load,
    reading: LoadReading,
    memory: LoadMemory,
    clear_fits: Callable[[], bool],
    now: float,
    options: Options,
) -> tuple[str, LoadMemory]:
    """What to do about a charger that does not follow ("": nothing), and the memory of it.

    `clear_fits` says whether the wires carry what it takes when it has no limit.
    """
    if load.kind != "charger" or reading.command_a is None:
        return "", memory
    if not overdraws(reading, options):
        if memory.resends and _heard_since(reading, memory.resent_at, options):
            return "", replace(memory, resends=0, resent_at=None)
        return _ask(reading, memory, now, options)
    if memory.resent_at is not None:
        wait_s = max(options.backoff_s(memory.resends), options.not_following_s)
        if now < min(memory.resent_at, now) + wait_s:
            return "", memory
    step = AGAIN
    if memory.resends == BEFORE_CLEARING and clear_fits():
        step = CLEAR
    elif memory.resends == BEFORE_CLEARING + 1 and _may_reset(load, reading, memory, now):
        step = RESET
    tried = replace(memory, resends=memory.resends + 1, resent_at=now)
    if step == RESET:
        resets = (*_today(memory, now), now)
        tried = replace(tried, resets=resets, reset_tx=reading.transaction)
    return step, tried


def _heard_since(reading: LoadReading, at: float | None, options: Options) -> bool:
    """Whether a report is late enough after `at` to show that the charger follows."""
    return at is None or (
        reading.draw_at is not None and reading.draw_at - at >= options.not_following_s
    )


def _ask(
    reading: LoadReading, memory: LoadMemory, now: float, options: Options
) -> tuple[str, LoadMemory]:
    """Ask for a report if none has come since a cut, once for each command."""
    told_at, command_a = reading.commanded_at, reading.command_a or 0.0
    if told_at is None or now - told_at < options.not_following_s:
        return "", memory
    if memory.asked_at is not None and memory.asked_at >= told_at:
        return "", memory
    heard = reading.draw_at is not None and reading.draw_at > told_at
    if heard or reading.drawing_a() <= command_a + options.overdraw_a:
        return "", memory
    return ASK, replace(memory, asked_at=now)


def _today(memory: LoadMemory, now: float) -> tuple[float, ...]:
    return tuple(at for at in memory.resets if now - DAY_S < at <= now)


def _may_reset(load: Load, reading: LoadReading, memory: LoadMemory, now: float) -> bool:
    if not load.reset_button or len(_today(memory, now)) >= RESETS_A_DAY:
        return False
    return memory.reset_tx != reading.transaction or not reading.transaction
