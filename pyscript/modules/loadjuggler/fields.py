"""The fields of every form, as data: name, type, unit, range, default, and what people read.

`contract` reads forms by this table; `script/generate` writes the blueprints, the descriptions
of the register services and docs/blueprints.md from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .modes import DISTRIBUTIONS, for_kind
from .units import LEGS, PHASES

NOT_WIRED = "none"
"""Choice of a leg that is wired to no phase."""

Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form.

    `type` is "text", "number", "choice", "flag" or "entity". `label` and `help` are what the
    form shows; error sentences start with the label. `default` is the value of a field that
    is not filled in (`None`: there is none). `choices` are (value, label) pairs, `aliases` old
    names of them. `domains` are the kinds of entity that can be chosen.
    """

    name: str
    type: str
    label: str
    help: str
    section: str
    required: bool = False
    default: Any = None
    unit: str = ""
    low: float | None = None
    high: float | None = None
    step: float = 1
    whole: bool = False
    choices: Choices = ()
    aliases: Choices = ()
    domains: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a form; all but the first are collapsed."""

    key: str
    name: str
    help: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of node: what its form is called, says, and asks."""

    name: str
    title: str
    help: str
    sections: tuple[Section, ...]
    fields: tuple[Field, ...]

    def field(self, name: str) -> Field:
        """Return the field called `name`."""
        return next(field for field in self.fields if field.name == name)


_MEASURED = ("sensor", "input_number", "number")
_NUMBERS = ("input_number", "number", "sensor")
_TEXTS = ("input_select", "select", "input_text", "sensor")


def _name(what: str, example: str) -> Field:
    return Field(
        "name",
        "text",
        "Name",
        f"How this {what} is called in sentences and in the names of its sensors, e.g. {example}.",
        "main",
        required=True,
    )


def _entity(name: str, label: str, text: str, section: str, domains: tuple[str, ...]) -> Field:
    return Field(name, "entity", label, text, section, domains=domains)


def _override(name: str, label: str, section: str, domains: tuple[str, ...] = _NUMBERS) -> Field:
    text = f"Optional. An entity that says it at run time and wins over the {label.lower()} above."
    return _entity(name, f"{label}: entity", text, section, domains)


def _amps(name: str, label: str, text: str, section: str, default: float | None) -> Field:
    high = 250
    return Field(
        name, "number", label, text, section, default=default, unit="A", low=0, high=high, step=0.1
    )


def _phase_meter(name: str, phase: str, what: str, section: str) -> Field:
    text = (
        f"Sensor of the current (A) or power (W, kW) of {what} on phase {phase}; the unit is read "
        "from the sensor. Import is positive, export negative."
    )
    return _entity(name, f"Meter, phase {phase}", text, section, _MEASURED)


_INVERT = Field(
    "invert",
    "flag",
    "Turn the sign round",
    "Tick this if the sensors show export as positive.",
    "meter",
    default=False,
)
_CIRCUIT = Field(
    "circuit",
    "text",
    "Breaker",
    "Name of the circuit that it hangs on, as written in that circuit's form. Empty: the main "
    "breaker.",
    "main",
)
_PRIORITY = (
    Field(
        "priority",
        "number",
        "Priority",
        "1 goes first, 10 last.",
        "sharing",
        default=5,
        low=1,
        high=10,
        whole=True,
    ),
    _override("priority_entity", "Priority", "sharing"),
)


def _mode(kind: str) -> tuple[Field, ...]:
    choices = tuple((mode.name, mode.label) for mode in for_kind(kind))
    same_rule = ("continuous", "standard") if kind == "charger" else ("standard", "continuous")
    return (
        Field(
            "mode",
            "choice",
            "Mode",
            "What the load may take, and when.",
            "main",
            default=choices[0][0],
            choices=choices,
            aliases=(same_rule,),
        ),
        _override("mode_entity", "Mode", "sharing", _TEXTS),
    )


