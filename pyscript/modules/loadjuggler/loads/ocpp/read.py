"""Reads an OCPP charger: whether it can be reached, its status, currents by leg and session.

    status of the connector                             with a car?   takes part
    Preparing, Charging, SuspendedEVSE, SuspendedEV     yes           yes
    Available, Finishing, Faulted, Reserved,            no            no
      Unavailable
    anything else, or no status for over 60 s           not known     while it draws over 1 A

A charger that took part when it was last heard of, and can't be reached now, is lost: what it may
draw stays reserved. Sources: docs/product.md sections 2 and 6; docs/decisions/0017.
"""

from __future__ import annotations

from functools import lru_cache

from ...measure.evidence import ENDED, SUSPENDED, contradictions, read_draw
from ...measure.legs import held_report, in_use, last_draw_a, learn_legs, report_by_phase
from ...measure.lookup import NO_VALUE, Sensing, amps
from ...measure.numbers import number
from ...measure.readings import NO_SETPOINT, LoadReading, SessionReading
from ...measure.settings import amount
from ...memory.load import LoadMemory
from ...records import replace
from ...site.controls import OcppControl, Telling
from ...site.model import Load
from ...units import ceil_to_step, floor_to_step, roughly_s
from ..mode import read_mode
from ..phases import counted, switched
from .session import IN_SESSION, read_session
from .session_limit import read_limit
from .ways import LOSES_DEFAULT

TAKING_PART = frozenset({"preparing", "charging", "suspendedevse", "suspendedev"})
"""Connector statuses with which a charger takes part (docs/product.md section 2)."""


RESTS = {
    "suspendedev": SUSPENDED,
    "suspendedevse": SUSPENDED,
    "available": ENDED,
    "preparing": ENDED,
    "finishing": ENDED,
    "reserved": ENDED,
}
"""Connector statuses in which nothing flows, and why (OCPP 1.6, 4.9)."""


IDLE = frozenset({"available", "finishing", "faulted", "reserved", "unavailable"})
"""Connector statuses with which it does not. Any other text counts as no status."""


def read_charger(at: Sensing, load: Load, memory: LoadMemory) -> tuple[LoadReading, LoadMemory]:
    """The reading of a charger, and its memory with what was seen."""
    telling = load.control.telling if isinstance(load.control, OcppControl) else Telling()
    known = _reachable(at, load, telling)
    status, took_part = _status(at, load)
    if memory.command.off:
        memory, took_part = _switched_off(memory, status, took_part)
    before_draw = len(at.problems)
    if known:  # what the sensors of a charger that is offline show is old
        memory = _drawn(at, load, memory, status)
    report = held_report(at, memory)
    draws = None if report is None else dict(report)
    drawing = draws is not None and max(draws.values(), default=0.0) > at.options.idle_leg_a
    lost = took_part and (not known or (status is None and not drawing))
    active = not lost and (took_part if status else drawing)
    after_draw = len(at.problems)
    phases, wired, memory = switched(at, load, memory, draws)
    memory = learn_legs(at, load, memory, draws, active)
    used = in_use(memory, wired)
    memory, transaction = read_session(at, load, memory, status, took_part)
    min_a, most_a = _range_a(at, load)
    mode, memory = read_mode(at, load, memory)
    least_a, pause_switch = _pause(at, telling, min_a)
    runs = bool(transaction) or (status or "").lower() in IN_SESSION or drawing
    if not (active and runs):  # without a session its missing sensors are no problem
        of_draw = slice(before_draw, after_draw)
        at.problems[of_draw] = contradictions(at.problems[of_draw])
    memory = _since_sessions(memory, runs, took_part, at.now)
    limit, memory = read_limit(at, load, memory, len(used), most_a, transaction, runs=runs)
    max_a = limit.most_within(most_a, load.step_a)
    offered_a, offered_at = _offered(at, load, len(used))
    draw = None if report is None else report_by_phase(report, used)
    drew = tuple([(when, report_by_phase(one, used)) for when, one in memory.draws.earlier])
    priority = amount(at, load.id, "priority", load.priority)
    kept_a = _kept_a(at, load, memory, transaction, (min_a, most_a), lost=lost, connected=known)
    if limit.holds and active and not _draws_above(at, memory, transaction):
        kept_a = max(kept_a, max_a)
    told = (transaction, phases, least_a, pause_switch, memory.command.bare, runs)
    session = SessionReading(*told, offered_a, offered_at, limit=limit)
    # By position, in the order of the fields: by names this takes as long as half of all before.
    # It has no switch that is on, and a pause is read for all kinds alike.
    reading = LoadReading(
        status, active, known, mode, priority, min_a, max_a, used,
        draw, memory.draws.at, drew,
        memory.command.in_force_a(transaction), memory.calls.commanded_at, memory.calls.replaced,
        None, lost, kept_a, 0.0, session, NO_SETPOINT,
    )  # fmt: skip
    return reading, memory


