"""Stories of sun, battery, inverter and settings whose sensors give nothing.

Product.md section 6, decision 8. One phase, 230 V, a solar car of 6 to 32 A, unless said otherwise.
"""

from __future__ import annotations

from typing import Any

from .house import BATTERY, OUTPUTS, SUN, charger_form, site_form
from .stories import (
    Change,
    Stage,
    back,
    household,
    lose,
    nothing,
    reads,
    says,
    settled,
    site,
    status,
    story,
    sun,
    together,
    told,
)


def charge(soc_pct: float) -> Change:
    """The battery is so full."""
    return lambda house: setattr(house.power, "soc_pct", soc_pct)


def with_battery(mode: str = "solar_only", **values: Any) -> Stage:
    """8 A of sun and a battery above its target, which gives 2300 W (10 A) at most."""
    house = Stage.of(
        site_form("A", main_breaker_a=63, battery_max_discharge_w=2300, **BATTERY, **values),
        charger_form("car", "A", mode=mode, max_current_a=32),
    )
    house.power.soc_pct, house.power.most_w = 90.0, 2300.0
    sun(8)(house)
    return settled(house, 120)


def test_a_battery_whose_charge_is_not_seen_gives_nothing_after_a_minute() -> None:
    story(
        "8 A of sun + 10 A of battery. What is not seen for a minute gives nothing: the surplus is "
        "what would be exported, 8 A (the car's 18 less the battery's 10).",
        with_battery(),
        (0, nothing, told(car=18)),
        (1, lose("sensor.soc"), told(car=18)),
        (55, nothing, told(car=18), site("problem", "sensor.soc")),
        (90, nothing, told(car=8)),
        (100, back("sensor.soc")),
        (200, nothing, told(car=18), site("ok")),
    )


def test_nothing_grows_on_a_battery_whose_power_is_not_seen() -> None:
    story(
        "The car has 8 A of sun and 10 of the battery; without the battery's sensor these look "
        "like sun, and it goes on with them (decision 8), but not with more: 8 A more of sun only "
        "relieve the battery. Below its target the battery comes first again.",
        with_battery(),
        (0, lose("sensor.battery"), told(car=18)),
        (90, nothing, told(car=18), site("problem", "sensor.battery")),
        (100, sun(16)),
        (200, nothing, told(car=18)),
        (210, charge(70)),
        (220, nothing, told(car=6), status(car="grace")),
        (540, nothing, told(car=0)),
    )


def test_a_solar_sensor_that_is_lost_leaves_what_is_exported() -> None:
    house = Stage.of(
        site_form("A", main_breaker_a=63, **SUN),
        charger_form("car", "A", mode="solar_only", max_current_a=32),
    )
    sun(15)(house)
    story(
        "What the sun leaves over is seen by the meter: the car keeps its 15 A, and follows.",
        settled(house),
        (0, lose("sensor.solar"), told(car=15)),
        (90, nothing, told(car=15), site("problem", "sensor.solar")),
        (100, sun(10)),
        (120, nothing, told(car=10)),
    )


def test_an_inverter_whose_output_is_lost_leaves_what_is_exported() -> None:
    values = {"inverter_a": OUTPUTS["inverter_a"], "inverter_max_w": 4600}
    house = Stage.of(
        site_form("A", main_breaker_a=63, **values),
        charger_form("car", "A", mode="solar_only", max_current_a=32),
    )
    together(sun(15), household(2))(house)
    story(
        "15 A of sun less 2 of house.",
        settled(house),
        (0, lose("sensor.inverter_a"), told(car=13)),
        (90, nothing, told(car=13), site("problem", "sensor.inverter_a")),
        (100, household(5)),
        (180, nothing, told(car=10)),
    )


def test_a_limit_whose_entity_is_lost_is_the_safer_of_two() -> None:
    story(
        "25 A. The form says 16 A at most, an entity 10. Lost: 10 A, the lower. One of 20 A is "
        "lost: the form's 16 A after a minute.",
        settled(
            Stage.of(
                site_form("A"), charger_form("car", "A", max_current_entity="input_number.most")
            )
        ),
        (0, reads("input_number.most", 10), told(car=10)),
        (10, lose("input_number.most"), told(car=10)),
        (200, nothing, told(car=10)),
        (210, together(back("input_number.most"), reads("input_number.most", 20))),
        (240, nothing, told(car=20)),
        (250, lose("input_number.most"), told(car=20)),
        (320, nothing, told(car=16)),
    )


def test_a_car_whose_current_is_not_known_goes_on_and_is_not_said_to_wait() -> None:
    house = Stage.of(site_form("A"), charger_form("car", "A"))
    household(4)(house)
    story(
        "16 A beside 4 A of house on 25 A: it keeps what it was told, and says so.",
        settled(house),
        (0, lose("sensor.car_current_import"), told(car=16)),
        (50, nothing, told(car=16), says(car="16 A of 16 A")),
        (120, nothing, told(car=16), says(car="16 A")),
    )
