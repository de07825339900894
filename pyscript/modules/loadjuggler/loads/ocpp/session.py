"""The id of the running transaction, which a command for it must name exactly.

A charger discards a profile whose transactionId is not that of its transaction (OCPP 1.6, 5.16.4),
and nobody hears of that. So an id that was rounded on its way is as good as none:

    shown                          id
    1700000123, 1700000123.0       1700000123
    1 700 000 123, 1,700,000,123   the same: marks between thousands lose nothing
    0, -1, unknown                 none: no session
    1.7e9, 1.70000012E+09, 42.5    rounded: it can't be known, which is told
    9007199254740994.0             rounded: above 2^53 a number with a point may be another one
    7f4e...                        that of a charger of OCPP 2.0.1, which has texts (`version`)
"""

from __future__ import annotations

import re
from functools import lru_cache

from ...measure.legs import last_draw_a
from ...measure.lookup import NO_VALUE, Sensing
from ...measure.numbers import ambiguous, number
from ...memory.load import LoadMemory
from ...options import Options
from ...records import replace
from ...site.model import Load
from .version import by_session

IN_SESSION = frozenset({"charging", "suspendedevse", "suspendedev"})
"""Connector statuses with which a session runs, whatever is known of its id (OCPP 1.6, 4.9)."""


EXACT = 2**53
"""Up to this number a floating-point number has each whole number exactly (IEEE 754)."""


_WHOLE = re.compile(
    r"[-+]?(\d+|\d{1,3}(?P<mark>[ ,.'\u00a0\u202f])\d{3}((?P=mark)\d{3})+)", re.ASCII
)
"""A whole number, without marks between thousands or with at least two of them."""


_POINT_ZERO = re.compile(r"([-+]?\d+)[.,]0+", re.ASCII)
"""A whole number as a floating-point one."""


@lru_cache(maxsize=4096)
def session_id(text: str) -> int | None:
    """The id that a sensor shows, 0: no session; `None`: none that is sure to be exact.

    It depends on its text only, which stays the same for a whole session.
    """
    shown = text.strip()
    if _WHOLE.fullmatch(shown) and not ambiguous(shown):
        return max(int(re.sub(r"[^-\d]", "", shown)), 0)
    if (found := _POINT_ZERO.fullmatch(shown)) and not ambiguous(shown):
        whole = int(found[1])
        return max(whole, 0) if whole < EXACT else None
    return None


def read_session(
    at: Sensing, load: Load, memory: LoadMemory, status: str | None, took_part: bool
) -> tuple[LoadMemory, int]:
    """The memory, and the id of the running transaction; 0: there is none, or it is not known.

    While the entity gives nothing and a car takes part, it is the transaction that was told last.
    So it is while the entity says 0 and the status says that a session runs: a late end of an older
    session clears the entity, but the status would change with the end of this one.
    """
    found = at.first(load.sensors.transaction)
    text = found[1].value if found else ""
    value = session_id(text)
    if value == 0 and memory.command.tx and (status or "").lower() in IN_SESSION:
        return memory, memory.command.tx
    if value is not None:
        later = _told_later(memory, value, at.now, at.options)
        return memory, memory.command.tx if later else value
    if not took_part:
        return memory.without_session(), 0
    if text.lower() not in NO_VALUE:
        if found and (ambiguous(text) or number(text) is not None):
            at.miss("session_rounded", found[0], load.id, as_written=text)
            return memory, 0
        profiles = memory.profiles.found_to_speak(by_session(text))
        memory = replace(memory, profiles=profiles)
    return memory, memory.command.tx


HURRY_S = 60.0
"""A session is quick if it begins within 60 s of the one before: a car is seldom taken off and put
on again so soon."""


QUICK_SESSIONS = 2
"""So many quick sessions in a row are told at once; from then on each waits longer."""


def hurried(memory: LoadMemory, now: float) -> int:
    """How many quick sessions there are in a row with one that begins `now` (epoch s)."""
    told_at = memory.profiles.told_at
    quick = told_at is not None and 0 <= now - told_at < HURRY_S
    return memory.profiles.hurried + 1 if quick else 0


def _told_later(memory: LoadMemory, value: int, now: float, options: Options) -> bool:
    """Whether the new transaction `value` is told later: ids change quicker than sessions can.

    A sensor that counts its id up each second would otherwise be told as often. The third new id in
    a row waits 5 s after the one before, the next ones 10, 20 and 40 s, and then a minute. Each
    waits 5 s only where a charger without the command may take more than it was told.
    """
    told_at, tx, quick = memory.profiles.told_at, memory.command.tx, memory.profiles.hurried
    if not value or not tx or value == tx or told_at is None or quick < QUICK_SESSIONS:
        return False
    times = 0 if _may_take_more(memory, options) else quick - QUICK_SESSIONS
    wait_s = min(options.backoff_s(times), HURRY_S - 1.0)
    return 0 <= now - told_at < wait_s


def _may_take_more(memory: LoadMemory, options: Options) -> bool:
    """Whether a session that was not told yet may take more than the one before was told.

    Until it is told it has the default, which is more while a car is paused. Where that is not
    known, what the charger draws says so.
    """
    held_a, default_a = memory.command_a(memory.command.tx) or 0.0, memory.command.default_a
    most_a = last_draw_a(memory) if default_a is None else default_a
    return most_a > held_a + options.overdraw_a
