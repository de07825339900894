"""A meter that has been silent for over 60 s: which loads go on with how much, and which stop.

    meter silent for    what counts as not managed          loads below that meter
    0 to 60 s           its last reading, less the draws    none is raised
    over 60 s           its highest of the last 15 min      chargers: fallback current at most
                                                            loads living from the sun: stop
                                                            other plugs: stay as they are
    since the start     the whole limit of the breaker      the same, within 0 A of headroom

The 60 s are `hold_s`, the 15 min `peak_s`.

Example: 25 A, the house took 12 A at most in the last 15 min, so 13 A are left. Two cars charge
with 10 and 7 A, their fallback current is 6 A. Each is told 6 A, because 6 + 6 <= 13. With a
house of 14 A only 11 A are left: the car that goes first is told 6 A, the other one stops.

Sources: docs/product.md section 6; docs/decisions/0014.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..measure.readings import Readings
from ..memory.limits import Seen, Spot
from ..memory.memory import Memory
from ..options import Options
from ..site.model import Site
from ..site.modes import MODES
from ..units import PerPhase

MINUTE_S = 60.0
"""Peaks are kept as the highest of each minute."""


def silent_above(site: Site, readings: Readings) -> dict[str, str]:
    """By load id: the nearest breaker above it whose meter has been silent for over 60 s.

    Loads without such a meter above them are not in it.
    """
    stale = {circuit for circuit, meter in readings.meters.items() if meter.stale}
    if not stale:
        return {}
    found = {}
    for load in site.loads.values():
        above = [circuit for circuit in site.path(load.circuit) if circuit in stale]
        if above:
            found[load.id] = above[0]
    return found


def goes_on_with_a(site: Site, readings: Readings, load: str) -> float:
    """The most A per leg that a load below a silent meter may go on with; 0: it stops.

    A charger may go on with its command (or its draw, if it was never told anything), up to its
    fallback current; below a meter that is read, but hides what flows, it may also start with that.
    A plug that is on stays on: it has no lower level. A load that lives from the sun stops.
    """
    reading = readings.loads[load]
    if MODES[reading.mode].solar:
        return 0.0
    if not site.loads[load].kind.adjustable:
        return reading.max_a if reading.on else 0.0
    held_a = reading.drawing_a() if reading.command_a is None else reading.command_a
    if below_hidden_only(site, readings, load):
        held_a = reading.max_a
    return min(held_a, site.loads[load].fallback_a)


def below_hidden_only(site: Site, readings: Readings, load: str) -> bool:
    """Whether a meter above `load` hides what flows, and none of them is silent."""
    found = [readings.meters.get(above) for above in site.path(site.loads[load].circuit)]
    stale = [meter for meter in found if meter and meter.stale]
    return bool(stale) and all(meter.hides for meter in stale)


def highest_unmanaged(memory: Memory) -> dict[str, PerPhase]:
    """The highest unmanaged draw of the last 15 min (`peak_s`), A per phase by circuit id.

    Circuits and phases of which nothing was seen are missing.
    """
    found: dict[str, dict[str, float | None]] = {}
    for (circuit, phase), minutes in memory.peaks.items():
        if minutes:
            found.setdefault(circuit, {})[phase] = max(amps for _, amps in minutes)
    return {circuit: PerPhase.of(phases) for circuit, phases in found.items()}


def remember_peaks(
    memory: Memory, readings: Readings, seen: Mapping[Spot, Seen], options: Options
) -> dict[Spot, tuple[tuple[int, float], ...]]:
    """The peaks, with the unmanaged draw `seen` in this run, by (circuit id, phase).

    Each peak is (minute since the epoch, highest A of that minute). The peaks of a meter that gives
    nothing stay as they are, and so do those of one that hides what flows.
    """
    minute = int(readings.at // MINUTE_S)
    oldest = minute - int(options.peak_s // MINUTE_S)
    hides = {circuit for circuit, meter in readings.meters.items() if meter.hides}
    peaks = {key: kept for key, kept in memory.peaks.items() if key in seen or key[0] in hides}
    for key, now in seen.items():
        meter = readings.meters[key[0]]
        if meter.missing:
            continue
        known = peaks.get(key, ())
        if known and known[-1][0] == minute and known[-1][1] >= now.unmanaged_a:
            continue  # nothing new in this minute
        before = [pair for pair in known if oldest < pair[0] < minute]
        here = max([now.unmanaged_a, *(amps for at, amps in known if at == minute)])
        peaks[key] = (*before, (minute, round(here, 3)))
    return peaks
