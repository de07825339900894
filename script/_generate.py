"""What is made from the field table and the tables of makes: blueprints and pages of docs.

script/generate writes them. Everything here is text in, text out, from the standard library alone,
so that the files look as one would write them by hand.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

from loadjuggler.config.kinds import KINDS
from loadjuggler.config.parse import CONTRACT
from loadjuggler.discovery.brands import BRANDS, PLUGS, Brand
from loadjuggler.forms.field import Field, Kind, Section
from loadjuggler.loads.ocpp.presets import PRESETS, Preset

WIDTH = 100
MIN_VERSION = "2024.10.0"  # the first with sections, triggers: and actions:
BLUEPRINTS = Path("blueprints/automation/loadjuggler")
DOCS = Path("docs/blueprints.md")
CHARGERS = Path("docs/chargers.md")
SUGGESTIONS = Path("docs/brands.md")

ICONS = {
    "meter": "mdi:meter-electric",
    "notifications": "mdi:bell-outline",
    "limits": "mdi:tune",
    "sun": "mdi:white-balance-sunny",
    "battery": "mdi:home-battery",
    "inverter": "mdi:current-ac",
    "wiring": "mdi:sine-wave",
    "sharing": "mdi:scale-balance",
    "telling": "mdi:message-cog",
    "sensors": "mdi:eye",
    "phases": "mdi:numeric-3-circle-outline",
}
"""Icons of the sections; the first one of a form has that of its kind."""


def stale(root: Path) -> dict[Path, str]:
    """The files under `root` that are not as they should be, and how they should be."""
    wanted = {BLUEPRINTS / f"{name}.yaml": blueprint(kind) for name, kind in KINDS.items()}
    wanted[DOCS] = docs()
    wanted[CHARGERS] = chargers()
    wanted[SUGGESTIONS] = brands()
    return {path: text for path, text in wanted.items() if _read(root / path) != text}


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


# --- YAML -----------------------------------------------------------------------------------------

_PLAIN = re.compile(r"[A-Za-z][\w .,/()-]*")
_NOT_TEXT = {"true", "false", "yes", "no", "on", "off", "y", "n", "null"}


def scalar(value: object) -> str:
    """`value` as YAML on one line; a text that could be read as something else is quoted."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return f"{value:.10g}"
    text = str(value)
    if _PLAIN.fullmatch(text) and text.lower() not in _NOT_TEXT and text == text.strip():
        return text
    return "'" + text.replace("'", "''") + "'"


def entry(indent: int, key: str, text: str) -> str:
    """`key: text` as YAML, folded if it does not fit on a line."""
    space = " " * indent
    line = f"{space}{key}: {scalar(text)}"
    if len(line) <= WIDTH:
        return line
    inner = space + "  "
    folded = textwrap.fill(
        text, WIDTH, initial_indent=inner, subsequent_indent=inner, break_on_hyphens=False
    )
    return f"{space}{key}: >-\n{folded}"


# --- blueprints -----------------------------------------------------------------------------------


def blueprint(kind: Kind) -> str:
    """The blueprint of a kind of node."""
    lines = [
        "# Made by script/generate from the field table: change it there",
        "# (pyscript/modules/loadjuggler/forms and loads), and run script/generate.",
        "blueprint:",
        entry(2, "name", kind.title),
        entry(2, "description", f"{kind.help} {kind.after_saving}"),
        "  domain: automation",
        "  author: Load Juggler",
        "  homeassistant:",
        f"    min_version: {MIN_VERSION}",
        "  input:",
    ]
    for number, section in enumerate(kind.sections):
        lines += _section(kind, section, first=number == 0)
    return "\n".join([*lines, "", _actions(kind)])


def _section(kind: Kind, section: Section, *, first: bool) -> Iterator[str]:
    yield f"    {section.key}:"
    yield entry(6, "name", section.name)
    yield f"      icon: {kind.icon if first else ICONS[section.key]}"
    yield entry(6, "description", section.help)
    if not first:
        yield "      collapsed: true"
    yield "      input:"
    for field in kind.fields:
        if field.section == section.key:
            yield from _input(field)


def _input(field: Field) -> Iterator[str]:
    yield f"        {field.name}:"
    yield entry(10, "name", field.label)
    yield entry(10, "description", field.help)
    if not field.required:
        yield f"          default: {scalar('' if field.default is None else field.default)}"
    yield "          selector:"
    yield from (f"            {line}" for line in _selector(field))


