"""What holds for whole runs: a sensor that is lost, readings of all kinds, memory, and junk."""

from __future__ import annotations

import json

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from loadjuggler import flow
from loadjuggler.measure.numbers import number
from loadjuggler.memory.codec import from_json, to_json
from loadjuggler.memory.memory import Memory
from loadjuggler.sharing.demand import served_first, taking_part
from loadjuggler.snapshot import EntityState

from tests.effort import at_length
from tests.engine.house import House

from .houses import houses, junk_states, live, lost_states

CLOSE = 1e-6
SHOWN = 1e-3
"""Sensors show six digits: a sum of some currents is off by less than 1 mA."""


def told(house: House) -> dict[str, float]:
    """A per leg that each load is told by the last report."""
    assert house.outcome is not None
    return {load: report.allocated_a or 0.0 for load, report in house.outcome.report.loads.items()}


def permitted(house: House) -> dict[str, float]:
    """A per leg that each load with a car may draw by what reached it; a plug that is on: all."""
    cars = {
        load: car.offered_a(house.now)
        for load, car in house.cars.items()
        if car.status != "Available"
    }
    return cars | {load: outlet.on * outlet.power_w for load, outlet in house.outlets.items()}


def settled(house: House, seconds: float = 150.0) -> House:
    """The house after enough runs that nothing changes any more, if it comes to that.

    A car that draws is in a session, and its charger says so.
    """
    for _ in range(2):
        for car in house.cars.values():
            if car.draw_a(house.now) > 0.0:
                car.status = "Charging"
        house.pass_time(seconds)
    before = dict(told(house))
    house.pass_time(90.0)  # longer than a small raise waits
    assume(told(house) == before)
    return house


def _kinds(house: House) -> dict[str, str]:
    kinds = {}
    for circuit in house.site.circuits.values():
        for _, entity in circuit.meter.entities if circuit.meter else ():
            kinds[entity] = "meter"
        if circuit.limit.entity:
            kinds[circuit.limit.entity] = "limit"
    for load in house.site.loads.values():
        if load.max_a.entity:
            kinds[load.max_a.entity] = "limit"
        for entity in load.sensors.all():
            kinds[entity] = "status" if entity in load.sensors.status else "load"
    return {entity: kind for entity, kind in kinds.items() if entity in house.snapshot()}


@pytest.mark.parametrize("kind", ["meter", "status", "load", "limit"])
@settings(max_examples=at_length(usual=30, long=500))
@given(house=houses(), lost=lost_states, data=st.data())
def test_a_lost_sensor_raises_no_load(
    kind: str, house: House, lost: EntityState | None, data: st.DataObject
) -> None:
    """At once, and for two minutes after, which is beyond any time for which a value is held.

    With one exception: the safer value of a limit, a part of the house that can't be raised, or a
    load that is not "the next one" any more because it is served first, may change who is admitted
    or how steps fall. There a load may have what another one, which is still heard of, gave up.
    """
    settled(house)
    entities = sorted(entity for entity, of in _kinds(house).items() if of == kind)
    assume(entities)
    before, allowed = dict(told(house)), permitted(house)
    entity = data.draw(st.sampled_from(entities))
    # Another number is another session: nothing that was told in this one is renewed any more.
    assume(not (entity.endswith("_transaction_id") and lost and number(lost.value) is not None))
    house.lost[entity] = lost
    silent = {load.id for load in house.site.loads.values() if entity in load.sensors.status}
    strict = set(before) if kind == "load" else silent | _below_meter(house, entity)
    for _ in range(24):
        house.tick()
        heard = {load: amps for load, amps in told(house).items() if load not in silent}
        given_up = any(amps < before[load] - CLOSE for load, amps in heard.items())
        for load, amps in told(house).items():
            raised = amps > before[load] + CLOSE
            assert not raised or (given_up and load not in strict), (
                f"{load} {before[load]} -> {amps} A: {entity}"
            )
        for load, amps in permitted(house).items():
            if load in strict:
                assert amps <= allowed[load] + CLOSE, (
                    f"{load} may {allowed[load]} -> {amps}: {entity}"
                )
    assert house.overloads() == []