def _legs(defaults: tuple[str, str, str]) -> tuple[Field, ...]:
    choices = (*((phase, f"Phase {phase}") for phase in PHASES), (NOT_WIRED, "not connected"))
    return tuple(
        Field(
            f"leg_{leg.lower()}",
            "choice",
            f"Leg {leg}",
            f"Phase of the house that the load's own {leg} is wired to.",
            "wiring",
            default=default,
            choices=choices,
        )
        for leg, default in zip(LEGS, defaults, strict=True)
    )


_SITE = Kind(
    "site",
    "Load Juggler site",
    "The house: its phases, its main breaker and the meter of the grid connection. Make one.",
    (
        Section("main", "The house", "What is on the main breaker and on the electricity bill."),
        Section("meter", "Grid meter", "One sensor for each phase that the house has."),
        Section("limits", "Further limits", "Entities that change limits, and the import limit."),
    ),
    (
        _name("site", "Home"),
        Field(
            "phases",
            "choice",
            "Phases",
            "How many phases the grid connection has.",
            "main",
            default="ABC",
            choices=(("A", "1 (A)"), ("AB", "2 (A, B)"), ("ABC", "3 (A, B, C)")),
        ),
        Field(
            "main_breaker_a",
            "number",
            "Main breaker",
            "What is written on the main breaker, per phase.",
            "main",
            default=25,
            unit="A",
            low=1,
            high=1000,
            step=1,
        ),
        Field(
            "distribution",
            "choice",
            "Sharing",
            "How loads of the same urgency share what is there.",
            "main",
            default="priority",
            choices=tuple(DISTRIBUTIONS.items()),
        ),
        *(_phase_meter(f"grid_{p.lower()}", p, "the grid connection", "meter") for p in PHASES),
        _INVERT,
        Field(
            "voltage_v",
            "number",
            "Voltage",
            "Nominal voltage from phase to neutral.",
            "limits",
            default=230,
            unit="V",
            low=50,
            high=500,
        ),
        _override("main_breaker_entity", "Main breaker", "limits"),
        Field(
            "reserve_a",
            "number",
            "Reserve",
            "Current per phase that is never handed out.",
            "limits",
            default=0,
            unit="A",
            low=0,
            high=100,
            step=0.5,
        ),
        Field(
            "max_import_w",
            "number",
            "Import limit",
            "Optional. The most power taken from the grid, all phases together.",
            "limits",
            unit="W",
            low=0,
            high=1_000_000,
            step=10,
        ),
        _override("max_import_entity", "Import limit", "limits"),
        Field(
            "power_buffer_w",
            "number",
            "Power buffer",
            "Power kept free below the import limit.",
            "limits",
            default=0,
            unit="W",
            low=0,
            high=100_000,
            step=10,
        ),
        _override("power_buffer_entity", "Power buffer", "limits"),
        _override("distribution_entity", "Sharing", "limits", _TEXTS),
    ),
)

_CIRCUIT_KIND = Kind(
    "circuit",
    "Load Juggler circuit",
    "A breaker below the main one, such as the garage. Circuits may hang on other circuits.",
    (
        Section("main", "The breaker", "Its name, its limit, and the breaker above it."),
        Section("meter", "Its own meter", "Only if other things than Load Juggler's hang on it."),
    ),
    (
        _name("circuit", "Garage"),
        Field(
            "limit_a",
            "number",
            "Limit",
            "What is written on the breaker, per phase.",
            "main",
            required=True,
            unit="A",
            low=1,
            high=1000,
            step=1,
        ),
        _override("limit_entity", "Limit", "meter"),
        Field(
            "parent",
            "text",
            "Breaker above",
            "Name of the circuit that feeds this one. Empty: the main breaker.",
            "main",
        ),
        *(_phase_meter(f"meter_{p.lower()}", p, "this breaker", "meter") for p in PHASES),
        _INVERT,
        Field(
            "reserve_a",
            "number",
            "Reserve",
            "Current per phase that is never handed out.",
            "meter",
            default=0,
            unit="A",
            low=0,
            high=100,
            step=0.5,
        ),
    ),
)