def _selector(field: Field) -> Iterator[str]:
    if field.type == "number":
        yield "number:"
        yield f"  min: {scalar(field.low)}"
        yield f"  max: {scalar(field.high)}"
        yield f"  step: {scalar(field.step)}"
        if field.unit:
            yield f"  unit_of_measurement: {scalar(field.unit)}"
        yield "  mode: box"
    elif field.type == "choice":
        yield "select:"
        # A label that explains its choice is to be read beside the others.
        explained = any(":" in label for _, label in field.choices)
        yield f"  mode: {'list' if explained else 'dropdown'}"
        yield "  options:"
        for value, label in field.choices:
            yield f"    - value: {scalar(value)}"
            yield f"      label: {scalar(label)}"
    elif field.type == "entity":
        yield "entity:"
        yield "  filter:"
        for one in field.filters():
            lines = [f"{key}: [{', '.join(names)}]" for key, names in one.items()]
            yield from (f"    {'- ' if line is lines[0] else '  '}{line}" for line in lines)
    else:
        yield {"flag": "boolean:", "text": "text:"}[field.type]


def _actions(kind: Kind) -> str:
    form = "\n".join(f"        {field.name}: !input {field.name}" for field in kind.fields)
    return f"""\
# Load Juggler asks when it starts and when automations are reloaded, so also after this form was
# saved. Nothing else triggers: what is measured is followed by Load Juggler itself.
triggers:
  - trigger: event
    id: discover
    event_type: loadjuggler_discover

mode: queued
max: 10

actions:
  - alias: What the form says
    variables:
      form:
{form}

  # The id of the automation stays when it is renamed; one written in YAML may have none. In a
  # dictionary an id of digits stays a text, by itself a template would make it a number.
  - alias: Tell Load Juggler
    action: pyscript.loadjuggler_register_{kind.name}
    data: >-
      {{{{ dict(
        form,
        contract={CONTRACT},
        node=this.attributes.id | default(this.entity_id, true) | string,
        automation=this.entity_id
      ) }}}}
    response_variable: answer

  # Makes a refusal visible: the trace ends with an error, and the sentences stand before it.
  - alias: Is the form accepted?
    if: "{{{{ not answer.ok }}}}"
    then:
      - alias: Why it is refused
        variables:
          refused_because: "{{{{ answer.errors }}}}"
      - stop: >-
          Load Juggler refuses this form. Why is told in the step before this one (Changed
          variables), and by sensor.loadjuggler_status.
        error: true
"""


# --- docs/blueprints.md ---------------------------------------------------------------------------


def docs() -> str:
    """The reference of all forms."""
    parts = [_DOCS_HEAD]
    for kind in KINDS.values():
        parts.append(f"## {kind.title}\n\n{kind.help} File: `{BLUEPRINTS}/{kind.name}.yaml`.")
        for section in kind.sections:
            rows = [_row(field) for field in kind.fields if field.section == section.key]
            parts.append(
                "\n".join([f"### {kind.name}: {section.name}", "", section.help, "", *_HEAD, *rows])
            )
    return "\n\n".join([*parts, _DOCS_TAIL])


_HEAD = (
    "| option | in YAML | what it does | unit | range | default |",
    "|---|---|---|---|---|---|",
)


def _row(field: Field) -> str:
    default = "needed" if field.required else field.shown_default()
    cells = [field.label, f"`{field.name}`", field.help, field.unit, _range(field), default]
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def _range(field: Field) -> str:
    if field.type == "number":
        step = "" if field.step == 1 else f", steps of {scalar(field.step)}"
        if field.whole:
            step = ", whole numbers"
        return f"{scalar(field.low)} to {scalar(field.high)}{step}"
    if field.type == "choice":
        return "<br>".join(f"`{value}`: {_meaning(label)}" for value, label in field.choices)
    if field.type == "entity":
        return "one of " + ", ".join(f"`{domain}`" for domain in field.domains)
    return {"flag": "on or off", "text": "text"}[field.type]


def _meaning(label: str) -> str:
    """What a choice does: its label, without the name that it may begin with."""
    return label.partition(": ")[2] or label


# --- docs/chargers.md -----------------------------------------------------------------------------


