"""The form of a plug, wired: its switch, and what measures it."""

from __future__ import annotations

from ...discovery.charger import ChargerEntities
from ...site.controls import SwitchControl
from ...site.model import LoadSensors
from ..kind import Values, Wiring

STEP_A = 0.1
"""A plug takes what it takes; its amounts are told as finely as those of a charger."""


def wire(values: Values, _found: ChargerEntities, _voltage_v: float) -> Wiring:
    """What a plug is switched and read by."""
    switch, power = values["switch"], values["power_entity"]
    return Wiring(
        control=SwitchControl(switch),
        sensors=LoadSensors(status=(switch,), power=(power,) if power else ()),
        step_a=STEP_A,
        claims=((f"Switch: {switch}",),),
    )
