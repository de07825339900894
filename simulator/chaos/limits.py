"""Judges whether breakers and the import limit were kept, by the currents that really flow.

This is done for each breaker, phase and second. The current is the sum of two parts:

- *obeying*: the draw of loads that can follow commands;
- *other*: house, sun and battery, essential plugs, loads that can't be made to obey
  (`blame.Blame.loose`), and what a load draws beyond the most that it was told within its time to
  react.

The obeying loads have broken a limit if they draw anything, and their draw *now*, together with the
smallest *other* current of the last `window_s` (meter interval and reaction time of a car), is
above the limit; or, where the current without them exceeds the limit, above that.

Example: 25 A, meter 1 s, car 2 s, so the window is 3 s. The house jumps from 5 to 15 A while a car
draws 16 A: 31 A. The car has 3 s to come down, because until then the smallest *other* current of
the window is 5 A, and 5 + 16 A fit.

The window is longer in one case. A step of the house while loads are still obeying is hidden by the
current that they give up, because the meter shows the sum. So if a load there was commanded just
before the window, the window is the time that a load is given to obey before it is stopped for what
it still draws (10 s), the meter interval, and the reaction of the car to that. And until a late
enough report shows that a charger does not obey, others can't make room for it.

Nobody is blamed while the meter that should show it lies or is blind (`Blame.unseen`). The import
limit is judged in the same way, in W over all phases.

Behind a breaker without a meter, reports alone show what a charger draws. One that restarts while
it is not heard of takes its own current unseen; that is not counted for `UNHEARD_S`.

The import limit has one more excuse. A battery that charges is room below it, because the battery
yields, and what it takes is seen only in its report: the meter shows no import before and after. So
where reports of the sources are late, what the battery really took less than it showed is not
counted until the meter has shown the import for a window.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from loadjuggler.units import amps_to_watts

from .. import names
from ..devices import Charger, Plug
from ..faults import FaultyHouse
from ..house import by_phase
from ..physics import Amps
from ..scenario import MAIN
from .blame import IMPORT, OBEYS_S, Blame, Place
from .verdict import Findings

SMALL_A = 0.2
"""Less over a limit than this is the meter's resolution, and not counted."""
NEVER = float("inf")
NOTICED_S = 15.0
"""A report so long after a command shows that a charger does not obey (product.md, section 6)."""
KEPT_S = 120.0
UNHEARD_S = 90.0
"""From then on what a charger may take that is not heard of is kept free (decision 31)."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A second: A through each breaker, and what each load draws as it was told, by phase.

    `battery_w` is what the battery gives (negative: takes), `shown_w` what it shows (0: nothing).
    """

    meters: Mapping[str, Amps]
    obeyed: Mapping[str, Amps]
    battery_w: float
    shown_w: float


@dataclass(slots=True)
class Told:
    """What a load was last told, A per leg, and until when (epoch s) what it was told before."""

    amps: float = NEVER
    earlier: list[tuple[float, float]] = field(default_factory=list)

    def tell(self, amps: float, now: float) -> None:
        """Take note of what holds at `now`."""
        if amps != self.amps:
            self.earlier.append((self.amps, now))
            self.amps = amps

    def most_a(self, now: float, within_s: float) -> float:
        """The most that it was told in the last `within_s`; without any command there is none."""
        self.earlier = [pair for pair in self.earlier if now - pair[1] <= KEPT_S]
        return max([self.amps, *(a for a, until in self.earlier if now - until <= within_s)])

    def changed(self, now: float, within_s: float) -> bool:
        """Whether it was told something else in the last `within_s`."""
        return any(now - until <= within_s for _, until in self.earlier)


