"""Reads a charger that a number or a select entity sets.

The entity shows what the charger can be set to (its dial) and what it is set to; other sensors show
what it draws and whether there is a car. Source: docs/decisions/0018.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...measure.evidence import ENDED, SUSPENDED, contradictions, read_draw
from ...measure.legs import held_report, in_use, last_draw_a, learn_legs, report_by_phase, using
from ...measure.lookup import NO_VALUE, Sensing
from ...measure.numbers import number
from ...measure.readings import LoadReading, SessionReading, SetpointReading
from ...measure.settings import amount
from ...memory.load import LoadMemory
from ...records import replace
from ...site.controls import NumberControl
from ...site.model import Legs, Load
from ...site.setpoint import Dial
from ..mode import read_mode
from ..phases import counted, switched
from .setpoint import read_dial, set_in_watts
from .status_words import CHARGING, CONNECTED, FULL, IDLE, SHOWN, TAKING_PART, meaning
from .switch import look_at_switch

_PHASES = re.compile(r"\D*([123])(?:\D.*)?")
"""A number of phases as entities show it: "3", "1.0", "3 phases"."""


def read_number_charger(
    at: Sensing, load: Load, memory: LoadMemory
) -> tuple[LoadReading, LoadMemory]:
    """The reading of a number charger, and its memory with what was seen."""
    control = load.control
    assert isinstance(control, NumberControl)
    before = len(at.problems)
    told_legs = _legs_told(at, load)
    memory = _drawn(at, load, control, memory, told_legs)
    report = held_report(at, memory)
    draws = None if report is None else dict(report)
    drawing = draws is not None and max(draws.values(), default=0.0) > at.options.idle_leg_a
    missing = at.problems[before:]
    del at.problems[before:]
    status, takes_part, took_part = _status(at, load, control, memory, drawing)
    # Without a car its missing sensors are no problem.
    at.problems += missing if takes_part or took_part else contradictions(missing)
    memory = learn_legs(at, load, memory, draws, takes_part or drawing)
    phases, wired, memory = switched(at, load, memory, draws)
    used, memory = _legs(at, load, control, memory, told_legs, wired, draws)
    dial, shown = read_dial(at, load, control, len(used))
    on, memory = look_at_switch(at, load, control, memory, takes_part or took_part)
    car = takes_part or took_part  # some switches do not exist while there is no car
    connected = dial is not None and (control.switch is None or on is not None or not car)
    lost = took_part and not (connected and (status is not None or drawing))
    min_a, max_a = _range_a(at, load, dial)
    mode, memory = read_mode(at, load, memory)
    reading = LoadReading(
        status=status,
        active=not lost and takes_part,
        connected=connected,
        mode=mode,
        priority=amount(at, load.id, "priority", load.priority),
        min_a=min_a,
        max_a=max_a,
        legs=used,
        draw=None if report is None else report_by_phase(report, used),
        draw_at=memory.draws.at,
        drew=tuple((when, report_by_phase(one, used)) for when, one in memory.draws.earlier),
        command_a=_command_a(memory, dial, load, used, control),
        commanded_at=memory.calls.commanded_at,
        earlier=memory.calls.replaced,
        on=on,
        lost=lost,
        session=SessionReading(phases=phases),
        setpoint=SetpointReading(dial, shown, _refused(at, control, dial, shown, on, memory)),
    )
    return replace(reading, kept_a=_kept_a(reading, control, memory)), memory


def _drawn(
    at: Sensing,
    load: Load,
    control: NumberControl,
    memory: LoadMemory,
    told_legs: Legs | None,
) -> LoadMemory:
    """The memory with what a charger draws by all its sensors together, and by its status.

    `told_legs` are the legs that a sensor says it uses; `None`: none says it.
    """
    rests, said = _rests(at, load, control)
    return read_draw(
        at,
        load,
        memory,
        told_legs or counted(load, memory),
        rests=rests,
        status=said,
        exact=told_legs is not None,
        in_watts=set_in_watts(at, control),
    )


def _rests(at: Sensing, load: Load, control: NumberControl) -> tuple[str, str | None]:
    """Why nothing flows by its status ("": something may), and what the status says."""
    if not load.sensors.status:
        return "", None
    state = at.snapshot.get(load.sensors.status[0])
    if state is None or state.value.lower() in NO_VALUE:
        return "", None
    means = meaning(load.sensors.status[0], state.value, control.words)
    return {FULL: SUSPENDED, IDLE: ENDED}.get(means or "", ""), state.value


def _range_a(at: Sensing, load: Load, dial: Dial | None) -> tuple[float, float]:
    """Least and most A per leg: what is chosen, within what its entity can be set to."""
    low_a = amount(at, load.id, "min_a", load.min_a)
    high_a = amount(at, load.id, "max_a", load.max_a)
    return (low_a, high_a) if dial is None else dial.range_a(low_a, high_a)


def _command_a(
    memory: LoadMemory, dial: Dial | None, load: Load, used: Legs, control: NumberControl
) -> float | None:
    """A per leg in use that it was told; `None`: nothing."""
    told_a = memory.command.default_a
    return None if told_a is None else told_a * _spread(dial, load, used, control)


def _spread(dial: Dial | None, load: Load, used: Legs, control: NumberControl) -> float:
    """Wired legs / legs in use, if the entity is set in W, else 1.

    W are shared by the legs in use. Example: 11,040 W are 16 A on each of three legs, and 48 A on
    the only leg of a car that uses one.
    """
    if dial is not None:
        return dial.spread
    return len(load.legs) / len(used) if control.unit == "W" else 1.0


def _kept_a(reading: LoadReading, control: NumberControl, memory: LoadMemory) -> float:
    """A per leg that stay reserved for a charger whatever it is told.

    - A lost charger: its command or its last draw, the larger.
    - A charger that can't be paused: its least value.
    - A charger whose entity has long shown something else than it was told: what that shows.
    """
    told_a = reading.command_a or 0.0
    if reading.lost:
        return max(told_a, last_draw_a(memory))
    dial = reading.setpoint.dial
    if dial is None or not reading.active:
        return 0.0
    kept_a = 0.0
    if control.switch is None and dial.zero is None:
        kept_a = dial.amps(dial.lowest()[0])
    if reading.setpoint.refused and reading.setpoint.shown is not None and reading.on is not False:
        kept_a = max(kept_a, min(dial.amps(reading.setpoint.shown), reading.max_a))
    return kept_a


def _status(
    at: Sensing, load: Load, control: NumberControl, memory: LoadMemory, drawing: bool
) -> tuple[str | None, bool, bool]:
    """The status (`None`: not known), whether it takes part, and whether it did when last known.

    A text without a known meaning is noted and counts as no status. Without a status a charger
    takes part as its form says: always, or while it draws.
    """
    if not load.sensors.status:
        takes_part = control.always or drawing or _starting(at, memory)
        if not takes_part:
            return (None if held_report(at, memory) is None else SHOWN[IDLE]), False, False
        return SHOWN[CHARGING if drawing else CONNECTED], True, True
    entity = load.sensors.status[0]
    state = at.snapshot.get(entity)
    text = state.value if state else "not there"
    if state is not None and text.lower() not in NO_VALUE:
        means = meaning(entity, text, control.words)
        if means is not None:
            at.keep(entity, means)
            part = means in TAKING_PART
            return SHOWN[means], part, part
        at.miss("status_not_understood", entity, load.id, state=text)
        return None, drawing, False
    at.miss("sensor_missing", entity, load.id, state=text)
    last, held = at.last_value(entity), at.held_value(entity)
    took_part = last in TAKING_PART
    status = SHOWN.get(str(held)) if held is not None else None
    return status, (took_part if status else drawing), took_part


def _starting(at: Sensing, memory: LoadMemory) -> bool:
    """Whether it was told 0 A, or was started less than 60 s (`spare_s`) ago.

    Such a charger draws nothing, but takes part: its car may want to charge.
    """
    if memory.command.default_a == 0.0:
        return True
    started_at = memory.delays.started_at
    return started_at is not None and 0 <= at.now - started_at < at.options.spare_s


def _legs_told(at: Sensing, load: Load) -> Legs | None:
    """The legs in use by the sensor that says how many; `None`: there is none, or it is unclear.

    Example: 2 means the first two wired legs.
    """
    if not load.sensors.phases:
        return None
    entity = load.sensors.phases[0]
    state = at.snapshot.get(entity)
    shown = state.value if state else "not there"
    count = _PHASES.fullmatch(shown)
    if count is None:
        if number(shown) != 0:  # 0: it charges nothing now
            at.miss("phases_unknown", entity, load.id, state=shown)
        return None
    return load.legs[: int(count[1])]


def _legs(
    at: Sensing,
    load: Load,
    control: NumberControl,
    memory: LoadMemory,
    told_legs: Legs | None,
    wired: Legs,
    draws: dict[str, float] | None,
) -> tuple[Legs, LoadMemory]:
    """The legs that the car uses, and the memory with them.

    They are those of the sensor (`told_legs`), else those of `wired` that were found to draw.
    """
    if told_legs is not None:
        return told_legs, memory
    used = in_use(memory, wired)
    if draws is None:
        return used, memory
    noted = len(at.problems)
    dial, _ = read_dial(at, load, control, len(used))
    del at.problems[noted:]  # these problems are noted when the dial is read again
    found = used if dial is None else _legs_found_out(at, load, memory, dial, draws, used)
    if found == used:
        return used, memory
    return found, using(memory, tuple(leg for leg, _ in found))


def _legs_found_out(
    at: Sensing, load: Load, memory: LoadMemory, dial: Dial, draws: dict[str, float], used: Legs
) -> Legs:
    """The legs of `used` that draw, if one of them draws the share of others; else `used`.

    W are shared by the legs that the car uses. A leg that draws over 1 A (`overdraw_a`) more than
    its share shows that other legs are not used. That counts at once, not only after 60 s: the
    breaker of that leg carries more than was reserved.
    """
    if not dial.shared or memory.command.default_a is None:
        return used
    share_a = memory.command.default_a * dial.spread
    if max((draws.get(leg, 0.0) for leg, _ in used), default=0.0) <= (
        share_a + at.options.overdraw_a
    ):
        return used
    drawing = tuple(pair for pair in used if draws.get(pair[0], 0.0) > at.options.idle_leg_a)
    taken_a = sum(draws.get(leg, 0.0) for leg, _ in drawing)
    within = taken_a <= memory.command.default_a * len(load.legs) + at.options.overdraw_a
    return drawing if drawing and within else used


def _refused(
    at: Sensing,
    control: NumberControl,
    dial: Dial | None,
    shown: float | None,
    on: bool | None,
    memory: LoadMemory,
) -> bool:
    """Whether the entity or the switch has long shown something else than it was told.

    That is: in a report 15 s (`not_following_s`) or more after the command, or 60 s (`hold_s`)
    after the command.
    """
    told_at = memory.calls.commanded_at
    if told_at is None:
        return False

    def late(entity: str) -> bool:
        state = at.snapshot.get(entity)
        reported_s = (state.reported_at if state else 0.0) - told_at
        return max(reported_s, 0.0) >= at.options.not_following_s or (
            at.now - told_at >= at.options.hold_s
        )

    return any(late(entity) for entity in differing(control, dial, shown, on, memory))


def differing(
    control: NumberControl,
    dial: Dial | None,
    shown: float | None,
    on: bool | None,
    memory: LoadMemory,
) -> Iterator[str]:
    """The entity that sets it, and its switch, if these show something else than they were told."""
    told_a = memory.command.default_a
    if dial is None or told_a is None:
        return
    if control.switch is not None:
        if on is not None and memory.command.switched == ("off" if on else "on"):
            yield control.switch
        if told_a == 0.0:
            return
    wanted = dial.lowest()[0] if told_a == 0.0 else told_a * dial.spread * dial.per_a
    if shown is not None and not dial.same(shown, wanted):
        yield control.entity
