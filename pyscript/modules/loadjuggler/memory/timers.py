"""What the control of a load remembers: its delays, its pace, and whether it does as it was told.

Each record is changed only by its own methods. Currents are A per leg.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..records import replace
from ..units import DAY_S
from .times import At, Until


@dataclass(frozen=True, slots=True)
class Delays:
    """Starts and stops of a load (docs/product.md section 5: grace, pause, six solar stops).

    - `started_at`: when it was last told to start; `None`: it was not, or was stopped since.
    - `stopped_at`, `stopped_for`: when it was stopped, and for which kind of limit or source
      ("circuit garage", "surplus"; "": not known).
    - `free_at`: since when there has been room for its minimum again.
    - `short_at`: since when the sun is not enough for it; its grace counts from there.
    - `stops`: stops for lack of sun since its car came.
    - `rest_until`: it stays off until then because of those stops.
    """

    started_at: At | None = None
    stopped_at: At | None = None
    stopped_for: str = ""
    free_at: At | None = None
    short_at: At | None = None
    stops: int = 0
    rest_until: Until | None = None

    def new_mode(self) -> Delays:
        """The load runs in another mode: no pause, grace or count of the old one holds."""
        return replace(self, short_at=None, stopped_at=None, started_at=None, stops=0)

    def boosted(self) -> Delays:
        """A boost begins: no pause or grace holds."""
        return replace(self, short_at=None, stopped_at=None)

    def short(self, since: float | None) -> Delays:
        """The sun is not enough for it since then; `None`: it is."""
        return self if since == self.short_at else replace(self, short_at=since)

    def freed(self, since: float | None) -> Delays:
        """There is room for its minimum since then; `None`: there is none."""
        return replace(self, free_at=since)

    def started(self, now: float) -> Delays:
        """It was told to start; after a rest the stops of the day before do not count."""
        stops = 0 if self.rest_until is not None else self.stops
        return Delays(started_at=now, short_at=self.short_at, stops=stops)

    def ended(self) -> Delays:
        """It was told 0 as a person wants it: nothing keeps it off when they change their mind."""
        return replace(self, stopped_at=None, stopped_for="", free_at=None, started_at=None)

    def stopped(self, now: float, why: str, free_at: float | None) -> Delays:
        """It was stopped for `why`; `free_at` is set where nobody can say whether there is room."""
        return replace(self, stopped_at=now, stopped_for=why, free_at=free_at, started_at=None)

    def lacked_sun(self, rest_until: float | None) -> Delays:
        """The stop was for lack of sun, and it rests for that; `None`: it does not."""
        return replace(self, stops=self.stops + 1, rest_until=rest_until)


@dataclass(frozen=True, slots=True)
class Pacing:
    """Raises of a load, and changes within the dead band.

    - `raised_at`: its last raise or start.
    - `small_cut_at`, `small_raise_at`: since when a change within the dead band is wanted.
    """

    raised_at: At | None = None
    small_cut_at: At | None = None
    small_raise_at: At | None = None

    def raised(self, now: float) -> Pacing:
        """It was told more."""
        return replace(self, raised_at=now)

    def anew(self) -> Pacing:
        """The next raise is like the first: it need not wait, and has no ramp."""
        return replace(self, raised_at=None)

    def small(self, cut_at: float | None, raise_at: float | None) -> Pacing:
        """A small cut is wanted since `cut_at`, a small raise since `raise_at`."""
        if (cut_at, raise_at) == (self.small_cut_at, self.small_raise_at):
            return self
        return replace(self, small_cut_at=cut_at, small_raise_at=raise_at)


@dataclass(frozen=True, slots=True)
class Utilisation:
    """What a load takes of what it may (docs/product.md section 2).

    - `spare_at`: since when it takes clearly less than it may.
    - `cap_a`: the most that it has been left for that; `None`: it may have all.
    - `idle_at`: since when it takes nothing.
    """

    spare_at: At | None = None
    cap_a: float | None = None
    idle_at: At | None = None


@dataclass(frozen=True, slots=True)
class Compliance:
    """Whether a load does what it was told, and what was tried (docs/product.md section 6).

    - `resends`, `resent_at`: how often it was told again, and when last.
    - `cleared`: its profiles were cleared for it.
    - `ignored_a`, `ignored_at`: the first of the commands in a row that it did not follow, and when
      it was told so.
    - `asked_at`: when it was asked for a report.
    - `resets`, `reset_tx`: when it was restarted for it, and in which session last.
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
        """It was told again."""
        return replace(self, resends=self.resends + 1, resent_at=now)

    def followed(self) -> Compliance:
        """It does what it was told."""
        if not self.resends:
            return self
        return replace(self, resends=0, resent_at=None, cleared=False)

    def ignoring(self, command_a: float | None, at: float | None) -> Compliance:
        """It does not follow `command_a`, which it was told `at`; `None`: it does follow."""
        return replace(self, ignored_a=command_a, ignored_at=at)

    def asked(self, now: float) -> Compliance:
        """It was asked for a report."""
        return replace(self, asked_at=now)

    def with_cleared(self) -> Compliance:
        """Its profiles were cleared."""
        return replace(self, cleared=True)

    def reset(self, now: float, transaction: int) -> Compliance:
        """It was restarted in `transaction`."""
        return replace(self, resets=(*self.resets_today(now), now), reset_tx=transaction)

    def resets_today(self, now: float) -> tuple[float, ...]:
        """The restarts of the last 24 h."""
        return tuple(at for at in self.resets if now - DAY_S < at <= now)

    def without_car(self) -> Compliance:
        """The car has left: what it ignored does not count for the next one."""
        return Compliance(asked_at=self.asked_at, resets=self.resets, reset_tx=self.reset_tx)


@dataclass(frozen=True, slots=True)
class Phases:
    """A charger that is switched between one phase and three (docs/decisions/0016).

    - `shown`: what its switch showed last, 1 or 3; `None`: it has none, or was never seen.
    - `wish_at`: since when the other number would be better.
    - `to`, `since`: the number it is being switched to, and since when it is told 0 A for that.
    - `switched_at`: when its switch was told last, or was given up.
    - `failed`: the switch did not change.
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
        """The other number would be better since then; `None`: it would not."""
        return self if since == self.wish_at else replace(self, wish_at=since)

    def begun(self, to: int, now: float) -> Phases:
        """It is to be switched, and told 0 A for that."""
        return replace(self, to=to, since=now, wish_at=None)

    def told(self, now: float) -> Phases:
        """Its switch was told to change."""
        return replace(self, switched_at=now)

    def told_by_profile(self, now: float) -> Phases:
        """Its profiles say the other number from now on."""
        return replace(self, switched_at=now, shown=self.to)

    def ended(self) -> Phases:
        """It is not being switched any more."""
        return replace(self, to=None, since=None)

    def done(self) -> Phases:
        """The switch shows what it was told."""
        return replace(self, to=None, since=None, failed=False)

    def given_up(self, now: float) -> Phases:
        """The car did not stop, or the switch did not change."""
        return replace(self, to=None, since=None, switched_at=now, failed=True)
