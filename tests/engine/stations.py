"""A charging station with two plugs: the connectors' own sensors, and whose turn it is.

    house = StationStage.of(site_form("A"), circuit_form("station", 32), *connectors("A"))
    house.one_at_a_time = True   # the second car waits until the first takes no more

A station that charges one car after the other lets the one charge that came first; the next one
shows `waiting` (SuspendedEVSE, or Preparing if it has not even begun) and draws nothing. When the
first is full, is held at less than 6 A or has gone, it is the next one's turn.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from loadjuggler.site.controls import OcppControl
from loadjuggler.site.model import Load
from loadjuggler.snapshot import EntityState

from .house import charger_form, state
from .stories import SAME_A, Claim, Stage

STATION = "station"


def connectors(legs: str = "ABC", **of_second: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two connectors of one station on the breaker of its name; `left` goes first."""
    shared: dict[str, Any] = {"devid": STATION, "circuit": STATION}
    left = charger_form("left", legs, connector=1, priority=1, **shared)
    right = {"connector": 2, "priority": 2, **shared, **of_second}
    return left, charger_form("right", legs, **right)


@dataclass(repr=False)
class StationStage(Stage):
    """A house with such a station, both cars there, the left one first."""

    one_at_a_time: bool = False
    waiting: str = "SuspendedEVSE"
    has_turn: str = "left"

    def _wants(self, load: str) -> bool:
        """Whether a car would take something if it may."""
        car = self.cars[load]
        ready = car.status in ("Charging", "SuspendedEVSE", "Preparing")
        return ready and car.max_a >= 6.0 and self.offered(load) >= 6.0

    def _next_turn(self) -> None:
        """Pass the turn on when the one that has it takes nothing."""
        if not self.one_at_a_time or self._wants(self.has_turn):
            return
        self.has_turn = next((name for name in self.cars if self._wants(name)), self.has_turn)

    def draws(self, load: Load) -> dict[str, float]:
        """A by leg; nothing for a car whose turn it is not."""
        if self.one_at_a_time and load.id != self.has_turn:
            return dict.fromkeys((leg for leg, _ in load.legs), 0.0)
        return super().draws(load)

    def snapshot(self) -> dict[str, EntityState]:
        """The states of everything, after the turn was passed on."""
        self._next_turn()
        return super().snapshot()

    def _charger(self, load: Load) -> dict[str, EntityState]:
        """The sensors as the OCPP integration names them for more than one connector."""
        assert isinstance(load.control, OcppControl)
        car, draws = self.cars[load.id], self.draws(load)
        shown = car.status
        if shown == "Charging" and not max(draws.values()):
            shown = "SuspendedEVSE" if load.id == self.has_turn else self.waiting
        at = self.now if car.reported_at is None else car.reported_at
        prefix = f"sensor.{STATION}_connector_{load.control.connector}"
        return {
            f"{prefix}_status_connector": state(shown, None, self.now),
            f"{prefix}_current_import": state(max(draws.values()), "A", at, **draws),
            f"{prefix}_transaction_id": state(str(car.transaction), None, self.now),
        }


def takes(**amps: float) -> Claim:
    """A per leg that cars take, whoever's turn it is."""

    def claim(house: Stage) -> list[str]:
        found = {load: max(house.draws(house.site.loads[load]).values()) for load in amps}
        return [
            f"{load} takes {found[load]}, not {wanted}: {house.sentence(load)}"
            for load, wanted in amps.items()
            if abs(found[load] - wanted) > SAME_A
        ]

    return claim
