"""Scenario files: YAML to Scenario, with everything that is wrong told at once.

First each value is read by the tables below, then what the values say together is checked
(`simulator.scenario_sense`). Every sentence names the scenario, the key and the reason.
"""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from loadjuggler.site.modes import DISTRIBUTIONS
from loadjuggler.units import LEGS, PHASES

from . import checks
from .checks import Key, read_keys, same_as, table
from .scenario import (
    Battery,
    CircuitSpec,
    Expected,
    Inverter,
    LoadSpec,
    Scenario,
    SiteSpec,
    Solar,
)
from .scenario_sense import contradictions

MODES = ("standard", "continuous", "solar_priority", "solar_only", "excess", "boost", "off")
OLD_MODES = {"eco": "solar_priority", "solar": "solar_only"}
STATUSES = (
    "Available",
    "Preparing",
    "Charging",
    "SuspendedEVSE",
    "SuspendedEV",
    "Finishing",
    "Reserved",
    "Unavailable",
    "Faulted",
)

_WATTS = checks.number(0, unit="W")
_AMPS = checks.number(0, unit="A")
_PERCENT = checks.number(0, 100, "%")

_SCENARIO = table(
    Key("name", checks.identifier, "", required=True),
    Key("group", checks.text, ""),
    Key("verified", checks.flag, False),
    Key("because", checks.text, ""),
    Key("site", checks.anything, {}),
    Key("household", checks.anything, {}),
    Key("solar", checks.anything, {}),
    Key("inverter", checks.anything, {}),
    Key("battery", checks.anything),
    Key("circuits", checks.anything, ()),
    Key("loads", checks.anything, (), required=True),
    Key("expected", checks.anything, {}),
)
_SITE = table(
    Key("voltage", same_as("site", "voltage_v"), 230.0),
    Key("phases", checks.choice(checks.choices_of("site", "phases")), "ABC"),
    Key("main_breaker", same_as("site", "main_breaker_a"), 25.0),
    Key("max_import_power", same_as("site", "max_import_w")),
    Key("power_buffer", same_as("site", "power_buffer_w"), 0.0),
    Key("distribution", checks.choice(DISTRIBUTIONS), "priority"),
    Key("allow_grid_charging", checks.flag, True),
    Key("excess_threshold", _WATTS, 13000.0),
    Key("battery_follows_load", checks.flag, True),
)
_BY_PHASE = table(*(Key(phase, _AMPS) for phase in PHASES))
_SOLAR = table(Key("power", _WATTS, 0.0), Key("measured", checks.flag, False))
_INVERTER = table(
    Key("max_power", _WATTS),
    Key("max_power_per_phase", _WATTS),
    Key("asymmetric", checks.flag, False),
    Key("topology", checks.choice(("parallel", "series")), "parallel"),
    Key("output_measured", checks.flag, False),
)
_BATTERY = table(
    Key("soc", _PERCENT, 0.0, required=True),
    Key("soc_min", _PERCENT, 20.0),
    Key("soc_target", _PERCENT, 80.0),
    Key("soc_hysteresis", _PERCENT, 3.0),
    Key("max_charge_power", _WATTS, 5000.0),
    Key("max_discharge_power", _WATTS, 5000.0),
    Key("phase", checks.choice(PHASES)),
)
_CIRCUIT = table(
    Key("id", checks.identifier, "", required=True),
    Key("limit", same_as("circuit", "limit_a"), 1.0, required=True),
    Key("parent", checks.identifier, "main"),
    Key("loads", checks.identifiers, ()),
    Key("household", checks.anything, {}),
    Key("measured", checks.flag, False),
)
_ANY_LOAD = (
    Key("id", checks.identifier, "", required=True),
    Key("type", checks.choice(("charger", "plug")), required=True),
    Key("phases", checks.anything, {}, required=True),
    Key("priority", same_as("charger", "priority"), 5.0),
    Key("status", checks.choice(STATUSES), "Available", required=True),
    Key("essential", checks.flag, False),
)
_LOADS = {
    "charger": table(
        *_ANY_LOAD,
        Key("mode", checks.choice(MODES, OLD_MODES), "standard"),
        Key("min_current", same_as("charger", "min_current_a"), 6.0),
        Key("max_current", same_as("charger", "max_current_a"), 16.0),
        Key("allow_remap", checks.flag, False),
    ),
    "plug": table(
        *_ANY_LOAD,
        Key("mode", checks.choice(MODES, OLD_MODES), "continuous"),
        Key("power", same_as("plug", "power_w"), 1.0, required=True),
    ),
}
_LEGS = table(*(Key(leg, checks.choice(PHASES)) for leg in LEGS))
_EXPECTED = table(Key("allocated", _AMPS), Key("available", _AMPS))


