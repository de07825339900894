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

from ...measure.legs import (
    held_draw,
    last_draw_a,
    learn_legs,
    leg_currents,
    remember_draw,
    sum_by_phase,
    sum_by_phase_if_known,
)
from ...measure.lookup import NO_VALUE, Sensing, number
from ...measure.readings import LoadReading, SessionReading
from ...measure.settings import amount
from ...memory.load import LoadMemory
from ...records import replace
from ...site.controls import OcppControl, Telling
from ...site.model import Load
from ...units import ceil_to_step, floor_to_step
from ..mode import read_mode
from ..phases import switched

TAKING_PART = ("preparing", "charging", "suspendedevse", "suspendedev")
"""Connector statuses with which a charger takes part (docs/product.md section 2)."""


IDLE = ("available", "finishing", "faulted", "reserved", "unavailable")
"""Connector statuses with which it does not. Any other text counts as no status."""


def read_charger(at: Sensing, load: Load, memory: LoadMemory) -> tuple[LoadReading, LoadMemory]:
    """The reading of a charger, and its memory with what was seen."""
    known = _reachable(at, load)
    status, took_part = _status(at, load)
    memory, took_part = _switched_off(memory, status, took_part)
    known_problems = len(at.problems)
    # What the sensors of a charger that is offline show is old.
    memory = remember_draw(at, memory, leg_currents(at, load, load.legs) if known else None)
    draws = held_draw(at, memory)
    drawing = draws is not None and max(draws.values(), default=0.0) > at.options.idle_leg_a
    lost = took_part and (not known or (status is None and not drawing))
    active = not lost and (took_part if status else drawing)
    if not active:
        del at.problems[known_problems:]  # without a car its missing sensors are no problem
    phases, wired, memory = switched(at, load, memory, draws)
    memory = learn_legs(at, load, memory, draws, active)
    known_legs = memory.draws.legs
    used = tuple(pair for pair in wired if known_legs is None or pair[0] in known_legs)
    memory, transaction = _session(at, load, memory, took_part)
    min_a = ceil_to_step(amount(at, load.id, "min_a", load.min_a), load.step_a)
    max_a = floor_to_step(amount(at, load.id, "max_a", load.max_a), load.step_a)
    mode, memory = read_mode(at, load, memory)
    reading = LoadReading(
        status=status,
        active=active,
        lost=lost,
        kept_a=_kept_a(at, memory, transaction, max_a, lost=lost, connected=known),
        connected=known,
        mode=mode,
        priority=amount(at, load.id, "priority", load.priority),
        min_a=min_a,
        max_a=max_a,
        legs=used,
        draw=sum_by_phase_if_known(draws, used),
        draw_at=memory.draws.at,
        drew=tuple(
            (when, sum_by_phase(dict(by_leg), used)) for when, by_leg in memory.draws.earlier
        ),
        command_a=memory.command_a(transaction),
        commanded_at=memory.calls.commanded_at,
        earlier=memory.calls.replaced,
        session=SessionReading(
            transaction,
            phases,
            least_a=min_a if _telling(load).pause == "minimum" else 0.0,
            pause_switch=_pause_switch(at, load),
            bare=memory.command.bare,
        ),
    )
    return reading, memory


def _telling(load: Load) -> Telling:
    """How a load of this kind is told."""
    return load.control.telling if isinstance(load.control, OcppControl) else Telling()


def _pause_switch(at: Sensing, load: Load) -> str | None:
    """The switch by which a charger is paused; `None`: by its profile, or there is none now."""
    found = at.first(_telling(load).switches)
    return found[0] if found and found[1].value not in NO_VALUE else None


def _switched_off(
    memory: LoadMemory, status: str | None, took_part: bool
) -> tuple[LoadMemory, bool]:
    """The memory, and whether a charger takes part that may be paused by its switch.

    While it is, Finishing and Unavailable are caused by that, so it goes on taking part. Available
    means that its car has left: then it is not paused any more.
    """
    said = (status or "").lower()
    if not memory.command.off or said == "available":
        return (_switched_on(memory) if memory.command.off else memory), took_part
    return memory, took_part or said in ("finishing", "unavailable")


