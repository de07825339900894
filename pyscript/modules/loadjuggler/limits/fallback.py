"""A meter that has been silent for too long: who goes on with how much, and who stops.

While a meter gives nothing its last value is held for a while, and nothing is raised. After that
nobody can see what the house takes. What has been its highest of the last minutes is taken to be
what it takes now, and within that each charger that charges goes on with its fallback current;
those that live from the sun stop, and plugs stay as they are. Where the meter has not been seen
since the start, the whole breaker is taken as used.

Source: docs/product.md section 6.
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


def silent_above(site: Site, readings: Readings) -> dict[str, str]:
    """Loads with a meter above them that has been silent for too long, and which breaker's it is.

    The nearest, if there are more.
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

    One that is on or off stays as it is, unless it lives from the sun: it has no lower level.
    """
    reading = readings.loads[load]
    if MODES[reading.mode].solar:
        return 0.0
    if not site.loads[load].kind.adjustable:
        return reading.max_a if reading.on else 0.0
    held_a = reading.drawing_a() if reading.command_a is None else reading.command_a
    return min(held_a, site.loads[load].fallback_a)


def highest_unmanaged(memory: Memory) -> dict[str, PerPhase]:
    """The most that was not managed lately, A per phase by circuit, as far as it was seen."""
    found: dict[str, dict[str, float | None]] = {}
    for (circuit, phase), minutes in memory.peaks.items():
        if minutes:
            found.setdefault(circuit, {})[phase] = max(amps for _, amps in minutes)
    return {circuit: PerPhase.of(phases) for circuit, phases in found.items()}


def remember_peaks(
    memory: Memory, readings: Readings, seen: Mapping[Spot, Seen], options: Options
) -> dict[Spot, tuple[tuple[int, float], ...]]:
    """The peaks with what was `seen` in this run; those of a silent meter stay as they are."""
    minute = int(readings.at // MINUTE_S)
    oldest = minute - int(options.peak_s // MINUTE_S)
    peaks = {key: memory.peaks[key] for key in seen if key in memory.peaks}
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
