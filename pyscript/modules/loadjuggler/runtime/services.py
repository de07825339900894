"""The services of Load Juggler as data: names, texts and fields.

Home Assistant shows a service by its description: a name, a text, and its fields, each with a
selector. The shell registers each service as `pyscript.loadjuggler_<name>` and hands its
description to `homeassistant.helpers.service.async_set_service_schema`. What a service does is in
`answers`, under the same name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..config.kinds import KINDS
from ..config.parse import CONTRACT
from ..forms.field import Field, Kind
from ..logbook import history
from ..site.modes import MODES
from .requests import MOST_MINUTES
from .rights import REGISTER, Right, needed

Description = dict[str, Any]
"""What async_set_service_schema takes: `name`, `description` and `fields` by name."""


OPTIONAL, ONLY = "optional", "only"
"""Whether a caller may ask for the response, or must, because the service does nothing else."""


@dataclass(frozen=True, slots=True)
class Service:
    """A service `pyscript.loadjuggler_<name>`, with the `title` and `text` that people read.

    `fields` are by name, in Home Assistant's format. `response` is OPTIONAL or ONLY.
    """

    name: str
    title: str
    text: str
    fields: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    response: str = OPTIONAL

    def description(self) -> Description:
        """What Home Assistant shows of the service."""
        fields = {name: dict(one) for name, one in self.fields.items()}
        return {
            "name": f"Load Juggler, {self.title}",
            "description": f"{self.text}{_WHO[needed(self.name)]}",
            "fields": fields,
        }


_WHO = {Right.READ: "", Right.CONTROL: "", Right.ADMINISTER: " For administrators."}


def _field(
    name: str, text: str, example: Any, selector: Mapping[str, Any], *, required: bool = False
) -> dict[str, Any]:
    """A field of a service in Home Assistant's format."""
    made = {"name": name, "description": text, "example": example, "selector": selector}
    return made | {"required": True} if required else made


def _number(low: float, high: float, unit: str = "", step: float | None = None) -> dict[str, Any]:
    """The selector of a number from `low` to `high`."""
    made: dict[str, Any] = {"min": low, "max": high}
    if step is not None:
        made["step"] = step
    if unit:
        made["unit_of_measurement"] = unit
    return {"number": made | {"mode": "box"}}


def _choice(options: list[str]) -> dict[str, Any]:
    """The selector of one of `options`."""
    return {"select": {"options": options}}


def _entity(*domains: str) -> dict[str, Any]:
    """The selector of an entity of one of `domains`."""
    return {"entity": {"filter": [{"domain": list(domains)}]}}


_TEXT: dict[str, Any] = {"text": {}}


# --- services that take in forms ------------------------------------------------------------------


_EXAMPLES: Mapping[str, Any] = {
    "notify_target": "notify.mobile_app_phone",
    "circuit": "Garage",
    "devid": "charger",
    "limit_a": 16,
    "max_import_w": 17250,
    "parent": "Outbuilding",
    "power_w": 2000,
    "excess_threshold_w": 3000,
    "fallback_current_a": 6,
    "grid_interval_s": 5,
    "meter_interval_s": 10,
    "step_a": 0.1,
    "stack_level": 0,
    "report_interval_s": 15,
    "offline_s": 180,
    "inverter_max_w": 10000,
    "setting_step": 1,
    "status_charging": "Laden",
    "status_connected": "Bereit, Verbunden",
    "status_idle": "Frei",
    "status_fault": "Defekt",
    "inverter_max_phase_w": 3300,
}
"""Example values for fields that have no default and are no entities."""


def register(kind: Kind) -> Service:
    """The service that takes in forms of `kind`, made from the field table.

    It has the fields of the form and three more: the version of the form, the id of the node, and
    the automation that the form belongs to.
    """
    article = "an" if kind.name[0] in "aeiou" else "a"
    what = kind.name.replace("_", " ")
    envelope = {
        "contract": _field("Version of the form", f"Always {CONTRACT}.", CONTRACT, _TEXT),
        "node": _field(
            "Node",
            f"Names this {what} for good: with the same one it is changed, not added.",
            "1700000000000",
            _TEXT,
        ),
        "automation": _field(
            "Automation",
            f"Optional. The {what} is there as long as this automation is.",
            f"automation.load_juggler_{kind.name}",
            _entity("automation"),
        ),
    }
    return Service(
        f"{REGISTER}{kind.name}",
        f"register {article} {what}",
        f"Wires {article} {what}, or changes it. The blueprint '{kind.title}' calls this. "
        "Answers ok, or all that is wrong, as sentences (errors).",
        envelope | {one.name: _form_field(kind, one) for one in kind.fields},
    )


def _form_field(kind: Kind, one: Field) -> dict[str, Any]:
    """A field of a form as one of a service; it is never required, so that all errors are told."""
    text = f"{one.help} {_default_sentence(one)}".strip()
    return _field(one.label, text, _example(kind, one), _selector(one))


def _default_sentence(one: Field) -> str:
    if one.required:
        return "Needed."
    return "" if one.default is None else f"Default: {one.shown_default()}."


def _example(kind: Kind, one: Field) -> Any:
    if one.default is not None:
        return one.default
    if one.type == "entity":
        return f"{one.domains[0]}.{one.name.removesuffix('_entity')}"
    return kind.example if one.name == "name" else _EXAMPLES[one.name]


