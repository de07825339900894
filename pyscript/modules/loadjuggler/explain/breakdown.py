"""The account of a load: every limit with its numbers, which one ended its share, what comes next.

All of it is taken from the `Trace` of the last run; nothing is decided here. Currents are A per leg
of the load, or A per phase where a line has a phase.

Example, a car on phase A with 8 A of its 16 A (numbers of docs/how-it-works.md):

```
    limit             in all   not managed   others have   left   per leg
    main breaker, A     25         17             0          8        8     ends its share
    garage, A           20          0             0         20       20
    its maximum         16                                           16
```
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from ..limits import surplus
from ..limits.constraints import Row
from ..limits.reaction import obeys_s
from ..reasons import RowKind
from ..report import LoadReport, Report
from ..units import TOLERANCE, amps_to_watts
from .breakdown_text import markdown, mode_means, what_next
from .trace import Trace


@dataclass(frozen=True, slots=True)
class LimitLine:
    """One line of the account: a limit of the load, in `unit` ("A" or "W"). `None`: not known.

    - `kind`: "circuit", "import", "minimum", "maximum", "taken" (what it takes and 2 A more),
      "checked" (what it has during a check of its wiring), or that of a source ("surplus",
      "excess", "own", "inverter", "battery_first").
    - `limit`: its full value; of a source what the source has. `reserve`: what is kept free.
    - `unmanaged`: what is not managed. `others`: what other loads were given.
    - `left`: `limit` without these. `left_a`: A per leg that the load could have of that.
    - `free_a`: A per leg that the load takes from elsewhere, not from this source.
    - `binds`: this limit ended the load's share.
    """

    kind: str
    unit: str
    circuit: str = ""
    phase: str = ""
    limit: float | None = None
    reserve: float = 0.0
    unmanaged: float | None = None
    others: float | None = None
    left: float | None = None
    left_a: float | None = None
    free_a: float = 0.0
    binds: bool = False


def account(report: Report, trace: Trace, load_id: str, language: str) -> dict[str, Any]:
    """The account of a load as plain data, with `text` (Markdown in `language`) for people.

    `trace` is that of the run that made `report`. Raises KeyError for an unknown load.
    """
    told = report.loads[load_id]
    has = _counted(trace, load_id)
    limits = (*_breakers(trace, load_id, has), *_rest(trace, load_id, has))
    data = _facts(trace, told, load_id)
    data["mode_means"] = mode_means(told.mode, language)
    data["limits"] = [_rounded(asdict(limit)) for limit in limits]
    data["binds"] = [place for place, limit in enumerate(limits) if limit.binds]
    data["energy"] = _energy(trace)
    data["times"] = _times(trace, load_id)
    share = trace.decisions[load_id].allocation.reason
    data["next"] = what_next(told, share, bool(data["binds"]), language)
    data["text"] = markdown(data, trace.site, language)
    return data


def _facts(trace: Trace, told: LoadReport, load_id: str) -> dict[str, Any]:
    """Facts of the load: kind, mode, range, what it is told and draws, its reason."""
    reading, load = trace.readings.loads[load_id], trace.site.loads[load_id]
    return {
        "load": told.id,
        "name": told.name,
        "kind": told.kind,
        "circuit": told.circuit,
        "mode": told.mode,
        "status": told.status,
        "priority": reading.priority,
        "distribution": trace.readings.distribution,
        "legs": dict(reading.legs),
        "min_a": _round(reading.min_a),
        "max_a": _round(reading.max_a),
        "step_a": load.step_a,
        "told_a": _round(told.allocated_a),
        "share_a": _round(told.target_a),
        "available_a": _round(told.available_a),
        "draw_a": {p: _round(a) for p, a in told.draw.items()} if told.draw else None,
        "power_w": _round(told.power_w),
        "reason": told.sentence,
        "code": told.reason.code,
        "share_code": trace.decisions[load_id].allocation.reason.code,
    }


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def _rounded(limit: dict[str, Any]) -> dict[str, Any]:
    return {k: round(v, 1) if isinstance(v, float) else v for k, v in limit.items()}


def _given(trace: Trace, load_id: str) -> float:
    """A per leg that a load was given by the allocation."""
    return trace.decisions[load_id].allocation.amps


def _counted(trace: Trace, load_id: str) -> dict[str, float]:
    """A per leg that each load counted with, by id, when this one was given its share.

    Others that can't be told less count with more than the allocation gives them (`Table.share`). A
    load that has less only because its wiring is checked counts with what it had before.
    """
    given = {load: _given(trace, load) for load in trace.site.loads}
    lowered = trace.memory.wiring.lowered()
    for load in given.keys() - {load_id}:
        if lowered and trace.decisions[load].allocation.reason.code == "checking_wiring":
            given[load] = lowered[1]
    above = {load: amps for load, amps in trace.stuck.items() if amps > given[load] + TOLERANCE}
    return given if load_id in above else given | above


def _breakers(trace: Trace, load_id: str, has: Mapping[str, float]) -> Iterator[LimitLine]:
    """A line for each breaker above the load, and each phase that the load uses."""
    site, readings = trace.site, trace.readings
    uses = _legs_on(trace, load_id)
    for circuit in site.path(site.loads[load_id].circuit):
        state = trace.budget.circuits[circuit]
        for phase, legs in uses.items():
            others = sum(
                has[other.id] * _legs_on(trace, other.id).get(phase, 0)
                for other in site.below(circuit)
                if other.id != load_id
            )
            room = state.headroom[phase]
            left = None if room is None else room - others
            yield LimitLine(
                kind="circuit",
                unit="A",
                circuit=circuit,
                phase=phase,
                limit=readings.limits_a[circuit],
                reserve=site.circuits[circuit].reserve_a,
                unmanaged=state.unmanaged[phase],
                others=others,
                left=left,
                left_a=None if left is None else max(left / legs, 0.0),
                binds=_binds(trace, load_id, RowKind.CIRCUIT, circuit, phase),
            )


def _legs_on(trace: Trace, load_id: str) -> dict[str, int]:
    """The number of legs of a load by phase."""
    found: dict[str, int] = {}
    for _, phase in trace.readings.loads[load_id].legs:
        found[phase] = found.get(phase, 0) + 1
    return found


def _rest(trace: Trace, load_id: str, has: Mapping[str, float]) -> Iterator[LimitLine]:
    """Lines for the import limit, the sources of the load, and its minimum and maximum."""
    for row in trace.budget.limits:
        if row.kind == RowKind.IMPORT and load_id in row.uses:
            yield _of_row(trace, row, load_id, has)
    living = surplus.living_from(trace.site, trace.readings, trace.marks).relaxed(trace.free_a)
    given = surplus.rows(
        trace.site, trace.readings, trace.budget.supply, trace.marks, living, trace.usage.idle
    )
    for row in given:
        if load_id in row.uses and row.free_a(load_id) is not None:
            yield _of_row(trace, row, load_id, has)
    reading = trace.readings.loads[load_id]
    yield LimitLine("minimum", "A", limit=reading.min_a, left_a=reading.min_a)
    cap_a = trace.usage.cap_a.get(load_id)
    capped = cap_a is not None and cap_a < reading.max_a - TOLERANCE
    full = _has_most(trace, load_id, cap_a if cap_a is not None and capped else reading.max_a)
    if capped:
        kind = "checked" if load_id == trace.usage.checked else "taken"
        yield LimitLine(kind, "A", limit=cap_a, left_a=cap_a, binds=full)
    yield LimitLine(
        "maximum", "A", limit=reading.max_a, left_a=reading.max_a, binds=full and not capped
    )


def _has_most(trace: Trace, load_id: str, most_a: float) -> bool:
    """Whether its share ended at `most_a` (A per leg), and not below because a meter is missing."""
    share, dial = trace.decisions[load_id].allocation, trace.readings.loads[load_id].setpoint.dial
    steps = dial is not None and bool(dial.levels_a)  # its highest may be below its maximum
    return share.reason.code == "maximum" and (steps or share.amps >= most_a - TOLERANCE)


def _of_row(trace: Trace, row: Row, load_id: str, has: Mapping[str, float]) -> LimitLine:
    """The line for a row of the allocation: its room, what others were given, what is left."""
    others = sum(
        has[other] * use
        for other, use in row.uses.items()
        if other != load_id and other not in row.unused
    )
    left = row.room - others
    opens = load_id in row.opens  # it may start on it as long as anything is left
    free_a = row.free_a(load_id) or 0.0
    if opens and left <= TOLERANCE and _given(trace, load_id) <= TOLERANCE:
        free_a = 0.0
    of_import = row.kind == RowKind.IMPORT
    # What it was admitted with stays its own, though other loads use up the rest of the source.
    has_a = 0.0 if of_import else _given(trace, load_id)
    reserve = trace.readings.power_buffer_w if of_import else 0.0
    return LimitLine(
        kind=str(row.kind),
        unit="W" if row.kind in (RowKind.IMPORT, RowKind.EXCESS) else "A",
        phase=row.phase,
        limit=row.limit if of_import else row.room,
        reserve=reserve,
        unmanaged=row.limit - reserve - row.room if of_import else None,
        others=others,
        left=left,
        left_a=max(left / row.uses[load_id], free_a, has_a, 0.0),
        free_a=0.0 if opens else free_a,
        binds=_binds(trace, load_id, row.kind, "", row.phase),
    )


def _binds(trace: Trace, load_id: str, kind: RowKind, circuit: str, phase: str) -> bool:
    """Whether the load's share ended at this limit."""
    reason = trace.decisions[load_id].allocation.reason
    where = reason.numbers.get("circuit", ""), reason.numbers.get("phase", "")
    return reason.limits == kind and where == (circuit, phase)


