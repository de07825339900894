"""Other ways of telling a charger, for one on which a command is not in force.

The integration (0.11) passes on no rejection of a profile, so a charger that does not take a kind
of profile looks like a car that takes little. Each way leaves out one more thing that some chargers
do not take:

    way         is told by                                                 helps where
    (by form)   Absolute TxProfile that runs out, above a safe layer
    relative    Relative TxProfile without end, above a safe layer         its clock is wrong, or
                                                                           Absolute is rejected
    single      Relative TxProfile without end, at level 0, no safe layer  only level 0, or only
                                                                           one profile, is taken
    unnamed     the same without the id of the session                     that id is wrong
    default     TxDefaultProfile                                           TxProfiles are rejected

Only with the first one a charger falls back by itself. Sources: docs/decisions/0032; OCPP 1.6,
sections 3.13, 5.16.4 and 7.8.
"""

from __future__ import annotations

from ...memory.load import LoadMemory
from ...records import replace
from ...site.controls import Telling

RELATIVE, SINGLE, UNNAMED, DEFAULT = "relative", "single", "unnamed", "default"

WAYS = ("", RELATIVE, SINGLE, UNNAMED, DEFAULT)
"""In the order in which they are tried; "": as the form says."""


LOSES_DEFAULT = (SINGLE, UNNAMED)
"""Ways of a charger that may hold only one profile: after a session its default has to be written
again, because the command has replaced it."""


def told_by(telling: Telling, way: str) -> Telling:
    """How a charger is told in `way`, whose form says `telling`."""
    if way == RELATIVE:
        return replace(telling, kind="Relative")
    if way in (SINGLE, UNNAMED):
        return replace(telling, kind="Relative", layers=1, stack_level=0, session_id=way == SINGLE)
    if way == DEFAULT:
        return replace(telling, kind="Relative", layers=1, purpose="TxDefaultProfile")
    return telling


def has_ways(telling: Telling) -> bool:
    """Whether a charger can be told otherwise: not by 2.0.1, nor if its form names a purpose."""
    return telling.version == "1.6" and telling.purpose == "auto"


def otherwise(telling: Telling, memory: LoadMemory, over: bool, now: float) -> LoadMemory:
    """The memory with the next way; after the last one with the first, and that none has helped.

    `over`: the charger draws more than it was told; else it takes less. The way that helped in a
    session before is the first one that is tried. One that differs in nothing from the one before
    is left out.
    """
    way, helped = memory.profiles.way, memory.profiles.way_before
    left = WAYS[WAYS.index(way) + 1 :] if way in WAYS else WAYS[1:]
    if not way and helped in WAYS[1:]:
        left = WAYS[WAYS.index(helped) :]
    before = told_by(telling, way)
    for other in left:
        if told_by(telling, other) == before:
            continue
        command = memory.command.without_session() if other == DEFAULT else memory.command
        return replace(memory, command=command, profiles=memory.profiles.told_in(other, now))
    return replace(memory, profiles=memory.profiles.in_vain(now, over=over))