def _drawn(at: Sensing, load: Load, memory: LoadMemory, status: str | None) -> LoadMemory:
    """The memory with what a charger draws by all its sensors together, and by its `status`."""
    return read_draw(
        at,
        load,
        memory,
        counted(load, memory),
        rests=RESTS.get((status or "").lower(), ""),
        status=status,
        in_watts=memory.profiles.watt_legs > 0,
    )


def _since_sessions(memory: LoadMemory, runs: bool, took_part: bool, now: float) -> LoadMemory:
    """The memory without what was for a session, or for a car that waited, and is over."""
    if not runs and memory.profiles.way:
        if memory.profiles.way in LOSES_DEFAULT and memory.command.tx:
            command = memory.command.without_session().without_default()
            memory = replace(memory, command=command)
        profiles = memory.profiles.between_sessions(now)
        if profiles is not memory.profiles:
            memory = replace(memory, profiles=profiles)
    if memory.command.waits and not took_part:
        memory = replace(memory, command=memory.command.waiting(waits=False))
    return memory


def _offered(at: Sensing, load: Load, legs: int) -> tuple[float | None, float | None]:
    """What the charger says that it offers: (A per leg, when); `None`: it does not say it."""
    found = at.first(load.sensors.offered)
    if found is None or (value := number(found[1].value)) is None:
        return None, None
    unit = found[1].attributes.get("unit_of_measurement")
    return amps(value, unit, at.site.voltage_v, max(legs, 1)), found[1].reported_at


def _range_a(at: Sensing, load: Load) -> tuple[float, float]:
    """Least and most A per leg, in whole steps within what is chosen."""
    least_a = amount(at, load.id, "min_a", load.min_a)
    return _whole_steps(least_a, amount(at, load.id, "max_a", load.max_a), load.step_a)


@lru_cache(maxsize=256, typed=True)
def _whole_steps(least_a: float, most_a: float, step_a: float) -> tuple[float, float]:
    """The range in whole steps. It depends on its arguments only, which stay the same for weeks."""
    return ceil_to_step(least_a, step_a), floor_to_step(most_a, step_a)


def _pause(at: Sensing, telling: Telling, min_a: float) -> tuple[float, str | None]:
    """What a charger takes when it is told to pause, A per leg, and the switch that pauses it.

    `None`: its profile does, or there is no such switch now. A make that must not be told 0 A then
    goes on with its minimum.
    """
    found = at.first(telling.switches) if telling.switches else None
    switch = found[0] if found and found[1].value not in NO_VALUE else None
    lacking = telling.never_zero and switch is None
    return (min_a if telling.pause == "minimum" or lacking else 0.0), switch


def _switched_off(
    memory: LoadMemory, status: str | None, took_part: bool
) -> tuple[LoadMemory, bool]:
    """The memory, and whether a charger takes part that was paused by its switch.

    While it is paused, Finishing and Unavailable are caused by that, so it goes on taking part.
    Available means that its car has left: then it is not paused any more.
    """
    said = (status or "").lower()
    if said == "available":
        return replace(memory, command=memory.command.paused(off=False)), took_part
    return memory, took_part or said in ("finishing", "unavailable")


def _reachable(at: Sensing, load: Load, telling: Telling) -> bool:
    """Whether the charger is connected to the OCPP integration now; if not, it is noted.

    No call for it may reach another charger (`astray`, `mistaken_for`), and one of its entities
    must have a value. An entity without a value is not enough: the integration does not know a
    charger that has been offline since its start, and gives its calls to the first that it knows.
    """
    control = load.control if isinstance(load.control, OcppControl) else None
    if control is not None and control.astray:
        at.miss("charger_astray", load.sensors.status[0], load.id)
        return False
    if control is not None and control.mistaken_for:
        own, other = control.identity, control.mistaken_for
        code = "charger_nameless" if own is None else "charger_swapped"
        at.miss(code, _identity_sensor(load), load.id, id=own or "", charger=other)
        return False
    for entity in load.sensors.presence:
        state = at.snapshot.get(entity)
        if state is not None and state.value not in NO_VALUE:
            return _alive(at, load, telling)
    found = at.first(load.sensors.presence)
    if found:
        at.miss("charger_offline", found[0], load.id, state=found[1].value)
    else:
        at.miss("charger_unknown", load.sensors.status[-1], load.id)
    return False


