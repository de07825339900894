"""The report as entities: states with unit, device class and state class, and predictable ids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from .report import CircuitReport, ImportOverReport, LoadReport, OverReport, Report, coded
from .units import PerPhase

PREFIX = "sensor.loadjuggler"
STATE_LENGTH = 255
"""Home Assistant takes no longer states."""

ICONS = {
    "current": "mdi:current-ac",
    "power": "mdi:flash",
    "charger": "mdi:ev-station",
    "plug": "mdi:power-socket",
}
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
"""Others have the icon of their kind of load."""


@dataclass(frozen=True, slots=True)
class Entity:
    """A state to set: `value` is text, `attributes` what Home Assistant needs to show it."""

    id: str
    value: str
    attributes: Mapping[str, Any] = field(default_factory=dict)


def entities(report: Report, picture: str | None = None) -> tuple[Entity, ...]:
    """Every entity of the site, its circuits and its loads; `picture` is the address of one."""
    found = list(_site(report, picture))
    for circuit in report.circuits.values():
        found += _circuit(circuit)
    for load in report.loads.values():
        found += _load(load)
    return tuple(found)


def stored(shown: Iterable[Entity]) -> list[list[Any]]:
    """What is shown, as plain data for `restored`."""
    return [[one.id, one.value, dict(one.attributes)] for one in shown]


def restored(data: Any) -> tuple[Entity, ...]:
    """What was shown before a restart, marked as such; what of it is damaged is left out.

    Nothing is decided by it: it fills the gap in graphs until the first run.
    """
    found = []
    for one in data if isinstance(data, list) else ():
        if not isinstance(one, list) or len(one) != 3:
            continue
        ident, value, attributes = one
        ours = isinstance(ident, str) and ident.startswith(f"{PREFIX}_")
        if ours and isinstance(value, str) and isinstance(attributes, dict):
            found.append(Entity(ident, value[:STATE_LENGTH], {**attributes, "restored": True}))
    return tuple(found)


def _site(report: Report, picture: str | None) -> Iterator[Entity]:
    yield Entity(
        f"{PREFIX}_status",
        report.status,
        {
            "friendly_name": "Load Juggler status",
            "icon": "mdi:scale-balance",
            "message": report.sentence,
            "warnings": list(report.warnings),
            "distribution": report.distribution,
            **({"picture": picture} if picture else {}),
        },
    )
    yield _power(
        f"{PREFIX}_grid_available_power",
        "Load Juggler grid available power",
        report.grid_available_w,
    )
    yield _power(f"{PREFIX}_surplus_power", "Load Juggler surplus power", report.surplus_w)
    if report.battery_help_w is not None:
        yield _power(
            f"{PREFIX}_battery_available_power",
            "Load Juggler battery available power",
            report.battery_help_w,
        )
    if report.import_over is not None:
        yield from _import_over(report.import_over)


def _circuit(circuit: CircuitReport) -> Iterator[Entity]:
    base = f"{PREFIX}_{circuit.id}"
    name = circuit.name[:1].upper() + circuit.name[1:]
    for what, values in (("current", circuit.draw), ("headroom", circuit.headroom)):
        for phase, value in _existing(values, circuit.draw, circuit.unmanaged):
            yield _current(
                f"{base}_{what}_{phase.lower()}",
                f"{name} {what} {phase}",
                value,
                {"limit": circuit.limit_a, "phase": phase},
            )
    for phase, over in circuit.over.items():
        yield from _over(f"{base}_over_limit", f"{name} over limit", circuit.limit_a, phase, over)


@lru_cache(maxsize=512)  # they hardly ever change, and there are many of them
def _over(
    base: str, name: str, limit_a: float, phase: str, over: OverReport
) -> tuple[Entity, Entity]:
    """What was seen over a breaker's limit today: s and A·s, which start from 0 each day."""
    facts = {"limit": limit_a, "phase": phase, **_worst(over, over.worst_a, 1)}
    seconds = (over.managed_s, over.unmanaged_s) if over.known else None
    amounts = (over.managed_as, over.unmanaged_as) if over.known else None
    end = phase.lower()
    time: dict[str, Any] = {"unit_of_measurement": "s", "device_class": "duration", **facts}
    amount = {"unit_of_measurement": "A·s", **facts}  # there is no device class for it
    return (
        _today(f"{base}_time_{end}", f"{name} time {phase}", seconds, 0, time),
        _today(
            f"{base}_ampere_seconds_{end}", f"{name} ampere seconds {phase}", amounts, 1, amount
        ),
    )


