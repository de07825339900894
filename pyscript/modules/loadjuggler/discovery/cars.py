"""Tells the battery of a car from that of the house: both have a state of charge and a power.

Two things show a car: its make or model is in the name of the sensor, or another entity whose id
begins with the same word measures what only a car has. Example: `sensor.zoe_battery_level` beside
`sensor.zoe_mileage`.
"""

from __future__ import annotations

import re

from ..snapshot import Snapshot


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NAMED = _words(
    "car cars auto avto ev bev phev vehicle vozilo audi bmw citroen cupra dacia fiat ford honda "
    "hyundai jaguar kia kona leaf lexus lucid mazda mg mini nio niro nissan opel peugeot polestar "
    "porsche renault rivian seat skoda enyaq subaru taycan toyota volkswagen volvo vw xpeng zoe "
    "ioniq ariya megane kuga mustang twingo"
)
"""Words for cars, makes and models. Not BYD and Tesla, which also make batteries for houses."""


_MODEL = re.compile(
    r"(?:^|_)(?:model_[3syx]|id_?[34579]|e?niro|ev[369]|i[3478]|ix[123]?|e_?tron)(?:_|$)"
)


_ONLY_CARS = _words("odometer mileage tire tyre trunk windshield parking vin")
"""Words in the ids of what no house has."""


_EVERYWHERE = _words("sensor my the home house battery grid solar pv inverter meter")
"""First words of ids that do not name one device."""


def cars(states: Snapshot) -> frozenset[str]:
    """The first words of the ids of cars, by what only a car has: {"zoe"}."""
    names = [entity.partition(".")[2].split("_") for entity in states]
    found = {words[0] for words in names if _ONLY_CARS.intersection(words)}
    return frozenset(found - _EVERYWHERE)


def of_car(entity: str, said: frozenset[str], known: frozenset[str]) -> bool:
    """Whether an entity is of a car: `said` are the words of its id and name, `known` `cars`."""
    name = entity.partition(".")[2]
    return bool(said & _NAMED or _MODEL.search(name) or name.split("_")[0] in known)
