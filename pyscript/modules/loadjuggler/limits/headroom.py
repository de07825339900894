"""The headroom of every circuit on every phase, and the import limit, as rows for `allocate`.

    headroom = limit - reserve - what is not managed
    what is not managed = its meter - the draws of the managed loads below it

Example, one phase: a main breaker of 25 A with a meter that shows 23 A, and below it a garage
breaker of 20 A without a meter. The two cars in the garage draw 14 and 6 A.

    what is not managed on main    23 - (14 + 6) =  3 A
    headroom of main               25 - 3        = 22 A
    headroom of the garage         20 - 0        = 20 A

All circuits are worked out together, from the leaves of the tree to its root, so nothing is counted
twice. A circuit without a meter carries its managed loads, and what is known to be behind it: what
is not managed on metered circuits below it, and loads that are not managed now but report a draw
(docs/decisions/0004).

The draws are those of `limits.draws`: the least for a raise, the most for a cut.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..measure.readings import LoadReading, Readings
from ..memory.limits import NOTHING_PASSED, BatteryMemory
from ..reasons import RowKind
from ..records import quick
from ..site.model import MAIN, Site
from ..units import PHASES, PerPhase, amps_to_watts
from .constraints import Row, Rows
from .late import HELD_BACK_A
from .supply import Supply, supply
from .uses import Uses, circuit_row, row_uses

NONE_KNOWN: Mapping[tuple[str, str], float] = {}
"""At no meter it is known by itself what is not managed."""


NO_PEAKS: Mapping[str, PerPhase] = {}
"""Of no circuit a highest unmanaged draw is known."""


@quick
@dataclass(frozen=True, slots=True)
class CircuitState:
    """A circuit now, A per phase: what it carries, what of it is not managed, and its headroom.

    The headroom includes what managed loads draw now. A phase is `None` if the site does not have
    it, or if its meter has given no reading.
    """

    draw: PerPhase
    unmanaged: PerPhase
    headroom: PerPhase


@quick
@dataclass(frozen=True, slots=True)
class Budget:
    """What there is to share in a run.

    - `limits`: the circuits and the import limit as rows.
    - `circuits`: the state of each circuit by id.
    - `blind`: ids of the loads with a meter above them that gives nothing now.
    - `supply`: what sun and battery give; `limits.surplus` makes rows of it.
    """

    limits: Rows
    circuits: Mapping[str, CircuitState]
    blind: frozenset[str]
    supply: Supply

    def supplied(self, supply: Supply) -> Budget:
        """The same limits with another `supply`."""
        return Budget(self.limits, self.circuits, self.blind, supply)


def budget(
    site: Site,
    readings: Readings,
    draws: Mapping[str, PerPhase],
    raising: bool = True,
    battery: BatteryMemory = NOTHING_PASSED,
    known: Mapping[tuple[str, str], float] = NONE_KNOWN,
    peaks: Mapping[str, PerPhase] = NO_PEAKS,
    uses: Uses | None = None,
    given: Supply | None = None,
) -> Budget:
    """Limits, circuit states and supply.

    - `draws` (A per phase by load id): the draws of the loads that are managed now. They are
      subtracted from the meters. All other loads, and what a load reports above its draw here, are
      house load.
    - `raising`: the budget is for raises. Then a report counts even if it is older than the
      command: the load may not have obeyed yet.
    - `battery`: the marks that the battery's charge has passed.
    - `known` (A by circuit id and phase): what is not managed at a meter, if that is known better
      than by the draws of this moment (`limits.unmanaged`).
    - `peaks` (A per phase by circuit id): what counts as not managed while a meter has been silent
      for over 60 s. A circuit that is missing there counts as fully used (`limits.fallback`).
    - `uses`: what each load uses of the limits, if that has been found already (`row_uses`).
    - `given`: what sun and battery give, if that is known better than by the draws, too.
    """
    sums = _sums_by_circuit(site, readings, draws, raising)
    states, main = _states(site, readings, sums, known, peaks)
    given = supply(site, readings, main, battery) if given is None else given
    uses = row_uses(site, readings) if uses is None else uses
    limits = _limits(site, readings, states, given, uses)
    return Budget(limits, states, _blind(site, readings, states), given)


def rewired(site: Site, readings: Readings, now: Budget) -> Budget:
    """The budget `now` with its rows made anew for the legs that loads have in `readings`."""
    limits = _limits(site, readings, now.circuits, now.supply, row_uses(site, readings))
    return Budget(limits, now.circuits, now.blind, now.supply)


_Sums = dict[str, list[float]]
"""Of each circuit by id the A on phases A, B and C."""


def _states(
    site: Site,
    readings: Readings,
    sums: tuple[_Sums, _Sums],
    known: Mapping[tuple[str, str], float],
    peaks: Mapping[str, PerPhase],
) -> tuple[dict[str, CircuitState], PerPhase]:
    """The state of each circuit by id, and main's meter less the managed draws, A per phase.

    The latter is for the sun, so neither `known` nor `peaks` count in it. `sums` are those of
    `_sums_by_circuit`.
    """
    managed, background = sums
    idle = [0.0 if phase in site.phases else None for phase in PHASES]
    below = dict.fromkeys(site.circuits, idle)
    found: dict[str, CircuitState] = {}
    for circuit in reversed(list(site.circuits.values())):
        ours = managed[circuit.id]
        unmanaged = _added(below[circuit.id], background[circuit.id])
        draw = _added(unmanaged, ours)
        for phase, _ in circuit.meter.entities if circuit.meter else ():
            at, meter = PHASES.index(phase), readings.meters.get(circuit.id)
            draw[at] = meter.amps[phase] if meter else None
            unmanaged[at] = _left_a(circuit.id, phase, draw[at], ours[at], readings, known, peaks)
        if circuit.parent is not None:
            below[circuit.parent] = _added(below[circuit.parent], unmanaged)
        room_a = readings.limits_a[circuit.id] - circuit.reserve_a
        a, b, c = unmanaged
        headroom = PerPhase(
            None if a is None else room_a - a,
            None if b is None else room_a - b,
            None if c is None else room_a - c,
        )
        found[circuit.id] = CircuitState(PerPhase(*draw), PerPhase(a, b, c), headroom)
    # The main breaker comes last, and has a meter on each phase.
    left = _added(draw, [-amps for amps in ours])
    return {circuit: found[circuit] for circuit in site.circuits}, PerPhase(*left)


def _added(one: Sequence[float | None], two: Sequence[float | None]) -> list[float | None]:
    """A on phases A, B and C, added; `None` where one of them is not known."""
    (a, b, c), (x, y, z) = one, two
    return [
        None if a is None or x is None else a + x,
        None if b is None or y is None else b + y,
        None if c is None or z is None else c + z,
    ]


def _left_a(
    circuit: str,
    phase: str,
    measured_a: float | None,
    ours_a: float,
    readings: Readings,
    known: Mapping[tuple[str, str], float],
    peaks: Mapping[str, PerPhase],
) -> float | None:
    """A that are not managed on a phase of a circuit with a meter, of which `ours_a` are managed.

    `None` if the meter gives nothing, until it has been silent for over 60 s.
    """
    if measured_a is None:
        meter = readings.meters.get(circuit)
        if meter is None or not meter.stale:
            return None
        peak_a = peaks[circuit][phase] if circuit in peaks else None
        return readings.limits_a[circuit] if peak_a is None else peak_a
    return known.get((circuit, phase), measured_a - ours_a)


def still_drawn(reading: LoadReading, raising: bool) -> bool:
    """Whether what a load reports above what is subtracted for it counts as house load.

    Not without a report, and for a cut (`raising` is false) not if the report is older than the
    command: the load may have obeyed since. Source: docs/decisions/0006.
    """
    if reading.draw is None or reading.draw_at is None:
        return False
    return raising or reading.commanded_at is None or reading.draw_at >= reading.commanded_at


def _sums_by_circuit(
    site: Site, readings: Readings, draws: Mapping[str, PerPhase], raising: bool
) -> tuple[_Sums, _Sums]:
    """Two sums in A by circuit and phase.

    The first are the managed draws on and below the circuit. The second are the reported draws of
    house load on the circuit itself: of loads that are not managed, and above `draws` of those that
    are.
    """
    managed = {circuit: [0.0, 0.0, 0.0] for circuit in site.circuits}
    background = {circuit: [0.0, 0.0, 0.0] for circuit in site.circuits}
    for load in site.loads.values():
        reading, draw = readings.loads[load.id], draws.get(load.id)
        reported = reading.draw
        if reported is not None and load.id in readings.apart:
            reported = readings.apart[load.id][1]  # the most that it may draw
        if draw is None:
            if reported is not None:
                _add(background[load.circuit], reported)
            continue
        _add(managed[load.circuit], draw)
        if reported is not None and reported is not draw and still_drawn(reading, raising):
            _add_above(background[load.circuit], reported, draw)
    for circuit in reversed(list(site.circuits.values())):
        if circuit.parent is not None:
            above = managed[circuit.parent]
            above[:] = [x + y for x, y in zip(above, managed[circuit.id], strict=True)]
    return managed, background


def _add(sums: list[float], amps: PerPhase) -> None:
    """Add `amps` to `sums`, A on phases A, B and C; a phase that does not exist adds nothing."""
    sums[0] += amps.a or 0.0
    sums[1] += amps.b or 0.0
    sums[2] += amps.c or 0.0


def _add_above(sums: list[float], amps: PerPhase, counted: PerPhase) -> None:
    """Add to `sums` what of `amps` is above `counted`, phase by phase."""
    sums[0] += max((amps.a or 0.0) - (counted.a or 0.0), 0.0)
    sums[1] += max((amps.b or 0.0) - (counted.b or 0.0), 0.0)
    sums[2] += max((amps.c or 0.0) - (counted.c or 0.0), 0.0)


def _blind(site: Site, readings: Readings, states: Mapping[str, CircuitState]) -> frozenset[str]:
    """The loads below a meter that gives nothing now; nearly always there is none."""
    heard = not readings.import_unknown and not any(m.missing for m in readings.meters.values())
    if heard and all(state.headroom.covers(PHASES) for state in states.values()):
        return frozenset()
    return frozenset(load for load in site.loads if _under_unknown(site, readings, states, load))


def _under_unknown(
    site: Site, readings: Readings, states: Mapping[str, CircuitState], load: str
) -> bool:
    """Whether a meter above `load` gives nothing now, even if its last value is still held.

    Also if the import limit is not known, or can't be checked because main has no reading.
    """
    main = states[MAIN].headroom
    if readings.import_unknown:
        return True
    if readings.max_import_w is not None and not main.covers(site.phases):
        return True
    path = site.path(site.loads[load].circuit)
    if any(readings.meters[circuit].missing for circuit in path if circuit in readings.meters):
        return True
    phases = {phase for _, phase in readings.loads[load].legs}
    return any(states[circuit].headroom[phase] is None for circuit in path for phase in phases)


def _limits(
    site: Site,
    readings: Readings,
    states: Mapping[str, CircuitState],
    given: Supply,
    uses: Uses,
) -> Rows:
    """The circuits and the import limit as rows; a phase of which nothing is known has none."""
    limits_a = readings.limits_a
    rows = [
        circuit_row(uses, spot, room_a, limits_a[spot[0]])
        for spot in uses.in_a
        if (room_a := states[spot[0]].headroom[spot[1]]) is not None
    ]
    found = Rows([*rows, *_import_row(site, readings, states[MAIN], given, uses)])
    if len(found) == len(uses.rows):
        found.by_load = uses.rows.by_load  # none is missing, so each has the same place
    return found


FOLLOWED_S = 10.0
"""Battery and cars have answered what happened more than 10 s ago."""


def _battery_w(readings: Readings, main: CircuitState) -> float:
    """W of the battery, discharging positive; it does not charge any more while the site imports.

    A battery that follows the load takes what is left over. So a report of charging that is over
    10 s old is not true any more when the meter shows an import, and nothing of it can yield.
    """
    battery_w, at = readings.energy.battery_w or 0.0, readings.energy.reported_at
    if battery_w >= 0.0 or at is None or readings.at - at <= FOLLOWED_S:
        return battery_w
    return 0.0 if main.draw.total() > HELD_BACK_A else battery_w


def _import_row(
    site: Site, readings: Readings, main: CircuitState, given: Supply, uses: Uses
) -> list[Row]:
    """The import limit of the site as a row: W over all phases, export negative; none if unset.

    Room = limit - buffer + sun - house. A battery that follows the load adds what it can give above
    its reserve, because one that charges yields to the loads. For one that does not follow, its
    charging power is house load, and its discharging power does not count (docs/decisions/0008).
    """
    if readings.max_import_w is None or site.off_grid:
        return []
    unmanaged = main.unmanaged.values()
    if len(unmanaged) < len(site.phases):
        return []
    room_w = readings.max_import_w - readings.power_buffer_w
    room_w -= amps_to_watts(sum(unmanaged), site.voltage_v)
    battery_w = _battery_w(readings, main)
    if site.battery and site.battery.follows_load:
        room_w += given.reserve_help_w - battery_w
    else:
        room_w -= max(battery_w, 0.0)
    return [Row(RowKind.IMPORT, room_w, uses.in_w, limit=readings.max_import_w)]
