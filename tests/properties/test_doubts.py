"""The check of the wiring: no reading and no stored doubt stops a run, at any hour."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loadjuggler.memory.codec import from_json, to_json

from tests.engine.house import (
    BATTERY,
    OUTPUTS,
    SUN,
    House,
    charger_form,
    circuit_form,
    site_form,
    state,
)

from .houses import junk_states
from .test_stored import DAMAGE, Path, damaged, paths, refusal

DAY_S = 86400.0


def everything(max_import_w: float = 3000) -> House:
    """A house in which every check has something to look at."""
    house = House.of(
        site_form(
            grid_total_entity="sensor.total", max_import_w=max_import_w, **SUN, **BATTERY, **OUTPUTS
        ),
        circuit_form("garage", 20, "ABC"),
        circuit_form("box", 16, "B", parent="garage"),
        charger_form("car", circuit="box"),
    )
    house.now = 11 * DAY_S + 3600
    return house


@given(hour=st.floats(0, 24), data=st.data())
def test_no_reading_stops_a_look_and_doubts_survive_json(hour: float, data: st.DataObject) -> None:
    house = everything()
    house.now += hour * 3600
    entities = sorted(house.snapshot())
    for _ in range(data.draw(st.integers(2, 6))):
        junk = st.dictionaries(st.sampled_from(entities), junk_states, max_size=8)
        house.extra = data.draw(junk)
        house.now += data.draw(st.sampled_from([0.0, 10.0, 60.0, 3600.0, -7200.0]))
        house.run()
        stored = json.dumps(to_json(house.memory), allow_nan=False)
        assert from_json(json.loads(stored)) == house.memory
        house.memory = from_json(json.loads(stored))


@cache
def doubted() -> dict[str, Any]:
    """The memory of a house about which nearly everything is doubted."""
    house = everything()
    house.power.soc_pct = 50.0
    for second in range(0, 2400, 10):
        charge = 50.0 + second / 100
        house.extra = {
            "sensor.solar": state(-3000, "W"),
            "sensor.battery": state(150, "W"),
            "sensor.soc": state(charge if second < 2000 else 0.5, "%"),
            "sensor.total": state(9000, "W"),
            **{f"sensor.grid_{phase}": state(-3, "A") for phase in "abc"},
            **{f"sensor.inverter_{phase}": state(-10, "A") for phase in "abc"},
            **{f"sensor.garage_{phase}": state(300, "A") for phase in "abc"},
        }
        house.tick(10)
    return json.loads(json.dumps(to_json(house.memory)))  # type: ignore[no-any-return]


def test_the_doubts_that_are_damaged_are_many() -> None:
    checks = from_json(doubted()).checks
    told = {doubt.code for doubt in checks.by_key.values() if doubt.told}
    assert {"setup_solar_sign", "setup_output_sign", "setup_meter_huge", "setup_sum"} <= told
    assert checks.charge is not None
    assert checks.sum is not None


PLACES = sorted(paths(doubted()["checks"]), key=repr)


CODES = [place for place in PLACES if place[-1] == "code"]


@pytest.mark.parametrize("place", CODES, ids=lambda place: place[1])
@pytest.mark.parametrize("code", ["", "setup_of_another_version"])
def test_a_doubt_of_another_version_is_left_out_alone(place: Path, code: str) -> None:
    stored = damaged(doubted(), ("checks", *place), code)
    wiring = {"findings": {"sign main": {"code": code, "numbers": {"phase": "A"}, "at": 0.0}}}
    house = everything()
    house.memory = from_json({**stored, "wiring": {**stored["wiring"], **wiring}})
    doubts = house.memory.checks.by_key
    assert doubts.keys() == doubted()["checks"]["by_key"].keys() - {place[1]}
    assert house.memory.checks.charge is not None
    assert not house.memory.wiring.findings
    house.now = 11 * DAY_S + 3600 + 2400
    house.tick(10)
    assert house.outcome is not None


UNSIGNED = {
    "code": "meter_unsigned",
    "numbers": {"circuit": "main", "against": 8.0, "of": 8.0, "phase": "A"},
    "at": 0.0,
}


@pytest.mark.parametrize("place", sorted(paths(UNSIGNED)), ids=lambda place: place[-1])
@pytest.mark.parametrize("value", DAMAGE, ids=range(len(DAMAGE)))
def test_a_damaged_finding_is_refused_in_words_or_stops_nothing(place: Path, value: Any) -> None:
    """The house has a meter that has never been below 0, so that finding lasts."""
    stored = json.loads(json.dumps(to_json(everything().memory)))
    stored["wiring"]["findings"] = {"sign main": damaged(UNSIGNED, place, value)}
    error = refusal(stored)
    if error is not None:
        assert error.startswith("memory ")
        return
    house = everything()
    house.memory = from_json(stored)
    for _ in range(3):
        house.tick(10)
    assert house.outcome is not None


@given(st.sampled_from(PLACES), st.sampled_from(DAMAGE))
def test_damaged_doubts_are_refused_in_words_or_stop_nothing(place: Path, value: Any) -> None:
    stored = damaged(doubted(), ("checks", *place), value)
    error = refusal(stored)
    if error is not None:
        assert error.startswith("memory ")
        return
    house = everything()
    house.memory = from_json(stored)
    house.now = 11 * DAY_S + 3600 + 2400
    for _ in range(4):
        house.tick(10)
        json.dumps(to_json(house.memory), allow_nan=False)
    assert house.outcome is not None
