"""One episode, told: its house, what fails in it, and a timeline of what matters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from loadjuggler.calls import ServiceCall

from ..physics import Amps
from ..quirks import PLAIN
from ..scenario import MAIN, LoadSpec
from .chance import Episode
from .episode import Trial
from .limits import SMALL_A
from .moves import START

JUMP_A = 3.0
"""A household that moves by so much on a phase within a second is told."""


def house_lines(episode: Episode) -> Iterator[str]:
    """The house of `episode` and its faults, a line each."""
    scenario, life = episode.scenario, episode.life
    site, habits = scenario.site, life.habits
    yield f"site: {site.phases}, {site.main_breaker:g} A, {site.distribution}"
    if site.max_import_power is not None:
        yield f"import limit: {site.max_import_power:g} W, {site.power_buffer:g} W kept free"
    for circuit in scenario.circuits:
        meter = "with a meter" if circuit.measured else "no meter"
        yield f"circuit {circuit.id}: {circuit.limit:g} A, below {circuit.parent}, {meter}"
    for load in scenario.loads:
        yield _load_line(load, scenario.circuit_of(load.id))
    for name, car in life.cars.items():
        visits = [(x.arrives_s - START, x.leaves_s - START) for x in car.visits]
        there = ", ".join(f"{begin:.0f} to {end:.0f}" for begin, end in visits)
        obeys = "" if car.reaction_s is None else f", obeys after {car.reaction_s:g} s"
        legs = " ".join(car.legs)
        less = f" (up to {car.wanders_a:g} A less)" if car.wanders_a else ""
        yield f"car at {name}: up to {car.most_a:g} A{less} on {legs}{obeys}; there {there} s"
    if scenario.battery:
        battery = scenario.battery
        follows = "follows" if site.battery_follows_load else "does not follow"
        marks = f"at least {battery.soc_min:g}, target {battery.soc_target:g}"
        yield (
            f"battery: {life.battery_kwh:.1f} kWh, {battery.soc:.0f} % ({marks}), "
            f"{battery.max_discharge_power:g} W, {follows}, "
            f"on {battery.phase or 'all phases'} by its form"
        )
    yield f"inverter: {scenario.inverter}"
    yield (
        f"meters every {life.meter_s:g} s, chargers every {habits.report_s:g} s, reaction "
        f"{habits.reaction_s:g} s, untold {habits.untold_a:g} A, they show {habits.measures}, "
        f"they take {habits.takes}"
    )
    if life.mistakes or life.quirks != PLAIN:
        yield f"odd: {life.mistakes or ''} {life.quirks}"
    for entity, source in life.mistakes.copies.items():
        yield f"copied: {entity} shows {source}"
    if episode.wrong:
        yield f"form that must be refused: {episode.wrong.why}"
    for fault in episode.faults:
        begin, end = fault.at - START, fault.until - START
        yield f"fault: {begin:.0f} to {end:.0f} s: {fault.words()}"


def _load_line(load: LoadSpec, circuit: str) -> str:
    legs = " ".join(f"{leg}:{phase}" for leg, phase in load.phases.items())
    size = f"{load.min_current:g} to {load.max_current:g} A"
    if load.type == "plug":
        size = f"{load.power:g} W" + (", essential" if load.essential else "")
    return f"{load.type} {load.id}: {load.mode}, {size}, {legs}, below {circuit}"


@dataclass(slots=True)
class Story:
    """Collects lines second by second; give it to `episode.run` as its `watch`."""

    lines: list[tuple[float, str]] = field(default_factory=list)
    _household: dict[str, float] = field(default_factory=dict)
    _statuses: dict[str, str] = field(default_factory=dict)
    _blind: str = ""

    def __call__(self, trial: Trial) -> None:
        """Take note of the second that has passed."""
        house, at = trial.house, trial.house.now - START
        for fault, on in house.switched(house.now - 1, house.now):
            self._add(at, f"{fault.words()} {'begins' if on else 'ends'}")
        for call, error in trial.living.sent:
            self._add(at, f"call {_command(call)}" + (f" FAILED ({error})" if error else ""))
        for load, charger in house.chargers.items():
            if self._statuses.get(load) != charger.status:
                self._statuses[load] = charger.status
                self._add(at, f"{load} is {charger.status}, transaction {charger.transaction}")
        jumped = any(
            abs(amps - self._household.get(phase, amps)) >= JUMP_A
            for phase, amps in house.household.items()
        )
        self._household = dict(house.household)
        if jumped:
            self._add(at, f"household {_amps(house.household)}")
        if over := [*_over(trial)]:
            draws = ", ".join(
                f"{load} {_amps(d)}" for load, d in house.draws.items() if any(d.values())
            )
            self._add(at, f"OVER {'; '.join(over)} | {draws}")

    def _add(self, at: float, words: str) -> None:
        self.lines.append((at, words))


def _over(trial: Trial) -> Iterator[str]:
    """Limits that are exceeded now: what flows, and what meters show."""
    house, site = trial.house, trial.living.site
    for circuit, amps in house.flows.meters.items():
        meter = site.circuits[circuit].meter
        for phase, a in amps.items():
            if a > house.wires.limits[circuit] + SMALL_A:
                shown = "no meter"
                for measured, entity in meter.entities if meter else ():
                    if measured == phase:
                        state = house.shown.get(entity)
                        shown = f"shown {state.value if state else 'nothing'}"
                yield f"{circuit} {phase} {a:.1f} of {house.wires.limits[circuit]:g} A ({shown})"
    limit_w = house.scenario.site.max_import_power
    if limit_w is not None:
        import_w = sum(house.flows.meters[MAIN].values()) * house.scenario.site.voltage
        if import_w > limit_w + 50:
            yield f"import {import_w:.0f} of {limit_w:g} W"


def _amps(amps: Amps) -> str:
    return " ".join(f"{phase}{value:.1f}" for phase, value in amps.items())


def _command(call: ServiceCall) -> str:
    if call.domain == "switch":
        return f"{call.load_id}: {call.service}"
    if not call.tells:
        return f"{call.load_id}: {call.domain}.{call.service}"
    profile = call.data["custom_profile"]
    amps = profile["chargingSchedule"]["chargingSchedulePeriod"][0]["limit"]
    tx = f" in {profile['transactionId']}" if "transactionId" in profile else " by default"
    return f"{call.load_id}: {amps:g} A{tx}"