def _import_over(over: ImportOverReport) -> Iterator[Entity]:
    """What was seen over the import limit today: s and Wh."""
    base, name = f"{PREFIX}_import_over_limit", "Load Juggler import over limit"
    facts = _worst(over, over.worst_w, 0)
    seconds = (over.managed_s, over.unmanaged_s) if over.known else None
    amounts = (over.managed_wh, over.unmanaged_wh) if over.known else None
    unit = {"unit_of_measurement": "s", "device_class": "duration"}
    yield _today(f"{base}_time", f"{name} time", seconds, 0, {**unit, **facts})
    unit = {"unit_of_measurement": "Wh", "device_class": "energy"}
    yield _today(f"{base}_energy", f"{name} energy", amounts, 1, {**unit, **facts})


def _worst(over: OverReport | ImportOverReport, worst: float | None, digits: int) -> dict[str, Any]:
    """The worst overload today as attributes: A or W, as a multiple of the limit, and when."""
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
    """A total of today by cause: (managed, not managed); `None`: not known.

    Home Assistant's statistics take a total_increasing that has become less for one that began
    again from 0, as this one does at midnight, and go on counting.
    """
    managed, unmanaged = (None, None) if parts is None else (round(part, digits) for part in parts)
    attributes = {
        "friendly_name": name,
        "icon": "mdi:alert-outline",
        "state_class": "total_increasing",
        "managed": managed,
        "unmanaged": unmanaged,
        **more,
    }
    return Entity(entity, "unknown" if parts is None else f"{sum(parts):.{digits}f}", attributes)


def _existing(values: PerPhase, *others: PerPhase) -> Iterator[tuple[str, float | None]]:
    """Phases that exist anywhere in what is known of a circuit; a value may be unknown."""
    for phase in "ABC":
        if any(item[phase] is not None for item in (values, *others)):
            yield phase, values[phase]


def _load(load: LoadReport) -> Iterator[Entity]:
    base = f"{PREFIX}_{load.id}"
    allocated = f"{load.name} allocated current"
    facts = {"circuit": load.circuit, "mode": load.mode, "target": load.target_a}
    yield _current(f"{base}_allocated_current", allocated, load.allocated_a, facts)
    yield _current(f"{base}_available_current", f"{load.name} available current", load.available_a)
    yield _power(f"{base}_power", f"{load.name} power", load.power_w)
    yield from _energy(base, load)
    yield Entity(
        f"{base}_status",
        load.status,
        {
            "friendly_name": f"{load.name} status",
            "icon": STATUS_ICONS.get(load.status, ICONS.get(load.kind, "mdi:flash")),
            "mode": load.mode,
            "reason": load.reason.code,
        },
    )
    yield Entity(
        f"{base}_reason",
        load.sentence[:STATE_LENGTH],
        {
            "friendly_name": f"{load.name} reason",
            "icon": "mdi:comment-question-outline",
            "text": load.sentence,
            **coded(load.reason),
        },
    )


def _energy(base: str, load: LoadReport) -> Iterator[Entity]:
    """What a load used today, and how much of it the sun gave."""
    wh = load.energy_today_wh
    yield Entity(
        f"{base}_energy_today",
        "unknown" if wh is None else f"{wh / 1000.0:.3f}",
        {
            "friendly_name": f"{load.name} energy today",
            "icon": "mdi:lightning-bolt",
            "unit_of_measurement": "kWh",
            "device_class": "energy",
            "state_class": "total_increasing",
        },
    )
    share = load.solar_share_today_pct
    yield Entity(
        f"{base}_solar_share_today",
        "unknown" if share is None else f"{share:.0f}",
        {
            "friendly_name": f"{load.name} solar share today",
            "icon": "mdi:solar-power",
            "unit_of_measurement": "%",
            "state_class": "measurement",
        },
    )


def _current(
    entity: str, name: str, value: float | None, more: Mapping[str, Any] | None = None
) -> Entity:
    return _measurement(entity, name, value, 1, "A", "current", more)


def _power(entity: str, name: str, value: float | None) -> Entity:
    return _measurement(entity, name, value, 0, "W", "power")


def _measurement(
    entity: str,
    name: str,
    value: float | None,
    digits: int,
    unit: str,
    device_class: str,
    more: Mapping[str, Any] | None = None,
) -> Entity:
    shown = "unknown" if value is None else f"{value:.{digits}f}"
    attributes = {
        "friendly_name": name,
        "icon": ICONS[device_class],
        "unit_of_measurement": unit,
        "device_class": device_class,
        "state_class": "measurement",
        **(more or {}),
    }
    return Entity(entity, "0" if shown == "-0" else shown, attributes)
