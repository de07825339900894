"""A number charger's own switch: whether it is on, and whether a person made it so."""

from __future__ import annotations

from ...measure.lookup import Sensing
from ...memory.hand import BY_HAND, UNSEEN
from ...memory.load import LoadMemory
from ...records import replace
from ...site.controls import NumberControl
from ...site.model import Load
from ..hand import by_whom


def look_at_switch(
    at: Sensing, load: Load, control: NumberControl, memory: LoadMemory, car: bool
) -> tuple[bool | None, LoadMemory]:
    """Whether the charger's own switch is on (`None`: it has none, or not known), and the memory.

    Many switches turn themselves off when the car leaves. So without a `car` it is forgotten that
    the switch was on: it is then turned on for the next car, and not taken as turned off by hand.
    """
    if control.switch is None:
        return None, memory
    state = at.snapshot.get(control.switch)
    on = {"on": True, "off": False}.get(state.value) if state else None
    memory = _as_left(at, control.switch, on, memory)
    if not car and memory.command.switched in ("on", "seen"):
        memory = replace(memory, command=memory.command.with_switch(""))
    if on is None and car:
        shown = state.value if state else "not there"
        at.miss("sensor_missing", control.switch, load.id, state=shown)
    # While it is to be off, a switch that is found on is a pause that has not gone through.
    switched_off = memory.command.switched == "off" and not memory.command.default_a
    if on and car and memory.command.switched != "seen" and not switched_off:
        memory = replace(memory, command=memory.command.with_switch("seen"))
    return on, memory


def _as_left(at: Sensing, switch: str, on: bool | None, memory: LoadMemory) -> LoadMemory:
    """The memory with what the charger's switch shows, and by whom.

    Where nobody has turned it off by hand, it is forgotten that it was on: it is turned on again.
    That a person did counts no more once another mode, or a boost, was asked for.
    """
    told_on = {"": None, "off": False}.get(memory.command.switched, True)
    left = by_whom(at, switch, on, told_on, memory)
    hand, was_on = left.hand, left.command.switched == "seen"
    if hand.on is False and (hand.how == UNSEEN or (was_on and hand.how != BY_HAND)):
        return replace(left, command=left.command.with_switch("")) if told_on else left
    return left