def _energy(trace: Trace) -> dict[str, Any] | None:
    """Sun and battery, in W and %; `None`: the site has neither."""
    site, energy, supply = trace.site, trace.readings.energy, trace.budget.supply
    if not site.sources():
        return None
    total_a = supply.total_a()
    battery = None
    if site.battery is not None:
        battery = {
            "soc_pct": _round(energy.soc_pct),
            "target_pct": _round(energy.soc_target_pct),
            "reserve_pct": _round(energy.soc_min_pct),
            "power_w": _round(energy.battery_w),
            "helps_solar_w": _round(supply.help_w),
            "helps_all_w": _round(supply.reserve_help_w),
        }
    surplus_w = None if total_a is None else amps_to_watts(total_a, site.voltage_v)
    return {"sun_w": _round(supply.sun_w), "surplus_w": _round(surplus_w), "battery": battery}


def _times(trace: Trace, load_id: str) -> dict[str, float | None]:
    """The delays of the load in s, and how many s ago it was raised, started and stopped."""
    load, options = trace.site.loads[load_id], trace.options
    known, now = trace.memory.load(load_id), trace.readings.at
    ramps, patience = load.kind.adjustable, load.patience

    def ago(at: float | None) -> float | None:
        return None if at is None else round(max(now - at, 0.0))

    return {
        "grace_s": patience.grace_s,
        "pause_s": load.stays_off_s,
        "min_on_s": patience.min_on_s if load.kind.has_shortest_times else None,
        "raise_interval_s": options.raise_interval_s if ramps else None,
        "ramp_a_s": options.ramp_a_s if ramps else None,
        "dead_band_a": options.dead_band_a if ramps else None,
        "dead_band_s": options.dead_band_s if ramps else None,
        "smooth_s": options.smooth_s,
        "obeys_s": obeys_s(known.draws.delays_s, options, usual=True) if ramps else None,
        "obeys_most_s": obeys_s(known.draws.delays_s, options, usual=False) if ramps else None,
        "raised_ago_s": ago(known.pacing.raised_at),
        "started_ago_s": ago(known.delays.started_at),
        "stopped_ago_s": ago(known.delays.stopped_at),
        "short_of_sun_s": round(known.delays.short_s(now)) or None,
    }