_CHARGER = Kind(
    "charger",
    "Load Juggler OCPP charger",
    "A charger that is connected to Home Assistant's OCPP integration. One for each connector.",
    (
        Section("main", "The charger", "Which one it is, where it hangs, and how it charges."),
        Section("wiring", "Legs and phases", "Change these if the phases are rotated or fewer."),
        Section("sharing", "Limits and priority", "The currents the car and the cable can take."),
        Section("sensors", "Its sensors", "Only if Load Juggler does not find them by itself."),
    ),
    (
        _name("charger", "Left car"),
        Field(
            "devid",
            "text",
            "Charge point id",
            "The id of the charger in the OCPP integration, the part after 'sensor.' in "
            "sensor.charger_status_connector: here 'charger'.",
            "main",
            required=True,
        ),
        _CIRCUIT,
        *_mode("charger"),
        Field(
            "connector",
            "number",
            "Connector",
            "1, or 2 for the second plug of a station.",
            "main",
            default=1,
            low=1,
            high=10,
            whole=True,
        ),
        *_legs(PHASES),
        _amps(
            "min_current_a",
            "Minimum current",
            "Less than this is a pause. The standard says 6 A.",
            "sharing",
            6,
        ),
        _override("min_current_entity", "Minimum current", "sharing"),
        _amps(
            "max_current_a",
            "Maximum current",
            "The most that charger, cable and car should take, per phase.",
            "sharing",
            16,
        ),
        _override("max_current_entity", "Maximum current", "sharing"),
        Field(
            "step_a",
            "number",
            "Step",
            "Set 1 for a charger that only takes whole amperes.",
            "sharing",
            default=0.1,
            unit="A",
            low=0.1,
            high=16,
            step=0.1,
        ),
        *_PRIORITY,
        _entity(
            "status_entity",
            "Status",
            "Optional. Status of the connector (Available, Charging, ...).",
            "sensors",
            ("sensor",),
        ),
        _entity(
            "current_entity",
            "Current",
            "Optional. Current import, with L1, L2 and L3 as attributes or as one number.",
            "sensors",
            _MEASURED,
        ),
        *(
            _entity(
                f"current_{leg.lower()}_entity",
                f"Current {leg}",
                f"Optional. A sensor of the current of leg {leg} alone.",
                "sensors",
                _MEASURED,
            )
            for leg in LEGS
        ),
        _entity(
            "power_entity",
            "Power",
            "Optional. Power import; used where there is no current.",
            "sensors",
            _MEASURED,
        ),
        _entity(
            "transaction_entity",
            "Transaction id",
            "Optional. Id of the running charging session.",
            "sensors",
            ("sensor",),
        ),
    ),
)

_PLUG = Kind(
    "plug",
    "Load Juggler plug",
    "A load behind a switch: a boiler, a heater, a pool pump.",
    (
        Section("main", "The plug", "Its switch, where it hangs, and when it runs."),
        Section("wiring", "Legs and phases", "Which phase it is plugged into."),
        Section("sharing", "Priority and measuring", "Who goes first, and a power sensor."),
    ),
    (
        _name("plug", "Boiler"),
        Field(
            "switch",
            "entity",
            "Switch",
            "The switch that turns it on and off.",
            "main",
            required=True,
            domains=("switch", "input_boolean"),
        ),
        Field(
            "power_w",
            "number",
            "Power",
            "What it takes when it runs, all phases together. A power sensor corrects it.",
            "main",
            required=True,
            unit="W",
            low=1,
            high=100_000,
            step=10,
        ),
        _CIRCUIT,
        *_mode("plug"),
        *_legs(("A", NOT_WIRED, NOT_WIRED)),
        Field(
            "essential",
            "flag",
            "Essential",
            "Never switched off by Load Juggler; while it is on it comes before everything else.",
            "sharing",
            default=False,
        ),
        *_PRIORITY,
        _entity(
            "power_entity",
            "Power sensor",
            "Optional. A sensor of the power that the plug takes now.",
            "sharing",
            _MEASURED,
        ),
    ),
)

KINDS: Mapping[str, Kind] = {kind.name: kind for kind in (_SITE, _CIRCUIT_KIND, _CHARGER, _PLUG)}
