"""Adds to reasons what people need to understand them: the mode, the meter, when it is tried again.

A reason is made where the decision is made, with the numbers of the decision. What only explains it
is added here, from the same run; nothing is decided here (docs/decisions/0024).
"""

from __future__ import annotations

import math

from ..control.compliance import again_s, retry_s
from ..loads.mode import before_boost, boost_until
from ..measure.readings import LoadReading, Readings
from ..memory.load import LoadMemory
from ..memory.memory import Memory
from ..options import Options
from ..reason_table import Family
from ..reasons import Reason
from ..records import replace
from ..site.model import Load, Site
from ..site.modes import BOOST, MODES
from ..units import TOLERANCE

MoreNumbers = dict[str, float | str]


BATTERY_STEP_W = 100.0
"""What a battery gives is told in steps of 100 W, so that sentences do not change all the time.
Less than that is not told: an inverter needs it to balance the house."""


RUNS_A = 1.0
"""A load that draws no more than this is not told to take from the battery."""


EXPLAINED = frozenset(
    (
        *(Family.ENOUGH, Family.SPARES, Family.AWAY, Family.BLIND),
        *(Family.DISOBEYS, Family.UNTOLD, Family.STATION),
    )
)
"""Families with reasons whose sentences need more numbers than the decision has."""


def fuller(
    reason: Reason,
    load: Load,
    site: Site,
    readings: Readings,
    memory: Memory,
    now: float,
    options: Options,
) -> Reason:
    """The `reason` of a load with the numbers that its sentence needs in addition."""
    family, known = reason.family, memory.load(load.id)
    if family not in EXPLAINED and not known.calls.failures:
        return reason
    more: MoreNumbers = {}
    if reason.code == "maximum":
        more = _maximum(load, site, readings, memory)
    elif family is Family.BLIND:
        more = _meter(load, site, readings)
    elif reason.code == "takes_nothing":
        more = _why_nothing(readings.loads[load.id], known)
    elif reason.code == "unreachable":
        more = _silent_entity(load, readings)
    elif family is Family.UNTOLD:
        return replace(reason, numbers={**reason.numbers, "wait_s": retry_s(known, now, options)})
    elif family is Family.DISOBEYS or reason.code == "not_in_force":
        # A switch may be dead for days; its sentence must not change all the time.
        more = {} if load.kind.switched_by_hand else {"wait_s": again_s(known, now, options)}
    more |= _held_up(reason, more, known, now, options)
    if not more:
        return reason
    on = not load.kind.adjustable and reason.code == "maximum"
    code = "plug_on" if on else reason.plain_code
    return replace(reason, plain_code=code, numbers={**reason.numbers, **more})


def _held_up(
    reason: Reason, more: MoreNumbers, known: LoadMemory, now: float, options: Options
) -> MoreNumbers:
    """The time until the next call (`wait_s`) if a call has failed: no call is made before that.

    For a command that is only sent again the failure itself has that time, so it is 0 here.
    """
    if not known.calls.failures:
        return {}
    if "wait_s" in more:
        return {"wait_s": 0.0}
    wait_s = reason.numbers.get("wait_s")
    says_when = reason.family in (Family.TIMER, Family.GRACE)  # it is told something else
    if says_when and isinstance(wait_s, (int, float)):
        return {"wait_s": max(wait_s, retry_s(known, now, options))}
    return {}


def _why_nothing(reading: LoadReading, known: LoadMemory) -> MoreNumbers:
    """The `state` of a charger whose car takes nothing, if that says why.

    `times` is how often the car has gone on by itself after such a state, from twice on.
    """
    status = (reading.status or "").lower()
    if status == "preparing" and not reading.session.transaction:
        return {"state": "Preparing"}
    if status != "suspendedev":
        return {}
    times = known.habits.gone_on
    return {"state": "SuspendedEV"} | ({"times": float(times)} if times > 1 else {})


