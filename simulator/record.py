"""What happened in a living house: for its picture, its list of events and its summary."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from loadjuggler.units import amps_to_watts

from .faults import FaultyHouse
from .found import Found
from .household import Appliance
from .living import Living
from .physics import Amps
from .scenario import MAIN
from .tally import Tally

BIN_S = 60
"""The picture shows means over this time, and the peaks of the phases."""
SMALL_A = 0.2
"""Less over a limit than this is the meter's resolution and the wind, and not counted."""
LISTED_A = 1.0
"""Overloads from here on are listed as events."""
FOLLOW_S = 5
"""Meter and car may take so long to follow, in any house."""
SLACK_S = 1
"""So much longer than the meter's interval and the slowest car's reaction may it take."""


Moment = tuple[Mapping[str, Amps], Mapping[str, Amps]]
"""A by phase at a second: through each breaker, and of each load."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something to tell: epoch s, words, and its kind.

    Kinds are "house", "car", "overload", "fault" and "wiring".
    """

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
class Bin:
    """A minute of the house: mean W ("house" is not managed), SOC in %, and the phases' peaks.

    `battery_w` is positive while discharging, `grid_w` while importing. `peaks_a` are the largest
    A through the main breaker by phase, export negative; `lows_a` the smallest.
    """

    at: float
    house_w: float = 0.0
    loads_w: dict[str, float] = field(default_factory=dict)
    sun_w: float = 0.0
    battery_w: float = 0.0
    grid_w: float = 0.0
    soc_pct: float = 0.0
    peaks_a: dict[str, float] = field(default_factory=dict)
    lows_a: dict[str, float] = field(default_factory=dict)


@dataclass(slots=True)
class Over:
    """Time over the limit of a breaker's phase: s and A·s, by the physics and by the engine.

    `before_s` and `before_as` are the engine's of days that are over, `today_s` and `today_as` what
    it has counted since midnight.
    """

    seconds: int = 0
    ampere_seconds: float = 0.0
    before_s: float = 0.0
    before_as: float = 0.0
    today_s: float = 0.0
    today_as: float = 0.0

    def told(self, seconds: float, ampere_seconds: float) -> None:
        """Take what the engine reports of today; where it is less, a new day has begun."""
        if seconds < self.today_s:
            self.before_s += self.today_s
            self.before_as += self.today_as
        self.today_s, self.today_as = seconds, ampere_seconds


