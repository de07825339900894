"""Notes what the engine finds out about the wiring in the course of a day, and when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from loadjuggler.memory.wiring import Finding, Key, Remap

from .living import Living


@dataclass(frozen=True, slots=True)
class Noted:
    """Something that was found at epoch s `at`: words, after how many clear `changes`.

    `load` is the one that was put right by that ("": none was).
    """

    at: float
    text: str
    changes: int
    load: str = ""


@dataclass(slots=True)
class Found:
    """Watches a living house; `noted` is what was found, in order."""

    living: Living
    noted: list[Noted] = field(default_factory=list)
    _findings: Mapping[Key, Finding] = field(default_factory=dict)
    _remaps: Mapping[str, Remap] = field(default_factory=dict)

    def second(self) -> Iterator[Noted]:
        """What is new since the last time."""
        wiring = self.living.memory.wiring
        if wiring.findings is self._findings and wiring.remaps is self._remaps:
            return
        new = [*self._told(wiring.findings), *self._put_right(wiring.remaps)]
        self._findings, self._remaps = wiring.findings, wiring.remaps
        self.noted += new
        yield from new

    def _told(self, findings: Mapping[Key, Finding]) -> Iterator[Noted]:
        for (kind, of), finding in findings.items():
            if finding != self._findings.get((kind, of)):
                numbers = finding.numbers
                words = f"{of}: {finding.code.replace('_', ' ')}"
                if kind == "load":
                    words += f", {numbers['leg']} is on {numbers['to_phase']}"
                elif "phase" in numbers:
                    words += f", phase {numbers['phase']}"
                changes = int(float(numbers.get("changes", numbers.get("of", 0))))
                yield Noted(finding.at, words, changes)

    def _put_right(self, remaps: Mapping[str, Remap]) -> Iterator[Noted]:
        for load, remap in remaps.items():
            if remap != self._remaps.get(load) and not remap.undone:
                legs = ", ".join(f"{leg} on {phase}" for leg, phase in remap.legs)
                yield Noted(remap.at, f"{load}: counted with {legs}", remap.changes, load)

    def remapped_at(self) -> float | None:
        """When the first load was put right, epoch s."""
        return next((one.at for one in self.noted if one.load), None)
