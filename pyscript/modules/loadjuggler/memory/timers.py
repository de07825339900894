"""What the control remembers of a load: delays, pace, utilisation, compliance, change of phases.

Each record is changed only by its own methods. Currents are A per leg, times epoch s.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..records import quick, replace
from ..units import DAY_S
from . import lasting
from .times import At, Until


@dataclass(frozen=True, slots=True)
class Delays:
    """Starts and stops of a load (docs/product.md section 5: grace, pause, six solar stops).

    - `started_at`: when it was last told to start; `None`: it has been stopped since, or never ran.
    - `stopped_at`, `stopped_for`: when it was stopped, and by which limit or source
      ("circuit garage", "surplus"; "": not known).
    - `free_at`, `gone_at`: since when there has been room for its minimum, and since when it is
      gone again; its pause counts from there, and so does its first start from the sun.
    - `short_at`, `enough_at`: since when the sun is not enough for it, and since when it is enough
      again; its grace counts from there. Both pairs are times of `lasting`.
    - `stops`: how often it was stopped for lack of sun in this session.
    - `rest_until`: it stays off until then because of too many such stops.
    - `new`: its mode was set in this run, so it acts at once.
    """

    started_at: At | None = None
    stopped_at: At | None = None
    stopped_for: str = ""
    free_at: At | None = None
    short_at: At | None = None
    stops: int = 0
    rest_until: Until | None = None
    gone_at: At | None = None
    enough_at: At | None = None
    new: bool = False

    def new_mode(self) -> Delays:
        """The load runs in another mode: all of the old one is forgotten, and it acts at once."""
        return Delays(stopped_for=self.stopped_for, rest_until=self.rest_until, new=True)

    def clocks_changed(self, by_s: float) -> Delays:
        """The same after local clocks were put forward by `by_s` (s; back if that is below 0).

        A rest ends at midnight by the clocks: on the day on which they go back an hour later.
        """
        if self.rest_until is None:
            return self
        return replace(self, rest_until=self.rest_until - by_s)

    def acted(self) -> Delays:
        """The run in which its mode was set is over."""
        return replace(self, new=False) if self.new else self

    def boosted(self) -> Delays:
        """A boost begins: pause and grace are forgotten."""
        return replace(self, short_at=None, enough_at=None, stopped_at=None)

    def short_s(self, now: float) -> float:
        """For how many s it has lacked sun, less the time for which the sun was enough since."""
        return lasting.lasted_s(self.short_at, self.enough_at, now)

    def short(self, since: float) -> Delays:
        """The sun is not enough for it now, and has not been since then."""
        return self._lacking((since, None))

    def enough(self, now: float) -> Delays:
        """The sun is enough for it now. That ends its grace when it has lasted as long as it."""
        return self._lacking(lasting.is_interrupted(self.short_at, self.enough_at, now))

    def _lacking(self, times: lasting.Times) -> Delays:
        """The same with `times` for which it lacks sun."""
        if times == (self.short_at, self.enough_at):
            return self
        return replace(self, short_at=times[0], enough_at=times[1])

    def free_s(self, now: float) -> float:
        """For how many s there has been room for it, less the time for which there was none."""
        return lasting.lasted_s(self.free_at, self.gone_at, now)

    def room(self, now: float) -> Delays:
        """There is room for its minimum."""
        return self._free(lasting.goes_on(self.free_at, self.gone_at, now))

    def no_room(self, now: float, most_s: float | None) -> Delays:
        """There is no room for its minimum.

        What there was counts for `most_s` (s) at most. `None`: it does not count any more.
        """
        if most_s is None:
            return self._free(lasting.NEVER)
        return self._free(lasting.is_interrupted(self.free_at, self.gone_at, now, most_s))

    def _free(self, times: lasting.Times) -> Delays:
        """The same with `times` for which there is room."""
        if times == (self.free_at, self.gone_at):
            return self
        return replace(self, free_at=times[0], gone_at=times[1])

    def started(self, now: float) -> Delays:
        """It was told to start. After a rest its stops count from 0 again."""
        stops = 0 if self.rest_until is not None else self.stops
        short_at = self.short_at if self.enough_at is None else None
        return Delays(started_at=now, short_at=short_at, stops=stops)

    def without_car(self) -> Delays:
        """It has no car. Only since when the sun is enough for one counts for the next."""
        return Delays(free_at=self.free_at, gone_at=self.gone_at)

    def ended(self) -> Delays:
        """It was told 0 A by a person's wish: it may start again without a pause."""
        found = replace(self, stopped_at=None, stopped_for="", started_at=None)
        return found._free(lasting.NEVER)

    def stopped(self, now: float, why: str, free_at: float | None) -> Delays:
        """It was stopped by the limit or source `why`.

        `free_at` is given where no meter can show whether there is room: its pause counts from it.
        """
        found = replace(self, stopped_at=now, stopped_for=why, started_at=None)
        return found._free((free_at, None))

    def lacked_sun(self, rest_until: float | None) -> Delays:
        """The stop was for lack of sun; it rests until `rest_until` (`None`: it does not)."""
        return replace(self, stops=self.stops + 1, rest_until=rest_until)


