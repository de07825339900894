"""An inverter that sleeps at night: its sensors give nothing, and nobody has to know.

Local time is UTC here. The house takes 2 A on each phase and flickers.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from loadjuggler.snapshot import EntityState

from .house import BATTERY, OUTPUTS, SUN, House, charger_form, form, plug_form, site_form, state
from .stories import Stage
from .test_events import told
from .test_keeper import Home

HOUR_S = 3600.0
MIDNIGHT = 11 * 86400.0
UNKNOWN, GONE = EntityState("unknown"), EntityState("unavailable")


def home(hour: float, *forms: Any, **site: Any) -> Stage:
    house = Stage.of(site_form(**{**SUN, **site}), *forms)
    assert isinstance(house, Stage)
    house.now = MIDNIGHT + hour * HOUR_S
    for car in house.cars.values():
        car.transaction = 1
    return house


def lives(
    house: House, hours: float, each: Callable[[float], None] | None = None, tick_s: float = 20.0
) -> dict[str, float]:
    """Everything that the site was warned of, and for how long (s); `each` gets the local hour."""
    chance, said, end = random.Random(3), {}, house.now + hours * HOUR_S
    while house.now < end:
        for phase in house.site.phases:
            house.household["main"][phase] = 2.0 + chance.uniform(-0.3, 0.3)
        if each:
            each((house.now - MIDNIGHT) / HOUR_S)
        house.tick(tick_s)
        assert house.outcome is not None
        for text in house.outcome.report.warnings:
            said[text] = said.get(text, 0.0) + tick_s
    return said


@pytest.mark.parametrize("shows", [UNKNOWN, GONE, None])
@pytest.mark.parametrize(
    "lost",
    [["sensor.solar"], ["sensor.solar", "sensor.battery", "sensor.soc"]],
    ids=["sun", "sun and battery"],
)
def test_a_summer_night_without_the_inverter(lost: list[str], shows: EntityState | None) -> None:
    """6 kW at 20:00, nothing from 21:00 to 6:00, and at night a car takes 11 kW from the grid."""
    house = home(20.0, charger_form("car"), plug_form("boiler", mode="solar_only"), **BATTERY)
    house.power.soc_pct = 60.0

    def night(hour: float) -> None:
        dark = 21 <= hour < 30
        house.power.sun_w = 0.0 if dark else 6000.0
        house.lost = dict.fromkeys(lost, shows) if dark else {}

    assert lives(house, 12.0, night) == {}
    assert house.outcome is not None
    assert house.outcome.report.status == "ok"


@pytest.mark.parametrize(
    "lost",
    [
        pytest.param(["sensor.solar", "sensor.battery", "sensor.soc"], id="all sensors sleep"),
        pytest.param(["sensor.battery", "sensor.soc"], id="those of the battery, and the sun is 0"),
    ],
)
def test_what_a_battery_gives_that_is_not_heard_is_no_sun(lost: list[str]) -> None:
    """It gives 5 kW, which a car takes: 6 A of 7.2 A on each phase; 5.2 A would look like sun."""
    forms = charger_form("car", max_current_a=6), plug_form("boiler", "A", 2000, mode="solar_only")
    house = home(22.5, *forms, **BATTERY)
    house.power.soc_pct = 60.0
    house.lost = dict.fromkeys(lost, UNKNOWN)
    lives(house, 1.0)
    assert "Not enough sun: 0 A" in house.sentence("boiler")


def test_a_winter_afternoon_in_the_north() -> None:
    """It goes to sleep at 14:40 with 60 W, and wakes at 9:20."""
    house = home(13.0)

    def night(hour: float) -> None:
        house.power.sun_w = max(0.0, 60.0 + (14.6 - hour) * 800.0) if hour < 14.66 else 0.0
        house.power.sun_w = 300.0 if hour >= 33.33 else house.power.sun_w
        house.lost = {"sensor.solar": GONE} if 14.66 <= hour < 33.33 else {}

    assert lives(house, 22.0, night) == {}


def test_outputs_of_an_inverter_sleep_too() -> None:
    house = home(20.0, **OUTPUTS)

    def night(hour: float) -> None:
        dark = 21 <= hour < 30
        house.power.sun_w = 0.0 if dark else 1000.0
        sleeping = ["sensor.solar", *OUTPUTS.values()]
        house.lost = dict.fromkeys(sleeping, GONE) if dark else {}

    assert lives(house, 11.0, night) == {}


def test_it_is_dark_for_the_checks_of_meters() -> None:
    """23:00, the inverter asleep since 21:00, and the meter shows what is taken as fed in."""
    house = home(21.0)
    house.lost = {"sensor.solar": GONE}
    for circuit in house.site.circuits.values():
        assert circuit.meter is not None

    class Turned(Stage):
        def metered(self, circuit: str) -> dict[str, float]:
            return {phase: -amps for phase, amps in super().metered(circuit).items()}

    turned = Turned(house.site, now=house.now, household=house.household, lost=house.lost)
    assert any("fed in at night" in text for text in lives(turned, 2.0))


# --- what is a problem ---------------------------------------------------------------------------


def test_a_sensor_that_fails_at_noon_is_told() -> None:
    house = home(12.0)
    house.power.sun_w = 3000.0
    assert lives(house, 0.1) == {}
    house.lost = {"sensor.solar": GONE}
    assert any("sensor.solar gives no reading" in text for text in lives(house, 0.5))


def test_a_sensor_that_failed_at_night_is_told_by_day() -> None:
    house = home(21.0)

    def broken(hour: float) -> None:
        house.lost = {"sensor.solar": GONE} if hour >= 22 else {}
        house.power.sun_w = 2500.0 if hour >= 30 else 0.0

    said = lives(house, 8.9, broken)
    assert said == {}
    # 2.5 kW from 6:00 on, of which the house takes 1.4: 1.1 kW are fed in, so the sun shines.
    said = lives(house, 1.0, broken)
    assert any("sensor.solar gives no reading" in text for text in said)


def test_a_battery_that_is_lost_alone_is_told() -> None:
    house = home(23.0, **BATTERY)
    house.lost = {"sensor.soc": GONE}
    assert any("sensor.soc gives no reading" in text for text in lives(house, 0.2))


def test_the_meter_is_no_inverter() -> None:
    house = home(23.0)
    house.lost = {"sensor.grid_a": GONE}
    assert any("sensor.grid_a gives no reading" in text for text in lives(house, 0.2))


def test_off_the_grid_an_inverter_never_sleeps() -> None:
    house = House.of(form("site", "site", name="Hut", **OUTPUTS, **SUN))
    house.now = MIDNIGHT + 23 * HOUR_S
    house.household["main"] = dict.fromkeys("ABC", 2.0)
    house.lost = dict.fromkeys(["sensor.solar", *OUTPUTS.values()], GONE)
    house.pass_time(300)
    assert house.outcome is not None
    assert house.outcome.report.status != "ok"


# --- how it is told ------------------------------------------------------------------------------


def test_a_state_that_lasts_for_hours_does_not_change_all_the_time() -> None:
    """By day, for 6 h: 1 to 10 min, then tens of minutes, then hours."""
    house = home(10.0)
    house.power.sun_w = 3000.0
    house.tick()
    house.lost = {"sensor.solar": GONE}
    said = lives(house, 6.0)
    assert len(said) <= 22
    assert not any(" s." in text for text in said)
    assert "sensor.solar gives no reading (unavailable) for 2 h." in said


def test_a_meter_that_is_silent_for_hours() -> None:
    house = home(10.0, charger_form("car"))
    house.tick()
    house.lost = dict.fromkeys(("sensor.grid_a", "sensor.grid_b", "sensor.grid_c"), GONE)
    sentences = set()
    for _ in range(600):
        house.tick(20.0)
        if house.now - MIDNIGHT > 10.1 * HOUR_S:
            sentences.add(house.sentence("car"))
    assert len(sentences) <= 20


def test_a_sensor_that_is_back_within_a_minute_is_no_event() -> None:
    """Each dusk it was a push after a second."""
    home = Home(site_form(**SUN), charger_form("car"))
    for phase in "abc":
        home.states[f"sensor.grid_{phase}"] = EntityState(
            "5", {"unit_of_measurement": "A"}, home.now
        )
    for _ in range(3):
        home.run()
    home.states["sensor.grid_b"] = GONE
    began, events = home.now, []
    while home.now - began < 50:
        events += told(home.run(), "problem")
    home.states["sensor.grid_b"] = state(5.0, "A", home.now)
    for _ in range(10):
        events += told(home.run(), "problem")
    assert not any("sensor.grid_b" in str(event) for event in events)
