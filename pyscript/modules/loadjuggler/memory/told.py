"""What a load was told: the command that holds, a charger's profiles, and the calls themselves.

Each record is changed only by its own methods, so what can happen to it stands here. Currents are
A per leg, times epoch s.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..records import replace
from .serialise import not_after
from .times import CLOCK_SLACK_S, At, Until

Delivered = tuple[float | None, int, float | None]
"""What a load holds once a call has gone through: (`tx_a`, `tx`, `default_a`) of its `Command`."""


@dataclass(frozen=True, slots=True)
class Command:
    """The command that a load holds, if every call has gone through.

    - `default_a`: the command that holds by itself: a plug's, a number's, a charger's
      TxDefaultProfile. `None`: it was never told anything.
    - `tx_a`, `tx`: the command of OCPP transaction `tx` (0: there is none). It is void in any other
      transaction.
    - `before`: what was delivered before the calls that are still under way. It holds again if they
      fail. `None`: no call is under way.
    - `off`: a charger is paused by the switch of its integration, whatever its profiles say.
    - `switched`: what a number charger's own switch was told last: "" (nothing), "off", "on", or
      "seen" once it has been found on.
    - `bare`: its profiles were cleared, or it was restarted, and no command has gone through since.
      Nothing limits it then but its own maximum.
    """

    default_a: float | None = None
    tx_a: float | None = None
    tx: int = 0
    before: Delivered | None = None
    off: bool = False
    switched: str = ""
    bare: bool = False

    def in_force_a(self, transaction: int | None) -> float | None:
        """A per leg that holds during `transaction`; `None`: the load was never told anything."""
        if self.off:
            return 0.0
        return self.tx_a if self.tx and self.tx == transaction else self.default_a

    def held(self) -> Delivered:
        """What the load holds if every call goes through."""
        return (self.tx_a, self.tx, self.default_a)

    def told_default(self, amps: float) -> Command:
        """`amps` were sent, to hold by themselves."""
        return replace(self, before=self.before or self.held(), default_a=amps)

    def told_session(self, amps: float, transaction: int) -> Command:
        """`amps` were sent, to hold during `transaction`."""
        return replace(self, before=self.before or self.held(), tx_a=amps, tx=transaction)

    def adopted(self, amps: float) -> Command:
        """The load was found to hold `amps` without a call."""
        return replace(self, default_a=amps)

    def delivered(self, what: Delivered) -> Command:
        """A call went through; a newer one may still be under way."""
        return replace(self, before=None if what == self.held() else what, bare=False)

    def not_delivered(self, what: Delivered) -> Command:
        """A call failed: what held before holds again, unless a newer call is under way."""
        if what != self.held() or self.before is None:
            return self
        tx_a, tx, default_a = self.before
        return replace(self, tx_a=tx_a, tx=tx, default_a=default_a, before=None)

    def without_session(self) -> Command:
        """The transaction is over, and its command with it."""
        return replace(self, tx_a=None, tx=0)

    def unknown(self) -> Command:
        """Nothing is known of what the load holds: its profiles were cleared, or it restarted."""
        return replace(self, tx_a=None, tx=0, default_a=None, bare=True)

    def without_default(self) -> Command:
        """The default has to be told anew, because it says another number of phases."""
        return replace(self, default_a=None)

    def paused(self, off: bool) -> Command:
        """The integration's switch pauses the charger (`off`), or lets it go on."""
        return replace(self, off=off)

    def with_switch(self, switched: str) -> Command:
        """A number charger's own switch was told, or found, to be `switched`."""
        return replace(self, switched=switched)


