"""What pacing needs to know of a run: the limits, the loads, and how quiet the meter is."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from ..limits.constraints import Row
from ..measure.readings import LoadReading
from ..memory.load import NOTHING_KNOWN, LoadMemory
from ..options import Options
from ..records import quick


@quick
@dataclass(frozen=True, slots=True)
class PaceInputs:
    """What pacing needs to know of this run.

    - `now`: epoch s.
    - `up_rows`: the limits in the budget for raises.
    - `down_rows`: the limits in the budget for cuts.
    - `sources`: these limits, and the sources that loads live from.
    - `loads`, `memories`: readings and memories by load id.
    - `reserved_a`: A per leg by load id with which a load counts at least: what it draws until it
      obeys a cut, what it holds if its last call failed, what is served before the sharing.
    - `lasting_rows`: `up_rows`, less the room that has not been there for 10 s.
    - `unsettled`: loads that are not raised because the sensors of what they live from have not
      reported since the last raise.
    - `blind`: loads with a meter above them that gives nothing. They are not raised, and left alone
      if they were never told anything.
    - `silent`: loads with a meter above them that has been silent for over 60 s. They are told
      something even if they never were before.
    - `flicker_a`: by how much the main meter flickers; no change is smaller than that.

    In most runs nobody is raised, so what only matters then is worked out when it is asked for.
    """

    now: float
    up_rows: Sequence[Row]
    down_rows: Sequence[Row]
    sources: Callable[[], Sequence[Row]]
    loads: Mapping[str, LoadReading]
    memories: Mapping[str, LoadMemory]
    reserved_a: Callable[[], Mapping[str, float]]
    lasting_rows: Callable[[], Sequence[Row]]
    unsettled: Callable[[], Collection[str]]
    blind: frozenset[str]
    silent: Collection[str]
    options: Options
    flicker_a: Callable[[], float] = lambda: 0.0

    @property
    def dead_band_a(self) -> float:
        """A change by less than this, A per leg, waits: 0.3 A, or the flicker of the meter."""
        return max(self.options.dead_band_a, self.flicker_a())

    @property
    def raise_band_a(self) -> float:
        """A raise by less than this, A per leg, waits: 0.3 A, or 1.5 times the flicker.

        Noise that is even between -0.3 and 0.3 A has a flicker of 0.41 A, and its ends are 0.6 A
        apart: a smaller raise may be into room that the next reading takes back.
        """
        return max(self.options.dead_band_a, 1.5 * self.flicker_a())

    def memory(self, load: str) -> LoadMemory:
        """The memory of a load by its id."""
        return self.memories.get(load) or NOTHING_KNOWN
