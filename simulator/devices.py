"""Chargers with their cars, and plugs with their loads.

The same devices serve two uses. In a scenario they follow commands at once and never change. In a
living house they have a reaction time; cars come, fill up and leave, and a boiler has a thermostat.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from loadjuggler.units import amps_to_watts, watts_to_amps

from simulator import ocpp

from .cars import Car, Visit
from .ocpp.profiles import TX
from .scenario import LoadSpec

DRAWING = ("Preparing", "Charging", "SuspendedEVSE")
"""Statuses with which a scenario's load draws what it was told."""
TAKING_PART = (*DRAWING, "SuspendedEV")
IN_SESSION = ("Charging", "SuspendedEVSE", "SuspendedEV")
"""Statuses during which a transaction runs."""


@dataclass(frozen=True, slots=True)
class Habits:
    """How quick a charger is.

    `reaction_s` from a command to the new current, `report_s` between meter values, `start_s`
    from plugging in to the start of the session, `untold_a` what is offered to a car without any
    profile, and whether the charger ends the session when the car is full (`ends_when_full`).

    `measures` is what its sensors show: the current of each leg ("legs"); the power only ("power");
    or the current of each leg while it charges, after which the state of the sensor is 0 A and its
    attributes stay as they were ("left", as the OCPP integration leaves them).

    `says_s` after its current has changed by 1 A it reports that; `None`: only each `report_s`.

    `takes` is which profiles it takes, by `TAKES`. Home Assistant is not told of one that such a
    charger refuses: its OCPP integration (0.11) makes no error of it.
    """

    reaction_s: float = 0.0
    report_s: float = 0.0
    start_s: float = 0.0
    untold_a: float = 0.0
    ends_when_full: bool = False
    measures: str = "legs"
    takes: str = "all"
    says_s: float | None = None


TAKES = ("all", "one profile", "level 0", "no Absolute", "no TxProfile", "clock ahead")
"""Which profiles chargers take (docs/decisions/0032). "one profile" at a time, "level 0" only,
none of the kind Absolute or the purpose TxProfile; the clock of the last is two hours ahead, so
that what is valid until a time is over for it."""


AHEAD_S = 7200.0


CONNECTOR = 1
"""Each charger of a simulated house has one."""
NOTHING_HELD = ocpp.Installed()
PROMPT = Habits()
"""A scenario's: at once, and always."""


