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

from collections.abc import Mapping
from dataclasses import dataclass

from ..measure.readings import Readings
from ..memory.limits import NOTHING_PASSED, BatteryMemory
from ..reasons import RowKind
from ..records import quick, replace
from ..site.model import MAIN, Site
from ..units import PHASES, TOLERANCE, PerPhase, amps_to_watts
from .constraints import Row, Rows
from .draws import not_counted
from .supply import Supply, supply

NO_LEAST: Mapping[str, PerPhase] = {}
"""Of no circuit a least unmanaged draw is known."""


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


@dataclass(frozen=True, slots=True)
class Uses:
    """What each A per leg of a load uses: of breakers by (circuit, phase) in A, of import in W."""

    in_a: Mapping[tuple[str, str], Mapping[str, float]]
    in_w: Mapping[str, float]


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

    def carries(self, circuit: str, unmanaged: PerPhase) -> bool:
        """Whether `circuit` is taken to carry `unmanaged` (A per phase) already, or more."""
        known = self.circuits[circuit].unmanaged
        return all((known[phase] or 0.0) >= a - TOLERANCE for phase, a in unmanaged.items())


def budget(
    site: Site,
    readings: Readings,
    draws: Mapping[str, PerPhase],
    raising: bool = True,
    battery: BatteryMemory = NOTHING_PASSED,
    least: Mapping[str, PerPhase] = NO_LEAST,
    peaks: Mapping[str, PerPhase] = NO_PEAKS,
    uses: Uses | None = None,
) -> Budget:
    """Limits, circuit states and supply.

    - `draws` (A per phase by load id): the draws of the loads that are managed now. They are
      subtracted from the meters. All other loads, and what a load reports above its draw here, are
      house load.
    - `raising`: the budget is for raises. Then a report counts even if it is older than the
      command: the load may not have obeyed yet.
    - `battery`: the marks that the battery's charge has passed.
    - `least` (A per phase by circuit id): what is at least not managed, whatever the draws say. It
      counts for limits, not for the sun (`limits.unmanaged`).
    - `peaks` (A per phase by circuit id): what counts as not managed while a meter has been silent
      for over 60 s. A circuit that is missing there counts as fully used (`limits.fallback`).
    - `uses`: what each load uses of the limits, if that has been found already (`row_uses`).
    """
    sums = _sums_by_circuit(site, readings, draws, raising)
    states, main = _states(site, readings, sums, least, peaks)
    loads = list(site.loads)
    given = supply(site, readings, main, battery)
    uses = row_uses(site, readings) if uses is None else uses
    limits = Rows(
        (
            *_circuit_rows(readings, states, uses),
            *_import_row(site, readings, states[MAIN], given, uses),
        )
    )
    return Budget(
        limits,
        {circuit: states[circuit] for circuit in site.circuits},
        _blind(site, readings, states, loads),
        given,
    )


def rewired(site: Site, readings: Readings, now: Budget) -> Budget:
    """The budget `now` with its rows made anew for the legs that loads have in `readings`."""
    uses = row_uses(site, readings)
    limits = Rows(
        (
            *_circuit_rows(readings, now.circuits, uses),
            *_import_row(site, readings, now.circuits[MAIN], now.supply, uses),
        )
    )
    return replace(now, limits=limits)


_Sums = dict[str, dict[str, float]]


def _states(
    site: Site,
    readings: Readings,
    sums: tuple[_Sums, _Sums],
    least: Mapping[str, PerPhase],
    peaks: Mapping[str, PerPhase],
) -> tuple[dict[str, CircuitState], PerPhase]:
    """The state of each circuit by id, and main's meter less the managed draws, A per phase.

    The latter is for the sun, so neither `least` nor `peaks` count in it. `sums` are those of
    `_sums_by_circuit`.
    """
    managed, background = sums
    states: dict[str, CircuitState] = {}
    unmanaged: dict[str, dict[str, float | None]] = {}
    left: dict[str, float | None] = {}
    for circuit in reversed(list(site.circuits.values())):
        below = unmanaged.setdefault(circuit.id, {})
        meter = readings.meters.get(circuit.id)
        metered = {p for p, _ in circuit.meter.entities} if circuit.meter else set()
        draw: dict[str, float | None] = {}
        for phase in site.phases:
            ours_a = managed[circuit.id][phase]
            if phase in metered:
                draw[phase] = measured = meter.amps[phase] if meter else None
                left[phase] = below[phase] = None if measured is None else measured - ours_a
                known = least[circuit.id][phase] if circuit.id in least else None
                if known is not None and measured is not None:
                    below[phase] = max(measured - ours_a, known)
                if measured is None and meter and meter.stale:
                    below[phase] = _peak_a(circuit.id, phase, readings, peaks)
            else:
                known = below.get(phase, 0.0)
                below[phase] = None if known is None else known + background[circuit.id][phase]
                rest = below[phase]
                draw[phase] = None if rest is None else rest + ours_a
        if circuit.parent is not None:
            _hand_up(below, unmanaged.setdefault(circuit.parent, {}))
        room = readings.limits_a[circuit.id] - circuit.reserve_a
        states[circuit.id] = CircuitState(
            PerPhase.of(draw),
            PerPhase.of(below),
            PerPhase.of({p: None if x is None else room - x for p, x in below.items()}),
        )
    return states, PerPhase.of(left)  # the main breaker comes last, and has a meter