@dataclass(frozen=True, slots=True)
class Profiles:
    """What an OCPP charger holds beside the command, and what it has said that it can do.

    - `safe_a`: the safe layer below the command in this transaction, A per leg. `None`: there is
      none.
    - `renewed_at`: when the command of the transaction was last renewed. When it has run out the
      safe layer holds.
    - `told_at`, `sure`: when it was first told anything in this transaction, and whether it was
      told once more since (docs/decisions/0017: a session is told once more after 10 s).
    - `watt_legs`: for how many legs it was told in W; 0: it was told in A.
    - `unit`, `unit_asked_at`: the unit that it says it knows, and when it was asked.
    - `max_level`, `levels_asked_at`: the highest stack level it takes, and when it was asked.
    - `taken_over`: what others left on it was cleared.
    """

    safe_a: float | None = None
    renewed_at: At | None = None
    told_at: At | None = None
    sure: bool = False
    watt_legs: int = 0
    unit: str | None = None
    unit_asked_at: At | None = None
    max_level: int | None = None
    levels_asked_at: At | None = None
    taken_over: bool = False

    def without_layers(self) -> Profiles:
        """Whether the safe layer is there, and until when the command holds, is not known."""
        return replace(self, safe_a=None, renewed_at=None)

    def without_safe(self) -> Profiles:
        """The safe layer has to be laid anew."""
        return replace(self, safe_a=None)

    def with_safe(self, safe_a: float) -> Profiles:
        """The safe layer was laid at `safe_a`."""
        return replace(self, safe_a=safe_a)

    def renewed(self, at: float | None) -> Profiles:
        """The command was sent to run out after a while from `at` on; `None`: it never does."""
        return replace(self, renewed_at=at)

    def begun(self, now: float) -> Profiles:
        """A transaction is told something for the first time."""
        return replace(self, safe_a=None, renewed_at=None, told_at=now, sure=False)

    def told_twice(self) -> Profiles:
        """The transaction is told everything once more."""
        return replace(self, safe_a=None, sure=True)

    def in_watts(self, legs: int) -> Profiles:
        """It is told in W for so many `legs` from now on; 0: in A."""
        return replace(self, watt_legs=legs)

    def asked_unit(self, now: float | None) -> Profiles:
        """It was asked which unit it knows; `None`: it has to be asked again."""
        return replace(self, unit_asked_at=now)

    def asked_levels(self, now: float | None) -> Profiles:
        """It was asked how many stack levels it has; `None`: it has to be asked again."""
        return replace(self, levels_asked_at=now)

    def with_unit(self, unit: str) -> Profiles:
        """It said that it knows `unit` ("A" or "W")."""
        return replace(self, unit=unit)

    def with_levels(self, max_level: int) -> Profiles:
        """It said up to which stack level it takes profiles."""
        return replace(self, max_level=max_level)

    def taken(self, over: bool) -> Profiles:
        """What others left on it was cleared (`over`), or that has failed."""
        return replace(self, taken_over=over)


@dataclass(frozen=True, slots=True)
class Calls:
    """How the calls of a load went.

    - `commanded_at`: when the command that holds was sent. A command that is only renewed or told
      again is no new one.
    - `called_at`: when the last call of any kind was made.
    - `failures`, `error`: how many calls failed in a row, and what the last one said.
    - `counted_at`: of the calls made at this `called_at` a failure has been counted. Calls that
      fail together have failed once.
    - `replaced`: commands that were replaced a short while ago: (A per leg, until when it held).
      A car may still be obeying one of them.
    """

    commanded_at: At | None = None
    called_at: At | None = None
    failures: int = 0
    error: str = ""
    counted_at: At | None = None
    replaced: tuple[tuple[float, Until], ...] = ()

    def called(self, now: float) -> Calls:
        """A call was made that tells nothing new: a renewal, or the same again."""
        return replace(self, called_at=now)

    def commanded(self, now: float, replaced: tuple[tuple[float, float], ...]) -> Calls:
        """A new command was sent; `replaced` are those that a car may still be obeying."""
        return replace(self, commanded_at=now, called_at=now, replaced=replaced)

    def failed(self, error: str) -> Calls:
        """A call failed with `error`."""
        again = self.called_at is not None and self.counted_at == self.called_at
        failures = self.failures if again and self.failures else self.failures + 1
        return replace(self, failures=failures, error=error, counted_at=self.called_at)

    def went_through(self) -> Calls:
        """A call went through: what failed before is forgotten."""
        return replace(self, failures=0, error="")

    def still_failing(self, error: str) -> Calls:
        """Nothing is left to be called, but why a raise failed last is still told."""
        return replace(self, error=error)

    @property
    def just_failed(self) -> bool:
        """Whether a call that was made together with the last one has failed."""
        return bool(self.failures) and self.counted_at == self.called_at

    def not_after(self, now: float) -> Calls:
        """The calls after a clock was set back: what was replaced is not known any more."""
        ahead = any(until > now + CLOCK_SLACK_S for _, until in self.replaced)
        kept = replace(self, replaced=()) if ahead else self
        return not_after(kept, now)