def _selector(one: Field) -> Mapping[str, Any]:
    if one.type == "number":
        assert one.low is not None, one.name  # every number has a range
        assert one.high is not None, one.name
        return _number(one.low, one.high, one.unit, one.step)
    if one.type == "choice":
        return _choice([value for value, _ in one.choices])
    if one.type == "entity":
        return {"entity": {"filter": one.filters()}}
    return {"boolean": {}} if one.type == "flag" else _TEXT


# --- services for people and automations ----------------------------------------------------------


_LOAD = _field("Load", "Its name in the form, or its id.", "Left car", _TEXT)
_LOAD_NEEDED = _LOAD | {"required": True}
_MINUTES = _number(1, MOST_MINUTES, "min")
_AMPS = _number(0, 250, "A", 0.1)
_MODE_TEXT = "What the load may take, in these words or those of its form, also in Slovenian."
_SHARING_TEXT = "The way of sharing, in these words or those of the form, also in Slovenian."
_SHARING = [value for value, _ in KINDS["site"].field("distribution").choices]

_ASKING = (
    Service(
        "recalculate",
        "recalculate",
        "Calculates and sends everything anew, now. Answers what each load gets, and why.",
    ),
    Service(
        "suggest",
        "suggest",
        "Looks at all entities and proposes what to wire: fields of the site (site), plugs and "
        "chargers, each with how sure it is (confidence) and why (reason), and what to see to "
        "(notes). Nothing is changed.",
        response=ONLY,
    ),
    Service(
        "history",
        "history",
        "Answers what a load was told lately and why, the newest first: up to "
        f"{history.MOST} changes of its current, mode or status, with the sentences as they were "
        "said then.",
        {
            "load": _LOAD,
            "count": _field(
                "Count",
                "How many changes at most; without it, all that are kept.",
                10,
                _number(1, history.MOST),
            ),
        },
    ),
    Service(
        "explain",
        "explain",
        "Answers the full account of a load: its mode, every limit with its numbers and which of "
        "them binds, timers, and what comes next. As text (Markdown) and as data.",
        {"load": _LOAD},
    ),
    Service(
        "dashboard",
        "dashboard",
        "Makes a dashboard of what is wired now. Copy all of the answer; its note says "
        "where to paste it.",
        response=ONLY,
    ),
)

_WIRING = (
    Service(
        "check_wiring",
        "check wiring",
        "Lets a charger that charges go down and up by a few amperes for a minute, and looks which "
        "phases of the meters answer. Answers for each leg the phase, the sign and how sure it is.",
        {"load": _LOAD},
    ),
    Service(
        "undo_remap",
        "undo remap",
        "Counts a load on the phases that its form says again, after it was found on others. It "
        "stays so until its form is changed.",
        {"load": _LOAD},
    ),
)

_SETTING = (
    Service(
        "set_mode",
        "set mode",
        "Sets the mode of a load. An entity that is wired as its mode is written, too.",
        {
            "load": _LOAD,
            "mode": _field("Mode", _MODE_TEXT, "standard", _choice(list(MODES))),
            "minutes": _field(
                "Minutes",
                "How long a boost lasts; without it, as long as the form says.",
                90,
                _MINUTES,
            ),
        },
    ),
    Service(
        "set_distribution",
        "set sharing",
        "Sets how loads of the same urgency share. An entity that is wired is written, too.",
        {"distribution": _field("Sharing", _SHARING_TEXT, "shared", _choice(_SHARING))},
    ),
    Service(
        "set_priority",
        "set priority",
        "Sets who goes first among loads of the same urgency. An entity that is wired as its "
        "priority is written; without one it holds until another priority is chosen in the form.",
        {
            "load": _LOAD_NEEDED,
            "priority": _field("Priority", "1 goes before 2.", 1, _number(1, 10), required=True),
        },
    ),
    Service(
        "set_limits",
        "set limits",
        "Sets the least and the most that a charger may be told, or one of both. Entities that are "
        "wired for them are written; without, they hold until the form's value is changed.",
        {
            "load": _LOAD_NEEDED,
            "min_current_a": _field("Minimum current", "Below this it is paused.", 6, _AMPS),
            "max_current_a": _field(
                "Maximum current", "The most that it may take, per phase.", 16, _AMPS
            ),
        },
    ),
)

_FOR_A_WHILE = (
    Service(
        "boost",
        "boost",
        "Lets a load run at once and before all others, with all that the wires allow, for a "
        "while; then its mode holds again. It ends a pause. An entity that is wired as its mode is "
        "written, too.",
        {
            "load": _LOAD_NEEDED,
            "minutes": _field(
                "Minutes",
                "How long; without it, as long as the form says (60 min).",
                90,
                _MINUTES,
            ),
        },
    ),
    Service(
        "pause",
        "pause",
        "Lets a load rest for a while, whatever its mode; then it goes on in its mode. It takes "
        "nothing meanwhile, but a boost ends the pause.",
        {
            "load": _LOAD_NEEDED,
            "minutes": _field("Minutes", "How long; 60 without it.", 60, _MINUTES),
        },
    ),
    Service(
        "resume",
        "resume",
        "Ends a pause or a boost of a load before its time; its mode holds again.",
        {"load": _LOAD_NEEDED},
    ),
)


SERVICES: Mapping[str, Service] = {
    one.name: one
    for one in (
        *(register(kind) for kind in KINDS.values()),
        *_ASKING,
        *_WIRING,
        *_SETTING,
        *_FOR_A_WHILE,
    )
}
"""All services by name."""
