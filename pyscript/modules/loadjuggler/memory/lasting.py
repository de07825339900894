"""How long something has lasted, if each interruption counts against it.

What the sun leaves over comes and goes all day. Whether it has been enough for three minutes can't
be asked of single samples: a flash of sun would end every wait, and every flicker would begin it
anew. So an interruption takes away as much as it lasts:

    lasted = time for which it held - time for which it did not hold since, never less than 0 s

Example: the sun is enough from 0 s on, but not from 100 s to 140 s.

    time, s      0     100    140    200
    lasted, s    0     100     60    120

Two times say it all: `since` when it has held, moved on by interruptions that are over, and since
when it is interrupted (`until`; `None`: it holds now). Both are epoch s. It never began: both are
`None`.
"""

from __future__ import annotations

from .times import At

Times = tuple[At | None, At | None]
"""Since when something has held, and since when it is interrupted (epoch s)."""


NEVER: Times = (None, None)
"""It has not held, or so long ago that nothing is left of it."""


def lasted_s(since: float | None, until: float | None, now: float) -> float:
    """For how many s it has lasted at `now`, interruptions taken away."""
    if since is None:
        return 0.0
    if until is None:
        return max(now - since, 0.0)
    return max((until - since) - max(now - until, 0.0), 0.0)


def goes_on(since: float | None, until: float | None, now: float) -> Times:
    """The times if it holds at `now`."""
    if since is not None and until is None:
        return since, None
    return now - lasted_s(since, until, now), None


def is_interrupted(
    since: float | None, until: float | None, now: float, most_s: float = float("inf")
) -> Times:
    """The times if it does not hold at `now`. No more than `most_s` of it counts when it ends.

    Without such a bound, a day of sun would take a night of darkness to be used up.
    """
    if since is None:
        return NEVER
    if until is None:
        return max(since, now - most_s), now
    return (since, until) if lasted_s(since, until, now) > 0 else NEVER
