"""The kinds of faults, the parts of a house that can have them, and the names of these parts.

Names of parts: `grid`, `grid A`, `circuit garage`, `circuit garage B`, `inverter`, `inverter A`,
`solar`, `battery power`, `battery soc`, `charger left`, `plug boiler` (its switch) and
`plug boiler power`; what concerns the whole house has no such name ("").
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from .. import names
from ..checks import named
from ..scenario import Scenario

CHARGER_KEYS = (
    "status_connector", "transaction_id", "current_import", "power_active_import",
)  # fmt: skip
"""Keys of the entities that a charger has here."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fault: what it may be of ("sensor", "charger", "plug", "house"), and how much.

    `amount` names the number that goes with it in a day file ("": none), `usual` is its default.
    """

    of: tuple[str, ...]
    amount: str = ""
    usual: float = 0.0


KINDS: Mapping[str, Kind] = {
    # A sensor: a meter, what measures sun, battery or inverter, or a plug's power.
    "freeze": Kind(("sensor",)),  # value and time of report stay
    "vanish": Kind(("sensor",)),  # the entity is gone
    "unavailable": Kind(("sensor", "plug")),
    "nan": Kind(("sensor",)),
    "text": Kind(("sensor",)),
    "spike": Kind(("sensor",), "by_a", 60.0),  # a report now and then is far off
    "jump": Kind(("sensor",), "by_a", 10.0),  # every report is off
    "sign": Kind(("sensor",)),  # the wrong one
    # A charger.
    "ignore": Kind(("charger",)),  # takes the call and does nothing
    "delay": Kind(("charger",), "late_s", 10.0),  # does it, but later than it usually would
    "reject": Kind(("charger",)),  # the call fails
    "offline": Kind(("charger",)),  # and its entities are unavailable
    "silent": Kind(("charger",)),  # the call fails, its entities stay as they were
    "reboot": Kind(("charger",)),  # offline, without current, then back without any profile
    # A plug.
    "stick": Kind(("plug",)),  # takes the call and does nothing
    # The house.
    "clock": Kind(("house",), "by_s", 60.0),  # Home Assistant's clock is off
    "restart": Kind(("house",), "appear_s", 10.0),  # no runs; then entities come one by one
}


@dataclass(frozen=True, slots=True)
class Fault:
    """Something fails: `what` is a key of KINDS, `of` names a part, from `at` on for `for_s`.

    `at` is epoch s. `amount` is what the kind says: A (of a power sensor: as W, of a charge: %),
    or s.
    """

    what: str
    of: str
    at: float
    for_s: float
    amount: float = 0.0

    @property
    def until(self) -> float:
        """Epoch s at which it is over."""
        return self.at + self.for_s

    def active(self, now: float) -> bool:
        """Whether it is going on at `now`."""
        return self.at <= now < self.until

    def words(self) -> str:
        """What fails, for people: "grid A: jump 10 A"."""
        unit = "A" if KINDS[self.what].amount.endswith("_a") else "s"
        much = f" {self.amount:g} {unit}" if KINDS[self.what].amount else ""
        return f"{self.of or 'Home Assistant'}: {self.what}{much}"


@dataclass(frozen=True, slots=True)
class Target:
    """What a name means: a kind of part, the circuit or load it is or belongs to, its entities.

    `phases` are those of the site that a meter's entities measure.
    """

    kind: str
    id: str = ""
    entities: tuple[str, ...] = ()
    phases: tuple[str, ...] = ()


def target_of(of: str, scenario: Scenario) -> Target:
    """The part of the house that `of` names; raises ValueError with the reason if there is none."""
    found = {" ".join(words): target for words, target in _targets(scenario)}
    if of in found:
        return found[of]
    raise ValueError(
        f"there is no '{named(of)}' in this house; there are {', '.join(filter(None, found))}"
    )


def _targets(scenario: Scenario) -> Iterator[tuple[tuple[str, ...], Target]]:
    """Everything that may fail, by the words of its name."""
    yield (), Target("house")
    yield from _metered(scenario, ("grid",), "main", names.grid)
    for circuit in scenario.circuits:
        if circuit.measured:
            entity = partial(names.circuit, circuit.id)
            yield from _metered(scenario, ("circuit", circuit.id), circuit.id, entity)
    if scenario.inverter.output_measured:
        yield from _metered(scenario, ("inverter",), "inverter", names.inverter)
    if scenario.solar.measured:
        yield ("solar",), Target("sensor", "solar", (names.SOLAR,))
    if scenario.battery:
        yield ("battery", "power"), Target("sensor", "battery", (names.BATTERY_POWER,))
        yield ("battery", "soc"), Target("sensor", "battery", (names.BATTERY_SOC,))
    for load in scenario.loads:
        if load.type == "charger":
            entities = tuple(names.charger(load.id, key) for key in CHARGER_KEYS)
            yield ("charger", load.id), Target("charger", load.id, entities)
        else:
            power = names.plug_power(load.id)
            yield ("plug", load.id), Target("plug", load.id, (names.switch(load.id), power))
            yield ("plug", load.id, "power"), Target("sensor", load.id, (power,))


def _metered(
    scenario: Scenario, words: tuple[str, ...], owner: str, entity: Callable[[str], str]
) -> Iterator[tuple[tuple[str, ...], Target]]:
    """A sensor for each phase: all of them, and each by itself."""
    phases = tuple(scenario.site.phases)
    yield words, Target("sensor", owner, tuple(entity(phase) for phase in phases), phases)
    for phase in phases:
        yield (*words, phase), Target("sensor", owner, (entity(phase),), (phase,))