@dataclass(slots=True)
class Record:
    """Watches a living house, second by second.

    `overloads` are those that are over, `overloading` is the one that is going on. What the house
    alone puts over a breaker's limit is not the loads' doing, and only counted
    (`house_alone_s`). `late_s` are the seconds in which a breaker was over its limit even with the
    least that house, sun and battery made of it in the last `follow_s`: time enough to make room.
    `over` is by (circuit, phase), whoever's doing it is.
    """

    living: Living
    bins: list[Bin] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    overloads: list[Overloading] = field(default_factory=list)
    overloading: Overloading | None = None
    house_alone_s: int = 0
    late_s: int = 0
    over: dict[tuple[str, str], Over] = field(default_factory=dict)
    uses: dict[str, Use] = field(default_factory=dict)
    calls: int = 0
    calls_failed: int = 0
    seconds: int = 0
    tally: Tally = field(init=False)
    found: Found = field(init=False)
    _bin: Bin | None = None
    _statuses: dict[str, str] = field(default_factory=dict)
    follow_s: int = field(init=False)
    _past: deque[Moment] = field(init=False)

    def __post_init__(self) -> None:
        """Know the loads, and how long meter and cars take."""
        house = self.living.house
        takes_s = house.life.meter_s + house.life.meter_lag_s + house.life.slowest_s + SLACK_S
        self.follow_s = max(FOLLOW_S, math.ceil(takes_s))
        self._past = deque(maxlen=self.follow_s + 1)
        self.tally = Tally(house)
        self.found = Found(self.living)
        self.uses = {load: Use() for load in house.draws}
        self._statuses = {load: charger.status for load, charger in house.chargers.items()}

    def second(self, calls: int, switched: Iterable[tuple[Appliance, bool]]) -> None:
        """Take note of the second that has passed."""
        self.seconds += 1
        self.calls += calls
        self.calls_failed += sum(bool(error) for _, error in self.living.sent)
        self.tally.second()
        self._note_flows()
        self._note_overload()
        self._note_over()
        now = self.living.house.now
        for appliance, on in switched:
            self.events.append(Event(now, f"{appliance.name} {'on' if on else 'off'}", "house"))
        self._note_loads()
        self.events += (Event(now, one.text, "wiring") for one in self.found.second())

    def note_faults(self, since: float) -> None:
        """Take note of what began or ceased to fail after epoch s `since`."""
        house = self.living.house
        if isinstance(house, FaultyHouse):
            for fault, on in house.switched(since, house.now):
                text = fault.words() if on else f"{fault.words()} is over"
                self.events.append(Event(house.now, text, "fault"))

    def _note_flows(self) -> None:
        house = self.living.house
        flows, voltage = house.flows, house.scenario.site.voltage
        at = self._bin
        if at is None:
            at = self._bin = Bin(house.now + BIN_S / 2, loads_w=dict.fromkeys(house.draws, 0.0))
        at.house_w += amps_to_watts(sum(house.household.values()), voltage) / BIN_S
        for load, draw in house.draws.items():
            at.loads_w[load] += amps_to_watts(sum(draw.values()), voltage) / BIN_S
        at.sun_w += flows.sun_w / BIN_S
        at.battery_w += flows.battery_w / BIN_S
        at.grid_w += amps_to_watts(sum(flows.meters[MAIN].values()), voltage) / BIN_S
        at.soc_pct = house.soc_pct
        for phase, amps in flows.meters[MAIN].items():
            at.peaks_a[phase] = max(at.peaks_a.get(phase, amps), amps)
            at.lows_a[phase] = min(at.lows_a.get(phase, amps), amps)
        if self.seconds % BIN_S == 0:
            self.bins.append(at)
            self._bin = None

    def _note_overload(self) -> None:
        house = self.living.house
        self._past.append((house.flows.meters, house.draws))
        over_a, place, limit_a = max(self._over_by_place())
        if over_a > SMALL_A:
            alone = self._alone()
            over_a, place, limit_a = max(self._over_by_place(alone))
            self.late_s += self._late(alone)
        if over_a > SMALL_A:
            if self.overloading is None:
                self.overloading = Overloading(self.living.house.now, place, limit_a)
            self.overloading.seconds += 1
            if over_a > self.overloading.worst_a:
                self.overloading.worst_a = over_a
                self.overloading.place, self.overloading.limit_a = place, limit_a
        elif self.overloading is not None:
            done, self.overloading = self.overloading, None
            self.overloads.append(done)
            if done.worst_a >= LISTED_A:
                peak_a = done.limit_a + done.worst_a
                text = f"{done.place}: {peak_a:.1f} A for {done.seconds} s, then under "
                text += f"{done.limit_a:g} A again"
                self.events.append(Event(done.start, text, "overload"))

    def _note_over(self) -> None:
        """Time over each limit, by what flows and by what the engine says."""
        house = self.living.house
        for circuit, amps in house.flows.meters.items():
            limit_a = house.wires.limits[circuit]
            told = self.living.report.circuits[circuit].over
            for phase, drawn_a in amps.items():
                above_a, counted = drawn_a - limit_a, told[phase]
                counted_s = counted.managed_s + counted.unmanaged_s
                if above_a <= SMALL_A and not counted_s and (circuit, phase) not in self.over:
                    continue
                over = self.over.setdefault((circuit, phase), Over())
                if above_a > SMALL_A:
                    over.seconds += 1
                    over.ampere_seconds += above_a
                over.told(counted_s, counted.managed_as + counted.unmanaged_as)

    def _alone(self) -> dict[str, Amps]:
        """What the breakers would carry without any managed load; counts where that is too much."""
        house = self.living.house
        meters = dict(house.flows_with({}).meters)
        limits = house.wires.limits
        self.house_alone_s += any(
            max(amps.values()) > limits[circuit] + SMALL_A for circuit, amps in meters.items()
        )
        return meters

    def _late(self, alone: dict[str, Amps]) -> bool:
        """Whether the loads take what has been too much for as long as a car may need."""
        if len(self._past) <= self.follow_s:
            return False
        wires = self.living.house.wires
        for circuit, limit in wires.limits.items():
            loads = [load for load, path in wires.paths.items() if circuit in path]
            for phase, alone_a in alone[circuit].items():
                drawn = [sum(d[load].get(phase, 0.0) for load in loads) for _, d in self._past]
                others = [
                    m[circuit][phase] - a for (m, _), a in zip(self._past, drawn, strict=True)
                ]
                if min(others) + drawn[-1] > max(limit, alone_a) + SMALL_A:
                    return True
        return False

    def _over_by_place(
        self, alone: dict[str, Amps] | None = None
    ) -> Iterator[tuple[float, str, float]]:
        house = self.living.house
        for circuit, amps in house.flows.meters.items():
            limit = house.wires.limits[circuit]
            name = "main breaker" if circuit == MAIN else f"{circuit} breaker"
            for phase, drawn in amps.items():
                allowed = max(limit, alone[circuit][phase]) if alone else limit
                yield drawn - allowed, f"{name}, phase {phase}", allowed

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

    def over_in(self, begin: float, end: float) -> int:
        """For how many s some breaker was over its limit, by overloads that began in this time."""
        return sum(one.seconds for one in self.all_overloads() if begin <= one.start < end)

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
