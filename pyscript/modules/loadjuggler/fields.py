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
        f"What you call this {what}, e.g. {example}. Its sensors are named after it.",
        "main",
        required=True,
    )


def _entity(name: str, label: str, text: str, section: str, domains: tuple[str, ...]) -> Field:
    return Field(name, "entity", label, text, section, domains=domains)


def _override(name: str, label: str, section: str, domains: tuple[str, ...] = _NUMBERS) -> Field:
    text = f"Optional. As long as this entity has a valid value, it replaces the {label.lower()}."
    return _entity(name, f"{label} from an entity", text, section, domains)


def _amps(name: str, label: str, text: str, section: str, default: float | None) -> Field:
    high = 250
    return Field(
        name, "number", label, text, section, default=default, unit="A", low=0, high=high, step=0.1
    )


def _phase_meter(name: str, phase: str, what: str, section: str) -> Field:
    text = (
        f"Current (A) or power (W, kW) of {what} on phase {phase}: positive when taken from the "
        "grid, negative when fed in."
    )
    return _entity(name, f"Meter, phase {phase}", text, section, _MEASURED)


def _invert(section: str) -> Field:
    return Field(
        "invert",
        "flag",
        "Turn the sign round",
        "Switch this on if the meter sensors show what is fed in as positive.",
        section,
        default=False,
    )


def _reserve(section: str) -> Field:
    return Field(
        "reserve_a",
        "number",
        "Reserve",
        "Current per phase that is kept free, never handed out.",
        section,
        default=0,
        unit="A",
        low=0,
        high=100,
        step=0.5,
    )


_CIRCUIT = Field(
    "circuit",
    "text",
    "Breaker",
    "Name of the circuit that feeds it, as you wrote it in that circuit's form. Leave it empty "
    "for the main breaker.",
    "main",
)
_PRIORITY = (
    Field(
        "priority",
        "number",
        "Priority",
        "1 goes first, 10 last. It counts among loads whose modes are equally urgent.",
        "sharing",
        default=5,
        low=1,
        high=10,
        whole=True,
    ),
    _override("priority_entity", "Priority", "sharing"),
    _override("mode_entity", "Mode", "sharing", _TEXTS),
)


def _mode(kind: str) -> Field:
    choices = tuple((mode.name, mode.label) for mode in for_kind(kind))
    same_rule = ("continuous", "standard") if kind == "charger" else ("standard", "continuous")
    return Field(
        "mode",
        "choice",
        "Mode",
        "How it runs. An entity or an automation of yours can change it at any time.",
        "main",
        default=choices[0][0],
        choices=choices,
        aliases=(same_rule,),
    )


def _legs(defaults: tuple[str, str, str]) -> tuple[Field, ...]:
    choices = (*((phase, f"Phase {phase}") for phase in PHASES), (NOT_WIRED, "not connected"))
    return tuple(
        Field(
            f"leg_{leg.lower()}",
            "choice",
            f"Leg {leg}",
            f"Phase of the house that its own terminal {leg} is wired to.",
            "wiring",
            default=default,
            choices=choices,
        )
        for leg, default in zip(LEGS, defaults, strict=True)
    )


_SITE = Kind(
    "site",
    "Load Juggler site",
    "The house: its phases, its main breaker and the meter of the grid connection. Make one, and "
    "only one.",
    (
        Section("main", "The house", "The grid connection and its meter: a sensor for each phase."),
        Section("limits", "Further settings", "An import limit, a reserve, the voltage."),
    ),
    (
        _name("site", "Home"),
        Field(
            "phases",
            "choice",
            "Phases",
            "How many phases the grid connection has. Each needs its meter below.",
            "main",
            default="ABC",
            choices=(("A", "1 (A)"), ("AB", "2 (A, B)"), ("ABC", "3 (A, B, C)")),
        ),
        Field(
            "main_breaker_a",
            "number",
            "Main breaker",
            "What is written on the main breaker, per phase, e.g. 25.",
            "main",
            default=25,
            unit="A",
            low=1,
            high=1000,
            step=1,
        ),
        *(_phase_meter(f"grid_{p.lower()}", p, "the grid connection", "main") for p in PHASES),
        _invert("main"),
        Field(
            "distribution",
            "choice",
            "Sharing",
            "Who gets how much when there is not enough for all.",
            "main",
            default="priority",
            choices=tuple(DISTRIBUTIONS.items()),
        ),
        Field(
            "max_import_w",
            "number",
            "Import limit",
            "Optional. The most that may be taken from the grid, all phases together.",
            "limits",
            unit="W",
            low=0,
            high=1_000_000,
        ),
        _override("max_import_entity", "Import limit", "limits"),
        Field(
            "power_buffer_w",
            "number",
            "Power buffer",
            "How much to stay below the import limit.",
            "limits",
            default=0,
            unit="W",
            low=0,
            high=100_000,
        ),
        _override("power_buffer_entity", "Power buffer", "limits"),
        _reserve("limits"),
        Field(
            "voltage_v",
            "number",
            "Voltage",
            "Between a phase and neutral; 230 V in Europe.",
            "limits",
            default=230,
            unit="V",
            low=50,
            high=500,
        ),
        _override("main_breaker_entity", "Main breaker", "limits"),
        _override("distribution_entity", "Sharing", "limits", _TEXTS),
    ),
)

