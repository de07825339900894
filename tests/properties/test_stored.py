"""What is stored may be damaged anywhere: it is refused in words, or the house runs with it.

A rich house lives for a while, is dumped, and one value in the dump is damaged at a time.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st
from loadjuggler.memory.codec import from_json
from loadjuggler.runtime.api import Desk
from loadjuggler.runtime.controller import Keeper
from loadjuggler.snapshot import EntityState, Snapshot

from tests.engine.house import (
    BATTERY,
    START,
    SUN,
    House,
    charger_form,
    circuit_form,
    plug_form,
    site_form,
    state,
)

Path = tuple[str | int, ...]
GONE = object()
"""Damage: the value is not there at all."""
DAMAGE = (
    GONE, None, True, "", "words", "nan", 0, -1, -1.0e9, START, 1e300, 10**400, float("nan"),
    float("inf"), float("-inf"), [], [None], [[]], {}, {"value": None}, [1, 2, 3, 4, 5],
)  # fmt: skip


def forms() -> list[dict[str, Any]]:
    """Chargers in three modes, one with its limits in entities, and plugs, under a sunny site."""
    return [
        site_form(**SUN, **BATTERY, max_import_w=14000, distribution_entity="input_select.share"),
        circuit_form("garage", 25, metered="ABC"),
        charger_form("left", circuit="garage", max_current_entity="input_number.left"),
        charger_form("right", "BC", circuit="garage", mode_entity="input_select.right"),
        charger_form("sunny", "C", mode="solar_only", solar_grace_min=60),
        plug_form("boiler", power_entity="sensor.boiler", mode="excess"),
        plug_form("pump", "B", 500),
    ]


@cache
def lived() -> tuple[dict[str, Any], Snapshot]:
    """What a keeper of that house dumps after ten minutes, and the states at the end."""
    house = House.of(*forms())
    for number, car in enumerate(house.cars.values()):
        car.transaction = 40 + number
    house.extra["input_number.left"] = state(13.0, "A")
    house.extra["input_select.right"] = state("boost")
    house.extra["input_select.share"] = state("shared")
    house.extra |= {f"automation.{form['node']}": EntityState("on") for form in forms()}
    keeper = Keeper()
    for form in forms():
        assert keeper.register(form.pop("kind"), form, START)["ok"]
    Desk(keeper).set_mode("boiler", "boost", 90)
    Desk(keeper).set_mode("pump", "off")
    house.cars["left"].legs = 2
    house.power.soc_pct = 85.0
    for second in range(0, 600, 5):
        house.power.sun_w = 9000.0 if second % 300 < 150 else 3000.0
        house.household["main"]["A"] = 30.0 if second >= 590 else second / 100
        house.now = START + second
        turn = keeper.run(house.snapshot(), house.now)
        for call in turn.calls:
            if second < 590:
                house.obey([call])
                keeper.succeeded(call)
            elif call.load_id == "left":  # others are still under way
                keeper.failed(call, "no answer")
    assert keeper.report.status in ("ok", "problem"), keeper.report.sentence
    return json.loads(json.dumps(keeper.dump(), allow_nan=False)), house.snapshot()


def paths(data: Any, here: Path = ()) -> Iterator[Path]:
    """Every place in plain data, those inside of others too."""
    if here:
        yield here
    inside = enumerate(data) if isinstance(data, list) else ()
    for key, value in data.items() if isinstance(data, dict) else inside:
        yield from paths(value, (*here, key))


def damaged(data: Any, place: Path, value: Any) -> Any:
    """A copy of `data` with another value at `place`."""
    copy = deepcopy(data)
    holder = copy
    for key in place[:-1]:
        holder = holder[key]
    if value is GONE:
        del holder[place[-1]]
    else:
        holder[place[-1]] = value
    return copy


def runs_on(keeper: Keeper) -> None:
    """The house runs from what was loaded: with all sensors, and with all of them silent."""
    _, states = lived()
    silent = {entity: EntityState("unavailable", {}, START + 600) for entity in states}
    for after_s, seen in ((0, states), (5, states), (10, silent), (90, silent), (95, states)):
        turn = keeper.run(seen, START + 600 + after_s)
        assert keeper.report.status != "error", turn.log
        json.dumps(keeper.dump()["memory"]["loads"])


PLACES = sorted(paths(lived()[0]), key=repr)


def test_the_house_that_is_damaged_is_rich() -> None:
    """Or the tests below would prove little."""
    memory = from_json(lived()[0]["memory"])
    assert set(memory.loads) == {"left", "right", "sunny", "boiler", "pump"}
    assert memory.battery.above_target
    loads = memory.loads.values()
    assert {key for key in memory.loads if memory.load(key).chosen.boost_at} == {"right", "boiler"}
    assert any(load.calls.replaced for load in loads)
    assert any(load.calls.failures for load in loads)
    assert any(load.command.before for load in loads)
    assert any(load.draws.samples_w for load in loads)
    assert any(load.draws.legs for load in loads)
    assert memory.overrides.keys() == {("boiler", "mode"), ("pump", "mode")}
    assert len(memory.seen) == 6
    assert len(PLACES) > 300


@given(st.sampled_from(PLACES), st.sampled_from(DAMAGE))
def test_a_value_that_is_damaged_anywhere_stops_nothing(place: Path, value: Any) -> None:
    keeper = Keeper()
    warnings = keeper.load(damaged(lived()[0], place, value))
    assert all(isinstance(text, str) and text for text in warnings)
    runs_on(keeper)


@given(
    st.sampled_from([p[1:] for p in PLACES if p[0] == "memory" and p[1:]]), st.sampled_from(DAMAGE)
)
@example(("held", "sensor.soc", "value"), float("nan"))
def test_damaged_memory_is_a_value_error_in_words_or_no_damage(place: Path, value: Any) -> None:
    error = refusal(damaged(lived()[0]["memory"], place, value))
    assert error is None or (error.startswith("memory ") and len(error) < 300)


def refusal(data: Any) -> str | None:
    """Why a memory is refused; `None`: it is not. Any other error than ValueError is raised."""
    try:
        from_json(data)
    except ValueError as error:
        return str(error)
    return None


def test_undamaged_all_of_it_is_used() -> None:
    keeper = Keeper()
    assert keeper.load(lived()[0]) == []
    assert keeper.dump()["nodes"] == lived()[0]["nodes"]
    assert keeper.memory.loads == from_json(lived()[0]["memory"]).loads
    runs_on(keeper)
