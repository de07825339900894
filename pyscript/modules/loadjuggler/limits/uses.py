"""What loads use of the limits for each ampere that they get: what makes a `Row` of a headroom.

It depends only on where loads are in the tree of circuits and on their legs, which rarely change
from run to run. So it is kept, and so are rows whose room has not changed.

Example: a car on L1 (phase B) and L2 (phase C) in the garage, at 230 V.

    in_a    1 of (garage, B), (garage, C), (main, B) and (main, C)
    in_w    460
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from ..measure.readings import Readings
from ..memory.limits import Spot
from ..reasons import RowKind
from ..site.model import Legs, Site
from ..units import amps_to_watts
from .constraints import Row, Rows


@dataclass(frozen=True, slots=True, eq=False)
class Uses:
    """What each A per leg of a load uses: of breakers by (circuit, phase) in A, of import in W.

    `rows` are the rows of all these, without room: in rows like them each load has the same places.
    It equals only itself, so that rows can be kept for it (`circuit_row`).
    """

    in_a: Mapping[Spot, Mapping[str, float]]
    in_w: Mapping[str, float]
    rows: Rows


def row_uses(site: Site, readings: Readings) -> Uses:
    """What each load uses of the limits for each A per leg; the same for all budgets of a run."""
    loads, imports = readings.loads, readings.max_import_w is not None and not site.off_grid
    places = [
        (load.id, site.path(load.circuit), loads[load.id].legs) for load in site.loads.values()
    ]
    return _uses(tuple(places), site.voltage_v, imports)


@lru_cache(maxsize=16)
def _uses(
    places: tuple[tuple[str, tuple[str, ...], Legs], ...], voltage_v: float, imports: bool
) -> Uses:
    """What loads use of the limits, from `places`: (id, circuits from its own up to main, legs).

    `imports`: there is an import limit, too. The last 16 results are kept, because legs and
    circuits of loads rarely change from run to run.
    """
    found: dict[Spot, dict[str, float]] = {}
    for load, path, legs in places:
        for _, phase in legs:
            for circuit in path:
                row = found.setdefault((circuit, phase), {})
                row[load] = row.get(load, 0.0) + 1.0
    in_a = {spot: found[spot] for spot in sorted(found)}
    in_w = {load: amps_to_watts(1.0, voltage_v, len(legs)) for load, _, legs in places}
    rows = [Row(RowKind.CIRCUIT, 0.0, row, *spot) for spot, row in in_a.items()]
    return Uses(in_a, in_w, Rows([*rows, Row(RowKind.IMPORT, 0.0, in_w)] if imports else rows))


@lru_cache(maxsize=4096)
def circuit_row(uses: Uses, spot: Spot, room_a: float, limit_a: float) -> Row:
    """The row of a phase of a circuit; that of a circuit without a meter has often the same room.

    The last 4,096 rows are kept: 200 circuits on three phases make 1,200 in both budgets of a run.
    """
    return Row(RowKind.CIRCUIT, room_a, uses.in_a[spot], *spot, limit_a)
