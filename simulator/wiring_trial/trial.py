"""A trial: a house's readings go to `diagnostics.wiring`, and what that finds is written down."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from loadjuggler.diagnostics import wiring as detect
from loadjuggler.measure.legs import sum_by_phase
from loadjuggler.measure.readings import LoadReading, MeterReading, Readings
from loadjuggler.memory.memory import Memory
from loadjuggler.memory.wiring import Finding, Key, Remap
from loadjuggler.site.model import Site
from loadjuggler.units import PerPhase

from ..registration import site_of
from .house import TrialHouse
from .loads import TrialLoad

TICK_S = 5.0
"""The engine runs at least this often."""
QUIET_S = 120.0
"""So long after the last change of a load nothing more is to be compared with it."""
ASLEEP_S = 60.0
"""Steps while no load is there."""


@dataclass(slots=True)
class Trial:
    """A house and what detection makes of it.

    `found` are all findings in the order in which they came, with the clear changes that had been
    counted by then; `remaps` those that were made.
    """

    house: TrialHouse
    meter_s: float = 1.0
    memory: Memory = field(default_factory=Memory)
    found: list[tuple[Key, Finding, int]] = field(default_factory=list)
    remaps: list[tuple[str, Remap, int]] = field(default_factory=list)
    fed: int = 0
    form: Site = field(init=False)
    site: Site = field(init=False)
    _loads: dict[str, tuple[object, LoadReading]] = field(default_factory=dict)
    _counted: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Wire the house as its forms say."""
        site = site_of(self.house.scenario)
        loads = dict(site.loads)
        for load in self.house.loads:
            if not load.measured:
                sensors = replace(loads[load.id].sensors, power=())
                loads[load.id] = replace(loads[load.id], sensors=sensors)
        self.form = self.site = replace(site, loads=loads)

    def run(self, until: float, most_changes: int | None = None) -> None:
        """Live until epoch s `until`, or until so many clear changes of one load were counted."""
        while self.house.now < until:
            self.house.step(min(self.house.now + self._pause_s(), until))
            self._feed()
            if most_changes is not None and max(self.changes().values(), default=0) >= most_changes:
                return

    def changes(self) -> dict[str, int]:
        """Clear changes counted so far by load: by the meter that counted most."""
        counts: dict[str, int] = {}
        for (load, _), score in self.memory.wiring.scores.items():
            counts[load] = max(counts.get(load, 0), score.changes)
        return counts

    def _pause_s(self) -> float:
        """Until the next step: as short as the meter's reports while a load changes."""
        house = self.house
        last = max(load.changed_at for load in house.loads)
        told = max(load.commanded_at for load in house.loads)
        if house.now - max(last, told) < QUIET_S:
            return self.meter_s
        coming = min(load.next_coming(house.now) for load in house.loads)
        if coming - house.now > 2 * QUIET_S:
            return ASLEEP_S
        return max(self.meter_s, TICK_S)

    def _feed(self) -> None:
        """A run of the engine, as far as detection goes."""
        house, old = self.house, self.memory.wiring
        readings = Readings(
            at=house.now,
            meters={
                circuit: MeterReading(PerPhase.of(dict(amps)), (), house.now)
                for circuit, amps in house.meters.items()
            },
            limits_a={},
            loads={load.id: self._reading(load) for load in house.loads},
            distribution="priority",
            max_import_w=None,
            power_buffer_w=0.0,
        )
        self.memory = detect.track(self.site, readings, self.memory, self.form)
        self.fed += 1
        new = self.memory.wiring
        if new.findings is not old.findings:
            self.found += [
                (key, finding, self._seen(key))
                for key, finding in new.findings.items()
                if old.findings.get(key) != finding
            ]
        if new.remaps is not old.remaps:
            self.remaps += [
                (load, remap, self.changes().get(load, 0))
                for load, remap in new.remaps.items()
                if old.remaps.get(load) != remap
            ]
            self.site = detect.applied(self.form, new.remaps)
            self._loads.clear()

    def _seen(self, key: Key) -> int:
        """Clear changes that had been counted for a finding of that key."""
        kind, of = key
        counts = self.changes()
        if kind == "load":
            return counts.get(of, 0)
        return max(
            (s.changes for (_, c), s in self.memory.wiring.scores.items() if c == of),
            default=0,
        )

    def _reading(self, load: TrialLoad) -> LoadReading:
        """What is known of a load: the same object while it says nothing new."""
        there, known = load.is_there(self.house.now), load.legs_known(self.house.now)
        state = (there, known, load.said_at, load.command_a)
        old = self._loads.get(load.id)
        if old is not None and old[0] == state:
            return old[1]
        wired = self.site.loads[load.id].legs
        legs = tuple(pair for pair in wired if pair[0] in known)
        reading = LoadReading(
            status="Charging" if there else "Available",
            active=there,
            connected=True,
            mode="standard",
            priority=5.0,
            min_a=load.least_a,
            max_a=load.most_a,
            legs=legs,
            draw=sum_by_phase(load.said(), legs),
            draw_at=load.said_at if load.said_at > 0 else None,
            command_a=load.command_a,
            commanded_at=load.commanded_at if load.commanded_at > 0 else None,
            on=load.command_a > 0,
        )
        self._loads[load.id] = (state, reading)
        return reading
