"""The numbers of the picture: currents, powers, and how full each breaker is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ...report import Report
from ...site.model import MAIN, Circuit, Site
from ...units import PHASES, amps_to_watts

NEAR = 0.85
"""From this share of its limit on, a breaker is near its limit."""


QUIET_A = 0.05
"""Less than this is shown as 0.0 A, without an arrow."""


STATUS_COLOURS = {
    "charging": "calm",
    "on": "calm",
    "ready": "grid",
    "full": "grid",
    "waiting": "near",
    "grace": "near",
    "paused": "near",
    "starting": "near",
    "changing_phases": "near",
    "idle": "still",
    "off": "still",
    "stale_meter": "over",
    "not_following": "over",
    "unreachable": "over",
}


@dataclass(frozen=True, slots=True)
class PhaseFlow:
    """A phase of a breaker: current and headroom in A (`None`: not known), share of the limit."""

    phase: str
    draw_a: float | None
    headroom_a: float | None
    share: float | None
    colour: str


def phases_of(site: Site, report: Report, circuit: Circuit) -> list[str]:
    """The phases of a breaker: those of its meter and of loads below it, or all of the site."""
    if circuit.id == MAIN:
        return list(site.phases)
    found = {phase for phase, _ in circuit.meter.entities} if circuit.meter else set()
    found |= {phase for load in site.below(circuit.id) for _, phase in load.legs}
    known = report.circuits.get(circuit.id)
    if known:
        found |= {phase for phase in PHASES if known.draw[phase] is not None}
    return [phase for phase in site.phases if phase in found] or list(site.phases)


def flow(phase: str, draw_a: float | None, headroom_a: float | None, limit_a: float) -> PhaseFlow:
    """How full a phase of a breaker is; export loads it as import does.

    The current as shown, to 0.1 A, decides, so that number and colour agree.
    """
    if draw_a is None:
        return PhaseFlow(phase, None, headroom_a, None, "still")
    shown_a = abs(round(draw_a, 1))
    share = shown_a / limit_a if limit_a > 0 else (1.0 if shown_a else 0.0)
    if shown_a > limit_a:
        colour = "over"
    elif share >= NEAR:
        colour = "near"
    else:
        colour = "give" if draw_a < -QUIET_A else "calm"
    return PhaseFlow(phase, draw_a, headroom_a, share, colour)


def breaker(site: Site, report: Report, circuit: Circuit) -> list[PhaseFlow]:
    """All phases of a breaker."""
    known, phases = report.circuits.get(circuit.id), phases_of(site, report, circuit)
    if known is None:
        return [PhaseFlow(phase, None, None, None, "still") for phase in phases]
    return [flow(p, known.draw[p], known.headroom[p], known.limit_a) for p in phases]


def worst(flows: Iterable[PhaseFlow]) -> str:
    """The colour of a line that carries these phases: that of the fullest."""
    found = {one.colour for one in flows if one.draw_a and abs(one.draw_a) >= QUIET_A}
    return next((c for c in ("over", "near", "calm", "give") if c in found), "still")


def grid_w(site: Site, report: Report) -> float | None:
    """W taken from the grid, negative for export; `None`: a phase is not known."""
    known = report.circuits.get(MAIN)
    if known is None or not known.draw.covers(site.phases):
        return None
    return amps_to_watts(known.draw.total(), site.voltage_v)


def rest_w(site: Site, report: Report) -> float | None:
    """W that the house takes beside the loads: what is not managed, without sun and battery.

    Off the grid sun and battery feed in before the main breaker, so they are not in its meter.
    `None`: not known.
    """
    known = report.circuits.get(MAIN)
    if known is None or not known.unmanaged.covers(site.phases):
        return None
    total_w = amps_to_watts(known.unmanaged.total(), site.voltage_v)
    if site.off_grid:
        return total_w
    given = [report.solar_w] if site.solar else []
    given += [report.battery_w] if site.battery else []
    if any(power is None for power in given):
        return None
    return total_w + sum(power for power in given if power is not None)


def weight(amps: float | None) -> float:
    """The width of a line by its current: 1.5 without current, 5.5 from 32 A on."""
    return 1.5 if amps is None or abs(amps) < QUIET_A else 2.0 + 3.5 * min(abs(amps) / 32.0, 1.0)


def most_a(flows: Iterable[PhaseFlow]) -> float | None:
    """The largest current of these, whatever its sign; `None`: none is known."""
    return max((abs(one.draw_a) for one in flows if one.draw_a is not None), default=None)
