"""Options for the site by the names that brands give their sensors."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ..snapshot import EntityState, Snapshot
from ..units import PHASES
from .brands import BRANDS, Brand
from .options import SIGNED_A, SIGNED_W, TOTAL_W, UNSIGNED, Option
from .patterns import Hit, hits, is_current, is_power, is_share, phase_sets

_LESS = 0.1
"""The confidence is smaller by this for an entity that was found only beside one of a brand."""


OptionsByPart = dict[str, list[Option]]


class BrandSensors:
    """The sensors of one brand in the house."""

    def __init__(self, brand: Brand, states: Snapshot) -> None:
        """Search the states of sensors for those of `brand`."""
        self.brand, self.states = brand, states
        self._fitting = {pattern: hits(states, pattern) for pattern in _all_patterns(brand)}
        own = [hit for p, there in self._fitting.items() if p[0] != "~" for hit in there]
        self.devices = {hit.before for hit in own if hit.before}
        self.never = {
            hit.entity
            for pattern in brand.never
            for hit in hits(states, pattern)
            if pattern[0] != "~" or self.beside(hit)
        }

    def hits(
        self, patterns: tuple[str, ...], fits: Callable[[EntityState], bool]
    ) -> list[list[Hit]]:
        """For each pattern the sensors of this brand that it fits, and that `fits` accepts."""
        return [self._hits(pattern, fits) for pattern in patterns]

    def _hits(self, pattern: str, fits: Callable[[EntityState], bool]) -> list[Hit]:
        return [
            hit
            for hit in self._fitting[pattern]
            if hit.entity not in self.never
            and fits(self.states[hit.entity])
            and (not pattern.startswith("~") or self.beside(hit))
        ]

    def beside(self, hit: Hit) -> bool:
        """Whether an entity belongs to a device of this brand."""
        return hit.before in self.devices or self.marked(hit.entity)

    def marked(self, entity: str) -> bool:
        """Whether an id has a part that only this brand has."""
        return any(mark in entity for mark in self.brand.marks)

    def confidence(self, entity: str, pattern: str) -> float:
        """The confidence (0 to 1) that `entity`, found by `pattern`, is the one meant."""
        own = not pattern.startswith("~") or self.marked(entity)
        return self.brand.sure if own else self.brand.sure - _LESS


def brand_sensors(states: Snapshot) -> list[BrandSensors]:
    """The sensors of each brand among `states`."""
    return [BrandSensors(brand, states) for brand in BRANDS]


def by_brand(there: list[BrandSensors]) -> OptionsByPart:
    """Options by part of the site: "grid", "solar", "battery_soc", "battery_power", "inverter"."""
    found: OptionsByPart = {}
    for sensors in there:
        brand = sensors.brand
        for part, options in (
            ("grid", _grid(sensors)),
            (
                "solar",
                _single(sensors, brand.solar, "solar_entity", is_power, "what the panels give"),
            ),
            (
                "battery_soc",
                _single(sensors, brand.soc, "battery_soc_entity", is_share, "the charge"),
            ),
            ("battery_power", _battery(sensors)),
            ("inverter", _inverter(sensors)),
        ):
            found.setdefault(part, []).extend(options)
    return found


def known(there: list[BrandSensors]) -> frozenset[str]:
    """Sensors that a brand knows, also those that are not what their names suggest."""
    found: set[str] = set()
    for sensors in there:
        of_brand = sensors.hits(_all_patterns(sensors.brand), lambda _: True)
        entities = {hit.entity for one in of_brand for hit in one}
        if entities:
            found |= entities | sensors.never
    return frozenset(found)


def pairs(there: list[BrandSensors]) -> list[tuple[Brand, str, str, str]]:
    """Pairs of sensors that make one: (brand, what it is, sensor of import, sensor of export)."""
    found = []
    for sensors in there:
        brand = sensors.brand
        for pair, what in (
            (brand.pair, "the meter"),
            (brand.total_pair, "the meter, all phases"),
            (brand.battery_pair, "the battery"),
        ):
            for taken, given in _paired(sensors, pair) if pair else ():
                found.append((brand, what, taken, given))
    return found


def _paired(sensors: BrandSensors, pair: tuple[str, str]) -> list[tuple[str, str]]:
    taken, given = (sensors.hits((pattern,), is_power)[0] for pattern in pair)
    others = {(hit.before, hit.phase): hit.entity for hit in given}
    return [
        (hit.entity, others[hit.before, hit.phase])
        for hit in taken
        if (hit.before, hit.phase) in others
    ]


def _all_patterns(brand: Brand) -> tuple[str, ...]:
    """Every pattern of a row by which sensors are found."""
    of_pairs = [p for p in (brand.pair, brand.total_pair, brand.battery_pair) if p]
    return (
        *brand.grid,
        *brand.unsigned,
        *brand.total,
        *brand.solar,
        *brand.inverter,
        *brand.soc,
        *brand.battery,
        *(pattern for pair in of_pairs for pattern in pair),
    )


def by_phase(prefix: str, phases: Mapping[int, str]) -> dict[str, str]:
    """The fields `prefix`_a, _b, _c of the form for sensors by phase (0, 1, 2)."""
    return {f"{prefix}_{PHASES[place].lower()}": phases[place] for place in sorted(phases)}


def _grid(sensors: BrandSensors) -> list[Option]:
    brand, found = sensors.brand, []
    sign = (
        "shows export as positive, so the sign is turned round"
        if brand.invert
        else "shows export as negative"
    )
    for fits, unit, rank in ((is_current, "current", SIGNED_A), (is_power, "power", SIGNED_W)):
        for pattern, there in zip(brand.grid, sensors.hits(brand.grid, fits), strict=True):
            for _, phases in phase_sets(there):
                reason = f"{brand.name}: {unit} of each phase at the meter; it {sign}."
                values = {**by_phase("grid", phases), "invert": brand.invert}
                sure = sensors.confidence(phases[0], pattern)
                found.append(Option(values, sure, reason, rank, brand.name, _note(brand)))
    for pattern, there in zip(brand.total, sensors.hits(brand.total, is_power), strict=True):
        for hit in there:
            reason = (
                f"{brand.name}: power at the meter, all phases together (enough only for a house "
                f"with one phase); it {sign}."
            )
            sure = sensors.confidence(hit.entity, pattern)
            values = {"grid_a": hit.entity, "invert": brand.invert}
            found.append(Option(values, sure, reason, TOTAL_W, brand.name, _note(brand)))
    for there in sensors.hits(brand.unsigned, is_current):
        for _, phases in phase_sets(there):
            reason = (
                f"{brand.name}: current of each phase, without a sign: export looks like import."
            )
            values = {**by_phase("grid", phases), "invert": False}
            found.append(Option(values, 0.4, reason, UNSIGNED, brand.name, _note(brand)))
    return found


def _single(
    sensors: BrandSensors,
    patterns: tuple[str, ...],
    name: str,
    fits: Callable[[EntityState], bool],
    what: str,
) -> list[Option]:
    found = []
    # The first pattern of a row is the most likely one.
    for place, (pattern, there) in enumerate(
        zip(patterns, sensors.hits(patterns, fits), strict=True)
    ):
        for hit in there:
            sure = sensors.confidence(hit.entity, pattern) - place * _LESS
            reason = f"{sensors.brand.name}: {what}."
            values = {name: hit.entity}
            found.append(Option(values, sure, reason, 0, sensors.brand.name, _note(sensors.brand)))
    return found


def _battery(sensors: BrandSensors) -> list[Option]:
    brand = sensors.brand
    way = (
        "charging is positive, so its sign is turned round"
        if brand.battery_invert
        else "discharging is positive"
    )
    options = _single(sensors, brand.battery, "battery_power_entity", is_power, f"{way}")
    flag = {"battery_invert": brand.battery_invert}
    return [
        Option({**o.values, **flag}, o.confidence, o.reason, o.rank, o.brand, o.notes)
        for o in options
    ]


def _inverter(sensors: BrandSensors) -> list[Option]:
    brand, found = sensors.brand, []
    for fits, unit in ((is_current, "current"), (is_power, "power")):
        for pattern, there in zip(brand.inverter, sensors.hits(brand.inverter, fits), strict=True):
            for _, phases in phase_sets(there):
                reason = f"{brand.name}: {unit} that the inverter gives on each phase."
                sure = sensors.confidence(phases[0], pattern)
                values = by_phase("inverter", phases)
                found.append(Option(values, sure, reason, 0, brand.name, _note(brand)))
    return found


def _note(brand: Brand) -> tuple[str, ...]:
    return (f"{brand.name}: {brand.note}",) if brand.note else ()
