"""What a load was told: its command, an OCPP charger's profiles, and how the calls ended.

Each record is changed only by its own methods. Currents are A per leg, times epoch s.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..records import replace
from ..units import DAY_S
from .serialise import not_after
from .times import CLOCK_SLACK_S, At, Until

OVER_S = 600.0
"""Other ways are tried again so soon with a charger that draws more than it was told."""

KEPT_S = 7 * DAY_S
"""A way that helped in two sessions is kept so long, s. Then the charger is told as its form says
again: its clock may have been set right, or its firmware is a newer one."""

Delivered = tuple[float | None, int, float | None]
"""What a load holds once a call has gone through: (`tx_a`, `tx`, `default_a`) of its `Command`."""


@dataclass(frozen=True, slots=True)
class Command:
    """The command that a load holds if all calls that are under way go through.

    - `default_a`: the command outside of transactions: of a plug, of a number, of a charger's
      TxDefaultProfile. `None`: the load was never told anything.
    - `tx_a`, `tx`: the command of OCPP transaction `tx` (0: there is none). It does not count in
      any
      other transaction.
    - `before`: what held before the calls that are under way, and holds again if they fail. `None`:
      no call is under way.
    - `off`: the charger is paused by the switch of its integration, whatever its profiles are.
    - `waits`: it is told 0 A while no session runs. Its default stays at its minimum, because that
      holds by itself, also for the next session; the session is told 0 A when it begins.
    - `switched`: the last call to a number charger's own switch: "" (none), "off", "on", or "seen"
      once the switch was found on.
    - `bare`: its profiles were cleared, or it was restarted, and no command has gone through since.
      Only its own maximum limits it (docs/decisions/0017).

    Example: a charger holds 10 A in transaction 42, and 8 A are sent. Until the call has ended,
    `tx_a` is 8 and `before` is (10, 42, 6). If the call fails, `tx_a` is 10 again.
    """

    default_a: float | None = None
    tx_a: float | None = None
    tx: int = 0
    before: Delivered | None = None
    off: bool = False
    switched: str = ""
    bare: bool = False
    waits: bool = False

    def in_force_a(self, transaction: int | None) -> float | None:
        """A per leg that it holds during `transaction`; `None`: it was never told anything."""
        if self.off or (self.waits and not transaction):
            return 0.0
        return self.tx_a if self.tx and self.tx == transaction else self.default_a

    def held(self) -> Delivered:
        """What the load holds if all calls go through."""
        return (self.tx_a, self.tx, self.default_a)

    def told_default(self, amps: float) -> Command:
        """`amps` were sent as the command outside of transactions."""
        return replace(self, before=self.before or self.held(), default_a=amps)

    def told_session(self, amps: float, transaction: int) -> Command:
        """`amps` were sent for `transaction`."""
        return replace(self, before=self.before or self.held(), tx_a=amps, tx=transaction)

    def adopted(self, amps: float) -> Command:
        """The load was found to hold `amps`, without a call of ours."""
        return replace(self, default_a=amps)

    def delivered(self, what: Delivered) -> Command:
        """A call went through; a newer one may still be under way."""
        newest = what == self.held()
        # A call from before the clearing may end after it, so not any call ends `bare`: the newest
        # does, or the default that holds now (the session of the newest may have ended meanwhile).
        lasting = what[2] is not None and what[2] == self.default_a
        bare = self.bare and not (newest or lasting)
        return replace(self, before=None if newest else what, bare=bare)

    def not_delivered(self, what: Delivered) -> Command:
        """A call failed: the command before it holds again, unless a newer call is under way."""
        if what != self.held() or self.before is None:
            return self
        tx_a, tx, default_a = self.before
        return replace(self, tx_a=tx_a, tx=tx, default_a=default_a, before=None, waits=False)

    def without_session(self) -> Command:
        """The transaction has ended, and its command with it."""
        return replace(self, tx_a=None, tx=0)

    def unknown(self) -> Command:
        """What the load holds is not known: its profiles were cleared, or it restarted."""
        return replace(self, tx_a=None, tx=0, default_a=None, bare=True)

    def without_default(self) -> Command:
        """The default has to be sent again, because its number of phases is another one now."""
        return replace(self, default_a=None)

    def paused(self, off: bool) -> Command:
        """The switch of the integration pauses the charger (`off`), or lets it charge."""
        return replace(self, off=off)

    def waiting(self, waits: bool) -> Command:
        """Whether it is told 0 A while no session runs."""
        return self if waits == self.waits else replace(self, waits=waits)

    def with_switch(self, switched: str) -> Command:
        """A number charger's own switch was set to, or found, `switched`."""
        return replace(self, switched=switched)