_CIRCUIT_KIND = Kind(
    "circuit",
    "Load Juggler circuit",
    "A breaker below the main one, such as the garage's. Make one for each that charging could "
    "overload; a circuit may feed other circuits.",
    (
        Section("main", "The breaker", "Its name, its limit, and the breaker above it."),
        Section("meter", "Its own meter", "If other things hang on it too, such as an oven."),
        Section("limits", "Further settings", "A reserve, and a limit that changes."),
    ),
    (
        _name("circuit", "Garage"),
        Field(
            "limit_a",
            "number",
            "Limit",
            "What is written on the breaker, per phase, e.g. 16.",
            "main",
            required=True,
            unit="A",
            low=1,
            high=1000,
            step=1,
        ),
        Field(
            "parent",
            "text",
            "Breaker above",
            "Name of the circuit that feeds this one. Leave it empty for the main breaker.",
            "main",
        ),
        *(_phase_meter(f"meter_{p.lower()}", p, "this breaker", "meter") for p in PHASES),
        _invert("meter"),
        _reserve("limits"),
        _override("limit_entity", "Limit", "limits"),
    ),
)

_CHARGER = Kind(
    "charger",
    "Load Juggler OCPP charger",
    "A charger in Home Assistant's OCPP integration. Make one for each connector (each plug that "
    "a car can be connected to).",
    (
        Section("main", "The charger", "Which one it is, where it hangs, and how it charges."),
        Section(
            "wiring",
            "Legs and phases",
            "If the charger has fewer than three phases, or they are rotated.",
        ),
        Section(
            "sharing",
            "Limits and priority",
            "What charger, cable and car can take, and who goes first.",
        ),
        Section(
            "sensors", "Its sensors", "Needed only if Load Juggler does not find them by itself."
        ),
    ),
    (
        _name("charger", "Left car"),
        Field(
            "devid",
            "text",
            "Charge point id",
            "The id of the charger in the OCPP integration. Its sensors begin with it: for "
            "sensor.charger_status_connector it is charger.",
            "main",
            required=True,
        ),
        Field(
            "connector",
            "number",
            "Connector",
            "1, or 2 for the second connector of a station.",
            "main",
            default=1,
            low=1,
            high=10,
            whole=True,
        ),
        _CIRCUIT,
        _mode("charger"),
        *_legs(PHASES),
        _amps(
            "min_current_a",
            "Minimum current",
            "With less than this the car pauses. Cars need at least 6 A.",
            "sharing",
            6,
        ),
        _override("min_current_entity", "Minimum current", "sharing"),
        _amps(
            "max_current_a",
            "Maximum current",
            "The most that charger, cable and car can take, per phase.",
            "sharing",
            16,
        ),
        _override("max_current_entity", "Maximum current", "sharing"),
        Field(
            "step_a",
            "number",
            "Step",
            "1 for a charger that knows only whole amperes.",
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
            "Optional. The status of the connector: Available, Charging and so on.",
            "sensors",
            ("sensor",),
        ),
        _entity(
            "current_entity",
            "Current",
            "Optional. The current that the car takes, in all or with attributes L1, L2, L3.",
            "sensors",
            _MEASURED,
        ),
        *(
            _entity(
                f"current_{leg.lower()}_entity",
                f"Current {leg}",
                f"Optional. The current of leg {leg} alone, if each leg has its own sensor.",
                "sensors",
                _MEASURED,
            )
            for leg in LEGS
        ),
        _entity(
            "power_entity",
            "Power",
            "Optional. The power that the car takes; used if there is no current.",
            "sensors",
            _MEASURED,
        ),
        _entity(
            "transaction_entity",
            "Transaction id",
            "Optional. The number of the charging session.",
            "sensors",
            ("sensor",),
        ),
    ),
)

_PLUG = Kind(
    "plug",
    "Load Juggler plug",
    "A load that is switched on and off: a boiler, a heater, a pool pump.",
    (
        Section(
            "main",
            "The plug",
            "Its switch, its power and its breaker. Its phase is asked for further down.",
        ),
        Section(
            "wiring",
            "Legs and phases",
            "The phase of its socket; a three-phase load uses all three.",
        ),
        Section("sharing", "Priority and measuring", "Who goes first, and what it really takes."),
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
            "What it takes while it is on, all phases together. A power sensor corrects it.",
            "main",
            required=True,
            unit="W",
            low=1,
            high=100_000,
        ),
        _CIRCUIT,
        _mode("plug"),
        *_legs(("A", NOT_WIRED, NOT_WIRED)),
        Field(
            "essential",
            "flag",
            "Essential",
            "Never switched off by Load Juggler. While it is on, it comes before everything else.",
            "sharing",
            default=False,
        ),
        *_PRIORITY,
        _entity(
            "power_entity",
            "Power sensor",
            "Optional. The power that it takes now, e.g. from the smart plug itself.",
            "sharing",
            _MEASURED,
        ),
    ),
)

KINDS: Mapping[str, Kind] = {kind.name: kind for kind in (_SITE, _CIRCUIT_KIND, _CHARGER, _PLUG)}