class Refused(Exception):
    """Scenarios that can't be used; `errors` has a line for each reason."""

    def __init__(self, errors: list[str]) -> None:
        """Keep all lines; the message joins them."""
        super().__init__("\n".join(errors))
        self.errors = errors


def read_file(path: str | Path) -> list[Scenario]:
    """All scenarios of a YAML file, in its order. Raises Refused with everything that is wrong."""
    with _without_collector():
        data = load_yaml(path)
        if not isinstance(data, Mapping) or set(data) != {"scenarios"}:
            raise Refused([f"{path}: one key 'scenarios' with a list of them is needed"])
        if not isinstance(data["scenarios"], list):
            raise Refused([f"{path}: scenarios: {checks.shown(data['scenarios'])} is not a list"])
        return read_all(data["scenarios"])


def load_yaml(path: str | Path) -> Any:
    """What a YAML file holds, as plain data. Raises Refused if it can't be read."""
    try:
        with _without_collector(), open(path, encoding="utf-8") as file:
            return yaml.load(file, Loader=_Loader)
    except OSError as error:
        raise Refused([f"{path}: {error.strerror}"]) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise Refused([f"{path}: not readable as YAML: {' '.join(str(error).split())}"]) from error


@contextmanager
def _without_collector() -> Iterator[None]:
    """Nothing of what is read is garbage before the end, so the collector need not look for it."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def read_all(given: list[Any]) -> list[Scenario]:
    """Scenarios from plain data. Raises Refused with everything that is wrong with any of them."""
    found, errors = [], []
    names = Counter(item.get("name") for item in given if _has_name(item))
    for position, item in enumerate(given, 1):
        name = item["name"] if _has_name(item) else f"scenario {position}"
        wrong: list[str] = []
        if names[name] > 1:
            names[name] = 0
            wrong.append("name: there is more than one scenario of this name")
        scenario = _scenario(item, wrong)
        found.append(scenario)
        errors += [f"{checks.named(name)}: {error}" for error in wrong or contradictions(scenario)]
    if errors:
        raise Refused(errors)
    return found


def _has_name(item: Any) -> bool:
    return isinstance(item, Mapping) and isinstance(item.get("name"), str)


def _scenario(given: Any, errors: list[str]) -> Scenario:
    values = read_keys(_SCENARIO, given, "", errors)
    site = SiteSpec(**read_keys(_SITE, values["site"], "site", errors))
    battery = None
    if values["battery"] is not None:
        battery = Battery(**read_keys(_BATTERY, values["battery"], "battery", errors))
    expected = values["expected"]
    if not isinstance(expected, Mapping):
        errors.append(f"expected: {checks.shown(expected)} is not a mapping of loads to values")
        expected = {}
    return Scenario(
        name=values["name"],
        group=values["group"],
        verified=values["verified"],
        because=values["because"],
        site=site,
        household=_amps_by_phase(values["household"], site, "household", errors),
        solar=Solar(**read_keys(_SOLAR, values["solar"], "solar", errors)),
        inverter=Inverter(**read_keys(_INVERTER, values["inverter"], "inverter", errors)),
        battery=battery,
        circuits=tuple(
            _circuit(item, where, site, errors)
            for item, where in items(values["circuits"], "circuits", errors)
        ),
        loads=tuple(
            _load(item, where, site, errors)
            for item, where in items(values["loads"], "loads", errors)
        ),
        expected={
            load if isinstance(load, str) else checks.named(load): Expected(
                **read_keys(_EXPECTED, item, f"expected.{checks.named(load)}", errors)
            )
            for load, item in expected.items()
        },
    )


def items(given: Any, where: str, errors: list[str]) -> list[tuple[Any, str]]:
    """Members of a list, each with what it is called in sentences: its id, else its number."""
    if not isinstance(given, list | tuple):
        errors.append(f"{where}: {checks.shown(given)} is not a list")
        return []
    names = [item.get("id") if isinstance(item, Mapping) else None for item in given]
    return [
        (
            item,
            f"{where}.{checks.named(name)}"
            if isinstance(name, str) and name
            else f"{where}[{position}]",
        )
        for position, (item, name) in enumerate(zip(given, names, strict=True), 1)
    ]


def _amps_by_phase(given: Any, site: SiteSpec, where: str, errors: list[str]) -> dict[str, float]:
    """A by phase for the phases that are named."""
    values = read_keys(_BY_PHASE, given, where, errors)
    for phase in values:
        if values[phase] is not None and phase not in site.phases:
            errors.append(f"{where}.{phase}: the site has only {', '.join(site.phases)}")
    return {phase: amps for phase, amps in values.items() if amps is not None}


def _circuit(given: Any, where: str, site: SiteSpec, errors: list[str]) -> CircuitSpec:
    values = read_keys(_CIRCUIT, given, where, errors)
    household = _amps_by_phase(values["household"], site, f"{where}.household", errors)
    return CircuitSpec(**{**values, "household": household})


def _load(given: Any, where: str, site: SiteSpec, errors: list[str]) -> LoadSpec:
    kind = given.get("type") if isinstance(given, Mapping) else None
    values = read_keys(_LOADS["plug" if kind == "plug" else "charger"], given, where, errors)
    legs = read_keys(_LEGS, values["phases"], f"{where}.phases", errors)
    wired = {leg: phase for leg, phase in legs.items() if phase is not None}
    if values["phases"] == {}:
        errors.append(f"{where}.phases: no leg is wired to a phase")
    for leg, phase in wired.items():
        if phase not in site.phases:
            errors.append(f"{where}.phases.{leg}: {phase} is none of {', '.join(site.phases)}")
    return LoadSpec(**{**values, "phases": wired})


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """The safe loader, in C where there is one, that refuses a key given twice.

    A file of many scenarios says the same words again and again: what they mean is kept.
    """

    _depth = 0

    def resolve(self, kind: type[yaml.Node], value: Any, implicit: Any) -> str:
        """Return the tag of a node: "10" without quotes is a number."""
        if kind is yaml.ScalarNode and implicit[0]:
            return _plain_tag(value)
        tag: str = super().resolve(kind, value, implicit)
        return tag

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        """Make the value of a node; a text is its own value. Raises ConstructorError."""
        if node.tag == _TEXT and isinstance(node, yaml.ScalarNode):
            return node.value
        try:
            return super().construct_object(node, deep=deep)
        except (ValueError, LookupError, AttributeError, TypeError, OverflowError) as error:
            kind = node.tag.rpartition(":")[2]  # the loader's own errors name no place
            raise yaml.constructor.ConstructorError(
                None, None, f"{checks.shown(node.value)} is no {kind}", node.start_mark
            ) from error

    def descend_resolver(self, node: yaml.Node | None, _: Any) -> None:
        """Count how deep the next node is. Raises ComposerError before the stack ends."""
        self._depth += 1
        if self._depth > DEEPEST:
            mark = node.start_mark if node else None
            raise yaml.composer.ComposerError(None, None, "it is nested too deeply", mark)

    def ascend_resolver(self) -> None:
        """Count that a node has ended."""
        self._depth -= 1

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        """Take in what is merged (`<<`). Raises ConstructorError where that has no end."""
        super().flatten_mapping(node)
        if len(node.value) > MOST_KEYS:
            raise yaml.constructor.ConstructorError(
                None, None, f"it has more than {MOST_KEYS} keys", node.start_mark
            )

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Make a mapping; raises ConstructorError where a key comes twice."""
        seen = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(
                    None, None, "a key must be a text, not a list or mapping", key.start_mark
                )
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None,
                    None,
                    f"the key '{checks.named(key.value)}' is given twice",
                    key.start_mark,
                )
            seen.add(key.value)
        made: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        return made


DEEPEST = 40
"""So many values may be in one another; a day file has seven."""

MOST_KEYS = 1000
"""So many keys a mapping may have with all that is merged into it (`<<`); a load has twenty."""

_TEXT = "tag:yaml.org,2002:str"
"""The tag of a text."""


@lru_cache(maxsize=4096)
def _plain_tag(value: str) -> str:
    """The tag of a text without quotes. It depends on the text only, as no paths have tags."""
    resolver = yaml.resolver.Resolver()
    tag: str = resolver.resolve(  # type: ignore[no-untyped-call]  # its stubs have no types
        yaml.ScalarNode, value, (True, False)
    )
    return tag
