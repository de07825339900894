"""Energy that grows while current and power are 0: something is drawn (docs/decisions/0029).

What makes the 0: the OCPP integration reads the values of a charger that writes decimal commas
("6,3") as 0, and whole ones ("128450" Wh) as they are. 230 V.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any

import pytest
from loadjuggler.measure.growth import growth_per_s, stepped
from loadjuggler.site.model import Load
from loadjuggler.snapshot import EntityState

from .house import House, charger_form, circuit_form, site_form, state


@dataclass(repr=False)
class Commas(House):
    """A house whose car `car` reports each minute, with decimal commas where a value has any.

    `says`: the car's current and power are read at all, as 0; else they do not exist.
    """

    says: bool = True
    energy_wh: float = 128_450.0
    shown_wh: float = 128_450.0
    _at: float = field(default=0.0)

    def _charger(self, load: Load) -> dict[str, EntityState]:
        made = super()._charger(load)
        if load.id != "car":
            return made
        if self._at:
            power_w = 230.0 * sum(self.draws(load).values())
            self.energy_wh += power_w * (self.now - self._at) / 3600
        self._at = self.now
        if self.now % 60 < 5:
            self.shown_wh = round(self.energy_wh)
        del made["sensor.car_current_import"]
        if self.says:
            zero = {"L1": 0.0, "L2": 0.0, "L3": 0.0}
            made["sensor.car_current_import"] = state(0.0, "A", self.now, **zero)
            made["sensor.car_power_active_import"] = state(0.0, "kW", self.now)
        energy = state(self.shown_wh / 1000, "kWh", self.now)
        return made | {"sensor.car_energy_active_import_register": energy}


def two_cars(cls: type[House], **values: Any) -> House:
    """A car and another one on a breaker of 32 A, whose meter sees both."""
    return cls.of(
        site_form(main_breaker_a=63),
        circuit_form("garage", 32, "ABC"),
        charger_form("car", circuit="garage", **values),
        charger_form("other", circuit="garage", **values),
    )


def told(house: House, load: str) -> float | None:
    return house.memory.load(load).command_a(house.cars[load].transaction)


@pytest.mark.parametrize("says", [True, False])
def test_a_car_whose_values_are_lost_is_counted_by_its_energy(says: bool) -> None:
    """16 + 16 A fit. Without the energy the car takes nothing and would be told 6 A for ever."""
    house = two_cars(Commas)
    assert isinstance(house, Commas)
    house.says = says
    house.pass_time(900)
    assert house.outcome is not None
    report = house.outcome.report.loads["car"]
    assert told(house, "car") == 16.0
    # 16 A on three legs; steps of whole Wh each minute are true to 0.1 %.
    assert report.power_w == pytest.approx(16 * 3 * 230, rel=0.02)
    assert report.status == "charging"
    assert not house.overloads()


def test_that_its_sensors_show_nothing_is_told_with_what_to_choose() -> None:
    house = two_cars(Commas)
    house.pass_time(900)
    assert house.outcome is not None
    said = " ".join(house.outcome.report.warnings)
    assert "sensor.car_current_import shows 0 A, but its energy" in said
    assert "Does the charger write decimal commas?" in said
    # Once its values are read, nothing is told any more.
    house.__class__ = House
    house.pass_time(120)
    assert house.outcome.report.warnings == ()


def test_a_charger_whose_values_are_read_is_not_judged_by_its_energy() -> None:
    """A car that has just stopped: its energy grew until then, but that is older than the 0."""
    house = two_cars(Commas)
    house.__class__ = House
    grown = {"sensor.car_energy_active_import_register": state(128.0, "kWh")}
    for minute in range(10):
        house.extra = {key: state(128 + 0.18 * minute, "kWh", house.now) for key in grown}
        house.pass_time(60)
    house.cars["car"].max_a = 0.0  # it takes nothing any more, and does not say SuspendedEV
    house.extra = {key: state(129.9, "kWh", house.now) for key in grown}  # what it took till now
    house.pass_time(60)
    assert house.outcome is not None
    assert house.outcome.report.loads["car"].power_w == 0.0
    assert house.outcome.report.warnings == ()


def test_steps_of_an_energy() -> None:
    """Two steps after the first value are needed; an overdue step makes it less."""
    steps = stepped((), 100.0, 0.0)
    steps = stepped(steps, 100.07, 60.0)
    assert growth_per_s(steps, 60.0) == 0.0  # this may be from before the 0
    steps = stepped(steps, 100.14, 120.0)
    assert growth_per_s(steps, 120.0) == pytest.approx(0.07 / 60)
    assert growth_per_s(steps, 180.0) == pytest.approx(0.07 / 60)
    assert growth_per_s(steps, 240.0) == pytest.approx(0.07 / 120)


def test_reports_each_second_are_taken_together_for_10_s() -> None:
    """4.2 kW in whole Wh are 1 Wh in most seconds, and 2 in some."""
    steps = stepped((), 100.0, 0.0)
    for second in range(1, 45):
        steps = stepped(steps, round(100 + 4.2 * second / 3600, 3), float(second))
    assert growth_per_s(steps, 44.0) == pytest.approx(4.2 / 3600, rel=0.1)


def test_an_energy_that_goes_back_begins_anew() -> None:
    """A charger was exchanged, or counts each session from 0."""
    assert stepped(((100.0, 0.0), (101.0, 60.0)), 0.5, 120.0) == ((0.5, 120.0),)


@pytest.mark.parametrize("seed", [61, 62, 63])
def test_it_holds_in_a_house_that_flickers(seed: int) -> None:
    """A third of an hour at 1 s: house and car move each second, and the breaker is shared.

    32 A, of which the house takes up to 7.4 A and one car 16 A: so the other one has 8.6 A less
    the flicker (0.4 A) or more. The meter values of a minute come in five reports within 5 s.
    """
    chance = Random(seed)
    house = two_cars(Commas)
    base_a, over_s, least = 5.0, 0, 99.0
    for second in range(1200):
        if second % 120 == 0:
            base_a = chance.uniform(3.0, 7.0)
        flicker = {phase: base_a + chance.uniform(0.05, 0.4) for phase in "ABC"}
        house.household["garage"] = flicker
        house.cars["car"].max_a = 16.0 - chance.uniform(0.05, 0.4)
        house.tick(1.0)
        over_s = over_s + 1 if house.overloads() else 0
        assert over_s <= 3, (second, house.overloads())
        if second > 400:
            least = min(least, told(house, "car") or 0.0, told(house, "other") or 0.0)
    assert least >= 8.0