@dataclass(frozen=True, slots=True)
class Profiles:
    """What an OCPP charger holds beside the command, and what it can do (docs/decisions/0017).

    - `safe_a`: the safe layer below the command of this transaction, A per leg; `None`: none is.
    - `renewed_at`: when the command was last renewed. `Options.profile_s` later the safe layer
      holds. `None`: it does not run out.
    - `told_at`, `sure`: when the first command of this transaction was sent, and whether everything
      was sent once more 10 s later.
    - `watt_legs`: for how many legs its command is in W; 0: it is in A.
    - `unit`, `unit_asked_at`: the unit that it knows ("A", "W"), and when it was asked.
    - `max_level`, `levels_asked_at`: the highest stack level that it takes, and when it was asked.
    - `taken_over`: profiles of others were cleared from it.
    - `way`: the way in which it is told, if that is not the one of its form (`loads.ocpp.ways`).
    - `held_at`: when the default was written that holds a session at 0 A when it begins; `None`:
      the default does not.
    - `way_before`: the way that helped in a session before. `way_at`: when it was last found.
    - `vain_at`: when it was found that no other way helps. `vain_over`: it drew more than it was
      told then; else it took less, which a car may do by itself.
    - `speaks`: the version of OCPP that it was found to speak ("1.6", "2.0.1"; "": not known).
    - `limit_a`: what a user had limited this session to when the command was sent last, A per leg;
      `None`: nobody had. `hurried`: so many sessions in a row began soon after the one before.
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
    speaks: str = ""
    way: str = ""
    way_before: str = ""
    vain_at: At | None = None
    held_at: At | None = None
    vain_over: bool = False
    way_at: At | None = None
    limit_a: float | None = None
    hurried: int = 0

    def without_layers(self) -> Profiles:
        """The safe layer, and until when the command holds, are not known any more."""
        return replace(self, safe_a=None, renewed_at=None, held_at=None)

    def held(self, at: float | None) -> Profiles:
        """A default was written `at` that holds its next session at 0 A; `None`: another one."""
        return replace(self, held_at=at)

    def without_safe(self) -> Profiles:
        """The safe layer has to be written again."""
        return replace(self, safe_a=None)

    def with_safe(self, safe_a: float) -> Profiles:
        """The safe layer was written with `safe_a`."""
        return replace(self, safe_a=safe_a)

    def renewed(self, at: float | None) -> Profiles:
        """The command was renewed at `at`; `None`: it does not run out."""
        return replace(self, renewed_at=at)

    def begun(self, now: float, hurried: int = 0) -> Profiles:
        """The first command of a transaction is sent."""
        old = replace(self, safe_a=None, renewed_at=None, limit_a=None)
        return replace(old, told_at=now, sure=False, hurried=hurried)

    def limited(self, limit_a: float) -> Profiles:
        """A user has limited the session to `limit_a`."""
        return replace(self, limit_a=limit_a)

    def between_sessions(self, now: float) -> Profiles:
        """No session runs. A way that has helped once may have done so by chance.

        So the next session begins as the form says. Found again, the way is kept for a week.
        """
        if not self.way:
            return self
        kept = self.way_at is not None and now - self.way_at < KEPT_S
        if self.way == self.way_before and kept:
            return self
        return replace(self, way="", way_before=self.way)

    def as_formed(self) -> Profiles:
        """Told as its form says it obeys: that another way helped before was chance, or is over."""
        return replace(self, way_before="")

    def told_twice(self) -> Profiles:
        """Everything of the transaction is sent once more."""
        return replace(self, safe_a=None, sure=True)

    def in_watts(self, legs: int) -> Profiles:
        """Its commands are in W for `legs` legs from now on; 0: in A."""
        return replace(self, watt_legs=legs)

    def asked_unit(self, now: float | None) -> Profiles:
        """It was asked which unit it knows; `None`: it has to be asked again."""
        return replace(self, unit_asked_at=now)

    def asked_levels(self, now: float | None) -> Profiles:
        """It was asked how many stack levels it has; `None`: it has to be asked again."""
        return replace(self, levels_asked_at=now)

    def with_unit(self, unit: str) -> Profiles:
        """It answered that it knows `unit` ("A" or "W")."""
        return replace(self, unit=unit)

    def with_levels(self, max_level: int) -> Profiles:
        """It answered that it takes profiles up to stack level `max_level`."""
        return replace(self, max_level=max_level)

    def taken(self, over: bool) -> Profiles:
        """Profiles of others were cleared from it (`over`), or the clearing failed."""
        return replace(self, taken_over=over)

    def told_in(self, way: str, now: float) -> Profiles:
        """It is told in another way from `now` on."""
        return replace(self, way=way, way_at=now, safe_a=None, renewed_at=None)

    def in_vain(self, now: float, *, over: bool) -> Profiles:
        """No other way has helped, so it is told as its form says.

        `over`: it draws more than it was told.
        """
        kept = replace(self, way="", way_before="", safe_a=None, renewed_at=None)
        return replace(kept, vain_at=now, vain_over=over)

    def lately_in_vain(self, now: float, *, over: bool = False) -> bool:
        """Whether all ways were tried within a day before `now`, and none has helped.

        `over`: it draws more than it was told. Then a trial while it took less proves nothing, as
        its car may just not have taken more; and one while it drew too much counts for 10 min
        (`OVER_S`), as something else may have kept it from obeying just then.
        """
        if self.vain_at is None or now < self.vain_at:
            return False
        if over:
            return self.vain_over and now - self.vain_at < OVER_S
        return now - self.vain_at < DAY_S

    def found_to_speak(self, version: str) -> Profiles:
        """It was found to speak `version` of OCPP; "": nothing was found."""
        return replace(self, speaks=version) if version and version != self.speaks else self


@dataclass(frozen=True, slots=True)
class Calls:
    """How the calls of a load went.

    - `commanded_at`: when the command that holds was sent. Renewing it, or sending it again, does
      not
      change this.
    - `called_at`: when the last call of any kind was made.
    - `failures`, `error`: how many calls failed in a row, and the error of the last one.
    - `counted_at`: the `called_at` of the calls whose failure was counted last. Calls that were
      made
      together and fail together count once.
    - `failing_since`: when the first of those calls was made.
    - `mended_at`: when the call was made that ended the last failures.
    - `replaced`: commands of the last minute that were replaced, as (A per leg, until when it
      held).
      A car may still be obeying one of them.
    """

    commanded_at: At | None = None
    called_at: At | None = None
    failures: int = 0
    error: str = ""
    counted_at: At | None = None
    replaced: tuple[tuple[float, Until], ...] = ()
    failing_since: At | None = None
    mended_at: At | None = None

    def under_way(self, now: float) -> Calls:
        """The call of the last command has not ended by `now`: what it replaces may hold still.

        So the time in which the load may obey begins when the call has ended, not when it was made:
        a station that is busy answers seconds later. It may also have obeyed already.
        """
        if not self.replaced:
            return self
        return replace(self, replaced=(*self.replaced[:-1], (self.replaced[-1][0], now)))

    def obeyed(self, amps: float, until: float) -> Calls:
        """It may have obeyed `amps` (A per leg) `until` then, which somebody else has told it."""
        others = tuple([one for one in self.replaced if one[0] != amps])
        return replace(self, replaced=(*others, (amps, until)))

    def called(self, now: float) -> Calls:
        """A call was made without a new command: a renewal, or the same command again."""
        return replace(self, called_at=now)

    def commanded(self, now: float, replaced: tuple[tuple[float, float], ...]) -> Calls:
        """A new command was sent; a car may still be obeying those in `replaced`."""
        return replace(self, commanded_at=now, called_at=now, replaced=replaced)

    def failed(self, error: str) -> Calls:
        """A call failed with `error`."""
        again = self.called_at is not None and self.counted_at == self.called_at
        failures = self.failures if again and self.failures else self.failures + 1
        since = self.failing_since if self.failures else self.called_at
        return replace(
            self,
            failures=failures,
            error=error,
            counted_at=self.called_at,
            failing_since=since,
        )

    def went_through(self) -> Calls:
        """A call went through: earlier failures are forgotten."""
        mended_at = self.called_at if self.failures else self.mended_at
        return replace(self, failures=0, error="", failing_since=None, mended_at=mended_at)

    def still_failing(self, error: str) -> Calls:
        """Nothing has to be called now, but the error of the last raise is still shown."""
        return replace(self, error=error)

    @property
    def just_failed(self) -> bool:
        """Whether one of the calls that were made last has failed."""
        return bool(self.failures) and self.counted_at == self.called_at

    def not_after(self, now: float) -> Calls:
        """The same after a clock was set back: replaced commands are dropped."""
        ahead = any(until > now + CLOCK_SLACK_S for _, until in self.replaced)
        kept = replace(self, replaced=()) if ahead else self
        return not_after(kept, now)
