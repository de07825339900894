"""Which faults excuse the engine, and for how long: sensors that lie, loads that can't obey.

Times are epoch s of the physics.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..faults import Fault, target_of
from ..faults.kinds import Target
from ..house import Life
from ..physics import Wires
from ..scenario import MAIN, Scenario
from .copies import hidden

TICK_S = 5.0
"""A run comes at least this often (docs/product.md section 5)."""
OBEYS_S = 10.0
"""A car may take so long to obey: nobody can tell before whether it has, unless it reports."""
RETRY_S, RETRY_MOST_S = 60.0, 300.0
"""A call that failed is tried again with back-off. The waits double, so after a fault it takes at
most as long as the fault lasted; between these two."""
IMPORT = "import"
"""The place of the import limit, beside the breakers."""

ALWAYS = (float("-inf"), float("inf"))
"""The span of a meter that is the wrong one from the beginning to the end."""

Place = tuple[str, str]
"""A breaker and a phase, or (IMPORT, "")."""
Span = tuple[float, float]


@dataclass(slots=True)
class Blame:
    """Spans in which an overload, or a load's draw, is not the engine's doing.

    `window_s` is how long it may take from a change until there is room again, by place: the
    interval of the meter and the reaction of a car. Where there is no meter, what loads report and
    the tick must do instead of it. `unseen` are spans by place in which meters show what is not
    so, with time to recover: a window and a tick. `loose` are spans by load in which it can't or
    doesn't obey, with time to be told again. `refuses`: chargers refuse profiles (`devices.TAKES`).
    Such a charger is loose while it draws more than it was told, and for 60 s after that; when that
    was last (epoch s) is in `astray`, where `not_in_force.Refusals` notes it.
    """

    scenario: Scenario
    life: Life
    window_s: dict[Place, int] = field(default_factory=dict)
    unseen: dict[Place, list[Span]] = field(default_factory=dict)
    loose: dict[str, list[Span]] = field(default_factory=dict)
    refuses: bool = False
    astray: dict[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, scenario: Scenario, life: Life, faults: tuple[Fault, ...]) -> Blame:
        """What `faults` excuse in this house."""
        made = cls(scenario, life, refuses=life.habits.takes != "all")
        metered = {MAIN, *(one.id for one in scenario.circuits if one.measured)}
        reaction_s, meter_s = life.habits.reaction_s, life.meter_s
        slow_s = reaction_s + max(meter_s, life.habits.report_s) + TICK_S
        for circuit in (MAIN, *(one.id for one in scenario.circuits)):
            seconds = reaction_s + meter_s if circuit in metered else slow_s
            for phase in scenario.site.phases:
                made.window_s[circuit, phase] = math.ceil(seconds)
        made.window_s[IMPORT, ""] = math.ceil(reaction_s + meter_s)
        wires = Wires.of(scenario)
        if MAIN in life.mistakes.meters:  # for as long as the wrong meter is not found out
            for phase in scenario.site.phases:
                made.unseen[MAIN, phase] = [ALWAYS]
            made.unseen[IMPORT, ""] = [ALWAYS]
        made._hide(wires.paths, metered)
        for fault in faults:
            made._excuse(fault, target_of(fault.of, scenario), wires.paths)
        return made

    def _hide(self, paths: Mapping[str, tuple[str, ...]], metered: set[str]) -> None:
        """What copied sensors hide: what flows at a meter, or a load's draw where no meter is."""
        places, loads = hidden(self.scenario, self.life.mistakes.copies)
        found = [(above, phase) for circuit, phase in places for above in self._seen_by(circuit)]
        found += [(IMPORT, "") for circuit, _ in places if circuit == MAIN]
        for load in loads:
            without = [circuit for circuit in paths[load] if circuit not in metered]
            found += [(circuit, p) for circuit in without for p in self.scenario.site.phases]
        self.unseen |= {place: [ALWAYS] for place in found}

    def _excuse(self, fault: Fault, target: Target, paths: Mapping[str, tuple[str, ...]]) -> None:
        if target.kind in ("charger", "plug"):
            lasted_s = min(max(fault.until - fault.at, RETRY_S), RETRY_MOST_S)
            after_s = fault.amount if fault.what == "delay" else lasted_s
            after_s += self.life.habits.reaction_s + self.life.habits.report_s + TICK_S
            self.loose.setdefault(target.id, []).append((fault.at, fault.until + after_s))
            return
        spans = [(fault.at, fault.until + (fault.amount if fault.what == "restart" else 0.0))]
        if fault.what == "clock":  # only the jumps themselves: between them the meters are right
            spans = [(fault.at, fault.at), (fault.until, fault.until)]
        for place in self._places(target, paths):
            # Loads are told to make room only when the meter is right again, and may take long.
            hidden_s = OBEYS_S + self.life.meter_s + self.life.habits.reaction_s
            after_s = max(float(self.window_s[place]), hidden_s) + TICK_S
            self.unseen.setdefault(place, []).extend((a, b + after_s) for a, b in spans)

    def _places(self, target: Target, paths: Mapping[str, tuple[str, ...]]) -> list[Place]:
        """Breakers and phases that are known by this sensor."""
        if target.kind == "house":
            return list(self.window_s)
        if target.id in ("battery", "solar", "inverter"):
            return [(IMPORT, "")]
        if target.id in paths:  # a plug's own power
            spec = next(load for load in self.scenario.loads if load.id == target.id)
            circuits, phases = paths[target.id], tuple(spec.phases.values())
        else:
            circuits, phases = self._seen_by(target.id), target.phases
        found = [(circuit, phase) for circuit in circuits for phase in phases]
        return [*found, (IMPORT, "")] if MAIN in circuits else found

    def _seen_by(self, circuit: str) -> tuple[str, ...]:
        """`circuit`, and those above it that have no meter of their own."""
        found = [circuit]
        specs = {spec.id: spec for spec in self.scenario.circuits}
        while circuit != MAIN:
            circuit = specs[circuit].parent
            if circuit == MAIN or specs[circuit].measured:
                break
            found.append(circuit)
        return tuple(found)

    def is_unseen(self, place: Place, now: float) -> bool:
        """Whether nobody could know what flows at `place`, or not for long enough."""
        return _within(self.unseen.get(place, ()), now)

    def is_loose(self, load: str, now: float) -> bool:
        """Whether `load` can't be made to obey, or could not a short while ago."""
        astray = now - self.astray.get(load, -math.inf) <= RETRY_S
        return astray or self.is_failing(load, now)

    def is_failing(self, load: str, now: float) -> bool:
        """Whether a fault keeps `load` from obeying, or did so a short while ago."""
        return _within(self.loose.get(load, ()), now)


def _within(spans: list[Span] | tuple[()], now: float) -> bool:
    return any(begin <= now < end for begin, end in spans)