@dataclass(frozen=True, slots=True)
class Pacing:
    """The last raise of a load, and since when a change smaller than the dead band is wanted.

    - `raised_at`: its last raise or start; `None`: the next raise need not wait and has no ramp.
    - `small_cut_at`, `small_raise_at`: since when a small cut, a small raise, is wanted.
    """

    raised_at: At | None = None
    small_cut_at: At | None = None
    small_raise_at: At | None = None

    def raised(self, now: float) -> Pacing:
        """It was raised."""
        return replace(self, raised_at=now)

    def anew(self) -> Pacing:
        """The next raise is treated as the first one: it need not wait, and has no ramp."""
        return replace(self, raised_at=None)

    def small(self, cut_at: float | None, raise_at: float | None) -> Pacing:
        """A small cut has been wanted since `cut_at`, a small raise since `raise_at`."""
        if (cut_at, raise_at) == (self.small_cut_at, self.small_raise_at):
            return self
        return replace(self, small_cut_at=cut_at, small_raise_at=raise_at)


@quick
@dataclass(frozen=True, slots=True)
class Utilisation:
    """How much a load takes of what it may (docs/product.md section 2).

    - `spare_at`: since when it takes at least `Options.spare_a` less than it may.
    - `cap_a`: what it is left because of that, A per leg; `None`: it may have its share.
    - `idle_at`: since when it takes nothing; `None`: it takes something.
    """

    spare_at: At | None = None
    cap_a: float | None = None
    idle_at: At | None = None


@dataclass(frozen=True, slots=True)
class Compliance:
    """Whether a load follows its command, and what was tried (docs/product.md section 6).

    - `resends`, `resent_at`: how often the command was sent again, and when last.
    - `cleared`: its profiles were cleared because it did not follow.
    - `ignored_a`, `ignored_at`: the first of several commands in a row that it did not follow, and
      when that was sent.
    - `asked_at`: when it was last asked for a report.
    - `resets`, `reset_tx`: when it was restarted because it did not follow, and in which
      transaction
      last.
    """

    resends: int = 0
    resent_at: At | None = None
    cleared: bool = False
    ignored_a: float | None = None
    ignored_at: At | None = None
    asked_at: At | None = None
    resets: tuple[At, ...] = ()
    reset_tx: int = 0

    def resent(self, now: float) -> Compliance:
        """The command was sent again."""
        return replace(self, resends=self.resends + 1, resent_at=now)

    def tried(self, now: float) -> Compliance:
        """It was told in another way; that is no repetition of its command."""
        return replace(self, resends=max(self.resends, 1), resent_at=now)

    def followed(self) -> Compliance:
        """It follows its command."""
        if not self.resends:
            return self
        return replace(self, resends=0, resent_at=None, cleared=False)

    def ignoring(self, command_a: float | None, at: float | None) -> Compliance:
        """It does not follow `command_a`, sent at `at`; `None`: it follows."""
        return replace(self, ignored_a=command_a, ignored_at=at)

    def asked(self, now: float) -> Compliance:
        """It was asked for a report."""
        return replace(self, asked_at=now)

    def with_cleared(self) -> Compliance:
        """Its profiles were cleared."""
        return replace(self, cleared=True)

    def reset(self, now: float, transaction: int) -> Compliance:
        """It was restarted during `transaction`."""
        return replace(self, resets=(*self.resets_today(now), now), reset_tx=transaction)

    def resets_today(self, now: float) -> tuple[float, ...]:
        """The restarts of the last 24 h."""
        return tuple(at for at in self.resets if now - DAY_S < at <= now)

    def without_car(self) -> Compliance:
        """The car has left: what it did not follow does not count for the next car."""
        return Compliance(asked_at=self.asked_at, resets=self.resets, reset_tx=self.reset_tx)


@dataclass(frozen=True, slots=True)
class Phases:
    """The change of a charger between one phase and three (docs/decisions/0016).

    - `shown`: the number of phases that its switch showed last; `None`: it never showed one.
    - `wish_at`: since when the other number would be better.
    - `to`, `since`: the number that it is being switched to, and since when it is told 0 A for
      that.
    - `switched_at`: when its switch was last called, or the change was given up.
    - `failed`: the last change was given up.
    """

    shown: int | None = None
    wish_at: At | None = None
    to: int | None = None
    since: At | None = None
    switched_at: At | None = None
    failed: bool = False

    def seen(self, shown: int | None) -> Phases:
        """Its switch shows another number."""
        return replace(self, shown=shown)

    def wished(self, since: float | None) -> Phases:
        """The other number has been better since then; `None`: it is not."""
        return self if since == self.wish_at else replace(self, wish_at=since)

    def begun(self, to: int, now: float) -> Phases:
        """A change to `to` phases begins: the charger is told 0 A."""
        return replace(self, to=to, since=now, wish_at=None)

    def told(self, now: float) -> Phases:
        """Its switch was called."""
        return replace(self, switched_at=now)

    def told_by_profile(self, now: float) -> Phases:
        """Its profiles are for the other number of phases from now on."""
        return replace(self, switched_at=now, shown=self.to)

    def ended(self) -> Phases:
        """The change has ended without a result: the car has left."""
        return replace(self, to=None, since=None)

    def done(self) -> Phases:
        """The switch has shown the wanted number for long enough."""
        return replace(self, to=None, since=None, failed=False)

    def given_up(self, now: float) -> Phases:
        """The car did not stop, or the switch did not change, in time."""
        return replace(self, to=None, since=None, switched_at=now, failed=True)
