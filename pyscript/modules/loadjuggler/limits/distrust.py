"""Meters that are known to hide what flows: they count like one that has been silent.

A meter may show what is taken as fed in, or not see the loads below it. Then each ampere that a
load takes looks like one that the house gives back, and the breaker seems to have ever more room.
While such a mistake is told, the loads below that breaker go by the rules of a silent meter
(`limits.fallback`), but what the house takes is known within a bound:

```
    the meter               what the house takes at most
    goes the wrong way      -shown - what the managed loads draw
    does not see a load     shown - what the loads draw that it does see
```

Of the last 15 min the highest counts. Example, 25 A: a meter that does not see the car shows 14 A
at most, so 11 A are left, and the car has its fallback current of 6 A. With 20 A it would be
stopped.

Sources: docs/product.md sections 6 and 8; docs/decisions/0027.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from ..measure.readings import MeterReading, Readings
from ..memory.limits import Spot
from ..memory.memory import Memory
from ..options import Options
from ..reason_table import Family, meaning
from ..records import replace
from ..site.model import MAIN, Site
from ..units import PHASES, PerPhase
from .fallback import MINUTE_S

HIDING = (Family.WRONG_WAY, Family.UNSEEN)
"""What is told of a meter that hides what flows."""


@dataclass(frozen=True, slots=True)
class _Mistake:
    """The phases on which a meter goes the wrong way, and the loads that it does not see."""

    turned: frozenset[str] = frozenset()
    unseen: frozenset[str] | None = frozenset()
    """`None`: it is not known which."""


def believed(
    site: Site, readings: Readings, memory: Memory, options: Options
) -> tuple[Readings, Memory]:
    """The readings without what meters show that are known to hide what flows, and the memory.

    Their phases are `None`, they count as stale, and their highest house load of the last 15 min is
    remembered as their peaks. Nearly always there is none, and both are returned as they are.
    """
    mistakes = dict(_mistakes(site, memory))
    hidden = memory.wiring.hidden
    if not mistakes:
        if hidden:
            memory = replace(memory, wiring=replace(memory.wiring, hidden=()))
        return readings, memory
    meters = dict(readings.meters)
    peaks = {key: kept for key, kept in memory.peaks.items() if _counts(key, mistakes, hidden)}
    for circuit, mistake in mistakes.items():
        meter = readings.meters[circuit]
        meters[circuit] = replace(meter, amps=PerPhase(), stale=True, hides=True)
        for phase, house_a in _house(site, readings, memory, circuit, meter, mistake):
            key = (circuit, phase)
            peaks[key] = _with_peak(peaks.get(key, ()), house_a, readings.at, options)
    if tuple(mistakes) != hidden:
        memory = replace(memory, wiring=replace(memory.wiring, hidden=tuple(mistakes)))
    return replace(readings, meters=meters), replace(memory, peaks=peaks)


def _counts(key: Spot, mistakes: Collection[str], hidden: Collection[str]) -> bool:
    """Whether peaks count: a wrong meter had a part in those from before its mistake was known."""
    return key[0] not in mistakes or key[0] in hidden


def _mistakes(site: Site, memory: Memory) -> Iterator[tuple[str, _Mistake]]:
    """The meters that hide what flows, by circuit id, as findings and doubts that are told say."""
    told: list[tuple[str, Mapping[str, float | str], str]] = [
        (found.code, found.numbers, about)
        for (_, about), found in memory.wiring.findings.items()
        if meaning(found.code).family in HIDING
    ]
    told += [
        (doubt.code, doubt.numbers, "")
        for doubt in memory.checks.by_key.values()
        if doubt.told and meaning(doubt.code).family in HIDING
    ]
    for circuit in site.circuits.values() if told else ():
        here = [one for one in told if one[1].get("circuit", MAIN) == circuit.id]
        if not here or circuit.meter is None:
            continue
        turned: set[str] = set()
        unseen: set[str] = set()
        whole = False
        for code, numbers, about in here:
            if meaning(code).family is Family.WRONG_WAY:
                named = str(numbers.get("phase") or "")
                turned |= set(named.split(", ") if named else site.phases)
            elif about in site.loads:
                unseen.add(about)
            else:
                whole = True
        yield circuit.id, _Mistake(frozenset(turned), None if whole else frozenset(unseen))


def _house(
    site: Site,
    readings: Readings,
    memory: Memory,
    circuit: str,
    meter: MeterReading,
    mistake: _Mistake,
) -> Iterator[tuple[str, float]]:
    """A that the house takes at most, by phase, as far as the meter shows something."""
    drawn = dict.fromkeys(PHASES, 0.0)
    for load in site.below(circuit):
        draw = readings.loads[load.id].draw
        sees = mistake.unseen is not None and load.id not in mistake.unseen
        sees = sees and (bool(mistake.turned) or memory.wiring.unseen.get(load.id, 0.0) < 0)
        for phase, amps in draw.items() if draw and sees else ():
            drawn[phase] += amps
    for phase, shown_a in meter.amps.items():
        flows_a = -shown_a if phase in mistake.turned else shown_a
        yield phase, max(flows_a - drawn[phase], 0.0)


def _with_peak(
    known: tuple[tuple[int, float], ...], house_a: float, now: float, options: Options
) -> tuple[tuple[int, float], ...]:
    """The highest A of each of the last minutes, as (minute since the epoch, A); with now's."""
    minute = int(now // MINUTE_S)
    oldest = minute - int(options.peak_s // MINUTE_S)
    here = max([house_a, *(amps for at, amps in known if at == minute)])
    return (*[one for one in known if oldest < one[0] < minute], (minute, round(here, 3)))
