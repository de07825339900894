"""Where the current flows: meters, battery and breakers for given house, sun and loads.

Pure functions over plain values, as docs/scenario-format.md says under "The physics". Currents
are A by phase, import and consumption positive; powers are W over all phases.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from loadjuggler.limits.constraints import Row, feasible
from loadjuggler.reasons import RowKind
from loadjuggler.units import amps_to_watts, watts_to_amps

from .scenario import MAIN, Battery, Inverter, Scenario
from .scenario_sense import household_below

BATTERY_FULL_PCT = 97.0
"""From this SOC on a battery does not charge."""

Amps = Mapping[str, float]
"""A by phase, for each phase that the site has."""


@dataclass(frozen=True, slots=True)
class Wires:
    """What of a scenario the physics asks for again and again, worked out once.

    `paths` are the breakers above each load, the main one included; `limits` are A by breaker;
    `behind` is the household behind each breaker below the main one, A by phase.
    """

    scenario: Scenario
    paths: Mapping[str, tuple[str, ...]]
    limits: Mapping[str, float]
    behind: Mapping[str, Amps]

    @classmethod
    def of(cls, scenario: Scenario) -> Wires:
        """The wires of `scenario`."""
        below = household_below(scenario)
        return cls(
            scenario,
            {x.id: (*scenario.path(scenario.circuit_of(x.id)), MAIN) for x in scenario.loads},
            {MAIN: scenario.site.main_breaker, **{c.id: c.limit for c in scenario.circuits}},
            {
                circuit.id: {
                    phase: circuit.household.get(phase, below[circuit.id].get(phase, 0.0))
                    for phase in scenario.site.phases
                }
                for circuit in scenario.circuits
            },
        )


@dataclass(frozen=True, slots=True)
class Flows:
    """The house at one moment.

    `meters` are A by circuit ("main": the grid connection, export negative) and phase: all that
    flows through the breaker. `inverter` is its output in A by phase, `battery_w` positive
    while discharging, `sun_w` what the sun gives.
    """

    meters: Mapping[str, Amps]
    inverter: Amps
    battery_w: float
    sun_w: float


def flows(
    wires: Wires,
    household: Amps,
    sun_w: float,
    soc_pct: float,
    draws: Mapping[str, Amps],
    behind: Mapping[str, Amps] | None = None,
) -> Flows:
    """The flows that follow from `household`, the sun, the battery's SOC and `draws` by load.

    `behind` is the household behind each breaker below the main one; `None`: as in `wires`.
    """
    scenario = wires.scenario
    phases, voltage = scenario.site.phases, scenario.site.voltage
    below = wires.behind if behind is None else behind
    carried = {circuit: dict(amps) for circuit, amps in below.items()}
    carried[MAIN] = {phase: household.get(phase, 0.0) for phase in phases}
    for load, draw in draws.items():
        for phase, amps in draw.items():
            for circuit in wires.paths[load]:
                carried[circuit][phase] += amps
    used = carried[MAIN]
    missing_w = amps_to_watts(sum(used.values()), voltage) - sun_w
    battery_w = battery_power_w(scenario.battery, scenario.inverter, soc_pct, missing_w, sun_w)
    sun_a = watts_to_amps(sun_w, voltage, len(phases))
    given_a = dict.fromkeys(phases, sun_a)
    on = phases if scenario.battery is None else scenario.battery.phase or phases
    for phase in on:
        given_a[phase] += watts_to_amps(battery_w, voltage, len(on))
    series = scenario.inverter.topology == "series"
    return Flows(
        meters=carried | {MAIN: {phase: amps - given_a[phase] for phase, amps in used.items()}},
        inverter=used if series else dict.fromkeys(phases, sun_a),
        battery_w=battery_w,
        sun_w=sun_w,
    )


def battery_power_w(
    battery: Battery | None, inverter: Inverter, soc_pct: float, missing_w: float, sun_w: float
) -> float:
    """What the battery gives (negative: takes) to bring the flow to the grid towards 0, in W.

    `missing_w` is what the house needs beside the sun, negative for a surplus.
    """
    if battery is None:
        return 0.0
    if missing_w > 0 and soc_pct > battery.soc_min:
        left_w = missing_w
        if inverter.max_power is not None:
            left_w = max(inverter.max_power - sun_w, 0.0)
        return min(missing_w, battery.max_discharge_power, left_w)
    if missing_w < 0 and soc_pct < BATTERY_FULL_PCT:
        return max(missing_w, -battery.max_charge_power)
    return 0.0


@dataclass(frozen=True, slots=True)
class Overload:
    """A over a breaker's limit: by what loads add, and by the house alone; 0.0 if none is."""

    worst_a: float = 0.0
    household_a: float = 0.0


def overload(wires: Wires, now: Flows, alone: Flows, draws: Mapping[str, Amps]) -> Overload:
    """How far any breaker is over its limit; `alone` are the flows without any managed load.

    What the house alone puts over a limit is not the loads' doing and counted apart.
    """
    rows, household_a = [], 0.0
    amounts: dict[str, float] = {}
    through: dict[tuple[str, str], list[str]] = {}
    for load, draw in draws.items():
        for phase, amps in draw.items():
            amounts[f"{load} {phase}"] = amps
            for circuit in wires.paths[load]:
                through.setdefault((circuit, phase), []).append(f"{load} {phase}")
    for circuit, limit in wires.limits.items():
        for phase, amps in now.meters[circuit].items():
            alone_a = alone.meters[circuit][phase]
            household_a = max(household_a, alone_a - limit)
            uses = dict.fromkeys(through.get((circuit, phase), ()), 1.0)
            managed_a = sum(amounts[name] for name in uses)
            room = max(limit, alone_a) - (amps - managed_a)
            rows.append(Row(RowKind.CIRCUIT, room, uses, circuit, phase, limit))
    wrong = feasible(amounts, (), rows)
    return Overload(max((over for _, over in wrong), default=0.0), max(household_a, 0.0))
