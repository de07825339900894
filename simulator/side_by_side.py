"""The same work for many things, in several processes where the machine has several processors."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator, Sequence
from multiprocessing import get_all_start_methods, get_context
from typing import TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")

SHARES = 8
"""Each process gets its things in so many shares, so that none waits long for the others."""


def side_by_side(
    work: Callable[[Given], Made], given: Sequence[Given], fewest: int
) -> Iterator[Made]:
    """What `work` makes of each of `given`, in their order.

    Processes are only worth their start for `fewest` things or more. They are forked, so that they
    need not import everything again; where that is not possible, this process does the work.
    """
    workers = min(_processors(), len(given))
    if workers < 2 or len(given) < fewest or "fork" not in get_all_start_methods():
        yield from map(work, given)
        return
    gc.freeze()  # what is there now is not garbage, and is not copied just to look at it
    try:
        with get_context("fork").Pool(workers) as pool:
            yield from pool.imap(work, given, -(-len(given) // (workers * SHARES)))
    finally:
        gc.unfreeze()


def _processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
