"""The report as entities, with units, device classes, state classes, and predictable ids."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from ..clock import local
from ..loads.kinds import KINDS_OF_LOADS
from ..reason_table import MEANINGS, Family
from ..report import (
    CheckReport,
    CircuitReport,
    ImportOverReport,
    LoadReport,
    OverReport,
    Report,
    coded,
)
from ..site.model import MAIN
from ..texts.labels import ENTITIES
from ..texts.labels import mode as mode_word
from ..texts.labels import status as status_word
from ..units import PerPhase
from .entity import (
    CHANGES,
    CHECK,
    MEASUREMENT,
    PREFIX,
    STATE_LENGTH,
    STATUS,
    TOTAL,
    Entity,
    current,
    measurement,
    power,
)

LIMIT_ICON = {"icon": "mdi:fuse"}


FLEETING = frozenset(
    one.status for one in MEANINGS.values() if one.family in (Family.AWAY, Family.BLIND)
)
"""Statuses of loads whose device or meter gives nothing at this moment."""


STATUS_ICONS = {
    "off": "mdi:power-off",
    "paused": "mdi:pause-circle-outline",
    "waiting": "mdi:timer-sand",
    "grace": "mdi:timer-sand",
    "unreachable": "mdi:lan-disconnect",
    "not_following": "mdi:alert-circle-outline",
    "stale_meter": "mdi:alert-circle-outline",
    "full": "mdi:battery-check",
}
"""Icons by status; for other statuses the icon of the kind of load is used."""


Made = dict[tuple[str, str], tuple[CircuitReport | LoadReport, tuple[Entity, ...]]]
"""By (id, language) of a circuit or load: the report that its entities were made of, and them."""


def entities(
    report: Report,
    picture: str | None = None,
    lately: Sequence[Mapping[str, Any]] = (),
    language: str = "en",
    made: Made | None = None,
) -> tuple[Entity, ...]:
    """Every entity of the site, its circuits and its loads, named in Home Assistant's `language`.

    `picture` is the address of the picture (`None`: there is none), `lately` the last changes as
    `logbook.recent.Lately` has them. What is in `made` is used again where a report has not
    changed; what is made anew is put in there.
    """
    made = {} if made is None else made
    found = [one.fitting() for one in _site(report, picture, language)]
    if report.loads:
        found.append(_changes(lately, language).fitting())
    parts: list[CircuitReport | LoadReport] = [*report.circuits.values(), *report.loads.values()]
    for part in parts:
        key = (part.id, language)
        old = made.get(key)
        if old is None or old[0] != part:
            if isinstance(part, LoadReport):
                made_anew = _load(part, language)
            else:
                made_anew = _circuit(part, language)
            new = tuple(one.fitting() for one in made_anew)
            old = made[key] = (part, new)
        found += old[1]
    return tuple(found)


def _site(report: Report, picture: str | None, language: str) -> Iterator[Entity]:
    names = ENTITIES[language]
    yield Entity(
        STATUS,
        report.status,
        {
            "friendly_name": names["status"],
            "icon": "mdi:scale-balance",
            "text": _capital(status_word(report.status, language)),
            "message": report.sentence,
            "warnings": list(report.warnings),
            "distribution": report.distribution,
            **({"picture": picture} if picture else {}),
        },
        urgent=(report.status, *report.problems, *_beside(report), report.distribution),
        fleeting=report.status == "blind",
    )
    powers = {
        "grid_available_power": report.grid_available_w,
        "surplus_power": report.surplus_w,
    }
    if report.battery_help_w is not None:
        powers["battery_available_power"] = report.battery_help_w
    for what, value in powers.items():
        yield power(f"{PREFIX}_{what}", names[what], value)
    if report.import_over is not None:
        yield from _import_over(report.import_over, language)
    if report.check is not None:
        yield _check(report.check, language)


def _check(check: CheckReport, language: str) -> Entity:
    """The last check of the wiring: its state is how it stands, `text` says what it showed."""
    return Entity(
        CHECK,
        check.status,
        {
            "friendly_name": ENTITIES[language]["wiring_check"],
            "icon": "mdi:connection",
            "load": check.load,
            "at": local(check.at, 0.0),
            "text": check.sentence,
        },
        urgent=(check.status, check.at),
    )


def _beside(report: Report) -> Iterator[str]:
    """Warnings that are no problems of the house: of forms, of settings, of Load Juggler itself."""
    known = set(report.problems.values())
    return (text for text in report.warnings if text not in known)


def _changes(lately: Sequence[Mapping[str, Any]], language: str) -> Entity:
    """The sensor of the last changes: its state is the time of the newest one."""
    return Entity(
        CHANGES,
        lately[0]["at"] if lately else "unknown",
        {
            "friendly_name": ENTITIES[language]["changes"],
            "icon": "mdi:history",
            "device_class": "timestamp",
            "lately": lately,
        },
        fleeting=bool(lately) and lately[0]["status"] in FLEETING,
    )


def _circuit(circuit: CircuitReport, language: str) -> Iterator[Entity]:
    base, names = f"{PREFIX}_{circuit.id}", ENTITIES[language]
    name = names["main"] if circuit.id == MAIN else _capital(circuit.name)
    limit = names["limit"].format(name=name)
    yield measurement(
        f"{base}_limit", limit, circuit.limit_a, 1, "A", "current", LIMIT_ICON, urgent=True
    )
    for what, values in (("current", circuit.draw), ("headroom", circuit.headroom)):
        for phase, value in _existing(values, circuit.draw, circuit.unmanaged):
            yield current(
                f"{base}_{what}_{phase.lower()}",
                names[what].format(name=name, phase=phase),
                value,
                {"limit": circuit.limit_a, "phase": phase},
            )
    for phase, over in circuit.over.items():
        yield from _over(f"{base}_over_limit", name, circuit.limit_a, phase, over, language)


@lru_cache(maxsize=512)  # they seldom change, and there are many of them
def _over(
    base: str, name: str, limit_a: float, phase: str, over: OverReport, language: str
) -> tuple[Entity, Entity]:
    """Time over a phase's limit today: seconds and A·s, from 0 each day."""
    facts = {"limit": limit_a, "phase": phase, **_worst(over, over.worst_a, 1)}
    seconds = (over.managed_s, over.unmanaged_s) if over.known else None
    amounts = (over.managed_as, over.unmanaged_as) if over.known else None
    end, names = phase.lower(), ENTITIES[language]
    time_name = names["over_limit_time"].format(name=name, phase=phase)
    amount_name = names["over_limit_ampere_seconds"].format(name=name, phase=phase)
    time: dict[str, Any] = {"unit_of_measurement": "s", "device_class": "duration", **facts}
    amount = {"unit_of_measurement": "A·s", **facts}  # there is no device class for it
    return (
        _today(f"{base}_time_{end}", time_name, seconds, 0, time),
        _today(f"{base}_ampere_seconds_{end}", amount_name, amounts, 1, amount),
    )