def _identity_sensor(load: Load) -> str:
    """The entity that should show the charger's own id."""
    return next(entity for entity in load.sensors.signs if entity.endswith("_id"))


SILENT_S = 180.0
"""Without any sign of life for this long, s, a charger counts as offline.

The integration pings it every 20 s and gives up after 3 pings without an answer (60 s). This is
three times as long; its command has run out by then, too (docs/decisions/0017).
"""


def _alive(at: Sensing, load: Load, telling: Telling) -> bool:
    """Whether the newest report of any of the charger's sensors is new enough; else it is noted.

    The limit is that of the form. Without one it is 180 s (`SILENT_S`) if there is a sensor of the
    connection's latency, which the integration writes every 20 s; without that sensor an idle
    charger may say nothing for 15 min, so there is no limit.
    """
    limit_s = telling.offline_s
    if not limit_s:
        if at.first(load.sensors.latency) is None:
            return True
        limit_s = SILENT_S
    heard = [at.snapshot[e].reported_at for e in load.sensors.all() if e in at.snapshot]
    silent_s = at.now - max(heard, default=at.now)
    if silent_s <= limit_s:
        return True
    silent_s = roughly_s(silent_s)
    at.miss("charger_silent", load.sensors.status[-1], load.id, silent_s=silent_s)
    return False


def _safe_a(load: Load, range_a: tuple[float, float]) -> float:
    """What a charger falls back to by itself, A per leg within its range; 0: it does not."""
    telling = load.control.telling if isinstance(load.control, OcppControl) else Telling()
    if not telling.falls_back or load.fallback_a <= 0:
        return 0.0
    return max(min(load.fallback_a, range_a[1]), range_a[0])


def _kept_a(
    at: Sensing,
    load: Load,
    memory: LoadMemory,
    transaction: int,
    range_a: tuple[float, float],
    *,
    lost: bool,
    connected: bool,
) -> float:
    """A per leg that stay reserved for a charger whatever it is told now.

    - A charger whose profiles were cleared: its maximum (`range_a` has both), until a command has
      gone through.
    - A `lost` charger: the largest of its command, its last draw, and, as soon as its command has
      missed a renewal (90 s, half of `profile_s`), its safe current.
    - A charger whose calls have failed for as long: the fallback current to which it will go.
      Once it draws that, it counts as house load, like all that is drawn above a command.
    - Any other charger: 0.
    """
    if memory.command.bare and (lost or connected):
        return range_a[1]
    missed_s = at.options.profile_s / 2
    if not lost:
        since = memory.calls.failing_since
        if since is None or at.now - since < missed_s:
            return 0.0
        above = _draws_above(at, memory, transaction)
        of_session = transaction and memory.command.tx == transaction
        return _safe_a(load, range_a) if of_session and not above else 0.0
    falls_to_a = memory.falls_to_a(transaction, at.now, missed_s)
    return max(memory.command_a(transaction) or 0.0, falls_to_a, last_draw_a(memory))


def _draws_above(at: Sensing, memory: LoadMemory, transaction: int) -> bool:
    """Whether a charger draws more than it was told: what is above counts as house load then."""
    held_a = memory.command_a(transaction) or 0.0
    return last_draw_a(memory) > held_a + at.options.overdraw_a


def _status(at: Sensing, load: Load) -> tuple[str | None, bool]:
    """The connector's status, and whether it took part when its status was last known.

    Without a status it is noted, and the last one holds for 60 s (`hold_s`); then it is `None`.
    "Unavailable" is a status of OCPP, "unavailable" is Home Assistant's word for no state.
    """
    found = at.first(load.sensors.status)
    text = found[1].value if found else ""
    if found and text not in NO_VALUE:
        said = text.lower()
        takes_part = said in TAKING_PART
        if takes_part or said in IDLE:
            at.keep(found[0], text)
            return text, takes_part
    heard = [entity for entity in load.sensors.status if entity in at.memory.held]
    entity = found[0] if found else (heard or load.sensors.status)[0]
    at.miss("sensor_missing", entity, load.id, state=found[1].value if found else "not there")
    last, held = at.last_value(entity), at.held_value(entity)
    return None if held is None else str(held), str(last).lower() in TAKING_PART