def _maximum(load: Load, site: Site, readings: Readings, memory: Memory) -> MoreNumbers:
    """Where its maximum comes from (`most`), and its `mode` if that explains the maximum, else "".

    `most` is "form", "service", "entity" (one is wired for it), "dial": the entity that sets the
    load can be set to no more, or "session": a user has limited the session by an entity.
    """
    reading = readings.loads[load.id]
    mode: MoreNumbers = {"mode": _explains(reading.mode, site, readings)}
    if reading.session.limit.lowers:
        return mode | {"most": "session", "entity": reading.session.limit.entity}
    if load.max_a.entity:
        return mode | {"most": "entity", "entity": load.max_a.entity}
    override = memory.overrides.get((load.id, "max_a"))
    set_a, most = load.max_a.value, "form"
    if override is not None and override.form == load.max_a.value:
        set_a, most = override.value, "service"
    dial = reading.setpoint.dial
    if dial is not None and (entity := load.control.told_by):
        dial_a = dial.levels_a[-1] if dial.options else dial.high / dial.per_a
        if isinstance(set_a, (int, float)) and set_a > dial_a + TOLERANCE:
            return mode | {"most": "dial", "entity": entity}
    return mode | {"most": most}


def _explains(mode: str, site: Site, readings: Readings) -> str:
    """The mode if it explains why a load has its maximum, else ""."""
    if mode == BOOST:
        return ""  # an aside says how long the boost lasts
    if mode == "solar_only" and site.battery is not None:
        return "sun_and_battery"
    own = site.off_grid or not readings.energy.allow_grid
    return "" if own and MODES[mode].more_from == "grid" else mode


def _meter(load: Load, site: Site, readings: Readings) -> MoreNumbers:
    """What gives no reading: the meter of the nearest breaker above, or the import limit."""
    for circuit in site.path(load.circuit):
        meter = readings.meters.get(circuit)
        if meter is not None and meter.missing:
            return {"circuit": circuit, "sensors": ", ".join(meter.missing)}
    entity = site.max_import_w.entity
    return {"sensors": entity} if readings.import_unknown and entity else {}


def _silent_entity(load: Load, readings: Readings) -> MoreNumbers:
    """What shows that a load can't be reached: a missing entity, or for how long it is silent."""
    for problem in readings.problems:
        reason, numbers = problem.reason, problem.reason.numbers
        if problem.load_id != load.id:
            continue
        if reason.code == "charger_silent":
            return {"silent_s": numbers["silent_s"]}
        told_by = load.control.told_by
        missing = reason.code == "sensor_missing" and numbers["entity"] == told_by
        if missing or reason.family is Family.GONE:
            return {"entity": numbers["entity"]}
    return {}


def battery_gives(site: Site, readings: Readings) -> Reason | None:
    """What the battery gives now, which is the same for all loads; `None`: it is not told."""
    battery_w = readings.energy.battery_w
    if site.battery is None or battery_w is None or battery_w < BATTERY_STEP_W:
        return None
    shown_w = round(battery_w / BATTERY_STEP_W) * BATTERY_STEP_W
    return Reason("battery_gives", {"battery_w": shown_w})


def takes_of_battery(reason: Reason, told_a: float | None, reading: LoadReading) -> bool:
    """Whether a load with this `reason`, told `told_a` (A per leg), is told what a battery gives.

    Loads that live from the sun are not, nor those whose reason says already what it adds.
    """
    mode = MODES[reading.mode]
    if not told_a or not mode.takes or mode.solar:
        return False
    return reason.numbers.get("help_w", 0.0) == 0.0 and reading.drawing_a() > RUNS_A


def boost_left(
    load: Load, reading: LoadReading, known: LoadMemory, memory: Memory, now: float
) -> Reason | None:
    """How long a boost of a load still lasts, in whole minutes, and the mode after it.

    `None`: it has none. `known` is the load's own memory, `now` epoch s.
    """
    if reading.mode != BOOST or not reading.active:
        return None
    left_s = max(boost_until(load, known, memory) - now, 0.0)
    left_min = float(math.ceil(left_s / 60.0))
    return Reason("boost_left", {"left_min": left_min, "mode": before_boost(load, known)})
