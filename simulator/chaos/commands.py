"""Judges commands by themselves, whatever the result: three rules that none may break.

- "level": a charger is told 0, or something from its minimum to its maximum, in steps of 0.1 A.
- "blind raise": no load is told more while a meter above it has been visibly missing (its entity is
  not there, or shows no number) since before this run. Exempt: essential plugs, loads whose
  mode is off, a TxDefaultProfile of no more than the minimum.
- "blind fallback": a meter has been missing for 60 s, and 10 s more: each charging load below it
  is told no more than its minimum or 6 A, or what it was told before, if that is less. Exempt:
  loads that can't be reached, or whose mode is off.

What a load was told is what went through to it, A per leg: of a charger its running transaction's
profile, else what its TxDefaultProfile says by then; of one that refuses profiles the last of
either. A default may say 0 A at first, and its minimum from a minute of the session on.
"""

from __future__ import annotations

import math
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from loadjuggler.calls import ServiceCall
from loadjuggler.site.model import Site
from loadjuggler.snapshot import EntityState

from ..faults import FaultyHouse
from ..scenario import LoadSpec
from .blame import Blame
from .limits import NEVER
from .verdict import Findings

STEP_A = 0.1
NOISE_A = 1e-6
FALLBACK_A = 6.0
STALE_S = 60.0
"""So long a meter may be missing before chargers fall back (docs/product.md section 6)."""
SLACK_S = 10.0
BOTH_S = 10.0
"""A default that comes so soon after the profile of a session is for when that has ended."""
STORM_S = 600.0
"""Calls are counted over this time."""


@dataclass(slots=True)
class Profiles:
    """What a load was told that went through: by default, and in transaction `tx` at `tx_at`.

    `later`: what the default says later: (s from the begin of a session, A per leg).
    """

    default_a: float | None = None
    later: tuple[tuple[float, float], ...] = ()
    tx_a: float | None = None
    tx: int = 0
    tx_at: float = 0.0

    def now_a(self, transaction: int, seconds: float = 0.0) -> float | None:
        """A per leg that hold `seconds` after `transaction` (0: none) began, if any were told."""
        if transaction and transaction == self.tx:
            return self.tx_a
        begun = [amps for at_s, amps in self.later if transaction and at_s <= seconds]
        return begun[-1] if begun else self.default_a


@dataclass(slots=True)
class Calls:
    """How often loads were called: in all, and the most of one in ten minutes."""

    total: int = 0
    worst: int = 0
    worst_load: str = ""
    recent: dict[str, deque[float]] = field(default_factory=dict)
    by_load: Counter[str] = field(default_factory=Counter)

    def add(self, load: str, now: float) -> None:
        """Count a call to `load` at epoch s `now`."""
        self.total += 1
        self.by_load[load] += 1
        recent = self.recent.setdefault(load, deque())
        recent.append(now)
        while now - recent[0] > STORM_S:
            recent.popleft()
        if len(recent) > self.worst:
            self.worst, self.worst_load = len(recent), load