def chargers() -> str:
    """What is known of makes of chargers."""
    rows = [
        f"| {preset.label} | {preset.symptom} | {preset.does} | {_differences(preset)} |"
        for preset in PRESETS
    ]
    return "\n".join([_CHARGERS_HEAD, *rows, ""])


def _differences(preset: Preset) -> str:
    """What a preset sets, in the words of the form."""
    form = KINDS["charger"]
    parts = []
    for name, value in preset.values.items():
        field = form.field(name)
        shown = dict(field.choices).get(str(value), f"{value} {field.unit}".strip())
        parts.append(f"{field.label}: {shown}")
    return "<br>".join(parts) or "nothing"


_CHARGERS_HEAD = """\
# Chargers

<!-- Made by script/generate from pyscript/modules/loadjuggler/loads/ocpp/presets.py: change it
     there, and run script/generate. -->

Any charger that speaks OCPP 1.6 with smart charging works; by OCPP 2.0.1 it is told by one profile,
without a fall-back. What is known of some makes is set when you choose yours in the charger's form,
under *How it is told*; each value can be chosen there by itself, too. Yours is not here, or does
something else? *Any other* is right to begin with.

- **How it is told.** While a session runs it has two charging profiles: what it is told now, which
  runs out after 3 min and is renewed every minute, and below that its fallback current. If Load
  Juggler or Home Assistant stops, it goes back to the fallback current by itself. Without a session
  it holds its minimum as the default of the next one, written only when it changes. A session that
  would begin on a full breaker has 0 A in its first minute: until then it is told what it gets.
- **One layer, or Relative.** A charger that can hold only one profile, or none that goes by the
  clock, keeps what it was told last. Its reason says so while it charges.
- **Watts.** Told in W, it gets whole watts for the phases that its car uses, at the site's voltage,
  and how many phases these are, if it is fewer than three. Until the phases of a car have been
  measured (a minute) it counts with all that are wired.
- **A limit of its session.** From version 0.12 on the OCPP integration has a number *Session
  Current Limit*. What is set there for a session counts as the charger's maximum, and its sentence
  names it; it never gives a car more than Load Juggler allows
  ([decision 42](decisions/0042-a-limit-that-a-user-sets-for-a-session.md)).
- **Paused by its switch.** Ending a session is for chargers that can't be paused by 0: some cars
  have to be plugged in again afterwards.
- **Not reached.** Home Assistant shows a charger's last states when it is gone. So its last sign of
  life counts: after 3 min it is offline, and what it was told last stays reserved.

| make | what users saw | what Load Juggler does | sets |
|---|---|---|---|"""

_DOCS_HEAD = """\
# The forms

<!-- Made by script/generate from the field table: change it there
     (pyscript/modules/loadjuggler/forms and loads), and run script/generate. -->

Load Juggler is set up by blueprints: one form, saved as an automation, for the house (*site*) and
for each breaker (*circuit*), charger and plug. **Settings → Automations & scenes → Blueprints**
lists them; the order in which you fill them in does not matter.

- **Switched off, deleted.** Switch the automation of a charger or plug off and it leaves the plan
  at once; delete its automation and it does so after half a minute. A breaker that is switched off
  goes on protecting; one that is deleted, too, as long as something hangs on it. Renaming an
  automation, or a breaker, changes nothing: forms that say its earlier name still mean it. What is
  deleted and made again within a day goes on: its energy of the day, and its boost.
- **Fixed value or entity.** Where there are both, such as *Priority* and *Priority from an entity*,
  the entity counts as long as its value is valid, else (after a minute) the fixed one. So an
  `input_number` on your dashboard, or an automation of yours, can change a limit at any time. Leave
  the entity empty if you do not need it.
- **Units.** A sensor's unit is read from the sensor: A or mA, W, kW or MW. Currents are per phase,
  powers over all phases.
- **Something is wrong?** `sensor.loadjuggler_status` says what, in the words of the form. So does
  the automation's trace (⋮ → Traces): it ends with an error at the hand sign, and the step above
  that one lists all that is wrong (*Changed variables*)."""

_DOCS_TAIL = f"""\
## In YAML

The same without the user interface; give each an `id` of its own, or renaming it makes it new:

```yaml
- id: garage
  alias: Garage
  use_blueprint:
    path: loadjuggler/circuit.yaml
    input:
      name: Garage
      limit_a: 20
```

## Versions

This is about forms of version {CONTRACT}. How to bring forms and engine to a new version together:
[update](install.md#update).
"""