@dataclass(slots=True)
class Charger:
    """A charger, and the car at it (`None`: as in a scenario, one that takes what it is given).

    `late_s` is how much longer than usual it takes to react, `down`: it is starting anew, and
    `began_at` is when its transaction began.
    """

    spec: LoadSpec
    voltage: float
    habits: Habits = PROMPT
    car: Car | None = None
    status: str = "Available"
    transaction: int = 0
    soc_pct: float = 0.0
    energy_kwh: float = 0.0
    draw: dict[str, float] = field(default_factory=dict)
    late_s: float = 0.0
    down: bool = False
    began_at: float = 0.0
    _held: ocpp.Installed = NOTHING_HELD
    _orders: list[tuple[float, ocpp.Installed]] = field(default_factory=list)
    _visit: Visit | None = None

    def __post_init__(self) -> None:
        """A scenario's status holds; a car's own comes with the first step."""
        if self.car is None:
            self.status = self.spec.status
            self.transaction = 1001 if self.status in IN_SESSION else 0
        self.draw = dict.fromkeys(self.spec.phases, 0.0)

    def set_profile(self, profile: Mapping[str, Any], now: float) -> None:
        """Take an OCPP 1.6 charging profile; raises ValueError for one that it would reject."""
        can, parsed, takes = self._can(), ocpp.parse(profile), self.habits.takes
        at = now + self._ahead_s()
        answer, held = ocpp.accept(can, self._held, CONNECTOR, parsed, at, self._running(at))
        refused = answer != "Accepted"
        refused |= takes == "no Absolute" and parsed.kind == "Absolute"
        refused |= takes == "no TxProfile" and parsed.purpose == TX
        if not refused:
            self._order(held, now)
        elif takes == "all":
            raise ValueError(f"{self.spec.id}: {answer.reason}")

    def _order(self, held: ocpp.Installed, now: float) -> None:
        """Hold these profiles, and act by them after a while."""
        self._held = held
        own_s = self.car.reaction_s if self.car else None
        reaction_s = self.habits.reaction_s if own_s is None else own_s
        self._orders.append((now + reaction_s + self.late_s, held))

    def _can(self) -> ocpp.Capabilities:
        can = ocpp.Capabilities(phases=len(self.spec.phases), voltage_v=self.voltage)
        if self.habits.takes == "one profile":
            return replace(can, max_installed=1)
        return replace(can, max_level=0) if self.habits.takes == "level 0" else can

    def _ahead_s(self) -> float:
        """How far its own clock is ahead, s."""
        return AHEAD_S if self.habits.takes == "clock ahead" else 0.0

    def _running(self, now: float) -> dict[int, ocpp.Transaction]:
        """The transaction that runs, if one does, with the phases that its car uses.

        `now` and its begin are by its own clock.
        """
        if not self.transaction:
            return {}
        legs = [leg for leg in self.spec.phases if self.car is None or leg in self.car.legs]
        began_at = min(self.began_at + self._ahead_s(), now)
        return {CONNECTOR: ocpp.Transaction(self.transaction, began_at, len(legs))}

    def crash(self) -> None:
        """Stop, and forget all profiles."""
        self.down = True
        self._held, self._orders = ocpp.Installed(), []

    def forget(self, now: float) -> None:
        """Clear all profiles: what holds without any is offered."""
        self._order(ocpp.Installed(), now)

    def start_again(self, now: float) -> None:
        """Come back: a session that ran goes on as a new transaction."""
        self.down = False
        if self.transaction:
            self.transaction, self.began_at = max(int(now), self.transaction + 1), now
        self._orders = [(now, self._held)]

    def _limit_a(self, held: ocpp.Installed, now: float) -> float:
        """A per leg that profiles allow; without a session, what one would have that began now."""
        if not held.profiles:
            return self.habits.untold_a
        at = now + self._ahead_s()
        running = self._running(at)
        limit = ocpp.limit_at(self._can(), held, CONNECTOR, at, running, as_if_started=not running)
        return self.habits.untold_a if limit.a is None else limit.a

    def _offered_a(self, now: float) -> float:
        """What is offered to the car now: the newest profiles that have had their time to act."""
        due = [order for order in self._orders if order[0] <= now]
        if due:
            self._orders = [due[-1], *(order for order in self._orders if order[0] > now)]
            return self._limit_a(due[-1][1], now)
        return 0.0 if self._orders else self._limit_a(self._held, now)

    def step(self, now: float, seconds: float) -> None:
        """Move on to `now`, `seconds` after the last step."""
        if self.car is None:
            amps = self._offered_a(now) if self.status in DRAWING else 0.0
            self.draw = dict.fromkeys(self.spec.phases, amps)
            self._show_that_it_draws(amps > 0.0, now)
        else:
            self._charge(self.car, seconds)
            self._follow(self.car, now)
        if self.down:
            self.draw = dict.fromkeys(self.spec.phases, 0.0)

    def _show_that_it_draws(self, drawing: bool, now: float) -> None:
        """The status of a scenario's car: one that draws is in a session, and charges."""
        if drawing and self.status != "Charging":
            self.began_at = self.began_at if self.transaction else now
            self.status, self.transaction = "Charging", self.transaction or 1001
        elif not drawing and self.spec.status == "SuspendedEVSE":
            self.status = "SuspendedEVSE"

    def wants(self) -> tuple[tuple[str, ...], float, float]:
        """Legs that its car would use now, and the most and least A on each; no legs: no car."""
        car = self.car
        if self.status not in ("Charging", "SuspendedEVSE"):
            return (), 0.0, 0.0
        if car is None:
            return tuple(self.spec.phases), self.spec.max_current, self.spec.min_current
        legs = tuple(leg for leg in self.spec.phases if leg in car.legs)
        most_a = min(self.spec.max_current, car.takes_a(self.soc_pct))
        return legs, most_a, max(self.spec.min_current, car.least_a)

    def _charge(self, car: Car, seconds: float) -> None:
        """Put what was drawn until now into the car."""
        watts = amps_to_watts(sum(self.draw.values()), self.voltage)
        kwh = watts * seconds / 3.6e6
        self.energy_kwh += kwh
        self.soc_pct = min(self.soc_pct + kwh * car.efficiency / car.capacity_kwh * 100, 100.0)

    def _follow(self, car: Car, now: float) -> None:
        """Status, transaction and draw of a living car."""
        visit = car.at(now)
        if visit is not self._visit:
            self._visit = visit
            self._end_session("Preparing" if visit else "Available")
            self.soc_pct = visit.soc_pct if visit else 0.0
        elif visit and self.status == "Preparing" and now - visit.arrives_s >= self.habits.start_s:
            self.transaction, self.began_at = int(now), now
            self.status = "SuspendedEVSE"
            self._orders = [(now, self._held)]
        amps = 0.0
        if self.transaction:
            offered = min(self._offered_a(now), self.spec.max_current)
            if self.soc_pct >= 100.0:
                self._fill_up()
            elif offered < car.least_a:
                self.status = "SuspendedEVSE"
            else:
                self.status = "Charging"
                amps = min(offered, car.takes_a(self.soc_pct)) - car.less_a(now)
        self.draw = {leg: amps if leg in car.legs else 0.0 for leg in self.spec.phases}

    def _fill_up(self) -> None:
        if self.habits.ends_when_full:
            self._end_session("Finishing")
        else:
            self.status = "SuspendedEV"

    def _end_session(self, status: str) -> None:
        self.status = status
        self._held = ocpp.ended(self._held, CONNECTOR, self.transaction)
        self.transaction = 0
        self._orders = []


