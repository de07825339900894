"""A house with chargers that are set through a number or select entity, and their physics.

    house = NumberStage.of(site_form("A"), number_form("car", "A"))
    house.boxes["car"].setting     # what its entity is set to
    house.boxes["car"].slow_s = 20 # it shows, and does, what it is told so much later

The wallbox charges with what its entity is set to while its switch is on: A per leg, or W spread
over the legs that the car uses, floored to no step of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from loadjuggler.calls import ServiceCall
from loadjuggler.site.controls import NumberControl
from loadjuggler.site.model import Load
from loadjuggler.snapshot import EntityState

from .house import VOLTAGE_V, Car, form, state
from .stories import Change, Stage


def number_form(name: str, legs: str = "ABC", **values: Any) -> dict[str, Any]:
    """A charger set by `number.<name>`, its power measured by `sensor.<name>_power`."""
    wired = {
        f"leg_l{number}": legs[number - 1] if number <= len(legs) else "none"
        for number in (1, 2, 3)
    }
    own = {"setting_entity": f"number.{name}", "power_entity": f"sensor.{name}_power"}
    return form("number_charger", name, **{"name": name, **own, **wired, **values})


@dataclass
class Box:
    """A wallbox's entities: `setting` as its entity shows it, in `unit`; `on` its switch."""

    setting: float | str = 16.0
    unit: str | None = "A"
    low: float = 0.0
    high: float = 32.0
    step: float | None = 1.0
    options: tuple[str, ...] = ()
    on: bool = True
    shown_at: float = 0.0

    def attributes(self) -> dict[str, Any]:
        """The attributes of its entity, as the platform gives them."""
        if self.options:
            return {"options": list(self.options)}
        range_ = {"min": self.low, "max": self.high}
        return range_ if self.step is None else {**range_, "step": self.step}

    def limit_a(self, legs: int) -> float:
        """A per leg that it lets a car on so many legs take."""
        if isinstance(self.setting, str):
            digits = "".join(sign for sign in self.setting if sign.isdigit() or sign == ".")
            amount = float(digits or 0)
        else:
            amount = self.setting
        return amount / (VOLTAGE_V * legs) if self.unit == "W" else amount


@dataclass(repr=False)
class NumberStage(Stage):
    """A house whose chargers are set through entities; `refusing` boxes keep what they have."""

    boxes: dict[str, Box] = field(default_factory=dict)
    out_of_range: list[ServiceCall] = field(default_factory=list)

    @classmethod
    def with_boxes(cls, *forms: Mapping[str, Any], **boxes: Box) -> NumberStage:
        """A house of forms; chargers that are not named have a box of 0 to 32 A."""
        house = cls.of(*forms)
        assert isinstance(house, NumberStage)
        house.boxes = boxes
        return house

    def box(self, load: str) -> Box:
        """The box of a load."""
        return self.boxes.setdefault(load, Box())

    def draws(self, load: Load) -> dict[str, float]:
        """A by leg: what the box lets the car take, if that is enough for a car."""
        if not isinstance(load.control, NumberControl):
            return super().draws(load)
        car, box = self.cars[load.id], self.box(load.id)
        car.default_limit_a = box.limit_a(car.legs) if box.on else 0.0
        car.transaction = 0
        return super().draws(load)

    def _charger(self, load: Load) -> dict[str, EntityState]:
        if not isinstance(load.control, NumberControl):
            return super()._charger(load)
        control, box, car = load.control, self.box(load.id), self.cars[load.id]
        drawn_w = sum(self.draws(load).values()) * VOLTAGE_V
        at = box.shown_at or self.now
        states = {control.entity: state(box.setting, box.unit, at, **box.attributes())}
        for entity in load.sensors.power:
            states[entity] = state(drawn_w, "W", car.reported_at or self.now)
        for leg, entity in load.sensors.current_by_leg:
            states[entity] = state(self.draws(load)[leg], "A", car.reported_at or self.now)
        for entity in load.sensors.status:
            states[entity] = state(car.status, None, self.now)
        if control.switch:
            states[control.switch] = state("on" if box.on else "off", None, self.now)
        return states

    def obey(self, calls: Iterable[ServiceCall]) -> None:
        """Do what the calls say; Home Assistant refuses what is out of range."""
        for call in calls:
            super().obey([call])
            load = self.site.loads[call.load_id]
            if not isinstance(load.control, NumberControl):
                continue
            box = self.box(load.id)
            heard = load.id not in self.deaf and load.id not in self.failing
            if call.service == "set_value":
                if not box.low <= call.data["value"] <= box.high:
                    self.out_of_range.append(call)
                elif heard:
                    box.setting = call.data["value"]
            elif call.service == "select_option":
                if call.data["option"] not in box.options:
                    self.out_of_range.append(call)
                elif heard:
                    box.setting = call.data["option"]
            elif heard:
                box.on = call.service == "turn_on"


def box(load: str, **values: Any) -> Change:
    """Somebody changes a wallbox: `setting`, `on`, its range."""

    def change(house: Stage) -> None:
        assert isinstance(house, NumberStage)
        for name, value in values.items():
            setattr(house.box(load), name, value)

    return change


def is_set(load: str, **expected: Any) -> Any:
    """What a wallbox is set to (`setting`), and whether it is `on`."""

    def claim(house: Stage) -> list[str]:
        assert isinstance(house, NumberStage)
        found = {name: getattr(house.box(load), name) for name in expected}
        wrong = [] if found == expected else [f"{load} is {found}, not {expected}"]
        said = house.sentence(load)
        return [f"{text}: {said}" for text in wrong] + [
            f"out of range: {call}" for call in house.out_of_range
        ]

    return claim


__all__ = ["Box", "Car", "NumberStage", "box", "is_set", "number_form"]
