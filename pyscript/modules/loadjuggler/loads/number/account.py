"""What people are told of a number charger: what its entity shows, and how it is paused."""

from __future__ import annotations

from ...measure.readings import LoadReading
from ...memory.load import LoadMemory
from ...reasons import Reason
from ...site.controls import NumberControl
from ...site.model import Load
from .read import differing


def differs(load: Load, reading: LoadReading, memory: LoadMemory) -> bool:
    """Whether its entity or its switch shows something else than it was told."""
    control = load.control
    assert isinstance(control, NumberControl)
    return any(
        differing(control, reading.setpoint.dial, reading.setpoint.shown, reading.on, memory)
    )


def not_taken(load: Load, reading: LoadReading) -> Reason:
    """The reason of an entity, or a switch, that shows something else than it was told."""
    control, dial = load.control, reading.setpoint.dial
    assert isinstance(control, NumberControl)
    assert dial is not None
    told_a = reading.command_a or 0.0
    if control.switch is not None and (
        not told_a or dial.same(reading.setpoint.shown, told_a * dial.per_a)
    ):
        shown = "on" if reading.on else "off"
        told = "off" if reading.on else "on"
        return Reason("not_taken", {"entity": control.switch, "shown": shown, "told": told})
    unit = "" if dial.options else f" {dial.unit}"
    shown = "no value" if reading.setpoint.shown is None else f"{reading.setpoint.shown:g}{unit}"
    told = f"{told_a * dial.per_a:g}{unit}"
    return Reason("not_taken", {"entity": control.entity, "shown": shown, "told": told})


def paused_by(load: Load, reading: LoadReading, text: str) -> Reason | None:
    """The reason of a load that was told 0: the sentence `text`, and how it is paused.

    `None` if what its entity can be set to is not known.
    """
    control, dial = load.control, reading.setpoint.dial
    assert isinstance(control, NumberControl)
    if dial is None:
        return None
    if control.switch is not None:
        return Reason("paused_by_switch", {"before": text, "entity": control.switch})
    value, option = dial.lowest()
    numbers: dict[str, float | str] = {"before": text, "entity": control.entity}
    if dial.zero is not None:
        return Reason("paused_by_zero", numbers | {"to": option or "0"})
    return Reason("paused_at_least", numbers | {"kept_a": dial.amps(value)})