class Limits:
    """Judges a house; call `second` after each."""

    def __init__(self, house: FaultyHouse, blame: Blame, findings: Findings) -> None:
        """Know the house, and what is not the engine's doing in it."""
        self.house, self.blame, self.findings = house, blame, findings
        self.import_w = house.scenario.site.max_import_power
        self._essential = {spec.id for spec in house.scenario.loads if spec.essential}
        self._told = {spec.id: Told() for spec in house.scenario.loads}
        longest = max(*blame.window_s.values(), self._hidden_s())
        self._past: deque[Moment] = deque(maxlen=longest + 1)
        self.over_s = 0
        self._importing_s = 0
        self._heard: dict[str, tuple[float, Amps]] = {}
        self._metered = {MAIN, *(one.id for one in house.scenario.circuits if one.measured)}

    def second(self, held: Mapping[str, float]) -> None:
        """Judge the second that has passed; `held` is what loads are told, A per leg.

        NEVER for one that was never told anything, and for a plug that may be on.
        """
        house = self.house
        for load, amps in held.items():
            self._told[load].tell(amps, house.now)
        for load in house.chargers:
            state = house.shown.get(names.charger(load, "status_connector"))
            if state is not None and state.value != "unavailable":
                self._heard[load] = house.now, house.draws[load]
        flows = house.flows
        self._past.append(Moment(flows.meters, self._obeyed(), flows.battery_w, self._shown_w()))
        for circuit, by_phase_a in house.flows.meters.items():
            limit = house.wires.limits[circuit]
            for phase, a in by_phase_a.items():
                if a > limit + SMALL_A:
                    self._judge((circuit, phase), limit, a)
        if self.import_w is not None:
            voltage, phases = house.scenario.site.voltage, len(house.scenario.site.phases)
            limit_a = self.import_w / voltage
            total_a = sum(house.flows.meters[MAIN].values())
            over = total_a > limit_a + SMALL_A * phases
            self._importing_s = self._importing_s + 1 if over else 0
            if over:
                self._judge((IMPORT, ""), limit_a, total_a)

    def _shown_w(self) -> float:
        """What the battery shows that it gives, W; 0: it shows nothing."""
        state = self.house.shown.get(names.BATTERY_POWER)
        try:
            shown_w = float(state.value) if state else 0.0
        except ValueError:
            return 0.0
        return shown_w if math.isfinite(shown_w) else 0.0

    def _unheard_a(self, circuit: str, phase: str) -> float:
        """A that chargers draw more than when they were heard of last, and nobody can know."""
        if circuit in self._metered:
            return 0.0
        found, now = 0.0, self.house.now
        for load, (at, amps) in self._heard.items():
            if circuit in self.house.wires.paths[load] and 0.0 < now - at <= UNHEARD_S:
                more_a = _at(self.house.draws[load], phase) - _at(amps, phase)
                found += max(more_a, 0.0)
        return found

    def _late_a(self, past: list[Moment]) -> float:
        """A (all phases together) that a battery took less than it showed, and nobody can know yet.

        Nobody can before the meter has shown the import for a window.
        """
        window_s = self.blame.window_s[IMPORT, ""]
        if not self.blame.life.quirks.every_s or self._importing_s > window_s:
            return 0.0
        really_w, shown_w = min(m.battery_w for m in past), min(m.shown_w for m in past)
        return max(really_w - shown_w, 0.0) / self.house.scenario.site.voltage

    def _obeyed(self) -> Mapping[str, Amps]:
        """What loads draw now, but no more than they were told: the rest is disobedience."""
        house, within_s = self.house, self.blame.life.habits.reaction_s
        obeyed: dict[str, Amps] = {}
        devices: list[Charger | Plug] = [*house.chargers.values(), *house.plugs.values()]
        for device in devices:
            load = device.spec.id
            most_a = max(device.draw.values())
            allowed_a = self._told[load].most_a(house.now, within_s) if most_a else NEVER
            if most_a <= allowed_a + SMALL_A / 2:
                obeyed[load] = house.draws[load]
            else:
                legs = {leg: min(a, allowed_a) for leg, a in device.draw.items()}
                obeyed[load] = by_phase(device.spec.phases, legs)
        return obeyed

    def _hidden_s(self) -> int:
        """How long a step of the house may hide behind loads that are obeying."""
        life = self.blame.life
        return math.ceil(OBEYS_S + life.meter_s + life.habits.reaction_s)

    def _window_s(self, place: Place, loads: list[str]) -> int:
        """Time in which there must be room again at `place`."""
        usual_s, hidden_s = self.blame.window_s[place], self._hidden_s()
        told = [self._told[load] for load in loads]
        if any(one.changed(self.house.now, usual_s + hidden_s) for one in told):
            return max(usual_s, hidden_s)
        return usual_s

    def _noticed_s(self) -> int:
        """How long it may take until it is known that a charger does not obey."""
        life = self.blame.life
        return math.ceil(NOTICED_S + life.habits.report_s + life.meter_s + life.habits.reaction_s)

    def _disobeyed(self, place: Place) -> bool:
        """Whether a charger at `place` was told less a short while ago, and does not obey."""
        now, within_s = self.house.now, self._noticed_s()
        circuit = place[0] if place[0] != IMPORT else MAIN
        return any(
            circuit in self.house.wires.paths[load]
            and self.blame.is_loose(load, now)
            and self._told[load].changed(now, within_s)
            and max(charger.draw.values()) > self._told[load].amps + SMALL_A
            for load, charger in self.house.chargers.items()
        )

    def _judge(self, place: Place, limit: float, amps: float) -> None:
        """See who is to blame for so many `amps` at `place` (all phases together: import)."""
        self.over_s += 1
        now = self.house.now
        circuit, phase = place if place[0] != IMPORT else (MAIN, "")
        loads = [
            load
            for load, path in self.house.wires.paths.items()
            if circuit in path
            and load not in self._essential
            and not self.blame.is_loose(load, now)
        ]
        below = [load for load, path in self.house.wires.paths.items() if circuit in path]
        window_s = self._window_s(place, below)
        if len(self._past) <= window_s or self.blame.is_unseen(place, now):
            return
        if self._disobeyed(place):  # and nobody can know it yet
            return
        past = list(self._past)[-window_s - 1 :]
        ours = [sum(_at(moment.obeyed[load], phase) for load in loads) for moment in past]
        if ours[-1] <= SMALL_A:
            return
        others = [_at(m.meters[circuit], phase) - a for m, a in zip(past, ours, strict=True)]
        rest = {load: draw for load, draw in self.house.draws.items() if load not in loads}
        alone_a = _at(self.house.flows_with(rest).meters[circuit], phase)
        over_a = min(others) + ours[-1] - max(limit, alone_a)
        over_a -= self._unheard_a(circuit, phase)
        over_a -= self._late_a(past) if place[0] == IMPORT else 0.0
        if over_a <= SMALL_A * (len(self.house.scenario.site.phases) if not phase else 1):
            return
        self._blame(place, limit, amps, min(others), ours[-1], over_a, window_s)

    def _blame(
        self,
        place: Place,
        limit: float,
        amps: float,
        others_a: float,
        ours_a: float,
        over_a: float,
        window_s: int,
    ) -> None:
        if place[0] == IMPORT:
            voltage = self.house.scenario.site.voltage
            limit, amps, others_a, ours_a, over = (
                round(amps_to_watts(a, voltage)) for a in (limit, amps, others_a, ours_a, over_a)
            )
            text = f"{amps} W imported of {limit} W; loads {ours_a} W, for {window_s} s at least "
            text += f"{others_a} W of anything else"
            self.findings.add("import", place, self.house.now, over, text, "W")
        else:
            text = f"{amps:.1f} A of {limit:g} A; loads {ours_a:.1f} A, for {window_s} s at least "
            text += f"{others_a:.1f} A of anything else"
            self.findings.add("limit", place, self.house.now, over_a, text)


def _at(amps: Amps, phase: str) -> float:
    """A on `phase`; without one on all together."""
    return amps.get(phase, 0.0) if phase else sum(amps.values())
