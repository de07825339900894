"""What happened in a living house: for its picture, its list of events and its summary."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from .evening import Appliance
from .living import Living
from .scenario import MAIN

BIN_S = 20
"""The picture shows means over this time."""
SMALL_A = 0.2
"""Less over a limit than this is the meter's resolution and the wind, and not counted."""
LISTED_A = 1.0
"""Overloads from here on are listed as events."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something to tell: epoch s, words, and what it is about ("house", "car", "overload")."""

    at: float
    text: str
    kind: str


@dataclass(slots=True)
class Overloading:
    """Time that a breaker spends over its limit, from `start` on: s, and the worst A."""

    start: float
    place: str
    limit_a: float
    seconds: int = 0
    worst_a: float = 0.0


@dataclass(slots=True)
class Use:
    """What a load did: starts, stops, and whether it draws now."""

    starts: int = 0
    stops: int = 0
    draws: bool = False


@dataclass(slots=True)
class Record:
    """Watches a living house, second by second.

    `bins` are means over BIN_S: A by (phase, "house" or load). `overloads` are those that are
    over, `overloading` is the one that is going on.
    """

    living: Living
    bins: list[dict[tuple[str, str], float]] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    overloads: list[Overloading] = field(default_factory=list)
    overloading: Overloading | None = None
    uses: dict[str, Use] = field(default_factory=dict)
    house_kwh: float = 0.0
    calls: int = 0
    seconds: int = 0
    _sums: dict[tuple[str, str], float] = field(default_factory=dict)
    _statuses: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Know the loads."""
        house = self.living.house
        self.uses = {load: Use() for load in house.draws}
        self._statuses = {load: charger.status for load, charger in house.chargers.items()}

    def second(self, calls: int, switched: Iterable[tuple[Appliance, bool]]) -> None:
        """Take note of the second that has passed."""
        self.seconds += 1
        self.calls += calls
        self._note_amps()
        self._note_overload()
        now = self.living.house.now
        for appliance, on in switched:
            self.events.append(Event(now, f"{appliance.name} {'on' if on else 'off'}", "house"))
        self._note_loads()

    def _note_amps(self) -> None:
        house = self.living.house
        for phase, amps in house.household.items():
            key = (phase, "house")
            self._sums[key] = self._sums.get(key, 0.0) + amps
            self.house_kwh += amps * house.scenario.site.voltage / 3.6e6
        for load, draw in house.draws.items():
            for phase, amps in draw.items():
                key = (phase, load)
                self._sums[key] = self._sums.get(key, 0.0) + amps
        if self.seconds % BIN_S == 0:
            self.bins.append({key: total / BIN_S for key, total in self._sums.items()})
            self.times.append(house.now - BIN_S / 2)
            self._sums = {}

    def _note_overload(self) -> None:
        over_a, place, limit_a = max(self._over_by_place())
        if over_a > SMALL_A:
            if self.overloading is None:
                self.overloading = Overloading(self.living.house.now, place, limit_a)
            self.overloading.seconds += 1
            self.overloading.worst_a = max(self.overloading.worst_a, over_a)
        elif self.overloading is not None:
            done, self.overloading = self.overloading, None
            self.overloads.append(done)
            if done.worst_a >= LISTED_A:
                peak_a = done.limit_a + done.worst_a
                text = f"{done.place}: {peak_a:.1f} A for {done.seconds} s, then under "
                text += f"{done.limit_a:g} A again"
                self.events.append(Event(done.start, text, "overload"))

    def _over_by_place(self) -> Iterable[tuple[float, str, float]]:
        house = self.living.house
        for circuit, amps in house.flows.meters.items():
            limit = house.wires.limits[circuit]
            name = "main breaker" if circuit == MAIN else f"{circuit} breaker"
            for phase, drawn in amps.items():
                yield drawn - limit, f"{name}, phase {phase}", limit

    def _note_loads(self) -> None:
        house = self.living.house
        for load, use in self.uses.items():
            draws = any(house.draws[load].values())
            use.starts += draws and not use.draws
            use.stops += use.draws and not draws
            use.draws = draws
        for load, charger in house.chargers.items():
            old, new = self._statuses[load], charger.status
            self._statuses[load] = new
            words = _ARRIVALS.get((old == "Available", new))
            if old != new and words:
                text = f"car {load} {words}"
                if new == "Preparing":
                    text += f" with {charger.soc_pct:.0f} %"
                self.events.append(Event(house.now, text, "car"))

    # --- figures ------------------------------------------------------------------------------

    def all_overloads(self) -> list[Overloading]:
        """Every overload, the one that is going on included."""
        return [*self.overloads, *([self.overloading] if self.overloading else [])]

    def energies_kwh(self) -> dict[str, float]:
        """What each load has taken, in kWh."""
        house = self.living.house
        taken = {load: charger.energy_kwh for load, charger in house.chargers.items()}
        taken |= {load: plug.energy_kwh for load, plug in house.plugs.items()}
        return {load: taken[load] for load in self.uses}


_ARRIVALS = {
    (True, "Preparing"): "comes",
    (False, "Available"): "leaves",
    (False, "Finishing"): "is full",
    (False, "SuspendedEV"): "is full",
}
"""Words for a change of status: (was Available, is now)."""