class Commands:
    """Judges calls and blindness; call `second` after each, with what was sent in it."""

    def __init__(self, house: FaultyHouse, site: Site, blame: Blame, findings: Findings) -> None:
        """Know the house and how it is wired."""
        self.house, self.site, self.blame, self.findings = house, site, blame, findings
        self.specs = {spec.id: spec for spec in house.scenario.loads}
        self.profiles = {load: Profiles() for load in self.specs}
        self.calls = Calls()
        self._meters = {
            circuit.id: tuple(entity for _, entity in circuit.meter.entities)
            for circuit in site.circuits.values()
            if circuit.meter
        }
        self._above = {
            load.id: tuple(c for c in site.path(load.circuit) if c in self._meters)
            for load in site.loads.values()
        }
        self._blind_since: dict[str, float] = {}
        self._before: dict[str, dict[str, tuple[float, int]]] = {}

    def second(self, sent: list[tuple[ServiceCall, str]]) -> dict[str, float]:
        """Judge the second that has passed; answers what loads hold now, A per leg by id.

        NEVER for one that was never told anything, and for a plug that may be on.
        """
        missing = self._missing(self.house.shown)
        for call, error in sent:
            self._judge(call, error, missing)
        if self.house.down:  # a meter that is not there yet counts from the start on
            self._blind_since.clear()
            self._before.clear()
        else:
            self._note_blind(missing)
            self._judge_fallback()
        held = {load: self._now_a(load) for load in self.house.chargers}
        for load in self.house.plugs:
            held[load] = 0.0 if self.profiles[load].default_a == 0.0 else NEVER
        return held

    # --- calls ------------------------------------------------------------------------------------

    def _judge(self, call: ServiceCall, error: str, missing: set[str]) -> None:
        """Judge a call, and remember what its load was told, if it went through."""
        load, now = call.load_id, self.house.now
        self.calls.add(load, now)
        spec = self.specs[load]
        if not call.tells:
            return
        if spec.type == "plug":
            amps, before, default = self._switched(call, spec)
        else:
            amps, before, default = self._profiled(call, spec)
            for _, one_a in _periods(call.data["custom_profile"]):
                self._judge_level(spec, one_a)
        if error:
            return
        old = [c for c in self._above[load] if c in missing and c in self._blind_since]
        harmless = spec.essential or spec.mode == "off"
        harmless |= default and spec.type == "charger" and amps <= spec.min_current + NOISE_A
        if old and not harmless and amps > before + NOISE_A:
            since_s = now - min(self._blind_since[circuit] for circuit in old)
            text = f"{before:g} A to {amps:g} A, {', '.join(old)} missing for {since_s:.0f} s"
            self.findings.add("blind raise", (load,), now, amps - before, text)
        self._remember(call, spec, amps)

    def _switched(self, call: ServiceCall, spec: LoadSpec) -> tuple[float, float, bool]:
        """A per leg that a plug is told, what it was told or found at before, and True."""
        level_a = spec.power / self.house.scenario.site.voltage / len(spec.phases)
        before = self.profiles[spec.id].default_a
        if before is None:
            before = max(self.house.plugs[spec.id].draw.values())
        return (level_a if call.service == "turn_on" else 0.0), before, True

    def _profiled(self, call: ServiceCall, spec: LoadSpec) -> tuple[float, float, bool]:
        """A per leg that a charger is told, and was told before, and whether by default."""
        profile = call.data["custom_profile"]
        amps = _periods(profile)[0][1]
        default = profile["chargingProfilePurpose"] != "TxProfile"
        known, charger = self.profiles[spec.id], self.house.chargers[spec.id]
        running, seconds = charger.transaction, self.house.now - charger.began_at
        before = known.now_a(profile.get("transactionId", running), seconds)
        if default and not (running and before is not None):  # no session holds anything else
            before = known.default_a
        if before is None:  # never told anything: it goes on as it does
            before = max(self.house.chargers[spec.id].draw.values())
        return amps, before, default

    def _judge_level(self, spec: LoadSpec, amps: float) -> None:
        low, high = spec.min_current - NOISE_A, spec.max_current + NOISE_A
        if amps and not low <= amps <= high:
            text = f"{amps:g} A, not 0 or {spec.min_current:g} to {spec.max_current:g} A"
            self.findings.add("level", (spec.id,), self.house.now, amps, text)
        steps = amps / STEP_A
        if not math.isfinite(amps) or abs(steps - round(steps)) > NOISE_A / STEP_A:
            text = f"{amps!r} A is no multiple of {STEP_A:g} A"
            self.findings.add("level", (spec.id,), self.house.now, amps, text)

    def _remember(self, call: ServiceCall, spec: LoadSpec, amps: float) -> None:
        known = self.profiles[spec.id]
        transaction = 0
        if spec.type == "charger":
            transaction = self._session_of(call.data["custom_profile"], spec)
        if transaction:
            known.tx, known.tx_a, known.tx_at = transaction, amps, self.house.now
        else:
            known.default_a = amps
            known.later = ()
            if spec.type == "charger":
                known.later = _periods(call.data["custom_profile"])[1:]
            if self.blame.refuses and self.house.now - known.tx_at > BOTH_S:
                known.tx = 0  # it is told by its default because it takes nothing else

    def _session_of(self, profile: Mapping[str, Any], spec: LoadSpec) -> int:
        """The session that a profile is for; without an id it is the one that runs; 0: none."""
        if profile["chargingProfilePurpose"] != "TxProfile":
            return 0
        return int(profile.get("transactionId", self.house.chargers[spec.id].transaction))

    # --- blindness --------------------------------------------------------------------------------

    def _missing(self, states: Mapping[str, EntityState]) -> set[str]:
        """Circuits with a meter of which a phase shows no number."""
        return {
            circuit
            for circuit, entities in self._meters.items()
            if any(not _is_number(states.get(entity)) for entity in entities)
        }

    def _note_blind(self, missing: set[str]) -> None:
        """Remember since when meters are missing, and what loads were told then."""
        for circuit in missing - self._blind_since.keys():
            self._blind_since[circuit] = self.house.now
            self._before[circuit] = {
                load: (self._now_a(load), charger.transaction)
                for load, charger in self.house.chargers.items()
            }
        for circuit in self._blind_since.keys() - missing:
            del self._blind_since[circuit], self._before[circuit]

    def _now_a(self, load: str) -> float:
        charger = self.house.chargers[load]
        seconds = self.house.now - charger.began_at
        held = self.profiles[load].now_a(charger.transaction, seconds)
        return NEVER if held is None else held

    def _judge_fallback(self) -> None:
        now = self.house.now
        for circuit, since in self._blind_since.items():
            if now - since <= STALE_S + SLACK_S:
                continue
            for load, charger in self.house.chargers.items():
                spec, told_a = charger.spec, self._now_a(load)
                if circuit not in self._above[load] or charger.status != "Charging":
                    continue
                if spec.mode == "off" or told_a == NEVER or self.blame.is_loose(load, now):
                    continue
                before_a, transaction = self._before[circuit][load]
                most_a = max(spec.min_current, FALLBACK_A)
                if transaction == charger.transaction:  # a car that has come since has its minimum
                    most_a = min(most_a, before_a)
                if told_a > most_a + NOISE_A:
                    text = f"told {told_a:g} A, no more than {most_a:g} A may be: the meter of "
                    text += f"{circuit} has been missing for {now - since:.0f} s"
                    self.findings.add("blind fallback", (load,), now, told_a - most_a, text)


def _periods(profile: Mapping[str, Any]) -> tuple[tuple[float, float], ...]:
    """What a profile says: (s from its begin, A per leg)."""
    rows = profile["chargingSchedule"]["chargingSchedulePeriod"]
    return tuple((float(row["startPeriod"]), float(row["limit"])) for row in rows)


def _is_number(state: EntityState | None) -> bool:
    try:
        return state is not None and math.isfinite(float(state.value))
    except ValueError:
        return False