@dataclass(frozen=True, slots=True)
class Water:
    """Water behind a plug, a boiler's or a pool's: warms to `warm_c`, again from `span_c` below it.

    Source of the numbers: `litres` of water need 1.163 Wh per litre and kelvin; a good tank loses
    about 2 kWh a day, given as W. `heat_per_power` is more than 1 for a heat pump. `taps` are
    (time in s, litres that cold water at `cold_c` takes the place of).
    """

    litres: float = 150.0
    warm_c: float = 58.0
    cold_c: float = 12.0
    span_c: float = 6.0
    loss_w: float = 80.0
    first_c: float = 50.0
    heat_per_power: float = 1.0
    taps: tuple[tuple[float, float], ...] = ()

    def after(self, celsius: float, now: float, seconds: float, watts: float) -> float:
        """Temperature at `now`, after `seconds` with `watts` of heating."""
        heat_w = watts * self.heat_per_power - self.loss_w
        celsius += heat_w * seconds / 3600 / (1.163 * self.litres)
        for at, litres in self.taps:
            if now - seconds < at <= now:
                share = min(litres / self.litres, 1.0)
                celsius += share * (self.cold_c - celsius)
        return celsius


@dataclass(slots=True)
class Plug:
    """A switched load: it draws its power while it is on and wants to."""

    spec: LoadSpec
    voltage: float
    water: Water | None = None
    on: bool = False
    celsius: float = 0.0
    heating: bool = False
    energy_kwh: float = 0.0
    draw: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """A boiler starts as warm as it is said to be."""
        self.celsius = self.water.first_c if self.water else 0.0
        self.draw = dict.fromkeys(self.spec.phases, 0.0)

    @property
    def available(self) -> bool:
        """Whether its switch can be reached."""
        return self.spec.status in TAKING_PART

    @property
    def power_w(self) -> float:
        """What it draws, W over all phases."""
        return amps_to_watts(sum(self.draw.values()), self.voltage)

    def wants(self) -> tuple[tuple[str, ...], float, float]:
        """Legs that it would use if it were on, and its A on each, twice; no legs: it is warm."""
        if self.spec.status not in DRAWING or (self.water and not self.heating):
            return (), 0.0, 0.0
        legs = tuple(self.spec.phases)
        amps = watts_to_amps(self.spec.power, self.voltage, len(legs))
        return legs, amps, amps

    def step(self, now: float, seconds: float) -> None:
        """Move on to `now`, `seconds` after the last step."""
        self.energy_kwh += self.power_w * seconds / 3.6e6
        wants = self.spec.status in DRAWING
        if self.water:
            self.celsius = self.water.after(self.celsius, now, seconds, self.power_w)
            if self.celsius >= self.water.warm_c:
                self.heating = False
            elif self.celsius <= self.water.warm_c - self.water.span_c:
                self.heating = True
            wants = wants and self.heating
        legs = len(self.spec.phases)
        amps = watts_to_amps(self.spec.power, self.voltage, legs) if self.on and wants else 0.0
        self.draw = dict.fromkeys(self.spec.phases, amps)
