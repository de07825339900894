"""From the form of a number charger to the entities that set it and that it is read by."""

from __future__ import annotations

from ...discovery.charger import ChargerEntities
from ...site.controls import NumberControl
from ...site.model import LoadSensors
from ...units import LEGS
from ..kind import Values, Wiring
from .form import NUMBER_CHARGER
from .status_words import CHARGING, CONNECTED, FAULT, IDLE, split

_UNITS = {"auto": "", "a": "A", "w": "W"}


_WORDS = (
    ("status_charging", CHARGING),
    ("status_connected", CONNECTED),
    ("status_idle", IDLE),
    ("status_fault", FAULT),
)


STEP_A = 0.1
"""Its shares are multiples of this, A, while the step of its entity is not known."""


def wire(values: Values, _found: ChargerEntities, _voltage_v: float) -> Wiring:
    """How a number charger is set and read."""
    control = number_control(values)
    return Wiring(
        control=control,
        sensors=number_sensors(values),
        step_a=STEP_A,
        claims=(),
        errors=tuple(number_contradictions(values)),
    )


def number_control(values: Values) -> NumberControl:
    """How a number charger is set, by its form."""
    step = values["setting_step"]
    return NumberControl(
        entity=values["setting_entity"],
        switch=values["switch_entity"],
        unit=_UNITS[values["setting_unit"]],
        step=None if step is None else float(step),
        words=tuple((word, means) for name, means in _WORDS for word in split(values[name])),
        always=values["without_status"] == "always",
    )


def number_sensors(values: Values) -> LoadSensors:
    """The sensors of a number charger: only those that the form names."""

    def chosen(name: str) -> tuple[str, ...]:
        return (values[name],) if values[name] else ()

    by_leg = tuple(
        (leg, values[f"current_{leg.lower()}_entity"])
        for leg in LEGS
        if values[f"current_{leg.lower()}_entity"]
    )
    return LoadSensors(
        status=chosen("status_entity"),
        current=chosen("current_entity"),
        current_by_leg=by_leg,
        power=chosen("power_entity"),
        phases=chosen("phases_entity"),
    )


def number_contradictions(values: Values) -> list[str]:
    """Sentences about what is wrong with the form, beyond the checks of all chargers.

    A current or a power is needed: a load that nobody measures can't be told from the house
    (docs/decisions/0018). And no text may have two meanings.
    """
    errors = []
    sensors = number_sensors(values)
    if not (sensors.current or sensors.current_by_leg or sensors.power):
        errors.append("Current: it is needed, or Power, or a current for each leg.")
    seen: dict[str, str] = {}
    for name, means in _WORDS:
        for word in split(values[name]):
            if seen.setdefault(word, means) != means:
                label = NUMBER_CHARGER.field(name).label
                errors.append(f"{label}: '{word}' is among the texts for {seen[word]} already.")
    return errors
