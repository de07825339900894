"""What `control.dispatch` has found out: the result of the sharing, and what a decision needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..reasons import Reason
from ..records import quick
from ..sharing.allocate import Allocation
from ..sharing.utilisation import Usage
from .delays import Grace, Pause
from .pace import Paced


@quick
@dataclass(frozen=True, slots=True)
class DispatchResult:
    """The result of `control.dispatch`. Mappings are by load id, sets hold load ids.

    - `shares`: what each load gets by the rules, in the budget for raises.
    - `paced`: what each load that takes part is told of its share now.
    - `fixed`: A per leg that are reserved before the sharing.
    - `pauses`: loads that stay off for a while.
    - `wished`: what these would get if they did not pause.
    - `holds`: loads that hold their minimum although they lack sun.
    - `makes_way`: loads that lack sun because a load that goes first starts.
    - `changing`: loads that are being switched to another number of phases.
    - `over`: loads below a limit that what is not managed exceeds by itself.
    - `over_told`: loads that draw more than they were told.
    - `untold`: why nothing that a load is told arrives.
    - `silent`: the nearest breaker above a load whose meter has been silent for over 60 s.
    - `usage`: loads that draw less than they may.
    - `blind`: loads with a meter above them that gives nothing now.
    - `free_a`: A per leg of a load that need not come from a source.
    """

    shares: Mapping[str, Allocation]
    paced: Mapping[str, Paced]
    fixed: Mapping[str, float]
    pauses: Mapping[str, Pause]
    wished: Mapping[str, Allocation]
    holds: Mapping[str, Grace]
    makes_way: frozenset[str]
    changing: frozenset[str]
    over: frozenset[str]
    over_told: frozenset[str]
    untold: Mapping[str, Reason]
    silent: Mapping[str, str]
    usage: Usage
    blind: frozenset[str]
    free_a: Mapping[str, float]
