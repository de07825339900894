"""Parts of a form that become parts of a site: settings and meters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..forms.field import Field
from ..site.controls import PhaseSwitch
from ..site.model import Meter, Setting
from ..site.words import NO, YES
from ..units import PHASES
from .kinds import KINDS
from .parse import Parsed
from .words import words

_HIGH_IS_SAFER = (
    "power_buffer_w",
    "min_current_a",
    "excess_threshold_w",
    "battery_soc_min_pct",
    "battery_soc_target_pct",
)


_NO_SIDE = ("priority",)
"""Settings with no safer side. When the entity of a setting gives nothing, the safer of its last
value and the form's counts: of `_HIGH_IS_SAFER` the higher one, of all other numbers the lower
one."""


def setting(form: Parsed, name: str, entity: str = "") -> Setting:
    """The setting of field `name`, with its range; the field `entity` names an entity for it."""
    of, named = _OPEN[form.kind][name], form.values[entity] if entity else None
    value = form.values[name]
    return Setting(value, named, of.unit, of.low, of.high, of.safer, of.choices, of.aliases)


def _open_setting(spec: Field) -> Setting:
    """The setting of a field, with its range and without a value."""
    name = spec.name
    return Setting(
        value=None,
        unit=spec.unit,
        low=spec.low,
        high=spec.high,
        safer="high" if name in _HIGH_IS_SAFER else "" if name in _NO_SIDE else "low",
        choices=tuple(value for value, _ in spec.choices),
        aliases=words(spec),
    )


_OPEN: Mapping[str, Mapping[str, Setting]] = {
    kind.name: {name: _open_setting(spec) for name, spec in kind.by_name().items()}
    for kind in KINDS.values()
}
"""By kind of form and field, what is the same of its setting in all forms."""


def phase_switch(values: Mapping[str, Any]) -> PhaseSwitch | None:
    """What switches a charger between one phase and three; `None`: its form names nothing."""
    entity = values.get("phase_switch_entity")
    apart_s = 60.0 * float(values.get("phase_apart_min") or 0.0)
    if not entity:
        return PhaseSwitch(None, apart_s=apart_s) if values.get("phase_by_profile") else None
    if entity.split(".")[0] in ("switch", "input_boolean"):
        return PhaseSwitch(entity, apart_s=apart_s)
    return PhaseSwitch(
        entity, values["phase_one_option"].strip(), values["phase_three_option"].strip(), apart_s
    )


def yes_or_no(form: Parsed, name: str, entity: str) -> Setting:
    """The setting "yes" or "no" of flag `name`; the field `entity` names a switch for it."""
    return Setting(
        value="yes" if form.values[name] else "no",
        entity=form.values[entity],
        choices=("yes", "no"),
        aliases={**dict.fromkeys(YES, "yes"), **dict.fromkeys(NO, "no")},
    )


def meter(
    form: Parsed, prefix: str, phases: tuple[str, ...], *, invert: bool = True, interval: str = ""
) -> Meter | None:
    """The meter of the fields `prefix`_a, _b and _c; `None`: none of them is given.

    `interval` is the name of the field that has its interval in s.
    """
    entities = tuple(
        (phase, form.values[f"{prefix}_{phase.lower()}"])
        for phase in PHASES
        if phase in phases and form.values[f"{prefix}_{phase.lower()}"]
    )
    every_s = form.values[interval] if interval else None
    return Meter(entities, invert and bool(form.values["invert"]), every_s) if entities else None


def stray_meters(form: Parsed, prefix: str, phases: tuple[str, ...]) -> list[str]:
    """Errors about meters on phases that the site does not have, a sentence each."""
    spec = KINDS[form.kind]
    names = ((phase, f"{prefix}_{phase.lower()}") for phase in PHASES if phase not in phases)
    return [
        f"{spec.field(name).label}: the site has only {', '.join(phases)}."
        for _, name in names
        if form.values[name]
    ]
