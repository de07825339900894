"""What a form is made of: kinds, sections and fields, and makers of common fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form.

    - `type`: "text", "number", "choice", "flag" or "entity".
    - `label`, `help`: what the form shows; error sentences start with the label.
    - `section`: the key of its section. `default`: its value if it is not filled in.
    - `low`, `high`, `step`, `whole`: range and steps of a number, in `unit`.
    - `choices`: (value, label) pairs. `aliases`: (other name, value) pairs; which words are taken
      for a choice beside these says `config.words`.
    - `domains`: the domains of entities that can be chosen. `shows`: the device classes of sensors
      that can be; empty: any.
    - `use`: what the chosen entity is used for: "measures" something, "acts" on something, or
      "sets" a value of the form; "": it only tells something, such as a status.
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
    shows: tuple[str, ...] = ()
    use: str = ""

    def filters(self) -> list[dict[str, list[str]]]:
        """Which entities can be chosen, as the filters of Home Assistant's entity selector.

        A list of all sensors of a house has hundreds of rows, so only those of a device class that
        fits are offered: [{"domain": ["sensor"], "device_class": ["power"]}, {"domain": [...]}].
        """
        if not self.shows:
            return [{"domain": list(self.domains)}]
        others = [domain for domain in self.domains if domain != "sensor"]
        sensors = {"domain": ["sensor"], "device_class": list(self.shows)}
        return [sensors, {"domain": others}] if others else [sensors]

    def shown_default(self) -> str:
        """The default as people read it, with its unit: "16 A", "on", "none" if there is none."""
        if self.default is None:
            return "none"
        if self.type == "choice":
            return dict(self.choices)[self.default].partition(":")[0]
        if self.type == "flag":
            return "on" if self.default else "off"
        if isinstance(self.default, str):
            return self.default
        return f"{self.default:g} {self.unit}".strip()


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a form; all but the first are collapsed."""

    key: str
    name: str
    help: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of node: the title, help, sections and fields of its form.

    `icon` is that of its first section, `example` the name of such a node, `after_saving` a
    sentence about what there is after the form has been saved.
    """

    name: str
    title: str
    help: str
    sections: tuple[Section, ...]
    fields: tuple[Field, ...]
    icon: str
    example: str
    after_saving: str
    _by_name: dict[str, Field] = field(default_factory=dict, init=False, repr=False, compare=False)
    _blank: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    _needed: list[str] = field(default_factory=list, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Prepare what every reading of such a form needs."""
        self._by_name.update((one.name, one) for one in self.fields)
        self._blank.update((one.name, one.default) for one in self.fields)
        self._needed.extend(one.name for one in self.fields if one.required)

    def field(self, name: str) -> Field:
        """Return the field called `name`; raises KeyError if there is none."""
        return self._by_name[name]

    def by_name(self) -> Mapping[str, Field]:
        """The fields by name, in the order of the form."""
        return self._by_name

    def needed(self) -> Sequence[str]:
        """The names of the fields that must be filled in."""
        return self._needed

    def blank(self) -> dict[str, Any]:
        """The values by name, in the order of the form, of one in which nothing is filled in."""
        return dict(self._blank)


MEASURED = ("sensor", "input_number", "number")


POWERS = ("power", "apparent_power")


FLOWS = ("current", *POWERS)
"""Device classes of what is read in A or W."""


SHARES = ("battery",)
"""The device class of a state of charge."""


NUMBERS = ("input_number", "number", "sensor")


TEXTS = ("input_select", "select", "input_text", "sensor")


SWITCHES = ("input_boolean", "switch", "binary_sensor")


def node_name(what: str, example: str) -> Field:
    """The name of a node; `what` it is and an `example`."""
    named = "" if what == "site" else " Its sensors are named after it."  # a site's have no name
    return Field(
        "name",
        "text",
        "Name",
        f"What you call this {what}, e.g. {example}.{named}",
        "main",
        required=True,
    )


def entity(
    name: str, label: str, text: str, section: str, domains: tuple[str, ...], use: str = ""
) -> Field:
    """An entity to choose, of one of `domains`."""
    return Field(name, "entity", label, text, section, domains=domains, use=use)


def measured(
    name: str, label: str, text: str, section: str, shows: tuple[str, ...] = FLOWS
) -> Field:
    """An entity that measures something; of sensors, one of the device classes in `shows`."""
    return Field(
        name, "entity", label, text, section, domains=MEASURED, shows=shows, use="measures"
    )


def override(
    name: str,
    label: str,
    section: str,
    domains: tuple[str, ...] = NUMBERS,
    choices: Choices = (),
) -> Field:
    """The entity that replaces the field called `label`, of `choices`, while its value is valid."""
    text = f"Optional. As long as this entity has a valid value, it replaces the {label.lower()}."
    if choices:
        *names, last = (shown.partition(":")[0] for _, shown in choices)
        text = (
            f"Optional. While valid, it replaces the {label.lower()}: {', '.join(names)} or "
            f"{last}, as shown or in Slovenian, in any case."
        )
    return entity(name, f"{label} from an entity", text, section, domains, "sets")


def amps(name: str, label: str, text: str, section: str, default: float | None) -> Field:
    """A current in A per phase."""
    high = 250
    return Field(
        name, "number", label, text, section, default=default, unit="A", low=0, high=high, step=0.1
    )


def watts(name: str, label: str, text: str, section: str, default: float | None) -> Field:
    """A power in W over all phases."""
    high = 1_000_000
    return Field(name, "number", label, text, section, default=default, unit="W", low=0, high=high)


def pct(name: str, label: str, text: str, section: str, default: float) -> Field:
    """A share in %."""
    return Field(name, "number", label, text, section, default=default, unit="%", low=0, high=100)


def minutes(name: str, label: str, text: str, section: str, default: float) -> Field:
    """A duration in minutes."""
    return Field(
        name,
        "number",
        label,
        text,
        section,
        default=default,
        unit="min",
        low=0,
        high=1440,
        step=0.5,
    )


def flag(name: str, label: str, text: str, section: str, *, default: bool) -> Field:
    """Something that is on or off."""
    return Field(name, "flag", label, text, section, default=default)


def phase_meter(name: str, phase: str, what: str, section: str) -> Field:
    """The meter of `what` on `phase`."""
    text = (
        f"Current (A) or power (W, kW) of {what} on phase {phase}: positive when taken from the "
        "grid, negative when fed in."
    )
    return measured(name, f"Meter, phase {phase}", text, section)


def invert(section: str) -> Field:
    """Whether the meters show export as positive."""
    text = "Switch this on if the meter sensors show what is fed in as positive."
    return flag("invert", "Turn the sign round", text, section, default=False)


def interval(name: str, section: str) -> Field:
    """How often a meter reports."""
    return Field(
        name,
        "number",
        "Meter interval",
        "Optional. How often the meter reports at least. If it is silent for twice as long, it is "
        "taken to be frozen, whatever it shows.",
        section,
        unit="s",
        low=1,
        high=3600,
    )


def reserve(section: str) -> Field:
    """A that a breaker keeps free."""
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
