"""Reads the whole house: the states of all entities become `Readings`.

Amounts are in A and W, import and discharging are positive, and legs are mapped to phases. An
entity that gives nothing is named in a Problem; its last good value stands in for 60 s (`hold_s`),
after that the value is `None`. Nothing is guessed. Source: docs/product.md section 6.
"""

from __future__ import annotations

from .loads.kinds import KINDS_OF_LOADS
from .loads.mode import paused, still_set
from .measure.energy import read_energy
from .measure.legs import report_by_phase
from .measure.lookup import Sensing, amps, watts
from .measure.meters import read_circuit_meter
from .measure.numbers import number
from .measure.readings import LoadReading, Readings
from .measure.settings import chosen, resolve
from .memory.load import LoadMemory
from .memory.memory import Memory
from .options import Options
from .records import replace
from .site.model import Site
from .snapshot import Snapshot
from .units import PerPhase

__all__ = ["amps", "number", "sense"]


def sense(
    site: Site, memory: Memory, snapshot: Snapshot, now: float, options: Options
) -> tuple[Readings, Memory]:
    """The readings of the house at `now` (epoch s), and the memory with what was seen."""
    at = Sensing(site, memory, snapshot, now, options)
    meters = {
        circuit.id: read_circuit_meter(at, circuit.id, circuit.meter)
        for circuit in site.circuits.values()
        if circuit.meter
    }
    limits = {c.id: float(resolve(at, c.limit) or 0.0) for c in site.circuits.values()}
    loads: dict[str, LoadReading] = {}
    others = ((key, known) for key, known in memory.loads.items() if key not in site.loads)
    remembered = {key: known.resting() for key, known in others}
    apart: dict[str, tuple[PerPhase, PerPhase]] = {}
    for load in site.loads.values():
        read = KINDS_OF_LOADS[load.kind.name].read
        known = memory.load(load.id)
        if known.command.before is not None and _may_be_under_way(known, now, options):
            known = replace(known, calls=known.calls.under_way(now))
        reading, known = read(at, load, known)
        paused_s, remembered[load.id] = paused(known, now)
        loads[load.id] = replace(reading, paused_s=paused_s) if paused_s else reading
        if (bounds := known.draws.apart) is not None and reading.draw is not None:
            least, most = (report_by_phase(one, reading.legs) for one in bounds)
            apart[load.id] = least, most
    energy = read_energy(at)
    max_import = resolve(at, site.max_import_w)
    readings = Readings(
        at=now,
        meters=meters,
        limits_a=limits,
        loads=loads,
        distribution=chosen(at, "site", "distribution", site.distribution),
        max_import_w=None if max_import is None else float(max_import),
        import_unknown=max_import is None and site.max_import_w.entity is not None,
        power_buffer_w=float(resolve(at, site.power_buffer_w) or 0.0),
        energy=energy,
        grid_total_w=watts(at, site.grid_total) if site.grid_total else None,
        problems=tuple(at.problems),
        apart=apart,
    )
    return readings, replace(
        memory,
        loads=remembered,
        held=at.held,
        overrides=still_set(site, memory, remembered, now),
        silent=at.silent,
    )


def _may_be_under_way(memory: LoadMemory, now: float, options: Options) -> bool:
    """Whether the call of a load's last command has not ended: a call takes 30 s at most.

    A call that tells the same again, to renew it, changes nothing.
    """
    if memory.command.before == memory.command.held():
        return False
    sent_at, called_at = memory.calls.commanded_at, memory.calls.called_at
    if sent_at is None or called_at is None:
        return False
    return sent_at < now <= called_at + options.call_timeout_s
