"""How a fault changes the states that Home Assistant shows."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from loadjuggler.snapshot import EntityState

from .kinds import Fault

SPIKES = 0.2
"""The share of a spiking sensor's reports that are far off."""
_SHOWN = {"unavailable": "unavailable", "offline": "unavailable", "reboot": "unavailable"}
_GARBLED = {"nan": "nan", "text": "error"}
"""What a broken sensor reports again and again."""

States = dict[str, EntityState]


@dataclass(slots=True)
class Lie:
    """A fault at work on its `entities`. Sensors in W are off by A at `voltage_v`."""

    fault: Fault
    entities: tuple[str, ...]
    voltage_v: float
    _begun: float | None = None
    _kept: dict[str, EntityState | None] = field(default_factory=dict)

    def tell(self, states: States, before: Mapping[str, EntityState], clock: float) -> None:
        """Change `states` to what is shown; `before` is what was shown last, `clock` epoch s."""
        if self._begun is None:
            self._begun = clock
            self._kept = {entity: before.get(entity) for entity in self.entities}
        for entity in self.entities:
            shown = self._shown(entity, states.get(entity))
            if shown is None:
                states.pop(entity, None)
            else:
                states[entity] = shown

    def _shown(self, entity: str, true: EntityState | None) -> EntityState | None:
        """What is shown of `entity`; `None`: it does not exist."""
        what = self.fault.what
        if what in ("freeze", "silent"):
            return self._kept[entity] or true
        if what == "vanish" or true is None:
            return None
        if what in _SHOWN:
            return EntityState(_SHOWN[what], {}, self._begun or 0.0)
        if what in _GARBLED:
            return replace(true, value=_GARBLED[what])
        return self._falsified(entity, true)

    def _falsified(self, entity: str, true: EntityState) -> EntityState:
        """A report with a number that is not true, where the fault makes it one."""
        what, unit = self.fault.what, true.attributes.get("unit_of_measurement")
        value = _number(true)
        if value is None:
            return true
        by = self.fault.amount * (self.voltage_v if unit == "W" else 1.0)
        if what == "sign":
            value = -value
        elif what == "jump" or (what == "spike" and self._spikes(entity, true.reported_at)):
            value += by
        else:
            return true
        return replace(true, value=repr(min(max(value, 0.0), 100.0) if unit == "%" else value))

    def _spikes(self, entity: str, reported_at: float) -> bool:
        chance = random.Random(f"{self.fault.at} {entity} {reported_at}")
        return chance.random() < SPIKES


@dataclass(slots=True)
class Appearing:
    """Entities come back one after the other, after Home Assistant has started at `from_s`."""

    fault: Fault

    def tell(self, states: States, now: float, clock: float) -> None:
        """Take those out of `states` that are not there yet at `now`."""
        order = sorted(
            states, key=lambda entity: random.Random(f"{self.fault.at} {entity}").random()
        )
        for position, entity in enumerate(order, 1):
            at = self.fault.until + self.fault.amount * position / len(order)
            state = states[entity]
            if now < at:
                del states[entity]
            elif state.reported_at < clock - (now - at):
                states[entity] = replace(state, reported_at=clock - (now - at))


def _number(state: EntityState) -> float | None:
    try:
        return float(state.value)
    except ValueError:
        return None