def _import_over(over: ImportOverReport, language: str) -> Iterator[Entity]:
    """Time over the import limit today: seconds and Wh."""
    base, names = f"{PREFIX}_import_over_limit", ENTITIES[language]
    facts = _worst(over, over.worst_w, 0)
    seconds = (over.managed_s, over.unmanaged_s) if over.known else None
    amounts = (over.managed_wh, over.unmanaged_wh) if over.known else None
    unit = {"unit_of_measurement": "s", "device_class": "duration"}
    name = names["import_over_limit_time"]
    yield _today(f"{base}_time", name, seconds, 0, {**unit, **facts})
    unit = {"unit_of_measurement": "Wh", "device_class": "energy"}
    name = names["import_over_limit_energy"]
    yield _today(f"{base}_energy", name, amounts, 1, {**unit, **facts})


def _worst(over: OverReport | ImportOverReport, worst: float | None, digits: int) -> dict[str, Any]:
    """Attributes of the worst overload today: A or W, as a multiple of the limit, and when."""
    return {
        "worst": None if worst is None else round(worst, digits),
        "worst_times_limit": None if over.worst_times is None else round(over.worst_times, 2),
        "worst_at": over.worst_at,
    }


def _today(
    entity: str,
    name: str,
    parts: tuple[float, float] | None,
    digits: int,
    more: Mapping[str, Any],
) -> Entity:
    """A total of today by cause; `parts` are (managed, not managed), `None`: not known."""
    managed, unmanaged = (None, None) if parts is None else (round(part, digits) for part in parts)
    attributes = {
        "friendly_name": name,
        "icon": "mdi:alert-outline",
        "state_class": TOTAL,
        "managed": managed,
        "unmanaged": unmanaged,
        **more,
    }
    return Entity(entity, "unknown" if parts is None else f"{sum(parts):.{digits}f}", attributes)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _existing(values: PerPhase, *others: PerPhase) -> Iterator[tuple[str, float | None]]:
    """(phase, value) of the phases that exist in any of these; a value may be unknown (`None`)."""
    for phase in "ABC":
        if any(item[phase] is not None for item in (values, *others)):
            yield phase, values[phase]