def _peak_a(circuit: str, phase: str, readings: Readings, peaks: Mapping[str, PerPhase]) -> float:
    """A that count as not managed on `phase` while the meter of `circuit` is silent."""
    known = peaks[circuit][phase] if circuit in peaks else None
    return readings.limits_a[circuit] if known is None else known


def _sums_by_circuit(
    site: Site, readings: Readings, draws: Mapping[str, PerPhase], raising: bool
) -> tuple[dict[str, dict[str, float]], dict[str, dict[str, float]]]:
    """Two sums in A by circuit and phase.

    The first are the managed draws on and below the circuit. The second are the reported draws of
    house load on the circuit itself: of loads that are not managed, and above `draws` of those that
    are.
    """
    managed = {circuit: dict.fromkeys(site.phases, 0.0) for circuit in site.circuits}
    background = {circuit: dict.fromkeys(site.phases, 0.0) for circuit in site.circuits}
    for load in site.loads.values():
        draw, rest = draws.get(load.id), readings.loads[load.id].draw
        if draw is not None:
            for phase, amps in draw.items():
                managed[load.circuit][phase] += amps
            rest = not_counted(readings.loads[load.id], draw, raising)
        for phase, amps in rest.items() if rest else ():
            background[load.circuit][phase] += amps
    for circuit in reversed(list(site.circuits.values())):
        if circuit.parent is not None:
            for phase, amps in managed[circuit.id].items():
                managed[circuit.parent][phase] += amps
    return managed, background


def _hand_up(below: Mapping[str, float | None], above: dict[str, float | None]) -> None:
    """Add what is not managed in a circuit to that of its parent, A by phase."""
    for phase, amps in below.items():
        known = above.get(phase, 0.0)
        above[phase] = None if known is None or amps is None else known + amps


def _blind(
    site: Site, readings: Readings, states: Mapping[str, CircuitState], loads: list[str]
) -> frozenset[str]:
    """The loads below a meter that gives nothing now; nearly always there is none."""
    heard = not readings.import_unknown and not any(m.missing for m in readings.meters.values())
    if heard and all(len(state.headroom.values()) == len(PHASES) for state in states.values()):
        return frozenset()
    return frozenset(load for load in loads if _under_unknown(site, readings, states, load))


def _under_unknown(
    site: Site, readings: Readings, states: Mapping[str, CircuitState], load: str
) -> bool:
    """Whether a meter above `load` gives nothing now, even if its last value is still held.

    Also if the import limit is not known, or can't be checked because main has no reading.
    """
    main = states[MAIN].headroom
    if readings.import_unknown:
        return True
    if readings.max_import_w is not None and any(main[phase] is None for phase in site.phases):
        return True
    path = site.path(site.loads[load].circuit)
    if any(readings.meters[circuit].missing for circuit in path if circuit in readings.meters):
        return True
    phases = {phase for _, phase in readings.loads[load].legs}
    return any(states[circuit].headroom[phase] is None for circuit in path for phase in phases)


def row_uses(site: Site, readings: Readings) -> Uses:
    """What each load uses of the limits for each A per leg; the same for all budgets of a run."""
    in_a: dict[tuple[str, str], dict[str, float]] = {}
    for load in site.loads.values():
        path = site.path(load.circuit)
        for _, phase in readings.loads[load.id].legs:
            for circuit in path:
                row = in_a.setdefault((circuit, phase), {})
                row[load.id] = row.get(load.id, 0.0) + 1.0
    in_w = {
        load: amps_to_watts(1.0, site.voltage_v, len(readings.loads[load].legs))
        for load in site.loads
    }
    return Uses(in_a, in_w)


def _circuit_rows(readings: Readings, states: Mapping[str, CircuitState], uses: Uses) -> list[Row]:
    in_a, limits_a = uses.in_a, readings.limits_a
    return [
        Row(RowKind.CIRCUIT, room, in_a[circuit, phase], circuit, phase, limits_a[circuit])
        for circuit, phase in sorted(in_a)
        if (room := states[circuit].headroom[phase]) is not None
    ]


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
    if any(main.unmanaged[phase] is None for phase in site.phases):
        return []
    room_w = readings.max_import_w - readings.power_buffer_w
    room_w -= amps_to_watts(main.unmanaged.total(), site.voltage_v)
    battery_w = readings.energy.battery_w or 0.0
    if site.battery and site.battery.follows_load:
        room_w += given.reserve_help_w - battery_w
    else:
        room_w -= max(battery_w, 0.0)
    return [Row(RowKind.IMPORT, room_w, uses.in_w, limit=readings.max_import_w)]