def _switched_on(memory: LoadMemory) -> LoadMemory:
    """The memory of a charger that is not paused by its switch."""
    return replace(memory, command=memory.command.paused(off=False))


def _reachable(at: Sensing, load: Load) -> bool:
    """Whether the charger is connected to the OCPP integration now; if not, it is noted.

    One of its entities must have a value. An entity without a value is not enough: the integration
    does not know a charger that has been offline since its start, and gives its calls to the first
    charger that it knows.
    """
    there = [entity for entity in load.sensors.presence if entity in at.snapshot]
    if any(at.snapshot[entity].value not in NO_VALUE for entity in there):
        return _alive(at, load)
    if there:
        shown = at.snapshot[there[0]].value
        at.miss("charger_offline", there[0], load.id, state=shown)
    else:
        at.miss("charger_unknown", load.sensors.status[-1], load.id)
    return False


SILENT_S = 180.0
"""Without any sign of life for this long, s, a charger counts as offline.

The integration pings it every 20 s and gives up after 3 pings without an answer (60 s). This is
three times as long; its command has run out by then, too (docs/decisions/0017).
"""


def _alive(at: Sensing, load: Load) -> bool:
    """Whether the newest report of any of the charger's sensors is new enough; else it is noted.

    The limit is that of the form. Without one it is 180 s (`SILENT_S`) if there is a sensor of the
    connection's latency, which the integration writes every 20 s; without that sensor an idle
    charger may say nothing for 15 min, so there is no limit.
    """
    pinged = any(entity in at.snapshot for entity in load.sensors.latency)
    limit_s = _telling(load).offline_s or (SILENT_S if pinged else None)
    if limit_s is None:
        return True
    heard = [at.snapshot[e].reported_at for e in load.sensors.all() if e in at.snapshot]
    silent_s = at.now - max(heard, default=at.now)
    if silent_s <= limit_s:
        return True
    at.miss("charger_silent", load.sensors.status[-1], load.id, silent_s=silent_s)
    return False


def _session(
    at: Sensing, load: Load, memory: LoadMemory, took_part: bool
) -> tuple[LoadMemory, int]:
    """The memory, and the id of the running transaction; 0: there is none.

    While the entity gives nothing and a car takes part, it is the transaction that was told last.
    """
    found = at.first(load.sensors.transaction)
    value = number(found[1].value) if found else None
    if value is not None:
        return memory, int(value)
    if took_part:
        return memory, memory.command.tx
    return memory.without_session(), 0


def _kept_a(
    at: Sensing, memory: LoadMemory, transaction: int, max_a: float, *, lost: bool, connected: bool
) -> float:
    """A per leg that stay reserved for a charger whatever it is told now.

    - A charger whose profiles were cleared: its maximum `max_a`, until a command has gone through.
    - A `lost` charger: the largest of its command, its last draw, and, as soon as its command has
      missed a renewal (90 s, half of `profile_s`), its safe current.
    - Any other charger: 0.
    """
    if memory.command.bare and (lost or connected):
        return max_a
    if not lost:
        return 0.0
    missed_s = at.options.profile_s / 2
    falls_to_a = memory.falls_to_a(transaction, at.now, missed_s)
    return max(memory.command_a(transaction) or 0.0, falls_to_a, last_draw_a(memory))


def _status(at: Sensing, load: Load) -> tuple[str | None, bool]:
    """The connector's status, and whether it took part when its status was last known.

    Without a status it is noted, and the last one holds for 60 s (`hold_s`); then it is `None`.
    "Unavailable" is a status of OCPP, "unavailable" is Home Assistant's word for no state.
    """
    found = at.first(load.sensors.status)
    text = found[1].value if found else ""
    if found and text not in NO_VALUE and text.lower() in TAKING_PART + IDLE:
        at.keep(found[0], found[1].value)
        return found[1].value, found[1].value.lower() in TAKING_PART
    heard = [entity for entity in load.sensors.status if entity in at.memory.held]
    entity = found[0] if found else (heard or load.sensors.status)[0]
    at.miss("sensor_missing", entity, load.id, state=found[1].value if found else "not there")
    last, held = at.last_value(entity), at.held_value(entity)
    return None if held is None else str(held), str(last).lower() in TAKING_PART
