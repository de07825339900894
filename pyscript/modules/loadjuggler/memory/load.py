"""What is remembered of a load: what it was told, what it drew, and since when what is so.

Times are epoch seconds, currents A per leg. Nothing is changed in place.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from . import serialise as plain

Delivered = tuple[float | None, int, float | None]
"""What a load was told: (`tx_a`, `tx`, `default_a`)."""


REPORTS = 10
"""So many different reports of a load are remembered: more than come between two of a meter."""


ABOUT_A = 0.3
"""What differs by no more on any leg is the same report again."""


@dataclass(frozen=True, slots=True)
class LoadMemory:
    """What is remembered of a load.

    `default_a` is the last command that holds by itself (a plug's, a number's, a charger's
    TxDefaultProfile); `tx_a` the last one of transaction `tx` (0: none) and void without it.
    Both went out at `commanded_at`; `raised_at` is the last raise or start. `before` is what was
    delivered before calls that are still under way, to fall back on if they fail; `failures`
    counts failed calls in a row, the last with `error`. The last call of all was made at
    `called_at`: a command that is renewed is no new one. Of those made at `counted_at` a failure
    has been counted: calls that fail together have failed once.

    What holds in transaction `tx` was last renewed at `renewed_at`; when it has run out, `safe_a`
    holds (`None`: the charger has no such layer in this transaction). It was first told in this
    transaction at `tx_told_at`, and `tx_sure` says that it was told once more.

    `unit` is the one that a charger says it knows (`None`: it has not said), asked for at
    `unit_asked_at`, and `max_level` is up to which stack level it takes profiles, asked for at
    `levels_asked_at`. `watt_legs` is for how many legs it was told in W (0: it was told in A). It
    was `taken` over from whoever told it before; it is `off` by its switch, whatever its profiles
    say.

    `draw_a` (by leg) was reported at `draw_at`, and last seen good at `draw_seen_at`; `drew` are
    the reports before that, the first of those that say the same: (epoch s, by leg). `legs_used`
    are the legs that the car uses as far as measured, `legs_differ_at` is since when it draws on
    fewer. `samples_w` are a plug's last readings.

    `earlier` are commands that were replaced a short while ago: (A per leg, until epoch s).

    `mode` is what it ran in last; a boost on top of it began at `boost_at`. `started_at` and
    `stopped_at` are when it was last told to start and to stop, `free_at` is since when there has
    been room for its minimum again, `short_at` since when the sun is not enough for it. `stops`
    counts stops for lack of sun since its car came; until `rest_until` it stays off for them.

    Since `small_cut_at` and `small_raise_at` a change within the dead band is wanted. Since
    `spare_at` it takes clearly less than it may, and has been left `cap_a` at most; since
    `idle_at` it takes nothing.

    Why it was stopped then is in `stopped_for`: the kind of limit or source that was not enough
    ("circuit garage", "surplus"), or "".

    `resends` counts commands that were sent again because it does not follow, the last at
    `resent_at`, and its profiles were `cleared` among them; at `asked_at` it was asked for a
    report; `resets` are when it was restarted for that, `reset_tx` is in which session last. Since
    it was told `ignored_a` at `ignored_at` it has not done what it was told, nor what came later.

    `phases` is what its switch for phases showed last; another number is wished since
    `phases_wish_at`. Since `phases_since` it is being switched to `phases_to` of them, its switch
    was told so last at `phases_at`, and `phases_failed` says that it did not change.

    `switched` is what a charger's own switch was told last: "", "off", "on", and "seen" once it has
    been found on.

    Since `paused_at` a person lets it rest for `pause_s`, whatever its mode is.
    """

    default_a: float | None = None
    tx_a: float | None = None
    tx: int = 0
    commanded_at: float | None = None
    raised_at: float | None = None
    before: Delivered | None = None
    failures: int = 0
    error: str = ""
    called_at: float | None = None
    counted_at: float | None = None
    renewed_at: float | None = None
    safe_a: float | None = None
    tx_told_at: float | None = None
    tx_sure: bool = False
    unit: str | None = None
    unit_asked_at: float | None = None
    max_level: int | None = None
    levels_asked_at: float | None = None
    watt_legs: int = 0
    taken: bool = False
    off: bool = False
    draw_a: tuple[tuple[str, float], ...] | None = None
    drew: tuple[tuple[float, tuple[tuple[str, float], ...]], ...] = ()
    draw_at: float | None = None
    draw_seen_at: float | None = None
    legs_used: tuple[str, ...] | None = None
    legs_differ_at: float | None = None
    samples_w: tuple[float, ...] = ()
    earlier: tuple[tuple[float, float], ...] = ()
    mode: str | None = None
    boost_at: float | None = None
    started_at: float | None = None
    stopped_at: float | None = None
    stopped_for: str = ""
    free_at: float | None = None
    short_at: float | None = None
    stops: int = 0
    rest_until: float | None = None
    small_cut_at: float | None = None
    small_raise_at: float | None = None
    spare_at: float | None = None
    cap_a: float | None = None
    idle_at: float | None = None
    resends: int = 0
    resent_at: float | None = None
    cleared: bool = False
    ignored_a: float | None = None
    ignored_at: float | None = None
    asked_at: float | None = None
    resets: tuple[float, ...] = ()
    reset_tx: int = 0
    phases: int | None = None
    phases_to: int | None = None
    phases_since: float | None = None
    phases_at: float | None = None
    phases_wish_at: float | None = None
    phases_failed: bool = False
    switched: str = ""
    paused_at: float | None = None
    pause_s: float = 0.0

    def not_after(self, now: float) -> LoadMemory:
        """Memory without times that are still to come: a clock was set back."""
        kept = plain.not_after(self, now)
        if any(until > now + plain.CLOCK_SLACK_S for _, until in self.earlier):
            kept = replace(kept, earlier=())
        if any(at > now + plain.CLOCK_SLACK_S for at, _ in self.drew):
            kept = replace(kept, drew=())
        if any(at > now + plain.CLOCK_SLACK_S for at in self.resets):
            kept = replace(kept, resets=tuple(min(at, now) for at in self.resets))
        return kept

    def reported(self, draw: tuple[tuple[str, float], ...], at: float, now: float) -> LoadMemory:
        """Memory of a report: A by leg (a plug's W under ""), made `at`, seen `now`."""
        drew = self.drew
        if self.draw_a is not None and self.draw_at is not None and self.draw_at != at:
            before = drew[-1][1] if drew else ()
            if not _about_the_same(before, self.draw_a):
                drew = (*drew, (self.draw_at, self.draw_a))[-REPORTS:]
        return replace(self, draw_a=draw, draw_at=at, draw_seen_at=now, drew=drew)

    def command_a(self, transaction: int | None) -> float | None:
        """A per leg that the load was told and that holds during `transaction`, if anything."""
        if self.off:
            return 0.0
        return self.tx_a if self.tx and self.tx == transaction else self.default_a

    def told(self, **changes: Any) -> LoadMemory:
        """Memory of having sent a command, with what was last delivered kept to fall back on."""
        return replace(self, before=self.before or self.held(), **changes)

    def held(self) -> Delivered:
        """What the load holds if every call goes through."""
        return (self.tx_a, self.tx, self.default_a)

    def delivered(self, what: Delivered) -> LoadMemory:
        """Memory of a call having gone through; a newer one may be under way."""
        newest = what == self.held()
        return replace(self, before=None if newest else what, failures=0, error="")

    def without_layers(self, error: str) -> LoadMemory:
        """Memory of a call having failed: what lies below a command, and until when, is unsure."""
        again = self.called_at is not None and self.counted_at == self.called_at
        return replace(
            self,
            failures=self.failures if again and self.failures else self.failures + 1,
            error=error,
            counted_at=self.called_at,
            safe_a=None,
            renewed_at=None,
        )

    def noted(self, slot: str, error: str | None) -> LoadMemory:
        """Memory of how a call ended that tells no amount (`error`; `None`: it went through)."""
        if error is None:
            return self.layered()
        failed = self.without_layers(error)
        if slot == "switch":
            return replace(failed, off=not self.off)
        return replace(failed, taken=False) if slot == "clear" else failed

    def layered(self) -> LoadMemory:
        """Memory of the safe layer having gone through; the command beside it may have failed."""
        if self.before is not None or (self.failures and self.counted_at == self.called_at):
            return self
        return replace(self, failures=0, error="")

    def falls_to_a(self, transaction: int, now: float, missed_s: float) -> float:
        """A per leg that a charger may take by itself because its command was not renewed.

        0 while the last renewal is younger than `missed_s`.
        """
        if not self.tx or self.tx != transaction or self.safe_a is None or self.renewed_at is None:
            return 0.0
        return self.safe_a if not 0 <= now - self.renewed_at < missed_s else 0.0

    def not_delivered(self, what: Delivered, error: str) -> LoadMemory:
        """Memory of a call having failed: unless a newer one is under way, the old still holds."""
        failed = self.without_layers(error)
        if what != self.held() or self.before is None:
            return failed
        tx_a, tx, default_a = self.before
        return replace(failed, tx_a=tx_a, tx=tx, default_a=default_a, before=None)


def _about_the_same(one: tuple[tuple[str, float], ...], two: tuple[tuple[str, float], ...]) -> bool:
    """Whether two reports say the same, within what measuring is worth."""
    if len(one) != len(two):
        return False
    pairs = zip(one, two, strict=True)
    return all(a == b and abs(x - y) <= ABOUT_A for (a, x), (b, y) in pairs)