def _below_meter(house: House, entity: str) -> set[str]:
    """Loads under the breaker that `entity` measures; none if it is no meter."""
    metered = {
        circuit.id
        for circuit in house.site.circuits.values()
        if circuit.meter and entity in dict(circuit.meter.entities).values()
    }
    return {
        load.id
        for load in house.site.loads.values()
        if metered & set(house.site.path(load.circuit))
    }


@given(house=houses(), data=st.data())
def test_a_raise_fits_the_limits_as_a_raise_sees_them(house: House, data: st.DataObject) -> None:
    """After any change in the house: a limit that is exceeded carries no load that was raised.

    The limits are those of the budget for raises, beside what all managed loads are told now.
    A load was raised if it is told more than it was told before, and more than it draws.
    """
    for _ in range(data.draw(st.integers(1, 5))):
        live(data.draw, house)
        trace = house.tick(data.draw(st.sampled_from([1.0, 5.0, 16.0, 70.0]))).trace
        after, loads = told(house), trace.readings.loads
        fixed = served_first(house.site, trace.readings, ()).keys()
        managed = taking_part(house.site, trace.readings) | fixed
        raised = {
            load
            for load in managed - fixed
            if after[load] > max(loads[load].command_a or 0.0, loads[load].drawing_a()) + CLOSE
        }
        for row in trace.budget.limits:
            reserved = sum(use * after[load] for load, use in row.uses.items() if load in managed)
            if raised & row.uses.keys():
                assert reserved <= row.room + 1e-5 * max(1.0, abs(row.limit)), (row, after, raised)


@given(house=houses(), data=st.data())
def test_a_raise_never_takes_the_house_for_less_than_it_is(
    house: House, data: st.DataObject
) -> None:
    """Meters and reports are of this moment, so the house takes just what is not reported.

    Where a meter is, that is what it shows less what the managed loads below it draw.
    """
    for _ in range(data.draw(st.integers(1, 5))):
        live(data.draw, house)
        trace = house.tick(data.draw(st.sampled_from([1.0, 5.0, 16.0, 70.0]))).trace
        readings, counted = trace.readings, trace.budget.circuits
        managed = taking_part(house.site, readings) | served_first(house.site, readings, ()).keys()
        for circuit, meter in readings.meters.items():
            below = {load.id for load in house.site.below(circuit)} & managed
            for phase, shown_a in meter.amps.items():
                draws = [readings.loads[load].draw for load in below]
                drawn_a = sum(draw[phase] or 0.0 for draw in draws if draw is not None)
                counted_a = counted[circuit].unmanaged[phase]
                assert counted_a is not None
                assert counted_a >= shown_a - drawn_a - SHOWN, (circuit, phase, shown_a, drawn_a)


@given(house=houses(), data=st.data())
def test_runs_never_raise_an_error_and_memory_survives_json(
    house: House, data: st.DataObject
) -> None:
    """Whatever the states say, each run gives an outcome, and its memory is plain JSON."""
    memory = Memory()
    now = house.now
    entities = sorted(house.site.entities())
    for _ in range(data.draw(st.integers(1, 4))):
        snapshot = house.snapshot()
        for entity in data.draw(st.lists(st.sampled_from(entities), unique=True, max_size=12)):
            snapshot[entity] = data.draw(junk_states)
        outcome = flow.run(house.site, memory, snapshot, now, house.options)
        json.dumps([dict(call.data) for call in outcome.commands], allow_nan=False)
        memory = from_json(json.loads(json.dumps(to_json(outcome.memory), allow_nan=False)))
        assert memory == outcome.memory
        now += data.draw(st.sampled_from([0.0, 5.0, 70.0]))


@given(house=houses(), data=st.data())
def test_the_same_states_give_the_same_outcome(house: House, data: st.DataObject) -> None:
    house.pass_time(10.0)
    live(data.draw, house)
    once = flow.run(house.site, house.memory, house.snapshot(), house.now, house.options)
    again = flow.run(house.site, house.memory, house.snapshot(), house.now, house.options)
    assert once == again


@given(house=houses(entities=False))
def test_a_house_left_alone_comes_to_rest_under_its_breakers(house: House) -> None:
    """With honest meters and cars that obey, nothing managed ever makes a breaker too warm.

    Not from the first second: a car may charge at full current when Load Juggler starts.
    """
    house.pass_time(120.0)
    assert house.overloads() == []
    house.pass_time(15.0)
    assert house.overloads() == []
