"""Forms that may be right, but of which an electrician would ask: told, never refused.

    what is filled in                               why it is unlikely
    a maximum above a breaker of the charger's own  nothing shares that breaker, so it is a slip, or
                                                    the charger itself is set too high
    chargers that hold more than a breaker carries  without Load Juggler it trips
    a breaker and reserve that leave less than the  it can never start
      minimum of a charger
    a buffer of more than half of the import limit  the limit is reached at half of what it says
    a meter of the grid that is named like the sun  one list of sensors has all of them
      or a battery, or the other way round
    more power on one phase than on all             the two ratings are exchanged

Only amounts of forms count. Where an entity sets a limit at run time, nothing is asked about that.
Currents are A per phase. Source: docs/decisions/0038.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...loads.kinds import KINDS_OF_LOADS
from ...memory.load import NOTHING_KNOWN
from ...memory.plausibility import Doubts
from ...site.model import MAIN, Circuit, Load, Setting, Site
from .view import Evidence, View

TOLD_S = 10.0
"""Told at the first look: nothing has to be waited for."""


SLACK_A = 0.5
"""Less than this above a breaker is no slip."""


GRID_WORDS = frozenset(
    (
        *("grid", "net", "netz", "mains", "main", "meter", "metering", "p1", "ct", "import"),
        *("export", "utility", "omrezje", "stevec", "zaehler", "zahler", "bezug", "einspeisung"),
    )
)
"""Words of names that speak for a meter of the grid, whatever else is in the name."""


SUN_WORDS = frozenset(
    ("solar", "pv", "photovoltaic", "panels", "sonce", "soncna", "fotovoltaika", "photovoltaik")
)


BATTERY_WORDS = frozenset(("battery", "batterie", "baterija", "akku", "accu"))
"""Words of names that speak for the sun, or for a battery."""


def check(view: View, doubts: Doubts) -> tuple[Doubts, list[Evidence]]:
    """Evidence of all that is unlikely in the forms."""
    site = view.site
    found = [
        *_above_own(site),
        *_too_many_fallbacks(site),
        *_no_room(site),
        *_large_buffer(site),
        *_other_names(site),
        *_ratings(site),
    ]
    return doubts, [
        Evidence(f"{code} {sorted(numbers.items())}", code, True, TOLD_S, numbers)
        for code, numbers in found
    ]


Numbers = dict[str, float | str]
Found = Iterator[tuple[str, Numbers]]
"""The codes of doubts, with the numbers of their sentences."""


def _filled_in(setting: Setting) -> float | None:
    """The number of a form; `None`: there is none, or an entity sets it."""
    value = setting.value
    return float(value) if isinstance(value, int | float) and not setting.entity else None


def _above_own(site: Site) -> Found:
    """Not for the main breaker: there is always something else behind that."""
    for circuit in site.circuits.values():
        loads, limit_a = site.below(circuit.id), _filled_in(circuit.limit)
        alone = circuit.id != MAIN and len(loads) == 1 and circuit.meter is None
        if not alone or limit_a is None or loads[0].circuit != circuit.id:
            continue
        most_a = _filled_in(loads[0].max_a)
        if loads[0].kind.adjustable and most_a is not None and most_a > limit_a + SLACK_A:
            numbers: Numbers = {"limit_a": limit_a, "max_a": most_a, "charger": loads[0].name}
            yield "setup_max_above", {"circuit": circuit.id, **numbers}


def _too_many_fallbacks(site: Site) -> Found:
    """One for each branch: the breaker furthest from the grid."""
    told: set[str] = set()
    for circuit in reversed(tuple(site.circuits.values())):
        limit_a = _filled_in(circuit.limit)
        if limit_a is None or told & set(site.next_below(circuit.id)):
            continue
        held = dict.fromkeys(site.phases, 0.0)
        names = []
        for load in site.below(circuit.id):
            if load.fallback_a <= 0 or not _falls_back(load):
                continue
            names.append(load.name)
            for _, phase in load.legs:
                held[phase] += load.fallback_a
        phase = max(held, key=lambda one: held[one])
        if len(names) > 1 and held[phase] > limit_a + SLACK_A:
            told.add(circuit.id)
            numbers: Numbers = {
                "limit_a": limit_a,
                "sum_a": held[phase],
                "charger": ", ".join(names),
                "number": float(len(names)),
            }
            yield "setup_fallbacks", {"circuit": circuit.id, "phase": phase, **numbers}


def _falls_back(load: Load) -> bool:
    """Whether a load goes to its fallback current when nobody tells it anything."""
    return KINDS_OF_LOADS[load.kind.name].driver.falls_back(load, NOTHING_KNOWN)


def _no_room(site: Site) -> Found:
    for load in site.loads.values():
        least_a = _filled_in(load.min_a)
        if least_a is None or not load.kind.adjustable:
            continue
        for circuit in (site.circuits[key] for key in site.path(load.circuit)):
            left_a = _left_a(circuit)
            if left_a is not None and left_a < least_a:
                numbers: Numbers = {"left_a": left_a, "min_a": least_a, "charger": load.name}
                numbers |= {"reserve_a": circuit.reserve_a}
                yield "setup_no_room", {"circuit": circuit.id, **numbers}
                break


def _left_a(circuit: Circuit) -> float | None:
    """What a breaker leaves for all loads together; `None`: an entity says its limit."""
    limit_a = _filled_in(circuit.limit)
    return None if limit_a is None else limit_a - circuit.reserve_a


def _large_buffer(site: Site) -> Found:
    limit_w, buffer_w = _filled_in(site.max_import_w), _filled_in(site.power_buffer_w)
    if limit_w and buffer_w and buffer_w > limit_w / 2:
        yield "setup_buffer", {"limit_w": limit_w, "buffer_w": buffer_w}


def _other_names(site: Site) -> Found:
    for circuit in site.circuits.values():
        if circuit.meter is None or (site.off_grid and circuit.id == MAIN):
            continue
        for phase, entity in circuit.meter.entities:
            words = _words(entity)
            if words & (SUN_WORDS | BATTERY_WORDS) and not words & GRID_WORDS:
                numbers: Numbers = {"entity": entity, "phase": phase, "form": circuit.id}
                yield "setup_named_meter", {"circuit": circuit.id, **numbers}
    if site.solar:
        words = _words(site.solar)
        if words & GRID_WORDS and not words & SUN_WORDS:
            yield "setup_named_sun", {"entity": site.solar}


def _words(entity: str) -> frozenset[str]:
    """The words of an entity's id."""
    return frozenset(entity.partition(".")[2].split("_"))


def _ratings(site: Site) -> Found:
    each_w, all_w = site.inverter.max_phase_w, site.inverter.max_w
    if each_w and all_w and each_w > all_w:
        yield "setup_ratings", {"each_w": each_w, "all_w": all_w}
