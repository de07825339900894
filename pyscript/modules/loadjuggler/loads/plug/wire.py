"""From the form of a plug to its switch and its power sensor."""

from __future__ import annotations

from ...discovery.charger import ChargerEntities
from ...site.controls import SwitchControl
from ...site.model import LoadSensors
from ..kind import Values, Wiring

STEP_A = 0.1
"""Its shares are shown in steps of this, A, as those of a charger; it takes what it takes."""


def wire(values: Values, _found: ChargerEntities, _voltage_v: float) -> Wiring:
    """How a plug is switched and read."""
    switch, power = values["switch"], values["power_entity"]
    return Wiring(
        control=SwitchControl(switch),
        sensors=LoadSensors(status=(switch,), power=(power,) if power else ()),
        step_a=STEP_A,
        claims=(),
    )
