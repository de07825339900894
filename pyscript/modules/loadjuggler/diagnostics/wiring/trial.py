"""Lowers a load for a while, where the main meter may not see it, to find out whether it does.

A car that always takes the same never shows whether the meter moves with it. By day, without a
sensor of the sun, a meter that shows less than the chargers draw may be right, because the sun
gives the rest, or it may measure the house without the car. So one load is told its minimum for up
to 100 s; what the meter does with that is judged as any other change (`sight`).

```
    A
    32 ──────────────────┐                     ┌─────── the meter has moved: it sees the car
                         │                     │        (known from now on, not tried again)
     6                   └─────────────────────┘        it has not: told, and 6 A from now on
       │◀── lacks 120 s ▶│◀─ until it is known ▶│
```

The load only ever gets less than its share. Nothing is tried where it could show nothing: if the
meter may be kept near 0 (`sight.TAKEN_A`), or the load has just changed. If nothing is shown, it is
tried again after a quarter of an hour, then after twice that, and so on; after four hours if the
meter is near 0 now, as something keeps it there.

Source: docs/decisions/0027.
"""

from __future__ import annotations

from ...measure.readings import LoadReading, Readings
from ...memory.wiring import NO_TRIAL, Trial, WiringMemory
from ...records import replace
from ...sharing.allocate import Shares
from ...site.model import Load, Site
from ...site.modes import MODES
from .check import at_most
from .sight import CLEAR_A, lacks, takes
from .trail import STEADY_S

LACKS_STAGES = 6
"""The meter must lack what chargers draw for so many stages of a check (20 s each), ..."""


LOWERED_STAGES = 5
"""... and the load stays lowered for so many at most: some chargers report once a minute."""


WAIT_S, MOST_S = 900.0, 14400.0
"""After a trial that has shown nothing the next one waits for 15 min, then for twice as long each
time, and for 4 h at most."""


def track_trial(
    site: Site, readings: Readings, wiring: WiringMemory, stage_s: float
) -> WiringMemory:
    """`wiring` with the trial that is under way followed by one run, or with one that begins."""
    trial = wiring.trial
    if trial.began_at is None:
        new = _begun(site, readings, wiring, stage_s)
    else:
        new = _followed(site, readings, wiring, trial.began_at, stage_s)
    return wiring if new == trial else replace(wiring, trial=new)


def lowered(trial: Trial, shares: Shares, now: float, stage_s: float) -> Shares:
    """`shares` with the load of a trial at its low level."""
    if trial.began_at is None or trial.load not in shares:
        return shares
    left_s = trial.began_at + LOWERED_STAGES * stage_s - now
    return at_most(shares, trial.load, trial.low_a, left_s)


def _begun(site: Site, readings: Readings, wiring: WiringMemory, stage_s: float) -> Trial:
    """The trial with how long the meter has lacked something; a load is lowered after a while."""
    trial, now = wiring.trial, readings.at
    under_way = wiring.check is not None and not wiring.check.code
    if under_way or not lacks(site, readings, wiring) or not takes(site, readings, wiring):
        return trial if trial.since is None else replace(trial, since=None)
    if trial.since is None:
        return replace(trial, since=now)
    if now - trial.since < LACKS_STAGES * stage_s or (trial.next_at or 0.0) > now:
        return trial
    found = [
        (reading.drawing_a() - reading.min_a, load)
        for load, reading in readings.loads.items()
        if _can_show(site.loads[load], reading, wiring, trial.since, now)
    ]
    if not found:
        return trial
    _, load = max(found)
    reading = readings.loads[load]
    return replace(
        trial,
        load=load,
        began_at=now,
        told_a=reading.command_a or 0.0,
        low_a=reading.min_a,
        points=wiring.unseen.get(load, 0.0),
    )


def _can_show(
    load: Load, reading: LoadReading, wiring: WiringMemory, since: float, now: float
) -> bool:
    """Whether lowering a load now would show whether the meter moves with it.

    It must have reported since the meter lacks something (`since`), and been steady for a minute.
    """
    plateau = wiring.loads.get(load.id)
    if not load.kind.checkable or plateau is None or plateau.new is not None:
        return False
    if wiring.unseen.get(load.id, 0.0) < 0 or not _goes_on(reading):
        return False
    steady = plateau.changed_at is None or now - plateau.changed_at >= STEADY_S
    room_a = min(reading.command_a or 0.0, reading.drawing_a()) - reading.min_a
    return steady and room_a >= CLEAR_A and (reading.draw_at or 0.0) >= since


def _goes_on(reading: LoadReading) -> bool:
    """Whether a load takes part and can be told."""
    return reading.active and reading.connected and MODES[reading.mode].takes and not reading.lost


def _followed(
    site: Site, readings: Readings, wiring: WiringMemory, began_at: float, stage_s: float
) -> Trial:
    """The trial, which ends when something is known, after a while, or if the load stops."""
    trial, now = wiring.trial, readings.at
    reading = readings.loads.get(trial.load)
    points = wiring.unseen.get(trial.load, 0.0)
    if points != trial.points:  # it is known, or as much again will show it
        return NO_TRIAL
    over = now - began_at >= LOWERED_STAGES * stage_s
    if not over and reading is not None and _goes_on(reading):
        return trial
    kept = not takes(site, readings, wiring)
    wait_s = MOST_S if kept else min(max(2 * trial.wait_s, WAIT_S), MOST_S)
    return Trial(next_at=now + wait_s, wait_s=wait_s)