# --- docs/brands.md -------------------------------------------------------------------------------


def brands() -> str:
    """What is known of brands of meters, inverters, batteries and plugs."""
    rows = [
        f"| {brand.name}{_marks_of(brand)} | {_meter_of(brand)} | {_ids(brand.solar)} | "
        f"{_ids(brand.inverter)} | {_battery_of(brand)} | {brand.note} |"
        for brand in BRANDS
    ]
    plugs = [f"| {row.name} | {_ids(row.switch, 'switch')} | {_ids(row.power)} |" for row in PLUGS]
    return "\n".join([_BRANDS_HEAD, *rows, _PLUGS_HEAD, *plugs, ""])


def _ids(patterns: tuple[str, ...], domain: str = "sensor") -> str:
    """Patterns as ends of ids."""
    return "<br>".join(f"`{domain}.…{pattern.removeprefix('~')}`" for pattern in patterns)


def _marks_of(brand: Brand) -> str:
    """What a brand is known by where others have sensors of the same name."""
    marks = ", ".join(f"`{mark}`" for mark in brand.marks)
    return f"<br>(ids with {marks})" if marks else ""


def _meter_of(brand: Brand) -> str:
    """The sensors of a brand's meter, and which way they go."""
    parts = []
    sign = "export is positive" if brand.invert else "export is negative"
    if brand.grid:
        parts.append(f"{_ids(brand.grid)}<br>({sign})")
    if brand.total:
        parts.append(f"{_ids(brand.total)}<br>(all phases; {sign})")
    if brand.pair:
        parts.append(f"{_ids(brand.pair)}<br>(drawn − fed in: a template)")
    if brand.total_pair:
        parts.append(f"{_ids(brand.total_pair)}<br>(drawn − fed in, all phases: a template)")
    if brand.unsigned:
        parts.append(f"{_ids(brand.unsigned)}<br>(no sign)")
    return "<br>".join(parts)


def _battery_of(brand: Brand) -> str:
    """The sensors of a brand's battery, and which way they go."""
    parts = [_ids(brand.soc)] if brand.soc else []
    if brand.battery:
        sign = "charging" if brand.battery_invert else "discharging"
        parts.append(f"{_ids(brand.battery)}<br>({sign} is positive)")
    if brand.battery_pair:
        parts.append(f"{_ids(brand.battery_pair)}<br>(discharged − charged: a template)")
    return "<br>".join(parts)


_BRANDS_HEAD = """\
# Brands, and what is suggested

<!-- Made by script/generate from pyscript/modules/loadjuggler/discovery/brands.py: change it there,
     and run script/generate. -->

`pyscript.loadjuggler_suggest` (*Settings*, *Tools*, *Actions*) looks at all entities and answers
what could be wired. It changes nothing.

```yaml
site:                 # fields of the site's form by name
  phases: ABC
  grid_a: sensor.p1_meter_power_phase_1
  invert: false
proposals:            # of each part: how sure it is (0 to 1), why, and what else could be meant
  grid:
    confidence: 0.9
    reason: "HomeWizard P1: power of each phase at the meter; it shows export as negative."
    fields: {grid_a: sensor.p1_meter_power_phase_1}
    alternatives: []
plugs:                # fields of a plug's form each, with confidence and reason
chargers:             # fields of a charger's form for each connector in the OCPP integration
notes:                # what was not found, and what to see to
```

- **A current with a sign** is best for a meter, then power with a sign. Many meters give currents
  without one: what is fed in looks like what is taken then, so power with a sign goes before them.
- **Two sensors**, one for what is drawn and one for what is fed in, make one by a template helper;
  the notes have the template.
- **Which way a sign goes** is known of the brands below, and the switches *Turn the sign round* and
  *Turn the battery's sign round* are suggested to fit. Of others, words in names and units decide,
  and the notes say what to check.
- Sensors of energy (kWh) are never suggested for power.

To add a brand, add a row to `discovery/brands.py` and run `script/generate`. In an id `{a}` stands
for a, b, c, `{l}` for l1, l2, l3, `{n}` for 1, 2, 3, `#` for a number and `*` for anything.

## Meters, inverters, batteries

| brand | meter | panels | inverter by phase | battery | |
|---|---|---|---|---|---|"""

_PLUGS_HEAD = """
## Plugs

A switch with a sensor of its power: what stands for … is the same in both ids.

| kind | switch | power |
|---|---|---|"""
