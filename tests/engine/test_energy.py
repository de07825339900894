"""Sun, battery and inverter in the site's form, and what is read of them."""

from __future__ import annotations

from typing import Any

import pytest
from loadjuggler.limits.battery import judge
from loadjuggler.measure.readings import EnergyReading
from loadjuggler.memory.limits import BatteryMemory
from loadjuggler.memory.memory import Memory
from loadjuggler.options import Options
from loadjuggler.sense import sense
from loadjuggler.site.model import Site
from loadjuggler.snapshot import EntityState

from .house import BATTERY, OUTPUTS, START, SUN, site_form, state, wire_forms


def site_of(phases: str = "A", **values: Any) -> Site:
    wired = wire_forms(site_form(phases, **values))
    assert wired.site is not None, wired.refused
    return wired.site


def refusals(form: dict[str, Any]) -> tuple[str, ...]:
    wired = wire_forms(form)
    assert wired.site is None
    return wired.refused["site"]


def energy(site: Site, memory: Memory | None = None, now: float = START, **states: EntityState):
    """What is read of `sensor.<name>` states."""
    snapshot = {f"sensor.{name}": found for name, found in states.items()}
    readings, memory = sense(site, memory or Memory(), snapshot, now, Options())
    return readings.energy, memory, [p.reason.numbers.get("entity") for p in readings.problems]


# --- wiring --------------------------------------------------------------------------------------


def test_a_site_without_grid_meters_but_with_outputs_is_off_the_grid() -> None:
    form = site_form("AB", grid_a=None, grid_b=None, **{k: OUTPUTS[k] for k in list(OUTPUTS)[:2]})
    site = wire_forms(form).site
    assert site is not None
    assert site.off_grid
    assert site.circuits["main"].meter is not None
    assert dict(site.circuits["main"].meter.entities) == {
        "A": "sensor.inverter_a",
        "B": "sensor.inverter_b",
    }


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"grid_b": None}, "Meter, phase B: it is needed, the site has a phase B."),
        ({"inverter_a": "sensor.x"}, "Output, phase B: it is needed, other phases have theirs."),
        (
            {"battery_power_entity": "sensor.battery"},
            "State of charge: it is needed, the power of a battery is given.",
        ),
        (
            {**BATTERY, "battery_soc_min_pct": 90},
            "Reserve of the battery: 90 % is more than its target of 80 %.",
        ),
        ({"inverter_c": "sensor.x"}, "Output, phase C: the site has only A, B."),
    ],
)
def test_what_can_not_be_is_refused_in_words(values: dict[str, Any], says: str) -> None:
    assert says in refusals(site_form("AB", **values))


def test_a_site_without_any_meter_is_refused() -> None:
    assert refusals(site_form("A", grid_a=None)) == (
        "Meter, phase A: it is needed, the site has a phase A.",
    )


def test_battery_settings_matter_only_where_a_battery_is_wired() -> None:
    assert site_of(battery_soc_min_pct=90, battery_max_discharge_w=1).battery is None


# --- reading -------------------------------------------------------------------------------------


def test_power_is_read_in_its_own_unit_and_a_battery_can_be_turned_round() -> None:
    site = site_of(**SUN, **BATTERY, battery_invert=True)
    found, _, problems = energy(
        site,
        grid_a=state(0, "A"),
        solar=state(4.6, "kW"),
        soc=state(81, "%"),
        battery=state(1200, "W"),
    )
    assert (found.solar_w, found.soc_pct, found.battery_w) == (4600.0, 81.0, -1200.0)
    assert not found.unsure
    assert problems == []


@pytest.mark.parametrize(
    "bad", [state(5, "A"), state(5), state("nan", "W"), EntityState("unavailable")]
)
def test_a_battery_whose_power_can_not_be_read_makes_unsure(bad: EntityState) -> None:
    site = site_of(**BATTERY)
    found, _, problems = energy(site, grid_a=state(0, "A"), soc=state(50, "%"), battery=bad)
    assert found.battery_w is None
    assert found.unsure
    assert problems == ["sensor.battery"]


