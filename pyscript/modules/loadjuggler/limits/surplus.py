"""The sources as rows: what sun and battery leave over for the loads that live from it.

    kind of rows     room                                               binds
    SURPLUS          sun - house, and the battery above its target      modes that live from the sun
    BATTERY_FIRST    0, while the battery is below its target           the same
    EXCESS           surplus of the site, less the export threshold     mode excess
    OWN              sun - house, and the battery above its reserve     all, where the grid may not
                                                                        be used
    INVERTER         rating of the inverter - house                     as SURPLUS or OWN

A source is one row for each phase, or one for all phases together:

- A symmetric inverter gives the same on each phase: one row for each phase. With a battery there
  is also one for the total, because the battery answers the total. What the battery can give is
  there on the phases that it is connected to.
- An asymmetric inverter balances the phases: one row for the total. Each phase is then bound only
  by the inverter's rating.
- A meter that nets the phases makes one pool of them, whatever the inverter: what one phase feeds
  in pays for what another takes. One row for the total.
- Off the grid the inverter gives each phase what is drawn there: one row for the total, and one for
  its rating on each phase (a third of its rating in all, if the form has only that).

Example: the sun gives 6,900 W = 10 A on each phase, the house takes 2, 6 and 1 A. Surplus: 8, 4
and 9 A, 21 A in all.

    inverter                    rows                    a car of 6 to 16 A gets
    symmetric                   A 8, B 4, C 9           one phase (A): 8 A; three: 0 (4 < 6)
    symmetric with a battery    A 8, B 4, C 9, all 21   the same
    asymmetric                  all 21                  one phase (A): 16 A; three: 7 A

The battery in it, at a charge above its target, can give 2,070 W = 9 A: 3 A more on each phase, or
9 A more in all.

Sources: docs/product.md section 3; docs/decisions/0007 and 0008.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from ..measure.readings import Readings
from ..memory.limits import BatteryMemory
from ..reasons import RowKind
from ..records import replace
from ..site.model import Legs, Site
from ..site.modes import EXCESS, MODES, SURPLUS
from ..units import amps_to_watts, watts_to_amps
from .battery import rated_w
from .constraints import Row, Rows
from .supply import Supply, battery_amps

# --- rows -----------------------------------------------------------------------------------------

Binds = Mapping[str, float]
"""By load id: the A per leg from which on a source binds the load, as `Row.binds`."""


Uses = Mapping[str, Mapping[str, float]]
"""By phase and load id: the number of legs on that phase; under "" the number of all legs."""


def grid_allowed(site: Site, readings: Readings) -> bool:
    """Whether loads may take from the grid: the site has one, and its form does not forbid it.

    Only a site with a battery can forbid it.
    """
    return not (site.off_grid or (site.battery and not readings.energy.allow_grid))


def rows(
    site: Site,
    readings: Readings,
    now: Supply,
    memory: BatteryMemory,
    living: Living,
    unused: frozenset[str] = frozenset(),
) -> list[Row]:
    """The sources of `now` as rows, for all loads of the site.

    `living` says who lives from which source. Loads in `unused` take nothing now: they need room,
    but leave it to others. `memory` has the marks of the battery's charge.
    """
    found = []
    numbers: dict[str, float | str] = {"help_w": round(now.help_w)}
    if living.first:
        marks = {"soc_pct": readings.energy.soc_pct or 0.0}
        marks["target_pct"] = readings.energy.soc_target_pct
        uses = living.uses[""]
        found.append(Row(RowKind.BATTERY_FIRST, 0.0, uses, binds=living.first, numbers=marks))
    surplus, own = living.surplus, living.own
    found += _source(site, readings, living, now, RowKind.SURPLUS, surplus, now.help_w, numbers)
    for threshold_w in living.excess:
        found.append(_excess(site, living, now, memory, threshold_w))
    found += _source(site, readings, living, now, RowKind.OWN, own, now.reserve_help_w, {})
    return [replace(row, unused=unused) for row in found] if unused else found


@dataclass(frozen=True, slots=True, eq=False)
class Living:
    """Who lives from what, whatever there is of it, and from how many A per leg on.

    - `uses`: legs by phase; `uses_w`: W for each A per leg, by load id, for the excess.
    - `surplus`: what binds to the surplus. `first`: what binds to a battery that comes first.
    - `excess`: what binds to the excess, by threshold in W: a load may have one of its own.
    - `own`: what binds to sun and battery where nothing may come from the grid.
    - `held`: ids of the loads of which the first amperes need not come from a source.

    It equals only itself, so that what is found of its rows can be kept with it.
    """

    uses: Uses
    uses_w: Mapping[str, float]
    surplus: Binds
    first: Binds
    excess: Mapping[float, Binds]
    own: Binds
    held: frozenset[str] = frozenset()
    _last: list[Rows] = field(default_factory=list, init=False, repr=False)
    _opens: dict[float, frozenset[str]] = field(default_factory=dict, init=False, repr=False)

    def opens(self, threshold_w: float) -> frozenset[str]:
        """Ids of the loads that start only while something is left of the excess above that."""
        if threshold_w not in self._opens:
            self._opens[threshold_w] = frozenset(self.excess[threshold_w].keys() - self.held)
        return self._opens[threshold_w]

    def relaxed(self, free_a: Mapping[str, float]) -> Living:
        """The same, if the first `free_a` (A per leg by load id) need not come from a source.

        A load holds its minimum for its grace, for example. A source still limits what it gets
        above that. Where nothing may come from the grid, that holds for all of it (`own`).
        """
        return _relaxed(self, frozenset(free_a.items())) if free_a else self

    def beside(self, limits: Rows, sources: Sequence[Row]) -> Rows:
        """`limits` and these `sources` as one system.

        The last rows are kept: the next ones nearly always differ from them only in their room, and
        then have the same places.
        """
        found = limits.beside(sources, *self._last)
        self._last[:] = [found]
        return found


_Liver = tuple[str, str, Legs, float, float | None]
"""A load that shares: id, mode, legs, minimum in A per leg, and its own export threshold in W."""


def living_from(site: Site, readings: Readings, memory: BatteryMemory) -> Living:
    """What binds whom from how many A on: surplus, a battery that comes first, and excess."""
    energy, battery = readings.energy, site.battery is not None
    livers: list[_Liver] = []
    for load in site.loads.values():
        reading = readings.loads[load.id]
        livers.append((load.id, reading.mode, reading.legs, reading.min_a, load.excess_threshold_w))
    return _living(
        tuple(livers),
        site.phases,
        site.voltage_v,
        energy.excess_threshold_w,
        battery and energy.soc_pct is not None and not memory.at_target,
        battery and memory.full,
        grid_allowed(site, readings),
    )


@lru_cache(maxsize=16)
def _living(
    livers: tuple[_Liver, ...],
    phases: tuple[str, ...],
    voltage_v: float,
    threshold_w: float,
    filling: bool,
    full: bool,
    grid: bool,
) -> Living:
    """What binds whom; the last 16 results are kept, because all of this rarely changes.

    `threshold_w` is the site's for the excess. `filling` and `full` are of the battery: it comes
    first, it is full. `grid`: loads may take from the grid.
    """
    surplus: dict[str, float] = {}
    first: dict[str, float] = {}
    excess: dict[float, dict[str, float]] = {}
    uses: dict[str, dict[str, float]] = {phase: {} for phase in ("", *phases)}
    for load, mode_name, legs, min_a, own_w in livers:
        mode = MODES[mode_name]
        if mode.more_from == EXCESS:
            surplus[load] = 0.0
            if not full:
                excess.setdefault(threshold_w if own_w is None else own_w, {})[load] = min_a
            elif filling:
                first[load] = 0.0
        elif mode.more_from == SURPLUS:
            surplus[load] = 0.0 if mode.minimum_from == SURPLUS else min_a
            if filling:
                first[load] = surplus[load]
        for _, phase in legs:
            for key in ("", phase):
                uses[key][load] = uses[key].get(load, 0.0) + 1.0
    uses_w = {load: amps_to_watts(count, voltage_v) for load, count in uses[""].items()}
    own = {} if grid else dict.fromkeys([liver[0] for liver in livers], 0.0)
    return Living(uses, uses_w, surplus, first, excess, own)


@lru_cache(maxsize=16)
def _relaxed(living: Living, free_a: frozenset[tuple[str, float]]) -> Living:
    """`living` with the first `free_a` (pairs of load id and A per leg) of some loads not bound."""
    free = dict(free_a)
    return replace(
        living,
        surplus=_less(living.surplus, free),
        first=_less(living.first, free),
        excess={threshold_w: _less(binds, free) for threshold_w, binds in living.excess.items()},
        held=living.held | free.keys(),
    )


def _less(binds: Binds, free_a: Mapping[str, float]) -> Binds:
    """`binds`, with the first `free_a` (A per leg by load id) of some loads not bound."""
    held = {load: max(amps, binds[load]) for load, amps in free_a.items() if load in binds}
    return {**binds, **held} if held else binds


def _source(
    site: Site,
    readings: Readings,
    living: Living,
    now: Supply,
    kind: RowKind,
    binds: Binds,
    help_w: float,
    numbers: Mapping[str, float | str],
) -> list[Row]:
    """The rows of one source: by phase, in total, or both, and the ratings of the inverter.

    `help_w` (W) is what the battery adds, evenly on the phases that it is on. A surplus that is not
    known counts as 0. None if no load is bound.
    """
    if not binds:
        return []
    inverter, voltage, uses, bound = site.inverter, site.voltage_v, living.uses, binds.keys()
    found, pool = [], inverter.asymmetric or readings.energy.nets or site.off_grid
    if pool or site.battery:
        total_a = now.total_a()
        room = 0.0 if total_a is None else total_a + watts_to_amps(help_w, voltage)
        found.append(Row(kind, room, uses[""], binds=binds, numbers=numbers))
    help_a = {} if pool else battery_amps(site, readings, help_w)
    phase_w = _phase_rating_w(site, readings)
    for phase in site.phases:
        here_a = now.surplus[phase]
        if not pool:
            room = 0.0 if here_a is None else here_a + help_a[phase]
            said = numbers if help_a[phase] else {}
            found.append(Row(kind, room, uses[phase], phase=phase, binds=binds, numbers=said))
        elif phase_w is not None:
            room = watts_to_amps(phase_w, voltage) - (now.house[phase] or 0.0)
            found.append(_rating(phase_w, room, uses, phase, binds))
    rating_w = rated_w(inverter, len(site.phases))
    if rating_w is not None:
        room = watts_to_amps(rating_w, voltage) - now.house.total()
        found.append(_rating(rating_w, room, uses, "", binds))
    return [row for row in found if not bound.isdisjoint(row.uses)]


def _phase_rating_w(site: Site, readings: Readings) -> float | None:
    """W that the inverter can give on one phase; `None`: not known, or of no matter.

    Off the grid it carries all that a phase takes. Three-phase inverters are built of three alike,
    so without a rating per phase it is a third of the total. On the grid a phase may take the rest
    from there if the meter nets the phases.
    """
    inverter = site.inverter
    if site.off_grid and inverter.max_phase_w is None and inverter.max_w is not None:
        return inverter.max_w / len(site.phases)
    return None if readings.energy.nets else inverter.max_phase_w


def _rating(rating_w: float, room: float, uses: Uses, phase: str, binds: Binds) -> Row:
    """A row of the inverter's rating: `room` in A on `phase`; if that is "", over all phases."""
    numbers = {"rating_w": rating_w}
    kind, legs = RowKind.INVERTER, uses[phase]
    return Row(kind, room, legs, phase=phase, limit=rating_w, binds=binds, numbers=numbers)


def _excess(
    site: Site, living: Living, now: Supply, memory: BatteryMemory, threshold_w: float
) -> Row:
    """The excess as a row in W: the surplus of the site less the threshold, without the battery.

    While the battery is below its target, its largest charging power is added to the threshold. A
    load may start with its minimum only while something is left of the row.
    """
    needed_w = threshold_w
    if site.battery and not memory.at_target:
        needed_w += site.battery.max_charge_w
    total_a = now.total_a()
    room_w = 0.0 if total_a is None else amps_to_watts(total_a, site.voltage_v) - needed_w
    numbers: dict[str, float | str] = {"threshold_w": needed_w}
    binds = living.excess[threshold_w]
    opens, uses_w = living.opens(threshold_w), living.uses_w
    return Row(RowKind.EXCESS, room_w, uses_w, binds=binds, opens=opens, numbers=numbers)