def _load(load: LoadReport, language: str) -> Iterator[Entity]:
    base = f"{PREFIX}_{load.id}"
    names = _load_names(load.name, language)
    kind = KINDS_OF_LOADS[load.kind]
    word = status_word(load.status, language, has_car=kind.capabilities.has_car)
    fleeting = load.status in FLEETING
    facts = {"circuit": load.circuit, "mode": load.mode, "target": load.target_a}
    yield current(
        f"{base}_allocated_current",
        names["allocated_current"],
        load.allocated_a,
        facts,
        urgent=True,
    )
    yield current(f"{base}_available_current", names["available_current"], load.available_a)
    yield power(f"{base}_power", names["power"], load.power_w)
    yield from _energy(base, load, names)
    yield Entity(
        f"{base}_status",
        load.status,
        {
            "friendly_name": names["status"],
            "icon": STATUS_ICONS.get(load.status, kind.look.icon),
            "text": _capital(word),
            "mode": load.mode,
            "mode_text": _capital(mode_word(load.mode, language)),
            "reason": load.reason.code,
        },
        urgent=(load.status, load.mode, load.reason.code),
        fleeting=fleeting,
    )
    yield _mode(load, base, names, language)
    yield Entity(
        f"{base}_reason",
        load.sentence[:STATE_LENGTH],
        {
            "friendly_name": names["reason"],
            "icon": "mdi:comment-question-outline",
            "text": load.sentence,
            **coded(load.reason),
        },
        urgent=load.reason.code,
        fleeting=fleeting,
    )


def _mode(load: LoadReport, base: str, names: Mapping[str, str], language: str) -> Entity:
    """The mode in which a load runs."""
    text = _capital(mode_word(load.mode, language))
    more = {"friendly_name": names["mode"], "icon": "mdi:tune-variant", "text": text}
    return Entity(f"{base}_mode", load.mode, more)


@lru_cache(maxsize=4096)  # they seldom change
def _load_names(name: str, language: str) -> Mapping[str, str]:
    """The names of a load's entities by the end of their ids."""
    return {
        key.removeprefix("load_"): text.format(name=name)
        for key, text in ENTITIES[language].items()
        if key.startswith("load_")
    }


def _energy(base: str, load: LoadReport, names: Mapping[str, str]) -> Iterator[Entity]:
    """Energy of a load today, and the sun's share of it."""
    wh = load.energy_today_wh
    yield Entity(
        f"{base}_energy_today",
        "unknown" if wh is None else f"{wh / 1000.0:.3f}",
        {
            "friendly_name": names["energy_today"],
            "icon": "mdi:lightning-bolt",
            "unit_of_measurement": "kWh",
            "device_class": "energy",
            "state_class": TOTAL,
        },
    )
    share = load.solar_share_today_pct
    yield Entity(
        f"{base}_solar_share_today",
        "unknown" if share is None else f"{share:.0f}",
        {
            "friendly_name": names["solar_share_today"],
            "icon": "mdi:solar-power",
            "unit_of_measurement": "%",
            "state_class": MEASUREMENT,
        },
    )