@pytest.mark.parametrize("soc", ["101", "-1", "full"])
def test_a_charge_that_can_not_be_is_none(soc: str) -> None:
    found, _, problems = energy(
        site_of(**BATTERY), grid_a=state(0, "A"), soc=state(soc, "%"), battery=state(0, "W")
    )
    assert found.soc_pct is None
    assert problems == ["sensor.soc"]


def test_the_last_good_reading_holds_for_a_minute() -> None:
    site = site_of(**SUN)
    _, memory, _ = energy(site, grid_a=state(0, "A"), solar=state(500, "W"))
    for later, expected in ((60.0, 500.0), (61.0, None)):
        found, _, problems = energy(site, memory, START + later, grid_a=state(0, "A"))
        assert found.solar_w == expected
        assert not found.unsure  # the sun can be worked out from the meter
        assert problems == ["sensor.solar"]


@pytest.mark.parametrize(
    ("said", "allowed"), [("off", False), ("on", True), ("unavailable", True), (None, True)]
)
def test_grid_charging_can_be_forbidden_by_a_switch(said: str | None, allowed: bool) -> None:
    site = site_of(**BATTERY, allow_grid_charging_entity="input_boolean.grid")
    snapshot = {"input_boolean.grid": EntityState(said)} if said else {}
    readings, _ = sense(site, Memory(), snapshot, START, Options())
    assert readings.energy.allow_grid is allowed


def test_thresholds_and_marks_can_come_from_entities() -> None:
    site = site_of(
        **BATTERY,
        excess_threshold_entity="input_number.export",
        battery_soc_min_entity="input_number.low",
        battery_soc_target_entity="input_number.target",
    )
    snapshot = {
        "input_number.export": state(4.5, "kW"),
        "input_number.low": state(30, "%"),
        "input_number.target": state(70),
    }
    found = sense(site, Memory(), snapshot, START, Options())[0].energy
    assert found.excess_threshold_w == 4500.0
    assert (found.soc_min_pct, found.soc_target_pct) == (30.0, 70.0)


# --- marks ---------------------------------------------------------------------------------------

MARKS = ("reserve", "at_target", "above_target", "full")


@pytest.mark.parametrize(
    ("way", "marks"),
    [
        ([50], []),
        ([20], ["reserve"]),
        ([20, 22.9], ["reserve"]),
        ([20, 23], []),
        ([22], []),
        ([80], ["at_target"]),
        ([81], ["at_target", "above_target"]),
        ([81, 80], ["at_target", "above_target"]),
        ([81, 77], ["at_target", "above_target"]),
        ([80, 77], ["at_target"]),
        ([81, 76.9], ["at_target"]),
        ([81, 76.9, 79], ["at_target"]),
        ([81, 74], ["at_target"]),
        ([81, 73.9], []),
        ([81, 73.9, 79], []),
        ([98], ["at_target", "above_target", "full"]),
        ([98, 95], ["at_target", "above_target", "full"]),
        ([98, 94.9], ["at_target", "above_target"]),
    ],
)
def test_marks_hold_until_the_charge_has_gone_back_by_the_hysteresis(
    way: list[float], marks: list[str]
) -> None:
    """Reserve 20 %, target 80 %, hysteresis 3 %; "at target" has twice as much.

    So a battery that has helped down to 77 % idles there while the sun goes on to the loads.
    """
    site, memory = site_of(**BATTERY), BatteryMemory()
    for soc in way:
        reading = EnergyReading(soc_pct=soc, soc_min_pct=20.0, soc_target_pct=80.0)
        memory = judge(memory, site, reading)
    assert [mark for mark in MARKS if getattr(memory, mark)] == marks
    assert judge(memory, site, EnergyReading()) == memory
