"""A house with faults, and the engine in a Home Assistant with faults.

The devices go on by physics. A fault lies between them and the engine: it changes their states,
their calls or the clock.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from loadjuggler.calls import ServiceCall
from loadjuggler.memory.codec import from_json, to_json
from loadjuggler.memory.restart import woken
from loadjuggler.snapshot import EntityState

from ..house import STILL, House, Life, Undelivered
from ..living import Living
from ..scenario import Scenario
from .kinds import Fault, Target, target_of
from .lies import Appearing, Lie

UNREACHABLE = ("reject", "offline", "silent", "reboot", "unavailable")
"""While such a fault lasts, calls to its load fail."""
DEAF = ("ignore", "stick")
"""While such a fault lasts, calls to its load have no effect."""
_SEEN = (
    "freeze", "vanish", "unavailable", "nan", "text", "spike", "jump", "sign", "offline", "silent",
    "reboot",
)  # fmt: skip
"""Faults that change what is shown."""


class FaultyHouse(House):
    """A house with `faults`. `shown` is what it showed last."""

    def __init__(
        self,
        scenario: Scenario,
        life: Life = STILL,
        now: float = 0.0,
        faults: Sequence[Fault] = (),
    ) -> None:
        """Build the house; raises ValueError for a fault of something that it does not have."""
        self.faults = tuple(sorted(faults, key=lambda fault: fault.at))
        self.shown: Mapping[str, EntityState] = {}
        self._targets = [target_of(fault.of, scenario) for fault in self.faults]
        voltage = scenario.site.voltage
        self._lies = {
            fault: Lie(fault, target.entities, voltage)
            for fault, target in zip(self.faults, self._targets, strict=True)
            if fault.what in _SEEN
        }
        self._restarts = [Appearing(fault) for fault in self.faults if fault.what == "restart"]
        self._active: list[tuple[Fault, Target]] = []
        self._disturbed = False
        super().__init__(scenario, life, now)
        self._begin_and_end(now)

    @property
    def clock(self) -> float:
        """Epoch s as Home Assistant's clock has it; `now` is the time of the physics."""
        return self.now + sum(f.amount for f, _ in self._active if f.what == "clock")

    @property
    def down(self) -> bool:
        """Whether Home Assistant does not run now."""
        return any(fault.what == "restart" for fault, _ in self._active)

    def advance(self, now: float) -> None:
        """Let time pass until `now`; faults begin and end at its end."""
        self._begin_and_end(now)
        super().advance(now)

    def _begin_and_end(self, now: float) -> None:
        pairs = zip(self.faults, self._targets, strict=True)
        before, self._active = self._active, [pair for pair in pairs if pair[0].active(now)]
        if before == self._active:
            return
        rebooting = {target.id for fault, target in self._active if fault.what == "reboot"}
        for load, charger in self.chargers.items():
            charger.late_s = sum(
                fault.amount
                for fault, target in self._active
                if fault.what == "delay" and target.id == load
            )
            if load in rebooting and not charger.down:
                charger.crash()
            elif charger.down and load not in rebooting:
                charger.start_again(now)

    def switched(self, before: float, now: float) -> Iterator[tuple[Fault, bool]]:
        """Faults that began (True) or ended (False) after `before` and until `now`."""
        for fault in self.faults:
            if before < fault.at <= now:
                yield fault, True
            if before < fault.until <= now:
                yield fault, False

    def call(self, call: ServiceCall) -> None:
        """Carry out a service call; raises Undelivered where it does not get through."""
        for fault, target in self._active:
            if target.id == call.load_id and target.kind != "sensor":
                if fault.what in UNREACHABLE:
                    raise Undelivered(f"{fault.words()}: {call.service} failed")
                if fault.what in DEAF:
                    return
        try:
            super().call(call)
        except ValueError as error:  # e.g. a transaction that nobody could know to be over
            raise Undelivered(str(error)) from error

    def snapshot(self) -> dict[str, EntityState]:
        """States of all entities, as Home Assistant shows them."""
        news = self.news
        states = super().snapshot()
        appearing = [one for one in self._restarts if self._comes_up(one.fault)]
        if self._active or appearing or self._disturbed:
            for fault, _ in self._active:
                if fault in self._lies:
                    self._lies[fault].tell(states, self.shown, self.clock)
            lied = {
                entity
                for fault, target in self._active
                if fault in self._lies
                for entity in target.entities
            }
            self.life.mistakes.copy(states, but=lied)
            for one in appearing:
                one.tell(states, self.now, self.clock)
            self.news = news or _differ(states, self.shown)
            self._disturbed = bool(self._active or appearing)
        self.shown = states
        return states

    def _comes_up(self, fault: Fault) -> bool:
        """Whether this restart is over, but for the last entities' first new reports."""
        every_s = max(self.life.meter_s, self.life.habits.report_s)
        return fault.until <= self.now <= fault.until + fault.amount + every_s


def _differ(one: Mapping[str, EntityState], two: Mapping[str, EntityState]) -> bool:
    """Whether a state has changed: its value or an attribute, not only the time of its report."""
    if one.keys() != two.keys():
        return True
    return any(
        state is not (old := two[entity])
        and (state.value != old.value or state.attributes != old.attributes)
        for entity, state in one.items()
    )


class FaultyLiving(Living):
    """The engine in a Home Assistant that stops and starts again."""

    house: FaultyHouse
    _slept = False

    def _look(self) -> tuple[ServiceCall, ...]:
        """Look at the house, unless Home Assistant is down; what is remembered is as if stored."""
        if self.house.down:
            self._slept = True
            return ()
        if self._slept:
            self._slept = False
            stored = json.dumps(to_json(self.memory), allow_nan=False)
            self.memory = woken(from_json(json.loads(stored)), self.site)
            self._ran_at = float("-inf")
        return super()._look()
